//! A check-in comes back on its day, and again until somebody has acted: whom
//! the ladder tells when, seen through the engine.
use crate::bot::{Home, TestBot, home};
use chrono::NaiveTime;
use koekake::{
    conversation::action::Action,
    domain::{
        CheckInId,
        check_in::{NewCheckIn, Pace, Plan, Why},
        contact::Kind,
    },
    engine::SendError,
};

/// A guideline date with its window.
fn guideline(code: u32, due_on: &'static str, due_by: &'static str) -> Home {
    Home {
        due: (due_on, due_by),
        ..home(code, "佐藤", due_on)
    }
}

/// Agreed for that day at 14:00 in the office.
fn appointment(code: u32, due_on: &'static str) -> Home {
    let plain = home(code, "佐藤", due_on);
    Home {
        terms: NewCheckIn {
            pace: Pace::Appointment,
            why: Why::Said,
            plan: Plan {
                kind: Some(Kind::Office),
                time: NaiveTime::from_hms_opt(14, 0, 0),
                partner: None,
            },
            ..plain.terms
        },
        ..plain
    }
}

/// Word from others: somebody waits for it.
fn prompt(code: u32, due_on: &'static str) -> Home {
    let plain = home(code, "佐藤", due_on);
    Home {
        terms: NewCheckIn {
            pace: Pace::Prompt,
            why: Why::OtherWord,
            ..plain.terms
        },
        ..plain
    }
}

/// Befell others: a late task disappeared, and what was done for it could not be
/// recorded; one notice was missed and no other came; repeats without end tired
/// everybody.
#[tokio::test]
async fn an_ordinary_date_climbs_from_the_nurse_to_the_weekly_list_for_ever() {
    let home = guideline(12, "2026-11-25", "2026-12-02");
    let mut bot = TestBot::at("2026-11-24 12:00", &[home]).await;
    insta::assert_snapshot!(bot.told_until("2027-02-01 12:00").await, @"
    2026-11-25 Wed 08:30 佐藤 ● H-012
    2026-12-07 Mon 08:30 佐藤 ▲5 H-012
    2026-12-09 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-09 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    2026-12-21 Mon 08:30 佐藤 ▲19 H-012
    2026-12-21 Mon 08:30 伊藤 ▲19 H-012 19日 佐藤
    2026-12-21 Mon 08:30 渡辺 ▲19 H-012 19日 佐藤
    2026-12-24 Thu 08:30 佐藤 ▲22 H-012 11月25日(水) 声かけ
    2026-12-24 Thu 08:30 伊藤 ▲22 H-012 11月25日(水) 声かけ 佐藤
    2026-12-28 Mon 08:30 佐藤 ▲26 H-012
    2026-12-28 Mon 08:30 伊藤 ▲26 H-012 26日 佐藤
    2026-12-28 Mon 08:30 渡辺 ▲26 H-012 26日 佐藤
    2027-01-04 Mon 08:30 佐藤 ▲33 H-012
    2027-01-04 Mon 08:30 伊藤 ▲33 H-012 33日 佐藤
    2027-01-04 Mon 08:30 渡辺 ▲33 H-012 33日 佐藤
    2027-01-12 Tue 08:30 佐藤 ▲41 H-012
    2027-01-12 Tue 08:30 伊藤 ▲41 H-012 41日 佐藤
    2027-01-12 Tue 08:30 渡辺 ▲41 H-012 41日 佐藤
    2027-01-18 Mon 08:30 佐藤 ▲47 H-012
    2027-01-18 Mon 08:30 伊藤 ▲47 H-012 47日 佐藤
    2027-01-18 Mon 08:30 渡辺 ▲47 H-012 47日 佐藤
    2027-01-25 Mon 08:30 佐藤 ▲54 H-012
    2027-01-25 Mon 08:30 伊藤 ▲54 H-012 54日 佐藤
    2027-01-25 Mon 08:30 渡辺 ▲54 H-012 54日 佐藤
    2027-02-01 Mon 08:30 佐藤 ▲61 H-012
    2027-02-01 Mon 08:30 伊藤 ▲61 H-012 61日 佐藤
    2027-02-01 Mon 08:30 渡辺 ▲61 H-012 61日 佐藤
    ");
}

#[tokio::test]
async fn an_appointment_is_announced_asked_about_and_told_on() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[appointment(60, "2026-11-25")]).await;
    insta::assert_snapshot!(bot.told_until("2026-12-15 12:00").await, @"
    2026-11-25 Wed 08:30 佐藤 ● H-060 約束 14時 来所
    2026-11-25 Wed 16:00 佐藤 ● H-060 14時の約束はいかがでしたか
    2026-11-26 Thu 08:30 佐藤 ▲1 H-060 約束 14時 来所
    2026-11-27 Fri 08:30 伊藤 ▲2 H-060 2日 佐藤
    2026-11-27 Fri 08:30 渡辺 ▲2 H-060 2日 佐藤
    2026-11-30 Mon 08:30 佐藤 ▲5 H-060 約束 14時 来所
    2026-11-30 Mon 08:30 伊藤 ▲5 H-060 5日 佐藤
    2026-11-30 Mon 08:30 渡辺 ▲5 H-060 5日 佐藤
    2026-12-07 Mon 08:30 佐藤 ▲12 H-060 約束 14時 来所
    2026-12-07 Mon 08:30 伊藤 ▲12 H-060 12日 佐藤
    2026-12-07 Mon 08:30 渡辺 ▲12 H-060 12日 佐藤
    2026-12-14 Mon 08:30 佐藤 ▲19 H-060 約束 14時 来所
    2026-12-14 Mon 08:30 伊藤 ▲19 H-060 19日 佐藤
    2026-12-14 Mon 08:30 渡辺 ▲19 H-060 19日 佐藤
    ");
}

#[tokio::test]
async fn the_appointments_question_has_three_answers() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[appointment(60, "2026-11-25")]).await;
    bot.moves_to("2026-11-25 09:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。声かけの時期は1世帯です
    * ● H-060 約束 14時 来所
      11月25日(水)の予定・来所の約束
      接触はまだありません
      [記録する] [予約を変える] [相談する]
    ");
    bot.moves_to("2026-11-25 16:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    * ● H-060 14時の約束はいかがでしたか
      [来られた] [来られなかった] [予約を変える]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "来られなかった").await, @"
    記録しました H-060 来所・来られなかった
    次の声かけ 今日 11月25日(水) 電話 ← 来られなかったときの目安(当日)です
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    # おはようございます。このお知らせの世帯はすべて済みました
    * ✓ H-060 佐藤さんが対応 11月25日(水)
    ---
    * ✓ H-060 佐藤さんが対応 11月25日(水)
    ");
}

#[tokio::test]
async fn what_somebody_waits_for_is_asked_after_one_day_and_told_after_two() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[prompt(31, "2026-11-25")]).await;
    insta::assert_snapshot!(bot.told_until("2026-12-15 12:00").await, @"
    2026-11-25 Wed 08:30 佐藤 ● H-031
    2026-11-26 Thu 08:30 佐藤 ▲1 H-031
    2026-11-27 Fri 08:30 伊藤 ▲2 H-031 2日 佐藤
    2026-11-27 Fri 08:30 渡辺 ▲2 H-031 2日 佐藤
    2026-11-30 Mon 08:30 佐藤 ▲5 H-031
    2026-11-30 Mon 08:30 伊藤 ▲5 H-031 5日 佐藤
    2026-11-30 Mon 08:30 渡辺 ▲5 H-031 5日 佐藤
    2026-12-07 Mon 08:30 佐藤 ▲12 H-031
    2026-12-07 Mon 08:30 伊藤 ▲12 H-031 12日 佐藤
    2026-12-07 Mon 08:30 渡辺 ▲12 H-031 12日 佐藤
    2026-12-14 Mon 08:30 佐藤 ▲19 H-031
    2026-12-14 Mon 08:30 伊藤 ▲19 H-031 19日 佐藤
    2026-12-14 Mon 08:30 渡辺 ▲19 H-031 19日 佐藤
    ");
}

#[tokio::test]
async fn over_the_turn_of_the_year_nothing_is_said_and_nothing_is_lost() {
    let homes = [
        guideline(12, "2026-12-25", "2026-12-25"),
        guideline(13, "2026-12-28", "2027-01-05"),
        appointment(60, "2026-12-29"),
        prompt(31, "2026-12-28"),
    ];
    let mut bot = TestBot::at("2026-12-24 12:00", &homes).await;
    insta::assert_snapshot!(bot.told_until("2027-01-13 12:00").await, @"
    2026-12-24 Thu 12:00 佐藤 ○ H-012 12月25日(金) 声かけ / ○ H-013 12月28日(月) 声かけ / ○ H-031 12月28日(月) 声かけ / ○ H-060 12月29日(火) 14時 来所の約束 声かけ
    2026-12-24 Thu 12:00 伊藤 ○ H-012 12月25日(金) 声かけ 佐藤 / ○ H-013 12月28日(月) 声かけ 佐藤 / ○ H-031 12月28日(月) 声かけ 佐藤 / ○ H-060 12月29日(火) 14時 来所の約束 声かけ 佐藤
    2026-12-25 Fri 08:30 佐藤 ● H-012
    2026-12-25 Fri 15:00 佐藤 ○ H-013 12月28日(月) 声かけ / ○ H-031 12月28日(月) 声かけ / ○ H-060 12月29日(火) 14時 来所の約束 声かけ
    2026-12-28 Mon 08:30 佐藤 ○ H-060 約束 14時 来所 / ● H-031 / ● H-013 / ▲3 H-012
    2027-01-04 Mon 08:30 佐藤 ▲6 H-060 約束 14時 来所 / ▲7 H-031 / ▲10 H-012 / ● H-013
    2027-01-05 Tue 08:30 佐藤 ▲11 H-012 / ▲7 H-060 約束 14時 来所 / ▲8 H-031 / ● H-013
    2027-01-05 Tue 08:30 伊藤 ▲8 H-031 8日 佐藤 / ▲7 H-060 7日 佐藤
    2027-01-05 Tue 08:30 渡辺 ▲8 H-031 8日 佐藤 / ▲7 H-060 7日 佐藤
    2027-01-07 Thu 08:30 伊藤 ▲13 H-012 13日 佐藤 / ▲10 H-031 10日 佐藤 / ▲9 H-060 9日 佐藤
    2027-01-07 Thu 08:30 渡辺 ▲13 H-012 13日 佐藤 / ▲10 H-031 10日 佐藤 / ▲9 H-060 9日 佐藤
    2027-01-08 Fri 08:30 佐藤 ▲3 H-013 / ▲10 H-060 約束 14時 来所 / ▲11 H-031 / ▲14 H-012
    2027-01-12 Tue 08:30 佐藤 ▲14 H-060 約束 14時 来所 / ▲15 H-031 / ▲18 H-012 / ▲7 H-013
    2027-01-12 Tue 08:30 伊藤 ▲18 H-012 18日 佐藤 / ▲15 H-031 15日 佐藤 / ▲14 H-060 14日 佐藤
    2027-01-12 Tue 08:30 渡辺 ▲18 H-012 18日 佐藤 / ▲15 H-031 15日 佐藤 / ▲14 H-060 14日 佐藤
    2027-01-13 Wed 08:30 伊藤 ▲19 H-012 19日 佐藤 / ▲16 H-031 16日 佐藤 / ▲15 H-060 15日 佐藤 / ▲8 H-013 8日 佐藤
    2027-01-13 Wed 08:30 渡辺 ▲19 H-012 19日 佐藤 / ▲16 H-031 16日 佐藤 / ▲15 H-060 15日 佐藤 / ▲8 H-013 8日 佐藤
    ");
}

#[tokio::test]
async fn golden_week_counts_open_days_alone() {
    let homes = [
        guideline(12, "2027-04-27", "2027-04-28"),
        prompt(31, "2027-04-30"),
    ];
    let mut bot = TestBot::at("2027-04-26 12:00", &homes).await;
    insta::assert_snapshot!(bot.told_until("2027-05-18 12:00").await, @"
    2027-04-27 Tue 08:30 佐藤 ● H-012
    2027-04-27 Tue 08:30 佐藤 ● H-012 4月27日(火) 声かけ / ○ H-031 4月30日(金) 声かけ
    2027-04-27 Tue 08:30 伊藤 ● H-012 4月27日(火) 声かけ 佐藤 / ○ H-031 4月30日(金) 声かけ 佐藤
    2027-04-30 Fri 08:30 佐藤 ● H-031 / ▲2 H-012
    2027-05-06 Thu 08:30 佐藤 ▲6 H-031 / ▲8 H-012
    2027-05-07 Fri 08:30 佐藤 ▲9 H-012 / ▲7 H-031
    2027-05-07 Fri 08:30 伊藤 ▲7 H-031 7日 佐藤
    2027-05-07 Fri 08:30 渡辺 ▲7 H-031 7日 佐藤
    2027-05-10 Mon 08:30 佐藤 ▲10 H-031 / ▲12 H-012
    2027-05-10 Mon 08:30 伊藤 ▲10 H-031 10日 佐藤
    2027-05-10 Mon 08:30 渡辺 ▲10 H-031 10日 佐藤
    2027-05-11 Tue 08:30 伊藤 ▲13 H-012 13日 佐藤 / ▲11 H-031 11日 佐藤
    2027-05-11 Tue 08:30 渡辺 ▲13 H-012 13日 佐藤 / ▲11 H-031 11日 佐藤
    2027-05-17 Mon 08:30 佐藤 ▲17 H-031 / ▲19 H-012
    2027-05-17 Mon 08:30 伊藤 ▲19 H-012 19日 佐藤 / ▲17 H-031 17日 佐藤
    2027-05-17 Mon 08:30 渡辺 ▲19 H-012 19日 佐藤 / ▲17 H-031 17日 佐藤
    ");
}

/// Befell others: an escalation that was paused did not go on after a restart; after a
/// snooze the reminder came twice from then on; reminders went on after somebody had
/// taken the matter on.
#[tokio::test]
async fn taking_it_on_quiets_the_nurse_and_puts_the_supervisor_off() {
    let home = guideline(12, "2026-11-25", "2026-11-25");
    let mut bot = TestBot::at("2026-11-24 12:00", &[home]).await;
    bot.moves_to("2026-11-30 09:00").await;
    assert_eq!(bot.hears("佐藤").len(), 2);
    insta::assert_snapshot!(bot.presses("佐藤", "やります").await, @"H-012 対応中にしました。12月7日(月)に記録がなければ再度お知らせします");
    // Without it the supervisor would be told on 2 December. Another process goes on.
    bot.restarts().await;
    insta::assert_snapshot!(bot.told_until("2026-12-08 12:00").await, @"
    2026-12-07 Mon 08:30 佐藤 ▲12 H-012
    2026-12-07 Mon 08:30 伊藤 ▲12 H-012 12日 佐藤
    2026-12-07 Mon 08:30 渡辺 ▲12 H-012 12日 佐藤
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "やります").await, @"H-012 対応中にしました。12月15日(火)に記録がなければ再度お知らせします");
    insta::assert_snapshot!(bot.told_until("2026-12-22 12:00").await, @"
    2026-12-14 Mon 08:30 伊藤 ▲19 H-012 19日 佐藤
    2026-12-14 Mon 08:30 渡辺 ▲19 H-012 19日 佐藤
    2026-12-15 Tue 08:30 佐藤 ▲20 H-012
    2026-12-21 Mon 08:30 佐藤 ▲26 H-012
    2026-12-21 Mon 08:30 伊藤 ▲26 H-012 26日 佐藤
    2026-12-21 Mon 08:30 渡辺 ▲26 H-012 26日 佐藤
    ");
}

#[tokio::test]
async fn taking_it_on_can_be_taken_back() {
    let home = guideline(12, "2026-11-25", "2026-11-25");
    let mut bot = TestBot::at("2026-11-24 12:00", &[home]).await;
    bot.moves_to("2026-11-25 09:00").await;
    bot.presses("佐藤", "やります").await;
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    # おはようございます。声かけの時期は1世帯です
    * ● H-012
      11月25日(水)の予定
      接触はまだありません
      H-012 佐藤さんが対応中
      [記録する] [日を変える] [相談する]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "さっきのなし").await, @"
    取り消しました H-012 次の声かけ 11月25日(水)(そのまま)
    [取り消しをやめる]
    ");
    bot.all_read();
    insta::assert_snapshot!(bot.told_until("2026-12-02 09:00").await, @"
    2026-11-30 Mon 08:30 佐藤 ▲5 H-012
    2026-12-02 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-02 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    ");
}

#[tokio::test]
async fn the_supervisor_is_put_off_once_however_often_it_is_taken_on() {
    let home = guideline(12, "2026-11-25", "2026-12-09");
    let mut bot = TestBot::at("2026-11-24 12:00", &[home]).await;
    bot.moves_to("2026-11-25 09:00").await;
    bot.presses("佐藤", "やります").await;
    bot.moves_to("2026-12-14 09:00").await;
    assert_eq!(
        bot.hears("佐藤").len(),
        3,
        "the day, the fifth day after, again"
    );
    insta::assert_snapshot!(bot.presses("佐藤", "やります").await, @"H-012 対応中にしました。12月21日(月)に記録がなければ再度お知らせします");
    // 16 December is five working days after the window, whoever has taken it on.
    insta::assert_snapshot!(bot.told_until("2026-12-22 12:00").await, @"
    2026-12-16 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-16 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    2026-12-21 Mon 08:30 佐藤 ▲12 H-012
    ");
}

#[tokio::test]
async fn a_digest_lists_what_the_nurse_has_in_hand_beside_what_fires() {
    let homes = [
        guideline(12, "2026-11-25", "2026-11-30"),
        guideline(13, "2026-11-26", "2026-12-01"),
        guideline(14, "2026-11-27", "2026-12-02"),
    ];
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    bot.moves_to("2026-11-26 09:00").await;
    assert_eq!(bot.hears("佐藤").len(), 2);
    insta::assert_snapshot!(bot.told_until("2026-11-27 09:00").await, @"2026-11-27 Fri 08:30 佐藤 ● H-014 / ● H-012 / ● H-013");
    // What is being dealt with is not listed: H-012 until 4 December.
    insta::assert_snapshot!(bot.presses_action("佐藤", Action::Take(CheckInId(1))).await, @"H-012 対応中にしました。12月4日(金)に記録がなければ再度お知らせします");
    bot.says("佐藤", "H-014 訪問 不在 来月").await;
    insta::assert_snapshot!(bot.told_until("2026-12-03 09:00").await, @"
    2026-11-27 Fri 15:00 佐藤 ○ H-014 12月1日(火) 声かけ
    2026-12-01 Tue 08:30 佐藤 ● H-014 / ● H-013
    ");
    insta::assert_snapshot!(bot.told_until("2026-12-07 09:00").await, @"
    2026-12-04 Fri 08:30 佐藤 ▲4 H-012 / ▲3 H-013 / ● H-014
    2026-12-07 Mon 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-07 Mon 08:30 渡辺 ▲7 H-012 7日 佐藤
    ");
}

#[tokio::test]
async fn nobody_takes_on_what_is_prompt_or_agreed() {
    let homes = [prompt(31, "2026-11-25"), appointment(60, "2026-11-25")];
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    bot.moves_to("2026-11-25 09:00").await;
    assert!(bot.button("佐藤", "やります").is_none());
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。声かけの時期は2世帯です
    * ● H-060 約束 14時 来所
      11月25日(水)の予定・来所の約束
      接触はまだありません
      [記録する] [予約を変える] [相談する]
    * ● H-031
      11月25日(水)の予定
      接触はまだありません
      [記録する] [日を変える] [相談する]
    ");
}

/// What was told of a date stands in the way of no later one, though it is of the same
/// day of the year: neither to the nurse, nor in the lists of the year's end.
#[tokio::test]
async fn the_same_day_a_year_later_is_told_as_the_first_was() {
    let mut bot = TestBot::at("2026-12-22 12:00", &[home(12, "佐藤", "2026-12-24")]).await;
    let first = bot.told_until("2026-12-24 09:00").await;
    let line = "H-012 訪問 不在 名刺 2027年12月24日";
    let answer = bot.says("佐藤", line).await;
    assert!(answer.contains("次の声かけ 2027年12月24日(金)"), "{answer}");
    bot.moves_to("2027-12-17 18:00").await;
    bot.all_read();
    let second = bot.told_until("2027-12-24 09:00").await;
    for (told, expected) in [
        (&first, "2026-12-24 Thu 08:30 佐藤 ● H-012"),
        (
            &first,
            "2026-12-24 Thu 08:30 佐藤 ● H-012 12月24日(木) 声かけ",
        ),
        (&second, "2027-12-24 Fri 08:30 佐藤 ● H-012"),
        (
            &second,
            "2027-12-24 Fri 08:30 佐藤 ● H-012 12月24日(金) 声かけ",
        ),
    ] {
        let count = told.lines().filter(|line| *line == expected).count();
        assert_eq!(count, 1, "{expected}:\n{told}");
    }
}

/// A reminder that was on its way when it was taken on says who is at it, and offers
/// no second taking; of the later steps none comes.
#[tokio::test]
async fn what_is_on_its_way_when_it_is_taken_on_says_so() {
    let home = guideline(12, "2026-11-25", "2026-11-25");
    let mut bot = TestBot::at("2026-11-24 12:00", &[home]).await;
    bot.moves_to("2026-11-25 09:00").await;
    bot.all_read();
    bot.courier().fails_with = Some(SendError::Later { after: None });
    bot.moves_to("2026-11-30 09:00").await;
    bot.presses("佐藤", "やります").await;
    bot.courier().fails_with = None;
    bot.moves_to("2026-11-30 12:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @r"
    # おはようございます。声かけの時期は1世帯です
    * ▲5 H-012
      11月25日(水)の予定
      接触はまだありません
      H-012 佐藤さんが対応中
      [記録する] [日を変える] [相談する]
    ");
    assert_eq!(bot.told_until("2026-12-06 12:00").await, "");
}
