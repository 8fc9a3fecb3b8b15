"""Cases of the rules in `lvscf.linter.rules.gui.repeated_lines`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS805": {
        "an empty line after the header": "virtual ⟦web⟧ {\n\nactive = 1\n}\n",
        "blanks and a comment after the header": "virtual ⟦web⟧ {\n \t\n# note\nactive = 1\n}\n",
        "a failover service with a hash after the header": "failover ⟦db⟧ {\n#\nactive = 1\n}\n",
        "a short comment after the header": "virtual ⟦web⟧ {\n# ab\n}\n",
    },
    "LVS806": {
        "an empty line after a server": service(
            "server a {\nactive = 1\n⟦address = 10.10.1.31⟧\n}", ""
        ),
        "a hash after a server": service("server a {\n⟦active = 0⟧\n}", "#", "port = 80"),
        "another value of the virtual server is repeated": service(
            "port = 80", server("⟦port = 8080⟧", ""), ""
        ),
        "two servers with an empty line after the first": service(
            server("⟦port = 81⟧"), "", server("weight = 1", name="b"), ""
        ),
    },
    "LVS819": {
        "a comment of 4096 bytes": f"⟦# {'x' * 4093}⟧\n",
        "a value of as many bytes in UTF-8": f"⟦rsh_command = {'é' * 2050}⟧\n",
    },
}

SILENT: Texts = {
    "LVS805": {
        "a longer comment first": "virtual web {\n# a note\n\nactive = 1\n}\n",
        "an empty line in a real server": service("", server("", "weight = 1")),
        "a real server with an empty line after its header": service("server a {\n\nactive = 1\n}"),
        "an empty block": "virtual web {\n}\n\n",
    },
    "LVS806": {
        "the next server has the line itself": service(
            server("weight = 1"), "", server("weight = 1"), ""
        ),
        "nothing that a virtual server has": service("server a {\nactive = 1\n}", ""),
        "the same value in both": service("port = 81", server("port = 81"), ""),
        "the virtual server sets it afterwards": service(server("port = 81"), "", "port = 80"),
        "a longer comment as the last line of the server": service(
            "server a {\nactive = 0\n# and so on\n}", ""
        ),
        "a comment after the brace": service("server a {\nactive = 0\n} # a", ""),
        "a longer comment after the empty line": service(
            "server a {\nactive = 0\n}", "# and so on", ""
        ),
        "after the virtual server": service("server a {\nactive = 0\n}") + "\n",
        "a tab in the last line": service("server a {\nactive\t= 0\n}", ""),
    },
    "LVS819": {
        "one byte less": f"# {'x' * 4092}\n",
        "blanks alone": " " * 5000 + "\n",
    },
}

DEFECTS: Defects = {
    "LVS805": {
        "an empty line after the header": Defect(
            "direct routing", "virtual web {\n", "virtual web {\n\n"
        ),
    },
    "LVS806": {
        "an empty line after a server": Defect(
            "nat", "port = 8080\n     }\n", "port = 8080\n     }\n\n"
        ),
    },
}
