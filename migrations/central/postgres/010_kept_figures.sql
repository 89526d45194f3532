-- Figures of each shift, worked out once from the sealed bytes and kept until something they rest on arrives. Everything
-- here can be thrown away and is made anew; `verify` compares it with the bytes.

-- Shifts by the unit they name: how a colleague who joined by code is found.
CREATE TABLE unit_shift (
    unit_id  UUID NOT NULL,
    shift_id UUID NOT NULL,
    PRIMARY KEY (unit_id, shift_id)
);

CREATE TABLE shift_figure (
    shift_id   UUID PRIMARY KEY,
    officer_id UUID NOT NULL,
    started_at BIGINT NOT NULL,
    mark       BIGINT NOT NULL,             -- rises with everything the figures rest on
    done       BIGINT,                      -- the mark they were worked out at: fresh where both are the same
    rules      BIGINT,                      -- edition of the rules they were worked out by
    figures    TEXT                          -- JSON; none where it is no shift of its own (withdrawn, gone on elsewhere)
);
CREATE INDEX shift_figure_started ON shift_figure (started_at);
CREATE INDEX shift_figure_stale ON shift_figure (started_at) WHERE done IS NULL OR done <> mark;
CREATE INDEX shift_figure_rules ON shift_figure (rules);

-- What the figures of a shift rest on: shifts, officers' words and units, by id.
CREATE TABLE figure_source (
    source   UUID NOT NULL,
    shift_id UUID NOT NULL,
    PRIMARY KEY (source, shift_id)
);

INSERT INTO unit_shift (unit_id, shift_id)
SELECT (convert_from(head, 'UTF8')::json ->> 'unit_id')::uuid, coalesce(shift_id, entry_id)
FROM revision WHERE kind IN ('shift_opened', 'shift_ended', 'crew_joined', 'crew_left', 'leg_started', 'leg_ended',
                             'visit_started', 'visit_ended', 'break_started', 'break_ended', 'called_away',
                             'back_on_patrol', 'shift_submitted')
  AND (shift_id IS NOT NULL OR kind IN ('shift_opened', 'shift_ended'))
  AND (convert_from(head, 'UTF8')::json ->> 'unit_id') IS NOT NULL
ON CONFLICT DO NOTHING;

INSERT INTO shift_figure (shift_id, officer_id, started_at, mark)
SELECT entry_id, (array_agg(author))[1], min(written_at), 0 FROM revision WHERE kind = 'shift_opened' GROUP BY entry_id;
