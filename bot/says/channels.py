"""Sentences that differ by channel: how to stop, to come back, to go on."""

from dataclasses import dataclass

from surveys.messages import mark


@dataclass(frozen=True, slots=True)
class ChannelWording:
    """How things are done in a channel, as messages of the catalogs."""

    asks_customers: str
    asks_staff: str
    kept: str
    declined: str
    stopped: str
    nothing_now: str
    elsewhere: str
    over: str
    no_button: str
    words_are_typed: str
    """How to give words; "" where the page has a labelled field for them."""
    agreeing: str
    """What agreeing means, and where the whole text is."""
    shows_documents: bool = False
    """Whether a screen's document stands below it, so that no button has to fetch it."""


TELEGRAM = ChannelWording(
    asks_customers=mark("<b>{company}</b> would like to ask your opinion here."),
    asks_staff=mark("<b>{company}</b> uses this bot to ask its staff how they work."),
    kept=mark(
        "Kept: your Telegram number, your answers and their dates. They are seen by the "
        "company only. You can stop at any time with /stop."
    ),
    declined=mark("Understood: nothing will be asked. If you change your mind: /start"),
    stopped=mark("Done: you will get no more invitations. To come back, send /start."),
    nothing_now=mark("Thank you! There is no question for you now; we will write when there is."),
    elsewhere=mark("Please go on in the newer message."),
    over=mark("This survey is over. Thank you! We will write when there is another."),
    no_button=mark("This button no longer works. Please send /start."),
    words_are_typed=mark("Just type your answer."),
    agreeing=mark(
        "«I agree» is your consent to the processing of your personal data: a text of its own, "
        "behind the button below. To take it back: /consent"
    ),
)
WEB = ChannelWording(
    asks_customers=mark("<b>{company}</b> would like to ask your opinion here."),
    asks_staff=mark("<b>{company}</b> asks its staff here how they work."),
    kept=mark(
        "Kept: your answers and their dates. They are seen by the company only. You can stop at "
        "any time: the way is at the end of each page."
    ),
    declined=mark("Understood: nothing will be asked. If you change your mind, open this link."),
    stopped=mark("Done: you will get no more invitations. To come back, open this link."),
    nothing_now=mark("Thank you! There is no question for you now."),
    elsewhere=mark(
        "You began this survey in another place, and because it is anonymous only that place "
        "knows your answers. Please go on there."
    ),
    over=mark("This survey is over. Thank you!"),
    no_button=mark("This page is out of date. Please open your link again."),
    words_are_typed="",
    agreeing=mark(
        "«I agree» is your consent to the processing of your personal data: a text of its own, "
        "below. You can take it back at the end of each page."
    ),
    shows_documents=True,
)
_BY_CHANNEL = {"web": WEB}


def ways(channel: str) -> ChannelWording:
    """Return the ways of a channel; a messenger's are Telegram's."""
    return _BY_CHANNEL.get(channel, TELEGRAM)
