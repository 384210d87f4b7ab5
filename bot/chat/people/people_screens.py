"""What bringing people in looks like: pure functions to screens."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.chat.people import reading_screens
from bot.chat.people.column_screens import ask
from bot.chat.people.list_buttons import tap, titled, to_preview
from bot.operations.lists import preview as words
from bot.operations.lists.file_parts import ListOptions
from bot.operations.lists.found import ListFound
from bot.says.markup import literal
from bot.says.screens import Button, Rows, Screen
from bot.says.taps import MenuTap
from bot.telling import told
from storage.errors import StorageError
from storage.people.lists.imports import Import, ImportState
from storage.people.lists.people_import import ImportResult
from templates.texts import Texts

READY: tuple[ImportState, ...] = ("ready",)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an admin wants a list read; `turn` counts the readings.

    People who are not on a `complete` list leave. `country` is that of phone numbers without a
    country code; "" means the company's own.
    """

    reading: ListOptions = field(default_factory=ListOptions)
    new_managers: bool = False
    turn: int = 0
    complete: bool = False
    country: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the wishes as `imports` keeps them."""
        return {
            "chosen": dict(self.reading.chosen),
            "role": self.reading.role,
            "identity": self.reading.identity,
            "encoding": self.reading.encoding,
            "skip_lines": self.reading.skip_lines,
            "date_formats": list(self.reading.date_formats),
            "country": self.country,
            "new_managers": self.new_managers,
            "turn": self.turn,
            "complete": self.complete,
        }


def options_of(one: Import) -> Wishes:
    """Return the wishes that an import keeps."""
    kept = one.options
    known = ("chosen", "role", "identity", "encoding", "skip_lines", "date_formats")
    reading = ListOptions(**{name: kept[name] for name in known if name in kept})
    turn, complete = kept.get("turn", 0), kept.get("complete", False)
    country = kept.get("country", "")
    return Wishes(reading, kept.get("new_managers", False), turn, complete, country)


def plain(texts: Texts, one: Import, sentence: str) -> Screen:
    """Return a sentence about a list, with the way back."""
    back = Button(texts("‹ People"), MenuTap("people").pack())
    return Screen(titled(one, literal(sentence)), ((back,),))


def not_fetched(texts: Texts) -> str:
    """Return the sentence about a file that Telegram did not hand over."""
    return texts("The file could not be fetched from Telegram. Please send it again.")


def not_taken(texts: Texts) -> str:
    """Return the sentence about a list that the database refused."""
    return texts("The list could not be taken, and nothing was changed. Please send it again.")


def reading(texts: Texts, one: Import, rows: int) -> Screen:
    """Return how far the reading is."""
    said = texts("Reading the list…")
    if rows:
        said = texts.plural(
            "Reading the list… {n} row so far.", "Reading the list… {n} rows so far.", rows
        )
    return Screen(titled(one, said))


def stands(texts: Texts, one: Import) -> Screen:
    """Return where an import stands: what it asks, or what it would do."""
    if one.state == "asking":
        found = ListFound.from_json(one.found)
        if not found.headings:
            return reading_screens.encodings(texts, one, found)
        return ask(texts, one, found)
    if one.state == "ready":
        return preview(texts, one, ListFound.from_json(one.found))
    return plain(texts, one, texts("This list is no longer open. Please send it again."))


def preview(texts: Texts, one: Import, found: ListFound) -> Screen:
    """Return what taking the list would do."""
    paragraphs = words.preview(texts, found, shown=SHOWN)
    text = "\n\n".join(literal(paragraph) for paragraph in paragraphs)
    return Screen(titled(one, text), _preview_rows(texts, one, found))


def complete(texts: Texts, one: Import, found: ListFound) -> Screen:
    """Return what taking a complete list would do: who would leave."""
    left = found.left + found.missing
    text = texts.plural(
        "If the list is complete, {n} person who is not on it, or is marked so, leaves: their "
        "surveys close and nothing is sent to them. Whoever is on a later list is back.",
        "If the list is complete, {n} people who are not on it, or are marked so, leave: their "
        "surveys close and nothing is sent to them. Whoever is on a later list is back.",
        left,
    )
    label = texts.plural("It is complete: {n} leaves", "It is complete: {n} leave", left)
    yes = Button(label, tap("list_take", one, "complete"))
    return Screen(titled(one, text), ((yes,), (to_preview(texts, one),)))


def _preview_rows(texts: Texts, one: Import, found: ListFound) -> Rows:
    rows: list[tuple[Button, ...]] = []
    taken = found.added + found.changed + found.left
    if taken:
        label = texts.plural("Import {n} person", "Import {n} people", taken)
        if found.refused:
            label = texts.plural("Import the other {n}", "Import the other {n}", taken)
        rows.append((Button(label, tap("list_take", one)),))
    if found.missing and not found.refused:
        label = texts.plural("{n} is not on it …", "{n} are not on it …", found.missing)
        rows.append((Button(label, tap("list_complete", one)),))
    if found.strangers:
        label = texts.plural(
            "Add {n} unknown manager too", "Add {n} unknown managers too", len(found.strangers)
        )
        rows.append((Button(label, tap("list_managers", one)),))
    if "role" not in found.columns:
        are_managers = options_of(one).reading.role == "manager"
        label = texts("These are customers") if are_managers else texts("These are managers")
        role = "customer" if are_managers else "manager"
        rows.append((Button(label, tap("list_role", one, role)),))
    rows += reading_screens.dates(texts, one, found)
    if found.assumed:
        rows.append((reading_screens.other_country(texts, one),))
    if found.is_guess:
        rows.append((reading_screens.other_encoding(texts, one),))
    columns = Button(texts("Columns"), tap("list_columns", one, "0"))
    return (*rows, (columns, Button(texts("Cancel"), tap("list_drop", one))))


def not_copied(texts: Texts, error: StorageError) -> str:
    """Say that a list was not taken, because the database could not be copied first."""
    return texts(
        "Nothing was changed: before a list is taken the database is copied, and that failed. "
        "{reason}",
        reason=told(texts, error),
    )


def taken(texts: Texts, one: Import, result: ImportResult, copy: Path | None) -> Screen:
    """Return what became of a confirmed list; `copy` is the database from before it."""
    links = Button(texts("Links for those not in Telegram"), MenuTap("links").pack())
    back = Button(texts("‹ People"), MenuTap("people").pack())
    done = words.done(texts, result)
    if copy is not None:
        kept = texts("The database as it was before is kept on the server: {name}", name=copy.name)
        done = f"{done}\n\n{literal(kept)}"
    return Screen(titled(one, done), ((links,), (back,)))
