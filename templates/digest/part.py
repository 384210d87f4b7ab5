"""Which part of the company a digest is about, and what it therefore leaves out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

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


def told_apart(texts: Texts, campaigns: Sequence[tuple[int, str, date]]) -> list[tuple[int, str]]:
    """Name campaigns to choose from; where several have one name, with the day each was made."""
    alike = Counter(name for _, name, _ in campaigns)
    return [
        (number, name if alike[name] == 1 else f"{name}, {texts.date(made_on)}")
        for number, name, made_on in campaigns
    ]


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
