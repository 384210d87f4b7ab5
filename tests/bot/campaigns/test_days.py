"""Days are shown as the company's calendar has them, whatever the day is in UTC."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.operations.campaigns.commands import list_campaigns
from bot.operations.campaigns.why import why
from bot.operations.reports.baseline import baseline
from bot.operations.surveys import save_catalog
from storage.asking import campaigns, definitions, ledger
from storage.asking.campaigns import CampaignDraft
from storage.asking.ledger import Line
from storage.database import open_database
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from tests.engines import database_in

NIGHT = datetime(2026, 8, 31, 21, 30, tzinfo=UTC)
"""Half an hour into 1 September in Moscow."""


async def test_a_wave_of_the_night_is_of_the_companys_day(tmp_path: Path) -> None:
    async with open_database(database_in(tmp_path)) as database:
        await save_catalog(database, NIGHT)
        async with database.transaction() as tx:
            await people_import.apply(tx, [PersonRow("customer", "7", "Vera")], NIGHT)
            definition = await definitions.latest(tx, "nps")
            assert definition is not None
            draft = CampaignDraft(definition.id, "Night", 14)
            campaign = await campaigns.create(tx, draft, None, NIGHT)
            end = NIGHT + timedelta(days=14)
            wave = await campaigns.start_wave(tx, campaign.id, "1", NIGHT, end)
            await ledger.record(tx, wave.id, [Line(1)], NIGHT)
        now = NIGHT + timedelta(hours=1)
        (listed,) = (await list_campaigns(database, now))["campaigns"]
        (chosen,) = (await baseline(database, now, wave=wave.id))["baselines"]
        (vera,) = (await why(database, now, "Vera"))["people"]
    shown = (listed["started_at"], chosen["started_at"], vera["ledger"][0]["decided_at"])
    assert {text[:10] for text in shown} == {"2026-09-01"}
    assert listed["closes_at"][:10] == "2026-09-15"
