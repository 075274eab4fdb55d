//! One TLS conversation, without a socket: bytes of the wire in, bytes of the inside out, and back.

use std::cell::RefCell;
use std::fmt;
use std::sync::PoisonError;

use bytes::Bytes;
use model::{ClientCertificate, Event, KeyKind, TlsEstablished, TlsFailure};
use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::hash::MessageDigest;
use openssl::ssl::{Error, ErrorCode, Ssl, SslRef, SslStream};
use openssl::x509::X509Ref;
use proto::tls::alert_meaning;

use super::certificate::one_line;
use super::leaves::Subject;
use super::pipe::Pipe;
use super::terms::Secrets;

/// One conversation, from the victim's hello to its end.
pub(crate) struct Wrapping {
    stream: SslStream<Pipe>,
    secrets: Index<Ssl, Secrets>,
    stage: Stage,
    certificate_for: String,
    key: KeyKind,
    events: Vec<Event>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Handshake,
    Open,
    Over,
}

/// How far a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Progress {
    /// More may come.
    GoesOn,
    /// The victim says that it has said everything.
    Ended,
    /// It cannot go on.
    Failed,
}

/// What came of some bytes of the wire.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) progress: Progress,
    /// What was inside them.
    pub(crate) inside: Vec<u8>,
}

/// The most that one TLS record carries (RFC 8446 §5.1).
const RECORD_BYTES: usize = 16_384;

thread_local! {
    /// Where what was inside lands first. One for all conversations of a worker: most turns bring
    /// little or nothing.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; RECORD_BYTES]);
}

impl Wrapping {
    pub(super) fn new(
        ssl: Ssl,
        secrets: Index<Ssl, Secrets>,
        subject: &Subject,
        key: KeyKind,
    ) -> Result<Self, ErrorStack> {
        let stream = SslStream::new(ssl, Pipe::default())?;
        let (stage, certificate_for) = (Stage::Handshake, subject.to_string());
        Ok(Self { stream, secrets, stage, certificate_for, key, events: Vec::new() })
    }

    /// Takes bytes of the wire.
    pub(crate) fn hear(&mut self, wire: &[u8]) -> Turn {
        self.stream.get_mut().put_incoming(wire);
        self.turn()
    }

    /// No more comes over the wire.
    pub(crate) fn end(&mut self) -> Turn {
        self.stream.get_mut().end();
        self.turn()
    }

    /// Whether both sides may speak inside.
    pub(crate) fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    /// Wraps `bytes` up.
    pub(crate) fn say(&mut self, mut bytes: &[u8]) {
        while self.stage == Stage::Open && !bytes.is_empty() {
            match self.stream.ssl_write(bytes) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) => {
                    self.fail(&error);
                }
            }
        }
    }

    /// Tells the victim that we have said everything.
    pub(crate) fn close(&mut self) {
        if self.stage == Stage::Open {
            self.stage = Stage::Over;
            // What it says beyond what it wrote is only whether the victim said so, too.
            let _ = self.stream.shutdown();
        }
    }

    /// What has to go over the wire.
    pub(crate) fn take_outgoing(&mut self) -> Bytes {
        self.stream.get_mut().take_outgoing()
    }

    /// What was understood since the last call.
    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        let secrets = self.stream.ssl().ex_data(self.secrets);
        let mut events = secrets.map_or_else(Vec::new, |secrets| {
            let mut lines = secrets.lock().unwrap_or_else(PoisonError::into_inner);
            let lines = std::mem::take(&mut *lines);
            if lines.is_empty() { Vec::new() } else { vec![Event::TlsSecrets { lines }] }
        });
        events.append(&mut self.events);
        events
    }

    fn turn(&mut self) -> Turn {
        let mut inside = Vec::new();
        if self.stage == Stage::Handshake {
            match self.stream.accept() {
                Ok(()) => self.established(),
                Err(error) if waits(&error) => return Turn { progress: Progress::GoesOn, inside },
                Err(error) => return Turn { progress: self.fail(&error), inside },
            }
        }
        let progress = match self.stage {
            Stage::Over => Progress::GoesOn,
            Stage::Handshake | Stage::Open => self.unwrap(&mut inside),
        };
        Turn { progress, inside }
    }

    fn unwrap(&mut self, inside: &mut Vec<u8>) -> Progress {
        SCRATCH.with_borrow_mut(|scratch| {
            loop {
                match self.stream.ssl_read(scratch) {
                    Ok(read) => inside.extend_from_slice(scratch.get(..read).unwrap_or_default()),
                    Err(error) if waits(&error) => return Progress::GoesOn,
                    Err(error) if self.is_end(&error) => return Progress::Ended,
                    Err(error) => return self.fail(&error),
                }
            }
        })
    }

    /// Whether the victim has said everything: as it should be said, or by hanging up.
    fn is_end(&self, error: &Error) -> bool {
        let hung_up = self.stream.get_ref().is_ended() && error.ssl_error().is_none();
        hung_up || error.code() == ErrorCode::ZERO_RETURN
    }

    fn established(&mut self) {
        self.stage = Stage::Open;
        let ssl = self.stream.ssl();
        let alpn = ssl.selected_alpn_protocol();
        self.events.push(Event::TlsEstablished(Box::new(TlsEstablished {
            version: ssl.version_str(),
            cipher: ssl.current_cipher().map(|cipher| cipher.name().to_owned()).unwrap_or_default(),
            alpn: alpn.map(|name| String::from_utf8_lossy(name).into_owned()),
            certificate_for: std::mem::take(&mut self.certificate_for),
            key: self.key,
            resumed: ssl.session_reused(),
            client_certificate: client_certificate(ssl),
        })));
    }

    fn fail(&mut self, error: &Error) -> Progress {
        let failure = match self.stage {
            Stage::Handshake if self.stream.get_ref().is_ended() => TlsFailure {
                reason: "the victim hung up inside the handshake".to_owned(),
                ..TlsFailure::default()
            },
            Stage::Handshake | Stage::Open | Stage::Over => failure_of(error),
        };
        self.stage = Stage::Over;
        self.events.push(Event::TlsFailed(failure));
        Progress::Failed
    }
}

impl fmt::Debug for Wrapping {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Wrapping").field("stream", self.stream.ssl()).finish_non_exhaustive()
    }
}

/// Whether all that is wrong is that more has to come.
fn waits(error: &Error) -> bool {
    matches!(error.code(), ErrorCode::WANT_READ | ErrorCode::WANT_WRITE)
}

fn failure_of(error: &Error) -> TlsFailure {
    let first = error.ssl_error().and_then(|stack| stack.errors().first());
    let Some(first) = first else {
        return TlsFailure { reason: error.to_string(), ..TlsFailure::default() };
    };
    let alert = alert_of(first.reason_code());
    TlsFailure {
        reason: first.reason().unwrap_or("unknown").to_owned(),
        alert,
        meaning: alert.map(alert_meaning),
    }
}

/// The library reports a peer's alert as its number and a thousand.
fn alert_of(reason: i32) -> Option<u8> {
    reason.checked_sub(1_000).and_then(|alert| u8::try_from(alert).ok())
}

fn client_certificate(ssl: &SslRef) -> Option<ClientCertificate> {
    let certificate = ssl.peer_certificate()?;
    let certificate: &X509Ref = &certificate;
    let digest = certificate.digest(MessageDigest::sha256()).ok()?;
    Some(ClientCertificate {
        subject: one_line(certificate.subject_name()),
        issuer: one_line(certificate.issuer_name()),
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        pem: String::from_utf8(certificate.to_pem().ok()?).ok()?,
    })
}
