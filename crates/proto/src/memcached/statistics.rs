//! What the server says of itself.

use super::items::Items;
use crate::derived::{Purpose, derived};
use crate::{Cx, uptime};

/// The version of a long-term release of Ubuntu.
pub(super) const VERSION: &str = "1.6.14";

/// STATS, alone or with a word.
pub(super) fn about(what: &str, items: &Items, cx: &Cx<'_>) -> Vec<(String, String)> {
    match what {
        "" => general(items, cx),
        "items" if items.all().next().is_some() => {
            vec![("items:1:number".to_owned(), items.all().count().to_string())]
        }
        "settings" => settings(),
        "slabs" => pairs(&[("active_slabs", 0), ("total_malloced", 0)]),
        _ => Vec::new(),
    }
}

fn pairs(rows: &[(&str, u64)]) -> Vec<(String, String)> {
    rows.iter().map(|(name, number)| ((*name).to_owned(), number.to_string())).collect()
}

fn general(items: &Items, cx: &Cx<'_>) -> Vec<(String, String)> {
    let [chance, _] = derived(&cx.persona.seed, Purpose::Database, "memcached");
    let seconds = uptime::seconds(cx);
    let (gets, count) = (seconds / 2, items.all().count() as u64);
    let mut all = pairs(&[
        ("pid", 600 + chance % 900),
        ("uptime", seconds),
        ("time", cx.now.as_secs().unsigned_abs()),
    ]);
    all.push(("version".to_owned(), VERSION.to_owned()));
    all.push(("libevent".to_owned(), "2.1.12-stable".to_owned()));
    all.extend(pairs(&[
        ("pointer_size", 64),
        ("max_connections", 1_024),
        ("curr_connections", 2),
        ("total_connections", seconds / 40),
        ("cmd_get", gets),
        ("cmd_set", gets / 3),
        ("cmd_flush", 0),
        ("get_hits", gets - gets / 8),
        ("get_misses", gets / 8),
        ("bytes_read", gets * 41),
        ("bytes_written", gets * 120),
        ("limit_maxbytes", 64 << 20),
        ("accepting_conns", 1),
        ("threads", 4),
        ("bytes", items.bytes() as u64),
        ("curr_items", count),
        ("total_items", gets / 3 + count),
        ("evictions", 0),
    ]));
    all
}

fn settings() -> Vec<(String, String)> {
    let mut all = pairs(&[
        ("maxbytes", 64 << 20),
        ("maxconns", 1_024),
        ("tcpport", 11_211),
        ("udpport", 11_211),
    ]);
    all.push(("inter".to_owned(), "0.0.0.0".to_owned()));
    all.push(("cas_enabled".to_owned(), "yes".to_owned()));
    all.push(("item_size_max".to_owned(), "1048576".to_owned()));
    all
}
