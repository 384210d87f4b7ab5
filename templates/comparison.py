"""Two waves or periods held against each other, as a director reads them: plain text.

No number is computed here.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from surveys.counts.comparing import ComparisonNote, ComparisonRefusal, Side
from surveys.messages import Language, mark
from surveys.reports.comparison import ChangeWord, ComparedMeasure, Comparison, View, Why
from surveys.reports.estimates import DifferenceAtLevel, Estimate, Verdict
from templates.texts import Texts
from templates.wording import (
    MEASURES,
    UNITS,
    UNVALUED,
    VERDICTS,
    FigureUnit,
    answers,
    change_interval,
    difference,
    digits_of,
    estimated,
    interval,
    level,
    named,
)

MESSAGE_LIMIT: Final = 4_000
WORDS: Final[Mapping[ChangeWord, str]] = {
    "better": VERDICTS[Verdict.BETTER],
    "worse": VERDICTS[Verdict.WORSE],
    "higher": UNVALUED[Verdict.BETTER],
    "lower": UNVALUED[Verdict.WORSE],
    "no_evidence": VERDICTS[Verdict.NO_EVIDENCE],
    "too_few": VERDICTS[Verdict.TOO_FEW],
}
REFUSALS: Final[Mapping[ComparisonRefusal, str]] = {
    "same": mark("These are the same answers twice. Choose two."),
    "kinds": mark(
        "One asks about the relationship, the other after an event: such answers are never held "
        "against each other."
    ),
    "audiences": mark(
        "One asks customers, the other managers: their answers are not two views of one time."
    ),
    "mixed": mark(
        "Anonymous answers are kept by month, without the wave. Another wave of this survey falls "
        "into the same months, so nobody can tell whose answers these are. Compare periods instead."
    ),
    "overlap": mark("The two periods overlap: choose periods that share no day."),
    "nothing": mark("The two surveys measure nothing in common."),
}
NOTES: Final[Mapping[ComparisonNote, str]] = {
    "later_first": mark("The first of the two is the later one: the change runs back in time."),
    "still_open": mark("Not over yet: answers that are still to come will change these figures."),
    "versions": mark(
        "Several versions of the survey, or several surveys, asked this; what is compared was "
        "asked in the same words, unless it says otherwise."
    ),
    "anonymous": mark(
        "Anonymous answers are released in batches, dated with the batch’s last month: up to four "
        "of the earlier ones may stand with the later. Who answered both times nobody knows."
    ),
}
WHY: Final[Mapping[Why, str]] = {
    "strangers": mark("nobody answered both times"),
    "anonymous": mark("anonymous: nobody knows who answered both times"),
    "wording": mark(
        "The wording or the scale has changed: these are two series, and their difference would "
        "say nothing."
    ),
    "not_asked": mark("Nobody has answered on one of the sides."),
    "few_answers": mark("Too few answers for a word."),
}


def render_text(document: Comparison, language: Language) -> str:
    """Return the comparison for a terminal."""
    texts = Texts(language)
    blocks = [[title, *lines] for title, lines in _blocks(texts, document)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def render_message(document: Comparison, language: Language) -> str:
    """Return the comparison as Telegram HTML; measures for which there is no room are counted."""
    texts = Texts(language)
    blocks = [
        "\n".join([f"<b>{_safe(title)}</b>", *map(_safe, lines)])
        for title, lines in _blocks(texts, document)
    ]
    return _fitted(texts, blocks)


def _safe(text: str) -> str:
    return escape(text, quote=False)


def _fitted(texts: Texts, blocks: list[str]) -> str:
    """Leave out measures, from the last one, until the message fits."""
    head, *measures, closing = blocks if len(blocks) > 1 else [*blocks, ""]
    left_out = 0
    while measures and len("\n\n".join([head, *measures, closing])) > MESSAGE_LIMIT:
        measures.pop()
        left_out += 1
    if left_out:
        measures.append(
            texts.plural(
                "{n} more measure found no room.", "{n} more measures found no room.", left_out
            )
        )
    return "\n\n".join(filter(None, [head, *measures, closing]))


def _blocks(texts: Texts, document: Comparison) -> Iterator[tuple[str, list[str]]]:
    title = texts("Comparison: {survey}", survey=document.title)
    before = texts("Before: {side}", side=_side(texts, document, document.before))
    after = texts("After: {side}", side=_side(texts, document, document.after))
    if document.refusal is not None:
        refusal = REFUSALS[document.refusal]
        yield title, [before, after, "", texts(refusal)]
        return
    yield title, [before, after]
    for row in document.measures:
        yield _name(texts, row), list(_measure(texts, row))
    yield texts("What this cannot show"), list(_closing(texts, document))


def _side(texts: Texts, document: Comparison, side: Side) -> str:
    if side.key:
        return texts.period(side.key)
    began = side.start.astimezone(ZoneInfo(document.zone))
    said = {
        "name": side.name,
        "label": side.label or str(side.wave),
        "day": texts.date(began.date()),
        "answered": texts.number(side.answered),
    }
    if not side.delivered:
        return texts("«{name}», wave «{label}» of {day}; {answered} answered", **said)
    return texts(
        "«{name}», wave «{label}» of {day}; {answered} answered of {delivered} delivered",
        **said,
        delivered=texts.number(side.delivered),
    )


def _name(texts: Texts, row: ComparedMeasure) -> str:
    name = row.label or named(texts, MEASURES, row.key)
    return f"{name}: {texts(WORDS[row.verdict])}" if row.headline else name


def _measure(texts: Texts, row: ComparedMeasure) -> Iterator[str]:
    before, after = (_estimate(texts, row, side) for side in (row.all.before, row.all.after))
    yield texts("{before} → {after}", before=before, after=after)
    everybody = row.all.change
    paired = None if row.paired is None else row.paired.change
    if row.headline is None:
        why = WHY[row.why]
        yield texts(why)
    elif row.headline == "paired":
        yield _change(texts, row, "paired", paired)
        yield texts("All answers: {change}.", change=_changed(texts, row, everybody))
    else:
        yield _change(texts, row, "all", everybody)
        if paired:
            yield texts("The same people: {change}.", change=_changed(texts, row, paired))


def _needed(texts: Texts, document: Comparison) -> str:
    return texts(
        "A word needs {n} answers on each side, or five people who gave a mean both times.",
        n=texts.number(document.minimum),
    )


def _change(texts: Texts, row: ComparedMeasure, view: View, found: DifferenceAtLevel | None) -> str:
    change = _changed(texts, row, found)
    if view == "paired":
        people = texts.plural(
            "{n} person who answered both times",
            "{n} people who answered both times",
            row.pairs,
        )
        return texts("Change: {change}, of the {people}.", change=change, people=people)
    if row.why == "few_pairs":
        why = texts.plural(
            "only {n} person answered both times, and is taken into account",
            "only {n} people answered both times, and are taken into account",
            row.pairs,
        )
    else:
        reason = WHY[row.why]
        why = texts(reason)
    return texts("Change: {change}, of all answers ({why}).", change=change, why=why)


def _estimate(texts: Texts, row: ComparedMeasure, found: Estimate | None) -> str:
    if found is None:
        return texts("not to be told")
    ends = interval(texts, _unit(row), found.low, found.high)
    value = estimated(texts, _unit(row), found.value, found.low, found.high)
    return f"{_with_unit(row, value)} ({ends}; {answers(texts, found.n)})"


def _changed(texts: Texts, row: ComparedMeasure, change: DifferenceAtLevel | None) -> str:
    if change is None:
        return texts("not to be told")
    unit = _unit(row)
    value = difference(texts, unit, change.value, digits_of(unit, change))
    ends = change_interval(texts, unit, change)
    return f"{value} ({ends}; {level(texts, change.level)})"


def _with_unit(row: ComparedMeasure, written: str) -> str:
    return f"{written} {row.unit}" if row.unit else written


def _unit(row: ComparedMeasure) -> FigureUnit:
    return UNITS.get(row.form, "item")


def _closing(texts: Texts, document: Comparison) -> Iterator[str]:
    for note in document.notes:
        yield texts(NOTES[note])
    if any(row.why == "few_answers" for row in document.measures):
        yield _needed(texts, document)
    yield texts(
        "Those who did not answer may think otherwise. A difference between two times is not its "
        "cause: something else may have changed as well."
    )
    if document.compared > 1:
        yield texts(
            "{n} measures are compared, stepped down (Holm 1979), so that all words together err "
            "in at most {error} of unchanged waves; each interval is of the level that decided "
            "its word.",
            n=texts.number(document.compared),
            error=texts.percent(document.error),
        )
