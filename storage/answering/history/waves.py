"""The waves of past answers: calendar months, of one campaign a version of the survey."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count, groupby

from sqlalchemy import cast, select

from storage.asking import campaigns
from storage.asking.campaigns import CampaignDraft
from storage.engine.columns import BIG
from storage.engine.listed import AT_ONCE, chunks, listed
from storage.engine.reading import Reader, Transaction
from storage.tables.surveys import invitations, waves
from surveys.periods import Period

Taken = defaultdict[str, set[int]]
"""The label of a wave → the numbers of those who are in it."""


async def places(
    tx: Transaction,
    months: Sequence[Period],
    persons: Sequence[int],
    taken: Taken,
    definition_id: int,
    campaign: str,
    now: datetime,
) -> list[int]:
    """Return each row's wave: its month's, or another where its customer is in that one already.

    Waves that are missing are added; who comes is added to those `taken`.
    """
    campaign_id, known = await _waves(tx, definition_id)
    labels = _labels_of(months, persons, taken)
    if campaign_id is None:
        draft = CampaignDraft(definition_id=definition_id, name=campaign, closes_after_days=1)
        campaign_id = (await campaigns.create(tx, draft, None, now)).id
    by_label = dict(zip(labels, months, strict=True))
    for label, month in sorted(by_label.items()):
        if label not in known:
            closed_at = min(month.end, now)
            wave = await campaigns.start_wave(tx, campaign_id, label, month.start, closed_at)
            known[label] = wave.id
    return list(map(known.__getitem__, labels))


def _labels_of(months: Sequence[Period], persons: Sequence[int], taken: Taken) -> list[str]:
    labels: list[str] = []
    for month, group in groupby(months, key=lambda month: month.key):
        some = persons[len(labels) : len(labels) + sum(1 for _ in group)]
        fresh, here = set(some), taken[month]
        if len(fresh) == len(some) and here.isdisjoint(fresh):
            here |= fresh
            labels += [month] * len(some)
            continue
        for person_id in some:
            label = next(name for name in _labels(month) if person_id not in taken[name])
            taken[label].add(person_id)
            labels.append(label)
    return labels


async def _waves(reader: Reader, definition_id: int) -> tuple[int | None, dict[str, int]]:
    """Return the campaign of the imported answers to this survey version; its waves by label."""
    campaign_id: int | None = await reader.scalar(
        select(waves.c.campaign_id)
        .join(invitations, invitations.c.wave_id == waves.c.id)
        .where(invitations.c.definition_id == definition_id, invitations.c.import_key > "")
        .limit(1)
    )
    if campaign_id is None:
        return None, {}
    mine = select(waves.c.label, waves.c.id).where(waves.c.campaign_id == campaign_id)
    return campaign_id, {row["label"]: row["id"] for row in await reader.all(mine)}


async def taken_by(reader: Reader, definition_id: int, persons: Sequence[int]) -> Taken:
    """Return wave → those of the persons who are in it, of the imported answers."""
    found: Taken = defaultdict(set)
    for some in chunks(persons, AT_ONCE):
        given = listed(reader, some)
        same = invitations.c.person_id == cast(given.c.value, BIG)
        rows = await reader.tuples(
            select(waves.c.label, invitations.c.person_id)
            .join_from(given, invitations, same)
            .join(waves, waves.c.id == invitations.c.wave_id)
            .where(invitations.c.definition_id == definition_id)
            .where(invitations.c.import_key.is_not(None))
        )
        for label, person_id in rows:
            found[label].add(person_id)
    return found


def _labels(month: str) -> Iterator[str]:
    yield month
    for number in count(2):
        yield f"{month} #{number}"
