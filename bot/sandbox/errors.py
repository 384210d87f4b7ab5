"""What the local Telegram refuses, and how it says so."""

from typing import Any, NoReturn


class SandboxError(Exception):
    """Root of this package's errors; also: a person cannot do that (blocked, never started…)."""


class NoSuchButton(SandboxError):
    """No message in this chat has such a button."""


class ButtonDisabled(SandboxError):
    """The button is there but does nothing."""


class ApiError(SandboxError):
    """A refusal as Telegram words it: `{"ok": false, "error_code", "description"}`."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON object."""
        answer = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(what: str) -> ApiError:
    """Return a 400 in Telegram's wording."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """Return a 403 in Telegram's wording."""
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    """Return a 409 in Telegram's wording."""
    return ApiError(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> ApiError:
    """Return a 429 with the seconds to wait."""
    description = f"Too Many Requests: retry after {retry_after}"
    return ApiError(429, description, {"retry_after": retry_after})


def refuse(what: ApiError | str) -> NoReturn:
    """Refuse a request; a mere text is a 400's."""
    raise bad_request(what) if isinstance(what, str) else what


def refuse_unmodelled(what: str) -> NoReturn:
    """Refuse with a 501: Telegram can do it, the local one cannot. Never a silent success."""
    raise ApiError(501, f"Not Implemented: the local Telegram does not model {what}")
