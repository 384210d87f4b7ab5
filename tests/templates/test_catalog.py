import ast
import re
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from surveys.messages import LANGUAGES, Language
from templates import catalog
from templates.catalog import KEYWORDS, ROOT, SOURCES, messages, read, update, used
from templates.texts import LOCALES, Texts

_PLACEHOLDER = re.compile(r"\{\w+\}")


@cache
def _used() -> Catalog:
    return used()


def _forms(value: str | Iterable[str] | None) -> tuple[str, ...]:
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _translated(language: Language) -> list[tuple[Message, Message]]:
    catalog = read(language)
    pairs = [(message, catalog.get(message.id)) for message in messages(_used())]
    return [(message, found) for message, found in pairs if found is not None]


def test_texts_are_found_in_the_code_and_in_the_pages() -> None:
    found = {message.id for message in messages(_used())}
    assert "Q{quarter} {year}" in found
    assert ("{n} answer", "{n} answers") in found
    assert "{name} writes:" in found, "within an f-string"


@pytest.mark.parametrize(
    "code",
    [
        """said = _("A word")""",
        """said = mark ("A word")""",
        """said = f"<b>{texts('A word')}</b>" """,
        """said = Rf'<b>{self.texts("A word")} \\d</b>'""",
        """said = F"<b>{ {1: (_('A word'))}[1] }</b>" """,
        """said = "<b>" f"{n}" f"{mark('A word')}" """,
        '''said = f"""{
            _(
                'A word'
            )
        }"""''',
    ],
)
def test_a_text_is_found_wherever_its_call_stands(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "saying.py").write_text(code)
    (tmp_path / "bot" / "silent.py").write_text("number = 1")
    monkeypatch.setattr(catalog, "ROOT", tmp_path)
    assert {message.id for message in messages(used())} == {"A word"}


def test_texts_have_names_under_which_their_messages_are_found() -> None:
    made = {
        target.id
        for source in SOURCES
        for file in (ROOT / source).rglob("*.py")
        if "Texts(" in (text := file.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Texts(")
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert made <= KEYWORDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: Language) -> None:
    catalog = read(language)
    missing = [
        message.id
        for message in messages(_used())
        if not (found := catalog.get(message.id)) or not all(_forms(found.string)) or found.fuzzy
    ]
    assert not missing, "run python -m templates.catalog and translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_message(language: Language) -> None:
    for message, found in _translated(language):
        wanted = _placeholders(_forms(message.id)[-1])
        for form in _forms(found.string):
            assert _placeholders(form) == wanted, message.id


def test_english_is_filled_in_and_a_stored_message_may_be_reworded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = "CLV supposes that margin and retention stay as they are."
    monkeypatch.setattr(catalog, "LOCALES", tmp_path)
    for language in LANGUAGES:
        here = catalog.path_of(language)
        here.parent.mkdir(parents=True)
        here.write_bytes((LOCALES / language / "LC_MESSAGES" / "otklik.po").read_bytes())
    template = deepcopy(_used())
    template.add("A new {word}")
    template.add(("{n} new word", "{n} new words"))
    update("en", template, prune=True)
    found = read("en")
    for new in ("A new {word}", ("{n} new word", "{n} new words")):
        message = found.get(new)
        assert message is not None
        assert message.string == new
    reworded = found.get(stored)
    assert reworded is not None
    assert reworded.string == Texts("en")(stored) != stored


@pytest.mark.parametrize(("language", "forms"), [("ru", 3), ("en", 2)])
def test_a_plural_has_all_the_forms_of_its_language(language: Language, forms: int) -> None:
    assert read(language).num_plurals == forms
    for message, found in _translated(language):
        if message.pluralizable:
            assert len(_forms(found.string)) == forms, message.id


def test_a_catalog_has_no_text_that_nothing_uses() -> None:
    wanted = {message.id for message in messages(_used())}
    for language in LANGUAGES:
        assert {message.id for message in messages(read(language))} == wanted, (
            "run python -m templates.catalog"
        )


@pytest.mark.parametrize(("language", "sign"), [("ru", "\N{NO-BREAK SPACE}%"), ("en", "%")])
def test_per_cent_is_set_as_the_language_sets_it(language: Language, sign: str) -> None:
    said = [form for _, found in _translated(language) for form in _forms(found.string)]
    assert set(re.findall(r"[\d}](\s*%)", "\n".join(said))) == {sign}
    ids = [_forms(message.id)[-1] for message in messages(_used())]
    assert not re.search(r"\d\s+%", "\n".join(ids))
