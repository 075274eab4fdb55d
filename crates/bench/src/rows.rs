//! What is measured: one row each.

mod bulk;
mod dns;
mod followers;
mod http;
mod idle;
mod short;
mod start;
mod tls;

use std::fmt;

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use crate::report::say;
use crate::rounds::Round;
use crate::stage::Plan;

/// One comparison.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) against: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) goal: Goal,
    measure: fn(&Plan) -> Result<Measured>,
}

/// What is to be reached.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// By the ratio.
    AtLeast(f64),
    /// By the value itself.
    AtMost(f64),
}

/// What came out.
#[derive(Debug)]
pub(crate) enum Measured {
    /// Of sinkgate alone, with what has to be known about it.
    Alone(Vec<f64>, String),
    /// Of sinkgate and another.
    Compared(Vec<Round>),
}

pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "short",
        what: "short TCP connections, each with its row and bytes in SQLite",
        against: "a bare accept-read-close sink that stores nothing, behind the same rules",
        unit: "connections/s",
        goal: Goal::AtLeast(0.7),
        measure: short::against_bare_sink,
    },
    Row {
        name: "recipe",
        what: "the same",
        against: "the recipe: an event loop, MariaDB, a commit per row",
        unit: "connections/s",
        goal: Goal::AtLeast(8.0),
        measure: short::against_recipe,
    },
    Row {
        name: "bulk",
        what: "bulk upload recorded to disk",
        against: "the lower of that bare sink and a sequential write of the same bytes",
        unit: "MiB/s",
        goal: Goal::AtLeast(0.5),
        measure: bulk::measure,
    },
    Row {
        name: "dns",
        what: "DNS answered and recorded",
        against: "NSD with a wildcard zone, recording nothing",
        unit: "queries/s",
        goal: Goal::AtLeast(0.6),
        measure: dns::against_nsd,
    },
    Row {
        name: "dns-log",
        what: "the same",
        against: "dnsmasq with `log-queries` to a file",
        unit: "queries/s",
        goal: Goal::AtLeast(2.0),
        measure: dns::against_dnsmasq,
    },
    Row {
        name: "idle",
        what: "memory per idle recorded connection, above the empty process",
        against: "–",
        unit: "KiB",
        goal: Goal::AtMost(8.0),
        measure: idle::measure,
    },
    Row {
        name: "http",
        what: "HTTP requests answered and recorded, keep-alive",
        against: "nginx serving a file of that size, with its access log",
        unit: "requests/s",
        goal: Goal::AtLeast(0.4),
        measure: http::measure,
    },
    Row {
        name: "tls",
        what: "TLS handshakes agreed to and recorded, for a name seen before",
        against: "nginx with one certificate, recording nothing",
        unit: "handshakes/s",
        goal: Goal::AtLeast(0.7),
        measure: tls::for_a_name_seen_before,
    },
    Row {
        name: "tls-new",
        what: "the same, each for a name never seen, with a certificate of its own",
        against: "the same nginx, with that one certificate for all",
        unit: "handshakes/s",
        goal: Goal::AtLeast(0.3),
        measure: tls::for_names_never_seen,
    },
    Row {
        name: "start",
        what: "first recorded connection after start",
        against: "–",
        unit: "ms",
        goal: Goal::AtMost(300.0),
        measure: start::measure,
    },
    Row {
        name: "mariadb",
        what: "rows carried to MariaDB while new ones come, all on one core",
        against: "its `LOAD DATA INFILE` of the same rows",
        unit: "rows/s",
        goal: Goal::AtLeast(0.5),
        measure: followers::into_mariadb,
    },
    Row {
        name: "postgres",
        what: "the same, to PostgreSQL",
        against: "its `COPY` of the same rows",
        unit: "rows/s",
        goal: Goal::AtLeast(0.3),
        measure: followers::into_postgres,
    },
];

/// Their names, for the command line.
pub(crate) fn names() -> PossibleValuesParser {
    ROWS.iter().map(|row| row.name).collect::<Vec<_>>().into()
}

impl Row {
    /// Measures it.
    pub(crate) fn outcome(&self, plan: &Plan) -> Result<Measured> {
        say(format_args!("{}: {}", self.name, self.what));
        (self.measure)(plan).inspect_err(|error| say(format_args!("  void: {error:#}")))
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}
