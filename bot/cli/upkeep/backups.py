"""`otklik backup` and `otklik restore`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.terminal.together import apart, needs
from bot.cli.working import awaited, company_zone, note_taken, perform, present
from bot.telling import moment, told

if TYPE_CHECKING:
    from bot.jobs.upkeep.restoring import Restored
    from bot.settings import Settings
    from storage.copies.shelf import Copy, Shelf
    from surveys.messages import ToldError
    from templates.texts import Texts

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]
_MEGABYTE = 1024**2


def backup(
    out: Annotated[
        Path | None, typer.Option(help="The file to write; in the folder of copies by default.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show the copies there are.")] = False,
    json: Json = False,
) -> None:
    """Copy the database, also while the bot runs; the copy is verified.

    One that leaves the folder of copies by --out stands in the record of what staff did.
    """
    apart("list_", "out")
    with failing_kindly():
        from bot.operations.copies.backups import shelf_of
        from bot.settings import Settings
        from storage.copies.shelf import ranked

        settings = Settings.load()
        shelf, now = shelf_of(settings), awaited(present(settings.clock_url))
        if list_:
            shelf = awaited(_asked(shelf))
            zone = awaited(company_zone(settings.database_url))
            _show_copies(ranked(shelf.copies(), now), zone, json=json)
            return
        path = awaited(_made(shelf, None if out is None else out.absolute(), now))
        unnoted = None if out is None else awaited(_noted(settings.database_url))
    texts = reader()
    if json:
        as_json({"path": str(path), "bytes": path.stat().st_size})
    else:
        say(texts("The copy is made and verified: {path}", path=path))
    if unnoted is not None:
        reason = told(texts, unnoted)
        say(texts("It does not stand in the record of deeds: {reason}", reason=reason), err=True)


async def _made(shelf: "Shelf", out: Path | None, now: datetime) -> Path:
    from storage.copies import making
    from storage.copies.shelf import prune

    if out is not None:
        await making.write(shelf, out, now)
        return out
    shelf = await making.asked(shelf)
    made = await making.make(shelf, "hand", now)
    prune(shelf, now)
    return made.path


async def _noted(url: str) -> "ToldError | None":
    """Note that a copy leaves the folder of copies; return what stands in the way.

    The copy stays made: it may be what saves a database in which nothing can be noted. One that
    this version would migrate first is left as it is.
    """
    from storage.database import open_reading
    from surveys.messages import ToldError

    try:
        async with open_reading(url):
            pass
        await note_taken("backup")
    except ToldError as error:
        return error
    return None


async def _asked(shelf: "Shelf") -> "Shelf":
    from storage.copies import making

    return await making.asked(shelf)


def _show_copies(copies: "Sequence[Copy]", zone: str, *, json: bool) -> None:
    if json:
        as_json([_plain(copy) for copy in copies])
        return
    texts = reader()
    if not copies:
        say(texts("There are no copies yet: otklik backup"))
    for copy in copies:
        size = texts("{size} MB", size=texts.number(copy.size / _MEGABYTE, 1))
        say(f"{moment(texts, copy.made_at, zone)}  {size:>12}  {copy.path}")


def _plain(what: "Copy | Restored") -> dict[str, Any]:
    """Return the fields as JSON has them."""
    return {
        key: str(value) if isinstance(value, Path | datetime) else value
        for key, value in asdict(what).items()
    }


def restore(
    file: Annotated[
        Path | None, typer.Argument(help="A copy: otklik backup --list shows them.")
    ] = None,
    here: Annotated[
        bool,
        typer.Option(
            "--here", help="The database was put back by other means: a snapshot, pg_restore."
        ),
    ] = False,
    identity: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The key of an encrypted copy, as age-keygen wrote it."),
    ] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Let messages go to customers again.")
    ] = False,
    json: Json = False,
) -> None:
    """Put a copy in the database's place. The bot must not run; nothing is sent twice.

    The present files are kept aside; a copy of a PostgreSQL database goes into an empty one.
    Afterwards nothing goes to customers until an admin releases it, by the button in the chat or
    with --release.
    """
    if [file is not None, here, release].count(True) != 1:
        texts = reader()
        wanted = texts("Name a copy, or say --here or --release: one of the three.")
        raise typer.BadParameter(wanted, param_hint="FILE")
    needs("file", "identity")
    if release:
        _release(json=json)
        return
    with failing_kindly():
        from bot.settings import Settings

        settings = Settings.load()
        done = awaited(_restored(settings, file, identity))
    if json:
        as_json(_plain(done))
        return
    zone = awaited(company_zone(settings.database_url))
    for line in _told(reader(), done, zone):
        say(line)


async def _restored(settings: "Settings", file: Path | None, identity: Path | None) -> "Restored":
    from bot.jobs.upkeep import restoring

    now = await present(settings.clock_url)
    if file is None:
        return await restoring.restored_here(settings, now)
    return await restoring.restore(settings, file, now, identity)


def _told(texts: "Texts", done: "Restored", zone: str) -> list[str]:
    copied = moment(texts, done.copied_at, zone)
    lines = [texts("The database is as it was on {moment}.", moment=copied)]
    if done.aside is not None:
        lines.append(texts("What was there before is kept in {folder}", folder=done.aside))
    if done.uncertain:
        lines.append(
            texts.plural(
                "{n} message may have gone out since then; an admin decides in /outbox.",
                "{n} messages may have gone out since then; an admin decides in /outbox.",
                done.uncertain,
            )
        )
    if done.unsubscribed:
        lines.append(
            texts.plural(
                "{n} person who has unsubscribed since then stays unsubscribed.",
                "{n} people who have unsubscribed since then stay unsubscribed.",
                done.unsubscribed,
            )
        )
    if done.erased:
        lines.append(
            texts.plural(
                "{n} customer who was erased since then is erased again.",
                "{n} customers who were erased since then are erased again.",
                done.erased,
            )
        )
    if done.lost:
        lines.append(
            texts.plural(
                "The anonymous answers of {n} person are lost: they waited for their batch, and "
                "such answers are in no copy.",
                "The anonymous answers of {n} people are lost: they waited for their batch, and "
                "such answers are in no copy.",
                done.lost,
            )
        )
    lines.append(
        texts(
            "Now start the bot: otklik run. Nothing goes to customers until an admin releases it "
            "in the chat, or you: otklik restore --release"
        )
    )
    return lines


def _release(*, json: bool) -> None:
    result: dict[str, Any] = perform("release_restored", {})
    if json:
        as_json(result)
        return
    from bot.says.released import released

    say(released(reader(), result["released"], result["uncertain"]))
