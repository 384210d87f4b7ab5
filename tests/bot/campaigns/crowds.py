"""A campaign launched for a crowd, and what became of everybody."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from bot.operations.campaigns import preparing
from bot.operations.campaigns.launching import Launched, launch
from storage.asking import ledger
from storage.database import Database
from storage.people import people
from storage.people.addresses import of_telegram
from storage.tables.delivery import outbox as messages
from storage.tables.surveys import invitations
from surveys.campaign.plan import plan_of
from tests.bot.world import START

CROWD = 330
"""More than several steps of every kind."""


FIRST_ID = 100_000


class PowerCut(BaseException):
    """The program ends here."""


async def launch_plan(database: Database, **plan: Any) -> Launched:
    async with database.transaction() as tx:
        return await launch(tx, plan_of({"survey": "nps", **plan}), None, START)


async def rows_of(database: Database, *columns: Any) -> Sequence[tuple[Any, ...]]:
    async with database.reading() as reader:
        return [tuple(row.values()) for row in await reader.all(select(*columns))]


async def person_of(database: Database, number: int) -> int:
    async with database.reading() as reader:
        found = await people.by_address(reader, of_telegram(FIRST_ID + number))
    assert found is not None
    return found.id


async def reason_of(database: Database, person_id: int) -> str | None:
    async with database.reading() as reader:
        return (await ledger.of_person(reader, person_id))[0].reason


async def asked_once_each(database: Database, count: int) -> None:
    asked = await rows_of(database, invitations.c.person_id)
    queued = await rows_of(database, messages.c.address)
    assert len(asked) == len(set(asked)) == len(queued) == len(set(queued)) == count


async def until_some_are_invited(database: Database) -> None:
    """Prepare a wave up to its first invitations."""
    steps = preparing._STEPS
    preparing_in_one_step = pytest.MonkeyPatch()
    preparing_in_one_step.setattr(preparing, "_STEPS", 1)
    preparing_in_one_step.setattr(preparing, "_TOGETHER", 1)
    assert await preparing.prepare_some(database, START)
    preparing_in_one_step.undo()
    assert steps == preparing._STEPS
