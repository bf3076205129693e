//! Whoever means ill, on both chats: strangers who command, buttons of others,
//! data that was made up, texts that want to be more than text, codes of another
//! team. All of it is refused or is plain text, and nobody learns anything.
use crate::{
    bot::{home, instant, person},
    discord::{
        self,
        fake::{ROOM, World},
    },
    story_everywhere_office::{Chat, Office, Shown, on_telegram},
    telegram::fake::Call,
};
use koekake::{
    conversation::message::{
        Account,
        Platform::{self, Discord, Telegram},
    },
    domain::{
        check_in::{NewCheckIn, Pace, Plan, Purpose, Why, Window},
        household::{Code, Facts, State},
        people::{Language, Role},
    },
    store::{
        import::{self, HouseholdRow, Imported, StaffRow},
        staff::{Act, Newcomer},
    },
};

/// A group of Telegram.
const GROUP: i64 = -1_001;
/// The nurse of another team, on each chat.
const THEIRS: &str = "6601";
/// A colleague with a name that wants to be more than a name.
const ODD: &str = "6602";
const ODD_NAME: &str = "@everyone **太** <b>印</b> [a](b) `c`";
/// What our team may never read: a name, a code that nobody types, its date.
const OF_THEIRS: [&str; 4] = ["高橋", "H-778", "2027年4月1日", "4月1日"];
/// What their nurse may never read.
const OF_OURS: [&str; 4] = ["佐藤", "鈴木", "H-013", "12月15日"];

/// What is kept of households.
const KEPT: [&str; 7] = [
    "household",
    "check_in",
    "contact",
    "save",
    "alarm",
    "request",
    "nudge",
];

async fn office(platform: Platform) -> Office {
    let homes = [
        home(12, "佐藤", "2026-12-15"),
        home(13, "佐藤", "2026-12-15"),
        home(31, "鈴木", "2026-12-15"),
    ];
    let seats = ["佐藤", "鈴木", "伊藤", "渡辺", "小林"].map(|who| (platform, who));
    let office = Office::open("2026-11-25 09:00", &homes, &seats).await;
    let act = Act {
        by: person("小林"),
        now: instant("2026-11-25 09:00"),
        today: day("2026-11-25"),
    };
    let staff = [
        newcomer("高橋", "第二班", (platform, THEIRS)),
        newcomer(ODD_NAME, "見本チーム", (platform, ODD)),
    ];
    let db = &office.bot.db;
    let taken = import::staff(db, &staff, &act, true).await.expect("staff");
    is_taken(taken);
    let households = [777, 778].map(theirs);
    let taken = import::households(db, &households, &act, true).await;
    is_taken(taken.expect("households"));
    office
}

fn is_taken(imported: Imported) {
    assert_eq!((imported.taken, imported.refused), (2, Vec::new()));
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date")
}

fn newcomer(name: &str, team: &str, (platform, id): (Platform, &str)) -> StaffRow {
    StaffRow {
        line: 1,
        team: team.to_owned(),
        newcomer: Newcomer {
            name: name.to_owned(),
            role: Role::Nurse,
            language: Language::Japanese,
        },
        account: Some(Account {
            platform,
            id: id.to_owned(),
        }),
    }
}

fn theirs(code: u32) -> HouseholdRow {
    HouseholdRow {
        line: 1,
        code: Code::of(code),
        team: "第二班".to_owned(),
        nurse: Some("高橋".to_owned()),
        facts: Facts {
            state: State::Active,
            pause_reason: None,
            close_reason: None,
            awaiting_receipt: false,
            class: None,
            flags: Vec::new(),
            not_before: None,
            known_by: None,
            known_on: None,
            main: None,
            second: None,
            check_in: None,
        },
        check_in: NewCheckIn {
            window: Window::day(day("2027-04-01")),
            purpose: Purpose::LookIn,
            pace: Pace::Ordinary,
            why: Why::Said,
            plan: Plan::default(),
            put_off: 0,
        },
    }
}

async fn all_kept(office: &Office) -> Vec<Vec<String>> {
    let mut kept = Vec::new();
    for table in KEPT {
        kept.push(office.rows(table, &[]).await);
    }
    kept
}

fn tells_nothing_of(secrets: &[&str], shown: &Shown) {
    let all = format!("{shown:?}");
    for secret in secrets {
        assert!(!all.contains(secret), "{secret} in {shown:#?}");
    }
}

async fn refusals(office: &Office) -> usize {
    office.bot.journal("refused").await.len()
}

/// What each of the team's people and the other team's nurse have read tells
/// nothing of the other side.
async fn nobody_has_learned_anything(chat: &impl Chat) {
    for who in ["佐藤", "鈴木", "伊藤", "渡辺", "小林", ODD] {
        for shown in chat.sees(who).await {
            tells_nothing_of(&OF_THEIRS, &shown);
        }
    }
    for shown in chat.sees(THEIRS).await {
        tells_nothing_of(&OF_OURS, &shown);
    }
}

/// Telegram was never asked to read our text as anything but text, and Discord
/// never to ping anybody.
fn all_is_plain_text(office: &Office) {
    let telegram = &office.telegram.fake;
    for call in [
        telegram.calls("sendMessage"),
        telegram.calls("editMessageText"),
    ]
    .concat()
    {
        assert_eq!(call.body.get("parse_mode"), None, "{call:?}");
    }
    let world = office.discord.fake.world();
    for call in &world.calls {
        for told in [&call.body, &call.body["data"]] {
            if told["content"].is_string() {
                let mentions = &told["allowed_mentions"];
                for whom in ["parse", "users", "roles"] {
                    let pinged = mentions[whom].as_array().map(Vec::len);
                    assert_eq!(pinged, Some(0), "{call:?}");
                }
            }
        }
    }
}

/// What our people have recorded, and of which others may wish to know.
async fn begun(office: &Office, chat: &impl Chat) {
    office
        .says(chat, "佐藤", "H-012 電話 母と話せた 3か月後")
        .await;
    let danger = "H-013 電話 本人 「もう消えてしまいたい」";
    office.says(chat, "佐藤", danger).await;
    office.says(chat, "佐藤", "H-012 終結 問題の解決").await;
    office.looks().await;
}

async fn strangers(office: &Office, chat: &impl Chat) {
    begun(office, chat).await;
    let kept = all_kept(office).await;
    let journal = office.rows("journal", &[]).await;
    let lines = [
        "期限超過",
        "H-012 訪問 不在 名刺 3か月後",
        "/overdue",
        "/record H-012 訪問 不在",
        "参加 AAAA-AAAA",
        "職員一覧",
        "H-012 前回は？",
    ];
    let presses = [
        "overdue",
        "open:H-012",
        "undo:1",
        "take:1",
        "alarm:1",
        "made up",
    ];
    // Each of them is another stranger: one alone is soon answered no more.
    let mut strangers = (7_000..).map(|id: u32| id.to_string());
    let mut answers = Vec::new();
    for (line, who) in lines.iter().zip(&mut strangers) {
        answers.push(office.says(chat, &who, line).await);
    }
    for (press, who) in presses.iter().zip(&mut strangers) {
        answers.push(office.presses_data(chat, &who, press).await);
    }
    for answer in answers {
        assert!(answer.text.starts_with("職員専用です"), "{answer:?}");
        assert!(answer.buttons.is_empty(), "{answer:?}");
        tells_nothing_of(&["H-", "佐藤", "見本チーム", "12月"], &answer);
    }
    assert_eq!(all_kept(office).await, kept);
    assert_eq!(office.rows("journal", &[]).await, journal);
}

/// Every row of ours that a button can name, pressed by their nurse.
const OF_A_ROW: [&str; 20] = [
    "undo:1",
    "redate:1",
    "putoff:1:1w",
    "day:1:2027-01-08",
    "otherday:1",
    "because:1:short_handed",
    "correct:1",
    "kind:1:visit",
    "outcome:1:absent",
    "signs:1:usual",
    "record:1",
    "recordkind:1:visit",
    "recordas:1:visit:absent",
    "take:1",
    "consult:1",
    "consultfor:1:come_along",
    "asknurse:1",
    "alarm:1",
    "accept:1",
    "decline:1",
];
/// What names a household of ours by its code.
const OF_A_CODE: [&str; 5] = [
    "open:H-012",
    "course:H-012",
    "reassign:H-012",
    "assign:H-012:6",
    "register:H-012",
];
/// What no version of ours has made.
const MADE_UP: [&str; 5] = ["made up", "undo:x", "undo:1:2:3", "drop table", "undo:-"];

async fn another_team(office: &Office, chat: &impl Chat) {
    begun(office, chat).await;
    let kept = all_kept(office).await;
    let mut refused = refusals(office).await;
    for press in OF_A_ROW.iter().chain(&OF_A_CODE).chain(&MADE_UP) {
        office.presses_data(chat, THEIRS, press).await;
        refused += 1;
        assert_eq!(refusals(office).await, refused, "the journal lacks {press}");
    }
    for line in [
        "H-012 訪問 不在",
        "H-012 前回は？",
        "H-012 2か月後",
        "H-012 再開",
    ] {
        let answer = office.says(chat, THEIRS, line).await;
        assert!(
            answer.text.contains("H-012 は登録がありません"),
            "{answer:?}"
        );
        refused += 1;
        assert_eq!(refusals(office).await, refused, "the journal lacks {line}");
    }
    // A code of theirs is answered as one that nobody has.
    let real = office.says(chat, "佐藤", "H-777 訪問 不在").await;
    let none = office.says(chat, "佐藤", "H-779 訪問 不在").await;
    assert_eq!(
        format!("{real:?}").replace("777", "779"),
        format!("{none:?}")
    );
    refused += 1;
    // Nor may everybody of one team do everything.
    for (who, press, answer) in [
        ("鈴木", "undo:1", "ほかの方の記録は取り消せません"),
        ("佐藤", "alarm:1", "係長か代理の方が"),
        ("佐藤", "accept:1", ""),
        ("佐藤", "invite:2", "管理者の方が"),
    ] {
        let shown = office.presses_data(chat, who, press).await;
        assert!(shown.text.contains(answer), "{shown:?}");
        refused += 1;
        assert_eq!(refusals(office).await, refused, "the journal lacks {press}");
    }
    assert_eq!(all_kept(office).await, kept);
    nobody_has_learned_anything(chat).await;
}

async fn odd_texts(office: &Office, chat: &impl Chat) {
    let odd = "@everyone <@9001> **太** <b>印</b> [a](https://a.example) `c` <script>";
    for (line, recorded) in [
        (format!("H-012 訪問 不在 {odd} 2週間後"), "H-012 訪問・不在"),
        (
            "\u{202e}H-012\u{200b} 電話\u{200d} 留守電 1か月後\u{202c}".to_owned(),
            "H-012 電話・留守電",
        ),
    ] {
        let answer = office.says(chat, "佐藤", &line).await;
        let recorded = format!("記録しました {recorded}");
        assert!(answer.text.contains(&recorded), "{answer:?}");
        for part in [
            "everyone",
            "太",
            "<b>",
            "script",
            "a.example",
            "\u{202e}",
            "\u{200b}",
        ] {
            tells_nothing_of(&[part], &answer);
        }
    }
    let kept = all_kept(office).await;
    let long = format!("H-012 訪問 不在 {}", "あ".repeat(100_000));
    let answer = office.says(chat, "佐藤", &long).await;
    assert!(
        answer.text.starts_with("長すぎて読めませんでした"),
        "{answer:?}"
    );
    assert_eq!(all_kept(office).await, kept);
    // A name is shown to whom it concerns, and means nothing more.
    office
        .says(chat, ODD, "H-012 訪問 母と話せた 1か月後")
        .await;
    office.presses(chat, ODD, "はい、記録する").await;
    let told = chat.sees("佐藤").await.pop().expect("word of it");
    assert!(told.text.contains("H-012"), "{told:?}");
    // Discord's signs are escaped; Telegram's have a character without width.
    let plain = told.text.replace(['\\', '\u{2060}'], "");
    assert!(plain.contains(ODD_NAME), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_who_command_read_the_one_message_and_leave_nothing() {
    let on_telegram = office(Telegram).await;
    strangers(&on_telegram, &on_telegram.telegram).await;
    all_is_plain_text(&on_telegram);
    on_telegram.closes().await;
    let on_discord = office(Discord).await;
    strangers(&on_discord, &on_discord.discord).await;
    all_is_plain_text(&on_discord);
    on_discord.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_another_teams_is_refused_told_to_nobody_and_kept_in_the_journal() {
    let on_telegram = office(Telegram).await;
    another_team(&on_telegram, &on_telegram.telegram).await;
    all_is_plain_text(&on_telegram);
    on_telegram.closes().await;
    let on_discord = office(Discord).await;
    another_team(&on_discord, &on_discord.discord).await;
    all_is_plain_text(&on_discord);
    on_discord.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_that_want_to_be_more_are_text() {
    let on_telegram = office(Telegram).await;
    odd_texts(&on_telegram, &on_telegram.telegram).await;
    all_is_plain_text(&on_telegram);
    on_telegram.closes().await;
    let on_discord = office(Discord).await;
    odd_texts(&on_discord, &on_discord.discord).await;
    all_is_plain_text(&on_discord);
    let escaped = |world: &World| {
        let mut said = world.messages.values().map(discord::office::text);
        let is_whole = said.any(|text| text.contains("\\@everyone \\*\\*太\\*\\*"));
        is_whole.then_some(())
    };
    on_discord
        .discord
        .fake
        .until("the name, as text", escaped)
        .await;
    on_discord.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_group_others_press_in_vain_and_the_group_reads_nothing() {
    let office = office(Telegram).await;
    office.bot.registers(Telegram, &GROUP.to_string()).await;
    begun(&office, &office.telegram).await;
    let kept = all_kept(&office).await;
    let fake = &office.telegram.fake;
    fake.opens_group(GROUP, None);
    let refused = refusals(&office).await;
    let attempts = [
        ("鈴木", "undo:1", "ほかの方の記録は取り消せません"),
        (THEIRS, "undo:1", "取り消せる記録がありません"),
        (THEIRS, "open:H-012", "H-012 は登録がありません"),
        (THEIRS, "made up", "このボタンは使えません"),
    ];
    for (who, press, expected) in attempts {
        let own = who.parse().unwrap_or_else(|_| on_telegram(who));
        let is_answer = |call: &Call| call.chat() == own && call.text().contains(expected);
        fake.presses(GROUP, own, press);
        fake.until(1, "sendMessage", is_answer).await;
    }
    fake.presses(GROUP, 7_999, "undo:1");
    fake.confirmed().await;
    assert_eq!(refusals(&office).await, refused + attempts.len());
    assert_eq!(all_kept(&office).await, kept);
    let heard = |call: &Call| [GROUP, 7_999].contains(&call.chat());
    assert!(!fake.calls("sendMessage").iter().any(heard));
    all_is_plain_text(&office);
    office.closes().await;
}

/// Befell others: anybody deleted anybody's reminder.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_shared_place_others_press_in_vain_and_read_nothing() {
    let office = office(Discord).await;
    office.bot.registers(Discord, &ROOM.to_string()).await;
    begun(&office, &office.discord).await;
    let kept = all_kept(&office).await;
    let fake = &office.discord.fake;
    let refused = refusals(&office).await;
    let attempts = [
        ("鈴木", "undo:1", "ほかの方の記録は取り消せません"),
        (THEIRS, "undo:1", "取り消せる記録がありません"),
        (THEIRS, "open:H-012", "H-012 は登録がありません"),
        (THEIRS, "made up", "このボタンは使えません"),
    ];
    for (who, press, expected) in attempts {
        let user = who.parse().unwrap_or_else(|_| discord::office::user(who));
        let pressed = fake.presses((Some(ROOM), user), press);
        let answer = fake.answer(pressed).await.shown;
        let text = discord::office::text(&answer);
        assert!(text.contains(expected), "{answer}");
        assert_eq!(answer["flags"], 64, "{answer}");
    }
    // A stranger is told nothing there, and a command is none of theirs.
    let stranger = (Some(ROOM), 7_999);
    fake.presses(stranger, "undo:1");
    let called = fake.asks(stranger, 2, discord::office::call("overdue", &[]));
    let answer = fake.answer(called).await.shown;
    assert!(!answer.to_string().contains("H-0"), "{answer}");
    assert_eq!(answer["flags"], 64, "{answer}");
    assert_eq!(refusals(&office).await, refused + attempts.len());
    assert_eq!(all_kept(&office).await, kept);
    assert!(fake.said_in(ROOM).is_empty());
    all_is_plain_text(&office);
    office.closes().await;
}
