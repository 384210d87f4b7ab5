"""Commands are forked here from a process that has imported them."""

from pathlib import Path

import pytest

from tests.engines import ON_POSTGRES, database_in


@pytest.fixture(autouse=True, scope="session")
def _forking(forking: None) -> None: ...


if ON_POSTGRES:

    @pytest.fixture(autouse=True)
    def _on_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OTKLIK_DATABASE_URL", database_in(tmp_path))
