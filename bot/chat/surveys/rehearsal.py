"""A survey tried in the admin's own chat: a customer's conversation, kept in a draft.

Its buttons name invitation 0, which nobody has. When the trial is over, its answers are deleted.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.chat.admin_screens import back
from bot.chat.surveys import survey as conversation
from bot.chat.surveys.progress import Step
from bot.chat.visit import Visit
from bot.says import survey_screens
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Said, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.survey_screens import NOBODY
from bot.says.taps import MenuTap, SurveyTap
from storage.asking import definitions, drafts
from storage.database import Transaction
from surveys.survey import answers as codec
from surveys.survey.answers import Answer
from surveys.survey.definition import LocalText, Question, Survey
from surveys.survey.loading import survey_from_json, survey_to_json
from surveys.survey.placeholders import Placeholders

TOPIC = "rehearsal"


@dataclass
class DraftSheet:
    """Answers kept in a draft of the person who tries the survey."""

    tx: Transaction
    person_id: int
    survey: Survey
    now: datetime
    given: dict[str, Answer] = field(default_factory=dict)
    shown: str | None = None
    handle: str = ""
    is_over: bool = False

    async def answers(self) -> dict[str, Answer]:
        return dict(self.given)

    async def current(self) -> str | None:
        return self.shown

    async def asked(self, _question: Question) -> LocalText | None:
        return None

    async def answer(self, question: Question, answer: Answer) -> None:
        self.given[question.key] = answer
        await self._save()

    async def show(self, question: Question) -> None:
        self.shown = question.key
        await self._save()

    async def forget(self, keys: frozenset[str]) -> None:
        self.given = {key: value for key, value in self.given.items() if key not in keys}
        await self._save()

    async def finish(self) -> None:
        self.is_over = True
        await drafts.drop(self.tx, self.person_id, TOPIC)

    async def _save(self) -> None:
        content = {
            "survey": json.loads(survey_to_json(self.survey)),
            "answers": {key: codec.to_json(value) for key, value in self.given.items()},
            "current": self.shown,
        }
        await drafts.save(self.tx, self.person_id, TOPIC, json.dumps(content), self.now)


async def begin(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Send the admin a survey's first message, as a customer would get it."""
    key = tap.button.arguments[0] if tap.button.arguments else ""
    stored = await definitions.latest(visit.tx, key)
    if stored is None:
        return Toast(visit.texts("That button is out of date."))
    return await start(visit, stored.survey)


async def start(visit: Visit, survey: Survey) -> Reply:
    """Show the first question in a new message."""
    if visit.person is None:
        return None
    sheet = DraftSheet(visit.tx, visit.person.id, survey, visit.now)
    first = survey.questions[0]
    await sheet.show(first)
    screen = survey_screens.invitation(_step(visit, sheet).view, first)
    said = visit.texts("A trial: nothing of it is kept.")
    return _as_trial([Show(replace(screen, text=f"<i>{said}</i>\n\n{screen.text}"))], sheet, visit)


async def ended(_: Tap[MenuTap], visit: Visit) -> Reply:
    """End the trial before its last question."""
    if visit.person is not None:
        await drafts.drop(visit.tx, visit.person.id, TOPIC)
    return Change(Screen(_over(visit), back(visit.texts)))


async def tapped(tap: Tap[SurveyTap], visit: Visit) -> Reply:
    """Go on by a button of a survey that is only tried."""
    if tap.button.invitation_id != NOBODY:
        return None
    sheet = await _sheet(visit)
    if sheet is None:
        return Toast(visit.texts("That button is out of date."))
    return _as_trial(await conversation.go_on(tap, visit, _step(visit, sheet)), sheet, visit)


async def typed(words: Words, visit: Visit) -> Reply:
    """Take typed text where the trial waits for it."""
    sheet = await _sheet(visit)
    if sheet is None:
        return None
    return _as_trial(await conversation.take(words, visit, _step(visit, sheet)), sheet, visit)


def _as_trial(said: Sequence[Said] | None, sheet: DraftSheet, visit: Visit) -> Reply:
    """Return what the conversation says, each screen with the way out of a trial."""
    if said is None:
        return None
    return [
        replace(one, screen=_screen(one.screen, sheet, visit))
        if isinstance(one, Show | Change)
        else one
        for one in said
    ]


def _screen(screen: Screen, sheet: DraftSheet, visit: Visit) -> Screen:
    if sheet.is_over:
        return Screen(f"{screen.text}\n\n{_over(visit)}", back(visit.texts))
    way_out = Button(visit.texts("End the trial"), MenuTap("rehearsed").pack())
    return Screen(screen.text, (*screen.rows, (way_out,)))


def _over(visit: Visit) -> str:
    said = visit.texts("The trial is over; nothing of it was kept.")
    return f"<i>{said}</i>"


def _step(visit: Visit, sheet: DraftSheet) -> Step:
    tester = visit.person
    filled = Placeholders(
        company=visit.workspace.company,
        name=(tester.first_name or "") if tester is not None else "",
        manager=tester.name if tester is not None else "",
    )
    return Step(
        visit.tx, visit.now, None, sheet.survey, sheet, visit.texts, visit.workspace, filled
    )


async def _sheet(visit: Visit) -> DraftSheet | None:
    """Return the trial under way."""
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
    return DraftSheet(visit.tx, visit.person.id, survey, visit.now, given, data["current"])
