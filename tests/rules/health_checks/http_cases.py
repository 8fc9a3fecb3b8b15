"""Cases of the rules in `lvscf.linter.rules.health_checks.http`; see `tests.cases`."""

from tests.builders import failover, server, service
from tests.cases import Defect, Defects, Texts
from tests.rules.health_checks.directives import GET, OK, PROGRAM, REGEX

FIRES: Texts = {
    "LVS608": {
        "a status without the version": service(GET, 'expect = ⟦"200 OK"⟧'),
        "the name of another protocol": service(GET, "expect = ⟦HTTPS⟧"),
        "a web server on another port": service(
            "port = 8080", r'send = "HEAD /a HTTP/1.1\r\n\r\n"', "expect = ⟦OK⟧"
        ),
        "a failover service": failover(GET, "expect = ⟦200⟧"),
    },
    "LVS609": {
        "no line end at all": service('send = ⟦"GET / HTTP/1.0"⟧', 'expect = "HTTP"'),
        "one line end": service(r'send = ⟦"GET / HTTP/1.0\r\n"⟧', 'expect = "HTTP"'),
        "a request without a version": service('send = ⟦"GET /"⟧', 'expect = "<html"'),
        "a header, and one line end": failover(
            r'send = ⟦"GET / HTTP/1.1\r\nHost: a\r\n"⟧', "expect = HTTP", REGEX
        ),
    },
    "LVS610": {
        "no version": service(r'send = ⟦"GET /hapage.html\r\n\r\n"⟧', 'expect = "HTTP/1.1 200 OK"'),
        "HTTPS as a version": service(r'send = "GET / ⟦HTTPS/1.0⟧\r\n\r\n"', 'expect = "HTTPS"'),
        "version 3": service(r'send = "GET / ⟦HTTP/3⟧\r\n\r\n"', "expect = HTTP", REGEX),
    },
    "LVS611": {
        "a request to port 443": service(
            "port = 443", r'send = ⟦"GET / HTTP/1.0\r\n\r\n"⟧', "expect = HTTP"
        ),
        "a service name for the port": service(
            "port = https", r'send = ⟦"GET / HTTPS/1.0\r\n\r\n"⟧', "expect = HTTPS"
        ),
        "IMAP over TLS": service("port = 993", 'expect = ⟦"* OK"⟧'),
        "a real server's port": service(server("port = ⟦8443⟧")),
        "a mark, and a real server's port": service(
            "fwmark = 1", "port = 80", "send = ⟦x⟧", OK, server("port = 636")
        ),
        "a failover service": failover("port = 995", "send = ⟦quit⟧", "expect = +OK"),
    },
    "LVS612": {
        "any status, version left out": service(GET, 'expect = ⟦"HTTP"⟧'),
        "any status of one version": service(GET, 'expect = ⟦"HTTP/1.1"⟧'),
        "a regular expression for any status": service(GET, 'expect = ⟦"^HTTP"⟧', REGEX),
        "the default check": service(name="⟦web⟧"),
    },
    "LVS627": {
        "a request to a media port": (
            service(
                "port = 5004",
                "protocol = udp",
                r'send = ⟦"GET / HTTP/1.0\r\n\r\n"⟧',
                "expect = HTTP",
            )
        ),
        "a HEAD request": service("protocol = udp", 'send = ⟦"HEAD /x"⟧', "expect = *"),
        "a mark, and port 443": (
            service(
                "fwmark = 1",
                "port = 443",
                "protocol = udp",
                r'send = ⟦"GET / HTTP/1.1\r\nHost: a\r\n\r\n"⟧',
            )
        ),
    },
}

SILENT: Texts = {
    "LVS608": {
        "a status line": service(GET, 'expect = "HTTP/1.1 200 OK"'),
        "the first letter": service(GET, "expect = H"),
        "a star and nothing": service(GET, 'expect = "*"') + service(GET, 'expect = ""', name="b"),
        "a regular expression": service(GET, 'expect = "200 OK"', REGEX),
        "a regular expression, by a word Piranha refuses": service(
            GET, 'expect = "200 OK"', "use_regex = yes"
        ),
        "a request without a version": service(r'send = "GET /alive\n"', OK),
        "Redis": service("port = 6379", r'send = "GET key\r\n"', 'expect = "$"'),
        "SIP": service("port = 5060", r'send = "OPTIONS sip:a SIP/2.0\r\n\r\n"', "expect = SIP"),
        "RTSP": service("port = 554", r'send = "OPTIONS * RTSP/1.0\r\n\r\n"', "expect = RTSP"),
        "single quotes": service(GET, "expect = '200'"),
    },
    "LVS609": {
        "an empty line": service(GET, "expect = HTTP"),
        "line feeds alone": service(r'send = "GET / HTTP/1.0\n\n"', "expect = HTTP"),
        "a body after the empty line": service(
            r'send = "POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx"', "expect = HTTP"
        ),
        "a short request with a line feed": service(r'send = "GET /iwl/.lvs.html\n"', OK),
        "nothing is expected": service('send = "GET / HTTP/1.0"'),
        "FTP": service("port = 21", 'send = "quit"', "expect = 220"),
        "over UDP": service(
            "port = 5004", "protocol = udp", 'send = "GET / HTTP/1.0"', "expect = HTTP"
        ),
    },
    "LVS610": {
        "small letters": service(r'send = "GET / http/1.1\r\n\r\n"', "expect = HTTP"),
        "a short request without headers": service(r'send = "GET /a\n"', "expect = OK"),
        "an encrypted port": service(
            "port = 443", r'send = "GET / HTTPS/1.0\r\n\r\n"', "expect = HTTPS"
        ),
    },
    "LVS611": {
        "only a connection is made": service("port = 443"),
        "a program checks": service("port = 443", PROGRAM, OK),
        "nothing is sent": service("port = 443", "expect = HTTP"),
        "real servers answer on port 80": service(
            "port = 443", GET, "expect = HTTP", server("port = 80")
        ),
        "over UDP": service("port = 853", "protocol = udp", "send = x", "expect = y"),
    },
    "LVS612": {
        "a status is expected": service(GET, 'expect = "HTTP/1.1 200"'),
        "SIP": service("port = 5060", r'send = "OPTIONS * SIP/2.0\r\n"', "expect = S"),
        "a connection to a mail server": service("port = 25"),
    },
    "LVS627": {
        "over TCP": service(GET, "expect = HTTP"),
        "SIP": service(
            "port = 5060",
            "protocol = udp",
            r'send = "OPTIONS sip:a@b SIP/2.0\r\n\r\n"',
            "expect = SIP",
        ),
        "a search of UPnP": service(
            "port = 1900",
            "protocol = udp",
            r'send = "M-SEARCH * HTTP/1.1\r\n\r\n"',
            "expect = HTTP",
        ),
        "a program checks": service("port = 5004", "protocol = udp", GET, PROGRAM, OK),
        "a protocol that Piranha refuses": service(
            "port = 5004", "protocol = upd", GET, "expect = HTTP"
        ),
        "a word, not a request": service("port = 69", "protocol = udp", "send = GET", "expect = x"),
    },
}

DEFECTS: Defects = {
    "LVS608": {
        "a status without the version": Defect("direct routing", '"HTTP"', '"200 OK"'),
    },
    "LVS609": {
        "one line end removed": Defect("direct routing", r"HTTP/1.0\r\n\r\n", r"HTTP/1.0\r\n"),
    },
    "LVS610": {
        "version removed": Defect("direct routing", r"GET / HTTP/1.0\r\n\r\n", r"GET /\r\n\r\n"),
        "HTTPS as a version": Defect(
            "direct routing", r"GET / HTTP/1.0\r\n\r\n", r"GET / HTTPS/1.0\r\n\r\n"
        ),
    },
    "LVS611": {
        "port 443": Defect("direct routing", "port = 80", "port = 443"),
    },
}
