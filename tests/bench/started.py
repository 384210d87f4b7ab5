"""`python tests/bench/started.py MODULE …`: runs a module, and writes what it took.

A program's peak of memory counts that of the process which started it. A bench that has held a
large company would lend its own to every program after it, so this small process starts them.
"""

import resource
import subprocess
import sys


def main() -> None:
    """Write the module's exit code, its CPU seconds with its children's, and megabytes at most."""
    run = [sys.executable, "-m", *sys.argv[1:]]
    ended = subprocess.run(run, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    sys.stdout.write(f"{ended.returncode} {seconds} {megabytes}\n")


if __name__ == "__main__":
    main()
