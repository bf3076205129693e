//! Trying to break it: strange texts, wrong dates, races, the same message
//! twice, a name that was typed. A kind answer or no harm; nothing half stored.
use crate::bot::{Home, TestBot, home, incoming, instant, text_of};
use koekake::{
    conversation::{action::Action, message::Said},
    engine::{Answered, Fault},
    store::{self, Db},
};
use sqlx::{AssertSqlSafe, Column, Row, SqlitePool};
use std::collections::BTreeMap;

/// Wednesday, 25 November 2026, at nine.
const NOW: &str = "2026-11-25 09:00";

async fn bot_with(homes: &[Home]) -> TestBot {
    TestBot::at(NOW, homes).await
}

fn pool(bot: &TestBot) -> &SqlitePool {
    match &bot.db {
        Db::Sqlite(pool, _) => pool,
        Db::Postgres(_) => unreachable!("the small office is on SQLite"),
    }
}

async fn tables(bot: &TestBot) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(pool(bot))
    .await
    .expect("the tables")
}

/// How many rows each table has.
async fn rows(bot: &TestBot) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for table in tables(bot).await {
        let count = format!("SELECT COUNT(*) FROM \"{table}\"");
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(count))
            .fetch_one(pool(bot))
            .await
            .expect("a count");
        counts.insert(table, count);
    }
    counts
}

/// Every text that the database holds.
async fn texts(bot: &TestBot) -> Vec<String> {
    let mut texts = Vec::new();
    for table in tables(bot).await {
        let all = format!("SELECT * FROM \"{table}\"");
        let rows = sqlx::query(AssertSqlSafe(all))
            .fetch_all(pool(bot))
            .await
            .expect("the rows");
        for row in &rows {
            for column in row.columns() {
                if let Ok(Some(text)) = row.try_get::<Option<String>, _>(column.ordinal()) {
                    texts.push(format!("{table}.{}: {text}", column.name()));
                }
            }
        }
    }
    texts
}

async fn said(bot: &TestBot, who: &str, words: &str, key: &str) -> Answered {
    let message = incoming(who, Said::Words(words.to_owned()), key);
    bot.engine.answer(message).await.expect("an answer")
}

#[tokio::test]
async fn chatter_is_met_with_silence_and_leaves_no_row() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    let before = rows(&bot).await;
    for line in [
        "H-012の件、あとで相談させてください",
        "公用車の鍵どこですか？",
        "お疲れさまです",
        "",
        "   \n\t ",
        "12",
        "H-012",
        "😀😀😀🎉",
        "\u{202e}\u{200b}\u{200d}\u{feff}",
        "مرحبا بالعالم",
        "'; DROP TABLE household; --",
        "<script>alert(1)</script>",
        "{{7*7}} ${jndi:ldap://x}",
        "\u{0}\u{1}\u{7f}",
    ] {
        assert_eq!(bot.says("佐藤", line).await, "", "{line:?}");
    }
    assert_eq!(rows(&bot).await, before);
}

#[tokio::test]
async fn strange_spelling_around_a_line_does_no_harm() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "\u{200b}Ｈ－０１２\u{200d}　訪問\u{feff}不在 \u{202e}名刺\u{202c} ３ヶ月後🙏").await, @"
    記録しました H-012 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012\n電話\n出ず\n来週金曜").await, @"
    記録しました H-012 電話・応答なし
    次の声かけ 12月4日(金)
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_and_nothing_of_it_kept() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    let long = format!("H-012 訪問 不在 {}", "あ".repeat(10_000));
    insta::assert_snapshot!(bot.says("佐藤", &long).await, @"長すぎて読めませんでした。2000字までで、要点だけ送ってください。何も残していません");
    assert!(!texts(&bot).await.iter().any(|text| text.contains("ああ")));
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    接触はまだありません
    次の声かけ 11月24日(火)
    ");
}

/// Befell others: a written date that could not be read was guessed.
#[tokio::test]
async fn dates_that_are_none_are_asked_and_never_guessed() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(13, "佐藤", "2026-11-24"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 父と話せた 2月31日").await, @"
    記録しました H-012 訪問・父と話せた
    2027年に2月31日はありません。いつにしますか。決まるまでは12月25日(金)です
    [2027年2月26日(金)] [2027年3月1日(月)] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 訪問 父と話せた 次回 2026年11月1日").await, @"
    記録しました H-013 訪問・父と話せた
    11月1日(日)は過ぎた日です。次はいつにしますか。決まるまでは12月25日(金)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 13/45").await, @"");
}

#[tokio::test]
async fn two_households_in_one_line_are_asked_apart() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(13, "佐藤", "2026-11-24"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012とH-013 訪問 不在").await, @"
    H-012とH-013 のどちらですか。もう一方は、別に送ってください
    [H-012] [H-013] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "H-013").await, @"
    記録しました H-013 訪問・不在
    次の声かけ 12月9日(水) ← 不在の目安(2週間)です
    曜日を変えるなら、木曜もあります
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    接触はまだありません
    次の声かけ 11月24日(火)
    ");
}

#[tokio::test]
async fn a_question_is_dropped_and_its_buttons_say_so() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(13, "佐藤", "2026-11-24"),
    ])
    .await;
    bot.says("佐藤", "訪問 不在 名刺").await;
    let this = bot.button("佐藤", "H-012").expect("a suggestion");
    insta::assert_snapshot!(bot.presses("佐藤", "やめる").await, @"やめました");
    insta::assert_snapshot!(bot.presses_action("佐藤", this.clone()).await, @"この質問は終わっています。もう一度、1行で送ってください");
    bot.engine.clock().stand_at(instant("2026-11-25 09:01"));
    bot.says("佐藤", "電話 出ず 来週").await;
    let now = bot.button("佐藤", "H-012").expect("a suggestion");
    insta::assert_snapshot!(bot.presses_action("佐藤", this).await, @"この質問は終わっています。もう一度、1行で送ってください");
    bot.presses_action("佐藤", "other".parse().expect("an action"))
        .await;
    insta::assert_snapshot!(bot.presses_action("佐藤", now).await, @"
    記録しました H-012 電話・応答なし
    次の声かけ 11月30日(月)
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn a_code_typed_the_day_after_answers_no_old_question() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-24")]).await;
    bot.says("佐藤", "訪問 不在 名刺").await;
    bot.presses("佐藤", "ほか").await;
    bot.engine.clock().stand_at(instant("2026-11-26 09:00"));
    insta::assert_snapshot!(bot.says("佐藤", "12").await, @"");
}

#[tokio::test]
async fn a_wrong_code_in_the_form_is_answered_with_what_may_be_meant() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(21, "鈴木", "2026-11-24"),
    ])
    .await;
    bot.says("佐藤", "訪問 不在 名刺 3か月後").await;
    let form = bot.button("佐藤", "ほか").expect("a button");
    bot.presses("佐藤", "ほか").await;
    insta::assert_snapshot!(bot.fills("佐藤", form.clone(), "ああ").await, @"世帯の番号を送ってください(例 H-012) <送る>");
    insta::assert_snapshot!(bot.fills("佐藤", form.clone(), "112").await, @"
    H-112 は登録がありません
    [H-012] [H-021] [新しく登録] [やめる]
    ");
    insta::assert_snapshot!(bot.fills("佐藤", form, "21").await, @"
    H-021 は鈴木さんの担当です。この世帯ですか
    [はい、記録する] [H-012] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "はい、記録する").await, @"
    記録しました H-021 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    bot.all_read();
}

#[tokio::test]
async fn the_same_message_again_is_the_same_answer_and_changes_nothing() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    let line = || Said::Words("H-012 訪問 不在 名刺 3か月後".to_owned());
    let first = bot.send_with_key("佐藤", line(), "chat:7").await;
    let before = rows(&bot).await;
    let again = bot.send_with_key("佐藤", line(), "chat:7").await;
    assert_eq!(first, again);
    assert_eq!(rows(&bot).await, before);
}

/// Befell others: two instances of a bot carried one command out twice.
#[tokio::test]
async fn the_same_message_twice_at_once_is_recorded_once() {
    let bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    let before = rows(&bot).await["contact"];
    let line = "H-012 訪問 不在 名刺 3か月後";
    let (one, other) = tokio::join!(
        said(&bot, "佐藤", line, "chat:7"),
        said(&bot, "佐藤", line, "chat:7")
    );
    assert_eq!(one, other);
    assert_eq!(rows(&bot).await["contact"], before + 1);
}

#[tokio::test]
async fn two_people_on_one_household_at_once_are_both_recorded() {
    let mut bot = bot_with(&[Home {
        second: Some("鈴木"),
        ..home(12, "佐藤", "2026-11-24")
    }])
    .await;
    let before = rows(&bot).await["contact"];
    let (one, other, third) = tokio::join!(
        said(&bot, "佐藤", "H-012 訪問 不在 名刺 3か月後", "chat:1"),
        said(&bot, "鈴木", "H-012 電話 出ず 来週", "chat:2"),
        said(&bot, "伊藤", "H-012 区分A", "chat:3")
    );
    for answered in [one, other, third] {
        let text = text_of(&answered.reply.expect("words"));
        assert!(text.contains("H-012"), "{text}");
        assert!(!text.contains("もう一度"), "{text}");
    }
    let after = rows(&bot).await;
    assert_eq!(after["contact"], before + 2);
    let open: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM check_in WHERE state = 'open'")
        .fetch_one(pool(&bot))
        .await
        .expect("a count");
    assert_eq!(open, 1);
    bot.engine.deliver_all().await.expect("deliveries");
    bot.all_read();
}

#[tokio::test]
async fn two_who_register_one_code_at_once_get_one_household() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    let (one, other) = tokio::join!(
        said(&bot, "佐藤", "登録 H-500 家族", "chat:1"),
        said(&bot, "鈴木", "登録 H-500 近所", "chat:2")
    );
    let texts = [one, other].map(|answered| text_of(&answered.reply.expect("words")));
    let is_late = |text: &&String| text.as_str() == "H-500 は登録済みです";
    assert_eq!(texts.iter().filter(is_late).count(), 1, "{texts:?}");
    assert_eq!(rows(&bot).await["household"], 2);
    bot.all_read();
}

#[tokio::test]
async fn a_code_of_another_team_cannot_be_registered_and_nobody_learns_whose_it_is() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    for statement in [
        "INSERT INTO team (name) VALUES ('となり')",
        "INSERT INTO household (code, team_id, state, close_reason, awaiting_receipt, flags, version) \
         SELECT 'H-777', MAX(id), 'closed', 'solved', 0, '', 1 FROM team",
    ] {
        sqlx::query(statement)
            .execute(pool(&bot))
            .await
            .expect("another team's");
    }
    insta::assert_snapshot!(bot.says("佐藤", "H-777 前回は？").await, @"
    H-777 は登録がありません
    [H-012]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "登録 H-777 家族").await, @"この番号では登録できません。番号を確かめて、別の番号で送ってください。何も残していません");
    insta::assert_snapshot!(bot.says("佐藤", "H-777 訪問 不在").await, @"
    H-777 は登録がありません
    [H-012] [新しく登録] [やめる]
    ");
    bot.presses("佐藤", "新しく登録").await;
    insta::assert_snapshot!(bot.presses("佐藤", "家族").await, @"この番号では登録できません。番号を確かめて、別の番号で送ってください。何も残していません");
}

#[tokio::test]
async fn a_name_that_was_typed_is_stored_nowhere_and_the_journal_knows_that_one_was() {
    let mut bot = bot_with(&[
        home(83, "佐藤", "2026-11-24"),
        home(84, "佐藤", "2026-11-24"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-083 訪問 山田太郎さん宅 不在 名刺").await, @"
    記録しました H-083 訪問・不在・名刺投函
    次の声かけ 12月9日(水) ← 不在の目安(2週間)です
    曜日を変えるなら、木曜もあります
    要点だけ残しました。くわしい内容は記録票へ
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    お名前や連絡先らしい言葉がありました。記録には残していませんが、チャットには残っている場合があります。消す前に情報保護担当へ連絡してください
    ");
    bot.says("佐藤", "H-084 電話 山田花子様 090-1234-5678 出ず 来週")
        .await;
    bot.says("佐藤", "訪問 山田太郎さん宅 不在 名刺 3か月後")
        .await;
    bot.says("佐藤", "H-084 担当を山田さんへ").await;
    bot.says("伊藤", "H-084 担当を山田さんへ").await;
    bot.says("佐藤", "H-083 訂正 山田さんの母と話せた").await;
    bot.says("佐藤", "休み 12/1から12/4 代行 山田").await;
    bot.says("佐藤", "H-900 訪問 山田さん宅 不在").await;
    bot.says("佐藤", "H-083 終結 山田さん解決").await;
    bot.all_read();
    let stored = texts(&bot).await;
    for typed in ["山田", "太郎", "花子", "090", "5678"] {
        let found: Vec<&String> = stored.iter().filter(|text| text.contains(typed)).collect();
        assert!(found.is_empty(), "{typed}: {found:#?}");
    }
    let lines: Vec<(i64, String)> =
        sqlx::query_as("SELECT person_id, detail FROM journal WHERE what = 'personal_data'")
            .fetch_all(pool(&bot))
            .await
            .expect("the journal");
    assert!(2 <= lines.len(), "{lines:?}");
    assert!(
        lines
            .iter()
            .all(|(person, detail)| *person == 1 && detail.is_empty())
    );
}

#[tokio::test]
async fn danger_without_a_household_says_first_whom_to_call() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "電話 本人 死にたいと").await, @"
    **いますぐ係長に電話してください。**
    緊急連絡先 (見本)
    どの世帯ですか
    [H-012] [ほか] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "H-012").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    緊急連絡先 (見本)
    記録しました H-012 電話・本人と話せた・緊急
    次の確認 今日 11月25日(水)
    [対応した] [取り消す]
    ");
    bot.all_read();
}

#[tokio::test]
async fn danger_is_recorded_at_once_for_a_colleagues_household_too() {
    let mut bot = bot_with(&[home(21, "鈴木", "2026-12-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-021 電話 本人 死にたいと").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    緊急連絡先 (見本)
    記録しました H-021 電話・本人と話せた・緊急
    次の確認 今日 11月25日(水)
    [対応した] [取り消す]
    ");
    bot.all_read();
}

#[tokio::test]
async fn the_same_answer_about_the_home_twice_raises_one_alarm() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    let worrying = bot.button("佐藤", "気になる").expect("a sign");
    bot.presses_action("佐藤", worrying.clone()).await;
    insta::assert_snapshot!(bot.presses_action("佐藤", worrying).await, @"記録済みです H-012 訪問・不在・名刺投函・気になる");
    assert_eq!(rows(&bot).await["alarm"], 1);
}

#[tokio::test]
async fn an_alarm_is_confirmed_by_those_who_lead_and_once() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 新聞たまってる").await;
    bot.moves_to("2026-11-25 09:10").await;
    bot.all_read();
    let read = bot.button("伊藤", "確認した").expect("a button");
    insta::assert_snapshot!(bot.presses_action("佐藤", read.clone()).await, @"係長か代理の方が読んで押すボタンです。電話で直接伝えてください");
    insta::assert_snapshot!(bot.presses_action("渡辺", read.clone()).await, @"H-012 渡辺さんが9:10に確認しました");
    insta::assert_snapshot!(bot.presses_action("伊藤", read).await, @"渡辺さんが9:10に確認済みです");
    bot.all_read();
}

#[tokio::test]
async fn an_alarm_that_was_a_mistake_is_taken_back_and_everybody_told() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 新聞たまってる").await;
    bot.moves_to("2026-11-25 09:10").await;
    bot.all_read();
    let read = bot.button("伊藤", "確認した").expect("a button");
    insta::assert_snapshot!(bot.presses("佐藤", "取り消す").await, @"
    取り消しました H-012 次の声かけは 11月24日(火) に戻りました
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"H-012 の緊急は佐藤さんが取り消しました");
    insta::assert_snapshot!(bot.presses_action("伊藤", read).await, @"H-012 の緊急は佐藤さんが取り消しました");
    bot.all_read();
}

#[tokio::test]
async fn a_button_that_names_nothing_of_ours_is_over() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    for action in [
        "take:99999",
        "undo:99999",
        "accept:99999",
        "alarm:99999",
        "correct:99999",
    ] {
        let answer = bot
            .presses_action("佐藤", action.parse().expect("an action"))
            .await;
        assert!(
            !answer.is_empty() && !answer.contains("記録しました"),
            "{action}: {answer}"
        );
    }
    insta::assert_snapshot!(bot.presses_action("佐藤", "open:H-999".parse().expect("an action")).await, @"
    H-999 は登録がありません
    [H-012]
    ");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_asked_again_and_then_it_is_said() {
    let bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.db.close().await;
    let message = incoming("佐藤", Said::Words("H-012 訪問 不在".to_owned()), "chat:1");
    let fault = bot
        .engine
        .answer(message)
        .await
        .expect_err("nothing was kept");
    assert!(
        matches!(fault, Fault::Store(store::Fault::Unavailable(_))),
        "{fault}"
    );
}

#[tokio::test]
async fn days_that_cannot_be_meant_are_asked_for_and_set_nothing() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    let answer = bot.says("佐藤", "H-012 訪問 不在 2060年12月31日").await;
    assert!(answer.contains("いつにしますか"), "{answer}");
    let id = koekake::domain::CheckInId(1);
    for value in ["9999-12-31", "+262142-12-31", "1000-01-01"] {
        let answer = bot.fills("佐藤", Action::OtherDay(id), value).await;
        assert!(!answer.contains("変えました"), "{value}: {answer}");
    }
    for forged in ["day:1:9999-12-31", "coverby:2:-262143-01-01:+262142-12-31"] {
        assert!(forged.parse::<Action>().is_err(), "{forged}");
    }
    let far: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM check_in WHERE due_on > '2030' OR due_on < '2026'",
    )
    .fetch_one(pool(&bot))
    .await
    .expect("a count");
    assert_eq!(far, 0);
    bot.all_read();
}

#[tokio::test]
async fn a_correction_of_an_old_date_is_counted_and_one_of_a_closed_household_is_kindly_refused() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-12")]).await;
    let answer = bot.says("佐藤", "H-012 訂正 3か月後").await;
    assert!(answer.contains("理由は"), "{answer}");
    bot.says("佐藤", "H-012 終結 問題の解決").await;
    bot.presses("伊藤", "確認").await;
    let answer = bot.says("佐藤", "H-012 訂正 1か月後").await;
    assert!(answer.contains("支援を終えています"), "{answer}");
    bot.says("佐藤", "H-012 2月31日").await;
    bot.presses("佐藤", "再開して記録する").await;
    let answer = bot.says("佐藤", "H-012 前回は？").await;
    assert!(answer.contains("支援中"), "{answer}");
    assert!(answer.contains("次の声かけ"), "{answer}");
    bot.all_read();
}

#[tokio::test]
async fn a_line_that_has_waited_past_its_date_asks_for_another() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-20")]).await;
    bot.says("佐藤", "訪問 不在 明日").await;
    bot.moves_to("2026-12-02 10:00").await;
    let answer = bot.presses("佐藤", "H-012").await;
    assert!(answer.contains("過ぎた日です"), "{answer}");
    bot.all_read();
}

#[tokio::test]
async fn two_households_with_an_outcome_each_are_recorded_each() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(13, "佐藤", "2026-11-24"),
    ])
    .await;
    let line = "H-012 訪問 不在 名刺 3か月後 H-013 電話 母と話せた 来週金曜";
    let said = || Said::Words(line.to_owned());
    let first = bot.send_with_key("佐藤", said(), "line").await;
    let before = rows(&bot).await;
    assert_eq!(bot.send_with_key("佐藤", said(), "line").await, first);
    assert_eq!(rows(&bot).await, before);
    insta::assert_snapshot!(first, @"
    記録しました H-012 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    記録しました H-013 電話・母と話せた
    次の声かけ 12月4日(金)
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"
    取り消しました H-013 次の声かけは 11月24日(火) に戻りました
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    前回 11月25日(水) 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    ");
}
