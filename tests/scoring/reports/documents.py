"""Documents as `digest.json` holds them, so that tests hold the JSON too; and the way back."""

import json
from datetime import datetime
from typing import Any, Literal

from scoring.reports import comparison
from scoring.reports import digest as made
from surveys.counts.comparing import ComparisonFigures
from surveys.counts.figures import DigestFigures
from surveys.reports.as_json import read_digest, written
from surveys.reports.digest import Digest


def digest(figures: DigestFigures, now: datetime, language: Literal["ru", "en"]) -> dict[str, Any]:
    """Compute a digest; it must come back from its JSON as it was."""
    document = made.digest(figures, now, language)
    text = written(document)
    assert read_digest(text) == document
    found: dict[str, Any] = json.loads(text)
    return found


def compare(figures: ComparisonFigures) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(comparison.compare(figures)))
    return found


def opened(document: dict[str, Any]) -> Digest:
    return read_digest(json.dumps(document))
