//! What the server says of itself, consistent wherever it is asked.

use std::fmt::Write;

use super::reply::{Reply, Version};
use super::session::Session;
use crate::Cx;
use crate::derived::{Purpose, derived};
use crate::uptime;

/// The version of a long-term release of Ubuntu, built as it has it.
const VERSION: &str = "6.0.16";

/// One section of INFO: its name, and its lines.
type Section = (&'static str, fn(&Session, &Cx<'_>, &mut String));

const SECTIONS: &[Section] = &[
    ("Server", about_server),
    ("Clients", about_clients),
    ("Memory", about_memory),
    ("Persistence", about_persistence),
    ("Stats", about_stats),
    ("Replication", about_replication),
    ("CPU", about_cpu),
    ("Modules", about_modules),
    ("Cluster", |_, _, text| text.push_str("cluster_enabled:0\r\n")),
    ("Keyspace", about_keyspace),
];

/// INFO: all sections, or one.
pub(super) fn info(wanted: &str, session: &Session, cx: &Cx<'_>) -> String {
    let is_all = matches!(wanted, "" | "ALL" | "DEFAULT" | "EVERYTHING");
    let wanted = SECTIONS.iter().filter(|(name, _)| is_all || name.eq_ignore_ascii_case(wanted));
    let sections: Vec<String> = wanted
        .map(|(name, write)| {
            let mut text = format!("# {name}\r\n");
            write(session, cx, &mut text);
            text
        })
        .collect();
    sections.join("\r\n")
}

/// Writes lines; writing to a text cannot fail.
macro_rules! lines {
    ($text:expr, $($format:tt)*) => { let _ = write!($text, $($format)*); };
}

fn about_server(_: &Session, cx: &Cx<'_>, text: &mut String) {
    let seconds = uptime::seconds(cx);
    let (port, days) = (cx.flow.orig_dst.address().port(), seconds / 86_400);
    lines!(
        text,
        "redis_version:{VERSION}\r\nredis_git_sha1:00000000\r\nredis_git_dirty:0\r\n\
         redis_build_id:a3fdef44459b3ad6\r\nredis_mode:standalone\r\nos:Linux 5.15.0-118-generic x86_64\r\n\
         arch_bits:64\r\nmultiplexing_api:epoll\r\natomicvar_api:atomic-builtin\r\n\
         gcc_version:11.2.0\r\nprocess_id:{}\r\nrun_id:{}\r\ntcp_port:{port}\r\n\
         uptime_in_seconds:{seconds}\r\nuptime_in_days:{days}\r\nhz:10\r\nconfigured_hz:10\r\n\
         lru_clock:{}\r\nexecutable:/usr/bin/redis-server\r\n\
         config_file:/etc/redis/redis.conf\r\nio_threads_active:0\r\n",
        400 + number("process", cx) % 900,
        run_id(cx),
        cx.now.as_secs() & 0x00ff_ffff,
    );
}

fn about_clients(_: &Session, _: &Cx<'_>, text: &mut String) {
    text.push_str(
        "connected_clients:1\r\nclient_recent_max_input_buffer:16\r\n\
         client_recent_max_output_buffer:0\r\nblocked_clients:0\r\ntracking_clients:0\r\n\
         clients_in_timeout_table:0\r\n",
    );
}

fn about_memory(session: &Session, cx: &Cx<'_>, text: &mut String) {
    let used = used_memory(session, cx);
    let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    lines!(
        text,
        "used_memory:{used}\r\nused_memory_human:{:.2}M\r\nused_memory_rss:{}\r\n\
         used_memory_rss_human:{:.2}M\r\nused_memory_peak:{}\r\nused_memory_lua:37888\r\n\
         used_memory_lua_human:37.00K\r\nused_memory_scripts:0\r\nmaxmemory:0\r\n\
         maxmemory_policy:noeviction\r\nmem_fragmentation_ratio:3.14\r\n\
         mem_allocator:jemalloc-5.2.1\r\nactive_defrag_running:0\r\nlazyfree_pending_objects:0\r\n",
        mebibytes(used),
        used * 3,
        mebibytes(used * 3),
        used + 60_000,
    );
}

fn about_persistence(session: &Session, cx: &Cx<'_>, text: &mut String) {
    lines!(
        text,
        "loading:0\r\nrdb_changes_since_last_save:0\r\nrdb_bgsave_in_progress:0\r\n\
         rdb_last_save_time:{}\r\nrdb_last_bgsave_status:ok\r\nrdb_last_bgsave_time_sec:0\r\n\
         rdb_current_bgsave_time_sec:-1\r\naof_enabled:0\r\naof_rewrite_in_progress:0\r\n\
         aof_rewrite_scheduled:0\r\naof_last_bgrewrite_status:ok\r\naof_last_write_status:ok\r\n",
        last_save(session, cx),
    );
}

fn about_stats(_: &Session, cx: &Cx<'_>, text: &mut String) {
    let commands = uptime::seconds(cx) / 7;
    lines!(
        text,
        "total_connections_received:{}\r\ntotal_commands_processed:{commands}\r\n\
         instantaneous_ops_per_sec:0\r\nrejected_connections:0\r\nsync_full:0\r\n\
         sync_partial_ok:0\r\nsync_partial_err:0\r\nexpired_keys:0\r\nevicted_keys:0\r\n\
         keyspace_hits:{}\r\nkeyspace_misses:{}\r\npubsub_channels:0\r\npubsub_patterns:0\r\n",
        commands / 5,
        commands / 3,
        commands / 30,
    );
}

fn about_replication(session: &Session, cx: &Cx<'_>, text: &mut String) {
    match &session.server.master {
        None => text.push_str("role:master\r\nconnected_slaves:0\r\n"),
        Some((host, port)) => {
            lines!(
                text,
                "role:slave\r\nmaster_host:{host}\r\nmaster_port:{port}\r\n\
                 master_link_status:up\r\nmaster_last_io_seconds_ago:1\r\n\
                 master_sync_in_progress:0\r\nslave_repl_offset:14\r\nslave_priority:100\r\n\
                 slave_read_only:1\r\nconnected_slaves:0\r\n"
            );
        }
    }
    lines!(
        text,
        "master_replid:{}\r\nmaster_replid2:0000000000000000000000000000000000000000\r\n\
         master_repl_offset:0\r\nsecond_repl_offset:-1\r\nrepl_backlog_active:0\r\n\
         repl_backlog_size:1048576\r\nrepl_backlog_first_byte_offset:0\r\n\
         repl_backlog_histlen:0\r\n",
        forty_digits("replication", cx),
    );
}

fn about_cpu(_: &Session, cx: &Cx<'_>, text: &mut String) {
    let seconds = uptime::seconds(cx);
    lines!(
        text,
        "used_cpu_sys:{}.184203\r\nused_cpu_user:{}.902118\r\nused_cpu_sys_children:0.000000\r\n\
         used_cpu_user_children:0.000000\r\n",
        seconds / 900,
        seconds / 1_100,
    );
}

fn about_modules(session: &Session, _: &Cx<'_>, text: &mut String) {
    for name in &session.server.modules {
        lines!(text, "module:name={name},ver=1,api=1,filters=0,usedby=[],using=[],options=[]\r\n");
    }
}

fn about_keyspace(session: &Session, cx: &Cx<'_>, text: &mut String) {
    for database in 0..16 {
        let count = session.space.names(database, cx.now).count();
        if count > 0 {
            lines!(text, "db{database}:keys={count},expires=0,avg_ttl=0\r\n");
        }
    }
}

fn used_memory(session: &Session, cx: &Cx<'_>) -> u64 {
    860_000 + number("memory", cx) % 9_000 + session.space.bytes() as u64
}

/// When what is stored was last written to a disk.
pub(super) fn last_save(session: &Session, cx: &Cx<'_>) -> i64 {
    session.server.saved.unwrap_or_else(|| uptime::started(cx)).as_secs()
}

/// What HELLO is answered with.
pub(super) fn hello(version: Version, cx: &Cx<'_>) -> Reply {
    let number = if version == Version::Three { 3 } else { 2 };
    let pairs = [
        ("server", Reply::text("redis")),
        ("version", Reply::text(VERSION)),
        ("proto", Reply::Integer(number)),
        ("id", Reply::Integer(client_id(cx))),
        ("mode", Reply::text("standalone")),
        ("role", Reply::text("master")),
        ("modules", Reply::Array(Vec::new())),
    ];
    Reply::Map(pairs.into_iter().map(|(key, value)| (Reply::text(key), value)).collect())
}

/// What this connection is called.
pub(super) fn client_id(cx: &Cx<'_>) -> i64 {
    i64::try_from(number(&cx.flow.id.to_string(), cx) % 9_000).unwrap_or_default() + 3
}

/// A line of CLIENT LIST.
pub(super) fn client_line(session: &Session, cx: &Cx<'_>) -> String {
    format!(
        "id={} addr={} fd=8 name={} age={} idle=0 flags=N db={} sub={} psub=0 multi=-1 qbuf=26 \
         qbuf-free=32742 obl=0 oll=0 omem=0 events=r cmd=client user=default\n",
        client_id(cx),
        cx.flow.victim.address(),
        String::from_utf8_lossy(&session.name),
        cx.now.since(cx.flow.opened).as_secs(),
        session.database,
        session.subscriptions.len(),
    )
}

fn run_id(cx: &Cx<'_>) -> String {
    forty_digits("run", cx)
}

fn forty_digits(what: &str, cx: &Cx<'_>) -> String {
    let [first, second] = derived(&cx.persona.seed, Purpose::Database, what);
    let [third, _] = derived(&cx.persona.seed, Purpose::Database, &format!("{what} end"));
    format!("{first:016x}{second:016x}{:08x}", third >> 32)
}

fn number(what: &str, cx: &Cx<'_>) -> u64 {
    let [number, _] = derived(&cx.persona.seed, Purpose::Database, what);
    number
}
