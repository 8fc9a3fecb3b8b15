"""Words become values as C's strtol and inet_aton make them."""

import pytest

from lvscf.piranha import values


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("0", 0), ("", 0), ("10", 10), ("010", 8), ("0x10", 16), ("0X1f", 31), ("-3", -3), ("+3", 3),
        (" 7", 7), ("99999999999", 1215752191), ("4294967295", -1), ("2147483648", -2147483648),
        ("9223372036854775807", -1), ("9223372036854775808", -1), ("9" * 5000, -1),
        ("-9223372036854775809", 0), ("-" + "9" * 5000, 0), ("0" * 5000 + "7", 7),
        ("0x" + "0" * 50 + "10", 16), ("0x" + "f" * 50, -1),
    ],
)  # fmt: skip
def test_integers(word: str, number: int) -> None:
    """Base 0, clamped to 64 bits, of which the low 32 are kept."""
    assert values.integer(word) == number


@pytest.mark.parametrize("word", ["08", "0x", "1.5", "3s", "1e3", "x", " ", "7 ", "--3", "+", "٣"])
def test_no_integers(word: str) -> None:
    """Nothing may stand behind the number; digits are ASCII."""
    with pytest.raises(values.Unreadable, match="integer expected"):
        values.integer(word)


@pytest.mark.parametrize(
    ("word", "dotted"),
    [
        ("10.1", "10.0.0.1"), ("10.1.2", "10.1.0.2"), ("010.1.1.1", "8.1.1.1"),
        ("0x0a.0.0.1", "10.0.0.1"), ("167772161", "10.0.0.1"), ("10.0.0.1 junk", "10.0.0.1"),
        ("255.255.255.255", "255.255.255.255"), ("4294967295", "255.255.255.255"), ("0", "0.0.0.0"),
        ("00000000000000000000012.1", "10.0.0.1"),
    ],
)  # fmt: skip
def test_addresses(word: str, dotted: str) -> None:
    """Any notation of inet_aton is read, and written as a dotted quad."""
    assert values.inet_aton(word) == dotted


@pytest.mark.parametrize(
    "word",
    ["", ".", "10.", ".1", "1.2.3.4.5", "256.1", "10.0.0.256", "10.0.65536", "4294967296", "08.1",
     "0x", "0x.1", "a", "10.0.0.1/24", "-1", "1..1", "9" * 5000, "١.1"],
)  # fmt: skip
def test_no_addresses(word: str) -> None:
    """What inet_aton refuses is no address."""
    assert values.inet_aton(word) is None


@pytest.mark.parametrize("word", ["a", "a.b", "web-1.example.com", "1a", "a.", "0x", "x" * 63])
def test_host_names(word: str) -> None:
    """RFC 1123 labels are taken as resolvable."""
    assert values.is_host_name(word)
    assert values.address(word) == word


@pytest.mark.parametrize(
    "word",
    ["", ".", "a..b", "-a", "a-", "a_b", "é", "a b", "1.2.3.4.5", "a.1", "x" * 64, "a." * 130],
)
def test_no_host_names(word: str) -> None:
    """The last label is not all digits, and labels are letters, digits and hyphens."""
    assert not values.is_host_name(word)


@pytest.mark.parametrize(("word", "number"), [("http", 80), ("https", 443), ("ftp", 21), ("0", 0)])
def test_ports(word: str, number: int) -> None:
    """A port may be the name of a TCP service."""
    assert values.port(word) == number
