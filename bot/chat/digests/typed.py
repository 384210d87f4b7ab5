"""What is typed about a schedule: a rule with its hour, an hour, a time zone."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.chat.digests import screens
from bot.chat.digests.showing import AWAITED, KIND, list_screen, mine, one_screen
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.says.heard import Tap, Words
from bot.says.markup import literal
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.asking import drafts
from storage.sending import schedules
from storage.sending.schedules import Schedule, ScheduleRule
from surveys.campaign.recurrence import PRESETS, parse_rule
from surveys.campaign.typed import read_time
from surveys.errors import SurveyError
from surveys.messages import mark
from surveys.periods import zone_info
from templates.texts import Texts

_WAITS: Final = timedelta(hours=1)
"""For this long, typed words are taken for what was asked."""
_USUAL_HOUR: Final = 9
_MOST: Final = 20
_RULE: Final = re.compile(r"(\S+)(?:\s+(?:at\s+|в\s+)?(\d\S*))?", re.IGNORECASE)
_ASKS: Final[dict[str, Callable[[Texts, str], Screen]]] = {
    "hour": screens.ask_hour,
    "zone": screens.ask_zone,
    "rule": lambda texts, _: screens.ask_rule(texts),
}


async def ask(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Ask for what a button names, for a schedule or for a `new` one."""
    number, what, *_ = (*tap.button.arguments, "", "")
    is_new = (number, what) == ("new", "rule")
    if not is_new and (
        what not in {"hour", "zone"} or await mine(visit, tap.button.number(0) or 0) is None
    ):
        return Toast(visit.texts("That button is out of date."))
    asked = json.dumps([number, what, visit.now.isoformat()])
    await drafts.save(visit.tx, visit.known.id, AWAITED, asked, visit.now)
    return Change(_ASKS[what](visit.texts, number))


async def typed(words: Words, visit: Visit) -> Reply | None:
    """Take what was typed, if a schedule waits for it."""
    kept = await drafts.load(visit.tx, visit.known.id, AWAITED)
    if kept is None:
        return None
    number, what, at = json.loads(kept)
    if visit.now - datetime.fromisoformat(at) > _WAITS:
        await drafts.drop(visit.tx, visit.known.id, AWAITED)
        return None
    try:
        if what == "rule":
            shown = await _begin(visit, words.text)
        else:
            shown = await _change(visit, int(number), what, words.text)
    except (SurveyError, Refused) as error:
        said = literal(told(visit.texts, error))
        asked = _ASKS[what](visit.texts, number)
        return Show(replace(asked, text=f"{said}\n\n{asked.text}"))
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    return Show(shown)


async def _begin(visit: Visit, text: str) -> Screen:
    """Begin a schedule by a rule and an hour, of the whole company; raises what is wrong."""
    found = _RULE.fullmatch(text.strip())
    word = text.strip() if found is None else found[1]
    zone = visit.workspace.zone
    first = visit.now.astimezone(zone_info(zone)).date()
    rule = word.casefold()
    if rule not in PRESETS:
        parse_rule(word, first)
        rule = word.upper().removeprefix("RRULE:")
    hour = _hour(found[2]) if found is not None and found[2] else _USUAL_HOUR
    planned = ScheduleRule(rule, hour, zone, first)
    slot = planned.next(visit.now)
    if slot is None:
        raise Refused(mark("That rule has no day to come. Type another."))
    if len(await schedules.of(visit.tx, KIND, visit.known.id)) >= _MOST:
        raise Refused(
            mark("There are {most} schedules, which is the most. Stop one first."), most=_MOST
        )
    await schedules.plan(visit.tx, "digest", visit.known.id, planned, slot, visit.now)
    for one in await schedules.of(visit.tx, KIND, visit.known.id):
        if (one.rule.frequency, one.parameters) == (rule, {}):
            return await one_screen(visit, one.id)
    return await list_screen(visit)


async def _change(visit: Visit, number: int, what: str, text: str) -> Screen:
    found = await mine(visit, number)
    if found is None:
        return await list_screen(visit)
    if what == "hour":
        rule = replace(found.rule, hour=_hour(text))
    else:
        rule = replace(found.rule, zone=zone_info(text.strip()).key)
    changed: Schedule = replace(found, rule=rule)
    if not await schedules.change(visit.tx, changed, visit.now):
        raise Refused(mark("Such a digest comes already."))
    return await one_screen(visit, number)


def _hour(text: str) -> int:
    at = read_time(text)
    if at is None or at.minute:
        raise Refused(mark("Write a whole hour from 0 to 23, such as 9."))
    return at.hour
