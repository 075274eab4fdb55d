//! Payloads with the names they ought to get, and the lines whose name is wrong.

use std::collections::BTreeMap;
use std::fs;

/// Who spoke first on a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    Client,
    Server,
}

/// One line of a file.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Which one, counted from 1 without comments.
    pub(crate) number: usize,
    pub(crate) label: String,
    pub(crate) port: u16,
    pub(crate) speaker: Speaker,
    /// What the client said first; nothing if it was silent.
    pub(crate) payload: Vec<u8>,
}

/// Real first payloads of streams whose clients said something, without the disputed ones.
pub(crate) fn streams() -> Vec<Sample> {
    let disputed = disputed();
    let mut samples = read("first_payloads.tsv");
    samples.retain(|sample| !sample.payload.is_empty() && !disputed.contains_key(&sample.number));
    samples
}

/// Datagrams, written from the specifications named beside them.
pub(crate) fn datagrams() -> Vec<Sample> {
    read("datagrams.tsv")
}

/// Lines of the corpus whose label is wrong, with the reason.
pub(crate) fn disputed() -> BTreeMap<usize, String> {
    let line = |line: &str| {
        let (number, reason) = line.split_once(' ').unwrap();
        (number.parse().unwrap(), reason.to_owned())
    };
    lines("disputed.txt").iter().map(|text| line(text)).collect()
}

fn read(file: &str) -> Vec<Sample> {
    lines(file).iter().enumerate().map(|(place, line)| sample(place + 1, line)).collect()
}

fn lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(format!("tests/recognition/{file}")).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn sample(number: usize, line: &str) -> Sample {
    let [label, port, speaker, payload] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
    let speaker = match speaker {
        "client" => Speaker::Client,
        "server" => Speaker::Server,
        other => panic!("nobody is called {other}"),
    };
    let (label, port, payload) = (label.to_owned(), port.parse().unwrap(), bytes(payload));
    Sample { number, label, port, speaker, payload }
}

fn bytes(hex: &str) -> Vec<u8> {
    let pair = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(pair).collect()
}
