-- Holds, erasures and their orders; who reads what; which backups were proved; and the journal of what was decided.

-- Central's own chain: what it seals itself (holds, erasures), each naming the officer who acted. Its key is derived from
-- central's sealing secret. `self_id` stands for central as author and as device.
CREATE TABLE own_chain (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    chain_id BLOB NOT NULL,
    self_id  BLOB NOT NULL
);

-- Revisions whose words are gone, whether they have arrived or not: what comes again comes without them.
CREATE TABLE erased (
    link    BLOB PRIMARY KEY,
    erasure BLOB NOT NULL                -- the erasure entry that names it
);
CREATE INDEX erased_erasure ON erased (erasure);

-- Orders to profiles that may hold a copy, by the position of the erasure entry.
CREATE TABLE erasure_order (
    profile      BLOB NOT NULL,          -- record chain of the profile
    pos          INTEGER NOT NULL,
    erasure      BLOB NOT NULL,
    confirmed_at INTEGER,                -- none while the device has not said that it is done
    PRIMARY KEY (profile, pos)
) WITHOUT ROWID;
CREATE INDEX erasure_order_erasure ON erasure_order (erasure);

-- Which profile reads which scope, since when, and whether it has forgotten it.
CREATE TABLE reading (
    profile   BLOB NOT NULL,
    scope     TEXT NOT NULL,
    since     INTEGER NOT NULL,
    ended_at  INTEGER,
    forgot_at INTEGER,
    PRIMARY KEY (profile, scope)
) WITHOUT ROWID;
CREATE INDEX reading_scope ON reading (scope);

-- By position: rising, so that it costs an append.
CREATE INDEX feed_pos ON feed (pos);

-- Backups that were restored for trial and verified: up to this position of this epoch.
CREATE TABLE proved_backup (
    epoch     BLOB NOT NULL,
    pos       INTEGER NOT NULL,
    proved_at INTEGER NOT NULL,
    PRIMARY KEY (epoch, pos)
) WITHOUT ROWID;

-- What was decided here, in order. A file beside the database follows it; a restore reads that file.
CREATE TABLE journal (
    n    INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    what TEXT NOT NULL                   -- JSON
);
INSERT INTO head (name, n) VALUES ('journal', 0);

-- Decisions about what a restored database does not hold yet: a device (16 bytes) or a revision (32 bytes).
CREATE TABLE foretold (
    about BLOB PRIMARY KEY,
    what  TEXT NOT NULL                  -- JSON
);
