"""What each measure is: one row per measure, shared by all who count, compute or show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from surveys.counts.recommending import nps_code

if TYPE_CHECKING:  # pydantic takes half a second: --help stays quick
    from surveys.messages import Language
    from surveys.survey.definition import Audience, Survey

Better = Literal["up", "down"]
MeasureForm = Literal["nps", "share", "index", "effort", "amount"]
"""How a measure is computed and written: in points of NPS, as the share of the satisfied, as a mean
of 0–100, as a mean on the scale 1–7, as an amount in its own unit."""
SATISFIED: Final = 75.0
"""4 on the scale 1–5, brought to 0–100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure and its rules.

    `better`: which way it improves. None: neither way is better, so its changes are only higher or
    lower, and it has no weight in the effectiveness index. `criterion`: it has a row of its own in
    the scorecard; `beside`: the measure that is shown in that row and never weighted. `label`: the
    name that the company gave to a measure of its own.
    """

    key: str
    form: MeasureForm = "index"
    better: Better | None = "up"
    criterion: bool = True
    beside: str | None = None
    of_customers: bool = True
    label: str = ""


NPS: Final = "nps"
KNOWN: Final[Mapping[str, Measure]] = {
    row.key: row
    for row in (
        Measure(key=NPS, form="nps", criterion=False),
        Measure(key="csat", form="share", criterion=False),
        Measure(key="ces", form="effort", criterion=False),
        Measure(key="loyalty_index", beside=NPS),
        Measure(key="service_quality", beside="csat"),
        Measure(key="automation", of_customers=False),
        Measure(key="customer_accounting", of_customers=False),
        Measure(key="self_assessment", of_customers=False, better=None),
    )
}
"""The program's own measures; the criteria stand in the order of the scorecard."""
DRIVING: Final = "service_quality"
"""The measure whose items are held against recommending."""
CRITERIA: Final = tuple(key for key, row in KNOWN.items() if row.criterion)


def measure(key: str, own: Iterable[Measure] = ()) -> Measure:
    """Return the measure of that key, `own` being those that the company made."""
    found = next((one for one in own if one.key == key), None)
    return KNOWN.get(key) or found or Measure(key=key)


def side_of(key: str) -> "Audience | None":
    """Return whose answers one of the program's measures is counted from; None of any other."""
    if key not in KNOWN:
        return None
    return "customers" if KNOWN[key].of_customers else "managers"


def own_measure(key: str, survey: "Survey", language: "Language") -> Measure:
    """Return a measure of the company's own as its survey describes it.

    A number question says which way it improves; where the items disagree, neither way is better.
    """
    from surveys.survey.definition import NumberQuestion, localized  # noqa: PLC0415 (figures load no surveys)

    items = survey.measuring(key)
    ways = {one.better if isinstance(one, NumberQuestion) else "up" for one in items}
    titles = (one.title for one in survey.own_measures if one.key == key)
    title = next(titles, None)
    return Measure(
        key=key,
        better=ways.pop() if len(ways) == 1 else None,
        of_customers=survey.audience == "customers",
        label="" if title is None else localized(title, language),
    )


def worth(form: MeasureForm, score: float) -> float:
    """Return what one answer adds to the figure: ±100 and 0 of NPS, 100 and 0 of a share."""
    if form == "nps":
        return 100.0 * nps_code(score)
    return 100.0 * (score >= SATISFIED) if form == "share" else score
