"""Logging: events with ids and figures. Never a token, a name, an answer."""

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

_TOKEN = re.compile(r"\d{5,16}:[A-Za-z0-9_-]{30,64}")
_HIDDEN = "[token]"


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


class _Unfailing:
    """A stream on which a line may be lost but nothing fails: a full disk must not stop answers."""

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
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("aiogram.event", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
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
