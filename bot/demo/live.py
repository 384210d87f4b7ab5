"""The demo with a screen: three phones and a browser for the visitor; the others go on alone."""

import asyncio
import contextlib
import signal
import socket
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from bot.demo.campaign import begin
from bot.demo.company import Company, Customer
from bot.demo.history import write_history
from bot.demo.person import ZONE
from bot.demo.process import Keeper
from bot.demo.stage import START, DemoStage, claim_token, database_url, populate
from bot.sandbox.errors import SandboxError
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.telling import told
from bot.together import until
from storage.database import open_reading
from surveys.messages import Message
from templates.texts import Texts

PAUSES = {"off": None, "slow": 15.0, "normal": 5.0, "fast": 1.0}
"""Seconds of real time from one customer's sitting to the next, by pace."""
_IDLE = 0.5


@dataclass(frozen=True, slots=True)
class LivePage:
    """How the page is served and shown; `pace` as in `PAUSES`."""

    pace: str = "normal"
    host: str = "127.0.0.1"
    port: int = 0
    open_page: bool = True


@dataclass(frozen=True, slots=True)
class Printer:
    """The console, in the language of whoever started the demo."""

    console: Console
    texts: Texts

    def say(self, message: Message) -> None:
        """Print a line; a long address is not broken."""
        self.console.print(told(self.texts, message), soft_wrap=True, highlight=False)


def guests(company: Company) -> frozenset[int]:
    """Return the Telegram ids of those whom only the visitor moves."""
    customers = [shown_customer(company), *outside_customer(company)]
    ids = {customer.telegram_id for customer in customers}
    return frozenset({*ids, customers[0].manager.telegram_id, company.admin_telegram_id})


def shown_customer(company: Company) -> Customer:
    """Return the customer on the page."""
    return next(client for client in company.customers if client.in_telegram)


def outside_customer(company: Company) -> list[Customer]:
    """Return the customer without Telegram who is shown in a browser; none where all have it."""
    known = {manager.name for manager in company.managers}
    outside = [client for client in company.customers if not client.in_telegram]
    return [client for client in outside if client.name not in known][:1]


async def live(out: Path, company: Company, screen: LivePage, console: Printer) -> None:
    """Show the chat page and let the company live until SIGINT or SIGTERM."""
    console.say(Message("Writing half a year of history …"))
    await write_history(database_url(out), company, START)
    async with run_sandbox(
        screen.host,
        screen.port,
        now=START,
        speed=1,
        journal=out / "journal.jsonl",
        zone=ZONE.key,
    ) as sandbox:
        sandbox.pages_at = _free_address(sandbox.base_url)
        populate(sandbox, company, outside_customer(company), guests(company))
        _introduce(sandbox, company)
        sandbox.pace = screen.pace
        keeper = Keeper(sandbox, database_url(out), out / "bot.log", console.say)
        with _told_to_stop() as stop, _enter(keeper.toggle):
            await until(stop, keeper.run(), _play(out, company, screen, sandbox, keeper, console))
    console.say(Message("Stopped. Database, bot's log and journal: {folder}", {"folder": out}))


async def _play(
    out: Path,
    company: Company,
    screen: LivePage,
    sandbox: Sandbox,
    keeper: Keeper,
    console: Printer,
) -> None:
    console.say(Message("Starting the bot …"))
    await keeper.up.wait()
    _invite_to(sandbox, company, screen, console)
    async with open_reading(database_url(out)) as database:
        stage = DemoStage(sandbox, database, company, guests(company))
        await begin(stage, database_url(out), claim_token(out))
        for customer in outside_customer(company) if sandbox.pages_at else ():
            link = stage.links[customer.external_id]
            sandbox.show_page(link, customer.name, customer.company)
        await stage.admin.say("/menu")
        await clientele(stage)


def _free_address(beside: str) -> str:
    """Return an address of the same host with a port that nobody listens on.

    "" where that is not this machine alone: pages leave it by https only.
    """
    host = urlsplit(beside).hostname or ""
    if host not in {"127.0.0.1", "localhost", "::1"}:
        return ""
    shown, family = (f"[{host}]", socket.AF_INET6) if ":" in host else (host, socket.AF_INET)
    with socket.socket(family) as free:
        free.bind((host, 0))
        return f"http://{shown}:{free.getsockname()[1]}"


def _introduce(sandbox: Sandbox, company: Company) -> None:
    customer = shown_customer(company)
    sandbox.introduce(customer.telegram_id, "customer", customer.company)
    sandbox.introduce(customer.manager.telegram_id, "manager", customer.manager.team)
    sandbox.introduce(company.admin_telegram_id, "admin", company.name)
    for client in company.customers:
        if client is not customer and client.telegram_id in sandbox.users:
            sandbox.introduce(client.telegram_id, "customer", client.company)
    for manager in company.managers:
        if manager is not customer.manager:
            sandbox.introduce(manager.telegram_id, "manager", manager.team)


def _invite_to(sandbox: Sandbox, company: Company, screen: LivePage, console: Printer) -> None:
    page = f"{sandbox.page_url}?lang={company.language}"
    console.say(Message("The chat page: {page}", {"page": page}))
    if sys.stdin.isatty():
        console.say(Message("Enter stops or starts the bot."))
    console.say(Message("Ctrl-C ends the demo."))
    if screen.open_page:
        webbrowser.open(page)


async def clientele(stage: DemoStage) -> None:
    """Let one customer or manager after another act, for ever, at the pace that the page sets."""
    while True:
        pause = PAUSES[stage.sandbox.pace or "off"]
        await asyncio.sleep(pause or _IDLE)
        if pause is None or not stage.sandbox.polling:
            continue
        stage.let_newcomers_come()
        for person in stage.people:
            person.look()
        waiting = [person for person in stage.people if person.act_at is not None]
        if waiting:
            with contextlib.suppress(SandboxError):  # somebody did the same on the page
                await min(waiting, key=lambda person: (person.act_at, person.telegram_id)).act()


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


@contextmanager
def _enter(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` for each line typed into the terminal."""
    if not sys.stdin.isatty():
        yield
        return

    def typed() -> None:
        if sys.stdin.readline():
            act()
        else:
            loop.remove_reader(sys.stdin)

    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, typed)
    try:
        yield
    finally:
        loop.remove_reader(sys.stdin)
