//! Who comes in: strangers read one message and leave nothing behind, people of
//! the office join by a code; and one message that goes wrong stops no other.
use crate::{
    bot::{TestBot, home, person},
    chat_bot::{At, account, incoming_from},
};
use koekake::{
    conversation::{
        action::Action,
        message::{Platform, Platform::*, Said},
    },
    store::Db,
};

const STRANGER: &str = "7777";

/// Codes of 佐藤; hashed as the store does it.
async fn invited(bot: &TestBot, code: &str, who: &str) {
    let hash = code_hash(code);
    let Db::Sqlite(pool, _) = &bot.db else {
        panic!("chats are tried on SQLite");
    };
    sqlx::query(
        "INSERT INTO join_code (hash, person_id, made_by, made_at, expires_at) \
         VALUES ($1, $2, 5, '2026-11-20T00:00:00+00:00', '2026-11-27T00:00:00+00:00')",
    )
    .bind(hash)
    .bind(person(who).0)
    .execute(pool)
    .await
    .expect("an invitation");
}

fn code_hash(code: &str) -> String {
    let mut hash = [0; 32];
    argon2::Argon2::default()
        .hash_password_into(code.as_bytes(), b"koekake join code", &mut hash)
        .expect("a hash");
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn count(bot: &TestBot, statement: &'static str) -> i64 {
    let Db::Sqlite(pool, _) = &bot.db else {
        panic!("chats are tried on SQLite");
    };
    sqlx::query_scalar(statement)
        .fetch_one(pool)
        .await
        .expect(statement)
}

async fn office(platform: Platform) -> TestBot {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    bot.allows(platform, 3).await;
    bot
}

#[tokio::test]
async fn a_stranger_reads_one_message_whatever_they_type_or_press_and_leaves_nothing() {
    let mut bot = office(Telegram).await;
    let told = bot
        .account_says(Telegram, STRANGER, "息子のことで相談したいのですが")
        .await;
    insta::assert_snapshot!(told, @"
    職員専用です。ここではご相談をお受けできません
    ご相談は 見本相談窓口(平日9時から17時) へ、命の危険があるときは110・119へお電話ください
    職員の方は、参加コードを送ってください
    For staff only: no requests can be taken here
    For advice please call 見本相談窓口(平日9時から17時); in danger to life 110 or 119
    Staff: please send your join code
    ");
    let key = bot.new_key();
    let press = Said::Press(Action::Help);
    let pressed = incoming_from(
        At {
            platform: Telegram,
            room: None,
        },
        STRANGER,
        press,
        &key,
    );
    assert_eq!(bot.takes(pressed).await.alone, told);
    assert_eq!(
        bot.account_says(Telegram, STRANGER, "H-012 訪問 不在")
            .await,
        told
    );
    // Not used to flood.
    assert_eq!(bot.account_says(Telegram, STRANGER, "もしもし").await, "");
    bot.real_seconds_pass(60);
    assert_eq!(bot.account_says(Telegram, STRANGER, "もしもし").await, told);
    // Nothing is heard in a room, nothing is kept.
    let key = bot.new_key();
    let words = Said::Words("H-012 訪問 不在".to_owned());
    let room = At {
        platform: Telegram,
        room: Some("-100"),
    };
    let heard = bot.takes(incoming_from(room, "8888", words, &key)).await;
    assert_eq!((heard.alone.as_str(), heard.aloud.as_str()), ("", ""));
    for table in [
        "SELECT count(*) FROM message",
        "SELECT count(*) FROM letter",
        "SELECT count(*) FROM journal",
        "SELECT count(*) FROM contact",
    ] {
        assert_eq!(count(&bot, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_code_lets_its_person_in_once() {
    let mut bot = office(Discord).await;
    invited(&bot, "7KQ29M4T", "佐藤").await;
    let welcome = bot
        .account_says(Discord, "9001", "参加 ７ｋｑ２-9m4t")
        .await;
    insta::assert_snapshot!(welcome, @"
    佐藤さんとして参加しました(見本チーム・担当)
    [今週の予定] [使い方]
    ");
    let week = bot.presses_on(Discord, "佐藤", "今週の予定").await;
    assert!(week.contains("今週の予定"), "{week}");
    let again = bot.account_says(Discord, "9001", "参加 7KQ2-9M4T").await;
    insta::assert_snapshot!(again, @"佐藤さんとして参加済みです。ほかの方の参加コードは、その方のアカウントから送ってもらってください");
    // Spent: nobody else comes in by it.
    let other = bot.account_says(Discord, STRANGER, "7KQ2-9M4T").await;
    assert!(other.starts_with("職員専用です"), "{other}");
    let joined = "SELECT count(*) FROM journal WHERE what = 'joined' AND person_id = 1 \
                  AND detail = 'discord'";
    assert_eq!(count(&bot, joined).await, 1);
    // The same message again, as a platform delivers it after a crash.
    let key = bot.last_key();
    assert_eq!(key, "test:4");
    let again = incoming_from(
        At {
            platform: Discord,
            room: None,
        },
        "9001",
        Said::Words("参加 7KQ2-9M4T".to_owned()),
        "test:1",
    );
    assert_eq!(bot.takes(again).await.alone, "");
}

#[tokio::test]
async fn somebody_of_the_office_may_send_what_looks_like_a_code() {
    let mut bot = office(Telegram).await;
    bot.joins(Telegram, "佐藤").await;
    let day = bot.says_on(Telegram, "佐藤", "tomorrow").await;
    assert!(day.starts_with("記録として読み取れなかった"), "{day}");
    invited(&bot, "7KQ29M4T", "鈴木").await;
    let refused = bot.says_on(Telegram, "佐藤", "/start 7KQ29M4T").await;
    assert!(
        refused.starts_with("佐藤さんとして参加済みです"),
        "{refused}"
    );
    // The colleague's code is still good.
    let welcome = bot
        .account_says(Telegram, &account(Telegram, "鈴木"), "7KQ29M4T")
        .await;
    assert!(
        welcome.starts_with("鈴木さんとして参加しました"),
        "{welcome}"
    );
}

#[tokio::test]
async fn codes_are_not_guessed() {
    let mut bot = office(Telegram).await;
    invited(&bot, "7KQ29M4T", "佐藤").await;
    for guess in ["AAAA1111", "AAAA1112", "AAAA1113", "AAAA1114", "AAAA1115"] {
        bot.real_seconds_pass(60);
        let answer = bot.account_says(Telegram, STRANGER, guess).await;
        assert!(answer.starts_with("職員専用です"), "{answer}");
    }
    bot.real_seconds_pass(60);
    let answer = bot.account_says(Telegram, STRANGER, "7KQ2-9M4T").await;
    assert!(answer.starts_with("職員専用です"), "{answer}");
    bot.real_seconds_pass(3_600);
    let answer = bot.account_says(Telegram, STRANGER, "7KQ2-9M4T").await;
    assert!(answer.starts_with("佐藤さんとして参加しました"), "{answer}");
}

#[tokio::test]
async fn where_the_office_allows_nothing_no_code_is_tried_and_nobody_is_known() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    bot.joins(Telegram, "鈴木").await;
    invited(&bot, "7KQ29M4T", "佐藤").await;
    let code = bot.account_says(Telegram, STRANGER, "7KQ2-9M4T").await;
    let line = bot.says_on(Telegram, "鈴木", "H-012 訪問 不在").await;
    assert!(code.starts_with("職員専用です"), "{code}");
    assert_eq!(code, line);
    assert_eq!(
        count(
            &bot,
            "SELECT count(*) FROM join_code WHERE spent_at IS NULL"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn whoever_has_left_is_a_stranger_at_once() {
    let mut bot = office(Telegram).await;
    bot.joins(Telegram, "佐藤").await;
    bot.sql("UPDATE person SET left_on = '2026-11-25' WHERE id = 1")
        .await;
    let answer = bot.says_on(Telegram, "佐藤", "H-012 前回は？").await;
    assert!(answer.starts_with("職員専用です"), "{answer}");
}

#[tokio::test]
async fn a_mistake_of_ours_is_told_and_stops_nobody() {
    let mut bot = TestBot::at(
        "2026-11-25 10:00",
        &[
            home(12, "佐藤", "2026-12-15"),
            home(13, "佐藤", "2026-12-15"),
        ],
    )
    .await;
    bot.opens(Telegram).await;
    bot.sql("UPDATE household SET flags = 'no such flag' WHERE code = 'H-013'")
        .await;
    let answer = bot.says_on(Telegram, "佐藤", "H-013 電話 不在").await;
    insta::assert_snapshot!(answer, @"
    うまく記録できませんでした。何も残していません。もう一度送るか、ページをお使いください
    This could not be recorded, and nothing was kept. Please send it again, or use the page
    ");
    let both = bot
        .says_on(Telegram, "佐藤", "H-012 電話 不在、H-013 訪問 不在")
        .await;
    insta::assert_snapshot!(both, @"
    記録しました H-012 電話・不在
    次の声かけ 12月9日(水) ← 不在の目安(2週間)です
    曜日を変えるなら、木曜もあります
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ---
    一部をうまく記録できませんでした。残りをもう一度送るか、ページをお使いください
    A part of it could not be recorded. Please send the rest again, or use the page
    ");
    let other = bot.says_on(Telegram, "佐藤", "H-012 前回は？").await;
    assert!(other.contains("前回 11月25日(水) 電話・不在"), "{other}");
}

#[tokio::test]
async fn another_account_on_the_same_platform_takes_the_place_of_the_older_one() {
    let mut bot = office(Telegram).await;
    bot.joins(Telegram, "佐藤").await;
    invited(&bot, "7KQ29M4T", "佐藤").await;
    let welcome = bot.account_says(Telegram, "77", "参加 7KQ2-9M4T").await;
    assert!(
        welcome.starts_with("佐藤さんとして参加しました"),
        "{welcome}"
    );
    assert!(!welcome.contains("お知らせを最初に"), "{welcome}");
    bot.moves_to("2026-12-15 08:30").await;
    bot.hears("佐藤");
    let attempts = bot.chat(Telegram).attempts.clone();
    let older = account(Telegram, "佐藤");
    assert_eq!(attempts.last().map(String::as_str), Some("77"));
    assert!(!attempts.contains(&older), "{attempts:?}");
    // From the older one they are still known, and reached there again.
    let known = bot.says_on(Telegram, "佐藤", "今週の予定").await;
    assert!(known.contains("H-012"), "{known}");
    bot.says("伊藤", "H-012 12/18に変更").await;
    bot.hears("佐藤");
    let attempts = bot.chat(Telegram).attempts.clone();
    assert_eq!(attempts.last().map(String::as_str), Some("77"));
}
