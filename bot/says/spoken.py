"""How what people say is called by its kind."""

from collections.abc import Mapping

from surveys.messages import mark

KINDS: Mapping[str, str] = {
    "words": mark("words"),
    "voice": mark("a voice message"),
    "photo": mark("a picture"),
    "video": mark("a video"),
    "video_note": mark("a video message"),
    "audio": mark("an audio file"),
    "document": mark("a file"),
}
"""How each kind is called; the words themselves are shown."""
