"""Taking a list: everybody as it says, and whoever leaves by it is let go."""

from dataclasses import replace
from datetime import datetime

from storage.database import Transaction
from storage.people.lists import list_rows, people_import, people_matching
from storage.people.lists.people_import import ImportResult
from storage.people.people import Person


async def take_list(
    tx: Transaction,
    import_id: int,
    now: datetime,
    *,
    complete: bool = False,
    by: Person | None = None,
) -> ImportResult:
    """Take a list and let go those who leave by it; by a `complete` one, also those not on it.

    Customers whose manager is unknown by now are left out, and then nobody counts as missing.
    """
    await people_matching.match_people(tx, import_id)
    missing = await list_rows.name_managers(tx, import_id)
    complete = complete and not missing
    goes = await people_import.leaving(tx, import_id, complete=complete)
    await list_rows.leave_out(tx, import_id, [one.manager for one in missing])
    result = await people_import.take(tx, import_id, now)
    if not goes:
        return replace(result, left=0)
    from bot.operations.leaving import let_go_by_list  # noqa: PLC0415 (mostly nobody leaves)

    return replace(result, left=await let_go_by_list(tx, goes, import_id, by, now))
