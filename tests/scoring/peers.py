"""Libraries that compute the same, imported when a test first compares with them.

At the head of a module each of the workers would wait for all of them: two seconds of its time.
"""

import warnings
from importlib import import_module
from typing import Any


def peer(name: str) -> Any:  # noqa: ANN401 (most of them have no types)
    """Import a library; what it and its own libraries warn of is no matter of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(name)
