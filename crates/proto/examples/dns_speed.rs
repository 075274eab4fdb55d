//! How long one DNS answer takes, recording strings included:
//! `cargo run --release -p proto --example dns_speed`.

#![expect(clippy::disallowed_methods, reason = "measuring is the one purpose here")]
#![expect(clippy::print_stdout, reason = "the measurement is what this prints")]

use std::time::Instant;

use model::{
    CertificateAuthority, Flow, FlowId, OrigDst, Persona, RunId, Timestamp, Transport, Victim,
};
use proto::{Carrier, Cx, Input, Out, PROTOCOLS, Responses};

const ROUNDS: u32 = 1_000_000;
const NAMES: usize = 1_000;

fn main() {
    let flow = flow();
    let persona = Persona {
        seed: [7; 16],
        host: "srv".to_owned(),
        http_server: "nginx".to_owned(),
        dns_version: "9.18".to_owned(),
        mail_server: "Postfix".to_owned(),
        public_address: [203, 0, 113, 77].into(),
        authority: CertificateAuthority::default(),
    };
    let rules = Responses::default();
    let now = Timestamp::from_micros(1_700_000_000_000_000);
    let layer = model::Layer::Wire;
    let cx = Cx { now, opened: now, flow: &flow, layer, persona: &persona, rules: &rules };
    measure("A", &cx, |number| query(number, &[0, 1, 0, 1], &[]));
    measure("A with OPT", &cx, |number| {
        query(number, &[0, 1, 0, 1], &[0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])
    });
    measure("A with a cookie", &cx, |number| {
        let opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8];
        query(number, &[0, 1, 0, 1], &opt)
    });
    measure("MX", &cx, |number| query(number, &[0, 15, 0, 1], &[]));
}

fn flow() -> Flow {
    Flow {
        id: FlowId::from_bytes([1; 16]),
        run: RunId::from_bytes([2; 16]),
        opened: Timestamp::from_micros(0),
        transport: Transport::Udp,
        victim: Victim::new(([10, 0, 0, 7], 40_000).into()),
        orig_dst: OrigDst::new(([8, 8, 8, 8], 53).into()),
    }
}

fn query(number: usize, question: &[u8], additional: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, u8::from(!additional.is_empty())];
    let host = format!("host-{number}");
    for label in [host.as_str(), "example", "com"] {
        bytes.push(u8::try_from(label.len()).unwrap_or(63));
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    bytes.extend_from_slice(question);
    bytes.extend_from_slice(additional);
    bytes
}

fn measure(what: &str, cx: &Cx<'_>, query: impl Fn(usize) -> Vec<u8>) {
    let queries: Vec<Vec<u8>> = (0..NAMES).map(query).collect();
    let row = PROTOCOLS.iter().find(|row| row.name == "dns" && row.carrier == Carrier::Datagram);
    let Some(row) = row else { return };
    let mut machine = (row.start)();
    let mut out = Out::default();
    let mut actions = 0;
    let started = Instant::now();
    for query in queries.iter().cycle().take(ROUNDS as usize) {
        machine.on(Input::Datagram(query), cx, &mut out);
        actions += out.take_actions().count();
    }
    let each = started.elapsed() / ROUNDS;
    println!("{what}: {each:?} each ({actions} actions)");
}
