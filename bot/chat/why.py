"""`/why NAME`: why somebody was not asked, from the ledger; and what holds now."""

from collections.abc import Sequence
from html import escape

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.chat.admin_screens import back
from bot.chat.arrival import is_menu_tap
from bot.chat.callbacks import MenuTap
from bot.chat.reasons import OUTCOMES
from bot.chat.say import edit, say, toast
from bot.chat.screens import Button, Screen
from bot.chat.visit import Visit
from bot.delivery.replies import Replies
from bot.operations.why import SHOWN, Answer, answer, outcome
from storage import people, search
from storage.people import Person
from storage.workspace import Workspace
from surveys.definition import localized
from templates.texts import Texts


async def asked(_: Message, command: CommandObject, visit: Visit) -> Replies:
    """Answer for the one person of that name, or offer those there are."""
    name = (command.args or "").strip()
    if not name:
        return [say(visit, Screen(visit.texts("Write a name or an id of the CRM: /why Petrov")))]
    found = await search.people_named(visit.tx, name, SHOWN)
    if not found:
        return [say(visit, Screen(visit.texts("There is nobody of that name.")))]
    if len(found) > 1:
        return [say(visit, _choice(visit.texts, found))]
    return [say(visit, await _page(visit, found[0]))]


async def chose(query: CallbackQuery, tap: MenuTap, visit: Visit) -> Replies:
    """Answer for the chosen person."""
    person = await people.by_id(visit.tx, tap.number(0) or 0)
    if person is None:
        return [toast(query, visit.texts("That button is out of date."))]
    return [toast(query), edit(query, await _page(visit, person))]


def _choice(texts: Texts, found: Sequence[Person]) -> Screen:
    rows = tuple(
        (Button(_named(person), MenuTap("why", (str(person.id),)).pack()),) for person in found
    )
    return Screen(texts("Who of them?"), rows)


def _named(person: Person) -> str:
    more = person.account or person.external_id
    return f"{person.name}, {more}" if more else person.name


async def _page(visit: Visit, person: Person) -> Screen:
    found = await answer(visit.tx, person, visit.now)
    return Screen(page_text(visit.texts, found, visit.workspace), back(visit.texts))


def page_text(texts: Texts, found: Answer, space: Workspace) -> str:
    """Return what holds for a person now and the lines of their ledger."""
    lines = [f"<b>{escape(_named(found.person), quote=False)}</b>", "", texts("Now:")]
    for one in found.now:
        title = escape(localized(one.survey.title, texts.language), quote=False)
        said = texts("may be asked") if one.reason is None else texts(OUTCOMES[one.reason.value])
        lines.append(f"• {title}: {said}")
        if one.reason is not None and one.again_at is not None and "recently" in one.reason.value:
            day = texts.date(one.again_at.astimezone(space.tzinfo).date())
            lines.append("   " + texts("again from {day}", day=day))
    lines += ["", texts("Until now:") if found.ledger else texts("No campaign looked at them yet.")]
    for line in found.ledger:
        day = texts.date(line.decided_at.astimezone(space.tzinfo).date())
        name = escape(" ".join(filter(None, (line.campaign, line.label))), quote=False)
        lines.append(f"• {day}, {name}: {texts(OUTCOMES[outcome(line)])}")
        if outcome(line) == "queued" and line.due_at is not None:
            moment = texts.moment(line.due_at, space.tzinfo)
            lines.append("   " + texts("goes out {moment}", moment=moment))
    return "\n".join(lines)


def build_router() -> Router:
    """Return a new router with the handlers of this module; the caller guards it by role."""
    router = Router(name="why")
    router.message.register(asked, Command("why"))
    router.callback_query.register(chose, is_menu_tap("why"))
    return router
