#!/usr/bin/env bash
# pingouin 0.7.0: `cronbach_alpha` counts rows in which nobody answered anything. Alpha itself stays,
# its confidence interval shrinks as if those people had answered, also with `nan_policy="listwise"`.
#
# Expected: thirty people who answered and three hundred who did not give the interval of thirty.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check pingouin==0.7.0

"$folder/venv/bin/python" - >"$folder/seen" 2>/dev/null <<'PY'
from random import Random

import pandas as pd
from pingouin import cronbach_alpha

dice = Random(7)
people = [dice.gauss(0, 1) for _ in range(30)]
answered = pd.DataFrame([[person + dice.gauss(0, 1) for _ in range(4)] for person in people])
silent = pd.DataFrame([[float("nan")] * 4 for _ in range(300)])
everybody = pd.concat([answered, silent], ignore_index=True)


def shown(title, table, policy):
    alpha, (low, high) = cronbach_alpha(table, nan_policy=policy)
    print(f"{title}, {policy}: {alpha:.2f} from {low:.2f} to {high:.2f}")


shown("30 who answered", answered, "pairwise")
shown("and 300 who did not", everybody, "pairwise")
shown("and 300 who did not", everybody, "listwise")
shown("the 30 of them", everybody.dropna(), "listwise")
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN' && echo "as stated"
30 who answered, pairwise: 0.73 from 0.53 to 0.86
and 300 who did not, pairwise: 0.73 from 0.68 to 0.77
and 300 who did not, listwise: 0.73 from 0.68 to 0.77
the 30 of them, listwise: 0.73 from 0.53 to 0.86
SEEN
