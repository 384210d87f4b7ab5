"""Answers row by row, for the statistics that counts are too little for: another border record."""

from datetime import datetime
from typing import NamedTuple


class AnswerRow(NamedTuple):
    """One answer as a digest counts it: the respondent's latest to that item in the period.

    `respondent` is the person's number, or below zero that of an anonymous sheet, which has no
    `answered_at`, manager, touchpoint, channel or account. `score` is 0–10 of the measure ``nps``
    and 0–100 of every other; a respondent is complete with `items` of them, and the mean can then
    take `points` values. `late`: given after the reminder; `by_manager`: to a manager's invitation;
    `personal`: to one for this person alone, neither an open link nor imported.
    """

    respondent: int
    month: str
    answered_at: datetime | None
    measure: str
    item: str
    score: float
    items: int
    points: int
    manager_id: int | None
    segment: str | None
    touchpoint: str | None
    channel: str | None
    account_id: int | None
    late: bool
    by_manager: bool
    personal: bool
