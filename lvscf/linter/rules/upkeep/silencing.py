"""LVS901 and LVS902: comments that ask for silence in vain."""

from lvscf.findings.finding import Severity
from lvscf.findings.place import Place
from lvscf.findings.rule import Change, Problem
from lvscf.linter.silencing_comments import CommentRule, Mention, SilencingComment, comment_rule
from lvscf.shared import suggestions
from lvscf.source import quoted
from lvscf.syntax.reading import Reading

_VERBS = ("ignore", "ignore-file")


@comment_rule("LVS901", "unused-suppression", Severity.WARNING)
def unused_suppression(
    reading: Reading, comment: SilencingComment, word: Mention | None
) -> Problem:
    """A comment that silences nothing.

    What:
        A rule is named in a `# lvscf: ignore[...]` comment, and has nothing to say about what the
        comment covers: the next directive, the whole next block, or with `ignore-file` the file.
        Rules that did not run are not counted, such as those about hosts of which no files were
        given.

    Why:
        The comment tells readers of a defect that is not there any more, and would hide the next
        one.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          keepalive = 6
        - # lvscf: ignore[LVS201] until the new heartbeat line is there
          deadtime = 18

    Fix:
        Safe: the name goes out of the comment, and with the last one the whole comment.
    """
    assert word is not None
    where = (
        "in this file"
        if comment.whole_file
        else "in what follows"
        if comment.end > comment.start
        else "here, as nothing follows"
    )
    return Problem(
        at=word.at,
        message=f"There is nothing for {quoted(word.text)} to silence {where}.",
        help="Take the comment out."
        if len(comment.words) == len(comment.idle)
        else "Take it out of the comment.",
        change=_without(reading, comment, word),
    )


@comment_rule("LVS902", "unknown-rule", Severity.WARNING)
def unknown_rule(reading: Reading, comment: SilencingComment, word: Mention | None) -> Problem:
    """A comment that asks for silence and names no rule.

    What:
        A comment begins with `# lvscf:`, and what follows is not `ignore[...]` or
        `ignore-file[...]`, or its brackets hold no rule that there is.  Rules go by code (`LVS201`),
        name (`deadtime-below-keepalive`) or the beginning of codes (`LVS2`).

    Why:
        It silences nothing, though its writer believes so.  (A rule that settings name and that does
        not exist is an error of the settings: lvscf stops with exit status 2.)

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          keepalive = 30
        - # lvscf: ignore[LSV201] the backup is a cold one
        + # lvscf: ignore[LVS201] the backup is a cold one
          deadtime = 18
    """
    if word is not None:
        near = word.suggestion
        return Problem(
            at=word.at,
            message=f"There is no rule or family {quoted(word.text)}: nothing is silenced.",
            help=f"Did you mean `{near}`?"
            if near
            else "Part rules by commas."
            if len(word.text.split()) > 1
            else "`lvscf rules` lists all rules.",
        )
    text = reading.source.text[comment.at.start : comment.at.end]
    said = text.removeprefix("lvscf").lstrip(" \t:")
    empty = "[" in said and not said.partition("[")[2].strip(" \t,]")
    verb, _, rest = said.replace("[", " ").partition(" ")
    meant = suggestions.nearest(verb, _VERBS) or "ignore"
    rule = next(iter(rest.partition("]")[0].replace(",", " ").split()), "LVS201")
    return Problem(
        at=comment.at,
        message="No rule is named between these brackets: nothing is silenced."
        if empty
        else "lvscf does not understand this comment: nothing is silenced.",
        help=f"Name the rule: `# lvscf: {meant}[LVS201]`."
        if empty
        else f"Write {quoted(f'# lvscf: {meant}[{rule}]')}, and the reason behind it.",
    )


def _without(reading: Reading, comment: SilencingComment, word: Mention) -> Change | None:
    """Take a word out of its comment, or the comment out of the file if that leaves none.

    The edits for several words of one comment are the same, or keep out of each other's way.
    """
    line = comment.line
    if len(comment.words) == len(comment.idle):
        if reading.misread_as is not None or line.text == reading.source.text:
            return None  # lines are not what they seem, or nothing would be left of the file
        place = Place(line.start, line.start + len(line.text))
        return Change("Take the comment out", "safe", ((place, ""),))
    words = comment.words
    number = words.index(word)
    first_kept = next(n for n, one in enumerate(words) if one not in comment.idle)
    if number < first_kept:
        place = Place(word.at.start, words[number + 1].at.start)
    else:
        place = Place(words[number - 1].at.end, word.at.end)
    return Change(f"Take {quoted(word.text)} out of the comment", "safe", ((place, ""),))


RULES: tuple[CommentRule, CommentRule] = (unused_suppression, unknown_rule)
