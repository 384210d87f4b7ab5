"""The one Jinja environment, and style sheets with the hash a page's security policy names."""

import contextlib
import hashlib
import os
import sys
from base64 import b64encode
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

PAGES: Final = Path(__file__).parent / "pages"
COMPILED: Final = Path(__file__).parent / "__pycache__"
"""Compiled pages lie where Python keeps the compiled modules beside them, and by the same rules.

Who may write there may as well write our program; nobody else can make it run something.
"""


class _Compiled(BytecodeCache):
    """Compiled pages; they are compiled anew where Python may not keep what it compiles."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read one page, if it is kept whole and made of the same source by the same Python."""
        not_whole = contextlib.suppress(OSError, EOFError, UnpicklingError)
        with not_whole, _kept(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one page, readable by all as modules are, unless the folder is not ours to write."""
        if sys.dont_write_bytecode:
            return
        unfinished = _kept(bucket).with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            with os.fdopen(number, "wb") as file:
                bucket.write_bytecode(file)
            unfinished.replace(_kept(bucket))


def _kept(bucket: Bucket) -> Path:
    return COMPILED / f"page-{bucket.key}.cache"


@cache
def environment() -> Environment:
    """Return the environment of all pages: everything is escaped, nothing undefined passes."""
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(),
    )


def compile_pages() -> None:
    """Compile all pages, so that later none is: for an image in which nothing is written."""
    for name in environment().list_templates(extensions=["j2"]):
        environment().get_template(name)


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
