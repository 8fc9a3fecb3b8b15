"""What Piranha's daemons do with directives: for lvs.cf(5), and for editors, which show it.

Facts: measurements on Piranha 0.8.6, and its behaviour in clusters that were run.
"""

from lvscf.piranha.directives import Scope

NOTES: dict[tuple[Scope, str], str] = {
    (Scope.GLOBAL, "primary"): """
        A node is the primary if one of its network devices has exactly this address as its first
        one; an alias does not count. Both routers use the same file. If neither `primary` nor
        `backup` is an address of the node, `pulse` exits.""",
    (Scope.GLOBAL, "primary_private"): """
        A heartbeat on either path counts. Without `backup_private`, `pulse` cannot start on the
        backup router.""",
    (Scope.GLOBAL, "backup_private"): """
        Without `primary_private`, it is ignored.""",
    (Scope.GLOBAL, "service"): """
        Blocks of the other kind are ignored. Both routers must agree: otherwise they ignore each
        other's heartbeats, and both become active.""",
    (Scope.GLOBAL, "primary_shared"): """
        Shared disks are used only if `backup_shared` is given, too.""",
    (Scope.GLOBAL, "backup_shared"): """
        Shared disks are used only if `primary_shared` is given, too.""",
    (Scope.GLOBAL, "rsh_command"): """
        `nanny` adds the word `uptime` only to exactly `rsh` or `ssh`; with any other command, the
        load is never read.""",
    (Scope.GLOBAL, "backup_active"): """
        Without it, `pulse` exits on the backup router. Without `backup`, it counts as
        0.""",
    (Scope.GLOBAL, "heartbeat_port"): """
        Both routers bind it. With 0, no heartbeat is sent, and both routers become active.""",
    (Scope.GLOBAL, "keepalive"): """
        With 0 or less, `pulse` floods the network with heartbeats, hears none, and ignores
        SIGTERM.""",
    (Scope.GLOBAL, "deadtime"): """
        Missed heartbeats are not counted: only the time since the last one is. Make it at least
        twice `keepalive`, better three times: at or below `keepalive`, the routers take over from
        each other again and again. A router without a partner becomes active this long after it
        started. With 0 or less, `pulse` uses 100 % CPU and ignores SIGTERM.""",
    (Scope.GLOBAL, "network"): """
        It also applies to `sorry_server`. Virtual servers cannot differ.""",
    (Scope.GLOBAL, "nat_router"): """
        It is ignored unless `network = nat`.""",
    (Scope.GLOBAL, "nat_nmask"): """
        The classful mask of 10.0.0.1 is 255.0.0.0.""",
    (Scope.GLOBAL, "reservation_conflict_action"): """
        Without it, `pulse` crashes at a reservation conflict.""",
    (Scope.GLOBAL, "active_cmd"): """
        It is split at blanks and run without a shell, before `lvsd` starts, and again at each
        heartbeat of a partner that is active, too. Its outcome is ignored. At most 39 words.""",
    (Scope.GLOBAL, "inactive_cmd"): """
        It is split at blanks and run without a shell, and its outcome is ignored.""",
    (Scope.GLOBAL, "monitor_links"): """
        It checks the devices that carry the heartbeats, not those of virtual IP addresses, and has
        no effect without a backup router.""",
    (Scope.GLOBAL, "syncdaemon"): """
        Used with `service = lvs` only.""",
    (Scope.GLOBAL, "syncd_iface"): """
        Without the device, nothing is synchronised, and nothing is logged.""",
    (Scope.GLOBAL, "tcp_timeout"): """
        From 0 to 2678400. If any of the three timeouts is out of range, none is set.""",
    (Scope.GLOBAL, "tcpfin_timeout"): """
        From 0 to 2678400. If any of the three timeouts is out of range, none is set.""",
    (Scope.GLOBAL, "udp_timeout"): """
        From 0 to 2678400. If any of the three timeouts is out of range, none is set.""",
    (Scope.GLOBAL, "hard_shutdown"): """
        0 has an effect since 0.8.6-7 only: then the server of the dead `nanny` is no longer checked,
        until someone acts.""",
    (Scope.GLOBAL, "ipvsadm"): """
        If it cannot be run, the virtual IP addresses are up without any service.""",
    (Scope.SERVICE, "active"): """
        Without the line, the block is inactive, and no message says so. If no block is active,
        `pulse` exits.""",
    (Scope.SERVICE, "address"): """
        Needed with `fwmark`, too. If several blocks have the same address, the device and the
        netmask of the first active one are used.""",
    (Scope.SERVICE, "sorry_server"): """
        It gets the port of the virtual server. It does not work before 0.8.6-3. If it is also an
        active real server, `nanny` dies at start.""",
    (Scope.SERVICE, "vip_nmask"): """
        The classful mask of 10.10.1.20 is 255.0.0.0, which also adds a route for all of
        10.0.0.0/8.""",
    (Scope.SERVICE, "fwmark"): """
        The mark is set on the routers by `iptables`, in PREROUTING of the table mangle. `port` and
        `protocol` then decide about the check only. 0 means no mark; over 2147483647, `ipvsadm`
        rejects the service. If two services have the same mark, the second is not
        added.""",
    (Scope.SERVICE, "port"): """
        Write it before the `server` blocks: one after it does not reach them, and they keep 80.
        0 means all ports, and needs `persistent`.""",
    (Scope.SERVICE, "persistent"): """
        At most 2678400; `ipvsadm` rejects the service if it is more.""",
    (Scope.SERVICE, "pmask"): """
        Without `persistent`, it is ignored. What is not a mask is silently ignored.""",
    (Scope.SERVICE, "send"): r"""
        `nanny` writes it once after it has connected. It understands `\r`, `\n`, `\t`, `\\`, `\'`
        and `\"`; at any other backslash it hangs, at 100 % CPU, and the server is never added.""",
    (Scope.SERVICE, "expect"): r"""
        Without `use_regex`, the answer must begin with it: of the first packet, up to 254 bytes are
        compared. `*` alone accepts any answer. With `send_program`, it is the whole output of the
        program without its last character, which should be a newline. Backslashes are those of
        `send`: in a regular expression, write `\\.` for a dot. For UDP, it is required.""",
    (Scope.SERVICE, "use_regex"): """
        It may match anywhere in the first 254 bytes. With `send_program`, it has no effect.""",
    (Scope.SERVICE, "send_program"): """
        It is split at blanks and run without a shell. `%h` and `%p` must be words of their own.
        The server is down only if the program exits with 0 and prints something else than
        `expect`: if it fails, or cannot be run, the server counts as up. There is no timeout, and
        without `expect` the server is never up. `send` is then ignored. Less than 255
        characters.""",
    (Scope.SERVICE, "load_monitor"): """
        Without it, the weight is not adjusted. The weight rises to at most ten times its value and
        never falls below it; a weight of 1 is never adjusted. Any other word is run as a
        program.""",
    (Scope.SERVICE, "scheduler"): """
        `rr` and `lc` ignore weights.""",
    (Scope.SERVICE, "timeout"): """
        With 0, `nanny` crashes. It is also the limit for connecting and for reading, so a server
        that hangs is noticed after up to three times as long.""",
    (Scope.SERVICE, "reentry"): """
        0 counts as 180. Below `timeout`, the first good check is enough.""",
    (Scope.SERVICE, "quiesce_server"): """
        With `persistent`, clients that are known go on to the failed server.""",
    (Scope.SERVICE, "client_monitor"): """
        An absolute path.""",
    (Scope.SERVICE, "protocol"): """
        With `udp`, give both `send` and `expect`.""",
    (Scope.SERVICE, "start_cmd"): """
        In `virtual` blocks it is ignored. It is split at every space. If it is missing, `fos` runs
        something undefined.""",
    (Scope.SERVICE, "stop_cmd"): """
        In `virtual` blocks it is ignored. It also runs whenever `fos` starts. If it is missing,
        `fos` runs something undefined.""",
    (Scope.SERVER, "address"): """
        A server with the same address and port as another one of the same virtual IP address, port
        and protocol is silently skipped, even if their virtual servers have different
        firewall marks.""",
    (Scope.SERVER, "active"): """
        Without the line, the server is skipped, and no message says so.""",
    (Scope.SERVER, "port"): """
        A number, not a service name. With direct routing and tunnelling, traffic goes to the port
        of the virtual server whatever is written here, but this one is checked. With 0, the server
        is never up.""",
    (Scope.SERVER, "weight"): """
        0 or less counts as 1 and does not drain the server: set `active = 0`. A server starts
        with 1/32 of its weight, which then doubles at most every 20 seconds or each check. Over
        65535, `ipvsadm` rejects it and `nanny` dies.""",
}
"""What the daemons do with a directive, beyond its line in the table."""
