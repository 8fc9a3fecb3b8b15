"""Cases of LVS901 and LVS902: comments that ask for silence."""

from tests.builders import ROUTERS

_OFF = "virtual a {\nactive = 0\n}\n"

FIRES: list[tuple[str, str]] = [
    ("LVS901", ROUTERS + "# lvscf: ignore[⟦LVS201⟧] a reason\ndeadtime = 18\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[⟦deadtime-below-keepalive⟧]\ndeadtime = 18\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[ ⟦LVS10⟧ ]\ndeadtime = 18\n"),
    ("LVS901", ROUTERS + "#lvscf:ignore-file[⟦LVS0⟧]\n"),
    ("LVS901", ROUTERS + "deadtime = 1\n# lvscf: ignore[⟦LVS201⟧]\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[LVS201, ⟦LVS103⟧]\ndeadtime = 1\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[LVS201, ⟦LVS201⟧]\ndeadtime = 1\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[⟦LVS008⟧]\ndeadtime = one\n"),
    ("LVS901", "virtual a {\n# lvscf: ignore[⟦LVS201⟧]\nactive = 0\n}\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[⟦LVS301⟧]\n" + _OFF),
    ("LVS902", "# lvscf: ignore[⟦LVS999⟧]\ndeadtime = 18\n"),
    ("LVS902", "# lvscf: ignore[LVS116, ⟦LSV201⟧] a reason\ndeadtime = 18\n"),
    ("LVS902", "# lvscf: ignore[⟦LVS201 LVS202⟧]\ndeadtime = 18\n"),
    ("LVS902", "\t# ⟦lvscf: ignore LVS201⟧\ndeadtime = 18\n"),
    ("LVS902", "# ⟦lvscf: ignor[LVS201]⟧\ndeadtime = 18\n"),
    ("LVS902", "# ⟦lvscf: ignore[]⟧ a reason\ndeadtime = 18\n"),
    ("LVS902", "# ⟦lvscf: ignore-file[ , ]⟧\n"),
    ("LVS902", "# ⟦lvscf ignore[LVS201]⟧\n"),
    ("LVS902", "# ⟦lvscf: ignore[LVS201⟧\n"),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("LVS901", ROUTERS + "# lvscf: ignore[LVS201]\ndeadtime = 1\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[LVS2, LVS201, deadtime-below-keepalive]\ndeadtime = 1\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore-file[LVS201]\ndeadtime = 1\n"),
    # Nobody looked: no files of the hosts were given.
    ("LVS901", ROUTERS + "# lvscf: ignore-file[LVS401, LVS5, heartbeat-blocked, LVS2, ALL]\n"),
    # Nobody knows what the line was meant to say.
    ("LVS901", ROUTERS + "# lvscf: ignore[LVS201]\ndeadtime = 1s\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore[LVS999]\ndeadtime = 18\n"),
    ("LVS901", ROUTERS + "# lvscf: ignore-file[LVS901]\n# lvscf: ignore[LVS201]\ndeadtime = 18\n"),
    ("LVS901", "# lvscf: ignore-file[LVS201]\nvrrp_instance a {\n state BACKUP\n}\n"),
    ("LVS902", "# lvscf: ignore-file[unknown-rule]\n# lvscf: ignore[LVS999]\ndeadtime = 18\n"),
    ("LVS902", "# lvscf: ignore[ALL, lvs2, Deadtime-Too-Tight, LVS40]\ndeadtime = 18\n"),
    ("LVS902", "# we ignore what lvscf says\n# lvscf is a linter\n"),
]  # fmt: skip

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", "deadtime = 18\n", "# lvscf: ignore[LVS201]\ndeadtime = 18\n", "LVS901"),
    ("direct routing", "deadtime = 18\n", "# lvscf: ignore[LVS2x]\ndeadtime = 18\n", "LVS902"),
]  # fmt: skip
