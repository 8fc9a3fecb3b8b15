"""Files with direct rules of firewalld: `--get-all-rules`, `--get-all-passthroughs`, direct.xml.

Facts: firewalld.direct(5).  XML is read without a document type, so there are no entities but those
for `&`, `<`, `>` and quotes.
"""

import re
from xml.parsers import expat

from attrs import define, field

from lvscf.firewall import direct_rules
from lvscf.firewall.direct_rules import Word
from lvscf.firewall.firewall import Firewall
from lvscf.firewall.possible_states import ScriptReader
from lvscf.firewall.reader import firewall_of
from lvscf.source import Source

_LINE = re.compile(r"^[ \t]*ipv4[ \t]+(?P<rest>\S[^\n]*)$", re.MULTILINE)
_WORD = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[^\s'\"]+")
_Rule = tuple[list[Word], int, int]
"""The words of a rule, and its place."""
_OTHERS = (
    "These are direct rules of firewalld, whose rules for zones are missing here. Use the output "
    "of `iptables-save` instead."
)


def read_listing(source: Source) -> Firewall:
    """The rules that `firewall-cmd --direct --get-all-rules` and `--get-all-passthroughs` print."""
    reader = _reader(source)
    rules: list[_Rule] = []
    for line in _LINE.finditer(source.text):
        words = _words(source.text, line.start("rest"), line.end())
        start, end = line.start("rest"), line.start("rest") + len(line["rest"].rstrip())
        if words[0][0].startswith("-"):
            direct_rules.pass_through(reader, words, start, end)
        elif len(words) == 2:
            direct_rules.add_chain(reader, words, start, end)
        else:
            rules.append((words, start, end))
    return _finished(reader, rules)


def read_xml(source: Source) -> Firewall:
    """The rules in firewalld's direct.xml."""
    reader = _reader(source)
    xml = _Xml(reader)
    try:
        xml.read()
    except expat.ExpatError:
        at = sum(len(line) for line in source.text.split("\n")[: xml.line - 1]) + xml.line - 1
        reader.complain(
            "This is no well-formed XML, and firewalld rejects the file: none of its direct rules "
            "are there.",
            min(at, len(source.text)),
            min(at + 1, len(source.text)),
            "Correct the file, or save the rules on the host with `iptables-save > FILE`.",
        )
    return _finished(reader, xml.rules)


def _reader(source: Source) -> ScriptReader:
    reader = ScriptReader(source)
    reader.commanded = True
    reader.ruleset("iptables").chains("filter")
    end = source.text.find("\n")
    reader.unseen("iptables", "*", _OTHERS, 0, len(source.text) if end < 0 else end)
    return reader


def _finished(reader: ScriptReader, rules: "list[_Rule]") -> Firewall:
    """The firewall with direct rules, in order of priority, as `_reader` has its chains."""
    for words, start, end in sorted(rules, key=lambda rule: direct_rules.priority_of(rule[0])):
        direct_rules.add_rule(reader, words, start, end, last=True)
    reader.finish()
    return firewall_of(reader)


def _words(text: str, start: int, end: int) -> list[Word]:
    return [
        (one.group().strip("'\""), one.start()) for one in _WORD.finditer(text, start, end)
    ] or [("", start)]


@define
class _Xml:
    """Reads a direct.xml: applies chains and passthroughs, and collects rules."""

    reader: ScriptReader
    rules: list[_Rule] = field(init=False, factory=list)
    _parser: expat.XMLParserType = field(init=False)
    _content: bytes = field(init=False)
    _known: tuple[int, int] = (0, 0)
    """An offset in bytes, and the same in characters."""
    _open: tuple[str, dict[str, str], int] | None = None
    """The rule's element that is open: its name, its attributes, and where it begins."""
    _texts: list[str] = field(factory=list)

    def read(self) -> None:
        """Read the file.

        Raises:
            ExpatError: it is not well-formed, or has a document type.
        """
        self._content = self.reader.source.text.encode("utf-8", "replace")
        parser = self._parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._texts.append
        parser.Parse(self._content, True)

    @property
    def line(self) -> int:
        """The number of the line that is being read."""
        return self._parser.CurrentLineNumber

    def _at(self) -> int:
        """The present offset in characters."""
        octets = self._parser.CurrentByteIndex
        before, characters = self._known
        if octets > before:
            characters += len(self._content[before:octets].decode("utf-8", "replace"))
            self._known = (octets, characters)
        return characters

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        at = self._at()
        if name in ("rule", "passthrough", "chain") and attributes.get("ipv") == "ipv4":
            self._open = (name, attributes, at)
            self._texts.clear()

    def _ended(self, name: str) -> None:
        end = self._at()
        if self._open is None or self._open[0] != name:
            return
        _, attributes, start = self._open
        self._open = None
        text = self.reader.source.text
        end = max(end, start)
        closing = text.find(">", end) + 1 if text.startswith("</", end) else end
        content = "".join(self._texts)
        given = [word for word, _ in _words(content, 0, len(content)) if word]
        words = self._placed(given, start, end)
        head = [(attributes.get(one, ""), start) for one in ("table", "chain")]
        if name == "chain":
            direct_rules.add_chain(self.reader, head, start, closing or end)
        elif name == "passthrough":
            direct_rules.pass_through(self.reader, words, start, closing or end)
        else:
            priority = (attributes.get("priority", "0"), start)
            self.rules.append(([*head, priority, *words], start, closing or end))

    def _placed(self, words: list[str], start: int, end: int) -> list[Word]:
        """The words of a rule with their places, as far as they are written alike."""
        text = self.reader.source.text
        at = text.find(">", start, end)
        placed: list[Word] = []
        for word in words:
            found = text.find(word, at, end)
            at = found if found >= 0 else at
            placed.append((word, max(at, start)))
        return placed


def _refuse(*_declared: object) -> None:
    raise expat.ExpatError("a document type")
