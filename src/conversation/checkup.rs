//! What a look at an office can find, and how much it matters: what
//! `koekake doctor` says, as data.
use super::message::{Level, Platform};
use crate::domain::closed_list;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// A clock that differs by more is wrong; less is the way of a message.
const CLOCK_SECONDS_MAX: i64 = 60;
/// Yesterday's is the newest until today's is made; before that, a day went by.
const BACKUP_DAYS_MAX: i64 = 1;
/// Less is free on a disk that may be full within days: other programs write there.
const SPACE_MEBIBYTES_MIN: u64 = 100;
/// With this much free nobody needs to think of it.
const SPACE_MEBIBYTES_AMPLE: u64 = 1_024;

closed_list! {
    /// How much a finding matters.
    pub enum Grade {
        Fine,
        /// It works, and may not be what the office wants.
        Warning,
        /// Something does not work until it is mended.
        Wrong,
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum Finding {
    Settings(OfSettings),
    Database(OfDatabase),
    Backup(OfBackup),
    Office(OfOffice),
    Calendar(OfCalendar),
    Clock(OfClock),
    Chat(Platform, OfChat),
    Telegram(OfTelegram),
    Group(Spot, OfGroup),
    Discord(OfDiscord),
    Channel(Spot, OfChannel),
}

/// Of the settings. Texts of errors name the place, never a secret.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfSettings {
    Read,
    Refused {
        error: String,
    },
    /// Of the office's own words.
    WordsRefused {
        error: String,
    },
    /// Where staff reach the page.
    PageAt {
        url: String,
    },
    /// Links in chats name an address that this machine alone can open.
    PageAtHome {
        url: String,
    },
    /// Links name an address without encryption.
    PageInTheClear {
        url: String,
    },
    /// It listens to other machines, and has no address for them.
    PageNameless {
        listen: String,
    },
    /// The proxy, or the further certificates.
    NetworkRefused {
        error: String,
    },
    /// A resident who finds the bot is told nothing.
    NoCounselling,
    /// A telephone number of the emergency card.
    CardUnset {
        label: String,
    },
}

/// Of the database and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfDatabase {
    Open {
        place: String,
    },
    Missing {
        place: String,
    },
    Unreached {
        place: String,
        error: String,
    },
    /// Of its file: what of it, in the database's own words.
    Damaged {
        place: String,
        damage: String,
    },
    /// It has no tables of ours.
    Foreign {
        place: String,
    },
    /// So many steps that the next start of this program will do.
    Behind {
        steps: usize,
    },
    /// A newer program has changed the tables.
    Ahead,
    /// A step was begun and not finished.
    Halted,
    Running,
    NotRunning,
    LockUnknown {
        error: String,
    },
    Unwritable {
        folder: String,
    },
    /// So much is free on the disk.
    Roomy {
        mebibytes: u64,
    },
    /// It is time to make room.
    Scarce {
        mebibytes: u64,
    },
    /// Lines will be refused soon.
    Full {
        mebibytes: u64,
    },
    SpaceUnknown {
        error: String,
    },
}

/// Of the daily backups.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfBackup {
    /// The settings want none.
    Off,
    /// When the newest good one was made.
    Newest {
        day: NaiveDate,
    },
    /// None was made so far.
    None {
        folder: String,
    },
    /// The newest good one is so many days old.
    Old {
        day: NaiveDate,
        days: i64,
    },
    Unwritable {
        folder: String,
    },
}

/// Of the office, its people and households.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfOffice {
    Founded {
        name: String,
    },
    NotFounded,
    /// Of a trial.
    MadeUp,
    /// It could not be read.
    Unread {
        error: String,
    },
    Staffed {
        people: usize,
    },
    NoAdmin,
    /// Nobody leads it: what nobody has touched climbs to nobody.
    NobodyLeads {
        team: String,
    },
    /// No way to them at all.
    Unreachable {
        name: String,
    },
    /// The page is left, which calls nobody.
    LostChat {
        name: String,
    },
    /// They have joined no chat so far.
    PageAlone {
        names: Vec<String>,
    },
    /// Every open household has a check-in.
    Scheduled {
        households: i64,
    },
    /// Open households without one.
    Unscheduled {
        households: i64,
    },
    /// Answers that could not be brought for an hour.
    LettersWaiting {
        letters: i64,
    },
}

/// Of the days on which the office is open.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfCalendar {
    /// So many holidays, up to the end of the next fiscal year.
    Holidays {
        count: usize,
        from: NaiveDate,
        to: NaiveDate,
    },
    HolidaysUnknown {
        year: i32,
    },
    /// The office's own closed days that are still to come.
    Closures {
        count: usize,
    },
    NoClosures,
    ClosuresPast,
}

/// Of the clock of this machine.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfClock {
    /// What it says, in the office's zone.
    Reads {
        at: NaiveDateTime,
    },
    Agrees {
        with: Platform,
    },
    Ahead {
        of: Platform,
        seconds: i64,
    },
    Behind {
        of: Platform,
        seconds: i64,
    },
    /// The newest message was heard so many seconds from now.
    MessageAhead {
        seconds: i64,
    },
}

/// Of any platform and its bot.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfChat {
    /// It has no token.
    Off,
    NoLevel,
    Level(Level),
    /// The token is right; so the bot is called.
    Known {
        bot: String,
    },
    Unreached,
    /// It was reached, and did not answer what was asked.
    Trouble,
}

/// Of Telegram alone.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfTelegram {
    TokenRefused,
    /// Updates are sent elsewhere, and cannot be asked for.
    Webhook,
    /// Updates that nobody has taken.
    Waiting {
        updates: u32,
    },
    /// Lines in groups reach the bot, as the settings want.
    HearsGroups,
    /// They do not; there is no group yet.
    HearsCommandsAlone,
}

/// Of Discord alone.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfDiscord {
    TokenRefused,
    /// Lines in channels may be read.
    ContentIntent,
    /// Without it the gateway refuses the bot altogether.
    NoContentIntent,
}

/// A registered place, so that its administrator knows which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub team: String,
    pub registered_on: NaiveDate,
}

/// A registered place as a platform finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The platform's own id.
    pub place: String,
    pub spot: Spot,
    /// Nothing is posted in one that was closed.
    pub is_open: bool,
}

/// Of a registered group of Telegram.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfGroup {
    Fine,
    /// Closed before, because everybody could read it or it could not be posted to.
    Closed,
    /// It is not there, or the bot is not in it.
    Gone,
    OpenToAll,
    /// The bot may not write there.
    Mute,
    /// Lines reach the bot only if they are addressed to it.
    HearsCommandsAlone,
    /// It has another id now.
    Moved,
    /// Telegram did not say.
    Unasked,
}

/// Of a registered channel of Discord.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum OfChannel {
    Fine,
    /// Closed before, because everybody could read it or it could not be posted to.
    Closed,
    /// It is not there, or the bot may not see it.
    Gone,
    OpenToAll,
    /// The bot lacks what it needs there.
    Lacks(Vec<Permit>),
    /// Discord did not say.
    Unasked,
}

closed_list! {
    /// What a bot of Discord needs in a channel, as Discord names it.
    pub enum Permit {
        ViewChannel,
        SendMessages,
        ReadMessageHistory,
    }
}

impl Finding {
    pub fn grade(&self) -> Grade {
        match self {
            Finding::Settings(found) => found.grade(),
            Finding::Database(found) => found.grade(),
            Finding::Backup(found) => found.grade(),
            Finding::Office(found) => found.grade(),
            Finding::Calendar(found) => found.grade(),
            Finding::Clock(found) => found.grade(),
            Finding::Chat(_, found) => found.grade(),
            Finding::Telegram(found) => found.grade(),
            Finding::Group(_, found) => found.grade(),
            Finding::Discord(found) => found.grade(),
            Finding::Channel(_, found) => found.grade(),
        }
    }
}

impl OfSettings {
    fn grade(&self) -> Grade {
        match self {
            OfSettings::Read | OfSettings::PageAt { .. } => Grade::Fine,
            OfSettings::PageAtHome { .. }
            | OfSettings::PageInTheClear { .. }
            | OfSettings::NoCounselling
            | OfSettings::CardUnset { .. } => Grade::Warning,
            OfSettings::Refused { .. }
            | OfSettings::WordsRefused { .. }
            | OfSettings::PageNameless { .. }
            | OfSettings::NetworkRefused { .. } => Grade::Wrong,
        }
    }
}

impl OfDatabase {
    fn grade(&self) -> Grade {
        match self {
            OfDatabase::Open { .. } | OfDatabase::Running | OfDatabase::Roomy { .. } => Grade::Fine,
            OfDatabase::Behind { .. }
            | OfDatabase::Scarce { .. }
            | OfDatabase::NotRunning
            | OfDatabase::LockUnknown { .. }
            | OfDatabase::SpaceUnknown { .. } => Grade::Warning,
            OfDatabase::Missing { .. }
            | OfDatabase::Unreached { .. }
            | OfDatabase::Damaged { .. }
            | OfDatabase::Foreign { .. }
            | OfDatabase::Ahead
            | OfDatabase::Halted
            | OfDatabase::Full { .. }
            | OfDatabase::Unwritable { .. } => Grade::Wrong,
        }
    }
}

impl OfBackup {
    fn grade(&self) -> Grade {
        match self {
            OfBackup::Newest { .. } => Grade::Fine,
            OfBackup::Off | OfBackup::None { .. } => Grade::Warning,
            OfBackup::Old { .. } | OfBackup::Unwritable { .. } => Grade::Wrong,
        }
    }
}

impl OfOffice {
    fn grade(&self) -> Grade {
        match self {
            OfOffice::Founded { .. } | OfOffice::Staffed { .. } | OfOffice::Scheduled { .. } => {
                Grade::Fine
            }
            OfOffice::LostChat { .. }
            | OfOffice::PageAlone { .. }
            | OfOffice::LettersWaiting { .. } => Grade::Warning,
            OfOffice::NotFounded
            | OfOffice::MadeUp
            | OfOffice::Unread { .. }
            | OfOffice::NoAdmin
            | OfOffice::NobodyLeads { .. }
            | OfOffice::Unreachable { .. }
            | OfOffice::Unscheduled { .. } => Grade::Wrong,
        }
    }
}

impl OfCalendar {
    fn grade(&self) -> Grade {
        match self {
            OfCalendar::Holidays { .. } | OfCalendar::Closures { .. } | OfCalendar::NoClosures => {
                Grade::Fine
            }
            OfCalendar::ClosuresPast => Grade::Warning,
            OfCalendar::HolidaysUnknown { .. } => Grade::Wrong,
        }
    }
}

impl OfClock {
    fn grade(&self) -> Grade {
        match self {
            OfClock::Reads { .. } | OfClock::Agrees { .. } => Grade::Fine,
            OfClock::Ahead { .. } | OfClock::Behind { .. } | OfClock::MessageAhead { .. } => {
                Grade::Wrong
            }
        }
    }
}

impl OfChat {
    fn grade(&self) -> Grade {
        match self {
            OfChat::Off | OfChat::Level(_) | OfChat::Known { .. } => Grade::Fine,
            OfChat::NoLevel | OfChat::Unreached | OfChat::Trouble => Grade::Wrong,
        }
    }
}

impl OfTelegram {
    fn grade(&self) -> Grade {
        match self {
            OfTelegram::Waiting { updates: 0 } | OfTelegram::HearsGroups => Grade::Fine,
            OfTelegram::Waiting { .. } | OfTelegram::HearsCommandsAlone => Grade::Warning,
            OfTelegram::TokenRefused | OfTelegram::Webhook => Grade::Wrong,
        }
    }
}

impl OfGroup {
    fn grade(&self) -> Grade {
        match self {
            OfGroup::Fine => Grade::Fine,
            OfGroup::Closed | OfGroup::Moved => Grade::Warning,
            OfGroup::Gone
            | OfGroup::OpenToAll
            | OfGroup::Mute
            | OfGroup::HearsCommandsAlone
            | OfGroup::Unasked => Grade::Wrong,
        }
    }
}

impl OfDiscord {
    fn grade(&self) -> Grade {
        match self {
            OfDiscord::ContentIntent => Grade::Fine,
            OfDiscord::TokenRefused | OfDiscord::NoContentIntent => Grade::Wrong,
        }
    }
}

impl OfChannel {
    fn grade(&self) -> Grade {
        match self {
            OfChannel::Fine => Grade::Fine,
            OfChannel::Closed => Grade::Warning,
            OfChannel::Gone | OfChannel::OpenToAll | OfChannel::Lacks(_) | OfChannel::Unasked => {
                Grade::Wrong
            }
        }
    }
}

/// This machine's clock beside that of a platform, as its answer's `Date` says it
/// (RFC 9110, 6.6.1); None where that cannot be read.
pub fn compared(with: Platform, date: &str, now: DateTime<Utc>) -> Option<Finding> {
    let theirs = DateTime::parse_from_rfc2822(date).ok()?;
    let seconds = now.signed_duration_since(theirs).num_seconds();
    Some(Finding::Clock(match seconds {
        _ if seconds.abs() <= CLOCK_SECONDS_MAX => OfClock::Agrees { with },
        1.. => OfClock::Ahead { of: with, seconds },
        _ => OfClock::Behind {
            of: with,
            seconds: -seconds,
        },
    }))
}

/// What is free on the disk where the database grows.
pub fn space(mebibytes: u64) -> Finding {
    Finding::Database(if mebibytes < SPACE_MEBIBYTES_MIN {
        OfDatabase::Full { mebibytes }
    } else if mebibytes < SPACE_MEBIBYTES_AMPLE {
        OfDatabase::Scarce { mebibytes }
    } else {
        OfDatabase::Roomy { mebibytes }
    })
}

/// The newest of the daily backups beside today; None: there is none in that
/// folder.
pub fn newest_backup(day: Option<NaiveDate>, today: NaiveDate, folder: &str) -> Finding {
    let Some(day) = day else {
        let folder = folder.to_owned();
        return Finding::Backup(OfBackup::None { folder });
    };
    let days = (today - day).num_days();
    Finding::Backup(match days {
        ..=BACKUP_DAYS_MAX => OfBackup::Newest { day },
        _ => OfBackup::Old { day, days },
    })
}

/// The newest message beside the clock: one from the future shows that the clock
/// was put back. None where all is well.
pub fn newest(heard_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Finding> {
    let seconds = heard_at.signed_duration_since(now).num_seconds();
    (seconds > CLOCK_SECONDS_MAX).then_some(Finding::Clock(OfClock::MessageAhead { seconds }))
}

#[cfg(test)]
mod tests {
    use super::{Finding, Grade, OfClock, compared, newest, newest_backup, space};
    use crate::conversation::message::Platform;
    use chrono::{NaiveDate, TimeDelta, TimeZone, Utc};

    #[test]
    fn a_clock_is_right_within_a_minute() {
        let now = Utc.with_ymd_and_hms(2026, 11, 25, 1, 0, 0).unwrap();
        let with = Platform::Telegram;
        let agrees = OfClock::Agrees { with };
        for (date, expected) in [
            ("Wed, 25 Nov 2026 01:00:00 GMT", agrees.clone()),
            ("Wed, 25 Nov 2026 00:59:00 GMT", agrees.clone()),
            ("Wed, 25 Nov 2026 01:01:00 GMT", agrees),
            (
                "Wed, 25 Nov 2026 00:58:59 GMT",
                OfClock::Ahead {
                    of: with,
                    seconds: 61,
                },
            ),
            (
                "Wed, 25 Nov 2026 01:02:00 GMT",
                OfClock::Behind {
                    of: with,
                    seconds: 120,
                },
            ),
        ] {
            let found = compared(with, date, now);
            assert_eq!(found, Some(Finding::Clock(expected)), "{date}");
        }
        assert_eq!(compared(Platform::Discord, "yesterday", now), None);
        assert_eq!(newest(now + TimeDelta::seconds(60), now), None);
        assert!(newest(now + TimeDelta::seconds(61), now).is_some());
    }

    #[test]
    fn a_day_without_a_backup_is_seen() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        for (newest, grade) in [
            (Some("2026-11-25"), Grade::Fine),
            (Some("2026-11-24"), Grade::Fine),
            (Some("2026-11-23"), Grade::Wrong),
            (None, Grade::Warning),
        ] {
            let found = newest_backup(newest.map(day), day("2026-11-25"), "backup");
            assert_eq!(found.grade(), grade, "{newest:?}");
        }
    }

    #[test]
    fn a_full_disk_is_seen_before_it_is_full() {
        for (mebibytes, grade) in [
            (99, Grade::Wrong),
            (100, Grade::Warning),
            (1_023, Grade::Warning),
            (1_024, Grade::Fine),
        ] {
            assert_eq!(space(mebibytes).grade(), grade, "{mebibytes}");
        }
    }
}
