//! A client of the same library, on an in-memory stream, against the whole loop.

use bytes::Bytes;
use h2::client;
use model::{Direction, Event, HttpRequest, Record};
use tokio::io::{AsyncWriteExt, duplex};

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

#[tokio::test]
async fn garbage_after_the_preface_is_recorded_and_answered_with_goaway() {
    let stage = stage();
    let (mut victim, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(80)).expect("a permit");
    let driven = tokio::spawn(drive(ours, session));
    let sent = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &[0xff; 100]].concat();
    victim.write_all(&sent).await.unwrap();
    let mut answer = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut victim, &mut answer).await.unwrap();
    drop(victim);
    driven.await.unwrap();
    let records = stage.records();
    let is_broke = |event: &&Event| matches!(event, Event::Broke { protocol: "http2", .. });
    assert!(events(&records).iter().any(is_broke), "{:?}", events(&records));
    assert_eq!(crate::testing::bytes(&records, Direction::FromVictim), sent);
    let goaway = answer.windows(2).any(|bytes| bytes[1] == 7);
    assert!(goaway, "{answer:?}");
}
