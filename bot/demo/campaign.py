"""One whole campaign: the admin launches it, people answer or not, the digest comes by itself."""

import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.demo.numbers import CURRENCY, monthly_facts
from bot.demo.stage import START, STEP, Arrival, DemoStage
from bot.errors import Refused
from bot.operations import remote
from bot.operations.registry import OPERATIONS
from bot.says.taps import MenuTap
from bot.settings import Settings
from storage.asking import campaigns, waves
from storage.asking.waves import WaveFunnel
from surveys.messages import mark

SURVEYS = ("nps", "manager_self_assessment")
DIGEST_AT = timedelta(days=16)
"""From the launch to the first of the next quarter, when the digest is due."""
MONTH_OVER = timedelta(days=15, hours=15)
"""From the launch to the night before, when the month's money is told."""


@dataclass
class PlayedCampaign:
    """What happened, for the summary. `late`: began only after the reminder."""

    waves: list[tuple[str, WaveFunnel]] = field(default_factory=list)
    taps: int = 0
    words: int = 0
    reminded: int = 0
    late: int = 0
    changed_mind: int = 0
    stopped: int = 0
    blocked: int = 0
    expired: int = 0
    came_by_link: int = 0


async def play(stage: DemoStage, database_url: str, admin_token: str) -> PlayedCampaign:
    """Play the campaign to the digest; raise `Refused` where the bot does not do its part."""
    await begin(stage, database_url, admin_token)
    came_by_link = len(stage.newcomers)
    await _live(stage, MONTH_OVER)
    await _tell_facts(stage, database_url)
    await _live(stage, DIGEST_AT)
    await stage.settle()
    return await _outcome(stage, came_by_link)


async def begin(stage: DemoStage, database_url: str, admin_token: str) -> None:
    """Let the admin claim the workspace, order a digest and launch the surveys."""
    stage.sandbox.start(stage.admin.telegram_id, admin_token)
    await stage.settle()
    await stage.admin.say("/menu")
    await _admin_taps(stage, "schedule", MenuTap("subscribe", ("quarterly", "9")))
    for survey in SURVEYS:
        await _launch(stage, survey)
    await stage.settle()
    stage.newcomers = await _newcomers(stage, database_url)
    for person in stage.people:
        person.look()


async def _admin_taps(stage: DemoStage, *steps: str | MenuTap) -> None:
    for step in steps:
        tap = MenuTap(step) if isinstance(step, str) else step
        if not await stage.admin.tap(*await stage.admin.button(tap)):
            raise Refused(mark("The admin's button {button} does nothing."), button=tap.pack())


async def _launch(stage: DemoStage, survey: str) -> None:
    await stage.admin.say("/menu")
    await _admin_taps(stage, "campaign", MenuTap("segment", (survey,)))
    everybody = MenuTap("count", (survey, "all"))
    if stage.admin.offered(everybody):  # beside it the visitor may write as the admin
        await _admin_taps(stage, everybody)
    await _admin_taps(stage, "launch")


async def _newcomers(stage: DemoStage, database_url: str) -> list[Arrival]:
    """Make links for those not in Telegram yet; some of them come in the next days."""
    settings = Settings(_env_file=None, database_url=database_url)
    now = stage.sandbox.clock.now()

    async def clock() -> datetime:
        return now

    made = await remote.perform(settings, OPERATIONS, "issue_links", clock, {"role": "customer"})
    stage.links = {row["id"]: row["link"] for row in made["links"]}
    dice = random.Random(len(stage.links))
    coming = []
    for client in stage.company.customers:
        if client.external_id in stage.links and dice.random() < 0.6:
            at = now + timedelta(hours=dice.randint(3, 120))
            if client.telegram_id not in stage.guests:
                coming.append((at, client.telegram_id, _token(stage.links[client.external_id])))
    return sorted(coming)


def _token(link: str) -> str:
    """Return the token of a link into Telegram or to a page."""
    return re.split("[/=]", link)[-1]


async def _tell_facts(stage: DemoStage, database_url: str) -> None:
    """Tell the money of the month that is over, as an operator would."""
    settings = Settings(_env_file=None, database_url=database_url)
    now = stage.sandbox.clock.now()

    async def clock() -> datetime:
        return now

    month, values = list(monthly_facts(START.date()))[-1]
    told = [1, month, {key: str(value) for key, value in values.items()}, ""]
    currency = CURRENCY[stage.company.language]
    await remote.perform(
        settings, OPERATIONS, "import_facts", clock, {"rows": [told], "currency": currency}
    )


async def _live(stage: DemoStage, lasts: timedelta) -> None:
    started = stage.sandbox.clock.now()
    end = START + lasts
    per_cent = "\N{NO-BREAK SPACE}%" if stage.company.language == "ru" else "%"
    with Progress(
        TextColumn("{task.description}"), BarColumn(),
        TextColumn(f"{{task.percentage:>3.0f}}{per_cent}"),
        TimeElapsedColumn(),
    ) as bar:  # fmt: skip
        task = bar.add_task(f"{started:%d.%m.%Y}", total=(end - started) / STEP)
        while stage.sandbox.clock.now() < end:
            moment = await stage.next_hour(end)
            await stage.live_until(moment)
            done = (moment - started) / STEP
            bar.update(task, completed=done, description=f"{moment:%d.%m.%Y}")


async def _outcome(stage: DemoStage, came_by_link: int) -> PlayedCampaign:
    outcome = PlayedCampaign(came_by_link=came_by_link)
    async with stage.database.reading() as reader:
        for wave in await waves.latest(reader, limit=len(SURVEYS)):
            outcome.waves.append((wave.name, await waves.funnel(reader, wave.id)))
            reminded = await waves.reminded(reader, wave.id)
            outcome.reminded += reminded.reminded
            outcome.late += reminded.began_afterwards
            outcome.expired += (await campaigns.progress(reader, wave.id)).states.get("expired", 0)
    for person in stage.people:
        outcome.taps += person.taps
        outcome.words += person.words
        outcome.changed_mind += person.changed_mind
        outcome.stopped += person.stopped
        outcome.blocked += stage.sandbox.users[person.telegram_id].blocked
    return outcome
