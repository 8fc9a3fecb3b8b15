"""Names of protocols and services, as in /etc/protocols and /etc/services of a server.

iptables looks names up on its host, but lvscf's results must not depend on the host it runs on.
The names that firewall rules use are therefore listed here, with the numbers of IANA's registries.
"""

PROTOCOLS: dict[str, int] = {
    "icmp": 1, "igmp": 2, "ggp": 3, "ipencap": 4, "st": 5, "tcp": 6, "egp": 8, "igp": 9, "pup": 12,
    "udp": 17, "hmp": 20, "xns-idp": 22, "rdp": 27, "iso-tp4": 29, "dccp": 33, "xtp": 36,
    "ddp": 37, "idpr-cmtp": 38, "ipv6": 41, "ipv6-route": 43, "ipv6-frag": 44, "idrp": 45,
    "rsvp": 46, "gre": 47, "esp": 50, "ah": 51, "skip": 57, "ipv6-icmp": 58, "ipv6-nonxt": 59,
    "ipv6-opts": 60, "rspf": 73, "vmtp": 81, "eigrp": 88, "ospf": 89, "ax.25": 93, "ipip": 94,
    "etherip": 97, "encap": 98, "pim": 103, "ipcomp": 108, "vrrp": 112, "l2tp": 115, "isis": 124,
    "sctp": 132, "fc": 133, "mobility-header": 135, "udplite": 136, "mpls-in-ip": 137,
    "manet": 138, "hip": 139, "shim6": 140, "wesp": 141, "rohc": 142, "ethernet": 143,
}  # fmt: skip

_OTHER_PROTOCOL_NAMES: dict[str, int] = {
    "ip": 0, "hopopt": 0, "all": 0, "ipv4": 4, "ip-encap": 4, "ipv6-crypt": 50, "ipv6-auth": 51,
    "icmpv6": 58, "ospfigp": 89, "idpr": 35, "carp": 112, "udp-lite": 136,
}  # fmt: skip

PROTOCOL_NAMES: dict[int, str] = {number: name for name, number in PROTOCOLS.items()}

SERVICES: dict[str, int] = {
    "tcpmux": 1, "echo": 7, "discard": 9, "sink": 9, "systat": 11, "daytime": 13, "netstat": 15,
    "qotd": 17, "chargen": 19, "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25,
    "mail": 25, "time": 37, "nameserver": 42, "whois": 43, "nicname": 43, "tacacs": 49,
    "domain": 53, "bootps": 67, "bootpc": 68, "tftp": 69, "gopher": 70, "finger": 79, "http": 80,
    "www": 80, "www-http": 80, "kerberos": 88, "kerberos5": 88, "kerberos-sec": 88, "pop2": 109,
    "pop3": 110, "pop-3": 110, "sunrpc": 111, "portmapper": 111, "rpcbind": 111, "auth": 113,
    "authentication": 113, "ident": 113, "tap": 113, "nntp": 119, "untp": 119, "readnews": 119,
    "ntp": 123, "epmap": 135, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ssn": 139,
    "imap": 143, "imap2": 143, "snmp": 161, "snmp-trap": 162, "snmptrap": 162, "xdmcp": 177,
    "bgp": 179, "irc": 194, "imap3": 220, "ldap": 389, "svrloc": 427, "https": 443, "snpp": 444,
    "microsoft-ds": 445, "kpasswd": 464, "submissions": 465, "urd": 465, "ssmtp": 465,
    "smtps": 465, "isakmp": 500, "exec": 512, "biff": 512, "login": 513, "who": 513, "shell": 514,
    "cmd": 514, "syslog": 514, "printer": 515, "spooler": 515, "talk": 517, "ntalk": 518,
    "route": 520, "router": 520, "gdomap": 538, "uucp": 540, "klogin": 543, "kshell": 544,
    "afpovertcp": 548, "rtsp": 554, "nntps": 563, "submission": 587, "msa": 587, "ipp": 631,
    "ldaps": 636, "ldp": 646, "iscsi": 3260, "rsync": 873, "domain-s": 853, "ftps-data": 989,
    "ftps": 990, "telnets": 992, "imaps": 993, "ircs": 994, "pop3s": 995, "socks": 1080,
    "proofd": 1093, "rmiregistry": 1099, "openvpn": 1194, "ms-sql-s": 1433, "ms-sql-m": 1434,
    "ingreslock": 1524, "l2f": 1701, "l2tp": 1701, "radius": 1812, "radius-acct": 1813,
    "cisco-sccp": 2000, "nfs": 2049, "cvspserver": 2401, "venus": 2430, "mon": 2583,
    "gpsd": 2947, "mysql": 3306, "rdp": 3389, "ms-wbt-server": 3389, "squid": 3128, "nut": 3493,
    "svn": 3690, "distcc": 3632, "epmd": 4369, "sip": 5060, "sip-tls": 5061, "sips": 5061,
    "xmpp-client": 5222, "xmpp-server": 5269, "cfengine": 5308, "mdns": 5353,
    "postgresql": 5432, "postgres": 5432, "amqps": 5671, "amqp": 5672, "x11": 6000, "x11-0": 6000,
    "redis": 6379, "ircd": 6667, "ircs-u": 6697, "webcache": 8080, "http-alt": 8080,
    "tproxy": 8081, "omniorb": 8088, "puppet": 8140, "bacula-dir": 9101, "git": 9418,
    "webmin": 10000, "ndmp": 10000, "zabbix-agent": 10050, "zabbix-trapper": 10051,
    "memcached": 11211, "memcache": 11211, "mongodb": 27017, "traceroute": 33434,
}  # fmt: skip
"""Service names for both TCP and UDP: no name in use has two numbers."""


def protocol_number(text: str) -> int | None:
    """The number of a protocol written by name or number; None if there is no such protocol.

    Zero means every protocol, as in `-p all`.
    """
    name = text.lower()
    number = PROTOCOLS.get(name, _OTHER_PROTOCOL_NAMES.get(name))
    if number is None and name.isascii() and name.isdecimal() and len(name) <= 3:
        number = int(name)
    return number if number is not None and number <= 255 else None


def protocol_name(number: int) -> str:
    """How iptables-save writes a protocol: by name where it has one."""
    return PROTOCOL_NAMES.get(number, str(number))
