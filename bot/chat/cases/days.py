"""Working days and hours, by which cases are due: shown to admins, changed by typing."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.chat.auditing import note
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.cases import calendar
from bot.operations.company import country_of
from bot.says.heard import Tap, Words
from bot.says.markup import literal
from bot.says.said import Change, Reply, Show
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import drafts
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.working_days import WorkingHours
from templates.countries import country_name
from templates.texts import Texts

AWAITED: Final = "working_days"
_WAITS = timedelta(hours=1)
_MOST = 12


async def show(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the working hours and the unusual days ahead; what is typed next changes them."""
    await drafts.save(visit.tx, visit.known.id, AWAITED, visit.now.isoformat(), visit.now)
    return Change(_screen(visit.texts, visit.workspace, visit.now))


async def typed(words: Words, visit: Visit) -> Reply | None:
    """Take days as they were typed, a line each; None where nothing was asked for."""
    if visit.person is None or words.below is not None:
        return None
    asked_at = await drafts.load(visit.tx, visit.person.id, AWAITED)
    if asked_at is None:
        return None
    if visit.now - datetime.fromisoformat(asked_at) > _WAITS:
        await drafts.drop(visit.tx, visit.person.id, AWAITED)
        return None
    today = visit.now.astimezone(visit.workspace.tzinfo).date()
    try:
        await calendar.tell(visit.tx, words.text, today)
    except Refused as error:
        return Show(Screen(literal(told(visit.texts, error)), _back(visit.texts)))
    await note(visit, "changed_company")
    return Show(_screen(visit.texts, await workspace.get(visit.tx), visit.now))


def _screen(texts: Texts, space: Workspace, now: datetime) -> Screen:
    today = now.astimezone(space.tzinfo).date()
    own = calendar.own_days(space)
    lines = [
        texts("<b>Working days</b>"),
        texts(
            "Cases are due after nine working hours: {first}:00–{last}:00, by the calendar of "
            "{country} and your own days.",
            first=own.hours.first,
            last=own.hours.last,
            country=country_name(texts.language, country_of(space)),
        ),
    ]
    if calendar.is_provisional(space, today.year):
        lines.append(
            texts("The days off of {year} are provisional: no decree is known.", year=today.year)
        )
    ahead = calendar.unusual(space, today)
    if ahead:
        lines += ["", texts("In the next three weeks:")]
        lines += [f"• {line(texts, day, hours)}" for day, hours in ahead]
    kept = [(day, one) for day, one in own.days.items() if day >= today]
    if kept:
        lines += ["", texts("Your own days:")]
        lines += [f"• {line(texts, day, one)}" for day, one in kept[:_MOST]]
    if len(kept) > _MOST:
        lines.append(texts.plural("{n} more day", "{n} more days", len(kept) - _MOST))
    lines += [
        "",
        texts(
            "To change them, type a line a day: «31.12 off», «20.02.2027 work», «30.12 9-15», "
            "«1.01-8.01 off», «31.12 as usual»; for all days: «hours 10-19»."
        ),
    ]
    return Screen("\n".join(lines), _back(texts))


def line(texts: Texts, day: date, hours: WorkingHours | bool | None) -> str:
    """Return a day with what it is."""
    if hours is None:
        return texts("{day}: off", day=texts.date(day))
    if isinstance(hours, WorkingHours):
        return texts(
            "{day}: {first}:00–{last}:00", day=texts.date(day), first=hours.first, last=hours.last
        )
    return texts("{day}: worked", day=texts.date(day))


def _back(texts: Texts) -> tuple[tuple[Button, ...], ...]:
    return ((Button(texts("‹ Cases"), MenuTap("cases").pack()),),)
