#!/usr/bin/env bash
# resvg-py 0.5.0 leaves out every letter, without an error, where no file that it was given has the
# drawing's family under exactly that name: «DejaVu Sans Condensed» beside the file of «DejaVu Sans», or the
# generic `sans-serif`.
#
# Expected: the only font there is, which has every letter, or an error. As it is, a chart without
# one word or number is sent as if it were whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check resvg-py==0.5.0
# For one of its fonts.
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps matplotlib==3.11.2

"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from importlib.util import find_spec
from pathlib import Path

from resvg_py import svg_to_bytes

LETTERS = '<text x="5" y="30" font-size="20" font-family="{}">NPS: +30 из 100</text>'
PAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50">{}</svg>'
package = Path(find_spec("matplotlib").origin).parent
font = str(package / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf")


def drawn(words):
    page = PAGE.format(words)
    return bytes(svg_to_bytes(svg_string=page, skip_system_fonts=True, font_files=[font]))


empty = drawn("")
for family in ("DejaVu Sans", "DejaVu Sans Condensed", "sans-serif"):
    print(family, "nothing" if drawn(LETTERS.format(family)) == empty else "letters", sep=": ")
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN' && echo "as stated"
DejaVu Sans: letters
DejaVu Sans Condensed: nothing
sans-serif: nothing
SEEN
