"""What is printed: without what could make a terminal obey or show something else.

Names come from lists and from Telegram, and a name may hold an escape sequence or turn the writing
direction round. People's words are printed without such signs; data for another program keeps them
wherever that is not a terminal.
"""

import json
import re
import sys

import typer

from bot.errors import Refused
from surveys.messages import mark

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
"""Control characters but for tab and new line; signs that turn the writing direction."""


def plain(text: str) -> str:
    """Return a text without control characters and signs of the writing direction."""
    return _UNSEEN.sub("", text)


def one_line(name: str) -> str:
    """Return a name on one line, so that it cannot pass for a line of output."""
    return " ".join(plain(name).split())


def say(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print for a person."""
    typer.echo(plain(text), err=err, nl=nl)


def is_read_by_a_person() -> bool:
    """Tell whether what is printed goes to a terminal, not to another program."""
    return sys.stdout.isatty()


def print_data(data: str) -> None:
    """Print what another program may read: as it is, but not to a terminal.

    `color` keeps click from taking out what looks like a colour.
    """
    typer.echo(plain(data) if is_read_by_a_person() else data, nl=False, color=True)


def print_bytes(data: bytes) -> None:
    """Print what is no text, for another program; raises Refused where that is a terminal."""
    if is_read_by_a_person():
        raise Refused(mark("This is no text: name a file by --out."))
    typer.echo(data, nl=False)


def as_json(result: object) -> None:
    """Print a result for scripts; such characters are escaped, so nothing is lost."""
    text = json.dumps(result, ensure_ascii=False, indent=2)
    typer.echo(_UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))
