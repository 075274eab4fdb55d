//! A flow goes from one machine to the next.

use model::{Basis, KeyKind};
use proto::http::Request;
use proto::{Input, Machine, Protocol};

use super::{Connection, Drive};
use crate::http2::Http2;
use crate::layers::too_deep;

impl<S: Connection> Drive<S> {
    pub(super) fn start(&mut self, protocol: &Protocol) {
        self.machine = Some((protocol.start)());
        self.hand_in(Input::Open);
    }

    /// Lets the machine of `protocol` answer from now on, what is unread first.
    pub(super) fn go_on_as(&mut self, protocol: &'static Protocol) {
        self.wake = None;
        self.session.recognised(protocol, Basis::Content);
        self.start(protocol);
        self.hand_in_bytes();
    }

    /// Lets HTTP/2 answer from now on, this request first.
    pub(super) fn go_on_as_http2(&mut self, first: Request) {
        self.session.recognised(proto::upgraded_peer(), Basis::Content);
        self.go_on_with(Box::new(Http2::after(first)));
    }

    /// Lets `machine` answer from now on, what is unread first.
    pub(super) fn go_on_with(&mut self, machine: Box<dyn Machine>) {
        self.wake = None;
        self.machine = Some(machine);
        self.hand_in_bytes();
    }

    /// Asks anew who speaks, as soon as there is something unread.
    pub(super) fn start_anew(&mut self, port: Option<u16>) {
        self.port = port.unwrap_or(self.port);
        self.machine = None;
        self.greeter = None;
        self.wake = None;
        if port.is_some() {
            self.belong();
        }
        self.hand_in_bytes();
    }

    /// What is unread, and all that comes after it, is TLS; inside it goes on what was agreed on.
    pub(super) fn take_off_tls(&mut self, key: KeyKind, inside: Option<&'static Protocol>) {
        if !self.layers.has_room() {
            self.session.note(too_deep());
            return self.start(proto::silent_peer());
        }
        match self.session.wrapping(key) {
            Ok(wrapping) => {
                let progress = self.layers.wrap(wrapping, &mut self.inbox, &mut self.session);
                self.progress = self.progress.max(progress);
                match inside {
                    Some(protocol) => self.go_on_with((protocol.start)()),
                    None => self.start_anew(None),
                }
            }
            Err(error) => {
                tracing::error!(%error, "cannot begin a TLS conversation; it is only recorded");
                self.start(proto::silent_peer());
            }
        }
    }
}
