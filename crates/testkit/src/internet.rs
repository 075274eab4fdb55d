//! An internet behind the gateway, which counts what arrives there.

use kernel::namespace::Namespace;
use kernel::program::{Program, run};

use crate::network::{namespace, wait_for_the_link};
use crate::{Network, Shell, cable};

/// A third namespace behind a gateway that forwards: what must not hear of the victim.
///
/// It answers at 203.0.113.0/24 and 2001:db8::/32 and knows the way back to the victim, so that
/// without rules of ours a victim really is on this internet.
#[derive(Debug)]
pub struct Internet {
    /// Where it is. Its interface is `w1`, the gateway's is `w0`.
    pub namespace: Namespace,
}

impl Internet {
    /// Puts one behind the gateway, and makes the gateway forward.
    #[must_use]
    pub fn behind(network: &Network) -> Self {
        let internet = Self { namespace: namespace() };
        cable(&network.gateway, "w0", &internet.namespace, "w1");
        network.gateway.shell(FORWARDING);
        internet.namespace.shell(WORLD);
        wait_for_the_link(&network.gateway);
        wait_for_the_link(&internet.namespace);
        let count = || run(Program::Nft, &["-f", "-"], COUNTING).unwrap();
        internet.namespace.run_inside(count).unwrap();
        internet
    }

    /// How many packets have arrived there since it was made; the upkeep of the link between it
    /// and the gateway does not count.
    #[must_use]
    pub fn arrived(&self) -> u64 {
        let listing = self.namespace.shell("nft list counter netdev internet arrived");
        let mut words = listing.split_whitespace().skip_while(|word| *word != "packets");
        words.nth(1).unwrap().parse().unwrap()
    }
}

const FORWARDING: &str = "
    cd /proc/sys/net
    for each in all w0 g0; do echo 0 > ipv4/conf/$each/rp_filter; done
    echo 1 > ipv4/ip_forward
    echo 1 > ipv6/conf/all/forwarding
    ip addr add 198.51.100.1/24 dev w0
    ip addr add fd99::1/64 dev w0
    ip link set w0 up
    ip route add default via 198.51.100.2
    ip -6 route add default via fd99::2";

const WORLD: &str = "
    cd /proc/sys/net
    for each in all w1; do echo 0 > ipv4/conf/$each/rp_filter; done
    ip link set lo up
    ip addr add 198.51.100.2/24 dev w1
    ip addr add fd99::2/64 dev w1
    ip link set w1 up
    ip route add default via 198.51.100.1
    ip -6 route add default via fd99::1
    ip route add local 203.0.113.0/24 dev lo
    ip route add local 2001:db8::/32 dev lo";

/// Counted where packets enter, before anything can drop them. Not counted is what the gateway
/// itself has to say to its neighbour, and only that: a question for another neighbour would be
/// about an address that a victim meant.
const COUNTING: &str = "
table netdev internet {
    counter arrived {}
    chain entry {
        type filter hook ingress device w1 priority 0; policy accept;
        arp daddr ip 198.51.100.2 accept
        ip saddr 198.51.100.1 ip protocol igmp accept
        ip6 saddr { ::, fe80::/10 } icmpv6 type { mld-listener-report, mld2-listener-report, nd-router-solicit } accept
        ip6 saddr { fe80::/10, fd99::1 } ip6 daddr { fe80::/10, fd99::2, ff02::1:ff00:2 } icmpv6 type nd-neighbor-solicit accept
        ip6 saddr { fe80::/10, fd99::1 } ip6 daddr { fe80::/10, fd99::2, ff02::1 } icmpv6 type nd-neighbor-advert accept
        counter name arrived
    }
}
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{can_make_namespaces, wait_until};

    #[test]
    fn what_a_victim_sends_arrives_and_is_answered() {
        if !can_make_namespaces() {
            return;
        }
        let network = Network::new();
        let internet = Internet::behind(&network);
        network.victim.shell("ping -c 1 -W 5 203.0.113.9");
        assert_eq!(internet.arrived(), 1);
        network.victim.shell("ping -c 1 -W 5 2001:db8::7");
        assert_eq!(internet.arrived(), 2);
    }

    #[test]
    fn a_question_for_another_neighbour_is_counted() {
        if !can_make_namespaces() {
            return;
        }
        let network = Network::new();
        let internet = Internet::behind(&network);
        network.victim.try_shell("ping -c 1 -W 1 198.51.100.77");
        wait_until("the gateway asked for the neighbour", || internet.arrived() > 0);
    }

    #[test]
    fn upkeep_of_the_link_is_not_counted() {
        if !can_make_namespaces() {
            return;
        }
        let network = Network::new();
        let internet = Internet::behind(&network);
        network.gateway.shell("ping -c 1 -W 5 198.51.100.2; ping -c 1 -W 5 fd99::2");
        assert_eq!(internet.arrived(), 2);
        network.gateway.shell("ip neigh flush dev w0; ip maddr add 01:00:5e:01:02:03 dev w0");
        network.gateway.shell("ping -c 1 -W 5 198.51.100.2; ping -c 1 -W 5 fd99::2");
        assert_eq!(internet.arrived(), 4);
    }
}
