"""Rows as a file for the browser: made as for the chat, sent, and kept nowhere."""

import asyncio
import secrets
import shutil
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from aiohttp import web

from bot.children import printed
from bot.operations.exports.chosen import Wanted
from bot.private_files import make_folder
from bot.settings import Settings
from bot.web.live.rendering import FiguresUnmade, TooBusy
from surveys.messages import Language

_A_PIECE: Final = 256 * 1024
_PATIENCE: Final = 300.0
_KINDS: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is open and has no name in any folder any more."""

    name: str
    opened: IO[bytes]

    def response(self) -> web.Response:
        """Return it as a download, read piece by piece."""
        return web.Response(
            body=_pieces(self.opened),
            content_type=_KINDS[Path(self.name).suffix],
            headers={"Content-Disposition": f'attachment; filename="{self.name}"'},
        )


class Fetcher:
    """Makes one file at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()

    async def rows(self, wanted: Wanted, language: Language, now: datetime) -> Fetched:
        """Return a file of rows. Raises TooBusy, FiguresUnmade."""
        if self._turn.locked():
            raise TooBusy
        async with self._turn:
            folder = self._settings.data_directory / "exports" / _unused()
            make_folder(folder)
            try:
                told = await self._told(folder, wanted, language, now)
                if told is None:
                    raise FiguresUnmade
                return await asyncio.to_thread(_opened, folder)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _told(
        self, folder: Path, wanted: Wanted, language: Language, now: datetime
    ) -> bytes | None:
        command = ("export", wanted.what, "--out", str(folder / wanted.file_name), "--asked")
        try:
            async with asyncio.timeout(_PATIENCE):
                return await printed(
                    self._settings, *command, language=language, now=now, given=wanted.written()
                )
        except TimeoutError as error:
            raise FiguresUnmade from error


def _unused() -> str:
    """Return a folder's name: a number that no errand has, so the daily job may delete it."""
    return str(10**17 + secrets.randbelow(10**17))


def _opened(folder: Path) -> Fetched:
    """Open the file that was made; several become one archive."""
    made = sorted(folder.glob("otklik-*"), key=lambda one: len(one.name))
    if not made:
        raise FiguresUnmade
    file = made[0] if len(made) == 1 else _packed(made)
    return Fetched(file.name, file.open("rb"))


def _packed(made: Sequence[Path]) -> Path:
    packed = made[0].with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for one in made:
            pack.write(one, one.name)
    return packed


async def _pieces(opened: IO[bytes]) -> AsyncIterator[bytes]:
    """Yield an open file, whose name is gone already; it is closed whatever happens."""
    with opened:
        while piece := await asyncio.to_thread(opened.read, _A_PIECE):
            yield piece
