"""A survey tried in the admin's own chat: the real screens, and nothing is kept of the answers.

Its buttons name invitation 0, which nobody has; where it stands is a draft of the admin's.
"""

import json
from dataclasses import dataclass, replace

from bot.chat.admin_screens import back
from bot.chat.visit import Visit
from bot.says import survey_screens
from bot.says.heard import Tap, Words
from bot.says.refusals import invalid_answer
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.survey_screens import View
from bot.says.taps import MenuTap, SurveyTap
from storage.asking import definitions, drafts
from surveys.errors import InvalidAnswer
from surveys.survey import answers as codec
from surveys.survey import flow
from surveys.survey.answers import Answer, from_option, from_text, toggle
from surveys.survey.definition import ChoicesQuestion, Question, Survey
from surveys.survey.loading import survey_from_json, survey_to_json
from surveys.survey.placeholders import Placeholders

TOPIC = "rehearsal"
NOBODY = 0


@dataclass(frozen=True, slots=True)
class State:
    """Where a rehearsal stands."""

    survey: Survey
    answers: dict[str, Answer]
    current: str | None


async def begin(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Send the admin a survey's first message, as a customer would get it."""
    stored = await definitions.latest(
        visit.tx, tap.button.arguments[0] if tap.button.arguments else ""
    )
    if stored is None:
        return Toast(visit.texts("That button is out of date."))
    return await start(visit, stored.survey)


async def start(visit: Visit, survey: Survey) -> Show:
    """Show the first question in a new message."""
    first = survey.questions[0]
    await _save(visit, State(survey, {}, first.key))
    screen = survey_screens.invitation(_view(visit, survey), first)
    said = visit.texts("A trial: nothing of it is kept.")
    text = f"<i>{said}</i>\n\n{screen.text}"
    return Show(Screen(text, (*screen.rows, _way_out(visit))))


def _way_out(visit: Visit) -> tuple[Button, ...]:
    """Return the button that only a trial has."""
    return (Button(visit.texts("End the trial"), MenuTap("rehearsed").pack()),)


async def ended(_: Tap[MenuTap], visit: Visit) -> Reply:
    """End the trial before its last question."""
    return Change(await _over(visit))


async def tapped(tap: Tap[SurveyTap], visit: Visit) -> Reply:
    """Go on by a button of a survey that is only tried."""
    if tap.button.invitation_id != NOBODY:
        return None
    state = await _load(visit)
    question = None if state is None else _current(state)
    if state is None or question is None:
        return Toast(visit.texts("That button is out of date."))
    if state.survey.questions.index(question) != tap.button.question:
        return Change(_screen(visit, state))
    try:
        following = _act(state, question, tap.button)
    except InvalidAnswer as error:
        return Toast(invalid_answer(visit.texts, error))
    return Change(await _show(visit, following))


def _act(state: State, question: Question, tap: SurveyTap) -> State:
    match tap.action:
        case "back":
            earlier = flow.before(state.survey, state.answers, question.key)
            return replace(state, current=(earlier or question).key)
        case "skip":
            return _answered(state, question, None)
        case "done":
            return _moved(state, question)
        case "answer" if isinstance(question, ChoicesQuestion):
            chosen = state.answers.get(question.key)
            present = chosen if isinstance(chosen, tuple) else ()
            changed = toggle(question, present, tap.option)
            return replace(state, answers=state.answers | {question.key: changed})
        case "answer":
            return _answered(state, question, from_option(question, tap.option))
        case _:
            return state


async def typed(words: Words, visit: Visit) -> Reply:
    """Take typed text where the rehearsal waits for it."""
    state = await _load(visit)
    question = None if state is None else _current(state)
    if state is None or question is None:
        return None
    try:
        following = _answered(state, question, from_text(question, words.text))
    except InvalidAnswer as error:
        return Show(Screen(invalid_answer(visit.texts, error)))
    return Show(await _show(visit, following))


def _answered(state: State, question: Question, given: Answer) -> State:
    return _moved(replace(state, answers=state.answers | {question.key: given}), question)


def _moved(state: State, question: Question) -> State:
    following = flow.after(state.survey, state.answers, question.key)
    return replace(state, current=None if following is None else following.key)


async def _show(visit: Visit, state: State) -> Screen:
    if state.current is not None:
        await _save(visit, state)
        return _screen(visit, state)
    view = _view(visit, state.survey)
    thanks = survey_screens.thanks(view, state.answers, visit.workspace.review_url)
    ended = await _over(visit)
    return Screen(f"{thanks.text}\n\n{ended.text}", ended.rows)


def _screen(visit: Visit, state: State) -> Screen:
    question = state.survey.question(state.current or state.survey.questions[0].key)
    screen = survey_screens.question_screen(_view(visit, state.survey), question, state.answers)
    return Screen(screen.text, (*screen.rows, _way_out(visit)))


async def _over(visit: Visit) -> Screen:
    if visit.person is not None:
        await drafts.drop(visit.tx, visit.person.id, TOPIC)
    said = visit.texts("The trial is over; nothing of it was kept.")
    return Screen(f"<i>{said}</i>", back(visit.texts))


def _current(state: State) -> Question | None:
    return None if state.current is None else state.survey.question(state.current)


def _view(visit: Visit, survey: Survey) -> View:
    name = visit.person.name if visit.person is not None else ""
    filled = Placeholders(company=visit.workspace.company, name=name, manager=name)
    return View(survey, NOBODY, visit.texts, filled)


async def _load(visit: Visit) -> State | None:
    if visit.person is None:
        return None
    content = await drafts.load(visit.tx, visit.person.id, TOPIC)
    if content is None:
        return None
    data = json.loads(content)
    survey = survey_from_json(json.dumps(data["survey"]))
    given = {
        key: codec.from_json(survey.question(key), value) for key, value in data["answers"].items()
    }
    return State(survey, given, data["current"])


async def _save(visit: Visit, state: State) -> None:
    if visit.person is None:
        return
    content = {
        "survey": json.loads(survey_to_json(state.survey)),
        "answers": {key: codec.to_json(value) for key, value in state.answers.items()},
        "current": state.current,
    }
    await drafts.save(visit.tx, visit.person.id, TOPIC, json.dumps(content), visit.now)
