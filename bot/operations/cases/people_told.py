"""Who gets what a customer writes."""

from collections.abc import Sequence

from bot.operations.campaigns.low_score_alerts import written_to
from storage.database import Transaction
from storage.people import circles, people
from storage.people.people import Person


async def people_told(tx: Transaction, customer_id: int) -> Sequence[Person]:
    """Return the customer's manager, else the team's leads, else the admins."""
    customer = await people.get(tx, customer_id)
    manager = None
    if customer.manager_id is not None:
        manager = await people.by_id(tx, customer.manager_id)
    managers = [] if manager is None or manager.left_at is not None else [manager]
    team = await circles.team_of(tx, customer_id)
    leads = [] if team is None else await people.leads(tx, team)
    return written_to(managers) or written_to(leads) or written_to(await people.admins(tx))
