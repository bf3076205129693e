//! The main job, told once: a line is recorded, answered, and comes back on its day.
use crate::bot::{TestBot, home};

/// Befell others: what was done before its day did not count, and a reminder followed;
/// a window was taken for its first day alone; a contact that was recorded moved no
/// date.
#[tokio::test]
async fn a_line_is_answered_with_its_date_and_comes_back_on_it() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-12-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await, @"
    記録しました H-012 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    // Before its day it is in the lists of the calendar alone.
    insta::assert_snapshot!(bot.told_until("2027-02-25 08:00").await, @"
    2026-12-24 Thu 08:30 佐藤 ○ H-012 2027年2月25日(木) 声かけ
    2026-12-24 Thu 08:30 伊藤 ○ H-012 2027年2月25日(木) 声かけ 佐藤
    2027-02-19 Fri 15:00 佐藤 ○ H-012 2月25日(木) 声かけ
    ");
    bot.moves_to("2027-02-25 09:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。声かけの時期は1世帯です
    * ● H-012
      2月25日(木)〜3月4日(木)の予定
      前回 2026年11月25日(水) 訪問・不在・名刺投函
      名刺1枚
      [記録する] [やります] [日を変える] [相談する]
    ");
}
