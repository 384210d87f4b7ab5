"""First contact: the personal link, the consent, and what follows from it."""

from collections.abc import Callable
from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.chat import contacts, menus, progress
from bot.chat.say import edit, say, toast
from bot.chat.visit import Visit
from bot.delivery.replies import Replies, Reply
from bot.operations.campaigns import arrivals, leaving
from bot.says import survey_screens
from bot.says.screens import Screen
from bot.says.taps import MenuTap, unpack
from storage.asking import invitations
from storage.errors import AccountTaken, LinkExpired, LinkTaken, LinkUnknown, LinkUsedUp
from storage.people import links, people
from storage.people.people import Person

CONSENT_VERSION = "1"
"""Changes with the wording of `survey_screens.consent`; stored with each consent."""


def is_menu_tap(place: str) -> Callable[[CallbackQuery], dict[str, Any] | bool]:
    """Return a filter for one place of the menus; it hands the reference on as `tap`."""

    def check(query: CallbackQuery) -> dict[str, Any] | bool:
        tap = unpack(query.data)
        return {"tap": tap} if isinstance(tap, MenuTap) and tap.place == place else False

    return check


async def came_by_link(_: Message, command: CommandObject, visit: Visit) -> Replies:
    """Bind the sender to the record that the link stands for."""
    texts = visit.texts
    if await links.too_many_failures(visit.tx, visit.user.id, visit.now):
        return [say(visit, Screen(texts("Too many wrong links. Please try again tomorrow.")))]
    try:
        redeemed = await links.redeem(
            visit.tx,
            command.args or "",
            visit.user.id,
            visit.user.full_name,
            texts.language,
            visit.now,
        )
    except LinkUnknown:
        await links.note_failure(visit.tx, visit.user.id, visit.now)
        return [say(visit, Screen(texts("This link is not known. Please ask for a new one.")))]
    except LinkUsedUp:
        text = texts("This link has been used as often as it may be. Please ask for a new one.")
        return [say(visit, Screen(text))]
    except LinkExpired:
        return [say(visit, Screen(texts("This link has expired. Please ask for a new one.")))]
    except (LinkTaken, AccountTaken) as conflict:
        await contacts.note_conflict(visit, conflict)
        text = texts("This link belongs to somebody else. Please ask for one of your own.")
        return [say(visit, Screen(text))]
    return await _welcome(visit, redeemed.person)


async def came_back(_: Message, visit: Visit) -> Replies:
    """Show where the person stands: the open question, the menu, or how to get in."""
    if visit.person is None:
        return [await contacts.stranger(visit)]
    if visit.person.opted_out_at is not None:
        await people.opt_in(visit.tx, visit.person.id)
    return await _welcome(visit, visit.person)


async def _welcome(visit: Visit, person: Person) -> Replies:
    if person.consented_at is None and not person.is_admin:
        staff = not person.is_customer
        return [
            say(visit, survey_screens.consent(visit.texts, visit.workspace.company, staff=staff))
        ]
    invitation = await invitations.open_of(visit.tx, person.id, visit.now)
    if invitation is not None:
        step = await progress.load(visit, person, invitation)
        screen = await progress.present(step)
        return [say(visit, screen, invitation_id=invitation.id)]
    return [say(visit, menus.home(visit.texts, person))]


async def decided(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Note the decision; who agrees and is due sees the first question at once."""
    person = visit.person
    if person is None:
        return [toast(query), edit(query, menus.stranger(visit.texts))]
    if tap.arguments[:1] != ("yes",):
        await people.decline(visit.tx, person.id, visit.now)
        text = visit.texts("Understood: nothing will be asked. If you change your mind: /start")
        return [toast(query), edit(query, Screen(text))]
    await people.consent(visit.tx, person.id, CONSENT_VERSION, visit.now)
    return [toast(query), *await _first_question(query, visit, person.id)]


async def _first_question(query: CallbackQuery, visit: Visit, person_id: int) -> Replies:
    person = await people.by_id(visit.tx, person_id)
    if person is None:
        return []
    invitation = await arrivals.invite_if_due(visit.tx, person, visit.now)
    if invitation is None:
        return [edit(query, menus.settled(visit.texts, person))]
    if query.message is not None:
        await invitations.sent(visit.tx, invitation.id, query.message.message_id, visit.now)
    step = await progress.load(visit, person, invitation)
    question = step.survey.questions[0]
    return [_shown(edit(query, survey_screens.invitation(step.view, question)), invitation.id)]


def _shown(reply: Reply, invitation_id: int) -> Reply:
    return Reply(reply.method, invitation_id)


async def stopped(_: Message, visit: Visit) -> Replies:
    """End invitations; one word brings them back."""
    if visit.person is None:
        return [say(visit, menus.stranger(visit.texts))]
    await leaving.stop_asking(visit.tx, visit.person.id, visit.now)
    text = visit.texts("Done: you will get no more invitations. To come back, send /start.")
    return [say(visit, Screen(text))]


def build_router() -> Router:
    """Return a new router with the handlers of this module."""
    router = Router(name="arrival")
    router.message.register(came_by_link, CommandStart(deep_link=True))
    router.message.register(came_back, CommandStart())
    router.callback_query.register(decided, is_menu_tap("consent"))
    router.message.register(stopped, Command("stop"))
    return router
