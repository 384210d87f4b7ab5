"""Exports of other tools: recognised by their headings, and read as they are.

What each tool writes is data here: which headings are its own, which columns it adds, how many rows
of headings it has, and how it marks answers that were never finished. docs/history.md says which of
these layouts were seen in real files.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.operations.lists.headings import heading_key
from surveys.messages import mark


@dataclass(frozen=True, slots=True)
class Export:
    """What a tool's file looks like; headings are written as `heading_key` gives them.

    Any of `signs` gives it away, where one of `first` begins the row, as it is spelt there.
    `columns` says which headings may hold what, the best first. `own` are headings that hold no
    answer. `finished` maps a heading to what must stand there in a finished answer (nothing: any
    text), `tests` to what marks a trial run. `formats` and `zone` are those of its dates.
    """

    name: str
    signs: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, ...]]
    first: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    finished: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tests: Mapping[str, frozenset[str]] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    zone: str = ""
    more_headings: int = 0


def _set(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split("|"))


SURVEYMONKEY = Export(
    "SurveyMonkey",
    signs=(_set("respondent id"), _set("respondentid")),
    first=_set("Respondent ID | RespondentID"),
    columns={
        "id": ("respondent id", "respondentid"),
        "date": ("end date", "enddate", "start date", "startdate"),
    },
    own=_set(
        "respondent id | collector id | start date | end date | ip address | email address "
        "| first name | last name | custom data 1 | respondentid | collectorid | startdate "
        "| enddate | firstname | lastname | custom data"
    ),
    more_headings=1,
)
QUALTRICS = Export(
    "Qualtrics",
    signs=(_set("startdate | responseid"), _set("recordeddate | responseid")),
    columns={"id": ("responseid",), "date": ("recordeddate", "enddate", "startdate")},
    own=_set(
        "startdate | enddate | status | ipaddress | progress | duration (in seconds) | finished "
        "| recordeddate | responseid | recipientlastname | recipientfirstname | recipientemail "
        "| externalreference | externaldatareference | locationlatitude | locationlongitude "
        "| distributionchannel | userlanguage"
    ),
    finished={"finished": _set("true | 1")},
    tests={"status": _set("survey preview | survey test | spam | 1 | 2 | 8")},
    more_headings=2,
)
TYPEFORM = Export(
    "Typeform",
    signs=(_set("# | submit date (utc)"), _set("submit date (utc) | network id")),
    columns={"id": ("#",), "date": ("submit date (utc)",)},
    own=_set(
        "# | response type | start date (utc) | stage date (utc) | submit date (utc) | network id "
        "| tags | ending"
    ),
    finished={"response type": _set("completed"), "submit date (utc)": frozenset()},
)
LIMESURVEY = Export(
    "LimeSurvey",
    signs=(
        _set("submitdate | lastpage"),
        _set("submitdate | startlanguage"),
        _set("date submitted | last page"),
    ),
    columns={"id": ("id", "response id"), "date": ("submitdate", "date submitted")},
    own=_set(
        "id | submitdate | lastpage | startlanguage | seed | startdate | datestamp | ipaddr "
        "| refurl | token | response id | date submitted | last page | start language "
        "| date started | date last action | ip address | referrer url"
    ),
    finished={"submitdate": frozenset(), "date submitted": frozenset()},
)
FORMBRICKS = Export(
    "Formbricks",
    signs=(_set("response id | timestamp | finished | survey id"),),
    columns={"id": ("response id",), "date": ("timestamp",)},
    own=_set(
        "no. | response id | timestamp | finished | survey id | formbricks id (internal) "
        "| user id | notes | tags | verified email"
    ),
    finished={"finished": _set("yes | true")},
    zone="UTC",
)
DELIGHTED = Export(
    "Delighted",
    signs=(
        _set("score | comment | permalink"),
        _set("score | comment | survey type"),
        _set("score | comment | survey_type"),
        _set("score | comment | timestamp (utc)"),
    ),
    columns={
        "id": ("survey response id", "response id", "survey id", "id"),
        "date": ("timestamp (utc)", "response date", "created at", "created_at", "timestamp"),
        "score": ("score",),
        "comment": ("comment",),
    },
    own=_set(
        "survey response id | response id | survey id | id | timestamp (utc) | response date "
        "| created at | created_at | updated at | updated_at | timestamp | permalink | survey type "
        "| survey_type | person | person id | name | email | phone number"
    ),
    formats=("unix",),
    zone="UTC",
)
YANDEX_FORMS = Export(
    mark("Yandex Forms"),
    signs=(_set("id | время создания"), _set("id | creation time")),
    columns={"id": ("id",), "date": ("время создания", "creation time")},
    first=_set("ID"),
    own=_set("id | время создания | creation time"),
)
GOOGLE_FORMS = Export(
    "Google Forms",
    signs=(_set("timestamp"), _set("отметка времени")),
    columns={"date": ("timestamp", "отметка времени")},
    first=_set("Timestamp | Отметка времени"),
    own=_set(
        "timestamp | отметка времени | username | email address | имя пользователя "
        "| адрес электронной почты | электронная почта"
    ),
)
EXPORTS = (
    SURVEYMONKEY,
    QUALTRICS,
    TYPEFORM,
    LIMESURVEY,
    FORMBRICKS,
    DELIGHTED,
    YANDEX_FORMS,
    GOOGLE_FORMS,
)
"""The known tools; where several fit, the first counts."""
_IMPORT_ID = '{"ImportId"'


def export_of(headings: Sequence[str]) -> Export | None:
    """Return the tool whose headings these are."""
    keys = [heading_key(heading) for heading in headings]
    for export in EXPORTS:
        begins = not export.first or (headings[:1] and headings[0] in export.first)
        if begins and any(sign <= set(keys) for sign in export.signs):
            return export
    return None


def more_headings(
    export: Export, headings: Sequence[str], ahead: Sequence[tuple[int, list[str]]]
) -> int:
    """Return how many of the rows ahead still are headings."""
    if export.name == QUALTRICS.name:
        ends = (place for place, (_, cells) in enumerate(ahead) if _is_import_ids(cells))
        return next(ends, -1) + 1
    if not ahead or not export.more_headings:
        return 0
    places = (at for at, one in enumerate(headings) if heading_key(one) in export.columns["id"])
    place, cells = next(places, 0), ahead[0][1]
    return 0 if place < len(cells) and cells[place] else export.more_headings


def zone_of(rows: Sequence[tuple[int, list[str]]], place: int) -> str:
    """Return the time zone that Qualtrics writes into its third row of headings, or ""."""
    for _, cells in rows:
        if place < len(cells) and cells[place].startswith(_IMPORT_ID):
            return _known_zone(cells[place])
    return ""


def _is_import_ids(cells: Sequence[str]) -> bool:
    return any(cell.startswith(_IMPORT_ID) for cell in cells)


def _known_zone(cell: str) -> str:
    try:
        said = json.loads(cell)
        return ZoneInfo(str(said["timeZone"])).key
    except (ValueError, KeyError, TypeError, ZoneInfoNotFoundError, OSError):
        return ""
