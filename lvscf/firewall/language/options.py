"""The table of what a rule can contain: every option of every match and target, once.

It serves the reader of rules (which names exist, how they may be abbreviated, how many words
follow, whether `!` is allowed), the writer (names and order when saved) and the trace (what it can
decide, and which targets are final).

Facts: iptables(8), iptables-extensions(8), arptables-nft(8); spellings, defaults and refusals as
measured with iptables 1.8.9 on both back ends.
"""

from collections.abc import Mapping

from lvscf.firewall.language import values, vocabulary
from lvscf.firewall.language.values import Decoder
from lvscf.shared.records import record


@record
class Option:
    """One option: `--name`, what follows it, and how it is saved."""

    name: str
    """The long name, without dashes."""
    read: Decoder | None = None
    """Reads the value; None for a flag."""
    letter: str = ""
    also: tuple[str, ...] = ()
    """Other long names."""
    negatable: bool = False
    saved: tuple[str, ...] = ()
    """The names it is saved under, with dashes; by default its own name."""
    words: int = 1
    """How many words follow it, if it has a value."""
    fixed: str | None = None
    """The value of a flag that is saved under another name (`--syn`)."""
    default: str | None = None
    """The value that is saved if the option is not given; empty for a flag."""
    default_with: tuple[str, ...] = ()
    """The default applies only together with one of these options, named as saved."""

    @property
    def saved_names(self) -> tuple[str, ...]:
        """The names iptables-save writes, with dashes."""
        return self.saved or (f"--{self.name}",)


@record
class Extension:
    """A match (`-m`) or target (`-j`) with its options, in the order of saving."""

    name: str
    options: tuple[Option, ...] = ()
    modelled: bool = True
    """Whether the trace knows what it does."""
    lasting: bool = True
    """Whether its answer for a packet never changes (that of a limit does)."""
    protocols: tuple[int, ...] = ()
    """`-p` must name one of these protocols."""
    required: tuple[str, ...] = ()
    """One of these options is required, named as saved."""
    exclusive: bool = False
    """Only one of its options may be given."""
    tables: tuple[str, ...] = ()
    """The only tables that accept it."""
    hooks: tuple[str, ...] = ()
    """The only built-in chains that accept it; elsewhere, the kernel reports "Invalid argument"."""
    ends: bool = False
    """Whether the target is final, so that no later rule of the table applies."""
    tracks: bool = False
    """Whether its use makes the kernel track connections."""
    rare: bool = False
    """Whether many hosts lack its kernel module, and therefore reject it."""


@record
class Grammar:
    """Everything that one of the commands, iptables or arptables, understands."""

    command: str
    operations: tuple[Option, ...]
    general: tuple[Option, ...]
    manners: tuple[Option, ...]
    """Options about the command, not the rule: `-v`, `-w`, `-t`."""
    matches: Mapping[str, Extension]
    targets: Mapping[str, Extension]
    tables: Mapping[str, tuple[str, ...]]
    """Tables and their built-in chains, in the order of saving."""
    chain_names: Mapping[str, str] = {}
    """Older names of built-in chains."""


TCP, UDP, DCCP, SCTP, UDPLITE = 6, 17, 33, 132, 136
PORT_PROTOCOLS = (TCP, UDP, UDPLITE, SCTP, DCCP)


def _yes(name: str, read: Decoder, *also: str, saved: tuple[str, ...] = ()) -> Option:
    """An option that `!` may precede."""
    return Option(name, read, also=also, negatable=True, saved=saved)


def _opaque(name: str, *options: str, lasting: bool = True, tracks: bool = False) -> Extension:
    """A match whose answer only the running kernel knows.

    Options with a `=` take a value, `==` two of them, the others none.
    """
    return Extension(
        name,
        tuple(
            Option(
                option.rstrip("="),
                values.words if "=" in option else None,
                negatable=True,
                words=option.count("="),
            )
            for option in options
        ),
        modelled=False,
        lasting=lasting,
        tracks=tracks,
    )


def _harmless(name: str, *options: str, tables: tuple[str, ...] = ()) -> Extension:
    """A target that leaves mark, destination and verdict alone."""
    taken = tuple(
        Option(option.rstrip("="), values.words if "=" in option else None) for option in options
    )
    return Extension(name, taken, tables=tables)


_PORTS = (
    _yes("sport", values.port_range, "source-port"),
    _yes("dport", values.port_range, "destination-port"),
)

_MATCHES = (
    Extension(
        "tcp",
        (
            *_PORTS,
            _yes("tcp-option", values.words),
            Option("tcp-flags", vocabulary.tcp_flags, negatable=True, words=2),
            Option("syn", negatable=True, saved=("--tcp-flags",), fixed=vocabulary.SYN_TEXT),
        ),
        protocols=(TCP,),
    ),
    Extension("udp", _PORTS, protocols=(UDP,)),
    Extension("udplite", _PORTS, protocols=(UDPLITE,)),
    Extension(
        "sctp",
        (*_PORTS, Option("chunk-types", values.words, negatable=True, words=2)),
        protocols=(SCTP,),
    ),
    Extension(
        "dccp",
        (*_PORTS, _yes("dccp-types", values.words), _yes("dccp-option", values.words)),
        protocols=(DCCP,),
    ),
    Extension("icmp", (_yes("icmp-type", vocabulary.icmp_type),), protocols=(1,)),
    Extension(
        "multiport",
        (
            _yes("sports", values.port_list, "source-ports"),
            _yes("dports", values.port_list, "destination-ports"),
            _yes("ports", values.port_list),
        ),
        protocols=PORT_PROTOCOLS,
        required=("--sports", "--dports", "--ports"),
        exclusive=True,
    ),
    Extension("mark", (_yes("mark", values.match_mark),), required=("--mark",)),
    Extension("connmark", (_yes("mark", values.match_mark),), required=("--mark",), tracks=True),
    Extension("state", (_yes("state", vocabulary.state),), required=("--state",), tracks=True),
    Extension(
        "conntrack",
        (
            _yes("ctstate", vocabulary.ctstate),
            _yes("ctproto", values.protocol_digits),
            _yes("ctorigsrc", values.network),
            _yes("ctorigdst", values.network),
            _yes("ctreplsrc", values.network),
            _yes("ctrepldst", values.network),
            _yes("ctorigsrcport", values.port_range),
            _yes("ctorigdstport", values.port_range),
            _yes("ctreplsrcport", values.port_range),
            _yes("ctrepldstport", values.port_range),
            _yes("ctstatus", vocabulary.ctstatus),
            _yes("ctexpire", values.words),
            Option("ctdir", vocabulary.ctdir),
        ), tracks=True),
    Extension("comment", (Option("comment", values.comment),), required=("--comment",)),
    Extension(
        "addrtype",
        (
            _yes("src-type", vocabulary.address_type),
            _yes("dst-type", vocabulary.address_type),
            Option("limit-iface-in"),
            Option("limit-iface-out"),
        ),
        required=("--src-type", "--dst-type"),
    ),
    Extension(
        "iprange",
        (_yes("src-range", values.address_range), _yes("dst-range", values.address_range)),
        required=("--src-range", "--dst-range"),
    ),
    Extension(
        "limit",
        (
            Option("limit", values.rate, default="3/hour"),
            Option("limit-burst", values.burst),
        ),
        modelled=False,
        lasting=False,
    ),
    Extension(
        "mac", (_yes("mac-source", values.lower_words),), modelled=False,
        required=("--mac-source",),
    ),
    Extension(
        "statistic",
        (
            Option("mode", values.words),
            Option("probability", values.probability, negatable=True),
            _yes("every", values.words),
            Option("packet", values.words),
        ),
        modelled=False,
        lasting=False,
    ),
    Extension(
        "recent",
        (
            Option("set", negatable=True),
            Option("rcheck", negatable=True),
            Option("update", negatable=True),
            Option("remove", negatable=True),
            Option("seconds", values.words),
            Option("hitcount", values.words),
            Option("reap"),
            Option("rttl"),
            Option("name", values.words, default="DEFAULT"),
            Option("mask", values.words, default="255.255.255.255"),
            Option("rdest"),
            Option("rsource", default=""),
        ),
        modelled=False,
        lasting=False,
    ),
    Extension(
        "connlimit",
        (
            _yes("connlimit-above", values.words),
            Option("connlimit-upto", values.words),
            Option("connlimit-mask", values.words, default="32"),
            Option("connlimit-saddr", default=""),
            Option("connlimit-daddr"),
        ),
        modelled=False,
        lasting=False, tracks=True),
    Extension(
        "string",
        (
            _yes("string", values.quoted_words),
            _yes("hex-string", values.quoted_words),
            Option("algo", values.words),
            Option("from", values.words),
            Option("to", values.words),
            Option("icase"),
        ),
        modelled=False,
    ),
    _opaque("hashlimit", "hashlimit-upto=", "hashlimit-above=", "hashlimit=", "hashlimit-burst=",
            "hashlimit-mode=", "hashlimit-srcmask=", "hashlimit-dstmask=", "hashlimit-name=",
            "hashlimit-htable-size=", "hashlimit-htable-max=", "hashlimit-htable-expire=",
            "hashlimit-htable-gcinterval=", "hashlimit-rate-match", "hashlimit-rate-interval=",
            lasting=False),
    _opaque("quota", "quota=", lasting=False),
    _opaque("connbytes", "connbytes=", "connbytes-dir=", "connbytes-mode=",
            lasting=False, tracks=True),
    _opaque("rateest", "rateest=", "rateest1=", "rateest2=", "rateest-delta", "rateest-bps",
            "rateest-pps", "rateest-bps1=", "rateest-bps2=", "rateest-pps1=", "rateest-pps2=",
            "rateest-lt", "rateest-gt", "rateest-eq", lasting=False),
    _opaque("random", "average=", lasting=False),
    _opaque("nth", "every=", "counter=", "start=", "packet=", lasting=False),
    _opaque("psd", "psd-weight-threshold=", "psd-delay-threshold=", "psd-lo-ports-weight=",
            "psd-hi-ports-weight=", lasting=False),
    _opaque("time", "timestart=", "timestop=", "datestart=", "datestop=", "weekdays=",
            "monthdays=", "days=", "contiguous", "kerneltz", "utc", "localtz", lasting=False),
    _opaque("set", "match-set==", "set==", "return-nomatch", "update-counters",
            "update-subcounters", "packets-eq=", "packets-lt=", "packets-gt=", "bytes-eq=",
            "bytes-lt=", "bytes-gt="),
    _opaque("length", "length="),
    _opaque("ttl", "ttl-eq=", "ttl-lt=", "ttl-gt=", "ttl="),
    _opaque("tos", "tos="),
    _opaque("dscp", "dscp=", "dscp-class="),
    _opaque("ecn", "ecn-tcp-cwr", "ecn-tcp-ece", "ecn-ip-ect="),
    Extension("pkttype", (_yes("pkt-type", values.lower_words),), required=("--pkt-type",)),
    _opaque("owner", "uid-owner=", "gid-owner=", "socket-exists", "suppl-groups", "pid-owner=",
            "sid-owner=", "cmd-owner="),
    _opaque("physdev", "physdev-in=", "physdev-out=", "physdev-is-in", "physdev-is-out",
            "physdev-is-bridged"),
    _opaque("policy", "dir=", "pol=", "strict", "reqid=", "spi=", "proto=", "mode=",
            "tunnel-src=", "tunnel-dst=", "next"),
    _opaque("helper", "helper=", tracks=True),
    _opaque("socket", "transparent", "nowildcard", "restore-skmark"),
    _opaque("u32", "u32="),
    _opaque("bpf", "bytecode=", "object-pinned="),
    _opaque("realm", "realm="),
    _opaque("rpfilter", "loose", "validmark", "accept-local", "invert"),
    Extension(
        "ipvs",
        (
            Option("ipvs", negatable=True),
            *(_yes(name, values.words) for name in ("vproto", "vaddr", "vport", "vdir", "vmethod",
                                                    "vportctl")),
        ),
        rare=True,
    ),
    _opaque("geoip", "src-cc=", "dst-cc=", "source-country=", "destination-country="),
    _opaque("cgroup", "path=", "cgroup="),
    _opaque("cluster", "cluster-total-nodes=", "cluster-local-node=", "cluster-local-nodemask=",
            "cluster-hash-seed=", tracks=True),
    _opaque("connlabel", "label=", "set", tracks=True),
    _opaque("cpu", "cpu="),
    _opaque("devgroup", "src-group=", "dst-group="),
    _opaque("esp", "espspi="),
    _opaque("ah", "ahspi="),
    _opaque("osf", "genre=", "ttl=", "log="),
    _opaque("tcpmss", "mss="),
    _opaque("unclean"),
    _opaque("ipv4options", "flags=", "any"),
    _opaque("nfacct", "nfacct-name="),
    _opaque("condition", "condition="),
    _opaque("layer7", "l7proto=", "l7dir="),
    _opaque("ipp2p", "edk", "kazaa", "gnu", "dc", "bit", "apple", "soul", "winmx", "ares", "ipp2p"),
)  # fmt: skip

_MARK_CHANGES = (
    Option("set-xmark", values.set_xmark),
    Option("set-mark", values.set_mark, saved=("--set-xmark",)),
    Option("and-mark", values.and_mark, saved=("--set-xmark",)),
    Option("or-mark", values.or_mark, saved=("--set-xmark",)),
    Option("xor-mark", values.xor_mark, saved=("--set-xmark",)),
)
_RANDOM = (Option("random"), Option("random-fully"), Option("persistent"))
_PRE = ("PREROUTING", "OUTPUT")
_POST = ("POSTROUTING", "INPUT")

_TARGETS = (
    Extension("ACCEPT", ends=True),
    Extension("DROP", ends=True),
    Extension("RETURN"),
    Extension("QUEUE", modelled=False, ends=True),
    Extension(
        "REJECT",
        (Option("reject-with", vocabulary.rejection, default="icmp-port-unreachable"),),
        tables=("filter",),
        hooks=("INPUT", "FORWARD", "OUTPUT"),
        ends=True,
    ),
    Extension("MARK", _MARK_CHANGES, required=("--set-xmark",), exclusive=True),
    Extension(
        "CONNMARK",
        (
            *_MARK_CHANGES,
            Option("save-mark"),
            Option("restore-mark"),
            Option(
                "nfmask",
                values.mark_mask,
                default="0xffffffff",
                default_with=("--save-mark", "--restore-mark"),
            ),
            Option(
                "ctmask",
                values.mark_mask,
                default="0xffffffff",
                default_with=("--save-mark", "--restore-mark"),
            ),
            Option("mask", values.mark_mask, saved=("--nfmask", "--ctmask")),
        ),
        required=("--set-xmark", "--save-mark", "--restore-mark"), tracks=True),
    Extension(
        "REDIRECT",
        (Option("to-ports", values.new_ports), *_RANDOM),
        tables=("nat",),
        hooks=_PRE,
        ends=True, tracks=True),
    Extension(
        "DNAT",
        (Option("to-destination", values.endpoint), *_RANDOM),
        required=("--to-destination",),
        tables=("nat",),
        hooks=_PRE,
        ends=True, tracks=True),
    Extension(
        "SNAT",
        (Option("to-source", values.endpoint), *_RANDOM),
        required=("--to-source",),
        tables=("nat",),
        hooks=_POST,
        ends=True, tracks=True),
    Extension(
        "MASQUERADE",
        (Option("to-ports", values.new_ports), *_RANDOM),
        tables=("nat",),
        hooks=("POSTROUTING",),
        ends=True, tracks=True),
    Extension(
        "NETMAP",
        (Option("to", values.network),),
        required=("--to",),
        tables=("nat",),
        ends=True, tracks=True),
    Extension("NOTRACK", tables=("raw",)),
    Extension(
        "CT",
        (
            Option("notrack"),
            Option("helper", values.words),
            Option("ctevents", values.words),
            Option("expevents", values.words),
            Option("zone-orig", values.words),
            Option("zone-reply", values.words),
            Option("zone", values.words),
            Option("timeout", values.words),
        ),
        tables=("raw",),
    ),
    Extension(
        "TPROXY",
        (
            Option("on-port", values.words),
            Option("on-ip", values.words, default="0.0.0.0"),
            Option("tproxy-mark", values.masked_bits, default="0x0/0x0"),
        ),
        modelled=False,
        protocols=(TCP, UDP),
        required=("--on-port",),
        tables=("mangle",),
        hooks=("PREROUTING",),
        ends=True,
    ),
    Extension(
        "NFQUEUE",
        (
            Option("queue-num", values.words),
            Option("queue-balance", values.words),
            Option("queue-bypass"),
            Option("queue-cpu-fanout"),
        ),
        modelled=False,
        ends=True,
    ),
    Extension(
        "LOG",
        (
            Option("log-prefix", values.prefix),
            Option("log-level", vocabulary.log_level),
            Option("log-tcp-sequence"),
            Option("log-tcp-options"),
            Option("log-ip-options"),
            Option("log-uid"),
            Option("log-macdecode"),
        ),
    ),
    Extension(
        "NFLOG",
        (
            Option("nflog-prefix", values.prefix),
            Option("nflog-group", values.words),
            Option("nflog-range", values.words),
            Option("nflog-size", values.words),
            Option("nflog-threshold", values.words),
        ),
    ),
    _opaque("TARPIT", "tarpit", "honeypot", "reset"),
    _opaque("STEAL"),
    _opaque("MIRROR"),
    _opaque("SYNPROXY", "sack-perm", "timestamp", "mss=", "wscale=", "ecn", tracks=True),
    _opaque("CLUSTERIP", "new", "hashmode=", "clustermac=", "total-nodes=", "local-node=",
            "hash-init=", tracks=True),
    _opaque("HMARK", "hmark-tuple=", "hmark-mod=", "hmark-offset=", "hmark-rnd=",
            "hmark-src-prefix=", "hmark-dst-prefix=", "hmark-sport-mask=", "hmark-dport-mask=",
            "hmark-spi-mask=", "hmark-proto-mask="),
    _harmless("ULOG", "ulog-nlgroup=", "ulog-prefix=", "ulog-cprange=", "ulog-qthreshold="),
    _harmless("TRACE", tables=("raw",)),
    _harmless("AUDIT", "type="),
    _harmless("TOS", "set-tos=", "and-tos=", "or-tos=", "xor-tos=", tables=("mangle",)),
    _harmless("DSCP", "set-dscp=", "set-dscp-class=", tables=("mangle",)),
    _harmless("TTL", "ttl-set=", "ttl-dec=", "ttl-inc=", tables=("mangle",)),
    _harmless("ECN", "ecn-tcp-remove", tables=("mangle",)),
    _harmless("TCPMSS", "set-mss=", "clamp-mss-to-pmtu"),
    _harmless("TCPOPTSTRIP", "strip-options=", tables=("mangle",)),
    _harmless("CHECKSUM", "checksum-fill", tables=("mangle",)),
    _harmless("CLASSIFY", "set-class="),
    _harmless("IDLETIMER", "timeout=", "label=", "alarm"),
    _harmless("LED", "led-trigger-id=", "led-delay=", "led-always-blink"),
    _harmless("RATEEST", "rateest-name=", "rateest-interval=", "rateest-ewmalog="),
    _harmless("SECMARK", "selctx="),
    _harmless("CONNSECMARK", "save", "restore"),
    _harmless("TEE", "gateway="),
    Extension(
        "SET",
        (
            *(Option(name, values.words, words=2) for name in ("add-set", "del-set", "map-set")),
            Option("timeout", values.words),
            Option("exist"),
            Option("map-mark"),
            Option("map-prio"),
            Option("map-queue"),
        ),
    ),
)  # fmt: skip

_OPERATIONS = (
    Option("append", letter="A"),
    Option("check", letter="C"),
    Option("delete", letter="D"),
    Option("insert", letter="I"),
    Option("replace", letter="R"),
    Option("list", letter="L"),
    Option("list-rules", letter="S"),
    Option("flush", letter="F"),
    Option("zero", letter="Z"),
    Option("new-chain", letter="N"),
    Option("delete-chain", letter="X"),
    Option("rename-chain", letter="E"),
    Option("policy", letter="P"),
)
_MANNERS = (
    Option("jump", values.words, letter="j"),
    Option("goto", values.words, letter="g"),
    Option("match", values.words, letter="m"),
    Option("table", values.words, letter="t"),
    Option("set-counters", values.words, letter="c", words=2),
    Option("modprobe", values.words, letter="M"),
    Option("wait", letter="w"),
    Option("wait-interval", values.words, letter="W"),
    Option("verbose", letter="v"),
    Option("numeric", letter="n"),
    Option("exact", letter="x"),
    Option("line-numbers"),
    Option("version", letter="V"),
    Option("help", letter="h"),
    Option("ipv4", letter="4"),
    Option("ipv6", letter="6"),
)

_IN_OUT = (
    Option("in-interface", values.interface, "i", negatable=True, saved=("-i",)),
    Option("out-interface", values.interface, "o", negatable=True, saved=("-o",)),
)

IPTABLES = Grammar(
    "iptables",
    _OPERATIONS,
    (
        Option("source", values.network, "s", ("src",), negatable=True, saved=("-s",)),
        Option("destination", values.network, "d", ("dst",), negatable=True, saved=("-d",)),
        *_IN_OUT,
        Option("protocol", values.protocol, "p", negatable=True, saved=("-p",)),
        Option("fragments", letter="f", negatable=True, saved=("-f",)),
    ),
    _MANNERS,
    {extension.name: extension for extension in _MATCHES},
    {extension.name: extension for extension in _TARGETS},
    {
        "raw": ("PREROUTING", "OUTPUT"),
        "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
        "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
        "filter": ("INPUT", "FORWARD", "OUTPUT"),
        "security": ("INPUT", "FORWARD", "OUTPUT"),
    },
)

_ARP_TARGETS = (
    Extension("ACCEPT", ends=True),
    Extension("DROP", ends=True),
    Extension("RETURN"),
    Extension(
        "mangle",
        (
            Option("mangle-ip-s", values.address_value),
            Option("mangle-ip-d", values.address_value),
            Option("mangle-mac-s", values.lower_words, also=("mangle-hw-s",)),
            Option("mangle-mac-d", values.lower_words, also=("mangle-hw-d",)),
            Option("mangle-target", values.words),
        ),
        ends=True,
    ),
    _harmless("CLASSIFY", "set-class="),
    Extension("MARK", _MARK_CHANGES, required=("--set-xmark",), exclusive=True),
)


def _hardware(name: str, letter: str, *also: str) -> Option:
    return Option(name, values.lower_words, letter, also, negatable=True)


ARPTABLES = Grammar(
    "arptables",
    _OPERATIONS,
    (
        *_IN_OUT,
        Option("source-ip", values.arp_network, "s", ("src-ip",), negatable=True, saved=("-s",)),
        Option(
            "destination-ip", values.arp_network, "d", ("dst-ip",), negatable=True, saved=("-d",)
        ),
        _hardware("src-mac", "", "source-mac", "source-hw", "src-hw"),
        _hardware("dst-mac", "", "destination-mac", "target-hw", "destination-hw", "dst-hw"),
        _hardware("h-length", "l", "arhln"),
        Option("opcode", vocabulary.arp_operation, "", ("arpop",), negatable=True),
        _hardware("h-type", "", "arhrd"),
        _hardware("proto-type", "", "arpro"),
    ),
    _MANNERS,
    {},
    {extension.name: extension for extension in _ARP_TARGETS},
    {"filter": ("INPUT", "OUTPUT", "FORWARD")},
    # The names of Red Hat's arptables_jf, which RHEL 4 to 6 have.
    {"IN": "INPUT", "OUT": "OUTPUT"},
)

GRAMMARS = {grammar.command: grammar for grammar in (IPTABLES, ARPTABLES)}
