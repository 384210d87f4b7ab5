"""Proxies: those we use (`OTKLIK_PROXY`), and those before our pages that we trust."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from surveys.messages import mark
from surveys.survey.wording import mistake

Network = IPv4Network | IPv6Network
_BETWEEN = re.compile(r"[\s,;]+(?=[a-z0-9]+://)", re.IGNORECASE)
_KINDS = {"http": "http", "socks4": "socks4", "socks5": "socks5", "socks5h": "socks5"}
"""Proxy kinds by scheme; with socks5 the proxy itself looks up Telegram's name."""


def split(text: str) -> tuple[str, ...]:
    """Return the proxies named in a text, in its order; raises where one is invalid."""
    return tuple(_checked(one) for one in _BETWEEN.split(text.strip()) if one)


def _checked(address: str) -> str:
    scheme, _, rest = address.strip(" ,;").partition("://")
    kind, netloc = _KINDS.get(scheme.lower()), _host_and_port(rest)
    if kind is None or netloc is None:
        raise mistake(
            mark(
                "is no list of proxies: each is like socks5://user:password@host:1080 or "
                "http://host:8080, with commas between them, and with %23 for # in a password and "
                "the like"
            )
        )
    return f"{kind}://{netloc}"


def _host_and_port(rest: str) -> str | None:
    """Return what follows the scheme; None if host or port is missing, or something is added."""
    try:
        parts = urlsplit(f"//{rest}")
        complete = parts.hostname and parts.port and not re.search(r"\s", parts.netloc)
    except ValueError:
        return None
    only = parts.path in {"", "/"} and not parts.query and not parts.fragment
    return parts.netloc if complete and only else None


def shown(proxy: str) -> str:
    """Return a proxy's address without name and password, fit for a log."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def networks(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks named in a text; raises where one is invalid."""
    try:
        return tuple(ip_network(one) for one in re.split(r"[\s,;]+", text) if one)
    except ValueError as error:
        raise mistake(
            mark("is no list of addresses: they are like 127.0.0.1, 10.0.0.0/8, with commas")
        ) from error
