"""The walks of docs/architecture.md name every module in which a change of their kind is at home.

A module that lists several of the things that exist (kinds of questions, sections, roles, channels)
is one that a new thing of that sort may concern, so its walk names it, or a folder above it.
"""

import ast
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import get_args

from bot.chat.surveys.question_screens import KINDS as OFFERED
from bot.cli.asking.survey import KINDS as PRINTED
from surveys.survey.answers import KINDS
from surveys.survey.definition import Question
from surveys.survey.editing_questions import EditableKind
from tests.surveys.making import NEEDED

ROOT = Path(__file__).parent.parent
PRODUCT = ("bot", "scoring", "storage", "surveys", "templates")
MIGRATIONS = ROOT / "storage/migrations/versions"
CLASSES = {one.__name__ for one in get_args(get_args(Question)[0])}
SECTIONS = {
    "casework", "departures", "drivers", "effectiveness", "managers", "mirror", "money", "nps",
    "scorecard", "themes", "words",
}  # fmt: skip
ROLES = {"is_admin", "is_expert", "is_manager", "leads"}
CHANNELS = {"telegram", "TELEGRAM", "WEB", "of_telegram"}
OF_CHANNELS = ("bot/telegram/", "bot/web/", "bot/crm/")


def _words(path: Path) -> Iterator[str]:
    """Yield every name and every text in a module's code."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word):
                yield word
            case ast.keyword(arg=str(word)) | ast.Constant(value=str(word)):
                yield word
            case ast.alias(name=word):
                yield word


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    paths = (path for top in PRODUCT for path in sorted((ROOT / top).rglob("*.py")))
    return {
        str(path.relative_to(ROOT)): frozenset(_words(path))
        for path in paths
        if not path.is_relative_to(MIGRATIONS)
    }


def _modules(things: Collection[str], at_least: int) -> set[str]:
    """Return the modules that name so many of the things."""
    return {name for name, words in _vocabulary().items() if len(words & set(things)) >= at_least}


def _walk(title: str) -> set[str]:
    """Return the files and folders that a walk names."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    walk = re.split(r"^#+ ", text, flags=re.MULTILINE)
    section = next(one for one in walk if one.startswith(title))
    return set(
        re.findall(r"`((?:bot|docs|scoring|storage|surveys|templates|tests)/[\w/.]*)`", section)
    )


def _met(found: Collection[str], title: str) -> list[str]:
    """Return the modules that a reader meets although neither they nor a folder is named."""
    named = _walk(title)
    above = {name for name in named if name.endswith("/")}
    return sorted(one for one in found if one not in named and not one.startswith(tuple(above)))


def test_a_new_question_kind_meets_no_other_module() -> None:
    assert _met(_modules(CLASSES, 3) | _modules(KINDS, 5), "A new question kind") == []


def test_a_new_section_of_the_digest_meets_no_other_module() -> None:
    assert _met(_modules(SECTIONS, 5), "A new section of the digest") == []


def test_a_new_role_meets_no_other_module() -> None:
    assert _met(_modules(ROLES, 3), "A new role") == []


def test_a_new_channel_meets_no_other_module() -> None:
    knowing = {one for one in _modules(CHANNELS, 1) if not one.startswith(OF_CHANNELS)}
    assert _met(knowing, "A new channel") == []


def test_every_list_of_question_kinds_has_all_of_them() -> None:
    kinds = {one.model_fields["kind"].annotation for one in get_args(get_args(Question)[0])}
    named = {get_args(one)[0] for one in kinds}
    for known in (KINDS, OFFERED, PRINTED, NEEDED, get_args(EditableKind)):
        assert set(known) == named
