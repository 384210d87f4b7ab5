#!/usr/bin/env bash
# price-parser 0.5.1 leaves out what a number is counted in: a billion is 2, and its currency is
# the letter «р» out of the word «млрд».
#
# Expected of sums as directors type them on a phone: «1,5 млн» is 1,500,000 or nothing; a number a
# million times too small, without a word, is the worst of the three answers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check price-parser==0.5.1

"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from price_parser import Price

for typed in ["1 234 567,50 ₽", "300 тыс. руб.", "1,5 млн", "2 млрд", "1.5m"]:
    price = Price.fromstring(typed)
    print(f"{typed}: {price.amount} {price.currency}")
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN' && echo "as stated"
1 234 567,50 ₽: 1234567.50 ₽
300 тыс. руб.: 300 руб.
1,5 млн: 1.5 None
2 млрд: 2 р
1.5m: 1.5 None
SEEN
