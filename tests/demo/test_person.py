"""An invented person: whatever else comes into the chat, their choices stay those of their seed."""

import asyncio
from typing import Any

from bot.demo.comments import shuffled
from bot.demo.person import DemoPerson
from bot.demo.temper import Temper
from bot.sandbox.sandbox import Sandbox
from bot.says.taps import MenuTap, SurveyTap
from tests.telegram import Call, ann, api, sandbox

__all__ = ["ann", "api", "sandbox"]
QUESTIONS = 3


def _rows(*buttons: tuple[str, SurveyTap | MenuTap]) -> dict[str, Any]:
    row = [{"text": label, "callback_data": tap.pack()} for label, tap in buttons]
    return {"inline_keyboard": [row]}


def _question(number: int) -> dict[str, Any]:
    options = [(label, SurveyTap("answer", 1, number, label[0])) for label in ("yes", "no")]
    return {"text": f"{number}", "reply_markup": _rows(*options)}


async def test_a_button_is_found_where_somebody_wrote_below_it(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    admin = DemoPerson(sandbox, ann, Temper(0, 8), shuffled("en", 1)[0])
    wanted = MenuTap("count", ("nps", "all"))
    menu = _rows(("Everybody", wanted))
    shown = await api("sendMessage", chat_id=ann, text="Whom do we ask?", reply_markup=menu)
    await api("sendMessage", chat_id=ann, text="The digest is being made.")
    found = admin.offered(wanted)
    assert found is not None
    assert found[0].message_id == shown["result"]["message_id"]
    assert admin.offered(MenuTap("count", ("nps", "wholesale"))) is None


async def test_an_alert_before_the_next_question_is_not_taken_for_it(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    person = DemoPerson(sandbox, ann, Temper(1, 8), shuffled("en", 1)[0])
    asked = await api("sendMessage", chat_id=ann, **_question(0))
    at = {"chat_id": ann, "message_id": asked["result"]["message_id"]}
    sitting = asyncio.create_task(person.converse())
    seen = 0
    for number in range(1, QUESTIONS + 1):
        (tap,) = (await api("getUpdates", offset=seen, timeout=10))["result"]
        seen = tap["update_id"] + 1
        alert = _rows(("Take", MenuTap("case_take", ("7", ""))))
        await api("sendMessage", chat_id=ann, text="A low score", reply_markup=alert)
        after = _question(number) if number < QUESTIONS else {"text": "Thank you!"}
        await api("editMessageText", **at, **after)
    await sitting
    assert person.taps == QUESTIONS
