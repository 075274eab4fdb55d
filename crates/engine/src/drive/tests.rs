//! Scripted peers on in-memory streams, with a clock that moves only when we say so.

use model::{Basis, Counter, Direction, Ending, Event, Limit};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::yield_now;
use tokio::time::advance;

use super::*;
use crate::limits::Limits;
use crate::testing::{LIMITS, Stage, bytes, end, events, tcp_to};

/// Starts to drive one flow to `port`; the victim's end of it.
pub(super) fn connect(stage: &Stage, port: u16) -> (DuplexStream, tokio::task::JoinHandle<()>) {
    let (victim, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(port)).expect("a permit");
    (victim, tokio::spawn(drive(ours, session)))
}

#[tokio::test(start_paused = true)]
async fn a_silent_victim_leaves_an_opening_and_an_end() {
    let stage = Stage::new();
    let (victim, driven) = connect(&stage, 4_444);
    drop(victim);
    driven.await.unwrap();
    let records = stage.records();
    assert_eq!(end(&records).ending, Ending::Finished);
    assert_eq!(end(&records).bytes_from_victim, 0);
}

#[tokio::test(start_paused = true)]
async fn unknown_bytes_are_kept_whole_and_answered_with_silence() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 4_444);
    for piece in [&b"\x01\x02"[..], b"Hello, World!", b"\r\n"] {
        victim.write_all(piece).await.unwrap();
        yield_now().await;
    }
    victim.shutdown().await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    driven.await.unwrap();
    let records = stage.records();
    assert_eq!(bytes(&records, Direction::FromVictim), b"\x01\x02Hello, World!\r\n");
    assert_eq!(answer, b"");
    assert_eq!(end(&records).ending, Ending::Finished);
    assert_eq!(end(&records).protocol, None);
}

#[tokio::test(start_paused = true)]
async fn what_is_answered_is_recorded_byte_for_byte() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 31_337);
    victim.write_all(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").await.unwrap();
    victim.shutdown().await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    driven.await.unwrap();
    let records = stage.records();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert_eq!(bytes(&records, Direction::ToVictim), answer);
    let recognised = Event::Recognised { protocol: "http", by: Basis::Content };
    assert!(events(&records).contains(&&recognised));
    assert_eq!(end(&records).protocol, Some("http"));
}

#[tokio::test(start_paused = true)]
async fn a_websocket_is_a_protocol_of_its_own() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 8_080);
    let handshake = b"GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\n\
        Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
        Sec-WebSocket-Version: 13\r\n\r\n";
    // A ping comes with the handshake, a goodbye after it.
    victim.write_all(&[&handshake[..], b"\x89\x82\0\0\0\0hi"].concat()).await.unwrap();
    yield_now().await;
    victim.write_all(b"\x88\x80\0\0\0\0").await.unwrap();
    victim.shutdown().await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    driven.await.unwrap();
    let records = stage.records();
    assert!(answer.ends_with(b"\r\n\r\n\x8a\x02hi\x88\x00"), "{}", answer.escape_ascii());
    let recognised = Event::Recognised { protocol: "websocket", by: Basis::Content };
    assert!(events(&records).contains(&&recognised));
    assert_eq!(end(&records).protocol, Some("websocket"));
}

#[tokio::test(start_paused = true)]
async fn any_number_of_proxies_may_be_asked_for_in_one_piece() {
    const PROXIES: usize = 7_000;
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 1_080);
    let asked = b"\x04\x01\x00\x50\xc6\x33\x64\x09\x00".repeat(PROXIES);
    let talk = async {
        victim.write_all(&asked).await.unwrap();
        victim.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
        victim.shutdown().await.unwrap();
        let mut answer = Vec::new();
        victim.read_to_end(&mut answer).await.unwrap();
        answer
    };
    let answer = talk.await;
    driven.await.unwrap();
    assert!(answer.starts_with(&b"\x00\x5a\0\0\0\0\0\0".repeat(PROXIES)));
    assert!(answer.get(PROXIES * 8..).unwrap().starts_with(b"HTTP/1.1 200 OK\r\n"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_kept_open_until_it_has_been_idle_too_long() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 4_444);
    victim.write_all(b"beacon").await.unwrap();
    yield_now().await;
    advance(LIMITS.idle_tcp / 2).await;
    victim.write_all(b"beacon").await.unwrap();
    yield_now().await;
    advance(LIMITS.idle_tcp * 3 / 4).await;
    yield_now().await;
    assert!(!driven.is_finished(), "it spoke since");
    advance(LIMITS.idle_tcp).await;
    driven.await.unwrap();
    assert_eq!(end(&stage.records()).ending, Ending::Idle);
}

#[tokio::test(start_paused = true)]
async fn no_flow_outlives_its_life_time() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 4_444);
    while !driven.is_finished() {
        if victim.write_all(b".").await.is_err() {
            break;
        }
        advance(LIMITS.idle_tcp / 2).await;
        yield_now().await;
    }
    driven.await.unwrap();
    assert_eq!(end(&stage.records()).ending, Ending::LifeTime);
}

#[tokio::test(start_paused = true)]
async fn beyond_the_limit_bytes_are_counted_and_hashed() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 4_444);
    for byte in 0..3_u8 {
        victim.write_all(&[byte; 600]).await.unwrap();
        yield_now().await;
    }
    drop(victim);
    driven.await.unwrap();
    let records = stage.records();
    let end = end(&records);
    assert_eq!(bytes(&records, Direction::FromVictim), [0; 600]);
    assert_eq!(end.bytes_from_victim, 1_800);
    let unstored = end.unstored.as_ref().expect("the limit was reached");
    let rest = [[1_u8; 600], [2; 600]].concat();
    assert_eq!(unstored.bytes, 1_200);
    assert_eq!(
        unstored.sha256_from_victim,
        <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(rest))
    );
    let reached = Event::LimitReached(Limit::StoredBytesPerFlow);
    assert_eq!(events(&records).iter().filter(|&&event| *event == reached).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_recorder_slows_the_victim_and_loses_nothing() {
    let stage = Stage::with(Limits { stored_bytes_per_flow: u64::MAX, ..LIMITS }, 4_096);
    let (mut victim, driven) = connect(&stage, 4_444);
    let sent: Vec<u8> = (0..200_000_u32).map(|count| count as u8).collect();
    let to_send = sent.clone();
    let sending = tokio::spawn(async move {
        victim.write_all(&to_send).await.unwrap();
        drop(victim);
    });
    let mut records = Vec::new();
    let mut has_been_full = false;
    while !driven.is_finished() {
        yield_now().await;
        has_been_full |= stage.is_full();
        records.append(&mut stage.records());
    }
    sending.await.unwrap();
    records.append(&mut stage.records());
    assert!(has_been_full, "the queue was never full");
    assert_eq!(bytes(&records, Direction::FromVictim), sent);
}

#[tokio::test(start_paused = true)]
async fn a_flow_cut_off_by_our_stop_has_an_end_too() {
    let stage = Stage::new();
    let (_victim, driven) = connect(&stage, 4_444);
    yield_now().await;
    driven.abort();
    assert!(driven.await.unwrap_err().is_cancelled());
    assert_eq!(end(&stage.records()).ending, Ending::Stopped);
}

#[tokio::test(start_paused = true)]
async fn what_arrived_before_we_stop_is_still_heard_and_answered() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 80);
    yield_now().await;
    victim.write_all(b"GET /last HTTP/1.1\r\nHost: a.test\r\n\r\n").await.unwrap();
    stage.stop.throw();
    driven.await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    let records = stage.records();
    assert_eq!(end(&records).ending, Ending::Stopped);
    assert!(bytes(&records, Direction::FromVictim).starts_with(b"GET /last"));
}

#[tokio::test(start_paused = true)]
async fn what_arrived_while_the_recorder_was_full_is_heard_when_we_stop() {
    let stage = Stage::with(LIMITS, 600);
    let (mut victim, driven) = connect(&stage, 4_444);
    victim.write_all(b"first").await.unwrap();
    yield_now().await;
    assert!(stage.is_full());
    victim.write_all(b"last words").await.unwrap();
    stage.stop.throw();
    let mut records = Vec::new();
    while !driven.is_finished() {
        yield_now().await;
        records.append(&mut stage.records());
    }
    records.append(&mut stage.records());
    assert_eq!(bytes(&records, Direction::FromVictim), b"firstlast words");
}

#[tokio::test(start_paused = true)]
async fn a_refused_flow_is_recorded_with_its_reason() {
    let stage = Stage::new();
    let open = |_| Session::open(&stage.around, tcp_to(80));
    let held: Vec<_> = (0..LIMITS.open_flows_per_victim).map_while(open).collect();
    assert_eq!(held.len(), LIMITS.open_flows_per_victim);
    stage.records();
    assert!(Session::open(&stage.around, tcp_to(80)).is_none());
    let records = stage.records();
    assert_eq!(end(&records).ending, Ending::Refused);
    assert_eq!(events(&records), [&Event::LimitReached(Limit::OpenFlowsPerVictim)]);
}

#[tokio::test(start_paused = true)]
async fn openings_ends_and_bytes_add_up() {
    let stage = Stage::new();
    for _ in 0..20 {
        let (mut victim, driven) = connect(&stage, 4_444);
        victim.write_all(b"12345").await.unwrap();
        drop(victim);
        driven.await.unwrap();
    }
    let value = |counter| stage.counters().value(counter);
    assert_eq!(value(Counter::FlowsAccepted), 20);
    assert_eq!(value(Counter::FlowsOpened), 20);
    assert_eq!(value(Counter::FlowsClosed), 20);
    assert_eq!(value(Counter::BytesRead), 100);
    assert_eq!(value(Counter::RecordsQueued), stage.records().len() as u64);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_costs_little_memory() {
    let stage = Stage::new();
    let (_victim, ours) = duplex(64);
    let session = Session::open(&stage.around, tcp_to(80)).expect("a permit");
    let size = size_of_val(&drive(ours, session));
    assert!(size <= 1_792, "{size} bytes");
}

#[tokio::test(start_paused = true)]
async fn who_is_undecided_is_settled_after_a_silence() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 80);
    victim.write_all(b"GET").await.unwrap();
    yield_now().await;
    assert_eq!(events(&stage.records()), [] as [&Event; 0], "more may come");
    advance(LIMITS.undecided * 2).await;
    yield_now().await;
    let records = stage.records();
    let recognised = Event::Recognised { protocol: "http", by: Basis::Port };
    assert_eq!(events(&records), [&recognised]);
    victim.write_all(b" / HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    drop(victim);
    driven.await.unwrap();
}
