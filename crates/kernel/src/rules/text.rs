//! The rules, written out: what `--print-rules` shows and what `nft` is fed.

use crate::interface::Interface;
use crate::sockets::ANSWER_MARK;

use super::{Form, RuleSettings, TABLE};

/// New echo conversations per second that are answered. Connection tracking remembers each for
/// 30 s (`nf_conntrack_icmp_timeout`), and its table is the whole host's: 400/s are 12,000 entries
/// of the 65,536 that even small machines have.
const NEW_ECHOES_PER_SECOND: u32 = 400;

/// Replaces our table in one transaction.
pub(super) fn write(settings: &RuleSettings, form: Form) -> String {
    let rules = match form {
        Form::Closed => CLOSED,
        Form::Open => OPEN,
    };
    let filled = rules
        .replace("VICTIMS", &set(&settings.interfaces))
        .replace("PORT", &settings.port.to_string())
        .replace("MARK", &format!("{:#x}", settings.mark))
        .replace("ANSWER", &format!("{ANSWER_MARK:#x}"))
        .replace("ECHOES", &NEW_ECHOES_PER_SECOND.to_string());
    format!("{}table inet {TABLE} {{{filled}}}\n", removal())
}

/// Removes our table; the first line makes the second succeed when there is none.
pub(super) fn removal() -> String {
    format!("table inet {TABLE} {{}}\ndelete table inet {TABLE}\n")
}

fn set(interfaces: &[Interface]) -> String {
    let quoted: Vec<String> = interfaces.iter().map(|one| format!("\"{one}\"")).collect();
    format!("{{ {} }}", quoted.join(", "))
}

const OPEN: &str = r#"
    # What is dropped although a victim meant somebody: nft list counters table inet sinkgate
    counter unclaimed { comment "TCP and UDP that no socket of ours took" }
    counter unroutable { comment "source address that an answer would not reach" }
    counter echoes_refused { comment "new echo conversations above the limit" }

    # Connection tracking sees nothing of the victims but echo requests: its table, which is the
    # whole host's, cannot be filled by them, and nobody else's NAT or state rules apply to them.
    chain untracked {
        type filter hook prerouting priority raw; policy accept;
        iifname != VICTIMS accept
        meta mark set 0
        icmp type echo-request accept
        icmpv6 type echo-request accept
        notrack
    }

    chain arrival {
        type filter hook prerouting priority mangle; policy accept;
        iifname VICTIMS goto from_victim
    }

    chain from_victim {
        # Neighbour discovery: without it the link does not work. The kernel checks it (hop limit
        # 255). Router advertisements and redirects are not in it: a victim routes nobody.
        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept

        # An answer to our own address would reach a service of the gateway, an answer to a source
        # behind another interface would leave by that one.
        fib saddr type { local, broadcast, multicast } counter name unroutable drop
        fib saddr . iif oif missing counter name unroutable drop
        ip saddr 127.0.0.0/8 counter name unroutable drop

        # Everything meant for one machine. What is meant for groups or for everybody is recorded
        # by the tap and nothing else.
        meta pkttype host ip daddr != { 127.0.0.0/8, 224.0.0.0/4, 255.255.255.255 } meta l4proto { tcp, udp } tproxy ip to :PORT meta mark set MARK accept
        meta pkttype host ip6 daddr != { ::1, ff00::/8 } meta l4proto { tcp, udp } tproxy ip6 to :PORT meta mark set MARK accept

        # Only reached when no socket took it: sinkgate is not running.
        meta l4proto { tcp, udp } counter name unclaimed drop

        icmp type echo-request goto echo_request
        icmpv6 type echo-request goto echo_request
        drop
    }

    chain echo_request {
        ct state new limit rate over ECHOES/second burst ECHOES packets counter name echoes_refused drop
        accept
    }

    # The kernel answers every ping itself, and as whoever was pinged. Before other tables' dstnat:
    # the first translation of a connection is the one that counts.
    chain echo {
        type nat hook prerouting priority dstnat - 10; policy accept;
        iifname VICTIMS ip daddr != { 224.0.0.0/4, 255.255.255.255 } icmp type echo-request redirect
        iifname VICTIMS ip6 daddr != ff00::/8 icmpv6 type echo-request redirect
    }

    # No service of the gateway, by whatever address: only what TPROXY gave to our sockets, and what
    # the kernel itself answers.
    chain input {
        type filter hook input priority filter; policy accept;
        iifname VICTIMS meta l4proto { tcp, udp } meta mark MARK accept
        iifname VICTIMS icmp type echo-request accept
        iifname VICTIMS icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert } accept
        iifname VICTIMS drop
        # Our own port is for victims only; loopback is the host's own business.
        iifname != "lo" tcp dport PORT drop
        iifname != "lo" udp dport PORT drop
    }

    # Nothing is forwarded from or to a victim, whatever ip_forward says. Raw priority, so that no
    # other table can copy, queue or offload a packet of theirs before it is dropped.
    chain forward {
        type filter hook forward priority raw; policy accept;
        iifname VICTIMS drop
        oifname VICTIMS drop
    }

    chain untracked_output {
        type filter hook output priority raw; policy accept;
        oifname VICTIMS meta l4proto { tcp, udp } notrack
    }

    # To a victim only answers; and answers only to a victim, even when its interface went away and
    # the route to it now leads elsewhere.
    chain output {
        type filter hook output priority filter; policy accept;
        oifname VICTIMS meta l4proto { tcp, udp } meta mark ANSWER accept
        oifname VICTIMS icmp type echo-reply accept
        oifname VICTIMS icmpv6 type { echo-reply, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-report, mld2-listener-report } accept
        oifname VICTIMS drop
        meta mark ANSWER drop
    }
"#;

const CLOSED: &str = r#"
    # sinkgate is not running. This host forwards packets, so these rules keep its victims off the
    # network and off the host; `sinkgate run --down` removes them.
    chain input {
        type filter hook input priority filter; policy accept;
        iifname VICTIMS icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
        iifname VICTIMS drop
    }

    # Raw priority, so that no other table can copy, queue or offload a packet before it is dropped.
    chain forward {
        type filter hook forward priority raw; policy accept;
        iifname VICTIMS drop
        oifname VICTIMS drop
    }
"#;

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> RuleSettings {
        let interfaces = ["veth0", "br-lab"].map(|name| Interface::new(name).unwrap());
        RuleSettings { interfaces: interfaces.to_vec(), port: 4_711, mark: 0x77 }
    }

    #[test]
    fn every_blank_is_filled_in() {
        for form in [Form::Closed, Form::Open] {
            let text = write(&settings(), form);
            for blank in ["VICTIMS", "PORT", "MARK", "ANSWER", "ECHOES"] {
                assert!(!text.contains(blank), "{blank} in {text}");
            }
            assert!(text.contains(r#"iifname { "veth0", "br-lab" } drop"#));
        }
    }

    #[test]
    fn the_old_table_goes_in_the_same_transaction() {
        let text = write(&settings(), Form::Open);
        assert!(text.starts_with("table inet sinkgate {}\ndelete table inet sinkgate\n"));
    }
}
