//! UDP: who talks with whom, for how long, and what is answered.

use bytes::Bytes;
use kernel::udp::{Datagram, Ends};
use model::{Ending, Layer, Timestamp, Transport, Victim};
use proto::{Action, Carrier, Input, Machine, Out};
use tokio::sync::mpsc::Sender;

use crate::open::{Dated, Open};
use crate::program::{Did, Late, converse};
use crate::session::{Answerer, Own, Seen, Session, Whom};
use crate::surroundings::Surroundings;

/// A datagram to send: from the address the victim asked, to the victim.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) ends: Ends,
    pub(crate) bytes: Bytes,
}

impl Reply {
    /// As the kernel crate sends it.
    pub(crate) fn as_sent(&self) -> kernel::udp::Reply<'_> {
        kernel::udp::Reply { ends: self.ends, bytes: &self.bytes }
    }
}

/// The conversations of one worker. The kernel gives all datagrams of one four-tuple to the same
/// worker, so nothing here is shared.
#[derive(Debug)]
pub(crate) struct Conversations {
    around: Surroundings,
    /// As many as there are permits for open flows.
    open: Open<Ends, Conversation>,
    out: Out,
    /// Where programs that answer tell what they did.
    late: Sender<Late>,
}

struct Conversation {
    session: Session,
    machine: Box<dyn Machine>,
    wake: Option<Timestamp>,
}

impl std::fmt::Debug for Conversation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.session.fmt(out)
    }
}

impl Conversations {
    /// Programs that answer tell `late` what they did.
    pub(crate) fn new(around: Surroundings, late: Sender<Late>) -> Self {
        Self { around, open: Open::new(), out: Out::default(), late }
    }

    /// Takes in one datagram; replies are added to `replies`.
    pub(crate) fn datagram(&mut self, datagram: Datagram<'_>, replies: &mut Vec<Reply>) {
        let Datagram { ends, bytes } = datagram;
        if self.open.find(&ends).is_none() && !self.begin(ends, bytes) {
            return;
        }
        let Some(conversation) = self.open.find(&ends) else { return };
        conversation.session.heard(Layer::Wire, bytes);
        conversation.hand_in(Input::Datagram(bytes), &mut self.out);
        if conversation.carry_out(&mut self.out, ends, replies) == Afterwards::Over {
            self.close(&ends, Ending::WeClosed);
        }
    }

    /// Wakes machines whose time has come, and ends what has been silent or lasted too long.
    pub(crate) fn sweep(&mut self, replies: &mut Vec<Reply>) {
        let now = self.around.recorder.now();
        while let Some(ends) = self.open.next_due(now) {
            match self.open.find(&ends).and_then(|due| due.look(now, ends, &mut self.out, replies))
            {
                Some(ending) => self.close(&ends, ending),
                None => self.open.put_back(ends),
            }
        }
    }

    /// Says what a program says, and ends a conversation with its program.
    pub(crate) fn late(&mut self, late: Late, replies: &mut Vec<Reply>) {
        let Late { ends, did } = late;
        let Some(Conversation { session, .. }) = self.open.find(&ends) else { return };
        match did {
            Did::Said(bytes) => {
                session.said(Layer::Wire, &bytes);
                replies.push(Reply { ends, bytes });
            }
            Did::Ended(ended) => {
                ended.events().for_each(|event| session.note(event));
                self.close(&ends, Ending::WeClosed);
            }
        }
    }

    /// Ends all of them: we are stopping.
    pub(crate) fn stop(&mut self) {
        self.open.drain().for_each(|conversation| conversation.session.close(Ending::Stopped));
    }

    /// Opens a conversation; says whether it is open.
    fn begin(&mut self, ends: Ends, first: &[u8]) -> bool {
        let whom = Whom { transport: Transport::Udp, victim: ends.victim, orig_dst: ends.orig_dst };
        let Some(session) = self.open.session(&self.around, whom) else { return false };
        self.open.add(ends, Conversation::begin(session, ends, first, &self.late));
        true
    }

    fn close(&mut self, ends: &Ends, ending: Ending) {
        if let Some(conversation) = self.open.remove(ends) {
            conversation.session.close(ending);
        }
    }
}

/// Whether a conversation goes on.
#[derive(PartialEq, Eq)]
enum Afterwards {
    GoesOn,
    Over,
}

impl Conversation {
    fn begin(mut session: Session, ends: Ends, first: &[u8], late: &Sender<Late>) -> Self {
        let port = session.flow().orig_dst.port();
        let recognised = proto::recognise(first, Carrier::Datagram, port);
        let own = session.own(Seen { port, first: Some(first), protocol: recognised.name() });
        let row = session.turned_out(recognised);
        let machine = match own {
            Own::Rule(rule) => match session.answer_by(rule) {
                Answerer::Machine(machine) => machine,
                Answerer::Program(program) => {
                    converse(program, ends, late.clone(), &session.limits().programs)
                }
            },
            Own::None | Own::NotYet | Own::OnceSpoken => {
                (row.unwrap_or_else(proto::silent_peer).start)()
            }
        };
        Self { session, machine, wake: None }
    }

    fn hand_in(&mut self, input: Input<'_>, out: &mut Out) {
        self.machine.on(input, &self.session.cx(), out);
    }

    fn carry_out(&mut self, out: &mut Out, ends: Ends, replies: &mut Vec<Reply>) -> Afterwards {
        let mut afterwards = Afterwards::GoesOn;
        for action in out.take_actions() {
            match action {
                Action::Send(bytes) => {
                    self.session.said(Layer::Wire, &bytes);
                    replies.push(Reply { ends, bytes });
                }
                Action::Note(event) => self.session.note(event),
                Action::Keep(keep) => self.session.keep(keep),
                Action::Wake(delay) => self.wake = Some(self.session.recorder().now().plus(delay)),
                // Datagrams have no companions.
                Action::Companion(_) => {}
                Action::HandOver(_) => afterwards = Afterwards::Over,
            }
        }
        afterwards
    }

    /// Looks at a conversation whose time has come; the ending, if that was it.
    fn look(
        &mut self,
        now: Timestamp,
        ends: Ends,
        out: &mut Out,
        replies: &mut Vec<Reply>,
    ) -> Option<Ending> {
        if self.wake.take_if(|wake| *wake <= now).is_some() {
            self.hand_in(Input::Timer, out);
            if self.carry_out(out, ends, replies) == Afterwards::Over {
                return Some(Ending::WeClosed);
            }
        }
        self.session.overdue(self.session.limits().idle_udp, now)
    }
}

impl Dated for Conversation {
    fn due(&self) -> Timestamp {
        let ends_at = self.session.ends_at(self.session.limits().idle_udp);
        self.wake.map_or(ends_at, |wake| wake.min(ends_at))
    }

    fn victim(&self) -> Victim {
        self.session.flow().victim
    }
}

impl From<Conversation> for Session {
    fn from(conversation: Conversation) -> Self {
        conversation.session
    }
}

#[cfg(test)]
mod tests;
