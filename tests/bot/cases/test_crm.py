"""A CRM is told of cases: signed, at least once, under one key, and never in a messenger's way."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.crm.channel import signed
from bot.errors import SettingsInvalid
from bot.says.taps import MenuTap
from bot.settings import Settings
from storage.sending import outbox, tally
from tests.bot.world import ADMIN, ANNA, MANAGER, START, World, small_world
from tests.engines import on_both

SECRET = "0123456789abcdef-secret"


@dataclass
class _Crm:
    """A CRM that refuses at first; `told` are the key, the headers and the body of each request."""

    refusals: int = 0
    told: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        headers = dict(request.headers)
        self.told.append((headers["Idempotency-Key"], headers, await request.read()))
        self.refusals -= 1
        return web.Response(status=503 if self.refusals >= 0 else 200)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.told]


@asynccontextmanager
async def _listening(crm: _Crm) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/otklik", crm.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}/otklik?token=hidden"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _world(folder: Path, crm: _Crm) -> AsyncIterator[World]:
    async with _listening(crm) as url, small_world(folder) as world:
        told = {"crm_url": SecretStr(url), "crm_secret": SecretStr(SECRET)}
        yield replace(world, settings=world.settings.model_copy(update=told))


async def _low_score(world: World) -> None:
    await world.start(ADMIN, world.announced[-1].rpartition("=")[2])
    await world.arrive("M1", "C1")
    await world.launch("nps")
    await world.tap(ANNA, "2")
    await world.say(ANNA, "Никто не перезвонил")


async def test_each_step_of_a_case_is_told_and_signed(tmp_path: Path) -> None:
    crm = _Crm()
    async with _world(tmp_path, crm) as world, world.bot():
        await _low_score(world)
        await world.tap(MANAGER, "Взять в работу")
        await world.tap(MANAGER, "Закрыть")
        await world.tap(MANAGER, "исправлено")
    assert [one["event"] for one in crm.events()] == [
        "case.opened", "case.words", "case.taken", "case.resolved",
    ]  # fmt: skip
    opened, said, _, resolved = crm.events()
    assert (opened["customer"], opened["case"]["score"]) == ("C1", 2)
    assert said["words"] == ["Никто не перезвонил"]
    assert resolved["case"]["outcome"] == "put_right"
    for key, headers, body in crm.told:
        assert json.loads(body)["id"] == key
        text = headers["X-Otklik-Timestamp"].encode() + b"." + body
        digest = hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest()
        assert headers["X-Otklik-Signature"] == f"v1={digest}"
        assert headers["X-Otklik-Timestamp"] == str(int(START.timestamp()))
        assert "Анна".encode() not in body, "no names"
    assert len({key for key, _, _ in crm.told}) == 4


@on_both
async def test_a_crm_out_of_service_is_told_later_and_holds_up_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crm = _Crm(refusals=5)
    async with _world(tmp_path, crm) as world, world.bot():
        await _low_score(world)
        assert "Никто не перезвонил" in world.screen(MANAGER).text, "the alert came at once"
        for _ in range(6):
            await world.pass_time(minutes=2)
        assert {one["event"] for one in crm.events()} == {"case.opened", "case.words"}
        assert len(crm.told) == 7, "five refusals, and each event once"
        assert len({key for key, _, _ in crm.told}) == 2
        async with world.database() as database, database.reading() as reader:
            assert (await tally.by_state(reader)).get("failed") is None
    shown = "".join(capsys.readouterr())
    assert SECRET not in shown
    assert "hidden" not in shown


async def test_nobody_is_told_without_the_setting(world: World) -> None:
    async with world.bot():
        await _low_score(world)
        async with world.database() as database, database.reading() as reader:
            keys = await outbox.waiting(reader, [], "WORK_CASES")
            assert not [key for key in keys if key.startswith("crm:")]
            assert (await tally.by_state(reader)).get("queued") is None
        assert await world.forge(ADMIN, MenuTap("case_take", ("1", "")).pack())


@pytest.mark.parametrize(
    "url", ["http://crm.example.com/", "ftp://crm.example.com", "https://", "https://a@b.example/"]
)
def test_an_address_without_tls_is_refused(url: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        Settings.load(_env_file=None, crm_url=url, crm_secret=SECRET)
    assert "crm.example.com/otklik" in str(refused.value)


def test_events_are_not_sent_unsigned() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        Settings.load(_env_file=None, crm_url="https://crm.example.com/otklik")
    assert "OTKLIK_CRM_SECRET" in str(refused.value)


def test_a_signature_covers_the_moment_and_the_body() -> None:
    headers = signed(b"{}", SECRET, START)
    later = signed(b"{}", SECRET, START + timedelta(seconds=1))
    other = signed(b"[]", SECRET, START)
    found = {one["X-Otklik-Signature"] for one in (headers, later, other)}
    assert len(found) == 3
