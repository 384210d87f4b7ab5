"""In which language the command line speaks."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from surveys.messages import Language
from templates.texts import Texts

NAME = "OTKLIK_LANGUAGE"
_SETTINGS_FILE = Path("otklik.env")
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = re.compile(r"(C|POSIX)\b.*|")
_LINE = re.compile(rf"^{NAME}=['\"]?(\w+)", re.MULTILINE)


def reader() -> Texts:
    """Return the texts in the language of whoever typed the command."""
    return Texts(language(os.environ, _settings_file()))


def language(environment: Mapping[str, str], settings_file: str) -> Language:
    """Return the language: the setting's, else the locale's, else Russian.

    A server's locale mostly names no language (C.UTF-8): then its operator reads Russian.
    """
    line = _LINE.search(settings_file)
    said = environment.get(NAME) or (line[1] if line else "")
    if said.lower() in {"ru", "en"}:
        return "ru" if said.lower() == "ru" else "en"
    locale = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    return "ru" if _NO_LANGUAGE.fullmatch(locale) or locale.lower().startswith("ru") else "en"


def _settings_file() -> str:
    try:
        return _SETTINGS_FILE.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
