"""The direction of imports is part of the design: it points inward, and this test holds it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
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
    "jinja2": "templates",
    "pymorphy3": "bot/operations/words",
    "snowballstemmer": "bot/operations/words",
    "pyarrow": "bot/operations/exports",
    "pyreadstat": "scoring/rows",
    "resvg_py": "templates",
}
INSIDE_BOT: dict[str, set[str]] = {
    "says": set(),
    "operations": {"says"},
    "chat": {"says", "operations"},
    "jobs": {"says", "operations", "chat"},
    "delivery": {"says", "operations"},
    "telegram": {"says", "operations", "delivery"},
    "crm": {"says", "operations", "delivery"},
    "web": {"says", "operations", "chat"},
    "events": {"operations"},
    "health": {"operations"},
    "sandbox": set(),
    "demo": {"says", "operations", "sandbox"},
    "cli": {"says", "operations", "jobs", "telegram", "demo", "sandbox"},
}
"""What each package of `bot` may import of the others; the modules beside them are free to all."""
INSIDE_SCORING: dict[str, set[str]] = {
    "estimates": set(),
    "weights": set(),
    "changes": {"estimates"},
    "criteria": {"estimates", "changes"},
    "rows": {"estimates", "changes"},
    "reports": {"estimates", "changes", "criteria", "rows"},
}
"""What each room of `scoring` may import of the others; the modules beside them are free to all."""
INSIDE_ENGINE: dict[str, set[str]] = {"sqlite": set(), "postgres": set()}
"""Neither kind of database knows the other."""
INSIDE = {"bot": INSIDE_BOT, "scoring": INSIDE_SCORING, "storage.engine": INSIDE_ENGINE}
PLACES = [(package, room) for package, rooms in INSIDE.items() for room in sorted(rooms)]
PURE = ("bot/says",)
MOST_MODULES = 25
MOST_LINES = 400
BY_TIME = Path("storage/migrations/versions")
"""Migrations stand in the order in which they came, and none is changed once it is released."""
OF_SURVEYS = {"counts", "messages", "periods", "reports"}
"""What templates may import of `surveys`: the documents they show, never what is asked."""


@cache
def _imports(path: Path) -> Sequence[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return found


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


def _folder(package: str) -> Path:
    return ROOT.joinpath(*package.split("."))


@pytest.mark.parametrize(("package", "room"), PLACES)
def test_the_rooms_of_a_package_have_one_order(package: str, room: str) -> None:
    rooms = INSIDE[package]
    for path in sorted((_folder(package) / room).rglob("*.py")):
        for name in _imports(path):
            other = name.removeprefix(f"{package}.").split(".")[0]
            if name.startswith(f"{package}.") and other in rooms:
                allowed = other == room or other in rooms[room]
                assert allowed, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("package", sorted(INSIDE))
def test_every_room_has_its_place(package: str) -> None:
    rooms = INSIDE[package]
    assert {path.parent.name for path in _folder(package).glob("*/__init__.py")} == set(rooms)
    for room, others in rooms.items():
        assert not any(room in rooms[other] for other in others), room


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


def _house() -> Iterator[Path]:
    """Return every module, the tests' too, with its place; migrations aside."""
    for top in sorted({*PACKAGES, "tests"}):
        for path in sorted((ROOT / top).rglob("*.py")):
            if not path.relative_to(ROOT).is_relative_to(BY_TIME):
                yield path.relative_to(ROOT)


def test_no_folder_is_a_hall() -> None:
    modules = Counter(place.parent for place in _house() if place.name != "__init__.py")
    halls = {str(folder): count for folder, count in modules.items() if count > MOST_MODULES}
    assert not halls, "wants rooms"


def test_no_module_is_a_book() -> None:
    lines = {str(place): len((ROOT / place).read_text().splitlines()) for place in _house()}
    books = {place: count for place, count in lines.items() if count > MOST_LINES}
    assert not books, "wants to be several modules"


SAME_MEANING = {"Body", "Counts", "Joint", "KeyT", "Location", "MessageKind"}
"""Types that two packages spell alike because they are alike, and may not import one another."""
TYPE = re.compile(r"^(?:class )?([A-Z]\w*[a-z]\w*)(?=[(:]| = |\[)", re.MULTILINE)
TYPE_OF_MODULE = re.compile(r"\b([a-z_]+)\.([A-Z]\w+)")


def _named(path: Path) -> Iterator[str]:
    """Yield what a module uses of others: imported, or by way of its module (`outbox.put`)."""
    imported = _imports(path)
    yield from imported
    modules = {name.rpartition(".")[2]: name for name in imported}
    for module, name in TYPE_OF_MODULE.findall(path.read_text()):
        yield f"{modules.get(module, module)}.{name}"


def test_a_type_that_others_use_has_a_name_of_its_own() -> None:
    sources = [path for path in _sources() if not path.is_relative_to(ROOT / BY_TIME)]
    used = {name for path in sources for name in _named(path)}
    homes: dict[str, list[str]] = {}
    for path in sources:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for name in TYPE.findall(path.read_text()):
            if f"{module}.{name}" in used and name not in SAME_MEANING:
                homes.setdefault(name, []).append(module)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
