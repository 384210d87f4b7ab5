"""Statements are compiled once a process: each test's engines would do it anew.

It was half of what a short test with a database took. Engines of one dialect compile alike.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

E = TypeVar("E", Engine, AsyncEngine)

Key = tuple[Any, ...]


class Compiled(dict[Key, object]):
    """A cache for many engines: of the dialect, which begins a key, only the name is looked at."""

    def get(self, key: Key, default: object = None) -> object:
        return super().get(_alike(key), default)

    def __setitem__(self, key: Key, compiled: object) -> None:
        super().__setitem__(_alike(key), compiled)


def _alike(key: Key) -> Key:
    return (key[0].name, *key[1:])


def sharing(create: Callable[..., E], cache: Compiled) -> Callable[..., E]:
    """Return what creates engines that share a cache."""

    def created(*place: Any, **settings: Any) -> E:
        engine = create(*place, **settings)
        engine.update_execution_options(compiled_cache=cache)
        return engine

    return created
