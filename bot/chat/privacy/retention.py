"""Admins choose how long each kind of data is kept."""

from bot.chat.admin_screens import back
from bot.chat.auditing import note
from bot.chat.visit import Visit
from bot.errors import Refused
from bot.operations.privacy.consenting import in_years_or_days
from bot.operations.privacy.retention import FOR_GOOD, KINDS, choose
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.privacy import retention
from templates.texts import Texts

_OFFERED = (30, 90, 365, 400, 730, 1_095, 1_825)


async def show(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show how long each kind is kept."""
    return Change(await _all(visit))


async def offer(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Offer times for a kind; a shorter one deletes, so that is said."""
    kind = _kind(tap)
    if kind is None:
        return Toast(visit.texts("That button is out of date."))
    held = (await retention.chosen(visit.tx))[kind]
    return Change(_one(visit.texts, kind, held))


async def chose(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Keep a kind for the time that was tapped."""
    kind = _kind(tap)
    days = "".join(tap.button.arguments[1:2])
    if kind is None:
        return Toast(visit.texts("That button is out of date."))
    try:
        await choose(visit.tx, kind, days, visit.now)
    except Refused as error:
        return Toast(told(visit.texts, error))
    await note(visit, "changed_company", details=f"{kind}={days}")
    return Change(await _all(visit))


async def _all(visit: Visit) -> Screen:
    texts, held = visit.texts, await retention.chosen(visit.tx)
    lines = [
        texts("<b>How long data is kept</b>"),
        texts("Once a day what is older is deleted, and leaves all later figures."),
        "\n".join(f"• {texts(KINDS[kind])}: {_long(texts, days)}" for kind, days in held.items()),
    ]
    rows = [
        (Button(_short(texts, kind, days), MenuTap("retention_kind", (kind,)).pack()),)
        for kind, days in held.items()
    ]
    return Screen("\n\n".join(lines), (*rows, *_back(texts)))


def _one(texts: Texts, kind: str, held: int | None) -> Screen:
    lines = [
        f"<b>{texts(KINDS[kind])}</b>",
        texts("Kept now: {long}.", long=_long(texts, held)),
        texts("What is older than you choose goes within a day and does not come back."),
    ]
    offered = [days for days in _OFFERED if days >= retention.KINDS[kind].least]
    buttons = [Button(in_years_or_days(texts, days), _to(kind, str(days))) for days in offered]
    buttons.append(Button(texts("for good"), _to(kind, FOR_GOOD)))
    rows = [tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    return Screen("\n\n".join(lines), (*rows, *_back(texts, "retention")))


def _to(kind: str, days: str) -> str:
    return MenuTap("retention_set", (kind, days)).pack()


def _short(texts: Texts, kind: str, days: int | None) -> str:
    names = {
        "answers": texts("Surveys"),
        "past": texts("Past answers"),
        "words": texts("Own words"),
        "withdrawn": texts("Withdrawn consents"),
        "people": texts("People"),
        "ledger": texts("Decisions"),
        "conflicts": texts("Disputes"),
    }
    return f"{names[kind]} · {_long(texts, days)}"


def _long(texts: Texts, days: int | None) -> str:
    return texts("for good") if days is None else in_years_or_days(texts, days)


def _back(texts: Texts, place: str = "privacy") -> tuple[tuple[Button, ...], ...]:
    return ((Button(texts("‹ Back"), MenuTap(place).pack()),), *back(texts))


def _kind(tap: Tap[MenuTap]) -> str | None:
    kind = "".join(tap.button.arguments[:1])
    return kind if kind in retention.KINDS else None
