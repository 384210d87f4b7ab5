"""Our reader of catalogs reads what babel's does."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from surveys.messages import LANGUAGES, Language
from templates import po
from templates.texts import LOCALES

NUMBERS = (0, 1, 2, 4, 5, 11, 12, 21, 22, 25, 101, 111, 112, 1_000_001)
WORDS = st.text(st.characters(exclude_categories=["C"], include_characters="\n\t\r"), min_size=1)
LONG = st.builds("{} {}".format, WORDS, st.just("по слову " * 12))


def _of_babel(path: Path, language: Language) -> tuple[Catalog, GNUTranslations]:
    with path.open("rb") as lines:
        catalog = read_po(lines, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return catalog, GNUTranslations(compiled)


def _same(path: Path, language: Language) -> int:
    """Compare each text and number of things; return how many texts there are."""
    catalog, known = _of_babel(path, language)
    read, count = po.read(path), 0
    for message in catalog:
        match message.id:
            case [str(one), str(many)]:
                for n in NUMBERS:
                    assert read.ngettext(one, many, n) == known.ngettext(one, many, n)
                count += 1
            case str(text) if text:
                assert read.gettext(text) == known.gettext(text)
                count += 1
    return count


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_catalogs_are_read_whole(language: Language) -> None:
    path = LOCALES / language / "LC_MESSAGES" / "otklik.po"
    assert _same(path, language) == len(po.read(path).texts) > 1000


@given(st.dictionaries(WORDS | LONG, WORDS | LONG | st.just(""), min_size=1, max_size=5))
def test_any_text_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]
) -> None:
    catalog = Catalog(locale="ru")
    for message, translated in texts.items():
        catalog.add(message, translated)
    catalog.add(("one thing", "{n} things"), ("вещь", "вещи", "вещей\n"))
    written = BytesIO()
    write_po(written, catalog, width=100)
    path = tmp_path_factory.getbasetemp() / "any.po"
    path.write_bytes(written.getvalue())
    _same(path, "ru")


def test_what_is_not_there_is_the_message_itself() -> None:
    read = po.read(LOCALES / "ru" / "LC_MESSAGES" / "otklik.po")
    assert read.gettext("nobody says so") == "nobody says so"
    assert [read.ngettext("a thing", "things", n) for n in (1, 2)] == ["a thing", "things"]
