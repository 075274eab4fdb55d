//! A program of the analyst's that answers one flow: the victim's bytes on its standard input, what
//! it writes on its standard output sent to the victim.

mod conversing;

use std::cell::RefCell;
use std::io;
use std::pin::{Pin, pin};
use std::process::{ExitStatus, Stdio};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use kernel::confined;
use model::{Event, Flow, Limit, ProgramEnded, Timestamp};
use proto::responses::{Program, Rule};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::OwnedSemaphorePermit;

use crate::surroundings::Surroundings;

pub(crate) use conversing::{Late, converse};

/// How much a program that does not read is left to read; then the victim has to wait.
const WAITING_BYTES: usize = 64 * 1024;

/// How much of a program's complaints is kept.
const COMPLAINT_BYTES: usize = 4 * 1024;

thread_local! {
    /// Where a program's words land before they are said; one for all flows of a worker.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// A program at work. It is killed when this is dropped, with whatever it started itself.
#[derive(Debug)]
pub(crate) struct Running {
    rule: String,
    child: Child,
    /// Its number, by which what it started is ended, too, even if it has ended itself.
    number: Option<u32>,
    /// Until there is nothing more to say to it.
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
    stderr: ChildStderr,
    /// What it has not read yet.
    waiting: BytesMut,
    /// Whether more will wait.
    is_told: bool,
    complaint: Vec<u8>,
    /// When its time is over.
    pub(crate) ends_at: Timestamp,
    _permit: OwnedSemaphorePermit,
}

/// What a program did.
#[derive(Debug)]
pub(crate) enum Did {
    /// It said something.
    Said(Bytes),
    /// It ended. In a box: what waits for it has room for one at all times.
    Ended(Box<Ended>),
}

/// The end of a program.
#[derive(Debug)]
pub(crate) struct Ended {
    limit: Option<Limit>,
    event: Event,
}

impl Ended {
    /// What is noted of it, in order.
    pub(crate) fn events(self) -> impl Iterator<Item = Event> {
        self.limit.map(Event::LimitReached).into_iter().chain([self.event])
    }
}

/// What is known of the flow that a program is to answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) flow: &'a Flow,
    pub(crate) name: Option<&'a str>,
    pub(crate) protocol: Option<&'static str>,
}

impl Running {
    /// Starts the program of a rule; or says why it cannot be started.
    pub(crate) fn start(
        rule: &Rule,
        program: &Program,
        call: Call<'_>,
        around: &Surroundings,
    ) -> Result<Self, Box<Event>> {
        let programs = around.programs.clone();
        let permit =
            programs.try_acquire_owned().map_err(|_full| Event::LimitReached(Limit::Programs))?;
        let refused = |error: io::Error| {
            Box::new(ended(&rule.name, format!("cannot be started: {error}"), &[]))
        };
        let mut child = command(rule, program, call, around).spawn().map_err(refused)?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
            return Err(refused(io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self {
            rule: rule.name.clone(),
            number: child.id(),
            child,
            stdin,
            stdout,
            stderr,
            waiting: BytesMut::new(),
            is_told: false,
            complaint: Vec::new(),
            ends_at: around.recorder.now().plus(around.limits.programs.time),
            _permit: permit,
        })
    }

    /// Gives it what the victim sent.
    pub(crate) fn hear(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// The victim will send no more.
    pub(crate) fn hear_end(&mut self) {
        self.is_told = true;
    }

    /// Whether it has so much to read that the victim has to wait.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.len() >= WAITING_BYTES
    }

    /// Whether its time is over.
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        self.ends_at <= now
    }

    /// What is noted once it is dropped because its time is over.
    pub(crate) fn killed(&self) -> Box<Ended> {
        let event = ended(&self.rule, "killed: its time was over".to_owned(), &self.complaint);
        Box::new(Ended { limit: Some(Limit::ProgramTime), event })
    }

    /// Lets it read and write; what it did, once it has done something.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Did> {
        self.let_read(cx);
        self.let_complain(cx);
        if let Poll::Ready(Some(said)) = self.poll_said(cx) {
            return Poll::Ready(Did::Said(said));
        }
        // Its last words first: it has ended only once its output has.
        let status = ready!(pin!(self.child.wait()).poll(cx));
        self.let_complain(cx);
        ready!(self.poll_said(cx)).map_or_else(
            || {
                let event = ended(&self.rule, outcome(status), &self.complaint);
                Poll::Ready(Did::Ended(Box::new(Ended { limit: None, event })))
            },
            |said| Poll::Ready(Did::Said(said)),
        )
    }

    fn let_read(&mut self, cx: &mut Context<'_>) {
        while let Some(stdin) = &mut self.stdin {
            if self.waiting.is_empty() {
                if self.is_told {
                    self.stdin = None;
                }
                return;
            }
            match Pin::new(stdin).poll_write(cx, &self.waiting) {
                Poll::Pending => return,
                Poll::Ready(Ok(written)) => self.waiting.advance(written),
                // It does not want to hear any more.
                Poll::Ready(Err(_)) => self.stdin = None,
            }
        }
        self.waiting.clear();
    }

    /// Keeps how its complaints begin; the rest goes by.
    fn let_complain(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(bytes)) = poll_read(&mut self.stderr, cx) {
            let room = COMPLAINT_BYTES.saturating_sub(self.complaint.len());
            self.complaint.extend(bytes.iter().take(room));
        }
    }

    fn poll_said(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        poll_read(&mut self.stdout, cx)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.number.into_iter().for_each(confined::end);
    }
}

/// Bytes, or nothing if no more will come.
fn poll_read(pipe: &mut (impl AsyncRead + Unpin), cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
    SCRATCH.with_borrow_mut(|scratch| {
        let mut buffer = ReadBuf::new(scratch);
        let read = ready!(Pin::new(pipe).poll_read(cx, &mut buffer));
        let bytes = buffer.filled();
        Poll::Ready(match read {
            Ok(()) if !bytes.is_empty() => Some(Bytes::copy_from_slice(bytes)),
            _ => None,
        })
    })
}

fn command(rule: &Rule, program: &Program, call: Call<'_>, around: &Surroundings) -> Command {
    let confinement = around.limits.programs.confinement;
    let mut command = Command::from(confined::command(&program.path, &program.folder, confinement));
    command.args(&program.arguments).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Flow { id, transport, victim, orig_dst, .. } = call.flow;
    command
        .env("SINKGATE_FLOW", id.to_string())
        .env("SINKGATE_RULE", &rule.name)
        .env("SINKGATE_TRANSPORT", transport.to_string())
        .env("SINKGATE_VICTIM", victim.ip().to_canonical().to_string())
        .env("SINKGATE_VICTIM_PORT", victim.address().port().to_string())
        .env("SINKGATE_ADDRESS", orig_dst.ip().to_canonical().to_string())
        .env("SINKGATE_PORT", orig_dst.port().to_string())
        .envs(call.name.map(|name| ("SINKGATE_NAME", name)))
        .envs(call.protocol.map(|protocol| ("SINKGATE_PROTOCOL", protocol)));
    command
}

fn outcome(status: io::Result<ExitStatus>) -> String {
    status.map_or_else(|error| format!("lost: {error}"), |status| status.to_string())
}

fn ended(rule: &str, outcome: String, complaint: &[u8]) -> Event {
    let complaint = String::from_utf8_lossy(complaint).trim().to_owned();
    Event::ProgramEnded(Box::new(ProgramEnded { rule: rule.to_owned(), outcome, complaint }))
}
