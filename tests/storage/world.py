"""A small company to test with; a process makes it once and then writes its rows again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Table, func, select

from storage.answering import invitation_batches, invitations
from storage.answering.invitations import Invitation
from storage.asking import campaigns, definitions
from storage.asking.campaigns import CampaignDraft
from storage.database import Database, Transaction
from storage.people import addresses, people, workspace
from storage.people.addresses import of_telegram
from storage.people.workspace import Workspace
from storage.tables import metadata
from surveys.survey.catalog import catalog
from surveys.survey.definition import Survey

NOW = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class World:
    """Numbers of what was made, and shorthands; telegram ids are the person's id + 2⁴⁰."""

    database: Database
    managers: list[int]
    customers: list[int]
    definitions: dict[str, int]
    surveys: dict[str, Survey]
    wave_count: int = 0

    @classmethod
    async def build(cls, database: Database) -> "World":
        """Fill a new database with the company."""
        async with database.transaction() as tx:
            if (made := _MADE.get(tx.dialect)) is None:
                numbers = await _make(tx)
                made = _MADE[tx.dialect] = Made(*numbers, await _rows(tx))
            else:
                await _write_again(tx, made.rows)
        return cls(
            database, [*made.managers], [*made.customers], {**made.definitions}, {**catalog()}
        )

    async def publish(self, survey: Survey) -> None:
        async with self.database.transaction() as tx:
            self.definitions[survey.key] = await definitions.save(tx, survey, NOW)
        self.surveys[survey.key] = survey

    async def wave(
        self, tx: Transaction, key: str = "nps", now: datetime = NOW, days: int = 14
    ) -> int:
        self.wave_count += 1
        draft = CampaignDraft(self.definitions[key], f"Campaign {self.wave_count}", days)
        campaign = await campaigns.create(tx, draft, None, now)
        wave = await campaigns.start_wave(tx, campaign.id, "1", now, now + days * DAY)
        return wave.id

    async def invite(
        self,
        tx: Transaction,
        person_id: int,
        key: str = "nps",
        now: datetime = NOW,
        *,
        wave_id: int | None = None,
        touchpoint: str = "campaign",
    ) -> Invitation:
        wave = wave_id if wave_id is not None else await self.wave(tx, key, now)
        return await invitations.create(
            tx,
            wave,
            person_id,
            self.definitions[key],
            touchpoint,
            now,
            now + 14 * DAY,
            now + 4 * DAY,
        )


class Made(NamedTuple):
    """The company's numbers, and all that stands in its tables, in an order to write it."""

    managers: Sequence[int]
    customers: Sequence[int]
    definitions: Mapping[str, int]
    rows: Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]


_MADE: dict[str, Made] = {}
"""By the database's kind."""


async def _make(tx: Transaction) -> tuple[list[int], list[int], dict[str, int]]:
    await workspace.save(tx, Workspace(company="Ромашка"))
    managers = [await add_manager(tx, name) for name in ("Анна", "Борис")]
    segments = ("gold", "gold", None)
    customers = [
        await add_customer(tx, name, managers[index % 2], segments[index])
        for index, name in enumerate(("Вера", "Глеб", "Дина"))
    ]
    saved = {key: await definitions.save(tx, one, NOW) for key, one in catalog().items()}
    return managers, customers, saved


async def _rows(tx: Transaction) -> list[tuple[Table, Sequence[Mapping[str, Any]]]]:
    """Return every row but the database's own id, which each new one has."""
    tables = [table for table in metadata.sorted_tables if table.name != "installation"]
    found = [(table, await tx.all(select(table).order_by(*table.primary_key))) for table in tables]
    return [(table, [dict(row) for row in rows]) for table, rows in found if rows]


async def _write_again(
    tx: Transaction, made: Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]
) -> None:
    for table, rows in made:
        await tx.run(tx.insert(table), rows)
        if tx.dialect == "postgresql" and (numbered := table.autoincrement_column) is not None:
            counter = func.pg_get_serial_sequence(table.name, numbered.name)
            last = select(func.max(numbered)).scalar_subquery()
            await tx.scalar(select(func.setval(counter, last)).where(counter.is_not(None)))


async def add_manager(tx: Transaction, name: str, team: str = "north") -> int:
    person = await people.add(tx, NOW, name=name, is_manager=True, team=team)
    return await _connect(tx, person.id)


async def add_customer(
    tx: Transaction, name: str, manager_id: int | None = None, segment: str | None = None
) -> int:
    person = await people.add(
        tx, NOW, name=name, is_customer=True, manager_id=manager_id, segment=segment
    )
    return await _connect(tx, person.id)


async def _connect(tx: Transaction, person_id: int) -> int:
    await addresses.bind(tx, person_id, of_telegram((1 << 40) + person_id))
    await people.consent(tx, person_id, "1", NOW)
    return person_id


async def close_due(tx: Transaction, now: datetime) -> Sequence[Invitation]:
    """Close whatever is over; return those that nobody had finished."""
    ids = await invitation_batches.over(tx, now)
    return await invitation_batches.close(tx, ids, now)
