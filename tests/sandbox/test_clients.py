"""Two foreign clients hold a whole conversation: python-telegram-bot and aiogram."""

import struct
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta

import aiogram
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import BufferedInputFile
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.sandbox.sandbox import Sandbox


def png(width: int = 3, height: int = 2) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\xff\0\0" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.fixture
async def ptb(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    base = sandbox.base_url
    bot = telegram.Bot(sandbox.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
async def aio(sandbox: Sandbox) -> AsyncIterator[aiogram.Bot]:
    server = TelegramAPIServer.from_base(sandbox.base_url)
    async with aiogram.Bot(sandbox.token, session=AiohttpSession(api=server)) as bot:
        yield bot


async def test_python_telegram_bot_holds_a_conversation(
    sandbox: Sandbox, ptb: telegram.Bot, ann: int
) -> None:
    sandbox.start(ann, "invitation")
    (update,) = await ptb.get_updates()
    assert update.message is not None
    assert update.message.text == "/start invitation"
    assert update.message.entities[0].type == "bot_command"

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("7", callback_data="a:7")]])
    asked = await ptb.send_message(
        ann, "How <b>likely</b>?", parse_mode="HTML", reply_markup=keyboard
    )
    assert asked.text == "How likely?"
    assert asked.parse_entities() == {asked.entities[0]: "likely"}

    tap = sandbox.tap(ann, label="7")
    (update,) = await ptb.get_updates(offset=update.update_id + 1)
    query = update.callback_query
    assert query is not None
    assert (query.id, query.data) == (tap.query_id, "a:7")
    assert query.message is not None
    assert query.message.message_id == asked.message_id
    assert await query.answer("Saved")
    await query.edit_message_text("Thanks!")

    message = sandbox.last(ann)
    assert message is not None
    assert (message.text, message.buttons, message.edited) == ("Thanks!", (), True)
    assert [toast.text for toast in sandbox.toasts(ann)] == ["Saved"]
    assert await ptb.get_updates(offset=update.update_id + 1) == ()
    assert sandbox.pending() == 0


async def test_python_telegram_bot_posts_a_file_under_its_parameter(
    sandbox: Sandbox, ptb: telegram.Bot, ann: int
) -> None:
    sent = await ptb.send_document(ann, b"<p>digest</p>", filename="digest.html", caption="Here")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("digest.html", "text/html")
    assert sandbox.file(sent.document.file_id) == b"<p>digest</p>"
    again = await ptb.send_document(ann, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_id == sent.document.file_id
    picture = await ptb.send_photo(ann, png())
    assert (picture.photo[-1].width, picture.photo[-1].height) == (3, 2)
    spoken = await ptb.send_voice(ann, b"OggS", duration=4)
    assert spoken.voice is not None
    assert spoken.voice.duration == timedelta(seconds=4)


async def test_python_telegram_bot_downloads_what_a_person_sent(
    sandbox: Sandbox, ptb: telegram.Bot, ann: int
) -> None:
    sandbox.send_document(ann, "имя;оценка\n".encode(), "people.csv", caption="the list")
    sandbox.send_photo(ann, png(), caption="a receipt")
    sandbox.send_voice(ann, b"OggS", duration=5)
    first, second, third = await ptb.get_updates()
    assert first.message is not None
    assert first.message.document is not None
    file = await first.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == "имя;оценка\n".encode()
    assert second.message is not None
    assert second.message.caption == "a receipt"
    assert third.message is not None
    assert third.message.voice is not None


async def test_python_telegram_bot_recognises_each_refusal(
    sandbox: Sandbox, ptb: telegram.Bot, ann: int
) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(404, "x")
    sandbox.faults.add({"kind": "429", "retry_after": 7})
    with pytest.raises(RetryAfter) as wait:
        await ptb.send_message(ann, "x")
    assert wait.value.retry_after == timedelta(seconds=7)
    sandbox.block(ann)
    with pytest.raises(Forbidden):
        await ptb.send_message(ann, "x")


async def test_python_telegram_bot_reads_about_chats_and_commands(
    sandbox: Sandbox, ptb: telegram.Bot, ann: int
) -> None:
    assert (await ptb.get_chat(ann)).username == "ann_lee"
    assert (await ptb.get_chat_member(ann, ann)).status == "member"
    await ptb.set_my_commands([("help", "What I can do")])
    assert [c.command for c in await ptb.get_my_commands()] == ["help"]
    assert [c["command"] for c in sandbox.commands(ann)] == ["help"]
    await ptb.set_my_commands(
        [("menu", "Menu")], scope=telegram.BotCommandScopeChat(ann), language_code="ru"
    )
    assert [c["command"] for c in sandbox.commands(ann)] == ["menu"]


async def test_aiogram_holds_a_conversation(sandbox: Sandbox, aio: aiogram.Bot, ann: int) -> None:
    sandbox.start(ann)
    (update,) = await aio.get_updates()
    button = aiogram.types.InlineKeyboardButton(text="Ok", callback_data="ok", style="success")
    off = aiogram.types.InlineKeyboardButton(text="Off", disabled=aiogram.types.DisabledButton())
    keyboard = aiogram.types.InlineKeyboardMarkup(inline_keyboard=[[button, off]])
    sent = await aio.send_message(ann, "<i>Agree?</i>", parse_mode="HTML", reply_markup=keyboard)
    shown = sandbox.last(ann)
    assert shown is not None
    assert [(b.label, b.style, b.disabled) for b in shown.buttons] == [
        ("Ok", "success", False),
        ("Off", None, True),
    ]
    tap = sandbox.tap(ann, data="ok")
    (update,) = await aio.get_updates(offset=update.update_id + 1)
    assert update.callback_query is not None
    assert isinstance(update.callback_query.message, aiogram.types.Message)
    echoed = update.callback_query.message.reply_markup
    assert echoed is not None
    assert echoed.model_dump() == keyboard.model_dump()
    await aio.answer_callback_query(tap.query_id)
    await aio.edit_message_reply_markup(chat_id=ann, message_id=sent.message_id)
    assert sandbox.answered(tap.query_id)


async def test_aiogram_attaches_a_file_and_downloads_one(
    sandbox: Sandbox, aio: aiogram.Bot, ann: int
) -> None:
    file = BufferedInputFile(b"a;b", "links.csv")
    sent = await aio.send_document(ann, file, caption="<b>Links</b>", parse_mode="HTML")
    assert sent.document is not None
    assert sandbox.file(sent.document.file_id) == b"a;b"
    assert (sent.caption, len(sent.caption_entities or ())) == ("Links", 1)
    content = await aio.download(sent.document.file_id)
    assert content is not None
    assert content.read() == b"a;b"
    await aio.edit_message_caption(chat_id=ann, message_id=sent.message_id, caption="Old links")
    copied = await aio.copy_message(ann, ann, sent.message_id)
    copy = sandbox.message(ann, copied.message_id)
    assert copy is not None
    assert (copy.text, copy.document) == ("Old links", sent.document.model_dump(exclude_none=True))
    forwarded = await aio.forward_message(ann, ann, sent.message_id)
    assert forwarded.forward_origin is not None


async def test_aiogram_recognises_refusals(sandbox: Sandbox, aio: aiogram.Bot, ann: int) -> None:
    sandbox.faults.add({"kind": "429", "retry_after": 3})
    with pytest.raises(TelegramRetryAfter) as wait:
        await aio.send_message(ann, "x")
    assert wait.value.retry_after == 3
    sandbox.block(ann)
    with pytest.raises(TelegramForbiddenError):
        await aio.send_message(ann, "x")


async def test_aiogram_reads_every_view(sandbox: Sandbox, aio: aiogram.Bot, ann: int) -> None:
    message = await aio.send_message(ann, "x")
    await aio.pin_chat_message(ann, message.message_id)
    full = await aio.get_chat(ann)
    assert full.pinned_message is not None
    await aio.unpin_chat_message(ann)
    await aio.send_chat_action(ann, "typing")
    assert sandbox.chat_view(ann)["action"] == "typing"
    assert (await aio.get_webhook_info()).url == ""
    assert await aio.set_my_name("Otklik")
    assert await aio.delete_message(ann, message.message_id)
    assert sandbox.messages(ann) == []
