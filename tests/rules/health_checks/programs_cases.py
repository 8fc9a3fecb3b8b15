"""Cases of the rules in `lvscf.linter.rules.health_checks.programs`; see `tests.cases`."""

from tests.builders import failover, server, service
from tests.cases import Defect, Defects, Texts
from tests.rules.health_checks.directives import DNS, GET, OK, PROGRAM, TWO, WEB

FIRES: Texts = {
    "LVS601": {
        "a virtual server": service('send_program = ⟦"/c %h"⟧'),
        "a regular expression, over UDP": service(
            "send_program = ⟦/c⟧", "use_regex = 1", "port = 53", "protocol = udp"
        ),
        "a failover service with a string to send": failover('send_program = ⟦"/c %h"⟧', GET),
    },
    "LVS602": {
        "a virtual server": service(r'send = ⟦"GET / HTTP/1.0\r\n\r\n"⟧', PROGRAM, OK),
        "a failover service": failover("send = ⟦quit⟧", PROGRAM, OK),
    },
    "LVS603": {
        "in a URL": service('send_program = "/c ⟦http://%h/⟧"', OK),
        "joined to the port": service('send_program = "/c ⟦%h:%p⟧"', OK, *TWO),
        "joined to an option": service('send_program = "/c %h ⟦-p%p⟧ x"', OK, *TWO),
        "no address for two servers": service("send_program = ⟦/c⟧", OK, *TWO),
        "the port alone for two servers": service('send_program = ⟦"/c %p"⟧', OK, *TWO),
        "a failover service, in brackets": failover('send_program = "/c ⟦[%h]⟧"', OK),
    },
    "LVS620": {
        "a virtual server": service('send_program = ⟦"/c %h"⟧', OK),
        "a failover service": failover('send_program = ⟦"/c %h"⟧', OK),
    },
    "LVS624": {
        "a name alone": service('send_program = "⟦check_dns⟧ %h"', OK),
        "a path from here": service("send_program = ⟦./c⟧", OK),
        "blanks before the name": service('send_program = "  ⟦c⟧ %h"', OK),
        "a failover service with an empty program": failover('send_program = ⟦""⟧', OK),
    },
    "LVS626": {
        "in quotes": service(PROGRAM, r'expect = "OK⟦\n⟧"'),
        "a failover service, without quotes": failover(PROGRAM, r"expect = OK⟦\n⟧"),
    },
}

SILENT: Texts = {
    "LVS601": {
        "a string of no length is expected": service(PROGRAM, 'expect = ""'),
        "a string that Piranha refuses is expected": service(PROGRAM, "expect = OK then"),
        "another program monitors the service": service(PROGRAM, "client_monitor = /opt/check"),
        "a virtual server that is not active": "virtual a {\nsend_program = /c\n}\n",
        "a virtual server that is turned off": service().replace(
            "active = 1", f"active = 0\n{PROGRAM}"
        ),
    },
    "LVS602": {
        "a string of no length": service('send = ""', PROGRAM, OK),
        "no program": service(GET, OK),
    },
    "LVS603": {
        "words of their own": service('send_program = "/c %h %p"', OK, *TWO),
        "no address for one server": service("send_program = /c", OK, server()),
        "single quotes": service("send_program = '/c x%h'", OK, *TWO),
        "a percent sign": service('send_program = "/c 100% %h"', OK, *TWO),
        "a failover service": failover("send_program = /c", OK),
    },
    "LVS620": {
        "nothing is expected": service(PROGRAM),
        "no program": service(GET, OK),
    },
    "LVS624": {
        "single quotes": service("send_program = '/c %h'", OK),
        "a blank before an absolute path": service('send_program = " /c %h"', OK),
        "nothing is expected": service("send_program = c"),
    },
    "LVS626": {
        "no line end": service(PROGRAM, OK),
        "a backslash and an n": service(PROGRAM, r'expect = "OK\\n"'),
        "an exchange": service("port = 25", r'expect = "OK\n"'),
    },
}

DEFECTS: Defects = {
    "LVS601": {
        "in a MySQL service": Defect("mysql", '     expect = "OK"\n', ""),
        "in a DNS service": Defect("dns over udp", '     expect = "OK"\n', ""),
    },
    "LVS602": {
        "a request beside the program": Defect("dns over udp", DNS, DNS + WEB),
    },
    "LVS603": {
        "joined to a sign": Defect("dns over udp", "check_dns %h", "check_dns @%h"),
        "no address": Defect("dns over udp", "check_dns %h", "check_dns"),
    },
    "LVS624": {
        "folder removed": Defect("mysql", "/usr/local/bin/check_mysql", "check_mysql"),
    },
    "LVS626": {
        "in quotes": Defect("mysql", '"OK"', '"OK\\n"'),
    },
}
