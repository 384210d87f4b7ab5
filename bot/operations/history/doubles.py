"""Refuses a file that was imported before and is now read by other columns, days or times."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.errors import Refused
from storage.answering.history.doubles import crowded_moments, seen_before
from storage.answering.history.keys import anything_imported
from storage.answering.history.people import NOBODY
from storage.answering.history.recording import HistoryFound
from storage.answering.history.rows import PastRows
from storage.database import Reader
from surveys.messages import mark
from surveys.periods import Zone, zone_info

_FEWEST = 5
"""From this number on, equal times and scores are hardly a coincidence."""
_MOST_DAYS = 20

Shift = Callable[[datetime], datetime | None]


async def refuse_doubles(
    reader: Reader, found: HistoryFound, undated: frozenset[int], zone: Zone
) -> None:
    """Raise Refused where nine of ten new answers are here already: the file is read another way.

    `undated` are the lines for which a person named the day. A row that is recognised shows that
    the file is read as before.
    """
    if len(found.new) < _FEWEST or not await anything_imported(reader):
        return
    if found.unchanged:
        # 3 March is the same day either way, so such a row is recognised in any case.
        if 10 * found.unchanged <= found.unchanged + len(found.new):
            await _refuse_read_otherwise(reader, found, [_turned_round(zone)])
        return
    doubles = await seen_before(reader, found.new, found.new.at)
    if _are_most(doubles, found.new):
        raise Refused(
            mark(
                "Nothing was imported. {doubles} of {new} new answers stand here already with the "
                "same time and score: this file seems to be here, read by other columns, and each "
                "answer would count twice. Name the same columns as before; one that was not read "
                "then is left out by a dash, such as --customer -. To read it otherwise, "
                "go back to a copy from before: otklik restore FILE. If these are other answers, "
                "say --again."
            ),
            doubles=doubles,
            new=len(found.new),
        )
    await _refuse_on_another_day(reader, found, undated, zone)
    ways = [_as_utc(zone), _as_of_zone(zone), _turned_round(zone)]
    await _refuse_read_otherwise(reader, found, ways)


def _are_most(doubles: int, rows: PastRows) -> bool:
    return doubles >= _FEWEST and 10 * doubles >= 9 * len(rows)


async def _refuse_read_otherwise(
    reader: Reader, found: HistoryFound, ways: Sequence[Shift]
) -> None:
    """Raise Refused where the answers are stored at the moments that another reading gives."""
    for shift in ways:
        moved = list(map(shift, found.new.at))
        if not any(moved):
            continue
        at = [one or before for one, before in zip(moved, found.new.at, strict=True)]
        doubles = await seen_before(reader, found.new, at)
        if _are_most(doubles, found.new):
            raise Refused(
                mark(
                    "Nothing was imported. {doubles} of {new} new answers stand here already, but "
                    "with other times or days: this file seems to be here, read with another "
                    "--utc or --date-format, and each answer would count twice. To read it "
                    "otherwise, go back to a copy from before: otklik restore FILE. If these are "
                    "other answers, say --again."
                ),
                doubles=doubles,
                new=len(found.new),
            )


async def _refuse_on_another_day(
    reader: Reader, found: HistoryFound, undated: frozenset[int], zone: Zone
) -> None:
    """Raise Refused where the answers for which a person named a day are stored on another day.

    Where nobody is named, scores alone must be the same from the first to the last.
    """
    if len(undated) < _FEWEST:
        return
    rows = found.new.chosen([at for at, line in enumerate(found.new.line) if line in undated])
    if len(rows) < _FEWEST:
        return
    named = sum(1 for customer in rows.customer if not customer.startswith(NOBODY))
    days = await crowded_moments(
        reader, rows.answers[0][0].question_key, at_least=_FEWEST, most=_MOST_DAYS
    )
    for at, answers in days.items():
        doubles = await seen_before(reader, rows, [at] * len(rows))
        same = doubles == len(rows) == answers
        if same or (10 * named >= 9 * len(rows) and _are_most(doubles, rows)):
            raise Refused(
                mark(
                    "Nothing was imported. {doubles} of {new} answers without a date stand here "
                    "already, on {day}: this file seems to be here, brought in with --on {day}, "
                    "and each answer would count twice. If these are other answers, say --again."
                ),
                doubles=doubles,
                new=len(rows),
                day=at.astimezone(zone_info(zone)).date().isoformat(),
            )


def _as_utc(zone: Zone) -> Shift:
    """Read a time of the company's zone as one of UTC."""

    def moved(at: datetime) -> datetime | None:
        there = at.astimezone(zone_info(zone)).replace(tzinfo=UTC)
        return None if there == at else there

    return moved


def _as_of_zone(zone: Zone) -> Shift:
    """Read a time of UTC as one of the company's zone."""

    def moved(at: datetime) -> datetime | None:
        there = at.astimezone(UTC).replace(tzinfo=zone_info(zone)).astimezone(UTC)
        return None if there == at else there

    return moved


def _turned_round(zone: Zone) -> Shift:
    """Take the day for the month, where both may be."""

    def moved(at: datetime) -> datetime | None:
        local = at.astimezone(zone_info(zone))
        if local.day == local.month or local.day > len("JFMAMJJASOND"):
            return None
        return local.replace(month=local.day, day=local.month).astimezone(UTC)

    return moved
