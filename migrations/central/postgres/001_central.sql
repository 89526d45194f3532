-- Central, schema 1, PostgreSQL. Forward only: never change this file once it has run anywhere.
-- Sealed bytes are BYTEA (never JSONB) and never change; every other column is an index that `verify` can rebuild from them.

CREATE TABLE force (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    force_id         UUID NOT NULL,
    epoch            UUID NOT NULL,
    bundle           TEXT NOT NULL,          -- verbatim, signed by the root key that is kept offline
    bundle_signature BYTEA NOT NULL,
    receipt_secret   BYTEA NOT NULL,          -- central's own keys; root and recovery are never here
    sealing_secret   BYTEA NOT NULL,
    created_at       BIGINT NOT NULL
);

-- Counters that give positions. Raised as the first write after which only rows that need the number follow.
CREATE TABLE head (
    name TEXT PRIMARY KEY,
    n    BIGINT NOT NULL
);
INSERT INTO head (name, n) VALUES ('ledger', 0), ('reference', 0);

CREATE TABLE team (
    team_id UUID PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE
);

CREATE TABLE officer (
    officer_id UUID PRIMARY KEY,
    collar     TEXT NOT NULL UNIQUE
);

CREATE TABLE roster (
    officer_id UUID NOT NULL REFERENCES officer,
    from_at    BIGINT NOT NULL,
    until_at   BIGINT,
    role       TEXT NOT NULL,
    team_id    UUID REFERENCES team,
    PRIMARY KEY (officer_id, from_at)
);

CREATE TABLE access_grant (
    officer_id UUID NOT NULL REFERENCES officer,
    capability TEXT NOT NULL,
    team_id    UUID REFERENCES team,
    from_at    BIGINT NOT NULL,
    until_at   BIGINT
);
CREATE INDEX access_grant_officer ON access_grant (officer_id);

CREATE TABLE enrol_code (
    code_hash  BYTEA PRIMARY KEY,             -- the secret itself is never stored
    officer_id UUID NOT NULL REFERENCES officer,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    used_by    UUID                          -- record chain of the profile it enrolled
);

CREATE TABLE device (
    device_id     UUID PRIMARY KEY,
    transport_key BYTEA NOT NULL,
    enrolled_at   BIGINT NOT NULL,
    revoked_at    BIGINT
);

CREATE TABLE chain (
    chain_id      UUID PRIMARY KEY,
    profile       UUID NOT NULL,             -- record chain of the profile; itself for a record chain
    role          TEXT NOT NULL CHECK (role IN ('record', 'log')),
    device_id     UUID NOT NULL REFERENCES device,
    officer_id    UUID NOT NULL REFERENCES officer,
    profile_key   BYTEA NOT NULL,
    seal_key      BYTEA NOT NULL,
    enrolled_at   BIGINT NOT NULL,
    verified_to   BIGINT,                   -- without a gap up to here
    verified_link BYTEA,
    split_at      BIGINT                    -- first sequence number found with two links
);
CREATE INDEX chain_profile ON chain (profile);
CREATE INDEX chain_device ON chain (device_id);

CREATE TABLE ledger (
    link        BYTEA PRIMARY KEY,            -- decides idempotency
    chain_id    UUID NOT NULL,
    seq         BIGINT NOT NULL,
    central_pos BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX ledger_chain ON ledger (chain_id, seq);

CREATE TABLE revision (
    link        BYTEA PRIMARY KEY,
    before_link BYTEA NOT NULL,
    head        BYTEA NOT NULL,
    body        BYTEA,                        -- none once erased
    salt        BYTEA,                        -- none once erased
    commitment  BYTEA NOT NULL,
    manifest_id BYTEA NOT NULL,
    problems    TEXT NOT NULL,               -- JSON, kept out of totals until it is empty
    entry_id    UUID NOT NULL,
    kind        TEXT NOT NULL,
    author      UUID NOT NULL,
    shift_id    UUID,
    written_at  BIGINT NOT NULL
);
CREATE INDEX revision_entry ON revision (entry_id);

CREATE TABLE manifest (
    manifest_id BYTEA PRIMARY KEY,            -- SHA-256 of its text
    chain_id    UUID NOT NULL,
    first_seq   BIGINT NOT NULL,
    last_seq    BIGINT NOT NULL,
    text        TEXT NOT NULL,               -- verbatim
    signature   BYTEA NOT NULL,
    refused     TEXT NOT NULL,               -- JSON: revisions of the range that were not taken, by their hashes
    received_at BIGINT NOT NULL
);
CREATE INDEX manifest_chain ON manifest (chain_id, first_seq);

CREATE TABLE receipt_list (
    list_id   BYTEA PRIMARY KEY,              -- SHA-256 of its text
    device_id UUID NOT NULL,
    at        BIGINT NOT NULL,
    text      TEXT NOT NULL,                 -- verbatim
    signature BYTEA NOT NULL,
    key       BYTEA NOT NULL
);

CREATE TABLE feed (
    scope TEXT NOT NULL,
    pos   BIGINT NOT NULL,
    link  BYTEA NOT NULL,
    PRIMARY KEY (scope, pos)
);

-- Who named whom in a shift; membership is what follows from the officer who opened it.
CREATE TABLE crew_claim (
    shift_id    UUID NOT NULL,
    claimed_by  UUID NOT NULL,
    member      UUID NOT NULL,
    opens       BOOLEAN NOT NULL,           -- true: this officer opened the shift
    pos         BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (shift_id, claimed_by, member, opens)
);
CREATE INDEX crew_claim_member ON crew_claim (member, received_at);

CREATE TABLE contact (
    device_id  UUID NOT NULL,
    officer_id UUID NOT NULL,
    profile    UUID NOT NULL,
    last_heard BIGINT NOT NULL,
    drift_ms   BIGINT,
    heartbeat  TEXT NOT NULL,
    PRIMARY KEY (device_id, officer_id)
);

CREATE TABLE reference_item (
    pos      BIGINT PRIMARY KEY,
    item_key TEXT NOT NULL UNIQUE,
    item     TEXT NOT NULL
);

CREATE TABLE area_set (
    version     BIGINT PRIMARY KEY,
    hash        BYTEA NOT NULL,
    canonical   BYTEA NOT NULL,
    imported_at BIGINT NOT NULL
);

CREATE TABLE list_edition (
    version     BIGINT PRIMARY KEY,
    text        TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);
