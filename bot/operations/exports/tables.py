"""From the database to rows: each export as tables of columns and batches of cells."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.operations.exports import columns as known
from bot.operations.exports.chosen import What
from bot.operations.exports.columns import Column
from bot.operations.exports.questions import Asked, asked
from bot.says.reasons import REASONS
from storage.asking import definitions
from storage.asking.definitions import StoredDefinition
from storage.database import Reader
from storage.exporting import lists, released, responses
from storage.exporting.responses import Response
from surveys.campaign.eligibility import Reason
from surveys.messages import mark
from surveys.periods import Period, whole_months
from surveys.reports.scope import COMPANY, Scope
from surveys.survey.definition import LocalText, NpsQuestion, localized
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import Texts

TableRow = Sequence[Any]
"""One cell for each column: a text, a number, a moment in UTC, a day, True or False, or None."""
ANONYMOUS: Final = "anonymous"

MEDIA: Final[Mapping[str, str]] = {
    "voice": mark("[voice message]"),
    "photo": mark("[picture]"),
    "video": mark("[film]"),
    "video_note": mark("[round film]"),
    "audio": mark("[audio file]"),
    "document": mark("[file]"),
}
"""Stands for what cannot be written in a cell; the bot shows it on the customer's card."""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of an export, whose rows are read as they are written."""

    name: str
    columns: tuple[Column, ...]
    batches: AsyncIterator[Sequence[TableRow]]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is exported for whom: of a period, a survey and a part of the company, or of all."""

    texts: Texts
    zone: str
    period: Period | None
    survey: str | None
    scope: Scope = COMPANY
    company: str = ""

    @property
    def names(self) -> Placeholders:
        """Return what stands in the questions: the company's name alone is that of every row."""
        return Placeholders(self.company, name="{name}", manager="{manager}")

    @property
    def which(self) -> tuple[Period | None, str | None, Scope]:
        """Return what rows are narrowed by."""
        return self.period, self.survey, self.scope


async def tables(reader: Reader, what: What, asking: Asking) -> list[ExportTable]:
    """Return the tables of an export: of answers a second one where a survey is anonymous."""
    match what:
        case What.ANSWERS:
            return await _answers(reader, asking)
        case What.PEOPLE:
            return [await _people(reader, asking)]
        case What.CASES:
            opened = lists.cases_opened(reader, *asking.which)
            case = partial(_case, asking.texts)
            return [_table(asking, what, known.CASES, (map(case, some) async for some in opened))]
        case What.LEDGER:
            decided = lists.ledger(reader, *asking.which)
            row = partial(_decision, asking.texts)
            return [_table(asking, what, known.LEDGER, (map(row, some) async for some in decided))]


def _table(
    asking: Asking, what: What, columns: Sequence[Column], rows: AsyncIterator[Iterable[TableRow]]
) -> ExportTable:
    return ExportTable(what, known.told(asking.texts, columns), (list(some) async for some in rows))


async def _answers(reader: Reader, asking: Asking) -> list[ExportTable]:
    """Return responses to named surveys, and totals of anonymous ones where there are such.

    A part of the company has no such totals: no part of an anonymous batch is ever counted.
    """
    if asking.survey is None:
        versions = await definitions.asked(reader)
    else:
        every = await definitions.every(reader)
        versions = [one for one in every if one.key == asking.survey]
    texts = asking.texts
    questions = asked(texts, asking.names, [one for one in versions if not one.survey.anonymous])
    names = await responses.attribute_names(reader)
    columns = (
        *known.told(texts, known.ANSWERS),
        *known.of_attributes(texts, names),
        *questions.columns,
    )
    found = responses.responses(reader, *asking.which)
    row = partial(_response, texts, names, questions)
    named = ExportTable(What.ANSWERS, columns, ([row(one) for one in some] async for some in found))
    anonymous = {one.id: one for one in versions if one.survey.anonymous}
    if not anonymous or asking.scope != COMPANY:
        return [named]
    return [named, await _totals(reader, asking, anonymous)]


def _response(texts: Texts, names: Sequence[str], questions: Asked, one: Response) -> TableRow:
    of, own = one.known, _attributes(one.known["attributes"])
    moments = {"answered_at": one.last_at, "first_answered_at": one.first_at}
    said = "\n".join(_said(texts, questions.names, remark) for remark in one.remarks)
    media = sum(remark["kind"] != "words" for remark in one.remarks)
    cells = {
        **{name: of[name] for name in of},
        **moments,
        "response": of["id"],
        "invited_at": of["created_at"],
        "remarks": said or None,
        "media": media,
    }
    return [
        *(cells[column.name] for column in known.ANSWERS),
        *(own.get(name) for name in names),
        *questions.cells(of["definition_id"], one.answers, one.asked),
    ]


def _said(texts: Texts, names: Placeholders, remark: Mapping[str, Any]) -> str:
    note = MEDIA.get(remark["kind"])
    forwarded = texts("[forwarded]") if remark["forwarded"] else ""
    return " ".join(
        filter(
            None, [_earlier(texts, names, remark), forwarded, note and texts(note), remark["text"]]
        )
    )


def _earlier(texts: Texts, names: Placeholders, remark: Mapping[str, Any]) -> str:
    """Return what words answered that are an answer no more."""
    if remark["asked"] is None:
        return ""
    asked = localized(LocalText.model_validate_json(remark["asked"]), texts.language)
    return texts("[earlier answer to {question}]", question=texts.quoted(fill(asked, names)))


async def _totals(
    reader: Reader, asking: Asking, versions: Mapping[int, StoredDefinition]
) -> ExportTable:
    months = None if asking.period is None else whole_months(asking.period, asking.zone)
    found = await released.totals(reader, months, asking.survey)

    async def rows() -> AsyncIterator[Sequence[TableRow]]:
        yield [_total(asking, versions[one.definition_id], one) for one in found]

    return ExportTable(ANONYMOUS, known.told(asking.texts, known.ANONYMOUS), rows())


def _total(asking: Asking, version: StoredDefinition, one: released.Total) -> TableRow:
    questions = {question.key: question for question in version.survey.questions}
    question = questions.get(one.question)
    wording = None
    if question is not None:
        wording = fill(localized(question.text, asking.texts.language), asking.names)
    nps = 100 * one.balance / one.n if isinstance(question, NpsQuestion) else None
    place = (one.survey, one.version, one.month, one.group, one.question, wording)
    return (*place, one.n, one.mean, nps)


async def _people(reader: Reader, asking: Asking) -> ExportTable:
    texts, names = asking.texts, await lists.attribute_names(reader)
    columns = (*known.told(texts, known.PEOPLE), *known.of_attributes(texts, names))
    found = lists.persons(reader, asking.scope)
    row = partial(_person, names)
    return ExportTable(What.PEOPLE, columns, ([row(one) for one in some] async for some in found))


def _person(names: Sequence[str], one: Mapping[str, Any]) -> TableRow:
    own = _attributes(one["attributes"])
    cells = {
        **one,
        "number": one["id"],
        "id": one["external_id"],
        "manager_id": one["manager_external_id"],
        "added_at": one["created_at"],
        "leads": ", ".join(json.loads(one["leads"] or "[]")) or None,
        "role": _role(one),
        "left": one["left_at"] is not None,
    }
    return [
        *(cells[column.name] for column in known.PEOPLE),
        *(own.get(name) for name in names),
    ]


def _role(one: Mapping[str, Any]) -> str:
    """Return what a list of people calls somebody; a word that it refuses where they go on none."""
    roles = {
        "past": one["is_past"],
        "manager": one["is_manager"],
        "team lead": one["leads"],
        "customer": one["is_customer"],
        "admin": one["is_admin"],
        "expert": one["is_expert"],
    }
    return next((role for role, holds in roles.items() if holds), "none")


def _case(texts: Texts, found: tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]) -> TableRow:
    one, notes = found
    cells = {
        **one,
        "case": one["id"],
        "response": one["invitation_id"],
        "person_id": one["customer_external_id"],
        "person": one["customer"],
        "notes": "\n".join(_noted(texts, note) for note in notes) or None,
    }
    return [cells[column.name] for column in known.CASES]


def _noted(texts: Texts, one: Mapping[str, Any]) -> str:
    """Return a note as it is; letters between customer and staff begin with who wrote them."""
    file = MEDIA.get(one["file_kind"] or "")
    words = " ".join(filter(None, (file and texts(file), one["details"])))
    match one["kind"]:
        case "said":
            return texts("customer: {words}", words=words)
        case "replied":
            return texts("reply: {words}", words=words)
        case _:
            return words


def _decision(texts: Texts, one: Mapping[str, Any]) -> TableRow:
    reason = one["reason"]
    cells = {
        **one,
        "wave_number": one["wave_id"],
        "person_id": one["person_external_id"],
        "invited": reason is None,
        "reason.label": None if reason is None else _in_words(texts, reason),
    }
    return [cells[column.name] for column in known.LEDGER]


def _in_words(texts: Texts, reason: str) -> str:
    return texts(REASONS[Reason(reason)]) if reason in set(Reason) else reason


def _attributes(kept: str | None) -> dict[str, str]:
    found: dict[str, Any] = json.loads(kept or "{}")
    return {name: str(value) for name, value in found.items()}
