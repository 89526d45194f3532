-- Every epoch that ended by a restore: receipts of those epochs stay good.
CREATE TABLE past_epoch (
    epoch     BLOB PRIMARY KEY,
    ended_at  INTEGER NOT NULL,                  -- when the backup was restored
    last_pos  INTEGER NOT NULL                   -- the newest position the backup held
);
