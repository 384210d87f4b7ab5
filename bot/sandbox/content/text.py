"""From the text of a request to the text of a message: parsed, cleaned, trimmed, measured."""

import re
from collections.abc import Sequence
from typing import Any

from bot.sandbox.content.markup import Entity, parse_html, utf16
from bot.sandbox.errors import refuse, refuse_unmodelled

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_ENTITIES = 100

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\t]")
_CLEAN = re.compile(r"[\r\u2028-\u202e]")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"']+|\bt\.me/[^\s<>\"']+)"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/])(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@[A-Za-z]\w{3,31})?)(?![\w/])"
)
_KNOWN_TYPES = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold",
    "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote",
    "code", "pre", "text_link", "text_mention", "custom_emoji", "date_time",
}  # fmt: skip
_AUTOMATIC = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}


def formatted(
    source: str, parse_mode: str | None, entities: Sequence[Entity] | None = None
) -> tuple[str, list[Entity]]:
    """Return text and entities of a message as Telegram would keep them."""
    mode = (parse_mode or "").lower()
    if mode in {"markdown", "markdownv2"}:
        refuse_unmodelled(f"the parse mode {parse_mode}; use HTML")
    if mode not in {"", "html"}:
        refuse("unsupported parse_mode")
    if mode == "html":
        text, found = parse_html(source)
    else:
        text, found = source, [dict(entity) for entity in entities or ()]
        _check_entities(found, utf16(source))
    return cleaned(text, found)


def cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return the text without what Telegram drops, its entities moved along, found ones added."""
    if _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
    if _CLEAN.search(text):
        text, entities = _without(text, entities)
    text, entities = _trimmed(text, entities)
    entities = entities + _detected(text, entities)
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return text, entities[:MOST_ENTITIES]


def _check_entities(entities: Sequence[Entity], length: int) -> None:
    for entity in entities:
        if entity["type"] not in _KNOWN_TYPES:
            what = f'unsupported type "{entity["type"]}"'
            refuse(f"can't parse entities: {what}")
        if entity["offset"] < 0 or entity["length"] <= 0:
            refuse("can't parse entities: wrong entity offset or length")
        if entity["offset"] + entity["length"] > length:
            refuse("can't parse entities: entity ends after the end of the text")
        if entity["type"] == "text_link" and not entity.get("url"):
            refuse("can't parse entities: Can't find field \"url\"")


def _without(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    dropped = [utf16(text[: found.start()]) for found in _CLEAN.finditer(text)]

    def moved(position: int) -> int:
        return position - sum(1 for place in dropped if place < position)

    kept = []
    for entity in entities:
        start, end = moved(entity["offset"]), moved(entity["offset"] + entity["length"])
        kept.append(entity | {"offset": start, "length": end - start})
    return _CLEAN.sub("", text), kept


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    text = text.rstrip()
    first = min((e["offset"] for e in entities), default=len(text))
    lead = min(len(text) - len(text.lstrip()), first)
    text = text[lead:]
    end = utf16(text)
    kept = []
    for entity in entities:
        offset = entity["offset"] - lead
        length = min(entity["length"], end - offset)
        if length > 0:
            kept.append(entity | {"offset": offset, "length": length})
    return text, kept


def _detected(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return what Telegram's clients make clickable, outside of what is marked up otherwise."""
    if not any(sign in text for sign in "/@#."):
        return []
    closed = [
        (e["offset"], e["offset"] + e["length"])
        for e in entities
        if e["type"] in {"code", "pre", "text_link", "text_mention", *_AUTOMATIC}
    ]
    found = []
    for match in _FOUND.finditer(text):
        kind = str(match.lastgroup)
        said = match[0].rstrip(".,;:!?)") if kind == "url" else match[0]
        start = utf16(text[: match.start()])
        end = start + utf16(said)
        if not any(a < end and start < b for a, b in closed):
            found.append({"type": kind, "offset": start, "length": end - start})
    return found


def message_text(given: dict[str, Any]) -> tuple[str, list[Entity]]:
    """Return the text of a sendMessage or editMessageText, 1–4096 UTF-16 units."""
    text, entities = formatted(given["text"], given.get("parse_mode"), given.get("entities"))
    if not text:
        refuse("message text is empty")
    if utf16(text) > LONGEST_TEXT:
        refuse("message is too long")
    return text, entities


def caption_text(given: dict[str, Any]) -> tuple[str, list[Entity]]:
    """Return a caption, at most 1024 UTF-16 units; "" when there is none."""
    source = given.get("caption")
    if source is None:
        return "", []
    text, entities = formatted(source, given.get("parse_mode"), given.get("caption_entities"))
    if utf16(text) > LONGEST_CAPTION:
        refuse("message caption is too long")
    return text, entities
