-- The tables of an office on SQLite; `migrations/postgres` has the same in its dialect.
-- Instants are UTC as RFC 3339 text cut to microseconds, dates are YYYY-MM-DD:
-- both sort as text. Lists of codes are comma-separated, JSON is text.
-- Ids are never used again (AUTOINCREMENT): buttons carry them for ever.

CREATE TABLE office (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- What is added to real time to get the office's clock; 0 outside a trial.
    clock_offset_s INTEGER NOT NULL DEFAULT 0,
    -- The first day that looks were missed on, while nobody ticked, and the last
    -- day on which digests say so.
    stopped_on TEXT,
    stopped_told_on TEXT,
    made_up INTEGER NOT NULL CHECK (made_up IN (0, 1)),
    CHECK ((stopped_on IS NULL) = (stopped_told_on IS NULL))
) STRICT;

CREATE TABLE team (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    team_id INTEGER NOT NULL REFERENCES team (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('nurse', 'supervisor', 'deputy', 'admin')),
    language TEXT NOT NULL CHECK (language IN ('japanese', 'english')),
    working_days INTEGER NOT NULL CHECK (working_days BETWEEN 0 AND 127),
    left_on TEXT
) STRICT;
CREATE INDEX person_of_team ON person (team_id);

CREATE TABLE leave (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES person (id),
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    cover_id INTEGER REFERENCES person (id),
    -- By which message it was entered.
    message_id INTEGER REFERENCES message (id),
    CHECK (from_on <= to_on)
) STRICT;
CREATE INDEX leave_of_person ON leave (person_id, to_on);
CREATE INDEX leave_of_cover ON leave (cover_id, to_on) WHERE cover_id IS NOT NULL;

CREATE TABLE route (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES person (id),
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    position INTEGER NOT NULL,
    dead_at TEXT,
    UNIQUE (platform, account)
) STRICT;
CREATE INDEX route_of_person ON route (person_id, position);

-- The promise: a household is closed or has exactly one open check-in, and a
-- next look. The key on three columns is deferred, because household and
-- check-in name one another.
CREATE TABLE household (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    team_id INTEGER NOT NULL REFERENCES team (id),
    state TEXT NOT NULL
        CHECK (state IN ('intake', 'active', 'watching', 'paused', 'closed', 'transferred')),
    pause_reason TEXT CHECK (pause_reason IS NULL OR state = 'paused'),
    close_reason TEXT CHECK (close_reason IS NULL OR state IN ('closed', 'transferred')),
    awaiting_receipt INTEGER NOT NULL CHECK (awaiting_receipt IN (0, 1)),
    class TEXT CHECK (class IN ('a', 'b', 'c')),
    flags TEXT NOT NULL,
    not_before TEXT,
    known_by TEXT,
    known_on TEXT,
    main_id INTEGER REFERENCES person (id),
    second_id INTEGER REFERENCES person (id),
    check_in_id INTEGER,
    check_in_state TEXT CHECK (check_in_state = 'open'),
    next_nudge_at TEXT,
    version INTEGER NOT NULL,
    CHECK ((state IN ('closed', 'transferred')) = (check_in_id IS NULL)),
    CHECK ((check_in_state IS NULL) = (check_in_id IS NULL)),
    CHECK ((next_nudge_at IS NULL) = (check_in_id IS NULL)),
    FOREIGN KEY (check_in_id, id, check_in_state) REFERENCES check_in (id, household_id, state)
        DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX household_to_look_at ON household (next_nudge_at, id) WHERE next_nudge_at IS NOT NULL;
CREATE INDEX household_of_team ON household (team_id, code);
CREATE INDEX household_of_main ON household (main_id);
CREATE INDEX household_of_second ON household (second_id);

CREATE TABLE check_in (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    household_id INTEGER NOT NULL REFERENCES household (id) DEFERRABLE INITIALLY DEFERRED,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'withdrawn')),
    due_on TEXT NOT NULL,
    due_by TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('look_in', 'review')),
    pace TEXT NOT NULL CHECK (pace IN ('ordinary', 'appointment', 'prompt')),
    why TEXT NOT NULL,
    plan_kind TEXT,
    plan_time TEXT,
    plan_partner TEXT,
    put_off INTEGER NOT NULL CHECK (put_off >= 0),
    made_at TEXT NOT NULL,
    made_by INTEGER NOT NULL REFERENCES person (id),
    settled_at TEXT,
    settled_by INTEGER REFERENCES person (id),
    step INTEGER NOT NULL CHECK (step >= 0),
    rung TEXT CHECK (rung IN ('first', 'appointment', 'again', 'supervisor', 'weekly')),
    weekly_on TEXT,
    taken_by INTEGER REFERENCES person (id),
    taken_at TEXT,
    taken_until TEXT,
    -- The first 「やります」 keeps the supervisor's rung back until then.
    supervisor_from TEXT,
    UNIQUE (id, household_id, state),
    CHECK (due_on <= due_by),
    CHECK ((state = 'open') = (settled_at IS NULL)),
    CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
    CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CHECK ((taken_by IS NULL) = (taken_until IS NULL))
) STRICT;
CREATE UNIQUE INDEX check_in_open_of_household ON check_in (household_id) WHERE state = 'open';
CREATE INDEX check_in_due_on ON check_in (due_on) WHERE state = 'open';
CREATE INDEX check_in_due_by ON check_in (due_by) WHERE state = 'open';

CREATE TRIGGER household_closed_keeps_no_check_in
BEFORE UPDATE OF state ON household
WHEN NEW.state IN ('closed', 'transferred')
    AND EXISTS (SELECT 1 FROM check_in WHERE household_id = NEW.id AND state = 'open')
BEGIN
    SELECT RAISE(ABORT, 'a closed household keeps no open check-in');
END;
CREATE TRIGGER household_new_and_closed_has_no_check_in
AFTER INSERT ON household
WHEN NEW.state IN ('closed', 'transferred')
    AND EXISTS (SELECT 1 FROM check_in WHERE household_id = NEW.id AND state = 'open')
BEGIN
    SELECT RAISE(ABORT, 'a closed household keeps no open check-in');
END;
CREATE TRIGGER check_in_new_of_closed_household
BEFORE INSERT ON check_in
WHEN NEW.state = 'open' AND EXISTS
    (SELECT 1 FROM household WHERE id = NEW.household_id AND state IN ('closed', 'transferred'))
BEGIN
    SELECT RAISE(ABORT, 'a closed household keeps no open check-in');
END;
CREATE TRIGGER check_in_reopened_of_closed_household
BEFORE UPDATE OF state, household_id ON check_in
WHEN NEW.state = 'open' AND EXISTS
    (SELECT 1 FROM household WHERE id = NEW.household_id AND state IN ('closed', 'transferred'))
BEGIN
    SELECT RAISE(ABORT, 'a closed household keeps no open check-in');
END;

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    -- Forgotten after 90 days; None for what we said unasked.
    key TEXT UNIQUE,
    echo TEXT,
    reply TEXT,
    delivery_id INTEGER UNIQUE REFERENCES delivery (id),
    at TEXT NOT NULL,
    -- Real time, for a trial's clock is moved; None for what we said unasked.
    heard_at TEXT,
    CHECK (key IS NULL OR heard_at IS NOT NULL)
) STRICT;
CREATE INDEX message_of_place ON message (platform, place, id);
CREATE INDEX message_with_key ON message (heard_at) WHERE key IS NOT NULL;

CREATE TABLE save (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    household_id INTEGER NOT NULL REFERENCES household (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    message_id INTEGER NOT NULL REFERENCES message (id),
    at TEXT NOT NULL,
    -- The household's version after it.
    version INTEGER NOT NULL,
    -- The check-ins that stood before and after it.
    check_in_before_id INTEGER REFERENCES check_in (id),
    check_in_after_id INTEGER REFERENCES check_in (id),
    traces TEXT NOT NULL,
    undoes INTEGER REFERENCES save (id),
    undone_by INTEGER REFERENCES save (id),
    UNIQUE (household_id, version)
) STRICT;
CREATE INDEX save_of_person ON save (person_id, platform, place, id);

CREATE TABLE contact (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    household_id INTEGER NOT NULL REFERENCES household (id),
    kind TEXT,
    direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
    outcome TEXT,
    further_outcomes TEXT NOT NULL,
    whom TEXT NOT NULL,
    things_left TEXT NOT NULL,
    signs TEXT,
    small_changes TEXT NOT NULL,
    promises TEXT NOT NULL,
    partners TEXT NOT NULL,
    took_place_on TEXT NOT NULL,
    took_place_time TEXT,
    part_of_day TEXT,
    worrying_word INTEGER NOT NULL CHECK (worrying_word IN (0, 1)),
    danger INTEGER NOT NULL CHECK (danger IN (0, 1)),
    withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
    author_id INTEGER NOT NULL REFERENCES person (id),
    recorded_at TEXT NOT NULL,
    -- None for what was there before the first message.
    save_id INTEGER REFERENCES save (id)
) STRICT;
CREATE INDEX contact_of_household ON contact (household_id, took_place_on, id) WHERE NOT withdrawn;

CREATE TABLE alarm (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    household_id INTEGER NOT NULL REFERENCES household (id),
    check_in_id INTEGER NOT NULL REFERENCES check_in (id),
    save_id INTEGER NOT NULL REFERENCES save (id),
    grade TEXT NOT NULL CHECK (grade IN ('danger', 'no_sign_of_life')),
    raised_by INTEGER NOT NULL REFERENCES person (id),
    raised_at TEXT NOT NULL,
    step INTEGER NOT NULL CHECK (step >= 0),
    next_at TEXT,
    withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
    confirmed_by INTEGER REFERENCES person (id),
    confirmed_at TEXT,
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    -- An alarm that nobody has confirmed comes again.
    CHECK ((next_at IS NULL) = (withdrawn OR confirmed_at IS NOT NULL))
) STRICT;
CREATE INDEX alarm_to_look_at ON alarm (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX alarm_of_household ON alarm (household_id);

CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    household_id INTEGER NOT NULL REFERENCES household (id),
    wish TEXT NOT NULL,
    asked_by INTEGER NOT NULL REFERENCES person (id),
    asked_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn')),
    answered_by INTEGER REFERENCES person (id),
    answered_at TEXT,
    save_id INTEGER NOT NULL REFERENCES save (id),
    CHECK ((status = 'open') = (answered_at IS NULL)),
    CHECK ((answered_by IS NULL) = (answered_at IS NULL))
) STRICT;
CREATE INDEX request_open_of_household ON request (household_id) WHERE status = 'open';

-- A delivery is claimed by writing a lease, sent outside any transaction, and
-- settled by whoever still holds the lease.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient_id INTEGER NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'appointment', 'alarm', 'notice')),
    office_day TEXT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'gone', 'moot')),
    -- Real time; None is at once.
    try_at TEXT,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    lease TEXT,
    -- Real time.
    leased_until TEXT,
    notice TEXT,
    alarm_id INTEGER REFERENCES alarm (id),
    route_id INTEGER REFERENCES route (id),
    message_ref TEXT,
    -- An attempt ended without an answer: the next one may repeat it.
    maybe_sent INTEGER NOT NULL CHECK (maybe_sent IN (0, 1)),
    -- The day since which its reader had heard nothing, where it makes up for that.
    stopped_on TEXT,
    -- What it shows has changed since it was rendered.
    stale INTEGER NOT NULL CHECK (stale IN (0, 1)),
    -- The office's clock.
    made_at TEXT NOT NULL,
    sent_at TEXT,
    UNIQUE (recipient_id, kind, office_day, number),
    CHECK ((lease IS NULL) = (leased_until IS NULL)),
    CHECK ((kind = 'notice') = (notice IS NOT NULL)),
    CHECK ((kind = 'alarm') = (alarm_id IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
CREATE INDEX delivery_pending ON delivery (id) WHERE state = 'pending';
CREATE INDEX delivery_to_edit ON delivery (id) WHERE state = 'sent' AND (stale OR lease IS NOT NULL);
CREATE INDEX delivery_of_day ON delivery (office_day);
CREATE INDEX delivery_of_alarm ON delivery (alarm_id) WHERE alarm_id IS NOT NULL;

CREATE TABLE delivery_item (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id),
    position INTEGER NOT NULL,
    household_id INTEGER NOT NULL REFERENCES household (id),
    check_in_id INTEGER NOT NULL REFERENCES check_in (id),
    -- Whether it made the delivery necessary, or is only listed in it.
    fired INTEGER NOT NULL CHECK (fired IN (0, 1)),
    rung TEXT CHECK (rung IN ('first', 'appointment', 'again', 'supervisor', 'weekly', 'alarm')),
    PRIMARY KEY (delivery_id, check_in_id),
    CHECK (fired = (rung IS NOT NULL))
) STRICT;
CREATE INDEX delivery_item_of_check_in ON delivery_item (check_in_id);

-- An alarm's steps are counted apart from those of the check-in beside it.
CREATE TABLE nudge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    check_in_id INTEGER NOT NULL REFERENCES check_in (id),
    alarm_id INTEGER REFERENCES alarm (id),
    step INTEGER NOT NULL,
    recipient_id INTEGER NOT NULL REFERENCES person (id),
    rung TEXT NOT NULL
        CHECK (rung IN ('first', 'appointment', 'again', 'supervisor', 'weekly', 'alarm')),
    delivery_id INTEGER NOT NULL REFERENCES delivery (id),
    made_at TEXT NOT NULL,
    CHECK ((rung = 'alarm') = (alarm_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX nudge_once ON nudge (check_in_id, step, recipient_id) WHERE alarm_id IS NULL;
CREATE UNIQUE INDEX nudge_of_alarm_once ON nudge (alarm_id, step, recipient_id) WHERE alarm_id IS NOT NULL;

CREATE TABLE dialogue (
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    question TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    PRIMARY KEY (platform, place, person_id)
) STRICT;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    household_id INTEGER REFERENCES household (id),
    what TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX journal_of_person ON journal (person_id, id);
CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is only added to');
END;
CREATE TRIGGER journal_is_not_deleted BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is only added to');
END;
