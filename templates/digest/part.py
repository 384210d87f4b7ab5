"""Which part of the company a digest is about, and what it therefore leaves out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from surveys.reports.scope import NamedPart
from templates.texts import Texts


def titled(texts: Texts, part: NamedPart | None) -> str:
    """Name a part in a few words, empty for the whole company."""
    return "" if part is None else ", ".join(_names(texts, part))


def told(texts: Texts, part: NamedPart | None) -> str:
    """Say what the digest of a part leaves out, empty for the whole company."""
    if part is None:
        return ""
    return texts(
        "This is a part of the company: only answers to named surveys that fit. Anonymous answers, "
        "the effectiveness index, reasons for leaving, cases and money are there for the whole "
        "company alone."
    )


def told_apart(
    texts: Texts, campaigns: Sequence[tuple[int, str, datetime]]
) -> list[tuple[int, str]]:
    """Name campaigns to choose from; where several have one name, with the day each was made.

    Of those made on one day also with the time.
    """
    alike = Counter(name for _, name, _ in campaigns)
    of_day = Counter((name, made_at.date()) for _, name, made_at in campaigns)
    return [
        (number, name if alike[name] == 1 else f"{name}, {_made(texts, made_at, of_day[key])}")
        for number, name, made_at in campaigns
        for key in [(name, made_at.date())]
    ]


def _made(texts: Texts, made_at: datetime, of_one_day: int) -> str:
    return texts.date(made_at) if of_one_day == 1 else texts.moment(made_at, made_at.tzinfo or UTC)


def _names(texts: Texts, part: NamedPart) -> Iterator[str]:
    if part.segment is not None:
        yield texts("segment «{name}»", name=part.segment)
    if part.team is not None:
        yield texts("team «{name}»", name=part.team)
    if part.manager_id is not None:
        yield texts("manager {name}", name=part.manager or "")
    if part.campaign_id is not None:
        yield texts("campaign «{name}»", name=part.campaign or "")
    if part.attribute is not None:
        yield f"{part.attribute}: {part.value}"
