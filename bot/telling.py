"""Errors and other messages of the core, in the reader's language."""

import datetime as dt
from decimal import Decimal

from surveys.messages import Message, ToldError
from templates.texts import Texts

_LARGEST = 10**15
"""What is larger, or not a number, is shown as it is."""


def told(texts: Texts, said: Message | ToldError) -> str:
    """Return a message, or every line of an error, as its reader reads it.

    Numbers are written the reader's way: pass an identifier as text.
    """
    if isinstance(said, ToldError):
        return "\n".join(told(texts, message) for message in said.messages())
    values = {name: _written(texts, value) for name, value in said.values.items()}
    return texts(said.template, **values)


def _written(texts: Texts, value: object) -> str:
    match value:
        case Message() | ToldError():
            return told(texts, value)
        case list() | tuple():
            return ", ".join(_written(texts, part) for part in value)
        case int() | float() | Decimal() if -_LARGEST < value < _LARGEST:
            return texts.number(value, None)
        case dt.datetime():
            return f"{texts.moment(value, 'UTC')} UTC"
        case dt.date():
            return texts.date(value)
        case _:
            return str(value)
