"""What people agree to, and what they said to it: pure functions to screens."""

from datetime import tzinfo

from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from storage.people.people import Person
from storage.privacy.consents import ConsentText
from templates.texts import Texts


def document(text: str) -> str:
    """Return a text of consent in our markup: its first line is the heading."""
    heading, _, rest = text.partition("\n")
    return f"<b>{literal(heading)}</b>\n{literal(rest)}"


def to_agree(texts: Texts, text: ConsentText) -> Screen:
    """Return the whole text for somebody who has still to decide."""
    yes = Button(texts("I agree"), MenuTap("consent", ("yes",)).pack())
    no = Button(texts("No, thank you"), MenuTap("consent", ("no",)).pack())
    return Screen(document(text.content), ((yes,), (no,)))


def standing(texts: Texts, person: Person, text: ConsentText | None, zone: tzinfo) -> Screen:
    """Return what somebody agreed to and when, with the button that takes it back."""
    if person.consented_at is None:
        return _without(texts, person, zone)
    day = texts.moment(person.consented_at, zone)
    lines = [
        texts("You agreed on {moment}, version {version}.", moment=day, version=_version(person)),
        texts(
            "You may withdraw at any time: nothing more is asked then. What you have said stays "
            "until it is erased: /forget"
        ),
    ]
    rows: Rows = ((withdrawing(texts),),)
    if text is not None:
        rows = ((Button(texts("Read the text"), MenuTap("consent_read").pack()),), *rows)
    return Screen("\n\n".join(lines), rows)


def _version(person: Person) -> str:
    return literal(person.consent_version or "?")


def _without(texts: Texts, person: Person, zone: tzinfo) -> Screen:
    said = texts("You have not agreed to anything here.")
    if person.declined_at is not None:
        moment = texts.moment(person.declined_at, zone)
        said = texts("You have said no on {moment}: nothing is asked.", moment=moment)
    read = Button(texts("Read the text"), MenuTap("consent_read").pack())
    return Screen(said, ((read,),))


def agreed(texts: Texts, person: Person, text: ConsentText) -> Screen:
    """Return the text that somebody agreed to, word for word."""
    head = texts("Version {version}", version=_version(person))
    return Screen(f"{head}\n\n{document(text.content)}", ((withdrawing(texts),),))


def withdrawing(texts: Texts) -> Button:
    """Return the button that takes a consent back with one tap."""
    return Button(texts("Withdraw my consent"), MenuTap("withdraw").pack())


def withdrawn(texts: Texts) -> Screen:
    """Return what follows a withdrawal."""
    again = Button(texts("Read and agree again"), MenuTap("consent_read").pack())
    return Screen(
        texts(
            "Your consent is withdrawn: nothing more is asked. What you said before stays until "
            "it is erased: /forget does it at once."
        ),
        ((again,),),
    )
