"""An answer that was not taken, kept by the browser that sent it for some minutes.

The browser is redirected after it, too, so Back and Reload send nothing again; the page that it is
sent to shows what was typed and what is wrong with it. A cookie keeps that, so any replica shows
it and the program keeps nobody's words. It is signed: what others put there is never shown.
"""

import bz2
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from bot.web.signing import Signer

COOKIE = "otklik-refused"
SECONDS = 600
_LARGEST = 3_000
"""Some 4,200 letters of prose; with the other headers below the 4 KB that nginx takes."""
_MOST_LETTERS = 10_000
"""More are not tried, so that nobody has the program pack large forms."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong (`note`), what was typed, and the `field` of the page it was shown on.

    Where the page has another field by now, it is of no concern to whoever reads it.
    """

    note: str = ""
    typed: str = ""
    field: str = ""


NONE = Refusal()


def written(refusal: Refusal, signer: Signer, token: str, now: datetime) -> str:
    """Return it as a cookie's value for the pages of a token, "" for NONE or what is too large."""
    if refusal == NONE or len(refusal.typed) > _MOST_LETTERS:
        return ""
    until = int(now.timestamp()) + SECONDS
    kept = json.dumps([until, refusal.note, refusal.typed, refusal.field], ensure_ascii=False)
    body = urlsafe_b64encode(bz2.compress(kept.encode(), 1)).decode().rstrip("=")
    value = f"{signer.refusal(token, body)}.{body}"
    return value if len(value) <= _LARGEST else ""


def read(value: str, signer: Signer, token: str, now: datetime) -> Refusal:
    """Return what a cookie holds; NONE where we did not write it or its time is over."""
    signature, _, body = value.partition(".")
    if not body or not signer.is_refusal(token, body, signature):
        return NONE
    until, note, typed, field = json.loads(bz2.decompress(urlsafe_b64decode(body + "==")))
    return Refusal(note, typed, field) if now.timestamp() < until else NONE
