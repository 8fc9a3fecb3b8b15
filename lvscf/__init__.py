"""Parser, linter and toolkit for lvs.cf, the configuration of Piranha / Linux Virtual Server.

    document = lvscf.parse(source)         # lossless, never raises because of its contents
    config = lvscf.load("lvs.cf")          # typed values; raises lvscf.RefusedError
    findings = lvscf.lint(document)        # everything that is wrong with it
    report = lvscf.lint_file("lvs.cf")     # the same, with the settings of the command line
    document.replace(config)               # the smallest edit to this configuration
    document.with_value("keepalive", 6)    # ... or with one value changed
    lvscf.write(document, "lvs.cf")        # atomically
    text = lvscf.dumps(config)             # canonical text, as the Piranha GUI writes it
    firewall = lvscf.firewall.parse(text)  # saved iptables rules, which can be traced
    host = lvscf.hosts.read(text)          # any file that was collected from a host
    lvscf.keepalived.convert(document)     # the files that replace Piranha by keepalived

Names are imported on first use, so that `import lvscf` costs next to nothing.
"""

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from pathlib import Path

    from lvscf import firewall as firewall
    from lvscf import hosts as hosts
    from lvscf import keepalived as keepalived
    from lvscf import rule_writing as rule_writing
    from lvscf.cluster import Cluster as Cluster
    from lvscf.cluster import Evidence as Evidence
    from lvscf.config.json_schema import json_schema as json_schema
    from lvscf.config.model import Config as Config
    from lvscf.config.model import FailoverService as FailoverService
    from lvscf.config.model import RealServer as RealServer
    from lvscf.config.model import VirtualServer as VirtualServer
    from lvscf.config.plain_data import from_dict as from_dict
    from lvscf.config.plain_data import to_dict as to_dict
    from lvscf.document import Document as Document
    from lvscf.document import RefusedError as RefusedError
    from lvscf.document import loads as loads
    from lvscf.document import parse as parse
    from lvscf.files.errors import FileError as FileError
    from lvscf.files.linting import LintedFile as LintedFile
    from lvscf.files.linting import lint_file as lint_file
    from lvscf.files.writing import write as write
    from lvscf.findings.command import Command as Command
    from lvscf.findings.finding import Finding as Finding
    from lvscf.findings.finding import Related as Related
    from lvscf.findings.finding import Severity as Severity
    from lvscf.findings.fix import Edit as Edit
    from lvscf.findings.fix import Fix as Fix
    from lvscf.findings.suppressed import Suppressed as Suppressed
    from lvscf.linter.engine import Examination as Examination
    from lvscf.linter.engine import examine as examine
    from lvscf.linter.engine import lint as lint
    from lvscf.linter.fixing import Fixed as Fixed
    from lvscf.linter.fixing import fix as fix
    from lvscf.linter.selection import UnknownRuleError as UnknownRuleError
    from lvscf.linter.settings import Settings as Settings
    from lvscf.piranha.values import AddressOnDevice as AddressOnDevice
    from lvscf.source import Span as Span
    from lvscf.syntax.faults import Refusal as Refusal
    from lvscf.writing.canonical import dumps as dumps

__version__ = "0.1.0"

_HOMES = {
    "AddressOnDevice": "lvscf.piranha.values",
    "Cluster": "lvscf.cluster",
    "Command": "lvscf.findings.command",
    "Config": "lvscf.config.model",
    "Document": "lvscf.document",
    "Edit": "lvscf.findings.fix",
    "Evidence": "lvscf.cluster",
    "Examination": "lvscf.linter.engine",
    "FailoverService": "lvscf.config.model",
    "FileError": "lvscf.files.errors",
    "Finding": "lvscf.findings.finding",
    "Fix": "lvscf.findings.fix",
    "Fixed": "lvscf.linter.fixing",
    "LintedFile": "lvscf.files.linting",
    "RealServer": "lvscf.config.model",
    "Refusal": "lvscf.syntax.faults",
    "RefusedError": "lvscf.document",
    "Related": "lvscf.findings.finding",
    "Settings": "lvscf.linter.settings",
    "Severity": "lvscf.findings.finding",
    "Span": "lvscf.source",
    "Suppressed": "lvscf.findings.suppressed",
    "UnknownRuleError": "lvscf.linter.selection",
    "VirtualServer": "lvscf.config.model",
    "dumps": "lvscf.writing.canonical",
    "examine": "lvscf.linter.engine",
    "fix": "lvscf.linter.fixing",
    "from_dict": "lvscf.config.plain_data",
    "json_schema": "lvscf.config.json_schema",
    "lint": "lvscf.linter.engine",
    "lint_file": "lvscf.files.linting",
    "loads": "lvscf.document",
    "parse": "lvscf.document",
    "to_dict": "lvscf.config.plain_data",
    "write": "lvscf.files.writing",
}

_PACKAGES = ("firewall", "hosts", "keepalived", "rule_writing")

__all__ = [*sorted((*_HOMES, *_PACKAGES)), "load"]


def load(path: "str | Path") -> "Config":
    """Return the values that Piranha would see in the file at `path`.

    Raises:
        RefusedError: Piranha's reader would reject the file, or crash.
        OSError: the file cannot be read.
    """
    from pathlib import Path

    from lvscf.document import loads

    return loads(Path(path).read_bytes(), str(path))


if not TYPE_CHECKING:  # type checkers see the imports above, and report any other name

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in _PACKAGES:
            return import_module(f"lvscf.{name}")
        if name not in _HOMES:
            raise AttributeError(f"module 'lvscf' has no attribute {name!r}")
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_PACKAGES})
