//! Whether first payloads of real flows get the names they ought to, on any port and however cut.
//!
//! The corpus is data: `first_payloads.tsv` was taken from public captures and labelled by at least
//! two dissectors; `datagrams.tsv` was written from specifications. Lines whose label is surely
//! wrong are in `disputed.txt`, with the reason. `cargo nextest run -p proto --no-capture -E
//! 'binary(recognition)'` prints the tables.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise; the tables are for people"
)]

mod corpus;
mod noise;
mod score;

use proto::{Carrier, Recognised, recognise, settle};

use corpus::{Sample, Speaker};
use score::Score;

/// What nearly everything depends on.
const SIX: [&str; 6] = ["tls", "http", "dns", "smtp", "ftp", "ssh"];

/// A port on which nothing is expected.
const NOBODYS_PORT: u16 = 54_321;

#[test]
fn the_corpus_is_recognised() {
    let score = score_of(&corpus::streams(), Carrier::Stream);
    let clients: Vec<Sample> =
        corpus::streams().into_iter().filter(|sample| sample.speaker == Speaker::Client).collect();
    let of_clients = score_of(&clients, Carrier::Stream);
    println!("{score}");
    for (number, reason) in corpus::disputed() {
        println!("left out: line {number}, {reason}");
    }
    for label in SIX {
        println!("{label}: {:.2} %", score.share(&[label]) * 100.0);
        assert!(score.share(&[label]) >= 0.98, "{label}");
    }
    println!("where the client speaks first: {:.2} %", of_clients.share(&[]) * 100.0);
    assert!(of_clients.share(&[]) >= 0.95);
    assert_eq!(score.taken_for_one_of_the_six(), [""; 0]);
}

#[test]
fn datagrams_are_recognised() {
    let score = score_of(&corpus::datagrams(), Carrier::Datagram);
    println!("{score}");
    assert!(score.share(&[]) >= 1.0);
}

#[test]
fn content_decides_where_it_can() {
    let mut elsewhere = corpus::streams();
    elsewhere.retain(|sample| sample.speaker == Speaker::Client);
    elsewhere.iter_mut().for_each(|sample| sample.port = NOBODYS_PORT);
    let score = score_of(&elsewhere, Carrier::Stream);
    println!("on a port of nobody's:\n{score}");
    assert!(score.share(&["tls", "http", "dns", "ssh", "smb", "ldap", "kerberos"]) >= 0.98);
    assert!(score.share(&[]) >= 0.90);
}

#[test]
fn an_answer_stands_whatever_comes_after() {
    for Sample { number, port, payload, .. } in corpus::streams() {
        for port in [port, NOBODYS_PORT] {
            let answers = (0..=payload.len())
                .filter_map(|seen| decided(recognise(&payload[..seen], Carrier::Stream, port)));
            let mut answers: Vec<&str> = answers.collect();
            answers.dedup();
            assert!(answers.len() <= 1, "line {number} on port {port}: {answers:?}");
        }
    }
}

/// What each sample is taken for: as far as it goes, nothing more will come.
fn score_of(samples: &[Sample], carrier: Carrier) -> Score {
    let mut score = Score::default();
    for sample in samples {
        let answer = recognise(&sample.payload, carrier, sample.port);
        let name = decided(answer)
            .or_else(|| decided(settle(&sample.payload, carrier, sample.port)))
            .unwrap();
        score.add(sample.number, &sample.label, name);
    }
    score
}

/// The name of an answer, if it is one.
fn decided(answer: Recognised) -> Option<&'static str> {
    match answer {
        Recognised::As(row, _) => Some(row.name),
        Recognised::Named(signature, _) => Some(signature.name),
        Recognised::NotYet => None,
        Recognised::Unknown(_) => Some("unknown"),
    }
}
