//! Buttons: another date, やります, 相談する, 直す, taking back; each pressed
//! twice, late, or by somebody else.
use crate::bot::{Home, TestBot, home, instant};
use koekake::domain::check_in::{NewCheckIn, Pace, Plan};
use koekake::domain::contact::Kind;

/// Wednesday, 25 November 2026, at nine.
const NOW: &str = "2026-11-25 09:00";

async fn bot_with(homes: &[Home]) -> TestBot {
    TestBot::at(NOW, homes).await
}

fn appointment(code: u32, main: &'static str, due_on: &'static str) -> Home {
    let plain = home(code, main, due_on);
    Home {
        terms: NewCheckIn {
            pace: Pace::Appointment,
            plan: Plan {
                kind: Some(Kind::Office),
                time: chrono::NaiveTime::from_hms_opt(14, 0, 0),
                partner: None,
            },
            ..plain.terms.clone()
        },
        ..plain
    }
}

/// Befell others: after days away each late date had to be moved by hand.
#[tokio::test]
async fn another_date_is_chosen_with_a_reason_and_counted() {
    let mut bot = bot_with(&[home(44, "佐藤", "2026-11-24")]).await;
    bot.moves_to("2026-11-25 09:01").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。声かけの時期は1世帯です
    * ▲1 H-044
      11月24日(火)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "日を変える").await, @"
    いつにしますか
    [3日後] [1週間後] [2週間後] [1か月後] [ほかの日]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "1週間後").await, @"
    変えました H-044 次の声かけ 11月24日(火) → 12月2日(水)
    [元に戻す]
    理由は
    [ご本人・家族の都合] [手が足りない] [天候・体調] [ほか]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "ご本人・家族の都合").await, @"理由を残しました");
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"
    取り消しました H-044 次の声かけは 11月24日(火) に戻りました
    [取り消しをやめる]
    ");
    bot.all_read();
}

#[tokio::test]
async fn short_of_hands_asks_the_supervisor_once() {
    let mut bot = bot_with(&[home(44, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-044 12/8").await;
    bot.engine.clock().stand_at(instant("2026-12-08 09:00"));
    bot.moves_to("2026-12-08 09:01").await;
    bot.all_read();
    bot.presses("佐藤", "日を変える").await;
    bot.presses("佐藤", "3日後").await;
    let again = bot.button("佐藤", "手が足りない").expect("a reason");
    insta::assert_snapshot!(bot.presses("佐藤", "手が足りない").await, @"理由を残し、係長へ応援をお願いしました");
    insta::assert_snapshot!(bot.presses_action("佐藤", again).await, @"H-044 は係長の確認待ちです");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * 佐藤さんから相談 H-044 「手が足りない」
      [確認] [差し戻す] [経過を見る]
    ");
}

#[tokio::test]
async fn another_day_is_filled_in_and_a_past_one_is_not_taken() {
    let mut bot = bot_with(&[home(44, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "H-044 電話 出ず 12/8").await;
    bot.presses("佐藤", "日付を変える").await;
    let day = bot.button("佐藤", "ほかの日").expect("a form");
    insta::assert_snapshot!(bot.presses("佐藤", "ほかの日").await, @"いつにしますか <送る>");
    insta::assert_snapshot!(bot.fills("佐藤", day.clone(), "2026-11-20").await, @"過ぎた日は選べません。今日からあとの日を選んでください");
    insta::assert_snapshot!(bot.fills("佐藤", day.clone(), "2026-02-31").await, @"その日付は読めませんでした。もう一度入れてください(例 2026-12-15)");
    insta::assert_snapshot!(bot.fills("佐藤", day, "2026-12-12").await, @"
    変えました H-044 次の声かけ 12月8日(火) → 12月14日(月)
    12月12日は土曜のため、次の開庁日にしました
    [元に戻す]
    ");
}

#[tokio::test]
async fn another_day_is_filled_in_as_it_is_said() {
    for typed in ["12/15", "１２月１５日", "来月15日"] {
        let mut bot = bot_with(&[home(44, "佐藤", "2026-12-01")]).await;
        bot.says("佐藤", "H-044 電話 出ず 12/8").await;
        bot.presses("佐藤", "日付を変える").await;
        let day = bot.button("佐藤", "ほかの日").expect("a form");
        let answer = bot.fills("佐藤", day, typed).await;
        assert!(answer.contains("→ 12月15日(火)"), "{typed}: {answer}");
    }
}

/// Befell others: taking a matter on twice broke its taking back.
#[tokio::test]
async fn i_will_do_it_says_until_when_and_there_is_none_for_what_cannot_wait() {
    let mut bot = bot_with(&[
        home(44, "佐藤", "2026-11-24"),
        home(45, "佐藤", "2026-11-24"),
    ])
    .await;
    bot.says("佐藤", "H-045 来所 来なかった").await;
    bot.moves_to("2026-11-25 09:01").await;
    bot.all_read();
    let take = bot.button("佐藤", "やります").expect("a button");
    insta::assert_snapshot!(bot.presses("佐藤", "やります").await, @"H-044 対応中にしました。12月2日(水)に記録がなければ再度お知らせします");
    const KEPT: &str = "SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM save)";
    let kept = bot.count(KEPT).await;
    insta::assert_snapshot!(bot.presses_action("佐藤", take.clone()).await, @"H-044 対応中にしました。12月2日(水)に記録がなければ再度お知らせします");
    assert_eq!(
        bot.count(KEPT).await,
        kept,
        "the second press changes nothing"
    );
    insta::assert_snapshot!(bot.presses_action("鈴木", take.clone()).await, @"佐藤さんの担当です。代わるときは、係長に担当か代行を変えてもらってください");
    insta::assert_snapshot!(bot.presses_action("伊藤", take).await, @"佐藤さんが対応中です");
    insta::assert_snapshot!(bot.says("佐藤", "H-045 前回は？").await, @"
    # H-045 支援中
    前回 11月25日(水) 来所・来られなかった
    次の声かけ 今日 11月25日(水) 電話
    ");
}

#[tokio::test]
async fn asking_for_help_reaches_the_supervisor_and_the_answer_comes_back() {
    let mut bot = bot_with(&[home(44, "佐藤", "2026-11-24")]).await;
    bot.moves_to("2026-11-25 09:01").await;
    bot.all_read();
    insta::assert_snapshot!(bot.presses("佐藤", "相談する").await, @"
    H-044 について、係長へ何を伝えますか
    [今回だけ代わってほしい] [同行してほしい] [担当替えの相談]
    ");
    let come = bot.button("佐藤", "同行してほしい").expect("a choice");
    insta::assert_snapshot!(bot.presses("佐藤", "同行してほしい").await, @"係長へ送りました。返事があればお知らせします");
    insta::assert_snapshot!(bot.presses_action("佐藤", come).await, @"H-044 は係長の確認待ちです");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * 佐藤さんから相談 H-044 「同行してほしい」
      [確認] [差し戻す] [経過を見る]
    ");
    let accept = bot.button("伊藤", "確認").expect("a button");
    insta::assert_snapshot!(bot.presses("伊藤", "確認").await, @"確認しました");
    insta::assert_snapshot!(bot.presses_action("渡辺", accept).await, @"この依頼には返事が済んでいます");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"H-044 伊藤さんが引き受けました 「同行してほしい」");
}

#[tokio::test]
async fn handing_over_is_answered_by_choosing_a_colleague() {
    let mut bot = bot_with(&[home(44, "佐藤", "2026-11-24")]).await;
    bot.moves_to("2026-11-25 09:01").await;
    bot.all_read();
    bot.presses("佐藤", "相談する").await;
    bot.presses("佐藤", "担当替えの相談").await;
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * 佐藤さんから相談 H-044 担当替えの相談
      [確認] [差し戻す] [経過を見る]
    ");
    insta::assert_snapshot!(bot.presses("伊藤", "確認").await, @"
    H-044 の担当をどなたにしますか
    [鈴木さん]
    ");
    insta::assert_snapshot!(bot.presses("伊藤", "鈴木さん").await, @"
    H-044 の主担当を鈴木さんにしました
    [取り消す]
    ");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    H-044 伊藤さんが引き受けました 担当替えの相談
    ---
    H-044 の主担当は鈴木さんになりました(伊藤さんより)
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    H-044 の主担当になりました(伊藤さんより)。次は11月24日(火)
    [開く]
    ");
}

#[tokio::test]
async fn the_supervisor_asks_how_it_is_going() {
    let mut bot = bot_with(&[home(44, "佐藤", "2026-11-20")]).await;
    bot.says("伊藤", "期限超過").await;
    insta::assert_snapshot!(bot.presses("伊藤", "佐藤さんに聞く").await, @"佐藤さんへ送りました");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    * H-044 の様子を教えてください。手が足りなければ一緒に調整します
      [記録する] [日を変える] [相談する] [経過を見る]
    ");
}

#[tokio::test]
async fn a_contact_is_corrected_by_buttons() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    insta::assert_snapshot!(bot.presses("佐藤", "直す").await, @"
    H-012 訪問・不在・名刺投函 のどこを直しますか
    [同行訪問] [電話] [手紙] [メール] [来所] [家族会・集団] [情報提供] [ケース会議] [関係機関連絡] [受診同行]
    [名刺投函] [本人と話せた] [家族と話せた] [声だけ] [「大丈夫」とのこと] [拒否] [名刺返却] [怒鳴られた] [その他]
    ");
    let phone = bot.button("佐藤", "電話").expect("a kind");
    let answer = bot.presses("佐藤", "電話").await;
    let back = bot.button("佐藤", "元に戻す").expect("a way back");
    insta::assert_snapshot!(answer, @"
    直しました H-012 電話・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [元に戻す]
    H-012 電話はいかがでしたか
    [応答なし] [留守電] [本人と話せた] [家族と話せた] [「大丈夫」とのこと] [拒否] [怒鳴られた] [その他]
    ");
    insta::assert_snapshot!(bot.presses_action("佐藤", phone).await, @"記録済みです H-012 電話・不在・名刺投函");
    insta::assert_snapshot!(bot.presses_action("佐藤", back).await, @"
    取り消しました H-012 次の声かけ 2027年2月25日(木)(そのまま)
    [取り消しをやめる]
    ");
}

#[tokio::test]
async fn a_correction_in_words_changes_the_last_record_only() {
    let mut bot = bot_with(&[
        home(33, "佐藤", "2026-11-24"),
        home(34, "佐藤", "2026-11-24"),
    ])
    .await;
    bot.says("佐藤", "H-033 訪問 不在 3か月後").await;
    bot.says("佐藤", "H-034 電話 出ず 来週").await;
    insta::assert_snapshot!(bot.says("佐藤", "訂正 留守電でした").await, @"
    直しました H-034 電話・留守電
    次の声かけ 11月30日(月)
    [元に戻す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "訂正 H-033 母と話せた 1か月後").await, @"
    直しました H-033 訪問・母と話せた
    次の声かけ 12月25日(金)
    [元に戻す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-033 前回は？").await, @"
    # H-033 支援中
    前回 11月25日(水) 訪問・母と話せた
    次の声かけ 12月25日(金)
    ");
    insta::assert_snapshot!(bot.says("鈴木", "訂正 1か月後").await, @"直す記録が見つかりません。世帯の番号を添えて送ってください");
}

#[tokio::test]
async fn taking_back_by_word_and_button_and_taking_that_back() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    let undo = bot.button("佐藤", "取り消す").expect("a button");
    let answer = bot.presses("佐藤", "取り消す").await;
    let redo = bot.button("佐藤", "取り消しをやめる").expect("a button");
    insta::assert_snapshot!(answer, @"
    取り消しました H-012 次の声かけは 11月24日(火) に戻りました
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.presses_action("佐藤", undo.clone()).await, @"取り消し済みです");
    insta::assert_snapshot!(bot.presses_action("佐藤", redo).await, @"
    元に戻しました H-012 次の声かけ 2027年2月25日(木)
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"
    取り消しました H-012 次の声かけは 11月24日(火) に戻りました
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    接触はまだありません
    次の声かけ 11月24日(火)
    ");
    insta::assert_snapshot!(bot.presses_action("鈴木", undo).await, @"ほかの方の記録は取り消せません。その方か係長に伝えてください");
    insta::assert_snapshot!(bot.says("鈴木", "さっきのなし").await, @"取り消せる記録がありません");
}

#[tokio::test]
async fn what_somebody_else_has_changed_since_is_not_taken_back() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    bot.says("伊藤", "H-012 区分A").await;
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"H-012 はそのあとに変わっています。「H-012 履歴」で確かめてから直してください");
}

#[tokio::test]
async fn a_colleagues_household_can_be_put_right_by_whoever_recorded_it() {
    let mut bot = bot_with(&[home(21, "鈴木", "2026-11-24")]).await;
    bot.says("佐藤", "H-021 訪問 不在 1か月後").await;
    bot.presses("佐藤", "はい、記録する").await;
    bot.all_read();
    insta::assert_snapshot!(bot.presses("佐藤", "生活の様子あり").await, @"
    書き足しました H-021 訪問・不在・生活の様子あり
    次の声かけ 12月25日(金)
    [元に戻す]
    ");
    bot.says("鈴木", "H-021 前回は？").await;
    let action = bot.button("佐藤", "元に戻す").expect("a button");
    insta::assert_snapshot!(bot.presses_action("佐藤", action).await, @"
    取り消しました H-021 次の声かけ 12月25日(金)(そのまま)
    [取り消しをやめる]
    ");
    bot.all_read();
}

#[tokio::test]
async fn a_household_is_recorded_step_by_step_from_its_reminder() {
    let mut bot = bot_with(&[appointment(60, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 16:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。声かけの時期は1世帯です
    * ● H-060 約束 14時 来所
      11月25日(水)の予定・来所の約束
      接触はまだありません
      [記録する] [予約を変える] [相談する]
    ---
    * ● H-060 14時の約束はいかがでしたか
      [来られた] [来られなかった] [予約を変える]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "来られた").await, @"
    H-060 来所はいかがでしたか
    [本人と話せた] [家族と話せた] [来られなかった] [先方の都合で中止] [こちらの都合で中止] [その他]
    ");
    let met = bot.button("佐藤", "家族と話せた").expect("an outcome");
    insta::assert_snapshot!(bot.presses("佐藤", "家族と話せた").await, @"
    記録しました H-060 来所・家族と話せた
    次の声かけ 12月25日(金) ← 家族と話せたときの目安(1か月)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.presses_action("佐藤", met).await, @"記録済みです H-060 来所・家族と話せた");
}

/// Befell others: a quick second press completed the same task twice.
#[tokio::test]
async fn a_call_before_an_appointment_pressed_twice_is_one_contact() {
    let mut bot = bot_with(&[appointment(60, "佐藤", "2026-12-10")]).await;
    insta::assert_snapshot!(bot.presses_action("佐藤", "open:H-060".parse().expect("an action")).await, @"
    * H-060 支援中
      12月10日(木)の予定・来所の約束
      接触はまだありません
      [記録する] [日を変える] [相談する] [経過を見る]
    ");
    bot.presses("佐藤", "記録する").await;
    bot.presses("佐藤", "電話").await;
    let left = bot.button("佐藤", "留守電").expect("an outcome");
    insta::assert_snapshot!(bot.presses("佐藤", "留守電").await, @"
    記録しました H-060 電話・留守電
    次の声かけ 12月10日(木) 14時 来所の約束(そのまま)
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.presses_action("佐藤", left).await, @"記録済みです H-060 電話・留守電");
}

/// Befell others: a press on an old message broke on what the chat did not tell of it.
#[tokio::test]
async fn a_button_of_last_month_is_answered_with_what_stands_now() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    let redate = bot.button("佐藤", "日付を変える").expect("a button");
    let undo = bot.button("佐藤", "取り消す").expect("a button");
    let signs = bot.button("佐藤", "いつもと同じ").expect("a button");
    bot.engine.clock().stand_at(instant("2026-12-25 10:00"));
    bot.says("佐藤", "H-012 電話 母と話せた 1か月後").await;
    insta::assert_snapshot!(bot.presses_action("佐藤", redate).await, @"その予定は、もう変わっています。H-012 次の声かけ 2027年1月25日(月)");
    insta::assert_snapshot!(bot.presses_action("佐藤", undo).await, @"H-012 はそのあとに変わっています。「H-012 履歴」で確かめてから直してください");
    insta::assert_snapshot!(bot.presses_action("佐藤", signs).await, @"
    書き足しました H-012 訪問・不在・名刺投函・いつもと同じ
    [元に戻す]
    ");
}
