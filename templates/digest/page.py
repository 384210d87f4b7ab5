"""The digest as one self-contained HTML page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from surveys.messages import Language
from surveys.reports.digest import Digest
from templates.digest.headline import evidence, headline, unfinished
from templates.digest.moved import moved
from templates.digest.part import titled, told
from templates.digest.sections import SECTIONS, sections_of
from templates.rendering import environment, style
from templates.texts import Texts


def render_digest(document: Digest, language: Language) -> str:
    """Return the page."""
    texts = Texts(language)
    css, digest_of_css = style("digest/digest.css")
    page = environment().get_template("digest/digest.html.j2")
    return page.render(
        _=texts,
        plural=texts.plural,
        percent=texts.percent,
        language=language,
        css=css,
        css_digest=digest_of_css,
        company=document.company,
        period=texts.period(document.period.key),
        previous=texts.period(document.previous.key),
        days=_days(texts, document),
        generated=texts.moment(document.generated_at, document.zone),
        zone=document.zone,
        headline=headline(texts, document),
        unfinished=unfinished(texts, document),
        evidence=evidence(texts, document),
        moved=moved(texts, document),
        part=titled(texts, document.part),
        part_told=told(texts, document.part),
        pages=[section.page for section in sections_of(document)],
        **{section.name: section.shown(texts, document) for section in SECTIONS},
    )


def _days(texts: Texts, document: Digest) -> str:
    """Name the first and the last day; the end of a period is exclusive."""
    first = _day(texts, document, document.period.start)
    last = _day(texts, document, document.period.end - timedelta(microseconds=1))
    return f"{first} — {last}"


def _day(texts: Texts, document: Digest, moment: datetime) -> str:
    return texts.date(moment.astimezone(ZoneInfo(document.zone)).date())
