"""What digests on schedule look like: pure functions to screens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chat.admin_screens import back, by_attributes, pager
from bot.chat.menus import LANGUAGE_NAMES
from bot.says.fitting import shortened
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.sending.schedules import Schedule
from surveys.campaign.schedule import period_of_slot, unit_of
from surveys.messages import LANGUAGES, mark
from surveys.periods import Unit
from templates.texts import Texts

DIGEST_HOURS = (8, 9, 12, 18)
PAGE = 8
_NAMES = {
    "daily": mark("daily"),
    "weekly": mark("weekly, on Mondays"),
    "monthly": mark("monthly, on the 1st"),
    "quarterly": mark("quarterly, on the 1st day"),
    "yearly": mark("yearly"),
    "month-end": mark("monthly, on the last day"),
}
_SHORT = {"weekly": mark("Mo"), "monthly": mark("1st"), "quarterly": mark("Qtr")}
_ABOUT: dict[Unit, str] = {
    "week": mark("Each is about the last full week."),
    "month": mark("Each is about the last full month."),
    "quarter": mark("Each is about the last full quarter."),
    "year": mark("Each is about the last full year."),
}


@dataclass(frozen=True, slots=True)
class PlannedDigest:
    """A schedule, and what it is about as its reader knows it."""

    schedule: Schedule
    about: str


def when(texts: Texts, rule: str) -> str:
    """Name how often; a rule of one's own is named as it was typed."""
    return texts(_NAMES[rule]) if rule in _NAMES else rule


def listed(texts: Texts, planned: Sequence[PlannedDigest], zone: str) -> Screen:
    """Return all schedules, the usual ones to begin with, and a rule of one's own."""
    lines = [texts("The digest comes by itself:")]
    rows: list[tuple[Button, ...]] = []
    for one in planned:
        rule = one.schedule.rule
        said = texts(
            "✓ {when} at {hour}:00", when=_plain(when(texts, rule.frequency)), hour=rule.hour
        )
        other = "" if rule.zone == zone else f" ({_plain(rule.zone)})"
        lines.append(f"{said}{other} — {_plain(one.about)}")
        label = shortened(f"{when(texts, rule.frequency)} — {one.about}", 60)
        rows.append(_button(label, "sched", str(one.schedule.id)))
    whole = {
        one.schedule.rule.frequency for one in planned if not one.schedule.parameters.get("scope")
    }
    for usual, short in _SHORT.items():
        if usual not in whole:
            hour = texts("— {when}: choose the hour below.", when=when(texts, usual))
            lines.append(f"{hour} {texts(_ABOUT[unit_of(usual)])}")
            rows.append(
                tuple(
                    Button(
                        f"{texts(short)} {hour}:00", MenuTap("subscribe", (usual, str(hour))).pack()
                    )
                    for hour in DIGEST_HOURS
                )
            )
    rows.append(_button(texts("By a rule of your own"), "sched_type", "new", "rule"))
    rows.append(_button(texts("To groups as well"), "groups"))
    return Screen("\n".join(lines), (*rows, *by_attributes(texts), *back(texts)))


def one(texts: Texts, found: PlannedDigest, said: str = "") -> Screen:
    """Return one schedule with all that can be changed; `said` stands above."""
    schedule, rule = found.schedule, found.schedule.rule
    number, language = str(schedule.id), schedule.parameters.get("language")
    name = LANGUAGE_NAMES.get(str(language), texts("that of the chat"))
    lines = [
        *filter(None, [said]),
        texts("<b>Digest: {when}</b>", when=_plain(when(texts, rule.frequency))),
        texts(_ABOUT[unit_of(rule.frequency)]),
        texts("At {hour}:00, {zone}.", hour=rule.hour, zone=_plain(rule.zone)),
        texts("About: {part}.", part=_plain(found.about)),
        texts("Language: {language}.", language=name),
        *_next(texts, schedule),
    ]
    hours = [Button(f"{hour}:00", _set(number, "hour", str(hour))) for hour in DIGEST_HOURS]
    languages = [Button(LANGUAGE_NAMES[one], _set(number, "lang", one)) for one in LANGUAGES]
    return Screen(
        "\n".join(lines),
        (
            tuple(hours),
            (
                Button(texts("Another hour"), _tap("sched_type", number, "hour")),
                Button(texts("Time zone"), _tap("sched_type", number, "zone")),
            ),
            tuple(languages),
            _button(texts("About whom"), "sched_for", number, "0"),
            _button(texts("Stop sending this"), "digest_off", number),
            _button(texts("‹ Digest on schedule"), "schedule"),
        ),
    )


def _next(texts: Texts, schedule: Schedule) -> Iterator[str]:
    """Yield when the next digest comes and of which period, and what it and the one after miss."""
    rule, slot = schedule.rule, schedule.next_due_at
    period = period_of_slot(rule.frequency, slot, rule.zone)
    yield texts(
        "Next: {moment} — for {period}.",
        moment=texts.moment(slot, rule.zone),
        period=texts.period(period.key),
    )
    after = rule.next(slot)
    following = None if after is None else period_of_slot(rule.frequency, after, rule.zone)
    if following is not None and following.start > period.end:
        yield texts(
            "The one after is for {period}; what lies between is in neither.",
            period=texts.period(following.key),
        )


def scopes(texts: Texts, number: str, choices: Sequence[tuple[str, str, str]], page: int) -> Screen:
    """Return a page of what a digest may be about: kind, key and name of each."""
    shown = choices[page * PAGE : (page + 1) * PAGE]
    rows = [
        _button(shortened(name, 60), "sched_pick", number, kind, key) for kind, key, name in shown
    ]
    turn = pager(page, "sched_for", number, more=len(choices) > (page + 1) * PAGE)
    text = texts(
        "Whom is the digest about? A part of the company has neither anonymous answers nor cases, "
        "money and the effectiveness index."
    )
    return Screen(
        text, (*rows, *([turn] if turn else []), _button(texts("‹ Back"), "sched", number))
    )


def stopped(texts: Texts, number: str) -> Screen:
    """Return what follows the end of a schedule."""
    again = _button(texts("Send it again"), "digest_on", number)
    schedule = _button(texts("Digest on schedule"), "schedule")
    return Screen(texts("This digest does not come by itself any more."), (again, schedule))


def ask_rule(texts: Texts) -> Screen:
    """Ask for a rule."""
    text = texts(
        "Type a rule (RFC 5545) and the hour: for every second Tuesday at 10:00\n"
        "<code>FREQ=WEEKLY;INTERVAL=2;BYDAY=TU 10</code>\n"
        "for the 15th of each month <code>FREQ=MONTHLY;BYMONTHDAY=15 9</code>\n"
        "or a word: <code>daily</code>, <code>month-end</code>, <code>yearly</code>.\n\n"
        "Each is about the last week, month, quarter or year that is over: on 30 September that is "
        "August, on 1 October September. By every second week, every second week is left out."
    )
    return Screen(text, (_button(texts("‹ Digest on schedule"), "schedule"),))


def ask_hour(texts: Texts, number: str) -> Screen:
    """Ask for an hour."""
    text = texts("Type the hour, from 0 to 23.")
    return Screen(text, (_button(texts("‹ Back"), "sched", number),))


def ask_zone(texts: Texts, number: str) -> Screen:
    """Ask for a time zone."""
    text = texts("Type the time zone, as Europe/Moscow or Asia/Yekaterinburg.")
    return Screen(text, (_button(texts("‹ Back"), "sched", number),))


def _set(number: str, what: str, value: str) -> str:
    return _tap("sched_set", number, what, value)


def _tap(place: str, *arguments: str) -> str:
    return MenuTap(place, arguments).pack()


def _button(label: str, place: str, *arguments: str) -> tuple[Button]:
    return (Button(label, _tap(place, *arguments)),)


def _plain(text: str) -> str:
    return literal(shortened(text, 200))
