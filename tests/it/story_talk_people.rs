//! The commands about people: who cares for a household, who is away, who
//! stands in, who reads which language.
use crate::bot::{Home, TestBot, home};

/// Wednesday, 25 November 2026, at nine.
const NOW: &str = "2026-11-25 09:00";

async fn bot_with(homes: &[Home]) -> TestBot {
    TestBot::at(NOW, homes).await
}

#[tokio::test]
async fn those_who_lead_assign_main_and_second_nurse() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 担当を鈴木さんへ").await, @"係長か代理の方ができることです。係長に伝えてください");
    insta::assert_snapshot!(bot.says("伊藤", "H-012 担当を鈴木さんへ").await, @"
    H-012 の主担当を鈴木さんにしました
    [取り消す]
    ");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"H-012 の主担当は鈴木さんになりました(伊藤さんより)");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    H-012 の主担当になりました(伊藤さんより)。次は12月1日(火)
    [開く]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "H-012 副担当 佐藤").await, @"
    H-012 の副担当を佐藤さんにしました
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("伊藤", "取り消し").await, @"
    取り消しました H-012 次の声かけ 12月1日(火)(そのまま)
    [取り消しをやめる]
    ");
    bot.all_read();
}

#[tokio::test]
async fn a_name_that_is_nobodys_is_not_repeated_and_the_team_is_offered() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    insta::assert_snapshot!(bot.says("伊藤", "H-012 担当を山田さんへ").await, @"
    その名前の職員が見つかりません。同じチームの方の苗字で送ってください
    H-012 の担当をどなたにしますか
    [鈴木さん]
    ");
    insta::assert_snapshot!(bot.presses("伊藤", "鈴木さん").await, @"
    H-012 の主担当を鈴木さんにしました
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 担当を山田さんへ").await, @"その名前の職員が見つかりません。同じチームの方の苗字で送ってください");
    insta::assert_snapshot!(bot.says("佐藤", "休み 12/1から12/4 代行 山田").await, @"その名前の職員が見つかりません。同じチームの方の苗字で送ってください");
    bot.all_read();
}

#[tokio::test]
async fn a_day_off_is_covered_with_one_tap() {
    let mut bot = bot_with(&[
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-20"),
    ])
    .await;
    insta::assert_snapshot!(bot.says("佐藤", "今日休み").await, @"
    佐藤さんは今日お休みです。今日の約束0・声かけ2。代行が決まるまで、副担当と係長へお知らせします
    鈴木さんへ代行をお願いしますか
    [お願いする]
    [取り消す]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "お願いする").await, @"11月25日(水) 佐藤さんの代行は鈴木さんです");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"11月25日(水) 佐藤さんの代行です。いま2世帯、期間中に0世帯");
    insta::assert_snapshot!(bot.says("鈴木", "H-012 訪問 不在 1か月後").await, @"
    記録しました H-012 訪問・不在
    次の声かけ 12月25日(金)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    bot.all_read();
}

#[tokio::test]
async fn a_leave_names_its_days_and_its_cover() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-02")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "休み 12/1から12/12 代行 鈴木").await, @"
    佐藤さんの休み 12月1日(火)から12月12日(土)まで。代行は鈴木さんです
    [取り消す]
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"12月1日(火)から12月12日(土)まで 佐藤さんの代行です。いま0世帯、期間中に1世帯");
    insta::assert_snapshot!(bot.says("鈴木", "休み 12/21から12/25").await, @"
    鈴木さんの休み 12月21日(月)から12月25日(金)まで。代行が決まるまで、副担当と係長へお知らせします
    佐藤さんへ代行をお願いしますか
    [お願いする]
    [取り消す]
    ");
    insta::assert_snapshot!(bot.says("鈴木", "佐藤さん 休み 12/21から12/25").await, @"係長か代理の方ができることです。係長に伝えてください");
    insta::assert_snapshot!(bot.says("伊藤", "鈴木さん 代行 12/21から12/25 佐藤").await, @"12月21日(月)から12月25日(金)まで 鈴木さんの代行は佐藤さんです");
    insta::assert_snapshot!(bot.says("佐藤", "代行 12/21から12/25 佐藤").await, @"どなたのことですか。苗字を添えて送ってください(例 代行 12/1から12/12 佐藤)");
    bot.all_read();
}

#[tokio::test]
async fn help_names_every_command_and_each_of_them_is_understood() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-02")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "使い方").await, @"
    記録: 「H-012 訪問 不在 名刺 3か月後」のように1行で。順番は自由です
    日付: 3か月後・来週火曜・12/15・1月中旬・月末・年明け など
    一覧: 「今日の予定」「今週の予定」「来週の予定」「期限超過」
    経過: 「H-012 前回は？」「H-012 履歴」
    取り消し: 「取り消し」 訂正: 「訂正 H-012 1か月後」
    状態: 「H-012 中断」「再開」「見守り」「終結」「移管」「区分A」「配慮 二人で」「登録」
    人: 「H-012 担当を佐藤へ」「休み 12/1から12/12 代行 佐藤」「今日休み」
    ページ: 「ページ」 お知らせ: 「お知らせはDiscordへ」「お知らせ 9:00」 勤務日: 「勤務日 月水金」
    雑談や相談の言葉には返事をせず、何も残しません
    命や安全にかかわるときは、まず電話を。ここは緊急通報の窓口ではありません
    ");
    insta::assert_snapshot!(bot.says("佐藤", "/help").await, @"
    記録: 「H-012 訪問 不在 名刺 3か月後」のように1行で。順番は自由です
    日付: 3か月後・来週火曜・12/15・1月中旬・月末・年明け など
    一覧: 「今日の予定」「今週の予定」「来週の予定」「期限超過」
    経過: 「H-012 前回は？」「H-012 履歴」
    取り消し: 「取り消し」 訂正: 「訂正 H-012 1か月後」
    状態: 「H-012 中断」「再開」「見守り」「終結」「移管」「区分A」「配慮 二人で」「登録」
    人: 「H-012 担当を佐藤へ」「休み 12/1から12/12 代行 佐藤」「今日休み」
    ページ: 「ページ」 お知らせ: 「お知らせはDiscordへ」「お知らせ 9:00」 勤務日: 「勤務日 月水金」
    雑談や相談の言葉には返事をせず、何も残しません
    命や安全にかかわるときは、まず電話を。ここは緊急通報の窓口ではありません
    ");
    bot.says("佐藤", "English").await;
    insta::assert_snapshot!(bot.says("佐藤", "help").await, @"
    Record in one line, in any order: “H-012 visit absent card 3m”
    Dates: in 3 months, next Tuesday, 12/15, mid January, end of the month
    Lists: “plans today”, “plans this week”, “plans next week”, “overdue”
    Course: “H-012 last time?”, “H-012 history”
    Take back: “undo”. Correct: “correct H-012 1 month”
    States: “H-012 pause”, resume, watch, close, transfer, class A, flags, add
    People: “H-012 assign to Sato”, “leave 12/1 to 12/12 cover Sato”
    Your page: “page”. Nudges: “notify discord”, “remind me at 9:00”. Your days: “working days Mon Wed Fri”
    Small talk gets no answer and leaves no trace
    Where life or safety is at stake, telephone first. This is no emergency service
    ");
}

#[tokio::test]
async fn each_is_answered_in_their_own_language() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "English").await, @"I will answer in English from now on");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 怒鳴られた").await, @"
    Recorded H-012: visit, was shouted at
    Next review: Wed 2 Dec, case conference
    No direct visits or calls until Thu 25 Feb 2027
    Sent to the supervisor (not read yet)
    [Undo] [Change the date] [Correct]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    H-012 佐藤さんが記録しました 訪問・怒鳴られた。次は12月2日(水)
    [開く]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "日本語で").await, @"これからは日本語で返します");
}

#[tokio::test]
async fn a_leave_entered_by_mistake_is_taken_back_and_no_older_record_with_it() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-10")]).await;
    bot.says("佐藤", "H-012 訪問 不在 3か月後").await;
    bot.says("佐藤", "休み 12/1から12/12 代行 鈴木").await;
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"取り消しました 佐藤さんの休み 12月1日(火)から12月12日(土)まで");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    12月1日(火)から12月12日(土)まで 佐藤さんの代行です。いま0世帯、期間中に0世帯
    ---
    12月1日(火)から12月12日(土)までの佐藤さんの代行はなくなりました
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 前回は？").await, @"
    # H-012 支援中
    前回 11月25日(水) 訪問・不在
    次の声かけ 2027年2月25日(木)
    ");
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"
    取り消しました H-012 次の声かけは 12月10日(木) に戻りました
    [取り消しをやめる]
    ");
    bot.says("佐藤", "休み 12/1から12/12").await;
    let undo = bot.button("佐藤", "取り消す").expect("a way back");
    bot.presses_action("佐藤", undo.clone()).await;
    insta::assert_snapshot!(bot.presses_action("佐藤", undo).await, @"取り消し済みです");
    bot.all_read();
}

/// What a nurse recorded stays hers after the household has gone to another.
#[tokio::test]
async fn a_record_keeps_its_author_after_a_handover() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-01")]).await;
    bot.says("佐藤", "H-012 電話 応答なし 1週間後").await;
    bot.says("伊藤", "H-012 担当を鈴木さんへ").await;
    bot.says("鈴木", "H-012 訪問 母と話せた 1か月後").await;
    let course = bot.says("鈴木", "H-012 経過").await;
    assert!(course.contains("主担当 鈴木"), "{course}");
    assert!(course.contains("訪問・母と話せた (鈴木)"), "{course}");
    assert!(course.contains("電話・応答なし (佐藤)"), "{course}");
    bot.all_read();
}
