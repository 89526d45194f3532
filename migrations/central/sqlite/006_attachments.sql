-- Attachments: named by bodies in custody, brought in chunks after them, whole once their hash fits.
CREATE TABLE attachment_name (
    link       BLOB NOT NULL,                -- the revision whose body names it
    sha256     BLOB NOT NULL,
    officer_id BLOB NOT NULL,                -- whose chain that revision stands in
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (link, sha256)
) WITHOUT ROWID;
CREATE INDEX attachment_name_sha256 ON attachment_name (sha256, officer_id);

CREATE TABLE attachment (
    officer_id BLOB NOT NULL,
    sha256     BLOB NOT NULL,
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    device_id  BLOB NOT NULL,                -- that began to bring it
    begun_at   INTEGER NOT NULL,
    have       INTEGER NOT NULL,             -- bytes from its beginning
    whole_at   INTEGER,                      -- when its hash was checked
    PRIMARY KEY (officer_id, sha256)
);
CREATE INDEX attachment_device ON attachment (device_id, begun_at);

CREATE TABLE attachment_part (
    officer_id BLOB NOT NULL,
    sha256     BLOB NOT NULL,
    start      INTEGER NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (officer_id, sha256, start)
);

-- Who was given one to see, and when.
CREATE TABLE attachment_opened (
    link       BLOB NOT NULL,                -- the revision that let them
    officer_id BLOB NOT NULL,                -- the reader
    device_id  BLOB NOT NULL,
    opened_at  INTEGER NOT NULL,
    PRIMARY KEY (link, officer_id, device_id, opened_at)
) WITHOUT ROWID;

-- What came before photos could be brought.
INSERT INTO attachment_name (link, sha256, officer_id, bytes, media_type)
    SELECT r.link, unhex(json_extract(CAST(r.body AS TEXT), '$.photo.sha256')), c.officer_id,
           json_extract(CAST(r.body AS TEXT), '$.photo.bytes'),
           json_extract(CAST(r.body AS TEXT), '$.photo.media_type')
    FROM revision r JOIN ledger l ON l.link = r.link JOIN chain c ON c.chain_id = l.chain_id
    WHERE r.kind = 'referral' AND r.body IS NOT NULL AND json_valid(CAST(r.body AS TEXT))
      AND json_extract(CAST(r.body AS TEXT), '$.photo.media_type') IN ('image/jpeg', 'image/png')
      AND json_extract(CAST(r.body AS TEXT), '$.photo.bytes') BETWEEN 1 AND 4194304
      AND length(unhex(json_extract(CAST(r.body AS TEXT), '$.photo.sha256'))) = 32;
