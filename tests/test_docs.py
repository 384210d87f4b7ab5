"""Every page that people read stands in English and in Russian, and both say the same."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli.main import app
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FOR_DEVELOPERS = {"architecture.md", "decisions.md", "glossary.md"}
TWINS = {ROOT / "README.md": ROOT / "README.ru.md"} | {
    page: DOCS / "ru" / page.name
    for page in sorted(DOCS.glob("*.md"))
    if page.name not in FOR_DEVELOPERS
}
PAGES = [
    ROOT / "CHANGELOG.md",
    *(DOCS / name for name in sorted(FOR_DEVELOPERS)),
    *TWINS,
    *TWINS.values(),
]

_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
_EXPLAINED = re.compile(r" +# .*| {2,}(?=\S).*")
_HUMAN = re.compile(r"\{\{.*?\}\}|(?<![\w$])(?:[A-Z]{4,}|[А-Я]{4,})(?!\w)")
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")

each_pair = pytest.mark.parametrize(
    ("english", "russian"), TWINS.items(), ids=[page.name for page in TWINS]
)


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _prose(text: str) -> str:
    return _INDENTED.sub("\n", _FENCED.sub("", text))


def _commands(block: str) -> list[str]:
    lines = (_EXPLAINED.sub("", line.strip()) for line in block.splitlines())
    return [_HUMAN.sub("…", line) for line in lines if line]


def _code(text: str) -> list[list[str]]:
    """Return the lines of each block of code, without comments and people's words.

    What a program says, marked `text`, is another language's words and left out.
    """
    fenced = [block for _, kind, block in _FENCED.findall(text) if kind != "text"]
    return [_commands(block) for block in (*fenced, *_INDENTED.findall(_FENCED.sub("", text)))]


def _shape(text: str) -> list[str]:
    """Return what a page is built of: headings by level, tables and lists by length, paragraphs."""
    blocks = [block for block in re.split(r"\n\s*\n", _prose(text)) if block.strip()]
    return [_kind(block.strip()) for block in blocks]


def _kind(block: str) -> str:
    first = block.split(maxsplit=1)[0]
    if set(first) == {"#"}:
        return first
    return f"{first} {len(block.splitlines())}" if first in {"|", "-"} else "paragraph"


def _names(text: str) -> set[str]:
    """Return the settings, options and commands that a page names."""
    return set(re.findall(r"OTKLIK_[A-Z_]+|`_[A-Z]+`|--[a-z][a-z-]+|\botklik [a-z][a-z-]+", text))


def _anchors(page: Path) -> Iterator[str]:
    for title in re.findall(r"^#+ (.*)$", _prose(_text(page)), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@each_pair
def test_both_pages_name_each_other_below_their_title(english: Path, russian: Path) -> None:
    for page, other, line in (
        (english, russian, "English · [Русский]({})"),
        (russian, english, "[English]({}) · Русский"),
    ):
        link = re.escape(line).replace(r"\{\}", "([^)]+)")
        found = re.fullmatch(link, _text(page).splitlines()[2])
        assert found is not None, page
        assert (page.parent / found[1]).resolve() == other


@each_pair
def test_both_pages_are_built_alike(english: Path, russian: Path) -> None:
    assert _shape(_text(english)) == _shape(_text(russian))


@each_pair
def test_both_pages_show_the_same_commands_and_examples(english: Path, russian: Path) -> None:
    assert _code(_text(english)) == _code(_text(russian))
    assert _names(_text(english)) == _names(_text(russian))


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    targets = [one or other for one, other in _LINK.findall(_prose(_text(page)))]
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        reached = page if not place else page.parent / place
        assert reached.exists(), target
        assert not anchor or anchor in set(_anchors(reached)), target


def test_a_russian_page_leads_to_russian_pages() -> None:
    for english, russian in TWINS.items():
        for target in re.findall(r"\]\(([^)\s#]+\.md)", _text(russian).split("\n\n", 2)[2]):
            reached = (russian.parent / target).resolve()
            assert reached not in TWINS or reached == english, (russian.name, target)


@each_pair
def test_every_setting_a_page_names_exists(english: Path, russian: Path) -> None:
    known = {f"OTKLIK_{field.upper()}" for field in Settings.model_fields}
    for page in (english, russian):
        assert set(re.findall(r"OTKLIK_[A-Z_]+", _text(page))) <= known, page


def test_every_setting_of_an_operator_is_explained() -> None:
    text = _text(ROOT / "README.md") + _text(DOCS / "events.md")
    for field in Settings.model_fields.keys() - {"clock_url"}:
        name = f"OTKLIK_{field.upper()}"
        assert f"`{name}`" in text or f"`_{name.rpartition('_')[2]}`" in text, name


@each_pair
def test_every_command_a_page_names_exists(english: Path, russian: Path) -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    for page in (english, russian):
        named = re.findall(r"\botklik ([a-z][a-z-]+)(?: ([a-z]+)\b)?", _text(page))
        for name, inner in named:
            found = group.commands.get(name)
            assert found is not None, (page, name)
            assert not inner or not isinstance(found, TyperGroup) or inner in found.commands, inner


@pytest.mark.parametrize("page", ["architecture.md", "glossary.md", "decisions.md"])
def test_what_a_maintainers_page_names_is_there(page: str) -> None:
    named = re.findall(
        r"`((?:bot|docs|scoring|storage|surveys|templates|tests)/[\w/.]*)`", _text(DOCS / page)
    )
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.ru.md"])
def test_the_first_page_names_every_room_of_the_house(page: str) -> None:
    """All of the product's rooms, in its own words; of the tests only those that stand apart."""
    named = re.findall(r"^(\w+)/ {2,}(.*)$", _text(ROOT / page), re.MULTILINE)
    assert [house for house, _ in named] == [
        "surveys", "scoring", "storage", "templates", "bot", "tests"
    ]  # fmt: skip
    for house, rooms in named:
        files = [path for path in (ROOT / house).rglob("*.*") if "__pycache__" not in path.parts]
        parts = {path.relative_to(ROOT / house).parts for path in files}
        there = {one[0] for one in parts if len(one) > 1}
        told = set(re.findall(r"\b(\w+)/", rooms))
        assert told <= there if house == "tests" else told == there, house


def test_the_map_names_every_folder() -> None:
    """Under the heading where things live, or in the picture above it."""
    text = _text(DOCS / "architecture.md").partition("## The way of an answer")[0]
    told = set(re.findall(r"\w+", " ".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))))
    for house in ("surveys", "scoring", "storage", "templates", "bot"):
        files = [path for path in (ROOT / house).rglob("*.*") if "__pycache__" not in path.parts]
        rooms = {part for path in files for part in path.parent.relative_to(ROOT).parts}
        assert rooms - told <= {"versions", "en", "ru", "LC_MESSAGES"}, house
