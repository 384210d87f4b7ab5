"""Every operation by name: what the command line may ask of the running bot."""

from collections.abc import Mapping

from bot.operations.campaigns.commands import COMMANDS
from bot.operations.campaigns.events import tell_event
from bot.operations.campaigns.why import why
from bot.operations.company import company, zone
from bot.operations.copies.holding import release_restored
from bot.operations.facts import import_facts, list_facts
from bot.operations.history.importing import import_history
from bot.operations.leaving import leave, list_admins, remove_admin
from bot.operations.lists.people import import_people
from bot.operations.parked import retry_parked
from bot.operations.recounting import recount
from bot.operations.remote import Operation
from bot.operations.reports.baseline import baseline
from bot.operations.surveys import save_survey
from bot.operations.ways_in.admins import add_admin
from bot.operations.ways_in.links import (
    issue_links,
    issue_open_link,
    list_conflicts,
    list_open_links,
    revoke_links,
    revoke_open_link,
)

OPERATIONS: Mapping[str, Operation] = {
    **COMMANDS,
    "add_admin": add_admin,
    "baseline": baseline,
    "company": company,
    "import_facts": import_facts,
    "import_history": import_history,
    "import_people": import_people,
    "issue_links": issue_links,
    "issue_open_link": issue_open_link,
    "leave": leave,
    "list_admins": list_admins,
    "list_facts": list_facts,
    "list_conflicts": list_conflicts,
    "list_open_links": list_open_links,
    "recount": recount,
    "release_restored": release_restored,
    "remove_admin": remove_admin,
    "revoke_links": revoke_links,
    "revoke_open_link": revoke_open_link,
    "retry_parked": retry_parked,
    "save_survey": save_survey,
    "tell_event": tell_event,
    "why": why,
    "zone": zone,
}
