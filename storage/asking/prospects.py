"""Who could be asked, with all that the decision and the invitation's snapshot need."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    exists,
    func,
    select,
    true,
)

from storage.answering.invitations import BY_LINK, UNFINISHED
from storage.asking import preparation
from storage.engine.reading import Reader
from storage.people.addresses import WRITTEN_TO, Address, address_in
from storage.people.names import BY_NAME
from storage.people.people import BOUGHT_ON, IS_STAFF
from storage.tables.people import addresses, links, people
from storage.tables.surveys import decisions, definitions, invitations, waves
from surveys.campaign.audience import Known
from surveys.campaign.eligibility import Candidate
from surveys.survey.definition import Audience, Survey

_WAVE: BindParameter[int] = bindparam("wave", type_=invitations.c.wave_id.type)
Those = Callable[[ColumnElement[int]], ColumnElement[bool]]
"""Makes the condition that a column of people's numbers names one of the people meant."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """Somebody in the audience, with what the decision, the filters and the snapshot need."""

    candidate: Candidate
    name: str
    first_name: str | None
    address: Address | None
    manager_id: int | None
    team: str | None
    segment: str | None
    account_id: int | None
    language: str | None = None
    zone: str | None = None
    manager_name: str | None = None
    known: Known = field(default_factory=Known)


async def candidates(
    reader: Reader,
    survey: Survey,
    *,
    wave_id: int | None = None,
    among: Collection[int] | None = None,
) -> Sequence[Prospect]:
    """Return people on the survey's side, customers or managers, with what the decision needs.

    People who left are included, with that reason. An invitation that never arrived does not count
    as asked; one that another wave is about to make does. `wave_id` is the wave that is being
    decided.
    """
    those = _everybody if among is None else _among
    given = {} if among is None else {"ids": list(among)}
    # No wave has the number 0.
    named = {"wave": wave_id or 0, "survey": survey.key, **given}
    found = await reader.all(_statement(survey.audience, those), named)
    return [_prospect(dict(row)) for row in found]


def _everybody(_: ColumnElement[int]) -> ColumnElement[bool]:
    return true()


def _among(person: ColumnElement[int]) -> ColumnElement[bool]:
    return person.in_(bindparam("ids", expanding=True))


@cache
def _statement(audience: Audience, those: Those) -> Select[Any]:
    """Return the statement, built once, since building takes as long as executing."""
    return rows(audience, those).order_by(*BY_NAME)


def rows(audience: Audience, those: Those) -> Select[Any]:
    """Return the query of people on a side, for the parameters `wave` and `survey`."""
    role = people.c.is_customer if audience == "customers" else people.c.is_manager
    here = people.c.is_past.is_(other=False)
    return _candidates(those).where(role, here, those(people.c.id))


def _candidates(those: Those) -> Select[Any]:
    never_came = (invitations.c.touchpoint == BY_LINK) & invitations.c.sent_at.is_(None)
    asked = invitations.c.state.not_in(("unreachable", "cancelled")) & ~never_came
    same_survey = definitions.c.key == bindparam("survey")
    moment = func.max(func.coalesce(invitations.c.sent_at, invitations.c.created_at))
    is_open = invitations.c.closed_at.is_(None) & invitations.c.state.in_(UNFINISHED) & ~never_came
    last = (
        select(
            invitations.c.person_id,
            moment.filter(asked).label("last_asked_at"),
            moment.filter(asked, same_survey).label("last_asked_this_survey_at"),
            func.count().filter(is_open).label("open_surveys"),
        )
        .join(definitions, definitions.c.id == invitations.c.definition_id)
        .where(those(invitations.c.person_id))
        .group_by(invitations.c.person_id)
        .subquery()
    )
    to_be_asked = preparation.awaits_invitation(people.c.id, _WAVE)
    manager = people.alias("manager")
    return select(
        people.c.id.label("person_id"),
        addresses.c.address.is_not(None).label("has_telegram"),
        addresses.c.channel,
        addresses.c.address,
        people.c.consented_at.is_not(None).label("consented"),
        people.c.unreachable_at.is_(None).label("reachable"),
        people.c.opted_out_at.is_not(None).label("opted_out"),
        IS_STAFF.label("is_staff"),
        people.c.left_at.is_not(None).label("left"),
        last.c.last_asked_at,
        last.c.last_asked_this_survey_at,
        ((func.coalesce(last.c.open_surveys, 0) > 0) | to_be_asked).label("has_open_survey"),
        _in_wave().label("in_wave"),
        _in_wave(invitations.c.finished_at.is_not(None)).label("answered"),
        _has_link().label("has_link"),
        *(people.c[name] for name in ("name", "first_name", "team", "segment")),
        manager.c.id.label("manager_id"),
        *(people.c[name] for name in ("account_id", "language", "zone", "attributes")),
        BOUGHT_ON,
        manager.c.external_id.label("manager"),
        manager.c.name.label("manager_name"),
        manager.c.team.label("manager_team"),
    ).select_from(
        people.outerjoin(last, last.c.person_id == people.c.id)
        .outerjoin(addresses, WRITTEN_TO)
        .outerjoin(manager, (manager.c.id == people.c.manager_id) & manager.c.left_at.is_(None))
    )


def _in_wave(*also: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        invitations.c.person_id == people.c.id, invitations.c.wave_id == _WAVE, *also
    )


def _has_link() -> ColumnElement[bool]:
    usable = links.c.revoked_at.is_(None) & (links.c.kind == "personal")
    return exists().where(links.c.person_id == people.c.id, usable)


def _prospect(row: dict[str, Any]) -> Prospect:
    bought: date | None = row.pop("last_purchase_on")
    attributes = attributes_in(row.pop("attributes"))
    team = row["team"] or row.pop("manager_team")
    row.pop("manager_team", None)
    row["address"] = address_in(row)
    del row["channel"]
    known = Known(row["segment"], row.pop("manager"), team, bought, attributes)
    of_person = {name: row.pop(name) for name in Prospect.__dataclass_fields__ if name in row}
    return Prospect(candidate=Candidate(**row), known=known, **of_person)


def attributes_in(told: str | None) -> dict[str, str]:
    """Return a person's own columns, which are kept as JSON."""
    return json.loads(told) if told and told != "{}" else {}


async def attribute_values(
    reader: Reader, limit: int = 8, latest: int = 10_000
) -> dict[str, list[str]]:
    """Return the customers' free attributes with their most frequent values, for a choice.

    Only so many customers are counted, the `latest`: a transaction must not take long.
    """
    having = select(people.c.attributes).where(people.c.is_customer, people.c.attributes != "{}")
    counted = having.order_by(people.c.id.desc()).limit(latest).subquery()
    rows = await reader.all(
        select(counted.c.attributes, func.count().label("people")).group_by(counted.c.attributes)
    )
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        for key, value in json.loads(row["attributes"]).items():
            values = counts.setdefault(key, {})
            values[value] = values.get(value, 0) + row["people"]
    return {
        key: sorted(values, key=lambda value: (-values[value], value))[:limit]
        for key, values in sorted(counts.items())
    }


async def considered_since(
    reader: Reader, campaign_id: int, among: Collection[int], but_wave: int | None = None
) -> dict[int, datetime]:
    """Return person → the campaign's latest decision about them, in waves other than `but_wave`."""
    rows = await reader.all(
        select(decisions.c.person_id, func.max(decisions.c.decided_at).label("at"))
        .join(waves, waves.c.id == decisions.c.wave_id)
        .where(waves.c.campaign_id == campaign_id, waves.c.id != (but_wave or 0))
        .where(decisions.c.person_id.in_(among))
        .group_by(decisions.c.person_id)
    )
    return {row["person_id"]: row["at"] for row in rows}
