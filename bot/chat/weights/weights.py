"""Experts and weights in the admin's chat: who is asked, what it comes to, what is adopted."""

from bot.chat.criteria import facts
from bot.chat.people.links import picture
from bot.chat.visit import Visit
from bot.chat.weights import weight_screens as screens
from bot.errors import Refused
from bot.operations.weights import adopting, judging
from bot.operations.weights.questionnaires import CRITERIA, ExpertQuestionnaire, questionnaires
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import drafts
from storage.people import people
from storage.people.people import Person
from storage.weights import experts, versions
from storage.weights.experts import ExpertRow
from templates.criteria import weights_said

AWAITED = "new expert"
"""The draft that says that a name is awaited, and for which questionnaire."""


def _questionnaire(tap: Tap[MenuTap]) -> ExpertQuestionnaire | None:
    key = tap.button.arguments[0] if tap.button.arguments else CRITERIA
    return questionnaires().get(key)


async def home(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the experts and what their judgements come to."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    questionnaire = _questionnaire(tap)
    return _stale(visit) if questionnaire is None else Change(await _home(visit, questionnaire))


async def _home(visit: Visit, questionnaire: ExpertQuestionnaire) -> Screen:
    known = await judging.states(visit.tx, questionnaire)
    adopted = ""
    joint = None
    if questionnaire.key == CRITERIA:
        joint = judging.together(questionnaire, known)
        present = await versions.latest(visit.tx)
        adopted = weights_said(visit.texts, present, visit.workspace.zone)
    found = judging.chosen(questionnaire, [one.given for one in known])
    return screens.home(visit.texts, questionnaire, known, joint, found, adopted)


async def choose(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer whom to ask."""
    questionnaire = _questionnaire(tap)
    if questionnaire is None:
        return _stale(visit)
    asked = {one.person_id for one in await experts.of_questionnaire(visit.tx, questionnaire.key)}
    staff = [one for one in await _staff(visit) if one.id not in asked]
    return Change(screens.choose(visit.texts, questionnaire, staff))


async def _staff(visit: Visit) -> list[Person]:
    """Return managers, leads and admins who can be written to, by name."""
    tx = visit.tx
    known = (*await people.managers(tx), *await people.leads(tx), *await people.admins(tx))
    found = {one.id: one for one in known if one.address is not None}
    return sorted(found.values(), key=lambda one: one.name)


async def invite(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask one of the staff."""
    questionnaire, number = _questionnaire(tap), tap.button.number(1)
    person = next((one for one in await _staff(visit) if one.id == number), None)
    if questionnaire is None or person is None:
        return _stale(visit)
    await adopting.invite(visit.tx, questionnaire, person, visit.person, visit.now)
    return Change(screens.invited(visit.texts, questionnaire, person.name))


async def ask_for_name(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Wait for the name of an expert from outside."""
    questionnaire = _questionnaire(tap)
    if questionnaire is None:
        return _stale(visit)
    for topic in (*facts.ELSEWHERE, facts.AWAITED):
        await drafts.drop(visit.tx, visit.known.id, topic)
    await drafts.save(visit.tx, visit.known.id, AWAITED, questionnaire.key, visit.now)
    return Change(screens.ask_for_name(visit.texts, questionnaire))


async def typed(words: Words, visit: Visit) -> Reply:
    """Take the name that is awaited, and give the link."""
    key = await drafts.load(visit.tx, visit.known.id, AWAITED)
    questionnaire = questionnaires().get(key or "")
    if questionnaire is None:
        return None
    name = " ".join(words.text.split())
    if not name or len(name) > screens.LONGEST_NAME:
        return Show(screens.ask_for_name(visit.texts, questionnaire))
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    person, link = await adopting.invite_by_link(
        visit.tx, questionnaire, name, visit.person, visit.now
    )
    shown = Show(screens.invited(visit.texts, questionnaire, person.name))
    return [shown, picture(link, visit.texts("{name}: {link}", name=name, link=link))]


async def _expert(tap: Tap[MenuTap], visit: Visit) -> ExpertRow | None:
    return await experts.by_id(visit.tx, tap.button.number(0) or 0)


async def keep(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Let an expert count in spite of contradictions, or no longer."""
    row = await _expert(tap, visit)
    if row is None:
        return _stale(visit)
    await experts.note(visit.tx, row.id, is_kept=not row.is_kept)
    return Change(await _home(visit, questionnaires()[row.questionnaire]))


async def withdraw(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask an expert no more."""
    row = await _expert(tap, visit)
    if row is None:
        return _stale(visit)
    await adopting.withdraw(visit.tx, row, visit.now)
    return Change(await _home(visit, questionnaires()[row.questionnaire]))


async def adopt(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Adopt the joint weights as a new version."""
    try:
        found = await adopting.adopt(visit.tx, visit.person, visit.now)
    except Refused as error:
        return Change(screens.refused(visit.texts, told(visit.texts, error)))
    return Change(screens.adopted(visit.texts, found, visit.workspace.zone))


async def adopt_equal(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Let all criteria weigh the same."""
    found = await adopting.adopt_equal(visit.tx, visit.person, visit.now)
    return Change(screens.adopted(visit.texts, found, visit.workspace.zone))


async def past(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show all versions."""
    known = await versions.every(visit.tx)
    return Change(screens.versions(visit.texts, known, visit.workspace.zone))


def _stale(visit: Visit) -> Toast:
    return Toast(visit.texts("That button is out of date."))
