"""`/why NAME`: why somebody was not asked, from the ledger, and what applies now."""

from collections.abc import Sequence
from functools import partial

from bot.chat.admin_screens import back
from bot.chat.auditing import note
from bot.chat.visit import Visit
from bot.operations.campaigns.why import SHOWN, DecisionNow, Explanation, answer, outcome
from bot.says.fitting import shortened, within
from bot.says.heard import Command, Tap
from bot.says.markup import literal
from bot.says.reasons import OUTCOMES, WISHES
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.asking.ledger import Decision
from storage.people import people, search
from storage.people.people import Person
from storage.people.workspace import Workspace
from surveys.campaign.eligibility import Reason
from surveys.survey.definition import localized
from templates.texts import Texts

_PART = 1900
"""The most UTF-16 units in each of the two parts of a page: a message has a limit."""
_LONGEST_NAME = 80
_WISHES = 3
_CLOCKS = {Reason.ASKED_RECENTLY, Reason.ASKED_THIS_RECENTLY}


async def asked(command: Command, visit: Visit) -> Reply:
    """Answer for the one person of that name, or offer those there are."""
    name = command.rest.strip()
    if not name:
        return Show(Screen(visit.texts("Write a name or an id of the CRM: /why Petrov")))
    found = await search.people_named(visit.tx, name, SHOWN + 1)
    if not found:
        return Show(Screen(visit.texts("There is nobody of that name.")))
    if len(found) > 1:
        return Show(_choice(visit.texts, found[:SHOWN], more=len(found) > SHOWN))
    await note(visit, "saw_decision", found[0].id)
    return Show(await _page(visit, found[0]))


async def chose(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Answer for the chosen person."""
    person = await people.by_id(visit.tx, tap.button.number(0) or 0)
    if person is None:
        return Toast(visit.texts("That button is out of date."))
    await note(visit, "saw_decision", person.id)
    return Change(await _page(visit, person))


def _choice(texts: Texts, found: Sequence[Person], *, more: bool) -> Screen:
    """Return the people of a name, in full in the text, since a phone cuts long buttons."""
    lines = [f"{place}. {_named(person)}" for place, person in enumerate(found, start=1)]
    rows = tuple(
        (Button(f"{place}. {person.name}"[:60], MenuTap("why", (str(person.id),)).pack()),)
        for place, person in enumerate(found, start=1)
    )
    head = texts("Who of them?")
    tail = [texts("There are more: write more of the name.")] if more else []
    said = "\n".join([*(literal(shortened(line, 300)) for line in lines), *tail])
    return Screen(f"{head}\n\n{said}", rows)


def _named(person: Person) -> str:
    more = person.account or person.external_id
    return f"{person.name}, {more}" if more else person.name


async def _page(visit: Visit, person: Person) -> Screen:
    found = await answer(visit.tx, person, visit.now)
    return Screen(page_text(visit.texts, found, visit.workspace), back(visit.texts))


def page_text(texts: Texts, found: Explanation, space: Workspace) -> str:
    """Return what applies to a person now, and the latest lines of their ledger."""
    head = [f"<b>{literal(_named(found.person))}</b>", "", texts("Now:")]
    left_out = partial(_left_out, texts, 0)
    head += within(_now(texts, found, space), _PART, left_out)
    for one in found.wishes[:_WISHES]:
        moment = texts.moment(one.said_at, space.tzinfo)
        head.append(f"• {moment}: {texts(WISHES[one.wanted])}")
    if not found.ledger:
        return "\n".join([*head, "", texts("No campaign looked at them yet.")])
    lines = [_line(texts, line, space) for line in found.ledger]
    shown = within(lines, _PART, partial(_left_out, texts, found.earlier))
    if found.earlier and len(shown) == len(lines) and shown == lines:
        shown.append(_left_out(texts, found.earlier, 0))
    return "\n".join([*head, "", texts("Until now:"), *shown])


def _now(texts: Texts, found: Explanation, space: Workspace) -> list[str]:
    """Return one line per survey, or a single line where the same applies to every one."""
    said = {one.survey.key: _held(texts, one, space) for one in found.now}
    if len(said) > 1 and len(set(said.values())) == 1:
        return [texts("• every survey: {said}", said=next(iter(said.values())))]
    return [
        f"• {literal(localized(one.survey.title, texts.language))}: {said[one.survey.key]}"
        for one in found.now
    ]


def _held(texts: Texts, one: DecisionNow, space: Workspace) -> str:
    if one.reason is None:
        return texts("may be asked")
    said = texts(OUTCOMES[one.reason.value])
    if one.again_at is None or one.reason not in _CLOCKS:
        return said
    day = texts.date(one.again_at.astimezone(space.tzinfo).date())
    return texts("{said}, again from {day}", said=said, day=day)


def _line(texts: Texts, line: Decision, space: Workspace) -> str:
    day = texts.date(line.decided_at.astimezone(space.tzinfo).date())
    name = " ".join(filter(None, (line.campaign, line.label)))
    said = texts(OUTCOMES[outcome(line)])
    if outcome(line) == "queued" and line.due_at is not None:
        moment = texts.moment(line.due_at, space.tzinfo)
        said = texts("{said}, goes out {moment}", said=said, moment=moment)
    return f"• {day}, {literal(shortened(name, _LONGEST_NAME))}: {said}"


def _left_out(texts: Texts, earlier: int, n: int) -> str:
    return texts.plural("… and {n} more", "… and {n} more", earlier + n)
