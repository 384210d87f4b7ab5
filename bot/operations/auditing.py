"""What stands in the record of staff's deeds, and how it reads."""

import contextlib
import os
import pwd
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, Literal, cast

from storage.database import Database, Transaction
from storage.people import audit, people
from storage.people.audit import Deed
from surveys.messages import mark
from templates.texts import Texts

DeedKind = Literal[
    "saw_card",
    "saw_customers",
    "saw_case",
    "saw_cases",
    "saw_file",
    "saw_decision",
    "took_case",
    "changed_case",
    "resolved_case",
    "wrote",
    "made_link",
    "made_links",
    "exported",
    "opened_live",
    "imported",
    "changed_staff",
    "changed_customers",
    "erased",
    "changed_campaign",
    "changed_survey",
    "changed_company",
    "changed_facts",
    "settled_outbox",
]
NAMES: Final[Mapping[DeedKind, str]] = {
    "saw_card": mark("saw a customer's card"),
    "saw_customers": mark("saw the list of customers"),
    "saw_case": mark("saw a case"),
    "saw_cases": mark("saw the list of cases"),
    "saw_file": mark("looked at a customer's file"),
    "saw_decision": mark("saw why somebody was not asked"),
    "took_case": mark("took a case"),
    "changed_case": mark("changed a case"),
    "resolved_case": mark("resolved a case"),
    "wrote": mark("wrote to a customer"),
    "made_link": mark("made a customer's link"),
    "made_links": mark("made a file of links"),
    "exported": mark("exported data"),
    "opened_live": mark("opened the digest as a page"),
    "imported": mark("imported data"),
    "changed_staff": mark("changed who may do what"),
    "changed_customers": mark("changed the list of customers"),
    "erased": mark("erased a customer"),
    "changed_campaign": mark("changed a campaign"),
    "changed_survey": mark("published a survey"),
    "changed_company": mark("changed the company's settings"),
    "changed_facts": mark("changed facts"),
    "settled_outbox": mark("decided about uncertain messages"),
}
OPERATIONS: Final[Mapping[str, DeedKind]] = {
    "add_admin": "changed_staff",
    "add_lead": "changed_staff",
    "add_manager": "changed_staff",
    "consent": "changed_company",
    "retention": "changed_company",
    "revoke_links": "changed_customers",
    "revoke_open_link": "changed_customers",
    "remove_admin": "changed_staff",
    "remove_lead": "changed_staff",
    "leave": "changed_staff",
    "forget": "erased",
    "import_facts": "changed_facts",
    "import_history": "imported",
    "import_people": "imported",
    "issue_links": "made_links",
    "issue_open_link": "made_links",
    "save_survey": "changed_survey",
    "next_wave": "changed_campaign",
    "wave_links": "made_links",
    "start_campaign": "changed_campaign",
    "pause_campaign": "changed_campaign",
    "resume_campaign": "changed_campaign",
    "cancel_campaign": "changed_campaign",
}
"""What the command line does by each operation; others change no data, or note it themselves."""
TOLD_WHO: Final = ("hand_out", "note_taken")
"""Operations that note themselves, and are told the user of the system for it."""
_SETTINGS: Final = ("company", "themes", "calendar", "baseline")
"""Operations that change something if they are given any argument, and otherwise only show it."""


_BY: Final = " user="
"""Stands in the details of what the command line did, before the name of the system's user."""
_LONGEST: Final = 1_000


def sentence(texts: Texts, deed: Deed) -> str:
    """Return who did what to whom, in plain words."""
    details, _, user = (deed.details or "").rpartition(_BY)
    if not user or deed.by is not None:
        details, user = deed.details or "", ""
    line = texts("the command line")
    who = deed.by or (texts("the command line ({user})", user=user) if user else line)
    said = next((texts(name) for what, name in NAMES.items() if what == deed.what), deed.what)
    more = ", ".join(filter(None, (deed.about, details)))
    return texts("{who}: {said}", who=who, said=f"{said} ({more})" if more else said)


def system_user() -> str | None:
    """Return the name of the system's user who runs this program, None where it has none."""
    with contextlib.suppress(KeyError):
        return pwd.getpwuid(os.getuid()).pw_name
    return None


def by_user(details: str, user: str | None) -> str | None:
    """Return the details of a deed of the command line, with the system's user where known."""
    return f"{details}{_BY}{user}" if user else details or None


def audited(
    name: str,
    database: Database,
    now: datetime,
    arguments: Mapping[str, Any],
    user: str | None = None,
) -> Database:
    """Return a database whose first transaction notes what the command line does by it."""
    what = OPERATIONS.get(name)
    if what is None and name in _SETTINGS and any(one is not None for one in arguments.values()):
        what = "changed_company"
    if what is None or arguments.get("check"):
        return database
    return cast("Database", _Noting(database, what, now, by_user("", user)))


class _Noting:
    """A database that writes one line in the first transaction that commits."""

    def __init__(
        self, database: Database, what: DeedKind, now: datetime, details: str | None
    ) -> None:
        self._database = database
        self._what = what
        self._now = now
        self._details = details
        self._noted = False

    @asynccontextmanager
    async def transaction(self, *arguments: Any, **named: Any) -> AsyncIterator[Transaction]:
        async with self._database.transaction(*arguments, **named) as tx:
            if not self._noted:
                await audit.note(tx, self._what, None, self._now, details=self._details)
            yield tx
        self._noted = True

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the database has)
        return getattr(self._database, name)


async def note_taken(
    database: Database, now: datetime, /, *, details: str, user: str | None = None
) -> dict[str, Any]:
    """Operation: note that the command line takes data out: what, of which period and part."""
    async with database.transaction() as tx:
        await audit.note(tx, "exported", None, now, details=by_user(details[:_LONGEST], user))
    return {}


async def log(
    database: Database,
    now: datetime,
    /,
    *,
    customer: str | None = None,
    most: int = 100,
) -> dict[str, Any]:
    """Operation: return the latest deeds of staff, of all or about one customer by list's id."""
    del now
    async with database.reading() as reader:
        about = None
        if customer is not None:
            found = await people.by_external(reader, customer, "customer")
            about = -1 if found is None else found.id
        deeds = await audit.latest(reader, most, about=about)
    return {
        "deeds": [
            {
                "at": one.happened_at.isoformat(),
                "what": one.what,
                "by": one.by,
                "about": one.about,
                "details": one.details,
            }
            for one in deeds
        ]
    }
