//! Rows as they are handed out.

use model::{
    Counter, Direction, DnsQuery, Ending, Flow, FlowId, FlowName, Layer, NameSource, OrigDst, Run,
    RunId, Timestamp, Transport, Victim,
};

use super::columns::Columns;

/// One run, with what was recorded in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// What was known when it started.
    pub run: Run,
    /// When it stopped; `None` while it runs, or if it was killed.
    pub stopped: Option<Timestamp>,
    /// How many flows were opened.
    pub flows: u64,
    /// How many DNS questions were asked.
    pub dns_queries: u64,
    /// Bytes of the wire layer that victims sent.
    pub bytes_from_victim: u64,
    /// Bytes of the wire layer that we sent.
    pub bytes_to_victim: u64,
}

/// What a row has to say of the flow it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowContext {
    /// Who called whom, and when.
    pub flow: Flow,
    /// What the victim knew the other end as: by what it said itself, else by our DNS answer.
    pub name: Option<String>,
}

/// One flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRow {
    /// Who called whom, and when.
    pub context: FlowContext,
    /// Every name it had, with where that is from.
    pub names: Vec<FlowName>,
    /// What it was recognised as.
    pub protocol: Option<String>,
    /// Bytes of the wire layer that the victim sent; so far, if it is open.
    pub bytes_from_victim: u64,
    /// Bytes of the wire layer that we sent; so far, if it is open.
    pub bytes_to_victim: u64,
    /// Its end; `None` while it is open, or if sinkgate was killed before.
    pub end: Option<FlowEnd>,
}

/// How a flow ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowEnd {
    /// When.
    pub closed: Timestamp,
    /// How.
    pub ending: Ending,
    /// What the limit on stored bytes kept out, if it was reached.
    pub unstored: Option<UnstoredBytes>,
}

/// Bytes of a flow that were counted and hashed but not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnstoredBytes {
    /// The setting that kept them out.
    pub limit: String,
    /// How many, both directions together.
    pub bytes: u64,
    /// SHA-256 over what the victim sent beyond the limit.
    pub sha256_from_victim: [u8; 32],
}

/// One piece of payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataRow {
    /// Its flow.
    pub context: FlowContext,
    /// When it was read or sent.
    pub time: Timestamp,
    /// Who sent it.
    pub direction: Direction,
    /// How many wrappings were taken off.
    pub layer: Layer,
    /// How many bytes of this direction and layer came before it.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u64,
    /// The bytes; `None` if the disk or the database was full.
    pub bytes: Option<Vec<u8>>,
}

/// One DNS question with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsRow {
    /// The run it belongs to.
    pub run: RunId,
    /// Its flow; `None` if that could not be recorded.
    pub context: Option<FlowContext>,
    /// When.
    pub time: Timestamp,
    /// What was asked and answered.
    pub query: DnsQuery,
}

/// Something understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The run it belongs to.
    pub run: RunId,
    /// Its flow; `None` if it is about the gateway as a whole.
    pub context: Option<FlowContext>,
    /// When.
    pub time: Timestamp,
    /// Which kind: one of [`model::Event::KINDS`].
    pub kind: String,
    /// What it says beyond that, a JSON object.
    pub details: String,
}

/// What a counter of a run stood at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRow {
    /// The run.
    pub run: RunId,
    /// Which; it knows what it means and whether it is a loss.
    pub counter: Counter,
    /// Its value.
    pub value: u64,
    /// When it was read; `None` if it never was.
    pub time: Option<Timestamp>,
}

impl FlowContext {
    /// How many columns it takes.
    const COLUMNS: usize = 9;

    pub(super) fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        let flow = Flow {
            id: FlowId::from_bytes(columns.take()?),
            run: RunId::from_bytes(columns.take()?),
            opened: columns.time()?,
            transport: Transport::from_number(columns.take()?),
            victim: Victim::new(columns.address()?),
            orig_dst: OrigDst::new(columns.address()?),
        };
        Ok(Self { flow, name: columns.take()? })
    }

    /// Of rows that may have none: the first column says whether there is one.
    fn read_if_any(columns: &mut Columns<'_>) -> rusqlite::Result<Option<Self>> {
        if columns.take::<Option<i64>>()?.is_some() {
            return Self::read(columns).map(Some);
        }
        columns.skip(Self::COLUMNS);
        Ok(None)
    }
}

impl FlowRow {
    pub(super) fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            context: FlowContext::read(columns)?,
            names: read_names(columns)?,
            protocol: columns.take()?,
            bytes_from_victim: columns.count()?,
            bytes_to_victim: columns.count()?,
            end: FlowEnd::read_if_any(columns)?,
        })
    }
}

impl FlowEnd {
    fn read_if_any(columns: &mut Columns<'_>) -> rusqlite::Result<Option<Self>> {
        let Some(closed) = columns.optional_time()? else { return Ok(None) };
        let ending = columns.one_of(Ending::ALL, Ending::name)?;
        Ok(Some(Self { closed, ending, unstored: UnstoredBytes::read_if_any(columns)? }))
    }
}

impl UnstoredBytes {
    fn read_if_any(columns: &mut Columns<'_>) -> rusqlite::Result<Option<Self>> {
        let Some(limit) = columns.take()? else { return Ok(None) };
        let (bytes, sha256_from_victim) = (columns.count()?, columns.take()?);
        Ok(Some(Self { limit, bytes, sha256_from_victim }))
    }
}

impl DataRow {
    pub(super) fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            context: FlowContext::read(columns)?,
            time: columns.time()?,
            direction: read_direction(columns)?,
            layer: read_layer(columns)?,
            offset: columns.count()?,
            length: columns.count()?,
            bytes: columns.take()?,
        })
    }
}

impl DnsRow {
    pub(super) fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        let run = RunId::from_bytes(columns.take()?);
        let context = FlowContext::read_if_any(columns)?;
        let time = columns.time()?;
        let query = DnsQuery {
            name: columns.take()?,
            query_type: columns.take()?,
            query_class: columns.take()?,
            response_code: columns.take()?,
            answers: columns.json()?,
        };
        Ok(Self { run, context, time, query })
    }
}

impl EventRow {
    pub(super) fn read(columns: &mut Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            run: RunId::from_bytes(columns.take()?),
            context: FlowContext::read_if_any(columns)?,
            time: columns.time()?,
            kind: columns.take()?,
            details: columns.take()?,
        })
    }
}

fn read_names(columns: &mut Columns<'_>) -> rusqlite::Result<Vec<FlowName>> {
    let pairs: Vec<(String, String)> = columns.json()?;
    let named = |(name, source): (String, String)| {
        let source = source_of(&source).ok_or_else(|| columns.odd("no source of names".into()))?;
        Ok(FlowName { name, source })
    };
    pairs.into_iter().map(named).collect()
}

/// The next two columns.
pub(super) fn read_name(columns: &mut Columns<'_>) -> rusqlite::Result<FlowName> {
    let name = columns.take()?;
    Ok(FlowName { name, source: columns.one_of(SOURCES, NameSource::name)? })
}

fn source_of(word: &str) -> Option<NameSource> {
    SOURCES.into_iter().find(|source| source.name() == word)
}

const SOURCES: [NameSource; 4] =
    [NameSource::DnsAnswer, NameSource::HostHeader, NameSource::Proxy, NameSource::Sni];

/// The next column, a direction.
pub(super) fn read_direction(columns: &mut Columns<'_>) -> rusqlite::Result<Direction> {
    match columns.take()? {
        0_u8 => Ok(Direction::FromVictim),
        1 => Ok(Direction::ToVictim),
        other => Err(columns.odd(format!("{other} is no direction").into())),
    }
}

/// The next column, a layer.
pub(super) fn read_layer(columns: &mut Columns<'_>) -> rusqlite::Result<Layer> {
    match columns.take()? {
        0_u8 => Ok(Layer::Wire),
        1 => Ok(Layer::Inner),
        2 => Ok(Layer::Nested),
        other => Err(columns.odd(format!("{other} is no layer").into())),
    }
}
