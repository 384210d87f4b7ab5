"""The table of parameters against aiogram's own reading of the Bot API."""

import aiogram
import pytest
from aiogram import methods, types
from pydantic import BaseModel

from bot.sandbox.content.facts import MODELLED, UNIONS, load_table, reduce_schema

TABLE = load_table()


def test_the_table_is_of_the_bot_api_that_aiogram_speaks() -> None:
    assert TABLE["version"] == aiogram.__api_version__


@pytest.mark.parametrize("name", MODELLED)
def test_a_method_takes_what_aiogram_gives_it(name: str) -> None:
    model = getattr(methods, name[0].upper() + name[1:])
    assert set(TABLE["methods"][name]) == _fields(model)
    required = {n for n, kind in TABLE["methods"][name].items() if not kind.endswith("?")}
    assert required == {n for n, field in model.model_fields.items() if field.is_required()}


@pytest.mark.parametrize("name", TABLE["types"])
def test_a_type_has_the_fields_that_aiogram_knows(name: str) -> None:
    model = getattr(types, name, None)
    assert model is not None
    assert set(TABLE["types"][name]) == _fields(model)


def test_every_union_is_of_types_in_the_table() -> None:
    for members in UNIONS.values():
        assert set(members) <= set(TABLE["types"])


def test_every_method_of_the_bot_api_is_either_modelled_or_named_as_not() -> None:
    known = {name[0].lower() + name[1:] for name in methods.__all__} - {"request", "response"}
    assert set(TABLE["unmodelled"]) | set(MODELLED) >= known - {"telegramMethod"}


def test_a_schema_is_reduced_to_names_types_and_required_flags() -> None:
    field = {"name": "chat_id", "type": "Integer", "required": True, "description": "long"}
    children = [
        {"name": name, "category": "methods", "annotations": [field]} for name in MODELLED
    ] + [
        {"name": name, "category": "types", "annotations": []}
        for names in UNIONS.values()
        for name in names
    ]
    schema = {"api": {"version": "9"}, "items": [{"children": children}]}
    reduced = reduce_schema(schema)
    assert reduced["methods"]["getChat"] == {"chat_id": "Integer"}


def _fields(model: type[BaseModel]) -> set[str]:
    """aiogram adds deprecated fields of its own; Python's keywords carry an alias."""
    return {
        field.alias or name
        for name, field in model.model_fields.items()
        if not (isinstance(more := field.json_schema_extra, dict) and more.get("deprecated"))
    }
