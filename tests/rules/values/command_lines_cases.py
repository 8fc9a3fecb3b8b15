"""LVS1: commands and quotes.  See the package for the marks."""

from tests.builders import service
from tests.rules.cases.number_values import failover

FORTY = " ".join(["/bin/a", *"b" * 39])

FIRES: list[tuple[str, str]] = [
    ("LVS118", 'active_cmd = ⟦"notify active"⟧\n'),
    ("LVS118", "inactive_cmd = ⟦./inactive⟧\n"),
    ("LVS118", "ipvsadm = ⟦ipvsadm⟧\n"),
    ("LVS118", 'ipvsadm = ⟦""⟧\n'),
    ("LVS118", service("client_monitor = ⟦nanny⟧")),
    ("LVS118", failover("client_monitor = ⟦nanny⟧")),
    ("LVS118", failover('start_cmd = ⟦"service db start"⟧')),
    ("LVS118", failover('stop_cmd = ⟦" /bin/a"⟧')),
    ("LVS119", 'active_cmd = "/bin/a ⟦>>⟧ /var/log/lvs"\n'),
    ("LVS119", 'inactive_cmd = "/bin/a ⟦b|c⟧"\n'),
    ("LVS119", 'active_cmd = "/bin/a ⟦$HOME⟧"\n'),
    ("LVS119", 'active_cmd = "/bin/a ⟦&&⟧ /bin/b"\n'),
    ("LVS119", failover("start_cmd = \"/bin/sh -c ⟦'a⟧ b'\"")),
    ("LVS119", service('send_program = "/bin/check %h ⟦2>/dev/null⟧"', 'expect = "OK"')),
    ("LVS119", service('send_program = "/bin/check ⟦`hostname`⟧"', 'expect = "OK"')),
    ("LVS119", f'active_cmd = ⟦"{FORTY}"⟧\n'),
    ("LVS119", service(f'send_program = ⟦"{FORTY}"⟧', 'expect = "OK"')),
    ("LVS121", service("expect = ⟦'220'⟧")),
    ("LVS121", service("send = ⟦'GET / HTTP/1.0'⟧")),
    ("LVS121", service("send_program = ⟦'/bin/check \"%h\"'⟧")),
    ("LVS121", failover("start_cmd = ⟦'/bin/a start'⟧")),
    ("LVS121", failover("expect = ⟦''⟧")),
    ("LVS124", failover('start_cmd = "/bin/a⟦  ⟧start"')),
    ("LVS124", failover('stop_cmd = "/bin/a stop⟦   ⟧now"')),
    ("LVS125", service("client_monitor = ⟦/usr/local/sbin/check⟧")),
    ("LVS125", failover('client_monitor = ⟦"/opt/nanny2"⟧')),
]

SILENT: list[tuple[str, str]] = [
    ("LVS118", 'active_cmd = "/bin/a b"\nipvsadm = /usr/sbin/ipvsadm\n'),
    ("LVS118", "service = fos\nactive_cmd = a\nipvsadm = ipvsadm\n"),
    ("LVS118", service("client_monitor = /usr/sbin/nanny", "start_cmd = a")),
    ("LVS118", "virtual a {\nactive = 0\nclient_monitor = nanny\n}\n"),
    ("LVS118", 'active_cmd = ""\ninactive_cmd = " /bin/a"\n'),
    ("LVS118", failover("start_cmd = '/bin/a'", 'stop_cmd = ""')),
    ("LVS119", f'active_cmd = "{FORTY.removesuffix(" b")}"\n'),
    ("LVS119", service('send = "a | b > c"', 'send_program = "/bin/a http://%h/?a=1&b=2"')),
    ("LVS119", service('send_program = "/bin/check \'%h\'"')),
    ("LVS119", service("start_cmd = $a")),
    ("LVS119", "virtual a {\nactive = 0\nsend_program = $a\n}\n"),
    ("LVS119", failover('start_cmd = "/bin/a start"')),
    ("LVS121", service('expect = "220"', "send = quit", "load_monitor = 'none'")),
    ("LVS121", service("start_cmd = 'a'")),
    ("LVS121", "virtual a {\nactive = 0\nexpect = '220'\n}\n"),
    ("LVS121", "active_cmd = '/bin/a'\n"),
    ("LVS124", failover('start_cmd = "/bin/a start"', 'send = "a  b"')),
    ("LVS124", 'active_cmd = "/bin/a  b"\n'),
    ("LVS124", failover('start_cmd = "/bin/a start  "')),
    ("LVS125", service("client_monitor = /usr/sbin/nanny")),
    ("LVS125", service("client_monitor = nanny")),
    ("LVS125", "virtual a {\nactive = 0\nclient_monitor = /bin/a\n}\n"),
]  # fmt: skip

START = 'start_cmd = "/etc/rc.d/init.d/postgresql start"\n'

DEFECTS: list[tuple[str, str, str, str]] = [
    ("direct routing", "syncdaemon = 0\n", "syncdaemon = 0\nactive_cmd = mail\n", "LVS118"),
    ("direct routing", "syncdaemon = 0\n", "syncdaemon = 0\nipvsadm = ipvsadm\n", "LVS118"),
    ("direct routing", "port = 80\n", "port = 80\n     client_monitor = nanny\n", "LVS118"),
    ("failover", START, 'start_cmd = "service postgresql start"\n', "LVS118"),
    ("failover", START, 'start_cmd = "/bin/su -c \'pg_ctl start\'"\n', "LVS119"),
    ("mysql", "check_mysql %h 3306", "check_mysql %h 3306 | head -1", "LVS119"),
    ("mysql", "check_mysql %h 3306", f"check_mysql %h {'a ' * 37}b", "LVS119"),
    ("direct routing", 'expect = "HTTP"', "expect = 'HTTP'", "LVS121"),
    ("failover", START, START.replace('"', "'"), "LVS121"),
    ("failover", START, START.replace(" start", "  start"), "LVS124"),
    ("direct routing", "port = 80\n", "port = 80\n     client_monitor = /bin/check\n", "LVS125"),
]  # fmt: skip
