"""What is said of the copy that is made before people or past answers are taken."""

from collections.abc import Mapping
from typing import Any

from bot.cli.terminal.saying import say
from bot.cli.terminal.speaking import reader


def say_of_copy(result: Mapping[str, Any], *, no_copy: bool) -> None:
    """Say where the copy is, or that there is none and how to make one the next time."""
    texts = reader()
    if result["copy"] is not None:
        said = texts(
            "Before that the database was copied, and the copy verified: {path}\nTo take the "
            "import back, stop the bot and put the copy in its place: otklik restore {path}",
            path=result["copy"],
        )
        say(said)
    elif not no_copy and result["is_server"]:
        say(
            texts(
                "There is no copy from before: pg_dump is not on this machine, or the server's own "
                "copies are relied on. Which of the two: otklik doctor"
            )
        )
