"""Surveys with buttons: see, try, copy, switch questions on and off."""

from collections.abc import Sequence
from functools import partial
from itertools import zip_longest

from bot.chat.admin_screens import back
from bot.chat.surveys import rehearsal
from bot.chat.surveys.editor_draft import (
    begin,
    draft_of,
    end,
    question_of,
    save,
    stale,
    taken_keys,
    wait_for,
)
from bot.chat.visit import Visit
from bot.operations.reports import readiness
from bot.says.fitting import within
from bot.says.heard import Tap
from bot.says.markup import literal
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import definitions
from storage.asking.definitions import StoredDefinition
from surveys.counts.readiness import SURVEY as READINESS
from surveys.errors import Problem, SurveyInvalid
from surveys.survey import editing
from surveys.survey.advice import advice
from surveys.survey.catalog import about
from surveys.survey.definition import Question, localized
from surveys.survey.editing import SurveyDraft
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import Texts

_ROOM = 2600
_MISTAKES = 900


async def list_surveys(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the surveys, and the one being edited."""
    known = await definitions.all_latest(visit.tx)
    editing_now = await draft_of(visit) is not None
    return Change(_list(visit.texts, known, editing_now=editing_now))


def _list(texts: Texts, known: Sequence[StoredDefinition], *, editing_now: bool) -> Screen:
    rows = [
        (Button(localized(one.survey.title, texts.language), MenuTap("survey", (one.key,)).pack()),)
        for one in known
    ]
    if editing_now:
        rows.append((Button(texts("Go on editing"), MenuTap("editor").pack()),))
    rows.append((Button(texts("A new survey"), MenuTap("s_new", ("new",)).pack()),))
    return Screen(texts("Which survey?"), (*rows, *back(texts)))


async def show_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show a survey's questions and what can be done with it."""
    stored = await _stored(tap, visit)
    if stored is None:
        return stale(visit)
    rows = tuple(
        (Button(label, MenuTap(place, (stored.key,)).pack()),)
        for label, place in (
            (visit.texts("Send it to me as a trial"), "rehearse"),
            (visit.texts("Edit"), "edit_survey"),
            (visit.texts("Copy and edit"), "copy_survey"),
        )
    )
    if stored.key == READINESS:
        answer = visit.texts("What the answers show")
        rows = ((Button(answer, MenuTap("readiness").pack()),), *rows)
    said = about(stored.survey)
    text = _overview(visit, SurveyDraft(stored.survey))
    if said is not None:
        text += f"\n\n<i>{literal(localized(said, visit.texts.language))}</i>"
    return Change(Screen(text, (*rows, *back(visit.texts))))


def _overview(visit: Visit, draft: SurveyDraft) -> str:
    survey, texts = draft.survey, visit.texts
    lines = []
    for number, question in enumerate(survey.questions, start=1):
        words = literal(asked_words(visit, question))
        lines.append(f"{number}. {f'<s>{words}</s>' if question.key in draft.off else words}")
    title = f"<b>{literal(localized(survey.title, texts.language))}</b>"
    shown = within(lines, _ROOM, partial(texts.plural, "… and {n} more", "… and {n} more"))
    return "\n".join([title, "", *shown])


def asked_words(visit: Visit, question: Question) -> str:
    """Return a question's words as the editor shows them: a respondent's name stays in braces."""
    names = Placeholders(visit.workspace.company, name="{name}", manager="{manager}")
    return fill(localized(question.text, visit.texts.language), names)


async def show_readiness(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Tell whether it is time for a CRM, by what the managers answered."""
    found = await readiness.found(visit.tx, visit.now)
    conclusion, *reasons = (literal(one) for one in readiness.said(visit.texts, found))
    text = "\n".join([f"<b>{conclusion}</b>", *reasons])
    again = Button(visit.texts("‹ Back"), MenuTap("survey", (READINESS,)).pack())
    return Change(Screen(text, ((again,), *back(visit.texts))))


async def edit_survey(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Begin a new version of a survey."""
    stored = await _stored(tap, visit)
    if stored is None:
        return stale(visit)
    draft = await draft_of(visit)
    if draft is not None and tap.button.arguments[1:] != ("anew",):
        screen = unfinished(visit.texts, draft, stored.key, "edit_survey")
        return Change(screen)
    await begin(visit, SurveyDraft(stored.survey), stored.version)
    return await editor(tap, visit)


def unfinished(texts: Texts, draft: SurveyDraft, wanted: str, place: str) -> Screen:
    """Return the choice between the changes not yet published and what was asked for."""
    title = literal(localized(draft.survey.title, texts.language))
    anew = MenuTap(place, (wanted, "anew")).pack()
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
        return stale(visit)
    draft = await draft_of(visit)
    if draft is not None and tap.button.arguments[1:] != ("anew",):
        screen = unfinished(visit.texts, draft, stored.key, "copy_survey")
        return Change(screen)
    await begin(visit, SurveyDraft(editing.copied(stored.survey, await taken_keys(visit))))
    return await editor(tap, visit)


async def editor(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the survey being edited."""
    draft = await draft_of(visit)
    if draft is None:
        return stale(visit)
    await wait_for(visit, None)
    return Change(editor_screen(visit, draft))


def editor_screen(
    visit: Visit, draft: SurveyDraft, mistakes: str = "", to_mend: Sequence[int] = ()
) -> Screen:
    """Return the survey being edited, with what keeps it from being published.

    `to_mend` are the places of the questions that the mistakes are about, each with its button.
    """
    texts = visit.texts
    pairs = [_switches(draft, place) for place in range(len(draft.survey.questions))]
    rows = [first + second for first, second in zip_longest(pairs[::2], pairs[1::2], fillvalue=())]
    mends = [
        (Button(texts("Mend question {n}", n=place + 1), MenuTap("q_words", (str(place),)).pack()),)
        for place in to_mend
    ]
    rows = [*mends, *rows]
    rows += [
        (Button(texts("Add a question"), MenuTap("q_kinds").pack()),),
        (Button(texts("Title, timing and thanks"), MenuTap("s_page").pack()),),
        (Button(texts("Try it"), MenuTap("try_draft").pack()),),
        (Button(texts("Publish"), MenuTap("publish").pack()),),
        (Button(texts("Throw the changes away"), MenuTap("drop_draft").pack()),),
    ]
    said = texts(
        "✓ is asked, ✗ is left out, ✎ changes the question. Nobody sees the changes before you "
        "publish them."
    )
    warned = _advice(texts, draft)
    below = [literal(one) for one in (mistakes, warned)]
    parts = [_overview(visit, draft), f"<i>{said}</i>", *below]
    return Screen("\n\n".join(filter(None, parts)), (*rows, *back(texts)))


def _advice(texts: Texts, draft: SurveyDraft) -> str:
    """Return what is valid but will read badly, with the number of its question."""
    found = [Problem(1, 1, place, said) for place, said in advice(draft.survey)]
    lines = [_mistake(texts, one, draft) for one in found]
    more = partial(texts.plural, "… and {n} more", "… and {n} more")
    return "\n".join(within(list(dict.fromkeys(lines)), _MISTAKES, more))


def _switches(draft: SurveyDraft, place: int) -> tuple[Button, ...]:
    """Return the two buttons of a question: a phone has no room for its words on them."""
    is_off = draft.survey.questions[place].key in draft.off
    number = (str(place),)
    return (
        Button(f"{'✗' if is_off else '✓'} {place + 1}", MenuTap("q_toggle", number).pack()),
        Button(f"✎ {place + 1}", MenuTap("q_words", number).pack()),
    )


async def toggle(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Switch a question off or on."""
    draft, key = await question_of(tap, visit)
    if draft is None or key is None:
        return stale(visit)
    changed = editing.toggled(draft, key)
    await save(visit, changed)
    return Change(editor_screen(visit, changed))


async def try_draft(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Send the survey being edited as a trial."""
    draft = await draft_of(visit)
    if draft is None:
        return stale(visit)
    try:
        survey = editing.result(draft)
    except SurveyInvalid as error:
        return refused(visit, draft, error)
    return await rehearsal.start(visit, survey)


async def drop_draft(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Forget the changes."""
    if visit.person is not None:
        await end(visit)
    return await list_surveys(tap, visit)


def refused(visit: Visit, draft: SurveyDraft, error: SurveyInvalid) -> Reply:
    """Say below the survey why it cannot be asked like this: a toast is too short for it."""
    head = visit.texts("It cannot be asked like this:")
    mistakes = f"{head}\n{mistakes_of(visit.texts, error, draft)}"
    said = visit.texts("Not published: see below the questions.")
    keys = [_key_of(problem) for problem in error.problems]
    places = [place for place, one in enumerate(draft.survey.questions) if one.key in keys]
    return [Toast(said), Change(editor_screen(visit, draft, mistakes, places))]


def _key_of(problem: Problem) -> str:
    _, _, rest = problem.place.partition("questions.")
    return rest.partition(".")[0]


def mistakes_of(texts: Texts, error: SurveyInvalid, draft: SurveyDraft) -> str:
    """Return what is wrong, each once, with the number of its question."""
    lines = [_mistake(texts, one, draft) for one in error.problems]
    more = partial(texts.plural, "… and {n} more", "… and {n} more")
    return "\n".join(within(list(dict.fromkeys(lines)), _MISTAKES, more))


def _mistake(texts: Texts, problem: Problem, draft: SurveyDraft) -> str:
    said = told(texts, problem.message)
    key = _key_of(problem)
    numbers = {one.key: place for place, one in enumerate(draft.survey.questions, start=1)}
    if key not in numbers:
        return f"• {said}"
    missing = problem.message.values.get("key")
    if missing in draft.off or missing in numbers:
        return texts(
            "• Question {n} depends on question {other}, which is left out.",
            n=numbers[key],
            other=numbers[str(missing)],
        )
    return texts("• Question {n}: {said}", n=numbers[key], said=said)


async def _stored(tap: Tap[MenuTap], visit: Visit) -> StoredDefinition | None:
    return await definitions.latest(
        visit.tx, tap.button.arguments[0] if tap.button.arguments else ""
    )
