"""Every table. The migrations make them; a test holds both together."""

from storage.columns import metadata
from storage.tables import delivery, imports, people, surveys

__all__ = ["delivery", "imports", "metadata", "people", "surveys"]
