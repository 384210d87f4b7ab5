"""The digest's section of cases: how soon somebody responds, how many end well."""

from scoring.estimates.medians import median_with_interval
from scoring.reports.digest_measures import share
from surveys.counts.casework import CaseCounts
from surveys.reports.casework import Casework


def casework(counts: CaseCounts | None) -> Casework | None:
    """Return the section; None where no cases were counted, as in figures of earlier versions."""
    if counts is None:
        return None
    return Casework(
        until=counts.until,
        opened=counts.opened,
        resolved=counts.resolved,
        open=counts.open,
        overdue=counts.overdue,
        response=median_with_interval(counts.waits, counts.opened - len(counts.waits)),
        resolved_share=share(counts.resolved, counts.opened),
        asked=counts.asked,
        recovered=counts.recovered,
        unanswered=counts.asked - counts.recovered - counts.not_recovered,
        recovered_share=share(counts.recovered, counts.asked),
    )
