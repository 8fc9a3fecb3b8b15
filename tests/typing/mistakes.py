"""Wrong uses of the library; each line names the errors that mypy and pyright must report.

Nothing imports this module.
"""

import lvscf
from lvscf import Config, RealServer, VirtualServer

config = lvscf.loads(b"")
document = lvscf.parse("")
(finding,) = lvscf.lint_file("lvs.cf").findings

lvscf.parse(5)  # arg-type, reportArgumentType
lvscf.loads("").keepalvie  # attr-defined, reportAttributeAccessIssue
config.keepalive = 3  # misc, reportAttributeAccessIssue
Config(keepalive="6")  # arg-type, reportArgumentType
Config(keepalvie=6)  # call-arg, reportCallIssue
VirtualServer("web", servers=[RealServer("one")])  # arg-type, reportArgumentType
RealServer()  # call-arg, reportCallIssue
document.with_value("keepalive", 1.5)  # arg-type, reportArgumentType
document.with_value(["keepalive"], 1)  # arg-type, reportArgumentType
document.replace(document)  # arg-type, reportArgumentType
lvscf.write(config, "lvs.cf")  # arg-type, reportArgumentType
lvscf.lint("keepalive = 6")  # arg-type, reportArgumentType
lvscf.lint(document, settings={"select": ["LVS2"]})  # arg-type, reportArgumentType
lvscf.lint_file(open("lvs.cf"))  # arg-type, reportArgumentType
finding.severity = lvscf.Severity.INFO  # misc, reportAttributeAccessIssue
lvscf.Evidence("routers", None, "firewall")  # arg-type, reportArgumentType
lvscf.Cluster("iptables")  # arg-type, reportArgumentType
lvscf.nonsense  # attr-defined, reportAttributeAccessIssue
config.virtual_servers[0].weight  # attr-defined, reportAttributeAccessIssue
config.value_at("keepalive") + 1  # operator, reportOperatorIssue
