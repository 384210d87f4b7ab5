#!/usr/bin/env bash
# python-calamine 0.9.1: a table that begins in C4 comes from `iter_rows()` with the empty rows above
# it and without the empty columns beside it. `to_python()` leaves both out, and with
# `skip_empty_area=False` keeps both; `start`, `height` and `width` tell of the table alone.
#
# Expected: `iter_rows()` agrees with `to_python()`, one way or the other. As it is, adding the row of
# `start` to a row's place in `iter_rows()`, which is right for `to_python()`, counts the rows above
# twice: "line 9" for a cell in row 6.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check python-calamine==0.9.1 xlsxwriter==3.3.1

"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from io import BytesIO

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

file = BytesIO()
book = Workbook(file)
sheet = book.add_worksheet()
sheet.write_row(3, 2, ["id", "score"])
sheet.write_row(4, 2, ["C1", "9"])
book.close()
file.seek(0)
table = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
print("start", table.start, "height", table.height, "width", table.width)
print("iter_rows", list(table.iter_rows()))
print("to_python", table.to_python())
print("whole    ", table.to_python(skip_empty_area=False))
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN' && echo "as stated"
start (3, 2) height 2 width 2
iter_rows [['', ''], ['', ''], ['', ''], ['id', 'score'], ['C1', '9']]
to_python [['id', 'score'], ['C1', '9']]
whole     [['', '', '', ''], ['', '', '', ''], ['', '', '', ''], ['', '', 'id', 'score'], ['', '', 'C1', '9']]
SEEN
