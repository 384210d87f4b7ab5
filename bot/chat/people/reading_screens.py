"""How else a list may be read, where its file leaves that open: pure functions to screens."""

from datetime import date

from bot.chat.people.list_buttons import LONGEST, tap, titled, to_preview
from bot.operations.lists.found import ListFound
from bot.operations.lists.problems import TwoWays
from bot.says.screens import Button, Screen
from storage.people.lists.imports import Import
from templates.countries import country_name
from templates.texts import Texts

COUNTRIES = (
    *("RU", "BY", "KZ", "UZ", "KG", "AM", "AZ", "GE", "TJ", "MD", "UA", "RS"),
    *("TR", "IL", "AE", "CN", "IN", "DE", "PL", "FR", "ES", "IT", "GB", "US"),
)
"""The countries that have a button; any other is named on the command line."""


def other_encoding(texts: Texts, one: Import) -> Button:
    """Return the button for somebody who sees garbled names."""
    return Button(texts("The names are wrong: another encoding"), tap("list_encodings", one))


def encodings(texts: Texts, one: Import, found: ListFound) -> Screen:
    """Return the question in which encoding a file is, with words of it in each."""
    rows = [
        (Button(f"{name}: {words}"[:LONGEST], tap("list_encoding", one, name)),)
        for name, words in found.encodings
    ]
    text = texts("The file does not say its encoding. In which one are these words right?")
    back = (to_preview(texts, one),) if found.headings else ()
    cancel = (Button(texts("Cancel"), tap("list_drop", one)),)
    return Screen(titled(one, text), (*rows, back, cancel))


def other_country(texts: Texts, one: Import) -> Button:
    """Return the button to choose another country for phones that name none."""
    label = texts("The phones are of another country")
    return Button(label, tap("list_countries", one))


def countries(texts: Texts, one: Import) -> Screen:
    """Return the question of which country the phones are that name none."""
    text = texts(
        "Of which country are phones without a country code? For all lists it is set on the "
        "server: otklik company --country"
    )
    buttons = [
        Button(country_name(texts.language, code), tap("list_country", one, code))
        for code in COUNTRIES
    ]
    pairs = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    back = (to_preview(texts, one),)
    return Screen(titled(one, text), (*pairs, back))


def dates(texts: Texts, one: Import, found: ListFound) -> list[tuple[Button, ...]]:
    """Return the two ways in which the dates of a list may be meant."""
    if not found.unclear:
        return []
    ways = found.unclear[0]
    labels = (_date(texts, ways, ways.first, ways.day), _date(texts, ways, ways.second, ways.other))
    return [(Button(label, tap("list_dates", one, str(way))),) for way, label in enumerate(labels)]


def _date(texts: Texts, ways: TwoWays, form: str, day: str) -> str:
    if not ways.text or not day:
        return texts("Dates are {form}", form=form)
    return texts(
        "Dates are {form}: {text} is {day}",
        form=form,
        text=ways.text,
        day=texts.date(date.fromisoformat(day)),
    )


def headings_lower(texts: Texts, one: Import, found: ListFound) -> list[tuple[Button, ...]]:
    """Return the button for a list whose headings stand in another line."""
    if not found.top:
        return []
    return [(Button(texts("The headings are in another line"), tap("list_lines", one)),)]


def lines(texts: Texts, one: Import, found: ListFound) -> Screen:
    """Return the question which line holds the headings."""
    rows = [
        (Button(f"{line}: {said}"[:LONGEST], tap("list_skip", one, str(line - 1))),)
        for line, said in found.top
    ]
    back = (to_preview(texts, one),)
    text = texts("Which line holds the headings? What stands above it is left out.")
    return Screen(titled(one, text), (*rows, back))
