"""The JSON edge of reports: the only place where a document is anything but its dataclasses."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import cache

from pydantic import TypeAdapter, ValidationError

from surveys.errors import UnreadableDocument
from surveys.reports.comparison import Comparison
from surveys.reports.criteria import Criteria
from surveys.reports.digest import Digest


def written(document: Digest | Comparison | Criteria, indent: int | None = None) -> str:
    """Return a document as JSON: moments and days in ISO 8601, numbers unrounded."""
    return json.dumps(asdict(document), ensure_ascii=False, indent=indent, default=_iso)


def read_digest(text: str) -> Digest:
    """Read what `written` wrote, also by an earlier version; raises UnreadableDocument."""
    try:
        return _digest().validate_json(text)
    except ValidationError as error:
        raise UnreadableDocument from error


@cache
def _digest() -> TypeAdapter[Digest]:
    """Build the reader once, and only where a document is read: it takes a moment."""
    return TypeAdapter(Digest)


def _iso(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if not isinstance(value, date):
        raise TypeError(value)
    return value.isoformat()
