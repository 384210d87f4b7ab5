"""`otklik demo`: starts the local Telegram and the real bot, and lets the company live.

The bot is a process of its own, started like anybody's, and spoken to only through the local
Telegram. Nothing here reaches into it; what must be known is read from its database.
"""

import asyncio
import shutil
from pathlib import Path

from rich.console import Console

from bot.demo.campaign import play
from bot.demo.company import Company, invent
from bot.demo.history import write_history
from bot.demo.live import LivePage, Printer, live
from bot.demo.process import running_bot
from bot.demo.report import report
from bot.demo.stage import START, DemoStage, claim_token, database_url, populate
from bot.errors import FileUnwritable, Refused
from bot.private_files import make_folder, write_privately
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from storage.database import open_reading
from surveys.messages import known_language, mark
from templates.texts import Texts

MARK = ".otklik-demo"


def run_demo(
    *, out: Path, customers: int, seed: int, language: str, screen: LivePage | None, texts: Texts
) -> None:
    """Run the demo into the folder `out`, which must be new, empty or an earlier demo's.

    Without a `screen` one campaign is played to its digest; with one the chat page is served.
    `texts`: what the console says.
    """
    chosen = known_language(language)
    if chosen is None:
        raise Refused(mark("The language must be ru or en."))
    _clear(out)
    company = invent(customers, seed, chosen)
    if screen is None:
        asyncio.run(_headless(out, company, texts))
    else:
        asyncio.run(live(out, company, screen, Printer(Console(), texts)))


def _clear(out: Path) -> None:
    """Empty an earlier demo's folder; any other folder is somebody's and stays."""
    if out.exists() and not out.is_dir():
        raise Refused(mark("{out} is a file; name a folder for the demo with --out."), out=out)
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise Refused(
            mark("{out} holds other files; name a new folder for the demo with --out."), out=out
        )
    try:
        shutil.rmtree(out, ignore_errors=True)
        make_folder(out)
        (out / MARK).touch()
    except OSError as error:
        raise FileUnwritable(out, error) from error


async def _headless(out: Path, company: Company, texts: Texts) -> None:
    url = database_url(out)
    await write_history(url, company, START)
    async with run_sandbox(now=START, speed=0, journal=out / "journal.jsonl") as sandbox:
        populate(sandbox, company)
        log = out / "bot.log"
        async with running_bot(sandbox, url, log), open_reading(url) as database:
            stage = DemoStage(sandbox, database, company)
            outcome = await play(stage, url, claim_token(out))
        _keep_digest(sandbox, company, out)
    report(outcome, out, texts)


def _keep_digest(sandbox: Sandbox, company: Company, out: Path) -> None:
    """Keep the page that the admin received, and the numbers it was made from."""
    pages = [
        message.document
        for message in sandbox.messages(company.admin_telegram_id)
        if message.document is not None
    ]
    if not pages:
        raise Refused(mark("The admin received no digest; see bot.log."))
    write_privately(out / "digest.html", sandbox.file(pages[-1]["file_id"]))
    newest = max((out / "digests").glob("*/digest.json"), key=lambda path: int(path.parent.name))
    write_privately(out / "digest.json", newest.read_bytes())
