"""The digest as a page, a short message and plain text, from its document alone.

The document's shape is what `scoring.reports.digest.digest` returns; whatever is read here stands
in it. A new section: its numbers in ``scoring/reports``, what they read like in
``digest_scores.py`` or ``digest_answers.py`` (finished strings and coordinates), and a file in
``pages/`` that lays it out.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from templates import digest_answers, digest_scores
from templates.digest_headline import SAID, evidence, headline
from templates.digest_moved import moved
from templates.digest_words import MEASURES, Row, named
from templates.rendering import environment, style
from templates.texts import Language, Texts

MESSAGE_LIMIT: Final = 900
NAME_LIMIT: Final = 80


def render_digest(document: Row, language: Language) -> str:
    """Return the self-contained HTML page."""
    texts = Texts(language)
    css, digest_of_css = style("digest.css")
    return (
        environment()
        .get_template("digest.html.j2")
        .render(
            _=texts,
            plural=texts.plural,
            language=language,
            css=css,
            css_digest=digest_of_css,
            **_view(texts, document),
        )
    )


def render_summary(document: Row, language: Language) -> str:
    """Return the short message that goes with the page: plain, at most 900 characters."""
    texts = Texts(language)
    head = f"{_title(texts, document)}\n\n{headline(texts, document)}"
    lines = [
        *filter(None, [moved(texts, document)]),
        *_score_lines(texts, document),
        *_response_lines(texts, document),
    ]
    while lines and len(_joined(head, lines)) > MESSAGE_LIMIT:
        lines.pop()
    return _joined(head, lines)[:MESSAGE_LIMIT]


def render_text(document: Row, language: Language) -> str:
    """Return the digest for a terminal: headline, scores, breakdowns, managers, response."""
    texts = Texts(language)
    parts = [
        [_title(texts, document)],
        [headline(texts, document), evidence(texts, document), moved(texts, document)],
        list(_score_lines(texts, document)),
        *_breakdown_blocks(texts, document),
        list(_manager_lines(texts, document)),
        list(_response_lines(texts, document)),
    ]
    return "\n\n".join("\n".join(filter(None, part)) for part in parts if any(part)) + "\n"


def _view(texts: Texts, document: Row) -> Row:
    generated = datetime.fromisoformat(document["generated_at"])
    return {
        "company": document["company"],
        "period": texts.period(document["period"]["key"]),
        "previous": texts.period(document["previous"]["key"]),
        "days": _days(texts, document),
        "generated": texts.moment(generated, document["zone"]),
        "zone": document["zone"],
        "baseline": any(row["baseline"] for row in document["scorecard"]["criteria"])
        or bool(document["nps"] and document["nps"]["baseline"]),
        "headline": headline(texts, document),
        "evidence": evidence(texts, document),
        "scorecard": digest_scores.scorecard(texts, document),
        "nps": digest_scores.nps(texts, document),
        "breakdowns": digest_scores.breakdowns(texts, document),
        "managers": digest_scores.managers(texts, document),
        "managers_by": document["managers_by"],
        "moved": moved(texts, document),
        "mirror": digest_answers.mirror(texts, document),
        "funnel": digest_answers.funnel(texts, document),
        "words": digest_answers.words(texts, document),
        "method": digest_answers.method(texts, document),
    }


def _title(texts: Texts, document: Row) -> str:
    company = document["company"]
    name = company if len(company) <= NAME_LIMIT else company[: NAME_LIMIT - 1] + "…"
    return " · ".join(filter(None, [name, texts.period(document["period"]["key"])]))


def _days(texts: Texts, document: Row) -> str:
    """Name the first and the last day, the end of a period being exclusive."""
    zone = ZoneInfo(document["zone"])
    start, end = (datetime.fromisoformat(document["period"][edge]) for edge in ("start", "end"))
    last = end.astimezone(zone) - timedelta(microseconds=1)
    first = start.astimezone(zone)
    return f"{texts.date(first.date())} — {texts.date(last.date())}"


def _joined(head: str, lines: list[str]) -> str:
    return "\n".join([head, "", *lines]).strip()


def _score_lines(texts: Texts, document: Row) -> Iterator[str]:
    nps = digest_scores.nps(texts, document)
    if nps and nps["score"]:
        line = _score_line(named(texts, MEASURES, "nps"), nps["score"], nps["verdict"])
        yield "; ".join(filter(None, [line, nps["chosen"]]))
        if nps["slope"] and nps["slope"]["word"] in SAID:
            yield f"• {nps['slope']['said']}"
    for row in digest_scores.scorecard(texts, document):
        if row["now"]:
            yield _score_line(row["name"], row["now"], row["verdict"])


def _score_line(name: str, now: Row, verdict: str) -> str:
    return f"• {name}: {now['value']} ({now['interval']}; {now['answers']}), {verdict}"


def _breakdown_blocks(texts: Texts, document: Row) -> Iterator[list[str]]:
    for table in digest_scores.breakdowns(texts, document):
        yield [table["caption"], *map(_group_line, table["rows"]), table["apart"]]


def _manager_lines(texts: Texts, document: Row) -> Iterator[str]:
    for row in digest_scores.managers(texts, document):
        yield "; ".join(filter(None, [_group_line(row), row["chosen"]]))


def _group_line(row: Row) -> str:
    score = row["score"]
    said = f"{score['value']} ({score['interval']})" if score else row["missing"]
    return f"• {row['name']}: {said}, n = {row['n']}"


def _response_lines(texts: Texts, document: Row) -> Iterator[str]:
    funnel = document["funnel"]
    if funnel["response"]:
        yield texts(
            "{share} responded: {started} of the {delivered} who received an invitation.",
            share=texts.percent(funnel["response"]["value"] / 100),
            started=texts.number(funnel["started"]),
            delivered=texts.number(funnel["delivered"]),
        )
