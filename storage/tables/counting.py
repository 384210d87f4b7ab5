"""What was counted before and still holds."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from storage.engine.columns import CleanText, Moment, metadata

kept_figures = Table(
    "kept_figures",
    metadata,
    Column("figure", CleanText, nullable=False),
    # The moments between which it counts, as a JSON list.
    Column("moments", CleanText, nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    # JSON; NULL while it is being counted.
    Column("cells", CleanText),
    PrimaryKeyConstraint("figure", "moments"),
    Index(None, "end_at"),
    comment="Counts of answers given from start_at until end_at. Triggers on answers, invitations "
    "and questions delete what does not hold any more; nobody else has to think of it.",
)
