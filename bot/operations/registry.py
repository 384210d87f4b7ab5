"""Every operation by name: what the command line may ask of the running bot."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from bot.operations.remote import Offered
from bot.rights import Action

_PLACES: Mapping[str, tuple[Action, str, str]] = {
    "add_admin": (Action.CHANGE_STAFF, "staff", "add_admin"),
    "add_lead": (Action.CHANGE_STAFF, "staff", "add_lead"),
    "add_manager": (Action.CHANGE_STAFF, "staff", "add_manager"),
    "audit": (Action.SEE_AUDIT, "auditing", "log"),
    "baseline": (Action.MAKE_DIGESTS, "reports.baseline", "baseline"),
    "calendar": (Action.SET_WORKING_DAYS, "cases.calendar", "calendar"),
    "campaign_status": (Action.RUN_CAMPAIGNS, "campaigns.commands", "campaign_status"),
    "cancel_campaign": (Action.RUN_CAMPAIGNS, "campaigns.commands", "cancel_campaign"),
    "company": (Action.SET_UP, "company", "company"),
    "consent": (Action.KEEP_PRIVACY, "privacy.consent_texts", "consent"),
    "forget": (Action.ERASE, "privacy.forgetting", "forget_customer"),
    "hand_out": (Action.HAND_OUT, "privacy.handing_out", "hand_out"),
    "import_facts": (Action.KEEP_FACTS, "facts.facts", "import_facts"),
    "import_history": (Action.KEEP_HISTORY, "history.importing", "import_history"),
    "import_people": (Action.IMPORT_PEOPLE, "lists.people", "import_people"),
    "issue_links": (Action.GIVE_LINKS, "ways_in.links", "issue_links"),
    "issue_open_link": (Action.GIVE_LINKS, "ways_in.links", "issue_open_link"),
    "leave": (Action.LET_GO, "leaving", "leave"),
    "list_admins": (Action.SEE_PEOPLE, "leaving", "list_admins"),
    "list_campaigns": (Action.RUN_CAMPAIGNS, "campaigns.commands", "list_campaigns"),
    "list_conflicts": (Action.GIVE_LINKS, "ways_in.links", "list_conflicts"),
    "list_facts": (Action.KEEP_FACTS, "facts.facts", "list_facts"),
    "list_leads": (Action.SEE_PEOPLE, "staff", "list_leads"),
    "list_open_links": (Action.GIVE_LINKS, "ways_in.links", "list_open_links"),
    "list_weights": (Action.WEIGH, "weights.adopting", "list_weights"),
    "next_wave": (Action.RUN_CAMPAIGNS, "campaigns.commands", "next_wave"),
    "note_taken": (Action.EXPORT, "auditing", "note_taken"),
    "own_survey": (Action.EDIT_SURVEYS, "surveys", "own_survey"),
    "own_surveys": (Action.EDIT_SURVEYS, "surveys", "own_surveys"),
    "pause_campaign": (Action.RUN_CAMPAIGNS, "campaigns.commands", "pause_campaign"),
    "preview_campaign": (Action.RUN_CAMPAIGNS, "campaigns.commands", "preview_campaign"),
    "recount": (Action.OPERATE, "upkeep.recounting", "recount"),
    "refold": (Action.OPERATE, "upkeep.refolding", "refold"),
    "release_restored": (Action.OPERATE, "copies.holding", "release_restored"),
    "remove_admin": (Action.CHANGE_STAFF, "leaving", "remove_admin"),
    "remove_lead": (Action.CHANGE_STAFF, "staff", "remove_lead"),
    "resume_campaign": (Action.RUN_CAMPAIGNS, "campaigns.commands", "resume_campaign"),
    "retention": (Action.KEEP_PRIVACY, "privacy.retention", "kept"),
    "retry_parked": (Action.OPERATE, "upkeep.parked", "retry_parked"),
    "revoke_links": (Action.GIVE_LINKS, "ways_in.links", "revoke_links"),
    "revoke_open_link": (Action.GIVE_LINKS, "ways_in.links", "revoke_open_link"),
    "save_survey": (Action.EDIT_SURVEYS, "surveys", "save_survey"),
    "start_campaign": (Action.RUN_CAMPAIGNS, "campaigns.commands", "start_campaign"),
    "tell_event": (Action.TELL_EVENTS, "campaigns.events", "tell_event"),
    "themes": (Action.PLAN_DIGESTS, "words.company_themes", "themes"),
    "wave_links": (Action.RUN_CAMPAIGNS, "campaigns.commands", "wave_links"),
    "why": (Action.SEE_DECISIONS, "campaigns.why", "why"),
    "zone": (Action.SET_UP, "company", "zone"),
}
"""The action of each, and where its function stands in `bot.operations`."""


class _Operations(Mapping[str, Offered]):
    """All of them, each loaded when it is asked for: a command needs one, and few of the modules.

    Loading all took a third of a second and 6 MB.
    """

    def __getitem__(self, name: str) -> Offered:
        action, module, function = _PLACES[name]
        return Offered(action, getattr(import_module(f"bot.operations.{module}"), function))

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


OPERATIONS: Mapping[str, Offered] = _Operations()
