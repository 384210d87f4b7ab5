"""What would never ask anybody is refused, and words that nobody has are named."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.operations.campaigns.commands import preview_campaign, start_campaign
from bot.operations.surveys import save_catalog
from storage.database import Database, open_database
from storage.people import workspace
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.workspace import Workspace
from tests.engines import database_in

NOW = datetime(2026, 10, 15, 9, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(database_in(tmp_path)) as opened:
        await save_catalog(opened, NOW)
        anna = PersonRow("customer", "C1", "Анна", segment="опт", attributes={"Статус": "VIP"})
        mary = PersonRow("manager", "M1", "Мария", team="Юг")
        async with opened.transaction() as tx:
            await workspace.save(tx, Workspace(company="Ромашка"))
            await people_import.apply(tx, [mary, anna], NOW)
        yield opened


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYDAY=TU;UNTIL=20260101", "FREQ=MONTHLY;BYMONTHDAY=32"]
)
async def test_a_rule_without_a_day_to_come_is_refused(database: Database, rule: str) -> None:
    plan = f'survey: nps\nwhen: {{repeat: "{rule}", at: "10:00"}}\n'
    for operation in (preview_campaign, start_campaign):
        with pytest.raises(Refused) as refused:
            await operation(database, NOW, text=plan)
        assert rule in str(refused.value) or "RFC" in str(refused.value)


async def test_words_of_an_audience_that_nobody_has_are_named(database: Database) -> None:
    wanted = (
        "survey: nps\nwhen: {repeat: weekly}\naudience: {segments: [опт, оптт], managers: [M1, M2],"
        " teams: [Юг, Север], statuses: [VIP, Vip], attributes: {статус: VIP, город: Уфа}}\n"
    )
    started = await start_campaign(database, NOW, text=wanted)
    assert started["nobody_has"] == {
        "segments": ["оптт"],
        "managers": ["M2"],
        "teams": ["Север"],
        "statuses": ["Vip"],
        "attributes": ["город: Уфа"],
    }
    with pytest.raises(Refused) as refused:
        await start_campaign(database, NOW, survey="nps", segment="оптт")
    assert "оптт" in str(refused.value)
