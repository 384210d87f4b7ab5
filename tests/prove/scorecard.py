"""The figures of the proof, each with its target and the N behind it."""

from pathlib import Path

from tests.prove import tracing
from tests.prove.guards import CLAIMS, FSYNC, INBOX
from tests.prove.lines import Line, Lines, Proof, none, some
from tests.prove.proofs import (
    anonymous,
    cases,
    demo,
    errands,
    fulldisk,
    guarding,
    hostile,
    isolating,
    moving,
    ordering,
    pages,
    points,
    powerloss,
    properties,
    rates,
    replicas,
    supplied,
)
from tests.prove.proofs.killing import Plan, trial
from tests.prove.proofs.sayings import (
    coverage,
    drivers,
    managers,
    margins,
    trends,
    verdicts,
    words,
)
from tests.prove.surroundings import surrounded

RECIPIENTS = 3_000
_CUTS = tuple(
    {
        "kind": kind,
        "method": "sendMessage",
        "times": None,
        "probability": 0.03,
        "seed": seed,
    }
    for seed, kind in enumerate(("cut_before", "cut_after"))
)


async def killed(folder: Path, kills: int, seed: int) -> Lines:
    """Kill the program while a broadcast goes out and answers stream in."""
    verdict = await trial(folder, Plan(people=12 * kills, kills=kills, seed=seed))
    behind = f"{kills} kills, {verdict.confirmed} answers"
    yield none("confirmed answers lost", verdict.lost + verdict.unhandled, behind)
    yield none("invitations sent twice", verdict.duplicates, behind)
    yield none("sends unaccounted for", verdict.unaccounted, f"{behind}; {verdict.states}")


async def asked(folder: Path, kills: int, seed: int) -> Lines:
    """Kill the program while it makes digests, comparisons, files of links and copies."""
    found = await errands.trial(folder, kills, seed)
    behind = f"{kills} kills, {found.asked} errands, {found.tries} tries"
    yield none("errands that nobody was told of", found.lost, behind)
    yield none("errands told twice", found.doubled, behind)


async def cut(folder: Path, kills: int, seed: int) -> Lines:
    """Send while connections are cut and the program is killed."""
    sends, kills = min(2_000, 70 * kills), min(50, 2 * kills)
    plan = Plan(sends, kills, seed, _CUTS, answering=False)
    verdict = await trial(folder, plan)
    behind = f"{sends} sends, 6% cut, {kills} kills; {verdict.states}"
    yield none("duplicates over cut connections", verdict.duplicates, behind)
    yield none("of these unaccounted for", verdict.unaccounted, behind)


async def paced(folder: Path, kills: int, _seed: int) -> Lines:
    """Broadcast to many, people tapping in the second half."""
    people = min(RECIPIENTS, 100 * kills)
    found = await rates.measure(folder, people)
    behind = f"{people} recipients"
    most, in_chat = found.most_in_a_second, found.most_in_a_chat
    yield Line("messages in any one second", "≤ 30", f"{most}", behind, most <= 30)
    yield Line("messages to one chat in any second", "≤ 1", f"{in_chat}", behind, in_chat <= 1)
    sustained = f"{found.sustained:.1f}"
    quiet = f"{people // 2} recipients, nobody tapping"
    yield Line("messages a second, sustained", "≥ 27", sustained, quiet, found.sustained >= 27)
    waited = f"{found.p95 * 1000:.0f} ms"
    taps = f"{found.replies} taps during the broadcast"
    yield Line("reply to a tap, p95", "< 300 ms", waited, taps, found.p95 < 0.3)


async def swept(folder: Path, kills: int, _seed: int) -> Lines:
    """Crash and fail at every write and flush."""
    limit = 2 * kills
    unhindered = folder / "unhindered"
    unhindered.mkdir()
    counted = await points.count_transactions(unhindered)
    for fault in ("signal=SIGKILL", "error=ENOSPC", "error=EIO"):
        within = folder / fault
        within.mkdir()
        found = await points.sweep_transactions(within, limit, fault, counted)
        yield none(f"storage points not survived, {fault}", len(found.wrong), _tried(found))
    found = await points.sweep_migrations(folder, max(1, kills // 2))
    yield none("points of a migration not survived", len(found.wrong), _tried(found))


def _tried(found: points.Sweep) -> str:
    return f"{found.tried} points {' '.join(found.wrong)}"


async def flushed(folder: Path, kills: int, _seed: int) -> Lines:
    """Cut the power, and compare the order of flushes and confirmations."""
    for name, without in (("with", ()), ("without", (FSYNC,))):
        within = folder / name
        within.mkdir()
        loss = await powerloss.cut_power(within, *without)
        cuts = f"{loss.moments} power cuts"
        order = await ordering.watch(within, kills, *without)
        confirmed = f"{order.confirmed} confirmed"
        if without:
            yield some("synchronous=NORMAL: reports lost by power cuts", loss.lost, cuts)
            yield some("synchronous=NORMAL: confirmed too early", order.too_early, confirmed)
        else:
            yield none("reports lost by power cuts", loss.lost, cuts)
            yield none("confirmations before the flush", order.too_early, confirmed)


async def filled(folder: Path, kills: int, _seed: int) -> Lines:
    """Fill the disk under the running program; where it can be traced, make it read-only too."""
    hindrances: dict[str, fulldisk.Hindrance] = {"full": fulldisk.no_room}
    if tracing.is_there():
        hindrances["read-only"] = fulldisk.read_only
    for name, hindrance in hindrances.items():
        within = folder / name
        within.mkdir()
        found = await fulldisk.fill(within, kills, hindrance)
        behind = f"{found.answers} answers"
        yield none(f"confirmed while the disk was {name}", found.confirmed_meanwhile, behind)
        yield none(f"lost after a {name} disk", found.lost, behind)


async def unguarded(folder: Path, kills: int, seed: int) -> Lines:
    """Take guards off: the figures must go red, or the proof proves nothing."""
    for guard in (INBOX, CLAIMS):
        (folder / guard).mkdir()
    plan = Plan(12 * kills, kills, seed, without=(INBOX,), points=("effect",))
    verdict = await trial(folder / INBOX, plan)
    behind = f"{kills} kills, {verdict.confirmed} answers"
    yield some("the framework's own polling: answers lost", verdict.lost, behind)
    sends, kills = min(600, 40 * kills), min(15, kills)
    plan = Plan(sends, kills, seed, _CUTS, answering=False, without=(CLAIMS,))
    verdict = await trial(folder / CLAIMS, plan)
    behind = f"{sends} sends, 6% cut, {kills} kills"
    yield some("a naive retry: duplicates", verdict.duplicates, behind)


PROOFS: dict[str, Proof] = {
    "killed": killed,
    "cases": cases.told,
    "asked": asked,
    "cut": cut,
    "pages": pages.proved,
    "replicas": replicas.survived,
    "moved": moving.moved,
    "paced": paced,
    "swept": swept,
    "flushed": flushed,
    "filled": filled,
    "surroundings": surrounded,
    "anonymous": anonymous.told,
    "unguarded": unguarded,
    "rights": guarding.rights,
    "tokens": guarding.tokens,
    "hostile": hostile.told,
    "flood": guarding.flood,
    "erasing": guarding.erasing,
    "isolating": isolating.isolated,
    "bombs": guarding.bombs,
    "supplied": supplied.supplied,
    "verdicts": verdicts,
    "words": words,
    "trends": trends,
    "managers": managers,
    "margins": margins,
    "coverage": coverage,
    "drivers": drivers,
    "demo": demo.repeated,
    "properties": properties.held,
}
TRACED = frozenset({"swept", "flushed"})


async def prove(name: str, folder: Path, kills: int, seed: int) -> Lines:
    """Yield the lines of one proof; one that needs strace says so where there is none."""
    if name in TRACED and not tracing.is_there():
        yield Line(name, "", tracing.WITHOUT, "", None)
        return
    async for line in PROOFS[name](folder, kills, seed):
        yield line
