"""Reads a catalog of texts quickly: every command does so before it says anything.

babel's reader takes .06 s for our Russian catalog and .03 s to be imported; this one a tenth. It
reads what `templates.catalog` writes: no contexts, nothing doubtful, no obsolete entry between.
"""

import re
from collections.abc import Callable, Mapping
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

_LINES = r'(?:"[^\n]*"\n)+'
_ENTRY = re.compile(
    rf"^msgid ({_LINES})(?:msgid_plural {_LINES})?((?:msgstr(?:\[\d\])? {_LINES})+)", re.MULTILINE
)
_FORM = re.compile(rf"^msgstr(?:\[\d\])? ({_LINES})", re.MULTILINE)
_LINE = re.compile(r'^"(.*)"$', re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r"}
_PLURAL = re.compile(r"^Plural-Forms:.*\bplural=([^;]+);", re.MULTILINE)


class Catalog(NamedTuple):
    """Message id → its translation, or its plural forms; which form a number takes."""

    texts: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]

    def gettext(self, message: str) -> str:
        """Return the translation, the message itself where there is none."""
        return self.texts.get(message, (message,))[0]

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Return the translation for a number of things."""
        forms = self.texts.get(one)
        if forms is None:
            return one if n == 1 else many
        return forms[self.form(n)]


def read(path: Path) -> Catalog:
    """Read a catalog in UTF-8; raises OSError."""
    content = path.read_text(encoding="utf-8") + "\n"
    texts = {}
    for message, translated in _ENTRY.findall(content):
        forms = tuple(map(_unquoted, _FORM.findall(translated)))
        if all(forms):
            texts[_unquoted(message)] = forms
    rule = _PLURAL.search(texts.pop("")[0])
    return Catalog(texts, c2py(rule[1] if rule else "n != 1"))


def _unquoted(lines: str) -> str:
    text = "".join(_LINE.findall(lines))
    return _ESCAPED.sub(lambda sign: _SIGNS.get(sign[1], sign[1]), text) if "\\" in text else text
