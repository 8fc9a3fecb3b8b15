"""Cases of the rules in `lvscf.linter.rules.health_checks.exchanges`; see `tests.cases`."""

from tests.builders import failover, server, service
from tests.cases import Defect, Defects, Texts
from tests.rules.health_checks.directives import DNS, GET, OK, PROGRAM, SIP, WEB

FIRES: Texts = {
    "LVS604": {
        "a virtual server": service("port = 25", r'send = ⟦"quit\r\n"⟧'),
        "a failover service": failover("port = 25", "send = ⟦quit⟧"),
    },
    "LVS605": {
        "nothing sent, nothing expected": service("port = 53", "protocol = ⟦udp⟧"),
        "nothing expected": service("port = 53", "protocol = ⟦udp⟧", "send = x"),
        "nothing sent": service("protocol = ⟦udp⟧", "expect = x"),
        "a failover service": failover("port = 53", "protocol = ⟦udp⟧", 'send = ""'),
    },
    "LVS619": {
        "port 80": service('expect = ⟦"HTTP"⟧'),
        "port 443": service("port = 443", 'expect = ⟦"HTTP"⟧'),
        "a real server with a port of its own": service(
            "port = 25", 'expect = ⟦""⟧', server("port = 8080")
        ),
        "a port of -1 that becomes the default": service(
            'expect = ⟦"HTTP"⟧', 'send = ""', server("port = -1")
        ),
        "a failover service": failover("port = 389", "expect = ⟦*⟧"),
    },
    "LVS621": {
        "a program checks": service(PROGRAM, 'expect = ⟦"*"⟧'),
        "a program, with regular expressions": service(PROGRAM, 'expect = ⟦"*"⟧', "use_regex = 1"),
        "a request is sent": service(GET, "expect = ⟦*⟧"),
        "a failover service where the server speaks first": failover(
            "port = 25", "expect = ⟦*⟧", "use_regex = 1"
        ),
    },
    "LVS622": {
        "a mark without a port": service("fwmark = ⟦21⟧"),
        "a mark in hexadecimal, where servers have ports": service(
            "fwmark = ⟦0x15⟧", "protocol = tcp", server("port = 21")
        ),
        "UDP without a port": service("protocol = ⟦udp⟧"),
        "a service name that Piranha reads as 80": service(
            "port = http", "fwmark = 80", "protocol = ⟦udp⟧"
        ),
    },
    "LVS623": {
        "a mail server": service("port = ⟦25⟧"),
        "a string of no length": service('send = ⟦""⟧'),
        "a failover service": failover("port = ⟦postgres⟧"),
    },
}

SILENT: Texts = {
    "LVS604": {
        "nothing is sent": service('send = ""'),
        "over UDP": service("port = 53", "send = x", "protocol = udp"),
        "a program checks": service("send = x", PROGRAM),
        "an answer that may be anything": service("send = x", 'expect = ""'),
    },
    "LVS605": {
        "strings of no length": service("port = 53", "protocol = udp", 'send = ""', 'expect = "*"'),
        "a program checks": service("port = 53", "protocol = udp", PROGRAM, OK),
        "no known port": service("protocol = udp"),
        "a port that is no number": service("port = 80x", "protocol = udp"),
        "over TCP": service("port = 53"),
        "a string that Piranha refuses": service("port = 53", "protocol = udp", "send = a b"),
    },
    "LVS619": {
        "a protocol in which the server speaks first": service("port = 25", OK),
        "a server's own port is one of those": service("port = 8080", OK, server("port = 21")),
        "a request is sent": service(GET, OK),
        "IMAP over TLS": service("port = 993", OK),
        "over UDP": service("port = 53", "protocol = udp", OK),
        "a port that is no number": service(OK, "port = eighty"),
    },
    "LVS621": {
        "a regular expression": service(GET, 'expect = "*"', "use_regex = 1"),
        "over UDP": service("port = 53", "protocol = udp", "send = x", 'expect = "*"'),
        "a star and more": service("port = 25", 'expect = "* OK"'),
    },
    "LVS622": {
        "port 80 without a mark": service(),
        "port 80 was written": service("fwmark = 80", "port = 80"),
        "a port that is no number": service("fwmark = 21", "port = ftp0"),
        "a check was written": service("fwmark = 21", "send = quit"),
        "UDP with a port": service("port = 53", "protocol = udp"),
    },
    "LVS623": {
        "the default of web servers": service(),
        "something is sent": service("port = 25", 'send = "quit"'),
        "over UDP": service("port = 53", "protocol = udp"),
        "a port that is no number": service("port = 25x"),
    },
}

DEFECTS: Defects = {
    "LVS604": {
        "expected answer removed": Defect("several services", '     expect = "220"\n', ""),
    },
    "LVS605": {
        "expected answer removed": Defect("sip over udp", '     expect = "SIP/2.0"\n', ""),
        "string to send removed": Defect("sip over udp", SIP, ""),
        "program removed": Defect("dns over udp", DNS + '     expect = "OK"\n', ""),
    },
    "LVS619": {
        "request removed": Defect("direct routing", WEB, ""),
        "request with a path removed": Defect(
            "nat", '     send = "GET /alive HTTP/1.0\\r\\n\\r\\n"\n', ""
        ),
    },
    "LVS621": {
        "of a program": Defect("mysql", '"OK"', '"*"'),
        "of an exchange": Defect("several services", '"220"', '"*"'),
    },
    "LVS622": {
        "port and check of FTP removed": Defect(
            "ftp with a mark",
            '     port = 21\n     persistent = 900\n     send = "quit\\r\\n"\n     expect = "220"\n',
            "     persistent = 900\n",
        ),
        "check removed and port 80 written": Defect(
            "sip over udp", f'     port = 5060\n{SIP}     expect = "SIP/2.0"\n', "     port = 80\n"
        ),
    },
    "LVS623": {
        "strings removed": Defect(
            "several services", '     send = "quit\\r\\n"\n     expect = "220"\n', ""
        ),
    },
}
