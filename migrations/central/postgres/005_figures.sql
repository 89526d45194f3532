-- What figures are read by, and what was given out of them.
CREATE INDEX revision_shift ON revision (shift_id);
CREATE INDEX revision_author ON revision (author, kind, written_at);
CREATE INDEX revision_kind ON revision (kind, written_at);

CREATE TABLE export_log (
    export_id   UUID PRIMARY KEY,
    exported_at BIGINT NOT NULL,
    exported_by TEXT NOT NULL,               -- who, in the administrator's own words
    why         TEXT NOT NULL,
    what        TEXT NOT NULL,               -- measures, period, team, audience
    files       TEXT NOT NULL                -- JSON: name and SHA-256 of each
);
