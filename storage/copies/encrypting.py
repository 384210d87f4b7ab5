"""Copies that only the holder of a key can read, in the format of age (age-encryption.org).

The program knows the public half alone: whoever takes the machine with its copies has the present
database, but none of the past. So it cannot look into its own encrypted copies either: they are
verified before they are encrypted, and again when they are restored.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyrage

from storage.engine.sqlite import files
from storage.errors import CopyLocked, RecipientInvalid


def _recipient(key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise RecipientInvalid(key) from error


def encrypt(plain: Path, target: Path, recipients: Sequence[str]) -> None:
    """Write an encrypted file that only its owner can read; raises DatabaseUnwritable."""
    keys = [_recipient(one) for one in recipients]
    try:
        target.unlink(missing_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        pyrage.encrypt_file(str(plain), str(target), keys)
    except (OSError, pyrage.EncryptError) as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise files.unwritable(target, error) from error
        raise RecipientInvalid(", ".join(recipients)) from error


def decrypt(file: Path, plain: Path, identity: Path | None) -> None:
    """Write what is encrypted in a file; the key file is that of `age-keygen`. Raises CopyLocked.

    Nothing is left behind where the key does not fit or the file is damaged.
    """
    if identity is None:
        raise CopyLocked(str(file))
    try:
        lines = identity.read_text(encoding="utf-8").splitlines()
        keys = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
        os.close(os.open(plain, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        pyrage.decrypt_file(str(file), str(plain), keys)
    except (OSError, ValueError, pyrage.IdentityError, pyrage.DecryptError) as error:
        with suppress(OSError):
            plain.unlink(missing_ok=True)
        raise CopyLocked(str(file)) from error
