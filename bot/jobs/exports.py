"""Files of rows for the admins who asked for them, made in a process of its own."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bot.jobs.making import End, Work
from bot.jobs.own_process import in_own_process
from bot.operations.exports.chosen import FileForm, Wanted, What, titled
from bot.private_files import make_folder
from bot.rights import Action
from bot.says.said import Document, Show
from bot.says.screens import sentence

LARGEST: Final = 49 * 1024**2
"""Telegram takes 50 MB from a bot."""


async def make(work: Work) -> End:
    """Write what was asked for and send it; what is too large is to be had on the server."""
    texts = work.texts
    wanted = _wanted(work.errand.parameters)
    file = work.folder("exports") / wanted.file_name
    shutil.rmtree(file.parent, ignore_errors=True)  # what a killed process left
    make_folder(file.parent)
    asked = ("export", wanted.what, "--out", str(file), "--asked")
    made = await in_own_process(work, *asked, given=wanted.written())
    files = _files(file) if made is not None else []
    if not files:
        return End("failed", Show(sentence(texts("The file could not be made."))))
    if any(one.stat().st_size > LARGEST for one in files):
        for one in files:
            one.unlink()
        said = texts(
            "The file is too large for Telegram. On the server: {command}",
            command=" ".join(_command(wanted)),
        )
        return End("failed", Show(sentence(said)))
    caption = texts(
        "{name}. The file holds people's data: keep it to yourself. It can be opened here, and is "
        "deleted from the bot's machine in a day or two.",
        name=titled(texts, wanted),
    )
    documents = [Document(one, caption if place == 0 else "") for place, one in enumerate(files)]
    return End("done", documents, action=Action.EXPORT)


def _wanted(asked: Mapping[str, Any]) -> Wanted:
    """Read what an errand asks for; those of earlier versions named neither period nor survey."""
    what, form = What(asked["what"]), FileForm(asked["form"])
    return Wanted(what, form, asked.get("period"), asked.get("survey"))


def _command(wanted: Wanted) -> Iterator[str]:
    """Yield the words of the command that makes the same file on the server."""
    yield from ("otklik", "export", wanted.what, "--format", wanted.form)
    for option, value in (("--period", wanted.period), ("--survey", wanted.survey)):
        if value is not None:
            yield from (option, value)


def _files(first: Path) -> list[Path]:
    """Return the file and, after it, that of a second table."""
    return sorted(first.parent.glob(f"{first.stem}*{first.suffix}"), key=lambda one: len(one.name))
