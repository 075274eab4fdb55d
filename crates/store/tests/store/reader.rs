//! What was written is read back, all of it or the part that was asked for.

use crate::support::{
    Fresh, answered, asked, at, closed, event, flow, flow_id, gathered, named, query, run,
    run_closed, run_id, said, tcp, udp, write,
};
use model::{
    Basis, Counter, CounterReading, Direction, Ending, Event, EventRecord, FlowClosed, FlowName,
    GivenAddress, HttpRequest, Limit, NameSource, Record, Transport, Unstored,
};
use store::{
    DataRow, DnsRow, EventRow, Filter, FlowRow, Limited, ReadError, Reader, RunRow, UnstoredBytes,
};

fn flows(reader: &Reader, filter: &Filter) -> Vec<FlowRow> {
    gathered(|visit| reader.flows(filter, Limited::All, visit))
}

fn dns(reader: &Reader, filter: &Filter, limit: Limited) -> Vec<DnsRow> {
    gathered(|visit| reader.dns_queries(filter, limit, visit))
}

fn data(reader: &Reader, filter: &Filter, limit: Limited) -> Vec<DataRow> {
    gathered(|visit| reader.data(filter, limit, visit))
}

fn events(reader: &Reader, filter: &Filter) -> Vec<EventRow> {
    gathered(|visit| reader.events(filter, Limited::All, visit))
}

/// The numbers of the flows that pass.
fn passing(reader: &Reader, filter: &Filter) -> Vec<u16> {
    let number = |row: FlowRow| row.context.flow.victim.address().port() - 40_000;
    flows(reader, filter).into_iter().map(number).collect()
}

/// A program asks for a name, talks HTTP to it, then something unknown to another address.
fn story() -> Vec<Record> {
    vec![
        run(),
        udp(1, 1.0, "10.0.0.1:53"),
        said(1, 1.0, 0, b"question"),
        event(1, 1.0, Event::Recognised { protocol: "dns", by: Basis::Content }),
        asked(1, 1.0, "update.example.com"),
        answered(1, 1.0, 0, b"answer"),
        tcp(2, 2.0, "198.51.100.9:80"),
        named(2, 2.0, "update.example.com", NameSource::DnsAnswer),
        said(2, 2.1, 0, b"GET / HT"),
        said(2, 2.2, 8, b"TP/1.1\r\n\r\n"),
        named(2, 2.2, "cdn.example.net", NameSource::HostHeader),
        event(2, 2.2, Event::Recognised { protocol: "http", by: Basis::Content }),
        answered(2, 2.3, 0, b"HTTP/1.1 200 OK\r\n\r\n"),
        closed(2, 2.4, Some("http")),
        closed(1, 3.0, Some("dns")),
        flow(3, 4.0, Transport::Tcp, ("fd00::7", "[2001:db8::1]:6667")),
        said(3, 4.1, 0, b"NICK bot"),
    ]
}

#[test]
fn a_run_comes_back_with_what_was_recorded_in_it() {
    let fresh = Fresh::with(&story());
    let Record::RunOpened(run) = run() else { unreachable!() };
    let expected = RunRow {
        run,
        stopped: None,
        flows: 3,
        dns_queries: 1,
        bytes_from_victim: 11 + 11 + 8,
        bytes_to_victim: 22 + 22,
    };
    let rows = fresh.reader().runs(&Filter::default(), Limited::All).unwrap();
    assert_eq!(rows, [expected]);
}

#[test]
fn the_end_of_a_run_comes_back() {
    let fresh = Fresh::with(&[run(), run_closed(9.0)]);
    let rows = fresh.reader().runs(&Filter::default(), Limited::All).unwrap();
    assert_eq!(rows[0].stopped, Some(at(9.0)));
}

#[test]
fn a_flow_comes_back_with_its_names_and_its_end() {
    let fresh = Fresh::with(&story());
    let rows = flows(&fresh.reader(), &Filter::default());
    let row = &rows[1];
    let Record::FlowOpened(opened) = tcp(2, 2.0, "198.51.100.9:80") else { unreachable!() };
    assert_eq!(row.context.flow, opened);
    assert_eq!(row.context.name.as_deref(), Some("cdn.example.net"));
    let name = |name: &str, source| FlowName { name: name.to_owned(), source };
    assert_eq!(
        row.names,
        [
            name("update.example.com", NameSource::DnsAnswer),
            name("cdn.example.net", NameSource::HostHeader)
        ]
    );
    assert_eq!(row.protocol.as_deref(), Some("http"));
    assert_eq!((row.bytes_from_victim, row.bytes_to_victim), (11, 22));
    let end = row.end.as_ref().unwrap();
    assert_eq!((end.closed, end.ending), (at(2.4), Ending::Finished));
    assert_eq!(end.unstored, None);
}

#[test]
fn an_open_flow_comes_back_with_what_was_said_so_far() {
    let mut records = story();
    records.push(event(3, 4.2, Event::Recognised { protocol: "irc", by: Basis::Port }));
    let fresh = Fresh::with(&records);
    let rows = flows(&fresh.reader(), &Filter::default());
    let row = &rows[2];
    assert_eq!(row.context.flow.victim.to_string(), "[fd00::7]:40003");
    assert_eq!(row.context.flow.orig_dst.to_string(), "[2001:db8::1]:6667");
    assert_eq!((row.bytes_from_victim, row.bytes_to_victim), (8, 0));
    assert_eq!((row.protocol.as_deref(), &row.end), (Some("irc"), &None));
}

#[test]
fn what_a_limit_kept_out_comes_back() {
    let unstored = Unstored {
        limit: Limit::StoredBytesPerFlow,
        bytes: 5_000_000_000,
        sha256_from_victim: [9; 32],
    };
    let end = FlowClosed {
        flow: flow_id(1),
        closed: at(2.0),
        protocol: None,
        ending: Ending::ResetByVictim,
        bytes_from_victim: 5_000_000_001,
        bytes_to_victim: 0,
        unstored: Some(unstored),
    };
    let fresh = Fresh::with(&[run(), tcp(1, 1.0, "1.2.3.4:5"), Record::FlowClosed(end)]);
    let rows = flows(&fresh.reader(), &Filter::default());
    let expected = UnstoredBytes {
        limit: "limits.stored_bytes_per_flow".to_owned(),
        bytes: 5_000_000_000,
        sha256_from_victim: [9; 32],
    };
    assert_eq!(rows[0].end.as_ref().unwrap().unstored, Some(expected));
    assert_eq!(rows[0].bytes_from_victim, 5_000_000_001);
}

#[test]
fn every_ending_comes_back() {
    for (number, ending) in (1..).zip(Ending::ALL) {
        let mut end = closed(number, 2.0, None);
        let Record::FlowClosed(closed) = &mut end else { unreachable!() };
        closed.ending = ending;
        let fresh = Fresh::with(&[run(), tcp(number, 1.0, "1.2.3.4:5"), end]);
        let rows = flows(&fresh.reader(), &Filter::default());
        assert_eq!(rows[0].end.as_ref().unwrap().ending, ending);
    }
}

#[test]
fn a_question_comes_back_with_its_answer() {
    let fresh = Fresh::with(&story());
    let rows = dns(&fresh.reader(), &Filter::default(), Limited::All);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].query, query("update.example.com"));
    assert_eq!((rows[0].run, rows[0].time), (run_id(), at(1.0)));
    assert_eq!(rows[0].context.as_ref().unwrap().flow.id, flow_id(1));
}

#[test]
fn a_question_whose_flow_is_unknown_comes_back_without_one() {
    let fresh = Fresh::with(&[run(), asked(7, 1.0, "a.example")]);
    let rows = dns(&fresh.reader(), &Filter::default(), Limited::All);
    assert_eq!((rows[0].run, &rows[0].context), (run_id(), &None));
}

#[test]
fn payload_comes_back_byte_for_byte_flow_by_flow() {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let fresh = Fresh::with(&[
        run(),
        tcp(1, 1.0, "1.2.3.4:5"),
        tcp(2, 1.0, "1.2.3.4:5"),
        said(1, 1.1, 0, &every_byte),
        said(2, 1.2, 0, b"between"),
        answered(1, 1.3, 0, b"answer"),
        said(1, 1.4, 256, b""),
    ]);
    let rows = data(&fresh.reader(), &Filter::default(), Limited::All);
    let bytes: Vec<&[u8]> = rows.iter().map(|row| row.bytes.as_deref().unwrap()).collect();
    assert_eq!(bytes, [&*every_byte, b"answer", b"", b"between"]);
    assert_eq!(rows[0].context.flow.id, flow_id(1));
    assert_eq!((rows[1].direction, rows[1].offset), (Direction::ToVictim, 0));
    assert_eq!((rows[2].offset, rows[2].length, rows[2].time), (256, 0, at(1.4)));
}

#[test]
fn an_event_comes_back_with_its_details() {
    let request = HttpRequest { method: "GET".into(), version: "1.1", ..HttpRequest::default() };
    let of_the_gateway = Record::Event(EventRecord {
        run: run_id(),
        flow: None,
        time: at(2.0),
        event: Event::LimitReached(Limit::OpenFlows),
    });
    let request = event(1, 1.5, Event::HttpRequest(request));
    let fresh = Fresh::with(&[run(), tcp(1, 1.0, "1.2.3.4:5"), request, of_the_gateway]);
    let rows = events(&fresh.reader(), &Filter::default());
    assert_eq!(rows[0].kind, "http.request");
    assert!(rows[0].details.starts_with(r#"{"method":"GET","#), "{}", rows[0].details);
    assert_eq!(rows[0].context.as_ref().unwrap().flow.id, flow_id(1));
    assert_eq!(rows[1].details, r#"{"limit":"limits.open_flows"}"#);
    assert_eq!((&rows[1].context, rows[1].run), (&None, run_id()));
}

#[test]
fn every_counter_is_there_and_the_latest_reading_counts() {
    let reading = |seconds, value| Record::Counters {
        run: run_id(),
        time: at(seconds),
        readings: vec![CounterReading { counter: Counter::BytesRead, value }],
    };
    let fresh = Fresh::with(&[run(), reading(1.0, 5), reading(2.0, 7)]);
    let rows = fresh.reader().counters(&Filter::default()).unwrap();
    assert_eq!(rows.len(), Counter::ALL.len());
    let read = |wanted| rows.iter().find(|row| row.counter == wanted).unwrap();
    assert_eq!((read(Counter::BytesRead).value, read(Counter::BytesRead).time), (7, Some(at(2.0))));
    assert_eq!((read(Counter::RecordsLost).value, read(Counter::RecordsLost).time), (0, None));
}

#[test]
fn a_name_keeps_the_addresses_it_was_given_first() {
    let given = |name: &str, last| GivenAddress {
        name: name.to_owned(),
        v4: [198, 51, 100, last].into(),
        v6: [0x2001, 0xdb8, 0, 0, 0, 0, 0, u16::from(last)].into(),
    };
    let record = |given: GivenAddress| event(1, 1.0, Event::AddressGiven(given));
    let fresh = Fresh::with(&[
        run(),
        record(given("b.example", 1)),
        record(given("a.example", 2)),
        record(given("b.example", 3)),
    ]);
    let rows = fresh.reader().given_addresses().unwrap();
    assert_eq!(rows, [given("b.example", 1), given("a.example", 2)]);
}

#[test]
fn filters_are_combined() {
    let fresh = Fresh::with(&story());
    let reader = fresh.reader();
    let any = Filter::default;
    let proto = |word: &str| Filter { proto: Some(word.to_owned()), ..any() };
    let name = |pattern: &str| Filter { name: Some(pattern.to_owned()), ..any() };
    let bytes = |pattern: &[u8]| Filter { grep: Some(pattern.to_owned()), ..any() };
    let cases: [(Filter, &[u16]); 20] = [
        (any(), &[1, 2, 3]),
        (Filter { run: "0197f3".parse().ok(), ..any() }, &[1, 2, 3]),
        (Filter { run: "0197f4".parse().ok(), ..any() }, &[]),
        (Filter { flow: "0197f3aa-0002".parse().ok(), ..any() }, &[2]),
        (Filter { victim: "10.0.0.7".parse().ok(), ..any() }, &[1, 2]),
        (Filter { victim: "fd00:0::7".parse().ok(), ..any() }, &[3]),
        (Filter { port: Some(80), ..any() }, &[2]),
        (Filter { since: Some(at(2.0)), ..any() }, &[2, 3]),
        (proto("tcp"), &[2, 3]),
        (proto("UDP"), &[1]),
        (proto("dns"), &[1]),
        (proto("http"), &[2]),
        (proto("gopher"), &[]),
        (name("*.EXAMPLE.com"), &[2]),
        (name("198.51.100.9"), &[2]),
        (name("update_example.com"), &[]),
        (bytes(b"HTTP/1.1"), &[2]),
        (bytes(b"HTTP/1.1\r\n\r\nHTTP"), &[]),
        (Filter { port: Some(80), ..bytes(b"GET") }, &[2]),
        (Filter { port: Some(6667), ..bytes(b"GET") }, &[]),
    ];
    for (filter, expected) in cases {
        assert_eq!(passing(&reader, &filter), expected, "{filter:?}");
    }
}

#[test]
fn filters_apply_to_what_belongs_to_flows_too() {
    let fresh = Fresh::with(&story());
    let reader = fresh.reader();
    let of_http = Filter { proto: Some("http".to_owned()), ..Filter::default() };
    assert_eq!(data(&reader, &of_http, Limited::All).len(), 3);
    assert_eq!(events(&reader, &of_http).len(), 1);
    assert_eq!(dns(&reader, &of_http, Limited::All).len(), 0);
    let late = Filter { since: Some(at(2.2)), ..of_http };
    assert_eq!(data(&reader, &late, Limited::All).len(), 2);
    let asked = Filter { name: Some("update.*".to_owned()), ..Filter::default() };
    assert_eq!(dns(&reader, &asked, Limited::All).len(), 1);
}

#[test]
fn a_pattern_is_found_across_pieces_but_not_across_a_gap() {
    let carried = |offset| {
        let pieces = [said(1, 1.1, 0, b"MZ\x90"), said(1, 1.2, offset, b"\x00\x03")];
        let fresh = Fresh::with(&[&[run(), tcp(1, 1.0, "1.2.3.4:5")], &pieces[..]].concat());
        let filter = Filter { grep: Some(b"MZ\x90\x00".to_vec()), ..Filter::default() };
        data(&fresh.reader(), &filter, Limited::All).len()
    };
    assert_eq!(carried(3), 2);
    assert_eq!(carried(4), 0);
}

#[test]
fn a_limit_takes_the_newest_and_shows_them_oldest_first() {
    let mut records = vec![run(), udp(1, 1.0, "10.0.0.1:53")];
    records.extend((0..1_000).map(|number| asked(1, 2.0, &format!("n{number}.example"))));
    let fresh = Fresh::with(&records);
    let reader = fresh.reader();
    let names = |limit| -> Vec<String> {
        let rows = dns(&reader, &Filter::default(), limit);
        rows.into_iter().map(|row| row.query.name).collect()
    };
    assert_eq!(names(Limited::Newest(2)), ["n998.example", "n999.example"]);
    assert_eq!(names(Limited::Newest(600)).len(), 600);
    assert_eq!(names(Limited::Newest(600))[0], "n400.example");
    assert_eq!(names(Limited::Newest(2_000)).len(), 1_000);
    assert_eq!(names(Limited::Newest(0)).len(), 0);
}

#[test]
fn a_limit_on_data_counts_pieces() {
    let fresh = Fresh::with(&story());
    let rows = data(&fresh.reader(), &Filter::default(), Limited::Newest(2));
    let bytes: Vec<&[u8]> = rows.iter().filter_map(|row| row.bytes.as_deref()).collect();
    assert_eq!(bytes, [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"NICK bot"]);
}

#[test]
fn a_visitor_that_has_enough_ends_the_reading() {
    #[derive(Debug)]
    enum Stop {
        Enough,
        Failed,
    }
    impl From<ReadError> for Stop {
        fn from(_: ReadError) -> Self {
            Self::Failed
        }
    }
    let fresh = Fresh::with(&story());
    let mut seen = 0;
    let stopped = fresh.reader().flows(&Filter::default(), Limited::All, |_| {
        seen += 1;
        Err(Stop::Enough)
    });
    assert!(matches!(stopped, Err(Stop::Enough)), "{stopped:?}");
    assert_eq!(seen, 1);
}

#[test]
fn runs_and_counters_refuse_filters_they_could_not_apply() {
    let fresh = Fresh::with(&story());
    let filter = Filter { port: Some(80), ..Filter::default() };
    let refused = fresh.reader().runs(&filter, Limited::All).unwrap_err();
    assert_eq!(refused.to_string(), "runs cannot be filtered by port");
    let refused = fresh.reader().counters(&filter).unwrap_err();
    assert_eq!(refused.to_string(), "counters cannot be filtered by port");
}

#[test]
fn a_summary_tells_a_run_in_short() {
    let mut records = story();
    records.push(asked(7, 5.0, "b.example"));
    records.push(asked(7, 5.0, "update.example.com"));
    let fresh = Fresh::with(&records);
    let summary = fresh.reader().summary(run_id()).unwrap().unwrap();
    let names: Vec<_> = summary.names.iter().map(|name| (&*name.name, name.times)).collect();
    assert_eq!(names, [("update.example.com", 2), ("b.example", 1)]);
    assert_eq!(summary.different_names, 2);
    let protocols: Vec<_> = summary
        .protocols
        .iter()
        .map(|one| (one.transport, one.protocol.as_deref(), one.flows, one.bytes_from_victim))
        .collect();
    assert_eq!(
        protocols,
        [
            (Transport::Tcp, None, 1, 8),
            (Transport::Tcp, Some("http"), 1, 11),
            (Transport::Udp, Some("dns"), 1, 11)
        ]
    );
    assert_eq!((summary.run.flows, summary.database), (3, fresh.path()));
}

#[test]
fn there_is_no_summary_of_a_run_that_never_was() {
    let fresh = Fresh::with(&[run()]);
    let other = model::RunId::from_bytes([7; 16]);
    assert_eq!(fresh.reader().summary(other).unwrap(), None);
}

#[test]
fn a_reader_sees_what_was_committed_after_it_was_opened() {
    let fresh = Fresh::new();
    let mut writer = fresh.writer();
    let reader = fresh.reader();
    assert_eq!(flows(&reader, &Filter::default()).len(), 0);
    let _ = write(&mut writer, &story());
    assert_eq!(flows(&reader, &Filter::default()).len(), 3);
}
