"""Admins make admins, team leads and managers, and confirm it each time."""

from bot.chat.campaigns import campaign_wizard
from bot.chat.people import staff_screens as screens
from bot.chat.people.leaving import about_somebody, out_of_date
from bot.chat.people.links import picture
from bot.chat.surveys import editor_draft
from bot.chat.visit import Visit
from bot.operations import staff
from bot.says.heard import Tap, Words
from bot.says.said import Change, Reply, Show
from bot.says.taps import MenuTap
from storage.asking import drafts
from storage.people import people
from storage.people.people import Person

AWAITED = "new manager"
"""The draft that remembers that a name is awaited, and then keeps that name."""
_LAST_PAGE = 1_000


async def choose(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer whom to add."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    return Change(screens.add(visit.texts))


async def ask_for_manager(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Wait for a name, and for no words about anything else."""
    for topic in (editor_draft.AWAITED, campaign_wizard.AWAITED):
        await drafts.drop(visit.tx, visit.known.id, topic)
    await drafts.save(visit.tx, visit.known.id, AWAITED, "", visit.now)
    return Change(screens.ask_for_name(visit.texts))


async def typed(words: Words, visit: Visit) -> Reply:
    """Take the name that is awaited and ask whether it is right."""
    if await drafts.load(visit.tx, visit.known.id, AWAITED) is None:
        return None
    name, team = _read(words.text)
    if not name or len(name) > screens.LONGEST_NAME:
        return Show(screens.ask_for_name(visit.texts))
    kept = name if team is None else f"{name},{team}"
    await drafts.save(visit.tx, visit.known.id, AWAITED, kept, visit.now)
    return Show(screens.new_manager(visit.texts, name, team))


def _read(text: str) -> tuple[str, str | None]:
    name, _, team = (" ".join(part.split()) for part in text.partition(","))
    return name, team[: screens.LONGEST_NAME] or None


async def add_manager(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Add the manager whose name was typed and give their link."""
    kept = await drafts.load(visit.tx, visit.known.id, AWAITED)
    if not kept:
        return out_of_date(visit)
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    name, team = _read(kept)
    made = {"is_manager": True, "team": team}
    person, link = await staff.add_staff(visit.tx, name, visit.person, visit.now, **made)
    shown = Change(screens.manager_added(visit.texts, person))
    return [shown, picture(link, visit.texts("{name}: {link}", name=name, link=link))]


async def ask_for_admin(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask whether a link for a new admin is to be made."""
    return Change(screens.new_admin(visit.texts))


async def invite_admin(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Make a link for a new admin."""
    link = await staff.invite_admin(visit.tx, visit.now)
    return [Change(screens.admin_invited(visit.texts)), picture(link, link)]


def _is_staff(one: Person) -> bool:
    return not one.is_customer and one.left_at is None


def _may_become_admin(one: Person) -> bool:
    return _is_staff(one) and not one.is_admin and one.address is not None


@about_somebody
async def ask_to_make_admin(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Ask whether one of the staff is to be an admin."""
    if not _may_become_admin(one):
        return out_of_date(visit)
    return Change(screens.make_admin(visit.texts, one))


@about_somebody
async def make_admin(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Make one of the staff an admin; a second tap finds it done."""
    if not _may_become_admin(one):
        return out_of_date(visit)
    await staff.make_admin(visit.tx, one, visit.person, visit.now)
    return Change(screens.admin_made(visit.texts, one))


@about_somebody
async def choose_team(tap: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Offer the teams to lead."""
    if not _is_staff(one):
        return out_of_date(visit)
    known = await _teams(visit, one)
    page = min(tap.button.number(1) or 0, _LAST_PAGE)
    return Change(screens.teams(visit.texts, one, known, page))


async def _teams(visit: Visit, one: Person) -> list[str]:
    return sorted({*await people.teams(visit.tx), *one.leads})


async def _team(tap: Tap[MenuTap], visit: Visit, one: Person) -> str | None:
    said = tap.button.arguments[1] if len(tap.button.arguments) > 1 else ""
    return next((team for team in await _teams(visit, one) if screens.key_of(team) == said), None)


@about_somebody
async def ask_to_lead(tap: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Ask whether somebody is to begin or stop leading a team."""
    team = await _team(tap, visit, one)
    if team is None or not _is_staff(one):
        return out_of_date(visit)
    return Change(screens.lead(visit.texts, one, team))


@about_somebody
async def lead(tap: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Let somebody lead a team; where they lead it already, end that."""
    team = await _team(tap, visit, one)
    if team is None or not _is_staff(one):
        return out_of_date(visit)
    return await _lead(visit, one, set(one.leads) ^ {team})


@about_somebody
async def ask_to_end_lead(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Ask whether somebody is to lead no team any more."""
    return Change(screens.no_lead(visit.texts, one)) if one.leads else out_of_date(visit)


@about_somebody
async def end_lead(_: Tap[MenuTap], visit: Visit, one: Person) -> Reply:
    """Let somebody lead no team any more."""
    return await _lead(visit, one, set()) if one.leads else out_of_date(visit)


async def _lead(visit: Visit, one: Person, teams: set[str]) -> Reply:
    await staff.lead(visit.tx, one, teams, visit.person, visit.now)
    return Change(screens.led(visit.texts, await people.get(visit.tx, one.id)))
