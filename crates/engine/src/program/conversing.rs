//! A program that answers datagrams: a task between it and the conversations of a worker.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use kernel::udp::Ends;
use model::{Event, Limit};
use proto::{Cx, Input, Machine, Out};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep;

use super::{Did, Running};
use crate::limits::ProgramLimits;

/// What a program did, and in which conversation.
#[derive(Debug)]
pub(crate) struct Late {
    pub(crate) ends: Ends,
    pub(crate) did: Did,
}

/// Lets a program answer a conversation. The machine gives it what the victim sends, what it does
/// is told to `late`; it ends with the machine.
pub(crate) fn converse(
    program: Box<Running>,
    ends: Ends,
    late: Sender<Late>,
    limits: &ProgramLimits,
) -> Box<dyn Machine> {
    let (ear, heard) = mpsc::channel(limits.waiting_datagrams);
    let task = Conversing { program, ends, late };
    tokio::spawn(task.run(heard, limits.time));
    Box::new(Ear { datagrams: ear, is_full: false })
}

/// Where a program hears what the victim sends.
struct Ear {
    datagrams: Sender<Bytes>,
    /// Whether it was too slow once.
    is_full: bool,
}

impl Machine for Ear {
    fn on(&mut self, input: Input<'_>, _cx: &Cx<'_>, out: &mut Out) {
        let Input::Datagram(bytes) = input else { return };
        let heard = self.datagrams.try_send(Bytes::copy_from_slice(bytes));
        if let Err(mpsc::error::TrySendError::Full(_)) = heard
            && !std::mem::replace(&mut self.is_full, true)
        {
            out.note(Event::LimitReached(Limit::ProgramDatagrams));
        }
    }
}

struct Conversing {
    program: Box<Running>,
    ends: Ends,
    late: Sender<Late>,
}

impl Conversing {
    /// Goes on until the program has ended, its time is over, or nobody listens any more.
    async fn run(mut self, mut heard: Receiver<Bytes>, time: Duration) {
        let mut over = pin!(sleep(time));
        loop {
            let program = &mut self.program;
            let is_full = program.is_full();
            let did = tokio::select! {
                biased;
                did = poll_fn(|cx| program.poll(cx)) => did,
                () = &mut over => Did::Ended(program.killed()),
                datagram = heard.recv(), if !is_full => match datagram {
                    Some(datagram) => {
                        program.hear(&datagram);
                        continue;
                    }
                    None => return,
                },
            };
            let is_over = matches!(did, Did::Ended(_));
            if self.late.send(Late { ends: self.ends, did }).await.is_err() || is_over {
                return;
            }
        }
    }
}
