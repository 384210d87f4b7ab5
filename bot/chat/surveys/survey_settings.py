"""What belongs to the whole survey that is edited: its title, kind, timing and thanks.

A new survey begins here too.
"""

from bot.chat.surveys import setting_screens as pages
from bot.chat.surveys.editor_draft import (
    awaited_by,
    begin,
    draft_of,
    save,
    stale,
    taken_keys,
    wait_for,
)
from bot.chat.surveys.survey_editor import editor, mistakes_of, unfinished
from bot.chat.visit import Visit
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.taps import MenuTap
from surveys.errors import SurveyInvalid
from surveys.messages import known_language
from surveys.survey import editing_survey as editing
from surveys.survey.cleaning import clean_text
from surveys.survey.editing import SurveyDraft

_LONGEST_TOAST = 190


async def new_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Begin a survey from nothing."""
    draft = await draft_of(visit)
    if draft is not None and tap.button.arguments[1:] != ("anew",):
        return Change(unfinished(visit.texts, draft, "new", "s_new"))
    await begin(visit, editing.new(await taken_keys(visit)))
    return await editor(tap, visit)


async def show(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show what belongs to the whole survey."""
    draft = await draft_of(visit)
    if draft is None:
        return stale(visit)
    await wait_for(visit, None)
    return Change(pages.settings(visit.texts, draft.survey))


async def show_thanks(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show what is said at the end, to everybody and by segment."""
    draft = await draft_of(visit)
    if draft is None:
        return stale(visit)
    await wait_for(visit, None)
    return Change(pages.thanks(visit.texts, draft.survey))


async def show_words(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one text; with a language, wait for its new wording."""
    draft = await draft_of(visit)
    part, code = (*tap.button.arguments, "", "")[:2]
    language = known_language(code)
    if draft is None or part not in {*editing.WORDS, *editing.BY_SEGMENT}:
        return stale(visit)
    if language is None:
        await wait_for(visit, None)
        return Change(pages.words(visit.texts, draft.survey, part))
    await wait_for(visit, {"question": "", "part": part, "language": language})
    hint = visit.texts(
        "Write the new wording in this language: {language}", language=pages.name_of(language)
    )
    return Change(pages.words(visit.texts, draft.survey, part, hint))


async def typed(said: Words, visit: Visit) -> Reply:
    """Take the words that are waited for, where they are the survey's own."""
    draft, awaited = await draft_of(visit), await awaited_by(visit)
    if draft is None or awaited is None or awaited["question"]:
        return None
    part = awaited["part"]
    language = known_language(awaited["language"]) or "ru"
    try:
        changed = editing.with_words(draft, part, language, clean_text(said.text))
    except SurveyInvalid as error:
        return Show(
            pages.words(visit.texts, draft.survey, part, mistakes_of(visit.texts, error, draft))
        )
    await wait_for(visit, None)
    await save(visit, changed)
    return Show(pages.words(visit.texts, changed.survey, part))


async def drop_words(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Take away a text that may be missing."""
    draft, part = await draft_of(visit), (*tap.button.arguments, "")[0]
    if draft is None:
        return stale(visit)
    try:
        changed = editing.without_words(draft, part)
    except LookupError:
        return stale(visit)
    await wait_for(visit, None)
    await save(visit, changed)
    show_page = pages.settings if part == "sees" else pages.thanks
    return Change(show_page(visit.texts, changed.survey))


async def choose(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer what one of the survey's numbers may be."""
    draft, name = await draft_of(visit), (*tap.button.arguments, "")[0]
    if draft is None or name not in editing.CHOICES:
        return stale(visit)
    return Change(pages.numbers(visit.texts, draft.survey, name))


async def put(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Set one of the survey's fields."""
    draft = await draft_of(visit)
    name, value = (*tap.button.arguments, "", "")[:2]
    if draft is None:
        return stale(visit)
    try:
        changed = _put(draft, name, value)
    except LookupError:
        return stale(visit)
    except SurveyInvalid as error:
        return Toast(mistakes_of(visit.texts, error, draft)[:_LONGEST_TOAST])
    await save(visit, changed)
    return Change(pages.settings(visit.texts, changed.survey))


def _put(draft: SurveyDraft, name: str, value: str) -> SurveyDraft:
    match name, value:
        case "kind", "relationship" | "transactional":
            return editing.with_setting(draft, name, value)
        case "audience", "customers" | "managers":
            return editing.with_setting(draft, name, value)
        case "anonymous", "yes" | "no":
            return editing.with_setting(draft, name, value == "yes")
        case _ if name in editing.CHOICES:
            for one in editing.offered(draft.survey, name):
                if value == str(one):
                    return editing.with_setting(draft, name, one)
    raise LookupError(name)
