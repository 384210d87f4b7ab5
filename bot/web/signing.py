"""Signatures on what the pages hand out: they believe it only when it comes back unchanged."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

_NONCE_BYTES = 9
_SIGNATURE_BYTES = 15
_PROOF_BYTES = 9
_TOKEN_LENGTH = 32


def new_nonce() -> str:
    """Return a random word that tells one form from every other."""
    return secrets.token_urlsafe(_NONCE_BYTES)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with a key that only the running program knows."""

    key: bytes

    def form(self, token: str, nonce: str = "") -> str:
        """Return what a page's form carries to show that it is ours, and of this link."""
        nonce = nonce or new_nonce()
        return f"{nonce}.{self._signed('form', token, nonce)[: _SIGNATURE_BYTES * 4 // 3]}"

    def is_form(self, token: str, given: str) -> bool:
        """Tell whether a form is ours, and of this link."""
        nonce = given.partition(".")[0]
        return hmac.compare_digest(self.form(token, nonce).encode(), given.encode())

    def refusal(self, token: str, body: str) -> str:
        """Return what shows that a refusal that a browser keeps is ours, and of this link."""
        return self._signed("refusal", token, body)[: _SIGNATURE_BYTES * 4 // 3]

    def is_refusal(self, token: str, body: str, signature: str) -> bool:
        """Tell whether a refusal is ours, and of this link."""
        return hmac.compare_digest(self.refusal(token, body).encode(), signature.encode())

    def newcomer(self, token: str, form: str) -> str:
        """Return the personal token for the newcomer of an open link's form, always the same."""
        return self._signed("newcomer", token, form)[:_TOKEN_LENGTH]

    def proof(self, invitation_id: int, question: str, answer: str) -> str:
        """Return what shows that whoever has it gave this answer themselves."""
        signed = self._signed("answer", str(invitation_id), question, answer)
        return signed[: _PROOF_BYTES * 4 // 3]

    def _signed(self, *parts: str) -> str:
        text = "\0".join(parts).encode(errors="replace")
        return urlsafe_b64encode(hmac.digest(self.key, text, "sha256")).decode().rstrip("=")


def signer_of(secret: str) -> Signer:
    """Return the signer whose key follows from a secret of the installation."""
    return Signer(sha256(b"otklik pages\0" + secret.encode()).digest())
