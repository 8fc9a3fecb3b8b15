"""Cases of the rules in `lvscf.linter.rules.health_checks.strings`; see `tests.cases`."""

from tests.builders import failover, service
from tests.cases import Defect, Defects, Texts
from tests.rules.health_checks.directives import GET, OK, PROGRAM, REGEX

LONG = "x" * 255

FIRES: Texts = {
    "LVS613": {
        "a star alone": service(GET, "expect = ⟦*⟧", REGEX),
        "a group that is not closed": service(GET, 'expect = ⟦"(HTTP"⟧', REGEX),
        "a flag": service(GET, 'expect = ⟦"(?i)http"⟧', REGEX),
        "a range that runs backwards": service(GET, 'expect = ⟦"[z-a]"⟧', REGEX),
        "an unknown class": service(GET, 'expect = ⟦"[[:letter:]]"⟧', REGEX),
        "a digit of Perl": service(GET, r'expect = "HTTP/1\\.1 ⟦\\d⟧00"', REGEX),
        "a quantifier of Perl": service(GET, r'expect = "a\n\\.b⟦+?⟧c"', REGEX),
        "a quantifier after a repetition": service(GET, r'expect = "x⟦{2}?⟧[[:digit:]]"', REGEX),
        "a blank of Perl in brackets": service(GET, r'expect = "[^⟦\\s⟧]*[a?]"', REGEX),
    },
    "LVS614": {
        "before a dot": service(GET, r'expect = "HTTP/1⟦\.⟧1"', REGEX),
        "before letters, twice": service(GET, r'expect = "⟦\d⟧\d"', REGEX),
        "after a line end and a backslash": service(r'send = "a\\\r⟦\x⟧0d"', OK),
        "at the end": service("send = quit⟦\\⟧", OK),
        "a NUL, for a program": service(PROGRAM, r'expect = "⟦\0⟧"'),
        "a failover service, before a blank": failover(r'send = "GET⟦\ ⟧"', "port = 25"),
    },
    "LVS615": {
        "a program": service(f'send_program = ⟦"{"/c %h " + LONG}"⟧', OK),
        "expected": service("port = 25", f"expect = ⟦{LONG}⟧"),
        "sent": service("port = 25", f"send = ⟦{LONG}x⟧", OK),
        "letters of two bytes": service("port = 25", f"expect = ⟦{'é' * 128}⟧"),
    },
    "LVS617": {
        "a program checks": service(PROGRAM, OK, "use_regex = ⟦1⟧"),
        "nothing is sent or expected": service("use_regex = ⟦1⟧"),
        "the default is expected": service(GET, "use_regex = ⟦1⟧"),
    },
    "LVS618": {
        "dot and star": service(GET, 'expect = ⟦".*200"⟧'),
        "caret": service(GET, 'expect = ⟦"^HTTP"⟧', "use_regex = 0"),
        "a class after a dot": service(GET, 'expect = ⟦"HTTP/1.[0-9] 200"⟧'),
        "a star after a letter": service(GET, 'expect = ⟦"HTTP*"⟧'),
        "a choice after a dot": service(GET, 'expect = ⟦"HTTP/1.[01] 200"⟧'),
        "a question mark after a dot": service(GET, 'expect = ⟦"HTTP/1.? 200"⟧'),
        "alternatives": service(GET, 'expect = ⟦"HTTP/1.1 (200|302)"⟧'),
        "a backslash and a dot": service(GET, r'expect = ⟦"HTTP/1\\.1"⟧'),
        "a program": service(PROGRAM, 'expect = ⟦"OK.*"⟧'),
        "a failover service": failover("port = 25", 'expect = ⟦"220 .*"⟧'),
    },
}

SILENT: Texts = {
    "LVS613": {
        "no regular expression": service(GET, 'expect = "*"'),
        "a backslash that the reader takes away": service(GET, r'expect = "HTTP/1\.1"', REGEX),
        "a version in two spellings": service(GET, r'expect = "HTTP/1\\.[01] (200|302)"', REGEX),
        "what the C library knows": service(GET, r'expect = "\\w+\\s[]a-]x{,3}\\\\?"', REGEX),
        "a closing bracket alone": service(GET, 'expect = "[a?]+)"', REGEX),
        "a program checks": service(PROGRAM, 'expect = "("', REGEX),
        "single quotes": service(GET, "expect = '('", REGEX),
        "a failover service": failover(GET, 'expect = "("', REGEX),
    },
    "LVS614": {
        "all that nanny knows": service(r'send = "\\ \r \n \t \' \"x"', OK),
        "a backslash alone": service(GET, "expect = \\", "port = 25"),
        "single quotes": service("send = '\\d'", OK),
        "another program monitors the service": service(
            r'send = "\d"', "client_monitor = /opt/check"
        ),
    },
    "LVS615": {
        "up to the limits": service("port = 25", f"send = {LONG}", f"expect = {LONG[1:]}"),
        "a regular expression": service(GET, f"expect = {LONG}", REGEX),
        "expected of a program": service(PROGRAM, f"expect = {LONG}"),
        "a program up to the limit": service(f"send_program = /{LONG[2:]}", OK),
    },
    "LVS617": {
        "turned off": service("use_regex = 0"),
        "a string is expected": service(GET, OK, REGEX),
        "a failover service": failover(PROGRAM, OK, REGEX),
    },
    "LVS618": {
        "a star alone": service("port = 25", 'expect = "*"'),
        "a status line": service("port = 25", 'expect = "HTTP/1.1 200 OK"'),
        "a word": service("port = 25", 'expect = "OK"'),
        "POP3": service("port = 25", 'expect = "+OK"'),
        "IMAP": service("port = 25", 'expect = "* OK"'),
        "a word in brackets": service("port = 25", 'expect = "[ready]"'),
        "a long word in brackets": service("port = 25", 'expect = "[unavailable]"'),
        "a caret alone": service("port = 25", 'expect = "^"'),
        "stars": service("port = 25", 'expect = "*** "'),
        "SMTP": service("port = 25", 'expect = "220 mail.example.com"'),
        "SMTP, more to come": service("port = 25", 'expect = "220-"'),
        "Subversion": service("port = 25", 'expect = "( success ( 2 2"'),
        "Redis": service("port = 25", 'expect = "$4"'),
        "a bar between letters": service("port = 25", 'expect = "a|b"'),
        "VNC": service("port = 25", 'expect = "RFB 003.008"'),
        "a question mark alone": service("port = 25", 'expect = "?"'),
        "nothing": service("port = 25", 'expect = ""'),
        "a date in brackets": service("port = 25", 'expect = "[2026-01-01]"'),
        "JSON": service("port = 25", "expect = \"{'a': 1}\""),
        "a name in brackets": service("port = 25", 'expect = "[a-team]"'),
        "a regular expression": service(GET, 'expect = ".*200"', REGEX),
        "a regular expression, by a word Piranha refuses": service(
            GET, 'expect = ".*200"', "use_regex = true"
        ),
        "a backslash that the reader takes away": service(GET, r'expect = "HTTP/1\.1"'),
        "a version and brackets in a header": service(
            GET, r'expect = "HTTP/1.1 200 OK\r\nServer: Apache/2.2.15 (CentOS)"'
        ),
    },
}

DEFECTS: Defects = {
    "LVS613": {
        "a group that is not closed": Defect(
            "direct routing", '"HTTP"\n     use_regex = 0', '"(HTTP"\n     use_regex = 1'
        ),
        "a star alone": Defect(
            "direct routing", '"HTTP"\n     use_regex = 0', '"*"\n     use_regex = 1'
        ),
        "a digit of Perl": Defect(
            "direct routing", '"HTTP"\n     use_regex = 0', '"P/\\\\d"\n     use_regex = 1'
        ),
    },
    "LVS614": {
        "before a dot in a regular expression": Defect(
            "direct routing", '"HTTP"\n     use_regex = 0', '"1\\.1 2"\n     use_regex = 1'
        ),
        "at the end of what is expected": Defect("direct routing", '"HTTP"', '"HTTP\\"'),
        "in the middle of a request": Defect("direct routing", '"GET / HTTP', '"GET / HTTP\\'),
    },
    "LVS615": {
        "expected": Defect("several services", '"220"', f'"{LONG}"'),
        "sent": Defect("several services", '"quit', f'"{LONG} quit'),
        "a program": Defect("mysql", "check_mysql", f"check_mysql{LONG}"),
    },
    "LVS617": {
        "a program checks": Defect("mysql", "use_regex = 0", "use_regex = 1"),
    },
    "LVS618": {
        "dot and star for a web server": Defect("direct routing", '"HTTP"', '"HTTP.*"'),
        "dot and star for a mail server": Defect("several services", '"220"', '"220 .*"'),
    },
}
