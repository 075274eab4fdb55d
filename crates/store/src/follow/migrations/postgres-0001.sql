CREATE TABLE run (
    id       uuid PRIMARY KEY,              -- version 7
    sensor   uuid NOT NULL,                 -- of the process that recorded it
    started  timestamptz NOT NULL,
    subject  text NOT NULL                  -- the command behind the gateway, or the interfaces
);

CREATE TABLE run_end (
    run      uuid PRIMARY KEY,
    sensor   uuid NOT NULL,
    stopped  timestamptz NOT NULL
);

CREATE TABLE flow (
    id           uuid PRIMARY KEY,          -- version 7
    run          uuid NOT NULL,
    sensor       uuid NOT NULL,
    opened       timestamptz NOT NULL,
    transport    smallint NOT NULL,         -- IP protocol number: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6
    victim       inet NOT NULL,
    victim_v4    bigint,                    -- as inet_aton gives it; NULL for IPv6
    victim_port  integer NOT NULL,          -- 0 where there are no ports
    dst          inet NOT NULL,             -- the original destination: what the victim meant
    dst_port     integer NOT NULL
);

CREATE INDEX flow_opened ON flow (opened);

CREATE INDEX flow_of_run ON flow (run);

CREATE TABLE flow_end (
    flow               uuid PRIMARY KEY,
    sensor             uuid NOT NULL,
    closed             timestamptz NOT NULL,
    protocol           text,                -- what it was recognised as
    ending             text NOT NULL,
    bytes_from_victim  bigint NOT NULL,
    bytes_to_victim    bigint NOT NULL,
    unstored_limit     text,                -- the setting that kept bytes out, if one did
    unstored_bytes     bigint NOT NULL,
    unstored_sha256    bytea                -- of what the victim sent beyond it
);

CREATE TABLE flow_name (
    flow    uuid NOT NULL,
    seq     bigint NOT NULL,                -- its number in the file of the sensor
    sensor  uuid NOT NULL,
    time    timestamptz NOT NULL,
    name    text NOT NULL,
    source  text NOT NULL,                  -- dns, host, proxy, sni
    PRIMARY KEY (flow, seq)
);

CREATE TABLE payload (
    flow       uuid NOT NULL,
    seq        bigint NOT NULL,             -- its number in the file of the sensor
    position   bigint NOT NULL,             -- bytes of this direction and layer before it
    length     bigint NOT NULL,
    bytes      bytea,                       -- NULL if the disk of the sensor was full
    sensor     uuid NOT NULL,
    time       timestamptz NOT NULL,
    direction  smallint NOT NULL,           -- 0 from the victim, 1 to the victim
    layer      smallint NOT NULL,           -- 0 as on the wire, 1 inside TLS or QUIC, 2 inside TLS in that
    PRIMARY KEY (flow, seq, position)
);

CREATE INDEX payload_time ON payload (time);

CREATE TABLE artifact (
    id            uuid PRIMARY KEY,         -- version 7
    flow          uuid NOT NULL,
    sensor        uuid NOT NULL,
    opened        timestamptz NOT NULL,
    closed        timestamptz NOT NULL,
    source        text NOT NULL,            -- what part of what protocol it was: http-request-body, …
    direction     smallint NOT NULL,        -- 0 from the victim, 1 to the victim
    name          text,                     -- what the peer called it
    media_type    text,                     -- what the peer said it is
    file_type     text,                     -- what its first bytes say it is
    bytes         bigint NOT NULL,          -- how many there were …
    stored_bytes  bigint NOT NULL,          -- … and how many of them were stored
    sha256        bytea NOT NULL,           -- of all bytes, stored or not, as the others
    sha1          bytea NOT NULL,
    md5           bytea NOT NULL,
    part_of       uuid,                     -- id of the artifact it is a part or a decoded copy of
    completeness  text NOT NULL,            -- whole, or why its end is missing
    content       uuid NOT NULL             -- under which its bytes are; equal files share them
);

CREATE INDEX artifact_of_flow ON artifact (flow);

CREATE INDEX artifact_sha256 ON artifact (sha256);

CREATE TABLE artifact_part (
    content   uuid NOT NULL,
    seq       bigint NOT NULL,              -- its number in the file of the sensor
    position  bigint NOT NULL,              -- bytes of this content before it
    length    bigint NOT NULL,
    bytes     bytea,                        -- NULL if the disk of the sensor was full
    sensor    uuid NOT NULL,
    PRIMARY KEY (content, seq, position)
);

CREATE TABLE dns_query (
    run            uuid NOT NULL,
    seq            bigint NOT NULL,         -- its number in the file of the sensor
    sensor         uuid NOT NULL,
    flow           uuid,
    time           timestamptz NOT NULL,
    name           text NOT NULL,
    query_type     integer NOT NULL,        -- as IANA numbers it: 1 A, 28 AAAA
    query_class    integer NOT NULL,
    response_code  integer,                 -- NULL if no response was sent
    answers        jsonb NOT NULL,          -- list of strings
    PRIMARY KEY (run, seq)
);

CREATE INDEX dns_query_time ON dns_query (time);

CREATE INDEX dns_query_name ON dns_query (name);

CREATE TABLE event (
    run      uuid NOT NULL,
    seq      bigint NOT NULL,               -- its number in the file of the sensor
    sensor   uuid NOT NULL,
    flow     uuid,
    time     timestamptz NOT NULL,
    kind     text NOT NULL,
    details  jsonb NOT NULL,
    PRIMARY KEY (run, seq)
);

CREATE INDEX event_of_flow ON event (flow);

CREATE TABLE counter (
    run     uuid NOT NULL,
    name    text NOT NULL,
    sensor  uuid NOT NULL,
    value   bigint NOT NULL,
    time    timestamptz NOT NULL,           -- of this reading, the latest
    PRIMARY KEY (run, name)
);

CREATE VIEW connection_log AS
SELECT
    victim_v4 AS src_addr_v4,
    victim_port AS sport,
    dst_port AS dport,
    CASE WHEN transport = 6 THEN 1 ELSE 2 END AS protocol,
    opened AT TIME ZONE 'UTC' AS established_time
FROM flow
WHERE victim_v4 IS NOT NULL AND transport IN (6, 17);

CREATE VIEW sinkhole_data AS
SELECT
    flow.victim_v4 AS src_addr_v4,
    flow.victim_port AS sport,
    CASE WHEN flow.transport = 6 THEN 1 ELSE 2 END AS protocol,
    payload.time AT TIME ZONE 'UTC' AS received_time,
    payload.bytes AS received_data
FROM payload JOIN flow ON flow.id = payload.flow
WHERE flow.victim_v4 IS NOT NULL AND flow.transport IN (6, 17)
    AND payload.direction = 0 AND payload.layer = 0;

CREATE VIEW dns_log AS
SELECT
    flow.victim_v4 AS src_addr_v4,
    dns_query.time AT TIME ZONE 'UTC' AS received_time,
    dns_query.name AS query_domain,
    dns_query.query_type AS query_type
FROM dns_query JOIN flow ON flow.id = dns_query.flow
WHERE flow.victim_v4 IS NOT NULL;

-- MySQL's functions of these names, so that queries with them run here as they stand.
CREATE FUNCTION inet_aton(text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT
AS $$ SELECT $1::inet - '0.0.0.0'::inet $$;

CREATE FUNCTION inet_ntoa(bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT
AS $$ SELECT host('0.0.0.0'::inet + $1) $$;
