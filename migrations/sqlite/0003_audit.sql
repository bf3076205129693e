-- The last audit of the running office, on SQLite: what it found, as JSON.

CREATE TABLE audit (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- The office's clock.
    at TEXT NOT NULL,
    -- Real time.
    made_at TEXT NOT NULL,
    findings TEXT NOT NULL
) STRICT;
