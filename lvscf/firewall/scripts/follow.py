"""Follow shell scripts and pasted commands: iptables and arptables lines among other text.

Nothing is run.  What the text determines is followed exactly (loops over words, functions, `-C`
before `-A`); if only a running shell knows, every branch makes a state of its own.
"""

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from attrs import define, evolve, field

from lvscf.firewall.language.command import UNSET
from lvscf.firewall.possible_states import MOST_STATES, Fork, PossibleState, ScriptReader
from lvscf.firewall.scripts.commands import Commands
from lvscf.firewall.scripts.constructs import (
    CaseConstruct,
    For,
    Function,
    Group,
    If,
    Item,
    Items,
    While,
    constructs,
    first_word,
    is_endless,
    leaves,
    lines_of,
)
from lvscf.firewall.scripts.shell import Lexer, RawWord, ShellLine, braced, expanded_text
from lvscf.firewall.scripts.variables import (
    ASSIGNED,
    DECLARING,
    assign,
    calculate,
    is_assignment,
    shift,
    text_of,
)

Status = bool | None
"""Whether a command succeeds; None if only the host knows."""
Ends = list[tuple[PossibleState, Status]]

_MOST_TIMES = 512
"""The most iterations of a loop whose condition holds."""
_MOST_CALLS = 12
_MOST_REPEATED = 20_000
"""The most commands that loops and functions repeat in one file."""
_ACTING = re.compile(
    r"(?:ip|arp)tables(?![\w.]*[/=])|\$\{?\w*(?:IPT|ARPT)|firewall-cmd", re.IGNORECASE
)
_BRANCH = (
    "Some commands of this script run only in some cases, and the file does not say in which (the "
    "first is here). lvscf follows every case."
)
_TOO_MANY = "From here on, this script has more possible courses than lvscf can follow."


@define
class Script:
    """Follows the shell text of one file."""

    reader: ScriptReader
    read_text: Callable[[int, int], None]
    """Reads text of any dialect: the contents of a here-document."""
    acting: re.Pattern[str] = _ACTING
    """Finds the commands for whose sake every branch is followed."""
    most_choices: int = 6
    """The most branches that one course takes or leaves."""
    note: "Callable[[ShellLine, list[RawWord], PossibleState], Status] | None" = None
    """Called for each command before it is applied; with a status, the command is done."""
    lexer: Lexer = field(init=False)
    commands: Commands = field(init=False)
    functions: dict[str, Items] = field(factory=dict)
    called: set[str] = field(factory=set)
    _depth: int = 0
    _repeated: int = 0
    _forks: int = 0
    _acts: dict[int, tuple[Items, bool]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.lexer = Lexer(self.reader.source.text)
        self.commands = Commands(self.reader, self.read_text)

    def read(self, start: int, end: int) -> None:
        """Follow `text[start:end]` in every state."""
        items = constructs(self.lexer, start, end)
        self._everywhere(items)

    def finish(self) -> None:
        """Follow the functions that were never called: another file may call them."""
        for name in list(self.functions):
            body = self.functions[name]
            if name in self.called or not self.acts(body):
                continue
            first = next(self._acting(body))
            ends: list[PossibleState] = []
            for state in self._states():
                taken, left = self._fork(state, f"{name} is called", first.start, first.end)
                ends.append(left)
                if taken is not None:
                    ends.extend(one for one, _ in self._items(body, taken))
            self._keep(ends)

    def _everywhere(self, items: Items) -> None:
        ends: list[PossibleState] = []
        for state in self._states():
            ends.extend(one for one, _ in self._items(items, state))
        self._keep(ends)

    def _states(self) -> list[PossibleState]:
        if not self.reader.states:
            self.reader.states.append(PossibleState(self.reader.rulesets))
        return list(self.reader.states)

    def _keep(self, states: list[PossibleState]) -> None:
        self.reader.states = states
        self.reader.enter(states[0])

    # Lists.

    def _items(self, items: Items, state: PossibleState) -> Ends:
        ends: Ends = [(state, True)]
        for position, item in enumerate(items):
            following: Ends = []
            for one, status in ends:
                following.extend(self._item(items, position, item, one, status))
            ends = following
        return ends

    def _item(
        self, items: Items, position: int, item: Item, state: PossibleState, status: Status
    ) -> Ends:
        if state.leaving:
            return [(state, status)]
        if item.connector == "&&" and status is False:
            return [(state, status)]
        if item.connector == "||" and status is True:
            return [(state, status)]
        if item.connector in ("&&", "||") and status is None:
            if leaves((item,)):
                return [(state, True)]  # `[ -x PROGRAM ] || exit`: the script went on
            if not self.acts((item,)):
                self._blur((item,), state)
                return [(state, None)]
            line = next(self._acting((item,)))
            taken, left = self._fork(
                state, f"the command of line {self._line(line.start)} runs", line.start, line.end
            )
            ends: Ends = [(left, None)]
            if taken is not None:
                ends.extend(self._node(item, taken))
            return ends
        if item.connector == "|" and position:
            before = items[position - 1].node
            asked = self.commands.searched(before, item.node, state)
            if asked is not None:
                return [(state, asked is not item.negated)]
            if (
                isinstance(before, ShellLine)
                and isinstance(item.node, ShellLine)
                and before.heredocs
            ):
                item = evolve(item, node=evolve(item.node, heredocs=before.heredocs))
        following = items[position + 1 : position + 2]
        self.reader.has_fallback = (
            bool(following) and following[0].connector == "||" and self.acts(following)
        )
        return self._node(item, state)

    def _node(self, item: Item, state: PossibleState) -> Ends:
        node = item.node
        match node:
            case ShellLine():
                ends = self._command(node, state)
            case If():
                ends = self._if(node, state)
            case CaseConstruct():
                ends = self._case(node, state)
            case For():
                ends = self._for(node, state)
            case While():
                ends = self._while(node, state)
            case Function():
                self.functions.setdefault(node.name, node.body)
                self.functions[node.name] = node.body
                self._acts.clear()
                ends = [(state, True)]
            case Group():
                ends = self._items(node.body, state)
        if item.negated:
            ends = [(one, None if status is None else not status) for one, status in ends]
        return ends

    # Constructs.

    def _if(self, node: If, state: PossibleState) -> Ends:
        ends: Ends = []
        waiting = [state]
        for number, (condition, body) in enumerate(node.branches):
            still: list[PossibleState] = []
            later = any(self.acts(part) for one in node.branches[number + 1 :] for part in one)
            for one in waiting:
                if number and not condition:
                    ends.extend(self._items(body, one))
                    continue
                for asked, status in self._items(condition, one):
                    if status is True:
                        ends.extend(self._items(body, asked))
                    elif status is False:
                        still.append(asked)
                    elif self.acts(body) or (later and not leaves(body)):
                        text = f"the condition of line {self._line(self._start(condition))} holds"
                        taken, left = self._fork(
                            asked, text, self._start(condition), self._end(condition)
                        )
                        still.append(left)
                        if taken is not None:
                            ends.extend(self._items(body, taken))
                    else:
                        if not leaves(body):  # else: the script went on
                            self._blur(body, asked)
                        still.append(asked)
            waiting = still
        return ends + [(one, True) for one in waiting]

    def _case(self, node: CaseConstruct, state: PossibleState) -> Ends:
        subject = text_of(node.subject, state.variables)
        if UNSET not in subject:
            for patterns, body in node.branches:
                texts = [text_of(one, state.variables) for one in patterns]
                if any(UNSET in text for text in texts):
                    break
                if any(fnmatchcase(subject, text) for text in texts):
                    return self._items(body, state)
            else:
                return [(state, True)]
        ends: Ends = []
        left = state
        every = False
        for patterns, body in node.branches:
            texts = [text_of(one, {}).replace(UNSET, "") for one in patterns]
            if not self.acts(body):
                if not leaves(body):
                    self._blur(body, left)
                continue
            every = every or "*" in texts
            start = patterns[0].start if patterns else node.start
            name = f"the branch `{'|'.join(texts)}` of line {self._line(start)} runs"
            taken, left = self._fork(left, name, start, patterns[-1].end if patterns else start)
            if taken is not None:
                ends.extend(self._items(body, taken))
        if not (ends and every and all(self.acts(body) for _, body in node.branches)):
            ends.append((left, None))
        return ends

    def _for(self, node: For, state: PossibleState) -> Ends:
        if not self.acts(node.body):
            self._blur(node.body, state)
            state.variables.pop(node.name, None)
            return [(state, True)]
        values = []
        for raw in node.words if node.words is not None else ():
            for word in raw.expanded(state.variables):
                unknown = "*" in word.text and bool(raw.plain) and "/proc/sys/" not in word.text
                values.extend([UNSET + word.text] if unknown else braced(word.text))
        if node.words is None:
            values = [f"{UNSET}${node.name}"]
        ends: Ends = [(state, True)]
        for value in values:
            following: Ends = []
            for one, status in ends:
                if one.leaving:
                    following.append((one, status))
                    continue
                one.variables[node.name] = value
                if UNSET in value:
                    following.extend(self._perhaps(node.body, one, node.start, "loop"))
                else:
                    following.extend(self._items(node.body, one))
            ends = _repeated(following)
            if not self._may_repeat(node.body, ends):
                break
        return _left(ends)

    def _while(self, node: While, state: PossibleState) -> Ends:
        if node.heredocs and self._reads_lines(node):
            return self._read_lines(node, state)
        ends: Ends = []
        for one, status in self._items(node.condition, state):
            holds = None if status is None else status is not node.until
            if holds is False:
                ends.append((one, True))
            elif holds is None and self.acts(node.body):
                ends.extend(self._perhaps(node.body, one, node.start, "loop"))
            elif holds is None:
                self._blur(node.body, one)
                ends.append((one, True))
            elif is_endless(node):
                ends.extend(self._items(node.body, one))
            else:
                ends.extend(self._again(node, one, 1))
        return _left(ends)

    def _again(self, node: While, state: PossibleState, times: int) -> Ends:
        """Repeat the body of a loop as long as its condition holds."""
        ends: Ends = []
        waiting = [state]
        while waiting and times < _MOST_TIMES:
            times += 1
            still: list[PossibleState] = []
            for one, _ in _repeated(self._items(node.body, waiting.pop())):
                if one.leaving:
                    ends.append((one, True))
                    continue
                for asked, status in self._items(node.condition, one):
                    if status is not None and status is not node.until:
                        still.append(asked)
                    else:
                        ends.append((asked, True))
            waiting.extend(still)
            if not self._may_repeat(node.body, [(one, True) for one in waiting]):
                break
        return ends + [(one, True) for one in waiting]

    @staticmethod
    def _reads_lines(node: While) -> bool:
        line = node.condition[0].node if len(node.condition) == 1 else None
        return isinstance(line, ShellLine) and "read" in [raw.plain for raw in line.words[:2]]

    def _read_lines(self, node: While, state: PossibleState) -> Ends:
        """Follow `while read A B; do ...; done <<EOF`, once for each line of the document."""
        line = node.condition[0].node
        assert isinstance(line, ShellLine)
        names = [raw.plain for raw in line.words if raw.plain.isidentifier()]
        names = [name for name in names if name != "read"] or ["REPLY"]
        document = node.heredocs[0]
        text = self.reader.source.text[document.start : document.end]
        ends: Ends = [(state, True)]
        for row in text.splitlines():
            following: Ends = []
            for one, status in ends:
                if one.leaving:
                    following.append((one, status))
                    continue
                given = row if document.literal else expanded_text(row, one.variables)
                values = given.split(None, len(names) - 1)
                values += [""] * (len(names) - len(values))
                one.variables.update(zip(names, values, strict=False))
                following.extend(self._items(node.body, one))
            ends = _repeated(following)
            if not self._may_repeat(node.body, ends):
                break
        return _left(ends)

    def _perhaps(self, body: Items, state: PossibleState, start: int, what: str) -> Ends:
        text = f"the {what} of line {self._line(start)} runs"
        taken, left = self._fork(state, text, start, self._end_of_line(start))
        return [(left, None), *(self._items(body, taken) if taken is not None else [])]

    def _may_repeat(self, body: Items, ends: Ends) -> bool:
        """Whether the limit of repetitions has not been reached."""
        self._repeated += (1 + sum(1 for _ in lines_of(body))) * len(ends)
        if self._repeated < _MOST_REPEATED:
            return True
        start = self._start(body)
        for one, _ in ends:
            self.reader.enter(one)
            self.reader.unseen("iptables", "*", _TOO_MANY, start, self._end_of_line(start))
        return False

    # Choices.

    def _fork(
        self, state: PossibleState, text: str, start: int, end: int
    ) -> tuple[PossibleState | None, PossibleState]:
        """The state in which a branch runs, and the one in which it does not.

        The former is None if there are too many states.  The branch is then left out, and the
        latter counts as incomplete.
        """
        self.reader.remark(_BRANCH, start, end, sentence=True)
        self._forks += 1
        if self._forks > MOST_STATES * 4 or len(state.choices) >= self.most_choices:
            self.reader.enter(state)
            self.reader.unseen("iptables", "*", _TOO_MANY, start, end)
            return None, state
        choice = Fork(text, start, end)
        taken = state.copy()
        taken.choices = (*state.choices, self.reader.assumption(choice, True))
        state.choices = (*state.choices, self.reader.assumption(choice, False))
        return taken, state

    def _blur(self, items: Items, state: PossibleState) -> None:
        """Forget the variables set by commands that may not run."""
        for line in lines_of(items):
            words = line.words[1:] if first_word(line) in DECLARING else line.words
            for raw in words:
                found = ASSIGNED.match(raw.pieces[0].text) if raw.pieces else None
                if found is None:
                    break
                state.variables.pop(found.group().rstrip("+="), None)

    def acts(self, items: Items) -> bool:
        """Whether any of these commands or functions may change rules."""
        if not items:
            return False
        known = self._acts.get(id(items))
        if known is None or known[0] is not items:
            answer = next(self._acting(items), None) is not None
            known = self._acts[id(items)] = (items, answer)
        return known[1]

    def _acting(self, items: Items, depth: int = 0) -> Iterator[ShellLine]:
        text = self.reader.source.text
        for line in lines_of(items):
            name = first_word(line)
            body = self.functions.get(name)
            if body is not None:
                if depth < _MOST_CALLS and next(self._acting(body, depth + 1), None) is not None:
                    yield line
            elif (self.note is not None or name not in ("echo", "printf", "logger")) and (
                self.acting.search(text, line.start, line.end)
                or any(self.acting.search(text, one.start, one.end) for one in line.heredocs)
            ):
                yield line

    # Commands.

    def _command(self, line: ShellLine, state: PossibleState) -> Ends:
        variables = state.variables
        raws = list(line.words)
        declaring = first_word(line) in DECLARING
        if declaring:
            del raws[0]
        assigned = []
        while raws and is_assignment(raws[0]):
            assigned.append(raws.pop(0))
        if not raws or declaring:
            assign(assigned, variables)
            return [(state, True)]
        name = first_word(line)
        if name in ("exit", "return", "break", "continue"):
            state.leaving = name
            return [(state, True)]
        if name == "shift":
            shift(variables)
            return [(state, True)]
        if name == "let" or raws[0].pieces[0].text.startswith("(("):
            for raw in raws:
                calculate(text_of(raw, {}).strip(UNSET), variables)
            return [(state, None)]
        if name in ("read", "unset", "mapfile", "readarray"):
            for raw in raws[1:]:
                variables.pop(raw.plain, None)
            return [(state, None)]
        if name in self.functions:
            return self._call(name, raws[1:], state)
        self.reader.enter(state)
        status = self.note(line, raws, state) if self.note is not None else None
        if status is not None:
            return [(state, status)]
        return [(state, self.commands.run(line, raws, variables))]

    def _call(self, name: str, arguments: list[RawWord], state: PossibleState) -> Ends:
        self.called.add(name)
        body = self.functions[name]
        if self._depth >= _MOST_CALLS or not self._may_repeat(body, [(state, True)]):
            return [(state, True)]
        words = [word.text for raw in arguments for word in raw.expanded(state.variables)]
        outer = {key: value for key, value in state.variables.items() if key.isdecimal()}
        positional = {str(at): word for at, word in enumerate(words, 1)}
        positional |= {"@": " ".join(words), "*": " ".join(words), "#": str(len(words))}
        inner = {key: value for key, value in state.variables.items() if key not in outer}
        state.variables = {**inner, **positional}
        self._depth += 1
        ends = self._items(body, state)
        self._depth -= 1
        for one, _ in ends:
            one.leaving = "exit" if one.leaving == "exit" else ""
            kept = {
                key: value
                for key, value in one.variables.items()
                if not key.isdecimal() and key not in ("@", "*", "#")
            }
            one.variables = {**kept, **outer}
        return ends

    # Places.

    def _line(self, position: int) -> int:
        return self.reader.source.span(position, position).line

    def _start(self, items: Items) -> int:
        return next((line.start for line in lines_of(items)), 0)

    def _end(self, items: Items) -> int:
        return next((line.end for line in lines_of(items)), 0)

    def _end_of_line(self, start: int) -> int:
        newline = self.reader.source.text.find("\n", start)
        return len(self.reader.source.text) if newline < 0 else newline


def _repeated(ends: Ends) -> Ends:
    """The ends of a loop's body, ready for the next iteration."""
    for one, _ in ends:
        if one.leaving == "continue":
            one.leaving = ""
    return ends


def _left(ends: Ends) -> Ends:
    """The ends of a loop."""
    for one, _ in ends:
        if one.leaving in ("break", "continue"):
            one.leaving = ""
    return ends
