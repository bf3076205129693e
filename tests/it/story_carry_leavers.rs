//! What waits when somebody leaves, or when a chat may tell less: it is not said
//! any more.
use crate::{
    bot::{TestBot, home, instant, person},
    chat_bot::account,
};
use koekake::{
    conversation::message::{
        Level,
        Platform::{self, Telegram},
        Readers,
    },
    engine::SendError,
    store::staff::{self, Act},
};

const ROOM: &str = "-100";
const LATER: SendError = SendError::Later { after: None };

async fn bot() -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(31, "伊藤", "2026-12-15"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.opens(Telegram).await;
    bot
}

fn act(time: &str) -> Act {
    Act {
        by: person("小林"),
        now: instant(time),
        today: time[..10].parse().expect("a date"),
    }
}

/// The outage of the chat is over, and every wait.
async fn comes_back(bot: &mut TestBot) {
    bot.chat(Telegram).fails_with = None;
    bot.real_seconds_pass(3_600);
    bot.sends_what_waits().await;
}

#[tokio::test]
async fn what_waits_for_somebody_who_has_left_is_not_brought() {
    let mut bot = bot().await;
    bot.chat(Telegram).fails_with = Some(LATER);
    // A notice and an answer wait for 鈴木.
    bot.says("伊藤", "H-012 副担当 鈴木").await;
    bot.says("伊藤", "H-012 副担当 渡辺").await;
    assert_eq!(bot.says_on(Telegram, "鈴木", "期限超過").await, "");
    let act = act("2026-11-25 08:29");
    let gone = staff::leave(&bot.db, person("鈴木"), act.today, &act).await;
    assert_eq!(gone.expect("leaving"), Ok(()));
    comes_back(&mut bot).await;
    assert_eq!(bot.reads(Telegram, &account(Telegram, "鈴木")), "");
    assert_eq!(bot.sees_on(Telegram, "鈴木"), "");
    bot.hears("渡辺");
    bot.has_patience();
}

#[tokio::test]
async fn what_somebody_was_sent_before_they_left_stays_as_it_was() {
    let mut bot = bot().await;
    bot.moves_to("2026-11-25 08:30").await;
    bot.hears("佐藤");
    let before = bot.sees_on(Telegram, "佐藤");
    assert!(before.contains("H-012"), "{before}");
    bot.says("伊藤", "H-012 担当を鈴木へ").await;
    bot.hears("佐藤");
    let seen = bot.sees_on(Telegram, "佐藤");
    bot.says("小林", "退職 佐藤").await;
    bot.says("鈴木", "H-012 訪問 母と話せた 1か月後").await;
    assert_eq!(bot.sees_on(Telegram, "佐藤"), seen);
    bot.all_read();
}

#[tokio::test]
async fn answers_that_wait_are_dropped_where_a_chat_may_tell_less_from_now_on() {
    let mut bot = bot().await;
    bot.registers(Telegram, ROOM).await;
    bot.chat(Telegram).fails_with = Some(LATER);
    bot.says_in_room(
        (Telegram, ROOM),
        "佐藤",
        "H-012 訪問 父に怒鳴られた 3か月後",
    )
    .await;
    let act = act("2026-11-25 08:29");
    let lowered = staff::set_level(&bot.db, (Telegram, Level::Notice), None, &act).await;
    assert_eq!(lowered.expect("a level"), Ok(()));
    comes_back(&mut bot).await;
    assert_eq!(bot.reads(Telegram, &account(Telegram, "佐藤")), "");
    assert_eq!(bot.reads(Telegram, ROOM), "");
    bot.hears("伊藤");
}

#[tokio::test]
async fn a_higher_level_drops_nothing() {
    let mut bot = bot().await;
    bot.allows(Telegram, 2).await;
    bot.chat(Telegram).fails_with = Some(LATER);
    bot.says_on(Telegram, "佐藤", "期限超過").await;
    let act = act("2026-11-25 08:29");
    let raised = (Telegram, Level::Logging);
    let raised = staff::set_level(&bot.db, raised, Some("第2号"), &act).await;
    assert_eq!(raised.expect("a level"), Ok(()));
    comes_back(&mut bot).await;
    assert_ne!(bot.reads(Telegram, &account(Telegram, "佐藤")), "");
}

#[tokio::test]
async fn a_room_where_nothing_is_logged_does_not_invite_to_it() {
    let mut bot = bot().await;
    for (platform, level) in [(Platform::Telegram, 1), (Platform::Telegram, 2)] {
        bot.allows(platform, level).await;
        let asked = bot
            .sets_up((platform, ROOM), "小林", Readers::Members(Some(5)))
            .await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(asked.alone, @"
            ここを見られるのはメンバー5人です
            [このチームで使う] [やめる]
            ");
        }
        bot.presses_on(platform, "小林", "このチームで使う").await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(bot.reads(platform, ROOM), @"この場所をチームで使います。記録はページでお願いします");
        }
        let heard = bot
            .says_in_room((platform, ROOM), "佐藤", "H-012 訪問 不在")
            .await;
        assert_eq!(heard.aloud, "");
        assert!(heard.alone.contains("記録はページで"), "{heard:?}");
    }
}
