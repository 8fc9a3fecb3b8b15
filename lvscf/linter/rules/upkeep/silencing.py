"""LVS901 and LVS902: comments that fail to silence anything."""

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
        A `# lvscf: ignore[...]` comment names a rule that finds nothing in what the comment covers:
        the next directive, the whole next block, or with `ignore-file` the whole file.  Rules that
        did not run do not count, such as rules about hosts whose files were not given.

    Why:
        The comment points readers to a defect that no longer exists, and would hide the next one.

    Example:
          primary = 10.10.1.21
          backup = 10.10.1.22
          backup_active = 1
          keepalive = 6
        - # lvscf: ignore[LVS201] until the new heartbeat line is there
          deadtime = 18

    Fix:
        Safe: the name is removed from the comment, and the whole comment with the last name.
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
        message=f"{quoted(word.text)} silences nothing {where}.",
        help="Remove the comment."
        if len(comment.words) == len(comment.idle)
        else "Remove it from the comment.",
        change=_without(reading, comment, word),
    )


@comment_rule("LVS902", "unknown-rule", Severity.WARNING)
def unknown_rule(reading: Reading, comment: SilencingComment, word: Mention | None) -> Problem:
    """A silencing comment that names no known rule.

    What:
        A comment begins with `# lvscf:`, but neither `ignore[...]` nor `ignore-file[...]` follows,
        or there is no known rule in the brackets.  A rule is named by its code (`LVS201`), its name
        (`deadtime-below-keepalive`) or the beginning of codes (`LVS2`).

    Why:
        The comment silences nothing, although its author believes it does.  (In settings, an
        unknown rule is an error: lvscf stops with exit status 2.)

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
            else "Separate rules with commas."
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
        else f"Write {quoted(f'# lvscf: {meant}[{rule}]')}, followed by the reason.",
    )


def _without(reading: Reading, comment: SilencingComment, word: Mention) -> Change | None:
    """Remove a word from its comment, or the whole comment if no word would be left.

    The edits for several words of one comment are the same or do not overlap.
    """
    line = comment.line
    if len(comment.words) == len(comment.idle):
        if reading.misread_as is not None or line.text == reading.source.text:
            return None  # lines are not what they seem, or nothing would be left of the file
        place = Place(line.start, line.start + len(line.text))
        return Change("Remove the comment", "safe", ((place, ""),))
    words = comment.words
    number = words.index(word)
    first_kept = next(n for n, one in enumerate(words) if one not in comment.idle)
    if number < first_kept:
        place = Place(word.at.start, words[number + 1].at.start)
    else:
        place = Place(words[number - 1].at.end, word.at.end)
    return Change(f"Remove {quoted(word.text)} from the comment", "safe", ((place, ""),))


RULES: tuple[CommentRule, CommentRule] = (unused_suppression, unknown_rule)
