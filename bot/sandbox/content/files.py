"""Files: what was uploaded, by which ids it is known, and what a picture's header says."""

import hashlib
import mimetypes
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from bot.sandbox.errors import ApiError, SandboxError, refuse, refuse_unmodelled
from bot.sandbox.parameters import Upload

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 50 * MEGABYTE
LARGEST_PHOTO = 10 * MEGABYTE
LARGEST_DOWNLOAD = 20 * MEGABYTE
MOST_PIXELS = 10_000
"""Width and height of a photo together."""
THINNEST = 20
"""How many times longer than the other a side of a photo may be."""

_FOLDERS = {"document": "documents", "photo": "photos", "voice": "voice"}
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD = 24
"""Bytes up to the end of a PNG's size, which stands in its first chunk."""
_JPEG_MARKER = 0xFF
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""What follows the marker of a frame, which tells the size."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that Telegram has."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    path: str

    def body(self) -> dict[str, Any]:
        """Return the fields every file object has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


class Files:
    """Every file, by its id and by its path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, content: bytes, name: str, mime: str | None = None) -> StoredFile:
        """Keep a file; equal contents get ids of their own."""
        number = len(self._by_id) + 1
        mark = hashlib.sha256(f"{number}{kind}{name}".encode()).hexdigest()
        suffix = PurePosixPath(name).suffix
        stored = StoredFile(
            file_id=f"BQACAg{mark}",
            unique_id=f"AgAD{mark[:12]}",
            kind=kind,
            name=name,
            mime=mime or mimetypes.guess_type(name)[0] or "application/octet-stream",
            content=content,
            path=f"{_FOLDERS[kind]}/file_{number}{suffix if suffix.isascii() else ''}",
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        """Return a file by its id."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """Return a file by the path that getFile told."""
        return self._by_path.get(path)

    def taken(self, kind: str, value: Upload | str) -> StoredFile:
        """Return the file that a request means: an upload or the id of a known one."""
        if isinstance(value, Upload):
            return self._uploaded(kind, value)
        if value.startswith(("http://", "https://")):
            refuse_unmodelled("files by their address; upload them")
        stored = self.by_id(value)
        if stored is None:
            refuse(f"invalid file_id: wrong file identifier/HTTP URL specified for {kind}")
        if stored.kind != kind:
            refuse(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored

    def _uploaded(self, kind: str, upload: Upload) -> StoredFile:
        if not upload.content:
            refuse("file must be non-empty")
        if len(upload.content) > LARGEST_UPLOAD:
            refuse(ApiError(413, "Request Entity Too Large"))
        if kind == "photo":
            check_picture(upload.content)
        return self.add(kind, upload.content, upload.name, _mime(upload))


def _mime(upload: Upload) -> str | None:
    return mimetypes.guess_type(upload.name)[0] or upload.mime or None


def check_picture(content: bytes) -> tuple[int, int]:
    """Return a picture's width and height, or refuse it as a photo."""
    if len(content) > LARGEST_PHOTO:
        refuse("file is too big for a photo")
    size = picture_size(content)
    if size is None:
        refuse("IMAGE_PROCESS_FAILED")
    if sum(size) > MOST_PIXELS or min(size) == 0 or max(size) > THINNEST * min(size):
        refuse("PHOTO_INVALID_DIMENSIONS")
    return size


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG, None for anything else."""
    if content.startswith(_PNG) and len(content) >= _PNG_HEAD:
        width, height = struct.unpack(">II", content[16:_PNG_HEAD])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == _JPEG_MARKER:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def media_body(stored: StoredFile, duration: int = 0) -> dict[str, Any]:
    """Return what a message says of its file: {"document": …}, {"photo": […]} or {"voice": …}."""
    body = stored.body()
    match stored.kind:
        case "photo":
            width, height = picture_size(stored.content) or (0, 0)
            return {"photo": [body | {"width": width, "height": height}]}
        case "voice":
            return {"voice": body | {"duration": duration, "mime_type": stored.mime}}
        case "document":
            return {"document": body | {"file_name": stored.name, "mime_type": stored.mime}}
        case _:
            message = f"No message has a file of kind {stored.kind}."
            raise SandboxError(message)
