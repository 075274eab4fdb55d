CREATE TABLE IF NOT EXISTS run (
    id       BINARY(16) NOT NULL PRIMARY KEY,      -- UUIDv7
    sensor   BINARY(16) NOT NULL,                  -- UUIDv7 of the process that recorded it
    started  DATETIME(6) NOT NULL,                 -- UTC, as every time here
    subject  LONGTEXT NOT NULL                     -- the command behind the gateway, or the interfaces
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS run_end (
    run      BINARY(16) NOT NULL PRIMARY KEY,
    sensor   BINARY(16) NOT NULL,
    stopped  DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS flow (
    id           BINARY(16) NOT NULL PRIMARY KEY,  -- UUIDv7
    run          BINARY(16) NOT NULL,
    sensor       BINARY(16) NOT NULL,
    opened       DATETIME(6) NOT NULL,
    transport    TINYINT UNSIGNED NOT NULL,        -- IP protocol number: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6
    victim       VARCHAR(45) CHARACTER SET ascii NOT NULL,
    victim_v4    INT UNSIGNED,                     -- as INET_ATON gives it; NULL for IPv6
    victim_port  SMALLINT UNSIGNED NOT NULL,       -- 0 where there are no ports
    dst          VARCHAR(45) CHARACTER SET ascii NOT NULL, -- the original destination: what the victim meant
    dst_port     SMALLINT UNSIGNED NOT NULL,
    KEY flow_opened (opened),
    KEY flow_of_run (run)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS flow_end (
    flow               BINARY(16) NOT NULL PRIMARY KEY,
    sensor             BINARY(16) NOT NULL,
    closed             DATETIME(6) NOT NULL,
    protocol           VARCHAR(64),                -- what it was recognised as
    ending             VARCHAR(64) NOT NULL,
    bytes_from_victim  BIGINT UNSIGNED NOT NULL,
    bytes_to_victim    BIGINT UNSIGNED NOT NULL,
    unstored_limit     VARCHAR(64),                -- the setting that kept bytes out, if one did
    unstored_bytes     BIGINT UNSIGNED NOT NULL,
    unstored_sha256    BINARY(32)                  -- of what the victim sent beyond it
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS flow_name (
    flow    BINARY(16) NOT NULL,
    seq     BIGINT UNSIGNED NOT NULL,              -- its number in the file of the sensor
    sensor  BINARY(16) NOT NULL,
    time    DATETIME(6) NOT NULL,
    name    LONGTEXT NOT NULL,
    source  VARCHAR(64) NOT NULL,                  -- dns, host, proxy, sni
    PRIMARY KEY (flow, seq)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS payload (
    flow       BINARY(16) NOT NULL,
    seq        BIGINT UNSIGNED NOT NULL,           -- its number in the file of the sensor
    position   BIGINT UNSIGNED NOT NULL,           -- bytes of this direction and layer before it
    length     BIGINT UNSIGNED NOT NULL,
    bytes      LONGBLOB,                           -- NULL if the disk of the sensor was full
    sensor     BINARY(16) NOT NULL,
    time       DATETIME(6) NOT NULL,
    direction  TINYINT UNSIGNED NOT NULL,          -- 0 from the victim, 1 to the victim
    layer      TINYINT UNSIGNED NOT NULL,          -- 0 as on the wire, 1 inside TLS or QUIC, 2 inside TLS in that
    PRIMARY KEY (flow, seq, position),
    KEY payload_time (time)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS artifact (
    id            BINARY(16) NOT NULL PRIMARY KEY, -- UUIDv7
    flow          BINARY(16) NOT NULL,
    sensor        BINARY(16) NOT NULL,
    opened        DATETIME(6) NOT NULL,
    closed        DATETIME(6) NOT NULL,
    source        VARCHAR(64) NOT NULL,            -- what part of what protocol it was: http-request-body, …
    direction     TINYINT UNSIGNED NOT NULL,       -- 0 from the victim, 1 to the victim
    name          LONGTEXT,                        -- what the peer called it
    media_type    LONGTEXT,                        -- what the peer said it is
    file_type     VARCHAR(64),                     -- what its first bytes say it is
    bytes         BIGINT UNSIGNED NOT NULL,        -- how many there were …
    stored_bytes  BIGINT UNSIGNED NOT NULL,        -- … and how many of them were stored
    sha256        BINARY(32) NOT NULL,             -- of all bytes, stored or not, as the others
    sha1          BINARY(20) NOT NULL,
    md5           BINARY(16) NOT NULL,
    part_of       BINARY(16),                      -- id of the artifact it is a part or a decoded copy of
    completeness  VARCHAR(64) NOT NULL,            -- whole, or why its end is missing
    content       BINARY(16) NOT NULL,             -- under which its bytes are; equal files share them
    KEY artifact_of_flow (flow),
    KEY artifact_sha256 (sha256)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS artifact_part (
    content   BINARY(16) NOT NULL,
    seq       BIGINT UNSIGNED NOT NULL,            -- its number in the file of the sensor
    position  BIGINT UNSIGNED NOT NULL,            -- bytes of this content before it
    length    BIGINT UNSIGNED NOT NULL,
    bytes     LONGBLOB,                            -- NULL if the disk of the sensor was full
    sensor    BINARY(16) NOT NULL,
    PRIMARY KEY (content, seq, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS dns_query (
    run            BINARY(16) NOT NULL,
    seq            BIGINT UNSIGNED NOT NULL,       -- its number in the file of the sensor
    sensor         BINARY(16) NOT NULL,
    flow           BINARY(16),
    time           DATETIME(6) NOT NULL,
    name           VARCHAR(1024) NOT NULL,
    query_type     SMALLINT UNSIGNED NOT NULL,     -- as IANA numbers it: 1 A, 28 AAAA
    query_class    SMALLINT UNSIGNED NOT NULL,
    response_code  SMALLINT UNSIGNED,              -- NULL if no response was sent
    answers        JSON NOT NULL,                  -- list of strings
    PRIMARY KEY (run, seq),
    KEY dns_query_time (time),
    KEY dns_query_name (name(128))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS event (
    run      BINARY(16) NOT NULL,
    seq      BIGINT UNSIGNED NOT NULL,             -- its number in the file of the sensor
    sensor   BINARY(16) NOT NULL,
    flow     BINARY(16),
    time     DATETIME(6) NOT NULL,
    kind     VARCHAR(64) NOT NULL,
    details  JSON NOT NULL,
    PRIMARY KEY (run, seq),
    KEY event_of_flow (flow)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS counter (
    run     BINARY(16) NOT NULL,
    name    VARCHAR(64) NOT NULL,
    sensor  BINARY(16) NOT NULL,
    value   BIGINT UNSIGNED NOT NULL,
    time    DATETIME(6) NOT NULL,                  -- of this reading, the latest
    PRIMARY KEY (run, name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE OR REPLACE VIEW connection_log AS
SELECT
    victim_v4 AS src_addr_v4,
    victim_port AS sport,
    dst_port AS dport,
    IF(transport = 6, 1, 2) AS protocol,
    opened AS established_time
FROM flow
WHERE victim_v4 IS NOT NULL AND transport IN (6, 17);

CREATE OR REPLACE VIEW sinkhole_data AS
SELECT
    flow.victim_v4 AS src_addr_v4,
    flow.victim_port AS sport,
    IF(flow.transport = 6, 1, 2) AS protocol,
    payload.time AS received_time,
    payload.bytes AS received_data
FROM payload JOIN flow ON flow.id = payload.flow
WHERE flow.victim_v4 IS NOT NULL AND flow.transport IN (6, 17)
    AND payload.direction = 0 AND payload.layer = 0;

CREATE OR REPLACE VIEW dns_log AS
SELECT
    flow.victim_v4 AS src_addr_v4,
    dns_query.time AS received_time,
    dns_query.name AS query_domain,
    dns_query.query_type AS query_type
FROM dns_query JOIN flow ON flow.id = dns_query.flow
WHERE flow.victim_v4 IS NOT NULL;
