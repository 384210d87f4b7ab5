"""An expert compares criteria in the chat: one tap for each pair, to be left and resumed."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from bot.chat.privacy import consents
from bot.chat.visit import Visit
from bot.chat.weights import compare_screens as screens
from bot.chat.weights.judgement_words import Comparing, judged
from bot.operations.weights import adopting, judging
from bot.operations.weights.questionnaires import questionnaires
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from storage.weights import experts
from storage.weights.experts import ExpertRow

Handler = Callable[[Tap[MenuTap], Visit], Awaitable[Reply]]
ExpertHandler = Callable[[Tap[MenuTap], Visit, ExpertRow, Comparing], Awaitable[Reply]]
_NUMBER: Final = re.compile("-?[0-9]{1,2}")


def _of_expert(handler: ExpertHandler) -> Handler:
    """Return a handler that is given the expert whom the button names, if that is the sender."""

    async def checked(tap: Tap[MenuTap], visit: Visit) -> Reply:
        row = await experts.by_id(visit.tx, tap.button.number(0) or 0)
        if row is None or row.person_id != visit.known.id:
            return _stale(visit)
        if not visit.known.has_agreed:
            return Change(consents.first_screen(visit, visit.known))
        return await handler(tap, visit, row, await _comparing(visit, row))

    return checked


async def _comparing(visit: Visit, row: ExpertRow) -> Comparing:
    questionnaire = questionnaires()[row.questionnaire]
    given = await experts.judged(visit.tx, row.id)
    own = judging.priorities(questionnaire, given)
    return Comparing(row.id, questionnaire, given, own)


async def listed(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the questionnaires that the expert is asked to fill in, or one of them."""
    if not visit.known.has_agreed:
        return Change(consents.first_screen(visit, visit.known))
    if tap.button.arguments:
        return await _one(tap, visit)
    rows = await experts.of_person(visit.tx, visit.known.id)
    known = [await _comparing(visit, row) for row in rows]
    return Change(screens.listed(visit.texts, known))


@_of_expert
async def _one(_: Tap[MenuTap], visit: Visit, row: ExpertRow, one: Comparing) -> Reply:
    if row.begun_at is None:
        return Change(screens.intro(visit.texts, one))
    return Change(_result(visit, one))


@_of_expert
async def begin(_: Tap[MenuTap], visit: Visit, row: ExpertRow, one: Comparing) -> Reply:
    """Note that the expert knows who sees the answers, and ask the first that is missing."""
    await experts.note(visit.tx, row.id, begun_at=row.begun_at or visit.now)
    return Change(_next(visit, one, 0))


def _next(visit: Visit, one: Comparing, after: int, said: str = "") -> Screen:
    """Return the next unanswered question from a place on, or the result once there is none."""
    steps = one.questionnaire.steps()
    order = [*range(after, len(steps)), *range(after)]
    place = next((at for at in order if steps[at] not in one.given), None)
    if place is None:
        return _result(visit, one)
    return screens.question(visit.texts, one, place, said)


def _result(visit: Visit, one: Comparing) -> Screen:
    return screens.result(visit.texts, one, judging.chosen(one.questionnaire, [one.given]))


@_of_expert
async def judge(tap: Tap[MenuTap], visit: Visit, row: ExpertRow, one: Comparing) -> Reply:
    """Keep a judgement and go on; the last one tells the admins."""
    steps, place = one.questionnaire.steps(), tap.button.number(1)
    said = "".join(tap.button.arguments[2:])
    value = int(said) if _NUMBER.fullmatch(said) else 0
    if (
        row.begun_at is None
        or place is None
        or place >= len(steps)
        or not judging.may_be(one.questionnaire, value)
    ):
        return _stale(visit)
    await experts.judge(visit.tx, row.id, steps[place], value, visit.now)
    now = await _comparing(visit, row)
    await _finish(visit, row, now)
    return Change(_next(visit, now, place + 1, judged(visit.texts, now, place)))


async def _finish(visit: Visit, row: ExpertRow, one: Comparing) -> None:
    if len(one.given) >= len(one.questionnaire.steps()):
        await adopting.finished(visit.tx, one.questionnaire, row, visit.now)


@_of_expert
async def at(tap: Tap[MenuTap], visit: Visit, row: ExpertRow, one: Comparing) -> Reply:
    """Show one question, answered or not."""
    place = tap.button.number(1)
    if place is None or place >= len(one.questionnaire.steps()) or row.begun_at is None:
        return _stale(visit)
    return Change(screens.question(visit.texts, one, place))


@_of_expert
async def answers(tap: Tap[MenuTap], visit: Visit, _: ExpertRow, one: Comparing) -> Reply:
    """Show all answers to change any."""
    return Change(screens.answers(visit.texts, one, tap.button.number(1) or 0))


@_of_expert
async def result(_: Tap[MenuTap], visit: Visit, __: ExpertRow, one: Comparing) -> Reply:
    """Show what the judgements come to so far."""
    return Change(_result(visit, one))


@_of_expert
async def as_example(_: Tap[MenuTap], visit: Visit, row: ExpertRow, one: Comparing) -> Reply:
    """Take the example's ratings over; each can be changed afterwards."""
    if not one.questionnaire.example:
        return _stale(visit)
    await experts.note(visit.tx, row.id, begun_at=row.begun_at or visit.now)
    for step, value in one.questionnaire.example.items():
        await experts.judge(visit.tx, row.id, step, value, visit.now)
    now = await _comparing(visit, row)
    await _finish(visit, row, now)
    return Change(_result(visit, now))


def _stale(visit: Visit) -> Toast:
    return Toast(visit.texts("That button is out of date."))
