//! Offices elsewhere and odd days: clocks that are put forward and back, 29
//! February, the change of the year and of the fiscal year, and an office that
//! changes its hours or its zone while nudges wait.
use crate::bot::{TestBot, home, parts};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use koekake::{
    config::Config,
    engine::{Engine, clock::Clock},
};

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time")
}

fn wall(zone: Tz, text: &str) -> DateTime<Utc> {
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a wall clock time");
    let instant = zone.from_local_datetime(&wall).earliest();
    instant.expect("an instant").with_timezone(&Utc)
}

/// The bot's office, opened anew in that zone with those hours; its clock stands
/// where it stood.
async fn reopened(bot: &mut TestBot, zone: Tz, (opens, closes): (NaiveTime, NaiveTime)) {
    let config = Config::load(None, []).expect("the built-in settings");
    let now = bot.engine.clock().real();
    let couriers = bot.couriers();
    let mut parts = parts(&config, &bot.db, Clock::standing(now, 0), couriers);
    parts.office.calendar.zone = zone;
    parts.office.calendar.opens = opens;
    parts.office.calendar.closes = closes;
    bot.engine = Engine::new(parts);
}

/// When each look comes from one instant to another, by that zone's wall clock,
/// and to whom something is said.
async fn told_between(bot: &mut TestBot, zone: Tz, (from, to): (&str, &str)) -> String {
    bot.engine.clock().stand_at(wall(zone, from));
    crate::bot::moves(&bot.engine, &bot.db, wall(zone, to)).await;
    bot.told_in(zone)
}

/// Open from half past two: on the night of the change that time is not there, or
/// is there twice; what opens at it opens once, and so does the day after.
#[tokio::test]
async fn an_opening_that_is_not_there_or_is_there_twice_tells_once() {
    // Sunday is closed everywhere, so the change falls into a night before Monday
    // only where clocks change on a weekday; what is left is the opening after it.
    let cases = [
        (chrono_tz::America::New_York, "2026-03-06", "2026-03-09"),
        (chrono_tz::America::New_York, "2026-10-30", "2026-11-02"),
        (chrono_tz::Europe::Berlin, "2026-03-27", "2026-03-30"),
        (chrono_tz::Europe::Berlin, "2026-10-23", "2026-10-26"),
        (chrono_tz::Australia::Lord_Howe, "2026-04-02", "2026-04-06"),
        (chrono_tz::Australia::Lord_Howe, "2026-10-02", "2026-10-05"),
    ];
    for (zone, before, after) in cases {
        let mut bot = TestBot::at("2026-02-02 09:00", &[home(12, "佐藤", after)]).await;
        reopened(&mut bot, zone, (time(2, 30), time(11, 0))).await;
        let span = (format!("{before} 01:00"), format!("{after} 23:00"));
        let told = told_between(&mut bot, zone, (&span.0, &span.1)).await;
        let days: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("● H-012"))
            .collect();
        assert_eq!(days.len(), 1, "{zone} {after}: {told}");
        assert!(
            days[0].starts_with(&format!("{after} Mon 02:30")),
            "{zone}: {told}"
        );
    }
}

/// In a zone whose clocks change on a weekday: Cairo, Friday 24 April 2026 at
/// midnight; half past twelve at night is not there.
#[tokio::test]
async fn where_the_opening_itself_is_skipped_the_first_minute_after_it_opens() {
    let zone = chrono_tz::Africa::Cairo;
    let mut bot = TestBot::at("2026-02-02 09:00", &[home(12, "佐藤", "2026-04-24")]).await;
    reopened(&mut bot, zone, (time(0, 30), time(11, 0))).await;
    let span = ("2026-04-23 20:00", "2026-04-24 20:00");
    let told = told_between(&mut bot, zone, span).await;
    assert_eq!(told.matches("● H-012").count(), 1, "{told}");
    assert!(told.starts_with("2026-04-24 Fri 01:00"), "{told}");
}

#[tokio::test]
async fn an_hour_that_is_there_twice_neither_repeats_nor_loses() {
    // In Cairo the last hour of Thursday, 29 October 2026 comes twice.
    let zone = chrono_tz::Africa::Cairo;
    let mut bot = TestBot::at("2026-02-02 09:00", &[home(12, "佐藤", "2026-10-29")]).await;
    reopened(&mut bot, zone, (time(23, 15), time(23, 55))).await;
    let span = ("2026-10-29 20:00", "2026-10-30 20:00");
    let told = told_between(&mut bot, zone, span).await;
    assert_eq!(told.matches("● H-012").count(), 1, "{told}");
}

#[tokio::test]
async fn an_office_that_changes_its_hours_while_nudges_wait_tells_at_the_new_ones() {
    let mut bot = TestBot::at("2026-11-25 12:00", &[home(12, "佐藤", "2026-11-26")]).await;
    assert_eq!(bot.told_until("2026-11-25 18:00").await, "");
    // The look stands at 8:30; from tomorrow the office opens at 10:00.
    reopened(
        &mut bot,
        chrono_tz::Asia::Tokyo,
        (time(10, 0), time(17, 15)),
    )
    .await;
    insta::assert_snapshot!(bot.told_until("2026-11-26 12:00").await, @"2026-11-26 Thu 10:00 佐藤 ● H-012");
    // And earlier again: no day is lost.
    bot.says("佐藤", "H-012 訪問 本人と会えた 明日").await;
    bot.moves_to("2026-11-26 18:00").await;
    reopened(&mut bot, chrono_tz::Asia::Tokyo, (time(7, 0), time(17, 15))).await;
    insta::assert_snapshot!(bot.told_until("2026-11-27 12:00").await, @"2026-11-27 Fri 07:00 佐藤 ● H-012");
}

/// Befell others: reminders were right in UTC alone.
#[tokio::test]
async fn an_office_that_changes_its_zone_while_nudges_wait_loses_no_day() {
    let mut bot = TestBot::at("2026-11-25 12:00", &[home(12, "佐藤", "2026-11-27")]).await;
    assert_eq!(bot.told_until("2026-11-25 18:00").await, "");
    let zone = chrono_tz::Pacific::Auckland;
    reopened(&mut bot, zone, (time(8, 30), time(17, 15))).await;
    let told = told_between(&mut bot, zone, ("2026-11-26 00:00", "2026-11-27 12:00")).await;
    assert_eq!(told.matches("● H-012").count(), 1, "{told}");
    assert!(told.contains("2026-11-27 Fri"), "{told}");
}

/// Befell others: 29 February had no day in other years.
#[tokio::test]
async fn the_29th_of_february_and_the_ends_of_the_years_are_days_as_others() {
    let homes = [
        home(12, "佐藤", "2028-02-29"),
        home(13, "佐藤", "2028-03-31"),
        home(14, "佐藤", "2028-04-03"),
    ];
    let mut bot = TestBot::at("2028-02-28 12:00", &homes).await;
    insta::assert_snapshot!(bot.told_until("2028-02-29 12:00").await, @"2028-02-29 Tue 08:30 佐藤 ● H-012");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 本人と会えた 1年後").await, @"
    記録しました H-012 訪問・本人と話せた
    次の声かけ 2029年2月28日(水)
    区分Bの目安(3か月)より先の日です
    [取り消す] [日付を変える] [直す]
    ");
    bot.moves_to("2028-03-29 12:00").await;
    bot.all_read();
    insta::assert_snapshot!(bot.told_until("2028-04-03 12:00").await, @"
    2028-03-31 Fri 08:30 佐藤 ● H-013
    2028-03-31 Fri 15:00 佐藤 ○ H-014 4月3日(月) 声かけ
    2028-04-03 Mon 08:30 佐藤 ● H-014 / ▲3 H-013
    ");
}
