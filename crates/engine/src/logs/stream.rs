//! Log lines that come over TCP.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use model::Limit;
use proto::Inbox;
use proto::syslog::{Frame, Framing};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinSet, unconstrained, yield_now};
use tokio::time::timeout;

use super::LogSettings;
use super::desk::Desk;
use crate::drive::DRIVER_TURNS;

/// Bytes read at once.
const READ_BYTES: usize = 16_384;

/// How long accepting rests when the system has no descriptor or memory left.
const REST: Duration = Duration::from_millis(100);

/// The connections of the log listener, on all its addresses together.
#[derive(Clone)]
pub(super) struct Streams {
    desk: Desk,
    idle: Duration,
    permits: Arc<Semaphore>,
}

impl Streams {
    pub(super) fn new(desk: Desk, settings: &LogSettings) -> Self {
        let permits = Arc::new(Semaphore::new(settings.connections));
        Self { desk, idle: settings.idle, permits }
    }

    /// Accepts until we are stopping, and then what waits.
    pub(super) async fn until_stopped(self, listener: TcpListener) {
        let mut stop = pin!(self.desk.stop());
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = listener.accept() => self.take(accepted, &mut open).await,
                Some(_) = open.join_next() => {}
            }
        }
        let mut silent_turns = 0;
        while silent_turns < DRIVER_TURNS {
            match poll_fn(|cx| Poll::Ready(listener.poll_accept(cx))).await {
                Poll::Ready(accepted) => self.take(accepted, &mut open).await,
                Poll::Pending => silent_turns += 1,
            }
            yield_now().await;
        }
        open.join_all().await;
    }

    async fn take(&self, accepted: io::Result<(TcpStream, SocketAddr)>, open: &mut JoinSet<()>) {
        match (accepted, Arc::clone(&self.permits).try_acquire_owned()) {
            (Ok((stream, _)), Ok(permit)) => {
                let connection = Connection::new(stream, self.desk.clone());
                open.spawn(connection.until_over(self.idle, permit));
            }
            (Ok(_), Err(_)) => self.desk.limit_reached(Limit::LogConnections),
            (Err(error), _) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            (Err(error), _) => {
                tracing::warn!(%error, "the log listener cannot accept");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// One connection.
pub(super) struct Connection<S> {
    stream: S,
    desk: Desk,
    inbox: Inbox,
    framing: Framing,
    buffer: Vec<u8>,
    /// Whether a line that was too long was reported: once is enough.
    is_overlong_reported: bool,
}

/// Whether a connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Afterwards {
    GoesOn,
    Over,
}

impl<S: AsyncRead + Unpin> Connection<S> {
    pub(super) fn new(stream: S, desk: Desk) -> Self {
        Self {
            stream,
            desk,
            inbox: Inbox::default(),
            framing: Framing::default(),
            buffer: vec![0; READ_BYTES],
            is_overlong_reported: false,
        }
    }

    /// Reads until the sender hangs up, is silent too long, or we are stopping.
    pub(super) async fn until_over(mut self, idle: Duration, permit: OwnedSemaphorePermit) {
        let mut stop = pin!(self.desk.stop());
        loop {
            let read = tokio::select! {
                biased;
                read = timeout(idle, self.read()) => read,
                () = &mut stop => break self.until_silent().await,
            };
            match read {
                Ok(Afterwards::GoesOn) => {}
                Ok(Afterwards::Over) => break,
                Err(_) => break self.desk.limit_reached(Limit::LogIdle),
            }
        }
        if let Some(rest) = self.framing.rest(&mut self.inbox) {
            self.desk.line(&rest);
        }
        drop(permit);
    }

    /// We are stopping: what has arrived by now is still read.
    async fn until_silent(&mut self) {
        let mut silent_turns = 0;
        while silent_turns < DRIVER_TURNS {
            let mut read = pin!(self.read());
            // Not counted against the task's budget, which would look like silence.
            match unconstrained(poll_fn(|cx| Poll::Ready(read.as_mut().poll(cx)))).await {
                Poll::Pending => {
                    silent_turns += 1;
                    yield_now().await;
                }
                Poll::Ready(Afterwards::GoesOn) => silent_turns = 0,
                Poll::Ready(Afterwards::Over) => return,
            }
        }
    }

    async fn read(&mut self) -> Afterwards {
        poll_fn(|cx| self.desk.poll_room(cx)).await;
        match self.stream.read(&mut self.buffer).await {
            // Reset: what came before it was read.
            Ok(0) | Err(_) => Afterwards::Over,
            Ok(count) => {
                self.inbox.push(self.buffer.get(..count).unwrap_or_default());
                self.take_lines();
                Afterwards::GoesOn
            }
        }
    }

    fn take_lines(&mut self) {
        loop {
            match self.framing.take(&mut self.inbox, self.desk.line_bytes()) {
                Frame::Whole(line) => self.desk.line(&line),
                Frame::Cut(line) => {
                    if !self.is_overlong_reported {
                        self.desk.limit_reached(Limit::LineBytes);
                        self.is_overlong_reported = true;
                    }
                    self.desk.line(&line);
                }
                Frame::Partial => return,
            }
        }
    }
}
