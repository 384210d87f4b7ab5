"""`python -m tests.bench [NAME …]`: run every bench of this folder and print its ratios.

A bench is one module here with a function `bench() -> Iterable[Ratio]`. Absolute times depend on
the machine; a ratio of two medians measured in one run does not.
"""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
NO_BENCH = {"__init__", "__main__", "timing", "telegram", "bare_bot", "bare_page", "bots"}


def main(wanted: list[str]) -> None:
    """Run the benches named, or all."""
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NO_BENCH)
    for name in wanted or names:
        sys.stdout.write(f"{name}\n")
        for ratio in import_module(f"tests.bench.{name}").bench():
            sys.stdout.write(f"  {ratio}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
