"""The columns of each export: their names, kinds and meanings. docs/exports.md lists the same.

Names are the same in every language and stay: figures are computed from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from surveys.messages import mark
from templates.texts import Texts

Kind = Literal["text", "integer", "number", "moment", "day", "flag"]
"""A flag is 1 or 0; a moment is shown in the company's zone."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `labels` of its codes, in the reader's language."""

    name: str
    kind: Kind
    says: str
    labels: Mapping[int | str, str] = field(default_factory=dict)


ATTRIBUTE: Final = "attribute."
"""Begins the names of the company's own columns."""

ANSWERS: Final = (
    Column("response", "integer", mark("number of the response: one person in one wave")),
    Column("survey", "text", mark("key of the survey")),
    Column("version", "text", mark("version of the survey: another wording is another version")),
    Column("campaign", "text", mark("name of the campaign")),
    Column("wave", "text", mark("name of the wave")),
    Column("channel", "text", mark("where the first answer came: telegram, web or import")),
    Column("touchpoint", "text", mark("why the person was asked")),
    Column("person_id", "text", mark("the person's id in the CRM")),
    Column("person", "text", mark("the person's name")),
    Column("company", "text", mark("company of the person at that time")),
    Column("segment", "text", mark("segment at that time")),
    Column("team", "text", mark("team at that time")),
    Column("manager_id", "text", mark("id of the manager at that time")),
    Column("manager", "text", mark("name of the manager at that time")),
    Column("invited_at", "moment", mark("when the invitation was made")),
    Column("sent_at", "moment", mark("when it arrived")),
    Column("reminded_at", "moment", mark("when the reminder was sent")),
    Column("started_at", "moment", mark("when the first answer came; empty for past answers")),
    Column("answered_at", "moment", mark("when the last of the kept answers came")),
    Column("first_answered_at", "moment", mark("when the first of the kept answers came")),
    Column("finished_at", "moment", mark("when the last question was answered; empty: not yet")),
    Column("remarks", "text", mark("what was said beyond the answers, a line each")),
    Column("media", "integer", mark("how many voices, pictures and files are among it")),
)
"""After them stand attributes, then the questions: see `questions`."""

ANONYMOUS: Final = (
    Column("survey", "text", mark("key of the anonymous survey")),
    Column("version", "text", mark("version of the survey: another wording is another version")),
    Column("month", "text", mark("month of the released answers")),
    Column("group", "text", mark("segment or team; empty: not stated, or too few people")),
    Column("question", "text", mark("key of the question")),
    Column("wording", "text", mark("the question")),
    Column("n", "integer", mark("how many people answered it, five at least")),
    Column("mean", "number", mark("mean of their scores; empty where answers are no numbers")),
    Column("nps", "number", mark("NPS of their answers, for the NPS question")),
)

PEOPLE: Final = (
    Column("number", "integer", mark("number in Otklik")),
    Column("id", "text", mark("id in the CRM")),
    Column("name", "text", mark("full name")),
    Column("first_name", "text", mark("how the person is greeted")),
    Column("role", "text", mark("customer, manager, team lead, admin, expert, past or none")),
    Column("is_customer", "flag", mark("whether a customer")),
    Column("is_manager", "flag", mark("whether a manager")),
    Column("is_admin", "flag", mark("whether an admin")),
    Column("is_expert", "flag", mark("whether an expert who compares criteria")),
    Column("is_past", "flag", mark("whether known from imported answers alone")),
    Column("leads", "text", mark("teams that the person leads")),
    Column("company", "text", mark("company")),
    Column("position", "text", mark("position")),
    Column("segment", "text", mark("segment")),
    Column("team", "text", mark("team")),
    Column("manager_id", "text", mark("id of the customer's manager")),
    Column("manager", "text", mark("name of the customer's manager")),
    Column("phone", "text", mark("phone")),
    Column("email", "text", mark("e-mail")),
    Column("language", "text", mark("language the person chose")),
    Column("zone", "text", mark("time zone")),
    Column("last_purchase_on", "day", mark("day of the last purchase")),
    Column("last_deal_on", "day", mark("day of the last deal")),
    Column("in_messenger", "flag", mark("whether the person can be written to")),
    Column("added_at", "moment", mark("when the person became known")),
    Column("consented_at", "moment", mark("when the person agreed to be asked")),
    Column("declined_at", "moment", mark("when the person declined")),
    Column("opted_out_at", "moment", mark("when the person wanted no more invitations")),
    Column("unreachable_at", "moment", mark("since when the bot is blocked")),
    Column("left_at", "moment", mark("since when the person is no longer on the list")),
    Column("left", "flag", mark("whether the person is no longer on the list")),
)

CASES: Final = (
    Column("case", "integer", mark("number of the case")),
    Column("response", "integer", mark("number of the response: one person in one wave")),
    Column("survey", "text", mark("key of the survey")),
    Column("person_id", "text", mark("the person's id in the CRM")),
    Column("person", "text", mark("the person's name")),
    Column("manager", "text", mark("name of the manager at that time")),
    Column("question", "text", mark("key of the question with the low answer")),
    Column("score", "integer", mark("the low answer")),
    Column("state", "text", mark("open, taken or resolved")),
    Column("assignee", "text", mark("whose case it is; empty: the admins'")),
    Column("opened_at", "moment", mark("when the case was opened")),
    Column("due_at", "moment", mark("until when it is to be resolved")),
    Column("first_response_at", "moment", mark("when somebody first did something about it")),
    Column("call_at", "moment", mark("for when a call was promised")),
    Column("resolved_at", "moment", mark("when it was resolved")),
    Column("outcome", "text", mark("put_right, not_put_right or not_reached")),
    Column(
        "notes",
        "text",
        mark("notes of the staff, and what they and the customer wrote to each other, a line each"),
    ),
)

LEDGER: Final = (
    Column("wave_number", "integer", mark("number of the wave")),
    Column("survey", "text", mark("key of the survey")),
    Column("campaign", "text", mark("name of the campaign")),
    Column("wave", "text", mark("name of the wave")),
    Column("person_id", "text", mark("the person's id in the CRM")),
    Column("person", "text", mark("the person's name")),
    Column("invited", "flag", mark("whether the person was asked")),
    Column("reason", "text", mark("why not: the code of the reason")),
    Column("reason.label", "text", mark("why not, in words")),
    Column("due_at", "moment", mark("when the invitation was to be sent")),
    Column("decided_at", "moment", mark("when it was decided")),
    Column(
        "anonymous", "flag", mark("whether the survey is anonymous: what follows is then empty")
    ),
    Column("state", "text", mark("how far the invitation came")),
    Column("touchpoint", "text", mark("why the person was asked")),
    Column("sent_at", "moment", mark("when it arrived")),
    Column("opened_at", "moment", mark("when it was opened")),
    Column("started_at", "moment", mark("when the first answer came")),
    Column("finished_at", "moment", mark("when the last question was answered; empty: not yet")),
)


def told(texts: Texts, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return columns whose meaning is said in the reader's language."""
    return tuple(replace(column, says=texts(column.says)) for column in columns)


def of_attributes(texts: Texts, names: Sequence[str]) -> tuple[Column, ...]:
    """Return the company's own columns."""
    said = texts("the company's own column")
    return tuple(Column(f"{ATTRIBUTE}{name}", "text", said) for name in names)
