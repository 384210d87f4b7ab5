"""Why somebody cannot come in: by a link, a phone number, an account."""

from dataclasses import dataclass

from storage.errors import StorageError
from surveys.messages import mark


class LinkError(StorageError):
    """A link cannot be redeemed."""

    template = mark("This link cannot be used. Ask for a new one.")


@dataclass(eq=False)
class LinkUnknown(LinkError):
    """No such link was issued, or it was revoked."""

    template = mark("This link is not known. Ask for a new one.")


@dataclass(eq=False)
class LinkExpired(LinkError):
    """The link's time is over."""

    template = mark("This link has expired. Ask for a new one.")


@dataclass(eq=False)
class LinkUsedUp(LinkError):
    """An open link has been used by as many newcomers as it was made for."""

    template = mark("This link has been used as often as it may be. Ask for a new one.")

    most_uses: int


@dataclass(eq=False)
class PhoneShared(LinkError):
    """Several people have this phone number, so it identifies nobody."""

    template = mark("Several people here have this number. Ask for a personal link.")

    person_ids: tuple[int, ...]


@dataclass(eq=False)
class LinkTaken(LinkError):
    """Another Telegram account has redeemed the link."""

    template = mark("This link has been used by another Telegram account. Ask for one of your own.")

    person_id: int | None


@dataclass(eq=False)
class AccountTaken(LinkError):
    """This Telegram account is somebody else already."""

    template = mark("This Telegram account already belongs to another person here.")

    person_id: int
