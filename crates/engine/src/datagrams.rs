//! UDP of one door: datagrams are taken in batches, and answered from the address they were meant
//! for.

use std::io;

use kernel::udp::{Replier, Taker};
use model::Counter;
use tokio::sync::mpsc::{self, Receiver};

use crate::conversation::{Conversations, Reply};
use crate::intake::Intake;
use crate::program::Late;
use crate::recorder::Recorder;
use crate::surroundings::Surroundings;

/// What becomes of the datagrams of one door.
pub(crate) struct Datagrams {
    around: Surroundings,
    conversations: Conversations,
    replier: Replier,
    replies: Vec<Reply>,
    /// What programs that answer did, until the loop takes it.
    late: Option<Receiver<Late>>,
}

/// How much of what programs did waits for us; then they have to.
const LATE: usize = 64;

impl Datagrams {
    pub(crate) fn new(replier: Replier, around: Surroundings) -> Self {
        let (tell, late) = mpsc::channel(LATE);
        let conversations = Conversations::new(around.clone(), tell);
        Self { around, conversations, replier, replies: Vec::new(), late: Some(late) }
    }

    fn reply(&mut self) {
        send(&mut self.replies, &self.replier, &self.around.recorder);
    }
}

/// Sends replies; none of them are left.
pub(crate) fn send(replies: &mut Vec<Reply>, replier: &Replier, recorder: &Recorder) {
    if replies.is_empty() {
        return;
    }
    let sent: Vec<kernel::udp::Reply<'_>> = replies.iter().map(Reply::as_sent).collect();
    replier.send_all(&sent, |_, error| {
        recorder.count(Counter::RepliesUnsent, 1);
        tracing::debug!(%error, "cannot send a reply");
    });
    replies.clear();
}

impl Intake for Datagrams {
    type Socket = Taker;

    const LOST: Counter = Counter::DatagramsLostInKernel;

    fn take(&mut self, taker: &mut Taker) -> io::Result<u64> {
        let (conversations, replies) = (&mut self.conversations, &mut self.replies);
        let taken = taker.take(|datagram| conversations.datagram(datagram, replies))?;
        self.reply();
        Ok(taken.lost_total)
    }

    fn take_late(&mut self) -> Option<Receiver<Late>> {
        self.late.take()
    }

    fn late(&mut self, late: Late) {
        self.conversations.late(late, &mut self.replies);
        self.reply();
    }

    fn sweep(&mut self) {
        self.conversations.sweep(&mut self.replies);
        self.reply();
    }

    fn stop(&mut self) {
        self.conversations.stop();
    }
}
