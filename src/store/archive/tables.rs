//! Every table and column of an office, by which an export knows it. A test holds
//! the list against the tables of both databases: a migration that adds to them
//! adds here as well.
use super::cells::Kind;

/// One table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// By which its rows are told apart, and in whose order they are exported.
    pub(super) key: &'static [&'static str],
    pub(super) columns: &'static [(&'static str, Kind)],
}

/// `name by key… { column kind, … }`
macro_rules! tables {
    ($($name:ident by $($key:ident)+ { $($column:ident $kind:ident),+ $(,)? })+) => {
        &[$(Table {
            name: stringify!($name),
            key: &[$(stringify!($key)),+],
            columns: &[$((stringify!($column), Kind::$kind)),+],
        }),+]
    };
}

pub(super) const TABLES: &[Table] = tables! {
    office by id {
        id Number, name Text, zone Text, clock_offset_s Number, stopped_on Day,
        stopped_told_on Day, made_up Flag, restored_at Instant, occasion_at Instant,
        looked_at Instant, calendar Text
    }
    team by id { id Number, name Text }
    person by id {
        id Number, team_id Number, name Text, role Text, language Text, working_days Number,
        left_on Day, morning_at Time
    }
    occasion by team_id what which {
        team_id Number, what Text, which Text, made_at Instant, void Flag
    }
    leave by id {
        id Number, person_id Number, from_on Day, to_on Day, cover_id Number, message_id Number
    }
    route by id {
        id Number, person_id Number, platform Text, account Text, position Number,
        dead_at Instant
    }
    household by id {
        id Number, code Text, team_id Number, state Text, pause_reason Text, close_reason Text,
        awaiting_receipt Flag, class Text, flags Text, not_before Day, known_by Text,
        known_on Day, main_id Number, second_id Number, check_in_id Number, check_in_state Text,
        next_nudge_at Instant, version Number
    }
    check_in by id {
        id Number, household_id Number, state Text, due_on Day, due_by Day, purpose Text,
        pace Text, why Text, plan_kind Text, plan_time Time, plan_partner Text, put_off Number,
        made_at Instant, made_by Number, settled_at Instant, settled_by Number, step Number,
        rung Text, weekly_on Day, taken_by Number, taken_at Instant, taken_until Instant,
        supervisor_from Instant, maybe_told Flag
    }
    message by id {
        id Number, platform Text, place Text, person_id Number, key Text, echo Text, reply Text,
        delivery_id Number, at Instant, heard_at Instant
    }
    save by id {
        id Number, household_id Number, person_id Number, platform Text, place Text,
        message_id Number, at Instant, version Number, check_in_before_id Number,
        check_in_after_id Number, traces Text, undoes Number, undone_by Number
    }
    contact by id {
        id Number, household_id Number, kind Text, direction Text, outcome Text,
        further_outcomes Text, whom Text, things_left Text, signs Text, small_changes Text,
        promises Text, partners Text, took_place_on Day, took_place_time Time, part_of_day Text,
        worrying_word Flag, danger Flag, withdrawn Flag, author_id Number, recorded_at Instant,
        save_id Number
    }
    alarm by id {
        id Number, household_id Number, check_in_id Number, save_id Number, grade Text,
        raised_by Number, raised_at Instant, step Number, next_at Instant, withdrawn Flag,
        confirmed_by Number, confirmed_at Instant, maybe_told Flag, void_steps Number
    }
    request by id {
        id Number, household_id Number, wish Text, asked_by Number, asked_at Instant,
        status Text, answered_by Number, answered_at Instant, save_id Number
    }
    delivery by id {
        id Number, recipient_id Number, kind Text, office_day Day, number Number, state Text,
        try_at Instant, attempts Number, lease Text, leased_until Instant, notice Text,
        alarm_id Number, route_id Number, message_ref Text, maybe_sent Flag, stopped_on Day,
        stale Flag, made_at Instant, sent_at Instant, maybe_repeated Flag, hold_until Instant
    }
    delivery_item by delivery_id check_in_id {
        delivery_id Number, position Number, household_id Number, check_in_id Number, fired Flag,
        rung Text
    }
    nudge by id {
        id Number, check_in_id Number, alarm_id Number, step Number, recipient_id Number,
        rung Text, delivery_id Number, made_at Instant, void Flag
    }
    dialogue by platform place person_id {
        platform Text, place Text, person_id Number, question Text, asked_at Instant
    }
    journal by id {
        id Number, at Instant, person_id Number, household_id Number, what Text, detail Text
    }
    audit by id { id Number, at Instant, made_at Instant, findings Text }
    join_code by id {
        id Number, hash Text, person_id Number, made_by Number, made_at Instant,
        expires_at Instant, spent_at Instant
    }
    page_link by id {
        id Number, hash Text, person_id Number, made_at Instant, expires_at Instant,
        spent_at Instant
    }
    page_session by id {
        id Number, hash Text, person_id Number, made_at Instant, expires_at Instant
    }
    chat_level by platform {
        platform Text, level Number, approval Text, set_by Number, set_at Instant
    }
    room by id {
        id Number, platform Text, place Text, team_id Number, registered_by Number,
        registered_at Instant, closed_at Instant
    }
    cursor by platform place { platform Text, place Text, seen Text }
    letter by id {
        id Number, platform Text, address Text, person_id Number, reply Text, made_at Instant,
        try_at Instant, attempts Number, under_way Flag, maybe_sent Flag,
        maybe_repeated Flag
    }
};

impl Table {
    pub(super) fn named(name: &str) -> Option<&'static Table> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// Whether its ids are given by the database, each once. The office has one row,
    /// and so has its last audit.
    pub(super) fn is_numbered(&self) -> bool {
        self.key == ["id"] && !matches!(self.name, "office" | "audit")
    }

    /// Its rows in the order of their key. Text is ordered by its bytes, as it is
    /// in SQLite.
    pub(super) fn select(&self, bytes: &str) -> String {
        let kind_of = |key: &str| self.columns.iter().find(|(column, _)| *column == key);
        let order = self.key.iter().map(|key| match kind_of(key) {
            Some((_, Kind::Text)) => format!("{key}{bytes}"),
            _ => (*key).to_owned(),
        });
        let order: Vec<String> = order.collect();
        format!(
            "SELECT {} FROM {} ORDER BY {}",
            self.names(),
            self.name,
            order.join(", ")
        )
    }

    pub(super) fn insert(&self) -> String {
        let places = (1..=self.columns.len()).map(|number| format!("${number}"));
        let places: Vec<String> = places.collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.name,
            self.names(),
            places.join(", ")
        )
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }
}
