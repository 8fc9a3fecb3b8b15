"""Cases of the rules in `lvscf.linter.rules.upkeep.silencing`; see `tests.cases`."""

from tests.builders import ROUTERS
from tests.cases import Defect, Defects, Texts

OFF = "virtual a {\nactive = 0\n}\n"

FIRES: Texts = {
    "LVS901": {
        "a comment with a reason": ROUTERS + "# lvscf: ignore[⟦LVS201⟧] a reason\ndeadtime = 18\n",
        "the name of a rule": ROUTERS
        + "# lvscf: ignore[⟦deadtime-below-keepalive⟧]\ndeadtime = 18\n",
        "a family": ROUTERS + "# lvscf: ignore[ ⟦LVS10⟧ ]\ndeadtime = 18\n",
        "a family for the whole file": ROUTERS + "#lvscf:ignore-file[⟦LVS0⟧]\n",
        "after the line": ROUTERS + "deadtime = 1\n# lvscf: ignore[⟦LVS201⟧]\n",
        "one of two rules": ROUTERS + "# lvscf: ignore[LVS201, ⟦LVS103⟧]\ndeadtime = 1\n",
        "the same rule twice": ROUTERS + "# lvscf: ignore[LVS201, ⟦LVS201⟧]\ndeadtime = 1\n",
        "a rule of the reader": ROUTERS + "# lvscf: ignore[⟦LVS008⟧]\ndeadtime = one\n",
        "in a block": "virtual a {\n# lvscf: ignore[⟦LVS201⟧]\nactive = 0\n}\n",
        "another rule than the one that fires": ROUTERS + "# lvscf: ignore[⟦LVS301⟧]\n" + OFF,
    },
    "LVS902": {
        "an unknown code": "# lvscf: ignore[⟦LVS999⟧]\ndeadtime = 18\n",
        "a misspelt code with a reason": "# lvscf: ignore[LVS116, ⟦LSV201⟧] a reason\ndeadtime = 18\n",
        "a blank between codes": "# lvscf: ignore[⟦LVS201 LVS202⟧]\ndeadtime = 18\n",
        "no brackets": "\t# ⟦lvscf: ignore LVS201⟧\ndeadtime = 18\n",
        "a misspelt word": "# ⟦lvscf: ignor[LVS201]⟧\ndeadtime = 18\n",
        "nothing in brackets": "# ⟦lvscf: ignore[]⟧ a reason\ndeadtime = 18\n",
        "a comma in brackets": "# ⟦lvscf: ignore-file[ , ]⟧\n",
        "no colon": "# ⟦lvscf ignore[LVS201]⟧\n",
        "brackets that are not closed": "# ⟦lvscf: ignore[LVS201⟧\n",
    },
}

SILENT: Texts = {
    "LVS901": {
        "the rule fires": ROUTERS + "# lvscf: ignore[LVS201]\ndeadtime = 1\n",
        "a family, a rule and its name": ROUTERS
        + "# lvscf: ignore[LVS2, LVS201, deadtime-below-keepalive]\ndeadtime = 1\n",
        "for the whole file": ROUTERS + "# lvscf: ignore-file[LVS201]\ndeadtime = 1\n",
        "rules that need files of hosts": ROUTERS
        + "# lvscf: ignore-file[LVS401, LVS5, heartbeat-blocked, LVS2, ALL]\n",
        "a value that Piranha refuses": ROUTERS + "# lvscf: ignore[LVS201]\ndeadtime = 1s\n",
        "an unknown rule: LVS902": ROUTERS + "# lvscf: ignore[LVS999]\ndeadtime = 18\n",
        "silenced itself": ROUTERS
        + "# lvscf: ignore-file[LVS901]\n# lvscf: ignore[LVS201]\ndeadtime = 18\n",
        "another program's file": "# lvscf: ignore-file[LVS201]\nvrrp_instance a {\n state BACKUP\n}\n",
    },
    "LVS902": {
        "silenced itself": "# lvscf: ignore-file[unknown-rule]\n# lvscf: ignore[LVS999]\ndeadtime = 18\n",
        "all, a family, and a name in capital letters": "# lvscf: ignore[ALL, lvs2, Deadtime-Too-Tight, LVS40]\ndeadtime = 18\n",
        "prose about the linter": "# we ignore what lvscf says\n# lvscf is a linter\n",
    },
}

DEFECTS: Defects = {
    "LVS901": {
        "a rule that does not fire": Defect(
            "direct routing", "deadtime = 18\n", "# lvscf: ignore[LVS201]\ndeadtime = 18\n"
        ),
    },
    "LVS902": {
        "half a code": Defect(
            "direct routing", "deadtime = 18\n", "# lvscf: ignore[LVS2x]\ndeadtime = 18\n"
        ),
    },
}
