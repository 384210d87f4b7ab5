"""What is kept about somebody, handed out: complete as JSON, and as a text that people read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from bot.errors import Refused
from bot.operations.auditing import by_user
from bot.says.spoken import KINDS
from storage.database import Database, Reader
from storage.people import audit, people, workspace
from storage.people.workspace import Workspace
from storage.privacy import personal_data
from storage.privacy.personal_data import PersonalData
from surveys.messages import known_language, mark
from surveys.survey.placeholders import Placeholders, fill
from templates.texts import Texts

HANDED_OUT: Final = "mydata"
"""Details of the deed: everything that is kept about somebody."""
_NOBODY = mark("There is nobody with the id {external_id}.")
_ANONYMOUS = mark(
    "Answers to anonymous surveys are not here: nothing says whose they are, so they cannot be "
    "found."
)
_ELSEWHERE = mark(
    "Voice messages, pictures and files stay with Telegram; kept is the id by which it gives them "
    "again. Whoever works on an answer for the company is left out."
)
TITLES: Mapping[str, str] = {
    "addresses": mark("Accounts and addresses"),
    "audit": mark("What staff did with your data"),
    "boards": mark("Messages that show how a campaign stands"),
    "case_events": mark("What was done about your answers"),
    "decisions": mark("Decisions whether to ask"),
    "drafts": mark("What you began to write"),
    "events": mark("Purchases and other events"),
    "firings": mark("Invitations after events"),
    "import_rows": mark("Rows of lists on their way in"),
    "inbox": mark("Messages from you that wait"),
    "link_conflicts": mark("Links opened from another account"),
    "link_failures": mark("Links that did not work"),
    "links": mark("Personal links"),
    "outbox": mark("Messages to you or about you"),
    "phone_buttons": mark("Phone buttons in the chat"),
    "web_sessions": mark("Sessions on the page"),
    "wishes": mark("Wishes about invitations"),
}
IN_WORDS: Final = (
    "people", "accounts", "consents", "consent_texts", "invitations", "answers", "remarks", "cases",
)  # fmt: skip


async def handed_out(reader: Reader, person_id: int, now: datetime) -> dict[str, Any]:
    """Return everything of somebody, with what a reader of the file must know."""
    kept = await personal_data.everything(reader, person_id)
    space = await workspace.get(reader)
    return {
        "format": "otklik-mydata-1",
        "company": space.company,
        "operator": space.operator,
        "made_at": now.isoformat(),
        "not_included": [_ANONYMOUS, _ELSEWHERE],
        "data": kept,
    }


def as_json(found: Mapping[str, Any]) -> str:
    """Return the file that programs read."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_text(found: Mapping[str, Any], texts: Texts, space: Workspace) -> str:
    """Return the same in words: who, what was agreed to, each survey with its answers."""
    kept: PersonalData = found["data"]
    blocks = [
        texts("What {company} keeps about you", company=found["company"]),
        "\n".join(_person(kept, texts)),
        *_consents(kept, texts, space),
        *_surveys(kept, texts, space),
        *_others(kept, texts),
        texts(_ANONYMOUS),
        texts(_ELSEWHERE),
        texts("The file otklik-mydata.json holds every row and every field."),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


_FIELDS: Mapping[str, str] = {
    "name": mark("name and surname"),
    "external_id": mark("number in the CRM"),
    "phone": mark("phone"),
    "email": mark("e-mail"),
    "position": mark("position"),
    "segment": mark("segment"),
    "team": mark("team"),
    "last_purchase_on": mark("last purchase"),
    "last_deal_on": mark("last deal"),
    "language": mark("language"),
    "zone": mark("time zone"),
}


def _person(kept: PersonalData, texts: Texts) -> Iterator[str]:
    (person,) = kept["people"]
    for field, label in _FIELDS.items():
        value = person.get(field)
        if value:
            said = texts.date(date.fromisoformat(value)) if field.endswith("_on") else value
            yield f"{texts(label)}: {said}"
    for firm in kept.get("accounts", ()):
        yield texts("company: {name}", name=firm["name"])
    for name, value in (person.get("attributes") or {}).items():
        yield f"{name}: {value}"
    for one in kept.get("addresses", ()):
        yield f"{one['channel']}: {one['address']}"


def _consents(kept: PersonalData, texts: Texts, space: Workspace) -> Iterator[str]:
    said = {
        "given": mark("agreed"),
        "declined": mark("declined"),
        "withdrawn": mark("withdrew"),
    }
    lines = [
        f"{_moment(one['said_at'], texts, space)}: {texts(said[one['kind']])} ({one['text_id']})"
        for one in kept.get("consents", ())
    ]
    if lines:
        yield "\n".join([texts("Consent:"), *lines])
    for one in kept.get("consent_texts", ()):
        yield f"({one['id']}) {one['content']}"


def _surveys(kept: PersonalData, texts: Texts, space: Workspace) -> Iterator[str]:
    (person,) = kept["people"]
    names = Placeholders(space.company, person["first_name"] or "", texts("Your manager"))
    for asked in kept.get("invitations", ()):
        title = texts.quoted(_in(asked["survey"], texts, names))
        lines = [f"{title}, {_moment(asked['created_at'], texts, space)}"]
        for one in _of(kept, "answers", asked["id"]):
            lines.append(f"  {_in(one['question'], texts, names)}")
            lines.append(f"  → {_answer(one, texts, names)}")
        for one in _of(kept, "remarks", asked["id"]):
            if "question" in one:
                lines.append(f"  {_in(one['question'], texts, names)}")
            lines.append(f"  + {_remark(one, texts)}")
        opened = [
            texts("A case was opened: {score}.", score=one["score"])
            for one in _of(kept, "cases", asked["id"])
        ]
        lines += [f"  ! {said}" for said in opened]
        yield "\n".join(lines)


def _of(kept: PersonalData, table: str, invitation_id: int) -> Sequence[Mapping[str, Any]]:
    return [one for one in kept.get(table, ()) if one["invitation_id"] == invitation_id]


def _answer(given: Mapping[str, Any], texts: Texts, names: Placeholders) -> str:
    """Return an answer as its giver saw it: an option's text, not its key."""
    if "chosen" in given:
        return ", ".join(_in(option, texts, names) for option in given["chosen"])
    match given["value"]:
        case None | []:
            return texts("no answer")
        case bool(said):
            return texts("Yes") if said else texts("No")
        case int(number) | float(number):
            return texts.number(number, None)
        case said:
            return str(said)


def _remark(said: Mapping[str, Any], texts: Texts) -> str:
    what = "" if said["kind"] == "words" else f"[{texts(KINDS[said['kind']])}]"
    return " ".join(filter(None, (what, said["text"])))


def _others(kept: PersonalData, texts: Texts) -> Iterator[str]:
    """Count what else there is; every row of it stands in the JSON file."""
    lines = [
        f"{texts(TITLES[name])}: {texts.number(len(rows))}"
        for name, rows in kept.items()
        if name not in IN_WORDS
    ]
    if lines:
        yield "\n".join([texts("Also kept (rows):"), *lines])


def _in(label: Mapping[str, str] | str, texts: Texts, names: Placeholders) -> str:
    if isinstance(label, str):
        return label
    return fill(label.get(texts.language) or next(iter(label.values()), ""), names)


def _moment(at: str, texts: Texts, space: Workspace) -> str:
    return texts.moment(datetime.fromisoformat(at), space.tzinfo)


async def hand_out(
    database: Database,
    now: datetime,
    /,
    person: str,
    *,
    staff: bool = False,
    language: str = "ru",
    user: str | None = None,
) -> dict[str, Any]:
    """Operation: return everything about the person with this id in the CRM; raises Refused.

    The record of deeds gets a line, with the system's `user` who asked.
    """
    async with database.transaction() as tx:
        found = await people.by_external(tx, person, "manager" if staff else "customer")
        if found is None:
            raise Refused(_NOBODY, external_id=person)
        details = by_user(HANDED_OUT, user)
        await audit.note(tx, "exported", None, now, about=found.id, details=details)
        kept = await handed_out(tx, found.id, now)
        space = await workspace.get(tx)
    texts = Texts(known_language(language) or space.language)
    return {"name": found.name, "json": as_json(kept), "text": as_text(kept, texts, space)}
