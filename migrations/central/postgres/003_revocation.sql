-- Devices taken out of service, and what arrived from them afterwards: in custody, fed to nobody, until somebody decides.
CREATE TABLE revocation (
    device_id     UUID NOT NULL REFERENCES device,
    revoked_at    BIGINT NOT NULL,
    revoked_by    TEXT NOT NULL,             -- who said so, in the administrator's own words
    why           TEXT NOT NULL,
    reinstated_at BIGINT,
    reinstated_by TEXT,
    PRIMARY KEY (device_id, revoked_at)
);

-- A decision takes a position of its own from the ledger's counter: at it the revision is fed when it was accepted.
CREATE TABLE withheld (
    link        BYTEA PRIMARY KEY,
    device_id   UUID NOT NULL REFERENCES device,
    scopes      TEXT NOT NULL,               -- JSON: where it would have been fed
    claim       TEXT NOT NULL,               -- JSON: whom it would have named in a shift
    accepted    BOOLEAN,                         -- none while nobody has decided
    decided_at  BIGINT,
    decided_by  TEXT,
    why         TEXT,
    central_pos BIGINT
);
CREATE INDEX withheld_device ON withheld (device_id, accepted);
