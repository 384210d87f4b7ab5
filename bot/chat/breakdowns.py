"""The admin's choice of attributes that the digest breaks its score down by."""

import hashlib
from collections.abc import Mapping, Sequence

from bot.chat.admin_screens import back
from bot.chat.auditing import note
from bot.chat.visit import Visit
from bot.operations.reports.breakdowns import MOST, choose
from bot.says.fitting import shortened
from bot.says.heard import Tap
from bot.says.said import Change, Reply, Toast
from bot.says.screens import Button, Screen
from bot.says.taps import MenuTap
from storage.counting import attributes
from templates.texts import Texts

_LONGEST_NAME = 40
_MOST_SHOWN = 40
_LATEST = 10_000
"""How many customers and imported answers are counted at most: other work waits meanwhile."""


async def breakdowns(_: Tap[MenuTap], visit: Visit) -> Reply:
    """Show the attributes to choose from."""
    known = await attributes.known(visit.tx, _LATEST)
    return Change(_screen(visit.texts, known, visit.workspace.break_down_by))


async def toggle(tap: Tap[MenuTap], visit: Visit) -> Reply:
    """Take an attribute in or out."""
    known = await attributes.known(visit.tx, _LATEST)
    chosen = visit.workspace.break_down_by
    by_key = {_key(name): name for name in (*known, *chosen)}
    name = by_key.get(tap.button.arguments[0] if tap.button.arguments else "")
    if name is None:
        return Toast(visit.texts("That button is out of date."))
    after = [one for one in chosen if one != name] if name in chosen else [*chosen, name]
    if len(after) > MOST:
        full = visit.texts("{most} at most: tap one of them off first.", most=MOST)
        return Toast(full)
    space = await choose(visit.tx, after, known)
    await note(visit, "changed_company")
    return Change(_screen(visit.texts, known, space.break_down_by))


def _screen(texts: Texts, known: Mapping[str, int], chosen: Sequence[str]) -> Screen:
    lines = [texts("<b>The digest by attributes</b>"), ""]
    if not known and not chosen:
        lines.append(
            texts(
                "Columns of your own lists that come in as attributes, a city or a status, can "
                "break the score down. There are none yet: choose «an attribute of its own» for a "
                "column when you send a list of people."
            )
        )
        return Screen("\n".join(lines), back(texts))
    lines.append(
        texts(
            "The score is shown by each chosen attribute, as it was when the customer was asked. "
            "{most} at most: of many groups some differ by chance alone. Values are counted "
            "among the latest customers, {latest} at most.",
            most=MOST,
            latest=texts.number(_LATEST),
        )
    )
    names = [*chosen, *(name for name in known if name not in chosen)]
    if len(names) > _MOST_SHOWN:
        left_out = texts.number(len(names) - _MOST_SHOWN)
        lines += ["", texts("Not shown: {n}; see otklik company --break-down-by", n=left_out)]
    rows = tuple((_button(texts, name, known, chosen),) for name in names[:_MOST_SHOWN])
    return Screen("\n".join(lines), (*rows, *back(texts)))


def _button(texts: Texts, name: str, known: Mapping[str, int], chosen: Sequence[str]) -> Button:
    values = texts.plural("{n} value", "{n} values", known.get(name, 0))
    sign = "✓ " if name in chosen else ""
    label = f"{sign}{shortened(name, _LONGEST_NAME)} · {values}"
    return Button(label, MenuTap("breakdown", (_key(name),)).pack())


def _key(name: str) -> str:
    """Return a short key for a name, since a button holds no text of any length."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]
