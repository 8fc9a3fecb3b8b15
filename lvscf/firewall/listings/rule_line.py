"""Rule lines of `iptables -L`, turned back into the options that they stand for.

The columns come first, then a phrase for every match, then that of the target.  A listing does not
preserve quotes.  The phrase of a target is therefore searched for at the end of the line, and
comments and texts are removed first.
"""

import re

from attrs import define, field, frozen

from lvscf.firewall.language.command import UNSET
from lvscf.firewall.language.options import IPTABLES
from lvscf.firewall.listings.phrases import MATCH_PHRASES, TARGET_PHRASES, negatable
from lvscf.firewall.model import HIDDEN, INSEPARABLE, UNREADABLE
from lvscf.shared.records import compared


@compared
@frozen(eq=False, repr=False)
class Layout:
    """The columns before the protocol, from the line below a chain's name."""

    numbered: bool
    counted: bool
    interfaces: bool


_OPT = ("--", "-f", "!f")
_HEADING = re.compile(
    r"\s*(?P<num>num\s+)?(?P<pkts>pkts\s+bytes\s+)?target\s+prot\s+opt\s+(?P<in>in)?"
)


def layout_of(heading: str) -> Layout | None:
    """The layout that a line of column titles describes; None if it is something else."""
    found = _HEADING.match(heading)
    if found is None:
        return None
    return Layout(bool(found["num"]), bool(found["pkts"]), bool(found["in"]))


_COLUMNS = re.compile(
    r"\s*(?:\d+\s+)??(?:(?P<pkts>\d+[KMGTPE]?)\s+(?P<bytes>\d+[KMGTPE]?)\s+)?"
    r"(?:(?P<target>[A-Za-z_][\w-]*|[^\s\d!]\S*)\s+)?(?P<prot>!?[\w.-]+)\s+(?P<opt>--|-f|!f)\s+"
    r"(?:(?P<in>(?!anywhere)!?[^\s.\d/!][^\s/]*)\s+(?P<out>!?\S+)\s+)?"
    r"(?P<source>!?\S+)\s+(?P<destination>!?\S+)(?:\s+(?P<rest>.*))?$"
)
"""The columns of a line whose heading was not copied."""


@compared
@frozen(eq=False, repr=False)
class _Columns:
    target: str
    protocol: str
    fragments: str
    into: str | None
    """None if the listing has no such column."""
    out: str | None
    source: str
    destination: str
    rest: str


def shows_interfaces(line: str, layout: Layout | None) -> bool:
    """Whether a listed rule shows the incoming interface."""
    columns = _columns(line, layout)
    return columns is None or columns.into is not None


def listed_target(line: str, layout: Layout | None) -> str:
    """The target of a listed rule; empty if it has none, or the line is not a rule."""
    columns = _columns(line, layout)
    return "" if columns is None else columns.target


def _columns(line: str, layout: Layout | None) -> _Columns | None:
    if layout is None:
        found = _COLUMNS.match(line)
        if found is None:
            return None
        return _Columns(
            found["target"] or "", found["prot"], found["opt"], found["in"], found["out"],
            found["source"], found["destination"], (found["rest"] or "").strip(),
        )  # fmt: skip
    words = [(word.group(), word.end()) for word in re.finditer(r"\S+", line)]
    texts = [text for text, _ in words]
    at = layout.numbered + 2 * layout.counted
    # A rule without a target leaves its column empty.
    if at + 1 < len(texts) and texts[at + 1] in _OPT:
        target = ""
    elif at + 2 < len(texts) and texts[at + 2] in _OPT:
        target = texts[at]
        at += 1
    else:
        return None
    protocol, fragments = texts[at : at + 2]
    at += 2
    into = out = None
    if layout.interfaces:
        if at + 1 >= len(texts):
            return None
        into, out = texts[at : at + 2]
        at += 2
    if at + 1 >= len(texts):
        return None
    source, destination = texts[at : at + 2]
    rest = line[words[at + 1][1] :].strip()
    return _Columns(target, protocol, fragments, into, out, source, destination, rest)


def listed_words(line: str, layout: Layout | None) -> list[str] | None:
    """The options of a listed rule; None if the line is not a rule."""
    columns = _columns(line, layout)
    if columns is None:
        return None
    rest = columns.rest
    goto = rest.startswith("[goto]")
    conditions, changes = _rest(rest.removeprefix("[goto]").strip(), columns.target)
    return [*_own_words(columns), *conditions, *_target_words(columns, goto), *changes]


def open_words(line: str, layout: Layout | None) -> list[str] | None:
    """The columns of a listed rule only; whatever follows them is left open.

    This is for rules whose words do not make sense together.  The kernel has accepted them, so they
    are not wrong, but lvscf does not understand them.
    """
    columns = _columns(line, layout)
    if columns is None:
        return None
    goto = columns.rest.startswith("[goto]")
    unknown = _unknown_change(columns.target)
    return [*_own_words(columns), "-m", UNREADABLE, *_target_words(columns, goto), *unknown]


def _own_words(columns: _Columns) -> list[str]:
    words: list[str] = []
    # "No interface" is `any` without -n and `*` with it; an interface may be called `any`.
    named = "*" not in (columns.into, columns.out)
    for option, value in (
        ("-s", columns.source),
        ("-d", columns.destination),
        ("-i", columns.into),
        ("-o", columns.out),
    ):
        if value not in (None, "*", "anywhere", "0.0.0.0/0") and not (value == "any" and named):
            words += negatable(option, value)
    if columns.protocol not in ("0", "all", "ip"):
        words += negatable("-p", columns.protocol)
    if columns.fragments != "--":
        words += ["-f"] if columns.fragments == "-f" else ["!", "-f"]
    if columns.into is None:
        words += ["-m", HIDDEN]
    return words


def _target_words(columns: _Columns, goto: bool) -> list[str]:
    return ["-g" if goto else "-j", columns.target] if columns.target else []


_LONGEST = 4000
"""The most characters that are examined: no real rule is longer."""


def _rest(rest: str, target: str) -> tuple[list[str], list[str]]:
    """The options of the matches and of the target, from the words after the columns."""
    if len(rest) > _LONGEST:
        return ["-m", UNREADABLE], _unknown_change(target)
    conditions, changes = rest, list[str]()
    phrase = TARGET_PHRASES.get(target)
    if phrase is not None:
        found = phrase.pattern.search(rest)
        if found is not None:
            conditions, changes = rest[: found.start()], phrase.write(found)
        elif phrase.needed:
            changes = _unknown_change(target)
    return _conditions(conditions), changes


def _unknown_change(target: str) -> list[str]:
    """The required options of a target, if their values are not known."""
    extension = IPTABLES.targets.get(target)
    if extension is None or not extension.required:
        return []
    return [extension.required[0], f"{UNSET}?"]


@define
class _Group:
    """A match and its options, in the order they were found."""

    kind: str
    words: list[str] = field(factory=list)
    place: int = -1
    """The position of the last option in the order of listing."""


def _conditions(text: str) -> list[str]:
    """The options of the matches."""
    text, unread = _without_odd_comments(text)
    groups: list[_Group] = []
    position = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        for pattern, kind, write in MATCH_PHRASES:
            found = pattern.match(text, position)
            if found is not None:
                _take(groups, kind, write(found))
                position = found.end()
                break
        else:
            unread = True
            word_end = text.find(" ", position)
            position = len(text) if word_end < 0 else word_end
    words: list[str] = []
    for group in groups:
        words += ["-m", group.kind, *group.words]
        if group.kind == "conntrack" and _may_be_two(group.words):
            words += ["-m", INSEPARABLE]
    return [*words, "-m", UNREADABLE] if unread else words


def _without_odd_comments(text: str) -> tuple[str, bool]:
    """The text without comments that contain comment signs, whose end is not known."""
    signs = re.findall(r"/\*(?= )|(?<= )\*/", text)
    if signs == ["/*", "*/"] * (len(signs) // 2):
        return text, False
    first = text.find("/* ")
    last = text.rfind(" */")
    if first < 0 or last < first:
        return text, True
    return f"{text[:first]} {text[last + 3 :]}", True


_JOINED = ("tcp", "udp", "sctp", "dccp", "udplite", "conntrack", "addrtype", "iprange")
"""Matches with several phrases; each other phrase is a match of its own."""


def _take(groups: list[_Group], kind: str, words: list[str]) -> None:
    """Add a phrase to the match it belongs to, or start a new one."""
    last = groups[-1] if groups else None
    if not kind:
        # Ports and flags belong to the protocol's match, which is named before them.
        if last is not None and last.kind in _JOINED:
            last.words += words
        else:
            groups.append(_Group("tcp" if "--tcp-flags" in words else "udp", words))
        return
    name = next((word for word in words if word.startswith("--")), "")
    place = _ORDER.index(name) if name in _ORDER else -1
    if last is not None and last.kind == kind and kind in _JOINED and -1 < last.place < place:
        last.words += words
        last.place = place
        return
    if kind == "addrtype" and not name:
        place = 0
    groups.append(_Group(kind, list(words), place))


_ORDER = (
    "",
    "--ctstate", "--ctproto", "--ctorigsrc", "--ctorigdst", "--ctreplsrc", "--ctrepldst",
    "--ctorigsrcport", "--ctorigdstport", "--ctreplsrcport", "--ctrepldstport",
    "--ctstatus", "--ctexpire", "--ctdir",
    "--src-type", "--dst-type", "--limit-iface-in", "--limit-iface-out",
    "--src-range", "--dst-range",
)  # fmt: skip
"""The order in which a match lists its options; an earlier one starts a new match."""


def _may_be_two(words: list[str]) -> bool:
    """Whether it matters that what looks like one match with a state may really be two.

    For packets without a connection, one match tests only the state; two would test the rest too.
    """
    if "--ctstate" not in words or sum(word.startswith("--") for word in words) < 2:
        return False
    at = words.index("--ctstate")
    states = set(words[at + 1].split(","))
    untracked = states & {"INVALID", "UNTRACKED"}
    return len(untracked) < 2 if words[at - 1 : at] == ["!"] else bool(untracked)
