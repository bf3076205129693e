-- What a restored office has to know: from when on its own words hold again, and
-- which of its nudges may have been sent by what was restored over.

-- Real time; what was typed before it may have been answered before.
ALTER TABLE office ADD COLUMN restored_at TEXT;
-- The next nudge may repeat one that was sent.
ALTER TABLE check_in ADD COLUMN maybe_told INTEGER NOT NULL DEFAULT 0 CHECK (maybe_told IN (0, 1));
ALTER TABLE alarm ADD COLUMN maybe_told INTEGER NOT NULL DEFAULT 0 CHECK (maybe_told IN (0, 1));
-- It may have been sent before the office was restored, under another id: no
-- platform can tell.
ALTER TABLE delivery ADD COLUMN maybe_repeated INTEGER NOT NULL DEFAULT 0 CHECK (maybe_repeated IN (0, 1));
ALTER TABLE letter ADD COLUMN maybe_repeated INTEGER NOT NULL DEFAULT 0 CHECK (maybe_repeated IN (0, 1));
