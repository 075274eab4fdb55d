//! Datagrams handed in by hand, with a clock that moves only when we say so.

use model::{Counter, Direction, Ending, Event, Limit, Record};
use proto::responses::{Criterion, Moment};
use tokio::sync::mpsc;
use tokio::time::advance;

use super::*;
use crate::testing::{LIMITS, Stage, bytes, end, events, rule, server, shell, victim};

fn ends(port: u16) -> Ends {
    Ends { victim: victim(40_000), orig_dst: server(port), link: 0 }
}

/// Conversations in which no program answers.
fn unheard(stage: &Stage) -> Conversations {
    Conversations::new(stage.around.clone(), mpsc::channel(1).0)
}

fn from(ends: Ends, bytes: &[u8]) -> Datagram<'_> {
    Datagram { ends, bytes }
}

/// A question for the A records of `a.test`.
const QUESTION: &[u8] = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01";

#[tokio::test(start_paused = true)]
async fn datagrams_between_the_same_ends_are_one_flow() {
    let stage = Stage::new();
    let mut conversations = unheard(&stage);
    let mut replies = Vec::new();
    for piece in [&b"one"[..], b"", b"three"] {
        conversations.datagram(from(ends(9), piece), &mut replies);
    }
    conversations.stop();
    let records = stage.records();
    assert_eq!(bytes(&records, Direction::FromVictim), b"onethree");
    assert_eq!(end(&records).ending, Ending::Stopped);
    assert_eq!(replies, []);
    let pieces = records.iter().filter(|record| matches!(record, Record::Payload(_))).count();
    assert_eq!(pieces, 3, "an empty datagram is a datagram");
}

#[tokio::test(start_paused = true)]
async fn a_question_is_answered_from_where_it_was_sent_to() {
    let stage = Stage::new();
    let mut conversations = unheard(&stage);
    let mut replies = Vec::new();
    conversations.datagram(from(ends(53), QUESTION), &mut replies);
    assert_eq!(replies.len(), 1);
    assert_eq!(replies[0].ends, ends(53));
    let records = stage.records();
    assert_eq!(bytes(&records, Direction::ToVictim), replies[0].bytes);
    assert!(events(&records).iter().any(|event| matches!(event, Event::Dns(_))));
    assert_eq!(stage.counters().value(Counter::DnsQuestions), 1);
}

#[tokio::test(start_paused = true)]
async fn a_silence_ends_a_conversation_and_the_next_datagram_begins_another() {
    let stage = Stage::new();
    let mut conversations = unheard(&stage);
    let mut replies = Vec::new();
    conversations.datagram(from(ends(9), b"one"), &mut replies);
    advance(LIMITS.idle_udp / 2).await;
    conversations.datagram(from(ends(9), b"two"), &mut replies);
    advance(LIMITS.idle_udp * 3 / 4).await;
    conversations.sweep(&mut replies);
    advance(LIMITS.idle_udp / 4).await;
    conversations.sweep(&mut replies);
    let records = stage.records();
    assert_eq!(end(&records).ending, Ending::Idle);
    assert_eq!(bytes(&records, Direction::FromVictim), b"onetwo");
    conversations.datagram(from(ends(9), b"three"), &mut replies);
    assert!(matches!(stage.records().first(), Some(Record::FlowOpened(_))));
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_never_rests_ends_with_its_life_time() {
    let stage = Stage::new();
    let mut conversations = unheard(&stage);
    let mut replies = Vec::new();
    let mut records = Vec::new();
    while !records.iter().any(|record| matches!(record, Record::FlowClosed(_))) {
        conversations.datagram(from(ends(9), b"."), &mut replies);
        advance(LIMITS.idle_udp / 2).await;
        conversations.sweep(&mut replies);
        records.append(&mut stage.records());
    }
    assert_eq!(end(&records).ending, Ending::LifeTime);
}

/// glutton hands a slice of one shared buffer on, and names a flow by its source port alone.
#[tokio::test(start_paused = true)]
async fn defects_3_and_4_a_datagram_keeps_its_bytes_and_its_own_destination() {
    let stage = Stage::new();
    let mut conversations = unheard(&stage);
    let mut buffer = [0; 900];
    for port in 1..=3 {
        buffer.fill(port as u8);
        conversations.datagram(from(ends(port), &buffer), &mut Vec::new());
    }
    let records = stage.records();
    for (port, flow) in
        (1..).zip(records.chunk_by(|_, next| !matches!(next, Record::FlowOpened(_))))
    {
        let Record::FlowOpened(opened) = &flow[0] else { panic!("{:?}", flow[0]) };
        assert_eq!(opened.orig_dst, server(port));
        assert_eq!(bytes(flow, Direction::FromVictim), [port as u8; 900]);
    }
}

#[tokio::test(start_paused = true)]
async fn beyond_the_limit_on_flows_old_conversations_make_room() {
    let stage = Stage::new();
    let mut conversations = unheard(&stage);
    for port in 0..20 {
        conversations.datagram(from(ends(port), b"scan"), &mut Vec::new());
    }
    let records = stage.records();
    let opened = records.iter().filter(|record| matches!(record, Record::FlowOpened(_))).count();
    assert_eq!(opened, 20, "none was refused");
    let limit = Event::LimitReached(Limit::OpenFlowsPerVictim);
    assert_eq!(
        events(&records).iter().filter(|&&event| *event == limit).count(),
        20 - LIMITS.open_flows_per_victim
    );
}

#[tokio::test]
async fn a_program_answers_datagrams() {
    let stage = Stage::new();
    let program = shell("read word; echo $word back; exit 7");
    stage.around.rules.put(rule(Criterion::Port(vec![9..=9]), program, Moment::Spoken));
    let (tell, mut late) = mpsc::channel(1);
    let mut conversations = Conversations::new(stage.around.clone(), tell);
    let mut replies = Vec::new();
    conversations.datagram(from(ends(9), b"there\n"), &mut replies);
    for _said_and_ended in 0..2 {
        conversations.late(late.recv().await.unwrap(), &mut replies);
    }
    assert_eq!(replies, [Reply { ends: ends(9), bytes: Bytes::from_static(b"there back\n") }]);
    let records = stage.records();
    assert_eq!(bytes(&records, Direction::ToVictim), b"there back\n");
    assert_eq!(end(&records).ending, Ending::WeClosed);
    let outcome = events(&records).into_iter().find_map(|event| match event {
        Event::ProgramEnded(ended) => Some(ended.outcome.clone()),
        _ => None,
    });
    assert_eq!(outcome.as_deref(), Some("exit status: 7"));
}
