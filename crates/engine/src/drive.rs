//! The only read/write loop of a stream: bytes into the machine, its wishes carried out in order.

mod deciding;
mod greeting;
mod handing_over;

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use model::{Ending, Timestamp};
use proto::{Action, Inbox, Input, Machine, Next, Out, Protocol};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::{unconstrained, yield_now};
use tokio::time::{Instant, sleep, timeout};

use crate::http2::Http2;
use crate::layers::Layers;
use crate::program::{Did, Ended, Running};
use crate::session::{Own, Seen, Session};
use crate::tls::Progress;

/// How long we go on reading after we hung up, so that the last words of both sides arrive.
const LINGER: Duration = Duration::from_secs(2);

/// How often the runtime must have asked the kernel for news before silence is believed: a socket
/// that was read empty is readable again only once the runtime has heard of it.
pub(crate) const DRIVER_TURNS: u32 = 2;

thread_local! {
    /// Where bytes land before they are recorded. One for all flows of a worker, so that an idle
    /// flow holds no buffer.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// A connection with a peer.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Unpin {
    /// Lets the end of it be a reset, if it is dropped now.
    fn reset(&mut self) -> io::Result<()>;
}

impl Connection for TcpStream {
    fn reset(&mut self) -> io::Result<()> {
        self.set_zero_linger()
    }
}

/// Talks with a peer until it is over, and records all of it.
pub(crate) async fn drive<S>(stream: S, session: Session)
where
    S: Connection,
{
    let mut drive = Drive::new(stream, session);
    let ending = drive.until_over().await;
    drive.session.close(ending);
}

struct Drive<S> {
    stream: S,
    session: Session,
    /// What was taken off, to get to what is in the inbox.
    layers: Layers,
    inbox: Inbox,
    out: Out,
    /// The port the peer wants to speak to: the flow's own, or one it asked a proxy for.
    port: u16,
    /// Who answers; nobody until it is known what the peer speaks.
    machine: Option<Box<dyn Machine>>,
    /// Who greeted a peer that has not spoken since.
    greeter: Option<&'static Protocol>,
    /// The program that answers, if the analyst wants one to.
    program: Option<Box<Running>>,
    /// When the machine wants to be woken.
    wake: Option<Timestamp>,
    /// Whether the peer said that it will send no more.
    eof: bool,
    /// The same of what is innermost: inside TLS a peer may say so long before.
    progress: Progress,
    /// Whether the machine was told that no more comes.
    is_told: bool,
}

/// What ended a wait.
enum Came {
    Alarm,
    Bytes,
    Eof,
    Program(Did),
}

/// What comes of an action.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Done,
    HangUp,
    Reset,
}

impl<S: Connection> Drive<S> {
    /// Not a part of [`drive`]: what is borrowed there is held as long as the flow is open.
    fn new(stream: S, session: Session) -> Self {
        Self {
            port: session.flow().orig_dst.port(),
            stream,
            session,
            layers: Layers::default(),
            inbox: Inbox::default(),
            out: Out::default(),
            machine: None,
            greeter: None,
            program: None,
            wake: None,
            eof: false,
            progress: Progress::GoesOn,
            is_told: false,
        }
    }

    async fn until_over(&mut self) -> Ending {
        if let Some(ending) = self.open().await {
            return ending;
        }
        let mut alarm = pin!(sleep(self.time_left()));
        let mut stop = pin!(self.session.stop());
        loop {
            let came = tokio::select! {
                biased;
                came = poll_fn(|cx| self.poll_came(cx)) => came,
                () = &mut alarm => Ok(Came::Alarm),
                () = &mut stop => return self.until_silent().await,
            };
            if let Some(ending) = self.reaction(came).await {
                return ending;
            }
            if alarm.is_elapsed() || self.wake.is_some() {
                alarm.as_mut().reset(Instant::now() + self.time_left());
            }
        }
    }

    /// A rule of the analyst's may take care of a flow before a byte has come.
    async fn open(&mut self) -> Option<Ending> {
        let seen = Seen { port: self.port, first: None, protocol: None };
        let Own::Rule(rule) = self.session.own(seen) else {
            self.wait_to_greet();
            return None;
        };
        self.answer_by(rule);
        let carried_out = Box::pin(self.carry_out()).await;
        carried_out.unwrap_or_else(|error| Some(ending_of(&error)))
    }

    /// We are stopping: what has arrived by now is still heard, and answered.
    async fn until_silent(&mut self) -> Ending {
        let mut silent_turns = 0;
        while silent_turns < DRIVER_TURNS && !self.eof {
            poll_fn(|cx| self.session.recorder().poll_room_for_streams(cx)).await;
            // Not counted against the task's budget, which would look like silence.
            match unconstrained(poll_fn(|cx| Poll::Ready(self.poll_read(cx)))).await {
                Poll::Pending => {
                    silent_turns += 1;
                    yield_now().await;
                }
                Poll::Ready(came) => {
                    silent_turns = 0;
                    if let Some(ending) = self.reaction(came).await {
                        return ending;
                    }
                }
            }
        }
        Ending::Stopped
    }

    /// What comes of one thing that came; the ending, if that was it.
    async fn reaction(&mut self, came: io::Result<Came>) -> Option<Ending> {
        let reaction = match came {
            Ok(came) => self.react(came).await,
            Err(error) => Err(error),
        };
        reaction.unwrap_or_else(|error| Some(ending_of(&error)))
    }

    async fn react(&mut self, came: Came) -> io::Result<Option<Ending>> {
        match came {
            Came::Alarm => {
                let now = self.session.recorder().now();
                if let Some(ending) = self.session.overdue(self.session.limits().idle_tcp, now) {
                    return Ok(Some(ending));
                }
                if let Some(program) = self.program.take_if(|program| program.is_overdue(now)) {
                    return self.end_program(program.killed()).await.map(Some);
                }
                if self.wake.take_if(|wake| *wake <= now).is_some() {
                    self.wake_up();
                    // What it had no time for until now.
                    self.hand_in_bytes();
                }
            }
            Came::Bytes => self.hand_in_bytes(),
            Came::Eof => {
                self.eof = true;
                let progress = self.layers.ended(&mut self.inbox, &mut self.session);
                self.progress = self.progress.max(progress);
                self.hand_in_bytes();
            }
            Came::Program(Did::Said(bytes)) => self.layers.say(bytes, &mut self.session),
            Came::Program(Did::Ended(ended)) => return self.end_program(ended).await.map(Some),
        }
        self.carry_out().await
    }

    /// The time has come that somebody waited for.
    fn wake_up(&mut self) {
        match self.machine {
            _ if self.is_undecided() && !self.inbox.is_empty() => self.settle(),
            Some(_) => self.hand_in(Input::Timer),
            None => self.greet(),
        }
    }

    /// Until a limit runs out or the machine wants to be woken.
    fn time_left(&self) -> Duration {
        let ends_at = self.session.ends_at(self.session.limits().idle_tcp);
        let next = self.wake.map_or(ends_at, |wake| wake.min(ends_at));
        next.since(self.session.recorder().now())
    }

    /// What comes next: of the program that answers, or of the peer.
    fn poll_came(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Came>> {
        ready!(self.session.recorder().poll_room_for_streams(cx));
        if let Some(program) = &mut self.program {
            if let Poll::Ready(did) = program.poll(cx) {
                return Poll::Ready(Ok(Came::Program(did)));
            }
            if program.is_full() {
                return Poll::Pending;
            }
        }
        if self.eof { Poll::Pending } else { self.poll_read(cx) }
    }

    async fn read(&mut self) -> io::Result<Came> {
        poll_fn(|cx| self.poll_read(cx)).await
    }

    /// Reads once there is something *and* the recorder has room for it.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Came>> {
        ready!(self.session.recorder().poll_room_for_streams(cx));
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
            let read = buffer.filled();
            if read.is_empty() {
                return Poll::Ready(Ok(Came::Eof));
            }
            let progress = self.layers.heard(read, &mut self.inbox, &mut self.session);
            self.progress = self.progress.max(progress);
            Poll::Ready(Ok(Came::Bytes))
        })
    }

    fn hand_in_bytes(&mut self) {
        if self.inbox.is_empty() {
            return self.wait_to_greet();
        }
        if let Some(program) = &mut self.program {
            return program.hear(&self.inbox.take_all());
        }
        if self.is_undecided() {
            self.recognise();
        }
        if let Some(machine) = self.machine.as_mut().filter(|_| self.greeter.is_none()) {
            machine.on(Input::Bytes(&mut self.inbox), &self.session.cx(), &mut self.out);
        }
    }

    fn hand_in(&mut self, input: Input<'_>) {
        if let Some(machine) = &mut self.machine {
            machine.on(input, &self.session.cx(), &mut self.out);
        }
    }

    /// What a program had to say is said, or its time is over.
    async fn end_program(&mut self, ended: Box<Ended>) -> io::Result<Ending> {
        self.program = None;
        ended.events().for_each(|event| self.session.note(event));
        Box::pin(self.hang_up()).await
    }

    /// Does what the machine wants, in its order, and what those want that it hands the flow over
    /// to, until there is nothing more to do; the ending, if one let go of it.
    async fn carry_out(&mut self) -> io::Result<Option<Ending>> {
        loop {
            self.flush().await?;
            let actions: Vec<Action> = self.out.take_actions().collect();
            if actions.is_empty() {
                match self.progress {
                    Progress::Ended if !self.is_told => self.tell_end(),
                    Progress::Failed => return Box::pin(self.hang_up()).await.map(Some),
                    Progress::Ended | Progress::GoesOn => return Ok(None),
                }
            }
            let steps = actions.into_iter().map(|action| self.step(action));
            match steps.fold(Step::Done, Step::max) {
                Step::Done => {}
                Step::HangUp => return Box::pin(self.hang_up()).await.map(Some),
                Step::Reset => return Box::pin(self.reset()).await.map(Some),
            }
        }
    }

    /// Does one thing. What is said is written afterwards, so that no action is held while we
    /// wait: an idle flow would have room for one.
    fn step(&mut self, action: Action) -> Step {
        match action {
            Action::Send(bytes) => self.layers.say(bytes, &mut self.session),
            Action::Note(event) => self.session.note(event),
            Action::Keep(keep) => self.session.keep(keep),
            Action::Wake(delay) => self.wake = Some(self.session.recorder().now().plus(delay)),
            Action::HandOver(Next::Become(protocol)) => self.go_on_as(protocol),
            Action::HandOver(Next::Close) => return Step::HangUp,
            Action::HandOver(Next::Http2) => self.go_on_with(Box::<Http2>::default()),
            Action::HandOver(Next::Http2After(request)) => self.go_on_as_http2(*request),
            Action::HandOver(Next::Recognise { port }) => self.start_anew(port),
            Action::HandOver(Next::Reset) => return Step::Reset,
            Action::HandOver(Next::StartTls { inside }) => {
                self.go_on_with(proto::tls::agreed_on(inside));
            }
            Action::HandOver(Next::Tls { key, inside }) => self.take_off_tls(key, inside),
        }
        Step::Done
    }

    /// Tells the machine that no more comes.
    fn tell_end(&mut self) {
        self.is_told = true;
        if let Some(program) = &mut self.program {
            return program.hear_end();
        }
        if self.is_undecided() && !self.inbox.is_empty() {
            self.settle();
        } else if self.machine.is_none() {
            // Some end their side at once, and wait for what is said to everybody.
            self.greet();
        }
        self.machine.get_or_insert_with(proto::silent_peer().start);
        if !self.out.is_over() {
            self.hand_in(Input::Eof);
        }
    }

    /// Writes what is recorded already. A peer that does not read for as long as it may be idle is
    /// given up.
    async fn flush(&mut self) -> io::Result<()> {
        let patience = self.session.limits().idle_tcp;
        for bytes in self.layers.take_outgoing() {
            timeout(patience, self.stream.write_all(&bytes)).await??;
        }
        Ok(())
    }

    /// Ends the connection as one that broke.
    async fn reset(&mut self) -> io::Result<Ending> {
        self.flush().await?;
        self.stream.reset()?;
        Ok(Ending::WeClosed)
    }

    /// Says that we are done, and listens to the last words.
    async fn hang_up(&mut self) -> io::Result<Ending> {
        self.layers.close(&mut self.session);
        self.flush().await?;
        if self.eof {
            // Nothing is unread, so closing says it, and one system call is enough.
            return Ok(Ending::Finished);
        }
        self.stream.shutdown().await?;
        // Whatever is unread here was recorded when it was read; nobody answers it any more.
        let last_words = async {
            while let Came::Bytes = self.read().await? {
                self.inbox.discard(usize::MAX);
            }
            io::Result::Ok(())
        };
        match timeout(LINGER, last_words).await {
            Ok(Err(error)) => Err(error),
            Ok(Ok(())) | Err(_) => Ok(Ending::WeClosed),
        }
    }
}

/// What a failed read or write says about how the flow ended.
fn ending_of(error: &io::Error) -> Ending {
    match error.kind() {
        io::ErrorKind::TimedOut => Ending::Idle,
        _ => Ending::ResetByVictim,
    }
}

#[cfg(test)]
mod greeting_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
