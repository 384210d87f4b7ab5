"""What Telegram tells is heard for what it is, from private chats only."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.says.heard import (
    Command,
    Contact,
    Edited,
    File,
    Heard,
    Media,
    Membership,
    Other,
    Sender,
    Tap,
    Words,
)
from bot.says.taps import MenuTap
from bot.telegram.hear import ValidationError, heard

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
SAID = datetime(2026, 9, 15, 8, tzinfo=UTC)
USER = {"id": 11, "is_bot": False, "first_name": "Anna", "last_name": "B", "language_code": "en"}
ANNA = Sender("telegram", "11", "Anna B", "en")
COMMON = (ANNA, 7, SAID)
CHAT = {"id": 11, "type": "private"}
SIZE = {"file_id": "F", "file_unique_id": "U", "width": 1, "height": 1}
FORWARDED = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
LARGE = SIZE | {"file_id": "L"}
STICKER = {"type": "regular", "is_animated": False, "is_video": False}
VOICE = {"file_id": "F", "file_unique_id": "U", "duration": 1}


def _message(chat: dict[str, Any] = CHAT, **content: Any) -> dict[str, Any]:
    return {
        "message_id": 7,
        "date": int(SAID.timestamp()),
        "chat": chat,
        "from": USER,
        **content,
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "так себе"}, Words(*COMMON, "так себе")),
        ({"text": "/start ABC"}, Command(*COMMON, "start", "ABC")),
        ({"text": "/why@some_bot  Anna B"}, Command(*COMMON, "why", "Anna B")),
        ({"text": "/"}, Command(*COMMON, "", "")),
        (
            {"contact": {"phone_number": "+7", "first_name": "A", "user_id": 11}},
            Contact(*COMMON, "+7", "11"),
        ),
        (
            {"document": {"file_id": "F", "file_unique_id": "U", "file_name": "a.csv"}},
            File(*COMMON, "F", "a.csv", 0),
        ),
        ({"voice": VOICE}, Media(*COMMON, "voice", "F")),
        (
            {"photo": [SIZE, SIZE | {"file_id": "L"}], "caption": "/menu"},
            Media(*COMMON, "photo", "L", "/menu"),
        ),
        ({"video": SIZE | {"duration": 1}}, Media(*COMMON, "video", "F")),
        ({"video_note": VOICE | {"length": 1}}, Media(*COMMON, "video_note", "F")),
        ({"audio": VOICE, "caption": "вот"}, Media(*COMMON, "audio", "F", "вот")),
        ({"voice": VOICE, "forward_origin": FORWARDED}, Media(*COMMON, "voice", "F", "", True)),
        ({"text": "чужое", "forward_origin": FORWARDED}, Words(*COMMON, "чужое", None, True)),
        (
            {"document": {"file_id": "F", "file_unique_id": "U"}, "caption": "счёт"},
            File(*COMMON, "F", "", 0, "счёт"),
        ),
        (
            {"sticker": SIZE | {"type": "regular", "is_animated": False, "is_video": False}},
            Other(*COMMON),
        ),
        ({"location": {"latitude": 1, "longitude": 1}}, Other(*COMMON)),
    ],
)
def test_a_message_is_one_thing(content: dict[str, Any], expected: Heard) -> None:
    assert heard({"update_id": 1, "message": _message(**content)}, NOW) == expected


def test_a_tap_carries_its_button_or_nothing_of_ours() -> None:
    query = {"id": "Q", "from": USER, "chat_instance": "C", "message": _message(text="?")}
    tapped = {"update_id": 1, "callback_query": {**query, "data": "1:m:list:5"}}
    assert heard(tapped, NOW) == Tap(ANNA, 7, NOW, "Q", MenuTap("list", ("5",)))
    foreign = {"update_id": 1, "callback_query": {**query, "data": "somebody else's"}}
    assert heard(foreign, NOW) == Tap(ANNA, 7, NOW, "Q", None)


def test_an_edit_is_no_new_message() -> None:
    edited = {"update_id": 1, "edited_message": _message(text="лучше", edit_date=1)}
    assert heard(edited, NOW) == Edited(*COMMON, "лучше")
    below = {"update_id": 1, "edited_message": _message(photo=[SIZE], caption="вот", edit_date=1)}
    assert heard(below, NOW) == Edited(*COMMON, "вот")
    without = {"update_id": 1, "edited_message": _message(photo=[SIZE], edit_date=1)}
    assert heard(without, NOW) is None


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_who_blocks_the_bot_or_comes_back_is_heard(status: str, blocked: bool) -> None:
    member = {"user": USER, "status": status, "until_date": 0}
    change = {
        "chat": CHAT,
        "from": USER,
        "date": int(SAID.timestamp()),
        "old_chat_member": {"user": USER, "status": "member"},
        "new_chat_member": member,
    }
    assert heard({"update_id": 1, "my_chat_member": change}, NOW) == Membership(
        ANNA, 0, SAID, blocked
    )


def test_groups_are_not_listened_to_and_nonsense_is_refused() -> None:
    group = {"id": -5, "type": "group", "title": "G"}
    assert heard({"update_id": 1, "message": _message(group, text="hi")}, NOW) is None
    with pytest.raises(ValidationError):
        heard({"update_id": 1, "message": _message(date="yesterday")}, NOW)
