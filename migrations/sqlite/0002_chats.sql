-- Chats on SQLite: how people come into them, what a chat may do, where it is
-- posted to, and what has still to be said there.
-- Tokens are kept as hashes; their instants, and those of letters, are real time.

CREATE TABLE join_code (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    made_by INTEGER NOT NULL REFERENCES person (id),
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    spent_at TEXT
) STRICT;
CREATE INDEX join_code_of_person ON join_code (person_id);

CREATE TABLE page_link (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    spent_at TEXT
) STRICT;

CREATE TABLE page_session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX page_session_of_person ON page_session (person_id);

-- What the office allows on a platform: 1 that there is news, 2 codes and
-- dates, 3 logging. Without a row a platform stays off.
CREATE TABLE chat_level (
    platform TEXT PRIMARY KEY,
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    approval TEXT,
    set_by INTEGER NOT NULL REFERENCES person (id),
    set_at TEXT NOT NULL,
    CHECK (level = 1 OR approval IS NOT NULL)
) STRICT;

-- A shared place that an administrator has registered for a team.
CREATE TABLE room (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    team_id INTEGER NOT NULL REFERENCES team (id),
    registered_by INTEGER NOT NULL REFERENCES person (id),
    registered_at TEXT NOT NULL,
    -- Since when nothing is posted there, because everybody could read it.
    closed_at TEXT,
    UNIQUE (platform, place)
) STRICT;
CREATE INDEX room_of_team ON room (team_id);

-- The last message that was taken from a place, for platforms that do not
-- deliver again what was missed.
CREATE TABLE cursor (
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (platform, place)
) STRICT;

-- What has still to be said in a chat: born with the message that it answers,
-- gone when it was sent.
CREATE TABLE letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    -- The platform's own handle.
    address TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    reply TEXT NOT NULL,
    made_at TEXT NOT NULL,
    -- Whoever is sending it has it until then.
    try_at TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    -- Somebody is sending it, or died over it.
    under_way INTEGER NOT NULL CHECK (under_way IN (0, 1)),
    -- An attempt ended without an answer: the next one may repeat it.
    maybe_sent INTEGER NOT NULL CHECK (maybe_sent IN (0, 1))
) STRICT;
CREATE INDEX letter_to_send ON letter (try_at, id);
