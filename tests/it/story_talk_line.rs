//! A line, and its answer: the exchanges by which a nurse knows the bot.
use crate::bot::{Home, TestBot, home, instant};
use koekake::domain::household::State;

/// Wednesday, 25 November 2026, at nine.
const NOW: &str = "2026-11-25 09:00";

async fn bot_with(homes: &[Home]) -> TestBot {
    TestBot::at(NOW, homes).await
}

/// What was recorded on an earlier day; nobody looks at the lists in between.
async fn earlier(bot: &mut TestBot, time: &str, who: &str, line: &str) {
    bot.engine.clock().stand_at(instant(time));
    let answer = bot.says(who, line).await;
    assert!(answer.starts_with("記録しました"), "{answer}");
    bot.engine.clock().stand_at(instant(NOW));
}

#[tokio::test]
async fn a_visit_that_met_nobody_is_recorded_and_the_home_asked_about() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await, @"
    記録しました H-012 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
}

#[tokio::test]
async fn an_answer_about_the_home_is_kept_with_the_visit() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    insta::assert_snapshot!(bot.presses("佐藤", "生活の様子あり").await, @"
    書き足しました H-012 訪問・不在・名刺投函・生活の様子あり
    次の声かけ 2027年2月25日(木)
    [元に戻す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    前回 11月25日(水) 訪問・不在・名刺投函・生活の様子あり
    次の声かけ 2027年2月25日(木)
    ");
}

#[tokio::test]
async fn worrying_signs_raise_the_alarm_and_the_author_learns_who_read_it() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    insta::assert_snapshot!(bot.presses("佐藤", "気になる").await, @"
    **係長へ送りました(未読)**
    **H-012 は安否の確認が必要です。進め方を今日中に係長と決めてください**
    書き足しました H-012 訪問・不在・名刺投函・気になる
    次の確認 今日 11月25日(水)
    [元に戻す]
    ");
    bot.moves_to("2026-11-25 10:42").await;
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * ■ H-012 安否の確認が必要です
      佐藤さんより 9:00
      緊急連絡先 (見本)
      [確認した] [開く]
    ");
    insta::assert_snapshot!(bot.presses("伊藤", "確認した").await, @"H-012 伊藤さんが10:42に確認しました");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"H-012 伊藤さんが10:42に確認しました");
    bot.all_read();
}

#[tokio::test]
async fn the_home_is_not_asked_about_when_somebody_was_met_lately_or_the_line_said_it() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(14, "佐藤", "2026-11-24"),
    ])
    .await;
    earlier(
        &mut bot,
        "2026-11-16 10:00",
        "佐藤",
        "H-012 訪問 母と話せた",
    )
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 不在").await, @"
    記録しました H-012 訪問・不在
    次の声かけ 12月9日(水) ← 不在の目安(2週間)です
    曜日を変えるなら、木曜もあります
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-014 訪問 不在 洗濯物あり").await, @"
    記録しました H-014 訪問・不在・生活の様子あり
    次の声かけ 12月25日(金) ← 不在(生活の様子あり)の目安(1か月)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
}

#[tokio::test]
async fn a_call_nobody_answered_comes_back_by_telephone() {
    let mut bot = bot_with(&[home(31, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-31 電話したけど出ない💦 来週の水曜かけ直し").await, @"
    記録しました H-031 電話・応答なし
    次の声かけ 12月2日(水) 電話
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn without_a_date_the_guideline_is_named_and_other_spans_offered() {
    let mut bot = bot_with(&[home(52, "佐藤", "2026-11-24")]).await;
    for (time, line) in [
        ("2026-09-25 10:00", "H-052 手紙 投函 1か月後"),
        ("2026-10-23 10:00", "H-052 手紙 投函 11/24"),
    ] {
        earlier(&mut bot, time, "佐藤", line).await;
    }
    insta::assert_snapshot!(bot.says("佐藤", "H-052 手紙 投函").await, @"
    記録しました H-052 手紙・投函(3通目)
    次の声かけ 12月25日(金) ← 手紙の目安(1か月)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "2週間").await, @"
    変えました H-052 次の声かけ 12月25日(金) → 12月9日(水)
    [元に戻す]
    ");
}

#[tokio::test]
async fn an_appointment_stays_through_a_call() {
    let mut bot = bot_with(&[home(60, "佐藤", "2026-11-24")]).await;
    earlier(
        &mut bot,
        "2026-11-12 10:00",
        "佐藤",
        "H-060 電話 母と話せた 次回12月10日14時来所",
    )
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-060 電話 留守電").await, @"
    記録しました H-060 電話・留守電
    次の声かけ 12月10日(木) 14時 来所の約束(そのまま)
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn a_limit_on_a_closed_day_is_kept_before_it() {
    let mut bot = bot_with(&[home(73, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-073 訪問 留守 1月中に").await, @"
    記録しました H-073 訪問・不在
    次の声かけ 2027年1月29日(金) ← 1月31日は日曜のため前に寄せました
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
}

#[tokio::test]
async fn a_date_that_cannot_be_is_named_back_and_asked() {
    let mut bot = bot_with(&[home(73, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-073 訪問 留守 2/29").await, @"
    記録しました H-073 訪問・不在
    2027年に2月29日はありません。いつにしますか。決まるまでは12月9日(水)です
    [2027年2月26日(金)] [2027年3月1日(月)] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "2027年2月26日(金)").await, @"
    変えました H-073 次の声かけ 12月9日(水) → 2027年2月26日(金)
    区分Bの目安(3か月)より先の日です
    [元に戻す]
    ");
}

#[tokio::test]
async fn a_weekday_that_disagrees_is_asked() {
    let mut bot = bot_with(&[home(64, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-064 来所 父母と面談 次回12/22(水)").await, @"
    記録しました H-064 来所・父母と面談
    12月22日は火曜日です。どちらですか。決まるまでは12月22日(火)です
    [22日(火)] [23日(水)]
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "23日(水)").await, @"
    変えました H-064 次の声かけ 12月22日(火) → 12月23日(水)
    [元に戻す]
    ");
}

/// Befell others: a date was made already late, without a word.
#[tokio::test]
async fn a_vague_or_past_date_is_asked_after_the_contact_was_saved() {
    let mut bot = bot_with(&[home(73, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-073 訪問 留守 しばらくして").await, @"
    記録しました H-073 訪問・不在
    「しばらくして」はいつでしょうか。決まるまでは12月9日(水)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-073 電話 出ず 次回11/20").await, @"
    記録しました H-073 電話・応答なし
    11月20日(金)は過ぎた日です。次はいつにしますか。決まるまでは12月2日(水)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
}

#[tokio::test]
async fn a_missing_household_is_asked_with_those_that_may_be_meant() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(31, "佐藤", "2026-11-26"),
        home(52, "佐藤", "2026-12-01"),
        home(99, "鈴木", "2026-11-20"),
    ])
    .await;
    earlier(
        &mut bot,
        "2026-08-20 10:00",
        "佐藤",
        "H-012 手紙 投函 11/24",
    )
    .await;
    earlier(
        &mut bot,
        "2026-05-25 10:00",
        "佐藤",
        "H-031 訪問 父と話せた 11/26",
    )
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "訪問 不在 名刺 3か月後").await, @"
    どの世帯ですか
    [H-012 前回8/20手紙] [H-031 前回5/25訪問] [H-052] [ほか] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "H-031 前回5/25訪問").await, @"
    記録しました H-031 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
}

#[tokio::test]
async fn after_other_a_code_alone_answers_the_question() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(31, "佐藤", "2026-11-26"),
    ])
    .await;
    bot.says("佐藤", "訪問 不在 名刺 3か月後").await;
    insta::assert_snapshot!(bot.presses("佐藤", "ほか").await, @"世帯の番号を送ってください(例 H-012) <送る>");
    insta::assert_snapshot!(bot.says("佐藤", "12").await, @"
    記録しました H-012 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
}

/// Befell others: another's reminder was changed by mistake.
#[tokio::test]
async fn a_colleagues_household_is_asked_before_it_is_recorded() {
    let mut bot = bot_with(&[
        home(21, "鈴木", "2026-11-24"),
        home(12, "佐藤", "2026-11-24"),
        home(20, "佐藤", "2026-11-26"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-021 訪問 不在").await, @"
    H-021 は鈴木さんの担当です。この世帯ですか
    [はい、記録する] [H-020] [H-012] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "はい、記録する").await, @"
    記録しました H-021 訪問・不在
    次の声かけ 12月9日(水) ← 不在の目安(2週間)です
    曜日を変えるなら、木曜もあります
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    H-021 佐藤さんが記録しました 訪問・不在。次は12月9日(水)
    [開く]
    ");
}

#[tokio::test]
async fn an_unknown_household_offers_the_likely_ones_and_a_registration() {
    let mut bot = bot_with(&[home(99, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-999 訪問 不在").await, @"
    H-999 は登録がありません
    [H-099] [新しく登録] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "新しく登録").await, @"
    H-999 はどこから把握しましたか
    [近隣] [民生委員] [地域包括] [ケアマネ] [家族] [本人] [ライフライン事業者] [その他]
    ");
}

#[tokio::test]
async fn typing_mistakes_are_read_and_said() {
    let mut bot = bot_with(&[home(50, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-050 訪門 不材 名詞 3ヶ月ご").await, @"
    記録しました H-050 訪問・不在・名刺投函(「訪門」「不材」「名詞」をこう読みました)
    次の声かけ 2027年2月25日(木)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
}

#[tokio::test]
async fn hostility_leads_to_a_conference_and_protects_the_nurse() {
    let mut bot = bot_with(&[home(31, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-031 訪問 怒鳴られた 名刺も突き返された 半年後").await, @"
    記録しました H-031 訪問・怒鳴られた・名刺返却
    次の確認 12月2日(水) ケース会議
    直接の訪問と電話は2027年5月25日(火)まで控えます
    係長へ送りました(未読)
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    H-031 佐藤さんが記録しました 訪問・怒鳴られた。次は12月2日(水)
    [開く]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-031 前回は？").await, @"
    # H-031 支援中
    前回 11月25日(水) 訪問・怒鳴られた・名刺返却
    次の確認 12月2日(水) ケース会議
    直接の訪問と電話は2027年5月25日(火)まで控えます
    訪問は二人で。事前に係長へ
    ");
}

#[tokio::test]
async fn all_is_well_is_taken_at_its_word_and_agencies_wait_for_consent() {
    let mut bot = bot_with(&[home(44, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-044 訪問 玄関先で母「今は大丈夫ですから」").await, @"
    記録しました H-044 訪問・母と話せた・「大丈夫」とのこと
    次の声かけ 12月25日(金) ← 「大丈夫」の目安(1か月)です
    民生委員や地域包括との訪問は、ご家族の同意と共有の範囲を確かめてから
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    bot.says("佐藤", "H-044 配慮 関係機関へ連絡しない").await;
    insta::assert_snapshot!(bot.says("佐藤", "H-044 訪問 玄関先で母「今は大丈夫ですから」").await, @"
    記録しました H-044 訪問・母と話せた・「大丈夫」とのこと
    次の声かけ 12月25日(金)(そのまま)
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn danger_first_says_whom_to_call() {
    let mut bot = bot_with(&[home(13, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-013 電話 本人 「もう消えてしまいたい」").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    緊急連絡先 (見本)
    記録しました H-013 電話・本人と話せた・緊急
    次の確認 今日 11月25日(水)
    [対応した] [取り消す]
    ");
    bot.moves_to("2026-11-25 09:05").await;
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * ■ H-013 緊急
      佐藤さんより 9:00
      緊急連絡先 (見本)
      [確認した] [開く]
    ");
    bot.all_read();
    insta::assert_snapshot!(bot.presses("佐藤", "対応した").await, @"
    H-013 には何をしましたか
    [訪問] [同行訪問] [電話] [手紙] [メール] [来所] [家族会・集団] [情報提供] [ケース会議] [関係機関連絡] [受診同行]
    ");
}

#[tokio::test]
async fn danger_out_of_hours_says_that_nobody_may_be_there() {
    let mut bot = TestBot::at("2026-11-25 21:00", &[home(13, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-013 電話 本人 「もう消えてしまいたい」").await, @"
    **いますぐ係長に電話してください。**
    **係長へ送りました(未読)**
    **閉庁中です。係長に届かない場合があります。緊急連絡先へ電話してください**
    緊急連絡先 (見本)
    記録しました H-013 電話・本人と話せた・緊急
    次の確認 今日 11月25日(水)
    [対応した] [取り消す]
    ");
}

#[tokio::test]
async fn a_correction_names_both_dates() {
    let mut bot = bot_with(&[home(33, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "H-033 訪問 不在 3か月後").await;
    insta::assert_snapshot!(bot.says("佐藤", "H-033 さっき3か月後って入れたけど1か月後で").await, @"
    変えました H-033 次の声かけ 2027年2月25日(木) → 12月25日(金)
    [元に戻す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "さっきのなし").await, @"
    取り消しました H-033 次の声かけは 2027年2月25日(木) に戻りました
    [取り消しをやめる]
    ");
}

#[tokio::test]
async fn last_time_is_three_lines_for_the_car() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    earlier(
        &mut bot,
        "2026-05-25 10:00",
        "佐藤",
        "H-012 訪問 父と話せた 3か月後",
    )
    .await;
    earlier(
        &mut bot,
        "2026-08-20 10:00",
        "佐藤",
        "H-012 手紙 投函 11/24",
    )
    .await;
    bot.says("佐藤", "H-012 配慮 無地の封筒").await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    前回 8月20日(木) 手紙・投函
    その前 5月25日(月) 訪問・父と話せた
    次の声かけ 11月24日(火)
    配慮 無地の封筒
    ");
}

#[tokio::test]
async fn a_paused_household_is_recorded_and_stays_paused() {
    let mut bot = bot_with(&[Home {
        state: State::Paused,
        ..home(12, "佐藤", "2026-12-10")
    }])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 父と話せた").await, @"
    記録しました H-012 訪問・父と話せた
    次の声かけ 12月10日(木)(そのまま)
    H-012 は中断中です。再開するときは「H-012 再開」
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn a_contact_without_an_outcome_is_saved_and_asked() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問").await, @"
    記録しました H-012 訪問
    次の声かけ 12月25日(金) ← ふだんの目安(1か月)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    H-012 訪問はいかがでしたか
    [不在] [名刺投函] [本人と話せた] [家族と話せた] [声だけ] [「大丈夫」とのこと] [拒否] [名刺返却] [怒鳴られた] [その他]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "家族と話せた").await, @"
    書き足しました H-012 訪問・家族と話せた
    次の声かけ 12月25日(金) ← 家族と話せたときの目安(1か月)です
    [元に戻す]
    ");
}

#[tokio::test]
async fn a_date_alone_is_set_and_the_contact_asked() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 12/15").await, @"
    予定を入れました H-012
    次の声かけ 12月15日(火)
    [取り消す] [日付を変える]
    H-012 には何をしましたか。日だけを変えるなら、理由を選んでください
    [訪問] [同行訪問] [電話] [手紙] [メール] [来所] [家族会・集団] [情報提供] [ケース会議] [関係機関連絡] [受診同行]
    [ご本人・家族の都合] [手が足りない] [天候・体調] [ほか]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "電話").await, @"
    H-012 電話はいかがでしたか
    [応答なし] [留守電] [本人と話せた] [家族と話せた] [「大丈夫」とのこと] [拒否] [怒鳴られた] [その他]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "留守電").await, @"
    記録しました H-012 電話・留守電
    次の声かけ 12月15日(火)(そのまま)
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn words_that_were_not_kept_are_said_not_to_be() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 母と話せた 犬が増えていて散歩道の相談 1か月後").await, @"
    記録しました H-012 訪問・母と話せた
    次の声かけ 12月25日(金)
    要点だけ残しました。くわしい内容は記録票へ
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn english_speaks_alike() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-24"),
        home(13, "佐藤", "2026-11-24"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "English").await, @"I will answer in English from now on");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 visit absent card 3m").await, @"
    Recorded H-012: visit, nobody home, card left
    Next check-in: Thu 25 Feb 2027
    [Undo] [Change the date] [Correct]
    How did the home look?
    [Signs of life] [As usual] [Worrying] [Did not look]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 last time?").await, @"
    # H-012 (active)
    Last time: Wed 25 Nov: visit, nobody home, card left
    Next check-in: Thu 25 Feb 2027
    ");
    insta::assert_snapshot!(bot.says("佐藤", "undo").await, @"
    Taken back H-012. Next check-in is Tue 24 Nov again
    [Keep it after all]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 call no answer next Friday").await, @"
    Recorded H-012: call, no answer
    Next check-in: Fri 4 Dec
    [Undo] [Change the date] [Correct]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "visit absent").await, @"
    Which household?
    [H-013] [H-012, last 25 Nov call] [Other] [Never mind]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "日本語").await, @"これからは日本語で返します");
}

/// 今日 and 明日 are the office's own from midnight to midnight, whatever day it is
/// elsewhere; and an hour alone, still ahead or past, is no date and moves none.
#[tokio::test]
async fn today_is_the_offices_own_until_midnight_and_an_hour_alone_is_no_date() {
    for time in ["00:00", "08:59", "14:30", "23:59"] {
        let mut bot = bot_with(&[home(12, "佐藤", "2026-11-27")]).await;
        let now = instant(&format!("2026-11-25 {time}"));
        bot.engine.clock().stand_at(now);
        for hour in ["15時", "9時"] {
            let line = format!("H-012 電話 応答なし 次回{hour}");
            let answer = bot.says("佐藤", &line).await;
            assert!(
                answer.contains("次の声かけ 11月27日(金)"),
                "{time} {line}: {answer}"
            );
        }
        for (next, expected) in [
            ("今日中", "次の声かけ 今日 11月25日(水)"),
            ("明日9時", "次の声かけ 11月26日(木)"),
        ] {
            let line = format!("H-012 電話 応答なし 次回{next}");
            let answer = bot.says("佐藤", &line).await;
            assert!(answer.contains(expected), "{time} {line}: {answer}");
        }
        let brief = bot.says("佐藤", "H-012 前回は？").await;
        assert!(brief.contains("前回 11月25日(水)"), "{time}: {brief}");
        bot.all_read();
    }
}

/// A date that is long past takes what was done since under its own day, which is in
/// the past; and nothing is recorded under a day that has not come: it is the next one.
#[tokio::test]
async fn a_visit_of_last_week_is_recorded_under_its_own_day_however_late_the_date_is() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-09-10")]).await;
    for (line, brief) in [
        (
            "先週木曜 訪問 母と話せた 1か月後",
            "前回 11月19日(木) 訪問・母と話せた",
        ),
        ("昨日電話 応答なし", "前回 11月24日(火) 電話・応答なし"),
        (
            "来週木曜 訪問 母と話せた",
            "前回 11月25日(水) 訪問・母と話せた",
        ),
    ] {
        let answer = bot.says("佐藤", &format!("H-012 {line}")).await;
        assert!(answer.starts_with("記録しました H-012"), "{line}: {answer}");
        let shown = bot.says("佐藤", "H-012 前回は？").await;
        assert!(shown.contains(brief), "{line}: {shown}");
    }
    let shown = bot.says("佐藤", "H-012 前回は？").await;
    assert!(shown.contains("次の声かけ 12月3日(木)"), "{shown}");
}

/// A visit under the wrong day is taken back with the date that it made; recorded anew
/// it stands under its own day, and the old date comes no more.
#[tokio::test]
async fn a_visit_under_the_wrong_day_is_taken_back_with_its_date() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    let answer = bot.says("佐藤", "H-012 訪問 不在 12/2").await;
    assert!(answer.contains("次の声かけ 12月2日(水)"), "{answer}");
    let answer = bot.says("佐藤", "取り消し").await;
    assert!(answer.contains("11月24日(火) に戻りました"), "{answer}");
    bot.says("佐藤", "H-012 11/19 訪問 不在 12/3").await;
    let brief = bot.says("佐藤", "H-012 前回は？").await;
    assert!(brief.contains("前回 11月19日(木) 訪問・不在"), "{brief}");
    insta::assert_snapshot!(bot.told_until("2026-12-04 09:00").await, @r"
    2026-11-27 Fri 15:00 佐藤 ○ H-012 12月3日(木) 声かけ
    2026-12-03 Thu 08:30 佐藤 ● H-012
    ");
}
