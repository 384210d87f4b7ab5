"""What can go wrong in scoring. Every message says what is missing or wrong."""


class ScoringError(Exception):
    """The root of every error this package raises."""


class NotEnoughData(ScoringError):
    """Too few answers for an honest figure: `have` of the `needed` ones, of `what`."""

    def __init__(self, *, what: str, needed: int, have: int) -> None:
        self.what = what
        self.needed = needed
        self.have = have
        super().__init__(f"{what}: at least {needed} needed, {have} given")


class BadInput(ScoringError):
    """A value that no formula may take: `field` names it, `problem` says what is expected."""

    def __init__(self, *, field: str, problem: str) -> None:
        self.field = field
        self.problem = problem
        super().__init__(f"{field}: {problem}")
