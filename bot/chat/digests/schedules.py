"""Digests on schedule: begin, change, stop, and take that back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.chat.digests import scopes, screens
from bot.chat.digests.showing import AWAITED, KIND, list_screen, mine, one_screen
from bot.chat.visit import Visit
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Show, Toast
from bot.says.taps import MenuTap
from storage.asking import drafts
from storage.sending import schedules
from storage.sending.schedules import Schedule, ScheduleRule
from surveys.messages import known_language

_USUAL: Final = ("weekly", "monthly", "quarterly")
_HOURS: Final = 24


async def listed(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the sender's schedules."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    return Change(await list_screen(visit))


async def toggled(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Begin or end a usual schedule of the whole company, at an hour of its zone."""
    frequency = next(iter(tap.button.arguments), "")
    if frequency not in _USUAL:
        return _stale(visit)
    hour = tap.button.number(1)
    if tap.button.arguments[1:2] == ("off",):
        await schedules.end(visit.tx, KIND, visit.known.id, frequency)
    elif hour is not None and hour in range(_HOURS):
        rule = ScheduleRule(frequency, hour, visit.workspace.zone)
        await schedules.plan(
            visit.tx, "digest", visit.known.id, rule, rule.next(visit.now), visit.now
        )
    return Change(await list_screen(visit))


async def shown(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Show one schedule."""
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    found = await _mine(tap, visit)
    return _stale(visit) if found is None else Change(await one_screen(visit, found.id))


async def set_one(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Set the hour or the language of a schedule."""
    found = await _mine(tap, visit)
    what, hour = tap.button.arguments[1:3], tap.button.number(2)
    language = known_language(what[1]) if what[:1] == ("lang",) and len(what) > 1 else None
    if found is not None and what[:1] == ("hour",) and hour is not None and hour in range(_HOURS):
        return await _changed(visit, replace(found, rule=replace(found.rule, hour=hour)))
    if found is not None and language is not None:
        return await _changed(visit, _with(found, language=language))
    return _stale(visit)


async def choose_scope(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer what a digest may be about."""
    found = await _mine(tap, visit)
    if found is None:
        return _stale(visit)
    known = await scopes.choices(visit.tx)
    names = await scopes.names(visit.tx, visit.texts, visit.workspace.zone, known)
    options = [(one.kind, one.key, name) for one, name in zip(known, names, strict=True)]
    page = min(tap.button.number(1) or 0, (len(options) - 1) // screens.PAGE)
    return Change(screens.scopes(visit.texts, str(found.id), options, page))


async def pick_scope(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Let a digest be about what was tapped."""
    found, wanted = await _mine(tap, visit), tap.button.arguments[1:3]
    for one in await scopes.choices(visit.tx):
        if found is not None and (one.kind, one.key) == wanted:
            return await _changed(visit, _with(found, scope=one.parameters))
    return _stale(visit)


async def stopped(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """End a schedule by one tap, below a digest too; another tap takes that back."""
    number = tap.button.number(0) or 0
    if not await schedules.stop(visit.tx, number, visit.known.id):
        return _stale(visit)
    return Show(screens.stopped(visit.texts, str(number)))


async def resumed(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Let an ended schedule go on."""
    number = tap.button.number(0) or 0
    if not await schedules.resume(visit.tx, number, visit.known.id, visit.now):
        return Toast(visit.texts("Such a digest comes already."))
    return Change(await one_screen(visit, number))


async def _changed(visit: Visit, one: Schedule) -> Reply:
    if not await schedules.change(visit.tx, one, visit.now):
        return Toast(visit.texts("Such a digest comes already."))
    return Change(await one_screen(visit, one.id))


async def _mine(tap: Tap[MenuTap], visit: Visit) -> Schedule | None:
    return await mine(visit, tap.button.number(0) or 0)


def _with(one: Schedule, **more: Any) -> Schedule:
    parameters: Mapping[str, Any] = {
        name: value for name, value in {**one.parameters, **more}.items() if value
    }
    return replace(one, parameters=parameters)


def _stale(visit: Visit) -> Toast:
    return Toast(visit.texts("That button is out of date."))
