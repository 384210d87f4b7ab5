"""What an XLSX file really holds, found out before anything unpacks it: it is a ZIP archive.

A bomb is small outside and large inside, or has a cell so far out that a table up to it fills the
memory, or XML entities that multiply. All of these are seen here in bounded memory.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from bot.operations.tables.refusals import FileRefusal, FileRefused

MOST_ENTRIES = 1_000
MOST_BYTES = 400_000_000
"""Of the archive's contents together; 100,000 people in thirty columns are about 150 MB."""
MOST_RATIO = 150
_SMALL = 2_000_000
"""Contents up to here may be packed as tightly as they like."""
_CHUNK = 1 << 20
_OVERLAP = 64
_DECLARATION = re.compile(
    rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE
)
# Both begin with letters, which are looked for many times faster than a pattern.
_FAR_CELL = re.compile(rb'r="(?<!\wr=")(?:[A-Z]{3,}\d+|[A-Z]{0,2}(?:[2-9]\d{5}|\d{7,}))"')
_KINDS = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"A" * len("ABCDEFGHIJKLMNOPQRSTUVWXYZ") + b"0" * 10
)
"""Makes all capitals and all digits alike: then what may be a far cell is found as plain text."""
_ENCRYPTED = 1


def check_workbook(content: bytes) -> None:
    """Raise `FileRefused` where the archive is no workbook, or would not unpack to a sane one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries, len(content))
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise FileRefused(FileRefusal.DAMAGED) from error


def _check_directory(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(FileRefusal.BOMB)
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES or total > max(_SMALL, packed * MOST_RATIO):
        raise FileRefused(FileRefusal.BOMB)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FileRefused(FileRefusal.PASSWORD)
    if not {"xl/workbook.xml", "[Content_Types].xml"} <= {entry.filename for entry in entries}:
        raise FileRefused(FileRefusal.NOT_A_TABLE)


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > max(_SMALL, entry.compress_size * MOST_RATIO):
        raise FileRefused(FileRefusal.BOMB)
    is_sheet = entry.filename.startswith("xl/worksheets/")
    if not entry.filename.endswith((".xml", ".rels")):
        return
    for piece in _pieces(archive, entry):
        # A sheet is full of «<», so that the other sign is looked for first.
        if b"!" in piece and (b"<!" in piece or b"<\0!" in piece) and _DECLARATION.search(piece):
            raise FileRefused(FileRefusal.ENTITIES)
        if is_sheet and _has_far_cell(piece):
            raise FileRefused(FileRefusal.TOO_WIDE)


def _has_far_cell(piece: bytes) -> bool:
    """Tell whether a cell lies far out; hardly any piece needs the pattern, which is slow."""
    kinds = piece.translate(_KINDS)
    may_have = b'r="AAA' in kinds or b'000000"' in kinds
    return may_have and _FAR_CELL.search(piece) is not None


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes, each piece with the end of the one before; checks the CRC."""
    tail = b""
    with archive.open(entry) as unpacked:
        while piece := unpacked.read(_CHUNK):
            yield tail + piece
            tail = piece[-_OVERLAP:]
