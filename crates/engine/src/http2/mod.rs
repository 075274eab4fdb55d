//! HTTP/2, driven by a library that works on memory: it is one more machine of the one loop.
//!
//! Everything is polled when bytes come, and once more after every step forward, so that nothing
//! needs to be woken.

mod exchange;
mod pipe;
mod refusals;
mod upgrade;

use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use h2::server::{Builder, Connection, Handshake};
use model::{Event, Limit};
use proto::http::{FileNumbers, Names, Request, Upload, note_unanswered};
use proto::{Cx, Input, Machine, Next, Out};

use exchange::{Exchange, Step};
use pipe::SharedPipe;
use upgrade::Upgrade;

/// A server on one connection.
#[derive(Default)]
pub(crate) struct Http2 {
    pipe: SharedPipe,
    stage: Stage,
    exchanges: Vec<Exchange>,
    names: Names,
    files: FileNumbers,
    /// The request that came over HTTP/1.1, until it is asked for.
    upgrade: Option<Upgrade>,
    /// Whether the limit on requests has been heard of.
    is_limit_noted: bool,
}

#[derive(Default)]
enum Stage {
    #[default]
    Begin,
    Handshake(Box<Handshake<SharedPipe, Bytes>>),
    Open(Box<Connection<SharedPipe, Bytes>>),
    Over,
}

impl Machine for Http2 {
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out) {
        match input {
            Input::Bytes(inbox) => self.put_incoming(inbox.take_all()),
            Input::Eof => self.pipe.end(),
            Input::Open | Input::Datagram(_) | Input::Timer => return,
        }
        while self.step(cx, out) == Step::Forward {}
        self.send(out);
        if matches!(self.stage, Stage::Over) {
            let files = &mut self.files;
            self.exchanges.drain(..).for_each(|exchange| exchange.abandon(files, out));
            if let Some(first) = self.upgrade.take() {
                note_unanswered(&first.into_request(), out);
            }
            out.hand_over(Next::Close);
        }
    }
}

impl Http2 {
    /// One that answers this request first, which came over HTTP/1.1.
    pub(crate) fn after(first: Request) -> Self {
        let mut names = Names::default();
        // It was noted when it came.
        names.note(&first, &mut Out::default());
        Self { names, upgrade: Some(Upgrade::new(first)), ..Self::default() }
    }

    fn put_incoming(&mut self, bytes: Vec<u8>) {
        let seen = match &mut self.upgrade {
            Some(upgrade) => upgrade.splice(bytes),
            None => bytes,
        };
        self.pipe.put_incoming(&seen);
    }

    /// Goes on as far as what has come allows, once.
    fn step(&mut self, cx: &Cx<'_>, out: &mut Out) -> Step {
        let accepted = match &mut self.stage {
            Stage::Begin => {
                let mut builder = Builder::new();
                builder.max_concurrent_streams(cx.rules.http2_streams);
                builder
                    .max_header_list_size(u32::try_from(cx.rules.head_bytes).unwrap_or(u32::MAX));
                self.stage = Stage::Handshake(Box::new(builder.handshake(self.pipe.clone())));
                Step::Forward
            }
            Stage::Handshake(handshake) => match poll(handshake) {
                Poll::Pending => Step::Wait,
                Poll::Ready(Ok(connection)) => {
                    self.stage = Stage::Open(Box::new(connection));
                    Step::Forward
                }
                Poll::Ready(Err(error)) => self.broken(&error, out),
            },
            Stage::Open(_) => self.accept(cx, out),
            Stage::Over => Step::Wait,
        };
        let mut step = accepted;
        let files = &mut self.files;
        self.exchanges.retain_mut(|exchange| match exchange.step(files, cx, out) {
            Step::Done => false,
            of_exchange => {
                step = step.max(of_exchange);
                true
            }
        });
        step
    }

    /// Takes the next request, and lets the library read and write.
    fn accept(&mut self, cx: &Cx<'_>, out: &mut Out) -> Step {
        let Stage::Open(connection) = &mut self.stage else { return Step::Wait };
        match connection.poll_accept(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Step::Wait,
            Poll::Ready(None) => {
                self.stage = Stage::Over;
                Step::Wait
            }
            Poll::Ready(Some(Err(error))) => self.broken(&error, out),
            Poll::Ready(Some(Ok((head, respond)))) => {
                let upload = Upload::new(&mut self.files, cx);
                let first = self.upgrade.take_if(|_| upgrade::is_first(&respond));
                let first = first.map(Upgrade::into_request);
                let exchange = Exchange::begin((head, first), respond, upload);
                self.names.note(exchange.request(), out);
                self.exchanges.push(exchange);
                Step::Forward
            }
        }
    }

    /// Sends what the library wrote, which is all that tells of a request it refused.
    fn send(&mut self, out: &mut Out) {
        let outgoing = self.pipe.take_outgoing();
        if outgoing.is_empty() {
            return;
        }
        if !self.is_limit_noted && refusals::are_in(&outgoing) {
            self.is_limit_noted = true;
            out.note(Event::LimitReached(Limit::Http2Streams));
        }
        out.send(outgoing);
    }

    /// The library gives up; what it has to say of it is in the pipe.
    fn broken(&mut self, error: &h2::Error, out: &mut Out) -> Step {
        // A peer that is gone breaks no rule.
        if !error.is_io() {
            out.note(Event::Broke { protocol: "http2", rule: error.to_string().into() });
        }
        self.stage = Stage::Over;
        Step::Wait
    }
}

/// Asks a future of the library once.
fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    std::pin::Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[cfg(test)]
mod tests;
