"""Compiled pages are kept where compiled modules are, and by the same rules."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from jinja2 import Environment

from templates import rendering
from templates.rendering import compile_pages, environment

PAGE = "said.html.j2"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep compiled pages in an empty folder, as where Python keeps what it compiles."""
    monkeypatch.setattr(rendering, "COMPILED", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    environment.cache_clear()
    yield tmp_path
    environment.cache_clear()


def test_a_page_is_compiled_once_and_no_one_else_may_write_it(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_pages()
    files = list(kept.iterdir())
    assert len(files) == len(environment().list_templates(extensions=["j2"]))
    assert {file.stat().st_mode & 0o133 for file in files} == {0}

    def refuse(*_: object) -> NoReturn:
        raise AssertionError(PAGE)

    monkeypatch.setattr(Environment, "compile", refuse)
    environment.cache_clear()
    assert environment().get_template(PAGE).filename == str(rendering.PAGES / PAGE)


def test_what_is_damaged_or_of_another_page_is_compiled_anew(kept: Path) -> None:
    environment().get_template(PAGE)
    [file] = kept.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:40])
    environment.cache_clear()
    environment().get_template(PAGE)
    assert file.read_bytes() == whole


def test_nothing_is_kept_where_python_keeps_nothing_or_nobody_may_write(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "COMPILED", kept / "none")
    environment().get_template(PAGE)
    monkeypatch.setattr(rendering, "COMPILED", kept)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    environment.cache_clear()
    environment().get_template(PAGE)
    assert not list(kept.iterdir())
