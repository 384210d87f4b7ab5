"""Where the tests' Chromium is, and how it is started: without network traffic of its own."""

from pathlib import Path
from typing import Literal

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",  # no WebGL is looked at
    "--in-process-gpu",  # a process less
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A process more for each page, and two pages more for each window: nobody types an address.
    "--disable-features=SpareRendererForSitePerProcess,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
"""What a page's reader may have chosen; an open page changes with it."""
