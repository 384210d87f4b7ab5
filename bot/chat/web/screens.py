"""What is said of the digest as a page: pure functions to screens."""

from datetime import datetime

from bot.says.markup import literal
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from surveys.periods import Zone
from templates.texts import Texts


def link(texts: Texts, url: str) -> Screen:
    """Return the link, and the button that ends what it opens."""
    said = texts(
        "<b>The digest as a page</b>\nThe link works once, for ten minutes: open it and press the "
        "button there. Whoever has it sees what you see, so pass it on to nobody."
    )
    return Screen(f"{said}\n\n{literal(url)}", (_end(texts),))


def no_pages(texts: Texts) -> Screen:
    """Return what is said where the operator has opened no pages."""
    return Screen(
        texts(
            "There are no pages here yet: whoever runs the bot sets OTKLIK_WEB_URL. The digest as "
            "a file comes by /digest."
        )
    )


def opened(texts: Texts, until: datetime, zone: Zone) -> Screen:
    """Return what the chat is told once a link was used."""
    said = texts(
        "The digest is open as a page, until {moment}. Was it not you? End it.",
        moment=texts.moment(until, zone),
    )
    return Screen(said, (_end(texts),))


def ended(texts: Texts, count: int) -> Screen:
    """Return what became of the pages that were open."""
    if count:
        return Screen(texts("The page is closed. /web gives a new link."))
    return Screen(texts("No page was open, and the link works no longer. /web gives a new one."))


def _end(texts: Texts) -> tuple[Button]:
    return (Button(texts("End the session"), MenuTap("web_end").pack()),)
