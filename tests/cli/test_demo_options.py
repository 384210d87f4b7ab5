"""`otklik demo` serves its page where somebody looks, or where an option of the page is typed."""

from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.demo import run


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ((), None),
        (("--no-open",), ("normal", "127.0.0.1", 0)),
        (("--port", "8000", "--host", "::1"), ("normal", "::1", 8000)),
        (("--speed", "fast"), ("fast", "127.0.0.1", 0)),
    ],
)
def test_who_names_an_option_of_the_page_gets_the_page(
    monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], shown: tuple[str, str, int] | None
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(run, "run_demo", lambda **given: asked.append(given))
    monkeypatch.setenv("CI", "1")
    done = CliRunner().invoke(app, ["demo", *typed])
    assert done.exit_code == 0, done.output
    screen = asked[0]["screen"]
    assert (screen and (screen.pace, screen.host, screen.port)) == shown
