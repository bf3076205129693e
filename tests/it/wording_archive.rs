//! What the commands say that back up, restore, export and take in, on one page:
//! both languages, side by side.
use crate::{
    bot::day,
    wording::{LANGUAGES, NEVER_SAID, check_sampled},
};
use koekake::conversation::{
    archive::{Flaw, Flawed, Refused, Summary, Told},
    message::Platform,
    phrasing::archive,
};
use strum::VariantNames;

fn flaws() -> Vec<Flaw> {
    vec![
        Flaw::NotOurs,
        Flaw::Damaged,
        Flaw::Cut,
        Flaw::Continued,
        Flaw::Newer,
        Flaw::OtherTables { file: 2, own: 5 },
        Flaw::InUse,
        Flaw::NoOffice,
        Flaw::MadeUp,
        Flaw::Unreadable,
        Flaw::UnknownTable,
        Flaw::Columns,
        Flaw::Refused,
        Flaw::Counts,
    ]
}

fn refusals() -> Vec<Refused> {
    let file = || "backup/koekake-2026-11-25.sqlite".to_owned();
    let mut refusals = vec![
        Refused::Running,
        Refused::Busy,
        Refused::BeingWritten { file: file() },
        Refused::Itself,
        Refused::NotEmpty,
        Refused::WrongKind,
        Refused::Unconfirmed,
        Refused::Declined,
        Refused::Flawed {
            file: file(),
            flawed: Flawed {
                line: Some(12),
                flaw: Flaw::Columns,
            },
        },
    ];
    refusals.extend(flaws().into_iter().map(|flaw| Refused::Flawed {
        file: file(),
        flawed: Flawed { line: None, flaw },
    }));
    refusals
}

fn told() -> Vec<Told> {
    let summary = || Summary {
        office: "見本市保健センター".to_owned(),
        households: 60,
        contacts: 1_203,
    };
    let place = || "data/office.sqlite".to_owned();
    let at = day("2026-11-25").and_hms_opt(1, 58, 0).expect("a time");
    let mut told = vec![
        Told::BackedUp {
            file: "office.sqlite.bak".to_owned(),
            summary: summary(),
        },
        Told::Exported {
            file: "office.jsonl".to_owned(),
            summary: summary(),
        },
        Told::TakenIn { rows: 4_711 },
        Told::Restoring {
            summary: summary(),
            last: Some(at),
            place: place(),
        },
        Told::Restoring {
            summary: summary(),
            last: None,
            place: place(),
        },
        Told::Sure,
        Told::Restored {
            former: Some("data/office.sqlite.before-2026-11-25T10-42-00".to_owned()),
            repeated: 5,
        },
        Told::Restored {
            former: None,
            repeated: 0,
        },
    ];
    told.extend([
        Told::Lines {
            platform: Platform::Telegram,
            is_read_again: false,
        },
        Told::Lines {
            platform: Platform::Discord,
            is_read_again: true,
        },
    ]);
    told.extend(refusals().into_iter().map(Told::Refused));
    told
}

#[test]
fn all_that_is_said_of_backups_is_said_in_both_languages() {
    check_sampled(&told(), Told::VARIANTS);
    check_sampled(&refusals(), Refused::VARIANTS);
    check_sampled(&flaws(), Flaw::VARIANTS);
    let mut page = String::new();
    for told in told() {
        for language in LANGUAGES {
            let said = archive::say(&told, language);
            for word in NEVER_SAID {
                assert!(!said.to_lowercase().contains(word), "{word}: {said}");
            }
            page.push_str(&format!("{said}\n"));
        }
        page.push('\n');
    }
    insta::assert_snapshot!("archive", page);
}
