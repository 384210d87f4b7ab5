"""Surveys with buttons: see, try, copy, reword, switch questions on and off, publish a version."""

import json
from collections.abc import Awaitable, Callable, Sequence
from html import escape

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from bot.chat import rehearsal
from bot.chat.admin_screens import back
from bot.chat.arrival import is_menu_tap
from bot.chat.callbacks import MenuTap
from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.say import edit, say, toast
from bot.chat.screens import Button, Screen
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.telling import told
from storage import definitions, drafts
from storage.definitions import StoredDefinition
from surveys import editing
from surveys.answers import clean_text
from surveys.definition import Language, Survey, localized
from surveys.editing import Draft
from surveys.errors import SurveyError, SurveyInvalid
from templates.texts import LANGUAGES, Texts

TOPIC = "survey"
AWAITED = "wording"
"""The topic that says which question's wording the next message is."""
_SHORT = 40


async def list_surveys(query: CallbackQuery, visit: Visit) -> Replies:
    """Show the surveys, and the one being edited."""
    known = await definitions.all_latest(visit.tx)
    editing_now = await _draft(visit) is not None
    return [toast(query), edit(query, _list(visit.texts, known, editing_now=editing_now))]


def _list(texts: Texts, known: Sequence[StoredDefinition], *, editing_now: bool) -> Screen:
    rows = [
        (Button(localized(one.survey.title, texts.language), MenuTap("survey", (one.key,)).pack()),)
        for one in known
    ]
    if editing_now:
        rows.append((Button(texts("Go on editing"), MenuTap("editor").pack()),))
    return Screen(texts("Which survey?"), (*rows, *back(texts)))


async def show_survey(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show a survey's questions and what can be done with it."""
    stored = await _stored(tap, visit)
    if stored is None:
        return _stale(query, visit)
    rows = tuple(
        (Button(label, MenuTap(place, (stored.key,)).pack()),)
        for label, place in (
            (visit.texts("Send it to me as a trial"), "rehearse"),
            (visit.texts("Edit"), "edit_survey"),
            (visit.texts("Copy and edit"), "copy_survey"),
        )
    )
    text = _overview(visit.texts, Draft(stored.survey))
    return [toast(query), edit(query, Screen(text, (*rows, *back(visit.texts))))]


def _overview(texts: Texts, draft: Draft) -> str:
    survey = draft.survey
    lines = [f"<b>{escape(localized(survey.title, texts.language), quote=False)}</b>", ""]
    for number, question in enumerate(survey.questions, start=1):
        words = escape(localized(question.text, texts.language), quote=False)
        lines.append(f"{number}. {f'<s>{words}</s>' if question.key in draft.off else words}")
    return "\n".join(lines)[:4000]


async def edit_survey(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Begin a new version of a survey."""
    stored = await _stored(tap, visit)
    if stored is None:
        return _stale(query, visit)
    await _save(visit, Draft(stored.survey))
    return await editor(query, visit)


async def copy_survey(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Begin a survey of its own from another."""
    stored = await _stored(tap, visit)
    if stored is None:
        return _stale(query, visit)
    taken = [one.key for one in await definitions.all_latest(visit.tx)]
    await _save(visit, Draft(editing.copied(stored.survey, taken)))
    return await editor(query, visit)


async def editor(query: CallbackQuery, visit: Visit) -> Replies:
    """Show the survey being edited."""
    draft = await _draft(visit)
    if draft is None:
        return _stale(query, visit)
    await _await(visit, None)
    return [toast(query), edit(query, _editor(visit.texts, draft))]


def _editor(texts: Texts, draft: Draft) -> Screen:
    rows: list[tuple[Button, ...]] = []
    for place, question in enumerate(draft.survey.questions):
        mark = "✗" if question.key in draft.off else "✓"
        words = localized(question.text, texts.language)[:_SHORT]
        rows.append(
            (
                Button(f"{mark} {place + 1}", MenuTap("q_toggle", (str(place),)).pack()),
                Button(f"✎ {words}", MenuTap("q_words", (str(place),)).pack()),
            )
        )
    rows += [
        (Button(texts("Try it"), MenuTap("try_draft").pack()),),
        (Button(texts("Publish"), MenuTap("publish").pack()),),
        (Button(texts("Throw the changes away"), MenuTap("drop_draft").pack()),),
    ]
    return Screen(_overview(texts, draft), (*rows, *back(texts)))


async def toggle(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Switch a question off or on."""
    draft, key = await _question(tap, visit)
    if draft is None or key is None:
        return _stale(query, visit)
    changed = editing.toggled(draft, key)
    await _save(visit, changed)
    return [toast(query), edit(query, _editor(visit.texts, changed))]


async def ask_wording(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Show a question's wording; with a language, wait for the new one."""
    draft, key = await _question(tap, visit)
    if draft is None or key is None:
        return _stale(query, visit)
    text = draft.survey.question(key).text
    both = "\n\n".join(
        f"{LANGUAGE_NAMES[language]}: {escape(localized(text, language), quote=False)}"
        for language in LANGUAGES
    )
    chosen = tap.arguments[1] if len(tap.arguments) > 1 else ""
    if chosen in LANGUAGES:
        await _await(visit, {"question": key, "language": chosen})
        both += "\n\n" + visit.texts(
            "Write the new wording in this language: {language}", language=LANGUAGE_NAMES[chosen]
        )
    rows = [
        (Button(LANGUAGE_NAMES[one], MenuTap("q_words", (tap.arguments[0], one)).pack()),)
        for one in LANGUAGES
    ]
    rows.append((Button(visit.texts("‹ Back to the survey"), MenuTap("editor").pack()),))
    return [toast(query), edit(query, Screen(both, tuple(rows)))]


async def wording(message: Message, visit: Visit) -> Replies:
    """Take a new wording where one is waited for."""
    draft = await _draft(visit)
    awaited = await _awaited(visit)
    if draft is None or awaited is None or (message.text or "").startswith("/"):
        raise SkipHandler
    language: Language = "en" if awaited["language"] == "en" else "ru"
    try:
        text = clean_text(message.text or "")
        changed = editing.reworded(draft, awaited["question"], language, text)
    except SurveyInvalid as error:
        return [say(visit, Screen(escape(_mistakes(visit.texts, error), quote=False)))]
    await _await(visit, None)
    await _save(visit, changed)
    return [say(visit, _editor(visit.texts, changed))]


async def try_draft(query: CallbackQuery, visit: Visit) -> Replies:
    """Send the survey being edited as a trial."""
    survey = await _result(visit)
    if isinstance(survey, str):
        return [toast(query, survey)]
    return [toast(query), *await rehearsal.start(visit, survey)]


async def publish(query: CallbackQuery, visit: Visit) -> Replies:
    """Keep the survey as the newest version; campaigns under way go on with theirs."""
    survey = await _result(visit)
    if isinstance(survey, str) or visit.person is None:
        return [toast(query, survey if isinstance(survey, str) else "")]
    await definitions.save(visit.tx, survey, visit.now)
    await drafts.drop(visit.tx, visit.person.id, TOPIC)
    title = escape(localized(survey.title, visit.texts.language), quote=False)
    text = visit.texts(
        "Published: «{survey}». New campaigns ask this version; those under way go on with theirs.",
        survey=title,
    )
    return [toast(query), edit(query, Screen(text, back(visit.texts)))]


async def drop_draft(query: CallbackQuery, visit: Visit) -> Replies:
    """Forget the changes."""
    if visit.person is not None:
        await drafts.drop(visit.tx, visit.person.id, TOPIC)
    return await list_surveys(query, visit)


async def _result(visit: Visit) -> Survey | str:
    draft = await _draft(visit)
    if draft is None:
        return visit.texts("That button is out of date.")
    try:
        return editing.result(draft)
    except SurveyInvalid as error:
        return _mistakes(visit.texts, error)


def _mistakes(texts: Texts, error: SurveyInvalid) -> str:
    return "\n".join(f"{one.place}: {told(texts, one.message)}" for one in error.problems)


def _stale(query: CallbackQuery, visit: Visit) -> Replies:
    return [toast(query, visit.texts("That button is out of date."))]


async def _stored(tap: MenuTap, visit: Visit) -> StoredDefinition | None:
    return await definitions.latest(visit.tx, tap.arguments[0] if tap.arguments else "")


async def _question(tap: MenuTap, visit: Visit) -> tuple[Draft | None, str | None]:
    draft, place = await _draft(visit), tap.number(0)
    if draft is None or place is None or place >= len(draft.survey.questions):
        return draft, None
    return draft, draft.survey.questions[place].key


async def _draft(visit: Visit) -> Draft | None:
    if visit.person is None:
        return None
    content = await drafts.load(visit.tx, visit.person.id, TOPIC)
    try:
        return None if content is None else editing.from_json(content)
    except SurveyError:
        return None


async def _save(visit: Visit, draft: Draft) -> None:
    if visit.person is not None:
        await drafts.save(visit.tx, visit.person.id, TOPIC, editing.to_json(draft), visit.now)


async def _await(visit: Visit, what: dict[str, str] | None) -> None:
    if visit.person is None:
        return
    if what is None:
        await drafts.drop(visit.tx, visit.person.id, AWAITED)
    else:
        await drafts.save(visit.tx, visit.person.id, AWAITED, json.dumps(what), visit.now)


async def _awaited(visit: Visit) -> dict[str, str] | None:
    if visit.person is None:
        return None
    content = await drafts.load(visit.tx, visit.person.id, AWAITED)
    awaited: dict[str, str] | None = None if content is None else json.loads(content)
    return awaited


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="survey editor")
    places: dict[str, Callable[..., Awaitable[Replies]]] = {
        "surveys": list_surveys,
        "survey": show_survey,
        "edit_survey": edit_survey,
        "copy_survey": copy_survey,
        "editor": editor,
        "q_toggle": toggle,
        "q_words": ask_wording,
        "try_draft": try_draft,
        "publish": publish,
        "drop_draft": drop_draft,
    }
    for place, handler in places.items():
        router.callback_query.register(handler, is_menu_tap(place))
    router.message.register(wording, F.text)
    return router
