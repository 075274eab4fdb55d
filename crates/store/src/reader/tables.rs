//! What every kind of row is selected from. The first three columns of each are its number, the
//! number of its flow, and its time.

/// A table with what is joined to it.
#[derive(Debug)]
pub(super) struct Table {
    /// What its rows are, in words.
    pub(super) what: &'static str,
    /// After `FROM`.
    pub(super) from: &'static str,
    /// The number of a row, which grows with every row.
    pub(super) seq: &'static str,
    /// The number of its flow.
    pub(super) flow: &'static str,
    /// When it happened.
    pub(super) time: &'static str,
    /// The columns of a row after those three.
    pub(super) columns: &'static str,
    /// Whether there is a `flow` to ask anything of.
    pub(super) has_flow: bool,
    /// The condition on a name; the same pattern is bound to every place in it.
    pub(super) name: &'static str,
}

/// The columns that a [`FlowContext`](super::FlowContext) is read from.
macro_rules! context {
    () => {
        "flow.id, run.id, flow.opened, flow.transport, flow.victim, flow.victim_port, flow.dst, \
         flow.dst_port, (SELECT n.name FROM flow_name AS n WHERE n.flow = flow.seq \
         ORDER BY CASE n.source WHEN 'sni' THEN 0 WHEN 'host' THEN 1 \
         WHEN 'proxy' THEN 2 ELSE 3 END, n.seq LIMIT 1)"
    };
}

/// The columns of a row that may have no flow: its run, whether it has one, and which.
macro_rules! context_if_any {
    () => {
        concat!("run.id, flow.seq, ", context!())
    };
}

/// The columns that a [`FlowRow`](super::FlowRow) is read from. Of an open flow the payload knows
/// how much was said, and an event what it was recognised as. A victim may give a flow any number
/// of names: the first 100 are read.
macro_rules! whole_flow {
    () => {
        concat!(
            context!(),
            ", (SELECT json_group_array(json_array(name, source)) FROM (SELECT n.name, n.source \
             FROM flow_name AS n WHERE n.flow = flow.seq ORDER BY n.seq LIMIT 100)), \
             iif(flow_end.seq IS NULL, (SELECT e.details ->> 'protocol' FROM event AS e \
             WHERE e.flow = flow.seq AND e.kind = 'flow.recognised' ORDER BY e.seq DESC LIMIT 1), \
             flow_end.protocol), \
             coalesce(flow_end.bytes_from_victim, (SELECT sum(p.length) FROM payload AS p \
             WHERE p.flow = flow.seq AND p.direction = 0 AND p.layer = 0), 0), \
             coalesce(flow_end.bytes_to_victim, (SELECT sum(p.length) FROM payload AS p \
             WHERE p.flow = flow.seq AND p.direction = 1 AND p.layer = 0), 0), \
             flow_end.closed, flow_end.ending, flow_end.unstored_limit, flow_end.unstored_bytes, \
             flow_end.unstored_sha256"
        )
    };
}

/// The columns of a [`DataRow`](super::DataRow) before its bytes.
macro_rules! payload {
    () => {
        concat!(
            context!(),
            ", payload.time, payload.direction, payload.layer, payload.offset, payload.length"
        )
    };
}

/// A flow went to a name if it has it, or to the address of that spelling.
const NAME_OF_FLOW: &str = "(flow.dst LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM flow_name AS n \
                            WHERE n.flow = flow.seq AND n.name LIKE ? ESCAPE '\\'))";

// `CROSS JOIN` is an inner join whose left side SQLite reads first: rows come in their order
// without being sorted.

pub(super) const RUN: Table = Table {
    what: "runs",
    from: "run",
    seq: "run.seq",
    flow: "NULL",
    time: "run.started",
    columns: "run.id, run.sensor, run.started, run.subject",
    has_flow: false,
    name: "",
};

pub(super) const RUN_END: Table = Table {
    what: "ends of runs",
    from: "run_end CROSS JOIN run ON run.seq = run_end.run",
    seq: "run_end.seq",
    flow: "NULL",
    time: "run_end.stopped",
    columns: "run.id, run_end.stopped",
    has_flow: false,
    name: "",
};

pub(super) const FLOW: Table = Table {
    what: "flows",
    from: "flow CROSS JOIN run ON run.seq = flow.run LEFT JOIN flow_end ON flow_end.flow = flow.seq",
    seq: "flow.seq",
    flow: "flow.seq",
    time: "flow.opened",
    columns: whole_flow!(),
    has_flow: true,
    name: NAME_OF_FLOW,
};

/// Flows as they open: nothing is known of them yet.
pub(super) const FLOW_OPENED: Table =
    Table { from: "flow CROSS JOIN run ON run.seq = flow.run", columns: context!(), ..FLOW };

pub(super) const FLOW_END: Table = Table {
    what: "ends of flows",
    from: "flow_end CROSS JOIN flow ON flow.seq = flow_end.flow CROSS JOIN run ON run.seq = flow.run",
    seq: "flow_end.seq",
    flow: "flow_end.flow",
    time: "flow_end.closed",
    columns: whole_flow!(),
    has_flow: true,
    name: NAME_OF_FLOW,
};

pub(super) const FLOW_NAME: Table = Table {
    what: "names of flows",
    from: "flow_name CROSS JOIN flow ON flow.seq = flow_name.flow \
           CROSS JOIN run ON run.seq = flow.run",
    seq: "flow_name.seq",
    flow: "flow_name.flow",
    time: "flow_name.time",
    columns: concat!(context!(), ", flow_name.name, flow_name.source, flow_name.time"),
    has_flow: true,
    name: NAME_OF_FLOW,
};

pub(super) const PAYLOAD: Table = Table {
    what: "data",
    from: "payload CROSS JOIN flow ON flow.seq = payload.flow \
           CROSS JOIN run ON run.seq = flow.run",
    seq: "payload.seq",
    flow: "payload.flow",
    time: "payload.time",
    columns: concat!(payload!(), ", payload.bytes"),
    has_flow: true,
    name: NAME_OF_FLOW,
};

/// The same, to be read flow by flow.
pub(super) const PAYLOAD_BY_FLOW: Table = Table {
    from: "flow CROSS JOIN run ON run.seq = flow.run CROSS JOIN payload ON payload.flow = flow.seq",
    ..PAYLOAD
};

/// The same without the bytes, but for those that begin a direction.
pub(super) const PAYLOAD_BEGINNING: Table = Table {
    columns: concat!(payload!(), ", iif(payload.offset = 0, payload.bytes, NULL)"),
    ..PAYLOAD
};

pub(super) const ARTIFACT: Table = Table {
    what: "files",
    from: "artifact CROSS JOIN flow ON flow.seq = artifact.flow \
           CROSS JOIN run ON run.seq = flow.run",
    seq: "artifact.seq",
    flow: "artifact.flow",
    time: "artifact.opened",
    columns: concat!(
        context!(),
        ", artifact.id, artifact.opened, artifact.closed, artifact.source, artifact.direction, \
         artifact.name, artifact.media_type, artifact.file_type, artifact.bytes, \
         artifact.stored_bytes, artifact.sha256, artifact.sha1, artifact.md5, artifact.part_of, \
         artifact.completeness"
    ),
    has_flow: true,
    name: NAME_OF_FLOW,
};

pub(super) const DNS_QUERY: Table = Table {
    what: "DNS questions",
    from: "dns_query CROSS JOIN run ON run.seq = dns_query.run \
           LEFT JOIN flow ON flow.seq = dns_query.flow",
    seq: "dns_query.seq",
    flow: "dns_query.flow",
    time: "dns_query.time",
    columns: concat!(
        context_if_any!(),
        ", dns_query.time, dns_query.name, dns_query.query_type, dns_query.query_class, \
         dns_query.response_code, dns_query.answers"
    ),
    has_flow: true,
    name: "dns_query.name LIKE ? ESCAPE '\\'",
};

pub(super) const EVENT: Table = Table {
    what: "events",
    from: "event CROSS JOIN run ON run.seq = event.run LEFT JOIN flow ON flow.seq = event.flow",
    seq: "event.seq",
    flow: "event.flow",
    time: "event.time",
    columns: concat!(context_if_any!(), ", event.time, event.kind, event.details"),
    has_flow: true,
    name: NAME_OF_FLOW,
};
