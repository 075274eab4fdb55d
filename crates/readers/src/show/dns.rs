//! DNS questions and their answers.

use model::DnsQuery;
use store::{DnsRow, FlowContext};

use crate::cell::Cell;
use crate::fields::{Field, Row, field, flow, victim, victim_port};
use crate::table::{Column, Need, Tabular, left};

impl Row for DnsRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("time", |row| Cell::Time(row.time)),
        field("run", |row| Cell::Id(row.run.to_string())),
        field("flow", flow),
        field("victim", victim),
        field("victim_port", victim_port),
        field("name", asked),
        field("type", query_type),
        field("class", |row| Cell::Number(row.query.query_class.into())),
        field("response_code", response_code),
        field("answers", |row| Cell::List(row.query.answers.clone())),
    ];

    fn context(&self) -> Option<&FlowContext> {
        self.context.as_ref()
    }
}

impl Tabular for DnsRow {
    const COLUMNS: &'static [Column<Self>] = &[
        left("TIME UTC", Need::Whole, |row| Cell::Time(row.time)),
        left("FLOW", Need::Rank(0), flow),
        left("VICTIM", Need::Rank(1), victim),
        left("TYPE", Need::Whole, query_type),
        left("NAME", Need::Least(24), asked),
        left("ANSWER", Need::Least(15), |row| Cell::Text(answer(&row.query))),
    ];

    const NOTHING: &'static str = "no DNS questions";
}

fn asked(row: &DnsRow) -> Cell {
    Cell::text(&row.query.name)
}

fn query_type(row: &DnsRow) -> Cell {
    Cell::Text(DnsQuery::type_name(row.query.query_type))
}

fn response_code(row: &DnsRow) -> Cell {
    row.query.response_code.map_or(Cell::Nothing, |code| Cell::Number(code.into()))
}

/// What was answered, or why it was nothing.
pub(crate) fn answer(query: &DnsQuery) -> String {
    match (query.response_code, query.answers.is_empty()) {
        (None, _) => "no response".to_owned(),
        (Some(0), true) => "no records".to_owned(),
        (Some(0), false) => query.answers.join(", "),
        (Some(code), _) => response_name(code),
    }
}

/// The names of the IANA registry "DNS RCODEs".
fn response_name(code: u16) -> String {
    let name = match code {
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        16 => "BADVERS",
        _ => return format!("response code {code}"),
    };
    name.to_owned()
}
