-- 004: what an exchange asks of the store on every turn, without reading or writing every row.

-- A second revision at one place, as central says it.
CREATE INDEX revision_questions ON revision (chain_id) WHERE problems IS NOT NULL AND own = 1;

-- Own revisions up to here were tried to send: Saved shows as Waiting.
INSERT INTO mark (name, value) VALUES ('tried_up_to', 0);
