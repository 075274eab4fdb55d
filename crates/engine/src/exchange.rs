//! ICMP and every IP protocol that no socket of ours takes: recorded as the tap sees it.

use bytes::Bytes;
use kernel::tap::{Packet, Way};
use model::{Ending, Layer, OrigDst, Timestamp, Transport, Victim};

use crate::open::{Dated, Open};
use crate::session::{Session, Whom};
use crate::surroundings::Surroundings;

/// The exchanges the tap sees. The kernel answers what is answered (echo requests); here is only
/// written down what was said.
#[derive(Debug)]
pub(crate) struct Exchanges {
    around: Surroundings,
    open: Open<(Transport, Victim, OrigDst), Exchange>,
}

/// One exchange: packets of one protocol between the same two ends.
#[derive(Debug)]
struct Exchange(Session);

impl Exchanges {
    pub(crate) fn new(around: Surroundings) -> Self {
        Self { around, open: Open::new() }
    }

    /// Takes in one packet, of either side.
    pub(crate) fn packet(&mut self, packet: &Packet<'_>) {
        let whom =
            Whom { transport: packet.transport, victim: packet.victim, orig_dst: packet.orig_dst };
        let key = (whom.transport, whom.victim, whom.orig_dst);
        if self.open.find(&key).is_none() {
            let Some(session) = self.open.session(&self.around, whom) else { return };
            self.open.add(key, Exchange(session));
        }
        let Some(Exchange(session)) = self.open.find(&key) else { return };
        match packet.way {
            Way::FromVictim => session.heard(Layer::Wire, packet.bytes),
            Way::ToVictim => session.said(Layer::Wire, &Bytes::copy_from_slice(packet.bytes)),
        }
    }

    /// Ends what has been silent or lasted too long.
    pub(crate) fn sweep(&mut self) {
        let now = self.around.recorder.now();
        let idle = self.around.limits.idle_udp;
        while let Some(key) = self.open.next_due(now) {
            match self.open.find(&key).and_then(|Exchange(session)| session.overdue(idle, now)) {
                Some(ending) => self.close(&key, ending),
                None => self.open.put_back(key),
            }
        }
    }

    /// Ends all of them: we are stopping.
    pub(crate) fn stop(&mut self) {
        self.open.drain().for_each(|Exchange(session)| session.close(Ending::Stopped));
    }

    fn close(&mut self, key: &(Transport, Victim, OrigDst), ending: Ending) {
        if let Some(Exchange(session)) = self.open.remove(key) {
            session.close(ending);
        }
    }
}

impl Dated for Exchange {
    fn due(&self) -> Timestamp {
        self.0.ends_at(self.0.limits().idle_udp)
    }

    fn victim(&self) -> Victim {
        self.0.flow().victim
    }
}

impl From<Exchange> for Session {
    fn from(exchange: Exchange) -> Self {
        exchange.0
    }
}
