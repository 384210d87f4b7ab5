"""What is said of data as a file: pure functions to screens."""

import hashlib
from collections.abc import Sequence
from typing import Final

from bot.chat.admin_screens import back
from bot.operations.exports.chosen import NAMES, FileForm, Wanted, What, lacking, titled
from bot.says.fitting import shortened
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from surveys.periods import Period
from templates.texts import Texts

LABELS: Final = {
    FileForm.XLSX: "XLSX",
    FileForm.CSV: "CSV",
    FileForm.PARQUET: "Parquet",
    FileForm.SPSS: "SPSS",
}
PAGE: Final = 8
_EXAMPLES: Final = ("/export answers 2026-Q3", "/export cases 2026-09 nps csv", "/export people")
_KEY: Final = 12
_ALL: Final = ""


def whats(texts: Texts) -> Screen:
    """Return the choice of what the rows are."""
    said = texts(
        "<b>Data as a file</b>: a row a response, a person, a case or a decision. Anonymous "
        "answers are there as totals only."
    )
    return Screen(said, _whats(texts))


def forms(texts: Texts, wanted: Wanted) -> Screen:
    """Return what is chosen: of which period and survey; and offer the forms that there are."""
    what, period, survey = _arguments(wanted)
    row = tuple(
        _button(LABELS[form], "export_do", f"{what}.{form}", period, survey)
        for form in FileForm
        if lacking(form) is None
    )
    whats = (_button(texts("‹ Data as a file"), "export"),)
    if wanted.what is What.PEOPLE:
        said = texts("{name}: in which form?", name=texts(NAMES[wanted.what]))
        return Screen(said, (row, whats))
    named = wanted.survey or texts("all surveys")
    lines = (
        f"<b>{texts(NAMES[wanted.what])}</b>",
        texts("Period: {period}", period=_period(texts, wanted.period)),
        texts("Survey: {survey}", survey=literal(named)),
        texts("In which form?"),
    )
    narrower = (
        _button(texts("Period"), "export_period", what, period, survey),
        _button(texts("Survey"), "export_survey", what, period, "0"),
    )
    return Screen("\n".join(lines), (narrower, row, whats))


def periods(texts: Texts, wanted: Wanted, pairs: Sequence[tuple[Period, Period]]) -> Screen:
    """Return the choice of a period: of each unit the one under way and the one before."""
    what, _, survey = _arguments(wanted)
    rows = [
        tuple(_button(texts.period(one.key), "export_form", what, one.key, survey) for one in pair)
        for pair in pairs
    ]
    everything = (_button(texts("everything"), "export_form", what, _ALL, survey),)
    example = f"/export {what} 2026-W36"
    said = texts("Of which period? Another one is typed: {example}", example=example)
    return Screen(said, (*rows, everything, _back(texts, wanted)))


def surveys(texts: Texts, wanted: Wanted, known: Sequence[tuple[str, str]], page: int) -> Screen:
    """Return a page of the choice of a survey; `known` are keys and titles."""
    what, period, _ = _arguments(wanted)
    shown = known[page * PAGE : (page + 1) * PAGE]
    rows = [
        (_button(shortened(f"{title} ({key})", 60), "export_form", what, period, key_of(key)),)
        for key, title in shown
    ]
    turns = (("‹", page - 1, page > 0), ("›", page + 1, len(known) > (page + 1) * PAGE))
    moves = tuple(
        _button(sign, "export_survey", what, period, str(to)) for sign, to, there in turns if there
    )
    every = (_button(texts("all surveys"), "export_form", what, period, _ALL),)
    turning = (moves,) if moves else ()
    return Screen(texts("Of which survey?"), (*rows, *turning, every, _back(texts, wanted)))


def being_made(texts: Texts, wanted: Wanted) -> Screen:
    """Return what follows: the file comes as a message of its own."""
    said = texts("The file is being made; it comes here shortly.")
    return Screen(f"<b>{literal(titled(texts, wanted))}</b>\n{said}", back(texts))


def unreadable(texts: Texts, said: str) -> Screen:
    """Return what is wrong with typed words, and how they are right."""
    examples = "\n".join(f"{one}" for one in _EXAMPLES)
    like = texts("Write for example:")
    return Screen(f"{literal(said)}\n\n{like}\n{examples}", _whats(texts))


def key_of(survey: str | None) -> str:
    """Return what stands for a survey in a button, where its own key may not fit."""
    return _ALL if survey is None else hashlib.sha256(survey.encode()).hexdigest()[:_KEY]


def _whats(texts: Texts) -> Rows:
    rows = tuple((_button(texts(name), "export_form", what),) for what, name in NAMES.items())
    return (*rows, *back(texts))


def _arguments(wanted: Wanted) -> tuple[str, str, str]:
    return wanted.what, wanted.period or _ALL, key_of(wanted.survey)


def _period(texts: Texts, key: str | None) -> str:
    return texts("everything") if key is None else texts.period(key)


def _back(texts: Texts, wanted: Wanted) -> tuple[Button]:
    return (_button(texts("‹ Back"), "export_form", *_arguments(wanted)),)


def _button(label: str, place: str, *arguments: str) -> Button:
    return Button(label, MenuTap(place, arguments).pack())
