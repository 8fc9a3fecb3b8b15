#!/bin/sh
# Written by `lvscf collect`: prints, as a tar, what lvscf reads about this host of an LVS cluster.
#
#     lvscf collect | ssh root@lvs1 sh > lvs1.tar
#
# It runs on RHEL 4 to 9, in dash, bash, ksh and busybox.  It only reads: it writes no file, not even
# a temporary one, so an interrupt leaves nothing; and it loads no kernel module, so a command that
# would load one is run only where that module is in use.  The archive has the layout of a sosreport.
# The last function, `collect`, lists everything that is read.

LC_ALL=C
PATH=/sbin:/usr/sbin:/bin:/usr/bin:$PATH
export LC_ALL PATH

# --- a tar without temporary files ----------------------------------------------------------------

# The header of a file: its name, and its size in bytes.
header() {
    awk -v name="$1" -v size="$2" -v time="$now" '
        function field(text, width) {
            # A field ends with NULs, which not every awk can print: `~` stands for them.
            while (length(text) < width) text = text "~"
            return text
        }
        BEGIN {
            for (code = 32; code < 126; code++) value[sprintf("%c", code)] = code
            head = field(name, 100) "0000644~0000000~0000000~" sprintf("%011o", size) "~" \
                sprintf("%011o", time) "~"
            tail = "0" field("", 100) "ustar~00" field("root", 32) field("root", 32) \
                "0000000~0000000~" field("", 167)
            sum = 8 * 32
            whole = head tail
            for (at = 1; at <= length(whole); at++) sum += value[substr(whole, at, 1)]
            printf "%s%06o~ %s", head, sum, tail
        }' </dev/null | tr '~' '\000'
}

# The first $1 bytes of standard input, filled up with NULs to whole blocks: a file in /proc may
# change its length while it is read, and the header has promised one.
body() {
    { head -c "$1"; cat /dev/zero; } 2>/dev/null | head -c $((($1 + 511) / 512 * 512))
}

# Whether a name can be written into a header as it is.
nameable() {
    case $1 in *[!A-Za-z0-9_./:@+,=-]*) return 1 ;; esac
    [ ${#1} -le 99 ]
}

# A file with this name and text, whose newlines at the end may be missing.
member() {
    nameable "$top/$1" || return 0
    size=$(printf '%s' "$2" | wc -c)
    header "$top/$1" $((size))
    printf '%s' "$2" | body $((size))
}

note() {
    echo "lvscf collect: $top: $1" >&2
    failed=1
}

# --- what is read ---------------------------------------------------------------------------------

# A copy of a file, if it is there.
copy() {
    [ -f "$1" ] || return 0
    if [ ! -r "$1" ]; then
        note "$1 is not readable by this user; run this as root"
        return 0
    fi
    name=${1#/}
    nameable "$top/$name" || return 0
    size=$(wc -c <"$1") || return 0
    header "$top/$name" $((size))
    body $((size)) <"$1"
}

# The lines of a file that match an extended regular expression.
lines_of() {
    [ -r "$1" ] || return 0
    text=$(grep -E "$2" "$1"; echo .)
    member "${1#/}" "${text%.}"
}

# What a command prints; $1 is the name that it gets.  A command that fails gives nothing: half of
# its output, or none, would look like a host with fewer rules.
output_of() {
    name=$1
    shift
    command -v "$1" >/dev/null 2>&1 || return 1
    if text=$("$@" 2>/dev/null && echo .); then
        member "sos_commands/lvscf/$name" "${text%.}"
    else
        note "\`$*\` failed, so this is missing"
        return 1
    fi
}

# Whether a part of the kernel is in use: as a module, or built in.
is_loaded() {
    grep -q "^$1 " /proc/modules 2>/dev/null || grep -q "[ 	]$2\$" /proc/kallsyms 2>/dev/null
}

# Whether a command of iptables or arptables is the one that talks to nf_tables.
is_nft() {
    case $("$1" --version 2>/dev/null) in *nf_tables*) return 0 ;; esac
    return 1
}

# The rules of `iptables` or `arptables` ($1), whose tables the kernel lists in a file of /proc ($2).
# Files of /proc have no size, so `[ -s ]` would be false for each.
rules_of() {
    tables=/proc/net/$2
    if [ -z "$root" ]; then
        note "the rules of $1 can be read by root only"
    elif ! command -v "$1-save" >/dev/null 2>&1; then
        if [ ! -e "$tables" ] && [ -z "$nft" ]; then
            no_rules "$1"
        elif [ "$1" = arptables ] && [ -z "$nft" ]; then
            output_of arptables arptables -n -L
        elif grep -q . "$tables" 2>/dev/null || ! command -v nft >/dev/null 2>&1; then
            note "there is no $1-save, so the rules of $1 are not known"
        fi
    elif ! is_nft "$1"; then
        if [ -e "$tables" ]; then
            output_of "$1-save" "$1-save"
        else
            no_rules "$1"
        fi
    else
        [ -z "$nft" ] || output_of "$1-save" "$1-save"
        if grep -q . "$tables" 2>/dev/null; then
            output_of "$1-legacy-save" "$1-legacy-save" ||
                note "the older tables of $1 are not known"
        elif [ -z "$nft" ]; then
            no_rules "$1"
        fi
    fi
}

# Without its part of the kernel, a host has no rules; without a file they would be unknown.
no_rules() {
    [ "$1" != iptables ] || member "sos_commands/lvscf/iptables-save" "# iptables is not loaded
"
}

# Kernel settings, as `sysctl -a` prints them; that command would also read files whose mere reading
# makes old kernels complain in their log.
#
# grep reads each with one call; a shell's `read` asks for byte after byte, and gets only the first.
settings() {
    grep -H '' /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_nonlocal_bind \
        /proc/sys/net/ipv4/conf/*/* /proc/sys/net/ipv4/vs/* /proc/sys/net/ipv4/tcp_timestamps \
        /proc/sys/net/ipv4/tcp_tw_recycle /proc/sys/net/ipv4/tcp_fin_timeout \
        /proc/sys/net/ipv4/ip_conntrack_max /proc/sys/net/ipv4/netfilter/ip_conntrack_* \
        /proc/sys/net/netfilter/nf_conntrack_* 2>/dev/null |
        # A dot in the name of a device is a slash here.
        sed -e 's|^/proc/sys/\([^:]*\):|\1 = |' -e 'y|./|/.|'
}

collect() {
    copy /etc/sysconfig/ha/lvs.cf
    copy /etc/sysconfig/iptables
    copy /etc/sysconfig/arptables
    copy /etc/sysctl.conf
    for file in /etc/sysctl.d/*.conf; do copy "$file"; done
    # Only what says which addresses a device gets: the files may also hold passwords.
    for file in /etc/sysconfig/network-scripts/ifcfg-*; do
        lines_of "$file" '^[ 	]*(DEVICE|TYPE|ONBOOT|ONPARENT|BOOTPROTO|IPADDR|NETMASK|PREFIX|NETWORK|BROADCAST|GATEWAY|ARPCHECK|ARP|MASTER|SLAVE|BRIDGE)[0-9]*='
    done
    copy /etc/redhat-release
    copy /etc/os-release

    rules_of iptables ip_tables_names
    rules_of arptables arp_tables_names
    [ -z "$nft" ] || [ -z "$root" ] || output_of nft nft list ruleset
    if [ -n "$root" ] && is_loaded ip_set ip_set_type_register; then
        output_of ipset ipset save
    fi

    text=$(settings)
    [ -z "$text" ] || member sos_commands/lvscf/sysctl "$text"
    if command -v ip >/dev/null 2>&1; then
        output_of ip_addr ip addr show
        output_of ip_route ip route show table all
        output_of ip_rule ip rule show
    else
        output_of ifconfig ifconfig -a
        output_of route route -n
    fi
    # ss would load modules; netstat reads /proc.
    ! command -v netstat >/dev/null 2>&1 || output_of netstat netstat -l -n -t -u

    copy /proc/net/ip_vs
    [ ! -e /proc/net/ip_vs ] || [ -z "$root" ] || output_of ipvsadm ipvsadm -S -n
    copy /proc/modules
    ! command -v chkconfig >/dev/null 2>&1 || output_of chkconfig chkconfig --list
    member sos_commands/lvscf/hostname "$host
"
}

main() {
    host=$(uname -n)
    now=$(date +%s)
    top=$(printf '%s' "$host" | tr -c 'A-Za-z0-9_.-' '_' | cut -c 1-32)
    case $top in '' | .*) top=host$top ;; esac
    failed=0
    if [ -t 1 ]; then
        echo "lvscf collect: this is a tar; add \`> $top.tar\`" >&2
        exit 2
    fi
    root=
    nft=
    [ "$(id -u)" != 0 ] || root=1
    ! is_loaded nf_tables nf_tables_newtable || nft=1
    collect
    head -c 1024 /dev/zero
    exit "$failed"
}

# The script itself may be standard input: no command may read on there.
main </dev/null
