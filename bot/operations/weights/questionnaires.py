"""What experts compare: the criteria of the index, and the choice of a CRM as a ready example.

A questionnaire asks for pairs on Saaty's scale, or for ratings of 1–10 where its `ratings` say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import yaml

import scoring
from surveys.counts.weights import WEIGHED
from surveys.messages import mark
from templates.wording import MEASURES

CRITERIA: Final = "criteria"
CRM_CHOICE: Final = "crm_choice"
_OF_A_CRM: Final[Mapping[str, str]] = {
    "functionality": mark("functionality"),
    "analytics": mark("analytics"),
    "integration": mark("integration with other systems"),
    "marketing": mark("marketing"),
    "import": mark("import of documents"),
    "export": mark("export of reports"),
    "delivery": mark("ways of delivery"),
    "cost": mark("cost"),
}
_EXAMPLE: Final = Path(scoring.__file__).parent / "examples" / "ahp.yaml"
ComparedStep = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ExpertQuestionnaire:
    """What is compared: `items` by key with their names.

    With `alternatives` nothing is compared in pairs: items, and alternatives by each item, are
    rated 1–10. `example` holds ratings that may be taken over, `notes` what is to be known of them.
    """

    key: str
    title: str
    items: Mapping[str, str]
    alternatives: Sequence[str] = ()
    example: Mapping[ComparedStep, int] = field(default_factory=dict)
    notes: str = ""

    def steps(self) -> list[ComparedStep]:
        """Return what is asked, in order.

        Pairs begin with a chain through all items, which already gives the weights; each further
        pair tests them. Ratings: (item, "") and (alternative, item).
        """
        keys = list(self.items)
        if self.alternatives:
            of_items = [(key, "") for key in keys]
            return of_items + [(one, key) for key in keys for one in self.alternatives]
        chain = list(pairwise(keys))
        rest = [(one, two) for at, one in enumerate(keys) for two in keys[at + 2 :]]
        return chain + rest


@cache
def _crm_choice() -> ExpertQuestionnaire:
    document = yaml.safe_load(_EXAMPLE.read_text(encoding="utf-8"))
    keys = document["criteria"]
    ratings = dict(zip(((key, "") for key in keys), document["ratings"], strict=True))
    for name, rated in document["alternatives"].items():
        ratings |= {(name, key): value for key, value in zip(keys, rated, strict=True)}
    return ExpertQuestionnaire(
        CRM_CHOICE,
        mark("Choosing a CRM: an example of seven products"),
        {key: _OF_A_CRM[key] for key in keys},
        tuple(document["alternatives"]),
        ratings,
        mark(
            "The ratings are those of Ivanova and Ityaikina (2018). The paper does not say which "
            "way its cost rating is better and takes more as better; read the other way, StorVerk "
            "would overtake Terrasoft."
        ),
    )


def questionnaires() -> Mapping[str, ExpertQuestionnaire]:
    """Return every questionnaire by its key."""
    weights = ExpertQuestionnaire(
        CRITERIA, mark("Weights of the criteria"), {key: MEASURES[key] for key in WEIGHED}
    )
    return {CRITERIA: weights, CRM_CHOICE: _crm_choice()}
