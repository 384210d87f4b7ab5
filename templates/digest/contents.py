"""The digest's sections, in the order in which they stand on the page."""

from collections.abc import Callable
from typing import Final, NamedTuple

from surveys.messages import mark
from surveys.reports.digest import Digest
from templates.digest.sections.cases import cases
from templates.digest.sections.departures import departures
from templates.digest.sections.drivers import drivers
from templates.digest.sections.effectiveness import effectiveness
from templates.digest.sections.events import events
from templates.digest.sections.funnel import funnel
from templates.digest.sections.managers import managers
from templates.digest.sections.method import method
from templates.digest.sections.mirror import mirror
from templates.digest.sections.money import money
from templates.digest.sections.nps import nps
from templates.digest.sections.scorecard import section as scorecard
from templates.digest.sections.themes import themes
from templates.digest.sections.words import words
from templates.texts import Texts


class Section(NamedTuple):
    """A section: its page is ``pages/digest/<name>.html.j2``, where `shown` is called `name`."""

    name: str
    title: str
    """A message: the section's heading, and its line among the contents."""
    shown: Callable[[Texts, Digest], object]
    of_company: bool = False
    """Whether a digest of a part of the company leaves it out."""
    if_any: bool = False
    """Whether it stands only where the document's field of that name holds something."""

    @property
    def page(self) -> str:
        """The page that lays it out."""
        return f"digest/{self.name}.html.j2"


SECTIONS: Final = (
    Section("scorecard", mark("Scorecard"), scorecard),
    Section("effectiveness", mark("CRM effectiveness index"), effectiveness, of_company=True),
    Section("nps", mark("Net Promoter Score"), nps),
    Section("funnel", mark("Who answered"), funnel),
    Section("managers", mark("Managers"), managers),
    Section("mirror", mark("Self and customers"), mirror),
    Section("drivers", mark("What goes with recommending"), drivers),
    Section("events", mark("After events"), events, if_any=True),
    Section("themes", mark("What customers wrote about"), themes),
    Section("words", mark("Customers’ words"), words),
    Section("departures", mark("Why customers leave"), departures, of_company=True),
    Section("cases", mark("Cases"), cases, of_company=True),
    Section("money", mark("Money"), money, of_company=True),
    Section("method", mark("How this was computed"), method),
)


def sections_of(document: Digest) -> list[Section]:
    """Return the sections that a digest has."""
    return [
        one
        for one in SECTIONS
        if (document.part is None or not one.of_company)
        and (not one.if_any or getattr(document, one.name) is not None)
    ]
