"""Themes as data: keys, names in both languages, and the words that tell them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from surveys.errors import SurveyInvalid, ThemesInvalid
from surveys.messages import mark
from surveys.survey.wording import mistake
from surveys.survey.yaml_nodes import Location, ours, place_of, plain

MOST_THEMES = 40
MOST_WORDS = 200
_USUAL = Path(__file__).with_name("usual.yaml")

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Word = Annotated[str, Field(min_length=1, max_length=60)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(_Model):
    """What a theme is called in each language."""

    ru: Name
    en: Name


class Theme(_Model):
    """One theme; with `negation: cancels` a negated word does not tell it."""

    key: Key
    name: Names
    words: Annotated[tuple[Word, ...], Field(min_length=1, max_length=MOST_WORDS)]
    negation: Literal["ignored", "cancels"] = "ignored"


class Themes(_Model):
    """All themes of a company, in the order in which they are shown where their counts agree."""

    themes: Annotated[tuple[Theme, ...], Field(min_length=1, max_length=MOST_THEMES)]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        keys = [theme.key for theme in self.themes]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise mistake(mark("Two themes have the key {key}: give one another."), key=twice)
        return self


def parse_themes(yaml_text: str) -> Themes:
    """Read a file of themes; raises ThemesInvalid with every mistake and its place."""
    try:
        root, data = plain(yaml_text, "themes: …")
    except SurveyInvalid as error:
        raise ThemesInvalid(error.problems) from error
    return _themes(data, lambda location: place_of(root, location))


@cache
def usual() -> Themes:
    """Return the themes that come with the program; a file of ours needs no places of mistakes."""
    return Themes.model_validate(ours(usual_source()))


def usual_source() -> str:
    """Return their YAML, with its comments, to begin one's own with."""
    return _USUAL.read_text(encoding="utf-8")


def themes_from_json(text: str) -> Themes:
    """Read stored themes."""
    return Themes.model_validate_json(text)


def themes_to_json(themes: Themes) -> str:
    """Write themes as JSON that `themes_from_json` reads."""
    return themes.model_dump_json(exclude_defaults=True)


def _themes(data: object, place: Callable[[Location], tuple[int, int]]) -> Themes:
    try:
        return Themes.model_validate(data)
    except ValidationError as error:
        from surveys.survey.mistakes import problems_of  # noqa: PLC0415 (it loads what surveys are)

        raise ThemesInvalid(problems_of(error, data, place, "themes", _fields())) from error


@cache
def _fields() -> tuple[str, ...]:
    from surveys.survey.mistakes import fields_of  # noqa: PLC0415 (the same)

    return fields_of(Themes.model_json_schema())
