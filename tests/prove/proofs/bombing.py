"""Bombs and broken files brought in as lists: ``python -m tests.prove.proofs.bombing FOLDER``.

A process of its own, so that the memory of its children is that of the reading alone.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path

from bot.operations.lists.file_parts import ListOptions
from bot.operations.lists.reading import reading
from bot.operations.tables.refusals import FileRefused
from tests.bot.lists.test_people_corpus import BAD_FILES


async def taken(folder: Path) -> int:
    """Return how many of the files were read to their end."""
    count = 0
    for number, (content, _) in enumerate(BAD_FILES.values()):
        file = folder / f"{number}"
        file.write_bytes(content)
        try:
            async for _part in reading(file, ListOptions()):
                pass
            count += 1
        except FileRefused:
            continue
    return count


def main() -> None:
    """Print what was taken, of how many, and the largest memory of a reader in megabytes."""
    count = asyncio.run(taken(Path(sys.argv[1])))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(json.dumps([count, len(BAD_FILES), peak]))


if __name__ == "__main__":
    main()
