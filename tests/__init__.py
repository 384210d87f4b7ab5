"""Tests, benches and proofs; all of them start here, before anybody imports numpy."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does (bot/cli/main.py)
