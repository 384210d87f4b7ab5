"""Scripted trouble: which calls go wrong, how, and how often."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import (
    ApiError,
    SandboxError,
    bad_request,
    conflict,
    forbidden,
    too_many_requests,
)

STATUS_TEXT = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
UPDATE_KINDS = {"duplicate_updates", "reorder_updates"}
QUIET_METHODS = {"getUpdates", "getMe"}
"""Methods that go wrong only when a rule names them: receiving, and asking who one is."""


@dataclass(slots=True)
class FaultRule:
    """One fault. `times` None: always; `after`: so many matching calls pass first.

    `delivered`: the call is done all the same, then answered with the error (a gateway's 502).
    """

    kind: str
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    after: int = 0
    probability: float = 1.0
    seed: int = 0
    delay: float = 0.0
    retry_after: int = 5
    status: int = 502
    migrate_to: int | None = None
    delivered: bool = False
    id: int = 0
    fired: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 (faults repeat by their seed)
        if self.kind not in KINDS:
            message = f'There is no fault "{self.kind}"; the kinds are {", ".join(sorted(KINDS))}.'
            raise SandboxError(message)
        if self.status not in STATUS_TEXT:
            message = f"A fault's status is one of {', '.join(map(str, STATUS_TEXT))}."
            raise SandboxError(message)

    def fires(self) -> bool:
        """Return whether this matching call goes wrong, and count it."""
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None and self.fired >= self.times:
            return False
        if self.probability < 1.0 and self._random.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def told(self) -> dict[str, Any]:
        """Return the rule as JSON, with how often it fired."""
        names = (
            "id kind method chat_id times after probability seed delay retry_after status "
            "migrate_to delivered fired"
        )
        return {name: getattr(self, name) for name in names.split()}


def _migrated(rule: FaultRule) -> ApiError:
    what = "group chat was upgraded to a supergroup chat"
    return ApiError(400, f"Bad Request: {what}", {"migrate_to_chat_id": rule.migrate_to})


def _server_error(rule: FaultRule) -> ApiError:
    return ApiError(rule.status, STATUS_TEXT[rule.status])


_OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
_REFUSALS: dict[str, Callable[[FaultRule], ApiError]] = {
    "429": lambda rule: too_many_requests(rule.retry_after),
    "5xx": _server_error,
    "forbidden_blocked": lambda _: forbidden("bot was blocked by the user"),
    "deactivated": lambda _: forbidden("user is deactivated"),
    "chat_not_found": lambda _: bad_request("chat not found"),
    "cant_parse": lambda _: bad_request(
        "can't parse entities: Can't find end tag corresponding to start tag \"b\""
    ),
    "migrate": _migrated,
    "unauthorized": lambda _: ApiError(401, "Unauthorized"),
    "conflict": lambda _: conflict(
        "terminated by other getUpdates request; make sure that only one bot instance is running"
    ),
    "callback_expired": lambda _: bad_request(_OLD_QUERY),
}
KINDS = {*_REFUSALS, *UPDATE_KINDS, "slow", "cut_before", "cut_after"}


def refusal(rule: FaultRule) -> ApiError | None:
    """Return the error that a rule answers with, None for slow and cut ones."""
    make = _REFUSALS.get(rule.kind)
    return make(rule) if make else None


class Faults:
    """The rules in force, tried in the order they were added."""

    def __init__(self, added: Callable[[dict[str, Any]], object]) -> None:
        self.rules: list[FaultRule] = []
        self._next_id = 1
        self._added = added

    def add(self, rule: Mapping[str, Any]) -> int:
        """Put a rule in force; return its id. Wrong ones are refused with what to write."""
        try:
            made = FaultRule(**rule, id=self._next_id)
        except TypeError as error:
            message = f"A fault rule does not take that: {error}"
            raise SandboxError(message) from None
        self._next_id += 1
        self.rules.append(made)
        self._added(made.told())
        return made.id

    def add_all(self, rules: Iterable[Mapping[str, Any]]) -> None:
        """Put several rules in force."""
        for rule in rules:
            self.add(rule)

    def remove(self, rule_id: int) -> None:
        """Take a rule out of force."""
        self.rules = [rule for rule in self.rules if rule.id != rule_id]

    def clear(self) -> None:
        """Take all rules out of force."""
        self.rules.clear()

    def for_call(self, method: str, chat_id: int | None) -> FaultRule | None:
        """Return the rule by which this call goes wrong."""
        for rule in self.rules:
            if rule.kind not in UPDATE_KINDS and _matches(rule, method, chat_id) and rule.fires():
                return rule
        return None

    def for_updates(self, kind: str) -> bool:
        """Return whether updates are duplicated or reordered now."""
        return any(rule.kind == kind and rule.fires() for rule in self.rules)


def _matches(rule: FaultRule, method: str, chat_id: int | None) -> bool:
    if rule.method is None:
        if method in QUIET_METHODS:
            return False
    elif rule.method.lower() != method.lower():
        return False
    return rule.chat_id is None or rule.chat_id == chat_id
