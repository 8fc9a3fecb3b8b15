"""Cases of the rules in `lvscf.faults.arrangement`; see `tests.cases`."""

from tests.builders import service
from tests.cases import Defect, Defects, Texts

NINETY_EIGHT = "6 " * 98

FIRES: Texts = {
    "LVS002": {
        "no blanks around the equals sign": "⟦keepalive=6⟧\n",
        "no blank before the equals sign": "⟦keepalive=⟧ 6\n",
        "no blank after the equals sign": "keepalive ⟦=6⟧\n",
        "two equals signs": "keepalive ⟦==⟧ 6\n",
        "a colon for the equals sign": "keepalive ⟦:⟧ 6\n",
        "no equals sign": "keepalive ⟦6⟧\n",
        "a keyword alone": "⟦keepalive⟧\n",
    },
    "LVS003": {
        "no value": "keepalive ⟦=⟧\n",
        "no device after the address of a virtual server": "virtual a {\naddress = ⟦10.10.1.20⟧\n}\n",
        "no device after the NAT address": "nat_router = ⟦10.10.1.20⟧\n",
        "brace on the next line": "⟦virtual web⟧\n{\n}\n",
        "brace joined to the name": "⟦virtual web{⟧\n}\n",
        "block without a name": "⟦virtual {⟧\n}\n",
        "keyword alone": "⟦virtual⟧\n",
        "name of three words and no brace": "⟦virtual a⟧ b c\n}\n",
    },
    "LVS004": {
        "two numbers": "keepalive = 6 ⟦7⟧\n",
        "a string without quotes": service("send = GET ⟦/ HTTP/1.0⟧"),
        "a third word after address and device": service("address = 10.10.1.20 eth0:1 ⟦eth0:2⟧"),
        "a whole block on one line": "virtual web { ⟦active = 1 }⟧\n",
    },
    "LVS005": {
        "after a number": "keepalive = 6 ⟦# six⟧\n",
        "after a brace": "virtual web { ⟦# web⟧\n}\n",
        "after a word in quotes": service('expect = "HTTP" ⟦# ok⟧'),
        "after words in quotes": service('expect = "GET / x" ⟦# ok⟧'),
    },
    "LVS006": {
        "quotes that are not closed": service('expect = ⟦"HTTP⟧'),
        "a blank after the quotes": service('expect = ⟦"HTTP"⟧ '),
        "letters joined to the closing quotes": service('send = "a b"⟦c⟧'),
        "letters joined to the quotes around one word": 'active_cmd = ⟦"a"b⟧\n',
        "a single quote alone": "⟦'⟧\n",
        "a line with an open quote and no keyword": service("", '⟦"x y⟧'),
    },
    "LVS019": {
        "no-break space before the equals sign": "keepalive⟦\u00a0⟧= 6\n",
        "vertical tab at the end": "keepalive = 6⟦\v⟧\n",
        "full-width equals sign": "keepalive ⟦\uff1d⟧ 6\n",
        "ideographic space as indentation": service("⟦\u3000⟧port = 80"),
    },
    "LVS022": {
        "ninety-nine values": f"keepalive = 6 ⟦{NINETY_EIGHT.strip()}⟧\n",
    },
}

SILENT: Texts = {
    "LVS002": {
        "tabs around the equals sign": "keepalive\t=\t6\n",
        "an equals sign inside the value": "active_cmd = a=b\n",
    },
    "LVS003": {
        "empty quotes are a value": 'active_cmd = ""\n',
        "name of two words in quotes": 'virtual "a b" {\nactive = 0\n}\n',
    },
    "LVS004": {
        "words after a list": service("dirs = [ a b ] c"),
        "two words in quotes": service('send = "GET / HTTP/1.0"'),
    },
    "LVS005": {
        "on a line of its own": "# six\nkeepalive = 6\n",
        "a hash inside a word": "active_cmd = /bin/a#b\n",
        "a hash inside quotes": service('expect = "a # b"'),
    },
    "LVS006": {
        "quotes inside words and inside other quotes": service(
            'expect = "it\'s"', 'send = "GET / HTTP/1.0" ', 'stop_cmd = a"b'
        ),
        "a quote in a comment": '# "\n',
    },
    "LVS019": {
        "no-break space in a comment": "# no\u00a0break\n",
        "no-break space in quotes": 'active_cmd = "/bin/no\u00a0break"\n',
    },
    "LVS022": {
        "ninety items in a list": service(f"dirs = [ {'a ' * 90}]"),
    },
}

DEFECTS: Defects = {
    "LVS002": {
        "blanks around the equals sign left out": Defect(
            "direct routing", "keepalive = 6\n", "keepalive=6\n"
        ),
    },
    "LVS003": {
        "value left out": Defect("direct routing", "keepalive = 6\n", "keepalive =\n"),
        "brace joined to the name": Defect("direct routing", "virtual web {", "virtual web{"),
    },
    "LVS004": {
        "a unit after a blank": Defect("direct routing", "keepalive = 6\n", "keepalive = 6 s\n"),
    },
    "LVS005": {
        "after a number": Defect("direct routing", "keepalive = 6\n", "keepalive = 6 # s\n"),
    },
    "LVS006": {
        "a blank after the quotes": Defect(
            "direct routing", 'expect = "HTTP"\n', 'expect = "HTTP" \n'
        ),
        "quotes that are not closed": Defect(
            "direct routing", 'expect = "HTTP"\n', 'expect = "HTTP\n'
        ),
    },
    "LVS019": {
        "no-break space before the equals sign": Defect(
            "direct routing", "keepalive = 6\n", "keepalive\u00a0= 6\n"
        ),
    },
}
