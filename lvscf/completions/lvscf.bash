# Completes lvscf. Made by docs/generate.py with shtab; do not edit.

_shtab_lvscf_subparsers=(lint fmt show collect trace diff compare-table convert dump load explain rules lsp completion)

_shtab_lvscf_lint_option_strings=(-h --help --as --config-id --select --extend-select --ignore --target --fail-on --exit-zero --format --report --statistics -q --quiet --show-settings --stdin-filename --baseline --write-baseline --show-suppressed --pair --color --fix --unsafe-fixes --diff --router --real-server --cluster)
_shtab_lvscf_fmt_option_strings=(-h --help --check --diff --gui-safe --stdin-filename -q --quiet --color)
_shtab_lvscf_show_option_strings=(-h --help --format --effective --as --color --router --real-server --cluster)
_shtab_lvscf_collect_option_strings=(-h --help)
_shtab_lvscf_trace_option_strings=(-h --help --to --from --in --out --from-host --local --established --reply --state --format --color)
_shtab_lvscf_diff_option_strings=(-h --help --serial --format --color)
_shtab_lvscf_compare_table_option_strings=(-h --help --down --config-id --format --color)
_shtab_lvscf_convert_option_strings=(-h --help --to -o --output --stdout --force --format --fail-on --router --target --checks --interface --vrid --multicast --preempt --host --dr --commands --vrrp --real-server --color)
_shtab_lvscf_dump_option_strings=(-h --help --format --effective --schema)
_shtab_lvscf_load_option_strings=(-h --help --output --into)
_shtab_lvscf_explain_option_strings=(-h --help --format --color)
_shtab_lvscf_rules_option_strings=(-h --help --format --color)
_shtab_lvscf_lsp_option_strings=(-h --help --stdio)
_shtab_lvscf_completion_option_strings=(-h --help)
_shtab_lvscf_option_strings=(-h --help --version --color)

_shtab_lvscf_lint_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_lint___select_COMPGEN=_lvscf_rules
_shtab_lvscf_lint___extend_select_COMPGEN=_lvscf_rules
_shtab_lvscf_lint___ignore_COMPGEN=_lvscf_rules
_shtab_lvscf_lint___report_COMPGEN=_lvscf_reports
_shtab_lvscf_lint___baseline_COMPGEN=_shtab_compgen_files
_shtab_lvscf_lint___write_baseline_COMPGEN=_shtab_compgen_files
_shtab_lvscf_lint___pair_COMPGEN=_shtab_compgen_files
_shtab_lvscf_lint___router_COMPGEN=_lvscf_routers
_shtab_lvscf_lint___real_server_COMPGEN=_lvscf_real_servers
_shtab_lvscf_lint___cluster_COMPGEN=_shtab_compgen_files
_shtab_lvscf_fmt_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_show_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_show___router_COMPGEN=_lvscf_routers
_shtab_lvscf_show___real_server_COMPGEN=_lvscf_real_servers
_shtab_lvscf_show___cluster_COMPGEN=_shtab_compgen_files
_shtab_lvscf_trace_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_diff_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_diff_pos_1_COMPGEN=_shtab_compgen_files
_shtab_lvscf_compare_table_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_compare_table_pos_1_COMPGEN=_shtab_compgen_files
_shtab_lvscf_convert_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_convert__o_COMPGEN=_shtab_compgen_files
_shtab_lvscf_convert___output_COMPGEN=_shtab_compgen_files
_shtab_lvscf_convert___router_COMPGEN=_lvscf_converted_routers
_shtab_lvscf_convert___target_COMPGEN=_lvscf_keepaliveds
_shtab_lvscf_convert___host_COMPGEN=_lvscf_hosts
_shtab_lvscf_convert___real_server_COMPGEN=_lvscf_real_servers
_shtab_lvscf_dump_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_load_pos_0_COMPGEN=_shtab_compgen_files
_shtab_lvscf_load___output_COMPGEN=_shtab_compgen_files
_shtab_lvscf_load___into_COMPGEN=_shtab_compgen_files
_shtab_lvscf_explain_pos_0_COMPGEN=_lvscf_subjects
_shtab_lvscf_rules_pos_0_COMPGEN=_lvscf_rules

_shtab_lvscf_lint___as_choices=(piranha keepalived)
_shtab_lvscf_lint___fail_on_choices=(info warning error)
_shtab_lvscf_lint___format_choices=(full concise json sarif github gitlab junit rdjson)
_shtab_lvscf_lint___color_choices=(auto always never)
_shtab_lvscf_fmt___color_choices=(auto always never)
_shtab_lvscf_show___format_choices=(tree dot mermaid svg json)
_shtab_lvscf_show___as_choices=(ipvsadm)
_shtab_lvscf_show___color_choices=(auto always never)
_shtab_lvscf_trace___state_choices=(NEW ESTABLISHED RELATED INVALID UNTRACKED)
_shtab_lvscf_trace___format_choices=(full json)
_shtab_lvscf_trace___color_choices=(auto always never)
_shtab_lvscf_diff___format_choices=(text json)
_shtab_lvscf_diff___color_choices=(auto always never)
_shtab_lvscf_compare_table___format_choices=(text json)
_shtab_lvscf_compare_table___color_choices=(auto always never)
_shtab_lvscf_convert___to_choices=(keepalived ipvsadm ldirectord iptables nftables firewalld)
_shtab_lvscf_convert___format_choices=(text json)
_shtab_lvscf_convert___fail_on_choices=(info warning error)
_shtab_lvscf_convert___checks_choices=(exact native)
_shtab_lvscf_convert___dr_choices=(redirect arp arptables)
_shtab_lvscf_convert___color_choices=(auto always never)
_shtab_lvscf_dump___format_choices=(json yaml)
_shtab_lvscf_explain___format_choices=(full markdown json)
_shtab_lvscf_explain___color_choices=(auto always never)
_shtab_lvscf_rules___format_choices=(full json)
_shtab_lvscf_rules___color_choices=(auto always never)
_shtab_lvscf_completion_pos_0_choices=(bash zsh fish)
_shtab_lvscf_pos_0_choices=(lint fmt show collect trace diff compare-table convert dump load explain rules lsp completion)
_shtab_lvscf___color_choices=(auto always never)

_shtab_lvscf_lint_pos_0_nargs=+
_shtab_lvscf_lint__h_nargs=0
_shtab_lvscf_lint___help_nargs=0
_shtab_lvscf_lint___exit_zero_nargs=0
_shtab_lvscf_lint___statistics_nargs=0
_shtab_lvscf_lint__q_nargs=0
_shtab_lvscf_lint___quiet_nargs=0
_shtab_lvscf_lint___show_settings_nargs=0
_shtab_lvscf_lint___show_suppressed_nargs=0
_shtab_lvscf_lint___fix_nargs=0
_shtab_lvscf_lint___unsafe_fixes_nargs=0
_shtab_lvscf_lint___diff_nargs=0
_shtab_lvscf_fmt_pos_0_nargs=+
_shtab_lvscf_fmt__h_nargs=0
_shtab_lvscf_fmt___help_nargs=0
_shtab_lvscf_fmt___check_nargs=0
_shtab_lvscf_fmt___diff_nargs=0
_shtab_lvscf_fmt___gui_safe_nargs=0
_shtab_lvscf_fmt__q_nargs=0
_shtab_lvscf_fmt___quiet_nargs=0
_shtab_lvscf_show__h_nargs=0
_shtab_lvscf_show___help_nargs=0
_shtab_lvscf_show___effective_nargs=0
_shtab_lvscf_collect__h_nargs=0
_shtab_lvscf_collect___help_nargs=0
_shtab_lvscf_trace_pos_0_nargs=+
_shtab_lvscf_trace__h_nargs=0
_shtab_lvscf_trace___help_nargs=0
_shtab_lvscf_trace___from_host_nargs=0
_shtab_lvscf_trace___established_nargs=0
_shtab_lvscf_trace___reply_nargs=0
_shtab_lvscf_diff__h_nargs=0
_shtab_lvscf_diff___help_nargs=0
_shtab_lvscf_diff___serial_nargs=0
_shtab_lvscf_compare_table__h_nargs=0
_shtab_lvscf_compare_table___help_nargs=0
_shtab_lvscf_compare_table___down_nargs=0
_shtab_lvscf_convert__h_nargs=0
_shtab_lvscf_convert___help_nargs=0
_shtab_lvscf_convert___stdout_nargs=0
_shtab_lvscf_convert___force_nargs=0
_shtab_lvscf_convert___multicast_nargs=0
_shtab_lvscf_convert___preempt_nargs=0
_shtab_lvscf_convert___commands_nargs=0
_shtab_lvscf_convert___vrrp_nargs=0
_shtab_lvscf_dump__h_nargs=0
_shtab_lvscf_dump___help_nargs=0
_shtab_lvscf_dump___effective_nargs=0
_shtab_lvscf_dump___schema_nargs=0
_shtab_lvscf_load__h_nargs=0
_shtab_lvscf_load___help_nargs=0
_shtab_lvscf_explain_pos_0_nargs=+
_shtab_lvscf_explain__h_nargs=0
_shtab_lvscf_explain___help_nargs=0
_shtab_lvscf_rules_pos_0_nargs='*'
_shtab_lvscf_rules__h_nargs=0
_shtab_lvscf_rules___help_nargs=0
_shtab_lvscf_lsp__h_nargs=0
_shtab_lvscf_lsp___help_nargs=0
_shtab_lvscf_lsp___stdio_nargs=0
_shtab_lvscf_completion__h_nargs=0
_shtab_lvscf_completion___help_nargs=0
_shtab_lvscf_pos_0_nargs=A...
_shtab_lvscf__h_nargs=0
_shtab_lvscf___help_nargs=0
_shtab_lvscf___version_nargs=0


# Custom Preamble

_lvscf_rule_words="LVS0
LVS1
LVS2
LVS3
LVS4
LVS5
LVS6
LVS7
LVS8
LVS9
ALL
LVS001
LVS002
LVS003
LVS004
LVS005
LVS006
LVS007
LVS008
LVS009
LVS010
LVS011
LVS012
LVS013
LVS014
LVS015
LVS016
LVS017
LVS018
LVS019
LVS020
LVS021
LVS022
LVS101
LVS102
LVS103
LVS104
LVS105
LVS106
LVS107
LVS108
LVS109
LVS110
LVS111
LVS112
LVS113
LVS114
LVS115
LVS116
LVS117
LVS118
LVS119
LVS120
LVS121
LVS122
LVS123
LVS124
LVS125
LVS201
LVS202
LVS203
LVS204
LVS205
LVS206
LVS207
LVS208
LVS209
LVS210
LVS211
LVS212
LVS213
LVS214
LVS215
LVS216
LVS217
LVS218
LVS219
LVS220
LVS221
LVS222
LVS223
LVS224
LVS225
LVS226
LVS227
LVS229
LVS230
LVS234
LVS301
LVS302
LVS303
LVS304
LVS305
LVS306
LVS307
LVS308
LVS309
LVS310
LVS311
LVS312
LVS313
LVS314
LVS315
LVS316
LVS317
LVS318
LVS319
LVS320
LVS321
LVS322
LVS323
LVS324
LVS325
LVS326
LVS327
LVS328
LVS329
LVS330
LVS331
LVS332
LVS333
LVS334
LVS335
LVS340
LVS400
LVS401
LVS402
LVS403
LVS404
LVS405
LVS406
LVS407
LVS408
LVS409
LVS410
LVS411
LVS412
LVS413
LVS414
LVS415
LVS416
LVS417
LVS418
LVS419
LVS420
LVS421
LVS422
LVS423
LVS440
LVS441
LVS442
LVS443
LVS444
LVS445
LVS446
LVS447
LVS448
LVS501
LVS502
LVS503
LVS504
LVS505
LVS506
LVS507
LVS508
LVS509
LVS510
LVS511
LVS512
LVS513
LVS514
LVS515
LVS516
LVS517
LVS518
LVS519
LVS525
LVS526
LVS527
LVS536
LVS537
LVS538
LVS539
LVS540
LVS541
LVS542
LVS543
LVS544
LVS545
LVS601
LVS602
LVS603
LVS604
LVS605
LVS606
LVS607
LVS608
LVS609
LVS610
LVS611
LVS612
LVS613
LVS614
LVS615
LVS616
LVS617
LVS618
LVS619
LVS620
LVS621
LVS622
LVS623
LVS624
LVS625
LVS626
LVS627
LVS701
LVS702
LVS703
LVS704
LVS705
LVS706
LVS801
LVS802
LVS803
LVS804
LVS805
LVS806
LVS807
LVS808
LVS809
LVS810
LVS811
LVS812
LVS813
LVS814
LVS815
LVS816
LVS817
LVS818
LVS819
LVS820
LVS901
LVS902
LVS903
LVS904
unknown-directive
missing-equals
missing-argument
extra-argument
trailing-comment
bad-quoting
not-an-integer
not-a-boolean
bad-address
bad-netmask
bad-choice
bad-list
empty-file
carriage-return
unclosed-block
stray-brace
text-after-brace
byte-order-mark
odd-blank
nul-byte
keepalived-syntax
too-many-tokens
duplicate-directive
duplicate-name
octal-integer
integer-overflow
out-of-range
fwmark-out-of-range
unusual-address
netmask-holes
host-name-address
service-name-port
placeholder
missing-active
inactive
never-read
ignored-here
no-active-service
wrong-service-blocks
relative-command
shell-syntax
percent-in-name
single-quotes
not-in-this-release
default-written-out
empty-argument
other-client-monitor
deadtime-below-keepalive
deadtime-too-tight
nonpositive-heartbeat
backup-not-active
backup-missing
slow-single-start
same-router-address
primary-missing
half-private-heartbeat
sync-daemon-settings
monitor-links-ineffective
hooks-run-at-start
heartbeat-blocked
gui-port-open
tcp-heartbeat-rule
reservation-conflict-unset
incompatible-service
router-address-not-its-own
private-address-not-its-own
no-such-device
vip-on-wrong-device
router-without-default-route
pulse-not-at-boot
marks-not-set-at-boot
ipvsadm-at-boot
ipvs-not-loaded
rule-files-differ
vip-set-at-boot
vip-on-both-routers
heartbeat-cannot-leave
missing-address
no-servers
device-without-alias
alias-shared
vip-two-devices
missing-vip-netmask
duplicate-service
shared-fwmark
port-after-servers
real-port-differs
server-duplicate
same-server-two-ports
pmask-without-persistence
wide-pmask
fwmark-without-persistence
short-persistence
server-is-router
server-is-vip
sorry-server-is-server
nat-router
nat-same-subnet
different-network-direct
vip-is-nat-router
unusable-address
persistence-quiesce
weight-without-effect
weight-zero
weight-too-big
port-zero
same-vip-different-fwmark
failover-commands
failover-many-vips
failover-inactive-first
loopback-device
nat-mark-keeps-port
long-device-label
not-checked
fwmark-not-set
fwmark-mismatch
fwmark-overwritten
fwmark-unreachable-chain
fwmark-too-wide
fwmark-partial
fwmark-unused
fwmark-steals-service
routers-differ
fwmark-interface-alias
vip-port-blocked
vip-redirected-on-router
ftp-without-data-ports
protocol-mismatch
mark-bits-masked
closing-packets-dropped
handshake-dropped
replies-dropped
ip-forward-off
ipvs-packets-dropped
check-dropped-by-router
gateway-rejects-vip
masquerade-without-conntrack
service-not-in-table
service-not-in-file
server-not-in-table
server-not-in-file
weight-differs
scheduler-differs
persistence-differs
forwarding-method-differs
table-not-in-use
missing-vip-redirect
redirect-wrong-port
redirect-shadowed
redirect-wrong-vip
redirect-partial
redirect-too-wide
redirect-stale
arp-not-hidden
arptables-out-d
arp-mangle-wrong-source
real-server-blocks-port
nat-redirect-leftover
unknown-host
vip-announced
vip-network-on-loopback
arp-ignore-all
arp-replies-lost
old-arptables-chains
arp-own-address-dropped
arptables-not-at-boot
redirect-not-at-boot
server-rule-files-differ
check-dropped-by-real-server
forwarded-packets-dropped
tunnel-source-check
replies-bypass-router
real-server-replies-dropped
tunnel-without-vip
not-listening
tunnel-packet-size
no-default-route
tunnel-device-down
send-program-without-expect
send-and-send-program
send-program-host
send-without-expect
udp-check
timeout
reentry
expect-not-a-prefix
http-request-unfinished
http-version
http-on-tls-port
weak-http-expect
bad-regex
backslash-hang
check-string-too-long
load-monitor
regex-ignored
regex-looking-expect
expect-without-send
send-program-fails-open
expect-star
default-http-check
connect-only-check
relative-send-program
load-monitor-stalls-check
program-expect-newline
http-over-udp
firewall-syntax
firewall-truncated
firewall-unsupported
firewall-listing-uncertain
firewall-two-backends
firewall-nft-not-shown
gui-open-brace
gui-brace-comment
gui-close-brace
gui-header-spacing
gui-stale-header
gui-stale-server
gui-separator
gui-two-words
gui-third-word
gui-single-quotes
gui-line-length
gui-failover-server
gui-port-order
gui-unknown-directive
gui-fos
gui-form-reset
gui-comment
gui-serial-base
gui-long-input
gui-vertical-tab
unused-suppression
unknown-rule
serial-missing
routers-files-differ"
_lvscf_directive_words="serial_no
primary
primary_private
primary_shared
service
rsh_command
backup_active
backup
backup_private
backup_shared
heartbeat
heartbeat_port
keepalive
deadtime
network
nat_router
nat_nmask
reservation_conflict_action
debug_level
active_cmd
inactive_cmd
monitor_links
syncdaemon
syncd_iface
syncd_id
tcp_timeout
tcpfin_timeout
udp_timeout
hard_shutdown
ipvsadm
sync
active
address
sorry_server
vip_nmask
fwmark
port
persistent
pmask
send
expect
use_regex
send_program
load_monitor
scheduler
protocol
timeout
reentry
quiesce_server
client_monitor
master
dirs
start_cmd
stop_cmd
weight"

# Rules, also after a comma.
_lvscf_rules() {
  local before=""
  [[ $1 == *,* ]] && before="${1%,*},"
  compgen -P "$before" -W "$_lvscf_rule_words" -- "${1##*,}"
}

# Rules and directives.
_lvscf_subjects() {
  compgen -W "$_lvscf_directive_words $_lvscf_rule_words" -- "$1"
}

# The lvs.cf files among the words of the line; without any, the one in this directory.
_lvscf_files_given() {
  local word found=0
  for word in "${COMP_WORDS[@]:1}"; do
    if [[ $word == *.cf && -f $word ]]; then
      printf '%s\0' "$word"
      found=1
    fi
  done
  [[ $found = 0 && -f lvs.cf ]] && printf '%s\0' lvs.cf
}

# A word, then `=` and a file.
_lvscf_word_and_file() {
  if [[ $1 == *=* ]]; then
    compgen -P "${1%%=*}=" -f -- "${1#*=}"
  else
    compgen -S = -W "$2" -- "$1"
  fi
}

_lvscf_real_servers() {
  _lvscf_word_and_file "$1" "$(_lvscf_files_given | xargs -0 -r sed -n 's/^[[:blank:]]*server[[:blank:]]\{1,\}\([^[:blank:]\"]\{1,\}\)[[:blank:]].*/\1/p' 2>/dev/null)"
}

_lvscf_routers() {
  _lvscf_word_and_file "$1" "$(_lvscf_files_given | xargs -0 -r sed -n -e 's/^[[:blank:]]*primary[[:blank:]]\{1,\}=[[:blank:]]\{1,\}\([0-9.]*\).*/\1/p' -e 's/^[[:blank:]]*backup[[:blank:]]\{1,\}=[[:blank:]]\{1,\}\([0-9.]*\).*/\1/p' 2>/dev/null)"
  [[ $1 == *=* ]] || compgen -f -- "$1"
}

_lvscf_reports() {
  _lvscf_word_and_file "$1" "full concise json sarif github gitlab junit rdjson"
}

# What `lvscf convert` takes: a role, or a router and its file.
_lvscf_converted_routers() {
  [[ $1 == *=* ]] || compgen -W "primary backup all" -- "$1"
  _lvscf_routers "$1"
}

_lvscf_hosts() {
  compgen -W "primary backup all routers real-servers $(_lvscf_files_given | xargs -0 -r sed -n 's/^[[:blank:]]*server[[:blank:]]\{1,\}\([^[:blank:]\"]\{1,\}\)[[:blank:]].*/\1/p' 2>/dev/null)" -- "$1"
}

_lvscf_keepaliveds() {
  compgen -W "rhel6 rhel7 rhel8 rhel9 debian12" -- "$1"
}

# End Custom Preamble

# $1=COMP_WORDS[1]
_shtab_compgen_files() {
  compgen -f -- $1  # files
}

# $1=COMP_WORDS[1]
_shtab_compgen_dirs() {
  compgen -d -- $1  # recurse into subdirs
}

# $1=COMP_WORDS[1]
_shtab_replace_nonword() {
  echo "${1//[^[:word:]]/_}"
}

# set default values (called for the initial parser & any subparsers)
_set_parser_defaults() {
  local subparsers_var="${prefix}_subparsers[@]"
  sub_parsers=${!subparsers_var-}

  local current_option_strings_var="${prefix}_option_strings[@]"
  current_option_strings=${!current_option_strings_var}

  completed_positional_actions=0

  _set_new_action "pos_$completed_positional_actions" true
}

# $1=action identifier
# $2=positional action (bool)
# set all identifiers for an action's parameters
_set_new_action() {
  current_action="${prefix}_$(_shtab_replace_nonword $1)"

  local current_action_compgen_var=${current_action}_COMPGEN
  current_action_compgen="${!current_action_compgen_var-}"

  local current_action_choices_var="${current_action}_choices[@]"
  current_action_choices="${!current_action_choices_var-}"

  local current_action_nargs_var="${current_action}_nargs"
  if [ -n "${!current_action_nargs_var-}" ]; then
    current_action_nargs="${!current_action_nargs_var}"
  else
    current_action_nargs=1
  fi

  current_action_args_start_index=$(( $word_index + 1 - $pos_only ))

  current_action_is_positional=$2
}

# Notes:
# `COMPREPLY`: what will be rendered after completion is triggered
# `completing_word`: currently typed word to generate completions for
# `${!var}`: evaluates the content of `var` and expand its content as a variable
#     hello="world"
#     x="hello"
#     ${!x} -> ${hello} -> "world"
_shtab_lvscf() {
  local completing_word="${COMP_WORDS[COMP_CWORD]}"
  local previous_word="${COMP_WORDS[COMP_CWORD-1]}"
  local completed_positional_actions
  local current_action
  local current_action_args_start_index
  local current_action_choices
  local current_action_compgen
  local current_action_is_positional
  local current_action_nargs
  local current_option_strings
  local sub_parsers
  COMPREPLY=()

  local prefix=_shtab_lvscf
  local word_index=0
  local pos_only=0 # "--" delimiter not encountered yet
  _set_parser_defaults
  word_index=1

  # determine what arguments are appropriate for the current state
  # of the arg parser
  while [ $word_index -ne $COMP_CWORD ]; do
    local this_word="${COMP_WORDS[$word_index]}"

    if [[ $pos_only = 1 || " $this_word " != " -- " ]]; then
      if [[ -n $sub_parsers && " ${sub_parsers[@]} " == *" $this_word "* ]]; then
        # valid subcommand: add it to the prefix & reset the current action
        prefix="${prefix}_$(_shtab_replace_nonword $this_word)"
        _set_parser_defaults
      fi

      if [[ " ${current_option_strings[@]} " == *" $this_word "* ]]; then
        # a new action should be acquired (due to recognised option string or
        # no more input expected from current action);
        # the next positional action can fill in here
        _set_new_action $this_word false
      fi

      if [[ "$current_action_nargs" != "*" ]] && \
         [[ "$current_action_nargs" != "+" ]] && \
         [[ "$current_action_nargs" != "?" ]] && \
         [[ "$current_action_nargs" != *"..." ]] && \
         (( $word_index + 1 - $current_action_args_start_index - $pos_only >= \
            $current_action_nargs )); then
        $current_action_is_positional && let "completed_positional_actions += 1"
        _set_new_action "pos_$completed_positional_actions" true
      fi
    else
      pos_only=1 # "--" delimiter encountered
    fi

    let "word_index+=1"
  done

  # Generate the completions

  COMPREPLY=()
  if [[ $pos_only = 0 && "$completing_word" == -* &&
        ( -z "$current_action_compgen" || "$current_action_is_positional" = true ) ]]; then
    # optional argument started: use option strings
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_option_strings[*]}" -- "$completing_word")
  elif [[ "$previous_word" =~ ^[0-9\&]*[\<\>]\>?$ ]]; then
    # handle redirection operators
    compopt -o filenames 2>/dev/null || : # bash>=4
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$completing_word")
  else
    # use choices & compgen
    local action_compgen_word="$completing_word"
    # handle tab-completing in the middle of a line (#248 <- #116)
    [[ -n "$current_action_compgen" && "$completing_word" == -* ]] && action_compgen_word=""
    [ -n "$current_action_compgen" ] && {
      [[ "$current_action_compgen" =~ _(file|dir|glob|FILE|DIR|GLOB)|File|Dir|Glob ]] &&
        compopt -o filenames 2>/dev/null || : # bash>=4
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
        "$current_action_compgen" "$action_compgen_word")
    }
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_action_choices[*]}" -- "$completing_word")
  fi

  if [[ ${#COMPREPLY[@]} = 0 ]]; then
    # native fallback matches are not necessarily filenames (e.g. variables)
    compopt +o filenames 2>/dev/null || : # bash>=4
  fi

  return 0
}

complete -o bashdefault -F _shtab_lvscf lvscf

# bash splits words at `=`; put them together again, and take off what is there already.
_lvscf_words() {
  local -a words=("$1")
  local index word joined=0 current=""
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    current=$word
    if [[ $word == "=" && $index -gt 1 ]]; then
      if [[ ${words[-1]} == --* ]]; then
        words+=("")
      else
        words[-1]+="="
      fi
      joined=1
      current=""
    elif [[ $joined = 1 ]]; then
      words[-1]+=$word
      joined=0
    else
      words+=("$word")
    fi
  done
  local before=${words[-1]}
  before=${before%"$current"}
  local -a COMP_WORDS=("${words[@]}")
  local COMP_CWORD=$((${#words[@]} - 1))
  _shtab_lvscf "$@"
  COMPREPLY=("${COMPREPLY[@]#"$before"}")
  [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}

complete -o bashdefault -F _lvscf_words lvscf
