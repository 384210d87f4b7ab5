"""What `otklik doctor` finds inside the database."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.cli.upkeep.doctor import copies, figures, keys, machine, queues
from bot.cli.upkeep.doctor.files import files
from bot.cli.upkeep.doctor.finding import Finding
from bot.operations.copies.standing import standing
from bot.operations.nameless import NAMELESS
from bot.operations.upkeep import slots
from bot.settings import Settings
from bot.telling import UTC as NO_ZONE
from storage import renewal, vitals
from storage.asking import sides
from storage.copies.shelf import Shelf
from storage.database import Database, Reader, open_reading
from storage.errors import StorageError
from storage.people import folding, workspace
from storage.replicas import lease
from storage.sending import errands, inbox, pauses, tally, uncertain
from surveys.messages import Message


async def look_inside(settings: Settings, shelf: Shelf) -> tuple[list[Finding], str]:
    """Look into the database; return what was found, and the company's zone."""
    try:
        async with (
            open_reading(settings.database_url, every_page=True) as opened,
            opened.reading() as reader,
        ):
            return await _inside(opened, reader, shelf), (await workspace.get(reader)).zone
    except StorageError as error:
        return [Finding("bad", Message("database"), Message("{said}", {"said": error}))], NO_ZONE


async def _inside(opened: Database, reader: Reader, shelf: Shelf) -> list[Finding]:
    now = datetime.now(UTC)
    findings = [Finding("fine", Message("database"), Message("whole and readable."))]
    replicas = await lease.standing(reader)
    if replicas is not None:  # the database is a server's, but its keys and copies are here
        findings += files(opened.place, [copy.path for copy in shelf.copies()])
    findings.append(queues.waiting(await inbox.count(reader, now)))
    findings += copies.hold(await standing(reader))
    findings += copies.slots(await slots.too_late(reader, now))
    findings += keys.keys(opened.keys.path, *await renewal.sealed(opened))
    findings += figures.figures(*await figures.checked(reader))
    if not (await workspace.get(reader)).company:
        findings.append(Finding("look", Message("company"), Message(NAMELESS)))
    findings += _pooled(await sides.of_both(reader))
    findings += _names(await folding.differing(reader))
    findings += machine.replicas(replicas)
    findings += map(queues.parked, await inbox.parked(reader))
    findings += machine.stuck(await vitals.stuck(reader, now))
    findings += queues.sending(
        await uncertain.count(reader), await pauses.until(reader), await tally.failures(reader), now
    )
    findings += map(queues.put_off, await errands.failing(reader))
    return findings


def _pooled(measures: list[str]) -> Iterator[Finding]:
    if measures:
        message = Message(
            "Measures that customers and managers were both asked, so that a figure pools the "
            "answers of both: {measures}. Rename them in one of the surveys; figures begin anew.",
            {"measures": ", ".join(measures)},
        )
        yield Finding("look", Message("surveys"), message)


def _names(differing: int) -> Iterator[Finding]:
    if differing:
        message = Message(
            "People who are searched and sorted by an earlier name or address, as after a change "
            "in the database by hand: {n}. To mend it: otklik doctor --refold",
            {"n": differing},
        )
        yield Finding("bad", Message("names"), message)
