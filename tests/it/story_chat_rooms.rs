//! Shared places: how a team comes to use one, and what its readers see.
use crate::{
    bot::{TestBot, home},
    chat_bot::{At, account, incoming_from},
};
use koekake::conversation::message::{
    Incoming,
    Platform::{self, *},
    Readers, Said,
};

const ROOM: &str = "-100";
const OTHER_ROOM: &str = "-200";

async fn bot_with(platform: Platform) -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-12-15"),
        home(13, "佐藤", "2026-12-16"),
    ];
    let mut bot = TestBot::at("2026-11-25 10:00", &homes).await;
    bot.opens(platform).await;
    bot
}

/// The team uses the room.
async fn bot_in_room(platform: Platform) -> TestBot {
    let mut bot = bot_with(platform).await;
    bot.sets_up((platform, ROOM), "小林", Readers::Members(Some(5)))
        .await;
    bot.presses_on(platform, "小林", "このチームで使う").await;
    bot.reads(platform, ROOM);
    bot
}

#[tokio::test]
async fn an_administrator_hears_who_can_read_a_room_before_the_team_uses_it() {
    let mut bot = bot_with(Telegram).await;
    let asked = bot
        .sets_up((Telegram, ROOM), "小林", Readers::Members(Some(12)))
        .await;
    insta::assert_snapshot!(asked.alone, @"
    ここを見られるのはメンバー12人です
    ここに出すのは世帯の番号・方法・日付だけです。くわしい返事は、書いた方だけに届きます
    [このチームで使う] [やめる]
    ");
    assert_eq!(asked.aloud, "");
    let used = bot.presses_on(Telegram, "小林", "このチームで使う").await;
    insta::assert_snapshot!(used, @"この場所をチームで使えるようにしました");
    insta::assert_snapshot!(bot.reads(Telegram, ROOM), @"ここで記録できるようになりました。「H-012 訪問 不在 3か月後」のように1行で書いてください");
    let again = bot.presses_on(Telegram, "小林", "このチームで使う").await;
    insta::assert_snapshot!(again, @"この質問は終わっています。もう一度、1行で送ってください");
    assert_eq!(bot.reads(Telegram, ROOM), "");
    assert_eq!(bot.journal("room_used").await, ["telegram -100"]);
}

#[tokio::test]
async fn a_room_that_everyone_can_read_is_refused_and_so_are_those_who_may_not() {
    let mut bot = bot_with(Discord).await;
    let open = bot
        .sets_up((Discord, ROOM), "小林", Readers::Everyone)
        .await;
    insta::assert_snapshot!(open.alone, @"このチャンネルは全員が見られるため使えません。メンバーを限ったチャンネルでお試しください");
    let nurse = bot
        .sets_up((Discord, ROOM), "佐藤", Readers::Members(None))
        .await;
    insta::assert_snapshot!(nurse.alone, @"管理者の方ができることです。管理者に伝えてください");
    assert_eq!((open.aloud, nurse.aloud), Default::default());
    let dropped = bot
        .sets_up((Discord, ROOM), "小林", Readers::Members(None))
        .await;
    insta::assert_snapshot!(dropped.alone, @"
    ここを見られるのはメンバーだけです
    ここに出すのは世帯の番号・方法・日付だけです。くわしい返事は、書いた方だけに届きます
    [このチームで使う] [やめる]
    ");
    insta::assert_snapshot!(bot.presses_on(Discord, "小林", "やめる").await, @"やめました");
    let heard = bot
        .says_in_room((Discord, ROOM), "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    assert_eq!(heard, Default::default());
    assert_eq!(bot.journal("refused").await.len(), 1);
}

#[tokio::test]
async fn an_older_question_registers_no_newer_room() {
    let mut bot = bot_with(Discord).await;
    bot.sets_up((Discord, ROOM), "小林", Readers::Members(None))
        .await;
    let older = bot.button_on(Discord, "小林", "このチームで使う");
    bot.real_seconds_pass(60);
    bot.sets_up((Discord, OTHER_ROOM), "小林", Readers::Members(None))
        .await;
    let over = bot.acts_on(Discord, "小林", older).await;
    insta::assert_snapshot!(over, @"この質問は終わっています。もう一度、1行で送ってください");
    bot.presses_on(Discord, "小林", "このチームで使う").await;
    assert_ne!(bot.reads(Discord, OTHER_ROOM), "");
    assert_eq!(bot.reads(Discord, ROOM), "");
}

#[tokio::test]
async fn the_room_sees_code_kind_and_date_and_the_writer_all_of_it() {
    let mut bot = bot_in_room(Telegram).await;
    let heard = bot
        .says_in_room(
            (Telegram, ROOM),
            "佐藤",
            "H-012 訪問 父に怒鳴られた 名刺も返された",
        )
        .await;
    insta::assert_snapshot!(heard.alone, @"
    記録しました H-012 訪問・父と話せた・怒鳴られた・名刺返却
    次の確認 12月2日(水) ケース会議
    直接の訪問と電話は2027年2月25日(木)まで控えます
    係長へ送りました(未読)
    [取り消す] [日付を変える] [直す]
    ");
    insta::assert_snapshot!(heard.aloud, @"H-012 訪問を記録しました。次の確認 12月2日(水)");
    let dated = bot
        .says_in_room((Telegram, ROOM), "佐藤", "H-013 12/10に変更")
        .await;
    insta::assert_snapshot!(dated.alone, @"
    予定を入れました H-013
    次の声かけ 12月10日(木)
    [取り消す] [日付を変える]
    H-013 には何をしましたか
    [訪問] [同行訪問] [電話] [手紙] [メール] [来所] [家族会・集団] [情報提供] [ケース会議] [関係機関連絡] [受診同行]
    ");
    insta::assert_snapshot!(dated.aloud, @"H-013 予定を入れました。次の声かけ 12月10日(木)");
    bot.all_read();
}

#[tokio::test]
async fn danger_raises_its_alarm_and_the_room_sees_nothing_of_it() {
    let mut bot = bot_in_room(Discord).await;
    let heard = bot
        .says_in_room(
            (Discord, ROOM),
            "佐藤",
            "H-012 電話 本人「消えてしまいたい」",
        )
        .await;
    assert!(heard.alone.starts_with("**いますぐ係長に電話"), "{heard:?}");
    insta::assert_snapshot!(heard.aloud, @"H-012 電話を記録しました");
    bot.moves_to("2026-11-25 10:00").await;
    let alarm = bot.hears("伊藤").join("\n---\n");
    assert!(alarm.contains("H-012 緊急"), "{alarm}");
    bot.all_read();
}

/// Befell others: a list that was asked for was answered before all.
#[tokio::test]
async fn lists_courses_questions_and_refusals_go_to_the_asker_alone() {
    let mut bot = bot_in_room(Discord).await;
    for line in [
        "予定",
        "期限超過",
        "H-012 履歴",
        "使い方",
        "訪問 不在",
        "H-999 訪問 不在",
        "招待 佐藤",
        "H-012 中断",
        "H-012 見守り",
        "取り消し",
    ] {
        let heard = bot.says_in_room((Discord, ROOM), "佐藤", line).await;
        assert_ne!(heard.alone, "", "{line}");
        assert_eq!(heard.aloud, "", "{line}");
    }
    for chatter in ["公用車の鍵どこですか？", "おはようございます", "H-012"] {
        let heard = bot.says_in_room((Discord, ROOM), "佐藤", chatter).await;
        assert_eq!(heard, Default::default(), "{chatter}");
    }
    bot.all_read();
}

#[tokio::test]
async fn a_line_for_two_households_is_acknowledged_for_each() {
    let mut bot = bot_in_room(Telegram).await;
    let heard = bot
        .says_in_room(
            (Telegram, ROOM),
            "佐藤",
            "H-012 訪問 不在 3か月後、H-013 電話 母と話せた 2週間後",
        )
        .await;
    insta::assert_snapshot!(heard.aloud, @"
    H-012 訪問を記録しました。次の声かけ 2027年2月25日(木)
    ---
    H-013 電話を記録しました。次の声かけ 12月9日(水)
    ");
}

#[tokio::test]
async fn in_a_room_that_no_team_uses_only_what_is_called_is_answered() {
    let mut bot = bot_with(Telegram).await;
    for line in ["H-012 訪問 不在 3か月後", "予定", "使い方", "H-012"] {
        let heard = bot.says_in_room((Telegram, ROOM), "佐藤", line).await;
        assert_eq!(heard, Default::default(), "{line}");
    }
    let called = bot
        .says_in_room((Telegram, ROOM), "佐藤", "/record H-012 訪問 不在 3か月後")
        .await;
    assert!(called.alone.starts_with("記録しました H-012"), "{called:?}");
    assert_eq!(called.aloud, "");
}

#[tokio::test]
async fn another_teams_room_and_a_closed_one_see_nothing() {
    let mut bot = bot_in_room(Telegram).await;
    bot.sql("INSERT INTO team (name) VALUES ('隣のチーム')")
        .await;
    bot.sql("UPDATE room SET team_id = 2").await;
    let heard = bot
        .says_in_room((Telegram, ROOM), "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    assert!(heard.alone.starts_with("記録しました H-012"), "{heard:?}");
    assert_eq!(heard.aloud, "");
    let moved = bot
        .sets_up((Telegram, ROOM), "小林", Readers::Members(Some(5)))
        .await;
    insta::assert_snapshot!(moved.alone, @"
    ここを見られるのはメンバー5人です
    いまは別のチームの場所です。使うと、こちらのチームに移ります
    ここに出すのは世帯の番号・方法・日付だけです。くわしい返事は、書いた方だけに届きます
    [このチームで使う] [やめる]
    ");
    bot.presses_on(Telegram, "小林", "このチームで使う").await;
    assert_ne!(bot.reads(Telegram, ROOM), "");
    bot.sql("UPDATE room SET closed_at = '2026-11-25T01:00:00+00:00'")
        .await;
    let heard = bot
        .says_in_room((Telegram, ROOM), "佐藤", "H-013 訪問 不在 3か月後")
        .await;
    assert!(heard.alone.starts_with("記録しました H-013"), "{heard:?}");
    assert_eq!(heard.aloud, "");
    bot.sets_up((Telegram, ROOM), "小林", Readers::Members(Some(5)))
        .await;
    bot.presses_on(Telegram, "小林", "このチームで使う").await;
    assert_ne!(bot.reads(Telegram, ROOM), "");
    let heard = bot
        .says_in_room((Telegram, ROOM), "佐藤", "H-013 電話 応答なし")
        .await;
    assert_ne!(heard.aloud, "");
}

#[tokio::test]
async fn a_date_that_is_chosen_in_the_room_is_seen_there() {
    let mut bot = bot_in_room(Discord).await;
    bot.says_in_room((Discord, ROOM), "佐藤", "H-012 手紙 投函")
        .await;
    bot.presses_in_room((Discord, ROOM), "佐藤", "日付を変える")
        .await;
    let pressed = bot
        .presses_in_room((Discord, ROOM), "佐藤", "1か月後")
        .await;
    insta::assert_snapshot!(pressed.alone, @"
    変えました H-012 次の声かけ 12月15日(火) → 12月25日(金)
    [元に戻す]
    理由は
    [ご本人・家族の都合] [手が足りない] [天候・体調] [ほか]
    ");
    insta::assert_snapshot!(pressed.aloud, @"H-012 予定を入れました。次の声かけ 12月25日(金)");
}

#[tokio::test]
async fn setup_in_private_says_where_it_belongs() {
    let mut bot = bot_with(Telegram).await;
    let said = Said::Setup(Readers::Members(None));
    let id = account(Telegram, "小林");
    let at = At {
        platform: Telegram,
        room: None,
    };
    let incoming: Incoming = incoming_from(at, &id, said, "setup");
    insta::assert_snapshot!(bot.takes(incoming).await.alone, @"チームのチャンネルやグループの中で送ってください");
}
