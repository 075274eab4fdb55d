//! One request and its answer: a stream of HTTP/2.

use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{RecvStream, SendStream};
use http::request::Parts;
use http::{HeaderMap, Request as Head};
use model::{Completeness, Cut};
use proto::http::{FileNumbers, Request, Response, Upload, note_unanswered, respond};
use proto::{Cx, Out};

/// A stream that is not over.
pub(super) struct Exchange {
    request: Request,
    state: State,
}

enum State {
    /// The body is still coming.
    Asking {
        body: RecvStream,
        upload: Upload,
        respond: SendResponse<Bytes>,
    },
    /// The answer is on its way; this much of it has to wait until the peer has room.
    Answering {
        stream: SendStream<Bytes>,
        left: Bytes,
    },
    Done,
}

/// How far something came. The order is what matters to whoever asks several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Nothing of it is left to do.
    Done,
    /// More has to come.
    Wait,
    /// It may go on at once.
    Forward,
}

impl Exchange {
    /// One for the request that the library saw, or for the one that came before HTTP/2.
    pub(super) fn begin(
        (head, first): (Head<RecvStream>, Option<Request>),
        mut respond: SendResponse<Bytes>,
        upload: Upload,
    ) -> Self {
        let (parts, body) = head.into_parts();
        let request = first.unwrap_or_else(|| request(&parts));
        if !body.is_end_stream() && waits(&request) {
            let mut go_on = http::Response::new(());
            *go_on.status_mut() = http::StatusCode::CONTINUE;
            // It fails if the peer has taken its request back; then it does not wait, either.
            let _ = respond.send_informational(go_on);
        }
        Self { request, state: State::Asking { body, upload, respond } }
    }

    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    /// Goes on as far as it can, once.
    pub(super) fn step(&mut self, files: &mut FileNumbers, cx: &Cx<'_>, out: &mut Out) -> Step {
        match &mut self.state {
            State::Asking { .. } => self.hear(files, cx, out),
            State::Answering { .. } => self.say(),
            State::Done => Step::Done,
        }
    }

    /// The connection is over. A request that has no answer is recorded all the same.
    pub(super) fn abandon(self, files: &mut FileNumbers, out: &mut Out) {
        if let State::Asking { mut upload, .. } = self.state {
            upload.end(Completeness::Cut(Cut::FlowEnded), files, out);
            note_unanswered(&self.request, out);
        }
    }

    fn hear(&mut self, files: &mut FileNumbers, cx: &Cx<'_>, out: &mut Out) -> Step {
        let State::Asking { body, upload, .. } = &mut self.state else { return Step::Wait };
        match body.poll_data(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Step::Wait,
            Poll::Ready(Some(Ok(piece))) => {
                upload.add(&piece, &self.request, files, out);
                self.request.add_body(&piece, cx);
                // It can only fail if more is given back than came.
                let _ = body.flow_control().release_capacity(piece.len());
                Step::Forward
            }
            Poll::Ready(Some(Err(_reset))) => {
                upload.end(Completeness::Cut(Cut::Withdrawn), files, out);
                note_unanswered(&self.request, out);
                self.state = State::Done;
                Step::Done
            }
            Poll::Ready(None) => {
                upload.end(Completeness::Whole, files, out);
                self.answer(cx, out)
            }
        }
    }

    fn answer(&mut self, cx: &Cx<'_>, out: &mut Out) -> Step {
        let Response { status, fields, body } = respond(&self.request, cx, out);
        let mut head = http::Response::new(());
        *head.status_mut() = status.try_into().unwrap_or_default();
        for (name, value) in fields {
            let name = http::HeaderName::from_bytes(name.to_ascii_lowercase().as_bytes());
            if let (Ok(name), Ok(value)) = (name, value.parse()) {
                head.headers_mut().append(name, value);
            }
        }
        let State::Asking { respond, .. } = &mut self.state else { return Step::Done };
        // It fails if the peer has taken its request back; then nobody waits for an answer.
        self.state = match respond.send_response(head, body.is_empty()) {
            Ok(mut stream) if !body.is_empty() => {
                stream.reserve_capacity(body.len());
                State::Answering { stream, left: body }
            }
            Ok(_) | Err(_) => State::Done,
        };
        Step::Forward
    }

    fn say(&mut self) -> Step {
        let State::Answering { stream, left } = &mut self.state else { return Step::Wait };
        match stream.poll_capacity(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Step::Wait,
            Poll::Ready(Some(Ok(room))) => {
                let piece = left.split_to(room.min(left.len()));
                let is_sent = stream.send_data(piece, left.is_empty()).is_ok();
                if left.is_empty() || !is_sent {
                    self.state = State::Done;
                }
                Step::Forward
            }
            Poll::Ready(None | Some(Err(_))) => {
                self.state = State::Done;
                Step::Done
            }
        }
    }
}

/// Whether the peer waits for our word before it sends the body (RFC 9110 §10.1.1).
fn waits(request: &Request) -> bool {
    request.field("expect").is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"))
}

/// What is alike in all versions of HTTP.
fn request(parts: &Parts) -> Request {
    let target = parts.uri.path_and_query().map_or("*", |target| target.as_str());
    let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned());
    let named = || parts.headers.get("host").map(|host| text(host.as_bytes()));
    Request {
        method: parts.method.as_str().to_owned(),
        target: target.to_owned(),
        host: authority.or_else(named),
        version: "2",
        fields: fields(&parts.headers),
        ..Request::default()
    }
}

fn fields(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    let field = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.as_str().to_owned(), value.as_bytes().to_vec())
    };
    headers.iter().map(field).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
