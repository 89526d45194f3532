-- 003: what this device has given up, may drop and asked back.

-- Why a body is not here: 1 erased by order, 2 dropped by policy (central keeps it), 3 its scope ended. None where it is
-- here, and where only a heading ever came.
ALTER TABLE revision ADD COLUMN gone INTEGER;

-- The epoch a list of receipts was signed in: a position counts in its own epoch, and further only as far as central says.
ALTER TABLE receipt_list ADD COLUMN epoch TEXT;
UPDATE receipt_list SET epoch = json_extract(list, '$.epoch');
CREATE TABLE known_epoch (
    epoch     TEXT PRIMARY KEY NOT NULL,
    stands_to INTEGER NOT NULL              -- receipts of it up to this position are good in the present epoch
);

-- Scopes that ended and were forgotten, until central has heard of it.
CREATE TABLE forgotten (
    scope TEXT PRIMARY KEY NOT NULL,
    at    INTEGER NOT NULL
);

-- Words asked back from central, and entries that came back: their copy is kept for a while again.
CREATE TABLE wanted (
    link    BLOB PRIMARY KEY NOT NULL CHECK (length(link) = 32),
    missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1))    -- 1: central was asked and did not give it
);
CREATE TABLE fetched (
    entry_id BLOB PRIMARY KEY NOT NULL CHECK (length(entry_id) = 16),
    at       INTEGER NOT NULL               -- central's clock
);

-- Copies that may be dropped, oldest first. Only a receipt writes it, never a save.
CREATE INDEX revision_copy ON revision (occurred_at, entry_id)
    WHERE state = 4 AND body IS NOT NULL
      AND kind IN ('engagement', 'event', 'concern', 'power_use', 'referral', 'addendum');

-- As before, but an entry whose words were only dropped here stays in the lists, by its stub.
DROP TRIGGER revision_erased;
CREATE TRIGGER revision_erased AFTER UPDATE OF body ON revision WHEN new.body IS NULL AND old.body IS NOT NULL
BEGIN
    DELETE FROM search WHERE rowid = new.rid;
    DELETE FROM found_area WHERE rid = new.rid;
    DELETE FROM found_revision WHERE rid = new.rid;
    DELETE FROM found_entry WHERE entry_id = new.entry_id AND mine = 0 AND new.gone IS NOT 2;
END;
