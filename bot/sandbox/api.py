"""One Bot API call from name and parameters to the answer: checked, faulted, done, written down."""

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.chats import Body
from bot.sandbox.errors import ApiError, conflict, refuse
from bot.sandbox.faults import FaultRule, refusal
from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import Signatures, Upload, load_signatures
from bot.sandbox.updates import BATCH, LONGEST_POLL, Update
from bot.sandbox.webhook import Webhook
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What goes back over the wire; `cut`: nothing does, the connection is closed."""

    status: int
    body: Body
    cut: bool = False
    delay: float = 0.0


class Api:
    """The Bot API of one bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.signatures: Signatures = load_signatures()
        self.webhook = Webhook(world, self.call)

    async def call(self, name: str, given: Mapping[str, Any]) -> ApiResponse:
        """Do one call."""
        arrived = time.monotonic()
        rule = None
        params: Mapping[str, Any] = given
        method = name
        result: Any = None
        error: ApiError | None = None
        delivered = False
        try:
            method = self.signatures.method(name)
            params = self.signatures.check(method, given)
            rule = self._fault(method, params)
            failure = None if rule is None else refusal(rule)
            if rule is None or rule.delivered or (failure is None and rule.kind != "cut_before"):
                result = await self._do(method, params)
                delivered = True
            if failure is not None:
                refuse(failure)
        except ApiError as refused:
            error = refused
        self._record(method, params, result, error, delivered, rule, arrived)
        return _answer(result, error, rule)

    def _fault(self, method: str, params: Mapping[str, Any]) -> FaultRule | None:
        if not self.world.faults.rules:
            return None
        chat_id = params.get("chat_id")
        return self.world.faults.for_call(method, chat_id if isinstance(chat_id, int) else None)

    async def _do(self, method: str, params: Mapping[str, Any]) -> Any:
        if self.world.logged_out:
            refuse("Logged out")
        match method:
            case "getUpdates":
                return await self._get_updates(params)
            case "setWebhook":
                return self.webhook.set(params)
            case "deleteWebhook":
                return self.webhook.delete(params)
            case "getWebhookInfo":
                return self.webhook.info()
            case _:
                return METHODS[method](self.world, dict(params))

    async def _get_updates(self, params: Mapping[str, Any]) -> list[Body]:
        updates = self.world.updates
        if updates.webhook:
            refuse(
                conflict(
                    "can't use getUpdates method while webhook is active; "
                    "use deleteWebhook to delete the webhook first"
                )
            )
        updates.allow(params.get("allowed_updates"))
        limit = min(max(params.get("limit", BATCH), 1), BATCH)
        seconds = min(max(params.get("timeout", 0), 0), LONGEST_POLL)
        batch = await updates.poll(params.get("offset", 0), limit, seconds)
        if len(batch) > 1 and self.world.faults.for_updates("reorder_updates"):
            _reverse(batch)
        return [update.whole() for update in batch]

    def _record(
        self,
        method: str,
        params: Mapping[str, Any],
        result: Any,
        error: ApiError | None,
        delivered: bool,
        rule: FaultRule | None,
        arrived: float,
    ) -> None:
        shown: Any = result
        extra: Body = {}
        if method == "getUpdates":
            if error is None and rule is None and not result:
                return
            extra["handed"] = [update["update_id"] for update in result or ()]
            shown = None
        message_id = result.get("message_id") if isinstance(result, dict) else None
        self.world.journal.record(
            "call",
            method=method,
            params={name: _shown(value) for name, value in params.items()},
            chat_id=params.get("chat_id"),
            ok=error is None,
            status=error.code if error else 200,
            description=error.description if error else None,
            delivered=delivered,
            message_id=message_id or params.get("message_id"),
            fault=rule.kind if rule else None,
            arrived=round(arrived, 6),
            result=shown,
            **extra,
        )


def _reverse(batch: list[Update]) -> None:
    """Let a batch tell its events in reverse, under the same ascending ids."""
    bodies = [update.body for update in batch]
    for update, body in zip(batch, reversed(bodies), strict=True):
        update.body = body


def _shown(value: Any) -> Any:
    if isinstance(value, Upload):
        digest = hashlib.sha256(value.content).hexdigest()
        return {"file": value.name, "size": len(value.content), "sha256": digest}
    return value


def _answer(result: Any, error: ApiError | None, rule: FaultRule | None) -> ApiResponse:
    delay = rule.delay if rule else 0.0
    if rule is not None and rule.kind in {"cut_before", "cut_after"}:
        return ApiResponse(0, {}, cut=True, delay=delay)
    if error is not None:
        return ApiResponse(error.code, error.body(), delay=delay)
    return ApiResponse(200, {"ok": True, "result": result}, delay=delay)


async def answer_after(answer: ApiResponse) -> ApiResponse:
    """Hold an answer back for its fault's delay: what it tells has happened already."""
    if answer.delay:
        await asyncio.sleep(answer.delay)
    return answer
