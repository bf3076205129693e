//! A timer that is stale does nothing: what it was made for is looked at again in
//! the transaction that tells, and before anything is brought.
use crate::bot::{TestBot, home, instant, person};
use koekake::{
    domain::check_in::{Progress, Rung},
    engine::SendError,
    store::nudges::{self, Looked, Tick},
};
use std::collections::BTreeMap;

/// A look that was made of what stands now, and not yet written.
async fn look_of(bot: &TestBot, time: &str) -> (Looked, Tick) {
    let now = instant(time);
    let due = nudges::due_for_look(&bot.db, now, 10).await;
    let case = due.expect("looking").rows.remove(0);
    let looked = Looked {
        household: case.household.id,
        version: case.household.version,
        seen_at: case.next_nudge_at,
        check_in: case.check_in.id,
        progress: Progress {
            step: 1,
            rung: Some(Rung::First),
            ..Progress::default()
        },
        again_at: instant("2026-11-26 08:30"),
        firing: Some((Rung::First, vec![person("佐藤")])),
    };
    let tick = Tick {
        now,
        office_day: crate::bot::day("2026-11-25"),
        also: BTreeMap::new(),
        mornings: BTreeMap::new(),
        stopped_on: None,
    };
    (looked, tick)
}

#[tokio::test]
async fn a_look_that_knew_another_roster_tells_nobody() {
    let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 08:29").await;
    bot.engine.clock().stand_at(instant("2026-11-25 08:31"));
    let (looked, tick) = look_of(&bot, "2026-11-25 08:31").await;
    bot.says("佐藤", "今日休み 代行 鈴木").await;
    let fired = nudges::apply(&bot.db, &[looked], &tick).await;
    let fired = fired.expect("applying");
    assert_eq!((fired.nudges, fired.skipped), (0, 1));
    insta::assert_snapshot!(bot.told_until("2026-11-25 12:00").await, @"
    2026-11-25 Wed 08:31 鈴木 11月25日(水) 佐藤さんの代行です。いま1世帯、期間中に0世帯
    2026-11-25 Wed 08:31 鈴木 ● H-012
    ");
}

/// Befell others: an old timer fired months after its matter was settled.
#[tokio::test]
async fn a_look_at_a_date_that_was_changed_meanwhile_tells_nobody() {
    let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 08:29").await;
    bot.engine.clock().stand_at(instant("2026-11-25 08:31"));
    let (looked, tick) = look_of(&bot, "2026-11-25 08:31").await;
    bot.says("佐藤", "H-012 訪問 本人と会えた 2週間後").await;
    let fired = nudges::apply(&bot.db, &[looked], &tick).await;
    assert_eq!(fired.expect("applying").nudges, 0);
    assert_eq!(bot.told_until("2026-11-25 17:00").await, "");
}

#[tokio::test]
async fn a_household_that_went_to_another_nurse_leaves_the_digest_that_waits() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-25"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:00", &homes).await;
    bot.courier().fails_with = Some(SendError::Later { after: None });
    bot.moves_to("2026-11-25 08:31").await;
    bot.says("伊藤", "H-012 担当を鈴木へ").await;
    bot.courier().fails_with = None;
    bot.real_seconds_pass(1_000);
    bot.moves_to("2026-11-25 09:00").await;
    insta::assert_snapshot!(bot.told(), @"
    2026-11-25 Wed 08:47 佐藤 ● H-013
    2026-11-25 Wed 08:47 佐藤 H-012 の主担当は鈴木さんになりました(伊藤さんより)
    2026-11-25 Wed 08:47 鈴木 H-012 の主担当になりました(伊藤さんより)。次は11月25日(水)
    2026-11-25 Wed 08:47 鈴木 ● H-012
    ");
}

#[tokio::test]
async fn a_list_of_a_leave_that_was_cancelled_before_it_was_sent_is_left_out() {
    let homes = [home(12, "佐藤", "2026-12-02")];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    bot.says("佐藤", "休み 12/1から12/4 代行 鈴木").await;
    bot.moves_to("2026-11-27 17:00").await;
    bot.all_read();
    bot.courier().fails_with = Some(SendError::Later { after: None });
    bot.moves_to("2026-11-30 08:30").await;
    bot.says("佐藤", "取り消し").await;
    bot.courier().fails_with = None;
    bot.real_seconds_pass(2_000);
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"2026-11-30 Mon 09:03 鈴木 12月1日(火)から12月4日(金)までの佐藤さんの代行はなくなりました");
}

#[tokio::test]
async fn no_failure_of_a_route_changes_a_check_in() {
    let failures = [
        SendError::Gone,
        SendError::Later { after: None },
        SendError::Unknown,
        SendError::Moved {
            to: "elsewhere".to_owned(),
        },
    ];
    for failure in failures {
        let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
        bot.courier().fails_with = Some(failure.clone());
        bot.moves_to("2026-12-11 17:00").await;
        let due = nudges::due_of_team(
            &bot.db,
            koekake::domain::TeamId(1),
            crate::bot::day("2026-12-11"),
        );
        let due = due.await.expect("looking");
        assert_eq!(due.len(), 1, "{failure:?}");
        let terms = &due[0].check_in.terms;
        assert_eq!(terms.window.on, crate::bot::day("2026-11-25"));
        // It has climbed all the same.
        let rung = due[0].check_in.progress.rung;
        assert_eq!(rung, Some(Rung::Supervisor), "{failure:?}");
        bot.all_read();
    }
}
