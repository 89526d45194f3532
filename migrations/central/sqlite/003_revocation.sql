-- Devices taken out of service, and what arrived from them afterwards: in custody, fed to nobody, until somebody decides.
CREATE TABLE revocation (
    device_id     BLOB NOT NULL REFERENCES device,
    revoked_at    INTEGER NOT NULL,
    revoked_by    TEXT NOT NULL,             -- who said so, in the administrator's own words
    why           TEXT NOT NULL,
    reinstated_at INTEGER,
    reinstated_by TEXT,
    PRIMARY KEY (device_id, revoked_at)
) WITHOUT ROWID;

-- A decision takes a position of its own from the ledger's counter: at it the revision is fed when it was accepted.
CREATE TABLE withheld (
    link        BLOB PRIMARY KEY,
    device_id   BLOB NOT NULL REFERENCES device,
    scopes      TEXT NOT NULL,               -- JSON: where it would have been fed
    claim       TEXT NOT NULL,               -- JSON: whom it would have named in a shift
    accepted    INTEGER,                         -- none while nobody has decided
    decided_at  INTEGER,
    decided_by  TEXT,
    why         TEXT,
    central_pos INTEGER
);
CREATE INDEX withheld_device ON withheld (device_id, accepted);
