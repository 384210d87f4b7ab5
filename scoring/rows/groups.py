"""Composition, early against late, and firms, from respondents' rows.

The digest computes the same from counts; here the analyst sees each respondent's weight or group.
All take the frame of `scoring.rows.frame.respondents` of the measure ``nps``.
"""

from collections.abc import Mapping

import pandas as pd

from scoring.changes import nonresponse
from scoring.estimates import composition, firms, nps
from scoring.estimates.composition import Stratum
from scoring.rows.frame import counted
from surveys.counts.recommending import nps_code
from surveys.reports.scores import FirmsScore


def composition_weights(scores: pd.DataFrame, delivered: Mapping[str, int]) -> pd.DataFrame:
    """Return the respondents to personal invitations with their stratum and weight.

    Columns: score, stratum (its segments, joined by " + "), weight (mean 1). `delivered`: segment
    → delivered personal invitations, "" of those without one. The weighted mean of the −1/0/+1
    codes is the weighted NPS of `composition.weighted`, whose errors are raised here too.
    """
    personal = scores[scores["personal"]]
    segments = personal["segment"].fillna("")
    strata = {
        name: Stratum(nps.counts_to_segments(counted(personal["score"][segments == name])), n)
        for name, n in delivered.items()
    }
    found = composition.weighted(strata)
    of = {name: part for part in found.parts for name in part.segments}
    kept = personal[segments.isin(of.keys())]
    names = segments[kept.index]
    return pd.DataFrame(
        {
            "score": kept["score"],
            "stratum": [" + ".join(of[name].segments) for name in names],
            "weight": [of[name].weight * found.n / of[name].answers for name in names],
        }
    )


def early_late(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the NPS of those who answered at once, of those reminded first, and the difference.

    Rows: early, late, difference; columns: value, low, high (points, 95 %), n. Imported answers
    have no invitation and are left out. Raises NotEnoughData below ten answers in either.
    """
    known = scores[scores["personal"] | (scores["touchpoint"] == "open")]
    groups = [counted(known["score"][known["late"] == late]) for late in (False, True)]
    found = nonresponse.apart(*groups)
    change, everybody = found.change, found.first.n + found.second.n
    rows = {
        "early": (found.first.nps, found.first.low, found.first.high, found.first.n),
        "late": (found.second.nps, found.second.low, found.second.high, found.second.n),
        "difference": (change.difference, change.low, change.high, everybody),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high", "n"])
    return table.astype({"n": "int64"})


def by_firm(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the firms with their answers and NPS, most answers first: columns n, score."""
    known = scores.dropna(subset="account_id")
    codes = known["score"].map(nps_code)
    grouped = codes.groupby(known["account_id"].astype("int64"))
    found = pd.DataFrame({"n": grouped.size(), "score": nps.POINTS * grouped.mean()})
    return found.sort_values(["n", "score"], ascending=False, kind="stable")


def clustered(scores: pd.DataFrame) -> FirmsScore:
    """Return the NPS with colleagues taken into account; NotEnoughData below ten firms."""
    known = scores.dropna(subset="account_id")
    grouped = known.groupby(known["account_id"].astype("int64"))["score"]
    return firms.firms({int(str(firm)): counted(given) for firm, given in grouped})
