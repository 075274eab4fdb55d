//! One change in words.

use model::{RunId, Timestamp, Transport};
use store::{Change, DataRow, DnsRow, EventRow, FlowContext, FlowRow};

use crate::cell::Cell;
use crate::events::sentence;
use crate::fields::{
    Field, Row, field, flow, name, orig_dst, orig_dst_port, run, transport, victim, victim_port,
    whom,
};
use crate::show::answer;
use crate::terminal;
use crate::times::{self, Dates};
use crate::units;
use crate::view::{Style, Tone};

/// Columns that an IPv4 address takes.
const VICTIM: usize = 15;

/// Columns of the word that says what happened.
const WHAT: usize = 5;

/// Letters of a beginning that are shown.
const BEGINNING: usize = 48;

/// A flow as it opens.
impl Row for FlowContext {
    const FIELDS: &'static [Field<Self>] = &[
        field("flow", flow),
        field("run", run),
        field("time", |context| Cell::Time(context.flow.opened)),
        field("transport", transport),
        field("victim", victim),
        field("victim_port", victim_port),
        field("orig_dst", orig_dst),
        field("orig_dst_port", orig_dst_port),
        field("name", name),
    ];

    fn context(&self) -> Option<&FlowContext> {
        Some(self)
    }
}

/// Whether a flow is, by its port, a talk with a resolver: its questions have lines of their own.
pub(super) fn is_resolving(context: &FlowContext) -> bool {
    context.flow.transport == Transport::Udp && context.flow.orig_dst.port() == 53
}

/// When it happened.
pub(super) fn time(change: &Change) -> Timestamp {
    match change {
        Change::Data(row) => row.time,
        Change::Dns(row) => row.time,
        Change::Event(row) => row.time,
        Change::FlowEnded(row) => {
            row.end.as_ref().map_or(row.context.flow.opened, |end| end.closed)
        }
        Change::FlowOpened(context) => context.flow.opened,
        Change::Named { time, .. } => *time,
        Change::RunClosed(run) => run.stopped,
        Change::RunOpened(run) => run.started,
    }
}

/// The line, without its end.
pub(super) fn words(change: &Change, style: Style, dates: Dates) -> String {
    let said = Said::of(change);
    let time = dates.write(time(change));
    let text = terminal::one_line(&said.text);
    let line = format!("{:VICTIM$}  {:WHAT$}  {text}", said.victim, said.what);
    format!("{}  {}", style.paint(Tone::Quiet, &time), style.paint(said.tone, line.trim_end()))
}

struct Said {
    victim: String,
    what: &'static str,
    tone: Tone,
    text: String,
}

impl Said {
    fn of(change: &Change) -> Self {
        match change {
            Change::Data(row) => Self::beginning(row),
            Change::Dns(row) => Self::question(row),
            Change::Event(row) => Self::event(row),
            Change::FlowEnded(row) => Self::end(row),
            Change::FlowOpened(context) => Self::opening(context),
            Change::Named { context, name, .. } => {
                Self::new(Some(context), "name", Tone::Plain, name.name.clone())
            }
            Change::RunClosed(run) => Self::of_run(run.run, "ended"),
            Change::RunOpened(run) => Self::of_run(run.id, &format!("started: {}", run.subject)),
        }
    }

    fn new(context: Option<&FlowContext>, what: &'static str, tone: Tone, text: String) -> Self {
        let victim =
            context.map_or_else(String::new, |context| context.flow.victim.ip().to_string());
        Self { victim, what, tone, text }
    }

    fn beginning(row: &DataRow) -> Self {
        let bytes = row.bytes.as_deref().unwrap_or_default();
        let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
        let shown = terminal::one_line_of(beginning);
        let shown = terminal::cut(&shown, BEGINNING);
        let length = units::exact_bytes(row.length);
        let text = format!("→ {}  {length}: {shown}", whom(&row.context));
        Self::new(Some(&row.context), "said", Tone::FromVictim, text)
    }

    fn question(row: &DnsRow) -> Self {
        let query = &row.query;
        let kind = model::DnsQuery::type_name(query.query_type);
        let text = format!("{kind} {} → {}", query.name, answer(query));
        Self::new(row.context.as_ref(), "dns", Tone::Plain, text)
    }

    fn event(row: &EventRow) -> Self {
        let text = sentence(&row.kind, &row.details);
        let (what, tone) = match row.kind.as_str() {
            "http.request" => ("http", Tone::FromVictim),
            "download.asked" => ("fetch", Tone::Alarm),
            "irc.command" => ("irc", Tone::FromVictim),
            "mail.message" => ("mail", Tone::FromVictim),
            "proxy.request" => ("proxy", Tone::FromVictim),
            "service.command" => ("told", Tone::FromVictim),
            "mqtt.message" => ("message", Tone::FromVictim),
            "syslog.message" => ("log", Tone::FromVictim),
            "tls.hello" | "tls.established" => ("tls", Tone::Plain),
            "tls.failed" => ("tls", Tone::Alarm),
            "websocket.message" => ("message", Tone::FromVictim),
            "protocol.broke" => ("broke", Tone::Plain),
            "limit.reached" => ("limit", Tone::Alarm),
            _ => ("event", Tone::Plain),
        };
        let context = row.context.as_ref();
        let whom =
            context.filter(|_| what != "http").map(|context| format!("→ {}  ", whom(context)));
        Self::new(context, what, tone, whom.unwrap_or_default() + &text)
    }

    fn opening(context: &FlowContext) -> Self {
        let address = match context.name {
            Some(_) => format!(" ({})", context.flow.orig_dst.ip()),
            None => String::new(),
        };
        let text = format!("→ {}{address}  {}", whom(context), context.flow.transport);
        Self::new(Some(context), "open", Tone::Heading, text)
    }

    fn end(row: &FlowRow) -> Self {
        let context = &row.context;
        let spoken = row.protocol.clone().unwrap_or_else(|| context.flow.transport.to_string());
        let end = row.end.as_ref().map_or_else(String::new, |end| {
            let took = times::span(end.closed.since(context.flow.opened));
            format!(", {} after {took}", end.ending)
        });
        let text = format!(
            "→ {}  {spoken}, {} sent, {} got{end}",
            whom(context),
            units::bytes(row.bytes_from_victim),
            units::bytes(row.bytes_to_victim),
        );
        Self::new(Some(context), "end", Tone::Quiet, text)
    }

    fn of_run(run: RunId, text: &str) -> Self {
        Self::new(None, "run", Tone::Heading, format!("{run} {text}"))
    }
}
