//! What the tap sees: ICMP, other IP protocols, and datagrams meant for groups or for everybody.

use std::io;

use kernel::tap::{Packet, Shape, Tap, Way};
use kernel::udp::{Datagram, Ends};
use model::{Counter, Transport};
use tokio::sync::mpsc;

use crate::conversation::Conversations;
use crate::exchange::Exchanges;
use crate::intake::Intake;
use crate::surroundings::Surroundings;

/// What becomes of packets the tap sees.
pub(crate) struct Tapped {
    around: Surroundings,
    exchanges: Exchanges,
    /// Datagrams that are nobody's in particular. They are understood, and never answered.
    to_groups: Conversations,
}

impl Tapped {
    pub(crate) fn new(around: Surroundings) -> Self {
        Self {
            exchanges: Exchanges::new(around.clone()),
            // Nobody hears a program that would answer, and it ends at once.
            to_groups: Conversations::new(around.clone(), mpsc::channel(1).0),
            around,
        }
    }

    fn packet(&mut self, packet: &Packet<'_>) {
        if packet.is_link_upkeep {
            self.around.recorder.count(Counter::NeighbourDiscovery, 1);
        } else if let Some(datagram) = whole_datagram(packet) {
            self.to_groups.datagram(datagram, &mut Vec::new());
        } else {
            self.exchanges.packet(packet);
        }
    }
}

impl Intake for Tapped {
    type Socket = Tap;

    const LOST: Counter = Counter::PacketsLostInTap;

    fn take(&mut self, tap: &mut Tap) -> io::Result<u64> {
        Ok(tap.take(|packet| self.packet(&packet))?.lost_total)
    }

    fn sweep(&mut self) {
        self.exchanges.sweep();
        self.to_groups.sweep(&mut Vec::new());
    }

    fn stop(&mut self) {
        self.exchanges.stop();
        self.to_groups.stop();
    }
}

/// A victim's datagram that came in one piece.
fn whole_datagram<'a>(packet: &Packet<'a>) -> Option<Datagram<'a>> {
    let facts = (packet.transport, packet.way, packet.shape);
    (facts == (Transport::Udp, Way::FromVictim, Shape::Whole)).then_some(Datagram {
        ends: Ends { victim: packet.victim, orig_dst: packet.orig_dst, link: packet.link },
        bytes: packet.bytes,
    })
}
