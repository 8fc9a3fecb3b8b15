"""Cases of the rules in `lvscf.linter.rules.values.command_lines`; see `tests.cases`."""

from tests.builders import failover, service
from tests.cases import Defect, Defects, Texts

FORTY = " ".join(["/bin/a", *"b" * 39])

START = 'start_cmd = "/etc/rc.d/init.d/postgresql start"\n'

FIRES: Texts = {
    "LVS118": {
        "two words": 'active_cmd = ⟦"notify active"⟧\n',
        "from here": "inactive_cmd = ⟦./inactive⟧\n",
        "ipvsadm alone": "ipvsadm = ⟦ipvsadm⟧\n",
        "no ipvsadm": 'ipvsadm = ⟦""⟧\n',
        "the monitor of a virtual server": service("client_monitor = ⟦nanny⟧"),
        "the monitor of a failover service": failover("client_monitor = ⟦nanny⟧"),
        "service as a command": failover('start_cmd = ⟦"service db start"⟧'),
        "a blank before an absolute path": failover('stop_cmd = ⟦" /bin/a"⟧'),
    },
    "LVS119": {
        "output appended to a file": 'active_cmd = "/bin/a ⟦>>⟧ /var/log/lvs"\n',
        "a pipe joined to words": 'inactive_cmd = "/bin/a ⟦b|c⟧"\n',
        "a variable": 'active_cmd = "/bin/a ⟦$HOME⟧"\n',
        "two commands": 'active_cmd = "/bin/a ⟦&&⟧ /bin/b"\n',
        "quotes inside a failover service's command": failover(
            "start_cmd = \"/bin/sh -c ⟦'a⟧ b'\""
        ),
        "errors thrown away": service(
            'send_program = "/bin/check %h ⟦2>/dev/null⟧"', 'expect = "OK"'
        ),
        "a command in backquotes": service(
            'send_program = "/bin/check ⟦`hostname`⟧"', 'expect = "OK"'
        ),
        "forty words": f'active_cmd = ⟦"{FORTY}"⟧\n',
        "forty words in a program that checks": service(
            f'send_program = ⟦"{FORTY}"⟧', 'expect = "OK"'
        ),
    },
    "LVS121": {
        "one word": service("expect = ⟦'220'⟧"),
        "several words": service("send = ⟦'GET / HTTP/1.0'⟧"),
        "a program with double quotes inside": service("send_program = ⟦'/bin/check \"%h\"'⟧"),
        "the command of a failover service": failover("start_cmd = ⟦'/bin/a start'⟧"),
        "nothing": failover("expect = ⟦''⟧"),
    },
    "LVS124": {
        "two blanks": failover('start_cmd = "/bin/a⟦  ⟧start"'),
        "three blanks further on": failover('stop_cmd = "/bin/a stop⟦   ⟧now"'),
    },
    "LVS125": {
        "a virtual server": service("client_monitor = ⟦/usr/local/sbin/check⟧"),
        "a failover service": failover('client_monitor = ⟦"/opt/nanny2"⟧'),
    },
}

SILENT: Texts = {
    "LVS118": {
        "absolute paths": 'active_cmd = "/bin/a b"\nipvsadm = /usr/sbin/ipvsadm\n',
        "a failover cluster": "service = fos\nactive_cmd = a\nipvsadm = ipvsadm\n",
        "the monitor by its path": service("client_monitor = /usr/sbin/nanny", "start_cmd = a"),
        "a virtual server that is not active": "virtual a {\nactive = 0\nclient_monitor = nanny\n}\n",
        "no command, and a blank before an absolute path": 'active_cmd = ""\ninactive_cmd = " /bin/a"\n',
        "single quotes, and no command": failover("start_cmd = '/bin/a'", 'stop_cmd = ""'),
    },
    "LVS119": {
        "thirty-nine words": f'active_cmd = "{FORTY.removesuffix(" b")}"\n',
        "a string to send, and a URL": service(
            'send = "a | b > c"', 'send_program = "/bin/a http://%h/?a=1&b=2"'
        ),
        "single quotes round the server": service("send_program = \"/bin/check '%h'\""),
        "a directive without effect": service("start_cmd = $a"),
        "a virtual server that is not active": "virtual a {\nactive = 0\nsend_program = $a\n}\n",
        "an ordinary command": failover('start_cmd = "/bin/a start"'),
    },
    "LVS121": {
        "double quotes, none, and another directive": service(
            'expect = "220"', "send = quit", "load_monitor = 'none'"
        ),
        "a directive without effect": service("start_cmd = 'a'"),
        "a virtual server that is not active": "virtual a {\nactive = 0\nexpect = '220'\n}\n",
        "the command of a router": "active_cmd = '/bin/a'\n",
    },
    "LVS124": {
        "a string to send": failover('start_cmd = "/bin/a start"', 'send = "a  b"'),
        "the command of a router": 'active_cmd = "/bin/a  b"\n',
        "blanks at the end": failover('start_cmd = "/bin/a start  "'),
    },
    "LVS125": {
        "nanny by its path": service("client_monitor = /usr/sbin/nanny"),
        "nanny alone: LVS118": service("client_monitor = nanny"),
        "a virtual server that is not active": "virtual a {\nactive = 0\nclient_monitor = /bin/a\n}\n",
    },
}

DEFECTS: Defects = {
    "LVS118": {
        "the command of the active router": Defect(
            "direct routing", "syncdaemon = 0\n", "syncdaemon = 0\nactive_cmd = mail\n"
        ),
        "ipvsadm alone": Defect(
            "direct routing", "syncdaemon = 0\n", "syncdaemon = 0\nipvsadm = ipvsadm\n"
        ),
        "the monitor alone": Defect(
            "direct routing", "port = 80\n", "port = 80\n     client_monitor = nanny\n"
        ),
        "service as a command": Defect(
            "failover", START, 'start_cmd = "service postgresql start"\n'
        ),
    },
    "LVS119": {
        "quotes inside a command": Defect(
            "failover", START, "start_cmd = \"/bin/su -c 'pg_ctl start'\"\n"
        ),
        "a pipe in a program that checks": Defect(
            "mysql", "check_mysql %h 3306", "check_mysql %h 3306 | head -1"
        ),
        "forty words in a program that checks": Defect(
            "mysql", "check_mysql %h 3306", f"check_mysql %h {'a ' * 37}b"
        ),
    },
    "LVS121": {
        "what is expected": Defect("direct routing", 'expect = "HTTP"', "expect = 'HTTP'"),
        "the command of a failover service": Defect("failover", START, START.replace('"', "'")),
    },
    "LVS124": {
        "two blanks": Defect("failover", START, START.replace(" start", "  start")),
    },
    "LVS125": {
        "a virtual server": Defect(
            "direct routing", "port = 80\n", "port = 80\n     client_monitor = /bin/check\n"
        ),
    },
}
