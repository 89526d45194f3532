-- Every statement of keys that was ever in force, verbatim: a receipt list is judged by the statement it names.
-- Secrets are not here: the newest receipt secret stands in the row of the force, the ones before it are gone.
CREATE TABLE key_statement (
    number    BIGINT PRIMARY KEY,
    bundle    TEXT NOT NULL,
    signature BYTEA NOT NULL,
    made_at   BIGINT NOT NULL
);
INSERT INTO key_statement (number, bundle, signature, made_at)
    SELECT 1, bundle, bundle_signature, created_at FROM force;
