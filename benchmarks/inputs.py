"""Inputs of any size, similar in shape to those of the peers."""

_SERVICE = """\
virtual service_{n} {{
     active = 1
     address = 10.{a}.{b}.{c} eth0:{n}
     vip_nmask = 255.255.255.255
     port = 80
     persistent = 300
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
     use_regex = 0
     load_monitor = none
     scheduler = wlc
     protocol = tcp
     timeout = 6
     reentry = 15
     quiesce_server = 0
     server one {{
         address = 10.{a}.{b}.31
         active = 1
         weight = 1
     }}
     server two {{
         address = 10.{a}.{b}.32
         active = 1
         weight = 1
     }}
}}
"""

_NGINX = """\
server {{
    listen 10.{a}.{b}.{c}:80;
    server_name service-{n}.example.com;
    access_log off;
    keepalive_timeout 300;
    client_max_body_size 8m;
    gzip on;
    sendfile on;
    location / {{
        proxy_pass http://service_{n};
        proxy_set_header Host $host;
        proxy_read_timeout 6;
        proxy_next_upstream error;
    }}
}}
"""


def lvs_cf(services: int) -> str:
    """An lvs.cf with this number of virtual servers, 27 lines each."""
    head = "primary = 10.10.1.21\nkeepalive = 6\ndeadtime = 18\nnetwork = direct\n"
    return head + "".join(_SERVICE.format(n=n, **_address(n)) for n in range(services))


def nginx_conf(lines: int) -> str:
    """An nginx configuration of about this number of lines."""
    servers = range(lines // _NGINX.count("\n"))
    return "http {\n" + "".join(_NGINX.format(n=n, **_address(n)) for n in servers) + "}\n"


def yaml(text: str) -> str:
    """YAML with as many lines as `text`, and about the same size."""
    lines = [
        f"setting_{n}: {'x' * min(60, max(1, len(line) - 12))}"
        for n, line in enumerate(text.splitlines()[1:])
    ]
    return "---\n" + "\n".join(lines) + "\n"


def iptables_save(rules: int, services: int) -> str:
    """Saved rules: a mark and an ACCEPT for each service, and rules for other hosts as the rest."""
    others = rules - 2 * services
    marking = [
        f"-A PREROUTING -d {service_address(n)}/32 -p tcp -m tcp --dport 80 "
        f"-j MARK --set-xmark {n + 1:#x}/0xffffffff"
        for n in range(services)
    ]
    entering = [
        f"-A INPUT -d {service_address(n)}/32 -p tcp -m tcp --dport 80 -j ACCEPT"
        for n in range(services)
    ]
    blocking = [
        f"-A INPUT -s 172.{16 + (n >> 16)}.{n >> 8 & 255}.{n & 255}/32 -p tcp -m multiport "
        "--dports 22,25 -j DROP"
        for n in range(others)
    ]
    return "\n".join(
        [
            "*mangle", ":PREROUTING ACCEPT [0:0]", *marking, "COMMIT",
            "*filter", ":INPUT DROP [0:0]", *blocking, *entering, "COMMIT", "",
        ]
    )  # fmt: skip


def service_address(n: int) -> str:
    """The virtual address of a service."""
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


def _address(n: int) -> dict[str, int]:
    return {"a": n >> 16 & 255, "b": n >> 8 & 255, "c": n & 255}


def iptables_chains(chains: int) -> str:
    """Saved rules with one chain for each service, as in generated rulesets."""
    lines = ["*mangle", ":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]"]
    lines += [f":SVC-{n} - [0:0]" for n in range(chains)]
    for n in range(chains):
        lines.append(f"-A PREROUTING -d {service_address(n)}/32 -j SVC-{n}")
        lines.append(
            f"-A SVC-{n} -p tcp -m tcp --dport 80 -j MARK --set-xmark {n + 1:#x}/0xffffffff"
        )
        lines.append(f"-A SVC-{n} -j RETURN")
    return "\n".join([*lines, "COMMIT", ""])
