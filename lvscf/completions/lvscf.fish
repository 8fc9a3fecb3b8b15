# Completes lvscf. Made by docs/generate.py with shtab; do not edit.

# Custom Preamble

set -g _lvscf_rule_words 'LVS0	family of rules' \
'LVS1	family of rules' \
'LVS2	family of rules' \
'LVS3	family of rules' \
'LVS4	family of rules' \
'LVS5	family of rules' \
'LVS6	family of rules' \
'LVS7	family of rules' \
'LVS8	family of rules' \
'LVS9	family of rules' \
'ALL	family of rules' \
'LVS001	unknown-directive' \
'LVS002	missing-equals' \
'LVS003	missing-argument' \
'LVS004	extra-argument' \
'LVS005	trailing-comment' \
'LVS006	bad-quoting' \
'LVS007	not-an-integer' \
'LVS008	not-a-boolean' \
'LVS009	bad-address' \
'LVS010	bad-netmask' \
'LVS011	bad-choice' \
'LVS012	bad-list' \
'LVS013	empty-file' \
'LVS014	carriage-return' \
'LVS015	unclosed-block' \
'LVS016	stray-brace' \
'LVS017	text-after-brace' \
'LVS018	byte-order-mark' \
'LVS019	odd-blank' \
'LVS020	nul-byte' \
'LVS021	keepalived-syntax' \
'LVS022	too-many-tokens' \
'LVS101	duplicate-directive' \
'LVS102	duplicate-name' \
'LVS103	octal-integer' \
'LVS104	integer-overflow' \
'LVS105	out-of-range' \
'LVS106	fwmark-out-of-range' \
'LVS107	unusual-address' \
'LVS108	netmask-holes' \
'LVS109	host-name-address' \
'LVS110	service-name-port' \
'LVS111	placeholder' \
'LVS112	missing-active' \
'LVS113	inactive' \
'LVS114	never-read' \
'LVS115	ignored-here' \
'LVS116	no-active-service' \
'LVS117	wrong-service-blocks' \
'LVS118	relative-command' \
'LVS119	shell-syntax' \
'LVS120	percent-in-name' \
'LVS121	single-quotes' \
'LVS122	not-in-this-release' \
'LVS123	default-written-out' \
'LVS124	empty-argument' \
'LVS125	other-client-monitor' \
'LVS201	deadtime-below-keepalive' \
'LVS202	deadtime-too-tight' \
'LVS203	nonpositive-heartbeat' \
'LVS204	backup-not-active' \
'LVS205	backup-missing' \
'LVS206	slow-single-start' \
'LVS207	same-router-address' \
'LVS208	primary-missing' \
'LVS209	half-private-heartbeat' \
'LVS210	sync-daemon-settings' \
'LVS211	monitor-links-ineffective' \
'LVS212	hooks-run-at-start' \
'LVS213	heartbeat-blocked' \
'LVS214	gui-port-open' \
'LVS215	tcp-heartbeat-rule' \
'LVS216	reservation-conflict-unset' \
'LVS217	incompatible-service' \
'LVS218	router-address-not-its-own' \
'LVS219	private-address-not-its-own' \
'LVS220	no-such-device' \
'LVS221	vip-on-wrong-device' \
'LVS222	router-without-default-route' \
'LVS223	pulse-not-at-boot' \
'LVS224	marks-not-set-at-boot' \
'LVS225	ipvsadm-at-boot' \
'LVS226	ipvs-not-loaded' \
'LVS227	rule-files-differ' \
'LVS229	vip-set-at-boot' \
'LVS230	vip-on-both-routers' \
'LVS234	heartbeat-cannot-leave' \
'LVS301	missing-address' \
'LVS302	no-servers' \
'LVS303	device-without-alias' \
'LVS304	alias-shared' \
'LVS305	vip-two-devices' \
'LVS306	missing-vip-netmask' \
'LVS307	duplicate-service' \
'LVS308	shared-fwmark' \
'LVS309	port-after-servers' \
'LVS310	real-port-differs' \
'LVS311	server-duplicate' \
'LVS312	same-server-two-ports' \
'LVS313	pmask-without-persistence' \
'LVS314	wide-pmask' \
'LVS315	fwmark-without-persistence' \
'LVS316	short-persistence' \
'LVS317	server-is-router' \
'LVS318	server-is-vip' \
'LVS319	sorry-server-is-server' \
'LVS320	nat-router' \
'LVS321	nat-same-subnet' \
'LVS322	different-network-direct' \
'LVS323	vip-is-nat-router' \
'LVS324	unusable-address' \
'LVS325	persistence-quiesce' \
'LVS326	weight-without-effect' \
'LVS327	weight-zero' \
'LVS328	weight-too-big' \
'LVS329	port-zero' \
'LVS330	same-vip-different-fwmark' \
'LVS331	failover-commands' \
'LVS332	failover-many-vips' \
'LVS333	failover-inactive-first' \
'LVS334	loopback-device' \
'LVS335	nat-mark-keeps-port' \
'LVS340	long-device-label' \
'LVS400	not-checked' \
'LVS401	fwmark-not-set' \
'LVS402	fwmark-mismatch' \
'LVS403	fwmark-overwritten' \
'LVS404	fwmark-unreachable-chain' \
'LVS405	fwmark-too-wide' \
'LVS406	fwmark-partial' \
'LVS407	fwmark-unused' \
'LVS408	fwmark-steals-service' \
'LVS409	routers-differ' \
'LVS410	fwmark-interface-alias' \
'LVS411	vip-port-blocked' \
'LVS412	vip-redirected-on-router' \
'LVS413	ftp-without-data-ports' \
'LVS414	protocol-mismatch' \
'LVS415	mark-bits-masked' \
'LVS416	closing-packets-dropped' \
'LVS417	handshake-dropped' \
'LVS418	replies-dropped' \
'LVS419	ip-forward-off' \
'LVS420	ipvs-packets-dropped' \
'LVS421	check-dropped-by-router' \
'LVS422	gateway-rejects-vip' \
'LVS423	masquerade-without-conntrack' \
'LVS440	service-not-in-table' \
'LVS441	service-not-in-file' \
'LVS442	server-not-in-table' \
'LVS443	server-not-in-file' \
'LVS444	weight-differs' \
'LVS445	scheduler-differs' \
'LVS446	persistence-differs' \
'LVS447	forwarding-method-differs' \
'LVS448	table-not-in-use' \
'LVS501	missing-vip-redirect' \
'LVS502	redirect-wrong-port' \
'LVS503	redirect-shadowed' \
'LVS504	redirect-wrong-vip' \
'LVS505	redirect-partial' \
'LVS506	redirect-too-wide' \
'LVS507	redirect-stale' \
'LVS508	arp-not-hidden' \
'LVS509	arptables-out-d' \
'LVS510	arp-mangle-wrong-source' \
'LVS511	real-server-blocks-port' \
'LVS512	nat-redirect-leftover' \
'LVS513	unknown-host' \
'LVS514	vip-announced' \
'LVS515	vip-network-on-loopback' \
'LVS516	arp-ignore-all' \
'LVS517	arp-replies-lost' \
'LVS518	old-arptables-chains' \
'LVS519	arp-own-address-dropped' \
'LVS525	arptables-not-at-boot' \
'LVS526	redirect-not-at-boot' \
'LVS527	server-rule-files-differ' \
'LVS536	check-dropped-by-real-server' \
'LVS537	forwarded-packets-dropped' \
'LVS538	tunnel-source-check' \
'LVS539	replies-bypass-router' \
'LVS540	real-server-replies-dropped' \
'LVS541	tunnel-without-vip' \
'LVS542	not-listening' \
'LVS543	tunnel-packet-size' \
'LVS544	no-default-route' \
'LVS545	tunnel-device-down' \
'LVS601	send-program-without-expect' \
'LVS602	send-and-send-program' \
'LVS603	send-program-host' \
'LVS604	send-without-expect' \
'LVS605	udp-check' \
'LVS606	timeout' \
'LVS607	reentry' \
'LVS608	expect-not-a-prefix' \
'LVS609	http-request-unfinished' \
'LVS610	http-version' \
'LVS611	http-on-tls-port' \
'LVS612	weak-http-expect' \
'LVS613	bad-regex' \
'LVS614	backslash-hang' \
'LVS615	check-string-too-long' \
'LVS616	load-monitor' \
'LVS617	regex-ignored' \
'LVS618	regex-looking-expect' \
'LVS619	expect-without-send' \
'LVS620	send-program-fails-open' \
'LVS621	expect-star' \
'LVS622	default-http-check' \
'LVS623	connect-only-check' \
'LVS624	relative-send-program' \
'LVS625	load-monitor-stalls-check' \
'LVS626	program-expect-newline' \
'LVS627	http-over-udp' \
'LVS701	firewall-syntax' \
'LVS702	firewall-truncated' \
'LVS703	firewall-unsupported' \
'LVS704	firewall-listing-uncertain' \
'LVS705	firewall-two-backends' \
'LVS706	firewall-nft-not-shown' \
'LVS801	gui-open-brace' \
'LVS802	gui-brace-comment' \
'LVS803	gui-close-brace' \
'LVS804	gui-header-spacing' \
'LVS805	gui-stale-header' \
'LVS806	gui-stale-server' \
'LVS807	gui-separator' \
'LVS808	gui-two-words' \
'LVS809	gui-third-word' \
'LVS810	gui-single-quotes' \
'LVS811	gui-line-length' \
'LVS812	gui-failover-server' \
'LVS813	gui-port-order' \
'LVS814	gui-unknown-directive' \
'LVS815	gui-fos' \
'LVS816	gui-form-reset' \
'LVS817	gui-comment' \
'LVS818	gui-serial-base' \
'LVS819	gui-long-input' \
'LVS820	gui-vertical-tab' \
'LVS901	unused-suppression' \
'LVS902	unknown-rule' \
'LVS903	serial-missing' \
'LVS904	routers-files-differ' \
'unknown-directive	LVS001' \
'missing-equals	LVS002' \
'missing-argument	LVS003' \
'extra-argument	LVS004' \
'trailing-comment	LVS005' \
'bad-quoting	LVS006' \
'not-an-integer	LVS007' \
'not-a-boolean	LVS008' \
'bad-address	LVS009' \
'bad-netmask	LVS010' \
'bad-choice	LVS011' \
'bad-list	LVS012' \
'empty-file	LVS013' \
'carriage-return	LVS014' \
'unclosed-block	LVS015' \
'stray-brace	LVS016' \
'text-after-brace	LVS017' \
'byte-order-mark	LVS018' \
'odd-blank	LVS019' \
'nul-byte	LVS020' \
'keepalived-syntax	LVS021' \
'too-many-tokens	LVS022' \
'duplicate-directive	LVS101' \
'duplicate-name	LVS102' \
'octal-integer	LVS103' \
'integer-overflow	LVS104' \
'out-of-range	LVS105' \
'fwmark-out-of-range	LVS106' \
'unusual-address	LVS107' \
'netmask-holes	LVS108' \
'host-name-address	LVS109' \
'service-name-port	LVS110' \
'placeholder	LVS111' \
'missing-active	LVS112' \
'inactive	LVS113' \
'never-read	LVS114' \
'ignored-here	LVS115' \
'no-active-service	LVS116' \
'wrong-service-blocks	LVS117' \
'relative-command	LVS118' \
'shell-syntax	LVS119' \
'percent-in-name	LVS120' \
'single-quotes	LVS121' \
'not-in-this-release	LVS122' \
'default-written-out	LVS123' \
'empty-argument	LVS124' \
'other-client-monitor	LVS125' \
'deadtime-below-keepalive	LVS201' \
'deadtime-too-tight	LVS202' \
'nonpositive-heartbeat	LVS203' \
'backup-not-active	LVS204' \
'backup-missing	LVS205' \
'slow-single-start	LVS206' \
'same-router-address	LVS207' \
'primary-missing	LVS208' \
'half-private-heartbeat	LVS209' \
'sync-daemon-settings	LVS210' \
'monitor-links-ineffective	LVS211' \
'hooks-run-at-start	LVS212' \
'heartbeat-blocked	LVS213' \
'gui-port-open	LVS214' \
'tcp-heartbeat-rule	LVS215' \
'reservation-conflict-unset	LVS216' \
'incompatible-service	LVS217' \
'router-address-not-its-own	LVS218' \
'private-address-not-its-own	LVS219' \
'no-such-device	LVS220' \
'vip-on-wrong-device	LVS221' \
'router-without-default-route	LVS222' \
'pulse-not-at-boot	LVS223' \
'marks-not-set-at-boot	LVS224' \
'ipvsadm-at-boot	LVS225' \
'ipvs-not-loaded	LVS226' \
'rule-files-differ	LVS227' \
'vip-set-at-boot	LVS229' \
'vip-on-both-routers	LVS230' \
'heartbeat-cannot-leave	LVS234' \
'missing-address	LVS301' \
'no-servers	LVS302' \
'device-without-alias	LVS303' \
'alias-shared	LVS304' \
'vip-two-devices	LVS305' \
'missing-vip-netmask	LVS306' \
'duplicate-service	LVS307' \
'shared-fwmark	LVS308' \
'port-after-servers	LVS309' \
'real-port-differs	LVS310' \
'server-duplicate	LVS311' \
'same-server-two-ports	LVS312' \
'pmask-without-persistence	LVS313' \
'wide-pmask	LVS314' \
'fwmark-without-persistence	LVS315' \
'short-persistence	LVS316' \
'server-is-router	LVS317' \
'server-is-vip	LVS318' \
'sorry-server-is-server	LVS319' \
'nat-router	LVS320' \
'nat-same-subnet	LVS321' \
'different-network-direct	LVS322' \
'vip-is-nat-router	LVS323' \
'unusable-address	LVS324' \
'persistence-quiesce	LVS325' \
'weight-without-effect	LVS326' \
'weight-zero	LVS327' \
'weight-too-big	LVS328' \
'port-zero	LVS329' \
'same-vip-different-fwmark	LVS330' \
'failover-commands	LVS331' \
'failover-many-vips	LVS332' \
'failover-inactive-first	LVS333' \
'loopback-device	LVS334' \
'nat-mark-keeps-port	LVS335' \
'long-device-label	LVS340' \
'not-checked	LVS400' \
'fwmark-not-set	LVS401' \
'fwmark-mismatch	LVS402' \
'fwmark-overwritten	LVS403' \
'fwmark-unreachable-chain	LVS404' \
'fwmark-too-wide	LVS405' \
'fwmark-partial	LVS406' \
'fwmark-unused	LVS407' \
'fwmark-steals-service	LVS408' \
'routers-differ	LVS409' \
'fwmark-interface-alias	LVS410' \
'vip-port-blocked	LVS411' \
'vip-redirected-on-router	LVS412' \
'ftp-without-data-ports	LVS413' \
'protocol-mismatch	LVS414' \
'mark-bits-masked	LVS415' \
'closing-packets-dropped	LVS416' \
'handshake-dropped	LVS417' \
'replies-dropped	LVS418' \
'ip-forward-off	LVS419' \
'ipvs-packets-dropped	LVS420' \
'check-dropped-by-router	LVS421' \
'gateway-rejects-vip	LVS422' \
'masquerade-without-conntrack	LVS423' \
'service-not-in-table	LVS440' \
'service-not-in-file	LVS441' \
'server-not-in-table	LVS442' \
'server-not-in-file	LVS443' \
'weight-differs	LVS444' \
'scheduler-differs	LVS445' \
'persistence-differs	LVS446' \
'forwarding-method-differs	LVS447' \
'table-not-in-use	LVS448' \
'missing-vip-redirect	LVS501' \
'redirect-wrong-port	LVS502' \
'redirect-shadowed	LVS503' \
'redirect-wrong-vip	LVS504' \
'redirect-partial	LVS505' \
'redirect-too-wide	LVS506' \
'redirect-stale	LVS507' \
'arp-not-hidden	LVS508' \
'arptables-out-d	LVS509' \
'arp-mangle-wrong-source	LVS510' \
'real-server-blocks-port	LVS511' \
'nat-redirect-leftover	LVS512' \
'unknown-host	LVS513' \
'vip-announced	LVS514' \
'vip-network-on-loopback	LVS515' \
'arp-ignore-all	LVS516' \
'arp-replies-lost	LVS517' \
'old-arptables-chains	LVS518' \
'arp-own-address-dropped	LVS519' \
'arptables-not-at-boot	LVS525' \
'redirect-not-at-boot	LVS526' \
'server-rule-files-differ	LVS527' \
'check-dropped-by-real-server	LVS536' \
'forwarded-packets-dropped	LVS537' \
'tunnel-source-check	LVS538' \
'replies-bypass-router	LVS539' \
'real-server-replies-dropped	LVS540' \
'tunnel-without-vip	LVS541' \
'not-listening	LVS542' \
'tunnel-packet-size	LVS543' \
'no-default-route	LVS544' \
'tunnel-device-down	LVS545' \
'send-program-without-expect	LVS601' \
'send-and-send-program	LVS602' \
'send-program-host	LVS603' \
'send-without-expect	LVS604' \
'udp-check	LVS605' \
'timeout	LVS606' \
'reentry	LVS607' \
'expect-not-a-prefix	LVS608' \
'http-request-unfinished	LVS609' \
'http-version	LVS610' \
'http-on-tls-port	LVS611' \
'weak-http-expect	LVS612' \
'bad-regex	LVS613' \
'backslash-hang	LVS614' \
'check-string-too-long	LVS615' \
'load-monitor	LVS616' \
'regex-ignored	LVS617' \
'regex-looking-expect	LVS618' \
'expect-without-send	LVS619' \
'send-program-fails-open	LVS620' \
'expect-star	LVS621' \
'default-http-check	LVS622' \
'connect-only-check	LVS623' \
'relative-send-program	LVS624' \
'load-monitor-stalls-check	LVS625' \
'program-expect-newline	LVS626' \
'http-over-udp	LVS627' \
'firewall-syntax	LVS701' \
'firewall-truncated	LVS702' \
'firewall-unsupported	LVS703' \
'firewall-listing-uncertain	LVS704' \
'firewall-two-backends	LVS705' \
'firewall-nft-not-shown	LVS706' \
'gui-open-brace	LVS801' \
'gui-brace-comment	LVS802' \
'gui-close-brace	LVS803' \
'gui-header-spacing	LVS804' \
'gui-stale-header	LVS805' \
'gui-stale-server	LVS806' \
'gui-separator	LVS807' \
'gui-two-words	LVS808' \
'gui-third-word	LVS809' \
'gui-single-quotes	LVS810' \
'gui-line-length	LVS811' \
'gui-failover-server	LVS812' \
'gui-port-order	LVS813' \
'gui-unknown-directive	LVS814' \
'gui-fos	LVS815' \
'gui-form-reset	LVS816' \
'gui-comment	LVS817' \
'gui-serial-base	LVS818' \
'gui-long-input	LVS819' \
'gui-vertical-tab	LVS820' \
'unused-suppression	LVS901' \
'unknown-rule	LVS902' \
'serial-missing	LVS903' \
'routers-files-differ	LVS904'
set -g _lvscf_directive_words serial_no \
primary \
primary_private \
primary_shared \
service \
rsh_command \
backup_active \
backup \
backup_private \
backup_shared \
heartbeat \
heartbeat_port \
keepalive \
deadtime \
network \
nat_router \
nat_nmask \
reservation_conflict_action \
debug_level \
active_cmd \
inactive_cmd \
monitor_links \
syncdaemon \
syncd_iface \
syncd_id \
tcp_timeout \
tcpfin_timeout \
udp_timeout \
hard_shutdown \
ipvsadm \
sync \
active \
address \
sorry_server \
vip_nmask \
fwmark \
port \
persistent \
pmask \
send \
expect \
use_regex \
send_program \
load_monitor \
scheduler \
protocol \
timeout \
reentry \
quiesce_server \
client_monitor \
master \
dirs \
start_cmd \
stop_cmd \
weight

# The word that is being completed, without the option before it.
function _lvscf_token
  commandline -ct | string replace -r -- '^--[a-z-]+=' ''
end

# Rules, also after a comma.
function _lvscf_rules
  set -l before (_lvscf_token | string match -r -- '^.*,')
  printf '%s\n' "$before"$_lvscf_rule_words
end

# Rules and directives.
function _lvscf_subjects
  printf '%s\tdirective\n' $_lvscf_directive_words
  printf '%s\n' $_lvscf_rule_words
end

# The lvs.cf files among the words of the line; without any, the one in this directory.
function _lvscf_files_given
  set -l found
  for word in (commandline -opc) (commandline -o)
    if string match -q -- '*.cf' $word; and test -f $word
      set -a found $word
    end
  end
  if test (count $found) -eq 0; and test -f lvs.cf
    set found lvs.cf
  end
  printf '%s\n' $found
end

# Files after a word and `=`.
function _lvscf_file_of_pair
  set -l token (_lvscf_token)
  set -l before (string match -r -- '^[^=]*=' $token)
  printf '%s\n' $before(__fish_complete_path (string replace -- $before '' $token))
end

function _lvscf_real_servers
  if _lvscf_token | string match -q -- '*=*'
    _lvscf_file_of_pair
    return
  end
  set -l files (_lvscf_files_given)
  test -n "$files"; and sed -n 's/^[[:blank:]]*server[[:blank:]]\{1,\}\([^[:blank:]\"]\{1,\}\)[[:blank:]].*/\1/p' $files 2>/dev/null | string replace -r '$' '='
end

function _lvscf_routers
  if _lvscf_token | string match -q -- '*=*'
    _lvscf_file_of_pair
    return
  end
  set -l files (_lvscf_files_given)
  test -n "$files"; and sed -n -e 's/^[[:blank:]]*primary[[:blank:]]\{1,\}=[[:blank:]]\{1,\}\([0-9.]*\).*/\1/p' -e 's/^[[:blank:]]*backup[[:blank:]]\{1,\}=[[:blank:]]\{1,\}\([0-9.]*\).*/\1/p' $files 2>/dev/null | string replace -r '$' '='
  __fish_complete_path (_lvscf_token)
end

function _lvscf_reports
  if _lvscf_token | string match -q -- '*=*'
    _lvscf_file_of_pair
    return
  end
  printf '%s=\n' full concise json sarif github gitlab junit rdjson
end

# What `lvscf convert` takes: a role, or a router and its file.
function _lvscf_converted_routers
  if not _lvscf_token | string match -q -- '*=*'
    printf '%s\n' primary backup all
  end
  _lvscf_routers
end

function _lvscf_hosts
  printf '%s\n' primary backup all routers real-servers
  set -l files (_lvscf_files_given)
  test -n "$files"; and sed -n 's/^[[:blank:]]*server[[:blank:]]\{1,\}\([^[:blank:]\"]\{1,\}\)[[:blank:]].*/\1/p' $files 2>/dev/null
end

function _lvscf_keepaliveds
  printf '%s\n' rhel6 rhel7 rhel8 rhel9 debian12
end

# End Custom Preamble

# Parse current commandline:
# - _shtab_lvscf_cmdpath=(sub)command path seen so far
# - _shtab_lvscf_npos=number of positional arguments given after it
# - options are skipped based on _shtab_lvscf_opts_with_value & _shtab_lvscf_commands lists
function _shtab_lvscf_scan
  set -g _shtab_lvscf_cmdpath ''
  set -g _shtab_lvscf_npos 0
  set -l tokens (commandline -opc)
  set -e tokens[1]
  set -l expect_value 0
  for t in $tokens
    if test $expect_value -eq 1
      set expect_value 0
      continue
    end
    switch "$t"
      case '--*=*'
        continue
      case '-*'
        if contains -- $t $_shtab_lvscf_opts_with_value
          set expect_value 1
        end
        continue
      case '*'
        if test $_shtab_lvscf_npos -eq 0
          set -l candidate $t
          if test -n "$_shtab_lvscf_cmdpath"
            set candidate "$_shtab_lvscf_cmdpath $t"
          end
          if contains -- $candidate $_shtab_lvscf_commands
            set -g _shtab_lvscf_cmdpath $candidate
            continue
          end
        end
        set -g _shtab_lvscf_npos (math $_shtab_lvscf_npos + 1)
    end
  end
end

# Condition helper: true if the current (sub)command path equals the given one.
function _shtab_lvscf_using
  _shtab_lvscf_scan
  test "$_shtab_lvscf_cmdpath" = "$argv"
end

set -g _shtab_lvscf_commands lint fmt show collect trace diff compare-table convert dump load explain rules lsp completion
set -g _shtab_lvscf_opts_with_value --as --baseline --checks --cluster --color --config-id --dr --extend-select --fail-on --format --from --host --ignore --in --interface --into --local --out --output --pair --real-server --report --router --select --state --stdin-filename --target --to --vrid --write-baseline -o

complete -c lvscf -e
complete -c lvscf -f

complete -c lvscf -n _shtab_lvscf_using -s h -l help -d 'show this help message and exit'
complete -c lvscf -n _shtab_lvscf_using -l version -d 'show program'"'"'s version number and exit'
complete -c lvscf -n _shtab_lvscf_using -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a lint -d 'Find what Piranha will reject, misread or do wrong, and fix it.'
complete -c lvscf -n '_shtab_lvscf_using lint' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using lint' -l as -xka "piranha keepalived" -d 'the program that the files are for: with keepalived, each FILE is a keepalived.conf, and only rules about its hosts apply (default: piranha)'
complete -c lvscf -n '_shtab_lvscf_using lint' -l config-id -x -d 'with --as keepalived: what keepalived gets with -i, for the lines that begin with @'
complete -c lvscf -n '_shtab_lvscf_using lint' -l select -xka "(_lvscf_rules)" -d 'run only these rules: codes, names or families (LVS2), comma-separated'
complete -c lvscf -n '_shtab_lvscf_using lint' -l extend-select -xka "(_lvscf_rules)" -d 'run these rules as well'
complete -c lvscf -n '_shtab_lvscf_using lint' -l ignore -xka "(_lvscf_rules)" -d 'skip these rules'
complete -c lvscf -n '_shtab_lvscf_using lint' -l target -x -d 'the Piranha release that the files are for, such as 0.8.6-3'
complete -c lvscf -n '_shtab_lvscf_using lint' -l fail-on -xka "info warning error" -d 'the lowest severity that makes the exit status 1 (default: warning)'
complete -c lvscf -n '_shtab_lvscf_using lint' -l exit-zero -d 'exit with status 0 even if there are findings'
complete -c lvscf -n '_shtab_lvscf_using lint' -l format -xka "full concise json sarif github gitlab junit rdjson" -d 'output format: full, concise, json, sarif, github, gitlab, junit, rdjson (default: that of the environment variable LVSCF_FORMAT, else github in GitHub Actions, else full)'
complete -c lvscf -n '_shtab_lvscf_using lint' -l report -xka "(_lvscf_reports)" -d 'also write a report in this format to FILE; may be repeated'
complete -c lvscf -n '_shtab_lvscf_using lint' -l statistics -d 'show how many findings each rule has, instead of the findings'
complete -c lvscf -n '_shtab_lvscf_using lint' -s q -l quiet -d 'print findings and errors, but no summary'
complete -c lvscf -n '_shtab_lvscf_using lint' -l show-settings -d 'show the settings that apply to each FILE, without linting it'
complete -c lvscf -n '_shtab_lvscf_using lint' -l stdin-filename -x -d 'the name that findings use for standard input'
complete -c lvscf -n '_shtab_lvscf_using lint' -l baseline -xka "(__fish_complete_path (commandline -ct))" -d 'hide the findings that are recorded in this file'
complete -c lvscf -n '_shtab_lvscf_using lint' -l write-baseline -xka "(__fish_complete_path (commandline -ct))" -d 'write all current findings to FILE'
complete -c lvscf -n '_shtab_lvscf_using lint' -l show-suppressed -d 'also show findings hidden by comments or the baseline'
complete -c lvscf -n '_shtab_lvscf_using lint' -l pair -xka "(__fish_complete_path (commandline -ct))" -d 'the other router'"'"'s lvs.cf, which must mean the same; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using lint' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using lint' -l fix -d 'apply the safe fixes and report what remains (for standard input, the fixed text goes to standard output and the report to standard error)'
complete -c lvscf -n '_shtab_lvscf_using lint' -l unsafe-fixes -d 'with --fix or --diff: also apply the fixes that need review'
complete -c lvscf -n '_shtab_lvscf_using lint' -l diff -d 'show as a diff what --fix would change, and change nothing'
complete -c lvscf -n '_shtab_lvscf_using lint' -l router -xka "(_lvscf_routers)" -d 'a file from a router, named by its address; without HOST, from both routers'
complete -c lvscf -n '_shtab_lvscf_using lint' -l real-server -xka "(_lvscf_real_servers)" -d 'a file from a real server, named by its address or its name in the lvs.cf'
complete -c lvscf -n '_shtab_lvscf_using lint' -l cluster -xka "(__fish_complete_path (commandline -ct))" -d 'the settings file to use, instead of the nearest lvscf.toml (or pyproject.toml with [tool.lvscf]) in the directory of each FILE or above it'
complete -c lvscf -n '_shtab_lvscf_using lint; and test $_shtab_lvscf_npos -ge 0' -ka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf; the archive of a host, from `lvscf collect` or sosreport; a directory means every lvs.cf and every host in it; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a fmt -d 'Lay out lvs.cf files as the Piranha GUI does, keeping comments and groups. What Piranha reads from them never changes; files that it rejects or misreads are left alone.'
complete -c lvscf -n '_shtab_lvscf_using fmt' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using fmt' -l check -d 'write nothing; list the files that would change'
complete -c lvscf -n '_shtab_lvscf_using fmt' -l diff -d 'write nothing; show what would change'
complete -c lvscf -n '_shtab_lvscf_using fmt' -l gui-safe -d 'also make sure that the Piranha GUI can load and save the file, or say why not'
complete -c lvscf -n '_shtab_lvscf_using fmt' -l stdin-filename -x -d 'the name that messages use for standard input'
complete -c lvscf -n '_shtab_lvscf_using fmt' -s q -l quiet -d 'print errors and diffs, but no summary'
complete -c lvscf -n '_shtab_lvscf_using fmt' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using fmt; and test $_shtab_lvscf_npos -ge 0' -ka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf; - formats standard input to standard output'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a show -d 'Show the cluster: routers, virtual IP addresses, services with their checks, real servers. Inactive parts are dimmed. Where files of the hosts are given, by options or settings, the tree also shows what is known of each host, and what is not.'
complete -c lvscf -n '_shtab_lvscf_using show' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using show' -l format -xka "tree dot mermaid svg json" -d 'output format (default: tree)'
complete -c lvscf -n '_shtab_lvscf_using show' -l effective -d 'show every value that Piranha will use, and where it comes from'
complete -c lvscf -n '_shtab_lvscf_using show' -l as -xka "ipvsadm" -d 'show what `ipvsadm -ln` prints once all real servers are up'
complete -c lvscf -n '_shtab_lvscf_using show' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using show' -l router -xka "(_lvscf_routers)" -d 'a file from a router, named by its address; without HOST, from both routers'
complete -c lvscf -n '_shtab_lvscf_using show' -l real-server -xka "(_lvscf_real_servers)" -d 'a file from a real server, named by its address or its name in the lvs.cf'
complete -c lvscf -n '_shtab_lvscf_using show' -l cluster -xka "(__fish_complete_path (commandline -ct))" -d 'the settings file to use, instead of the nearest lvscf.toml (or pyproject.toml with [tool.lvscf]) in the directory of each FILE or above it'
complete -c lvscf -n '_shtab_lvscf_using show; and test $_shtab_lvscf_npos -eq 0' -ka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a collect -d 'Print a shell script for a host of the cluster. It writes a tar to standard output, with the host'"'"'s lvs.cf, iptables and arptables rules, addresses, routes and kernel settings. It only reads, loads no kernel module and writes no file.'
complete -c lvscf -n '_shtab_lvscf_using collect' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a trace -d 'Follow a packet through the saved firewall rules of a host, as its kernel would: through PREROUTING and INPUT by default, through FORWARD with --out, through OUTPUT with --from-host. If the result depends on something that was not given, all possible ways are shown. The host'"'"'s addresses, routes and kernel settings narrow them down.'
complete -c lvscf -n '_shtab_lvscf_using trace' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using trace' -l to -x -d 'the packet'"'"'s destination (default protocol: tcp)'
complete -c lvscf -n '_shtab_lvscf_using trace' -l from -x -d 'its source'
complete -c lvscf -n '_shtab_lvscf_using trace' -l in -x -d 'the interface that it arrives on'
complete -c lvscf -n '_shtab_lvscf_using trace' -l out -x -d 'the interface that it leaves by; without --from-host, it is forwarded'
complete -c lvscf -n '_shtab_lvscf_using trace' -l from-host -d 'the host sends it, or IPVS sends it on'
complete -c lvscf -n '_shtab_lvscf_using trace' -l local -x -d 'that interface'"'"'s own address, which REDIRECT and MASQUERADE use'
complete -c lvscf -n '_shtab_lvscf_using trace' -l established -d 'follow a later packet of the connection that the packet opens'
complete -c lvscf -n '_shtab_lvscf_using trace' -l reply -d 'the packet is a reply: its receiver opened the connection'
complete -c lvscf -n '_shtab_lvscf_using trace' -l state -xka "NEW ESTABLISHED RELATED INVALID UNTRACKED" -d 'what connection tracking says of the packet, such as INVALID'
complete -c lvscf -n '_shtab_lvscf_using trace' -l format -xka "full json" -d 'output format (default: full)'
complete -c lvscf -n '_shtab_lvscf_using trace' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using trace; and test $_shtab_lvscf_npos -ge 0' -ka "(__fish_complete_path (commandline -ct))" -d 'files of one host: saved iptables or nftables rules, or a script of iptables lines, and perhaps the output of `ip addr`, `ip route` and `sysctl -a`; a directory means all files in it; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a diff -d 'Show how two lvs.cf files differ in meaning. Order, spacing, comments, explicit defaults and the notation of numbers are ignored.'
complete -c lvscf -n '_shtab_lvscf_using diff' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using diff' -l serial -d 'also compare `serial_no`, which no daemon uses'
complete -c lvscf -n '_shtab_lvscf_using diff' -l format -xka "text json" -d 'output format (default: text)'
complete -c lvscf -n '_shtab_lvscf_using diff' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using diff; and test $_shtab_lvscf_npos -eq 0' -ka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using diff; and test $_shtab_lvscf_npos -eq 1' -ka "(__fish_complete_path (commandline -ct))" -d 'the other one; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a compare-table -d 'Compare an IPVS table with the one that Piranha sets up for an lvs.cf once all real servers are up: a table saved on a router, or the one that keepalived sets up for a keepalived.conf.'
complete -c lvscf -n '_shtab_lvscf_using compare-table' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using compare-table' -l down -d 'accept what real servers that are down explain: a server that is missing, or has weight 0 where `quiesce_server = 1`, and the sorry server in their place'
complete -c lvscf -n '_shtab_lvscf_using compare-table' -l config-id -x -d 'what keepalived gets with -i, for the lines of a keepalived.conf that begin with @'
complete -c lvscf -n '_shtab_lvscf_using compare-table' -l format -xka "text json" -d 'output format (default: text)'
complete -c lvscf -n '_shtab_lvscf_using compare-table' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using compare-table; and test $_shtab_lvscf_npos -eq 0' -ka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using compare-table; and test $_shtab_lvscf_npos -eq 1' -ka "(__fish_complete_path (commandline -ct))" -d 'a table saved with `ipvsadm -Sn` or `ipvsadm -Ln`, a copy of /proc/net/ip_vs, or a keepalived.conf; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a convert -d 'Write what an lvs.cf becomes without Piranha: the files of each router for keepalived, the table for ipvsadm, or the file of ldirectord. Or write the firewall rules that it needs on each host; with files from the hosts, only what is missing there. Files go to standard output unless --output is given; what changes goes to standard error, and to NOTES.md.'
complete -c lvscf -n '_shtab_lvscf_using convert' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using convert' -l to -xka "keepalived ipvsadm ldirectord iptables nftables firewalld" -d 'the program that replaces Piranha, or that filters packets'
complete -c lvscf -n '_shtab_lvscf_using convert' -s o -l output -xka "(__fish_complete_path (commandline -ct))" -d 'the directory to write'
complete -c lvscf -n '_shtab_lvscf_using convert' -l stdout -d 'print the files, each after its name (the default)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l force -d 'replace DIR if it exists and holds nothing but an earlier conversion'
complete -c lvscf -n '_shtab_lvscf_using convert' -l format -xka "text json" -d 'output format (default: text)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l fail-on -xka "info warning error" -d 'the lowest severity of a note that makes the exit status 1 (default: error)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l router -xka "(_lvscf_converted_routers)" -d 'the router whose files are wanted: primary, backup or all (default: all); for rules, [HOST=]FILE: a file from a router, named by its address, or from both'
complete -c lvscf -n '_shtab_lvscf_using convert' -l target -xka "(_lvscf_keepaliveds)" -d 'keepalived'"'"'s version, such as 1.3, 2.0 or 2.2, or one of rhel6, rhel7, rhel8, rhel9 and debian12 (default: 2.2)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l checks -xka "exact native" -d 'exact: scripts that check as nanny does; native: keepalived'"'"'s own HTTP check where it comes close (default: exact)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l interface -x -d 'the interface for VRRP (default: that of the first VIP in the network of `primary`)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l vrid -x -d 'the virtual router id, 1 to 255 (default: 51)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l multicast -d 'send VRRP to the multicast group, not to the other router'"'"'s address'
complete -c lvscf -n '_shtab_lvscf_using convert' -l preempt -d 'let the primary router take the addresses back when it returns'
complete -c lvscf -n '_shtab_lvscf_using convert' -l host -xka "(_lvscf_hosts)" -d 'the host whose rules are wanted: primary, backup, routers, real-servers, or a real server'"'"'s name or address (default: all)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l dr -xka "redirect arp arptables" -d 'how real servers of direct routing take packets for a VIP: by REDIRECT, or by having it, hidden by kernel settings or by arptables (default: redirect)'
complete -c lvscf -n '_shtab_lvscf_using convert' -l commands -d 'iptables: write commands, not a file for iptables-restore'
complete -c lvscf -n '_shtab_lvscf_using convert' -l vrrp -d 'keepalived runs on the routers: let VRRP in, not Piranha'"'"'s heartbeats'
complete -c lvscf -n '_shtab_lvscf_using convert' -l real-server -xka "(_lvscf_real_servers)" -d 'a file from a real server, named by its address or its name in the lvs.cf; with this or --router, only what is missing is written'
complete -c lvscf -n '_shtab_lvscf_using convert' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using convert; and test $_shtab_lvscf_npos -eq 0' -ka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a dump -d 'Print the values of an lvs.cf as JSON or YAML, for other programs; `lvscf load` reads them back.'
complete -c lvscf -n '_shtab_lvscf_using dump' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using dump' -l format -xka "json yaml" -d 'output format (default: json)'
complete -c lvscf -n '_shtab_lvscf_using dump' -l effective -d 'print every value that Piranha will use, including defaults'
complete -c lvscf -n '_shtab_lvscf_using dump' -l schema -d 'print the JSON Schema of this data instead'
complete -c lvscf -n '_shtab_lvscf_using dump; and test $_shtab_lvscf_npos -eq 0' -ka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a load -d 'Write an lvs.cf from data in the format of `lvscf dump`: JSON if it begins with {, otherwise YAML. It goes to standard output unless --output or --into is given.'
complete -c lvscf -n '_shtab_lvscf_using load' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using load' -l output -xka "(__fish_complete_path (commandline -ct))" -d 'the file to write'
complete -c lvscf -n '_shtab_lvscf_using load' -l into -xka "(__fish_complete_path (commandline -ct))" -d 'an lvs.cf to edit in place, keeping comments and spacing'
complete -c lvscf -n '_shtab_lvscf_using load; and test $_shtab_lvscf_npos -eq 0' -ka "(__fish_complete_path (commandline -ct))" -d 'JSON or YAML; - is standard input'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a explain -d 'Show what a rule checks, why, and what to write instead; or what a directive of lvs.cf does.'
complete -c lvscf -n '_shtab_lvscf_using explain' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using explain' -l format -xka "full markdown json" -d 'output format (default: full)'
complete -c lvscf -n '_shtab_lvscf_using explain' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using explain; and test $_shtab_lvscf_npos -ge 0' -ka "(_lvscf_subjects)" -d 'code (LVS201) or name of a rule, or a directive (deadtime); a family (LVS2) lists its rules'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a rules -d 'List all rules, or only the given ones, one per line.'
complete -c lvscf -n '_shtab_lvscf_using rules' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using rules' -l format -xka "full json" -d 'output format (default: full); json includes the manuals'
complete -c lvscf -n '_shtab_lvscf_using rules' -l color -xka "auto always never" -d 'when to use colours (default: auto, on a terminal unless NO_COLOR is set)'
complete -c lvscf -n '_shtab_lvscf_using rules; and test $_shtab_lvscf_npos -ge 0' -ka "(_lvscf_rules)" -d 'only these: codes, names or families (LVS2), separated by commas or spaces'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a lsp -d 'Serve an editor over standard input and output, by the Language Server Protocol: findings while typing, fixes, hovers, completions, an outline and formatting. The settings and the hosts'"'"' files are those of the nearest lvscf.toml, as for `lvscf lint`. Editors start this command themselves; docs/editors.md shows their settings. It needs the extra `lsp`: pip install '"'"'lvscf[lsp]'"'"'.'
complete -c lvscf -n '_shtab_lvscf_using lsp' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using lsp' -l stdio -d 'accepted because some editors add it; the server uses nothing else in any case'
complete -c lvscf -n '_shtab_lvscf_using; and test $_shtab_lvscf_npos -eq 0' -a completion -d 'Print a script that completes commands, options, files, rules and directives of lvscf in a shell. Python is not started to complete a word.'
complete -c lvscf -n '_shtab_lvscf_using completion' -s h -l help -d 'show this help message and exit'
complete -c lvscf -n '_shtab_lvscf_using completion; and test $_shtab_lvscf_npos -eq 0' -ka "bash zsh fish" -d 'the shell'
