"""What a section says in one line where it has no data: what is missing, and how to get it."""

from collections.abc import Mapping
from typing import Final

from surveys.messages import mark
from surveys.reports.digest import Digest
from templates.texts import Texts

NOTHING: Final[Mapping[str, str]] = {
    "scorecard": mark("No criterion has been measured by answers yet."),
    "effectiveness": mark("No criterion has a score yet; the scorecard says how to get each."),
    "uncompared": mark(
        "There is nothing to compare it with: no criterion can be compared with the period before."
    ),
    "nps": mark(
        "Nobody was asked how likely they are to recommend the company, or nobody answered. Ask: "
        "otklik campaign start nps."
    ),
    "trend": mark("No month has {n} answers yet, so there is no trend."),
    "funnel": mark(
        "Nobody was invited in this period. Begin a campaign in the bot’s menu or with otklik "
        "campaign start."
    ),
    "managers": mark(
        "No answers about particular managers. Give customers their managers with a list (otklik "
        "import people FILE) and ask with the survey «Likelihood to recommend»."
    ),
    "mirror": mark(
        "No manager has answered the self-assessment together with customers yet. Ask managers "
        "with the survey «Manager’s self-assessment» and their customers with «Service quality»."
    ),
    "themes": mark(
        "No customer has left words in this period. A survey that asks for a comment brings them."
    ),
    "untold": mark(
        "Nobody wrote about any of the themes. An admin changes their words in the menu, or: "
        "otklik themes FILE."
    ),
    "words": mark(
        "No customer has left words in this period. The surveys ask why after the score; an "
        "anonymous survey’s words are never quoted."
    ),
    "departures": mark(
        "Nobody has said why customers leave. The survey «Why you stopped buying» asks those who "
        "left, «Customers lost» asks their managers."
    ),
    "nobody_lost": mark("No customer was lost, as far as the managers know."),
}
"""By section; those whose words depend on their figures say it in their own module."""


def nothing(texts: Texts, document: Digest) -> Mapping[str, str]:
    """Return the lines in the reader's language."""
    fewest = texts.number(document.method.minimum.score)
    return {name: texts(said, n=fewest) for name, said in NOTHING.items()}
