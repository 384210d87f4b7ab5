#!/usr/bin/env bash
# phonenumbers 9.0.43, region RU: `PhoneNumberMatcher` over a cell with two numbers between which
# stands nothing but a blank. In the form with spaces it finds neither; with the code in brackets it
# finds the second only, without its leading 8; in the international form, or with a comma between
# them, it finds both.
#
# Expected: the same two numbers however they are written; lists of customers hold all these forms.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check phonenumbers==9.0.43

"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from phonenumbers import PhoneNumberMatcher

for cell in (
    "8 912 000-00-01 8 912 000-00-02",
    "8 (912) 000-00-01 8 (912) 000-00-02",
    "8 912 000-00-01, 8 912 000-00-02",
    "+7 912 000-00-01 +7 912 000-00-02",
):
    print(cell, "->", [found.raw_string for found in PhoneNumberMatcher(cell, "RU")])
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN' && echo "as stated"
8 912 000-00-01 8 912 000-00-02 -> []
8 (912) 000-00-01 8 (912) 000-00-02 -> ['(912) 000-00-02']
8 912 000-00-01, 8 912 000-00-02 -> ['8 912 000-00-01', '8 912 000-00-02']
+7 912 000-00-01 +7 912 000-00-02 -> ['+7 912 000-00-01', '+7 912 000-00-02']
SEEN
