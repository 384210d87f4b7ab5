"""What each modelled method takes: names, types and required flags, taken from the Bot API itself.

The table is `api.json`. To renew it, take the schema out of aiogram's source distribution
(`pip download --no-deps --no-binary :all: aiogram`, file `.butcher/schema/schema.json`) and run
`python -m bot.sandbox.content.facts schema.json`.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("api.json")

MODELLED = (
    "answerCallbackQuery",
    "close",
    "copyMessage",
    "deleteMessage",
    "deleteMyCommands",
    "deleteWebhook",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "editMessageText",
    "forwardMessage",
    "getChat",
    "getChatMember",
    "getFile",
    "getMe",
    "getMyCommands",
    "getUpdates",
    "getWebhookInfo",
    "logOut",
    "pinChatMessage",
    "sendChatAction",
    "sendDocument",
    "sendMessage",
    "sendPhoto",
    "sendVoice",
    "setMyCommands",
    "setMyDescription",
    "setMyName",
    "setMyShortDescription",
    "setWebhook",
    "unpinChatMessage",
)

UNIONS: dict[str, tuple[str, ...]] = {
    "BotCommandScope": (
        "BotCommandScopeDefault",
        "BotCommandScopeAllPrivateChats",
        "BotCommandScopeAllGroupChats",
        "BotCommandScopeAllChatAdministrators",
        "BotCommandScopeChat",
        "BotCommandScopeChatAdministrators",
        "BotCommandScopeChatMember",
    ),
}
"""Types that stand for one of several; the schema names them in prose only."""

OPAQUE = {"InputFile", "InputRichMessage", "Integer", "String", "Boolean", "True", "Float", "Array"}


def reduce_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return {"version", "methods", "types", "unmodelled"} from the Bot API's full schema."""
    known = {child["name"]: child for item in schema["items"] for child in item["children"]}
    methods = {name: _fields(known[name]) for name in MODELLED}
    types: dict[str, Any] = {}
    wanted = [*_types_of(methods.values()), *(name for names in UNIONS.values() for name in names)]
    while wanted:
        name = wanted.pop()
        if name in types or name in OPAQUE or name in UNIONS:
            continue
        types[name] = _fields(known[name])
        wanted.extend(_types_of([types[name]]))
    others = [n for n, c in known.items() if c.get("category") == "methods" and n not in methods]
    return {
        "version": schema["api"]["version"],
        "methods": methods,
        "types": dict(sorted(types.items())),
        "unmodelled": sorted(others),
    }


def _fields(entry: Mapping[str, Any]) -> dict[str, str]:
    return {
        field["name"]: field["type"] + ("" if field.get("required") else "?")
        for field in entry["annotations"]
    }


def _types_of(tables: Any) -> Iterator[str]:
    for table in tables:
        for kind in table.values():
            yield from (w for w in re.findall(r"[A-Z]\w+", kind) if w not in OPAQUE)


def load_table() -> dict[str, Any]:
    """Return the table as `reduce_schema` made it."""
    table: dict[str, Any] = json.loads(TABLE.read_text())
    return table


if __name__ == "__main__":
    full = json.loads(Path(sys.argv[1]).read_text())
    TABLE.write_text(json.dumps(reduce_schema(full), indent=1) + "\n")
