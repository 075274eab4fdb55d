//! What is carried over: every table, with where its columns are read here.
//!
//! A row has the same key each time it is sent, so a repeat changes nothing: its id, or the id of
//! its flow or run with its number in the local file. Whatever cannot be told from the id of a flow
//! alone has the sensor in a column of its own, too.

/// A table as it is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Where its rows are here, after `FROM`.
    pub(super) from: &'static str,
    /// The number that a row has here, and that grows; for counters, the time they were read.
    pub(super) place: &'static str,
    pub(super) columns: &'static [Column],
    pub(super) again: Again,
}

/// A column as it is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What it is here.
    pub(super) here: &'static str,
}

/// What is in a column, whatever type each database has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Here a text.
    Address,
    Bytes,
    /// Here sixteen bytes.
    Id,
    Json,
    Number,
    Text,
    /// Here microseconds since 1970.
    Time,
}

/// What is done with a row that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Nothing: rows are only ever added.
    Kept,
    /// These columns are written anew.
    Replaced(&'static [&'static str]),
}

const fn column(name: &'static str, kind: Kind, here: &'static str) -> Column {
    Column { name, kind, here }
}

/// In the order in which they are written: a flow before what belongs to it.
pub(super) const TABLES: [&Table; 11] = [
    &RUN,
    &FLOW,
    &FLOW_NAME,
    &PAYLOAD,
    &ARTIFACT_PART,
    &ARTIFACT,
    &DNS_QUERY,
    &EVENT,
    &FLOW_END,
    &RUN_END,
    &COUNTER,
];

const RUN: Table = Table {
    name: "run",
    from: "run",
    place: "run.seq",
    columns: &[
        column("id", Kind::Id, "run.id"),
        column("sensor", Kind::Id, "run.sensor"),
        column("started", Kind::Time, "run.started"),
        column("subject", Kind::Text, "run.subject"),
    ],
    again: Again::Kept,
};

const RUN_END: Table = Table {
    name: "run_end",
    from: "run_end JOIN run ON run.seq = run_end.run",
    place: "run_end.seq",
    columns: &[
        column("run", Kind::Id, "run.id"),
        column("sensor", Kind::Id, "run.sensor"),
        column("stopped", Kind::Time, "run_end.stopped"),
    ],
    again: Again::Kept,
};

const FLOW: Table = Table {
    name: "flow",
    from: "flow JOIN run ON run.seq = flow.run",
    place: "flow.seq",
    columns: &[
        column("id", Kind::Id, "flow.id"),
        column("run", Kind::Id, "run.id"),
        column("sensor", Kind::Id, "run.sensor"),
        column("opened", Kind::Time, "flow.opened"),
        column("transport", Kind::Number, "flow.transport"),
        column("victim", Kind::Address, "flow.victim"),
        column("victim_v4", Kind::Number, "flow.victim_v4"),
        column("victim_port", Kind::Number, "flow.victim_port"),
        column("dst", Kind::Address, "flow.dst"),
        column("dst_port", Kind::Number, "flow.dst_port"),
    ],
    again: Again::Kept,
};

const FLOW_END: Table = Table {
    name: "flow_end",
    from: "flow_end JOIN flow ON flow.seq = flow_end.flow JOIN run ON run.seq = flow.run",
    place: "flow_end.seq",
    columns: &[
        column("flow", Kind::Id, "flow.id"),
        column("sensor", Kind::Id, "run.sensor"),
        column("closed", Kind::Time, "flow_end.closed"),
        column("protocol", Kind::Text, "flow_end.protocol"),
        column("ending", Kind::Text, "flow_end.ending"),
        column("bytes_from_victim", Kind::Number, "flow_end.bytes_from_victim"),
        column("bytes_to_victim", Kind::Number, "flow_end.bytes_to_victim"),
        column("unstored_limit", Kind::Text, "flow_end.unstored_limit"),
        column("unstored_bytes", Kind::Number, "flow_end.unstored_bytes"),
        column("unstored_sha256", Kind::Bytes, "flow_end.unstored_sha256"),
    ],
    again: Again::Kept,
};

const FLOW_NAME: Table = Table {
    name: "flow_name",
    from: "flow_name JOIN flow ON flow.seq = flow_name.flow JOIN run ON run.seq = flow.run",
    place: "flow_name.seq",
    columns: &[
        column("flow", Kind::Id, "flow.id"),
        column("seq", Kind::Number, "flow_name.seq"),
        column("sensor", Kind::Id, "run.sensor"),
        column("time", Kind::Time, "flow_name.time"),
        column("name", Kind::Text, "flow_name.name"),
        column("source", Kind::Text, "flow_name.source"),
    ],
    again: Again::Kept,
};

/// A piece longer than a database takes becomes several, which only `position` tells apart.
pub(super) const PAYLOAD: Table = Table {
    name: "payload",
    from: "payload JOIN flow ON flow.seq = payload.flow JOIN run ON run.seq = flow.run",
    place: "payload.seq",
    columns: &[
        column("flow", Kind::Id, "flow.id"),
        column("seq", Kind::Number, "payload.seq"),
        // `offset` is a word of SQL in some databases.
        column("position", Kind::Number, "payload.offset"),
        column("length", Kind::Number, "payload.length"),
        column("bytes", Kind::Bytes, "payload.bytes"),
        column("sensor", Kind::Id, "run.sensor"),
        column("time", Kind::Time, "payload.time"),
        column("direction", Kind::Number, "payload.direction"),
        column("layer", Kind::Number, "payload.layer"),
    ],
    again: Again::Kept,
};

/// Cut like payload where it has to be. Parts of a file that turned out to be here already are
/// removed; some may have been carried over before, and stay there without a row that refers to
/// them.
pub(super) const ARTIFACT_PART: Table = Table {
    name: "artifact_part",
    from: "artifact_part JOIN run ON run.seq = artifact_part.run",
    place: "artifact_part.seq",
    columns: &[
        column("content", Kind::Id, "artifact_part.content"),
        column("seq", Kind::Number, "artifact_part.seq"),
        column("position", Kind::Number, "artifact_part.offset"),
        column("length", Kind::Number, "artifact_part.length"),
        column("bytes", Kind::Bytes, "artifact_part.bytes"),
        column("sensor", Kind::Id, "run.sensor"),
    ],
    again: Again::Kept,
};

const ARTIFACT: Table = Table {
    name: "artifact",
    from: "artifact JOIN flow ON flow.seq = artifact.flow JOIN run ON run.seq = flow.run",
    place: "artifact.seq",
    columns: &[
        column("id", Kind::Id, "artifact.id"),
        column("flow", Kind::Id, "flow.id"),
        column("sensor", Kind::Id, "run.sensor"),
        column("opened", Kind::Time, "artifact.opened"),
        column("closed", Kind::Time, "artifact.closed"),
        column("source", Kind::Text, "artifact.source"),
        column("direction", Kind::Number, "artifact.direction"),
        column("name", Kind::Text, "artifact.name"),
        column("media_type", Kind::Text, "artifact.media_type"),
        column("file_type", Kind::Text, "artifact.file_type"),
        column("bytes", Kind::Number, "artifact.bytes"),
        column("stored_bytes", Kind::Number, "artifact.stored_bytes"),
        column("sha256", Kind::Bytes, "artifact.sha256"),
        column("sha1", Kind::Bytes, "artifact.sha1"),
        column("md5", Kind::Bytes, "artifact.md5"),
        column("part_of", Kind::Id, "artifact.part_of"),
        column("completeness", Kind::Text, "artifact.completeness"),
        column("content", Kind::Id, "artifact.content"),
    ],
    again: Again::Kept,
};

const DNS_QUERY: Table = Table {
    name: "dns_query",
    from: "dns_query JOIN run ON run.seq = dns_query.run \
           LEFT JOIN flow ON flow.seq = dns_query.flow",
    place: "dns_query.seq",
    columns: &[
        column("run", Kind::Id, "run.id"),
        column("seq", Kind::Number, "dns_query.seq"),
        column("sensor", Kind::Id, "run.sensor"),
        column("flow", Kind::Id, "flow.id"),
        column("time", Kind::Time, "dns_query.time"),
        column("name", Kind::Text, "dns_query.name"),
        column("query_type", Kind::Number, "dns_query.query_type"),
        column("query_class", Kind::Number, "dns_query.query_class"),
        column("response_code", Kind::Number, "dns_query.response_code"),
        column("answers", Kind::Json, "dns_query.answers"),
    ],
    again: Again::Kept,
};

const EVENT: Table = Table {
    name: "event",
    from: "event JOIN run ON run.seq = event.run LEFT JOIN flow ON flow.seq = event.flow",
    place: "event.seq",
    columns: &[
        column("run", Kind::Id, "run.id"),
        column("seq", Kind::Number, "event.seq"),
        column("sensor", Kind::Id, "run.sensor"),
        column("flow", Kind::Id, "flow.id"),
        column("time", Kind::Time, "event.time"),
        column("kind", Kind::Text, "event.kind"),
        column("details", Kind::Json, "event.details"),
    ],
    again: Again::Kept,
};

/// The only rows that change; all of a run change together.
const COUNTER: Table = Table {
    name: "counter",
    from: "counter JOIN run ON run.seq = counter.run",
    place: "counter.time",
    columns: &[
        column("run", Kind::Id, "run.id"),
        column("name", Kind::Text, "counter.name"),
        column("sensor", Kind::Id, "run.sensor"),
        column("value", Kind::Number, "counter.value"),
        column("time", Kind::Time, "counter.time"),
    ],
    again: Again::Replaced(&["value", "time"]),
};
