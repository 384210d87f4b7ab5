"""Every table. The migrations make them; a test holds both together."""

from storage.engine.columns import metadata
from storage.tables import delivery, events, imports, people, surveys, upkeep

__all__ = ["delivery", "events", "imports", "metadata", "people", "surveys", "upkeep"]
