-- The tables of a sinkgate database, version 1.

CREATE TABLE run (
    seq      INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,      -- UUIDv7
    sensor   BLOB NOT NULL,             -- UUIDv7 of the process that recorded it
    started  INTEGER NOT NULL,          -- microseconds since 1970 UTC, as every time here
    subject  TEXT NOT NULL              -- the command behind the gateway, or the interfaces
) STRICT;

CREATE TABLE run_end (
    seq      INTEGER PRIMARY KEY,
    run      INTEGER NOT NULL UNIQUE REFERENCES run,
    stopped  INTEGER NOT NULL
) STRICT;

CREATE TABLE flow (
    seq          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL,         -- UUIDv7
    run          INTEGER NOT NULL REFERENCES run,
    opened       INTEGER NOT NULL,
    transport    INTEGER NOT NULL,      -- IP protocol number: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6
    victim       TEXT NOT NULL,
    victim_v4    INTEGER,               -- as INET_ATON gives it; NULL for IPv6
    victim_port  INTEGER NOT NULL,      -- 0 where there are no ports
    dst          TEXT NOT NULL,         -- the original destination: what the victim meant
    dst_port     INTEGER NOT NULL
) STRICT;

CREATE TABLE flow_end (
    seq                INTEGER PRIMARY KEY,
    flow               INTEGER NOT NULL REFERENCES flow,
    closed             INTEGER NOT NULL,
    protocol           TEXT,            -- what it was recognised as
    ending             TEXT NOT NULL,
    bytes_from_victim  INTEGER NOT NULL,
    bytes_to_victim    INTEGER NOT NULL,
    unstored_limit     TEXT,            -- the setting that kept bytes out, if one did
    unstored_bytes     INTEGER NOT NULL,
    unstored_sha256    BLOB             -- of what the victim sent beyond it
) STRICT;

CREATE TABLE flow_name (
    seq     INTEGER PRIMARY KEY,
    flow    INTEGER NOT NULL REFERENCES flow,
    time    INTEGER NOT NULL,
    name    TEXT NOT NULL,
    source  TEXT NOT NULL               -- dns, host, proxy, sni
) STRICT;

CREATE TABLE payload (
    seq        INTEGER PRIMARY KEY,
    flow       INTEGER NOT NULL REFERENCES flow,
    time       INTEGER NOT NULL,
    direction  INTEGER NOT NULL,        -- 0 from the victim, 1 to the victim
    layer      INTEGER NOT NULL,        -- 0 as on the wire, 1 inside TLS or QUIC, 2 inside TLS in that
    offset     INTEGER NOT NULL,        -- bytes of this direction and layer before it
    length     INTEGER NOT NULL,
    bytes      BLOB                     -- NULL if the disk or the database was full
) STRICT;

CREATE TABLE artifact (
    seq           INTEGER PRIMARY KEY,
    id            BLOB NOT NULL,        -- UUIDv7
    flow          INTEGER NOT NULL REFERENCES flow,
    opened        INTEGER NOT NULL,
    closed        INTEGER NOT NULL,
    source        TEXT NOT NULL,        -- what part of what protocol it was: http-request-body, …
    direction     INTEGER NOT NULL,     -- 0 from the victim, 1 to the victim
    name          TEXT,                 -- what the peer called it
    media_type    TEXT,                 -- what the peer said it is
    file_type     TEXT,                 -- what its first bytes say it is
    bytes         INTEGER NOT NULL,     -- how many there were …
    stored_bytes  INTEGER NOT NULL,     -- … and how many of them are here
    sha256        BLOB NOT NULL,        -- of all bytes, stored or not, as the others
    sha1          BLOB NOT NULL,
    md5           BLOB NOT NULL,
    part_of       BLOB,                 -- id of the artifact it is a part or a decoded copy of
    completeness  TEXT NOT NULL,        -- whole, or why its end is missing
    content       BLOB NOT NULL         -- under which its bytes are; equal files share them
) STRICT;

CREATE TABLE artifact_part (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT, -- parts go when their bytes are here already
    content  BLOB NOT NULL,
    run      INTEGER NOT NULL REFERENCES run,
    offset   INTEGER NOT NULL,
    length   INTEGER NOT NULL,
    bytes    BLOB                       -- NULL if the disk or the database was full
) STRICT;

CREATE TABLE dns_query (
    seq            INTEGER PRIMARY KEY,
    run            INTEGER NOT NULL REFERENCES run,
    flow           INTEGER REFERENCES flow,
    time           INTEGER NOT NULL,
    name           TEXT NOT NULL,
    query_type     INTEGER NOT NULL,    -- as IANA numbers it: 1 A, 28 AAAA
    query_class    INTEGER NOT NULL,
    response_code  INTEGER,             -- NULL if no response was sent
    answers        TEXT NOT NULL        -- JSON list of strings
) STRICT;

CREATE TABLE event (
    seq      INTEGER PRIMARY KEY,
    run      INTEGER NOT NULL REFERENCES run,
    flow     INTEGER REFERENCES flow,
    time     INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    details  TEXT NOT NULL              -- JSON object
) STRICT;

CREATE TABLE counter (
    run    INTEGER NOT NULL REFERENCES run,
    name   TEXT NOT NULL,
    value  INTEGER NOT NULL,
    time   INTEGER NOT NULL,            -- of this reading, the latest
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE given_address (
    seq   INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    v4    TEXT NOT NULL,
    v6    TEXT NOT NULL
) STRICT;

CREATE TABLE follower (
    name        TEXT PRIMARY KEY,       -- URL of the other database, without the password
    cursor      TEXT NOT NULL,          -- JSON: behind what the other side has committed
    retries     INTEGER NOT NULL,       -- tries that failed
    succeeded   INTEGER,                -- when something was last committed there
    failed      INTEGER,                -- when a try last failed …
    error       TEXT,                   -- … and why
    shortened   INTEGER NOT NULL,       -- texts that were cut for it, and …
    latest      TEXT                    -- … which was the latest
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX flow_end_of ON flow_end (flow);

CREATE INDEX flow_name_of ON flow_name (flow);

CREATE INDEX payload_of ON payload (flow);

CREATE INDEX event_of ON event (flow);

CREATE INDEX artifact_of ON artifact (flow);

CREATE INDEX artifact_sha256 ON artifact (sha256);

CREATE INDEX artifact_content ON artifact (content);

CREATE INDEX artifact_part_of ON artifact_part (content);

CREATE VIEW connection_log AS
SELECT
    victim_v4 AS src_addr_v4,
    victim_port AS sport,
    dst_port AS dport,
    iif(transport = 6, 1, 2) AS protocol,
    strftime('%Y-%m-%d %H:%M:%S', opened / 1000000, 'unixepoch')
        || printf('.%06d', opened % 1000000) AS established_time
FROM flow
WHERE victim_v4 IS NOT NULL AND transport IN (6, 17);

CREATE VIEW sinkhole_data AS
SELECT
    flow.victim_v4 AS src_addr_v4,
    flow.victim_port AS sport,
    iif(flow.transport = 6, 1, 2) AS protocol,
    strftime('%Y-%m-%d %H:%M:%S', payload.time / 1000000, 'unixepoch')
        || printf('.%06d', payload.time % 1000000) AS received_time,
    payload.bytes AS received_data
FROM payload JOIN flow ON flow.seq = payload.flow
WHERE flow.victim_v4 IS NOT NULL AND flow.transport IN (6, 17)
    AND payload.direction = 0 AND payload.layer = 0;

CREATE VIEW dns_log AS
SELECT
    flow.victim_v4 AS src_addr_v4,
    strftime('%Y-%m-%d %H:%M:%S', dns_query.time / 1000000, 'unixepoch')
        || printf('.%06d', dns_query.time % 1000000) AS received_time,
    dns_query.name AS query_domain,
    dns_query.query_type AS query_type
FROM dns_query JOIN flow ON flow.seq = dns_query.flow
WHERE flow.victim_v4 IS NOT NULL;
