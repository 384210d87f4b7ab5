"""What erasing means, and that it was done: pure functions to screens."""

from bot.says.fitting import shortened
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.erasing import Erased
from storage.people.people import Person
from templates.texts import Texts


def unknown(texts: Texts) -> Screen:
    """Return what a stranger reads."""
    return Screen(texts("Nothing is kept about you here: this account belongs to nobody I know."))


def of_staff(texts: Texts) -> Screen:
    """Return what one of the staff reads."""
    return Screen(
        texts(
            "While you work for the company your name stands beside its customers' answers. When "
            "you have left, /forget removes it; until then please ask your employer. What is kept "
            "about you: /mydata"
        )
    )


def own_of_staff(texts: Texts) -> Screen:
    """Return what goes and what stays of somebody who has left, and the two buttons."""
    lines = [texts("<b>Erase everything about you?</b>"), *_former(texts), _for_good(texts)]
    yes = Button(texts("Yes, erase everything"), MenuTap("forget", ("yes",)).pack())
    no = Button(texts("No, keep it"), MenuTap("forget", ("no",)).pack())
    return Screen("\n\n".join(lines), ((yes,), (no,)))


def former(texts: Texts, person: Person) -> Screen:
    """Return what erasing somebody who has left means to an admin, and the button that does it."""
    name = literal(shortened(person.name, 200))
    head = texts("<b>Erase everything about {name}?</b>", name=name)
    yes = Button(texts("Yes, erase everything"), MenuTap("erase_do", (str(person.id),)).pack())
    no = Button(texts("Cancel"), MenuTap("people").pack())
    return Screen("\n\n".join([head, *_former(texts), _for_good(texts)]), ((yes,), (no,)))


def _former(texts: Texts) -> list[str]:
    return [
        texts(
            "Goes: the name, phone, e-mail and all other data from lists, the Telegram account, "
            "links, questionnaires with their answers, drafts; in kept digests the name becomes a "
            "number."
        ),
        texts(
            "Stays: a number in place of the name beside customers' answers and cases, since those "
            "were given about somebody; a name that customers or colleagues wrote in their own "
            "words."
        ),
    ]


def own(texts: Texts, found: Erased, company: str) -> Screen:
    """Return what goes and what stays of the sender, and the two buttons."""
    lines = [
        texts("<b>Erase everything about you?</b>"),
        _goes(texts, found),
        _stays(texts),
        texts(
            "Messages in this chat are yours to delete. {company} may know you from elsewhere and "
            "put you on a list again: ask them too.",
            company=literal(company),
        ),
        _for_good(texts),
    ]
    yes = Button(texts("Yes, erase everything"), MenuTap("forget", ("yes",)).pack())
    no = Button(texts("No, keep it"), MenuTap("forget", ("no",)).pack())
    return Screen("\n\n".join(lines), ((yes,), (no,)))


def kept(texts: Texts) -> Screen:
    """Return that nothing was erased."""
    return Screen(texts("Nothing was erased."))


def own_done(texts: Texts) -> Screen:
    """Return that the sender's data is gone."""
    return Screen(
        texts(
            "Everything about you is erased, and I no longer know you. Copies of the database are "
            "deleted as they grow old; where one is put back before that, you are erased again."
        )
    )


def somebody(texts: Texts, person: Person, found: Erased) -> Screen:
    """Return what erasing a customer means to an admin, and the button that does it."""
    lines = [
        texts(
            "<b>Erase everything about {name}?</b>",
            name=literal(shortened(person.name, 200)),
        ),
        _goes(texts, found),
        _stays(texts),
        texts(
            "What was sent to you and your colleagues in Telegram stays in your chats: delete it "
            "there. Take the customer off your list too, or the next import brings them back."
        ),
        _for_good(texts),
    ]
    number = (str(person.id),)
    yes = Button(texts("Yes, erase everything"), MenuTap("erase_do", number).pack())
    no = Button(texts("Cancel"), MenuTap("card", number).pack())
    return Screen("\n\n".join(lines), ((yes,), (no,)))


def somebody_done(texts: Texts, found: Erased) -> Screen:
    """Return that a customer's data is gone."""
    back = Button(texts("‹ Customers"), MenuTap("cards").pack())
    return Screen("\n".join([texts("Erased."), how_much(texts, found)]), ((back,),))


def how_much(texts: Texts, found: Erased) -> str:
    """Return how many answers and remarks there are of somebody."""
    parts = (
        texts.plural("{n} answer", "{n} answers", found.answers),
        texts.plural("{n} remark", "{n} remarks", found.remarks),
    )
    return ", ".join(parts)


def _goes(texts: Texts, found: Erased) -> str:
    return texts(
        "Goes: the name, phone, e-mail and all other data from lists; the Telegram account; links, "
        "invitations and purchases; answers and remarks ({how_much}), and what fetches their files "
        "from Telegram. The answers leave all later figures.",
        how_much=how_much(texts, found),
    )


def _stays(texts: Texts) -> str:
    return texts(
        "Stays: figures of digests that were sent, and that somebody was erased on this day. "
        "Anonymous answers cannot be found, since nothing says whose they are; so they stay too."
    )


def _for_good(texts: Texts) -> str:
    return texts("This cannot be undone.")
