//! What there is to be read: the system, its interfaces, its resources (RFC 3418, RFC 2863, RFC 2790),
//! as a server at a provider has them.

use std::net::IpAddr;

use super::ber::{self, INTEGER, OCTETS};
use crate::Cx;
use crate::derived::{Purpose, derived};

/// Tags of values that are no plain numbers (RFC 2578 §7.1).
const ADDRESS: u8 = 0x40;
pub(super) const COUNTER: u8 = 0x41;
const GAUGE: u8 = 0x42;
const TICKS: u8 = 0x43;

/// Places and what is there, in the order of the tree.
#[derive(Debug)]
pub(super) struct Mib(Vec<(Vec<u32>, Vec<u8>)>);

impl Mib {
    pub(super) fn new(cx: &Cx<'_>) -> Self {
        let mut rows = system(cx);
        rows.extend(interfaces(cx));
        rows.extend(resources(cx));
        rows.sort();
        Self(rows)
    }

    pub(super) fn at(&self, name: &[u32]) -> Option<&(Vec<u32>, Vec<u8>)> {
        self.0.iter().find(|(place, _)| place == name)
    }

    pub(super) fn after(&self, name: &[u32]) -> Option<&(Vec<u32>, Vec<u8>)> {
        self.0.iter().find(|(place, _)| place.as_slice() > name)
    }
}

type Row = (Vec<u32>, Vec<u8>);

fn row(below: &[u32], place: &[u32], value: Vec<u8>) -> Row {
    ([below, place].concat(), value)
}

fn text(text: &str) -> Vec<u8> {
    ber::value(OCTETS, text.as_bytes())
}

const MIB_2: [u32; 6] = [1, 3, 6, 1, 2, 1];

fn system(cx: &Cx<'_>) -> Vec<Row> {
    let below = [&MIB_2[..], &[1]].concat();
    let host = cx.persona.host.as_str();
    let net_snmp_on_linux = [1, 3, 6, 1, 4, 1, 8072, 3, 2, 10];
    vec![
        row(&below, &[1, 0], text(&format!("Linux {host} {}", kernel(cx)))),
        row(&below, &[2, 0], ber::object(&net_snmp_on_linux)),
        row(&below, &[3, 0], ber::number(TICKS, uptime(cx) * 100)),
        row(&below, &[4, 0], text("root")),
        row(&below, &[5, 0], text(host)),
        row(&below, &[6, 0], text("Server room")),
        row(&below, &[7, 0], ber::integer(72)),
    ]
}

/// A kernel of the distribution that other servers of ours say they were built for.
fn kernel(cx: &Cx<'_>) -> &'static str {
    let persona = cx.persona;
    let banners = [&persona.mail_server, &persona.http_server, &persona.dns_version];
    if banners.iter().any(|banner| banner.contains("Ubuntu")) {
        "5.15.0-119-generic #129-Ubuntu SMP Fri Aug 2 19:25:20 UTC 2024 x86_64"
    } else {
        "6.1.0-25-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.106-3 (2024-08-26) x86_64"
    }
}

/// The loopback, and one card that is reached at the address the victim asked.
fn interfaces(cx: &Cx<'_>) -> Vec<Row> {
    let below = [&MIB_2[..], &[2]].concat();
    let [card, traffic] = of("card", cx);
    let [.., d, e, f] = card.to_be_bytes();
    let octets = |number: u64| {
        let each_second = i64::try_from(2_000 + number % 20_000).unwrap_or_default();
        ber::number(COUNTER, (uptime(cx) * each_second).rem_euclid(1 << 32))
    };
    let mut rows = vec![row(&below, &[1, 0], ber::integer(2))];
    let hardware = [0x52, 0x54, 0x00, d, e, f];
    let loopback = Link { index: 1, name: "lo", kind: 24, mtu: 65_536, speed: 10_000_000 };
    let card = Link { index: 2, name: "eth0", kind: 6, mtu: 1_500, speed: 1_000_000_000 };
    rows.extend(loopback.rows(&[], (octets(traffic), octets(traffic))));
    rows.extend(card.rows(&hardware, (octets(traffic >> 20), octets(traffic >> 8))));
    rows.extend(address(cx));
    rows
}

/// A row of the table of interfaces (RFC 2863 §3.1.1).
struct Link {
    index: u32,
    name: &'static str,
    kind: i64,
    mtu: i64,
    speed: i64,
}

impl Link {
    fn rows(&self, hardware: &[u8], (came, went): (Vec<u8>, Vec<u8>)) -> Vec<Row> {
        let below = [&MIB_2[..], &[2, 2, 1]].concat();
        let up = ber::integer(1);
        let columns = [
            (1, ber::integer(self.index.into())),
            (2, text(self.name)),
            (3, ber::integer(self.kind)),
            (4, ber::integer(self.mtu)),
            (5, ber::number(GAUGE, self.speed)),
            (6, ber::value(OCTETS, hardware)),
            (7, up.clone()),
            (8, up),
            (10, came),
            (16, went),
        ];
        let cell = |(column, value)| row(&below, &[column, self.index], value);
        columns.into_iter().map(cell).collect()
    }
}

/// The table of addresses knows those of version 4 only.
fn address(cx: &Cx<'_>) -> Vec<Row> {
    let IpAddr::V4(own) = cx.flow.orig_dst.ip() else { return Vec::new() };
    let below = [&MIB_2[..], &[4, 20, 1]].concat();
    let place = own.octets().map(u32::from);
    let cell = |column: u32, value| row(&below, &[&[column][..], &place].concat(), value);
    vec![
        cell(1, ber::value(ADDRESS, &own.octets())),
        cell(2, ber::integer(2)),
        cell(3, ber::value(ADDRESS, &[255, 255, 255, 0])),
    ]
}

fn resources(cx: &Cx<'_>) -> Vec<Row> {
    let below = [&MIB_2[..], &[25]].concat();
    let [number, _] = of("resources", cx);
    let processes = i64::try_from(90 + number % 60).unwrap_or_default();
    vec![
        row(&below, &[1, 1, 0], ber::number(TICKS, (uptime(cx) + 40) * 100)),
        row(&below, &[1, 5, 0], ber::number(GAUGE, 1)),
        row(&below, &[1, 6, 0], ber::number(GAUGE, processes)),
        row(&below, &[2, 2, 0], ber::number(INTEGER, 8_148_364)),
    ]
}

fn of(what: &str, cx: &Cx<'_>) -> [u64; 2] {
    derived(&cx.persona.seed, Purpose::SmallService, &format!("snmp {what}"))
}

/// How often it is started anew, in seconds.
const BETWEEN_STARTS: i64 = 61 * 86_400;

/// Seconds since the agent was started.
fn uptime(cx: &Cx<'_>) -> i64 {
    let [phase, _] = of("start", cx);
    let phase = i64::try_from(phase % 5_000_000).unwrap_or_default();
    60 + (cx.now.as_secs() + phase).rem_euclid(BETWEEN_STARTS)
}

/// How often the agent was started, and how long ago the last time was (RFC 3414 §2.2).
pub(super) fn boots_and_time(cx: &Cx<'_>) -> (i64, i64) {
    let [_, boots] = of("start", cx);
    (i64::try_from(3 + boots % 30).unwrap_or_default(), uptime(cx))
}

/// The name of the agent (RFC 3411 §5), in the form of the one that most machines have.
pub(super) fn engine(cx: &Cx<'_>) -> Vec<u8> {
    let [name, made] = of("engine", cx);
    let [.., a, b, c, d] = name.to_be_bytes();
    // Some second of 2024, least byte first.
    let made = u32::try_from(1_704_067_200 + made % 31_000_000).unwrap_or_default();
    [&[0x80, 0x00, 0x1f, 0x88, 0x80, a, b, c, d][..], &made.to_le_bytes(), &[0; 4]].concat()
}

/// How often somebody was told that something is wrong: it grows.
pub(super) fn reports_so_far(cx: &Cx<'_>) -> i64 {
    uptime(cx) / 3_000
}
