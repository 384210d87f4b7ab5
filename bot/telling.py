"""Errors and other messages of the core, in the reader's language."""

import datetime as dt
from decimal import Decimal

from surveys.messages import Message, ToldError
from templates.texts import Texts

UTC = "UTC"
_LARGEST = 10**15
"""What is larger, or not a number, is shown as it is."""


def told(texts: Texts, said: Message | ToldError, zone: str = UTC) -> str:
    """Return a message, or every line of an error, as its reader reads it.

    Numbers are written the reader's way: pass an identifier as text. Moments are shown in `zone`,
    the company's where it is known.
    """
    if isinstance(said, ToldError):
        return "\n".join(told(texts, message, zone) for message in said.messages())
    values = {name: _written(texts, value, zone) for name, value in said.values.items()}
    return texts(said.template, **values)


def _written(texts: Texts, value: object, zone: str) -> str:
    match value:
        case Message() | ToldError():
            return told(texts, value, zone)
        case list() | tuple():
            return ", ".join(_written(texts, part, zone) for part in value)
        case int() | float() | Decimal() if -_LARGEST < value < _LARGEST:
            return texts.number(value, None)
        case dt.datetime():
            return moment(texts, value, zone)
        case dt.date():
            return texts.date(value)
        case _:
            return str(value)


def moment(texts: Texts, at: dt.datetime, zone: str) -> str:
    """Write a moment as the clocks of a zone show it; without a zone, in UTC and named so."""
    shown = texts.moment(at, zone)
    return f"{shown} UTC" if zone == UTC else shown
