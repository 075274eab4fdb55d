//! What becomes of one line.

use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use model::{
    Counter, Ending, Event, Flow, FlowClosed, FlowName, Limit, NameSource, NetfilterLog, Record,
    Sender, Timestamp,
};
use proto::netfilter_log::{self, Read};
use proto::syslog;

use super::LogSettings;
use super::announced::{Announced, Logged, OnlyLogged, Waiting, Why};
use crate::recorder::Recorder;
use crate::session::Whom;
use crate::surroundings::Surroundings;

/// Longest line that is kept when it cannot be read, in bytes: twice what the kernel writes.
const KEPT_BYTES: usize = 2_048;

/// Reads lines, whoever they came from. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Desk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    around: Surroundings,
    announced: Arc<Announced>,
    prefix: String,
    line_bytes: usize,
    /// The listener's own addresses.
    own: Vec<SocketAddr>,
}

impl Desk {
    pub(super) fn new(
        around: Surroundings,
        announced: Arc<Announced>,
        settings: &LogSettings,
        own: Vec<SocketAddr>,
    ) -> Self {
        let (prefix, line_bytes) = (settings.prefix.clone(), settings.line_bytes);
        Self(Arc::new(Inner { around, announced, prefix, line_bytes, own }))
    }

    /// Longest line that is read.
    pub(super) fn line_bytes(&self) -> usize {
        self.0.line_bytes
    }

    /// Returns when we are stopping.
    pub(super) fn stop(&self) -> impl Future<Output = ()> + use<> {
        self.0.around.stop.clone().wait()
    }

    /// Ready when more lines may be read.
    pub(super) fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.recorder().poll_room_for_streams(cx)
    }

    /// A limit of the listener was reached.
    pub(super) fn limit_reached(&self, limit: Limit) {
        self.note(Event::LimitReached(limit));
    }

    /// Takes in a datagram: one line, whatever is in it.
    pub(super) fn datagram(&self, bytes: &[u8]) {
        if let Some(cut) = bytes.get(..self.0.line_bytes) {
            self.limit_reached(Limit::LineBytes);
            return self.line(cut);
        }
        self.line(bytes);
    }

    /// Takes in a line.
    pub(super) fn line(&self, bytes: &[u8]) {
        let line = String::from_utf8_lossy(bytes);
        let message = syslog::message(&line);
        match netfilter_log::read(message.text, &self.0.prefix) {
            Read::Foreign => self.recorder().count(Counter::LogLinesForeign, 1),
            Read::Garbled(why) => self.garbled(why, &line),
            Read::Packet(mut packet) => {
                packet.host = message.host.map(str::to_owned);
                packet.truncated = packet.truncated.map(|_| beginning(&line));
                self.packet(packet);
            }
        }
    }

    /// Records what waits no longer.
    pub(super) fn sweep(&self) {
        self.settle(self.recorder().now());
    }

    /// Records what still waits: we are stopping.
    pub(super) fn finish(&self) {
        self.settle(Timestamp::from_micros(i64::MAX));
    }

    fn garbled(&self, why: &'static str, line: &str) {
        self.recorder().count(Counter::LogLines, 1);
        self.recorder().count(Counter::LogLinesGarbled, 1);
        self.note(Event::NetfilterGarbled { why: why.into(), line: beginning(line) });
    }

    fn packet(&self, packet: Box<NetfilterLog>) {
        self.recorder().count(Counter::LogLines, 1);
        if packet.truncated.is_some() {
            self.recorder().count(Counter::LogLinesTruncated, 1);
        }
        let Some((transport, victim, orig_dst)) = packet.ends() else {
            return self.note(Event::NetfilterLog(packet));
        };
        if [victim.address(), orig_dst.address()].iter().any(|end| self.is_own(*end)) {
            return self.recorder().count(Counter::LogLinesOwn, 1);
        }
        let whom = Whom { transport, victim, orig_dst };
        let sender = packet.sender();
        let line = Logged { time: self.recorder().now(), packet };
        match sender {
            Sender::Gateway => {
                if let Some(line) = self.0.announced.answer(whom, line) {
                    self.note(Event::NetfilterLog(line.packet));
                }
            }
            Sender::Victim => {
                if self.0.announced.line(whom, line) {
                    self.sweep();
                }
            }
        }
    }

    /// Whether the listener itself is at this end. A rule that logs every packet logs those that
    /// bring its lines, too.
    fn is_own(&self, end: SocketAddr) -> bool {
        self.0.own.iter().any(|own| {
            own.port() == end.port()
                && (own.ip().is_unspecified() || own.ip().to_canonical() == end.ip())
        })
    }

    fn settle(&self, now: Timestamp) {
        self.0.announced.settle(now, |whom, waiting, why| self.record(whom, waiting, why));
    }

    /// Records a flow that nothing but log lines told of.
    fn record(&self, whom: Whom, waiting: Waiting, why: Why) -> OnlyLogged {
        let recorder = self.recorder();
        let (opened, ended) = (waiting.since, recorder.now());
        let Whom { transport, victim, orig_dst } = whom;
        let (id, run) = (recorder.flow_id(opened), recorder.run());
        for counter in [Counter::FlowsOnlyLogged, Counter::FlowsOpened, Counter::FlowsClosed] {
            recorder.count(counter, 1);
        }
        recorder.record(Record::FlowOpened(Flow { id, run, opened, transport, victim, orig_dst }));
        if let Some(name) = self.0.around.rules.now().dns.name_of(orig_dst.ip()) {
            let name = FlowName { name, source: NameSource::DnsAnswer };
            recorder.note(Some(id), opened, Event::Named(name));
        }
        for line in waiting.lines {
            recorder.note(Some(id), line.time, Event::NetfilterLog(line.packet));
        }
        if why == Why::Crowded {
            recorder.note(Some(id), ended, Event::LimitReached(Limit::LogLinesWaiting));
        }
        recorder.record(Record::FlowClosed(FlowClosed {
            flow: id,
            closed: ended,
            protocol: None,
            ending: Ending::NeverConnected,
            bytes_from_victim: 0,
            bytes_to_victim: 0,
            unstored: None,
        }));
        OnlyLogged { flow: id, ended, recorder: recorder.clone() }
    }

    fn note(&self, event: Event) {
        self.recorder().note(None, self.recorder().now(), event);
    }

    fn recorder(&self) -> &Recorder {
        &self.0.around.recorder
    }
}

/// As much of a line as is kept.
fn beginning(line: &str) -> String {
    line.get(..line.floor_char_boundary(KEPT_BYTES)).unwrap_or(line).to_owned()
}
