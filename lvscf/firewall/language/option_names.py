"""Option names: which option a word means, by its exact name or a valid abbreviation.

The rules are those of getopt_long as iptables uses it: a name may be abbreviated as long as only
one option starts that way.  Matches and targets add their options as they are loaded, and the last
one loaded comes first.
"""

import re
from functools import lru_cache

from attrs import frozen

from lvscf.firewall.language.options import GRAMMARS, Extension, Option
from lvscf.firewall.refusals import Refused
from lvscf.shared.records import compared
from lvscf.source import quoted

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
"""What web pages and word processors turn `-` into."""


@compared
@frozen(eq=False, repr=False)
class Meaning:
    """What a long name means."""

    option: Option
    level: int
    """Index of the loaded extension that has it; -1 if iptables itself does."""


@lru_cache(4096)
def meaning(command: str, loaded: tuple[str, ...], name: str) -> Meaning | None:
    """The option that `--name` means, if there is exactly one.

    `loaded` are the extensions loaded so far, in order, as `match NAME` and `target NAME`.
    """
    found: dict[tuple[int, str], Meaning] = {}
    for level in range(len(loaded) - 1, -2, -1):
        for option in _options(command, loaded[level] if level >= 0 else ""):
            for full in (option.name, *option.also):
                if full == name:
                    return Meaning(option, level)
                if full.startswith(name):
                    found.setdefault((level, option.name), Meaning(option, level))
    return next(iter(found.values())) if len(found) == 1 else None


@lru_cache(1024)
def _options(command: str, extension: str) -> tuple[Option, ...]:
    grammar = GRAMMARS[command]
    if not extension:
        return (*grammar.operations, *grammar.general, *grammar.manners)
    known = extension_of(command, extension)
    return known.options if known else ()


def extension_of(command: str, loaded: str) -> Extension | None:
    """The extension for `match NAME` or `target NAME`; None if it is unknown."""
    kind, _, name = loaded.partition(" ")
    grammar = GRAMMARS[command]
    return (grammar.matches if kind == "match" else grammar.targets).get(name)


@lru_cache(8)
def letters(command: str) -> dict[str, Option]:
    """One-letter options."""
    return {option.letter: option for option in _options(command, "") if option.letter}


@lru_cache(8)
def _owners(command: str) -> dict[str, list[str]]:
    """Every long name of every extension, with the extensions that have it."""
    grammar = GRAMMARS[command]
    owners: dict[str, list[str]] = {}
    for kind, extensions in (("-m", grammar.matches), ("-j", grammar.targets)):
        for extension in extensions.values():
            for option in extension.options:
                for name in (option.name, *option.also):
                    owners.setdefault(name, []).append(f"{kind} {extension.name}")
    return owners


def is_option_somewhere(command: str, name: str) -> bool:
    """Whether `--name` is an option of the command or of any of its extensions."""
    own = any(name in (option.name, *option.also) for option in _options(command, ""))
    return own or name in _owners(command)


def stranger(command: str, loaded: tuple[str, ...], name: str) -> Refused | None:
    """Why iptables would reject `--name`; None if lvscf does not know the name either."""
    owners = _owners(command).get(name)
    if owners:
        if name in ("dport", "sport", "destination-port", "source-port"):
            return Refused(
                f"`--{name}` is given without a protocol before it, and only protocols with ports "
                "have it",
                f"Write -p tcp or -p udp before --{name}.",
            )
        owner = owners[0]
        advice = f"Write {owner} before --{name}."
        if owner == "-m multiport" and not name.startswith("destination-"):
            advice = f"Write -m multiport --{name} for several ports, or --{name[:-1]} for one."
        return Refused(
            f"`--{name}` is an option of `{owner}`, which is not given before it", advice
        )
    candidates = [option for level in ("", *loaded) for option in _options(command, level)]
    begun = sorted(
        {
            full
            for option in candidates
            for full in (option.name, *option.also)
            if full.startswith(name)
        }
    )
    if len(begun) > 1:
        return Refused(f"`--{name}` could mean {_either(begun)}", "Write the name in full.")
    similar = _similar(command, loaded, name)
    if similar:
        return Refused(f"there is no option `--{name}`", f"Did you mean --{similar}?")
    return None


@lru_cache(1024)
def _similar(command: str, loaded: tuple[str, ...], name: str) -> str | None:
    """An option with a similar name."""
    from difflib import get_close_matches  # slow to import and rarely needed

    if not 2 < len(name) < 40:
        return None
    known = [
        full
        for level in ("", *loaded)
        for option in _options(command, level)
        for full in (option.name, *option.also)
    ]
    grammar = GRAMMARS[command]
    known += [
        option.name
        for extension in (*grammar.matches.values(), *grammar.targets.values())
        if extension.modelled
        for option in extension.options
    ]
    close = get_close_matches(name, known, 1, 0.75)
    return close[0] if close else None


def _either(names: list[str]) -> str:
    return " or ".join(f"`--{name}`" for name in names[:4])


def bad_argument(command: str, words: list[str], index: int) -> Refused:
    """Why iptables rejects a word that is neither an option nor the value of one."""
    word = words[index]
    before = words[index - 1] if index else ""
    if word[:1] and word[0] in DASHES:
        plain = word.lstrip(DASHES)
        dashes = "-" if len(plain) == 1 else "--"
        return Refused(
            f"{quoted(word)} starts with a typographic dash, as web pages show it, not with the "
            "minus sign of an option",
            f"Write {dashes}{plain.split(' ')[0]}.",
            index,
        )
    if re.match(r"#|//", word):
        return Refused("a comment follows the rule", "Give it a line of its own.", index)
    if before.endswith(",") and re.match(r"[\w:,]+\Z", word):
        return Refused(
            f"a space follows a comma, which makes {quoted(word)} a separate word",
            f"Write {before}{word}.",
            index,
        )
    table, dash, _ = before.partition("-")
    if dash and index > 1 and words[index - 2] in ("-t", "--table"):
        return Refused(
            f"a space is missing in {quoted(before)}, which leaves {quoted(word)} without an "
            "option",
            f"Write -t {table} -{before.removeprefix(table + dash)} {word}.",
            index - 1,
        )
    if index == 0 and word == "t":
        return Refused("the dash before `t` is missing", "Write -t.", index)
    if is_option_somewhere(command, word) and len(word) > 2:
        return Refused(f"the dashes before {quoted(word)} are missing", f"Write --{word}.", index)
    meant = None
    if words[max(index - 2, 0) : index] in (["-j", "MARK"], ["--jump", "MARK"]):
        meant = f"Write --set-mark {word}."
    return Refused(f"{quoted(word)} is neither an option nor the value of one", meant, index)


def single_dash(command: str, word: str) -> Refused | None:
    """The refusal of a word such as `-dport`, which iptables reads as `-d port`; or None."""
    name = word[1:].partition("=")[0]
    if len(name) > 2 and is_option_somewhere(command, name):
        return Refused(
            f"{quoted(word)} has only one dash, so it means -{name[0]} with the value "
            f"{quoted(name[1:])}",
            f"Write --{name}.",
        )
    return None
