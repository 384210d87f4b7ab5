"""Errors of the program itself; each message says what to do."""

from pathlib import Path

from surveys.messages import Message, ToldError, mark, reason_of


class BotError(ToldError):
    """Root of the program's own errors: `BotError(mark("… {name} …"), name=…)`."""

    def __init__(self, template: str = "", /, **given: object) -> None:
        super().__init__(template)
        self.template = template or type(self).template
        self.given = given

    def messages(self) -> tuple[Message, ...]:
        """Return the one sentence."""
        return (Message(self.template, self.given),)


class SettingsInvalid(BotError):
    """A setting is missing or makes no sense; `problems` holds a sentence for each."""

    def __init__(self, *problems: Message) -> None:
        super().__init__()
        self.problems = problems

    def messages(self) -> tuple[Message, ...]:
        """Return every problem."""
        return self.problems


class TokenRefused(BotError):
    """Telegram does not know the token."""

    template = mark(
        "Telegram refuses the token in OTKLIK_BOT_TOKEN; take a new one from @BotFather."
    )


class Refused(BotError):
    """An operation cannot be done as asked; nothing was changed."""


class FileUnreadable(Refused):
    """A file that was named cannot be read."""

    template = mark("Cannot read {path}: {reason}.")

    def __init__(self, path: Path, reason: OSError | Message) -> None:
        said = reason_of(reason) if isinstance(reason, OSError) else reason
        super().__init__(path=path, reason=said)


class FileUnwritable(Refused):
    """A file cannot be written."""

    template = mark("Cannot write {path}: {reason}.")

    def __init__(self, path: Path, reason: OSError) -> None:
        super().__init__(path=path, reason=reason_of(reason))


class Told(Refused):
    """A refusal already in the reader's words, from the running bot."""

    template = mark("{said}")


class DownloadFailed(BotError):
    """A file that somebody sent could not be fetched from the messenger."""
