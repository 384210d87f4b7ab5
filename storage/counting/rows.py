"""A period's answers row by row: exactly those that its digest counts."""

from sqlalchemy import RowMapping, and_, case, select

from storage.answering.invitations import BY_MANAGER
from storage.counting.pairs import Required
from storage.counting.scores import anonymous_given, counts, given, items_of, within
from storage.engine.reading import Reader
from storage.tables.people import people
from storage.tables.surveys import answers, invitations
from surveys.counts.rows import AnswerRow
from surveys.periods import Period, Zone, containing, whole_months

_OPEN_LINK = "open"


async def answer_rows(reader: Reader, period: Period, zone: Zone) -> list[AnswerRow]:
    """Return every answer that counts in a period, including released anonymous ones.

    Months are those of `zone`. Surveys after an event are left out, as in the digest.
    """
    required = await items_of(reader)
    reminded = invitations.c.reminded_at
    late = and_(reminded.is_not(None), answers.c.answered_at >= reminded)
    personal = and_(invitations.c.touchpoint != _OPEN_LINK, invitations.c.import_key.is_(None))
    scored = given(
        within(period.start, period.end),
        answers.c.answered_at.label("answered_at"),
        case((late, 1), else_=0).label("late"),
        case((personal, 1), else_=0).label("personal"),
    )
    named = await reader.all(
        select(scored, people.c.account_id)
        .join(people, people.c.id == scored.c.person_id)
        .where(counts(scored))
        .order_by(scored.c.measure, scored.c.person_id, scored.c.item)
    )
    sheet = anonymous_given(whole_months(period, zone))
    released = await reader.all(
        select(sheet).order_by(sheet.c.measure, sheet.c.sheet_id, sheet.c.item)
    )
    rows = [_named(row, required, zone) for row in named]
    return rows + [_anonymous(row, required) for row in released]


def _named(row: RowMapping, required: Required, zone: Zone) -> AnswerRow:
    items = required[row["definition_id"], row["measure"]]
    return AnswerRow(
        respondent=row["person_id"],
        month=containing(row["answered_at"], "month", zone).key,
        answered_at=row["answered_at"],
        measure=row["measure"],
        item=row["item"],
        score=row["points"],
        items=items.required,
        points=items.points,
        manager_id=row["manager_id"],
        segment=row["segment"],
        touchpoint=row["touchpoint"],
        channel=row["channel"],
        account_id=row["account_id"],
        late=bool(row["late"]),
        by_manager=row["touchpoint"] == BY_MANAGER,
        personal=bool(row["personal"]),
    )


def _anonymous(row: RowMapping, required: Required) -> AnswerRow:
    items = required[row["definition_id"], row["measure"]]
    return AnswerRow(
        respondent=-row["sheet_id"],
        month=row["month"],
        answered_at=None,
        measure=row["measure"],
        item=row["item"],
        score=row["points"],
        items=items.required,
        points=items.points,
        manager_id=None,
        segment=row["segment"],
        touchpoint=None,
        channel=None,
        account_id=None,
        late=False,
        by_manager=False,
        personal=False,
    )
