"""The company's settings: one row."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from storage.engine.reading import Reader, Transaction
from storage.tables.people import workspace as table
from surveys.messages import Language

_ROW = 1
_REMEMBERED = "workspace"
_SETTINGS = select(*(column for column in table.c if column.name != "id"))


@dataclass(frozen=True, slots=True)
class Workspace:
    """Whose bot this is, and its rules. Quiet hours are of the person's or company's zone.

    `web_url` is where customers answer on a page (None: nowhere).
    `break_down_by` names the customers' attributes that the digest breaks its score down by;
    the margins are the changes that the company calls small, in points (None: the usual ones).
    `country`: whose phone numbers those are that name none, as RU (None: that of the zone).
    `themes` are those of comments, as JSON (None: the usual ones). `working_days` are the company's
    own days and hours, as JSON (None: none). `tells_crm`: whether a CRM is told of cases.
    `loyal_repeats`: who has bought again so many times is called loyal (None: promoters are).
    `operator` answers for people's data: name, address, contact (None: the company's name alone).
    Customers and staff who agreed before `…_agree_anew_since` are asked anew (None: nobody is).
    """

    company: str = ""
    language: Language = "ru"
    zone: str = "Europe/Moscow"
    quiet_from: int = 21
    quiet_until: int = 9
    global_period_days: int = 30
    review_url: str | None = None
    bot_username: str | None = None
    web_url: str | None = None
    break_down_by: tuple[str, ...] = ()
    margin_nps: int | None = None
    margin_index: int | None = None
    country: str | None = None
    themes: str | None = None
    working_days: str | None = None
    tells_crm: bool = False
    loyal_repeats: int | None = None
    operator: str | None = None
    customers_agree_anew_since: datetime | None = None
    staff_agree_anew_since: datetime | None = None

    @property
    def tzinfo(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.zone)


async def get(reader: Reader) -> Workspace:
    """Return the settings; the defaults as long as nothing was saved.

    On SQLite a transaction remembers them for the next: only one writes at a time, and a change of
    the settings drops what is remembered. A reader may see an older state, so it always asks.
    """
    alone = reader.dialect == "sqlite"  # on PostgreSQL other programs write, too
    remembers = alone and isinstance(reader, Transaction) and _REMEMBERED not in reader.fresh
    known = reader.cache.get(_REMEMBERED) if remembers else None
    if isinstance(known, Workspace):
        return known
    row = await reader.first(_SETTINGS)
    found = Workspace()
    if row is not None:
        chosen = tuple(json.loads(row["break_down_by"] or "[]"))
        found = Workspace(**{**row, "break_down_by": chosen})
    if remembers:
        reader.cache[_REMEMBERED] = found
    return found


async def save(tx: Transaction, workspace: Workspace) -> None:
    """Keep the settings."""
    tx.cache.pop(_REMEMBERED, None)
    tx.fresh.add(_REMEMBERED)
    chosen = json.dumps(workspace.break_down_by, ensure_ascii=False)
    values = {**asdict(workspace), "break_down_by": chosen if workspace.break_down_by else None}
    statement = tx.insert(table).values(id=_ROW, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["id"], set_=values))


async def set_username(tx: Transaction, username: str) -> None:
    """Keep the bot's name, which deep links need."""
    await save(tx, replace(await get(tx), bot_username=username))


async def set_tells_crm(tx: Transaction, *, tells: bool) -> None:
    """Keep whether a CRM is told of cases."""
    known = await get(tx)
    if known.tells_crm != tells:
        await save(tx, replace(known, tells_crm=tells))


async def set_web_url(tx: Transaction, url: str | None) -> None:
    """Keep the address of the pages, which links need; None: there are no pages."""
    known = await get(tx)
    if known.web_url != url:
        await save(tx, replace(known, web_url=url))


async def choose_loyal(tx: Transaction, repeats: int | None) -> Workspace:
    """Keep whom the company calls loyal: buyers with so many repeat purchases (None: promoters)."""
    space = replace(await get(tx), loyal_repeats=repeats)
    await save(tx, space)
    return space
