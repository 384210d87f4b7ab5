"""What the tests of this folder share."""

from pathlib import Path

import pytest

from storage.copies.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "otklik.db", tmp_path / "backups")
