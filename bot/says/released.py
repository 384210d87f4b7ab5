"""What an admin reads after releasing what a restore held, in the chat and on the command line."""

from templates.texts import Texts


def released(texts: Texts, waiting: int, uncertain: int) -> str:
    """Say what goes out now, and what still waits for a decision."""
    if waiting:
        said = texts.plural(
            "Released: {n} message goes out, by day.",
            "Released: {n} messages go out, by day.",
            waiting,
        )
    else:
        said = texts("Released: nothing was waiting. The bot writes to customers as usual again.")
    if not uncertain:
        return said
    doubted = texts.plural(
        "{n} message of unknown fate stays in /outbox until you decide.",
        "{n} messages of unknown fate stay in /outbox until you decide.",
        uncertain,
    )
    return f"{said} {doubted}"
