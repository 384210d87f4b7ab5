"""Whose request it is, and how much one address may ask for."""

from ipaddress import ip_network

import pytest

from bot.web.limits import Limits, client_of

PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", " 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1", "10.1.1.1"], "198.51.100.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("", [], "None"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: list[str], client: str) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


def test_a_bucket_fills_again_and_guesses_cost_more() -> None:
    now = 0.0
    limits = Limits(lambda: now, rate=2.0, size=4.0)
    assert [limits.take("a") for _ in range(6)] == [True] * 4 + [False] * 2
    assert limits.take("b")
    now = 1.0
    assert [limits.take("a") for _ in range(3)] == [True, True, False]
    now = 100.0
    assert [limits.take("a") for _ in range(3)] == [True] * 3
    limits.owe("a", 9.0)
    assert not limits.take("a"), "in debt, although only one was left"
    now = 105.0
    assert limits.take("a")


def test_only_so_many_addresses_are_remembered() -> None:
    limits = Limits(lambda: 0.0, size=1.0)
    for number in range(20_000):
        limits.take(str(number))
    assert len(limits._buckets) == 10_000
