"""The files of a digest, computed in a process of its own, once for all who get the same."""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.jobs.making import Work
from bot.jobs.own_process import in_own_process
from bot.private_files import make_folder
from scoring.reports.moved import kept
from storage.sending import errands
from surveys.campaign.schedule import period_of_slot
from surveys.messages import Language
from surveys.reports.as_json import read_digest, written
from surveys.reports.digest import Digest
from surveys.reports.scope import COMPANY, Scope

SHARED: timedelta = timedelta(hours=12)
"""For this long a planned document serves everybody who gets the same one."""
KINDS = ("digest", "own_card")
FILES = ("digest.json", "digest.html", "digest.png")


@dataclass(frozen=True, slots=True)
class WantedDigest:
    """Which digest: two of the same period, scope, language and zone are one document."""

    period: str
    scope: Scope
    language: Language
    zone: str
    against: str | None = None

    @property
    def name(self) -> str:
        """Return one text for the same document."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def command(self, folder: Path) -> list[str]:
        """Return the command that makes it."""
        asked = ["digest", "--period", self.period, "--zone", self.zone, "--folder", str(folder)]
        if self.against is not None:
            asked += ["--against", self.against]
        parts = {"segment": self.scope.segment, "team": self.scope.team}
        parts["campaign"] = None if self.scope.campaign is None else str(self.scope.campaign)
        for option, value in parts.items():
            if value is not None:
                asked.append(f"--{option}={value}")
        return asked


def wanted_by(work: Work) -> WantedDigest:
    """Return the digest that was asked for, or the one that a slot is about."""
    given, slot, language = work.errand.parameters, work.errand.slot, work.texts.language
    if slot is None:
        zone = work.space.zone
        return WantedDigest(given["period"], COMPANY, language, zone, given.get("against"))
    period = period_of_slot(given["frequency"], slot, given["zone"]).key
    return WantedDigest(period, Scope(**given.get("scope", {})), language, given["zone"])


@dataclass(frozen=True, slots=True)
class DigestFiles:
    """A digest that lies in its errand's folder; `mark` is the same while nothing is new."""

    wanted: WantedDigest
    folder: Path
    document: Digest

    @property
    def mark(self) -> str:
        """Return a text that only another period or other figures change."""
        bare = replace(kept(self.document), generated_at=self.document.period.start)
        return hashlib.sha256(written(bare).encode()).hexdigest()

    @property
    def details(self) -> dict[str, Any]:
        """Return what is noted of it, so that later ones know it."""
        return {"document": self.wanted.name, "mark": self.mark}


async def digest_files(work: Work, wanted: WantedDigest) -> DigestFiles | None:
    """Put a digest's files into the errand's folder; None where it cannot be made.

    A planned one is taken from whoever got the same within twelve hours.
    """
    folder = work.folder("digests")
    shared = work.errand.slot is not None and await _shared(work, wanted, folder)
    if not shared and await in_own_process(work, *wanted.command(folder)) is None:
        return None
    text = (folder / FILES[0]).read_text(encoding="utf-8")
    return DigestFiles(wanted, folder, read_digest(text))


async def _shared(work: Work, wanted: WantedDigest, folder: Path) -> bool:
    """Copy the files of the same document, where somebody has them."""
    async with work.database.reading() as reader:
        noted = [await errands.details_since(reader, kind, work.now - SHARED) for kind in KINDS]
    for number, details in {**noted[0], **noted[1]}.items():
        if details.get("document") != wanted.name or number == work.errand.id:
            continue
        files = [folder.parent / str(number) / name for name in FILES]
        if all(file.is_file() for file in files):
            make_folder(folder)
            for file in files:
                shutil.copy2(file, folder / file.name)
            return True
    return False
