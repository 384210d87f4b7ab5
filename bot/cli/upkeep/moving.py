"""`otklik migrate-to`."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.terminal.failing import failing_kindly
from bot.cli.terminal.saying import as_json, say
from bot.cli.terminal.speaking import reader
from bot.cli.working import awaited, present

if TYPE_CHECKING:
    from bot.operations.copies.moving import WorkspaceMoved
    from bot.settings import Settings
    from templates.texts import Texts


def migrate_to(
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            help="An empty database: postgresql+asyncpg://USER:PASSWORD@HOST/NAME",
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Move the workspace from SQLite to PostgreSQL and compare. The bot must not run.

    Every row, checksum and digest is compared before the new database can be used. Interrupted, the
    same command goes on. The password may stand in PGPASSFILE (~/.pgpass) in place of the address.
    """
    with failing_kindly():
        from bot.settings import Settings

        done = awaited(_moved(Settings.load(), address, quiet=json))
    if json:
        moved = None if done.moved is None else asdict(done.moved)
        as_json({"moved": moved, "files": [str(file) for file in done.files]})
        return
    for line in _told(reader(), done):
        say(line)


async def _moved(settings: "Settings", address: str, *, quiet: bool) -> "WorkspaceMoved":
    from bot.operations.copies.moving import move

    def told(table: str, rows: int) -> None:
        if not quiet:
            say(f"{table}: {rows}", err=True)

    return await move(settings, address, await present(settings.clock_url), told)


def _told(texts: "Texts", done: "WorkspaceMoved") -> list[str]:
    if done.moved is None:
        lines = [texts("This workspace is in that database already, whole.")]
    else:
        lines = [
            texts(
                "Moved and compared: {rows} rows in {tables} tables; counts, checksums and the "
                "digests of three months are equal.",
                rows=texts.number(done.moved.rows),
                tables=texts.number(done.moved.tables),
            )
        ]
        if done.moved.replaced:
            lines.append(
                texts(
                    "{n} texts held a NUL character, which PostgreSQL cannot hold; it is now �.",
                    n=texts.number(done.moved.replaced),
                )
            )
    if done.files:
        lines.append(
            texts(
                "Beside the program, in the folder where it is started, lie now: {files}. Without "
                "them what waits sealed cannot be read; they are in no copy.",
                files=", ".join(str(file) for file in done.files),
            )
        )
    if done.folders:
        lines.append(
            texts(
                "These stay where they are; move them into the same folder if you want to keep "
                "them: {folders}",
                folders=", ".join(str(folder) for folder in done.folders),
            )
        )
    lines.append(
        texts(
            "Now set OTKLIK_DATABASE_URL to the new address, look with otklik doctor, and start in "
            "this folder: otklik run. The former file counts as a copy: started again, it sends "
            "customers nothing until an admin releases it."
        )
    )
    return lines
