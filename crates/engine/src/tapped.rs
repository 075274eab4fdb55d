//! What the tap sees: ICMP, other IP protocols, and datagrams meant for groups or for everybody.

use std::io;
use std::net::SocketAddr;

use kernel::tap::{Packet, Shape, Tap, Way};
use kernel::udp::{Datagram, Ends, Replier};
use model::{Counter, OrigDst, Transport};
use tokio::sync::mpsc;

use crate::conversation::{Conversations, Reply};
use crate::datagrams;
use crate::exchange::Exchanges;
use crate::intake::Intake;
use crate::surroundings::Surroundings;

/// What becomes of packets the tap sees.
pub(crate) struct Tapped {
    around: Surroundings,
    exchanges: Exchanges,
    /// Datagrams that are nobody's in particular.
    to_groups: Conversations,
    replier: Replier,
    replies: Vec<Reply>,
}

impl Tapped {
    pub(crate) fn new(replier: Replier, around: Surroundings) -> Self {
        Self {
            exchanges: Exchanges::new(around.clone()),
            // Nobody hears a program that would answer, and it ends at once.
            to_groups: Conversations::new(around.clone(), mpsc::channel(1).0),
            around,
            replier,
            replies: Vec::new(),
        }
    }

    fn packet(&mut self, packet: &Packet<'_>) {
        if packet.is_link_upkeep {
            self.around.recorder.count(Counter::NeighbourDiscovery, 1);
        } else if let Some(datagram) = whole_datagram(packet) {
            self.to_groups.datagram(datagram, &mut self.replies);
        } else {
            self.exchanges.packet(packet);
        }
    }

    /// Answers as ourselves: nothing ever comes from the address of a group or of everybody.
    fn reply(&mut self) {
        let recorder = &self.around.recorder;
        self.replies.retain_mut(|reply| match kernel::udp::own_address(reply.ends) {
            Ok(own) => {
                let port = reply.ends.orig_dst.port();
                reply.ends.orig_dst = OrigDst::new(SocketAddr::new(own, port));
                true
            }
            Err(error) => {
                recorder.count(Counter::RepliesUnsent, 1);
                tracing::debug!(%error, "no way to one who asked everyone");
                false
            }
        });
        datagrams::send(&mut self.replies, &self.replier, recorder);
    }
}

impl Intake for Tapped {
    type Socket = Tap;

    const LOST: Counter = Counter::PacketsLostInTap;

    fn take(&mut self, tap: &mut Tap) -> io::Result<u64> {
        let taken = tap.take(|packet| self.packet(&packet))?;
        self.reply();
        Ok(taken.lost_total)
    }

    fn sweep(&mut self) {
        self.exchanges.sweep();
        self.to_groups.sweep(&mut self.replies);
        self.reply();
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
