"""Every operation by name: what the command line may ask of the running bot."""

from collections.abc import Mapping

from bot.operations.auditing import log, note_taken
from bot.operations.campaigns.commands import COMMANDS
from bot.operations.campaigns.events import tell_event
from bot.operations.campaigns.why import why
from bot.operations.cases.calendar import calendar
from bot.operations.company import company, zone
from bot.operations.copies.holding import release_restored
from bot.operations.facts import import_facts, list_facts
from bot.operations.history.importing import import_history
from bot.operations.leaving import leave, list_admins, remove_admin
from bot.operations.lists.people import import_people
from bot.operations.parked import retry_parked
from bot.operations.privacy.consent_texts import consent
from bot.operations.privacy.forgetting import forget_customer
from bot.operations.privacy.handing_out import hand_out
from bot.operations.privacy.retention import kept
from bot.operations.recounting import recount
from bot.operations.refolding import refold
from bot.operations.remote import Offered
from bot.operations.reports.baseline import baseline
from bot.operations.staff import add_admin, add_lead, add_manager, list_leads, remove_lead
from bot.operations.surveys import save_survey
from bot.operations.ways_in.links import (
    issue_links,
    issue_open_link,
    list_conflicts,
    list_open_links,
    revoke_links,
    revoke_open_link,
)
from bot.operations.weights.adopting import list_weights
from bot.operations.words.company_themes import themes
from bot.rights import Action

OPERATIONS: Mapping[str, Offered] = {
    **{name: Offered(Action.RUN_CAMPAIGNS, one) for name, one in COMMANDS.items()},
    "add_admin": Offered(Action.CHANGE_STAFF, add_admin),
    "add_lead": Offered(Action.CHANGE_STAFF, add_lead),
    "add_manager": Offered(Action.CHANGE_STAFF, add_manager),
    "list_leads": Offered(Action.SEE_PEOPLE, list_leads),
    "remove_lead": Offered(Action.CHANGE_STAFF, remove_lead),
    "audit": Offered(Action.SEE_AUDIT, log),
    "baseline": Offered(Action.MAKE_DIGESTS, baseline),
    "calendar": Offered(Action.SET_WORKING_DAYS, calendar),
    "company": Offered(Action.SET_UP, company),
    "consent": Offered(Action.KEEP_PRIVACY, consent),
    "forget": Offered(Action.ERASE, forget_customer),
    "hand_out": Offered(Action.HAND_OUT, hand_out),
    "import_facts": Offered(Action.KEEP_FACTS, import_facts),
    "import_history": Offered(Action.KEEP_HISTORY, import_history),
    "import_people": Offered(Action.IMPORT_PEOPLE, import_people),
    "issue_links": Offered(Action.GIVE_LINKS, issue_links),
    "issue_open_link": Offered(Action.GIVE_LINKS, issue_open_link),
    "leave": Offered(Action.LET_GO, leave),
    "list_admins": Offered(Action.SEE_PEOPLE, list_admins),
    "list_weights": Offered(Action.WEIGH, list_weights),
    "list_facts": Offered(Action.KEEP_FACTS, list_facts),
    "list_conflicts": Offered(Action.GIVE_LINKS, list_conflicts),
    "list_open_links": Offered(Action.GIVE_LINKS, list_open_links),
    "note_taken": Offered(Action.EXPORT, note_taken),
    "recount": Offered(Action.OPERATE, recount),
    "refold": Offered(Action.OPERATE, refold),
    "release_restored": Offered(Action.OPERATE, release_restored),
    "remove_admin": Offered(Action.CHANGE_STAFF, remove_admin),
    "retention": Offered(Action.KEEP_PRIVACY, kept),
    "revoke_links": Offered(Action.GIVE_LINKS, revoke_links),
    "revoke_open_link": Offered(Action.GIVE_LINKS, revoke_open_link),
    "retry_parked": Offered(Action.OPERATE, retry_parked),
    "save_survey": Offered(Action.EDIT_SURVEYS, save_survey),
    "tell_event": Offered(Action.TELL_EVENTS, tell_event),
    "themes": Offered(Action.PLAN_DIGESTS, themes),
    "why": Offered(Action.SEE_DECISIONS, why),
    "zone": Offered(Action.SET_UP, zone),
}
