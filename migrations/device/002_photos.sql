-- 002: photos leave the phone after the text that names them, and others' photos come on demand.

ALTER TABLE attachment ADD COLUMN own INTEGER NOT NULL DEFAULT 1 CHECK (own IN (0, 1));  -- 0: fetched from central
ALTER TABLE attachment ADD COLUMN central_has INTEGER NOT NULL DEFAULT 0;  -- bytes from its beginning, as central last said
ALTER TABLE attachment ADD COLUMN word TEXT;             -- central's word that it is there, verbatim
ALTER TABLE attachment ADD COLUMN word_signature BLOB;
ALTER TABLE attachment ADD COLUMN safe_at INTEGER;       -- every backup that holds this position holds it too
ALTER TABLE attachment ADD COLUMN refusal TEXT;          -- stable reason code
CREATE INDEX attachment_unsent ON attachment (sha256) WHERE own = 1 AND word IS NULL;

-- Which revisions name which photos. Kept by triggers: a save, a pull, an erasure and an older app all go through them.
CREATE TABLE attachment_name (
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    rid    INTEGER NOT NULL REFERENCES revision (rid),
    PRIMARY KEY (sha256, rid)
) WITHOUT ROWID;
CREATE INDEX attachment_name_rid ON attachment_name (rid);

-- Parts of a photo that is being fetched.
CREATE TABLE attachment_part (
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    start  INTEGER NOT NULL,
    bytes  BLOB NOT NULL,
    PRIMARY KEY (sha256, start)
);

INSERT INTO attachment_name (sha256, rid)
    SELECT unhex(json_extract(CAST(body AS TEXT), '$.photo.sha256')), rid FROM revision
    WHERE kind = 'referral' AND body IS NOT NULL
      AND length(unhex(json_extract(CAST(body AS TEXT), '$.photo.sha256'))) = 32;

CREATE TRIGGER revision_names_photo AFTER INSERT ON revision WHEN new.kind = 'referral' AND new.body IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO attachment_name (sha256, rid)
        SELECT unhex(json_extract(CAST(new.body AS TEXT), '$.photo.sha256')), new.rid
        WHERE length(unhex(json_extract(CAST(new.body AS TEXT), '$.photo.sha256'))) = 32;
END;
CREATE TRIGGER revision_readable_photo AFTER UPDATE OF body ON revision
    WHEN new.kind = 'referral' AND new.body IS NOT NULL AND old.body IS NULL
BEGIN
    INSERT OR IGNORE INTO attachment_name (sha256, rid)
        SELECT unhex(json_extract(CAST(new.body AS TEXT), '$.photo.sha256')), new.rid
        WHERE length(unhex(json_extract(CAST(new.body AS TEXT), '$.photo.sha256'))) = 32;
END;

-- With the last body that names it a photo goes, whoever takes that away.
CREATE TRIGGER revision_erased_photo AFTER UPDATE OF body ON revision WHEN new.body IS NULL AND old.body IS NOT NULL
BEGIN
    DELETE FROM attachment WHERE sha256 IN (SELECT sha256 FROM attachment_name WHERE rid = new.rid)
        AND NOT EXISTS (SELECT 1 FROM attachment_name o WHERE o.sha256 = attachment.sha256 AND o.rid <> new.rid);
    DELETE FROM attachment_part WHERE sha256 IN (SELECT sha256 FROM attachment_name WHERE rid = new.rid)
        AND NOT EXISTS (SELECT 1 FROM attachment_name o WHERE o.sha256 = attachment_part.sha256 AND o.rid <> new.rid);
    DELETE FROM attachment_name WHERE rid = new.rid;
END;
