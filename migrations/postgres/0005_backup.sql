-- What a restored office has to know: from when on its own words hold again, and
-- which of its nudges may have been sent by what was restored over.

-- Real time; what was typed before it may have been answered before.
ALTER TABLE office ADD COLUMN restored_at TIMESTAMPTZ;
-- The next nudge may repeat one that was sent.
ALTER TABLE check_in ADD COLUMN maybe_told BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE alarm ADD COLUMN maybe_told BOOLEAN NOT NULL DEFAULT FALSE;
-- It may have been sent before the office was restored, under another id: no
-- platform can tell.
ALTER TABLE delivery ADD COLUMN maybe_repeated BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE letter ADD COLUMN maybe_repeated BOOLEAN NOT NULL DEFAULT FALSE;
