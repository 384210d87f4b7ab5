"""The rule of `surveys.campaign.eligibility` as SQL, for everybody at once.

There the rule is of one person, and is what a test holds this statement against. Here it is one
CASE over the same columns, so that a preview, a wave's decision and the look at whoever is invited
next are one query: a hundred thousand people need not become objects to be told apart.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    bindparam,
    case,
    false,
    func,
    literal,
    not_,
    null,
    select,
)

from storage.asking import prospects
from storage.engine.columns import Moment
from storage.engine.listed import as_json, numbers
from storage.engine.reading import Reader
from storage.engine.statements import made_once
from storage.people.people import BOUGHT_ON
from storage.tables.people import people
from surveys.campaign.audience import Known
from surveys.campaign.eligibility import Reason, Rules
from surveys.survey.definition import Audience, Survey

PAGE = 500
"""How many people are looked at in one go."""
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_REASONS: Mapping[str | None, Reason | None] = {None: None, **{one.value: one for one in Reason}}


class Eligible(NamedTuple):
    """Somebody on the survey's side: why not to ask them now, None where nothing speaks against it.

    The campaign's own filters are not in it; they look at what is `known`, where it was asked for.
    """

    person_id: int
    reason: Reason | None
    zone: str | None
    language: str | None
    first_name: str | None
    manager_name: str | None
    segment: str | None
    manager: str | None
    team: str | None
    last_purchase_on: date | None
    attributes: str

    @property
    def known(self) -> Known:
        """Return what a campaign's filters look at."""
        attributes = prospects.attributes_in(self.attributes)
        return Known(self.segment, self.manager, self.team, self.last_purchase_on, attributes)


async def among(
    reader: Reader,
    survey: Survey,
    rules: Rules,
    now: datetime,
    ids: Collection[int],
    wave_id: int | None = None,
    *,
    known: bool = True,
) -> list[Eligible]:
    """Return those of some people who are on the survey's side, with what is `known` of them."""
    which = {"people": as_json(ids)}
    return await _found(reader, survey, rules, now, _Look(_AMONG, known), which, wave_id)


async def pages(
    reader: Reader,
    survey: Survey,
    rules: Rules,
    now: datetime,
    wave_id: int | None = None,
    bought_by: date | None = None,
    *,
    known: bool = True,
) -> AsyncIterator[list[Eligible]]:
    """Yield everybody on the survey's side by number, so that nobody else waits meanwhile.

    A restore leaves millions of numbers out, which are not looked through.
    `bought_by`: only people who have bought something, and nothing after that day.
    """
    look = _Look(_PAGE if bought_by is None else _QUIET_PAGE, known)
    start: int | None = await reader.scalar(_FROM, {"start": 0})
    while start is not None:
        within: dict[str, object] = {"first": start, "last": start + PAGE - 1}
        if bought_by is not None:
            within["bought_by"] = bought_by
        yield await _found(reader, survey, rules, now, look, within, wave_id)
        start = await reader.scalar(_FROM, {"start": start + PAGE})


_FROM = made_once(select(func.min(people.c.id)).where(people.c.id >= bindparam("start")))
_AMONG, _PAGE, _QUIET_PAGE = "among", "page", "quiet page"


class _Look(NamedTuple):
    """At whom to look, and whether at what filters need: of many people each column costs."""

    which: str
    known: bool


async def _found(
    reader: Reader,
    survey: Survey,
    rules: Rules,
    now: datetime,
    look: _Look,
    those: Mapping[str, Any],
    wave_id: int | None,
) -> list[Eligible]:
    customers = survey.audience == "customers"
    given = {
        "survey": survey.key,
        "wave": wave_id or 0,  # no wave has that number
        "paused": rules.paused,
        "cancelled": rules.cancelled,
        "this_since": _since(rules.survey_days, now),
        "any_since": _since(rules.global_days if customers else 0, now),
    }
    statement = _statement(survey.audience, look, reader.dialect)
    rows = await reader.tuples(statement, {**given, **those})
    made = Eligible._make  # half of what the class itself takes, for everybody of a company
    others = () if look.known else (None, None, None, None, "{}")
    return [made((row[0], _REASONS[row[1]], *row[2:], *others)) for row in rows]


def _since(days: int, now: datetime) -> datetime:
    """Return after which moment somebody was asked too lately."""
    return now - timedelta(days=days) if days > 0 else _NEVER


@cache
def _statement(audience: Audience, look: _Look, dialect: str) -> Select[Any]:
    def those(person: ColumnElement[int]) -> ColumnElement[bool]:
        if look.which == _AMONG:
            return person.in_(numbers("people", dialect))
        return person.between(bindparam("first"), bindparam("last"))

    looked_at = prospects.rows(audience, those)
    if look.which == _QUIET_PAGE:
        looked_at = looked_at.where(BOUGHT_ON.element <= bindparam("bought_by", type_=Date()))
    one = looked_at.subquery("one")
    found = select(
        one.c.person_id,
        _reason(one, audience).label("reason"),
        *(one.c[name] for name in ("zone", "language", "first_name", "manager_name")),
    )
    if look.known:
        found = found.add_columns(
            *(one.c[name] for name in ("segment", "manager")),
            func.coalesce(func.nullif(one.c.team, ""), one.c.manager_team).label("team"),
            *(one.c[name] for name in ("last_purchase_on", "attributes")),
        )
    return made_once(found.order_by(one.c.person_id))


def _reason(one: FromClause, audience: Audience) -> ColumnElement[str | None]:
    """Return the first reason, in the order of `Reason`; quiet hours and the lot come later."""
    here, c = one.c.has_telegram, one.c
    tests: Mapping[Reason, ColumnElement[bool]] = {
        Reason.LEFT: c.left,
        Reason.OUTSIDE_AUDIENCE: c.is_staff if audience == "customers" else not_(c.is_staff),
        Reason.IN_WAVE: c.in_wave,
        Reason.CAMPAIGN_PAUSED: bindparam("paused", type_=Boolean),
        Reason.CAMPAIGN_CANCELLED: bindparam("cancelled", type_=Boolean),
        Reason.NO_LINK: not_(here) & not_(c.has_link),
        Reason.NO_TELEGRAM: not_(here),
        Reason.NOT_CONSENTED: not_(c.consented),
        Reason.OPTED_OUT: c.opted_out,
        Reason.UNREACHABLE: not_(c.reachable),
        Reason.SURVEY_OPEN: c.has_open_survey,
        Reason.ASKED_THIS_RECENTLY: _after(c.last_asked_this_survey_at, "this_since"),
        Reason.ASKED_RECENTLY: _after(c.last_asked_at, "any_since"),
    }
    told: dict[Reason, ColumnElement[str]] = {one: literal(one.value, Text) for one in tests}
    # Whoever has answered is in the wave, so the invitation of most is looked for once.
    answered = (c.answered, literal(Reason.ANSWERED.value, Text))
    told[Reason.IN_WAVE] = case(answered, else_=told[Reason.IN_WAVE])
    ordered = ((tests[reason], told[reason]) for reason in Reason if reason in tests)
    return case(*ordered, else_=null())


def _after(moment: ColumnElement[Any], since: str) -> ColumnElement[bool]:
    return func.coalesce(moment > bindparam(since, type_=Moment), false())
