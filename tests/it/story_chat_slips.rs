//! Slips of a tired hand: commands without their words, days that are none, texts
//! that are typed anew, colleagues who cannot be meant.
use crate::{
    bot::{TestBot, home},
    chat_bot::{At, account, incoming_from},
};
use koekake::conversation::{
    action::Action,
    commands::{self, Call},
    message::{Platform::Telegram, Said},
};

async fn bot() -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-12-15"),
        home(13, "佐藤", "2026-12-16"),
        home(31, "鈴木", "2026-12-15"),
    ];
    let mut bot = TestBot::at("2026-11-25 10:00", &homes).await;
    bot.opens(Telegram).await;
    bot
}

#[tokio::test]
async fn whoever_goes_is_not_offered_their_own_households() {
    let mut bot = bot().await;
    let held = bot.says_on(Telegram, "小林", "退職 佐藤 3/31").await;
    assert!(held.contains("主担当2世帯"), "{held}");
    let asked = bot.presses_on(Telegram, "小林", "担当を変える").await;
    insta::assert_snapshot!(asked, @"
    H-012 の担当をどなたにしますか
    [鈴木さん]
    ");
    // 鈴木 goes as well: the rest of the team is left.
    bot.says_on(Telegram, "小林", "H-031 担当を佐藤へ").await;
    let gone = bot.says_on(Telegram, "小林", "退職 鈴木 3/31").await;
    assert!(gone.contains("3月31日(水)まで"), "{gone}");
    let asked = bot.presses_on(Telegram, "小林", "担当を変える").await;
    insta::assert_snapshot!(asked, @"
    H-012 の担当をどなたにしますか
    [伊藤さん] [渡辺さん] [小林さん]
    ");
    bot.hears("佐藤");
    bot.hears("鈴木");
}

#[tokio::test]
async fn the_main_nurse_named_as_second_leaves_the_second_in_place() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "伊藤", "H-012 副担当 鈴木").await;
    bot.hears("鈴木");
    let same = bot.says_on(Telegram, "伊藤", "H-012 副担当 佐藤").await;
    insta::assert_snapshot!(same, @"主担当 佐藤・副担当 鈴木");
    let risen = bot.says_on(Telegram, "伊藤", "H-012 担当を鈴木へ").await;
    insta::assert_snapshot!(risen, @"
    H-012 の主担当を鈴木さんにしました
    [取り消す]
    ");
    let shown = bot.says_on(Telegram, "伊藤", "H-012 履歴").await;
    assert!(shown.contains("主担当 鈴木\n"), "{shown}");
    bot.hears("佐藤");
    bot.hears("鈴木");
}

#[tokio::test]
async fn nobody_is_proposed_as_cover_who_is_away_or_gone_by_then() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "伊藤", "H-031 担当を佐藤へ").await;
    bot.says_on(Telegram, "小林", "退職 鈴木 12/10").await;
    bot.hears("佐藤");
    bot.hears("鈴木");
    let short = bot.says_on(Telegram, "佐藤", "休み 12/1から12/4").await;
    assert!(short.contains("鈴木さんへ代行をお願いしますか"), "{short}");
    let long = bot.says_on(Telegram, "佐藤", "休み 12/8から12/18").await;
    assert!(!long.contains("鈴木"), "{long}");
    assert!(long.contains("副担当と係長へお知らせします"), "{long}");
}

#[tokio::test]
async fn no_forged_button_puts_a_date_or_a_cover_out_of_reach() {
    let mut bot = bot().await;
    for data in [
        "day:1:2199-12-31",
        "putoff:1:1000m",
        "coverby:2:2026-12-01:2199-01-01",
        "coverby:2:2000-01-01:2026-12-01",
    ] {
        let action: Action = data.parse().expect(data);
        let refused = bot.acts_on(Telegram, "佐藤", action).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(refused, @"このボタンは使えません。もう一度表示してから押してください");
        }
    }
    assert_eq!(bot.journal("refused").await, ["H-012", "H-012", "", ""]);
    let stands = bot.says_on(Telegram, "佐藤", "H-012 前回は？").await;
    assert!(stands.contains("次の声かけ 12月15日(火)"), "{stands}");
}

const NOT_READ: &str = "記録として読み取れなかったため、何も残していません。「H-012 訪問 不在」のように1行で送ってください";
const UNCLEAR: &str = "読み取れませんでした。世帯の番号や名前を添えて、もう一度送ってください";

/// A command as it is typed, or tapped in a chat's menu.
async fn commands(bot: &mut TestBot, who: &str, typed: &str) -> String {
    match commands::typed(typed) {
        Some(Call::Said(Said::Words(words))) => bot.says_on(Telegram, who, &words).await,
        Some(Call::Said(Said::Press(action))) => bot.acts_on(Telegram, who, action).await,
        call => panic!("{typed}: {call:?}"),
    }
}

#[tokio::test]
async fn a_command_tapped_without_its_words_is_never_silent() {
    let mut bot = bot().await;
    for typed in [
        "/state",
        "/state H-012",
        "/assign",
        "/assign H-012",
        "/language",
        "/join",
        "/correct",
    ] {
        let answer = commands(&mut bot, "佐藤", typed).await;
        assert_eq!(answer, format!("{UNCLEAR}\n[使い方]"), "{typed}");
    }
    for typed in [
        "/record",
        "/undo",
        "/overdue",
        "/plan",
        "/show",
        "/add",
        "/class",
        "/cover",
        "/page",
        "/notify",
        "/help",
        "/invite",
        "/staff",
        "/staff_add",
        "/staff_leave",
    ] {
        let answer = commands(&mut bot, "佐藤", typed).await;
        assert_ne!(answer, "", "{typed}");
    }
    let unknown = bot.says_on(Telegram, "佐藤", "/unknown 1").await;
    assert!(unknown.starts_with(UNCLEAR), "{unknown}");
    let typo = bot.says_on(Telegram, "佐藤", "／きろく H-012").await;
    assert!(typo.starts_with(UNCLEAR), "{typo}");
    // Others' bots have commands too.
    bot.registers(Telegram, "-100").await;
    let shared = bot
        .says_in_room((Telegram, "-100"), "佐藤", "/unknown 1")
        .await;
    assert_eq!(shared, Default::default());
}

#[tokio::test]
async fn a_line_that_may_have_been_a_log_is_asked_about_in_private_alone() {
    let mut bot = bot().await;
    bot.registers(Telegram, "-100").await;
    for line in ["不在でした", "H-012 電話 山道 坂 雨 車 遠い"] {
        let answer = bot.says_on(Telegram, "佐藤", line).await;
        assert!(answer.starts_with("記録でしょうか"), "{line}: {answer}");
        let shared = bot.says_in_room((Telegram, "-100"), "佐藤", line).await;
        assert_eq!(shared, Default::default(), "{line}");
    }
    for talk in [
        "H-012の件、あとで相談させてください",
        "公用車の鍵どこですか？",
        "お疲れさまです",
    ] {
        assert_eq!(bot.says_on(Telegram, "佐藤", talk).await, "", "{talk}");
    }
    bot.allows(Telegram, 2).await;
    assert_eq!(bot.says_on(Telegram, "佐藤", "不在でした").await, "");
}

#[tokio::test]
async fn a_day_that_was_asked_for_is_asked_again_until_it_is_one() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    bot.presses_on(Telegram, "佐藤", "日付を変える").await;
    bot.presses_on(Telegram, "佐藤", "ほかの日").await;
    bot.restarts().await;
    for line in ["2/30", "13/45", "えーと", "公用車の鍵どこ"] {
        let answer = bot.says_on(Telegram, "佐藤", line).await;
        assert_eq!(
            answer, "その日付は読めませんでした。もう一度入れてください(例 2026-12-15)",
            "{line}"
        );
    }
    let moved = bot.says_on(Telegram, "佐藤", "1/12").await;
    assert!(
        moved.starts_with("変えました H-012 次の声かけ 2027年2月25日(木) → 2027年1月12日(火)"),
        "{moved}"
    );
    // With another log between, a day may be meant for either: nothing is guessed.
    bot.presses_on(Telegram, "佐藤", "日付を変える").await;
    bot.presses_on(Telegram, "佐藤", "ほかの日").await;
    bot.says_on(Telegram, "佐藤", "H-013 電話 応答なし 2週間後")
        .await;
    assert_eq!(bot.says_on(Telegram, "佐藤", "1/13").await, NOT_READ);
}

#[tokio::test]
async fn a_day_that_comes_too_late_is_not_passed_over() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    bot.presses_on(Telegram, "佐藤", "日付を変える").await;
    bot.presses_on(Telegram, "佐藤", "ほかの日").await;
    bot.moves_to("2026-11-25 10:40").await;
    let late = bot.says_on(Telegram, "佐藤", "1/12").await;
    insta::assert_snapshot!(late, @"この質問は終わっています。もう一度、1行で送ってください");
    assert_eq!(bot.says_on(Telegram, "佐藤", "1/12").await, NOT_READ);
}

#[tokio::test]
async fn a_day_while_a_line_waits_for_its_household_asks_for_that_first() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "佐藤", "H-013 電話 応答なし 2週間後")
        .await;
    bot.says_on(Telegram, "佐藤", "訪問 不在").await;
    bot.presses_on(Telegram, "佐藤", "日付を変える").await;
    bot.presses_on(Telegram, "佐藤", "ほかの日").await;
    let asked = bot.says_on(Telegram, "佐藤", "12/15").await;
    assert!(asked.starts_with("どの世帯ですか\n[H-013"), "{asked}");
    let recorded = bot.says_on(Telegram, "佐藤", "H-012").await;
    assert!(
        recorded.starts_with("記録しました H-012 訪問・不在"),
        "{recorded}"
    );
}

#[tokio::test]
async fn a_code_just_after_midnight_still_answers() {
    let mut bot = bot().await;
    bot.moves_to("2026-11-25 23:58").await;
    bot.says_on(Telegram, "佐藤", "訪問 不在 2週間後").await;
    bot.moves_to("2026-11-26 00:03").await;
    let recorded = bot.says_on(Telegram, "佐藤", "H-012").await;
    insta::assert_snapshot!(recorded, @"
    記録しました H-012 訪問・不在
    次の声かけ 12月9日(水)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    let shown = bot.says_on(Telegram, "佐藤", "H-012 履歴").await;
    assert!(shown.contains("11月25日(水) 訪問・不在"), "{shown}");
}

#[tokio::test]
async fn a_message_typed_anew_is_never_taken_for_recorded() {
    let mut bot = bot().await;
    for line in ["H-999 訪問 不在", "お疲れさまです", "予定"] {
        bot.says_on(Telegram, "佐藤", line).await;
        let key = bot.last_key();
        let answer = bot.edits_on(Telegram, "佐藤", &key).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer, @"書き直した文は読んでいません。記録するときは、新しく送ってください");
        }
    }
    bot.says_on(Telegram, "佐藤", "H-012 12/20に変更").await;
    let key = bot.last_key();
    let date = bot.edits_on(Telegram, "佐藤", &key).await;
    insta::assert_snapshot!(date, @"
    メッセージが書き直されました。記録は変えていません
    H-012
    次の声かけ 12月21日(月)
    [日付を変える]
    ");
    // A place that all read stays quiet.
    bot.registers(Telegram, "-100").await;
    bot.says_in_room((Telegram, "-100"), "佐藤", "H-999 訪問 不在")
        .await;
    let key = bot.last_key();
    let at = At {
        platform: Telegram,
        room: Some("-100"),
    };
    let said = Said::Edited { of: key };
    let shared = incoming_from(at, &account(Telegram, "佐藤"), said, "edit");
    assert_eq!(bot.takes(shared).await, Default::default());
}

/// Befell others: a quick second press completed the same task twice.
#[tokio::test]
async fn a_guide_that_a_colleague_has_overtaken_says_that_nothing_was_recorded() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "伊藤", "H-012 副担当 鈴木").await;
    bot.hears("鈴木");
    bot.says_on(Telegram, "佐藤", "/記録 H-012").await;
    bot.presses_on(Telegram, "佐藤", "訪問").await;
    bot.restarts().await;
    let twice = bot.button_on(Telegram, "佐藤", "不在");
    bot.says_on(Telegram, "鈴木", "H-012 電話 応答なし 1か月後")
        .await;
    bot.hears("佐藤");
    let overtaken = bot.acts_on(Telegram, "佐藤", twice).await;
    insta::assert_snapshot!(overtaken, @"
    その予定は、もう変わっています。H-012 次の声かけ 12月25日(金)
    いまの分は記録していません。記録するときは「H-012 訪問 不在」のように1行で送ってください
    ");
    // Pressed twice, it is recorded once, and that is said.
    bot.says_on(Telegram, "佐藤", "/記録 H-012").await;
    bot.presses_on(Telegram, "佐藤", "訪問").await;
    let absent = bot.button_on(Telegram, "佐藤", "不在");
    for answer in [
        "記録しました H-012 訪問・不在",
        "記録済みです H-012 訪問・不在",
    ] {
        let said = bot.acts_on(Telegram, "佐藤", absent.clone()).await;
        assert!(said.starts_with(answer), "{said}");
    }
    bot.hears("鈴木");
}
