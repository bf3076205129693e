//! An alarm is told at once and at any hour, and never rests until a person
//! who leads has confirmed it.
use crate::bot::{TestBot, home};

#[tokio::test]
async fn an_alarm_calls_the_supervisor_then_the_deputy_then_everybody() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(13, "佐藤", "2026-12-15")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-013 電話 本人 「もう消えてしまいたい」").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    緊急連絡先 (見本)
    記録しました H-013 電話・本人と話せた・緊急
    次の確認 今日 11月25日(水)
    [対応した] [取り消す]
    ");
    insta::assert_snapshot!(bot.told_until("2026-11-25 11:31").await, @"
    2026-11-25 Wed 10:00 伊藤 ■ H-013 緊急
    2026-11-25 Wed 10:15 渡辺 ■ H-013 緊急
    2026-11-25 Wed 10:30 伊藤 ■ H-013 緊急
    2026-11-25 Wed 10:30 渡辺 ■ H-013 緊急
    2026-11-25 Wed 10:30 小林 ■ H-013 緊急
    2026-11-25 Wed 11:00 伊藤 ■ H-013 緊急
    2026-11-25 Wed 11:00 渡辺 ■ H-013 緊急
    2026-11-25 Wed 11:00 小林 ■ H-013 緊急
    2026-11-25 Wed 11:30 伊藤 ■ H-013 緊急
    2026-11-25 Wed 11:30 渡辺 ■ H-013 緊急
    2026-11-25 Wed 11:30 小林 ■ H-013 緊急
    ");
    let read = bot.button("伊藤", "確認した").expect("the button");
    insta::assert_snapshot!(bot.presses("渡辺", "確認した").await, @"H-013 渡辺さんが11:31に確認しました");
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 11:31 佐藤 H-013 渡辺さんが11:31に確認しました");
    insta::assert_snapshot!(bot.sees("伊藤"), @"
    * ✓ H-013 緊急
      佐藤さんより 10:00
      渡辺さんが11:31に確認しました
      [開く]
    ---
    * ✓ H-013 緊急
      佐藤さんより 10:00
      渡辺さんが11:31に確認しました
      [開く]
    ---
    * ✓ H-013 緊急
      佐藤さんより 10:00
      渡辺さんが11:31に確認しました
      [開く]
    ---
    * ✓ H-013 緊急
      佐藤さんより 10:00
      渡辺さんが11:31に確認しました
      [開く]
    ");
    // It is over; what is left is the supervisor's own check-in of the day.
    insta::assert_snapshot!(bot.told_until("2026-11-25 23:59").await, @"2026-11-25 Wed 16:00 伊藤 ● H-013 確認");
    insta::assert_snapshot!(bot.presses_action("伊藤", read).await, @"渡辺さんが11:31に確認済みです");
    insta::assert_snapshot!(bot.told_until("2026-11-26 09:00").await, @"2026-11-26 Thu 08:30 伊藤 ▲1 H-013 確認");
}

#[tokio::test]
async fn an_alarm_calls_at_night_and_on_sundays() {
    let mut bot = TestBot::at("2026-11-28 23:50", &[home(13, "佐藤", "2026-12-15")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-013 電話 本人 「死にたい」").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    **閉庁中です。係長に届かない場合があります。緊急連絡先へ電話してください**
    緊急連絡先 (見本)
    記録しました H-013 電話・本人と話せた・緊急
    次の確認 今日 11月28日(土)
    [対応した] [取り消す]
    ");
    insta::assert_snapshot!(bot.told_until("2026-11-29 01:30").await, @"
    2026-11-28 Sat 23:50 伊藤 ■ H-013 緊急
    2026-11-29 Sun 00:05 渡辺 ■ H-013 緊急
    2026-11-29 Sun 00:20 伊藤 ■ H-013 緊急
    2026-11-29 Sun 00:20 渡辺 ■ H-013 緊急
    2026-11-29 Sun 00:20 小林 ■ H-013 緊急
    2026-11-29 Sun 00:50 伊藤 ■ H-013 緊急
    2026-11-29 Sun 00:50 渡辺 ■ H-013 緊急
    2026-11-29 Sun 00:50 小林 ■ H-013 緊急
    2026-11-29 Sun 01:20 伊藤 ■ H-013 緊急
    2026-11-29 Sun 01:20 渡辺 ■ H-013 緊急
    2026-11-29 Sun 01:20 小林 ■ H-013 緊急
    ");
    assert_eq!(bot.says("佐藤", "やります").await, "");
    assert!(bot.button("佐藤", "やります").is_none(), "not for an alarm");
    bot.presses("伊藤", "確認した").await;
    insta::assert_snapshot!(bot.told(), @"2026-11-29 Sun 01:30 佐藤 H-013 伊藤さんが1:30に確認しました");
    // On Monday the supervisor's own check-in stands in the digest.
    insta::assert_snapshot!(bot.told_until("2026-11-30 09:00").await, @"2026-11-30 Mon 08:30 伊藤 ▲2 H-013 確認");
}

#[tokio::test]
async fn a_nurse_cannot_end_an_alarm() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(13, "佐藤", "2026-12-15")]).await;
    bot.says("佐藤", "H-013 電話 本人 「死にたい」").await;
    bot.moves_to("2026-11-25 10:01").await;
    let read = bot.button("伊藤", "確認した").expect("the button");
    insta::assert_snapshot!(bot.presses_action("鈴木", read).await, @"係長か代理の方が読んで押すボタンです。電話で直接伝えてください");
    insta::assert_snapshot!(bot.told_until("2026-11-25 10:20").await, @"
    2026-11-25 Wed 10:00 伊藤 ■ H-013 緊急
    2026-11-25 Wed 10:15 渡辺 ■ H-013 緊急
    ");
    bot.presses("伊藤", "確認した").await;
    bot.all_read();
}

#[tokio::test]
async fn no_sign_of_life_is_decided_by_the_supervisor_before_everybody_is_called() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    insta::assert_snapshot!(bot.presses("佐藤", "気になる").await, @"
    **係長へ送りました(未読)**
    **H-012 は安否の確認が必要です。進め方を今日中に係長と決めてください**
    書き足しました H-012 訪問・不在・名刺投函・気になる
    次の確認 今日 11月25日(水)
    [元に戻す]
    ");
    insta::assert_snapshot!(bot.told_until("2026-11-25 16:31").await, @"
    2026-11-25 Wed 10:00 伊藤 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 15:00 伊藤 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 15:15 渡辺 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 15:30 伊藤 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 15:30 渡辺 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 15:30 小林 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 16:00 伊藤 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 16:00 渡辺 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 16:00 小林 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 16:00 伊藤 ■ H-012 確認
    2026-11-25 Wed 16:30 伊藤 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 16:30 渡辺 ■ H-012 安否の確認が必要です
    2026-11-25 Wed 16:30 小林 ■ H-012 安否の確認が必要です
    ");
    bot.presses("伊藤", "確認した").await;
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 16:31 佐藤 H-012 伊藤さんが16:31に確認しました");
}

#[tokio::test]
async fn no_sign_of_life_before_a_closure_is_at_once_for_all() {
    let mut bot = TestBot::at("2026-12-28 10:00", &[home(12, "佐藤", "2027-01-15")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    insta::assert_snapshot!(bot.presses("佐藤", "気になる").await, @"
    **係長へ送りました(未読)**
    **H-012 は安否の確認が必要です。進め方をすぐに係長と決めてください**
    書き足しました H-012 訪問・不在・名刺投函・気になる
    次の確認 今日 12月28日(月)
    [元に戻す]
    ");
    insta::assert_snapshot!(bot.told_until("2026-12-28 10:31").await, @"
    2026-12-28 Mon 10:00 伊藤 ■ H-012 安否の確認が必要です
    2026-12-28 Mon 10:00 伊藤 ■ H-012 12月28日(月) 確認 佐藤
    2026-12-28 Mon 10:15 渡辺 ■ H-012 安否の確認が必要です
    2026-12-28 Mon 10:30 伊藤 ■ H-012 安否の確認が必要です
    2026-12-28 Mon 10:30 渡辺 ■ H-012 安否の確認が必要です
    2026-12-28 Mon 10:30 小林 ■ H-012 安否の確認が必要です
    ");
    bot.presses("伊藤", "確認した").await;
    bot.all_read();
}

#[tokio::test]
async fn an_alarm_that_is_taken_back_says_so_and_calls_nobody_more() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(13, "佐藤", "2026-12-15")]).await;
    bot.says("佐藤", "H-013 電話 本人 「死にたい」").await;
    bot.moves_to("2026-11-25 10:01").await;
    assert_eq!(bot.hears("伊藤").len(), 1);
    insta::assert_snapshot!(bot.presses("佐藤", "取り消す").await, @"
    取り消しました H-013 次の声かけは 12月15日(火) に戻りました
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.sees("伊藤"), @"
    * ✓ H-013 緊急
      佐藤さんより 10:00
      H-013 の緊急は佐藤さんが取り消しました
      [開く]
    ---
    H-013 の緊急は佐藤さんが取り消しました
    ");
    insta::assert_snapshot!(bot.told_until("2026-11-25 13:00").await, @"2026-11-25 Wed 10:01 伊藤 H-013 の緊急は佐藤さんが取り消しました");
    // Brought back, it calls again.
    insta::assert_snapshot!(bot.presses("佐藤", "取り消しをやめる").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    緊急連絡先 (見本)
    元に戻しました H-013 次の確認 11月25日(水)
    [取り消す]
    ");
    insta::assert_snapshot!(bot.told_until("2026-11-25 13:10").await, @"
    2026-11-25 Wed 13:00 伊藤 **H-013 の緊急は取り消されていません(佐藤さんより)。確認してください**
    2026-11-25 Wed 13:00 伊藤 ■ H-013 緊急
    2026-11-25 Wed 13:00 渡辺 ■ H-013 緊急
    2026-11-25 Wed 13:00 小林 ■ H-013 緊急
    ");
    bot.presses("伊藤", "確認した").await;
    bot.all_read();
}

#[tokio::test]
async fn after_days_without_a_process_an_alarm_calls_everybody_once() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(13, "佐藤", "2026-12-15")]).await;
    bot.says("佐藤", "H-013 電話 本人 「死にたい」").await;
    bot.is_down_until("2026-11-27 03:10").await;
    insta::assert_snapshot!(bot.told(), @"
    2026-11-27 Fri 03:10 伊藤 ■ H-013 緊急
    2026-11-27 Fri 03:10 渡辺 ■ H-013 緊急
    2026-11-27 Fri 03:10 小林 ■ H-013 緊急
    ");
    insta::assert_snapshot!(bot.told_until("2026-11-27 04:00").await, @"
    2026-11-27 Fri 03:30 伊藤 ■ H-013 緊急
    2026-11-27 Fri 03:30 渡辺 ■ H-013 緊急
    2026-11-27 Fri 03:30 小林 ■ H-013 緊急
    2026-11-27 Fri 04:00 伊藤 ■ H-013 緊急
    2026-11-27 Fri 04:00 渡辺 ■ H-013 緊急
    2026-11-27 Fri 04:00 小林 ■ H-013 緊急
    ");
    bot.presses("伊藤", "確認した").await;
    bot.all_read();
}

#[tokio::test]
async fn danger_raises_the_alarm_wherever_it_stands_in_a_line() {
    for line in [
        "H-012 もう消えてしまいたいと言っている",
        "H-012 昨日電話で本人が「死にたい」と話す、今日訪問したが不在",
    ] {
        let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-10")]).await;
        let answer = bot.says("佐藤", line).await;
        assert!(
            answer.starts_with("**いますぐ係長に電話してください。**"),
            "{line}: {answer}"
        );
        assert!(answer.contains("次の確認 今日"), "{line}: {answer}");
        bot.moves_to("2026-11-25 10:01").await;
        assert!(bot.hears("伊藤").join("").contains("緊急"), "{line}");
        bot.all_read();
    }
}

#[tokio::test]
async fn an_unread_alarm_holds_its_review_and_every_ending() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-10")]).await;
    bot.says("佐藤", "H-012 終結 問題の解決").await;
    bot.says("佐藤", "H-012 電話 本人「死にたい」と話す").await;
    for line in [
        "H-012 訂正 1か月後",
        "H-012 2か月後",
        "H-012 電話 本人と話せた 1週間後",
    ] {
        bot.says("佐藤", line).await;
        let answer = bot.says("佐藤", "H-012 前回は？").await;
        assert!(answer.contains("次の確認 今日"), "{line}: {answer}");
    }
    let answer = bot.presses("伊藤", "確認").await;
    assert!(answer.contains("先に係長の確認が必要です"), "{answer}");
    bot.presses("伊藤", "確認した").await;
    let answer = bot.presses("伊藤", "確認").await;
    assert!(answer.contains("終結しました"), "{answer}");
    bot.all_read();
}

#[tokio::test]
async fn an_alarm_that_is_taken_back_and_stands_again_is_told_at_once() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-10")]).await;
    bot.says("佐藤", "H-012 電話 本人「消えたい」と話す").await;
    bot.presses("佐藤", "取り消す").await;
    bot.all_read();
    let answer = bot.presses("佐藤", "取り消しをやめる").await;
    assert!(
        answer.starts_with("**いますぐ係長に電話してください。**"),
        "{answer}"
    );
    let told = bot.hears("伊藤").join("");
    assert!(
        told.contains("取り消されていません") && told.contains("[確認した]"),
        "{told}"
    );
    bot.all_read();
}

#[tokio::test]
async fn danger_in_a_closed_household_waits_for_no_question() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-10")]).await;
    bot.says("佐藤", "H-012 終結 問題の解決").await;
    bot.presses("伊藤", "確認").await;
    bot.all_read();
    let answer = bot.says("佐藤", "H-012 電話 本人「死にたい」と話す").await;
    assert!(answer.contains("係長へ送りました(未読)"), "{answer}");
    assert!(answer.contains("再開しました"), "{answer}");
    bot.moves_to("2026-11-25 10:01").await;
    assert!(bot.hears("伊藤").join("").contains("緊急"));
    bot.all_read();
}
