"""The JSON edge of reports: the only place where a document is anything but its dataclasses."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from surveys.errors import UnreadableDocument
from surveys.reports.criteria import Criteria
from surveys.reports.digest import Digest
from surveys.reports.mirror import MirrorManager
from surveys.reports.own import OwnCard
from surveys.reports.scores import ManagerScore

if TYPE_CHECKING:
    from surveys.reports.comparison import Comparison

T = TypeVar("T")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_MONTHS = 6
"""How many months a trend shows."""


def written(document: "Digest | Comparison | Criteria", indent: int | None = None) -> str:
    """Return a document as JSON: moments and days in ISO 8601, numbers unrounded."""
    return json.dumps(asdict(document), ensure_ascii=False, indent=indent, default=_iso)


def read_digest(text: str) -> Digest:
    """Read what `written` wrote, also by an earlier version; raises UnreadableDocument."""
    try:
        return _digest().validate_json(text)
    except ValidationError as error:
        raise UnreadableDocument from error


def read_criteria(text: str) -> Criteria:
    """Read what `written` wrote of a criteria page; raises UnreadableDocument."""
    try:
        return _criteria().validate_json(text)
    except ValidationError as error:
        raise UnreadableDocument from error


@cache
def _digest() -> TypeAdapter[Digest]:
    """Build the reader once, and only where a document is read: it takes a moment."""
    return TypeAdapter(Digest)


@cache
def _criteria() -> TypeAdapter[Criteria]:
    return TypeAdapter(Criteria)


def own_card(sent: Sequence[tuple[str, str]], manager_id: int) -> OwnCard | None:
    """Return a manager's part of digests that were sent, `(period, JSON)`; None where none was.

    It is of the latest month, else of the latest period. Only that part is read.
    """
    parts = {period: _parts(text, manager_id) for period, text in sent}
    if not parts:
        return None
    months = sorted(period for period in parts if _MONTH.fullmatch(period))
    latest = months[-1] if months else next(iter(parts))
    known = ((one, parts[one][0]) for one in months[-_MONTHS:])
    trend = tuple((one, found.score) for one, found in known if found and found.score)
    score, mirror = parts[latest]
    return OwnCard(period=latest, score=score, mirror=mirror, trend=trend)


def _parts(text: str, manager_id: int) -> tuple[ManagerScore | None, MirrorManager | None]:
    document = json.loads(text)
    scores = document.get("managers", [])
    views = document.get("mirror", {}).get("managers", [])
    try:
        return _of(_score(), scores, manager_id), _of(_view(), views, manager_id)
    except ValidationError:
        return None, None


@cache
def _score() -> TypeAdapter[ManagerScore]:
    return TypeAdapter(ManagerScore)


@cache
def _view() -> TypeAdapter[MirrorManager]:
    return TypeAdapter(MirrorManager)


def _of(reader: TypeAdapter[T], rows: Sequence[dict[str, object]], manager_id: int) -> T | None:
    mine = next((row for row in rows if row.get("manager_id") == manager_id), None)
    return None if mine is None else reader.validate_python(mine)


def _iso(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if not isinstance(value, date):
        raise TypeError(value)
    return value.isoformat()
