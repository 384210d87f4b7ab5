"""A customer's card as one message, and lists of customers: pure functions to screens."""

from collections.abc import Mapping, Sequence
from html import escape

from bot.chat.callbacks import MenuTap
from bot.chat.screens import Button, Screen, View, answer_text
from storage.cards import Asked, Card
from storage.definitions import StoredDefinition
from storage.people import Person
from storage.workspace import Workspace
from surveys import answers as codec
from surveys.answers import Answer
from surveys.definition import localized
from surveys.flow import wording
from surveys.placeholders import Placeholders
from templates.texts import Texts, mark

A_PAGE = 8
LONGEST_ANSWER = 200
LONGEST_QUESTION = 90
LONGEST_CARD = 3900
"""Telegram's limit is 4,096 characters; a card is cut at a whole block."""
STATES = {
    "queued": mark("waits to be sent"),
    "sent": mark("sent"),
    "opened": mark("opened"),
    "started": mark("started"),
    "finished": mark("answered"),
    "expired": mark("closed without an answer"),
    "declined": mark("declined"),
    "unreachable": mark("not delivered"),
    "unknown": mark("perhaps delivered"),
    "cancelled": mark("called off"),
}


def customers(texts: Texts, found: Sequence[tuple[int, str]], page: int, *, more: bool) -> Screen:
    """Return a page of customers to choose from."""
    if not found and not page:
        return Screen(
            texts("There is no such customer of yours. To search: /card and a part of the name."),
        )
    rows = [(Button(name[:60], MenuTap("card", (str(number),)).pack()),) for number, name in found]
    moves = []
    if page:
        moves.append(Button("‹", MenuTap("cards", (str(page - 1),)).pack()))
    if more:
        moves.append(Button("›", MenuTap("cards", (str(page + 1),)).pack()))
    text = texts("Whose card? To search: /card and a part of the name, the phone or the id.")
    return Screen(text, (*rows, tuple(moves)))


def card(
    texts: Texts, found: Card, known: Mapping[int, StoredDefinition], space: Workspace
) -> Screen:
    """Return a customer's card."""
    blocks = [_head(texts, found), _details(texts, found)]
    blocks += [_asked(texts, found, one, known[one.definition_id], space) for one in found.asked]
    older = found.asked_in_all - len(found.asked)
    if older > 0:
        blocks.append(texts.plural("… and {n} earlier", "… and {n} earlier", older))
    if not found.asked:
        blocks.append(texts("Not asked anything yet."))
    link = Button(texts("A personal link"), MenuTap("card_link", (str(found.person.id),)).pack())
    back = Button(texts("‹ Customers"), MenuTap("cards").pack())
    return Screen(_fitting(blocks), ((link,), (back,)))


def _fitting(blocks: Sequence[str]) -> str:
    text = blocks[0]
    for block in blocks[1:]:
        if len(text) + len(block) > LONGEST_CARD:
            return f"{text}\n\n…"
        text = f"{text}\n\n{block}" if block else text
    return text


def _plain(text: str, longest: int) -> str:
    return escape(text if len(text) <= longest else text[: longest - 1] + "…", quote=False)


def _head(texts: Texts, found: Card) -> str:
    person = found.person
    lines = [f"<b>{_plain(person.name, 200)}</b>"]
    work = ", ".join(part for part in (person.position, person.account) if part)
    if work:
        lines.append(_plain(work, 300))
    lines.append(f"<i>{texts(_standing(person))}</i>")
    return "\n".join(lines)


def _standing(person: Person) -> str:
    if person.left_at is not None:
        return _GONE
    if person.telegram_id is None:
        return _NO_CHAT
    if person.unreachable_at is not None:
        return _BLOCKED
    if person.opted_out_at is not None:
        return _OPTED_OUT
    return _HERE if person.consented_at is not None else _NOT_AGREED


_GONE = mark("no longer with us")
_NO_CHAT = mark("not in Telegram yet")
_BLOCKED = mark("blocked the bot")
_OPTED_OUT = mark("unsubscribed")
_NOT_AGREED = mark("in Telegram, has not agreed to be asked")
_HERE = mark("in Telegram, agreed to be asked")


def _details(texts: Texts, found: Card) -> str:
    person = found.person
    bought = None if person.last_purchase_on is None else texts.date(person.last_purchase_on)
    known = {
        texts("Phone"): person.phone,
        texts("E-mail"): person.email,
        texts("Manager"): found.manager,
        texts("Segment"): person.segment,
        texts("Last purchase"): bought,
        texts("Number"): person.external_id,
        **found.attributes,
    }
    lines = [
        f"{_plain(label, 60)}: {_plain(value, 120)}" for label, value in known.items() if value
    ]
    return "\n".join(lines)


def _asked(
    texts: Texts, found: Card, one: Asked, stored: StoredDefinition, space: Workspace
) -> str:
    moment = (one.finished_at or one.created_at).astimezone(space.tzinfo)
    title = _plain(localized(stored.survey.title, texts.language), 100)
    head = f"<b>{title}</b>, {texts.date(moment.date())}: {texts(STATES[one.state])}"
    if one.anonymous:
        return "\n".join([head, texts("Anonymous: the answers are nobody's to see.")])
    return "\n".join([head, *_answers(texts, found, one, stored, space)])


def _answers(
    texts: Texts, found: Card, one: Asked, stored: StoredDefinition, space: Workspace
) -> list[str]:
    survey = stored.survey
    filled = Placeholders(
        company=space.company, name=found.person.name, manager=found.manager or ""
    )
    view = View(survey, one.invitation_id, texts, filled)
    given: dict[str, Answer] = {
        key: codec.from_json(survey.question(key), value) for key, value in one.answers.items()
    }
    lines = []
    for key, answer in given.items():
        question = survey.question(key)
        asked = _shortened(view.words(wording(question, given)), LONGEST_QUESTION)
        said = _plain(answer_text(view, question, answer), LONGEST_ANSWER)
        lines.append(f"• {asked} — {said}")
    return lines


def _shortened(escaped: str, longest: int) -> str:
    """Cut text that is escaped already, never inside an entity."""
    if len(escaped) <= longest:
        return escaped
    return escaped[: longest - 1].rsplit("&", 1)[0] + "…"
