//! The main job told once, by one text, on the page, on Telegram and on Discord:
//! logged, reminded, taken in hand, told to the supervisor, listed, taken back,
//! and an alarm until somebody has read it. What is kept is the same everywhere.
use crate::{
    bot::{STAFF, home},
    story_everywhere_office::{Chat, Office, Shown},
};
use koekake::conversation::message::Platform;

/// What the office keeps of its households, and the columns that tell where a
/// thing was said.
const KEPT: [(&str, &[&str]); 8] = [
    ("household", &[]),
    ("check_in", &[]),
    ("contact", &[]),
    ("save", &["platform", "place", "message_id"]),
    ("alarm", &[]),
    ("nudge", &[]),
    ("delivery", &["route_id", "message_ref"]),
    ("journal", &[]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_main_job_is_the_same_on_the_page_on_telegram_and_on_discord() {
    let on_page = {
        let office = opened(None).await;
        tell(&office, &office.page).await;
        kept(office).await
    };
    let on_telegram = {
        let office = opened(Some(Platform::Telegram)).await;
        tell(&office, &office.telegram).await;
        kept(office).await
    };
    let on_discord = {
        let office = opened(Some(Platform::Discord)).await;
        tell(&office, &office.discord).await;
        kept(office).await
    };
    for (at, (table, rows)) in on_page.iter().enumerate() {
        assert!(!rows.is_empty(), "the story leaves nothing in {table}");
        assert_eq!(*rows, on_telegram[at].1, "{table} after Telegram");
        assert_eq!(*rows, on_discord[at].1, "{table} after Discord");
    }
}

/// Everybody is on that chat, or on the page alone.
async fn opened(platform: Option<Platform>) -> Office {
    let homes = [
        home(12, "佐藤", "2026-12-01"),
        home(13, "佐藤", "2027-06-15"),
        home(31, "鈴木", "2027-06-15"),
    ];
    let everybody = STAFF.map(|(who, _)| who);
    let seats = platform.map(|platform| everybody.map(|who| (platform, who)));
    let seats = seats.as_ref().map_or(&[][..], |seats| &seats[..]);
    Office::open("2026-11-25 09:00", &homes, seats).await
}

/// The story.
async fn tell(office: &Office, chat: &impl Chat) {
    // A line, and its answer.
    let answer = office
        .says(chat, "佐藤", "H-012 訪問 不在 名刺 3か月後")
        .await;
    check(&answer, "記録しました H-012 訪問・不在・名刺投函");
    check(&answer, "次の声かけ 2027年2月25日(木)");
    // It comes back on its day, and not before.
    office.moves_to("2027-02-25 08:00").await;
    let before = chat.sees("佐藤").await.len();
    office.moves_to("2027-02-25 09:00").await;
    let seen = chat.sees("佐藤").await;
    assert_eq!(seen.len(), before + 1, "{seen:#?}");
    check(&seen[before], "声かけの時期は1世帯です");
    check(&seen[before], "H-012");
    let taken = office.presses(chat, "佐藤", "やります").await;
    check(&taken, "対応中");
    // Untouched all the same, it climbs.
    let led = chat.sees("伊藤").await;
    assert!(
        !led.iter().any(|seen| seen.text.contains("期限超過")),
        "{led:#?}"
    );
    office.moves_to("2027-03-19 09:00").await;
    for who in ["伊藤", "渡辺"] {
        let seen = chat.sees(who).await;
        check(seen.last().expect("word of it"), "H-012");
    }
    let overdue = office.says(chat, "伊藤", "期限超過").await;
    check(&overdue, "期限超過 1世帯");
    check(&overdue, "H-012");
    let asked = office.presses(chat, "伊藤", "佐藤さんに聞く").await;
    check(&asked, "佐藤さん");
    let seen = chat.sees("佐藤").await;
    check(
        seen.last().expect("a question"),
        "H-012 の様子を教えてください",
    );
    // It is recorded, taken back, and stands after all.
    let answer = office
        .says(chat, "佐藤", "H-012 電話 母と話せた 1か月後")
        .await;
    check(&answer, "記録しました H-012 電話・母と話せた");
    check(&answer, "次の声かけ 4月19日(月)");
    let undone = office.presses(chat, "佐藤", "取り消す").await;
    check(&undone, "取り消しました H-012");
    let stands = office.presses(chat, "佐藤", "取り消しをやめる").await;
    check(&stands, "元に戻しました H-012");
    let overdue = office.says(chat, "伊藤", "期限超過").await;
    check(&overdue, "予定の日を過ぎている世帯はありません");
    // Danger, until a person has read it.
    let danger = "H-013 電話 本人 「もう消えてしまいたい」";
    let answer = office.says(chat, "佐藤", danger).await;
    check(&answer, "いますぐ係長に電話してください。");
    check(&answer, "係長へ送りました(未読)");
    office.looks().await;
    let seen = chat.sees("伊藤").await;
    check(seen.last().expect("an alarm"), "H-013 緊急");
    let read = office.presses(chat, "伊藤", "確認した").await;
    check(&read, "伊藤さんが9:00に確認しました");
    let seen = chat.sees("佐藤").await;
    check(
        seen.last().expect("word of it"),
        "伊藤さんが9:00に確認しました",
    );
}

fn check(shown: &Shown, words: &str) {
    assert!(shown.text.contains(words), "no 「{words}」 in {shown:#?}");
}

/// All rows of what is kept; everything has been said.
async fn kept(office: Office) -> Vec<(&'static str, Vec<String>)> {
    let mut kept = Vec::new();
    for (table, without) in KEPT {
        kept.push((table, office.rows(table, without).await));
    }
    office.closes().await;
    kept
}
