//! The table of households.
use super::{
    Unread, field,
    staff::named,
    table::{self, Column, Row},
};
use crate::{
    app::desk::Desk,
    conversation::{phrasing::page, reading},
    domain::{
        check_in::{NewCheckIn, Window},
        household::{Class, Facts, Route, State},
        people::Language,
        proposal::{Guide, Occasion},
    },
    store::import::HouseholdRow,
};
use chrono::{NaiveDate, TimeDelta};
use std::path::Path;

const COLUMNS: [Column; 8] = [
    Column::new("code", "コード", true),
    Column::new("team", "班", true),
    Column::new("nurse", "担当", true),
    Column::new("state", "状態", true),
    Column::new("class", "区分", false),
    Column::new("route", "把握経路", false),
    Column::new("first known", "第一報日", false),
    Column::new("next date", "次回日", false),
];

/// A next date that lies further away is a slip of the pen; ours. In a household
/// that is looked after, nobody waits for two years.
const NEXT_DAYS_MAX: i64 = 731;

/// The rows that can be read, and those that cannot.
pub fn read(path: &Path, desk: &Desk) -> anyhow::Result<(Vec<HouseholdRow>, Vec<Unread>)> {
    let calendar = desk.calendar();
    let guide = Guide {
        office: &calendar,
        settings: &desk.config.proposals,
        now: desk.clock.office(),
    };
    let (mut rows, mut unread) = (Vec::new(), Vec::new());
    for row in table::read(path, &COLUMNS)? {
        match household(&row, &guide) {
            Ok(household) => rows.push(household),
            Err(why) => unread.push(Unread {
                line: row.line,
                why,
            }),
        }
    }
    Ok((rows, unread))
}

fn household(row: &Row<8>, guide: &Guide<'_>) -> Result<HouseholdRow, String> {
    let [code, team, nurse, state, class, route, known_on, next] = &row.fields;
    let today = guide.office.day_of(guide.now);
    let state = open_state(state)?;
    let next = next_day(next, today)?;
    Ok(HouseholdRow {
        line: row.line,
        code: reading::household(code).ok_or_else(|| {
            format!("コード「{code}」が読めません。H-012 のように書きます (code: as in H-012)")
        })?,
        team: named(team, "班", "team")?,
        nurse: match nurse.as_str() {
            "" => None,
            nurse => Some(named(nurse, "担当", "nurse")?),
        },
        facts: Facts {
            state,
            pause_reason: None,
            close_reason: None,
            awaiting_receipt: false,
            class: some(class, |text| field::member(text, |_: Class| None)).ok_or_else(|| {
                format!("区分「{class}」が読めません。A、B、C のどれかです (class: A, B or C)")
            })?,
            flags: Vec::new(),
            not_before: None,
            known_by: some(route, |text| field::member(text, route_words)).ok_or_else(|| {
                format!("把握経路「{route}」が読めません (route: neighbour, commissioner, support centre, \
                     care manager, family, self, utility or other)")
            })?,
            known_on: known_day(known_on, today)?,
            main: None,
            second: None,
            check_in: None,
        },
        check_in: check_in(state, next, guide),
    })
}

/// A state in which the household needs a next date. What is closed or handed on
/// stays in the office's old records: here it would wait for nobody.
fn open_state(text: &str) -> Result<State, String> {
    let state = field::member(text, |state| [page::state(state, Language::Japanese)]);
    let state = state.ok_or_else(|| {
        format!(
            "状態「{text}」が読めません。受理、支援中、見守り、中断のどれかです \
             (state: intake, active, watching or paused)"
        )
    })?;
    match state.is_open() {
        true => Ok(state),
        false => Err(
            "終結や移管の世帯は取り込みません (households that are closed or handed on are not taken)"
                .to_owned(),
        ),
    }
}

fn known_day(text: &str, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    let day = some(text, field::day);
    day.filter(|day| day.is_none_or(|day| day <= today))
        .ok_or_else(|| {
            format!(
                "第一報日「{text}」は過去の日付として読めません。2026-04-01 や令和8年4月1日と書きます \
                 (first known: a day that is past, as in 2026-04-01)"
            )
        })
}

fn next_day(text: &str, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    let farthest = TimeDelta::days(NEXT_DAYS_MAX);
    let is_near = |day: NaiveDate| (day - today).abs() <= farthest;
    let day = some(text, field::day);
    day.filter(|day| day.is_none_or(is_near)).ok_or_else(|| {
        format!(
            "次回日「{text}」は前後2年の日付として読めません。2026-12-01 や令和8年12月1日と書きます \
             (next date: a day within two years, as in 2026-12-01)"
        )
    })
}

/// The outer None: there is something, and it cannot be read.
fn some<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        "" => Some(None),
        text => read(text).map(Some),
    }
}

/// Besides what the chat calls it.
fn route_words(route: Route) -> Vec<&'static str> {
    let more: &[&str] = match route {
        Route::SupportCentre => &["地域包括支援センター"],
        Route::CareManager => &["ケアマネジャー", "介護支援専門員"],
        Route::Utility => &["ライフライン"],
        _ => &[],
    };
    let usual = page::route(route, Language::Japanese);
    more.iter().copied().chain([usual]).collect()
}

/// The first check-in: on the said day, or the next open one after it; without
/// one as for a household that has just become known, or is paused.
fn check_in(state: State, next: Option<NaiveDate>, guide: &Guide<'_>) -> NewCheckIn {
    let occasion = match state {
        State::Paused => Occasion::Pause,
        _ => Occasion::NewHousehold,
    };
    let proposed = guide.on_occasion(occasion);
    match next {
        Some(day) => NewCheckIn {
            window: Window::day(guide.office.open_from(day)),
            ..proposed
        },
        None => proposed,
    }
}

#[cfg(test)]
mod tests {
    use super::household;
    use crate::{
        app::import::table::Row,
        config::Config,
        domain::{
            check_in::{Purpose, Why},
            household::{Class, Route, State},
            proposal::Guide,
        },
        store::import::HouseholdRow,
    };

    /// Reads the row on Wednesday, 25 November 2026, at 10:00.
    fn read(fields: [&str; 8]) -> Result<HouseholdRow, String> {
        let config = Config::load(None, []).expect("the built-in settings");
        let calendar = config.office.calendar();
        let today = "2026-11-25".parse().expect("a date");
        let row = Row {
            line: 2,
            fields: fields.map(str::to_owned),
        };
        let guide = Guide {
            office: &calendar,
            settings: &config.proposals,
            now: calendar.opening(today),
        };
        household(&row, &guide)
    }

    /// A row that differs in its state and next date alone.
    fn check(state: &str, next: &str, on: &str, (purpose, why): (Purpose, Why)) {
        let row = read(["H-012", "第一班", "佐藤", state, "", "", "", next]).expect(next);
        let check_in = row.check_in;
        assert_eq!(check_in.window.on.to_string(), on, "{state} {next}");
        assert_eq!((check_in.purpose, check_in.why), (purpose, why), "{state}");
        if !next.is_empty() {
            assert_eq!(check_in.window.by, check_in.window.on, "{next}");
        }
    }

    #[test]
    fn a_given_date_is_exact_and_moved_to_an_open_day() {
        let new = (Purpose::LookIn, Why::NewHousehold);
        check("支援中", "2026-12-02", "2026-12-02", new);
        check("active", "2026/12/5", "2026-12-07", new);
        check("見守り", "令和9年1月1日", "2027-01-04", new);
        // What is late already is said to be so.
        check("支援中", "2026-11-10", "2026-11-10", new);
    }

    #[test]
    fn without_a_date_it_is_as_for_a_new_household_or_a_pause() {
        let new = (Purpose::LookIn, Why::NewHousehold);
        check("受理", "", "2026-11-30", new);
        let pause = (Purpose::Review, Why::PauseReview);
        check("中断", "", "2027-02-25", pause);
        check("paused", "2026-12-02", "2026-12-02", pause);
    }

    #[test]
    fn what_else_a_row_says_is_kept() {
        let row = read([
            "ｈ１２",
            "第一班",
            "",
            "Watching",
            "c",
            "地域包括支援センター",
            "H30.4.2",
            "",
        ]);
        let row = row.expect("a household");
        assert_eq!(row.code.as_str(), "H-012");
        assert_eq!(row.nurse, None);
        assert_eq!(row.facts.state, State::Watching);
        assert_eq!(row.facts.class, Some(Class::C));
        assert_eq!(row.facts.known_by, Some(Route::SupportCentre));
        let known_on = row.facts.known_on.expect("a day");
        assert_eq!(known_on.to_string(), "2018-04-02");
    }

    #[test]
    fn a_day_that_is_a_slip_of_the_pen_is_refused() {
        for (known_on, next) in [
            ("2026-11-26", ""),
            ("", "2206-12-02"),
            ("", "2020-12-02"),
            ("", "来週"),
        ] {
            let fields = ["H-012", "第一班", "佐藤", "支援中", "", "", known_on, next];
            read(fields).expect_err("a slip");
        }
    }
}
