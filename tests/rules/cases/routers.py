"""LVS2: the pair of routers.  See the package for the marks."""

from tests.rules.builders import ROUTERS, service

FIRES: list[tuple[str, str]] = [
    ("LVS201", ROUTERS + "keepalive = 30\ndeadtime = ⟦18⟧\n"),
    ("LVS201", ROUTERS + "keepalive = 6\ndeadtime = ⟦6⟧\n"),
    ("LVS201", ROUTERS + "deadtime = ⟦2⟧\n"),
    ("LVS201", ROUTERS + "keepalive = ⟦5⟧\n"),
    ("LVS201", ROUTERS + "service = fos\nkeepalive = 7\ndeadtime = ⟦0x6⟧\n"),
    ("LVS202", ROUTERS + "keepalive = 10\ndeadtime = ⟦19⟧\n"),
    ("LVS202", ROUTERS + "keepalive = 10\ndeadtime = ⟦20⟧\n"),
    ("LVS202", ROUTERS + "deadtime = ⟦3⟧\n"),
    ("LVS203", "keepalive = ⟦0⟧\n"),
    ("LVS203", "deadtime = ⟦-1⟧\n"),
    ("LVS204", "backup = ⟦10.10.1.22⟧\n"),
    ("LVS204", "backup = 10.10.1.22\nbackup_active = ⟦0⟧\n"),
    ("LVS205", "backup_active = ⟦1⟧\n"),
    ("LVS205", "backup = ⟦0.0.0.0⟧\nbackup_active = 1\n"),
    ("LVS208", "⟦backup = 10.10.1.22⟧\n"),
    ("LVS208", service().replace("virtual web {", "⟦virtual web {⟧")),
    ("LVS903", "# a comment\n⟦primary = 10.10.1.21⟧\n"),
]

SILENT: list[tuple[str, str]] = [
    ("LVS201", ROUTERS + "keepalive = 6\ndeadtime = 18\n"),
    ("LVS201", ROUTERS),
    ("LVS201", "keepalive = 30\ndeadtime = 18\n"),
    ("LVS201", ROUTERS + "keepalive = 3s\ndeadtime = 1\n"),
    ("LVS201", ROUTERS + "keepalive = 6\ndeadtime = 0\n"),
    ("LVS202", ROUTERS + "keepalive = 6\ndeadtime = 18\n"),
    ("LVS202", ROUTERS),
    ("LVS202", ROUTERS + "keepalive = 30\ndeadtime = 18\n"),
    ("LVS202", "keepalive = 10\ndeadtime = 15\n"),
    ("LVS203", "keepalive = 1\ndeadtime = 1\n"),
    ("LVS204", ROUTERS),
    ("LVS204", "backup = 0.0.0.0\n"),
    ("LVS204", "backup = 10.10.1.22\nbackup_active = yes\n"),
    ("LVS205", ROUTERS),
    ("LVS205", "backup_active = 0\n"),
    ("LVS205", "backup = 10.10.1.256\nbackup_active = 1\n"),
    ("LVS208", ROUTERS),
    ("LVS208", "primary = 10.10.1.256\n"),
    ("LVS903", "serial_no = 0\n"),
    ("LVS903", "primary = 10.10.1.21\nserial_no = one\n"),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", "keepalive = 6\n", "keepalive = 20\n", "LVS201"),
    ("direct routing", "keepalive = 6\n", "keepalive = 10\n", "LVS202"),
    ("direct routing", "keepalive = 6\n", "keepalive = 0\n", "LVS203"),
    ("direct routing", "backup_active = 1\n", "", "LVS204"),
    ("direct routing", "backup = 10.10.1.22\n", "", "LVS205"),
    ("direct routing", "primary = 10.10.1.21\n", "", "LVS208"),
]  # fmt: skip
