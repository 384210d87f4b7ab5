"""Choosing, step by step, the answers that a question or one of its wordings depends on."""

import re
from dataclasses import replace

from bot.chat.surveys import condition_screens as pages
from bot.chat.surveys import part_screens
from bot.chat.surveys.condition_screens import Target
from bot.chat.surveys.editor_draft import awaited_by, draft_of, question_of, save, stale, wait_for
from bot.chat.surveys.survey_editor import editor_screen, mistakes_of
from bot.chat.visit import Visit
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from surveys.errors import InvalidAnswer, SurveyInvalid
from surveys.survey import editing_conditions as editing
from surveys.survey.answers import from_text, to_json
from surveys.survey.definition import Condition, NumberQuestion
from surveys.survey.editing import SurveyDraft
from surveys.survey.editing_conditions import Joined
from surveys.survey.editing_questions import Data

LIMITS = {"most": "at_most", "least": "at_least"}
_ACTION = re.compile(r"(?P<name>[a-z]*)(?P<first>\d{0,2})(?:\.(?P<second>\d{1,3}))?")
_LONGEST_TOAST = 190


async def choose(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Do what a button of the conditions' pages asks for."""
    draft, key = await question_of(tap, visit)
    named, action = (*tap.button.arguments[1:], "", "")[:2]
    found = _ACTION.fullmatch(action)
    if draft is None or key is None or found is None:
        return stale(visit)
    numbers = [int(one or 0) for one in (found["first"], found["second"])]
    try:
        target = pages.target(draft.survey, key, named)
        return Change(await _done(visit, draft, target, found["name"], *numbers))
    except LookupError:
        return stale(visit)
    except SurveyInvalid as error:
        return Toast(mistakes_of(visit.texts, error, draft)[:_LONGEST_TOAST])


async def _done(
    visit: Visit, draft: SurveyDraft, target: Target, action: str, first: int, second: int
) -> Screen:
    """Do one step; raises LookupError where the button is older than the survey."""
    await wait_for(visit, None)
    if action in {"x", "all", "any"}:
        return await _kept(visit, draft, target, _changed(_present(draft, target), action, first))
    if first >= target.place:
        raise LookupError(first)
    asked = draft.survey.questions[first]
    if action == "t":
        test = {"question": asked.key, **editing.tests(asked)[second]}
        return await _added(visit, draft, target, test)
    hint = ""
    if action in LIMITS and isinstance(asked, NumberQuestion):
        step = f"{target.name}.{first}.{action}"
        await wait_for(visit, {"question": target.key, "part": "limit", "language": step})
        example = visit.texts.number(asked.max, None)
        hint = visit.texts("Write the number, such as: {example}", example=example)
        action = "q"
    return _page(visit, draft, target, action, first, hint)


def _page(
    visit: Visit, draft: SurveyDraft, target: Target, action: str, first: int, hint: str
) -> Screen:
    if action == "ask" and target.place == 1:
        action = "q"  # there is only one question to depend on
    match action:
        case "" if not target.is_new:
            return pages.conditions(visit.texts, draft.survey, target)
        case "ask":
            return pages.earlier(visit.texts, draft.survey, target)
        case "q":
            return pages.of_answer(visit.texts, draft.survey, target, first, hint)
        case _:
            raise LookupError(action)


def _present(draft: SurveyDraft, target: Target) -> Joined:
    if target.is_new:
        raise LookupError(target.name)
    return editing.present(draft.survey.question(target.key), target.variant)


def _changed(before: Joined, action: str, number: int) -> Joined:
    """Return the conditions joined another way, or without one of them."""
    if action == "x":
        left = tuple(part for place, part in enumerate(before.parts) if place != number)
        return replace(before, parts=left)
    return replace(before, how="any" if action == "any" else "all")


async def _added(visit: Visit, draft: SurveyDraft, target: Target, test: Data) -> Screen:
    if target.is_new:
        changed = editing.with_variant(draft, target.key, test)
        number = len(changed.survey.question(target.key).variants) - 1
        await save(visit, changed)
        part = f"variant.{number}"
        return part_screens.part(visit.texts, changed.survey, target.place, part)
    before = _present(draft, target)
    known = [Condition.model_validate(one) for one in before.parts]
    if Condition.model_validate(test) in known:
        return pages.conditions(visit.texts, draft.survey, target)
    return await _kept(visit, draft, target, replace(before, parts=(*before.parts, test)))


async def _kept(visit: Visit, draft: SurveyDraft, target: Target, of: Joined) -> Screen:
    if target.variant is not None and not of.parts:
        raise LookupError(target.name)
    changed = editing.with_condition(draft, target.key, target.variant, of)
    await save(visit, changed)
    return pages.conditions(visit.texts, changed.survey, target)


async def typed(words: Words, visit: Visit) -> Reply:
    """Take the number that an answer is compared with."""
    draft, awaited = await draft_of(visit), await awaited_by(visit)
    if draft is None or awaited is None or awaited["part"] != "limit":
        return None
    named, place, test = awaited["language"].split(".")
    try:
        target = pages.target(draft.survey, awaited["question"], named)
        asked = draft.survey.questions[int(place)]
    except LookupError:  # the question was taken away meanwhile
        await wait_for(visit, None)
        return Show(editor_screen(visit, draft))
    try:
        limit = to_json(from_text(asked, words.text))
        condition = {"question": asked.key, LIMITS[test]: limit}
        screen = await _added(visit, draft, target, condition)
    except (InvalidAnswer, SurveyInvalid):
        hint = visit.texts("Write a number from the question's range.")
        return Show(pages.of_answer(visit.texts, draft.survey, target, int(place), hint))
    await wait_for(visit, None)
    return Show(screen)
