"""The survey that an admin is editing, kept as a draft, and what the next words are for."""

import json

from bot.chat.visit import Visit
from bot.says.heard import Tap
from bot.says.said import Reply, Toast
from bot.says.taps import MenuTap
from storage.asking import definitions, drafts
from storage.asking.definitions import StoredDefinition
from surveys.errors import SurveyError
from surveys.survey import editing
from surveys.survey.definition import Survey
from surveys.survey.editing import SurveyDraft

TOPIC = "survey"
BEGAN = "survey began"
"""The draft that remembers which version was begun from, "" where there was none."""

AWAITED = "wording"
"""The draft that remembers which question's wording the next message is."""


def stale(visit: Visit) -> Reply:
    """Say that a button is out of date."""
    return Toast(visit.texts("That button is out of date."))


async def question_of(tap: Tap[MenuTap], visit: Visit) -> tuple[SurveyDraft | None, str | None]:
    """Return the draft and the key of the question that a button names."""
    draft, place = await draft_of(visit), tap.button.number(0)
    if draft is None or place is None or place >= len(draft.survey.questions):
        return draft, None
    return draft, draft.survey.questions[place].key


async def draft_of(visit: Visit) -> SurveyDraft | None:
    """Return the survey that the admin is editing."""
    if visit.person is None:
        return None
    content = await drafts.load(visit.tx, visit.person.id, TOPIC)
    try:
        return None if content is None else editing.from_json(content)
    except SurveyError:
        return None


async def taken_keys(visit: Visit) -> list[str]:
    """Return the keys that a new survey must not have: of two new ones each stays its own."""
    published = [one.key for one in await definitions.all_latest(visit.tx)]
    begun = await drafts.of_others(visit.tx, visit.known.id, TOPIC)
    return published + [json.loads(one)["survey"]["key"] for one in begun]


async def save(visit: Visit, draft: SurveyDraft) -> None:
    """Keep the survey that the admin is editing."""
    if visit.person is not None:
        await drafts.save(visit.tx, visit.person.id, TOPIC, editing.to_json(draft), visit.now)


async def begin(visit: Visit, draft: SurveyDraft, version: str = "") -> None:
    """Begin editing, from a version that was published or, without one, a survey of its own."""
    await save(visit, draft)
    await drafts.save(visit.tx, visit.known.id, BEGAN, version, visit.now)


async def end(visit: Visit) -> None:
    """Forget the survey that the admin is editing."""
    for topic in (TOPIC, BEGAN):
        await drafts.drop(visit.tx, visit.known.id, topic)


async def published_since(visit: Visit, survey: Survey, seen: str) -> StoredDefinition | None:
    """Return the version that another published after the editing began, unless it is `seen`.

    One of the same content is no change; what was begun before versions were remembered is unknown.
    """
    began = await drafts.load(visit.tx, visit.known.id, BEGAN)
    latest = await definitions.latest(visit.tx, survey.key)
    if began is None or latest is None or latest.version in {began, seen, survey.version}:
        return None
    return latest


async def wait_for(visit: Visit, what: dict[str, str] | None) -> None:
    """Remember what the next words are for; None: for nothing."""
    if visit.person is None:
        return
    if what is None:
        await drafts.drop(visit.tx, visit.person.id, AWAITED)
    else:
        await drafts.save(visit.tx, visit.person.id, AWAITED, json.dumps(what), visit.now)


async def awaited_by(visit: Visit) -> dict[str, str] | None:
    """Return what the next words are for."""
    if visit.person is None:
        return None
    content = await drafts.load(visit.tx, visit.person.id, AWAITED)
    awaited: dict[str, str] | None = None if content is None else json.loads(content)
    return awaited
