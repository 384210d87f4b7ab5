"""`otklik demo`: starts the local Telegram and the real bot, and lets the company live.

The bot is a process of its own, started like anybody's, and spoken to only through the local
Telegram. Nothing here reaches into it; what must be known is read from its database.
"""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.campaign import Stage, play
from bot.demo.company import Company, invent
from bot.demo.history import write_history
from bot.demo.report import report
from bot.errors import Refused
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.settings import SQLITE
from storage.database import open_reading
from templates.texts import LANGUAGES

START = datetime(2026, 9, 15, 7, 0, tzinfo=UTC)
"""When the demo's campaign begins; fixed, so that a seed gives the same figures any day."""
MARK = ".otklik-demo"
_STARTUP_SECONDS = 60


def run_demo(*, out: Path, customers: int, seed: int, headless: bool, language: str) -> None:
    """Run the demo into the folder `out`, which must be new, empty or an earlier demo's."""
    del headless
    chosen = next((known for known in LANGUAGES if known == language), None)
    if chosen is None:
        message = "The language must be ru or en."
        raise Refused(message)
    _clear(out)
    asyncio.run(_headless(out, invent(customers, seed, chosen)))


def _clear(out: Path) -> None:
    """Empty an earlier demo's folder; anything else is somebody's and stays."""
    if out.exists() and not out.is_dir():
        message = f"{out} is a file; name a folder for the demo with --out."
        raise Refused(message)
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        message = f"{out} holds other files; name a new folder for the demo with --out."
        raise Refused(message)
    try:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        (out / MARK).touch()
    except OSError as error:
        message = f"Cannot write {out}: {error.strerror}."
        raise Refused(message) from error


async def _headless(out: Path, company: Company) -> None:
    database_url = f"{SQLITE}{(out / 'otklik.db').absolute()}"
    await write_history(database_url, company, START)
    async with run_sandbox(now=START, speed=0, journal=out / "journal.jsonl") as sandbox:
        _populate(sandbox, company)
        log = out / "bot.log"
        async with running_bot(sandbox, database_url, log), open_reading(database_url) as database:
            stage = Stage(sandbox, database, company)
            claim = re.search(r"\?start=([\w-]+)", log.read_text())
            outcome = await play(stage, database_url, claim[1] if claim else "")
        _keep_digest(sandbox, company, out)
    report(outcome, out)


def _populate(sandbox: Sandbox, company: Company) -> None:
    admin_name = {"ru": "Вера Администратор", "en": "Vera Admin"}[company.language]
    everybody = [
        (company.admin_telegram_id, admin_name, False),
        *((manager.telegram_id, manager.name, True) for manager in company.managers),
        *((client.telegram_id, client.name, client.in_telegram) for client in company.customers),
    ]
    for telegram_id, name, started in everybody:
        given, _, family = name.partition(" ")
        sandbox.add_user(
            given,
            user_id=telegram_id,
            last_name=family,
            language_code=company.language,
            started=started,
        )


@asynccontextmanager
async def running_bot(
    sandbox: Sandbox, database_url: str, log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `otklik run` against the local Telegram until the block is left."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("OTKLIK_")},
        "OTKLIK_BOT_TOKEN": sandbox.token,
        "OTKLIK_API_URL": sandbox.base_url,
        "OTKLIK_CLOCK_URL": sandbox.clock_url,
        "OTKLIK_DATABASE_URL": database_url,
    }
    with log.open("ab") as lines:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli.main", "run", env=environment, stdout=lines, stderr=lines
        )
    try:
        await _until_polling(sandbox, process, log)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 10)
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _until_polling(sandbox: Sandbox, process: asyncio.subprocess.Process, log: Path) -> None:
    for _ in range(_STARTUP_SECONDS * 20):
        if sandbox.polling:
            return
        if process.returncode is not None:
            break
        await asyncio.sleep(0.05)
    message = f"The bot did not start; its last words are in {log}."
    raise Refused(message)


def _keep_digest(sandbox: Sandbox, company: Company, out: Path) -> None:
    """Keep the page that the admin received, and the numbers it was made from."""
    pages = [
        message.document
        for message in sandbox.messages(company.admin_telegram_id)
        if message.document is not None
    ]
    if not pages:
        message = "The admin received no digest; see bot.log."
        raise Refused(message)
    (out / "digest.html").write_bytes(sandbox.file(pages[-1]["file_id"]))
    newest = max((out / "digests").glob("*/digest.json"), key=lambda path: int(path.parent.name))
    shutil.copyfile(newest, out / "digest.json")
