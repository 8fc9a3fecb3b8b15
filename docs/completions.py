"""The completion scripts in `lvscf/completions`: made by shtab from the tree of arguments.

shtab knows options, choices and files.  What follows a comma or an equals sign, and the names of
hosts, are functions of ours.
"""

import re
from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

from lvscf.cli import arguments
from lvscf.cli.convert import ROUTERS
from lvscf.keepalived.targets import PLATFORMS
from lvscf.linter import directive_manual
from lvscf.linter.registry import rules
from lvscf.piranha.directives import TABLE
from lvscf.rule_writing.conversion import PARTS

_FILE_METAVARS = {
    "FILE", "FIREWALL", "A", "B", "DATA", "LVS_CF", "LVS.CF", "OTHER", "SETTINGS", "DIR",
}  # fmt: skip
_RULE_METAVARS = {"RULES"}
_SUBJECT_METAVARS = {"RULE|DIRECTIVE"}
_PAIR_METAVARS = {
    "HOST=FILE": "_lvscf_real_servers",
    "[HOST=]FILE": "_lvscf_routers",
    "FORMAT=FILE": "_lvscf_reports",
    "ROUTER": "_lvscf_converted_routers",
    "HOST": "_lvscf_hosts",
    "VERSION": "_lvscf_keepaliveds",
}

_HOSTS = (*(role for role in ROUTERS if role != "all"), *PARTS)
"""What `lvscf convert --host` takes beside the names of real servers."""

_FILES = {
    "bash": "_shtab_compgen_files",
    "zsh": "_files",
    "fish": "(__fish_complete_path (commandline -ct))",
}


def script(shell: str) -> str:
    """The completion script for a shell."""
    import shtab  # not needed to run lvscf, nor by those who only read the other pages

    parser = arguments.whole()
    for action in _actions(parser):
        _set_completion(action)
    made = str(shtab.complete(parser, shell, preamble={shell: _words(shell)}))
    return _FINISH[shell](made)


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    """All actions, those of the commands included."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
        else:
            yield action


def _set_completion(action: Action) -> None:
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    function = _PAIR_METAVARS.get(metavar)
    if metavar in _FILE_METAVARS:
        complete = _FILES
    elif metavar in _RULE_METAVARS:
        complete = _calls("_lvscf_rules")
    elif metavar in _SUBJECT_METAVARS:
        complete = _calls("_lvscf_subjects")
    elif function is not None:
        complete = _calls(function)
    else:
        return
    action.complete = complete  # type: ignore[attr-defined]


def _calls(function: str) -> dict[str, str]:
    return {"bash": function, "zsh": function, "fish": f"({function})"}


def _families() -> list[str]:
    return [*sorted({rule.code[:4] for rule in rules()}), "ALL"]


def _described() -> list[tuple[str, str]]:
    """Words for rules, each with what it means."""
    codes = [(rule.code, rule.name) for rule in rules()]
    names = [(rule.name, rule.code) for rule in rules()]
    return [(family, "family of rules") for family in _families()] + codes + names


def _formats() -> list[str]:
    """The formats of reports."""
    for action in _actions(arguments.whole()):
        if "--format" in action.option_strings and "concise" in (action.choices or ()):
            return list(action.choices or ())
    raise AssertionError("lvscf lint has no --format")


def _directives() -> list[str]:
    return list(dict.fromkeys(row.name for row in TABLE))


def _words(shell: str) -> str:
    """The lists of words, and the functions that offer them."""
    described = _described()
    assert set(_directives()) == set(directive_manual.names())
    template, forms, separator = {
        "bash": (_BASH, "{0}", "\n"),
        "zsh": (_ZSH, "'{0}:{1}'", "\n"),
        "fish": (_FISH, "'{0}\t{1}'", " \\\n"),
    }[shell]
    listed = separator.join(forms.format(word, meaning) for word, meaning in described)
    directives = separator.join(_directives())
    formats = " ".join(_formats())
    filled = template.replace("@RULES@", listed).replace("@DIRECTIVES@", directives)
    for mark, names in (("@ROLES@", ROUTERS), ("@GROUPS@", _HOSTS), ("@PLATFORMS@", PLATFORMS)):
        filled = filled.replace(mark, " ".join(names))
    return filled.replace("@FORMATS@", formats)


# What the names of hosts are in an lvs.cf: one call of sed, over the files of the command line.
_SED_SERVERS = (
    r"sed -n 's/^[[:blank:]]*server[[:blank:]]\{1,\}\([^[:blank:]\"]\{1,\}\)[[:blank:]].*/\1/p'"
)
_SED_ROUTERS = (
    r"sed -n -e 's/^[[:blank:]]*primary[[:blank:]]\{1,\}=[[:blank:]]\{1,\}\([0-9.]*\).*/\1/p'"
    r" -e 's/^[[:blank:]]*backup[[:blank:]]\{1,\}=[[:blank:]]\{1,\}\([0-9.]*\).*/\1/p'"
)

_BASH = (
    r"""
_lvscf_rule_words="@RULES@"
_lvscf_directive_words="@DIRECTIVES@"

# Rules, also after a comma.
_lvscf_rules() {
  local before=""
  [[ $1 == *,* ]] && before="${1%,*},"
  compgen -P "$before" -W "$_lvscf_rule_words" -- "${1##*,}"
}

# Rules and directives.
_lvscf_subjects() {
  compgen -W "$_lvscf_directive_words $_lvscf_rule_words" -- "$1"
}

# The lvs.cf files among the words of the line; without any, the one in this directory.
_lvscf_files_given() {
  local word found=0
  for word in "${COMP_WORDS[@]:1}"; do
    if [[ $word == *.cf && -f $word ]]; then
      printf '%s\0' "$word"
      found=1
    fi
  done
  [[ $found = 0 && -f lvs.cf ]] && printf '%s\0' lvs.cf
}

# A word, then `=` and a file.
_lvscf_word_and_file() {
  if [[ $1 == *=* ]]; then
    compgen -P "${1%%=*}=" -f -- "${1#*=}"
  else
    compgen -S = -W "$2" -- "$1"
  fi
}

_lvscf_real_servers() {
  _lvscf_word_and_file "$1" "$(_lvscf_files_given | xargs -0 -r """
    + _SED_SERVERS
    + r""" 2>/dev/null)"
}

_lvscf_routers() {
  _lvscf_word_and_file "$1" "$(_lvscf_files_given | xargs -0 -r """
    + _SED_ROUTERS
    + r""" 2>/dev/null)"
  [[ $1 == *=* ]] || compgen -f -- "$1"
}

_lvscf_reports() {
  _lvscf_word_and_file "$1" "@FORMATS@"
}

# What `lvscf convert` takes: a role, or a router and its file.
_lvscf_converted_routers() {
  [[ $1 == *=* ]] || compgen -W "@ROLES@" -- "$1"
  _lvscf_routers "$1"
}

_lvscf_hosts() {
  compgen -W "@GROUPS@ $(_lvscf_files_given | xargs -0 -r """
    + _SED_SERVERS
    + r""" 2>/dev/null)" -- "$1"
}

_lvscf_keepaliveds() {
  compgen -W "@PLATFORMS@" -- "$1"
}
"""
)

_BASH_END = r"""
# bash splits words at `=`; put them together again, and take off what is there already.
_lvscf_words() {
  local -a words=("$1")
  local index word joined=0 current=""
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    current=$word
    if [[ $word == "=" && $index -gt 1 ]]; then
      if [[ ${words[-1]} == --* ]]; then
        words+=("")
      else
        words[-1]+="="
      fi
      joined=1
      current=""
    elif [[ $joined = 1 ]]; then
      words[-1]+=$word
      joined=0
    else
      words+=("$word")
    fi
  done
  local before=${words[-1]}
  before=${before%"$current"}
  local -a COMP_WORDS=("${words[@]}")
  local COMP_CWORD=$((${#words[@]} - 1))
  _shtab_lvscf "$@"
  COMPREPLY=("${COMPREPLY[@]#"$before"}")
  [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}

complete -o bashdefault -F _lvscf_words lvscf
"""

_ZSH = (
    r"""
_lvscf_rule_words=(
@RULES@
)
_lvscf_directive_words=(
@DIRECTIVES@
)

# Rules, also after a comma.
_lvscf_rules() {
  compset -P '*,'
  _describe -t rules rule _lvscf_rule_words -S ''
}

# Rules and directives.
_lvscf_subjects() {
  _describe -t directives directive _lvscf_directive_words
  _describe -t rules rule _lvscf_rule_words
}

# The lvs.cf files among the words of the line; without any, the one in this directory.
_lvscf_files_given() {
  local word
  reply=()
  for word in $words; do
    [[ $word == *.cf && -f $word ]] && reply+=($word)
  done
  (( $#reply )) || [[ ! -f lvs.cf ]] || reply=(lvs.cf)
}

_lvscf_real_servers() {
  local -a reply hosts
  if compset -P '*='; then
    _files
    return
  fi
  _lvscf_files_given
  (( $#reply )) && hosts=(${(f)"$("""
    + _SED_SERVERS
    + r""" $reply 2>/dev/null)"})
  compadd -S = -a hosts
}

_lvscf_routers() {
  local -a reply hosts
  if compset -P '*='; then
    _files
    return
  fi
  _lvscf_files_given
  (( $#reply )) && hosts=(${(f)"$("""
    + _SED_ROUTERS
    + r""" $reply 2>/dev/null)"})
  compadd -S = -a hosts
  _files
}

_lvscf_reports() {
  local -a formats=(@FORMATS@)
  if compset -P '*='; then
    _files
    return
  fi
  compadd -S = -a formats
}

# What `lvscf convert` takes: a role, or a router and its file.
_lvscf_converted_routers() {
  [[ $PREFIX == *=* ]] || compadd @ROLES@
  _lvscf_routers
}

_lvscf_hosts() {
  local -a reply hosts
  _lvscf_files_given
  (( $#reply )) && hosts=(${(f)"$("""
    + _SED_SERVERS
    + r""" $reply 2>/dev/null)"})
  compadd @GROUPS@ $hosts
}

_lvscf_keepaliveds() {
  compadd @PLATFORMS@
}
"""
)

_FISH = (
    r"""
set -g _lvscf_rule_words @RULES@
set -g _lvscf_directive_words @DIRECTIVES@

# The word that is being completed, without the option before it.
function _lvscf_token
  commandline -ct | string replace -r -- '^--[a-z-]+=' ''
end

# Rules, also after a comma.
function _lvscf_rules
  set -l before (_lvscf_token | string match -r -- '^.*,')
  printf '%s\n' "$before"$_lvscf_rule_words
end

# Rules and directives.
function _lvscf_subjects
  printf '%s\tdirective\n' $_lvscf_directive_words
  printf '%s\n' $_lvscf_rule_words
end

# The lvs.cf files among the words of the line; without any, the one in this directory.
function _lvscf_files_given
  set -l found
  for word in (commandline -opc) (commandline -o)
    if string match -q -- '*.cf' $word; and test -f $word
      set -a found $word
    end
  end
  if test (count $found) -eq 0; and test -f lvs.cf
    set found lvs.cf
  end
  printf '%s\n' $found
end

# Files after a word and `=`.
function _lvscf_file_of_pair
  set -l token (_lvscf_token)
  set -l before (string match -r -- '^[^=]*=' $token)
  printf '%s\n' $before(__fish_complete_path (string replace -- $before '' $token))
end

function _lvscf_real_servers
  if _lvscf_token | string match -q -- '*=*'
    _lvscf_file_of_pair
    return
  end
  set -l files (_lvscf_files_given)
  test -n "$files"; and """
    + _SED_SERVERS
    + r""" $files 2>/dev/null | string replace -r '$' '='
end

function _lvscf_routers
  if _lvscf_token | string match -q -- '*=*'
    _lvscf_file_of_pair
    return
  end
  set -l files (_lvscf_files_given)
  test -n "$files"; and """
    + _SED_ROUTERS
    + r""" $files 2>/dev/null | string replace -r '$' '='
  __fish_complete_path (_lvscf_token)
end

function _lvscf_reports
  if _lvscf_token | string match -q -- '*=*'
    _lvscf_file_of_pair
    return
  end
  printf '%s=\n' @FORMATS@
end

# What `lvscf convert` takes: a role, or a router and its file.
function _lvscf_converted_routers
  if not _lvscf_token | string match -q -- '*=*'
    printf '%s\n' @ROLES@
  end
  _lvscf_routers
end

function _lvscf_hosts
  printf '%s\n' @GROUPS@
  set -l files (_lvscf_files_given)
  test -n "$files"; and """
    + _SED_SERVERS
    + r""" $files 2>/dev/null
end

function _lvscf_keepaliveds
  printf '%s\n' @PLATFORMS@
end
"""
)

_NOTE = "# Completes lvscf. Made by docs/generate.py with shtab; do not edit.\n"


def _finish_bash(made: str) -> str:
    return _with_note(made) + _BASH_END


def _finish_zsh(made: str) -> str:
    """Let options take their value after `=`, too."""
    made = re.sub(r'^(  "\*?--[a-z-]+)(\[.*\]:)', r"\1=\2", made, flags=re.MULTILINE)
    head, _, rest = made.partition("\n")
    return f"{head}\n{_with_note(rest.lstrip())}"


def _with_note(made: str) -> str:
    """The script with our note instead of that of shtab, and no blanks at line ends."""
    lines = made.splitlines()
    while lines[0].startswith("#"):
        del lines[0]
    return _NOTE + "".join(f"{line.rstrip()}\n" for line in lines)


_FINISH = {"bash": _finish_bash, "zsh": _finish_zsh, "fish": _with_note}
