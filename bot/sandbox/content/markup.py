"""Telegram's HTML: text with tags in, plain text and entities out, refusals in Telegram's words.

Behaviour after tdlib: its tags and no others, strict nesting, the four named references and
numeric ones (an unknown reference stays text), offsets in UTF-16 units.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiError, bad_request, refuse

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"([^\s=>]+)\s*(?:(=)\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]*)))?")
_SURROGATES = range(0xD800, 0xE000)
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


def utf16(text: str) -> int:
    """Return a text's length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            tag = self.source.find("<", self.at)
            self._text(len(self.source) if tag < 0 else tag)
            if tag < 0:
                break
            if self.source.startswith("</", tag):
                self._end(tag)
            else:
                self._start(tag)
        if self.open:
            last = self.open[-1]
            refuse(self._error(f'Can\'t find end tag corresponding to start tag "{last.tag}"'))
        return "".join(self.pieces), self.entities

    def _text(self, until: int) -> None:
        piece = unescape(self.source[self.at : until])
        self.pieces.append(piece)
        self.length += utf16(piece)
        self.at = until

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _error(self, what: str) -> ApiError:
        return bad_request(f"can't parse entities: {what}")

    def _start(self, begins: int) -> None:
        name = _matched(_TAG_NAME, self.source, begins + 1)
        self.at = begins + 1 + len(name)
        if self.at >= len(self.source):
            refuse(self._error(f"Unclosed start tag at byte offset {self._byte(begins)}"))
        tag = name.lower()
        if tag not in TAGS:
            refuse(
                self._error(f'Unsupported start tag "{tag}" at byte offset {self._byte(begins)}')
            )
        argument = self._argument(tag, dict(self._attributes(tag, begins)))
        if tag == "span" and argument != "spoiler":
            place = self._byte(begins)
            refuse(self._error(f'Tag "span" must have class "tg-spoiler" at byte offset {place}'))
        if tag == "tg-emoji" and not argument.isdigit():
            refuse(self._error("Invalid custom emoji identifier specified"))
        self.open.append(_Open(tag, argument, self.length))

    def _attributes(self, tag: str, begins: int) -> Iterator[tuple[str, str]]:
        while True:
            while self.at < len(self.source) and self.source[self.at].isspace():
                self.at += 1
            if self.at >= len(self.source):
                refuse(self._error(f"Unclosed start tag at byte offset {self._byte(begins)}"))
            if self.source[self.at] == ">":
                self.at += 1
                return
            found = _ATTRIBUTE.match(self.source, self.at)
            place = f'the tag "{tag}" at byte offset {self._byte(begins)}'
            if found is None:
                refuse(self._error(f"Empty attribute name in {place}"))
            self.at = found.end()
            name, equals, double, single, token = found.groups()
            if not equals and not (tag == "blockquote" and name == "expandable"):
                what = "Expected equal sign in declaration of an attribute of"
                refuse(self._error(f"{what} {place}"))
            if token == "" and self.source[self.at : self.at + 1] in {'"', "'"}:
                refuse(self._error(f"Unclosed start tag at byte offset {self._byte(begins)}"))
            if token is not None and not self._ends_token():
                refuse(
                    self._error(f"Unexpected end of name token at byte offset {self._byte(begins)}")
                )
            yield name, unescape(next((v for v in (double, single, token) if v is not None), ""))

    def _ends_token(self) -> bool:
        return (
            self.at >= len(self.source)
            or self.source[self.at] == ">"
            or (self.source[self.at].isspace())
        )

    @staticmethod
    def _argument(tag: str, given: dict[str, str]) -> str:
        match tag:
            case "a":
                return given.get("href", "")
            case "code":
                language = given.get("class", "")
                return language[9:] if language.startswith("language-") else ""
            case "span":
                return given.get("class", "").removeprefix("tg-")
            case "tg-emoji":
                return given.get("emoji-id", "")
            case "blockquote":
                return "expandable" if "expandable" in given else ""
            case _:
                return ""

    def _end(self, begins: int) -> None:
        if not self.open:
            refuse(self._error(f"Unexpected end tag at byte offset {self._byte(begins)}"))
        name = _matched(_TAG_NAME, self.source, begins + 2)
        closes = re.compile(r"\s*>").match(self.source, begins + 2 + len(name))
        if closes is None:
            refuse(self._error(f"Unclosed end tag at byte offset {self._byte(begins)}"))
        self.at = closes.end()
        opened = self.open.pop()
        if name and name.lower() != opened.tag:
            refuse(
                self._error(
                    f"Unmatched end tag at byte offset {self._byte(begins)}, "
                    f'expected "</{opened.tag}>", found "</{name.lower()}>"'
                )
            )
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": TAGS[opened.tag],
            "offset": opened.offset,
            "length": self.length - opened.offset,
        }
        match opened.tag:
            case "a":
                entity = self._link(entity, opened)
            case "tg-emoji":
                entity["custom_emoji_id"] = opened.argument
            case "blockquote" if opened.argument:
                entity["type"] = "expandable_blockquote"
            case "code" if opened.argument and self.open and self.open[-1].tag == "pre":
                self.open[-1].argument = opened.argument
                return
            case "code" if self.open and self.open[-1].tag == "pre":
                return
            case "pre" if opened.argument:
                entity["language"] = opened.argument
        if entity:
            self.entities.append(entity)

    def _link(self, entity: Entity, opened: _Open) -> Entity:
        address = opened.argument or self._said_since(opened.offset)
        user = _USER_LINK.fullmatch(address)
        if user:
            return entity | {"type": "text_mention", "user": {"id": int(user[1])}}
        address = normal_url(address)
        return entity | {"url": address} if address else {}

    def _said_since(self, offset: int) -> str:
        raw = "".join(self.pieces).encode("utf-16-le", "surrogatepass")
        return raw[offset * 2 :].decode("utf-16-le", "replace")


def _matched(pattern: re.Pattern[str], source: str, at: int) -> str:
    found = pattern.match(source, at)
    return found[0] if found else ""


def unescape(text: str) -> str:
    """Return a text with Telegram's character references replaced; unknown ones stay."""
    if "&" not in text:
        return text
    return _REFERENCE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED.get(name, found[0])
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code >= sys.maxunicode or code in _SURROGATES:
        return found[0]
    return chr(code)


def normal_url(address: str) -> str:
    """Return a link's address as Telegram shows it, "" when it is none."""
    address = address.strip()
    if re.fullmatch(r"tg://\S+", address):
        return address
    found = re.fullmatch(
        r"(?:(https?)://)?([^\s/?#@]+\.[^\s/?#@.]{2,}|localhost|[\d.]+)(:\d+)?(\S*)", address
    )
    if not found:
        return ""
    scheme, host, port, rest = found.groups()
    return f"{scheme or 'http'}://{host}{port or ''}{rest or '/'}"


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text and its entities; refuse what Telegram cannot parse."""
    if "<" not in source:
        return unescape(source), []
    return _Parser(source).parse()
