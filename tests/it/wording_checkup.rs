//! What `koekake doctor` can say, on one page: every finding in both languages,
//! side by side.
use crate::{
    bot::day,
    wording::{LANGUAGES, NEVER_SAID, check_sampled},
};
use koekake::conversation::{
    checkup::{
        Finding, OfBackup, OfCalendar, OfChannel, OfChat, OfClock, OfDatabase, OfDiscord, OfGroup,
        OfOffice, OfSettings, OfTelegram, Permit, Spot,
    },
    message::{Level, Platform},
    phrasing::checkup,
};
use strum::{VariantArray, VariantNames};

fn settings() -> Vec<OfSettings> {
    use OfSettings as S;
    let error = || "/etc/koekake/local.toml, line 2, column 1: …".to_owned();
    let url = || "http://127.0.0.1:8080".to_owned();
    vec![
        S::Read,
        S::Refused { error: error() },
        S::WordsRefused { error: error() },
        S::PageAt { url: url() },
        S::PageAtHome { url: url() },
        S::PageInTheClear { url: url() },
        S::PageNameless {
            listen: "0.0.0.0:8080".to_owned(),
        },
        S::NetworkRefused { error: error() },
        S::NoCounselling,
        S::CardUnset {
            label: "緊急連絡先".to_owned(),
        },
    ]
}

fn database() -> Vec<OfDatabase> {
    use OfDatabase as D;
    let place = || "data/office.sqlite".to_owned();
    let error = || "…".to_owned();
    vec![
        D::Open { place: place() },
        D::Missing { place: place() },
        D::Unreached {
            place: place(),
            error: error(),
        },
        D::Damaged {
            place: place(),
            damage: error(),
        },
        D::Foreign { place: place() },
        D::Behind { steps: 1 },
        D::Ahead,
        D::Halted,
        D::Running,
        D::NotRunning,
        D::LockUnknown { error: error() },
        D::Unwritable {
            folder: "/var/lib/koekake".to_owned(),
        },
        D::Roomy { mebibytes: 20_480 },
        D::Scarce { mebibytes: 512 },
        D::Full { mebibytes: 64 },
        D::SpaceUnknown { error: error() },
    ]
}

fn backup() -> Vec<OfBackup> {
    use OfBackup as B;
    let folder = || "/mnt/backup".to_owned();
    let day = day("2026-11-20");
    vec![
        B::Off,
        B::Newest { day },
        B::None { folder: folder() },
        B::Old { day, days: 5 },
        B::Unwritable { folder: folder() },
    ]
}

fn office() -> Vec<OfOffice> {
    use OfOffice as O;
    let name = || "佐藤".to_owned();
    vec![
        O::Founded {
            name: "見本市保健センター".to_owned(),
        },
        O::NotFounded,
        O::MadeUp,
        O::Unread {
            error: "…".to_owned(),
        },
        O::Staffed { people: 6 },
        O::NoAdmin,
        O::NobodyLeads {
            team: "第一班".to_owned(),
        },
        O::Unreachable { name: name() },
        O::LostChat { name: name() },
        O::PageAlone {
            names: vec![name(), "鈴木".to_owned()],
        },
        O::Scheduled { households: 0 },
        O::Scheduled { households: 47 },
        O::Unscheduled { households: 1 },
        O::LettersWaiting { letters: 3 },
    ]
}

fn calendar() -> Vec<OfCalendar> {
    use OfCalendar as C;
    vec![
        C::Holidays {
            count: 22,
            from: day("2026-11-25"),
            to: day("2028-03-31"),
        },
        C::HolidaysUnknown { year: 2027 },
        C::Closures { count: 2 },
        C::NoClosures,
        C::ClosuresPast,
    ]
}

fn clock() -> Vec<OfClock> {
    use OfClock as C;
    let at = day("2026-11-25").and_hms_opt(10, 42, 0).expect("a time");
    let (of, seconds) = (Platform::Telegram, 120);
    vec![
        C::Reads { at },
        C::Agrees { with: of },
        C::Ahead { of, seconds },
        C::Behind { of, seconds },
        C::MessageAhead { seconds },
    ]
}

fn chat() -> Vec<OfChat> {
    use OfChat as C;
    vec![
        C::Off,
        C::NoLevel,
        C::Level(Level::Logging),
        C::Known {
            bot: "@koekake_test_bot".to_owned(),
        },
        C::Unreached,
        C::Trouble,
    ]
}

fn telegram() -> Vec<OfTelegram> {
    use OfTelegram as T;
    vec![
        T::TokenRefused,
        T::Webhook,
        T::Waiting { updates: 0 },
        T::Waiting { updates: 7 },
        T::HearsGroups,
        T::HearsCommandsAlone,
    ]
}

fn group() -> Vec<OfGroup> {
    use OfGroup as G;
    vec![
        G::Fine,
        G::Closed,
        G::Gone,
        G::OpenToAll,
        G::Mute,
        G::HearsCommandsAlone,
        G::Moved,
        G::Unasked,
    ]
}

fn discord() -> Vec<OfDiscord> {
    use OfDiscord as D;
    vec![D::TokenRefused, D::ContentIntent, D::NoContentIntent]
}

fn channel() -> Vec<OfChannel> {
    use OfChannel as C;
    vec![
        C::Fine,
        C::Closed,
        C::Gone,
        C::OpenToAll,
        C::Lacks(Permit::VARIANTS.to_vec()),
        C::Unasked,
    ]
}

/// All of them, those of any chat on each.
fn findings() -> Vec<Finding> {
    let spot = || Spot {
        team: "第一班".to_owned(),
        registered_on: day("2026-11-25"),
    };
    let mut found: Vec<Finding> = settings().into_iter().map(Finding::Settings).collect();
    found.extend(database().into_iter().map(Finding::Database));
    found.extend(backup().into_iter().map(Finding::Backup));
    found.extend(office().into_iter().map(Finding::Office));
    found.extend(calendar().into_iter().map(Finding::Calendar));
    found.extend(clock().into_iter().map(Finding::Clock));
    for platform in Platform::CHATS {
        let of_chat = chat().into_iter();
        found.extend(of_chat.map(|of_chat| Finding::Chat(platform, of_chat)));
    }
    found.extend(telegram().into_iter().map(Finding::Telegram));
    let groups = group().into_iter();
    found.extend(groups.map(|group| Finding::Group(spot(), group)));
    found.extend(discord().into_iter().map(Finding::Discord));
    let channels = channel().into_iter();
    found.extend(channels.map(|channel| Finding::Channel(spot(), channel)));
    found
}

#[test]
fn every_finding_is_one_line_in_both_languages() {
    check_sampled(&findings(), Finding::VARIANTS);
    check_sampled(&settings(), OfSettings::VARIANTS);
    check_sampled(&database(), OfDatabase::VARIANTS);
    check_sampled(&backup(), OfBackup::VARIANTS);
    check_sampled(&office(), OfOffice::VARIANTS);
    check_sampled(&calendar(), OfCalendar::VARIANTS);
    check_sampled(&clock(), OfClock::VARIANTS);
    check_sampled(&chat(), OfChat::VARIANTS);
    check_sampled(&telegram(), OfTelegram::VARIANTS);
    check_sampled(&group(), OfGroup::VARIANTS);
    check_sampled(&discord(), OfDiscord::VARIANTS);
    check_sampled(&channel(), OfChannel::VARIANTS);
    let mut page = String::new();
    for finding in findings() {
        for language in LANGUAGES {
            let line = checkup::say(&finding, language);
            assert_eq!(line.lines().count(), 1, "{line}");
            for word in NEVER_SAID {
                assert!(!line.to_lowercase().contains(word), "{word}: {line}");
            }
            page.push_str(&format!("{line}\n"));
        }
    }
    for language in LANGUAGES {
        let verdict = checkup::verdict(2, language).expect("something is wrong");
        page.push_str(&format!("{verdict}\n"));
        assert_eq!(checkup::verdict(0, language), None);
    }
    insta::assert_snapshot!("checkup", page);
}
