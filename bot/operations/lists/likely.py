"""What a column with an unknown heading may well hold: «Company_ID», «verbatim_comment»."""

import re
from collections.abc import Mapping

from bot.operations.lists.headings import heading_key

_CAPITAL = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")
_BETWEEN = re.compile(r"[\s.,_/:*()?!-]+")
_LONGEST = 6
"""A heading with more words than this is a question."""
_NUMBER = frozenset(
    {"id", "ids", "code", "number", "num", "no", "nr", "№", "#", "key", "uuid", "guid", "ref"}
    | {"ид", "айди", "код", "номер", "идентификатор"}
)
_ANSWER = frozenset(
    {"response", "answer", "survey", "submission", "record", "feedback", "reply", "ticket"}
    | {"ответ", "ответа", "анкета", "анкеты", "опрос", "опроса", "отзыва", "заявки", "записи"}
)
_CUSTOMER = frozenset(
    {"customer", "client", "company", "account", "user", "member", "contact", "respondent"}
    | {"person", "people", "organization", "organisation", "buyer", "recipient", "subscriber"}
    | {"клиент", "клиента", "компания", "компании", "контакт", "контакта", "контрагент"}
    | {"контрагента", "пользователь", "пользователя", "покупатель", "покупателя", "респондент"}
    | {"респондента", "организации", "абонент", "абонента", "карты", "crm", "црм"}
)
_ADDRESS = frozenset({"email", "mail", "phone", "mobile", "телефон", "почта"})
_WORDS: Mapping[str, frozenset[str]] = {
    "comment": frozenset(
        {"comment", "comments", "verbatim", "verbatims", "feedback", "reason", "why", "remark"}
        | {"remarks", "suggestion", "suggestions", "комментарий", "комментарии", "отзыв", "почему"}
        | {"причина", "пожелание", "пожелания", "замечание", "замечания"}
    ),
    "manager": frozenset(
        {"manager", "agent", "owner", "rep", "salesperson", "advisor", "consultant", "operator"}
        | {"менеджер", "менеджера", "ответственный", "продавец", "сотрудник", "консультант"}
        | {"оператор"}
    ),
    "segment": frozenset(
        {"segment", "tier", "market", "region", "сегмент", "сегмента", "тариф", "рынок", "регион"}
    ),
    "touchpoint": frozenset({"touchpoint", "channel", "канал", "источник"}),
    "score": frozenset({"score", "nps", "rating", "оценка", "балл", "баллы"}),
    "date": frozenset({"date", "timestamp", "дата"}),
}


def likely(heading: str) -> str | None:
    """Return which column of past answers a heading may be: "customer", "id", "comment" …."""
    words = _words(heading)
    if not words or len(words) > _LONGEST:
        return None
    if words & _NUMBER:
        if words & _ANSWER:
            return "id"
        return "customer" if words & _CUSTOMER else None
    found = next((name for name, known in _WORDS.items() if words & known), None)
    return found or ("customer" if words & _ADDRESS else None)


def may_be_a_number(heading: str) -> bool:
    """Tell whether a column of a list of people may hold a number for each person."""
    words = _words(heading)
    return len(words) <= _LONGEST and bool(words & _NUMBER) and not words & _ADDRESS


def _words(heading: str) -> set[str]:
    key = heading_key(_CAPITAL.sub(" ", heading)).replace("e-mail", "email")
    return {word for word in _BETWEEN.split(key) if word}
