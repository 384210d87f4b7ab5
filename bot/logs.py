"""Logging: events with ids and figures. Never a token, a name, an answer."""

import contextlib
import logging
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

_TOKEN = re.compile(r"\d{5,16}:[A-Za-z0-9_-]{30,64}")
_HIDDEN = "[token]"
SELDOM_SECONDS = 60.0
"""Seconds within which an error that repeats word for word is logged once."""
_KEYS = 1_000


def hide_tokens(text: str) -> str:
    """Return `text` with everything that looks like a bot token replaced."""
    return _TOKEN.sub(_HIDDEN, text)


def _hide(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = hide_tokens(value)
    return event


class _HidingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return hide_tokens(super().format(record))


class Seldom:
    """Lets each key through once a minute and counts what it kept back."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._said: dict[object, tuple[float, int]] = {}

    def kept_back(self, key: object) -> int | None:
        """Return how often the key was held back since it last passed; None: hold it back now."""
        now = self._now()
        moment, count = self._said.get(key, (now - SELDOM_SECONDS, 0))
        if now - moment < SELDOM_SECONDS:
            self._said[key] = moment, count + 1
            return None
        if len(self._said) >= _KEYS:
            self._said.clear()
        self._said[key] = now, 0
        return count


def _blame_the_caller(record: logging.LogRecord) -> None:
    """Make one line of aiohttp's long record about a body that a caller broke."""
    if record.name != "aiohttp.server" or not record.exc_info:
        return
    from aiohttp.web import RequestPayloadError  # noqa: PLC0415 (loaded already: the record is its)

    if isinstance(record.exc_info[1], RequestPayloadError):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = "a request's body is not what its headers say", ()
        record.exc_info = record.exc_text = None


class _SeldomFilter(logging.Filter):
    """Leaves out a library's warning or error that was logged less than a minute ago."""

    def __init__(self) -> None:
        super().__init__()
        self._seldom = Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        _blame_the_caller(record)
        if record.levelno < logging.WARNING:
            return True
        kept_back = self._seldom.kept_back((record.name, record.levelno, record.getMessage()))
        if kept_back:
            record.msg, record.args = f"{record.getMessage()} ({kept_back} times before)", ()
        return kept_back is not None


class _SeldomEvents:
    """Leaves out a warning or error of ours that was logged less than a minute ago, word for word.

    How many were left out stands in the next one: `repeated`.
    """

    def __init__(self) -> None:
        self._seldom = Seldom()

    def __call__(
        self, _: object, __: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        if event.get("level") not in {"warning", "error", "critical"}:
            return event
        kept_back = self._seldom.kept_back(repr(sorted(event.items())))
        if kept_back is None:
            raise structlog.DropEvent
        if kept_back:
            event["repeated"] = kept_back
        return event


class _Unfailing:
    """A stream that may lose a line but never fails: a full disk must not stop answering."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def configure(level: str) -> None:
    """Send the program's and its libraries' logs to stderr, tokens hidden, without locals."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_HidingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_SeldomFilter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("aiogram.event", "alembic", "asyncio", "pymorphy3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            _SeldomEvents(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Unfailing(sys.stderr))),
    )
    sys.excepthook = _excepthook


def _excepthook(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logging.getLogger("otklik").critical("stopped", exc_info=(kind, error, trace))
