"""What the columns of a list mean: plain headings, and those of Bitrix24 and amoCRM exports."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Field = Literal[
    "external_id",
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "role",
    "record_type",
    "company",
    "position",
    "manager",
    "segment",
    "team",
    "language",
    "phone",
    "email",
    "last_purchase",
    "left",
    "attribute",
]
FIELDS: tuple[Field, ...] = get_args(Field)
Identity = Literal["phone", "email"]
SEVERAL: frozenset[Field] = frozenset({"phone", "email", "attribute"})
"""Fields that several columns may fill: the first that is not empty counts."""
NAMES: frozenset[Field] = frozenset({"name", "first_name", "last_name"})

_KNOWN: Mapping[Field, str] = {
    "attribute": "status | статус",
    "external_id": "id | external_id | ид | код | код клиента | id контакта | contact id | номер",
    "name": (
        "name | full name | fullname | фио | имя и фамилия | контакт | клиент | наименование "
        "| полное имя | полное имя контакта | contact name | contact | имя контакта | title "
        "| основной контакт | сотрудник"
    ),
    "first_name": "имя | first name | firstname | given name",
    "middle_name": "отчество | second name | middle name | patronymic",
    "last_name": "фамилия | last name | lastname | surname | family name",
    "role": "role | роль",
    "record_type": "тип | type",
    "company": (
        "company | account | компания | организация | название компании | компания контакта "
        "| название | company name | контрагент"
    ),
    "position": "position | job title | должность",
    "manager": (
        "manager | manager_id | manager id | менеджер | ответственный | ответственный за контакт "
        "| responsible | responsible person | responsible user | assigned to | id менеджера"
    ),
    "segment": "segment | сегмент | группа | customer group",
    "team": "team | команда | отдел | department | подразделение",
    "language": "language | язык",
    "phone": (
        "phone | телефон | мобильный телефон | рабочий телефон | рабочий прямой телефон "
        "| домашний телефон | другой телефон | мобильный | номер телефона | телефон рабочий "
        "| mobile | mobile phone | work phone | work direct phone | home phone | other phone "
        "| phone number | cell phone"
    ),
    "email": (
        "email | e-mail | почта | электронная почта | рабочий email | рабочий e-mail "
        "| личный email | частный e-mail | другой email | другой e-mail | домашний e-mail "
        "| work email | work e-mail | private email | personal email | home e-mail | other e-mail "
        "| эл. почта | адрес электронной почты"
    ),
    "left": "left | has left | dismissed | ушел | ушла | уволен | уволена | уволен(а) | выбыл",
    "last_purchase": (
        "last_purchase | last purchase | последняя покупка | дата последней покупки "
        "| последняя сделка | дата последней сделки | last order"
    ),
}
_FIELD_OF: Mapping[str, Field] = {
    heading.strip(): field for field, known in _KNOWN.items() for heading in known.split("|")
}
_OF_CONTACT = re.compile(r"\s*\((контакт|contact|компания|company)\)$")

Columns = dict[Field, list[int]]
"""The places of the columns that fill each field, counted from 0."""


def heading_key(heading: str) -> str:
    """Return what the spellings of one heading share."""
    plain = " ".join(heading.casefold().replace("ё", "е").split()).strip(" :*")
    return _OF_CONTACT.sub("", plain)


def recognise(headings: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Return which columns fill which fields.

    `chosen` is a person's choice, heading → field (or "" to leave the column out); it goes before
    what the headings say. A field that takes one column gets the chosen, else the first.
    """
    columns: Columns = {}
    wanted = {heading_key(heading): field for heading, field in chosen.items()}
    for by_choice in (True, False):
        for place, heading in enumerate(headings):
            key = heading_key(heading)
            if (key in wanted) is not by_choice:
                continue
            field = _field(wanted[key]) if by_choice else _FIELD_OF.get(key)
            if field is not None and (field in SEVERAL or field not in columns):
                columns.setdefault(field, []).append(place)
    return {field: sorted(places) for field, places in columns.items()}


def _field(name: str) -> Field | None:
    return next((field for field in FIELDS if field == name), None)


def missing(columns: Columns, identity: Identity | None = None) -> list[Field]:
    """Return the fields that every list must fill and this one does not.

    `identity` names the field that stands in for the number.
    """
    known = "external_id" in columns or (identity is not None and identity in columns)
    lacks: list[Field] = [] if known else ["external_id"]
    return lacks if NAMES & columns.keys() else [*lacks, "name"]
