"""The digest as a page, a short message and plain text, from its document alone."""

from templates.texts import Texts


def answers(texts: Texts, n: int) -> str:
    """Count answers in words."""
    return texts.plural("{n} answer", "{n} answers", n)
