//! What is said beside a record because it matters: dates set aside, homes to
//! be left in peace, a conference to suggest, who is to look at the case now.
use crate::bot::{Home, TestBot, home, instant};

/// Wednesday, 25 November 2026, at nine.
const NOW: &str = "2026-11-25 09:00";

async fn bot_with(homes: &[Home]) -> TestBot {
    TestBot::at(NOW, homes).await
}

#[tokio::test]
async fn a_date_said_with_danger_waits_for_the_review_of_today() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "H-012 次回12月10日14時来所 約束").await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 電話 本人 死にたいと 来週火曜").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    緊急連絡先 (見本)
    記録しました H-012 電話・本人と話せた・緊急
    次の確認 今日 11月25日(水)
    12月1日(火)の予定は、今日の確認のあとに入れ直してください
    入っていた約束は外れました。先方への連絡を確かめてください
    [対応した] [取り消す]
    ");
    bot.all_read();
}

/// Befell others: after a cancellation the date that was named was not taken.
#[tokio::test]
async fn an_appointment_is_set_alone_and_moved() {
    let mut bot = bot_with(&[home(60, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-060 次回12月10日14時来所 約束").await, @"
    予定を入れました H-060
    次の声かけ 12月10日(木) 14時 来所の約束
    [取り消す] [日付を変える]
    H-060 には何をしましたか。日だけを変えるなら、理由を選んでください
    [訪問] [同行訪問] [電話] [手紙] [メール] [来所] [家族会・集団] [情報提供] [ケース会議] [関係機関連絡] [受診同行]
    [ご本人・家族の都合] [手が足りない] [天候・体調] [ほか]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-060 電話 母と話せた 次回12月11日10時来所").await, @"
    記録しました H-060 電話・母と話せた
    次の声かけ 12月11日(金) 10時 来所の約束
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-060 電話 母 キャンセル").await, @"
    記録しました H-060 電話・先方の都合で中止
    次の声かけ 12月11日(金) 来所 ← ふだんの目安です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    // A day that is named with it wins over every guideline.
    let answer = bot
        .says("佐藤", "H-060 電話 母 キャンセル 次回12月22日")
        .await;
    assert!(answer.contains("次の声かけ 12月22日(火)"), "{answer}");
}

#[tokio::test]
async fn the_third_visit_that_met_nobody_suggests_a_conference() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-09-01")]).await;
    for time in ["2026-09-07 10:00", "2026-10-13 10:00"] {
        bot.engine.clock().stand_at(instant(time));
        bot.says("佐藤", "H-012 午前 訪問 不在 1か月後").await;
    }
    bot.engine.clock().stand_at(instant(NOW));
    insta::assert_snapshot!(bot.says("佐藤", "H-012 午後 訪問 不在").await, @"
    記録しました H-012 訪問・不在
    次の声かけ 12月9日(水) ← 不在の目安(2週間)です
    訪問で会えないことが3回続いています。ケース会議で相談できます
    曜日と時間帯を変えるなら、木曜の夕方もあります
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
}

#[tokio::test]
async fn a_refusal_leaves_the_home_in_peace_for_a_while() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 父 拒否 名刺返却").await, @"
    記録しました H-012 訪問・父と話せた・拒否・名刺返却
    次の声かけ 2027年2月25日(木) ← 拒否の目安(3か月)です
    直接の訪問と電話は12月25日(金)まで控えます
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    bot.engine.clock().stand_at(instant("2026-12-03 09:00"));
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 父と話せた").await, @"
    記録しました H-012 訪問・父と話せた
    次の声かけ 2027年1月4日(月) ← 家族と話せたときの目安(1か月)です
    12月25日(金)まで訪問を控える予定の世帯です。事情があれば係長へお知らせください
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
}

#[tokio::test]
async fn who_is_gone_is_looked_at_in_the_office_by_the_supervisor() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(13, "佐藤", "2026-11-24"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 電話 母より 本人が入院した").await, @"
    記録しました H-012 電話(先方から)・入院
    次の確認 11月30日(月) ← 入院の目安(3開庁日)です
    次の確認は係長が行います。係長へ送りました
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    H-012 佐藤さんが記録しました 電話・入院。次は11月30日(月)
    [開く]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 訪問 転居 空き家").await, @"
    記録しました H-013 訪問・転居
    次の確認 11月30日(月) ← 転居の目安(3開庁日)です
    次の確認は係長が行います。係長へ送りました
    [取り消す] [日付を変える] [直す]
    ");
    bot.all_read();
}

#[tokio::test]
async fn word_from_others_is_followed_the_same_day_when_it_worries() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-12-10"),
        home(13, "佐藤", "2026-12-10"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 民生委員から情報 新聞がたまってる").await, @"
    記録しました H-012 情報提供・民生委員から・気になる様子
    次の声かけ 今日 11月25日(水) ← 気になる情報の目安(当日)です
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 民生委員から情報提供").await, @"
    記録しました H-013 情報提供・民生委員から
    次の声かけ 11月30日(月) ← 情報提供の目安(3開庁日)です
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn two_contacts_in_one_line_are_both_kept() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 電話 出ず、その後訪問 母と話せた 1か月後").await, @"
    記録しました H-012 訪問・母と話せた / 電話・応答なし
    次の声かけ 12月25日(金)
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    前回 11月25日(水) 訪問・母と話せた
    その前 11月25日(水) 電話・応答なし
    次の声かけ 12月25日(金)
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
}

#[tokio::test]
async fn small_steps_are_told_back() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 ドア越し 本人 手を振ってくれた また伺うと伝えた 2週間後").await, @"
    記録しました H-012 訪問・本人の声が聞けた・手を振ってくれた・また伺うと伝えた
    次の声かけ 12月9日(水)
    要点だけ残しました。くわしい内容は記録票へ
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 昨日 民生委員と同行訪問 本人と話せた 1〜2か月後").await, @"
    記録しました H-012 同行訪問・本人と話せた・民生委員と
    次の声かけ 12月25日(金) ← 早いほうの目安で入れました
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn a_conference_after_hostility_ends_with_the_day_until_which_they_are_left_in_peace() {
    let mut bot = bot_with(&[home(31, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-031 訪問 怒鳴られた 半年後").await;
    bot.all_read();
    bot.engine.clock().stand_at(instant("2026-12-02 10:00"));
    insta::assert_snapshot!(bot.says("佐藤", "H-031 ケース会議 係長と検討").await, @"
    記録しました H-031 ケース会議・係長と
    次の声かけ 2027年5月25日(火) ← 訪問を控える期間が明ける日です
    区分Bの目安(3か月)より先の日です
    要点だけ残しました。くわしい内容は記録票へ
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-031 前回は？").await, @"
    # H-031 支援中
    前回 12月2日(水) ケース会議・係長と
    その前 11月25日(水) 訪問・怒鳴られた
    次の声かけ 2027年5月25日(火)
    直接の訪問と電話は2027年5月25日(火)まで控えます
    訪問は二人で。事前に係長へ
    ");
}
