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
    "templates": {"surveys"},
    "bot": PACKAGES,
}
ONLY_IN = {
    "aiogram": "bot/telegram",
    "sqlalchemy": "storage",
    "alembic": "storage",
    "cryptography": "storage",
    "pandas": "scoring",
    "numpy": "scoring",
    "scipy": "scoring",
    "jinja2": "templates",
}
INSIDE_BOT: dict[str, set[str]] = {
    "says": set(),
    "operations": {"says"},
    "chat": {"says", "operations"},
    "jobs": {"says", "operations", "chat"},
    "delivery": {"says", "operations"},
    "telegram": {"says", "operations", "delivery"},
    "events": {"operations"},
    "sandbox": set(),
    "demo": {"says", "operations", "sandbox"},
    "cli": {"says", "operations", "jobs", "telegram", "demo", "sandbox"},
}
"""What each package of `bot` may import of the others; the modules beside them are free to all."""
PURE = ("bot/says",)
OF_SURVEYS = {"counts", "messages", "periods", "reports"}
"""What templates may import of `surveys`: the documents they show, never what is asked."""


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


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
        home = ONLY_IN.get(top, package)
        assert place.is_relative_to(home), f"{place} imports {name}"


@pytest.mark.parametrize("package", sorted(INSIDE_BOT))
def test_the_packages_of_the_bot_have_one_order(package: str) -> None:
    for path in sorted((ROOT / "bot" / package).rglob("*.py")):
        for name in _imports(path):
            _, _, inner = name.partition("bot.")
            other = inner.split(".")[0]
            if name.startswith("bot.") and other in INSIDE_BOT:
                allowed = other == package or other in INSIDE_BOT[package]
                assert allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_every_package_of_the_bot_has_its_place() -> None:
    packages = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert packages == set(INSIDE_BOT)
    for package, others in INSIDE_BOT.items():
        assert not any(package in INSIDE_BOT[other] for other in others), package


@pytest.mark.parametrize("path", PURE)
def test_what_is_pure_knows_no_storage(path: str) -> None:
    for source in sorted((ROOT / path).rglob("*.py")):
        for name in _imports(source):
            assert name.split(".")[0] != "storage", f"{source.relative_to(ROOT)} imports {name}"


def test_templates_know_documents_and_nothing_that_is_asked() -> None:
    for source in sorted((ROOT / "templates").rglob("*.py")):
        for name in _imports(source):
            package, _, inner = name.partition(".")
            known = package != "surveys" or inner.split(".")[0] in OF_SURVEYS
            assert known, f"{source.relative_to(ROOT)} imports {name}"
