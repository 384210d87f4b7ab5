"""The direction of imports is part of the design: it points inward, and this test holds it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"bot", "surveys", "scoring", "storage", "templates"}
MAY_IMPORT: dict[str, set[str]] = {
    "surveys": set(),
    "scoring": {"surveys"},
    "storage": {"surveys"},
    "templates": set(),
    "bot": PACKAGES,
}
ONLY_IN = {
    "aiogram": "bot",
    "sqlalchemy": "storage",
    "alembic": "storage",
    "pandas": "scoring",
    "numpy": "scoring",
    "scipy": "scoring",
    "jinja2": "templates",
}
NO_AIOGRAM = ("bot/jobs", "bot/cli", "bot/sandbox")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def _sources() -> Iterator[Path]:
    for package in sorted(PACKAGES):
        yield from sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", list(_sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_inward(path: Path) -> None:
    place = path.relative_to(ROOT)
    package = place.parts[0]
    for name in _imports(path):
        top = name.split(".")[0]
        if top in PACKAGES:
            assert top == package or top in MAY_IMPORT[package], f"{place} imports {name}"
        assert ONLY_IN.get(top, package) == package, f"{place} imports {name}"
        if str(place).startswith(NO_AIOGRAM):
            assert top != "aiogram", f"{place} imports aiogram"
