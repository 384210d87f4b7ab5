"""How somebody is greeted: by first name where a list tells it apart, else without a name."""

from templates.texts import Texts


def hello(texts: Texts, first_name: str | None) -> str:
    """Return the greeting at the beginning of a message; the name stands undeclined."""
    return texts("Hello, {name}!", name=first_name) if first_name else texts("Hello!")
