"""How much a bench does: in earnest, or only to show that it runs."""

from dataclasses import dataclass

from tests.bench.bots import forked
from tests.bench.company import Shape
from tests.bench.timing import Spent, spent


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of what is measured, and how often."""

    rounds: int
    chats: int
    taps: int
    messages: int
    launched: int
    listed: int
    answered: int
    pushed: int
    pages: int
    posts: int
    starts: int
    lists: int
    """How often a list or a file of past answers is taken, which is long."""
    compared: int
    managers: int
    large: Shape
    larger: Shape
    moved: Shape
    """The company that is compared on both engines."""

    def spent(self, module: str, *arguments: str, **environment: str) -> Spent:
        """Run a program to its end; for a smoke test it is forked instead of started."""
        run = forked if self.smoke else spent
        return run(module, *arguments, **environment)

    @property
    def smoke(self) -> bool:
        """Tell whether nothing is measured in earnest."""
        return self.rounds == 1


EARNEST = Scale(
    rounds=3,
    chats=64,
    taps=640,
    messages=300,
    launched=100_000,
    listed=100_000,
    answered=166_667,
    pushed=500,
    pages=1_500,
    posts=256,
    starts=3,
    lists=2,
    compared=9,
    managers=50,
    large=Shape(),
    larger=Shape(months=36),
    moved=Shape(people=10_000),
)
SMOKE = Scale(
    rounds=1,
    chats=8,
    taps=16,
    messages=8,
    launched=50,
    listed=20,
    answered=20,
    pushed=8,
    pages=8,
    posts=8,
    starts=1,
    lists=1,
    compared=1,
    managers=5,
    large=Shape(people=150, months=2),
    larger=Shape(people=150, months=3),
    moved=Shape(people=150, months=2),
)
