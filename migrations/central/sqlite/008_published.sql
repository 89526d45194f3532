-- Months as they were first published: what leaves the force is chosen from these and nothing else.
CREATE TABLE published_month (
    month        TEXT PRIMARY KEY,              -- 2026-11
    figures      TEXT NOT NULL,                 -- JSON: totals and every split, few people hidden
    split        TEXT,                          -- the one split that is given out; none while only totals are
    published_at INTEGER NOT NULL
);

-- The receipts of a revision are looked for by device and time when it is disclosed.
CREATE INDEX receipt_list_device ON receipt_list (device_id, at);
