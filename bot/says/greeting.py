"""How somebody is greeted: by first name where a list tells it apart, else without a name."""

from surveys.survey.placeholders import in_sentence
from templates.texts import Texts


def hello(texts: Texts, first_name: str | None) -> str:
    """Return the greeting at the beginning of a message; the name stands undeclined."""
    return texts("Hello, {name}!", name=first_name) if first_name else texts("Hello!")


def asks_opinion(texts: Texts, company: str) -> str:
    """Say who asks; a company that has no name yet is not named, nor quoted."""
    if not company:
        return texts("We would like to know your opinion.")
    named = in_sentence(company, texts.language)
    return texts("{company} would like to know your opinion.", company=named)
