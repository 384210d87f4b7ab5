"""What the columns of a list mean: plain headings, and those of Bitrix24 and amoCRM exports."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

ListField = Literal[
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
    "leads",
    "language",
    "phone",
    "email",
    "last_purchase",
    "left",
    "attribute",
]
FIELDS: tuple[ListField, ...] = get_args(ListField)
Identity = Literal["phone", "email"]
SEVERAL: frozenset[ListField] = frozenset({"phone", "email", "attribute"})
"""Fields that several columns may fill: the first that is not empty counts."""
MOST_COLUMNS = 40
"""The most columns that may fill one field."""
NAMES: frozenset[ListField] = frozenset({"name", "first_name", "last_name"})

_KNOWN: Mapping[ListField, str] = {
    "attribute": "status | статус",
    "external_id": (
        "id | external_id | ид | код | код клиента | id контакта | contact id | номер | внешний id "
        "| идентификатор | код контрагента | record id | external id | user id | member id"
    ),
    "name": (
        "name | full name | fullname | фио | имя и фамилия | контакт | клиент | наименование "
        "| полное имя | полное имя контакта | contact name | contact | имя контакта | title "
        "| основной контакт | сотрудник | ф.и.о | ф. и. о | фамилия имя отчество | имя фамилия "
        "| фамилия, имя, отчество | фамилия и имя | фамилия имя | контактное лицо | display name "
        "| customer | client | person | покупатель | заказчик"
    ),
    "first_name": "имя | first name | firstname | given name",
    "middle_name": "отчество | second name | middle name | patronymic",
    "last_name": "фамилия | last name | lastname | surname | family name",
    "role": "role | роль",
    "record_type": "тип | type",
    "company": (
        "company | account | компания | организация | название компании | компания контакта "
        "| название | company name | контрагент | organization | organization name | место работы "
        "| organisation | organisation name | account name | employer | юр лицо | юридическое лицо "
        "| название организации | наименование организации | фирма"
    ),
    "position": "position | job title | job position | должность",
    "manager": (
        "manager | manager_id | manager id | менеджер | ответственный | ответственный за контакт "
        "| ответственный менеджер | персональный менеджер | фио менеджера | имя менеджера "
        "| manager name | account manager | owner "
        "| responsible | responsible person | responsible user | assigned to | id менеджера "
        "| account owner | deal owner | record owner | assigned user | sales rep "
        "| sales representative | sales manager | salesperson | ответственные "
        "| менеджер по продажам | торговый представитель"
    ),
    "segment": "segment | сегмент | группа | customer group",
    "team": "team | команда | отдел | department | подразделение",
    "leads": (
        "leads | leads teams | leads team | head of | руководит | руководит группой "
        "| руководит группами | руководит отделом | руководит командой | возглавляет"
    ),
    "language": "language | язык | preferred language | lang | язык общения",
    "phone": (
        "phone | телефон | мобильный телефон | рабочий телефон | рабочий прямой телефон "
        "| домашний телефон | другой телефон | мобильный | номер телефона | телефон рабочий "
        "| mobile | mobile phone | work phone | work direct phone | home phone | other phone "
        "| phone number | cell phone | сотовый | сотовый телефон | телефон мобильный | телефоны "
        "| phone 1 - value | контактный телефон | телефон для рассылок "
        "| тел | моб | моб тел | моб телефон | phone for newsletters | telephone | tel "
        "| telephone number | mobile number | mobile phone number | whatsapp phone number "
        "| phone work | phone mobile | phone home | phone other"
    ),
    "email": (
        "email | e-mail | почта | электронная почта | рабочий email | рабочий e-mail "
        "| личный email | частный e-mail | другой email | другой e-mail | домашний e-mail "
        "| work email | work e-mail | private email | personal email | home e-mail | other e-mail "
        "| эл почта | адрес электронной почты | e-mail для рассылок | email для рассылок "
        "| e-mail 1 - value | e-mail адрес | электронный адрес | эл адрес "
        "| email address | e-mail address | e-mail for newsletters | mail "
        "| email work | email home | email other"
    ),
    "left": "left | has left | dismissed | ушел | ушла | уволен | уволена | уволен(а) | выбыл",
    "last_purchase": (
        "last_purchase | last_purchase_on | last purchase "
        "| последняя покупка | дата последней покупки "
        "| последняя сделка | дата последней сделки | last order | дата последнего заказа "
        "| дата последнего визита | последний визит "
        "| последний заказ | последняя продажа | дата последней продажи | last purchase date "
        "| last order date | date of last purchase | date of last order | last deal "
        "| last deal date | last sale date | last visit date | дата последней оплаты"
    ),
}
_OF_CONTACT = re.compile(r"\s*\((контакт|contact|компания|company)\)$")
_BETWEEN = re.compile(r"[\s.,_/:*#№()-]+")
_WHOSE = frozenset(
    {"клиента", "покупателя", "заказчика", "контакта", "контактный", "контактная", "основной"}
    | {"основная", "customer", "client", "buyer", "contact", "customer's", "client's", "main"}
    | {"клиент", "контакт", "лид", "лида", "lead", "person", "primary", "associated"}
)
"""Words that a heading may have in addition: «Телефон клиента» is «Телефон»."""
_OF_NOBODY: frozenset[ListField] = frozenset({"record_type", "role"})
"""Fields to which such a word never belongs: «Тип контакта» is not «Тип»."""
_TITLE = "title"
"""«Title» is the name where a list has no other; beside a name it is a position at work."""


def heading_key(heading: str) -> str:
    """Return one key for all spellings of a heading."""
    plain = " ".join(heading.casefold().replace("ё", "е").split()).strip(" :*")
    return _OF_CONTACT.sub("", plain)


def _loose(key: str) -> str:
    """Return a heading's words without punctuation, numbers, and whose the column is."""
    words = [word for word in _BETWEEN.split(key.replace("e-mail", "email")) if word]
    return " ".join(word for word in words if word not in _WHOSE and not word.isdigit())


_FIELD_OF: Mapping[str, ListField] = {
    heading.strip(): field for field, known in _KNOWN.items() for heading in known.split("|")
}
_NEARLY: Mapping[str, ListField] = {
    _loose(key): field
    # Sorted so that exact headings win over reduced ones: «Имя клиента» reduces to «Имя».
    for key, field in sorted(_FIELD_OF.items(), key=lambda known: _loose(known[0]) == known[0])
    if _loose(key) and field not in _OF_NOBODY
}


def field_of(heading: str) -> ListField | None:
    """Return what a heading is known or nearly known to mean."""
    key = heading_key(heading)
    return _FIELD_OF.get(key) or _NEARLY.get(_loose(key))


ListColumns = dict[ListField, list[int]]
"""The places of the columns that fill each field, counted from 0."""


def are_headings(cells: Sequence[str], chosen: Mapping[str, str]) -> bool:
    """Tell whether cells are headings of a list of people: at least two known, one of them who."""
    known = [field for cell in cells if (field := _meant(cell, chosen)) is not None]
    who = NAMES | {"external_id", "phone", "email"}
    return len(known) > 1 and any(field in who for field in known)


def _meant(heading: str, chosen: Mapping[str, str]) -> ListField | None:
    """Return what a heading means: by a person's choice, else by itself."""
    key = heading_key(heading)
    for said, field in chosen.items():
        if heading_key(said) == key:
            return _field(field)
    return field_of(heading)


def recognise(headings: Sequence[str], chosen: Mapping[str, str]) -> ListColumns:
    """Return which columns fill which fields.

    `chosen` is a person's choice, heading → field (or "" to leave the column out); it goes before
    what the headings say. A field that takes one column gets the chosen, else the first that is
    known, else the first that is nearly known. «Title» beside a name is a position.
    """
    columns: ListColumns = {}
    wanted = {heading_key(heading) for heading in chosen}
    keys = [heading_key(heading) for heading in headings]
    sure = [2 if key in wanted else 1 if key in _FIELD_OF else 0 for key in keys]
    last = [key == _TITLE and key not in wanted for key in keys]
    for place in sorted(range(len(headings)), key=lambda place: (last[place], -sure[place])):
        field = _meant(headings[place], chosen)
        if last[place] and NAMES & columns.keys():
            field = "position"
        if field is not None and (field in SEVERAL or field not in columns):
            columns.setdefault(field, []).append(place)
    return {field: sorted(places)[:MOST_COLUMNS] for field, places in columns.items()}


def not_there(headings: Sequence[str], chosen: Mapping[str, str]) -> list[str]:
    """Return the headings of a choice that the list has not."""
    there = {heading_key(heading) for heading in headings}
    return [heading for heading in chosen if heading_key(heading) not in there]


def named_twice(headings: Sequence[str], chosen: Mapping[str, str]) -> str | None:
    """Return a heading that two columns have, of which one alone can count."""
    seen = set[str]()
    for heading in headings:
        key = heading_key(heading)
        if _meant(heading, chosen) in {None, "phone", "email"}:
            continue
        if key in seen:
            return heading
        seen.add(key)
    return None


def _field(name: str) -> ListField | None:
    return next((field for field in FIELDS if field == name), None)


def missing(columns: ListColumns, identity: Identity | None = None) -> list[ListField]:
    """Return the fields that every list must fill and this one does not.

    `identity` names the field that stands in for the number.
    """
    known = "external_id" in columns or (identity is not None and identity in columns)
    lacks: list[ListField] = [] if known else ["external_id"]
    return lacks if NAMES & columns.keys() else [*lacks, "name"]
