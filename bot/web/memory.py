"""What a browser keeps for us: which answers were given in it, and an anonymous sheet's handle.

One cookie, for the pages of one link only. Another browser has none, so it is shown nothing that
was answered elsewhere; and whoever has the database alone finds no handle.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.web.signing import Signer

COOKIE = "otklik"
_HANDLE = re.compile(r"[A-Za-z0-9_-]{10,22}")
_PROOF = re.compile(r"[A-Za-z0-9_-]{12}")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Memory:
    """A browser's memory: `proofs` of answers given in it, the `handle` of an anonymous sheet."""

    handle: str = ""
    proofs: frozenset[str] = frozenset()

    def written(self) -> str:
        """Return it as a cookie's value."""
        return ".".join([self.handle, *sorted(self.proofs)])


def read(value: str) -> Memory:
    """Return what a cookie holds; whatever is not as we write it is left out."""
    handle, *proofs = value.split(".")
    found = frozenset(proof for proof in proofs[:_MOST] if _PROOF.fullmatch(proof))
    return Memory(handle if _HANDLE.fullmatch(handle) else "", found)


def with_answer(
    memory: Memory, signer: Signer, invitation_id: int, answers: Mapping[str, str], given: str
) -> frozenset[str]:
    """Return the proofs after the question `given` was answered in this browser.

    `answers` are those of the invitation now, as JSON; proofs of replaced answers are dropped.
    """
    proofs = {key: signer.proof(invitation_id, key, value) for key, value in answers.items()}
    return frozenset(
        proof for key, proof in proofs.items() if key == given or proof in memory.proofs
    )
