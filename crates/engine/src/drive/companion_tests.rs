//! Flows that belong to others: FTP's data connections, on in-memory streams.

use model::{Completeness, Direction, Event, Limit, OpenedBy, Record};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::yield_now;
use tokio::time::advance;

use super::*;
use crate::limits::Limits;
use crate::session::Session;
use crate::testing::{LIMITS, QUEUE_BYTES, Stage, events, tcp_to};

/// A victim of a file server.
struct FtpVictim {
    stage: Stage,
    control: DuplexStream,
}

fn connect(stage: &Stage, port: u16) -> DuplexStream {
    let (victim, ours) = duplex(1 << 16);
    let session = Session::open(&stage.around, tcp_to(port)).expect("a permit");
    tokio::spawn(drive(ours, session));
    victim
}

impl FtpVictim {
    /// One that has logged in.
    async fn begin(limits: Limits) -> Self {
        let stage = Stage::with(Limits { stored_bytes_per_flow: 1 << 20, ..limits }, QUEUE_BYTES);
        let control = connect(&stage, 21);
        let mut victim = Self { stage, control };
        yield_now().await;
        advance(LIMITS.greeting * 2).await;
        assert!(victim.hear().await.starts_with("220 "));
        assert!(victim.ask("USER bot").await.starts_with("331 "));
        assert!(victim.ask("PASS s3cret").await.starts_with("230 "));
        victim
    }

    async fn ask(&mut self, command: &str) -> String {
        self.control.write_all(format!("{command}\r\n").as_bytes()).await.unwrap();
        self.hear().await
    }

    /// The next line.
    async fn hear(&mut self) -> String {
        let mut line = Vec::new();
        while !line.ends_with(b"\n") {
            line.push(self.control.read_u8().await.unwrap());
        }
        String::from_utf8(line).unwrap()
    }

    /// Asks for a port to connect to.
    async fn passive(&mut self) -> u16 {
        let answer = self.ask("EPSV").await;
        answer.split('|').nth(3).unwrap().parse().unwrap()
    }
}

async fn to_end(stream: &mut DuplexStream) -> Vec<u8> {
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    all
}

#[tokio::test(start_paused = true)]
async fn what_is_put_over_one_flow_is_fetched_over_another() {
    let mut victim = FtpVictim::begin(LIMITS).await;
    let port = victim.passive().await;
    let mut data = connect(&victim.stage, port);
    // Before it was said what for: some do not wait.
    data.write_all(b"stolen").await.unwrap();
    data.shutdown().await.unwrap();
    yield_now().await;
    assert!(victim.ask("STOR loot").await.starts_with("150 "));
    assert!(victim.hear().await.starts_with("226 "));
    let port = victim.passive().await;
    // Before the companion is there: some send their commands at once.
    victim.control.write_all(b"RETR loot\r\n").await.unwrap();
    yield_now().await;
    let mut data = connect(&victim.stage, port);
    assert!(victim.hear().await.starts_with("150 "));
    assert_eq!(to_end(&mut data).await, b"stolen");
    assert!(victim.hear().await.starts_with("226 "));
    let records = victim.stage.records();
    let artifacts: Vec<_> = records
        .iter()
        .filter_map(|record| match record {
            Record::Artifact(artifact) => Some((artifact.bytes, artifact.completeness)),
            _ => None,
        })
        .collect();
    assert_eq!(artifacts, [(6, Completeness::Whole)]);
    let opened: Vec<_> = records
        .iter()
        .filter_map(|record| match record {
            Record::FlowOpened(flow) => Some(flow.id),
            _ => None,
        })
        .collect();
    let belongs = Event::Companion { of: opened[0], opened_by: OpenedBy::Victim };
    assert_eq!(events(&records).into_iter().filter(|event| **event == belongs).count(), 2);
    let heard = records.iter().any(|record| {
        matches!(record, Record::Payload(payload)
            if payload.flow == opened[1]
                && payload.direction == Direction::FromVictim
                && payload.bytes == b"stolen"[..])
    });
    assert!(heard, "the bytes of a companion are recorded like any other's");
}

#[tokio::test(start_paused = true)]
async fn a_flow_that_nobody_expects_is_no_companion() {
    let mut victim = FtpVictim::begin(LIMITS).await;
    let port = victim.passive().await;
    victim.stage.records();
    let mut other = connect(&victim.stage, port ^ 1);
    other.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(to_end(&mut other).await.starts_with(b"HTTP/1.1 200 OK\r\n"));
    let records = victim.stage.records();
    let is_companion = |event: &&Event| matches!(event, Event::Companion { .. });
    assert!(!events(&records).iter().any(is_companion));
}

#[tokio::test(start_paused = true)]
async fn a_companion_that_never_comes_is_not_waited_for_for_ever() {
    let mut victim = FtpVictim::begin(LIMITS).await;
    victim.passive().await;
    assert!(victim.ask("LIST").await.starts_with("425 "));
    let records = victim.stage.records();
    assert!(events(&records).contains(&&Event::LimitReached(Limit::FtpDataWait)));
}

#[tokio::test(start_paused = true)]
async fn an_upload_outlives_the_flow_that_announced_it() {
    let mut victim = FtpVictim::begin(LIMITS).await;
    let port = victim.passive().await;
    let mut data = connect(&victim.stage, port);
    assert!(victim.ask("STOR loot").await.starts_with("150 "));
    drop(victim.control);
    yield_now().await;
    data.write_all(b"late").await.unwrap();
    data.shutdown().await.unwrap();
    to_end(&mut data).await;
    let whole = victim.stage.records().into_iter().any(|record| {
        matches!(record, Record::Artifact(artifact)
            if (artifact.bytes, artifact.completeness) == (4, Completeness::Whole))
    });
    assert!(whole);
}

#[tokio::test(start_paused = true)]
async fn a_companion_without_an_errand_leaves_with_its_flow() {
    let mut victim = FtpVictim::begin(LIMITS).await;
    let port = victim.passive().await;
    let mut data = connect(&victim.stage, port);
    yield_now().await;
    drop(victim.control);
    assert_eq!(to_end(&mut data).await, b"");
}

#[tokio::test(start_paused = true)]
async fn at_the_limit_of_expected_flows_the_first_is_forgotten() {
    let limits = Limits { expected_flows_per_victim: 1, ..LIMITS };
    let mut first = FtpVictim::begin(limits).await;
    first.passive().await;
    let second = connect(&first.stage, 21);
    let mut first_control = std::mem::replace(&mut first.control, second);
    yield_now().await;
    advance(LIMITS.greeting * 2).await;
    first.hear().await;
    first.ask("USER bot").await;
    first.ask("PASS s3cret").await;
    first.passive().await;
    let records = first.stage.records();
    let reached = Event::LimitReached(Limit::ExpectedFlowsPerVictim);
    assert!(events(&records).contains(&&reached));
    first_control.write_all(b"LIST\r\n").await.unwrap();
    std::mem::swap(&mut first.control, &mut first_control);
    assert!(first.hear().await.starts_with("425 "));
}
