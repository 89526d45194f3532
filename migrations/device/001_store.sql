-- 001: the encrypted store of one profile.
--
-- Rowid tables and 16- or 32-byte BLOB ids. `revision` is the only table a save writes to (besides one seed a day): its
-- row is the creation record, the outbox row and the sealed bytes in one. Everything that can be rebuilt from it
-- (`revision_index`, `search`) is filled after the commit, up to the mark `indexed_up_to`; readers scan the tail.

CREATE TABLE database (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    -- The lowest schema version that may read this database. Additive migrations leave it.
    min_reader INTEGER NOT NULL,
    created_at INTEGER NOT NULL DEFAULT (unixepoch())
);
INSERT INTO database (one, min_reader) VALUES (1, 1);

-- Small values by name: keys of the profile, the pinned force bundle, what central last said.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
);

-- Marks into the local order of revisions.
CREATE TABLE mark (
    name  TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
);
INSERT INTO mark (name, value) VALUES ('indexed_up_to', 0), ('settled_up_to', 0);

-- The secrets salts are derived from: one for each chain and UTC day, deleted when the day's last revision is receipted.
CREATE TABLE seed (
    seed_id  BLOB PRIMARY KEY NOT NULL CHECK (length(seed_id) = 16),
    chain_id BLOB NOT NULL CHECK (length(chain_id) = 16),
    day      INTEGER NOT NULL,              -- days since 1970-01-01, UTC, of written_at
    seed     BLOB NOT NULL CHECK (length(seed) = 32)
);

CREATE TABLE revision (
    rid          INTEGER PRIMARY KEY,       -- local order of writing or arrival; never leaves the device
    link         BLOB NOT NULL UNIQUE CHECK (length(link) = 32),
    chain_id     BLOB NOT NULL CHECK (length(chain_id) = 16),
    seq          INTEGER NOT NULL CHECK (seq >= 0),
    entry_id     BLOB NOT NULL CHECK (length(entry_id) = 16),
    shift_id     BLOB,
    unit_id      BLOB,
    kind         TEXT NOT NULL,
    occurred_at  INTEGER NOT NULL,
    written_at   INTEGER NOT NULL,
    own          INTEGER NOT NULL CHECK (own IN (0, 1)),
    -- 0 saved, 1 waiting, 4 received, 5 refused (2 sending and 3 sent live in memory only: a restart makes them waiting)
    state        INTEGER NOT NULL,
    central_pos  INTEGER,
    received_at  INTEGER,
    receipt_list INTEGER REFERENCES receipt_list (id),
    problems     TEXT,                      -- JSON list, as central stated them
    refusal      TEXT,                      -- stable reason code
    before       BLOB,                      -- link before it; for pulled revisions, whose chain is not here whole
    seed_id      BLOB,
    salt         BLOB CHECK (salt IS NULL OR length(salt) = 32),
    commitment   BLOB NOT NULL CHECK (length(commitment) = 32),
    head         BLOB NOT NULL,             -- sealed bytes, never rewritten
    body         BLOB                       -- sealed bytes; NULL once erased
);

CREATE TABLE revision_index (
    rid         INTEGER PRIMARY KEY REFERENCES revision (rid),
    entry_id    BLOB NOT NULL,
    shift_id    BLOB,
    unit_id     BLOB,
    chain_id    BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    author      BLOB NOT NULL,
    about_entry BLOB
);
CREATE INDEX revision_index_entry ON revision_index (entry_id);
CREATE INDEX revision_index_shift ON revision_index (shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX revision_index_unit ON revision_index (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX revision_index_chain ON revision_index (chain_id, seq);
CREATE INDEX revision_index_kind ON revision_index (kind, occurred_at);
CREATE INDEX revision_index_author ON revision_index (author, kind);
CREATE INDEX revision_index_about ON revision_index (about_entry) WHERE about_entry IS NOT NULL;

-- The entries a revision's links name: by it what arose from an entry is found.
CREATE TABLE revision_link (
    to_entry BLOB NOT NULL,
    rid      INTEGER NOT NULL REFERENCES revision (rid),
    PRIMARY KEY (to_entry, rid)
) WITHOUT ROWID;

-- Words only, no second copy of the text; rowid = rid. Short beginnings of words have lists of their own.
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', contentless_delete = 1, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- Revisions central refused: kept, shown, and never in the way of the rest.
CREATE TABLE set_aside (
    rid INTEGER PRIMARY KEY REFERENCES revision (rid),
    at  INTEGER NOT NULL
);

-- Verbatim, with what proves them.
CREATE TABLE receipt_list (
    id         INTEGER PRIMARY KEY,
    list       TEXT NOT NULL,
    signature  BLOB NOT NULL CHECK (length(signature) = 64),
    signed_by  BLOB NOT NULL CHECK (length(signed_by) = 32),
    applied_at INTEGER NOT NULL
);
CREATE TABLE manifest (
    id        INTEGER PRIMARY KEY,
    chain_id  BLOB NOT NULL,
    first     INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    manifest  TEXT NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64)
);

-- What a form holds while it is typed. A row is stale once its entry has a revision after `base_rid`.
CREATE TABLE draft (
    entry_id    BLOB PRIMARY KEY NOT NULL CHECK (length(entry_id) = 16),
    kind        TEXT NOT NULL,
    form        TEXT NOT NULL,              -- JSON of the form
    opened_at   INTEGER NOT NULL,
    kept_at     INTEGER NOT NULL,
    told        TEXT NOT NULL,              -- JSON of its circumstances
    from_note   INTEGER NOT NULL DEFAULT 0 CHECK (from_note IN (0, 1)),
    base_rid    INTEGER NOT NULL DEFAULT 0
);

-- What central sent: where we stand in each scope, which revisions each scope gave, and reference data.
CREATE TABLE cursor (
    scope TEXT PRIMARY KEY NOT NULL,
    pos   INTEGER NOT NULL
);
CREATE TABLE scope_revision (
    scope TEXT NOT NULL,
    rid   INTEGER NOT NULL REFERENCES revision (rid),
    PRIMARY KEY (scope, rid)
);
CREATE TABLE officer (
    officer BLOB PRIMARY KEY NOT NULL CHECK (length(officer) = 16),
    collar  TEXT NOT NULL,
    role    TEXT NOT NULL,
    team    BLOB
);
CREATE TABLE team (
    team BLOB PRIMARY KEY NOT NULL CHECK (length(team) = 16),
    name TEXT NOT NULL
);
-- Parts of area sets as they arrive; a set is used only when it is whole and its hash fits.
CREATE TABLE area_part (
    version INTEGER NOT NULL,
    part    INTEGER NOT NULL,
    parts   INTEGER NOT NULL,
    item    TEXT NOT NULL,                  -- JSON of the part
    PRIMARY KEY (version, part)
);

-- Photos of things, for referrals: named in a body by their hash, erased without it. They stay on this device until
-- sending them is built; a body never waits for them.
CREATE TABLE attachment (
    sha256     BLOB PRIMARY KEY NOT NULL CHECK (length(sha256) = 32),
    media_type TEXT NOT NULL,
    bytes      BLOB NOT NULL,
    kept_at    INTEGER NOT NULL
);

-- Finding records: one row for each entry as it stands now (the movement of a shift is its shift's row). Filled with the
-- index, after the commit; rebuilt from the sealed bytes like the rest of it. Stored in the order it is shown.
CREATE TABLE found_entry (
    occurred_at INTEGER NOT NULL,
    entry_id    BLOB NOT NULL CHECK (length(entry_id) = 16),
    kind        TEXT NOT NULL,
    shift_id    BLOB,
    mine        INTEGER NOT NULL CHECK (mine IN (0, 1)),
    PRIMARY KEY (occurred_at, entry_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX found_entry_id ON found_entry (entry_id);
CREATE INDEX found_entry_kind ON found_entry (kind, occurred_at, entry_id);
CREATE INDEX found_entry_shift ON found_entry (shift_id, occurred_at, entry_id) WHERE shift_id IS NOT NULL;

-- The revisions that are searched: of each entry the newest that says something; and the row it is found under.
CREATE TABLE found_revision (
    rid      INTEGER PRIMARY KEY REFERENCES revision (rid),
    entry_id BLOB NOT NULL
);
CREATE TABLE found_area (
    area TEXT NOT NULL,                     -- patrol area, ward or district it names
    rid  INTEGER NOT NULL REFERENCES revision (rid),
    PRIMARY KEY (area, rid)
) WITHOUT ROWID;
CREATE INDEX found_area_rid ON found_area (rid);
-- What central asks about: only the receipts that bring a question write this.
CREATE INDEX revision_problems ON revision (rid) WHERE problems IS NOT NULL;

-- Words and places of a body go with it, whoever takes it away; of what another officer wrote the row goes too.
CREATE TRIGGER revision_erased AFTER UPDATE OF body ON revision WHEN new.body IS NULL AND old.body IS NOT NULL
BEGIN
    DELETE FROM search WHERE rowid = new.rid;
    DELETE FROM found_area WHERE rid = new.rid;
    DELETE FROM found_revision WHERE rid = new.rid;
    DELETE FROM found_entry WHERE entry_id = new.entry_id AND mine = 0;
END;

-- Hand-over slips: what is read out to other systems. Never sent, never sealed, never logged; gone at expiry.
CREATE TABLE slip (
    entry_id   BLOB PRIMARY KEY NOT NULL CHECK (length(entry_id) = 16),
    details    TEXT NOT NULL,
    kept_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
