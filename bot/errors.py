"""Errors of the program itself; each message says what to do."""


class BotError(Exception):
    """Root of the program's own errors. `str(error)` is meant for a person."""


class SettingsInvalid(BotError):
    """A setting is missing or makes no sense."""


class Refused(BotError):
    """An operation cannot be done as asked; nothing was changed."""
