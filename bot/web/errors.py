"""What a page says when there is nothing to show: kind, and what to do."""

from typing import Final, NamedTuple

import structlog
from aiohttp import web

from bot.serving import BodyUnreadable
from bot.web.asked import language_of
from storage.errors import StorageError
from storage.people.link_errors import LinkExpired, LinkUnknown, LinkUsedUp
from surveys.messages import LANGUAGES, known_language, mark
from templates.answer_page import AnswerPage, PageButton, render
from templates.texts import Texts

log = structlog.get_logger()

_SENTENCES = {
    "unknown": (404, mark("This link is not known. Please ask for a new one.")),
    "nothing_here": (404, mark("There is nothing here. Please open your link once more.")),
    "expired": (410, mark("This link has expired. Please ask for a new one.")),
    "used_up": (
        410,
        mark("This link has been used as often as it may be. Please ask for a new one."),
    ),
    "unreadable": (
        400,
        mark("The form could not be read. Please open your link again; nothing was changed."),
    ),
    "foreign": (
        403,
        mark(
            "This form does not come from your page. Please open your link again; nothing was "
            "changed."
        ),
    ),
    "too_large": (
        413,
        mark("That is far too long. Please go back and shorten it; nothing was changed."),
    ),
    "too_slow": (
        408,
        mark("Your answer did not arrive completely. Please go back and send it again."),
    ),
    "too_many": (
        429,
        mark(
            "Too many pages were opened from your network just now. Please wait a few seconds, go "
            "back and try again; nothing was changed."
        ),
    ),
    "out_of_service": (
        503,
        mark("We cannot be reached for a moment. Please try again in a minute."),
    ),
    "failed": (500, mark("Something went wrong here. Please try again in a minute.")),
}


_ASK_ANEW: Final = (
    mark("A new link comes from whoever sent you this one: answer their message or letter."),
    mark("If you are in Telegram with us, send /start to the bot there: it asks what is open."),
)
_ADVICE: Final = {
    "unknown": _ASK_ANEW,
    "nothing_here": (
        mark("Your link is in the message or letter by which you were asked. Open it whole."),
        *_ASK_ANEW,
    ),
    "expired": _ASK_ANEW,
    "used_up": _ASK_ANEW,
}
"""What else to do where no page is known to go back to."""


class Onward(NamedTuple):
    """Where the reader goes on: what the button says, and an address of ours."""

    label: str
    address: str


def to_survey(address: str) -> Onward:
    """Return the way to the page where a survey stands."""
    return Onward(mark("Back to the survey"), address)


def to_live(address: str) -> Onward:
    """Return the way to the live pages of staff, or to the link that opens them."""
    return Onward(mark("Back to the page"), address)


_AFTER: tuple[tuple[type[Exception], str], ...] = (
    (LinkUnknown, "unknown"),
    (LinkExpired, "expired"),
    (LinkUsedUp, "used_up"),
    (BodyUnreadable, "unreadable"),
    (web.HTTPRequestEntityTooLarge, "too_large"),
    (web.HTTPRequestTimeout, "too_slow"),
    (StorageError, "out_of_service"),
)


def page_after(
    request: web.Request, error: Exception, onward: Onward | None = None
) -> web.Response:
    """Return the page for an error; whatever is not a caller's doing is logged by its kind."""
    name = next((name for kind, name in _AFTER if isinstance(error, kind)), "failed")
    if name in {"out_of_service", "failed"}:
        log.error("page_not_made", error=type(error).__name__)
    return page(request, name, onward)


def turned_away(request: web.Request, onward: Onward | None = None) -> web.Response:
    """Return the page for somebody who asks too often."""
    response = page(request, "too_many", onward)
    response.headers["Retry-After"] = "1"
    return response


def page(request: web.Request, name: str, onward: Onward | None = None) -> web.Response:
    """Return the page for something that went wrong, in the browser's language.

    It leads `onward`, but for a link that opens nothing: there it says how to get another.
    """
    status, sentence = _SENTENCES[name]
    language = known_language(language_of(request)) or LANGUAGES[0]
    texts, advice = Texts(language), _ADVICE.get(name, ())
    shown = AnswerPage(
        language,
        company="",
        path="",
        form="",
        heading=(((texts(sentence), ""),),),
        after=tuple((((texts(one), ""),),) for one in advice),
        onward=None if advice or onward is None else PageButton(texts(onward.label), url=onward[1]),
    )
    return web.Response(text=render(shown), status=status, content_type="text/html")
