"""One question of the survey being edited: added, worded, scaled, moved, removed, made to depend.

Whatever would make the survey unsound is refused in words, and nothing is lost.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.surveys import part_screens
from bot.chat.surveys import question_screens as pages
from bot.chat.surveys.editor_draft import awaited_by, draft_of, question_of, save, stale, wait_for
from bot.chat.surveys.survey_editor import editor_screen, mistakes_of
from bot.chat.visit import Visit
from bot.says.heard import Tap, Words
from bot.says.markup import literal
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from surveys.errors import Problem, SurveyInvalid
from surveys.messages import Language, Message, known_language
from surveys.survey import editing
from surveys.survey import editing_questions as questions
from surveys.survey.cleaning import clean_text
from surveys.survey.editing import SurveyDraft
from surveys.survey.editing_conditions import without_variant

BOUNDS = Message("Write two numbers, the smaller one first, such as: 0 60")
_BOUNDS = re.compile(r"(-?\d{1,8})\D{1,5}(\d{1,8})")
_LONGEST_TOAST = 190
_LISTED: Final[Mapping[str, Callable[[SurveyDraft, str, int], SurveyDraft]]] = {
    "option_off": questions.without_option,
    "option_up": questions.option_earlier,
    "variant_off": without_variant,
}
"""What can be done with one option or wording of a question, which has a number."""


async def show(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a question with everything about it."""
    draft, key = await question_of(tap, visit)
    if draft is None or key is None:
        return stale(visit)
    await wait_for(visit, None)
    return Change(_screen(visit, draft, key))


def _screen(
    visit: Visit, draft: SurveyDraft, key: str, hint: str = "", part: str = "text"
) -> Screen:
    """Return the page of a question, or of one text of it; raises LookupError."""
    place = [one.key for one in draft.survey.questions].index(key)
    if part not in {"text", "bounds"}:
        return part_screens.part(visit.texts, draft.survey, place, part, hint)
    return pages.question(visit.texts, draft.survey, place, hint)


async def choose_kind(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer the kinds of question."""
    return stale(visit) if await draft_of(visit) is None else Change(pages.kinds(visit.texts))


async def add(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Add a question of a kind at the end, and wait for its wording."""
    draft = await draft_of(visit)
    kind = next((one for one in pages.KINDS if tap.button.arguments[:1] == (one,)), None)
    if draft is None or kind is None:
        return stale(visit)
    try:
        changed = questions.added(draft, kind)
    except SurveyInvalid as error:
        return _refused(visit, draft, error)
    await save(visit, changed)
    key = changed.survey.questions[-1].key
    return Change(await _asking(visit, changed, key, "text", visit.texts.language))


async def show_part(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one text of a question: an end of its scale, an option, a wording of its own."""
    draft, key = await question_of(tap, visit)
    part = (*tap.button.arguments[1:], "")[0]
    if draft is None or key is None:
        return stale(visit)
    await wait_for(visit, None)
    try:
        return Change(_screen(visit, draft, key, part=part))
    except LookupError:
        return stale(visit)


async def ask_part(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Wait for the new words of one text of a question."""
    draft, key = await question_of(tap, visit)
    part, code = (*tap.button.arguments[1:], "", "")[:2]
    language = known_language(code)
    if draft is None or key is None or language is None:
        return stale(visit)
    try:
        return Change(await _asking(visit, draft, key, part, language))
    except LookupError:
        return stale(visit)


async def _asking(
    visit: Visit, draft: SurveyDraft, key: str, part: str, language: Language
) -> Screen:
    await wait_for(visit, {"question": key, "part": part, "language": language})
    if part == "bounds":
        hint = visit.texts("Write the least and the greatest number, such as: 0 60")
    else:
        name = LANGUAGE_NAMES[language]
        hint = visit.texts("Write the new wording in this language: {language}", language=name)
    return _screen(visit, draft, key, f"<b>{literal(hint)}</b>", part)


async def typed(words: Words, visit: Visit) -> Reply:
    """Take the words that are waited for."""
    draft, awaited = await draft_of(visit), await awaited_by(visit)
    if draft is None or awaited is None:
        return None
    key, part = awaited["question"], awaited.get("part", "text")
    language = known_language(awaited["language"]) or "ru"
    try:
        changed = _worded(draft, key, part, language, clean_text(words.text))
    except SurveyInvalid as error:
        said = literal(mistakes_of(visit.texts, error, draft))
        return Show(_screen(visit, draft, key, f"<b>{said}</b>", part))
    except LookupError:  # the question or its option was taken away meanwhile
        await wait_for(visit, None)
        return Show(editor_screen(visit, draft))
    await wait_for(visit, None)
    await save(visit, changed)
    return Show(_screen(visit, changed, key, part=part))


def _worded(draft: SurveyDraft, key: str, part: str, language: Language, text: str) -> SurveyDraft:
    if key not in {one.key for one in draft.survey.questions}:
        raise LookupError(key)
    if part == "bounds":
        found = _BOUNDS.fullmatch(text)
        low, high = (int(found[1]), int(found[2])) if found else (0, 0)
        if low >= high:
            raise SurveyInvalid((Problem(1, 1, "", BOUNDS),))
        return questions.with_values(draft, key, min=low, max=high)
    if part != "text":
        return questions.with_text(draft, key, part, language, text)
    new = draft.survey.question(key).text
    is_new = (new.ru, new.en) == questions.NEW_TEXT
    if draft.survey.question(key).variants:
        return questions.with_text(draft, key, "text", language, text)
    changed = editing.reworded(draft, key, language, text)
    other: Language = "ru" if language == "en" else "en"
    return editing.reworded(changed, key, other, text) if is_new else changed


async def set_value(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Set the scale, the options, the measure, or whether the question may be skipped."""
    draft, key = await question_of(tap, visit)
    name, value = (*tap.button.arguments[1:], "", "")[:2]
    if draft is None or key is None:
        return stale(visit)
    asked = draft.survey.question(key)
    place = draft.survey.questions.index(asked)
    if (name, value) == ("measure", ""):
        return Change(pages.measures(visit.texts, draft.survey, asked))
    if (name, value) == ("alert", ""):
        return Change(pages.alerts(visit.texts, place, asked))
    return await _changed(visit, draft, key, partial(_set, draft, key, name, value))


def _set(draft: SurveyDraft, key: str, name: str, value: str) -> SurveyDraft:
    match name, value:
        case "scale", _ if value in {f"{low}-{high}" for low, high in pages.SCALES}:
            low, high = map(int, value.split("-"))
            return questions.with_values(draft, key, low=low, high=high)
        case "options", "more":
            return questions.with_option(draft, key)
        case "option_off" | "option_up" | "variant_off", _ if value.isdecimal():
            return _LISTED[name](draft, key, int(value))
        case "alert", _ if value == "never" or value.isdecimal():
            point = value if value == "never" else int(value)
            return questions.with_values(draft, key, alert_at=point)
        case "measure", _:
            return questions.with_values(draft, key, measures=None if value == "none" else value)
        case "optional", _:
            present = draft.survey.question(key).optional
            return questions.with_values(draft, key, optional=None if present else True)
        case _:
            raise LookupError(name)


async def move(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask a question one place earlier or later, unless a branch would look ahead then."""
    draft, key = await question_of(tap, visit)
    if draft is None or key is None:
        return stale(visit)
    by = -1 if tap.button.arguments[1:] == ("up",) else 1
    return await _changed(visit, draft, key, partial(questions.moved, draft, key, by))


async def _changed(
    visit: Visit, draft: SurveyDraft, key: str, change: Callable[[], SurveyDraft]
) -> Reply:
    """Keep a change and show its question, or say why the change is not possible."""
    try:
        changed = change()
    except (SurveyInvalid, LookupError) as error:
        return _refused(visit, draft, error)
    await save(visit, changed)
    return Change(_screen(visit, changed, key))


async def remove(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Take a question out of the survey, unless others depend on it."""
    draft, key = await question_of(tap, visit)
    if draft is None or key is None:
        return stale(visit)
    if len(draft.survey.questions) == 1:
        return Toast(visit.texts("A survey has at least one question: add another one first."))
    try:
        changed = questions.removed(draft, key)
    except SurveyInvalid as error:
        return _refused(visit, draft, error)
    await save(visit, changed)
    return Change(editor_screen(visit, changed))


def _refused(visit: Visit, draft: SurveyDraft, error: SurveyInvalid | LookupError) -> Reply:
    """Say why a change is not possible; the screen stays as it is."""
    if isinstance(error, LookupError):
        return stale(visit)
    return Toast(mistakes_of(visit.texts, error, draft)[:_LONGEST_TOAST])
