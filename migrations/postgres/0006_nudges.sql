-- All nudges of a check-in: the unique ones above know them by step or by alarm
-- alone, and without this each household of a digest cost a walk over all nudges.
CREATE INDEX nudge_of_check_in ON nudge (check_in_id);
