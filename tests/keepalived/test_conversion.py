"""The files of a conversion, and what can go wrong before there are any."""

from typing import Any

import pytest

import lvscf
from lvscf.keepalived import Conversion, UnconvertibleError
from tests.builders import ROUTERS, failover, server, service
from tests.keepalived import kernel_model

PAIR = ROUTERS + "keepalive = 6\ndeadtime = 18\n"
MASK = "vip_nmask = 255.255.255.0"
WEB = service(MASK, server())


def converted(text: str, **options: Any) -> Conversion:
    return lvscf.keepalived.convert(lvscf.parse(text, "lvs.cf"), **options)


def conf(text: str, role: str = "primary", **options: Any) -> str:
    """keepalived.conf of a router, without comments."""
    written = converted(text, **options).files[f"{role}/keepalived.conf"].text
    lines = (line.partition("#")[0].rstrip() for line in written.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def test_a_pair() -> None:
    """Each router has its own address and priority, and the other's address; the rest is equal."""
    primary, backup = (conf(PAIR + WEB, role) for role in ("primary", "backup"))

    assert primary.startswith(
        """\
global_defs {
    router_id lvs-primary
    script_user root
    enable_script_security
}
vrrp_instance VI_1 {
    state BACKUP
    nopreempt
    interface eth0
    virtual_router_id 51
    priority 150
    advert_int 6
    garp_master_delay 1
    unicast_src_ip 10.10.1.21
    unicast_peer {
        10.10.1.22
    }
    virtual_ipaddress {
        10.10.1.20/24 dev eth0 label eth0:1
    }
}
virtual_server 10.10.1.20 80 {
    delay_loop 10
    lvs_sched wlc
    lvs_method NAT
    protocol TCP
    real_server 10.10.1.31 80 {
        weight 1
        MISC_CHECK {
            misc_path "/etc/keepalived/checks/web 10.10.1.31 80"
            misc_timeout 21
        }
    }
}
"""
    )
    assert backup == (
        primary.replace("lvs-primary", "lvs-backup")
        .replace("priority 150", "priority 100")
        .replace("10.10.1.21", "x").replace("10.10.1.22", "10.10.1.21").replace("x", "10.10.1.22")
    )  # fmt: skip


def test_comments_name_lines() -> None:
    """Each block and value says which line of the lvs.cf it comes from."""
    text = converted(PAIR + WEB).files["primary/keepalived.conf"].text

    assert "        10.10.1.20/24 dev eth0 label eth0:1  # lvs.cf:8\n" in text
    assert "\n\n# lvs.cf:6 virtual web\nvirtual_server 10.10.1.20 80 {\n" in text
    assert "    real_server 10.10.1.31 80 {  # lvs.cf:10 server one\n" in text


def test_left_out_blocks_are_comments() -> None:
    """So that a reader finds everything that lvs.cf has."""
    inactive = server("active = 0", name='"two {"')
    text = PAIR + service(MASK, server(), inactive) + service("active = 0", name="old") + WEB
    written = converted(text).files["primary/keepalived.conf"].text

    assert '    # lvs.cf:14 server "two {": left out, active = 0\n' in written
    assert "\n# lvs.cf:20 virtual old: left out, active = 0\n" in written
    assert "virtual web: left out, an earlier virtual server has the same service\n" in written


def test_a_single_router() -> None:
    """Keepalived holds the addresses itself, with the router's nat_router."""
    text = "nat_router = 10.11.1.1 eth1:1\nnat_nmask = 255.255.0.0\nactive_cmd = /bin/a\n" + WEB
    written = conf(text)

    assert "vrrp" not in written
    assert "notify" not in written
    assert kernel_model.addresses(kernel_model.parsed(written)) == [
        "eth0:1 10.10.1.20/24", "eth1:1 10.11.1.1/16",
    ]  # fmt: skip
    assert sorted(converted(text).files) == [
        "NOTES.md", "primary/checks/web", "primary/keepalived.conf", "primary/sysctl.conf",
    ]  # fmt: skip


def test_routers() -> None:
    """One router's files, without those of the other."""
    for role, other in (("primary", "backup"), ("backup", "primary")):
        names = converted(PAIR + WEB, router=role).files
        assert {name.partition("/")[0] for name in names} == {role, "NOTES.md"}
        assert f"{other}/" not in names["NOTES.md"].text


def test_links_of_other_devices_are_tracked() -> None:
    """The instance's own device needs no line, and would make keepalived reject the file."""
    two = service(MASK, "port = 81", server(), address="10.11.1.20 eth1:1")
    text = PAIR + "monitor_links = 1\n" + WEB
    assert "track_interface" not in conf(text)
    assert "    track_interface {\n        eth1\n    }\n" in conf(text + two)
    assert "    track_interface {\n        eth0\n    }\n" in conf(text + two, interface="eth1")


@pytest.mark.parametrize(
    ("keepalive", "deadtime", "interval"),
    [(6, 18, 6), (2, 5, 2), (4, 10, 3), (1, 1, 1), (0, 0, 1), (300, 900, 255), (1, 2000, 255)],
)
def test_advert_interval(keepalive: int, deadtime: int, interval: int) -> None:
    """A third of deadtime in whole seconds, from 1 to 255."""
    text = ROUTERS + f"keepalive = {keepalive}\ndeadtime = {deadtime}\n" + WEB
    assert f"    advert_int {interval}\n" in conf(text)


def test_interface() -> None:
    """That of the first VIP in the network of the primary router, else of the first VIP."""
    outside = service(MASK, "port = 81", server(), address="192.0.2.20 eth7:1")
    assert "    interface eth0\n" in conf(PAIR + outside + WEB)
    assert "    interface eth7\n" in conf(PAIR + outside)
    assert "    interface bond0.7\n" in conf(PAIR + WEB, interface="bond0.7")


def test_commands() -> None:
    """Plain commands are called as they are, others through a script that quotes them."""
    plain = conf(PAIR + 'active_cmd = "/bin/a -x"\ninactive_cmd = /bin/b\n' + WEB)
    assert '    notify_master "/bin/a -x"\n    notify_backup "/bin/b"\n' in plain
    assert '    notify_fault "/bin/b"\n    notify_stop "/bin/b"\n' in plain

    odd = PAIR + 'active_cmd = "/bin/a \'x\' $HOME"\ninactive_cmd = "/bin/b ;"\n' + WEB
    assert '    notify_master "/etc/keepalived/checks/become-master"\n' in conf(odd)
    assert '    notify_stop "/etc/keepalived/checks/become-backup"\n' in conf(odd)
    files = converted(odd).files
    assert (
        "/bin/a $'\\'x\\'' $'$HOME'  # active_cmd\n" in files["primary/checks/become-master"].text
    )
    assert "/bin/b $';'  # inactive_cmd\n" in files["backup/checks/become-backup"].text
    assert files["backup/checks/become-backup"].mode == 0o755


def test_commands_that_pulse_cannot_run() -> None:
    """They are left out."""
    assert "notify" not in conf(PAIR + 'active_cmd = "bin/a"\n' + WEB)


@pytest.mark.parametrize(
    ("target", "daemon", "timeouts"),
    [
        ("1.2", "        lvs_sync_daemon_interface eth1\n", False),
        ("1.3", "    lvs_sync_daemon eth1 VI_1 id 44\n", True),
        ("2.2", "    lvs_sync_daemon eth1 VI_1 id 44\n", True),
    ],
)
def test_sync_daemon(target: str, daemon: str, timeouts: bool) -> None:
    """Where it is configured, and that timeouts then work from 1.3 on."""
    text = PAIR + "syncdaemon = 1\nsyncd_iface = eth1\nsyncd_id = 300\nudp_timeout = 7\n" + WEB
    written = conf(text, target=target)

    assert daemon.lstrip() in written
    assert ("    lvs_timeouts udp 7\n" in written) == timeouts
    scripts = [name for name in converted(text, target=target).files if "become-master" in name]
    assert bool(scripts) != timeouts


def test_timeouts_by_script() -> None:
    """Older releases set timeouts only next to the sync daemon."""
    text = PAIR + "tcp_timeout = 900\nudp_timeout = 60\nactive_cmd = /bin/a\n" + WEB
    script = converted(text, target="2.0").files["primary/checks/become-master"].text

    assert script.endswith("\n/sbin/ipvsadm --set 900 0 60\n/bin/a  # active_cmd\n")
    assert "lvs_timeouts" not in conf(text, target="2.0")
    assert "    lvs_timeouts tcp 900 udp 60\n" in conf(text)


def test_old_releases() -> None:
    """1.2 has neither script users nor retries; marks need ports before 2.0.14."""
    text = PAIR + service(MASK, "fwmark = 7", "port = 81", server())
    old, new = conf(text, target="1.2"), conf(text)

    assert "script_user" not in old
    assert "retry" not in old
    assert "    real_server 10.10.1.31 81 {\n" in old
    assert "connect_port" not in old
    assert "    real_server 10.10.1.31 {\n" in new
    assert "            connect_port 81\n" in new
    assert "            retry 0\n" in new


def test_many_addresses() -> None:
    """An advertisement of old releases holds 20."""
    many = "".join(
        service(MASK, server(), address=f"10.10.1.{100 + one} eth0:{one}") for one in range(23)
    )
    old, new = (kernel_model.parsed(conf(PAIR + many, target=one)) for one in ("1.2", "2.2"))

    assert kernel_model.addresses(old) == kernel_model.addresses(new)
    ((_, instance),) = kernel_model.blocks(old, "vrrp_instance")
    ((_, excluded),) = kernel_model.blocks(instance, "virtual_ipaddress_excluded")
    assert len(excluded) == 3


def test_old_release_has_no_scripts_last() -> None:
    """A virtual server with TCP_CHECKs is written last for 1.2, which may crash otherwise."""
    text = PAIR + service(MASK, "port = 8080", server()) + WEB
    heads = [
        [head for head, _ in kernel_model.blocks(kernel_model.parsed(conf(text, target=one)), "virtual_server")]
        for one in ("1.2", "2.2")
    ]  # fmt: skip

    assert heads[0] == [["10.10.1.20", "80"], ["10.10.1.20", "8080"]]
    assert heads[1] == [["10.10.1.20", "8080"], ["10.10.1.20", "80"]]


def test_failover_services() -> None:
    """The active router checks its own services; a failure lets the other one take over."""
    cmds = 'start_cmd = "/etc/init.d/db  start"\nstop_cmd = "/etc/init.d/db stop"'
    text = PAIR + failover(MASK, "port = 3306", cmds)
    conversion = converted(text)
    written = conf(text)

    assert "virtual_server" not in written
    assert "    weight -10\n" in written
    assert "    track_script {\n        check_1\n    }\n" in written
    for role in ("primary", "backup"):
        assert "    priority 100\n    advert_int 6\n" in conf(text, role)
        assert "preempt" not in conf(text, role)
    start = conversion.files["primary/checks/start-services"].text
    stop = conversion.files["primary/checks/stop-services"].text
    assert "\n/etc/init.d/db '' start\ntouch /var/run/keepalived-services-started" in start
    assert stop.endswith("/etc/init.d/db stop\n")
    assert "\n[ -e /var/run/keepalived-services-started ] || exit 0" in (
        conversion.files["primary/checks/db"].text
    )

    preempting = conf(text, preempt=True)
    assert "    priority 150\n" in preempting
    assert "    weight -60\n" in preempting


def test_failover_services_of_a_single_router() -> None:
    """No VRRP, no scripts: only addresses."""
    text = "service = fos\n" + failover(MASK, "start_cmd = /bin/a", "stop_cmd = /bin/b")
    assert sorted(converted(text).files) == ["NOTES.md", "primary/keepalived.conf"]
    assert "10.10.1.20/24 dev eth0 label eth0:1" in conf(text)


def test_kernel_settings() -> None:
    """Forwarding for NAT, and templates of quiesced servers."""
    quiet = service(MASK, "quiesce_server = 1", "persistent = 5", server())
    direct = "network = direct\n"
    assert (
        converted(PAIR + quiet)
        .files["primary/sysctl.conf"]
        .text.endswith("\nnet.ipv4.ip_forward = 1\nnet.ipv4.vs.expire_quiescent_template = 1\n")
    )
    assert "primary/sysctl.conf" not in converted(PAIR + direct + WEB).files


def test_notes_are_a_plan() -> None:
    """NOTES.md has the most important changes first, steps with commands, and the way back."""
    text = (
        converted(PAIR + service(MASK, "timeout = 0", "port = 81", server()) + WEB)
        .files["NOTES.md"]
        .text
    )
    headings = [line for line in text.splitlines() if line.startswith("#")]

    assert headings == [
        "# From Piranha to keepalived", "## What changes", "### Decide these before you migrate",
        "### Check these", "### Good to know", "## Prepare", "## Switch", "## Verify",
        "## Go back", "## Other programs",
    ]  # fmt: skip
    for command in (
        "scp -r backup/. root@10.10.1.22:/etc/keepalived/", "keepalived -t -f", "semanage",
        "iptables -I INPUT -p vrrp -s 10.10.1.22 -j ACCEPT", "service pulse stop",
        "ipvsadm -Sn | sort | diff before -", "lvscf convert --to ipvsadm lvs.cf", "ipvsadm -C",
    ):  # fmt: skip
        assert command in text
    assert "- **N31 ends-piranha** (`lvs.cf:10` in `virtual web`): A virtual server is" in text


def test_conversion_is_a_value() -> None:
    """Equal inputs have equal, hashable results; files cannot be changed."""
    one, two = converted(PAIR + WEB), converted(PAIR + WEB)

    assert one == two
    assert hash(one) == hash(two)
    assert one != converted(PAIR + WEB, vrid=7)
    assert (one.target, one.source) == ("2.2", "lvs.cf")
    with pytest.raises(TypeError):
        one.files["NOTES.md"] = None  # type: ignore[index]


def test_refused_documents() -> None:
    """What Piranha rejects is not converted."""
    with pytest.raises(lvscf.RefusedError):
        converted("keepalive = 6 # seconds\n")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (PAIR.replace("10.10.1.22", "lvs2") + WEB, "lvs.cf:2: `backup` is the host name `lvs2`"),
        (PAIR + service(server(), address="www eth0:1"), "`address` of virtual `web`"),
        ("nat_router = gw eth1:1\n" + WEB, "lvs.cf:1: `nat_router` is"),
    ],
)
def test_host_names(text: str, place: str) -> None:
    """Nothing is resolved, so a name in use is an error."""
    with pytest.raises(UnconvertibleError, match=place):
        converted(text)


def test_unused_host_names() -> None:
    """A name that nothing uses does not matter."""
    assert converted(
        "primary = lvs1\nbackup = lvs2\nnetwork = direct\nnat_router = gw eth1:1\n" + WEB
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"router": "both"}, "choose from all, primary, backup"),
        ({"checks": "fast"}, "exact or native"),
        ({"vrid": 0}, "from 1 to 255"),
        ({"vrid": True}, "from 1 to 255"),
        ({"interface": "a-long-device-name"}, "not the name of a device"),
        ({"interface": "eth0 {"}, "not the name of a device"),
        ({"target": "9"}, "not a keepalived version"),
    ],
)
def test_mistaken_options(options: dict[str, Any], message: str) -> None:
    """The error says what is possible."""
    with pytest.raises(ValueError, match=message):
        converted(PAIR + WEB, **options)


def test_mistaken_documents() -> None:
    """A text is not a document."""
    with pytest.raises(TypeError, match=r"lvscf\.parse\(text\)"):
        lvscf.keepalived.convert("keepalive = 6\n")  # type: ignore[arg-type]
