"""What sending leaves behind: sizes, protection, keyboards that come and go, replies."""

import io

import aiohttp
import pytest

from bot.sandbox.content.files import MEGABYTE, check_picture
from bot.sandbox.errors import ApiError
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.test_clients import png
from tests.telegram import Answer, Call


async def _upload(sandbox: Sandbox, method: str, chat_id: int, part: str, size: int) -> Answer:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(chat_id))
    form.add_field(part, io.BytesIO(png() + bytes(size)), filename="file.png")
    url = f"{sandbox.base_url}/bot{sandbox.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        answer: Answer = await response.json()
        return answer


@pytest.mark.parametrize(
    ("method", "part", "size", "code"),
    [
        ("sendPhoto", "photo", 9 * MEGABYTE, 200),
        ("sendPhoto", "photo", 10 * MEGABYTE, 400),
        ("sendDocument", "document", 49 * MEGABYTE, 200),
        ("sendDocument", "document", 50 * MEGABYTE, 413),
        ("sendDocument", "document", 52 * MEGABYTE, 413),
    ],
)
async def test_files_have_a_largest_size(
    sandbox: Sandbox, ann: int, method: str, part: str, size: int, code: int
) -> None:
    answer = await _upload(sandbox, method, ann, part, size)
    assert answer.get("error_code", 200) == code


async def test_an_empty_file_is_refused(sandbox: Sandbox, ann: int) -> None:
    form = aiohttp.FormData({"chat_id": str(ann)})
    form.add_field("document", b"", filename="empty.csv")
    url = f"{sandbox.base_url}/bot{sandbox.token}/sendDocument"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        assert (await response.json())["description"] == "Bad Request: file must be non-empty"


async def test_a_bot_downloads_up_to_twenty_megabytes(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    for size, ok in [(20 * MEGABYTE, True), (20 * MEGABYTE + 1, False)]:
        sandbox.send_document(ann, bytes(size), "big.bin")
        document = sandbox.messages(ann)[-1].document
        assert document is not None
        answer = await api("getFile", file_id=document["file_id"])
        assert answer["ok"] is ok


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(1, 21), "PHOTO_INVALID_DIMENSIONS"),
        (png(6000, 1)[:40] + bytes(9), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_a_picture_that_telegram_cannot_show_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ApiError, match=words):
        check_picture(content)


def test_a_jpegs_size_is_read() -> None:
    header = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x20\x00\x30" + bytes(12)
    assert check_picture(header) == (48, 32)


async def test_a_reply_keyboard_stays_until_it_is_removed(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    await api("sendMessage", chat_id=ann, text="x", reply_markup={"keyboard": [[{"text": "A"}]]})
    await api("sendMessage", chat_id=ann, text="y")
    assert sandbox.keyboard(ann) == [["A"]]
    await api("sendMessage", chat_id=ann, text="z", reply_markup={"remove_keyboard": True})
    assert sandbox.keyboard(ann) is None


async def test_a_protected_message_is_not_forwarded(api: Call, ann: int) -> None:
    sent = await api("sendMessage", chat_id=ann, text="x", protect_content=True)
    assert sent["result"]["has_protected_content"] is True
    answer = await api("forwardMessage", chat_id=ann, from_chat_id=ann, message_id=1)
    assert "can't be forwarded" in answer["description"]


async def test_a_reply_shows_what_it_answers(sandbox: Sandbox, api: Call, ann: int) -> None:
    sandbox.say(ann, "a question")
    sent = await api("sendMessage", chat_id=ann, text="x", reply_parameters={"message_id": 1})
    assert sent["result"]["reply_to_message"]["text"] == "a question"
    lost = {"message_id": 99, "allow_sending_without_reply": True}
    sent = await api("sendMessage", chat_id=ann, text="x", reply_parameters=lost)
    assert "reply_to_message" not in sent["result"]


async def test_an_edit_without_a_keyboard_takes_it_away(
    sandbox: Sandbox, api: Call, ann: int
) -> None:
    markup = {"inline_keyboard": [[{"text": "7", "callback_data": "7"}]]}
    await api("sendMessage", chat_id=ann, text="x", reply_markup=markup)
    same = await api("editMessageText", chat_id=ann, message_id=1, text="x", reply_markup=markup)
    assert "message is not modified" in same["description"]
    await api("editMessageText", chat_id=ann, message_id=1, text="x")
    message = sandbox.last(ann)
    assert message is not None
    assert message.buttons == ()
