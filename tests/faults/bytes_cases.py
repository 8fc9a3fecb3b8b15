"""Cases of the rules in `lvscf.faults.bytes`; see `tests.cases`."""

from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS013": {
        "no bytes at all": "⟦⟧",
    },
    "LVS014": {
        "one line without its carriage return": "keepalive = 6⟦\r⟧\ndeadtime = 18\r\n",
        "one line with a carriage return": "keepalive = 6\ndeadtime = 18⟦\r⟧\n",
        "carriage returns alone": "keepalive = 6⟦\r⟧deadtime = 18\r",
    },
    "LVS018": {
        "at the start of the file": "⟦\ufeff⟧keepalive = 6\n",
    },
    "LVS020": {
        "before a directive": "keepalive = 6\n⟦\0⟧deadtime = 18\n",
        "after a value": "keepalive = 6⟦\0⟧\n",
        "in a comment": "# note ⟦\0⟧\nkeepalive = 6\n",
    },
}

SILENT: Texts = {
    "LVS013": {
        "a blank line": "\n",
        "a comment": "# nothing\n",
    },
    "LVS014": {
        "line feeds": "keepalive = 6\n",
        "after a NUL, where reading has ended": "keepalive = 6\n\0\r\n",
    },
    "LVS018": {
        "in a comment further down": "keepalive = 6\n# \ufeff\n",
    },
    "LVS020": {
        "the digit 0": "active_cmd = /bin/0\n",
    },
}

DEFECTS: Defects = {
    "LVS014": {
        "one line with a carriage return": Defect(
            "direct routing", "debug_level = NONE\n", "debug_level = NONE\r\n"
        ),
    },
    "LVS018": {
        "at the start of the file": Defect("direct routing", "serial_no", "\ufeffserial_no"),
    },
    "LVS020": {
        "after the last block": Defect("direct routing", "     }\n}\n", "     }\n}\n\0"),
    },
}
