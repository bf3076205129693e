//! A nurse on Telegram and a supervisor on Discord have the same household in
//! hand at the same time, in one process: each sees what the other does, and of
//! two who do the same at once one has done it, and the other is told so.
use crate::{
    bot::{Home, home},
    story_everywhere_office::{Chat, Office, Shown},
};
use koekake::conversation::message::Platform::{Discord, Telegram};

/// How often two people do something at once.
const RACES: u32 = 20;

/// 佐藤 and the deputy are on Telegram, the supervisor is on Discord.
async fn office(time: &str, homes: &[Home]) -> Office {
    let seats = [(Telegram, "佐藤"), (Telegram, "渡辺"), (Discord, "伊藤")];
    Office::open(time, homes, &seats).await
}

/// One household a race, all of 佐藤.
fn homes() -> Vec<Home> {
    let codes = 1..=RACES;
    codes.map(|code| home(code, "佐藤", "2026-12-15")).collect()
}

async fn last(chat: &impl Chat, who: &str) -> String {
    let seen = chat.sees(who).await;
    seen.last().expect("something").text.clone()
}

/// Both do something at once; who begins changes with the race. What each is
/// answered, the first as the first.
async fn at_once(
    race: u32,
    one: impl Future<Output = Shown>,
    two: impl Future<Output = Shown>,
) -> [String; 2] {
    let (one, two) = match race % 2 {
        0 => tokio::join!(one, two),
        _ => {
            let (two, one) = tokio::join!(two, one);
            (one, two)
        }
    };
    [one.text, two.text]
}

/// That exactly one of them says it; what the other says.
fn one_has_won(answers: [String; 2], won: &str) -> String {
    let (winners, others): (Vec<String>, Vec<String>) =
        answers.into_iter().partition(|answer| answer.contains(won));
    assert_eq!(winners.len(), 1, "「{won}」: {winners:?} {others:?}");
    others.concat()
}

/// Befell others: taken on in one chat, another still showed it open; taken on
/// elsewhere, the buttons of the chat stayed alive.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_sees_on_their_own_platform_what_the_other_has_done() {
    let office = office("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
    let (nurse, supervisor) = (&office.telegram, &office.discord);
    office.moves_to("2026-12-11 09:00").await;
    assert!(last(nurse, "佐藤").await.contains("H-012"));
    let climbed = last(supervisor, "伊藤").await;
    assert!(climbed.contains("期限超過 1世帯"), "{climbed}");
    office.presses(nurse, "佐藤", "やります").await;
    let climbed = last(supervisor, "伊藤").await;
    assert!(climbed.contains("H-012 佐藤さんが対応中"), "{climbed}");
    let asked = office.presses(supervisor, "伊藤", "佐藤さんに聞く").await;
    assert_eq!(asked.text, "佐藤さんへ送りました");
    let told = last(nurse, "佐藤").await;
    assert!(told.starts_with("H-012 の様子を教えてください"), "{told}");
    // The supervisor acts: the nurse hears of it, and her reminders are settled.
    let line = "H-012 電話 母と話せた 1週間後";
    let answer = office.says(supervisor, "伊藤", line).await;
    assert!(answer.text.contains("12月18日(金)"), "{answer:?}");
    let told = last(nurse, "佐藤").await;
    assert!(told.starts_with("H-012 伊藤さんが記録しました"), "{told}");
    for shown in nurse.sees("佐藤").await {
        if shown.text.contains("おはようございます") {
            assert!(shown.text.contains("✓ H-012 伊藤さんが対応"), "{shown:?}");
            assert!(shown.buttons.is_empty(), "{shown:?}");
        }
    }
    // Later the nurse acts: the supervisor's list is settled.
    office.moves_to("2027-01-20 09:00").await;
    let climbed = last(supervisor, "伊藤").await;
    assert!(climbed.contains("期限超過 1世帯"), "{climbed}");
    office
        .says(nurse, "佐藤", "H-012 訪問 母と話せた 1か月後")
        .await;
    let settled = last(supervisor, "伊藤").await;
    assert!(settled.contains("期限超過 0世帯"), "{settled}");
    assert!(settled.contains("H-012 佐藤さんが対応"), "{settled}");
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_put_a_date_off_at_once_one_has_and_the_other_reads_what_holds() {
    let office = office("2026-11-25 09:00", &homes()).await;
    let (nurse, supervisor) = (&office.telegram, &office.discord);
    for race in 1..=RACES {
        let (sooner, later) = (format!("putoff:{race}:1w"), format!("putoff:{race}:2w"));
        let one = nurse.presses("佐藤", &sooner);
        let two = supervisor.presses("伊藤", &later);
        let answers = at_once(race, one, two).await;
        let day = match answers[0].contains("変えました") {
            true => "12月2日(水)",
            false => "12月9日(水)",
        };
        let other = one_has_won(answers, &format!("変えました H-{race:03}"));
        let kind = format!("その予定は、もう変わっています。H-{race:03} 次の声かけ {day}");
        assert_eq!(other, kind);
    }
    office.delivers().await;
    let twice = "SELECT COUNT(*) FROM (SELECT household_id FROM save \
                 GROUP BY household_id HAVING COUNT(*) > 1)";
    let saves = office.count("SELECT COUNT(*) FROM save").await;
    let open = "SELECT COUNT(*) FROM check_in WHERE state = 'open'";
    assert_eq!((saves, office.count(twice).await), (i64::from(RACES), 0));
    assert_eq!(office.count(open).await, i64::from(RACES));
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_record_at_once_are_both_recorded_once() {
    let office = office("2026-11-25 09:00", &homes()).await;
    let (nurse, supervisor) = (&office.telegram, &office.discord);
    for race in 1..=RACES {
        let called = format!("H-{race:03} 電話 留守電 1か月後");
        let visited = format!("H-{race:03} 訪問 不在 2か月後");
        let one = nurse.says("佐藤", &called);
        let two = supervisor.says("伊藤", &visited);
        for answer in at_once(race, one, two).await {
            assert!(
                answer.contains(&format!("記録しました H-{race:03}")),
                "{answer}"
            );
        }
    }
    office.delivers().await;
    let pairs = "SELECT COUNT(*) FROM (SELECT household_id FROM contact \
                 GROUP BY household_id HAVING COUNT(*) = 2 AND COUNT(DISTINCT author_id) = 2)";
    let contacts = office.count("SELECT COUNT(*) FROM contact").await;
    let pairs = office.count(pairs).await;
    assert_eq!((contacts, pairs), (2 * i64::from(RACES), i64::from(RACES)));
    office.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_confirm_an_alarm_at_once_one_has_and_the_other_reads_who() {
    let office = office("2026-11-25 09:00", &homes()).await;
    let (deputy, supervisor) = (&office.telegram, &office.discord);
    for race in 1..=RACES {
        let danger = format!("H-{race:03} 電話 本人 「もう消えてしまいたい」");
        office.says(deputy, "佐藤", &danger).await;
        office.looks().await;
        let alarm = supervisor.sees("伊藤").await;
        let read = alarm.last().and_then(|alarm| alarm.button("確認した"));
        let read = read.expect("a button").to_owned();
        let one = deputy.presses("渡辺", &read);
        let two = supervisor.presses("伊藤", &read);
        let other = one_has_won(at_once(race, one, two).await, "に確認しました");
        assert!(other.ends_with("さんが9:00に確認済みです"), "{other}");
        office.delivers().await;
    }
    let confirmed = "SELECT COUNT(*) FROM alarm WHERE confirmed_by IS NOT NULL";
    assert_eq!(office.count(confirmed).await, i64::from(RACES));
    let told = deputy.sees("佐藤").await;
    let told = told
        .iter()
        .filter(|shown| shown.text.contains("に確認しました"));
    assert_eq!(told.count(), RACES as usize);
    office.closes().await;
}
