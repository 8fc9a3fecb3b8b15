"""Settings: what they do, where a mistake in them is, and the schema that describes them."""

import json
import tomllib
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvscf
from lvscf import Severity, lint, parse
from lvscf.files import settings_schema, settings_search
from lvscf.files.errors import FileError
from lvscf.files.settings_reader import SETTINGS
from lvscf.files.toml_lines import lines
from lvscf.linter.paths import fits

BAD = "serial_no = 1\nprimary = 10.10.1.21\nbackup = 10.10.1.22\nbackup_active = 1\ndeadtime = 3\n"
"""LVS116 (no service) and LVS202 (a note would need 6)."""


def codes(filename: str = "lvs.cf", **wanted: Any) -> list[str]:
    found = lint(parse(BAD, filename), settings=lvscf.Settings(**wanted))
    return [finding.code for finding in found]


# --- what settings do ---------------------------------------------------------------------------


def test_extend_select() -> None:
    """What is selected besides adds to `select`, and brings optional rules to what runs anyway."""
    assert codes() == ["LVS116", "LVS202"]
    assert codes(select=("LVS1",), extend_select=("LVS202",)) == ["LVS116", "LVS202"]
    assert codes(extend_select=("serial-missing",)) == ["LVS116", "LVS202"]
    without = parse(BAD.partition("\n")[2])
    for wanted in (
        lvscf.Settings(extend_select=("LVS903",)),
        lvscf.Settings(select=("LVS9",)),
    ):
        found = lint(without, settings=wanted)
        assert "LVS903" in [finding.code for finding in found]
    assert "LVS903" not in [finding.code for finding in lint(without)]


@pytest.mark.parametrize(
    ("overrides", "severity"),
    [
        ({"LVS202": Severity.ERROR}, Severity.ERROR),
        ({"deadtime-too-tight": Severity.ERROR, "LVS2": Severity.INFO}, Severity.ERROR),
        ({"lvs2": Severity.INFO, "ALL": Severity.ERROR}, Severity.INFO),
        ({"LVS20": Severity.ERROR, "LVS2": Severity.INFO}, Severity.ERROR),
        ({"LVS2": Severity.INFO, "LVS20": Severity.ERROR}, Severity.ERROR),
        ({"LVS1": Severity.ERROR}, Severity.WARNING),
    ],
)
def test_most_specific_severity_counts(overrides: dict[str, Severity], severity: Severity) -> None:
    """A code or name comes before a longer beginning of codes, and that before a shorter one."""
    found = lint(parse(BAD), settings=lvscf.Settings(severity=overrides))

    assert [one.severity for one in found if one.code == "LVS202"] == [severity]


def test_severity_of_the_reader_and_of_comments() -> None:
    """Severities count for faults and for remarks on comments, too; `refusal` knows none."""
    document = parse("keepalve = 6\n# lvscf: ignore[]\n")
    everything = lvscf.Settings(severity={"ALL": Severity.INFO})

    assert {finding.severity for finding in lint(document, settings=everything)} == {Severity.INFO}
    assert document.refusal is not None


@pytest.mark.parametrize(
    ("filename", "pattern", "folder", "fit"),
    [
        ("old/lvs.cf", "old/*.cf", "", True),
        ("old/deep/lvs.cf", "old/*.cf", "", False),
        ("old/deep/lvs.cf", "old/**/*.cf", "", True),
        ("old/lvs.cf", "old/**/*.cf", "", True),
        ("old/deep/lvs.cf", "old", "", True),
        ("a/old/lvs.cf", "old/*", "", False),
        ("a/old/lvs.cf", "old/*", "a", True),
        ("a/old/lvs.cf", "./old/lvs.cf", "a/", True),
        ("lvs.cf", "a/lvs.cf", "", False),
        ("lvs.cf", "**", "", True),
        ("x/y/lvs.cf", "lvs.cf", "", True),
        ("x/y/lvs.cf", "lvs.?f", "", True),
        ("x/y/lvs.cf", "LVS.cf", "", False),
        ("x/y/lvs2.cf", "lvs[12].cf", "", True),
        ("../lvs.cf", "*.cf", "", True),
        ("../lvs.cf", "../*.cf", "", True),
        ("/etc/lvs/lvs.cf", "/etc/**/lvs.cf", "", True),
        ("/etc/lvs/lvs.cf", "/opt/**/lvs.cf", "", False),
        ("/" + "a/" * 3000 + "b", "/" + "**/a/" * 300 + "c", "/", False),
        ("a" * 3000, "a*" * 20 + "b", "", False),
    ],
)  # fmt: skip
def test_patterns_of_paths(filename: str, pattern: str, folder: str, fit: bool) -> None:
    """`*` stays within a name, `**` does not; a bare name fits in every folder."""
    assert fits(filename, pattern, folder) is fit


def test_per_file_ignores() -> None:
    """Rules are ignored in the files that a pattern fits, and nowhere else."""
    wanted = {"old/*.cf": ("LVS2",), "lvs.cf": ("no-active-service",)}

    assert codes("old/lvs.cf", per_file_ignores=wanted) == []
    assert codes("old/other.cf", per_file_ignores=wanted) == ["LVS116"]
    assert codes("new/lvs.cf", per_file_ignores=wanted) == ["LVS202"]
    assert codes("new/other.cf", per_file_ignores=wanted, folder="..") == ["LVS116", "LVS202"]


def test_per_file_ignores_in_files_of_hosts() -> None:
    """What lies in a host's file can be ignored there."""
    firewall = lvscf.firewall.parse("iptables -A INPUT -p tcp -dport 80 -j ACCEPT\n", "r1/rules.sh")
    cluster = lvscf.Cluster((lvscf.Evidence("router", None, "firewall", firewall=firewall),))

    def found(pattern: str) -> set[str]:
        wanted = lvscf.Settings(per_file_ignores={pattern: ("LVS7",)})
        return {one.code for one in lint(parse(BAD, "lvs.cf"), cluster, wanted)}

    assert "LVS701" in found("r2/*")
    assert "LVS701" not in found("r1/*")
    assert "LVS701" not in found("lvs.cf")


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("piranha-0.8.6-4.el6_5.2", "did you mean `0.8.6-4`?"),
        ("0.8.6.3", "did you mean `0.8.6-3`?"),
        ("0.8.6-", "did you mean `0.8.6`?"),
        ("0.8", "write `0.8.6-7`, for instance"),
        ("latest", "write `0.8.6-7`, for instance"),
        ("1" * 5000, "write `0.8.6-7`, for instance"),
        ("", "write `0.8.6-7`, for instance"),
    ],
)
def test_target_must_be_a_release(target: str, hint: str) -> None:
    """What is no release is told with the one that may be meant."""
    with pytest.raises(ValueError, match="is not a Piranha release") as caught:
        lvscf.Settings(target=target)

    assert str(caught.value).endswith(hint)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"select": "LVS2"}, r"select: several rules are a tuple, such as \('LVS2',\)"),
        ({"extend_select": "LVS903"}, "extend_select: several rules are a tuple"),
        ({"ignore": "ALL"}, "ignore: several rules are a tuple"),
        ({"per_file_ignores": {"*.cf": "LVS2"}}, "per_file_ignores: several rules are a tuple"),
        ({"severity": {"LVS2": "error"}}, r"severity: a severity is an lvscf\.Severity"),
    ],
)
def test_texts_where_others_belong(setting: dict[str, Any], message: str) -> None:
    """A str is no list of its letters, and the name of a severity is none."""
    with pytest.raises(TypeError, match=message):
        lvscf.Settings(**setting)


def test_unknown_rules_in_settings() -> None:
    """Every setting that names rules is checked, whatever file it is for."""
    for wanted in (
        {"select": ("LVS999",)},
        {"extend_select": ("LVS999",)},
        {"ignore": ("LVS999",)},
        {"severity": {"LVS999": Severity.INFO}},
        {"per_file_ignores": {"nowhere": ("LVS999",)}},
    ):
        with pytest.raises(lvscf.UnknownRuleError, match="LVS999"):
            codes(**wanted)


def test_settings_can_be_compared_and_hashed() -> None:
    """Settings are values."""
    one, other = (lvscf.Settings(severity={"LVS2": Severity.INFO}) for _ in range(2))

    assert one == other
    assert hash(one) == hash(other)
    assert attrs.evolve(one, severity={}) != other


# --- where a mistake is -------------------------------------------------------------------------

TOML = """\
# select, target: a comment
title = "target = 'x'" # target
text = '''
target = "in a string"
''' "
[tool.other]
target = 1
lvscf = "target"

[tool.lvscf]
select = [
    "LVS2", # LVS999
    'LVS1',
]
"severity" = { LVS2 = "info", 'LVS202' = "warning" }
cluster.routers."10.10.1.21".iptables = "x"
[[tool.list]]
target = 1
[[tool.list]]
target = 2
[tool.lvscf.per-file-ignores]
"a]b = c#" = [["x"], { y = 1 }]
""".replace("''' \"", "'''")


def test_lines_of_toml() -> None:
    """Keys and items stand where they stand, whatever else holds the same word."""
    found = lines(TOML)

    assert tomllib.loads(TOML)
    assert found["tool", "other", "target"] == 7
    assert found["tool", "lvscf"] == 10
    assert found["tool", "lvscf", "select", 0] == 12
    assert found["tool", "lvscf", "select", 1] == 13
    assert found["tool", "lvscf", "severity", "LVS202"] == 15
    assert found["tool", "lvscf", "cluster", "routers", "10.10.1.21", "iptables"] == 16
    assert found["tool", "list", 1, "target"] == 20
    assert found["tool", "lvscf", "per-file-ignores", "a]b = c#", 1, "y"] == 22
    assert ("target",) not in found


_WORDS = st.text(st.sampled_from("ab.=#[]{}\"'\\\n ,-é"), max_size=6)
_VALUES = st.recursive(
    _WORDS | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=8,
)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[ # [\n" + ",\n".join(map(_toml, value)) + "\n]"
    return json.dumps(value)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return {path}.union(*(_paths(inner, (*path, key)) for key, inner in items))


@given(st.dictionaries(_WORDS, _VALUES, max_size=3), st.dictionaries(_WORDS, _VALUES, max_size=3))
def test_every_key_is_found(top: dict[str, Any], table: dict[str, Any]) -> None:
    """The lines are those of exactly the keys and items that tomllib reads."""
    pairs = [f"{json.dumps(key)} = {_toml(value)}\n" for key, value in top.items()]
    rows = [f"{json.dumps(key)}={_toml(value)} # '\n" for key, value in table.items()]
    text = "".join(pairs) + '# [x]\n[ table . "t\'" ] # "\n' + "".join(rows)

    if "table" not in top:
        assert set(lines(text)) | {()} == _paths(tomllib.loads(text))


def said(tmp_path: Path, text: str, name: str = "lvscf.toml") -> str:
    """What is wrong with settings; the folder is left out."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        settings_search.read(str(tmp_path / name))
    return str(caught.value).rpartition("/")[2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# severity\n[severity]\nLVS2 = 'eror'\n", 'lvscf.toml:3: `LVS2` must be "info", "warning" or "error"'),
        ("severity = { LVS2 = 'info',  LSV201 = 'info' }\n", "lvscf.toml:1: there is no rule or family `LSV201`; did you mean `LVS201`?"),
        ("severity = 'error'\n", "lvscf.toml:1: `severity` must be a table"),
        ("ignore = ['LVS2']\nselect = [\n 'LVS2', # LVS9999\n 'LVS9999',\n]\n", "lvscf.toml:4: there is no rule or family `LVS9999`"),
        ("select = [\n'LVS2',\n2,\n]\n", 'lvscf.toml:3: `select` must be a list of rules, such as ["LVS2"]'),
        ("[per-file-ignores]\n'*.cf' = [\n'LVS2',\n'']\n", "lvscf.toml:4: there is no rule or family ``"),
        ("[per-file-ignores]\n'*.cf' = 'LVS2'\n", 'lvscf.toml:2: `*.cf` must be a list of rules, such as ["LVS2"]'),
        ("[per-file-ignores]\n'' = ['LVS2']\n", "lvscf.toml:2: an empty pattern matches no file"),
        ("per_file_ignores = {}\n", "lvscf.toml:1: unknown setting `per_file_ignores`; did you mean `per-file-ignores`?"),
        ("\ntarget = '0.8'\n", "lvscf.toml:2: `0.8` is not a Piranha release; write `0.8.6-7`, for instance"),
        ("target = 0.8\n", 'lvscf.toml:1: `target` must be a Piranha release, such as "0.8.6-7"'),
        ("baseline = ''\n", "lvscf.toml:1: `baseline` must be a file name"),
        ("[cluster.routers.a]\niptables = 'x'\n[cluster.real-servers.a]\narptable = 'x'\n", "lvscf.toml:4: unknown setting `arptable`; did you mean `arptables`?"),
        ("[cluster.routers]\na = 1\n", "lvscf.toml:2: `a` must be a table or the name of a directory"),
        ("[cluster.routers]\na = 'lvscf.toml'\n", "lvscf.toml:2: `lvscf.toml` is not a directory; write `files = [\"lvscf.toml\"]` in a table for the host"),
        ("[cluster.routers.a]\nfiles = 'x'\n", 'lvscf.toml:2: `files` must be a list of files, such as ["ip-addr"]'),
        ("[cluster.routers.a]\nfiles = [\n'x',\n1]\n", "lvscf.toml:4: `files` must be a file name"),
        ("x = " + "[" * 5000 + "]" * 5000, "lvscf.toml: this is not valid TOML: it is nested too deeply"),
        ("x = " + "1" * 5000, "lvscf.toml: this is not valid TOML: "),
        ("# note\nselect = 5 6", "lvscf.toml:2:12: this is not valid TOML: Expected newline"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_lines(tmp_path: Path, text: str, message: str) -> None:
    """The line is that of the key or item, not of the first such word."""
    assert said(tmp_path, text).startswith(message)


def test_mistakes_in_a_shared_file(tmp_path: Path) -> None:
    """In a pyproject.toml, the same word in other tables does not matter."""
    text = "[tool.ruff]\nselect = []\nselct = 1\n[tool.lvscf]\nselct = []\n"

    assert said(tmp_path, text, "pyproject.toml").startswith("pyproject.toml:5: unknown setting")
    text = "[tool]\nx = 1\nlvscf = 1\n"
    assert said(tmp_path, text, "pyproject.toml") == "pyproject.toml:3: `lvscf` must be a table"


# --- the files of hosts --------------------------------------------------------------------------


def test_a_host_may_be_a_directory(tmp_path: Path) -> None:
    """Each file in it counts, but no hidden one; the lvs.cf of a router is its copy."""
    for name in (
        "lvs-d01/iptables",
        "lvs-d01/lvs.cf",
        "lvs-d01/.swp",
        "lvs-d01/old/x",
        "lvs-d03/ip-addr",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "lvscf.toml").write_text(
        '[cluster.routers]\n"10.10.1.21" = "lvs-d01/"\n'
        '[cluster.real-servers]\nlvs-d03 = "lvs-d03"\nlvs-d04 = "gone"\n'
        '[cluster.real-servers.lvs-d05]\nfiles = ["a", "b"]\nsysctl = "c"\n'
    )
    found = settings_search.read(str(tmp_path / "lvscf.toml"))

    assert [
        (one.role, one.host, Path(one.path).relative_to(tmp_path).as_posix()) for one in found.files
    ] == [
        ("router", "10.10.1.21", "lvs-d01/iptables"),
        ("real-server", "lvs-d03", "lvs-d03/ip-addr"),
        ("real-server", "lvs-d04", "gone"),
        ("real-server", "lvs-d05", "a"),
        ("real-server", "lvs-d05", "b"),
        ("real-server", "lvs-d05", "c"),
    ]
    assert [Path(one.path).name for one in found.copies] == ["lvs.cf"]
    assert found.files[2].place is not None
    assert found.files[2].place().endswith("lvscf.toml:5")


# --- the schema ---------------------------------------------------------------------------------

GOOD: list[dict[str, Any]] = [
    {},
    {"select": ["LVS2", "ALL"], "extend-select": [], "ignore": ["deadtime-too-tight"]},
    {"per-file-ignores": {"old/*.cf": ["LVS2"], "**": []}},
    {"severity": {"LVS202": "error", "LVS3": "info", "ALL": "warning"}},
    {"fail-on": "info", "target": "0.8.6-3", "baseline": "known.json"},
    {"target": "0.8.4"},
    {"cluster": {}},
    {"cluster": {"routers": {"10.10.1.21": {"iptables": "x"}}, "real-servers": {"a": {}}}},
    {"cluster": {"routers": {"a": {"lvs-cf": "x"}, "b": {"lvs-cf": "y", "sysctl": "z"}}}},
    {"cluster": {"real-servers": {"a": {"iptables": "x", "arptables": "y", "sysctl": "z"}}}},
    {"cluster": {"routers": {"a": "x"}, "real-servers": {"b": "y/"}}},
    {"cluster": {"routers": {"a": {"files": ["x", "y"], "lvs-cf": "z"}}}},
    {"cluster": {"real-servers": {"a": {"files": []}}}},
]

WRONG: list[dict[str, Any]] = [
    {"selct": []},
    {"select": "LVS2"},
    {"select": [2]},
    {"select": [""]},
    {"ignore": {"LVS2": True}},
    {"per-file-ignores": ["LVS2"]},
    {"per-file-ignores": {"a": "LVS2"}},
    {"per-file-ignores": {"": ["LVS2"]}},
    {"severity": "error"},
    {"severity": {"LVS2": "eror"}},
    {"severity": {"LVS2": 1}},
    {"severity": {"": "info"}},
    {"fail-on": "never"},
    {"fail-on": ["info"]},
    {"target": "0.8"},
    {"target": 0.8},
    {"target": "0.8.6-"},
    {"baseline": ""},
    {"baseline": ["x"]},
    {"cluster": []},
    {"cluster": {"router": {}}},
    {"cluster": {"routers": {"a": ""}}},
    {"cluster": {"routers": {"a": 1}}},
    {"cluster": {"routers": {"a": ["x"]}}},
    {"cluster": {"routers": {"a": {"files": "x"}}}},
    {"cluster": {"routers": {"a": {"files": ["x", ""]}}}},
    {"cluster": {"routers": {"a": {"files": [1]}}}},
    {"cluster": {"routers": {"a": {"iptable": "x"}}}},
    {"cluster": {"routers": {"a": {"iptables": ""}}}},
    {"cluster": {"routers": {"a": {"iptables": 1}}}},
    {"cluster": {"routers": {"a": {"lvs-cf": ""}}}},
    {"cluster": {"real-servers": {"a": {"lvs-cf": "x"}}}},
]


def is_read(tmp_path: Path, said: dict[str, Any]) -> bool:
    text = "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in said.items())
    (tmp_path / "lvscf.toml").write_text(text, encoding="utf-8")
    try:
        settings_search.read(str(tmp_path / "lvscf.toml"))
    except FileError:
        return False
    return True


def validator() -> Any:
    shipped = Path(lvscf.__file__).with_name("settings.schema.json").read_text()
    schema = json.loads(shipped)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("good", GOOD, ids=str)
def test_schema_takes_what_the_reader_takes(tmp_path: Path, good: dict[str, Any]) -> None:
    """Good settings are good for both."""
    assert is_read(tmp_path, good)
    assert validator().is_valid(good)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_schema_refuses_what_the_reader_refuses(tmp_path: Path, wrong: dict[str, Any]) -> None:
    """Wrong settings are wrong for both."""
    assert not is_read(tmp_path, wrong)
    assert not validator().is_valid(wrong)


def test_schema_knows_all_settings() -> None:
    """Schema, reader and the settings of the Python API have the same names."""
    properties = settings_schema.schema()["properties"]
    fields = {field.name.replace("_", "-") for field in attrs.fields(lvscf.Settings)}

    assert set(properties) == set(SETTINGS)
    assert fields - {"folder"} == set(SETTINGS) - {"cluster", "baseline"}
