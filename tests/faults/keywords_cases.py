"""Cases of the rules in `lvscf.faults.keywords`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS001": {
        "a letter missing": "⟦keepalve⟧ = 6\n",
        "capital letters": "⟦KEEPALIVE⟧ = 6\n",
        "a directive of virtual servers at the top": "⟦scheduler⟧ = rr\n",
        "a word alone": "⟦nonsense⟧\n",
        "a directive of real servers in a virtual server": service("⟦weight⟧ = 1"),
        "a directive of virtual servers in a real server": service(server("⟦scheduler⟧ = rr")),
        "a misspelt block": "⟦virtaul⟧ web {\n}\n",
        "a server outside a virtual server": "⟦server⟧ one {\n}\n",
        "a virtual server inside another": "virtual a {\n⟦virtual⟧ b {\n}\n",
        "a brace with a semicolon": "virtual a {\n⟦};⟧\n",
        "a block of keepalived": "keepalive = 6\n⟦virtual_server⟧ x {\n}\n",
        "a directive after a quote that was left open": 'virtual a {\n active = 1\n "x\n ⟦port⟧ = 80\n}\n',
    },
    "LVS015": {
        "a virtual server": "⟦virtual web {⟧\nactive = 0\n",
        "a real server, and its virtual server": "virtual web {\nactive = 0\n⟦server one {⟧\n",
    },
    "LVS016": {
        "one brace too many": "virtual web {\nactive = 0\n}\n⟦}⟧\n",
    },
    "LVS017": {
        "a comment": "virtual web {\nactive = 0\n} ⟦# end⟧\n",
    },
    "LVS021": {
        "a block of keepalived comes first": "# for keepalived\n⟦global_defs⟧ {\n}\n",
    },
}

SILENT: Texts = {
    "LVS001": {
        "a directive": "keepalive = 6\n",
        "a misspelt directive in a comment": "# keepalve = 6\n",
    },
    "LVS015": {
        "both braces": service(),
    },
    "LVS016": {
        "as many as were opened": service(server()),
    },
    "LVS017": {
        "blanks and tabs": "virtual web {\nactive = 0\n}  \t\n",
    },
    "LVS021": {
        "a virtual server of Piranha comes first": "virtual a {\nactive = 1\n}\nvirtual_server b {\n}\n",
        "a directive of Piranha comes first": "keepalive = 6\nglobal_defs {\n}\n",
    },
}

DEFECTS: Defects = {
    "LVS001": {
        "a letter missing": Defect("direct routing", "keepalive = 6\n", "keepalve = 6\n"),
    },
    "LVS015": {
        "the last brace left out": Defect(
            "direct routing", "         weight = 1\n     }\n}\n", "         weight = 1\n     }\n"
        ),
    },
    "LVS016": {
        "one brace too many": Defect("direct routing", "     }\n}\n", "     }\n}\n}\n"),
    },
    "LVS017": {
        "the name of the server": Defect("direct routing", "     }\n}\n", "     } one\n}\n"),
    },
}
