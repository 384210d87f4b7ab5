#!/usr/bin/env bash
# pyDecision 5.1.8: the consistency ratio of two criteria is not a number.
#
# Expected: 0, for one judgement contradicts nothing, as the matrix of three below that no judgement
# contradicts. `nan <= 0.10` is false, so a program that asks for consistency in the usual way turns
# every expert away who compares two criteria.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check pydecision==5.1.8

"$folder/venv/bin/python" - >"$folder/seen" 2>/dev/null <<'PY'
import numpy as np
from pyDecision.algorithm import ahp_method

for judged in ([[1, 3], [1 / 3, 1]], [[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]]):
    weights, ratio = ahp_method(np.array(judged), wd="g")
    print([round(float(weight), 3) for weight in weights], abs(round(float(ratio), 3)), bool(ratio <= 0.10))
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN' && echo "as stated"
[0.75, 0.25] nan False
[0.571, 0.286, 0.143] 0.0 True
SEEN
