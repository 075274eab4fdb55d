//! A client of the same library, on an in-memory stream, against the whole loop.

use bytes::Bytes;
use h2::client;
use model::{Direction, Event, HttpRequest, Limit, Record};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use crate::drive::drive;
use crate::limits::Limits;
use crate::session::Session;
use crate::testing::{LIMITS, QUEUE_BYTES, Stage, end, events, tcp_to};

fn stage() -> Stage {
    Stage::with(
        Limits { artifacts_per_flow: 100, stored_bytes_per_flow: 1 << 24, ..LIMITS },
        QUEUE_BYTES,
    )
}

fn requests(records: &[Record]) -> Vec<&HttpRequest> {
    events(records)
        .into_iter()
        .filter_map(|event| match event {
            Event::HttpRequest(request) => Some(request),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn many_requests_at_once_are_answered_and_recorded() {
    let stage = stage();
    let (victim, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(80)).expect("a permit");
    let driven = tokio::spawn(drive(ours, session));
    let (client, connection) = client::handshake(victim).await.unwrap();
    let connected = tokio::spawn(connection);
    let mut client = client.ready().await.unwrap();
    let mut answers = Vec::new();
    for number in 0..50 {
        let head = http::Request::post(format!("http://many.test/{number}.txt")).body(()).unwrap();
        let (answer, mut body) = client.send_request(head, false).unwrap();
        body.send_data(Bytes::from(format!("body {number}")), true).unwrap();
        answers.push(answer);
    }
    for answer in answers {
        let mut answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.body_mut().data().await.unwrap().unwrap(), "OK\n");
    }
    drop(client);
    connected.await.unwrap().unwrap();
    driven.await.unwrap();
    let records = stage.records();
    let requests = requests(&records);
    assert_eq!(requests.len(), 50);
    assert!(requests.iter().all(|request| (request.version, request.status) == ("2", 200)));
    let kept = records.iter().filter(|record| matches!(record, Record::Artifact(_))).count();
    assert_eq!(kept, 50, "bodies kept");
    assert_eq!(end(&records).protocol, Some("http2"));
}

/// Sends `said` in pieces, then ends; gives what was recorded.
async fn hear(said: &[u8], piece: usize) -> Vec<Record> {
    talk(said, piece).await.0
}

/// The same, with what was answered.
async fn talk(said: &[u8], piece: usize) -> (Vec<Record>, Vec<u8>) {
    let stage = stage();
    let (mut victim, ours) = duplex(1 << 20);
    let session = Session::open(&stage.around, tcp_to(80)).expect("a permit");
    let driven = tokio::spawn(drive(ours, session));
    for piece in said.chunks(piece) {
        victim.write_all(piece).await.unwrap();
        tokio::task::yield_now().await;
    }
    victim.shutdown().await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    driven.await.unwrap();
    let records = stage.records();
    assert_eq!(crate::testing::bytes(&records, Direction::ToVictim), answer);
    assert_eq!(crate::testing::bytes(&records, Direction::FromVictim), said);
    (records, answer)
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn preface() -> Vec<u8> {
    [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &frame(4, 0, 0, &[])].concat()
}

/// `GET /` of `http`, or a POST whose body is yet to come; both are in the static table.
fn get(stream: u32) -> Vec<u8> {
    frame(1, 0x05, stream, &[0x82, 0x86, 0x84])
}

fn post(stream: u32) -> Vec<u8> {
    frame(1, 0x04, stream, &[0x83, 0x86, 0x84])
}

#[tokio::test(start_paused = true)]
async fn cutting_the_stream_changes_nothing_that_is_recorded() {
    let said = [preface(), get(1), post(3), frame(0, 1, 3, b"user=a"), get(5)].concat();
    let whole = hear(&said, said.len()).await;
    assert_eq!(requests(&whole).len(), 3);
    for piece in [1, 2, 3, 7] {
        let cut = hear(&said, piece).await;
        assert_eq!(requests(&cut), requests(&whole), "cut every {piece}");
        let is_broke = |event: &&Event| matches!(event, Event::Broke { .. });
        assert!(!events(&cut).iter().any(is_broke), "cut every {piece}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_ends_inside_a_request_leaves_the_request() {
    let records = hear(&[preface(), post(1), frame(0, 0, 1, b"half")].concat(), 1_000).await;
    let request = requests(&records)[0];
    assert_eq!((request.status, request.body_bytes), (0, 4));
}

#[tokio::test(start_paused = true)]
async fn more_requests_than_allowed_are_refused_and_the_limit_is_heard_once() {
    let limit = Event::LimitReached(Limit::Http2Streams);
    for (asked, heard) in [(128, 0), (131, 1)] {
        let many: Vec<u8> = (0..asked).flat_map(|place| post(1 + 2 * place)).collect();
        let records = hear(&[preface(), many].concat(), 100_000).await;
        assert_eq!(events(&records).iter().filter(|event| ***event == limit).count(), heard);
        assert_eq!(requests(&records).len(), 128);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_our_word_before_its_body_gets_it() {
    let stage = stage();
    let (mut victim, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(80)).expect("a permit");
    let driven = tokio::spawn(drive(ours, session));
    // A field that is in no table: its name, its value.
    let expect = b"\x00\x06expect\x0c100-continue";
    let asks = frame(1, 0x04, 1, &[&[0x83, 0x86, 0x84][..], expect].concat());
    victim.write_all(&[preface(), asks].concat()).await.unwrap();
    // The name `:status` is in the static table; 100 in the code of Huffman (RFC 7541 §5.2).
    let status = b"\x48\x82\x08\x01";
    let mut answer = Vec::new();
    while !answer.windows(status.len()).any(|bytes| bytes == status) {
        assert_ne!(victim.read_buf(&mut answer).await.unwrap(), 0, "{answer:?}");
    }
    drop(victim);
    driven.await.unwrap();
}

/// As a client asks that would go on with HTTP/2.
const UPGRADE: &[u8] = b"POST /first.txt HTTP/1.1\r\nHost: c2.test\r\nContent-Length: 6\r\n\
    Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAQAAAAC\r\n\r\nuser=a";

/// Frames after the head that says that HTTP/2 follows: kind, stream, payload.
fn frames(answer: &[u8]) -> Vec<(u8, u8, Vec<u8>)> {
    let switching =
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    let mut rest = answer.strip_prefix(switching).unwrap();
    let mut frames = Vec::new();
    while let Some((&[_, high, low, kind, _, _, _, _, stream], after)) = rest.split_first_chunk() {
        let (payload, after) = after.split_at(usize::from(u16::from_be_bytes([high, low])));
        frames.push((kind, stream, payload.to_vec()));
        rest = after;
    }
    frames
}

#[tokio::test(start_paused = true)]
async fn a_request_that_asks_for_http2_is_answered_as_its_first_stream() {
    let said = [UPGRADE, &preface(), &get(3)].concat();
    for piece in [1, 2, 3, 7, 1_000] {
        let (records, answer) = talk(&said, piece).await;
        let asked: Vec<_> = requests(&records)
            .iter()
            .map(|request| (request.version, &*request.method, &*request.target, request.status))
            .collect();
        let expected = [("1.1", "POST", "/first.txt", 200), ("2", "GET", "/", 200)];
        assert_eq!(asked, expected, "cut every {piece}");
        let frames = frames(&answer);
        assert_eq!(frames[0].0, 4, "settings first");
        assert!(frames.contains(&(0, 1, b"OK\n".to_vec())), "{frames:?}");
        assert!(frames.iter().any(|(kind, stream, _)| (*kind, *stream) == (1, 3)), "{frames:?}");
        assert_eq!(end(&records).protocol, Some("http2"));
    }
}

#[tokio::test(start_paused = true)]
async fn its_settings_hold_for_the_first_answer() {
    let window_of_two = frame(4, 0, 0, &[0, 4, 0, 0, 0, 2]);
    let said = [UPGRADE, &preface()[..24], &window_of_two].concat();
    let (_, answer) = talk(&said, 1_000).await;
    let frames = frames(&answer);
    assert!(frames.contains(&(0, 1, b"OK".to_vec())), "{frames:?}");
    assert!(!frames.contains(&(0, 1, b"\n".to_vec())), "{frames:?}");
}

#[tokio::test(start_paused = true)]
async fn a_first_request_that_is_not_followed_by_http2_is_recorded() {
    for after in [&b""[..], &preface()[..30], b"GET / HTTP/1.1\r\nHost: c2.test\r\n\r\n"] {
        let records = hear(&[UPGRADE, after].concat(), 1_000).await;
        let asked: Vec<_> =
            requests(&records).iter().map(|request| (&*request.target, request.status)).collect();
        assert_eq!(asked, [("/first.txt", 0)], "{after:?}");
    }
}

#[tokio::test]
async fn garbage_after_the_preface_is_recorded_and_answered_with_goaway() {
    let stage = stage();
    let (mut victim, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(80)).expect("a permit");
    let driven = tokio::spawn(drive(ours, session));
    let sent = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &[0xff; 100]].concat();
    victim.write_all(&sent).await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    drop(victim);
    driven.await.unwrap();
    let records = stage.records();
    let is_broke = |event: &&Event| matches!(event, Event::Broke { protocol: "http2", .. });
    assert!(events(&records).iter().any(is_broke), "{:?}", events(&records));
    assert_eq!(crate::testing::bytes(&records, Direction::FromVictim), sent);
    let goaway = answer.windows(2).any(|bytes| bytes[1] == 7);
    assert!(goaway, "{answer:?}");
}
