"""The digest as one self-contained HTML page."""

from typing import TYPE_CHECKING, NamedTuple

from surveys.messages import Language
from surveys.reports.digest import Digest
from templates.digest.contents import SECTIONS, sections_of
from templates.digest.headline import evidence, first_and_last, headline, unfinished
from templates.digest.moved import moved
from templates.digest.nothing import nothing
from templates.digest.part import titled, told
from templates.rendering import environment, style
from templates.texts import Texts

if TYPE_CHECKING:
    from templates.live.bar import LiveBar, OfferedParts


class Live(NamedTuple):
    """Where the digest's page is, and what it can be narrowed down by."""

    path: str
    offered: "OfferedParts"
    against: str | None = None
    """The period that was chosen to be compared with; None: the one before."""


def policy(framed_by: str = "'none'") -> str:
    """Return the content security policy of a live digest."""
    styles = " ".join(f"'{style(name)[1]}'" for name in ("digest/digest.css", "digest/bar.css"))
    return (
        f"default-src 'none'; style-src {styles}; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {framed_by}"
    )


def render_digest(document: Digest, language: Language, live: Live | None = None) -> str:
    """Return the page; one that is `live` has a bar with the ways on and a filter."""
    texts = Texts(language)
    css, digest_of_css = style("digest/digest.css")
    bar_css, digest_of_bar = style("digest/bar.css")
    part, period = document.part, document.period.key
    page = environment().get_template("digest/digest.html.j2")
    return page.render(
        _=texts,
        plural=texts.plural,
        percent=texts.percent,
        language=language,
        css=css,
        css_digest=digest_of_css,
        bar=None if live is None else _bar(texts, document, live),
        bar_css=bar_css,
        bar_digest=digest_of_bar,
        company=document.company,
        period=texts.period(period),
        previous=texts.period(document.previous.key),
        days=texts.days(*first_and_last(document)),
        generated=texts.moment(document.generated_at, document.zone),
        zone=document.zone,
        headline=headline(texts, document),
        unfinished=unfinished(texts, document),
        evidence=evidence(texts, document),
        moved=moved(texts, document),
        part=titled(texts, part),
        part_told=told(texts, part),
        nothing=nothing(texts, document),
        sections=sections_of(document),
        **{section.name: section.shown(texts, document) for section in SECTIONS},
    )


def _bar(texts: Texts, document: Digest, live: Live) -> "LiveBar":
    from templates.live.bar import bar  # noqa: PLC0415 - only a live page has one

    key = document.period.key
    return bar(texts, live.path, key, document.part, live.offered, live.against)
