"""Customers who write unasked: what they wrote is offered to their manager, whose reply comes back.

What is not passed on is not kept. After an anonymous survey nothing is even held until the customer
has said that it goes out under their name.
"""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from bot.chat.visit import Visit
from bot.operations.campaigns.remarks import spoken_in
from bot.operations.cases import correspondence
from bot.rights import Action
from bot.says.channels import ways
from bot.says.heard import File, Media, Tap, Words
from bot.says.said import Change, Reply, Show, Toast
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.answering import invitations, remarks
from storage.answering.remarks import Spoken
from storage.asking import drafts
from storage.cases import conversations
from storage.people.addresses import is_messenger
from templates.texts import Texts

AWAITED: Final = "letter"
_WAITS = timedelta(hours=24)
_GOES_ON = timedelta(days=7)
"""For this long after a reply, the customer's words go straight into the case."""
_MOST = 10
"""How many messages one tap passes on at most."""


async def typed(words: Words, visit: Visit) -> Reply | None:
    """Pass on what is typed after *Write to the manager*; None where nobody tapped that."""
    if words.below is not None or not may_write(visit):
        return None
    held = await _held(visit)
    if held is None or held["messages"]:
        return None
    return await _pass_on(visit, [spoken_in(words)])


async def _answers_nothing(visit: Visit) -> bool:
    """Tell whether a customer may write, and no survey waits for what they say."""
    if not may_write(visit) or await _is_hidden(visit):
        return False
    return await invitations.open_of(visit.tx, visit.known.id, visit.now) is None


async def continued(message: Words | Media | File, visit: Visit) -> Reply | None:
    """Pass on what follows a manager's reply, without asking; None where there was none lately."""
    if not await _answers_nothing(visit):
        return None
    case = await conversations.open_of(visit.tx, visit.known.id)
    if case is None:
        return None
    replied = await conversations.last_replied(visit.tx, case.id)
    if replied is None or replied < visit.now - _GOES_ON:
        return None
    return await _pass_on(visit, [spoken_in(message)])


async def offered(message: Words | Media | File, visit: Visit) -> Reply | None:
    """Offer to pass on what answers no question; None for anybody but a customer."""
    if not await _answers_nothing(visit):
        return None
    await hold(spoken_in(message), visit)
    said = visit.texts("Shall I pass this on to your manager?")
    return Show(Screen(said, offer_rows(visit.texts)))


async def decided(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Pass on what is held, drop it, or wait for what is to be passed on."""
    if not may_write(visit):
        return Toast(visit.texts(ways(visit.who.channel).no_button))
    texts, choice = visit.texts, (*tap.button.arguments, "")[0]
    if choice == "write":
        await _keep(visit, [])
        said = texts("Type your message: it goes to your manager, under your name.")
        return Change(Screen(said))
    held = await _held(visit)
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    if choice == "no":
        return Change(Screen(texts("All right, it is not passed on.")))
    if held is None or not held["messages"]:
        return Change(Screen(texts("I do not have that message any more. Please write it again.")))
    passed = await _pass_on(visit, [Spoken(**one) for one in held["messages"]])
    return Change(passed.screen)


async def hold(said: Spoken, visit: Visit) -> None:
    """Keep a message until its writer says whether it is to be passed on."""
    held = await _held(visit)
    before = [] if held is None else held["messages"]
    await _keep(visit, [*before, asdict(said)][-_MOST:])


def offer_rows(texts: Texts) -> Rows:
    """Return the choice whether what is held is passed on."""
    yes = Button(texts("Pass it on"), MenuTap("letter", ("yes",)).pack())
    return ((yes,), (Button(texts("No, thank you"), MenuTap("letter", ("no",)).pack()),))


def write_row(texts: Texts) -> Rows:
    """Return the way to write under one's name, for somebody who answered an anonymous survey."""
    return ((Button(texts("Write to the manager"), MenuTap("letter", ("write",)).pack()),),)


async def _pass_on(visit: Visit, said: list[Spoken]) -> Show:
    await drafts.drop(visit.tx, visit.known.id, AWAITED)
    await correspondence.pass_on(visit.tx, visit.known, said, visit.workspace, visit.now)
    return Show(Screen(visit.texts("This is passed on. The reply comes here.")))


def may_write(visit: Visit) -> bool:
    """Tell whether the sender is a customer who can be answered where they write."""
    person = visit.person
    agreed = person is not None and person.is_customer and person.consented_at is not None
    return agreed and visit.may(Action.WRITE) and is_messenger(visit.who.channel)


async def _is_hidden(visit: Visit) -> bool:
    return await remarks.lately_anonymous(visit.tx, visit.known.id, visit.now)


async def _held(visit: Visit) -> dict[str, Any] | None:
    content = await drafts.load(visit.tx, visit.known.id, AWAITED)
    if content is None:
        return None
    held = json.loads(content)
    if visit.now - datetime.fromisoformat(held["at"]) > _WAITS:
        await drafts.drop(visit.tx, visit.known.id, AWAITED)
        return None
    return {"messages": held["messages"]}


async def _keep(visit: Visit, messages: list[dict[str, Any]]) -> None:
    content = json.dumps({"at": visit.now.isoformat(), "messages": messages}, ensure_ascii=False)
    await drafts.save(visit.tx, visit.known.id, AWAITED, content, visit.now)
