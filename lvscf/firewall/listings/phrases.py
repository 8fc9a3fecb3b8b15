"""Phrases: how `iptables -L` describes matches and targets, and the options they stand for.

Phrases are those of iptables 1.3 to 1.8, checked against 1.8.9 with both back ends.
"""

import re
from collections.abc import Callable

from attrs import frozen

from lvscf.firewall.language.command import UNSET
from lvscf.shared.records import compared


def negatable(option: str, value: str) -> list[str]:
    """An option, negated if its value begins with `!`."""
    return ["!", option, value[1:].strip()] if value.startswith("!") else [option, value]


# Matches.

_Writer = Callable[[re.Match[str]], list[str]]


def _option(name: str) -> _Writer:
    """An option with one value, optionally negated by `!`."""

    def write(found: re.Match[str]) -> list[str]:
        value = found["value"].strip()
        if found.groupdict().get("not"):
            return ["!", name, value]
        return negatable(name, value)

    return write


def _flags(found: re.Match[str]) -> list[str]:
    """`flags:0x17/0x02` or `flags:SYN,ACK/SYN`: the flags examined, and those set."""
    names = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")

    def read(text: str) -> str:
        if not text.startswith("0x"):
            return text
        bits = int(text[:10], 16)
        return ",".join(name for at, name in enumerate(names) if bits >> at & 1) or "NONE"

    negation = ["!"] if found["not"] else []
    return [*negation, "--tcp-flags", read(found["mask"]), read(found["flags"])]


def _icmp_type(found: re.Match[str]) -> list[str]:
    value = "any" if found["value"] == "255" else found["value"]
    if found["code"]:
        value += f"/{found['code']}"
    if found["codes"]:
        value = f"{UNSET}{value}"
    return [*(["!"] if found["not"] else []), "--icmp-type", value]


def _tracked(found: re.Match[str]) -> list[str]:
    negation = ["!"] if found["not"] else []
    return [*negation, f"--ct{found['name']}", found["value"]]


def _set(found: re.Match[str]) -> list[str]:
    negation = ["!"] if found["not"] else []
    more: list[str] = []
    for word in (found["more"] or "").split():
        more += [word] if word[0].isdigit() or word == "!" else [f"--{word}"]
    return [*negation, "--match-set", found["name"], found["fields"], *more]


def _ttl(found: re.Match[str]) -> list[str]:
    how = {"==": "--ttl-eq", "!=": "--ttl-eq", "<": "--ttl-lt", ">": "--ttl-gt"}[found["how"]]
    return [*(["!"] if found["how"] == "!=" else []), how, found["value"]]


def _pkttype(found: re.Match[str]) -> list[str]:
    return [*(["!"] if found["how"] == "!=" else []), "--pkt-type", found["value"]]


def _as_written(found: re.Match[str]) -> list[str]:
    """Options that are listed as they were given."""
    return (found["options"] or "").split()


def _nothing(found: re.Match[str]) -> list[str]:
    return []


def _match(kind: str, pattern: str, write: _Writer) -> tuple[re.Pattern[str], str, _Writer]:
    return re.compile(pattern + r"(?=\s|$)"), kind, write


_NOT = r"(?P<not>! ?)?"
_VALUE = r"\s*(?P<value>! ?\S+|\S+)"

MATCH_PHRASES = (
    _match("comment", r"/\* (?P<value>.*?) ?\*/", lambda found: ["--comment", found["value"]]),
    _match("tcp", "tcp", _nothing),
    _match("udp", "udp", _nothing),
    _match("udplite", "udplite", _nothing),
    _match("sctp", "sctp", _nothing),
    _match("dccp", "dccp", _nothing),
    _match("", r"spts?:(?P<value>!?\S+)", _option("--sport")),
    _match("", r"dpts?:(?P<value>!?\S+)", _option("--dport")),
    _match("", r"flags:(?P<not>!)?(?P<mask>[\w,]+)/(?P<flags>[\w,]+)", _flags),
    _match("", r"option=(?P<value>!?\d+)", _option("--tcp-option")),
    _match(
        "icmp",
        r"icmp ?(?P<not>! ?)?type\s*(?P<value>\d+)"
        r"(?: code (?P<code>\d+))?(?: codes (?P<codes>\d+-\d+))?",
        _icmp_type,
    ),
    _match("icmp", r"icmp (?P<value>!?[a-z][a-z-]+)", _option("--icmp-type")),
    _match("icmp", r"icmp any", lambda found: ["--icmp-type", "any"]),
    _match("multiport", r"multiport sports" + _VALUE, _option("--sports")),
    _match("multiport", r"multiport dports" + _VALUE, _option("--dports")),
    _match("multiport", r"multiport ports" + _VALUE, _option("--ports")),
    _match("mark", r"(?i:mark) match" + _VALUE, _option("--mark")),
    _match("connmark", r"(?i:connmark) match" + _VALUE, _option("--mark")),
    _match("state", _NOT + r"state (?P<value>[A-Z,]+)", _option("--state")),
    _match(
        "conntrack",
        _NOT + r"ct(?P<name>state|proto|origsrc|origdst|replsrc|repldst|origsrcport|origdstport"
        r"|replsrcport|repldstport|status|expire|dir) (?P<value>\S+)",
        _tracked,
    ),
    _match("addrtype", r"ADDRTYPE match", _nothing),
    _match("addrtype", r"src-type (?P<not>!)?(?P<value>[A-Z,]+)", _option("--src-type")),
    _match("addrtype", r"dst-type (?P<not>!)?(?P<value>[A-Z,]+)", _option("--dst-type")),
    _match("addrtype", r"limit-in", lambda found: ["--limit-iface-in"]),
    _match("addrtype", r"limit-out", lambda found: ["--limit-iface-out"]),
    _match("iprange", r"source IP range" + _VALUE, _option("--src-range")),
    _match("iprange", r"destination IP range" + _VALUE, _option("--dst-range")),
    _match(
        "limit",
        r"limit: avg (?P<rate>\S+) burst (?P<burst>\d+)",
        lambda found: ["--limit", found["rate"], "--limit-burst", found["burst"]],
    ),
    _match(
        "hashlimit",
        r"limit: (?P<how>up to|above) (?P<rate>\S+)(?: burst \S+)?(?: mode \S+)?"
        r"(?: (?:htable-\w+|srcmask|dstmask|rate-interval) \S+| rate-match)*",
        lambda found: [
            "--hashlimit-above" if found["how"] == "above" else "--hashlimit-upto",
            found["rate"],
        ],
    ),
    _match(
        "mac",
        r"MAC ?(?P<value>!? ?[0-9A-Fa-f:]{17})",
        lambda found: negatable("--mac-source", found["value"].replace(" ", "")),
    ),
    _match(
        "statistic",
        r"statistic mode (?P<options>(?:random|nth)(?: ! | )(?:probability|every) \S+"
        r"(?: packet \d+)?)",
        lambda found: ["--mode", *_dashed(found["options"].split())],
    ),
    _match(
        "recent",
        _NOT + r"recent: (?P<how>CHECK|UPDATE|SET|REMOVE)"
        r"(?: seconds: \d+| reap| hit_count: \d+| TTL-Match)*(?: name: (?P<name>\S+))?"
        r"(?: side: \w+| mask: \S+)*",
        lambda found: [
            *(["!"] if found["not"] else []),
            "--rcheck" if found["how"] == "CHECK" else f"--{found['how'].lower()}",
            *(["--name", found["name"]] if found["name"] else []),
        ],
    ),
    _match(
        "connlimit",
        r"#conn (?P<side>src|dst)/(?P<bits>\S+) (?P<how>>|<=) (?P<value>\d+)",
        lambda found: [
            "--connlimit-above" if found["how"] == ">" else "--connlimit-upto",
            found["value"],
            "--connlimit-mask",
            found["bits"],
            "--connlimit-daddr" if found["side"] == "dst" else "--connlimit-saddr",
        ],
    ),
    _match(
        "string",
        r'STRING match\s+(?P<not>! ?)?"(?P<value>.*?)" ALGO name \w+'
        r"(?: FROM \d+)?(?: TO \d+)?(?: ICASE)?",
        _option("--string"),
    ),
    _match("quota", r"quota: (?P<value>\d+) bytes", _option("--quota")),
    _match(
        "connbytes",
        _NOT + r"connbytes (?P<value>[\d:]+) connbytes mode \w+ connbytes direction \w+",
        _option("--connbytes"),
    ),
    _match(
        "time",
        r"TIME(?: (?:from|to|on|UTC|contiguous|all the day|starting from|until date"
        r"|\S*\d\S*|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:,\w+)*))*",
        _nothing,
    ),
    _match(
        "set",
        _NOT + r"match-set (?P<name>\S+) (?P<fields>(?:src|dst)(?:,(?:src|dst))*)"
        r"(?P<more>(?: return-nomatch| !? ?update-counters| !? ?update-subcounters"
        r"| !? ?(?:packets|bytes)-(?:eq|lt|gt) \d+)*)",
        _set,
    ),
    _match("length", r"length (?P<value>!?[\d:]+)", _option("--length")),
    _match("ttl", r"TTL match TTL (?P<how>==|!=|<|>) (?P<value>\d+)", _ttl),
    _match("tos", r"tos match ?(?P<value>!?\S+)", _option("--tos")),
    _match("dscp", r"DSCP match ?(?P<value>!?\S+)", _option("--dscp")),
    _match("ecn", r"ECN match(?: !?(?:ECE|CWR|ECT=\d))+", _nothing),
    _match("pkttype", r"PKTTYPE (?P<how>=|!=) (?P<value>\w+)", _pkttype),
    _match("physdev", r"PHYSDEV match(?: !? ?--physdev-(?:(?:in|out) \S+|is-\w+))*", _nothing),
    _match(
        "policy",
        r"policy match dir \w+ pol \w+(?: strict)?"
        r"(?: \[\d+\]| !? ?(?:reqid|spi|proto|mode|tunnel-dst|tunnel-src) \S+)*",
        _nothing,
    ),
    _match("helper", r'helper match (?P<not>! )?"(?P<value>[^"]*)"', _option("--helper")),
    _match("socket", r"socket(?P<options>(?: --[\w-]+)*)", _as_written),
    _match("u32", _NOT + r'u32 "(?P<value>[^"]*)"', _option("--u32")),
    _match("realm", _NOT + r"realm (?P<value>\S+)", _option("--realm")),
    _match("rpfilter", r"rpfilter(?: loose| validmark| accept-local| invert)*", _nothing),
    _match("cluster", r"cluster (?:!?node_mask=\S+|total_nodes=\S+|hash_seed=\S+| )+", _nothing),
    _match("connlabel", _NOT + r"connlabel (?P<value>\S+)(?: set)?", _nothing),
    _match("cpu", r"cpu" + _VALUE, _option("--cpu")),
    _match("devgroup", _NOT + r"(?P<side>src|dst)-group (?P<value>\S+)", _nothing),
    _match("esp", r"esp(?: spis?:\S+)?", _nothing),
    _match("ah", r"ah(?: spis?:\S+)?(?: length:\S+)?", _nothing),
    _match("osf", r"OS fingerprint match !? ?\S+", _nothing),
    _match("tcpmss", r"tcpmss match" + _VALUE, _option("--mss")),
)  # fmt: skip


def _dashed(words: list[str]) -> list[str]:
    """`random ! probability 0.5` with the dashes of its options."""
    return [f"--{word}" if word in ("probability", "every", "packet") else word for word in words]


# Targets, at the end of the line.


@compared
@frozen(eq=False, repr=False)
class _TargetPhrase:
    """How the options of a target are listed."""

    pattern: re.Pattern[str]
    write: _Writer
    needed: bool = False
    """Whether the phrase is always there."""


def _mark_change(found: re.Match[str]) -> list[str]:
    return [f"--{_MARK_WORDS[found['how']]}", found["value"]]


_MARK_WORDS = {
    "set": "set-xmark",
    "xset": "set-xmark",
    "or": "or-mark",
    "and": "and-mark",
    "xor": "xor-mark",
}


def _connection_mark(found: re.Match[str]) -> list[str]:
    if found["how"]:
        return _mark_change(found)
    words = [f"--{found['copy']}-mark"]
    if found["nf"] or found["nf2"]:
        words += ["--nfmask", found["nf"] or found["nf2"], "--ctmask", found["ct"] or found["ct2"]]
    elif found["mask"]:
        words += ["--mask", found["mask"]]
    return words


def _translation(option: str) -> _Writer:
    def write(found: re.Match[str]) -> list[str]:
        flags = dict.fromkeys((found["flags"] or "").split())
        value = [option, found["value"]] if found["value"] else []
        return [*value, *(f"--{flag}" for flag in flags)]

    return write


def _tracking(found: re.Match[str]) -> list[str]:
    if found["no"]:
        return ["--notrack"]
    words = found["options"].split()
    return [f"--{word}" if at % 2 == 0 else word for at, word in enumerate(words)]


def _set_change(found: re.Match[str]) -> list[str]:
    words = found["options"].split()
    options = re.compile(r"(?:add|del|map)-set|map-(?:mark|prio|queue)|exist|timeout")
    return [f"--{word}" if options.fullmatch(word) else word for word in words]


_BITS = r"(?P<value>0x[0-9a-fA-F]+(?:/0x[0-9a-fA-F]+)?)"
_FLAGS = r"(?P<flags>(?:\s*\b(?:random-fully|random|persistent)\b)*)"


def _target(pattern: str, write: _Writer = _nothing, *, needed: bool = False) -> _TargetPhrase:
    return _TargetPhrase(re.compile(rf"(?:^|(?<=\s)){pattern}\s*$"), write, needed)


TARGET_PHRASES: dict[str, _TargetPhrase] = {
    "MARK": _target(r"MARK (?P<how>set|xset|or|and|xor) " + _BITS, _mark_change, needed=True),
    "CONNMARK": _target(
        r"CONNMARK (?:(?P<how>set|xset|or|and|xor) "
        + _BITS
        + r"|(?P<copy>save|restore)(?: nfmask (?P<nf>\w+) ctmask ~?(?P<ct>\w+)"
        r"| ctmask (?P<ct2>\w+) nfmask ~?(?P<nf2>\w+)| mask (?P<mask>\w+))?)",
        _connection_mark,
        needed=True,
    ),
    "REDIRECT": _target(
        rf"(?:redir ports (?P<value>\S+))?{_FLAGS}", _translation("--to-ports")
    ),
    "DNAT": _target(
        rf"to:(?P<value>\S+){_FLAGS}", _translation("--to-destination"), needed=True
    ),
    "SNAT": _target(rf"to:(?P<value>\S+){_FLAGS}", _translation("--to-source"), needed=True),
    "MASQUERADE": _target(
        rf"(?:masq ports: (?P<value>\S+))?{_FLAGS}", _translation("--to-ports")
    ),
    "NETMAP": _target(rf"to:(?P<value>\S+){_FLAGS}", _translation("--to"), needed=True),
    "REJECT": _target(
        r"reject-with (?P<value>\S+)", lambda found: ["--reject-with", found["value"]]
    ),
    "CT": _target(
        r"(?:(?P<no>NOTRACK|CT notrack)|CT(?P<options>(?: (?:zone|zone-orig|zone-reply|helper"
        r"|ctevents|expevents|timeout) \S+)+))",
        _tracking,
    ),
    "LOG": _target(
        r"LOG (?:flags \d+ )?level (?P<level>\w+)(?: prefix [\"`](?P<prefix>.*)[\"'])?",
        lambda found: ["--log-level", found["level"]]
        + (["--log-prefix", found["prefix"]] if found["prefix"] else []),
    ),
    "TPROXY": _target(
        r"TPROXY redirect (?P<ip>[\d.]+):(?P<port>\d+) mark (?P<mark>\S+)",
        lambda found: [
            "--on-port", found["port"], "--on-ip", found["ip"], "--tproxy-mark", found["mark"],
        ],
        needed=True,
    ),
    "NFQUEUE": _target(r"NFQUEUE (?:num \d+|balance [\d:]+).*"),
    "HMARK": _target(
        r"HMARK mod (?P<mod>\d+)(?: \+ (?P<offset>\w+))?.*",
        lambda found: ["--hmark-mod", found["mod"]]
        + (["--hmark-offset", str(int(found["offset"], 0))] if found["offset"] else []),
    ),
    "SET": _target(
        r"(?P<options>(?:(?:add|del|map)-set \S+ \S+(?: exist| timeout \d+| map-\w+)*\s*)+)",
        _set_change,
    ),
    "NFLOG": _target(r"nflog-.*"),
    "ULOG": _target(r"ULOG .*"),
    "TOS": _target(r"TOS (?:set|and|or|xor) \S+"),
    "DSCP": _target(r"DSCP set \S+"),
    "TTL": _target(r"TTL (?:set to|decrement by|increment by) \d+"),
    "ECN": _target(r"ECN TCP remove"),
    "TCPMSS": _target(r"TCPMSS (?:set \d+|clamp to PMTU)"),
    "TCPOPTSTRIP": _target(r"TCPOPTSTRIP options \S+"),
    "CHECKSUM": _target(r"CHECKSUM fill"),
    "CLASSIFY": _target(r"CLASSIFY set \S+"),
    "IDLETIMER": _target(r"timeout:\d+ label:\S+.*"),
    "LED": _target(r'led-trigger-id:"?.*'),
    "RATEEST": _target(r"name \S+ interval \S+ ewmalog \S+"),
    "SECMARK": _target(r"SECMARK .*"),
    "CONNSECMARK": _target(r"CONNSECMARK (?:save|restore)"),
    "TEE": _target(r"TEE gw:\S+.*"),
    "AUDIT": _target(r"AUDIT \w+"),
    "SYNPROXY": _target(r"SYNPROXY .*"),
}  # fmt: skip
"""By target; the others list nothing, or their phrases are not known."""
