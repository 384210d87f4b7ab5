"""What `otklik doctor` says of the pages on which customers answer."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.cli.upkeep.doctor.finding import Finding
from bot.settings import Settings
from surveys.messages import Message

_PAGES = Message("pages")
_SECONDS = 5.0


async def pages(settings: Settings) -> list[Finding]:
    """Say whether the pages can be opened from outside; nothing where there are none."""
    if settings.web_url is None:
        return []
    return [*_way_there(settings), await _opened(settings.web_url)]


def _way_there(settings: Settings) -> Iterator[Finding]:
    """Say what is missing between the customers and the pages."""
    url = settings.web_url or ""
    if urlsplit(url).scheme != "https":
        said = Message(
            "{url} opens on this machine alone; customers need an https address in OTKLIK_WEB_URL.",
            {"url": url},
        )
        yield Finding("look", _PAGES, said)
    elif not settings.trusted_proxies:
        said = Message(
            "whoever speaks https before them is not named in OTKLIK_TRUSTED_PROXIES: all visitors "
            "seem to come from one address and share its limit."
        )
        yield Finding("look", _PAGES, said)


async def _opened(url: str) -> Finding:
    """Ask for a page as anybody would: for none that is about somebody."""
    import aiohttp

    from templates.answer_page import policy

    begins = policy().partition(";")[0]  # every page of ours has a policy that begins so
    try:
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(f"{url}/") as found:
            status, ours = found.status, found.headers.get("Content-Security-Policy", "")
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        said = Message(
            "{url} does not answer from here ({error}): check the name, the certificate and the "
            "web server.",
            {"url": url, "error": type(error).__name__},
        )
        return Finding("look", _PAGES, said)
    if not ours.startswith(begins):
        said = Message(
            "{url} answers ({status}), but not with them. Is the bot running, and does the web "
            "server pass everything on to OTKLIK_WEB_PORT?",
            {"url": url, "status": status},
        )
        return Finding("look", _PAGES, said)
    return Finding("fine", _PAGES, Message("{url} opens.", {"url": url}))
