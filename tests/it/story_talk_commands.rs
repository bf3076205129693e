//! The commands about a household: its lists, its course, its states.
use crate::bot::{Home, TestBot, home, instant};
use koekake::domain::household::State;

/// Wednesday, 25 November 2026, at nine.
const NOW: &str = "2026-11-25 09:00";

async fn bot_with(homes: &[Home]) -> TestBot {
    TestBot::at(NOW, homes).await
}

fn three() -> Vec<Home> {
    vec![
        home(12, "佐藤", "2026-11-25"),
        home(18, "佐藤", "2026-10-15"),
        home(31, "鈴木", "2026-11-13"),
        home(52, "佐藤", "2026-11-27"),
        home(60, "佐藤", "2026-12-01"),
    ]
}

#[tokio::test]
async fn plans_are_shown_by_day_and_week() {
    let mut bot = bot_with(&three()).await;
    insta::assert_snapshot!(bot.says("佐藤", "今日の予定").await, @"
    # 今日の予定
    * ● H-012 11月25日(水) 声かけ
      [開く]
    予定の日を過ぎている世帯は1世帯です
    [日を過ぎた世帯]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "今週の予定").await, @"
    # 今週の予定
    * ● H-012 11月25日(水) 声かけ
      [開く]
    * ○ H-052 11月27日(金) 声かけ
      [開く]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "来週の予定").await, @"
    # 来週の予定
    * H-060 12月1日(火) 声かけ
      [開く]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "/upcoming 来週").await, @"
    # 来週の予定
    * H-060 12月1日(火) 声かけ 佐藤
      [開く]
    ");
    insta::assert_snapshot!(bot.says("渡辺", "今日の予定").await, @"
    # 今日の予定
    * ● H-012 11月25日(水) 声かけ 佐藤
      [開く]
    予定の日を過ぎている世帯は2世帯です
    [期限超過]
    ");
    insta::assert_snapshot!(bot.says("鈴木", "来週の予定").await, @"来週の予定はありません");
}

#[tokio::test]
async fn overdue_is_told_to_each_in_their_own_words() {
    let mut bot = bot_with(&three()).await;
    insta::assert_snapshot!(bot.says("佐藤", "期限超過").await, @"
    # 予定の日を過ぎている世帯は1世帯です
    * ▲41 H-018 10月15日(木) 声かけ
      [記録する] [日を変える] [開く]
    ");
    insta::assert_snapshot!(bot.says("鈴木", "休み 11/25から12/2").await, @"
    鈴木さんの休み 11月25日(水)から12月2日(水)まで。代行が決まるまで、副担当と係長へお知らせします
    佐藤さんへ代行をお願いしますか
    [お願いする]
    [取り消す]
    ");
    bot.says("佐藤", "H-018 12/1").await;
    bot.says("佐藤", "さっきのなし").await;
    insta::assert_snapshot!(bot.says("伊藤", "期限超過").await, @"
    # 期限超過 2世帯(支援中5世帯、すべてに予定あり)
    * ▲41 H-018 41日 佐藤
      10月15日(木)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    * ▲12 H-031 12日 鈴木(休み、代行なし)
      11月13日(金)の予定
      [鈴木さんに聞く] [担当を変える] [日を変える] [開く]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "/overdue").await, @"
    # 期限超過 2世帯(支援中5世帯、すべてに予定あり)
    * ▲41 H-018 41日 佐藤
      10月15日(木)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    * ▲12 H-031 12日 鈴木(休み、代行なし)
      11月13日(金)の予定
      [鈴木さんに聞く] [担当を変える] [日を変える] [開く]
    ");
}

#[tokio::test]
async fn nothing_overdue_is_said_with_the_proof() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "期限超過").await, @"予定の日を過ぎている世帯はありません(支援中1世帯、すべてに予定あり)");
    insta::assert_snapshot!(bot.says("伊藤", "期限超過").await, @"予定の日を過ぎている世帯はありません(支援中1世帯、すべてに予定あり)");
}

#[tokio::test]
async fn a_course_is_shown_newest_first_and_goes_on() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-06-01")]).await;
    for day in 1..=12 {
        bot.engine
            .clock()
            .stand_at(instant(&format!("2026-10-{day:02} 10:00")));
        bot.says("佐藤", "H-012 訪問 不在 名刺 11/25").await;
    }
    bot.engine.clock().stand_at(instant(NOW));
    insta::assert_snapshot!(bot.says("佐藤", "H-012 経過").await, @"
    # H-012 支援中
    主担当 佐藤
    把握経路 家族・第一報 2025年4月1日(火)
    接触12回・名刺12枚・手紙0通
    次の声かけ 今日 11月25日(水)
    10月12日(月) 訪問・不在・名刺投函 (佐藤)
    10月11日(日) 訪問・不在・名刺投函 (佐藤)
    10月10日(土) 訪問・不在・名刺投函 (佐藤)
    10月9日(金) 訪問・不在・名刺投函 (佐藤)
    10月8日(木) 訪問・不在・名刺投函 (佐藤)
    10月7日(水) 訪問・不在・名刺投函 (佐藤)
    10月6日(火) 訪問・不在・名刺投函 (佐藤)
    10月5日(月) 訪問・不在・名刺投函 (佐藤)
    10月4日(日) 訪問・不在・名刺投函 (佐藤)
    10月3日(土) 訪問・不在・名刺投函 (佐藤)
    [次へ]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "次へ").await, @"
    # H-012 支援中
    10月2日(金) 訪問・不在・名刺投函 (佐藤)
    10月1日(木) 訪問・不在・名刺投函 (佐藤)
    ");
    insta::assert_snapshot!(bot.says("鈴木", "H-012 履歴").await, @"
    # H-012 支援中
    主担当 佐藤
    把握経路 家族・第一報 2025年4月1日(火)
    接触12回・名刺12枚・手紙0通
    次の声かけ 今日 11月25日(水)
    10月12日(月) 訪問・不在・名刺投函 (佐藤)
    10月11日(日) 訪問・不在・名刺投函 (佐藤)
    10月10日(土) 訪問・不在・名刺投函 (佐藤)
    10月9日(金) 訪問・不在・名刺投函 (佐藤)
    10月8日(木) 訪問・不在・名刺投函 (佐藤)
    10月7日(水) 訪問・不在・名刺投函 (佐藤)
    10月6日(火) 訪問・不在・名刺投函 (佐藤)
    10月5日(月) 訪問・不在・名刺投函 (佐藤)
    10月4日(日) 訪問・不在・名刺投函 (佐藤)
    10月3日(土) 訪問・不在・名刺投函 (佐藤)
    [次へ]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-912 前回は？").await, @"
    H-912 は登録がありません
    [H-012]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "H-012").await, @"
    * ● H-012 支援中
      11月25日(水)の予定
      前回 10月12日(月) 訪問・不在・名刺投函 / 10月11日(日) 訪問・不在・名刺投函 / 10月10日(土) 訪問・不在・名刺投函
      名刺12枚
      [記録する] [やります] [日を変える] [相談する] [経過を見る]
    ");
}

/// Befell others: a pause had to be left out by hand in each list, or had no end.
#[tokio::test]
async fn a_pause_asks_for_its_reason_and_is_reviewed_within_the_fiscal_year() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-12-01"),
        home(13, "佐藤", "2026-12-01"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 中断").await, @"
    H-012 を中断する理由は
    [家族の相談意欲の低下] [父母の意見の不一致] [早い解決への期待] [家族の疲れ・落ち込み] [本人の拒否] [事業所の事情]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "父母の意見の不一致").await, @"
    中断しました H-012 理由 父母の意見の不一致
    次の確認 2027年2月25日(木) ← 中断の見直しの目安(3か月)です
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 中断 疲労 6か月後").await, @"
    中断しました H-013 理由 家族の疲れ・落ち込み
    次の確認 2027年3月31日(水)
    年度をまたぐ中断はできないため、2027年3月31日(水)に見直します
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 父と話せた").await, @"
    記録しました H-012 訪問・父と話せた
    次の声かけ 12月25日(金) ← 家族と話せたときの目安(1か月)です
    H-012 は中断中です。再開するときは「H-012 再開」
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 再開").await, @"
    支援中に戻しました H-012
    次の声かけ 11月30日(月) ← 再開の目安(3開庁日)です
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 再開").await, @"H-012 は中断・見守りではありません");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 再開 12/15").await, @"
    支援中に戻しました H-013
    次の声かけ 12月15日(火)
    [取り消す]
    ");
}

#[tokio::test]
async fn a_pause_late_in_the_fiscal_year_is_capped() {
    let mut bot = TestBot::at("2027-02-10 09:00", &[home(12, "佐藤", "2027-03-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 中断 本人の拒否").await, @"
    中断しました H-012 理由 本人の拒否
    次の確認 3月31日(水) ← 中断の見直しの目安です
    年度をまたぐ中断はできないため、3月31日(水)に見直します
    [取り消す]
    ");
}

#[tokio::test]
async fn watching_keeps_the_date() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 見守り").await, @"
    見守りにしました H-012
    次の声かけ 12月1日(火)(そのまま)
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 再開").await, @"
    支援中に戻しました H-012
    次の声かけ 12月1日(火)(そのまま)
    [取り消す]
    ");
}

/// Befell others: a task was ended or put off and whoever had asked was not told.
#[tokio::test]
async fn a_closure_waits_for_the_supervisor() {
    let mut bot = bot_with(&[home(19, "佐藤", "2026-12-01")]).await;
    bot.engine.clock().stand_at(instant("2026-11-20 10:00"));
    bot.says("佐藤", "H-019 来所 本人と面談 12/1").await;
    bot.engine.clock().stand_at(instant(NOW));
    insta::assert_snapshot!(bot.says("佐藤", "H-019 終結").await, @"
    H-019 を終結する理由は
    [問題の解決] [社会的活動の再開] [専門機関への引継ぎ] [相談意欲の消失] [死亡] [転居(引継ぎ済み)] [その他]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "社会的活動の再開").await, @"終結の確認を係長へお願いしました H-019 理由 社会的活動の再開。確認されるまで予定は残ります");
    insta::assert_snapshot!(bot.says("佐藤", "H-019 終結 解決").await, @"H-019 は係長の確認待ちです");
    insta::assert_snapshot!(bot.says("佐藤", "H-019 前回は？").await, @"
    # H-019 支援中
    前回 11月20日(金) 来所・本人と面談
    次の声かけ 12月1日(火)
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * 佐藤さんから依頼 H-019 終結の確認(理由 社会的活動の再開)
      接触1回、最終 11月20日(金)
      [確認] [差し戻す] [経過を見る]
    ");
    let decline = bot.button("伊藤", "差し戻す").expect("a button");
    insta::assert_snapshot!(bot.presses("伊藤", "確認").await, @"
    終結しました H-019
    [取り消す]
    ");
    insta::assert_snapshot!(bot.presses_action("伊藤", decline).await, @"この依頼には返事が済んでいます");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"H-019 伊藤さんが確認しました 終結の確認(理由 社会的活動の再開)");
    insta::assert_snapshot!(bot.says("佐藤", "H-019 訪問 不在").await, @"
    H-019 は終結しています。再開して記録しますか
    [再開して記録する] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "再開して記録する").await, @"
    再開しました H-019
    記録しました H-019 訪問・不在
    次の声かけ 12月9日(水) ← 不在の目安(2週間)です
    曜日を変えるなら、木曜もあります
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
}

#[tokio::test]
async fn a_closure_that_is_sent_back_changes_nothing() {
    let mut bot = bot_with(&[home(19, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "H-019 終結 相談意欲なし").await;
    let accept = {
        bot.all_read();
        bot.button("伊藤", "確認").expect("a button")
    };
    insta::assert_snapshot!(bot.presses_action("佐藤", accept).await, @"係長か代理の方ができることです。係長に伝えてください");
    insta::assert_snapshot!(bot.presses("伊藤", "差し戻す").await, @"差し戻しました");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"H-019 伊藤さんが差し戻しました 終結の確認(理由 相談意欲の消失)");
    insta::assert_snapshot!(bot.says("佐藤", "H-019 前回は？").await, @"
    # H-019 支援中
    接触はまだありません
    次の声かけ 12月1日(火)
    ");
}

#[tokio::test]
async fn a_request_can_be_taken_back_before_its_answer() {
    let mut bot = bot_with(&[home(19, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "H-019 終結 解決").await;
    bot.all_read();
    let accept = bot.button("伊藤", "確認").expect("a button");
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"
    取り消しました H-019 次の声かけ 12月1日(火)(そのまま)
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.presses_action("伊藤", accept).await, @"この依頼には返事が済んでいます");
    bot.all_read();
}

#[tokio::test]
async fn a_transfer_is_checked_every_fortnight_until_its_receipt() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-20")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 受理確認").await, @"H-012 は移管の受理待ちではありません");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 移管").await, @"移管の確認を係長へお願いしました H-012。確認されるまで予定は残ります");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    * 佐藤さんから依頼 H-012 移管の確認
      接触0回
      [確認] [差し戻す] [経過を見る]
    ");
    insta::assert_snapshot!(bot.presses("伊藤", "確認").await, @"
    移管を確認しました H-012。移管先の受理が分かるまで、確認を続けます。分かったら「H-012 受理確認」
    次の確認 12月9日(水) ← 移管先の受理待ちの目安(2週間)です
    [取り消す]
    ");
    bot.all_read();
    bot.engine.clock().stand_at(instant("2026-12-09 10:00"));
    insta::assert_snapshot!(bot.says("佐藤", "H-012 電話 母と話せた").await, @"
    記録しました H-012 電話・母と話せた
    次の確認 12月23日(水) ← 移管先の受理待ちの目安(2週間)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 受理確認").await, @"
    移管を終えました H-012
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 見守り").await, @"H-012 は支援を終えています。再開するときは「H-012 再開」");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 再受理 12/15").await, @"
    再開しました H-012
    次の声かけ 12月15日(火)
    [取り消す]
    ");
}

#[tokio::test]
async fn a_household_is_registered_with_how_it_became_known() {
    let mut bot = bot_with(&[home(99, "佐藤", "2026-12-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-200 登録").await, @"
    H-200 はどこから把握しましたか
    [近隣] [民生委員] [地域包括] [ケアマネ] [家族] [本人] [ライフライン事業者] [その他]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "民生委員").await, @"
    登録しました H-200 把握経路 民生委員
    次の声かけ 11月30日(月) ← 新しい世帯の目安(3開庁日)です
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "登録 H-201 家族 11/20").await, @"
    登録しました H-201 把握経路 家族
    次の声かけ 11月30日(月) ← 新しい世帯の目安(3開庁日)です
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-201 登録").await, @"H-201 は登録済みです");
    insta::assert_snapshot!(bot.says("佐藤", "H-201 経過").await, @"
    # H-201 受理
    主担当 佐藤
    把握経路 家族・第一報 11月20日(金)
    接触0回・名刺0枚・手紙0通
    次の声かけ 11月30日(月)
    接触はまだありません
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-201 訪問 母と話せた 1か月後").await, @"
    記録しました H-201 訪問・母と話せた
    次の声かけ 12月25日(金)
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "登録 H-202 近所").await, @"
    登録しました H-202 把握経路 近隣
    次の声かけ 11月30日(月) ← 新しい世帯の目安(3開庁日)です
    [取り消す]
    H-202 の担当をどなたにしますか
    [佐藤さん] [鈴木さん]
    ");
}

#[tokio::test]
async fn a_line_for_a_new_household_is_recorded_with_its_registration() {
    let mut bot = bot_with(&[home(99, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "H-300 訪問 不在 名刺 1か月後").await;
    bot.presses("佐藤", "新しく登録").await;
    insta::assert_snapshot!(bot.presses("佐藤", "地域包括").await, @"
    登録しました H-300 把握経路 地域包括
    記録しました H-300 訪問・不在・名刺投函
    次の声かけ 12月25日(金)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-300 前回は？").await, @"
    # H-300 支援中
    前回 11月25日(水) 訪問・不在・名刺投函
    次の声かけ 12月25日(金)
    ");
}

#[tokio::test]
async fn a_registration_by_command_takes_no_line_that_waits_for_another() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "訪問 不在 名刺 3か月後").await;
    insta::assert_snapshot!(bot.says("佐藤", "登録 H-300 家族").await, @"
    登録しました H-300 把握経路 家族
    次の声かけ 11月30日(月) ← 新しい世帯の目安(3開庁日)です
    [取り消す]
    ");
}

#[tokio::test]
async fn class_flags_and_a_time_of_peace_are_set_and_shown() {
    let mut bot = bot_with(&[home(12, "佐藤", "2027-02-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 区分A").await, @"
    H-012 を区分Aにしました
    区分Aの目安(1か月)より先の日です
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 不在 3か月後").await, @"
    記録しました H-012 訪問・不在
    次の声かけ 2027年2月25日(木)
    区分Aの目安(1か月)より先の日です
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 配慮 二人で 無地の封筒").await, @"
    H-012 の配慮事項 二人以上で・無地の封筒
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問を控える 2/1まで").await, @"
    H-012 直接の訪問と電話は2027年2月1日(月)まで控えます
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 父と話せた").await, @"
    記録しました H-012 訪問・父と話せた
    次の声かけ 2027年2月25日(木)(そのまま)
    2027年2月1日(月)まで訪問を控える予定の世帯です。事情があれば係長へお知らせください
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    前回 11月25日(水) 訪問・父と話せた
    その前 11月25日(水) 訪問・不在
    次の声かけ 2027年2月25日(木)
    配慮 二人以上で・無地の封筒
    直接の訪問と電話は2027年2月1日(月)まで控えます
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問を控える 解除").await, @"係長か代理の方ができることです。係長に伝えてください");
    insta::assert_snapshot!(bot.says("伊藤", "H-012 訪問を控える 解除").await, @"
    H-012 の訪問を控える期間を解きました
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 配慮 解除 二人で").await, @"
    H-012 の配慮事項 無地の封筒
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 区分").await, @"
    H-012 の区分はどれですか
    [区分A] [区分B] [区分C] [区分なし]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "区分なし").await, @"
    H-012 の区分を外しました(目安は区分Bと同じです)
    [取り消す]
    ");
    bot.all_read();
}

#[tokio::test]
async fn the_supervisor_records_for_a_nurse_who_is_told() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("伊藤", "H-012 電話 母と話せた").await, @"
    記録しました H-012 電話・母と話せた
    次の声かけ 12月25日(金) ← 家族と話せたときの目安(1か月)です
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    H-012 伊藤さんが記録しました 電話・家族と話せた。次は12月25日(金)
    [開く]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "H-012 訪問 怒鳴られた").await, @"
    記録しました H-012 訪問・怒鳴られた
    次の確認 12月2日(水) ケース会議
    直接の訪問と電話は2027年2月25日(木)まで控えます
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "H-012 電話 本人 死にたいと").await, @"
    **いますぐ、もう一人にも電話してください。**
    **どなたかが「確認した」を押すまで、お知らせが続きます**
    緊急連絡先 (見本)
    記録しました H-012 電話・本人と話せた・緊急
    次の確認 今日 11月25日(水)
    [対応した] [取り消す]
    ");
    bot.all_read();
}

#[tokio::test]
async fn a_paused_household_of_a_colleague_is_not_resumed_by_another() {
    let mut bot = bot_with(&[Home {
        state: State::Paused,
        ..home(12, "鈴木", "2026-12-10")
    }])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 再開").await, @"鈴木さんの担当です。代わるときは、係長に担当か代行を変えてもらってください");
}

#[tokio::test]
async fn commands_in_english() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-20"),
        home(13, "佐藤", "2026-12-01"),
    ])
    .await;
    bot.says("佐藤", "English").await;
    insta::assert_snapshot!(bot.says("佐藤", "plans today").await, @"
    Nothing is planned for today
    Households past their date: 1
    [Past their date]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "overdue").await, @"
    # Households past their date: 1
    * ▲5 H-012 Fri 20 Nov check-in
      [Record] [Another day] [Open]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 history").await, @"
    # H-012 (active)
    Main nurse 佐藤
    Known by: family, first on Tue 1 Apr 2025
    0 contacts, 0 cards, 0 letters
    Next check-in: Fri 20 Nov
    No contact yet
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 pause").await, @"
    Why is H-012 paused?
    [The family's will to consult has faded] [The parents disagree] [A quick cure was hoped for] [The family's fatigue or low mood] [The person refuses] [The office's own reasons]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 class A").await, @"
    H-013 is of class A now
    [Undo]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 flags two together").await, @"
    H-013, mind: two together
    [Undo]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 watch").await, @"
    H-013 is watched over now
    Next check-in: Tue 1 Dec (as before)
    [Undo]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-013 close solved").await, @"Your supervisor was asked to confirm closing H-013 (the problem is solved). Its date stays until then");
    insta::assert_snapshot!(bot.says("佐藤", "H-014 add").await, @"
    Who told you of H-014?
    [Neighbour] [Welfare commissioner] [Community support centre] [Care manager] [Family] [The person] [Utility company] [Other]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "correct H-013 in 2 weeks").await, @"
    Changed H-013. Next check-in: Tue 1 Dec → Wed 9 Dec
    [Put back]
    Why?
    [The household's wish] [Short-handed] [Weather, health] [Other]
    ");
    bot.all_read();
}

#[tokio::test]
async fn a_registration_that_was_a_mistake_is_taken_back_and_may_be_taken_up_again() {
    let mut bot = bot_with(&[home(99, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "登録 H-200 家族").await;
    insta::assert_snapshot!(bot.presses("佐藤", "取り消す").await, @"
    取り消しました H-200
    [取り消しをやめる]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "登録 H-200 民生委員").await, @"H-200 は支援を終えています。再開するときは「H-200 再開」");
    insta::assert_snapshot!(bot.says("佐藤", "H-200 再開").await, @"
    再開しました H-200
    次の声かけ 11月30日(月) ← 再開の目安(3開庁日)です
    [取り消す]
    ");
}

#[tokio::test]
async fn a_command_without_a_household_says_how_to_send_it() {
    let mut bot = bot_with(&[home(99, "佐藤", "2026-12-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "/pause").await, @"世帯の番号を添えて、もう一度送ってください(例 「H-012 前回は？」)");
    insta::assert_snapshot!(bot.says("佐藤", "/登録").await, @"世帯の番号を添えて、もう一度送ってください(例 「H-012 前回は？」)");
}

#[tokio::test]
async fn every_command_may_be_given_with_a_slash_in_both_languages() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    for (line, expected) in [
        ("/log H-012 電話 出ず 来週", "記録しました H-012"),
        ("/記録 H-012 電話 出ず 来週", "記録しました H-012"),
        ("/undo", "取り消しました H-012"),
        ("/取り消し", "元に戻しました H-012"),
        ("/overdue", "予定の日を過ぎている世帯はありません"),
        ("/期限超過", "予定の日を過ぎている世帯はありません"),
        ("/upcoming", "今週の予定"),
        ("/予定 来週", "来週の予定"),
        ("/show H-012", "H-012 支援中"),
        ("/履歴 H-012", "H-012 支援中"),
        ("/class H-012 b", "H-012 を区分Bにしました"),
        ("/区分 H-012 A", "H-012 を区分Aにしました"),
        ("/flags H-012 無地の封筒", "H-012 の配慮事項 無地の封筒"),
        (
            "/配慮 H-012 二人で",
            "H-012 の配慮事項 二人以上で・無地の封筒",
        ),
        (
            "/not_before H-012 12/10",
            "H-012 直接の訪問と電話は12月10日(木)まで控えます",
        ),
        ("/watch H-012", "見守りにしました H-012"),
        ("/resume H-012", "支援中に戻しました H-012"),
        ("/pause H-012", "H-012 を中断する理由は"),
        ("/中断 H-012 本人の拒否", "中断しました H-012"),
        ("/再開 H-012", "支援中に戻しました H-012"),
        ("/close H-012", "H-012 を終結する理由は"),
        ("/transfer H-012", "移管の確認を係長へお願いしました H-012"),
        ("/received H-012", "H-012 は移管の受理待ちではありません"),
        ("/assign H-012 鈴木", "係長か代理の方ができることです"),
        ("/add H-300", "H-300 はどこから把握しましたか"),
        ("/登録 H-300 家族", "登録しました H-300"),
        ("/leave 12/21", "佐藤さんの休み 12月21日(月)"),
        ("/休み", "佐藤さんは今日お休みです"),
        (
            "/cover 12/21 鈴木",
            "12月21日(月) 佐藤さんの代行は鈴木さんです",
        ),
        ("/language english", "I will answer in English"),
        ("/language 日本語", "これからは日本語で返します"),
        ("/help", "記録: "),
        ("/使い方", "記録: "),
    ] {
        let answer = bot.says("佐藤", line).await;
        assert!(answer.contains(expected), "{line}\n{answer}");
    }
    bot.all_read();
}

#[tokio::test]
async fn a_class_is_set_with_or_without_a_space() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    for (line, class) in [
        ("H-012 区分B", "区分Bにしました"),
        ("H-012 区分 C", "区分Cにしました"),
        ("H-012 クラスＡ", "区分Aにしました"),
        ("H-012 class b", "区分Bにしました"),
        ("H-012 区分 なし", "区分を外しました"),
        ("H-012 区分を外して", "区分を外しました"),
        ("H-012 no class", "区分を外しました"),
        ("H-012 区分", "区分はどれですか"),
        ("/class H-012", "区分はどれですか"),
    ] {
        let answer = bot.says("佐藤", line).await;
        assert!(answer.contains(class), "{line}: {answer}");
    }
}

#[tokio::test]
async fn the_date_of_a_pause_is_kept_while_its_reason_is_asked() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "H-012 中断 2027/3/1").await;
    let answer = bot.presses("佐藤", "本人の拒否").await;
    assert!(answer.contains("2027年3月1日(月)"), "{answer}");
}
