-- Attachments: named by bodies in custody, brought in chunks after them, whole once their hash fits.
CREATE TABLE attachment_name (
    link       BYTEA NOT NULL,                -- the revision whose body names it
    sha256     BYTEA NOT NULL,
    officer_id UUID NOT NULL,                 -- whose chain that revision stands in
    bytes      BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (link, sha256)
);
CREATE INDEX attachment_name_sha256 ON attachment_name (sha256, officer_id);

CREATE TABLE attachment (
    officer_id UUID NOT NULL,
    sha256     BYTEA NOT NULL,
    bytes      BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    device_id  UUID NOT NULL,                 -- that began to bring it
    begun_at   BIGINT NOT NULL,
    have       BIGINT NOT NULL,               -- bytes from its beginning
    whole_at   BIGINT,                        -- when its hash was checked
    PRIMARY KEY (officer_id, sha256)
);
CREATE INDEX attachment_device ON attachment (device_id, begun_at);

CREATE TABLE attachment_part (
    officer_id UUID NOT NULL,
    sha256     BYTEA NOT NULL,
    start      BIGINT NOT NULL,
    content    BYTEA NOT NULL,
    PRIMARY KEY (officer_id, sha256, start)
);
-- Pictures are packed already: trying again costs time and saves nothing.
ALTER TABLE attachment_part ALTER COLUMN content SET STORAGE EXTERNAL;

-- Who was given one to see, and when.
CREATE TABLE attachment_opened (
    link       BYTEA NOT NULL,                -- the revision that let them
    officer_id UUID NOT NULL,                 -- the reader
    device_id  UUID NOT NULL,
    opened_at  BIGINT NOT NULL,
    PRIMARY KEY (link, officer_id, device_id, opened_at)
);

-- What came before photos could be brought. A body that does not read as JSON names nothing.
CREATE FUNCTION pg_temp.photo_of(body BYTEA) RETURNS JSONB LANGUAGE plpgsql AS $$
BEGIN
    RETURN convert_from(body, 'UTF8')::jsonb -> 'photo';
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
INSERT INTO attachment_name (link, sha256, officer_id, bytes, media_type)
    SELECT n.link, decode(n.photo ->> 'sha256', 'hex'), n.officer_id, (n.photo ->> 'bytes')::bigint,
           n.photo ->> 'media_type'
    FROM (SELECT r.link, c.officer_id, pg_temp.photo_of(r.body) AS photo
          FROM revision r JOIN ledger l ON l.link = r.link JOIN chain c ON c.chain_id = l.chain_id
          WHERE r.kind = 'referral' AND r.body IS NOT NULL) n
    WHERE n.photo ->> 'media_type' IN ('image/jpeg', 'image/png')
      AND n.photo ->> 'sha256' ~ '^[0-9a-f]{64}$'
      AND CASE WHEN n.photo ->> 'bytes' ~ '^[0-9]{1,7}$'
               THEN (n.photo ->> 'bytes')::bigint BETWEEN 1 AND 4194304 ELSE false END;
