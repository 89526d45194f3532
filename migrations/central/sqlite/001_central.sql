-- Central, schema 1, embedded SQLite. Forward only: never change this file once it has run anywhere.
-- Sealed bytes are BLOBs and never change; every other column is an index that `verify` can rebuild from them.

CREATE TABLE force (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    force_id         BLOB NOT NULL,
    epoch            BLOB NOT NULL,
    bundle           TEXT NOT NULL,          -- verbatim, signed by the root key that is kept offline
    bundle_signature BLOB NOT NULL,
    receipt_secret   BLOB NOT NULL,          -- central's own keys; root and recovery are never here
    sealing_secret   BLOB NOT NULL,
    created_at       INTEGER NOT NULL
);

-- Counters that give positions. Raised as the first write after which only rows that need the number follow.
CREATE TABLE head (
    name TEXT PRIMARY KEY,
    n    INTEGER NOT NULL
);
INSERT INTO head (name, n) VALUES ('ledger', 0), ('reference', 0);

CREATE TABLE team (
    team_id BLOB PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE
);

CREATE TABLE officer (
    officer_id BLOB PRIMARY KEY,
    collar     TEXT NOT NULL UNIQUE
);

CREATE TABLE roster (
    officer_id BLOB NOT NULL REFERENCES officer,
    from_at    INTEGER NOT NULL,
    until_at   INTEGER,
    role       TEXT NOT NULL,
    team_id    BLOB REFERENCES team,
    PRIMARY KEY (officer_id, from_at)
);

CREATE TABLE access_grant (
    officer_id BLOB NOT NULL REFERENCES officer,
    capability TEXT NOT NULL,
    team_id    BLOB REFERENCES team,
    from_at    INTEGER NOT NULL,
    until_at   INTEGER
);
CREATE INDEX access_grant_officer ON access_grant (officer_id);

CREATE TABLE enrol_code (
    code_hash  BLOB PRIMARY KEY,             -- the secret itself is never stored
    officer_id BLOB NOT NULL REFERENCES officer,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    used_by    BLOB                          -- record chain of the profile it enrolled
);

CREATE TABLE device (
    device_id     BLOB PRIMARY KEY,
    transport_key BLOB NOT NULL,
    enrolled_at   INTEGER NOT NULL,
    revoked_at    INTEGER
);

CREATE TABLE chain (
    chain_id      BLOB PRIMARY KEY,
    profile       BLOB NOT NULL,             -- record chain of the profile; itself for a record chain
    role          TEXT NOT NULL CHECK (role IN ('record', 'log')),
    device_id     BLOB NOT NULL REFERENCES device,
    officer_id    BLOB NOT NULL REFERENCES officer,
    profile_key   BLOB NOT NULL,
    seal_key      BLOB NOT NULL,
    enrolled_at   INTEGER NOT NULL,
    verified_to   INTEGER,                   -- without a gap up to here
    verified_link BLOB,
    split_at      INTEGER                    -- first sequence number found with two links
);
CREATE INDEX chain_profile ON chain (profile);
CREATE INDEX chain_device ON chain (device_id);

CREATE TABLE ledger (
    link        BLOB PRIMARY KEY,            -- decides idempotency
    chain_id    BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    central_pos INTEGER NOT NULL,
    received_at INTEGER NOT NULL
);
CREATE INDEX ledger_chain ON ledger (chain_id, seq);

CREATE TABLE revision (
    link        BLOB PRIMARY KEY,
    before_link BLOB NOT NULL,
    head        BLOB NOT NULL,
    body        BLOB,                        -- none once erased
    salt        BLOB,                        -- none once erased
    commitment  BLOB NOT NULL,
    manifest_id BLOB NOT NULL,
    problems    TEXT NOT NULL,               -- JSON, kept out of totals until it is empty
    entry_id    BLOB NOT NULL,
    kind        TEXT NOT NULL,
    author      BLOB NOT NULL,
    shift_id    BLOB,
    written_at  INTEGER NOT NULL
);
CREATE INDEX revision_entry ON revision (entry_id);

CREATE TABLE manifest (
    manifest_id BLOB PRIMARY KEY,            -- SHA-256 of its text
    chain_id    BLOB NOT NULL,
    first_seq   INTEGER NOT NULL,
    last_seq    INTEGER NOT NULL,
    text        TEXT NOT NULL,               -- verbatim
    signature   BLOB NOT NULL,
    refused     TEXT NOT NULL,               -- JSON: revisions of the range that were not taken, by their hashes
    received_at INTEGER NOT NULL
);
CREATE INDEX manifest_chain ON manifest (chain_id, first_seq);

CREATE TABLE receipt_list (
    list_id   BLOB PRIMARY KEY,              -- SHA-256 of its text
    device_id BLOB NOT NULL,
    at        INTEGER NOT NULL,
    text      TEXT NOT NULL,                 -- verbatim
    signature BLOB NOT NULL,
    key       BLOB NOT NULL
);

CREATE TABLE feed (
    scope TEXT NOT NULL,
    pos   INTEGER NOT NULL,
    link  BLOB NOT NULL,
    PRIMARY KEY (scope, pos)
) WITHOUT ROWID;

-- Who named whom in a shift; membership is what follows from the officer who opened it.
CREATE TABLE crew_claim (
    shift_id    BLOB NOT NULL,
    claimed_by  BLOB NOT NULL,
    member      BLOB NOT NULL,
    opens       INTEGER NOT NULL,            -- 1: this officer opened the shift
    pos         INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (shift_id, claimed_by, member, opens)
) WITHOUT ROWID;
CREATE INDEX crew_claim_member ON crew_claim (member, received_at);

CREATE TABLE contact (
    device_id  BLOB NOT NULL,
    officer_id BLOB NOT NULL,
    profile    BLOB NOT NULL,
    last_heard INTEGER NOT NULL,
    drift_ms   INTEGER,
    heartbeat  TEXT NOT NULL,
    PRIMARY KEY (device_id, officer_id)
) WITHOUT ROWID;

CREATE TABLE reference_item (
    pos      INTEGER PRIMARY KEY,
    item_key TEXT NOT NULL UNIQUE,
    item     TEXT NOT NULL
);

CREATE TABLE area_set (
    version     INTEGER PRIMARY KEY,
    hash        BLOB NOT NULL,
    canonical   BLOB NOT NULL,
    imported_at INTEGER NOT NULL
);

CREATE TABLE list_edition (
    version     INTEGER PRIMARY KEY,
    text        TEXT NOT NULL,
    imported_at INTEGER NOT NULL
);
