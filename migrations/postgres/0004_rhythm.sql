-- The rhythm of the office on PostgreSQL: lists that come by the calendar, the
-- hour of a person's morning message, and what is to be known after a wrong clock.

-- Each list comes once for a team.
CREATE TABLE occasion (
    team_id BIGINT NOT NULL REFERENCES team (id),
    what TEXT NOT NULL,
    -- Which one of its kind: its first day, or a leave's id.
    which TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    -- Made by a clock that was ahead: it comes again, and says so.
    void BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (team_id, what, which)
);
-- When the calendar is looked at next, by the office's clock; None is at once.
ALTER TABLE office ADD COLUMN occasion_at TIMESTAMPTZ;
-- The newest instant of a look, by the office's clock: whoever finds it in the
-- future knows that a clock is wrong.
ALTER TABLE office ADD COLUMN looked_at TIMESTAMPTZ;
-- By which zone, hours and closures looks were put off.
ALTER TABLE office ADD COLUMN calendar TEXT;
-- Not before then by the office's clock, and never outside its hours.
ALTER TABLE delivery ADD COLUMN hold_until TIMESTAMPTZ;
-- When the morning's message is wanted, by the wall clock; None: at the opening.
ALTER TABLE person ADD COLUMN morning_at TIME;
-- Made by a clock that was ahead: it counts as told to nobody.
ALTER TABLE nudge ADD COLUMN void BOOLEAN NOT NULL DEFAULT FALSE;
-- The calls that a clock ahead has made, which count no more.
ALTER TABLE alarm ADD COLUMN void_steps BIGINT NOT NULL DEFAULT 0 CHECK (void_steps >= 0);
