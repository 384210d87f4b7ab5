"""Keeps the two catalogs of texts in step with the code: ``python -m templates.catalog``.

To add a text: write it in English where it is used,

- in Python ``texts("Hello, {name}", name=name)`` (also ``_("…")``),
  ``texts.plural("{n} answer", "{n} answers", n)``, and ``mark("…")`` for one kept in a table;
- in a template ``{{ _("…", name=name) }}`` and ``{{ plural("…", "…", n) }}``,
- in an error ``template = mark("…")`` or ``Message("…", {…})`` (`surveys.messages`),
- on the command line as ``help="…"`` of an option and as the docstring of a command,

run this module, and write the Russian into ``locales/ru/LC_MESSAGES/otklik.po``. Translations are
kept; English ones are filled in where there is none; what the code no longer uses waits at the end
of the file behind ``#~`` until ``--prune``. A message is a literal: an f-string or a variable
cannot be found, a call within an f-string is.

The id of a message that is stored, as sent digests store their notes, stays as it is. Its English
is reworded in ``locales/en``, as a translation of itself.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from surveys.messages import LANGUAGES, Language
from templates.texts import LOCALES, unwrapped

ROOT: Final = Path(__file__).parent.parent
SOURCES: Final = ("bot", "scoring", "storage", "surveys", "templates")
COMMANDS: Final = "bot/cli/**/*.py"
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "self": None,
    "texts": None,
    "of_company": None,
    "mark": None,
    "Message": None,
    "plural": (1, 2),
}
_CHANGING: Final = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Trans')
_CALL: Final = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\s*\(")
_F_STRING: Final = re.compile(r"\b(?:f|rf|fr)[\"']", re.IGNORECASE)


def used() -> Catalog:
    """Collect every message that the code and the pages use, untranslated."""
    catalog = Catalog(project="Otklik")
    # To take a file apart costs fifty times what a look for such a call does.
    calling = [file for file in _sources("*.py") if _CALL.search(file.read_text(encoding="utf-8"))]
    for method, files in (("python", calling), ("jinja2", _sources("*.j2"))):
        for file in files:
            for _, message, _, _ in extract_from_file(method, file, KEYWORDS):
                catalog.add(message)
    for message in (*_helps(), *_within_strings(calling)):
        catalog.add(message)
    return catalog


def _sources(name: str) -> Iterator[Path]:
    return (file for source in SOURCES for file in (ROOT / source).rglob(name))


def _within_strings(calling: Iterable[Path]) -> Iterator[str | tuple[str, ...]]:
    """Yield the messages of calls that stand in f-strings: Babel takes those for plain strings."""
    texts = (file.read_text(encoding="utf-8") for file in calling)
    for tree in (ast.parse(text) for text in texts if _F_STRING.search(text)):
        strings = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
        calls = (one for node in strings for one in ast.walk(node) if isinstance(one, ast.Call))
        for call in calls:
            yield from _message(call)


def _message(call: ast.Call) -> Iterator[str | tuple[str, ...]]:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name not in KEYWORDS:
        return
    literals = call.args[: len(KEYWORDS[name] or (1,))]
    said = [str(one.value) for one in literals if isinstance(one, ast.Constant)]
    if len(said) == len(literals) > 0:
        yield said[0] if len(said) == 1 else tuple(said)


def _helps() -> Iterator[str]:
    """Yield what ``--help`` says: the ``help`` of options, the docstrings of commands."""
    files = list(ROOT.glob(COMMANDS))
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    made = {name for node in nodes for name in _made_commands(node)}
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg == "help":
            if isinstance(node.value, ast.Constant):
                yield str(node.value.value)
        elif isinstance(node, ast.FunctionDef) and (_is_command(node) or node.name in made):
            yield unwrapped(ast.get_docstring(node) or "")


def _is_command(function: ast.FunctionDef) -> bool:
    """Tell whether it stands below ``@app.command(…)``."""
    return any(map(_makes_command, function.decorator_list))


def _made_commands(node: ast.AST) -> Iterator[str]:
    """Yield the functions that ``app.command(…)(function)`` names."""
    if isinstance(node, ast.Call) and _makes_command(node.func):
        yield from (ast.unparse(argument).rpartition(".")[2] for argument in node.args)


def _makes_command(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "command"
    )


def read(language: Language) -> Catalog:
    """Read the catalog of one language as it stands on disk."""
    with path_of(language).open("rb") as lines:
        return read_po(lines, locale=language)


def path_of(language: Language) -> Path:
    """Where the texts of a language are."""
    return LOCALES / language / "LC_MESSAGES" / "otklik.po"


def messages(catalog: Catalog) -> Iterator[Message]:
    """Leave the header of a catalog out."""
    return (message for message in catalog if message.id)


def update(language: Language, template: Catalog, *, prune: bool) -> None:
    """Rewrite the catalog of `language` so that it holds what `template` holds."""
    catalog = read(language)
    for message in list(catalog.obsolete.values()):
        catalog[message.id] = message
    catalog.obsolete.clear()
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
    if language == "en":
        for message in messages(catalog):
            if not any(message.string or ()):
                message.string = message.id
    path_of(language).write_bytes(_written(catalog, prune=prune))


def _written(catalog: Catalog, *, prune: bool) -> bytes:
    catalog.header_comment = "# Otklik: texts. Kept in step by `python -m templates.catalog`."
    buffer = BytesIO()
    write_po(
        buffer,
        catalog,
        width=100,
        no_location=True,
        sort_output=True,
        ignore_obsolete=prune,
    )
    kept = (line for line in buffer.getvalue().splitlines() if not line.startswith(_CHANGING))
    return b"\n".join(kept).strip() + b"\n"


def main(arguments: list[str]) -> None:
    """Update both catalogs."""
    template = used()
    for language in LANGUAGES:
        update(language, template, prune="--prune" in arguments)
    untranslated = [message.id for message in messages(read("ru")) if not message.string]
    sys.stdout.write("".join(f"no Russian yet: {message}\n" for message in untranslated))


if __name__ == "__main__":
    main(sys.argv[1:])
