"""Keyboards: what Telegram refuses about them, and how they come back in a message."""

import re
from typing import Any

from bot.sandbox.content.markup import normal_url
from bot.sandbox.errors import refuse

LONGEST_DATA = 64
"""Bytes of callback data."""
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_REPLY_BUTTONS = 300
MOST_REPLY_IN_A_ROW = 12
LONGEST_PLACEHOLDER = 64
STYLES = {"danger", "success", "primary"}

Markup = dict[str, Any]
_DECORATION = {"text", "style", "icon_custom_emoji_id", "disabled"}
_UNMODELLED = {"web_app", "login_url", "callback_game", "pay"}


def inline_only(markup: Markup | None) -> Markup | None:
    """Return an inline keyboard as a message keeps it, None when it has no buttons."""
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        refuse("inline keyboard expected")
    rows = [row for row in markup["inline_keyboard"] if row]
    if not rows:
        return None
    _check_size(rows, MOST_BUTTONS, MOST_IN_A_ROW)
    return markup | {"inline_keyboard": [[_inline_button(b) for b in row] for row in rows]}


def checked(markup: Markup | None, *, private: bool) -> Markup | None:
    """Return any reply_markup of a new message, refused where Telegram would."""
    if markup is None or "inline_keyboard" in markup:
        return inline_only(markup)
    if len(markup.get("input_field_placeholder", "")) > LONGEST_PLACEHOLDER:
        refuse("input field placeholder is too long")
    if "keyboard" in markup:
        rows = [row for row in markup["keyboard"] if row]
        if not rows:
            refuse("reply keyboard must be non-empty")
        _check_size(rows, MOST_REPLY_BUTTONS, MOST_REPLY_IN_A_ROW)
        for row in rows:
            for button in row:
                _check_reply_button(button, private=private)
    return markup


def _check_size(rows: list[list[Markup]], most: int, most_in_a_row: int) -> None:
    if sum(map(len, rows)) > most or max(map(len, rows)) > most_in_a_row:
        refuse("REPLY_MARKUP_TOO_LONG")


def _check_label(button: Markup) -> None:
    if not button["text"].strip():
        refuse("can't parse keyboard button: Text must be non-empty")
    if button.get("style") not in {None, *STYLES}:
        refuse("can't parse keyboard button: Unsupported button style specified")


def _inline_button(button: Markup) -> Markup:
    _check_label(button)
    actions = button.keys() - _DECORATION
    if button.get("disabled") is None and len(actions) != 1:
        what = "Text buttons are unallowed in the inline keyboard"
        refuse(f"can't parse inline keyboard button: {what}")
    if len(actions) > 1:
        refuse("can't parse inline keyboard button: one action expected")
    if actions & _UNMODELLED:
        refuse("BUTTON_TYPE_INVALID")
    if "callback_data" in button:
        _check_data(button["callback_data"])
    if "url" in button:
        return button | {"url": _button_url(button["url"])}
    return button


def _check_data(data: str) -> None:
    if not 1 <= len(data.encode()) <= LONGEST_DATA:
        refuse("BUTTON_DATA_INVALID")


def _button_url(address: str) -> str:
    url = address if re.fullmatch(r"tg://\S+", address) else normal_url(address)
    if not url:
        refuse(f"inline keyboard button URL '{address}' is invalid: Wrong HTTP URL")
    return url


def _check_reply_button(button: Markup, *, private: bool) -> None:
    _check_label(button)
    asked = button.keys() - _DECORATION
    if len(asked) > 1:
        refuse("can't parse keyboard button: one action expected")
    if button.get("request_contact") and not private:
        refuse("phone number can be requested in private chats only")
    if button.get("request_location") and not private:
        refuse("location can be requested in private chats only")
