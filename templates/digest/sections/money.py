"""Money: what the company's facts come to, in scenarios, and what cannot be concluded from it."""

from collections.abc import Iterator
from typing import NamedTuple

from surveys.reports.digest import Digest
from templates.criteria import FACTS, LACKING, fact, loyal, payback, time_study, to_do
from templates.texts import Texts


class FigureShown(NamedTuple):
    """A figure with its name."""

    name: str
    value: str


class MoneyShown(NamedTuple):
    """The section, or what is `missing` for one.

    `lacking`: for each figure that the facts do not give, how to get it.
    """

    missing: str

    figures: list[FigureShown]
    payback: list[str]
    lacking: list[str]
    unsaid: list[str]
    loyal: str = ""


def money(texts: Texts, document: Digest) -> MoneyShown:
    """Return the section."""
    found = document.money
    if found is None or not (found.figures or found.unsaid):
        said = texts(
            "No facts have been given for this period. Revenue, costs and customers of each month "
            "come by Facts in the bot, or from a file: otklik import facts FILE."
        )
        return MoneyShown(missing=said, figures=[], payback=[], lacking=[], unsaid=[])
    return MoneyShown(
        missing="",
        figures=[
            FigureShown(name=texts(FACTS[one.key]), value=fact(texts, one, found.currency))
            for one in found.figures
        ],
        payback=[
            *(payback(texts, one) for one in found.payback),
            *(() if found.study is None else time_study(texts, found.study, found.currency)),
        ],
        lacking=[f"{texts(LACKING[one.key])}: {to_do(texts, one.to_do)}" for one in found.lacking],
        unsaid=[texts(one.template) for one in found.unsaid],
        loyal="" if found.loyal is None else loyal(texts, found.loyal),
    )


def lines(texts: Texts, document: Digest) -> Iterator[str]:
    """Yield the section for a terminal."""
    found = money(texts, document)
    if found.missing:
        yield found.missing
    yield from (f"• {one.name}: {one.value}" for one in found.figures)
    said = (*found.payback, *found.lacking, *filter(None, [found.loyal]), *found.unsaid)
    yield from (f"• {one}" for one in said)
