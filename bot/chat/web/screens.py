"""What is said of the digest as a page: pure functions to screens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from bot.rights import Action, Reach, reach
from bot.roles import roles_of
from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.people.people import Person
from surveys.messages import mark
from surveys.periods import Zone
from templates.texts import Texts

PageKind = Literal["digest", "card", "team"]
TITLES: Final[Mapping[PageKind, str]] = {
    "digest": mark("The digest as a page"),
    "card": mark("My card as a page"),
    "team": mark("My team as a page"),
}
HEADINGS: Final[Mapping[PageKind, str]] = {
    "digest": mark("Digest"),
    "card": mark("My card"),
    "team": mark("My team"),
}
_OPENED: Final[Mapping[PageKind, str]] = {
    "digest": mark("The digest is open as a page, until {moment}. Was it not you? End it."),
    "card": mark("Your card is open as a page, until {moment}. Was it not you? End it."),
    "team": mark("Your team is open as a page, until {moment}. Was it not you? End it."),
}


def page_of(person: Person) -> PageKind:
    """Return what the page shows to somebody who may open it."""
    if reach(Action.OPEN_LIVE, roles_of(person)) is Reach.ALL:
        return "digest"
    return "card" if person.is_manager else "team"


def link(texts: Texts, url: str, page: PageKind) -> Screen:
    """Return the link, and the button that ends what it opens."""
    said = texts(
        "The link works once, for ten minutes: open it and press the button there. Whoever has it "
        "sees what you see, so pass it on to nobody."
    )
    return Screen(f"<b>{texts(TITLES[page])}</b>\n{said}\n\n{literal(url)}", (_end(texts),))


def no_pages(texts: Texts) -> Screen:
    """Return what is said where the operator has opened no pages."""
    return Screen(
        texts(
            "There are no pages here yet: whoever runs the bot sets OTKLIK_WEB_URL. The digest as "
            "a file comes by /digest."
        )
    )


def opened(texts: Texts, until: datetime, zone: Zone, page: PageKind) -> Screen:
    """Return what the chat is told once a link was used."""
    return Screen(texts(_OPENED[page], moment=texts.moment(until, zone)), (_end(texts),))


def ended(texts: Texts, count: int) -> Screen:
    """Return what became of the pages that were open."""
    if count:
        return Screen(texts("The page is closed. /web gives a new link."))
    return Screen(texts("No page was open, and the link works no longer. /web gives a new one."))


def _end(texts: Texts) -> tuple[Button]:
    return (Button(texts("End the session"), MenuTap("web_end").pack()),)
