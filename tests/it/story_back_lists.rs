//! What settles a date, what brings it back, and that all lists agree on it.
use crate::bot::{Home, TestBot, home, instant, text_of};
use koekake::{
    domain::{
        check_in::{NewCheckIn, Pace, Why},
        household::Code,
    },
    engine::BoardFilter,
};

fn guideline(code: u32, due_on: &'static str, due_by: &'static str) -> Home {
    Home {
        due: (due_on, due_by),
        ..home(code, "佐藤", due_on)
    }
}

/// The codes in a text, in their order, each once.
fn codes(text: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for (at, _) in text.match_indices("H-") {
        let code: String = text[at..].chars().take(5).collect();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// Befell others: a step whose day had passed could not be done any more.
#[tokio::test]
async fn a_contact_takes_the_household_off_every_list_and_an_undo_brings_it_back() {
    let homes = [
        guideline(12, "2026-11-25", "2026-11-25"),
        guideline(13, "2026-11-25", "2026-11-30"),
    ];
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    bot.moves_to("2026-12-02 09:00").await;
    bot.all_read();
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await, @"
    記録しました H-012 訪問・不在・名刺投函
    次の声かけ 2027年3月2日(火)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    // Every message that showed it says so now.
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    # おはようございます。声かけの時期は1世帯です
    * ▲2 H-013
      11月25日(水)〜30日(月)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    * ✓ H-012 佐藤さんが対応 12月2日(水)
    ---
    # おはようございます。声かけの時期は1世帯です
    * ▲2 H-013
      11月25日(水)〜30日(月)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    * ✓ H-012 佐藤さんが対応 12月2日(水)
    ");
    insta::assert_snapshot!(bot.sees("伊藤"), @"
    # 期限超過 0世帯
    * ✓ H-012 佐藤さんが対応 12月2日(水)
    支援中2世帯・全世帯に予定あり・本日のお知らせ2件・届かなかったお知らせ0件
    ");
    for (who, list) in [
        ("伊藤", "期限超過"),
        ("佐藤", "期限超過"),
        ("佐藤", "今日の予定"),
    ] {
        let answer = bot.says(who, list).await;
        assert!(!answer.contains("H-012"), "{who} {list}: {answer}");
    }
    // The date is far off; the digest of the next days knows nothing of it.
    insta::assert_snapshot!(bot.told_until("2026-12-03 09:00").await, @"2026-12-03 Thu 08:30 佐藤 ▲3 H-013");

    insta::assert_snapshot!(bot.says("佐藤", "さっきのなし").await, @"
    取り消しました H-012 次の声かけは 11月25日(水) に戻りました
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "期限超過").await, @"
    # 期限超過 2世帯(支援中2世帯、すべてに予定あり)
    * ▲8 H-012 8日 佐藤
      11月25日(水)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    * ▲3 H-013 3日 佐藤
      11月25日(水)〜30日(月)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    ");
    let reopened = bot.sees("佐藤");
    assert!(!reopened.contains('✓'), "{reopened}");
    // The ladder goes on where it was: the nurse, the supervisor and the
    // deputy have heard, next comes the weekly list.
    insta::assert_snapshot!(bot.told_until("2026-12-14 09:00").await, @"
    2026-12-07 Mon 08:30 伊藤 ▲12 H-012 12日 佐藤 / ▲7 H-013 7日 佐藤
    2026-12-07 Mon 08:30 渡辺 ▲12 H-012 12日 佐藤 / ▲7 H-013 7日 佐藤
    2026-12-14 Mon 08:30 佐藤 ▲19 H-012 / ▲14 H-013
    2026-12-14 Mon 08:30 伊藤 ▲19 H-012 19日 佐藤 / ▲14 H-013 14日 佐藤
    2026-12-14 Mon 08:30 渡辺 ▲19 H-012 19日 佐藤 / ▲14 H-013 14日 佐藤
    ");
}

/// Befell others: after a change of the date the old reminders came as well; a task was
/// ended or put off and whoever had asked was not told.
#[tokio::test]
async fn another_date_by_a_button_has_a_reason_and_is_counted() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 09:00").await;
    bot.all_read();
    insta::assert_snapshot!(bot.presses("佐藤", "日を変える").await, @"
    いつにしますか
    [3日後] [1週間後] [2週間後] [1か月後] [ほかの日]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "1週間後").await, @"
    変えました H-012 次の声かけ 11月25日(水) → 12月2日(水)
    [元に戻す]
    理由は
    [ご本人・家族の都合] [手が足りない] [天候・体調] [ほか]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "天候・体調").await, @"理由を残しました");
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    # おはようございます。このお知らせの世帯はすべて済みました
    * ✓ H-012 予定が変わりました
    ");
    insta::assert_snapshot!(bot.told_until("2026-12-02 09:00").await, @"
    2026-11-27 Fri 15:00 佐藤 ○ H-012 12月2日(水) 声かけ
    2026-12-02 Wed 08:30 佐藤 ● H-012
    ");
    bot.presses("佐藤", "日を変える").await;
    bot.presses("佐藤", "3日後").await;
    bot.presses("佐藤", "手が足りない").await;
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * 佐藤さんから相談 H-012 「手が足りない」
      [確認] [差し戻す] [経過を見る]
    ");
    bot.moves_to("2026-12-15 09:00").await;
    bot.all_read();
    insta::assert_snapshot!(bot.says("伊藤", "期限超過").await, @"
    # 期限超過 1世帯(支援中1世帯、すべてに予定あり)
    * ▲8 H-012 8日 佐藤 日付変更2回
      12月7日(月)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    ");
}

#[tokio::test]
async fn an_admin_sees_the_teams_list_without_what_only_those_who_lead_may_do() {
    let homes = [guideline(12, "2026-11-16", "2026-11-20")];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    bot.says("佐藤", "H-012 終結 問題解決").await;
    let mut pages = Vec::new();
    for who in ["伊藤", "小林"] {
        let page = bot.engine.supervision(crate::bot::person(who)).await;
        pages.push(text_of(
            &page.expect("a page").expect("somebody who oversees"),
        ));
    }
    insta::assert_snapshot!(pages.join("\n---\n"), @"
    # 期限超過 1世帯(支援中1世帯、すべてに予定あり)
    * ▲5 H-012 5日 佐藤
      11月16日(月)〜20日(金)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    # 返事待ちの依頼 1件
    * H-012 終結の確認(理由 問題の解決) 佐藤さんより 11月25日(水)
      [確認] [差し戻す] [経過を見る]
    自動点検はまだです(始めてから数分で行います)
    ---
    # 期限超過 1世帯(支援中1世帯、すべてに予定あり)
    * ▲5 H-012 5日 佐藤
      11月16日(月)〜20日(金)の予定
      [担当を変える] [開く]
    # 返事待ちの依頼 1件
    * H-012 終結の確認(理由 問題の解決) 佐藤さんより 11月25日(水)
      [経過を見る]
    自動点検はまだです(始めてから数分で行います)
    ");
    // What an admin is offered an admin may do.
    let answer = bot.says("小林", "期限超過").await;
    assert!(answer.contains("H-012"), "{answer}");
    bot.presses("小林", "担当を変える").await;
    insta::assert_snapshot!(bot.presses("小林", "鈴木さん").await, @"
    H-012 の主担当を鈴木さんにしました
    [取り消す]
    ");
    bot.all_read();
}

#[tokio::test]
async fn many_overdue_households_hide_nothing_that_is_due_today() {
    let mut homes: Vec<Home> = (1..=60)
        .map(|code| guideline(code, "2026-11-02", "2026-11-06"))
        .collect();
    homes.extend((101..=103).map(|code| guideline(code, "2026-11-25", "2026-11-27")));
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    for (who, button) in [("佐藤", "日を過ぎた世帯"), ("伊藤", "期限超過")] {
        let answer = bot.says(who, "今日の予定").await;
        assert_eq!(
            codes(&answer),
            ["H-101", "H-102", "H-103"],
            "{who}: {answer}"
        );
        assert!(
            answer.contains("予定の日を過ぎている世帯は60世帯です"),
            "{answer}"
        );
        assert!(bot.button(who, button).is_some(), "{answer}");
    }
    let ill = bot.says("佐藤", "今日休み").await;
    assert!(ill.contains("今日の約束0・声かけ63"), "{ill}");
    bot.presses("佐藤", "お願いする").await;
    let heard = bot.hears("鈴木").join("\n");
    assert!(heard.contains("いま63世帯、期間中に0世帯"), "{heard}");
    bot.all_read();
}

/// Befell others: in the order of dates the urgent ones were hidden.
#[tokio::test]
async fn many_households_are_lines_with_what_cannot_wait_first() {
    let mut homes: Vec<Home> = (1..=8)
        .map(|code| guideline(code, "2026-11-25", "2026-12-02"))
        .collect();
    homes[4].terms = NewCheckIn {
        pace: Pace::Prompt,
        why: Why::OtherWord,
        ..homes[4].terms.clone()
    };
    homes[6].terms = NewCheckIn {
        pace: Pace::Appointment,
        ..homes[6].terms.clone()
    };
    homes[6].due = ("2026-11-25", "2026-11-25");
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    bot.moves_to("2026-11-25 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。本日 約束1・確認0・声かけ7
    * ● H-007 約束
      11月25日(水)の予定・約束
      [開く]
    * ● H-005
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ● H-001
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ● H-002
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ● H-003
      11月25日(水)〜12月2日(水)の予定
      [開く]
    ほか3世帯
    [今日の予定] [今週の予定]
    ");
    // The rest is behind the button, with all that stands above.
    let today = bot.presses("佐藤", "今日の予定").await;
    assert_eq!(codes(&today).len(), 8, "{today}");
    bot.says("佐藤", "H-007 来所 本人").await;
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    # おはようございます。本日 約束0・確認0・声かけ7
    * ● H-005
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ● H-001
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ● H-002
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ● H-003
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ● H-004
      11月25日(水)〜12月2日(水)の予定
      [開く]
    * ✓ H-007 佐藤さんが対応 11月25日(水)
    ほか2世帯
    [今日の予定] [今週の予定]
    ");
    bot.all_read();
}

#[tokio::test]
async fn a_nudge_tells_what_a_colleague_did_since() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-27")]).await;
    bot.says("鈴木", "H-012 電話 応答なし").await;
    insta::assert_snapshot!(bot.presses("鈴木", "はい、記録する").await, @"
    記録しました H-012 電話・応答なし
    次の声かけ 11月27日(金)(そのまま)
    [取り消す] [日付を変える] [直す]
    ");
    bot.all_read();
    bot.moves_to("2026-11-27 09:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。声かけの時期は1世帯です
    * ● H-012
      11月27日(金)の予定
      鈴木さんが 11月24日(火) 電話・応答なし
      [記録する] [やります] [日を変える] [相談する]
    ");
}

/// Which lists show H-012 on that day of its window, 25 to 27 November.
async fn lists_on(day: &str) -> String {
    let homes = [
        guideline(12, "2026-11-25", "2026-11-27"),
        home(99, "鈴木", "2027-03-01"),
    ];
    let mut bot = TestBot::at("2026-11-20 12:00", &homes).await;
    bot.moves_to(&format!("{day} 09:00")).await;
    bot.all_read();
    let code: Code = "H-012".parse().expect("a code");
    let mut lists = Vec::new();
    for (name, answer) in [
        ("期限超過", bot.says("佐藤", "期限超過").await),
        ("係長", bot.says("伊藤", "期限超過").await),
        ("今日", bot.says("佐藤", "今日の予定").await),
        ("今週", bot.says("佐藤", "今週の予定").await),
    ] {
        lists.push(format!("{name}: {}", line_with(&answer, "H-012")));
    }
    let nurse = crate::bot::person("佐藤");
    let board = bot.engine.board(nurse, &BoardFilter::default()).await;
    let board = text_of(&board.expect("the board"));
    lists.push(format!("一覧: {}", line_with(&board, "H-012")));
    let supervision = bot.engine.supervision(crate::bot::person("伊藤")).await;
    let supervision = text_of(&supervision.expect("a page").expect("a supervisor"));
    lists.push(format!("係長の頁: {}", line_with(&supervision, "H-012")));
    let sheet = bot.engine.sheet(nurse, &code, None).await;
    assert!(sheet.expect("a page").is_some());
    let opened = bot
        .presses_action("佐藤", koekake::conversation::action::Action::Open(code))
        .await;
    lists.push(format!("開く: {}", line_with(&opened, "H-012")));
    lists.join("\n")
}

fn line_with<'a>(text: &'a str, code: &str) -> &'a str {
    let mut lines = text.lines();
    lines.find(|line| line.contains(code)).unwrap_or("-")
}

/// The lists are of the moment in which they are asked for: nothing need look at a
/// household at midnight.
#[tokio::test]
async fn at_midnight_every_list_changes_by_itself() {
    let mut bot = TestBot::at("2026-11-27 09:00", &[home(12, "佐藤", "2026-11-27")]).await;
    for (time, late, today) in [
        ("2026-11-27 23:59", "-", "* ● H-012 11月27日(金) 声かけ"),
        ("2026-11-28 00:00", "* ▲1 H-012 11月27日(金) 声かけ", "-"),
    ] {
        bot.engine.clock().stand_at(instant(time));
        let answer = bot.says("佐藤", "期限超過").await;
        assert_eq!(line_with(&answer, "H-012"), late, "{time}");
        let answer = bot.says("佐藤", "今日の予定").await;
        assert_eq!(line_with(&answer, "H-012"), today, "{time}");
    }
    bot.all_read();
}

/// Who has died and who is paused is no longer late; a pause comes back for its
/// review.
#[tokio::test]
async fn what_is_closed_or_paused_is_late_nowhere_and_a_pause_comes_back_for_its_review() {
    let homes = [
        home(12, "佐藤", "2026-11-18"),
        home(13, "佐藤", "2026-11-18"),
    ];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    bot.says("佐藤", "H-012 終結 死亡").await;
    bot.presses("伊藤", "確認").await;
    bot.says("佐藤", "H-013 中断 疲労").await;
    bot.all_read();
    for (who, list) in [
        ("佐藤", "期限超過"),
        ("伊藤", "期限超過"),
        ("佐藤", "今日の予定"),
        ("佐藤", "今週の予定"),
    ] {
        let answer = bot.says(who, list).await;
        assert!(!answer.contains("H-01"), "{who} {list}: {answer}");
    }
    let told = bot.told_until("2027-02-25 09:00").await;
    assert!(!told.contains("H-012"), "{told}");
    assert!(!told.contains('▲'), "{told}");
    let review = "2027-02-25 Thu 08:30 佐藤 ● H-013 確認";
    assert!(told.lines().any(|line| line == review), "{told}");
}

/// Befell others: the list of what is to come showed what was late as well.
#[tokio::test]
async fn before_its_window_every_list_says_upcoming() {
    insta::assert_snapshot!(lists_on("2026-11-24").await, @"
    期限超過: -
    係長: -
    今日: -
    今週: * ○ H-012 11月25日(水) 声かけ
    一覧: ○ H-012 | 11月25日(水) | 佐藤 | まだありません |  | 支援中
    係長の頁: -
    開く: * ○ H-012 支援中
    ");
}

/// Befell others: two screens gave one date two standings; the list of what is to come
/// showed what was late as well; one date stood where an ideal and a last one were
/// meant.
#[tokio::test]
async fn from_the_first_to_the_last_day_of_its_window_every_list_says_due() {
    let first = lists_on("2026-11-25").await;
    insta::assert_snapshot!(first, @"
    期限超過: -
    係長: -
    今日: * ● H-012 11月25日(水) 声かけ
    今週: * ● H-012 11月25日(水) 声かけ
    一覧: ● H-012 | 11月25日(水) | 佐藤 | まだありません |  | 支援中
    係長の頁: -
    開く: * ● H-012 支援中
    ");
    let last = lists_on("2026-11-27").await;
    assert_eq!(first, last);
}

/// Befell others: on the last day of a window one screen said due and another overdue;
/// the list of what is to come showed what was late as well.
#[tokio::test]
async fn from_the_day_after_its_window_every_list_says_overdue() {
    insta::assert_snapshot!(lists_on("2026-11-28").await, @"
    期限超過: * ▲1 H-012 11月25日(水) 声かけ
    係長: * ▲1 H-012 1日 佐藤
    今日: -
    今週: -
    一覧: ▲1 H-012 | 11月25日(水) | 佐藤 | まだありません |  | 支援中
    係長の頁: * ▲1 H-012 1日 佐藤
    開く: * ▲1 H-012 支援中
    ");
}

#[tokio::test]
async fn a_long_digest_shows_first_what_has_come_due_that_day() {
    let old: Vec<u32> = (1..=9).collect();
    let mut homes: Vec<Home> = old
        .iter()
        .map(|code| home(*code, "佐藤", "2026-10-01"))
        .collect();
    homes.push(home(12, "佐藤", "2026-11-27"));
    let mut bot = TestBot::at("2026-11-26 12:00", &homes).await;
    bot.moves_to("2026-11-26 12:01").await;
    bot.all_read();
    bot.moves_to("2026-11-27 09:00").await;
    let told = bot.hears("佐藤").join("");
    let shown: Vec<&str> = told.lines().filter(|line| line.starts_with("* ")).collect();
    assert!(shown[0].contains("H-012"), "{told}");
    assert!(told.contains("ほか5世帯"), "{told}");
    bot.all_read();
}
