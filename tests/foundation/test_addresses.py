"""An address counts only as far as proxies of ours vouch for it."""

import pytest

from rongtong.domain.foundation.addresses import client_address


@pytest.mark.parametrize(
    "remote, forwarded, proxies, address",
    [
        ("203.0.113.9", "", 0, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", 0, "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7", 1, "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7", 2, "127.0.0.1"),
        ("127.0.0.1", "", 1, "127.0.0.1"),
        ("127.0.0.1", "made up", 1, "127.0.0.1"),
        ("::ffff:203.0.113.9", "", 0, "203.0.113.9"),
        ("127.0.0.1", "[2001:db8::1]:443", 1, "2001:db8::1"),
        ("127.0.0.1", "198.51.100.7:5555", 1, "198.51.100.7"),
        ("", "", 0, ""),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(remote: str, forwarded: str, proxies: int, address: str) -> None:
    assert client_address(remote, forwarded, proxies) == address
