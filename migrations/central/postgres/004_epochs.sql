-- Every epoch that ended by a restore: receipts of those epochs stay good.
CREATE TABLE past_epoch (
    epoch     UUID PRIMARY KEY,
    ended_at  BIGINT NOT NULL,                  -- when the backup was restored
    last_pos  BIGINT NOT NULL                   -- the newest position the backup held
);
