-- Codes that supervisors issued from their own phones, for whom, and which phone went out of service with it.
CREATE TABLE replacement (
    code_hash   BYTEA PRIMARY KEY,
    issued_at   BIGINT NOT NULL,
    issued_by   UUID NOT NULL REFERENCES officer,
    device_id   UUID NOT NULL REFERENCES device,     -- on which phone it was asked for
    officer_id  UUID NOT NULL REFERENCES officer,    -- for whom
    lost_device UUID REFERENCES device,
    why         TEXT NOT NULL,
    request     BYTEA NOT NULL UNIQUE             -- SHA-256 of its signature: a request counts once
);
CREATE INDEX replacement_by ON replacement (issued_by, issued_at);
