"""How somebody is greeted: by the first name where a list says which word it is, else by none."""

from templates.texts import Texts


def hello(texts: Texts, first_name: str | None) -> str:
    """Return the greeting that a message to somebody begins with; the name as it is."""
    return texts("Hello, {name}!", name=first_name) if first_name else texts("Hello!")
