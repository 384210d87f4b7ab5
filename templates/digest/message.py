"""The digest without a page: the short message beside it, and plain text for a terminal."""

from collections.abc import Iterator
from typing import Final

from surveys.counts.measures import NPS
from surveys.messages import Language
from surveys.reports.digest import Digest
from templates.digest.groups import BY_CHANNEL, GroupShown, breakdowns, by_channel
from templates.digest.headline import SAID, evidence, headline, unfinished
from templates.digest.moved import moved
from templates.digest.part import titled, told
from templates.digest.sections import (
    cases,
    departures,
    drivers,
    effectiveness,
    mirror,
    money,
    themes,
)
from templates.digest.sections.events import lines
from templates.digest.sections.funnel import response
from templates.digest.sections.managers import ORDERS, ManagerShown, managers
from templates.digest.sections.nps import nps
from templates.digest.sections.scorecard import others, scorecard
from templates.digest.shown import EstimateShown
from templates.texts import Texts
from templates.wording import measure_name

MESSAGE_LIMIT: Final = 900
MESSAGE_LINES: Final = 6
NAME_LIMIT: Final = 80


def render_summary(document: Digest, language: Language) -> str:
    """Return the short message that goes with the picture: plain, at most six lines.

    It has at most 900 characters, of which the first sentences are never left out.
    """
    texts = Texts(language)
    first = " ".join(filter(None, [headline(texts, document), unfinished(texts, document)]))
    head = f"{_title(texts, document)}\n{first}"
    after = [moved(texts, document), *_score_lines(texts, document), response(texts, document)]
    after.append(cases.line(texts, document))
    lines = [line for line in after if line][: MESSAGE_LINES - head.count("\n") - 1]
    while lines and len(_joined(head, lines)) > MESSAGE_LIMIT:
        lines.pop()
    return _joined(head, lines)[:MESSAGE_LIMIT]


def render_text(document: Digest, language: Language) -> str:
    """Return the digest for a terminal: all but the pictures and what customers wrote."""
    texts = Texts(language)
    parts = [
        [_title(texts, document)],
        [
            headline(texts, document),
            unfinished(texts, document),
            evidence(texts, document),
            moved(texts, document),
            told(texts, document.part),
        ],
        list(_score_lines(texts, document)),
        *_breakdown_blocks(texts, document),
        list(_channel_lines(texts, document)),
        list(_manager_lines(texts, document)),
        list(mirror.lines(texts, document)),
        list(themes.lines(texts, document)),
        *_company_blocks(texts, document),
        list(drivers.lines(texts, document)),
        [response(texts, document)],
    ]
    return "\n\n".join("\n".join(filter(None, part)) for part in parts if any(part)) + "\n"


def _title(texts: Texts, document: Digest) -> str:
    company = " ".join(document.company.split())
    name = company if len(company) <= NAME_LIMIT else company[: NAME_LIMIT - 1] + "…"
    part = titled(texts, document.part)
    return " · ".join(filter(None, [name, texts.period(document.period.key), part]))


def _joined(head: str, lines: list[str]) -> str:
    return "\n".join([head, *lines]).strip()


def _score_lines(texts: Texts, document: Digest) -> Iterator[str]:
    section = nps(texts, document)
    if section and section.score:
        line = _score_line(measure_name(texts, NPS), section.score, section.verdict)
        yield "; ".join(filter(None, [line, section.chosen]))
        if section.slope and section.slope.word in SAID:
            yield f"• {section.slope.said}"
    for row in scorecard(texts, document):
        if row.now:
            yield _score_line(row.name, row.now, row.verdict)
    if document.headline.measure is not None:  # without one, the headline says it
        yield from (f"• {line}" for line in lines(texts, document))


def _score_line(name: str, now: EstimateShown, verdict: str) -> str:
    return f"• {name}: {now.value} ({now.interval}; {now.answers}), {verdict}"


def _company_blocks(texts: Texts, document: Digest) -> Iterator[list[str]]:
    """Yield what a part of the company has none of."""
    if document.part is not None:
        return
    yield [*_other_lines(texts, document), *effectiveness.lines(texts, document)]
    yield list(departures.lines(texts, document))
    yield list(cases.lines(texts, document))
    yield list(money.lines(texts, document))


def _other_lines(texts: Texts, document: Digest) -> Iterator[str]:
    for row in others(texts, document):
        said = " ".join(filter(None, [row.value, row.to_do]))
        yield f"• {row.name}: {said}"


def _breakdown_blocks(texts: Texts, document: Digest) -> Iterator[list[str]]:
    for table in breakdowns(texts, document):
        yield [table.caption, *map(_group_line, table.rows), table.apart]


def _channel_lines(texts: Texts, document: Digest) -> Iterator[str]:
    if document.nps and (rows := by_channel(texts, document.nps.channels)):
        yield texts(BY_CHANNEL)
        yield from map(_group_line, rows)


def _manager_lines(texts: Texts, document: Digest) -> Iterator[str]:
    found = managers(texts, document)
    for row in found.rows:
        yield "; ".join(filter(None, [_group_line(row), row.chosen]))
    if len(found.rows) > 1:
        yield texts(ORDERS[found.by]) if found.by in ORDERS else ""


def _group_line(row: GroupShown | ManagerShown) -> str:
    said = f"{row.score.value} ({row.score.interval})" if row.score else row.missing
    return f"• {row.name}: {said}, n = {row.n}"
