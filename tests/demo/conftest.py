"""Commands are forked here from a process that has imported them."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _forking(forking: None) -> None: ...
