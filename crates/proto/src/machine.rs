//! The one interface every emulator implements.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::{
    ArtifactNumber, ArtifactStart, Completeness, Event, Flow, Keep, KeyKind, Layer, Persona,
    Timestamp,
};

use crate::logins::Tries;
use crate::responses::Table;
use crate::{
    AuthoritySite, Companion, DecoderRoom, Inbox, News, Protocol, adb, amqp, berkeley, dns, ftp,
    http, imap, irc, ldap, memcached, mongodb, mqtt, mysql, pop3, postgres, redis, rtsp, shell,
    sip, smtp, stratum, telnet, vnc,
};

/// A protocol emulator.
///
/// Nothing a peer can send makes this fail: what breaks the protocol is written down with
/// [`Out::note`], and the machine goes on as well as it can. It records no bytes: whoever drives
/// it does that, both ways.
pub trait Machine: Send {
    /// Reacts to one input. Called again only when there is a new one.
    fn on(&mut self, input: Input<'_>, cx: &Cx<'_>, out: &mut Out);

    /// Hears what became of the flow's companion. Who never asks for one never hears of it.
    fn hear_of_companion(&mut self, _news: News, _cx: &Cx<'_>, _out: &mut Out) {}
}

/// What can happen to a machine. The list is closed on purpose.
#[derive(Debug)]
pub enum Input<'a> {
    /// The flow is ready; a protocol whose server speaks first does so now.
    Open,
    /// There is more to read on a stream.
    Bytes(&'a mut Inbox),
    /// One datagram came.
    Datagram(&'a [u8]),
    /// The time asked for with [`Out::wake_after`] has passed.
    Timer,
    /// The peer will send no more.
    Eof,
}

/// What a machine may know of the world.
#[derive(Clone, Copy, Debug)]
pub struct Cx<'a> {
    /// The time now, as victims are told it (`time.start`). Records have the real one.
    pub now: Timestamp,
    /// When the flow was opened, by the same clock.
    pub opened: Timestamp,
    /// The flow it speaks on.
    pub flow: &'a Flow,
    /// What of the flow it speaks in: the wire, or inside TLS.
    pub layer: Layer,
    /// Who we pretend to be.
    pub persona: &'a Persona,
    /// What the analyst wants answered.
    pub rules: &'a Responses,
}

/// What the analyst wants answered, by protocol.
#[derive(Clone, Debug)]
pub struct Responses {
    /// Rules of the analyst's own, which come before everything else.
    pub own: Arc<Table>,
    /// Answers to DNS questions.
    pub dns: Arc<dns::Answers>,
    /// What is published about our certificates.
    pub authority: Arc<AuthoritySite>,
    /// Longest line, in bytes, that is kept whole (`limits.line_bytes`).
    pub line_bytes: usize,
    /// Longest head of a message, in bytes, that is kept whole (`limits.head_bytes`).
    pub head_bytes: usize,
    /// How much of a body, in bytes, is read for what it says (`limits.form_bytes`).
    pub form_bytes: usize,
    /// How much of a decoded copy of a body, in bytes, is kept (`limits.decoded_bytes`).
    pub decoded_bytes: u64,
    /// How much a character generator says on one flow, in bytes (`limits.chargen_bytes`).
    pub chargen_bytes: u64,
    /// Memory that is held for decoding at once (`limits.decoder_memory`).
    pub decoder_room: DecoderRoom,
    /// Requests that one HTTP/2 connection may have open at once (`limits.http2_streams`).
    pub http2_streams: u32,
    /// How often who has tried to log in where (`limits.login_counts`).
    pub tries: Tries,
    /// What an HTTP server asks for before it answers (`http.authentication`).
    pub http_authentication: http::Authentication,
    /// What file servers are like (section `ftp`).
    pub ftp: ftp::Settings,
    /// What servers are like where mail is read (section `imap`).
    pub imap: imap::Settings,
    /// What directories are like (section `ldap`).
    pub ldap: ldap::Settings,
    /// What servers are like from which mail is fetched (section `pop3`).
    pub pop3: pop3::Settings,
    /// What mail servers are like (section `smtp`).
    pub smtp: smtp::Settings,
    /// What Telnet servers are like (section `telnet`).
    pub telnet: telnet::Settings,
    /// What servers of remote commands are like (sections `rlogin`, `rsh` and `rexec`).
    pub berkeley: berkeley::Settings,
    /// What devices are like that can be debugged (section `adb`).
    pub adb: adb::Settings,
    /// How much one shell may have (section `shell`).
    pub shell: shell::Settings,
    /// What chat servers are like (section `irc`).
    pub irc: irc::Settings,
    /// What Memcached servers are like (section `memcached`).
    pub memcached: memcached::Settings,
    /// What MongoDB servers are like (section `mongodb`).
    pub mongodb: mongodb::Settings,
    /// What MySQL servers are like (section `mysql`).
    pub mysql: mysql::Settings,
    /// What screens are like (section `vnc`).
    pub vnc: vnc::Settings,
    /// What PostgreSQL servers are like (section `postgres`).
    pub postgres: postgres::Settings,
    /// What Redis servers are like (section `redis`).
    pub redis: redis::Settings,
    /// What brokers of queues are like (section `amqp`).
    pub amqp: amqp::Settings,
    /// What brokers are like (section `mqtt`).
    pub mqtt: mqtt::Settings,
    /// What cameras are like (section `rtsp`).
    pub rtsp: rtsp::Settings,
    /// What telephone servers are like (section `sip`).
    pub sip: sip::Settings,
    /// What pools of miners are like (section `stratum`).
    pub stratum: stratum::Settings,
}

impl Default for Responses {
    /// As nobody has set anything.
    fn default() -> Self {
        Self {
            own: Arc::default(),
            dns: Arc::default(),
            authority: Arc::default(),
            line_bytes: 8_192,
            head_bytes: 65_536,
            form_bytes: 65_536,
            decoded_bytes: 64 << 20,
            chargen_bytes: 1 << 20,
            decoder_room: DecoderRoom::new(256 << 20),
            http2_streams: 128,
            tries: Tries::new(65_536),
            http_authentication: http::Authentication::None,
            ftp: ftp::Settings::default(),
            imap: imap::Settings::default(),
            ldap: ldap::Settings::default(),
            pop3: pop3::Settings::default(),
            smtp: smtp::Settings::default(),
            telnet: telnet::Settings::default(),
            berkeley: berkeley::Settings::default(),
            adb: adb::Settings::default(),
            shell: shell::Settings::default(),
            irc: irc::Settings::default(),
            memcached: memcached::Settings::default(),
            mongodb: mongodb::Settings::default(),
            mysql: mysql::Settings::default(),
            vnc: vnc::Settings::default(),
            postgres: postgres::Settings::default(),
            redis: redis::Settings::default(),
            amqp: amqp::Settings::default(),
            mqtt: mqtt::Settings::default(),
            rtsp: rtsp::Settings::default(),
            sip: sip::Settings::default(),
            stratum: stratum::Settings::default(),
        }
    }
}

/// What takes a flow over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The machine of this protocol: both sides have agreed on it.
    Become(&'static Protocol),
    /// Hang up, once all is sent.
    Close,
    /// HTTP/2 begins with what is unread.
    Http2,
    /// The same, after a request that came before it and is to be answered first.
    Http2After(Box<http::Request>),
    /// Find out anew what the peer speaks.
    Recognise {
        /// The port the peer asked for, where that is not the flow's own.
        port: Option<u16>,
    },
    /// Reset the connection.
    Reset,
    /// Both sides have agreed on TLS: its hello begins with what is unread.
    StartTls {
        /// What goes on inside it, without a greeting.
        inside: &'static Protocol,
    },
    /// TLS begins with what is unread.
    Tls {
        /// The kind of certificate the peer can deal with.
        key: KeyKind,
        /// What goes on inside it; if nothing was agreed on, that is recognised anew.
        inside: Option<&'static Protocol>,
    },
}

/// One thing a machine wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send bytes to the peer. On a datagram flow: one datagram.
    Send(Bytes),
    /// Record a fact.
    Note(Event),
    /// Keep a file, step by step.
    Keep(Keep),
    /// Give [`Input::Timer`] after this long; replaces an earlier wish.
    Wake(Duration),
    /// Do something about the flow's companion.
    Companion(Companion),
    /// Hand the flow over; what is unread goes with it.
    HandOver(Next),
}

/// What a machine wants done, in order.
#[derive(Debug, Default)]
pub struct Out {
    actions: Vec<Action>,
}

impl Out {
    /// Sends bytes.
    pub fn send(&mut self, bytes: impl Into<Bytes>) {
        self.actions.push(Action::Send(bytes.into()));
    }

    /// Writes down a fact.
    pub fn note(&mut self, event: Event) {
        self.actions.push(Action::Note(event));
    }

    /// Begins to keep a file. Numbers are the machine's own; it gives each once.
    pub fn keep_start(&mut self, start: ArtifactStart) {
        self.actions.push(Action::Keep(Keep::Start(start)));
    }

    /// Keeps the next bytes of a file that was begun.
    pub fn keep_bytes(&mut self, number: ArtifactNumber, bytes: impl Into<Bytes>) {
        self.actions.push(Action::Keep(Keep::Bytes(number, bytes.into())));
    }

    /// Ends a file. One that is open when the flow ends, or when the machine hands the flow over,
    /// need not be ended: it counts as cut.
    pub fn keep_end(&mut self, number: ArtifactNumber, completeness: Completeness) {
        self.actions.push(Action::Keep(Keep::End(number, completeness)));
    }

    /// Asks for [`Input::Timer`] after `delay`.
    pub fn wake_after(&mut self, delay: Duration) {
        self.actions.push(Action::Wake(delay));
    }

    /// Asks for something about the flow's companion.
    pub fn companion(&mut self, wish: Companion) {
        self.actions.push(Action::Companion(wish));
    }

    /// Hands the flow over.
    pub fn hand_over(&mut self, next: Next) {
        self.actions.push(Action::HandOver(next));
    }

    /// Whether this machine has let go of the flow.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.actions.last(), Some(Action::HandOver(_)))
    }

    /// Takes the actions, for whoever carries them out; room is kept for the next ones.
    pub fn take_actions(&mut self) -> impl Iterator<Item = Action> + '_ {
        self.actions.drain(..)
    }
}
