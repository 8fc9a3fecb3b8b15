"""Cases of the rules in `lvscf.linter.rules.gui.braces`; see `tests.cases`."""

from tests.builders import server, service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS801": {
        "in a regular expression": service('expect = "^[0-9]⟦{⟧3} OK"'),
        "in JSON": service('expect = "⟦{⟧\\"up\\": 1}"'),
        "in the name of a virtual server": "virtual x⟦{⟧y {\n}\n",
        "as a value": "debug_level = ⟦{⟧\n",
        "in a list": service("dirs = [ ⟦{⟧ ]"),
    },
    "LVS802": {
        "an opening brace at the end": "# the block below starts with ⟦{⟧\n",
        "an opening brace before a word": "# ⟦{⟧pool} notes\n",
        "both kinds in a virtual server": service("# end }of⟦{⟧ header", "port = 80"),
        "a closing brace in a virtual server": service("# end of header part ⟦}⟧"),
        "a closing brace joined to the hash": service("#⟦}⟧"),
        "after the closing brace of a server": service(server() + " # ⟦{⟧"),
        "a server that is commented out, before another": service(
            server(), "#server old ⟦{⟧\n# active = 1\n# }", server(name="two")
        ),
        "a virtual server that is half commented out": "# virtual old ⟦{⟧\n# active = 1\nkeepalive = 6\n",
        "a pair at the top": "keepalive = 6\n# ⟦{⟧\n# }\n",
    },
    "LVS803": {
        "in an expected string": service('expect = "done⟦}⟧"'),
        "in the name of a virtual server": "virtual x⟦}⟧y {\n}\n",
    },
    "LVS804": {
        "a brace in the name": "⟦virtual x}y  {⟧\nactive = 0\n}\n",
        "a tab after the keyword": "⟦virtual\tweb {⟧\n}\n",
        "two blanks after the keyword": "⟦virtual  web {⟧\n}\n",
        "an indented header with blanks at its end": " ⟦virtual web  {⟧ \n}\n",
        "an equals sign in the name": "⟦virtual a=b {⟧\n}\n",
        "a name in quotes": '⟦virtual "my web" {⟧\n}\n',
        "a comment after the brace": "⟦virtual web { # a b⟧\n}\n",
        "a brace joined to the name": "⟦virtual web{⟧\n}\n",
        "a server with two blanks": service("⟦server  one {⟧\nactive = 1\n}"),
    },
}

SILENT: Texts = {
    "LVS801": {
        "in a comment": service('expect = "[0-9][0-9]"') + "# {\n",
        "on a line of its own": "virtual web\n{\n}\n",
        "after a number": "keepalive = 6 {\n",
    },
    "LVS802": {
        "no braces in comments": "# no braces ( )\n" + service('expect = "}"'),
        "a comment after a closing brace": service(server() + " # one"),
        "a virtual server that is commented out at the top": "#virtual old {\n#\tserver a {\n#   }\n\n# }\n"
        + service(),
        "a last server that is commented out": service(
            server(), "#server old {\n# active = 1\n# }"
        ),
        "a pair inside a server": service(server("#old pool {\n# }")),
    },
    "LVS803": {
        "in a comment": service('expect = "done"', "# }"),
        "a pair in one value": service('expect = "{}"'),
    },
    "LVS804": {
        "blanks and tabs at the end": "  virtual web {  \n\tserver a {\t\n}\n}\n",
        "a brace on the next line": "virtual web\n{\n}\n",
    },
}

DEFECTS: Defects = {
    "LVS801": {
        "in an expected string": Defect("mysql", '"OK"', '"OK{"'),
        "in the name of a virtual server": Defect(
            "direct routing", "virtual web {", "virtual we{b {"
        ),
    },
    "LVS803": {
        "in an expected string": Defect("mysql", '"OK"', '"OK}"'),
    },
    "LVS804": {
        "two blanks before the brace": Defect("direct routing", "virtual web {", "virtual  web {"),
        "a tab before the brace": Defect("direct routing", "server two {", "server two\t{"),
    },
}
