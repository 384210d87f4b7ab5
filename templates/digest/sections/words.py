"""Customers' words: quotes by segment, and the rule by which they were chosen."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from surveys.messages import mark
from surveys.reports.digest import Digest
from surveys.reports.words import Quote, QuotedGroup, QuotedWords, Speakers
from templates.texts import Texts

SPEAKERS: Final[Mapping[Speakers, str]] = {
    "detractor": mark("Detractors, 0–6"),
    "passive": mark("Passives, 7–8"),
    "promoter": mark("Promoters, 9–10"),
    "none": mark("Without a score"),
}


class QuoteShown(NamedTuple):
    """A customer's words; the score is empty where there is none."""

    text: str
    score: str
    day: str
    iso: str


class SpeakersShown(NamedTuple):
    """The quotes of one segment; `key` is its style."""

    key: str
    name: str
    total: str
    quotes: list[QuoteShown]


class WordsShown(NamedTuple):
    """The section: how many comments there are, how quotes were chosen, the quotes."""

    total: str
    rule: str
    groups: list[SpeakersShown]


def words(texts: Texts, document: Digest) -> WordsShown | None:
    """Return customers' words by segment, None where nobody wrote any."""
    return words_of(texts, document.words)


def words_of(texts: Texts, found: QuotedWords) -> WordsShown | None:
    """Return the words of a section, None where there are none."""
    if not found.total:
        return None
    return WordsShown(
        total=texts.plural("{n} comment", "{n} comments", found.total),
        rule=texts(
            "Quoted are the {n} most recent ones of each group that have at least {words} words "
            "and are not quoted above, unabridged; names, contacts and numbers are left out.",
            n=found.per_group,
            words=found.at_least_words,
        ),
        groups=[_group(texts, group) for group in found.groups],
    )


def _group(texts: Texts, group: QuotedGroup) -> SpeakersShown:
    return SpeakersShown(
        key=group.segment,
        name=texts(SPEAKERS[group.segment]),
        total=texts.plural("{n} comment", "{n} comments", group.total),
        quotes=[quote(texts, one) for one in group.quotes],
    )


def quote(texts: Texts, found: Quote) -> QuoteShown:
    """Return a quote with its score and day."""
    return QuoteShown(
        text=found.text,
        score="" if found.score is None else texts("score {score}", score=found.score),
        day=texts.date(found.day),
        iso=found.day.isoformat(),
    )
