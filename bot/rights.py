"""Who may do what: one table of roles and actions, and the one place where it is asked.

Nobody may do what stands in no row of `RIGHTS`. Every line of the conversation, every address of
the HTTP servers, every command and every message to staff names its action.
"""

from collections.abc import Collection, Mapping
from enum import Enum, IntEnum
from typing import Final

from surveys.messages import mark


class Role(Enum):
    """Who acts. The first seven are known by their address, the others by where they come from."""

    STRANGER = mark("stranger")
    CUSTOMER = mark("customer")
    MANAGER = mark("manager")
    LEAD = mark("team lead")
    EXPERT = mark("expert")
    ADMIN = mark("admin")
    GONE = mark("somebody who has left")
    VISITOR = mark("visitor of a page")
    CRM = mark("CRM")
    TELEGRAM = mark("Telegram")
    PROBE = mark("probe")
    OPERATOR = mark("operator")


class Reach(IntEnum):
    """Whose customers and figures an action may touch; the widest of a person's roles counts."""

    OWN = 1
    TEAM = 2
    ALL = 3


class Action(Enum):
    """What can be done."""

    STOP = mark("end invitations, block the bot")
    READ_FAREWELL = mark("read that one is no longer on the list")
    COME_IN = mark("come by a link, share a phone number, agree")
    BE_FORGOTTEN = mark("have one's own data erased")
    GET_OWN_DATA = mark("get what is kept about oneself")
    READ_HELP = mark("read the help, choose a language")
    ANSWER = mark("answer surveys, add words and files")
    WRITE = mark("write to one's manager through the bot")
    SEE_CUSTOMERS = mark("see customers' cards")
    INVITE_CUSTOMERS = mark("make a customer's personal link")
    GET_ALERTS = mark("be told of low scores")
    WORK_CASES = mark("see cases of low scores, take and resolve them")
    SET_WORKING_DAYS = mark("set the working days by which cases are due")
    SEE_OWN_CARD = mark("see one's own card and questionnaires")
    SEE_TEAM = mark("see a team: its managers with their cards, its funnel")
    USE_MENU = mark("open the staff's menu")
    GET_REPORTS = mark("be told how the bot fares, get files that were asked for")
    OPEN_LIVE = mark("open the digest as a page, or one's own card")
    SEE_LIVE = mark("see every period and part, cases and data there")
    MAKE_DIGESTS = mark("make digests and comparisons")
    WEIGH = mark("invite experts, adopt weights of the criteria")
    COMPARE = mark("compare criteria as an expert, see one's own weights")
    SEE_CRITERIA = mark("see the criteria page, say who is loyal")
    EXPORT = mark("export answers, people, cases and the ledger as files")
    PLAN_DIGESTS = mark("plan digests, choose what they break down by")
    RUN_CAMPAIGNS = mark("launch, pause and end campaigns")
    SEE_DECISIONS = mark("see why somebody was not asked")
    SETTLE_OUTBOX = mark("decide about messages that may not have arrived")
    EDIT_SURVEYS = mark("edit, try and publish surveys")
    SEE_PEOPLE = mark("see who is known, staff included")
    IMPORT_PEOPLE = mark("import lists of people")
    GIVE_LINKS = mark("make links for many, open links, decide whose account it is")
    CHANGE_STAFF = mark("add and remove admins, team leads and managers")
    LET_GO = mark("let people go and take them back")
    ERASE = mark("erase a customer's data")
    SEE_AUDIT = mark("see what staff did")
    HAND_OUT = mark("hand out what is kept about somebody")
    KEEP_PRIVACY = mark("choose the texts of consent and how long data is kept")
    SEE_COPIES = mark("see the copies of the database")
    TELL_EVENTS = mark("tell of events")
    BRING_UPDATES = mark("bring Telegram's updates")
    READ_HEALTH = mark("read whether the bot lives")
    READ_ROBOTS = mark("read what search engines may show")
    KEEP_FACTS = mark("tell and read the company's facts")
    KEEP_HISTORY = mark("bring past answers in")
    SET_UP = mark("set the company up")
    CALCULATE = mark("calculate and look at files")
    OPERATE = mark("run, examine, copy and restore")


OWN, TEAM, ALL = Reach.OWN, Reach.TEAM, Reach.ALL
_STRANGER, _CUSTOMER, _MANAGER = Role.STRANGER, Role.CUSTOMER, Role.MANAGER
_LEAD, _EXPERT, _ADMIN = Role.LEAD, Role.EXPERT, Role.ADMIN
_GONE, _VISITOR = Role.GONE, Role.VISITOR
_KNOWN = (_STRANGER, _CUSTOMER, _MANAGER, _LEAD, _EXPERT, _ADMIN)
_ANYBODY = dict.fromkeys((*_KNOWN, _VISITOR), OWN)
_ON_THEIR_OWN = dict.fromkeys((*_KNOWN, _GONE), OWN)
"""Everybody but the visitors of pages, whose links may be in the wrong hands."""
_THE_COMPANYS = {_ADMIN: ALL, Role.OPERATOR: ALL}

RIGHTS: Final[Mapping[Action, Mapping[Role, Reach]]] = {
    Action.STOP: _ANYBODY | {_GONE: OWN},
    Action.READ_FAREWELL: {_GONE: OWN},
    Action.COME_IN: _ANYBODY,
    Action.BE_FORGOTTEN: _ANYBODY | {_GONE: OWN},
    Action.GET_OWN_DATA: _ON_THEIR_OWN,
    Action.READ_HELP: _ANYBODY,
    Action.ANSWER: _ANYBODY,
    Action.WRITE: {_CUSTOMER: OWN},
    Action.SEE_CUSTOMERS: {_MANAGER: OWN, _LEAD: TEAM, _ADMIN: ALL},
    Action.INVITE_CUSTOMERS: {_MANAGER: OWN, _LEAD: TEAM, _ADMIN: ALL},
    Action.GET_ALERTS: {_MANAGER: OWN, _LEAD: TEAM, _ADMIN: ALL},
    Action.WORK_CASES: {_MANAGER: OWN, _LEAD: TEAM, _ADMIN: ALL},
    Action.SET_WORKING_DAYS: _THE_COMPANYS,
    Action.SEE_OWN_CARD: {_MANAGER: OWN},
    Action.SEE_TEAM: {_LEAD: TEAM},
    Action.USE_MENU: {_MANAGER: OWN, _LEAD: TEAM, _EXPERT: OWN, _ADMIN: ALL},
    Action.GET_REPORTS: {_ADMIN: ALL},
    Action.OPEN_LIVE: {_MANAGER: OWN, _LEAD: TEAM, _ADMIN: ALL},
    Action.SEE_LIVE: {_ADMIN: ALL},
    Action.MAKE_DIGESTS: _THE_COMPANYS,
    Action.WEIGH: _THE_COMPANYS,
    Action.COMPARE: {_EXPERT: OWN},
    Action.SEE_CRITERIA: _THE_COMPANYS,
    Action.EXPORT: _THE_COMPANYS,
    Action.PLAN_DIGESTS: _THE_COMPANYS,
    Action.RUN_CAMPAIGNS: _THE_COMPANYS,
    Action.SEE_DECISIONS: _THE_COMPANYS,
    Action.SETTLE_OUTBOX: {_ADMIN: ALL},
    Action.EDIT_SURVEYS: _THE_COMPANYS,
    Action.SEE_PEOPLE: _THE_COMPANYS,
    Action.IMPORT_PEOPLE: _THE_COMPANYS,
    Action.GIVE_LINKS: _THE_COMPANYS,
    Action.CHANGE_STAFF: _THE_COMPANYS,
    Action.LET_GO: _THE_COMPANYS,
    Action.ERASE: _THE_COMPANYS,
    Action.SEE_AUDIT: _THE_COMPANYS,
    Action.HAND_OUT: _THE_COMPANYS,
    Action.KEEP_PRIVACY: _THE_COMPANYS,
    Action.SEE_COPIES: {_ADMIN: ALL},
    Action.TELL_EVENTS: {Role.CRM: ALL, Role.OPERATOR: ALL},
    Action.BRING_UPDATES: {Role.TELEGRAM: ALL},
    Action.READ_HEALTH: {Role.PROBE: ALL},
    Action.READ_ROBOTS: {_STRANGER: OWN, _VISITOR: OWN},
    Action.KEEP_FACTS: _THE_COMPANYS,
    Action.KEEP_HISTORY: {Role.OPERATOR: ALL},
    Action.SET_UP: {Role.OPERATOR: ALL},
    Action.CALCULATE: {Role.OPERATOR: ALL},
    Action.OPERATE: {Role.OPERATOR: ALL},
}
"""Action → who may do it, and how far that reaches."""


def reach(action: Action, roles: Collection[Role]) -> Reach | None:
    """Return how far these roles together reach in an action; None: they may not do it."""
    allowed = RIGHTS.get(action, {})
    return max((allowed[role] for role in roles if role in allowed), default=None)


def may(action: Action, *roles: Role) -> bool:
    """Tell whether any of these roles may do something."""
    return reach(action, roles) is not None
