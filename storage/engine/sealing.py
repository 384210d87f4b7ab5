"""Sealing: encrypting what only the running program may read, even in the log or a copy.

Keys stand in a file of their own beside the database, which no copy takes along. Each is replaced
as soon as what it sealed has been released, and what an older log or snapshot still holds under it
is then unreadable for good. AES-GCM with a random nonce; the length is rounded up, since it would
tell how much somebody wrote.
"""

import fcntl
import hashlib
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import DatabaseUnwritable, SealBroken
from surveys.messages import reason_of

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SHORTEST = 1024
_SEALED = b"\x01"
"""The prefix of what is sealed, so that it cannot be taken for JSON."""


class Keys:
    """The keys of one database, the present one last; the file is made with the first seal.

    `spent`: something under the present key was released. Where the file is shared with other
    programs it is read each time, and changed by one at a time.
    """

    def __init__(self, path: Path, *, is_shared: bool = False) -> None:
        self.path = path
        self._is_shared = is_shared
        self._keys: list[bytes] | None = None
        self.spent = path.exists()

    def seal(self, data: bytes) -> bytes:
        """Seal JSON under the present key, which is on disk when this returns.

        Raises DatabaseUnwritable.
        """
        if not self._known():
            self.renew()
        return _sealed(self._known()[-1], data)

    def opened(self, sealed: bytes) -> bytes:
        """Return what was sealed; raises SealBroken where its key is not here."""
        for key in reversed(self._known()):
            try:
                return _opened(key, sealed)
            except SealBroken:
                continue
        raise SealBroken

    def opens(self, sealed: bytes) -> bool:
        """Tell whether its key is here."""
        try:
            self.opened(sealed)
        except SealBroken:
            return False
        return True

    def renew(self) -> None:
        """Seal under a new key from now on; the earlier keys still open what they sealed.

        Raises DatabaseUnwritable. It flushes a file: where somebody waits, run it in a thread.
        """
        with self._alone():
            self._write([*self._known(), secrets.token_bytes(_KEY_BYTES)])

    def forget_earlier(self) -> None:
        """Destroy all keys but the present one. Raises DatabaseUnwritable."""
        with self._alone():
            self._write(self._known()[-1:])

    def mark(self) -> str | None:
        """Return what tells the present key from others and says nothing of it, None without one.

        Raises DatabaseUnwritable.
        """
        known = self._known()
        return _mark_of(known[-1]) if known else None

    def has(self, mark: str) -> bool:
        """Tell whether the key of a mark is here. Raises DatabaseUnwritable."""
        return mark in map(_mark_of, self._known())

    @property
    def are_there(self) -> bool:
        """Whether anything was ever sealed under them."""
        return bool(self._known())

    def _known(self) -> list[bytes]:
        if self._keys is None or self._is_shared:
            try:
                lines = self.path.read_bytes().split() if self.path.exists() else []
                self._keys = [urlsafe_b64decode(line) for line in lines]
            except OSError as error:
                raise DatabaseUnwritable(str(self.path), reason_of(error)) from error
        return self._keys

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other programs from changing the file meanwhile; raises DatabaseUnwritable."""
        if not self._is_shared:
            yield
            return
        lock = self.path.with_name(f"{self.path.name}.lock")
        try:
            handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DatabaseUnwritable(str(lock), reason_of(error)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise DatabaseUnwritable(str(lock), reason_of(error)) from error
        finally:
            os.close(handle)

    def _write(self, keys: list[bytes]) -> None:
        """Replace the file by one that only its owner reads, and wait until that is on disk."""
        part = self.path.with_name(f"{self.path.name}.part")
        try:
            handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            try:
                os.write(handle, b"\n".join(map(urlsafe_b64encode, keys)))
                os.fsync(handle)
            finally:
                os.close(handle)
            part.replace(self.path)
            _flush(self.path.parent)
        except OSError as error:
            raise DatabaseUnwritable(str(self.path), reason_of(error)) from error
        self._keys = keys


def seal_for(secret: str, data: bytes) -> bytes:
    """Seal JSON so that only the holder of a secret of at least 96 random bits can open it."""
    return _sealed(_key_of(secret), data)


def open_with(secret: str, sealed: bytes) -> bytes:
    """Return what was sealed for a secret; raises SealBroken."""
    return _opened(_key_of(secret), sealed)


def is_sealed(data: bytes) -> bool:
    """Tell sealed bytes from JSON."""
    return data.startswith(_SEALED)


def _mark_of(key: bytes) -> str:
    return hashlib.sha256(b"mark of " + key).hexdigest()[:16]


def _key_of(secret: str) -> bytes:
    return hashlib.sha256(b"sealed for " + secret.encode(errors="replace")).digest()


def _sealed(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 (as below)

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _SEALED + nonce + AESGCM(key).encrypt(nonce, _rounded(data), None)


def _opened(key: bytes, sealed: bytes) -> bytes:
    """Load what opens seals only here: most commands open a database in which nothing is sealed."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 (most seal nothing)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 (most seal nothing)

    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, rest, None)
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _rounded(data: bytes) -> bytes:
    """Pad JSON with blanks to a power of two; it stays the same JSON."""
    length = max(_SHORTEST, 1 << (len(data) - 1).bit_length() if data else 0)
    return data.ljust(length)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
