"""Exports as the tools write them, made here; each holds two finished answers: 9, then 4."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

ASKED = "How likely is it that you would recommend us to a friend?"
SPRAT = "Насколько вероятно, что Вы порекомендуете нас друзьям?"


@dataclass(frozen=True, slots=True)
class Made:
    """A file, the tool it is of, and what is read from it: dates (ISO), ids, lines left out."""

    content: bytes
    tool: str
    dates: tuple[str, str]
    lines: tuple[int, int]
    ids: tuple[str, str] = ("", "")
    left_out: tuple[int, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()


def table(rows: Sequence[Sequence[str]], *, delimiter: str = ",", quoted: bool = False) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    if quoted:
        writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def book(rows: Sequence[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet("answers")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


_SURVEYMONKEY = [
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address",
     "First Name", "Last Name", "Custom Data 1", ASKED, "What do you use?", "", "Anything else?"],
    ["", "", "", "", "", "", "", "", "", "", "The shop", "The service", "Open-Ended Response"],
    ["118002", "7", "03/15/2025 11:59:02", "03/15/2025 12:00:10", "192.0.2.1", "", "", "", "",
     "9", "The shop", "", "fine"],
    ["118001", "7", "03/14/2025 11:00:00", "03/14/2025 11:02:33", "192.0.2.2", "", "", "", "",
     "4", "", "The service", ""],
]  # fmt: skip
_OLD_SURVEYMONKEY = [
    ["RespondentID", "CollectorID", "StartDate", "EndDate", "IP Address", "Email Address",
     "FirstName", "LastName", "Custom Data", ASKED],
    ["", "", "", "", "", "", "", "", "", "Response"],
    *(row[:10] for row in _SURVEYMONKEY[2:]),
]  # fmt: skip
_LABELLED = [
    *_SURVEYMONKEY[:2],
    [*_SURVEYMONKEY[2][:9], "Extremely likely - 10", "", "", ""],
    [*_SURVEYMONKEY[3][:9], "Not at all likely - 0", "", "", ""],
]


def _import_ids(zone: str, *names: str) -> list[str]:
    said = ({"ImportId": name, "timeZone": zone} if "Date" in name else {"ImportId": name}
            for name in names)  # fmt: skip
    return [json.dumps(one, separators=(",", ":")) for one in said]


_QUALTRICS = [
    ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)",
     "Finished", "RecordedDate", "ResponseId", "DistributionChannel", "UserLanguage",
     "Q1_NPS_GROUP", "Q1", "Q2"],
    ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)",
     "Finished", "Recorded Date", "Response ID", "Distribution Channel", "User Language",
     f"{ASKED} - Group", ASKED, "Why?"],
    _import_ids("America/Denver", "startDate", "endDate", "status", "ipAddress", "progress",
                "duration", "finished", "recordedDate", "_recordId", "distributionChannel",
                "userLanguage", "QID1_NPS_GROUP", "QID1", "QID2_TEXT"),
    ["2025-03-04 11:02:33", "2025-03-04 11:03:00", "IP Address", "192.0.2.1", "100", "27", "True",
     "2025-03-04 11:03:01", "R_1", "anonymous", "EN", "Promoter", "9", "good"],
    ["2025-03-04 12:00:00", "2025-03-04 12:01:00", "Survey Preview", "", "100", "60", "True",
     "2025-03-04 12:01:01", "R_2", "preview", "EN", "Promoter", "10", "a try"],
    ["2025-03-05 11:00:00", "2025-03-05 11:01:00", "IP Address", "192.0.2.3", "50", "60", "False",
     "2025-03-12 11:01:00", "R_3", "anonymous", "EN", "", "", ""],
    ["2025-07-05 11:00:00", "2025-07-05 11:01:00", "IP Address", "192.0.2.3", "100", "60", "True",
     "2025-07-05 11:01:02", "R_4", "anonymous", "EN", "Detractor", "4", "late\nagain"],
]  # fmt: skip
_NUMERIC = [
    *_QUALTRICS[:3],
    *(
        [*row[:2], status, *row[3:6], finished, *row[7:]]
        for row, status, finished in zip(_QUALTRICS[3:], "0100", "1101", strict=True)
    ),
]
_GOOGLE = [
    ["Timestamp", "Email Address", ASKED, "What should we do better?"],
    ["2025/06/23 5:42:25 PM GMT+3", "a@example.org", "9", "Price;Speed"],
    ["2025/06/24 9:05:01 AM GMT+3", "b@example.org", "4", ""],
]
_GOOGLE_RU = [
    ["Отметка времени", SPRAT, "Что улучшить?"],
    ["2025/06/23 5:42:25 PM GMT+3", "9", "Цена;Скорость"],
    ["2025/06/24 9:05:01 AM GMT+3", "4", ""],
]
_SHEET_RU = [
    ["Отметка времени", "Адрес электронной почты", SPRAT],
    ["23.06.2025 17:42:25", "a@example.org", "9"],
    ["24.06.2025 0:05", "b@example.org", "4"],
]
_SHEET_EN = [
    ["Timestamp", ASKED],
    ["6/23/2025 17:42:25", "9"],
    ["6/24/2025 9:05:01", "4"],
]
_TYPEFORM = [
    ["#", ASKED, "Phone", "Other", "Response Type", "Start Date (UTC)", "Stage Date (UTC)",
     "Submit Date (UTC)", "Network ID", "Tags", "Ending"],
    ["hefupf", "4", "'+56954886178", "", "completed", "2023-01-25 06:20:00", "",
     "2023-01-25 06:24:12", "938f43", "", ""],
    ["partia", "9", "", "", "partial", "2023-01-24 07:00:00", "2023-01-24 07:01:00", "", "a38f43",
     "", ""],
    ["sv12ch", "9", "", "", "completed", "2023-01-23 06:24:12", "", "2023-01-23 22:27:59",
     "b38f43", "", ""],
]  # fmt: skip
_LIMESURVEY = [
    ["id", "submitdate", "lastpage", "startlanguage", "seed", "E01", "G01Q02[comment]"],
    ["1", "2025-03-04 11:02:33", "3", "ru", "12345", "9", "хорошо"],
    ["2", "", "1", "ru", "12346", "10", ""],
    ["3", "2025-03-05 00:02:33", "3", "ru", "12347", "4", ""],
]
_LIMESURVEY_FULL = [
    ["Response ID", "Date submitted", "Last page", "Start language", "Seed", ASKED],
    *([*row[:5], row[5]] for row in _LIMESURVEY[1:]),
]
_UNDATED = [
    _LIMESURVEY[0],
    ["1", "1980-01-01 00:00:00", "3", "ru", "12345", "9", ""],
    ["2", "1980-01-01 00:00:00", "3", "ru", "12346", "4", ""],
]
_DELIGHTED = [
    ["Survey ID", "Timestamp (UTC)", "Score", "Comment", "Name", "Email"],
    ["s1", "2025-03-04 20:30:00 UTC", "9", "good", "Ann", "a@example.org"],
    ["s2", "2025-03-04 21:30:00 UTC", "4", "bad", "Bob", "b@example.org"],
]
_DELIGHTED_API = [
    ["id", "person", "survey_type", "score", "comment", "permalink", "created_at"],
    ["1", "10", "nps", "9", "", "https://example.org/r/1", "1713418460"],
    ["2", "11", "nps", "4", "late", "https://example.org/r/2", "1713504860"],
]
_YANDEX = [
    ["ID", "Время создания", SPRAT, "Почему?"],
    ["1950000001", "2025-03-04 11:02:33", "9", "Всё хорошо"],
    ["1950000002", "2025-03-05 09:05:01", "4", ""],
]
_FORMBRICKS = [
    ["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "Formbricks ID (internal)",
     "User ID", "Tags", "url", "userAgent - os", f"1. {ASKED}", "2. Why?"],
    ["1", "clx1", "2025-03-05 10:00:00", "Yes", "cls", "", "", "", "https://example.org", "Mac",
     "9", ""],
    ["2", "clx2", "2025-03-05 09:00:00", "No", "cls", "", "", "", "https://example.org", "Mac",
     "10", ""],
    ["3", "clx3", "2025-03-04 09:00:00", "Yes", "cls", "", "", "vip", "https://example.org", "Mac",
     "4", "late"],
]  # fmt: skip
_OLD_FORMBRICKS = [
    [*_FORMBRICKS[0][:7], "Notes", *_FORMBRICKS[0][7:]],
    *([*row[:2], day, *row[3:7], "", *row[7:]]
      for row, day in zip(_FORMBRICKS[1:],
                          ("Wed Mar 05 2025", "Wed Mar 05 2025", "Tue Mar 04 2025"), strict=True)),
]  # fmt: skip

MADE: dict[str, Made] = {
    "surveymonkey": Made(
        table(_SURVEYMONKEY), "SurveyMonkey",
        ("2025-03-15T12:00:10", "2025-03-14T11:02:33"), (3, 4), ("118002", "118001"),
    ),
    "surveymonkey of old": Made(
        table(_OLD_SURVEYMONKEY), "SurveyMonkey",
        ("2025-03-15T12:00:10", "2025-03-14T11:02:33"), (3, 4), ("118002", "118001"),
    ),
    "surveymonkey xlsx": Made(
        book(_SURVEYMONKEY), "SurveyMonkey",
        ("2025-03-15T12:00:10", "2025-03-14T11:02:33"), (3, 4), ("118002", "118001"),
    ),
    "surveymonkey below a title": Made(
        table([["Our survey"], [], *_SURVEYMONKEY]), "SurveyMonkey",
        ("2025-03-15T12:00:10", "2025-03-14T11:02:33"), (5, 6), ("118002", "118001"),
    ),
    "qualtrics": Made(
        table(_QUALTRICS), "Qualtrics",
        ("2025-03-04T11:03:01-07:00", "2025-07-05T11:01:02-06:00"), (4, 7), ("R_1", "R_4"), (5, 6),
    ),
    "qualtrics numeric": Made(
        table(_NUMERIC), "Qualtrics",
        ("2025-03-04T11:03:01-07:00", "2025-07-05T11:01:02-06:00"), (4, 7), ("R_1", "R_4"), (5, 6),
    ),
    "google forms": Made(
        table(_GOOGLE, quoted=True), "Google Forms",
        ("2025-06-23T17:42:25+03:00", "2025-06-24T09:05:01+03:00"), (2, 3),
    ),
    "google forms ru": Made(
        table(_GOOGLE_RU, quoted=True), "Google Forms",
        ("2025-06-23T17:42:25+03:00", "2025-06-24T09:05:01+03:00"), (2, 3),
    ),
    "google sheet en": Made(
        table(_SHEET_EN), "Google Forms", ("2025-06-23T17:42:25", "2025-06-24T09:05:01"), (2, 3),
    ),
    "google sheet ru": Made(
        table(_SHEET_RU), "Google Forms", ("2025-06-23T17:42:25", "2025-06-24T00:05:00"), (2, 3),
    ),
    "google sheet ru xlsx": Made(
        book(_SHEET_RU), "Google Forms", ("2025-06-23T17:42:25", "2025-06-24T00:05:00"), (2, 3),
    ),
    "typeform": Made(
        table([_TYPEFORM[0], *_TYPEFORM[:0:-1]]), "Typeform",
        ("2023-01-23T22:27:59+00:00", "2023-01-25T06:24:12+00:00"), (2, 4), ("sv12ch", "hefupf"),
        (3,),
    ),
    "limesurvey": Made(
        table(_LIMESURVEY), "LimeSurvey",
        ("2025-03-04T11:02:33", "2025-03-05T00:02:33"), (2, 4), ("1", "3"), (3,),
        (("score", "E01"),),
    ),
    "limesurvey full headings": Made(
        table(_LIMESURVEY_FULL, delimiter=";"), "LimeSurvey",
        ("2025-03-04T11:02:33", "2025-03-05T00:02:33"), (2, 4), ("1", "3"), (3,),
    ),
    "limesurvey without dates": Made(
        table(_UNDATED), "LimeSurvey", ("2025-03-04", "2025-03-04"), (2, 3), ("1", "2"), (),
        (("score", "E01"), ("on", "04.03.2025")),
    ),
    "delighted": Made(
        table(_DELIGHTED, quoted=True), "Delighted",
        ("2025-03-04T20:30:00+00:00", "2025-03-04T21:30:00+00:00"), (2, 3), ("s1", "s2"),
    ),
    "delighted api": Made(
        table(_DELIGHTED_API), "Delighted",
        ("2024-04-18T05:34:20+00:00", "2024-04-19T05:34:20+00:00"), (2, 3), ("1", "2"),
    ),
    "yandex forms": Made(
        table(_YANDEX, delimiter=";"), "Yandex Forms",
        ("2025-03-04T11:02:33", "2025-03-05T09:05:01"), (2, 3), ("1950000001", "1950000002"),
    ),
    "formbricks": Made(
        table(_FORMBRICKS), "Formbricks",
        ("2025-03-05T10:00:00+00:00", "2025-03-04T09:00:00+00:00"), (2, 4), ("clx1", "clx3"),
        (3,),
    ),
    "formbricks of old": Made(
        table(_OLD_FORMBRICKS), "Formbricks",
        ("2025-03-05", "2025-03-04"), (2, 4), ("clx1", "clx3"), (3,),
    ),
}  # fmt: skip
LABELLED = table(_LABELLED)
