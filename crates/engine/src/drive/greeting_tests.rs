//! Silent victims of every patience, and such as speak another protocol than their port's.

use model::{Basis, Direction, Event, Layer, MailMessage, Record};
use proto::responses::{Act, Content, Criterion, First, Moment, Table};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::yield_now;
use tokio::time::advance;

use super::tests::connect;
use super::tls_tests::{TlsVictim, lane, named, victim_of};
use crate::testing::{LIMITS, Stage, bytes, end, events, rule};

const BANNER: &[u8] = b"220 srv ESMTP Postfix\r\n";

/// What protocols a flow was taken for, and how that was known.
fn recognised(records: &[Record]) -> Vec<(&'static str, Basis)> {
    let known = |event: &&Event| match event {
        Event::Recognised { protocol, by } => Some((*protocol, *by)),
        _ => None,
    };
    events(records).iter().filter_map(known).collect()
}

/// Says something, and hears what can be heard of the answer.
async fn ask(victim: &mut DuplexStream, question: &[u8]) -> Vec<u8> {
    victim.write_all(question).await.unwrap();
    hear(victim).await
}

async fn hear(victim: &mut DuplexStream) -> Vec<u8> {
    let mut answer = vec![0; 4_096];
    let read = victim.read(&mut answer);
    // The clock stands still: what is not there at once does not come.
    let count = tokio::time::timeout(Duration::from_micros(1), read).await;
    answer.truncate(count.map_or(0, |count| count.unwrap()));
    answer
}

async fn wait(span: Duration) {
    yield_now().await;
    advance(span + Duration::from_millis(1)).await;
    yield_now().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_ends_its_side_at_once_is_greeted_all_the_same() {
    for (port, protocol) in [(13, "daytime"), (25, "smtp")] {
        let stage = Stage::new();
        let (mut victim, driven) = connect(&stage, port);
        victim.shutdown().await.unwrap();
        let mut said = Vec::new();
        victim.read_to_end(&mut said).await.unwrap();
        driven.await.unwrap();
        assert!(said.ends_with(b"\r\n"), "{port}: {said:?}");
        assert_eq!(recognised(&stage.records()), [(protocol, Basis::Port)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_greeted_by_its_port_and_goes_on() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 25);
    assert_eq!(hear(&mut victim).await, b"", "it might speak first");
    wait(LIMITS.greeting).await;
    assert_eq!(hear(&mut victim).await, BANNER);
    assert!(ask(&mut victim, b"EHLO a\r\n").await.starts_with(b"250-srv\r\n"));
    assert_eq!(ask(&mut victim, b"QUIT\r\n").await, b"221 2.0.0 Bye\r\n");
    drop(victim);
    driven.await.unwrap();
    let records = stage.records();
    assert_eq!(recognised(&records), [("smtp", Basis::Port)]);
    assert!(bytes(&records, Direction::ToVictim).starts_with(BANNER));
    assert_eq!(end(&records).protocol, Some("smtp"));
}

#[tokio::test(start_paused = true)]
async fn where_it_is_a_guess_the_greeting_takes_longer() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 2_526);
    wait(LIMITS.greeting).await;
    assert_eq!(hear(&mut victim).await, b"");
    wait(LIMITS.guessed_greeting - LIMITS.greeting).await;
    assert_eq!(hear(&mut victim).await, BANNER);
    drop(victim);
    driven.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_is_greeted_where_clients_speak_first() {
    let stage = Stage::new();
    for port in [80, 443, 465, 4_444] {
        let (mut victim, driven) = connect(&stage, port);
        wait(LIMITS.guessed_greeting * 3).await;
        assert_eq!(hear(&mut victim).await, b"", "port {port}");
        drop(victim);
        driven.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn who_speaks_first_is_answered_in_what_it_speaks() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 25);
    let answer = ask(&mut victim, b"GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", answer.escape_ascii());
    drop(victim);
    driven.await.unwrap();
    assert_eq!(recognised(&stage.records()), [("http", Basis::Content)]);
}

#[tokio::test(start_paused = true)]
async fn who_is_slow_is_answered_in_what_it_speaks_after_a_greeting() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 25);
    wait(LIMITS.greeting).await;
    assert_eq!(hear(&mut victim).await, BANNER);
    assert_eq!(ask(&mut victim, b"GE").await, b"", "it could still be mail");
    let answer = ask(&mut victim, b"T / HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", answer.escape_ascii());
    drop(victim);
    driven.await.unwrap();
    let expected = [("smtp", Basis::Port), ("http", Basis::Content)];
    assert_eq!(recognised(&stage.records()), expected);
}

#[tokio::test(start_paused = true)]
async fn any_first_command_is_answered_at_once() {
    for command in ["NOOP", "quit", "HELP", "AUTH LOGIN", "XYZZY", "RSET", "USER jo", "", "E"] {
        let stage = Stage::new();
        let (mut victim, driven) = connect(&stage, 587);
        wait(LIMITS.greeting).await;
        hear(&mut victim).await;
        let answer = ask(&mut victim, format!("{command}\r\n").as_bytes()).await;
        assert!(answer.ends_with(b"\r\n"), "{command}: {}", answer.escape_ascii());
        drop(victim);
        driven.await.unwrap();
        assert_eq!(recognised(&stage.records()), [("smtp", Basis::Port)], "{command}");
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_command_at_the_end_is_heard() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 25);
    wait(LIMITS.greeting).await;
    victim.write_all(b"EH").await.unwrap();
    victim.shutdown().await.unwrap();
    driven.await.unwrap();
    let rule = "the stream ends inside a line".into();
    let broke = Event::Broke { protocol: "smtp", rule };
    assert!(events(&stage.records()).contains(&&broke));
}

#[tokio::test(start_paused = true)]
async fn a_tunnel_to_mail_is_greeted_too() {
    let stage = Stage::new();
    let (mut victim, driven) = connect(&stage, 1_080);
    let opened = ask(&mut victim, b"\x04\x01\x00\x19\xc6\x33\x64\x09\x00").await;
    assert_eq!(opened, b"\x00\x5a\0\0\0\0\0\0");
    wait(LIMITS.greeting).await;
    assert_eq!(hear(&mut victim).await, BANNER);
    drop(victim);
    driven.await.unwrap();
    let expected = [("socks", Basis::Content), ("smtp", Basis::Port)];
    assert_eq!(recognised(&stage.records()), expected);
}

/// A rule that says `own` at this moment.
fn says(criterion: Criterion, moment: Moment) -> Table {
    rule(criterion, Act::Say(Content::Fixed(b"own".as_slice().into())), moment)
}

/// What a client of mail hears before it speaks, and what afterwards.
async fn told(stage: &Stage, hello: &[u8]) -> [Vec<u8>; 2] {
    let (mut victim, driven) = connect(stage, 25);
    wait(LIMITS.greeting * 5).await;
    let before = hear(&mut victim).await;
    // Whoever has hung up takes no more.
    let _ = victim.write_all(hello).await;
    let after = hear(&mut victim).await;
    drop(victim);
    driven.await.unwrap();
    [before, after]
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_waits_for_the_victim_is_not_talked_over() {
    let stage = Stage::new();
    stage.around.rules.put(says(Criterion::Port(vec![25..=25]), Moment::Spoken));
    assert_eq!(told(&stage, b"x").await, [&b""[..], b"own"]);
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_the_protocol_greets_or_follows_the_greeting() {
    let stage = Stage::new();
    let mail = || Criterion::Protocol(vec!["smtp".to_owned()]);
    stage.around.rules.put(says(mail(), Moment::Spoken));
    assert_eq!(told(&stage, b"EHLO a\r\n").await, [BANNER, b"own"]);
    stage.around.rules.put(says(mail(), Moment::Open));
    assert_eq!(told(&stage, b"EHLO a\r\n").await, [&b"own"[..], b""]);
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_other_bytes_keeps_nobody_from_greeting() {
    let stage = Stage::new();
    let evil = Criterion::First(First::Bytes(b"EHLO evil".as_slice().into()));
    stage.around.rules.put(says(evil, Moment::Spoken));
    assert_eq!(told(&stage, b"EHLO evil\r\n").await, [BANNER, b"own"]);
    let [before, after] = told(&stage, b"EHLO good\r\n").await;
    assert_eq!(before, BANNER);
    assert!(after.starts_with(b"250-srv\r\n"), "{}", after.escape_ascii());
}

/// Hears inside TLS up to what ends in `end`.
async fn hear_inside(victim: &mut TlsVictim, end: &[u8]) -> Vec<u8> {
    let mut heard = Vec::new();
    let mut buffer = [0; 4_096];
    while !heard.ends_with(end) {
        match victim.tls.ssl_read(&mut buffer) {
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(_) => assert!(victim.pull().await, "{}", heard.escape_ascii()),
        }
    }
    heard
}

#[tokio::test(start_paused = true)]
async fn mail_inside_tls_is_greeted_there() {
    let (stage, mut victim, driven) = victim_of(465, named("mail.example"));
    victim.shake_hands().await.unwrap();
    assert_eq!(hear_inside(&mut victim, b"\r\n").await, BANNER);
    let answer = victim.ask(b"EHLO a\r\nQUIT\r\n").await;
    driven.await.unwrap();
    assert!(!answer.windows(8).any(|words| words == b"STARTTLS"), "TLS inside TLS is not offered");
    let records = stage.records();
    let expected = [("tls", Basis::Content), ("smtp", Basis::Port)];
    assert_eq!(recognised(&records), expected);
    assert!(lane(&records, Layer::Inner, Direction::ToVictim).starts_with(BANNER));
}

#[tokio::test(start_paused = true)]
async fn start_tls_leads_to_the_same_server_without_a_greeting() {
    let (stage, mut victim, driven) = victim_of(587, named("mail.example"));
    let mut heard = Vec::new();
    victim.wire.write_all(b"EHLO a\r\nSTARTTLS\r\n").await.unwrap();
    while !heard.ends_with(b"220 2.0.0 Ready to start TLS\r\n") {
        heard.extend(hear(&mut victim.wire).await);
    }
    victim.shake_hands().await.unwrap();
    let answer = victim
        .ask(b"EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n\r\nhi\r\n.\r\nQUIT\r\n")
        .await;
    driven.await.unwrap();
    assert!(answer.starts_with(b"250-srv\r\n"), "{}", answer.escape_ascii());
    let records = stage.records();
    let is_mail = |event: &&Event| matches!(event, Event::MailMessage(_));
    let Some(Event::MailMessage(mail)) = events(&records).into_iter().find(is_mail) else {
        panic!("no mail: {records:?}");
    };
    let MailMessage { envelope_to, text, is_whole, .. } = &**mail;
    assert_eq!(
        (&envelope_to[..], text.as_deref(), *is_whole),
        (&["c@d".to_owned()][..], Some("hi\r\n"), true)
    );
    assert!(events(&records).iter().any(|event| matches!(event, Event::TlsHello(_))));
    assert_eq!(end(&records).protocol, Some("smtp"));
}
