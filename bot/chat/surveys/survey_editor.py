"""Surveys with buttons: see, try, copy, reword, switch questions on and off, publish a version."""

import json
from collections.abc import Sequence
from functools import partial
from html import escape
from itertools import zip_longest

from bot.chat.admin_screens import back
from bot.chat.menus import LANGUAGE_NAMES
from bot.chat.surveys import rehearsal
from bot.chat.visit import Visit
from bot.says.fitting import within
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import definitions, drafts
from storage.asking.definitions import StoredDefinition
from surveys.errors import Problem, SurveyError, SurveyInvalid
from surveys.survey import editing
from surveys.survey.answers import clean_text
from surveys.survey.definition import Language, Question, localized
from surveys.survey.editing import Draft
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import LANGUAGES, Texts

TOPIC = "survey"
AWAITED = "wording"
"""The topic that says which question's wording the next message is."""
_ROOM = 2600
_MISTAKES = 900


async def list_surveys(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the surveys, and the one being edited."""
    known = await definitions.all_latest(visit.tx)
    editing_now = await _draft(visit) is not None
    return Change(_list(visit.texts, known, editing_now=editing_now))


def _list(texts: Texts, known: Sequence[StoredDefinition], *, editing_now: bool) -> Screen:
    rows = [
        (Button(localized(one.survey.title, texts.language), MenuTap("survey", (one.key,)).pack()),)
        for one in known
    ]
    if editing_now:
        rows.append((Button(texts("Go on editing"), MenuTap("editor").pack()),))
    return Screen(texts("Which survey?"), (*rows, *back(texts)))


async def show_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a survey's questions and what can be done with it."""
    stored = await _stored(tap, visit)
    if stored is None:
        return _stale(visit)
    rows = tuple(
        (Button(label, MenuTap(place, (stored.key,)).pack()),)
        for label, place in (
            (visit.texts("Send it to me as a trial"), "rehearse"),
            (visit.texts("Edit"), "edit_survey"),
            (visit.texts("Copy and edit"), "copy_survey"),
        )
    )
    text = _overview(visit, Draft(stored.survey))
    return Change(Screen(text, (*rows, *back(visit.texts))))


def _overview(visit: Visit, draft: Draft) -> str:
    survey, texts = draft.survey, visit.texts
    lines = []
    for number, question in enumerate(survey.questions, start=1):
        words = escape(_asked(visit, question), quote=False)
        lines.append(f"{number}. {f'<s>{words}</s>' if question.key in draft.off else words}")
    title = f"<b>{escape(localized(survey.title, texts.language), quote=False)}</b>"
    shown = within(lines, _ROOM, partial(texts.plural, "… and {n} more", "… and {n} more"))
    return "\n".join([title, "", *shown])


def _asked(visit: Visit, question: Question) -> str:
    """Return a question's words as they read here; what is known of nobody stays in braces."""
    names = Placeholders(visit.workspace.company, name="{name}", manager="{manager}")
    return fill(localized(question.text, visit.texts.language), names)


async def edit_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Begin a new version of a survey."""
    stored = await _stored(tap, visit)
    if stored is None:
        return _stale(visit)
    draft = await _draft(visit)
    if draft is not None and tap.button.arguments[1:] != ("anew",):
        screen = _unfinished(visit.texts, draft, stored, "edit_survey")
        return Change(screen)
    await _save(visit, Draft(stored.survey))
    return await editor(tap, visit)


def _unfinished(texts: Texts, draft: Draft, wanted: StoredDefinition, place: str) -> Screen:
    title = escape(localized(draft.survey.title, texts.language), quote=False)
    anew = MenuTap(place, (wanted.key, "anew")).pack()
    rows = (
        (Button(texts("Go on editing"), MenuTap("editor").pack()),),
        (Button(texts("Throw them away and begin anew"), anew),),
        *back(texts),
    )
    return Screen(texts("You changed «{survey}» and have not published it.", survey=title), rows)


async def copy_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Begin a survey of its own from another."""
    stored = await _stored(tap, visit)
    if stored is None:
        return _stale(visit)
    draft = await _draft(visit)
    if draft is not None and tap.button.arguments[1:] != ("anew",):
        screen = _unfinished(visit.texts, draft, stored, "copy_survey")
        return Change(screen)
    taken = [one.key for one in await definitions.all_latest(visit.tx)]
    await _save(visit, Draft(editing.copied(stored.survey, taken)))
    return await editor(tap, visit)


async def editor(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the survey being edited."""
    draft = await _draft(visit)
    if draft is None:
        return _stale(visit)
    await _await(visit, None)
    return Change(_editor(visit, draft))


def _editor(visit: Visit, draft: Draft, mistakes: str = "") -> Screen:
    """Return the survey being edited, with what keeps it from being published."""
    texts = visit.texts
    pairs = [_switches(draft, place) for place in range(len(draft.survey.questions))]
    rows = [first + second for first, second in zip_longest(pairs[::2], pairs[1::2], fillvalue=())]
    rows += [
        (Button(texts("Try it"), MenuTap("try_draft").pack()),),
        (Button(texts("Publish"), MenuTap("publish").pack()),),
        (Button(texts("Throw the changes away"), MenuTap("drop_draft").pack()),),
    ]
    said = texts(
        "✓ is asked, ✗ is left out, ✎ changes the wording. Nobody sees the changes before you "
        "publish them."
    )
    parts = [_overview(visit, draft), f"<i>{said}</i>", escape(mistakes, quote=False)]
    return Screen("\n\n".join(filter(None, parts)), (*rows, *back(texts)))


def _switches(draft: Draft, place: int) -> tuple[Button, ...]:
    """Return the two buttons of a question: a phone has no room for its words on them."""
    is_off = draft.survey.questions[place].key in draft.off
    number = (str(place),)
    return (
        Button(f"{'✗' if is_off else '✓'} {place + 1}", MenuTap("q_toggle", number).pack()),
        Button(f"✎ {place + 1}", MenuTap("q_words", number).pack()),
    )


async def toggle(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Switch a question off or on."""
    draft, key = await _question(tap, visit)
    if draft is None or key is None:
        return _stale(visit)
    changed = editing.toggled(draft, key)
    await _save(visit, changed)
    return Change(_editor(visit, changed))


async def ask_wording(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a question's wording; with a language, wait for the new one."""
    draft, key = await _question(tap, visit)
    if draft is None or key is None:
        return _stale(visit)
    text = draft.survey.question(key).text
    both = "\n\n".join(
        f"{LANGUAGE_NAMES[language]}: {escape(localized(text, language), quote=False)}"
        for language in LANGUAGES
    )
    both += "\n\n" + visit.texts(
        "Words in braces are filled in: {names}.",
        names="{company}, {name}, {manager}",
    )
    if draft.survey.question(key).variants:
        both += " " + visit.texts(
            "This question is worded by the earlier answer; a new wording takes the place of all."
        )
    chosen = tap.button.arguments[1] if len(tap.button.arguments) > 1 else ""
    if chosen in LANGUAGES:
        await _await(visit, {"question": key, "language": chosen})
        both += "\n\n" + visit.texts(
            "Write the new wording in this language: {language}", language=LANGUAGE_NAMES[chosen]
        )
    rows = [
        (Button(LANGUAGE_NAMES[one], MenuTap("q_words", (tap.button.arguments[0], one)).pack()),)
        for one in LANGUAGES
    ]
    rows.append((Button(visit.texts("‹ Back to the survey"), MenuTap("editor").pack()),))
    return Change(Screen(both, tuple(rows)))


async def wording(words: Words, visit: Visit) -> Reply:
    """Take a new wording where one is waited for."""
    draft = await _draft(visit)
    awaited = await _awaited(visit)
    if draft is None or awaited is None:
        return None
    language: Language = "en" if awaited["language"] == "en" else "ru"
    try:
        text = clean_text(words.text)
        changed = editing.reworded(draft, awaited["question"], language, text)
    except SurveyInvalid as error:
        return Show(Screen(escape(_mistakes(visit.texts, error, draft), quote=False)))
    await _await(visit, None)
    await _save(visit, changed)
    return Show(_editor(visit, changed))


async def try_draft(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Send the survey being edited as a trial."""
    draft = await _draft(visit)
    if draft is None:
        return _stale(visit)
    try:
        survey = editing.result(draft)
    except SurveyInvalid as error:
        return _refused(visit, draft, error)
    return await rehearsal.start(visit, survey)


async def publish(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Keep the survey as the newest version; campaigns under way go on with theirs."""
    draft = await _draft(visit)
    if draft is None or visit.person is None:
        return _stale(visit)
    try:
        survey = editing.result(draft)
    except SurveyInvalid as error:
        return _refused(visit, draft, error)
    await definitions.save(visit.tx, survey, visit.now)
    await drafts.drop(visit.tx, visit.person.id, TOPIC)
    title = escape(localized(survey.title, visit.texts.language), quote=False)
    text = visit.texts(
        "Published: «{survey}». New campaigns ask this version; those under way go on with theirs.",
        survey=title,
    )
    return Change(Screen(text, back(visit.texts)))


async def drop_draft(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Forget the changes."""
    if visit.person is not None:
        await drafts.drop(visit.tx, visit.person.id, TOPIC)
    return await list_surveys(tap, visit)


def _refused(visit: Visit, draft: Draft, error: SurveyInvalid) -> Reply:
    """Say below the survey why it cannot be asked like this: a toast is too short for it."""
    head = visit.texts("It cannot be asked like this:")
    mistakes = f"{head}\n{_mistakes(visit.texts, error, draft)}"
    said = visit.texts("Not published: see below the questions.")
    return [Toast(said), Change(_editor(visit, draft, mistakes))]


def _mistakes(texts: Texts, error: SurveyInvalid, draft: Draft) -> str:
    """Return what is wrong, each once, with the number of its question."""
    lines = [_mistake(texts, one, draft) for one in error.problems]
    more = partial(texts.plural, "… and {n} more", "… and {n} more")
    return "\n".join(within(list(dict.fromkeys(lines)), _MISTAKES, more))


def _mistake(texts: Texts, problem: Problem, draft: Draft) -> str:
    said = told(texts, problem.message)
    _, _, rest = problem.place.partition("questions.")
    key = rest.partition(".")[0]
    numbers = {one.key: place for place, one in enumerate(draft.survey.questions, start=1)}
    if key not in numbers:
        return f"• {said}"
    missing = problem.message.values.get("key")
    if missing in draft.off:
        return texts(
            "• Question {n} depends on question {other}, which is left out.",
            n=numbers[key],
            other=numbers[str(missing)],
        )
    return texts("• Question {n}: {said}", n=numbers[key], said=said)


def _stale(visit: Visit) -> Reply:
    return Toast(visit.texts("That button is out of date."))


async def _stored(tap: Tap[MenuTap], visit: Visit) -> StoredDefinition | None:
    return await definitions.latest(
        visit.tx, tap.button.arguments[0] if tap.button.arguments else ""
    )


async def _question(tap: Tap[MenuTap], visit: Visit) -> tuple[Draft | None, str | None]:
    draft, place = await _draft(visit), tap.button.number(0)
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
