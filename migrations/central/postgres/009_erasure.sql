-- Holds, erasures and their orders; who reads what; which backups were proved; and the journal of what was decided.

-- Central's own chain: what it seals itself (holds, erasures), each naming the officer who acted. Its key is derived from
-- central's sealing secret. `self_id` stands for central as author and as device.
CREATE TABLE own_chain (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    chain_id UUID NOT NULL,
    self_id  UUID NOT NULL
);

-- Revisions whose words are gone, whether they have arrived or not: what comes again comes without them.
CREATE TABLE erased (
    link    BYTEA PRIMARY KEY,
    erasure BYTEA NOT NULL                -- the erasure entry that names it
);
CREATE INDEX erased_erasure ON erased (erasure);

-- Orders to profiles that may hold a copy, by the position of the erasure entry.
CREATE TABLE erasure_order (
    profile      UUID NOT NULL,          -- record chain of the profile
    pos          BIGINT NOT NULL,
    erasure      BYTEA NOT NULL,
    confirmed_at BIGINT,                -- none while the device has not said that it is done
    PRIMARY KEY (profile, pos)
);
CREATE INDEX erasure_order_erasure ON erasure_order (erasure);

-- Which profile reads which scope, since when, and whether it has forgotten it.
CREATE TABLE reading (
    profile   UUID NOT NULL,
    scope     TEXT NOT NULL,
    since     BIGINT NOT NULL,
    ended_at  BIGINT,
    forgot_at BIGINT,
    PRIMARY KEY (profile, scope)
);
CREATE INDEX reading_scope ON reading (scope);

-- By position: rising, so that it costs an append.
CREATE INDEX feed_pos ON feed (pos);

-- Backups that were restored for trial and verified: up to this position of this epoch.
CREATE TABLE proved_backup (
    epoch     UUID NOT NULL,
    pos       BIGINT NOT NULL,
    proved_at BIGINT NOT NULL,
    PRIMARY KEY (epoch, pos)
);

-- What was decided here, in order. A file beside the database follows it; a restore reads that file.
CREATE TABLE journal (
    n    BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    what TEXT NOT NULL                   -- JSON
);
INSERT INTO head (name, n) VALUES ('journal', 0);

-- Decisions about what a restored database does not hold yet: a device (16 bytes) or a revision (32 bytes).
CREATE TABLE foretold (
    about BYTEA PRIMARY KEY,
    what  TEXT NOT NULL                  -- JSON
);
