"""The settings file that `otklik init` writes: settings made, and others as comments."""

import re
from collections.abc import Mapping
from textwrap import wrap

from bot.errors import Refused
from surveys.messages import mark
from templates.texts import Texts

_HEADER = mark(
    "Otklik's settings. Keep this file to yourself: whoever has the token is the bot. An "
    "environment variable of the same name counts instead of a line here."
)
_ENTRIES = (
    ("OTKLIK_BOT_TOKEN", "", mark("From @BotFather.")),
    ("OTKLIK_LANGUAGE", "ru", mark("In which the command line speaks: ru or en.")),
    (
        "OTKLIK_DATABASE_URL",
        "sqlite:///otklik.db",
        mark(
            "Where everything is kept. A path without a leading slash begins where the program is "
            "started; sqlite:////var/lib/otklik/otklik.db is absolute."
        ),
    ),
    (
        "OTKLIK_PROXY",
        "socks5://127.0.0.1:1080",
        mark(
            "Where Telegram is reached by a proxy only: http://… or socks5://…; several, with "
            "commas between them, are tried in turn."
        ),
    ),
    ("OTKLIK_API_URL", "https://api.telegram.org", mark("Another Bot API server.")),
    (
        "OTKLIK_MESSAGES_PER_SECOND",
        "29",
        mark("Telegram allows about 30 messages a second over all chats."),
    ),
    (
        "OTKLIK_LOG_LEVEL",
        "INFO",
        mark("DEBUG, INFO, WARNING or ERROR; the log holds no token, no name, no answer."),
    ),
)
_WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z0-9_:/.@%+,=~?&\[\]-]*")
_UNQUOTABLE = re.compile(r"['\\\x00-\x1f\x7f-\x9f]")


def settings_text(given: Mapping[str, str], texts: Texts) -> str:
    """Return the commented file: given settings are active, all others are comments."""
    blocks = [_comment(texts(_HEADER))]
    for name, usual, comment in _ENTRIES:
        value = given.get(name)
        line = f"#{name}={usual}" if value is None else f"{name}={_quoted(name, value)}"
        blocks.append(f"{_comment(texts(comment))}{line}\n")
    return "\n".join(blocks)


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(text, _WIDTH, break_long_words=False))


def _quoted(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    if _UNQUOTABLE.search(value):
        raise Refused(
            mark("{name} holds a character that a settings file cannot: a quote or a line's end."),
            name=name,
        )
    return f"'{value}'"
