//! The statements of the writer, prepared once and used for every row.

use rusqlite::{CachedStatement, Connection};

macro_rules! statements {
    ($($name:ident: $sql:literal;)*) => {
        /// One statement per table.
        pub(super) struct Statements<'a> {
            $(pub(super) $name: CachedStatement<'a>,)*
        }

        impl<'a> Statements<'a> {
            /// How many there are: what the connection's cache has to hold.
            pub(super) const COUNT: usize = [$($sql),*].len();

            /// Takes them from the cache of the connection.
            pub(super) fn of(connection: &'a Connection) -> rusqlite::Result<Self> {
                Ok(Self { $($name: connection.prepare_cached($sql)?,)* })
            }
        }
    };
}

statements! {
    run: "INSERT INTO run (id, sensor, started, subject) VALUES (?, ?, ?, ?)";
    run_end: "INSERT INTO run_end (run, stopped) VALUES (?, ?)";
    flow: "INSERT INTO flow (id, run, opened, transport, victim, victim_v4, victim_port, dst, \
           dst_port) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    flow_end: "INSERT INTO flow_end (flow, closed, protocol, ending, bytes_from_victim, \
               bytes_to_victim, unstored_limit, unstored_bytes, unstored_sha256) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    flow_name: "INSERT INTO flow_name (flow, time, name, source) VALUES (?, ?, ?, ?)";
    payload: "INSERT INTO payload (flow, time, direction, layer, offset, length, bytes) \
              VALUES (?, ?, ?, ?, ?, ?, ?)";
    artifact: "INSERT INTO artifact (id, flow, opened, closed, source, direction, name, media_type, \
               file_type, bytes, stored_bytes, sha256, sha1, md5, part_of, completeness, content) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    artifact_part: "INSERT INTO artifact_part (content, run, offset, length, bytes) \
                    SELECT ?, run, ?, ?, ? FROM flow WHERE seq = ?";
    artifact_parts_gone: "DELETE FROM artifact_part WHERE content = ?";
    artifact_stored: "SELECT coalesce(sum(length), 0) FROM artifact_part \
                      WHERE content = ? AND bytes IS NOT NULL";
    artifact_known: "SELECT content FROM artifact WHERE sha256 = ? AND stored_bytes = bytes LIMIT 1";
    dns_query: "INSERT INTO dns_query (run, flow, time, name, query_type, query_class, \
                response_code, answers) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    event: "INSERT INTO event (run, flow, time, kind, details) VALUES (?, ?, ?, ?, ?)";
    counter: "INSERT INTO counter (run, name, value, time) VALUES (?, ?, ?, ?) \
              ON CONFLICT DO UPDATE SET value = excluded.value, time = excluded.time";
    follower: "INSERT INTO follower (name, cursor, retries, succeeded, failed, error, \
               shortened, latest) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET cursor = excluded.cursor, \
               retries = excluded.retries, succeeded = excluded.succeeded, \
               failed = excluded.failed, error = excluded.error, \
               shortened = excluded.shortened, latest = excluded.latest";
    given_address: "INSERT INTO given_address (name, v4, v6) VALUES (?, ?, ?) \
                    ON CONFLICT DO NOTHING";
}
