//! What there is to be mined: blocks as they would be now, of which nothing is true but the form.

use serde_json::{Value, json};

use crate::Cx;
use crate::derived::{Purpose, derived};
use crate::hexadecimal::hexadecimal;

/// So many bytes that look like chance, as digits; the same for the same `what`.
pub(super) fn digits(what: &str, bytes: usize, cx: &Cx<'_>) -> String {
    let part = |number: usize| {
        let [first, second] =
            derived(&cx.persona.seed, Purpose::SmallService, &format!("stratum {what} {number}"));
        format!("{first:016x}{second:016x}")
    };
    let mut digits: String = (0..bytes.div_ceil(16)).map(part).collect();
    digits.truncate(bytes * 2);
    digits
}

/// How high a chain is that was so high at a moment, and has grown by a block each so many seconds.
fn height((high, moment): (i64, i64), each: i64, cx: &Cx<'_>) -> i64 {
    high + (cx.now.as_secs() - moment).div_euclid(each).max(0)
}

/// A block of Bitcoin (`mining.notify`): its number, the block before, what pays the miner in two parts
/// with room for a number between them, difficulty and time.
pub(super) fn bitcoin(number: u32, cx: &Cx<'_>) -> Value {
    // 870,000 blocks on 12 November 2024, one every ten minutes.
    let height = height((870_000, 1_731_369_600), 600, cx);
    let [h0, h1, h2, ..] = height.to_le_bytes();
    let before = digits(&format!("bitcoin {height}"), 24, cx);
    // A transaction with one input from nowhere: a script of 12 bytes, four of them the height.
    let first = format!("0100000001{}ffffffff0c03{}", "00".repeat(32), hexadecimal(&[h0, h1, h2]));
    let reward = 312_500_000_i64 + height % 20_000_000;
    let paid = hexadecimal(&reward.to_le_bytes());
    let owner = digits("owner", 20, cx);
    let second = format!("ffffffff01{paid}1976a914{owner}88ac00000000");
    let branch: Vec<String> =
        (0..3).map(|place| digits(&format!("branch {height} {place}"), 32, cx)).collect();
    let time = format!("{:08x}", cx.now.as_secs());
    json!([
        format!("{number:x}"),
        format!("{before}0000000000000000"),
        first,
        second,
        branch,
        "20000000",
        "17028c61",
        time,
        true
    ])
}

/// A block of Monero: a header of 76 bytes with a place for the miner's number, and how hard it is.
pub(super) fn monero(number: u32, cx: &Cx<'_>) -> Value {
    // 3,292,000 blocks on 1 December 2024, one every two minutes.
    let height = height((3_292_000, 1_733_011_200), 120, cx);
    let before = digits(&format!("monero {height}"), 32, cx);
    let root = digits(&format!("root {height} {number}"), 32, cx);
    let time: String = varint(cx.now.as_secs().unsigned_abs());
    let blob = format!("1010{time}{before}00000000{root}1c");
    json!({
        "blob": blob,
        "job_id": digits(&format!("job {} {number}", cx.flow.id), 8, cx),
        "target": "b2df0000",
        "algo": "rx/0",
        "height": height,
        // Another one every 2048 blocks.
        "seed_hash": digits(&format!("seed {}", height / 2_048), 32, cx),
    })
}

/// Work of Ethereum and its kin: what is hashed, what with, and how small the result has to be.
pub(super) fn ethereum(number: u32, cx: &Cx<'_>) -> Value {
    let hash = |what: &str| format!("0x{}", digits(&format!("{what} {number}"), 32, cx));
    let epoch = cx.now.as_secs().div_euclid(390_000);
    let seed = format!("0x{}", digits(&format!("epoch {epoch}"), 32, cx));
    json!([hash("header"), seed, format!("0x00000000ffff{}", "0".repeat(52))])
}

/// Seven bits a byte, least significant first, as digits.
fn varint(mut number: u64) -> String {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or_default());
    hexadecimal(&bytes)
}
