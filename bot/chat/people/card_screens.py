"""A customer's card as one message, and lists of customers: pure functions to screens."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import unescape

from bot.chat.admin_screens import pager
from bot.operations.campaigns.remarks import line
from bot.says.fitting import LONGEST_MESSAGE, shortened, units, within
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.spoken import KINDS
from bot.says.survey_screens import SurveyView, answer_text
from bot.says.taps import MenuTap
from storage.answering.remarks import Remark
from storage.asking.definitions import StoredDefinition
from storage.people.cards import Card, CardInvitation, Deal, Listed
from storage.people.people import Person
from storage.people.workspace import Workspace
from surveys.messages import mark
from surveys.survey import answers as codec
from surveys.survey.answers import Answer
from surveys.survey.definition import LocalText, localized
from surveys.survey.flow import wording
from surveys.survey.placeholders import Placeholders
from templates.texts import Texts

A_PAGE = 8
MOST_FILES = 5
LONGEST_ANSWER = 200
LONGEST_QUESTION = 90
LONGEST_PART = 700
"""The most characters of a card that own attributes, and purchases, may take each."""
_LAST_LINE = 60
STATES = {
    "queued": mark("waits to be sent"),
    "sent": mark("sent"),
    "opened": mark("opened"),
    "started": mark("started"),
    "finished": mark("answered"),
    "expired": mark("closed without an answer"),
    "unreachable": mark("not delivered"),
    "unknown": mark("perhaps delivered"),
    "cancelled": mark("called off"),
}


def nobody(texts: Texts, *, searched: bool) -> Screen:
    """Return the screen that says that there is no customer to show."""
    if searched:
        return Screen(
            texts("No such customer was found. To search: /card and a part of the name, the phone.")
        )
    return Screen(texts("There are no customers here yet."))


def customers(
    texts: Texts, found: Sequence[Listed], page: int, *, more: bool, searched: bool = False
) -> Screen:
    """Return a page of customers to choose from; the text has their full names.

    A phone cuts long buttons, so names stand in the text as well. Where there are `more`, the whole
    list has a next page; after a search (`searched`) the reader is asked to write more of the name.
    """
    numbered = list(enumerate(found, start=page * A_PAGE + 1))
    rows = [
        (Button(shortened(f"{place}. {one.name}", 60), MenuTap("card", (str(one.id),)).pack()),)
        for place, one in numbered
    ]
    lines = [
        f"{place}. {_plain(', '.join(filter(None, (one.name, one.account))), 300)}"
        for place, one in numbered
    ]
    head = texts("Whose card? To search: /card and a part of the name, the phone or the id.")
    if searched and more:
        lines += ["", texts("There are more: write more of the name.")]
    moves = pager(page, "cards", more=more and not searched)
    return Screen("\n".join([head, "", *lines]), (*rows, moves))


def card(
    texts: Texts,
    found: Card,
    known: Mapping[int, StoredDefinition],
    space: Workspace,
    *,
    for_admin: bool = False,
) -> Screen:
    """Return a customer's card: who they are, what they bought, what they were asked and said.

    An admin can let the customer go from here, or take them back.
    """
    parts = [_head(texts, found), _details(texts, found), _deals(texts, found, space)]
    text = "\n\n".join(filter(None, parts))
    sheets = [_asked(texts, found, one, known[one.definition_id], space) for one in found.asked]
    room = LONGEST_MESSAGE - units(text)
    text = "\n\n".join([text, *_history(texts, sheets, found.asked_in_all, room)])
    link = Button(texts("A personal link"), MenuTap("card_link", (str(found.person.id),)).pack())
    person = found.person
    links = (link,) if person.address is None and person.left_at is None else ()
    back = Button(texts("‹ Customers"), MenuTap("cards").pack())
    ends = (_leaving(texts, person), _erasing(texts, person)) if for_admin else ()
    rows = (links, *_files(texts, found), *ends, (back,))
    return Screen(text, rows)


def _files(texts: Texts, found: Card) -> list[tuple[Button, ...]]:
    """Return a button for each of the latest files that the customer sent."""
    sent = [one for asked in found.asked for one in asked.remarks if one.file_id is not None]
    latest = sorted(sent, key=lambda one: one.id, reverse=True)[:MOST_FILES]
    return [(_file(texts, one),) for one in latest]


def _file(texts: Texts, one: Remark) -> Button:
    label = texts("Show {what} of {day}", what=texts(KINDS[one.kind]), day=texts.date(one.said_at))
    return Button(label, MenuTap("remark", (str(one.id),)).pack())


def _leaving(texts: Texts, person: Person) -> tuple[Button, ...]:
    number = (str(person.id),)
    if person.left_at is not None:
        return (Button(texts("Is our customer again"), MenuTap("left_back", number).pack()),)
    return (Button(texts("No longer our customer"), MenuTap("left", number).pack()),)


def _erasing(texts: Texts, person: Person) -> tuple[Button, ...]:
    number = (str(person.id),)
    return (
        Button(texts("Hand out all data"), MenuTap("hand_out", number).pack()),
        Button(texts("Erase all data"), MenuTap("erase", number).pack()),
    )


def _history(texts: Texts, sheets: Sequence[Sequence[str]], in_all: int, room: int) -> list[str]:
    """Return one block per invitation, the latest first, as many as fit."""
    if not sheets:
        return [texts("Not asked anything yet.")]
    blocks: list[str] = []
    for sheet in sheets:
        room -= 2
        lines = within(sheet, room - _LAST_LINE, partial(_unread, texts))
        if not lines:
            break
        blocks.append("\n".join(lines))
        room -= units(blocks[-1])
    older = in_all - len(blocks)
    if older > 0:
        blocks.append(texts.plural("… and {n} earlier", "… and {n} earlier", older))
    return blocks


def _unread(texts: Texts, n: int) -> str:
    return texts.plural("… and {n} more answer", "… and {n} more answers", n)


def _plain(text: str, longest: int) -> str:
    return literal(shortened(text, longest))


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
    if person.address is None:
        return _NO_CHAT
    if person.unreachable_at is not None:
        return _BLOCKED
    if person.opted_out_at is not None:
        return _OPTED_OUT
    return _HERE if person.consented_at is not None else _NOT_AGREED


_GONE = mark("no longer on the company's list")
_LINK_UNUSED = mark("got a personal link, has not opened it yet")
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
        texts("CRM number"): person.external_id,
    }
    own = within(
        _labelled(found.attributes),
        LONGEST_PART,
        lambda n: texts.plural("… and {n} more field", "… and {n} more fields", n),
    )
    return "\n".join([*_labelled(known), *own])


def _labelled(known: Mapping[str, str | None]) -> list[str]:
    return [f"{_plain(label, 60)}: {_plain(value, 120)}" for label, value in known.items() if value]


def _deals(texts: Texts, found: Card, space: Workspace) -> str:
    """Return the latest purchases that the CRM told of; nothing where it told of none."""
    if not found.deals:
        return ""
    lines = [_deal(texts, deal, space) for deal in found.deals]
    older = found.deals_in_all - len(lines)
    if older > 0:
        lines.append(texts.plural("… and {n} earlier", "… and {n} earlier", older))
    return "\n".join([texts("<b>Purchases</b>"), *lines])


def _deal(texts: Texts, deal: Deal, space: Workspace) -> str:
    said = [texts.date(deal.closed_at.astimezone(space.tzinfo).date())]
    if deal.number is not None:
        said.append(texts("deal {number}", number=_plain(deal.number, 40)))
    if deal.amount is not None:
        whole = deal.amount == deal.amount.to_integral_value()
        said.append(texts.number(deal.amount, 0 if whole else 2))
    if deal.manager:
        said.append(_plain(deal.manager, 60))
    return f"• {', '.join(said)}"


def _asked(
    texts: Texts, found: Card, one: CardInvitation, stored: StoredDefinition, space: Workspace
) -> list[str]:
    """Return the lines of one invitation: what became of it, then an answer each."""
    moment = (one.finished_at or one.created_at).astimezone(space.tzinfo)
    title = _plain(localized(stored.survey.title, texts.language), 100)
    state = texts(_LINK_UNUSED if one.link_unused else STATES[one.state])
    head = f"<b>{title}</b>, {texts.date(moment.date())}: {state}"
    if one.anonymous:
        return [head, texts("Anonymous: the answers are nobody's to see.")]
    view = _view(texts, found, one, stored, space)
    said = [f"+ {_beyond(view, remark, space)}" for remark in one.remarks]
    return [head, *_answers(view, one), *said]


def _view(
    texts: Texts, found: Card, one: CardInvitation, stored: StoredDefinition, space: Workspace
) -> SurveyView:
    filled = Placeholders(company=space.company, name=found.person.name, manager=one.manager or "")
    return SurveyView(stored.survey, one.invitation_id, texts, filled)


def _beyond(view: SurveyView, remark: Remark, space: Workspace) -> str:
    """Return a remark; of an earlier answer also its day and what it answered."""
    said = line(view.texts, remark)
    if remark.asked is None:
        return said
    day = view.texts.date(remark.said_at.astimezone(space.tzinfo).date())
    asked = _plain(unescape(view.words(_stored(remark.asked))), LONGEST_QUESTION)
    return view.texts("earlier, {day}: {question} — {answer}", day=day, question=asked, answer=said)


def _stored(asked: str) -> LocalText:
    return LocalText.model_validate_json(asked)


def _answers(view: SurveyView, one: CardInvitation) -> list[str]:
    survey = view.survey
    given: dict[str, Answer] = {
        key: codec.from_json(survey.question(key), value) for key, value in one.answers.items()
    }
    lines = []
    for key, answer in given.items():
        question = survey.question(key)
        words = _stored(one.asked[key]) if key in one.asked else wording(question, given)
        asked = _plain(unescape(view.words(words)), LONGEST_QUESTION)
        said = _plain(answer_text(view, question, answer), LONGEST_ANSWER)
        lines.append(f"• {asked} — {said}")
    return lines
