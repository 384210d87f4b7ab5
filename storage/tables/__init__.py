"""Every table. The migrations make them; a test holds both together."""

from storage.engine.columns import metadata
from storage.tables import (
    audit,
    cases,
    counting,
    delivery,
    errands,
    events,
    facts,
    groups,
    imports,
    people,
    privacy,
    replicas,
    sessions,
    surveys,
    upkeep,
    weights,
)

__all__ = [
    "audit",
    "cases",
    "counting",
    "delivery",
    "errands",
    "events",
    "facts",
    "groups",
    "imports",
    "metadata",
    "people",
    "privacy",
    "replicas",
    "sessions",
    "surveys",
    "upkeep",
    "weights",
]
