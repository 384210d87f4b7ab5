"""The frame of answers: one row an answer, as a digest counts it, and what is drawn from it.

docs/method.md explains each column and recomputes a digest's figures from such a frame.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd

from scoring.errors import BadInput
from surveys.counts.rows import AnswerRow
from surveys.messages import mark

Frame = pd.DataFrame
COLUMNS: Final[Mapping[str, str]] = {
    "respondent": "int64",
    "month": "str",
    "answered_at": "datetime64[us, UTC]",
    "measure": "str",
    "item": "str",
    "score": "float64",
    "items": "int64",
    "points": "int64",
    "manager_id": "Int64",
    "segment": "str",
    "touchpoint": "str",
    "channel": "str",
    "account_id": "Int64",
    "late": "bool",
    "by_manager": "bool",
    "personal": "bool",
}
"""Column → type, as `surveys.counts.rows.AnswerRow` explains them; unknown values are missing."""
GROUPS: Final = ("manager_id", "segment", "touchpoint", "channel", "account_id")
HOW: Final = ("late", "by_manager", "personal")


def frame(rows: Iterable[AnswerRow]) -> pd.DataFrame:
    """Return the answers with `COLUMNS`, in their order."""
    given = pd.DataFrame.from_records(list(rows), columns=list(COLUMNS))
    return given.astype(dict(COLUMNS))


def table(columns: Mapping[str, Sequence[float | None]]) -> pd.DataFrame:
    """Return a frame of numbers, a row for each respondent; None is missing."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise BadInput(
            field="columns",
            problem=mark("have different numbers of rows: {lengths}"),
            lengths=sorted(lengths),
        )
    return pd.DataFrame(dict(columns), dtype="float64")


def respondents(answers: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return who answered a measure completely, by respondent.

    Columns: score (0–10 of nps, else the mean of the items on 0–100), `GROUPS` and `HOW`, those of
    the respondent's latest answer.
    """
    of_measure = answers[answers["measure"] == measure].sort_values(
        "answered_at", kind="stable", na_position="first"
    )
    grouped = of_measure.groupby("respondent")
    found = pd.DataFrame(grouped[[*GROUPS, *HOW]].nth(-1))
    found.index = pd.Index(of_measure.loc[found.index, "respondent"], name="respondent")
    found.insert(0, "score", grouped["score"].mean().round(10))
    complete = grouped["item"].size() == grouped["items"].last()
    whole = complete.index[complete]
    return found.loc[sorted(whole)]


def by_item(answers: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return respondents × items of a measure, the scores in the cells, what is missing as NaN."""
    of_measure = answers[answers["measure"] == measure]
    return of_measure.pivot_table(index="respondent", columns="item", values="score")


def counted(scores: "pd.Series[float]") -> dict[float, int]:
    """Return score → how many gave it: what the statistics of counts take."""
    found = scores.value_counts().sort_index()
    return {float(str(score)): int(count) for score, count in found.items()}
