"""The part of a wave that is not in Telegram yet: personal links for the company's own letters."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from bot.errors import Refused
from bot.operations.ways_in.links import issue_for, workspace_with_name
from storage.answering import invitation_batches
from storage.answering.invitations import BY_LINK
from storage.asking import campaigns, definitions, ledger
from storage.asking.campaigns import Wave
from storage.asking.definitions import StoredDefinition
from storage.database import Database, Reader, Transaction
from storage.errors import NotFound
from storage.people import people
from storage.people.workspace import Workspace
from surveys.campaign.eligibility import NOT_HERE_YET
from surveys.messages import mark

_CHUNK = 200
"""How many links one transaction makes; everybody else waits for it."""


async def links_of_wave(
    database: Database, wave_id: int, now: datetime, after: int = 0
) -> AsyncIterator[tuple[int, list[dict[str, str]]]]:
    """Yield new links for everybody whom a wave could not reach; they then count as invited.

    Links come in small steps, each with the highest number of a person in it; `after` is the number
    to go on from. Each link opens this wave's survey after the consent. Asked for again, everybody
    who has not come gets another; those given before stay valid.
    """
    async with database.reading() as reader:
        wave = await _open_wave(reader, wave_id, now)
        space = await workspace_with_name(reader)
        campaign = await campaigns.get(reader, wave.campaign_id)
        if campaign.state == "cancelled":
            raise Refused(mark("The campaign was cancelled: its links would open nothing."))
        definition = await definitions.get(reader, campaign.definition_id)
    while True:
        async with database.transaction() as tx:
            ids = await ledger.with_reason(tx, wave_id, NOT_HERE_YET, after, _CHUNK)
            rows = await _issued(tx, wave, definition, ids, space, now)
        if not ids:
            return
        after = ids[-1]
        yield after, rows


async def _issued(
    tx: Transaction,
    wave: Wave,
    definition: StoredDefinition,
    ids: Sequence[int],
    space: Workspace,
    now: datetime,
) -> list[dict[str, str]]:
    known = await people.by_ids(tx, ids)
    found = [known[number] for number in ids if number in known]
    persons = [one for one in found if one.address is None and one.left_at is None]
    promised = {one.id: None for one in persons}
    await invitation_batches.create(tx, wave, definition.id, BY_LINK, promised, now)
    return await issue_for(tx, persons, space, now, survey=definition.survey)


async def _open_wave(reader: Reader, wave_id: int, now: datetime) -> Wave:
    try:
        wave = await campaigns.get_wave(reader, wave_id)
    except NotFound as error:
        raise Refused(
            mark("There is no wave {wave_id}: otklik campaign list."), wave_id=str(wave_id)
        ) from error
    if wave.closes_at <= now:
        raise Refused(
            mark("Wave {wave_id} is over; start another one first."), wave_id=str(wave_id)
        )
    if wave.stage == "deciding":
        raise Refused(mark("This wave is still being prepared; try again in a minute."))
    return wave
