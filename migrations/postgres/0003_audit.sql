-- The last audit of the running office, on PostgreSQL: what it found, as JSON.

CREATE TABLE audit (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    -- The office's clock.
    at TIMESTAMPTZ NOT NULL,
    -- Real time.
    made_at TIMESTAMPTZ NOT NULL,
    findings TEXT NOT NULL
);
