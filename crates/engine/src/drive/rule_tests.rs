//! Rules of the analyst's own answer streams, in memory; programs of theirs do, too.

use std::path::PathBuf;
use std::time::Duration;

use model::{Direction, Ending, Event};
use proto::responses::{Act, Content, Criterion, First, Moment, Program, Table};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::yield_now;

use super::tests::connect;
use crate::testing::{Stage, bytes, end, events, rule, shell};

fn port(port: u16) -> Criterion {
    Criterion::Port(vec![port..=port])
}

fn say(bytes: &'static [u8]) -> Act {
    Act::Say(Content::Fixed(bytes.into()))
}

/// What a victim hears that says `words` on port 4444.
async fn answer_to(stage: &Stage, words: &[u8]) -> Vec<u8> {
    let (mut victim, driven) = connect(stage, 4_444);
    for byte in words {
        // A connection that was ended meanwhile takes no more.
        let _ = victim.write_all(&[*byte]).await;
        yield_now().await;
    }
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    drop(victim);
    driven.await.unwrap();
    answer
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_a_port_greets_and_is_noted() {
    let stage = Stage::new();
    stage.around.rules.put(rule(port(4_444), say(b"220 hi\r\n"), Moment::Open));
    assert_eq!(answer_to(&stage, b"").await, b"220 hi\r\n");
    let records = stage.records();
    let noted = Event::ResponseRule { rule: "own".to_owned() };
    assert!(events(&records).contains(&&noted));
    assert_eq!(bytes(&records, Direction::ToVictim), b"220 hi\r\n");
    assert_eq!(end(&records).ending, Ending::WeClosed);
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_first_bytes_waits_until_there_are_enough() {
    let stage = Stage::new();
    let first = Criterion::First(First::Bytes(b"GET /secret".as_slice().into()));
    stage.around.rules.put(rule(first, say(b"yes"), Moment::Spoken));
    assert_eq!(answer_to(&stage, b"GET /secret").await, b"yes");
    let records = stage.records();
    assert_eq!(bytes(&records, Direction::FromVictim), b"GET /secret");
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_ends_before_a_byte_is_read() {
    let stage = Stage::new();
    stage.around.rules.put(rule(port(4_444), Act::Refuse, Moment::Spoken));
    assert_eq!(answer_to(&stage, b"").await, b"");
    assert_eq!(end(&stage.records()).ending, Ending::WeClosed);
}

#[tokio::test(start_paused = true)]
async fn a_flow_keeps_the_rules_it_began_with() {
    let stage = Stage::new();
    stage.around.rules.put(rule(port(4_444), say(b"old"), Moment::Spoken));
    let (mut victim, driven) = connect(&stage, 4_444);
    stage.around.rules.put(rule(port(4_444), say(b"new"), Moment::Spoken));
    victim.write_all(b"x").await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    drop(victim);
    driven.await.unwrap();
    assert_eq!(answer, b"old");
    assert_eq!(answer_to(&stage, b"x").await, b"new");
}

/// A shell that runs this, as the answer to everything on port 4444.
fn by_shell(line: &str) -> Table {
    rule(port(4_444), shell(line), Moment::Spoken)
}

/// What a victim hears that says `words` on port 4444, and no more.
async fn answer_of_program(stage: &Stage, words: &[u8]) -> Vec<u8> {
    let (mut victim, driven) = connect(stage, 4_444);
    victim.write_all(words).await.unwrap();
    victim.shutdown().await.unwrap();
    let mut answer = Vec::new();
    victim.read_to_end(&mut answer).await.unwrap();
    drop(victim);
    driven.await.unwrap();
    answer
}

/// How the program ended, and what it complained about.
fn program_ended(stage: &Stage) -> (String, String) {
    let records = stage.records();
    let ended = events(&records).into_iter().find_map(|event| match event {
        Event::ProgramEnded(ended) => Some(ended.clone()),
        _ => None,
    });
    let ended = ended.expect("a program ended");
    (ended.outcome, ended.complaint)
}

#[tokio::test]
async fn a_program_answers_and_knows_whom() {
    let stage = Stage::new();
    stage
        .around
        .rules
        .put(by_shell("read word; echo $word $SINKGATE_PORT $SINKGATE_RULE; echo oh >&2; exit 3"));
    assert_eq!(answer_of_program(&stage, b"hello\n").await, b"hello 4444 own\n");
    assert_eq!(program_ended(&stage), ("exit status: 3".to_owned(), "oh".to_owned()));
}

#[tokio::test]
async fn a_program_hears_everything_also_more_than_fits_a_pipe() {
    let stage = Stage::new();
    stage.around.rules.put(by_shell("cat"));
    let words: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let (victim, driven) = connect(&stage, 4_444);
    let (mut heard, mut said) = tokio::io::split(victim);
    let sent = words.clone();
    let speaking = tokio::spawn(async move {
        said.write_all(&sent).await.unwrap();
        said.shutdown().await.unwrap();
        said
    });
    let mut answer = Vec::new();
    heard.read_to_end(&mut answer).await.unwrap();
    assert!(answer == words, "{} of {} bytes", answer.len(), words.len());
    drop((heard, speaking.await.unwrap()));
    driven.await.unwrap();
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_silence() {
    let stage = Stage::new();
    let program = Program {
        path: "/nonexistent/c2".into(),
        arguments: Vec::new(),
        folder: PathBuf::from("/"),
    };
    stage.around.rules.put(rule(port(4_444), Act::Exec(program), Moment::Spoken));
    assert_eq!(answer_of_program(&stage, b"hello").await, b"");
    let (outcome, _) = program_ended(&stage);
    assert!(outcome.starts_with("cannot be started: No such file"), "{outcome}");
}

#[tokio::test]
async fn threat_5_no_more_programs_run_at_once_than_may() {
    let stage = Stage::new();
    stage.around.rules.put(by_shell("cat"));
    let (first, second) = (connect(&stage, 4_444), connect(&stage, 4_444));
    yield_now().await;
    let (mut third, driven) = connect(&stage, 4_444);
    third.write_all(b"hello").await.unwrap();
    third.shutdown().await.unwrap();
    assert_eq!(third.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    driven.await.unwrap();
    let full = Event::LimitReached(model::Limit::Programs);
    assert!(events(&stage.records()).contains(&&full));
    drop((first, second));
}

/// The process whose number a program says is gone once its flow is.
async fn ends_with_its_flow(line: &str) {
    let stage = Stage::new();
    stage.around.rules.put(by_shell(line));
    let (mut victim, driven) = connect(&stage, 4_444);
    let mut number = [0; 16];
    let length = victim.read(&mut number).await.unwrap();
    let number = String::from_utf8_lossy(&number[..length]).trim().to_owned();
    let place = PathBuf::from(format!("/proc/{number}/stat"));
    assert!(place.exists());
    driven.abort();
    drop(victim);
    let gone = async {
        // A zombie is gone, too.
        while std::fs::read_to_string(&place).is_ok_and(|stat| !stat.contains(") Z ")) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
}

#[tokio::test]
async fn threat_15_a_program_ends_with_its_flow() {
    ends_with_its_flow("echo $$; exec sleep 600").await;
}

#[tokio::test]
async fn threat_15_so_does_what_it_left_behind() {
    ends_with_its_flow("sleep 600 & echo $!").await;
}
