"""Digest pages for the tests: documents computed from the samples, and a reader of their HTML."""

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

from surveys.counts.figures import DigestFigures
from surveys.messages import Language
from templates.digest import headline as sentences
from templates.digest import message, page
from templates.texts import Texts
from tests.scoring.reports import digest_companies as companies
from tests.scoring.reports import digest_samples as samples
from tests.scoring.reports.documents import digest, opened

SAMPLES = ("rich", "sparse", "empty")
COMPANIES = ("single", "promoters", "ten", "crowd")


@cache
def document(name: str, language: Language) -> dict[str, Any]:
    figures: dict[str, Callable[[], DigestFigures]] = {
        "rich": lambda: samples.rich(language),
        "sparse": lambda: samples.sparse(language),
        "empty": samples.empty,
        "single": companies.single,
        "promoters": companies.promoters,
        "ten": lambda: companies.with_managers(10, language),
        "crowd": lambda: companies.with_managers(200, language),
    }
    return digest(figures[name](), samples.NOW, language)


def render_digest(document: dict[str, Any], language: Language) -> str:
    return page.render_digest(opened(document), language)


def render_summary(document: dict[str, Any], language: Language) -> str:
    return message.render_summary(opened(document), language)


def render_text(document: dict[str, Any], language: Language) -> str:
    return message.render_text(opened(document), language)


def headline(texts: Texts, document: dict[str, Any]) -> str:
    return sentences.headline(texts, opened(document))


def evidence(texts: Texts, document: dict[str, Any]) -> str:
    return sentences.evidence(texts, opened(document))


def places(
    value: dict[str, Any] | list[Any], path: tuple[Any, ...] = ()
) -> Iterator[tuple[Any, ...]]:
    """Walk to every text that people wrote: names, labels and words."""
    items: Iterable[tuple[Any, Any]] = (
        value.items() if isinstance(value, dict) else enumerate(value)
    )
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))
        elif key in {"company", "name", "label", "text", "question"} and isinstance(inner, str):
            yield (*path, key)


def with_words(base: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the document with `text` in every place that people write."""
    changed = copy.deepcopy(base)
    for *path, last in places(base):
        inner: Any = changed
        for key in path:
            inner = inner[key]
        inner[last] = text
    return changed


class Page(HTMLParser):
    """Counts the elements and attributes of a page and gathers its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: Counter[tuple[str, str]] = Counter()
        self.values: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.declarations: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes.update((tag, name) for name, _ in attrs)
        self.values += attrs

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.elements[f"comment {data}"] += 1

    def handle_pi(self, data: str) -> None:
        self.elements[f"instruction {data}"] += 1

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)
