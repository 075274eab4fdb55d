//! Events of flows that have ended: log lines come late.

use model::Event;
use store::{EventRow, Filter, Limited, Writer, WriterSettings};

use crate::support::{Fresh, closed, event, gathered, run, tcp, write};

/// Two flows that end one after the other, and then an event of each.
fn flows_of_late_events(remembered_flows: usize) -> Vec<Option<u16>> {
    let fresh = Fresh::new();
    let settings = WriterSettings { remembered_flows, ..WriterSettings::default() };
    let mut writer = Writer::open(fresh.path(), settings).unwrap();
    let _ = write(&mut writer, &[run(), tcp(1, 1.0, "1.2.3.4:80"), closed(1, 1.5, None)]);
    let _ = write(&mut writer, &[tcp(2, 2.0, "1.2.3.4:80"), closed(2, 2.5, None)]);
    let logged = |number| event(number, 3.0, Event::NetfilterLog(Box::default()));
    let committed = write(&mut writer, &[logged(1), logged(2)]);
    assert_eq!((committed.records, committed.orphans), (2, 0));
    let reader = fresh.reader();
    let rows: Vec<EventRow> =
        gathered(|visit| reader.events(&Filter::default(), Limited::All, visit));
    let port = |row: &EventRow| Some(row.context.as_ref()?.flow.victim.address().port() - 40_000);
    rows.iter().map(port).collect()
}

#[test]
fn a_late_event_finds_its_flow() {
    assert_eq!(flows_of_late_events(2), [Some(1), Some(2)]);
}

#[test]
fn the_flow_that_ended_first_is_forgotten_first_and_its_event_is_kept() {
    assert_eq!(flows_of_late_events(1), [None, Some(2)]);
    assert_eq!(flows_of_late_events(0), [None, None]);
}
