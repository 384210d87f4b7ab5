"""The JSON Schema of digest.json, published beside it: ``python -m surveys.reports.schema``.

It is made from the dataclasses and kept as a file, so that a change of it is seen. A field may be
added within a format; what is taken away or means something else raises `FORMAT`, whose schema is
another file.
"""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from surveys.reports.digest import FORMAT, Digest

PUBLISHED: Final = Path(__file__).with_name(f"digest-{FORMAT}.schema.json")


def published() -> str:
    """Return the schema as it is published."""
    return PUBLISHED.read_text(encoding="utf-8")


def generated() -> str:
    """Return the schema of what `as_json.written` writes: every field is there."""
    schema: dict[str, Any] = TypeAdapter(Digest).json_schema(mode="serialization")
    schema["properties"]["format"] = {"const": FORMAT}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:otklik:digest:{FORMAT}",
        "title": f"Otklik digest, format {FORMAT}",
    }
    whole = {**head, **{name: part for name, part in schema.items() if name != "title"}}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(generated(), encoding="utf-8")
