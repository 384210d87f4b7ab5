"""What a list of people would do, as the chat and the command line say it alike."""

from collections.abc import Sequence

from bot.operations.lists.found import ListFound
from bot.operations.lists.problems import RowProblem
from bot.operations.lists.words import FIELDS, problem
from storage.people.lists.people_import import ImportResult
from templates.countries import country_name
from templates.texts import Texts

_LONGEST = 32
_NAMES_IN_CHAT = 5
_MANY_NAMES = 200
_READ_AS = (
    *("external_id", "phone", "email", "company", "manager_external_id", "segment"),
    "last_purchase_on",
)


def preview(texts: Texts, found: ListFound, *, shown: int) -> list[str]:
    """Return paragraphs of plain text; of each kind of rows the first `shown` are named."""
    said = around(texts, found, shown=shown, in_chat=True)
    paragraphs = [counts(texts, found.result), *said]
    return [paragraph for paragraph in paragraphs if paragraph]


def counts(texts: Texts, result: ImportResult) -> str:
    """Return «New: 3. Changed: 2. Unchanged: 5.»."""
    said = texts(
        "New: {added}. Changed: {changed}. Unchanged: {unchanged}.", **_numbers(texts, result)
    )
    return " ".join([said, *_besides(texts, result)])


def done(texts: Texts, result: ImportResult) -> str:
    """Return the same of a list that was taken."""
    said = texts(
        "Done. New: {added}. Changed: {changed}. Unchanged: {unchanged}.",
        **_numbers(texts, result),
    )
    return " ".join([said, *_besides(texts, result)])


def _numbers(texts: Texts, result: ImportResult) -> dict[str, str]:
    return {
        "added": texts.number(result.added),
        "changed": texts.number(result.changed),
        "unchanged": texts.number(result.unchanged),
    }


def _besides(texts: Texts, result: ImportResult) -> list[str]:
    made, left = result.made, result.left
    return [
        *([texts("Managers made: {n}.", n=texts.number(made))] if made else []),
        *([texts.plural("{n} person leaves.", "{n} people leave.", left)] if left else []),
    ]


def around(texts: Texts, found: ListFound, *, shown: int, in_chat: bool = False) -> list[str]:
    """Return all that is to be said of a list besides its counts, "" where there is nothing.

    The first `shown` rows of each kind are named. A message in the chat (`in_chat`) names fewer
    headings, and speaks of buttons instead of options.
    """
    names = _NAMES_IN_CHAT if in_chat else _MANY_NAMES
    refused = texts.plural("Refused: {n} row", "Refused: {n} rows", found.refused)
    left_out = texts.plural("Left out: {n} row", "Left out: {n} rows", found.left_out)
    warned = texts.plural("Look at {n} row", "Look at {n} rows", found.warned)
    return [
        _sum(texts, found),
        _used(texts, found, names),
        as_read(texts, found),
        _assumed(texts, found, in_chat=in_chat),
        _rows(texts, refused, found.problems, found.refused, shown),
        _rows(texts, left_out, found.left_out_rows, found.left_out, shown),
        _rows(texts, warned, found.warnings, found.warned, shown),
        _unused(texts, found, names),
        _above(texts, found, names),
        _strangers(texts, found, names),
    ]


def _sum(texts: Texts, found: ListFound) -> str:
    return texts(
        "Rows in the file: {rows} = new {added} + changed {changed} + unchanged {unchanged} "
        "+ leaving {left} + refused {refused} + left out {left_out}.",
        rows=texts.number(found.rows),
        left=texts.number(found.left),
        refused=texts.number(found.refused),
        left_out=texts.number(found.left_out),
        **_numbers(texts, found.result),
    )


def as_read(texts: Texts, found: ListFound) -> str:
    """Return the first people as they were read; with a warning where the encoding is a guess."""
    if not found.first:
        return ""
    head = texts("The first as read:")
    if found.is_guess:
        head = texts(
            "The file does not say its encoding; the words look like {encoding}. If these names "
            "are not right, state another encoding, or save it as «CSV UTF-8».",
            encoding=found.encoding,
        )
    lines = []
    for row in found.first:
        said = [str(row["name"]), *(str(row[name]) for name in _READ_AS if row.get(name))]
        lines.append("• " + " · ".join(map(_short, said)))
    return "\n".join([head, *lines])


def _assumed(texts: Texts, found: ListFound, *, in_chat: bool) -> str:
    if not found.assumed:
        return ""
    country = country_name(texts.language, found.country)
    said = texts.plural(
        "{n} phone has no country code and is read as a number of this country: {country}.",
        "{n} phones have no country code and are read as numbers of this country: {country}.",
        found.assumed,
        country=country,
    )
    if in_chat:
        return said
    how = texts("Another one: --country US, or for every list: otklik company --country US")
    return f"{said} {how}"


def _rows(texts: Texts, head: str, rows: Sequence[RowProblem], in_all: int, shown: int) -> str:
    if not in_all:
        return ""
    lines = [f"• {problem(texts, _shortened(one))}" for one in rows[:shown]]
    more = in_all - sum(one.rows for one in rows[:shown])
    if more > 0:
        lines.append(texts.plural("… and {n} more", "… and {n} more", more))
    return "\n".join([head, *lines])


def _shortened(one: RowProblem) -> RowProblem:
    return RowProblem(one.line, one.code, _short(one.value), one.rows)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


def _names(texts: Texts, names: Sequence[str], most: int) -> str:
    return _listed(texts, [_short(name) for name in names], most)


def _listed(texts: Texts, said: Sequence[str], most: int) -> str:
    shown = ", ".join(said[:most])
    if len(said) <= most:
        return shown
    more = texts.plural("… and {n} more", "… and {n} more", len(said) - most)
    return f"{shown} {more}"


def _used(texts: Texts, found: ListFound, most: int) -> str:
    """Return which column is read as what, in the order of the file."""
    read = sorted(
        (place, texts(FIELDS[name]), found.headings[place])
        for name in FIELDS
        for place in found.columns.get(name, [])
    )
    said = [f"{texts.quoted(_short(heading))} → {field}" for _, field, heading in read]
    return texts("Columns read: {columns}", columns=_listed(texts, said, most)) if said else ""


def _unused(texts: Texts, found: ListFound, most: int) -> str:
    unused = found.unused()
    if not unused:
        return ""
    return texts("Columns left out: {columns}", columns=_names(texts, unused, most))


def _above(texts: Texts, found: ListFound, most: int) -> str:
    if not found.above:
        return ""
    return texts("Left out above the headings: {lines}", lines=_names(texts, found.above, most))


def _strangers(texts: Texts, found: ListFound, most: int) -> str:
    if not found.strangers:
        return ""
    return texts("Managers nobody knows: {names}", names=_names(texts, found.strangers, most))
