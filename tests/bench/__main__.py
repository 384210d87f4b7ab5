"""`python -m tests.bench [--smoke] [NAME …]`: ratios measured in one run, written to out/bench.md.

A bench is one module here with a function `bench(scale) -> Iterable[Ratio]`. Absolute times depend
on the machine; a ratio of two medians measured in turns does not. `--smoke` measures next to
nothing and shows that every row can be measured.
"""

import argparse
import compileall
import gc
import os
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from time import monotonic

from tests.bench.scale import EARNEST, SMOKE, Scale
from tests.bench.timing import Ratio

BENCHES = (
    "taps", "webhook", "web", "broadcast", "launch", "people", "history", "startup",
    "commands", "report", "digest", "scorecard", "postgresql", "replicas",
)  # fmt: skip
HEAD = "| what | against | ratio | least–greatest | amounts | target |\n|---|---|---|---|---|---|\n"
TOOK = "| bench | rows | seconds |\n|---|---|---|\n"
"""The rows of one bench are measured in turns with each other, so only all of them have a time."""


def main(arguments: list[str], out: Path | None = None) -> None:
    """Run the benches named, or all, and write their rows, and how long each bench took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--smoke", action="store_true", help="measure next to nothing")
    given = parser.parse_args(arguments)
    scale = SMOKE if given.smoke else EARNEST
    if not given.smoke:
        _compile()
    rows: list[str] = []
    took, begun = list[str](), monotonic()
    for name in given.benches or BENCHES:
        sys.stdout.write(f"{name}\n")
        before, since = len(rows), monotonic()
        for ratio in _measured(name, scale):
            sys.stdout.write(f"  {ratio}\n")
            sys.stdout.flush()
            rows.append(ratio.row())
        took.append(f"| {name} | {len(rows) - before} | {monotonic() - since:.0f} |")
        whole = f"| all | {len(rows)} | {monotonic() - begun:.0f} |"
        _write(out or Path(os.environ.get("OUT", "out")), rows, [*took, whole])


def _write(folder: Path, rows: Sequence[str], took: Sequence[str]) -> None:
    """Write what there is so far: a bench that fails takes no other's rows along."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = [HEAD + "\n".join(rows), TOOK + "\n".join(took)]
    (folder / "bench.md").write_text("\n\n".join(tables) + "\n", encoding="utf-8")


def _compile() -> None:
    """Compile what is not: whoever has installed the program starts what was compiled then.

    What is started keeps its compiled pages as well, which a shell may have told it not to.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for folder in (sysconfig.get_path("purelib"), Path(__file__).parents[2]):
        compileall.compile_dir(folder, quiet=2)


def _measured(name: str, scale: Scale) -> Iterator[Ratio]:
    yield from import_module(f"tests.bench.{name}").bench(scale)
    gc.collect()


if __name__ == "__main__":
    main(sys.argv[1:])
