"""What a browser asked for: read within bounds, and trusted in nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.proxies import Network
from bot.serving import BodyUnreadable, arriving, parts_of
from bot.web.limits import client_of
from surveys.messages import LANGUAGES

LARGEST_FORM = 64 * 1024
"""Four thousand characters of any writing, as a form encodes them."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_OPTION = re.compile(r"[0-9]{1,2}")
_FORM = "application/x-www-form-urlencoded"
_PLACES = {"form", "do", "words"}
_LONGEST_COOKIE = 4_000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: `form` as the page gave it out, `do` the button, `words` what was typed."""

    form: str = ""
    do: str = ""
    words: str = ""


def token_of(request: web.Request) -> str | None:
    """Return the token in the address, None where nothing there can be one."""
    token = parts_of(request)["token"]
    return token if _TOKEN.fullmatch(token) else None


def option_of(request: web.Request) -> str:
    """Return the option that the address proposes, "" where it proposes none."""
    option = parts_of(request)["option"]
    return option if _OPTION.fullmatch(option) else ""


def sender_of(request: web.Request, trusted: Sequence[Network]) -> str:
    """Return the address that a request comes from, as far as a trusted proxy says so."""
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))[:1000]
    return client_of(request.remote or "", forwarded.split(","), trusted)


def is_foreign(request: web.Request) -> bool:
    """Tell whether another site's page sent this, as far as the browser says so."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


async def form_of(request: web.Request) -> Form:
    """Read the form; unknown fields are left alone.

    Raises BodyUnreadable where it is none, HTTPRequestEntityTooLarge, HTTPRequestTimeout.
    """
    if request.content_type != _FORM:
        raise BodyUnreadable
    try:
        async with arriving():
            sent = await request.post()
    except (ValueError, LookupError) as error:
        raise BodyUnreadable from error
    fields = {name: value for name, value in sent.items() if name in _PLACES}
    return Form(**_texts(fields))


def _texts(fields: Mapping[str, object]) -> dict[str, str]:
    """Return the form's texts with plain line ends, without what no database keeps."""
    return {
        name: _UNSTORABLE.sub(" ", value).replace("\r\n", "\n")
        for name, value in fields.items()
        if isinstance(value, str)
    }


def language_of(request: web.Request) -> str:
    """Return the language that the address names or the browser prefers, "" where neither does."""
    if (chosen := request.query.get("l", "")) in LANGUAGES:
        return chosen
    wanted = []
    for place, part in enumerate(request.headers.get("Accept-Language", "")[:200].split(",")):
        name, _, rest = part.strip().partition(";")
        code = name[:2].lower()
        if code in LANGUAGES:
            wanted.append((-_weight(rest), place, code))
    return min(wanted)[2] if wanted else ""


def _weight(rest: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", rest)
    return float(found[1]) if found else 1.0


def cookie_of(request: web.Request, name: str) -> str:
    """Return a cookie's value, "" where there is none or one that is not ours."""
    value = request.cookies.get(name, "")
    return value if len(value) <= _LONGEST_COOKIE and value.isascii() else ""
