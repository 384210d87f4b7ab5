"""Checking a request's parameters against the table: names, types, required ones."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.sandbox.content.facts import UNIONS, load_table
from bot.sandbox.errors import ApiError, refuse, refuse_unmodelled

Convert = Callable[[Any], Any]
_INTEGER = re.compile(r"[+-]?\d{1,19}")
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "from_chat_id": "from_chat_id is empty",
    "file_id": "file_id not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "user_id": "invalid user_id specified",
    "action": "wrong parameter action in request",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "voice": "there is no voice in the request",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    mime: str


class WrongType(Exception):
    """A value does not fit; `str()` says which and why."""


def _wrong(why: str) -> NoReturn:
    raise WrongType(why)


@dataclass(frozen=True, slots=True)
class _Field:
    convert: Convert
    required: bool


class Signatures:
    """The table with its types turned into converters, ready to check requests."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._types: dict[str, dict[str, _Field]] = {}
        for name, fields in table["types"].items():
            self._types[name] = self._compiled(fields)
        self.methods: dict[str, str] = {n.lower(): n for n in table["methods"]}
        self._methods = {n: self._compiled(fields) for n, fields in table["methods"].items()}
        self._unmodelled = {name.lower() for name in table["unmodelled"]}

    def method(self, name: str) -> str:
        """Return a method's proper name (Telegram ignores case), or refuse: 501 or 404."""
        known = self.methods.get(name.lower())
        if known is None:
            if name.lower() in self._unmodelled:
                refuse_unmodelled(f"the method {name}")
            refuse(ApiError(404, "Not Found: method not found"))
        return known

    def check(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with their types, or refuse what Telegram would not take.

        Stricter than Telegram in one thing: a parameter it does not know is refused, not ignored.
        """
        fields = self._methods[method]
        found: dict[str, Any] = {}
        for name, value in given.items():
            field = fields.get(name)
            if field is None:
                refuse(f'{method} has no parameter "{name}"')
            if value is None or (value == "" and name in _MISSING):
                continue
            found[name] = _convert(field.convert, name, value)
        for name, field in fields.items():
            if field.required and name not in found:
                refuse(_MISSING.get(name, f'parameter "{name}" is required'))
        return found

    def _compiled(self, fields: Mapping[str, str]) -> dict[str, _Field]:
        return {
            name: _Field(self._converter(kind.removesuffix("?")), not kind.endswith("?"))
            for name, kind in fields.items()
        }

    def _converter(self, kind: str) -> Convert:
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind.startswith("Array of "):
            return _array(self._converter(kind.removeprefix("Array of ")))
        if kind == "InputRichMessage":
            return _unmodelled("rich messages")
        names = kind.split(" or ")
        options = [option for name in names for option in UNIONS.get(name, (name,))]
        return self._object(options)

    def _object(self, options: list[str]) -> Convert:
        def convert(value: Any) -> Any:
            value = _parsed(value)
            if not isinstance(value, dict):
                _wrong("object expected")
            return self._shaped(self._chosen(options, value), value)

        return convert

    def _chosen(self, options: list[str], value: Mapping[str, Any]) -> str:
        """Return an object's type among several: by its `type`, else by its required field."""
        if len(options) == 1:
            return options[0]
        if "type" in value or all("type" in self._types[option] for option in options):
            wanted = re.sub(r"[^a-z]", "", str(value.get("type", "")).lower())
            for option in options:
                if option.removeprefix("BotCommandScope").lower() == wanted:
                    return option
            _wrong(f'Unsupported type "{value.get("type")}" specified')
        for option in options:
            if all(not f.required or name in value for name, f in self._types[option].items()):
                return option
        _wrong("object of a known type expected")

    def _shaped(self, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
        fields = self._types[name]
        shaped = {}
        for key, inner in value.items():
            field = fields.get(key)
            if field is None:
                _wrong(f'{name} has no field "{key}"')
            if inner is None:
                continue
            try:
                shaped[key] = field.convert(inner)
            except WrongType as error:
                _wrong(f'Field "{key}" of {name}: {error}')
        for key, field in fields.items():
            if field.required and key not in shaped:
                _wrong(f'Can\'t find field "{key}" in {name}')
        return shaped


def _convert(convert: Convert, name: str, value: Any) -> Any:
    try:
        return convert(value)
    except WrongType as error:
        what = name.replace("_", " ")
        if isinstance(value, str) and str(error) == "not JSON":
            refuse(f"can't parse {what} JSON object")
        refuse(f"can't parse {what}: {error}")


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        _wrong("not JSON")


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    _wrong("must be of type Integer")


def _string(value: Any) -> str:
    if not isinstance(value, str):
        _wrong("must be of type String")
    try:
        value.encode()
    except UnicodeEncodeError:
        _wrong("strings must be encoded in UTF-8")
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false", "1", "0", "yes", "no"}:
        return value.lower() in {"true", "1", "yes"}
    _wrong("must be of type Boolean")


def _true(value: Any) -> bool:
    if _boolean(value):
        return True
    _wrong("must be true")


def _chat(value: Any) -> int | str:
    try:
        return _integer(value)
    except WrongType:
        return _string(value)


def _file(value: Any) -> Upload | str:
    return value if isinstance(value, Upload) else _string(value)


def _array(convert: Convert) -> Convert:
    def each(value: Any) -> list[Any]:
        value = _parsed(value)
        if not isinstance(value, list):
            _wrong("Array expected")
        return [convert(item) for item in value]

    return each


def _unmodelled(what: str) -> Convert:
    def refuse(_: Any) -> Any:
        refuse_unmodelled(what)

    return refuse


_PLAIN: dict[str, Convert] = {
    "Integer": _integer,
    "String": _string,
    "Boolean": _boolean,
    "True": _true,
    "Integer or String": _chat,
    "InputFile or String": _file,
    "InputFile": _file,
}


def load_signatures() -> Signatures:
    """Return the converters for `api.json`."""
    return Signatures(load_table())
