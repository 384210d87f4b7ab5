"""Telegram as a channel; the only package that imports aiogram.

aiogram builds the schemas of all its four hundred types when it is imported: most of a bot's start
and 100 MB. Here each is built when it is first used. pydantic does that by itself for a model that
has the names by which its fields are annotated, and these are what aiogram hands over.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_rebuild = BaseModel.__dict__["model_rebuild"]


def _build_later(
    cls: type[BaseModel], /, *, _types_namespace: Mapping[str, Any] | None = None, **_: Any
) -> None:
    """Keep the names that a model's schema will need."""
    cls.__pydantic_parent_namespace__ = dict(_types_namespace or {})


BaseModel.model_rebuild = classmethod(_build_later)  # type: ignore[assignment, method-assign]  # for this import alone
try:
    from aiogram import methods, types
finally:
    BaseModel.model_rebuild = _rebuild  # type: ignore[method-assign]  # as it was

for _name in methods.__all__:  # their fields are such types: they need the same names
    getattr(methods, _name).__pydantic_parent_namespace__ = vars(types.Update)[
        "__pydantic_parent_namespace__"
    ]
