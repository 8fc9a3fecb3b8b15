"""Directives of health checks, and real servers to check."""

from tests.builders import server

TWO = (server(), server(name="two", address="10.10.1.32"))
GET = r'send = "GET / HTTP/1.0\r\n\r\n"'
PROGRAM = 'send_program = "/c %h"'
OK = 'expect = "OK"'
REGEX = "use_regex = 1"

# As they are written in `tests.good`.
WEB = '     send = "GET / HTTP/1.0\\r\\n\\r\\n"\n'
DNS = '     send_program = "/usr/local/bin/check_dns %h"\n'
SIP = '     send = "OPTIONS sip:check@10.10.1.20 SIP/2.0\\r\\n\\r\\n"\n'
