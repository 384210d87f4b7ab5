"""The one Jinja environment, and style sheets with the hash a page's security policy names."""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

PAGES: Final = Path(__file__).parent / "pages"


@cache
def environment() -> Environment:
    """Return the environment of all pages: everything is escaped, nothing undefined passes."""
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style(name: str) -> tuple[Markup, str]:
    """Return a style sheet of `PAGES`, and its hash for the content security policy."""
    return _inline(name)


@cache
def script(name: str) -> tuple[Markup, str]:
    """Return a script of `PAGES`, and its hash for the content security policy."""
    return _inline(name)


def _inline(name: str) -> tuple[Markup, str]:
    text = "\n" + (PAGES / name).read_text(encoding="utf-8")
    hashed = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{hashed}"  # noqa: S704 - our own file, nothing from outside
