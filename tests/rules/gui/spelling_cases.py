"""Cases of the rules in `lvscf.linter.rules.gui.spelling`; see `tests.cases`."""

from tests.builders import service
from tests.cases import Defect, Defects, Texts

FIRES: Texts = {
    "LVS807": {
        "two blanks after the equals sign": "keepalive⟦  = ⟧6\n",
        "a tab before the equals sign": "keepalive⟦\t= ⟧6\n",
        "a tab after the equals sign": "keepalive⟦ =\t⟧6\n",
        "many blanks": "keepalive⟦ =   ⟧6\n",
        "two blanks before quotes": service("send⟦ =  ⟧'a b'"),
    },
    "LVS808": {
        "two blanks before the device": service(address="10.10.1.20⟦  ⟧eth0:1"),
        "two blanks in the NAT address": "nat_router = 10.10.1.1⟦   ⟧eth1:1\n",
    },
    "LVS809": {
        "two words": service('send = ⟦"a   b"⟧'),
        "a program with an argument 0": service('send_program = ⟦"/c %h 0 x"⟧'),
        "a device called 0": service(address="⟦10.10.1.20 0⟧"),
    },
    "LVS810": {
        "three words": service("send = ⟦'GET / HTTP/1.0'⟧"),
        "double quotes inside": service("send = ⟦'say \"hi\" now'⟧"),
        "a remote shell with options": "rsh_command = ⟦'/usr/bin/ssh -q -x'⟧\n",
    },
    "LVS820": {
        "at the end of a value": "rsh_command = ssh⟦\v⟧\n",
        "two of them and a blank": "rsh_command = ssh⟦\v\v⟧ \n",
    },
}

SILENT: Texts = {
    "LVS807": {
        "indentation and blanks at the end": "keepalive = 6\n\tdeadtime = 18 \n",
        "one blank on both sides": "keepalive =  6\n",
        "a directive that the GUI drops": "hard_shutdown  = 1\n",
        "a line that Piranha refuses": "keepalive=6\n",
        "a line that a later one overrides": "keepalive  = 5\nkeepalive = 6\n",
    },
    "LVS808": {
        "a tab before the device": service() + service(address="10.10.1.20\teth0:1"),
        "two blanks in a string": service("send = 'a  b'"),
    },
    "LVS809": {
        "words further on": service('send = "a 0 b c d"', 'expect = "x 0 y"'),
        "single quotes": service('send = "a  b"', "expect = 'a  b'"),
    },
    "LVS810": {
        "two words": service("send = 'a b'", 'expect = "a b c"'),
        "a blank at the start": service("send = ' a'"),
    },
    "LVS820": {
        "blanks and tabs": "rsh_command = ssh \t\n",
        "inside a value, and in a directive the GUI drops": "rsh_command = s\vsh\nactive_cmd = /bin/true\v\n",
    },
}

DEFECTS: Defects = {
    "LVS807": {
        "two blanks": Defect("direct routing", "keepalive = 6", "keepalive  = 6"),
        "a tab": Defect("direct routing", "keepalive = 6", "keepalive =\t6"),
    },
    "LVS808": {
        "two blanks before the device": Defect(
            "direct routing", "10.10.1.20 eth0:1", "10.10.1.20  eth0:1"
        ),
    },
    "LVS809": {
        "two words, the second a digit": Defect("mysql", '"OK"', '"OK   1"'),
    },
}
