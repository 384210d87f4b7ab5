"""The local Telegram's journal against the database: what was promised, and what is there."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from bot.sandbox.sandbox import Sandbox
from storage.answering import answers, invitations
from storage.asking import definitions
from storage.database import Reader, open_reading
from storage.tables.delivery import inbox, outbox
from storage.tables.people import addresses
from storage.tables.surveys import invitations as invitation_rows
from surveys.survey import answers as codec
from surveys.survey.definition import Survey
from tests.prove.company import SURVEY
from tests.prove.crowd import Answered


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trial showed; `confirmed` counts answers that Telegram was told we have."""

    confirmed: int
    lost: int
    unhandled: int
    duplicates: int
    unaccounted: int
    states: dict[str, int]

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.unhandled or self.duplicates or self.unaccounted)


async def judge(sandbox: Sandbox, database_url: str, taps: dict[int, Answered]) -> Verdict:
    """Compare the journal with the database, when everything is over."""
    entries = sandbox.journal.entries()
    confirmed = {
        number for entry in entries if entry["kind"] == "confirm" for number in entry["update_ids"]
    }
    arrived = Counter(
        entry["chat_id"]
        for entry in entries
        if entry["kind"] == "call" and entry["method"] == "sendMessage" and entry["delivered"]
    )
    kept_taps = [tap for update_id, tap in taps.items() if update_id in confirmed]
    async with open_reading(database_url) as database, database.reading() as reader:
        stored = await _stored(reader)
        rows = await reader.all(select(outbox.c.address, outbox.c.state))
        unhandled = len(await reader.all(select(inbox.c.update_id)))
    states = {int(row["address"]): row["state"] for row in rows}
    told = {"sent", "unknown"}
    return Verdict(
        confirmed=len(kept_taps),
        lost=sum(stored.get((tap.chat_id, tap.question)) != tap.option for tap in kept_taps),
        unhandled=unhandled,
        duplicates=sum(count - 1 for count in arrived.values()),
        unaccounted=sum(states.get(chat_id) not in told for chat_id in arrived)
        + sum(state == "sent" and not arrived[chat_id] for chat_id, state in states.items())
        + sum(state == "sending" for state in states.values()),
        states=dict(Counter(states.values())),
    )


async def _stored(reader: Reader) -> dict[tuple[int, int], str]:
    """Return (chat, question by place) → the option that is kept."""
    definition = await definitions.latest(reader, SURVEY)
    assert definition is not None
    columns = addresses.c.person_id, addresses.c.address
    chats = {row["person_id"]: int(row["address"]) for row in await reader.all(select(*columns))}
    kept = {}
    for invitation_id in await reader.all(select(invitation_rows.c.id)):
        invitation = await invitations.get(reader, invitation_id["id"])
        values = await answers.given(reader, invitation.id)
        for place, option in _options(definition.survey, values).items():
            kept[chats[invitation.person_id], place] = option
    return kept


def _options(survey: Survey, values: dict[str, str]) -> dict[int, str]:
    return {
        place: str(codec.from_json(question, values[question.key]))
        for place, question in enumerate(survey.questions)
        if question.key in values
    }
