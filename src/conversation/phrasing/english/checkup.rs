//! What `koekake doctor` says in English.
use crate::{
    conversation::{
        checkup::{
            Finding, OfBackup, OfCalendar, OfChannel, OfChat, OfClock, OfDatabase, OfDiscord,
            OfGroup, OfOffice, OfSettings, OfTelegram, Permit, Spot,
        },
        message::Platform,
        phrasing::manual,
    },
    domain::people::Language,
};

pub fn say(finding: &Finding) -> String {
    match finding {
        Finding::Settings(found) => of_settings(found),
        Finding::Database(found) => of_database(found),
        Finding::Backup(found) => of_backup(found),
        Finding::Office(found) => of_office(found),
        Finding::Calendar(found) => of_calendar(found),
        Finding::Clock(found) => of_clock(found),
        Finding::Chat(platform, found) => of_chat(*platform, found),
        Finding::Telegram(found) => of_telegram(found),
        Finding::Group(spot, found) => format!("{} {}", place(spot), of_group(found)),
        Finding::Discord(found) => of_discord(found),
        Finding::Channel(spot, found) => format!("{} {}", place(spot), of_channel(found)),
    }
}

fn of_settings(found: &OfSettings) -> String {
    match found {
        OfSettings::Read => "they can be read".to_owned(),
        OfSettings::Refused { error } => format!(
            "they cannot be used. Mend the place that is named; nothing else can be looked at before: {error}"
        ),
        OfSettings::WordsRefused { error } => {
            format!("the office's own words cannot be used. Mend the place that is named: {error}")
        }
        OfSettings::PageAt { url } => format!("the page is at {url}"),
        OfSettings::PageAtHome { url } => format!(
            "links in chats name {url}, which this machine alone can open. \
             Put an HTTPS proxy in front and say its address in [web] public_url"
        ),
        OfSettings::PageInTheClear { url } => format!(
            "the page's address {url} is not encrypted. \
             Put an HTTPS proxy in front and let [web] public_url begin with https://"
        ),
        OfSettings::PageNameless { listen } => format!(
            "[web] listen is {listen} and there is no public_url: `koekake run` refuses to start. \
             Say the page's address in public_url, or set listen back to 127.0.0.1:8080"
        ),
        OfSettings::NetworkRefused { error } => {
            format!("mend proxy or ca_file of [network]: {error}")
        }
        OfSettings::NoCounselling => "a resident who finds the bot is not told where to turn. \
             Say telephone and hours in [office] counselling"
            .to_owned(),
        OfSettings::CardUnset { label } => format!(
            "the number \u{201c}{label}\u{201d}, shown in an emergency, is not set. Say it in [[office.card]]"
        ),
    }
}

fn of_database(found: &OfDatabase) -> String {
    match found {
        OfDatabase::Open { place } => format!("open, and its tables are up to date: {place}"),
        OfDatabase::Missing { place } => {
            format!("not there yet: {place}. Run `koekake init`, or say --data if it is elsewhere")
        }
        OfDatabase::Unreached { place, error } => format!(
            "cannot be opened: {place}: {error}. See to the place, its permissions, or whether PostgreSQL runs"
        ),
        OfDatabase::Damaged { place, damage } => format!(
            "damaged: {place}: {damage}. Bring a backup back with `koekake restore FILE`; the damaged file is kept"
        ),
        OfDatabase::Foreign { place } => format!(
            "no tables of Koekake: {place}. Run `koekake init`, or mend [data] dir or [database] url if it is elsewhere"
        ),
        OfDatabase::Behind { steps } => format!(
            "its tables are behind (steps: {steps}). The next `koekake run` brings them up to date (make a copy before)"
        ),
        OfDatabase::Ahead => {
            "its tables are of a newer program: use the newer koekake".to_owned()
        }
        OfDatabase::Halted => {
            "a change of its tables was not finished: put back a copy and start `koekake run`".to_owned()
        }
        OfDatabase::Running => "`koekake run` is running".to_owned(),
        OfDatabase::NotRunning => {
            "`koekake run` is not running, so nobody is reminded: `koekake run` or `systemctl start koekake`".to_owned()
        }
        OfDatabase::LockUnknown { error } => format!(
            "whether `koekake run` is running cannot be told: {error}. Try as the user that runs it"
        ),
        OfDatabase::Unwritable { folder } => format!(
            "{folder} cannot be written to. Give it to the user that runs koekake, as with `chown -R koekake {folder}`"
        ),
        OfDatabase::Roomy { mebibytes } => format!("{mebibytes} MiB free on the disk"),
        OfDatabase::Scarce { mebibytes } => {
            format!("{mebibytes} MiB free on the disk: it is time to remove what is not needed")
        }
        OfDatabase::Full { mebibytes } => format!(
            "only {mebibytes} MiB free on the disk: remove what is not needed now, or move the data to a larger one"
        ),
        OfDatabase::SpaceUnknown { error } => {
            format!("how much is free on the disk cannot be told: {error}. See `df -h`")
        }
    }
}

fn of_backup(found: &OfBackup) -> String {
    match found {
        OfBackup::Off => {
            "no daily backup is made. Name another disk as `dir` of [backup], and as `keep` how many stay (14)".to_owned()
        }
        OfBackup::Newest { day } => format!("the newest backup is of {day}"),
        OfBackup::None { folder } => format!(
            "there is no backup in {folder} yet. `koekake run` makes one at the time `at` of [backup]; for one now: `koekake backup FILE`"
        ),
        OfBackup::Old { day, days } => format!(
            "the newest backup is of {day}, {days} days ago. Look for \"no backup was made\" in the log of `koekake run`, and at the disk and its rights"
        ),
        OfBackup::Unwritable { folder } => format!(
            "backups cannot be written to {folder}. See that the disk is there, and that it belongs to the user of `koekake run`"
        ),
    }
}

fn of_office(found: &OfOffice) -> String {
    match found {
        OfOffice::Founded { name } => name.clone(),
        OfOffice::NotFounded => "not founded yet: run `koekake init`".to_owned(),
        OfOffice::MadeUp => {
            "a made-up office, which only `koekake trial` opens: name the real one with --data"
                .to_owned()
        }
        OfOffice::Unread { error } => format!(
            "a part of it cannot be read: {error}. Try again; if it goes on, put back a copy"
        ),
        OfOffice::Staffed { people } => format!("{people} on the staff"),
        OfOffice::NoAdmin => {
            "there is no administrator: put back a copy, or found it anew with `koekake init`"
                .to_owned()
        }
        OfOffice::NobodyLeads { team } => format!(
            "{team} has neither supervisor nor deputy: `koekake person add NAME --role supervisor --team {team}`"
        ),
        OfOffice::Unreachable { name } => {
            format!(
                "there is no way to reach {name}: let them join with the code of `koekake invite {name}`"
            )
        }
        OfOffice::LostChat { name } => format!(
            "{name} is not reached in the chat any more: let them unblock the bot and write to it, or `koekake invite {name}`"
        ),
        OfOffice::PageAlone { names } => format!(
            "not in a chat yet: {}. Give them the code of `koekake invite NAME`",
            names.join(", ")
        ),
        OfOffice::Scheduled { households: 0 } => {
            "no open households yet; `koekake import households` brings them in".to_owned()
        }
        OfOffice::Scheduled { households } => {
            format!("all {households} open households have a next date")
        }
        OfOffice::Unscheduled { households } => format!(
            "open households without a next date: {households}. The database was changed from outside: \
             stop `koekake run` and put back a copy"
        ),
        OfOffice::LettersWaiting { letters } => format!(
            "answers that could not be brought for more than an hour: {letters}. They will be, once what is said of the chats below is mended"
        ),
    }
}

fn of_calendar(found: &OfCalendar) -> String {
    match found {
        OfCalendar::Holidays { count, from, to } => {
            format!("the holidays are known ({count} from {from} to {to})")
        }
        OfCalendar::HolidaysUnknown { year } => format!(
            "the holidays of {year} are not known: use a newer koekake, or say them in [office] closures"
        ),
        OfCalendar::Closures { count } => format!("{count} closed days of the office's own to come"),
        OfCalendar::NoClosures => {
            "no closed days of the office's own (weekends, holidays and 29 December to 3 January are closed; more in [office] closures)".to_owned()
        }
        OfCalendar::ClosuresPast => {
            "the office's own closed days are all past: say those to come in [office] closures".to_owned()
        }
    }
}

fn of_clock(found: &OfClock) -> String {
    match found {
        OfClock::Reads { at } => format!("this machine says {}", at.format("%Y-%m-%d %H:%M")),
        OfClock::Agrees { with } => format!("agrees with that of {}", name(*with)),
        OfClock::Ahead { of, seconds } => format!(
            "{seconds} seconds ahead of that of {}. {SET_THE_CLOCK}",
            name(*of)
        ),
        OfClock::Behind { of, seconds } => format!(
            "{seconds} seconds behind that of {}. {SET_THE_CLOCK}",
            name(*of)
        ),
        OfClock::MessageAhead { seconds } => format!(
            "the newest message is {seconds} seconds from now: the clock seems to have been put back. {SET_THE_CLOCK}"
        ),
    }
}

const SET_THE_CLOCK: &str =
    "Let it be set by the network, `timedatectl set-ntp true`, and start `koekake run` again";

fn of_chat(platform: Platform, found: &OfChat) -> String {
    let code = platform.code();
    match found {
        OfChat::Off => {
            let variable = manual::token_variable(platform);
            format!("not used (to use it, name the token's file in {variable})")
        }
        OfChat::NoLevel => format!("off, because no level was chosen: `koekake level {code}`"),
        OfChat::Level(level) => format!("level {}", level.number()),
        OfChat::Known { bot } => format!("the token is right, and the bot is {bot}"),
        OfChat::Unreached => "cannot be reached. See to the connection and, behind a proxy, \
             to proxy and ca_file of [network]"
            .to_owned(),
        OfChat::Trouble => {
            "no answer at the moment: run `koekake doctor` again a little later".to_owned()
        }
    }
}

fn name(platform: Platform) -> &'static str {
    manual::platform_name(platform, Language::English)
}

const PRIVACY: &str = "send /setprivacy to @BotFather → choose the bot → Disable";

fn of_telegram(found: &OfTelegram) -> String {
    match found {
        OfTelegram::TokenRefused => format!(
            "the token is refused: send /mybots to @BotFather → choose the bot → API Token, \
             and put it into the file of {}",
            manual::token_variable(Platform::Telegram)
        ),
        OfTelegram::Webhook => "a webhook is set, so messages cannot be fetched. Remove it with \
             `curl https://api.telegram.org/bot$(cat telegram-token)/deleteWebhook`"
            .to_owned(),
        OfTelegram::Waiting { updates: 0 } => "no messages wait to be taken".to_owned(),
        OfTelegram::Waiting { updates } => format!(
            "messages that wait to be taken: {updates}. They are gone after 24 hours: let `koekake run` run"
        ),
        OfTelegram::HearsGroups => "groups are read as the settings say".to_owned(),
        OfTelegram::HearsCommandsAlone => format!(
            "of groups, commands and replies alone reach the bot. For plain lines, {PRIVACY}, \
             before it is put into a group"
        ),
    }
}

fn of_discord(found: &OfDiscord) -> String {
    match found {
        OfDiscord::TokenRefused => format!(
            "the token is refused: https://discord.com/developers/applications → the bot → Bot → \
             Reset Token, and put it into the file of {}",
            manual::token_variable(Platform::Discord)
        ),
        OfDiscord::ContentIntent => "the Message Content Intent is on".to_owned(),
        OfDiscord::NoContentIntent => {
            "the Message Content Intent is off, so the connection is refused: \
             https://discord.com/developers/applications → the bot → Bot → \
             Privileged Gateway Intents → switch Message Content Intent on → Save Changes"
                .to_owned()
        }
    }
}

/// Which place it is, by nothing that the chat itself calls it.
fn place(
    Spot {
        team,
        registered_on,
    }: &Spot,
) -> String {
    format!("the place of {team} (registered {registered_on}):")
}

const WELL: &str = "read, written to, and seen by its members alone";
const CLOSED: &str =
    "nothing is posted there any more. To use it, limit its members and send /setup there";
const UNASKED: &str = "no answer: run `koekake doctor` again a little later";

fn of_group(found: &OfGroup) -> String {
    match found {
        OfGroup::Fine => WELL.to_owned(),
        OfGroup::Closed => CLOSED.to_owned(),
        OfGroup::Gone => "the bot is not in the group: the group's name → Add Members → the bot, \
             and send /setup there"
            .to_owned(),
        OfGroup::OpenToAll => "a public group, so nothing is posted: \
             the group's name → Edit → Group Type → Private"
            .to_owned(),
        OfGroup::Mute => "the bot may not write: the group's name → Edit → Permissions → \
             switch Send Messages on, or make it an administrator"
            .to_owned(),
        OfGroup::HearsCommandsAlone => format!(
            "plain lines do not reach the bot: {PRIVACY}. Then take it out of the group and put it in again \
             (or, if none are to be read, [chat] free_lines_in_rooms = false)"
        ),
        OfGroup::Moved => "the group has moved. The next post follows it; \
             if it is urgent, send /setup there"
            .to_owned(),
        OfGroup::Unasked => UNASKED.to_owned(),
    }
}

fn of_channel(found: &OfChannel) -> String {
    match found {
        OfChannel::Fine => WELL.to_owned(),
        OfChannel::Closed => CLOSED.to_owned(),
        OfChannel::Gone => {
            "the channel cannot be seen: Edit Channel → Permissions → Add members or roles → the bot, \
             and allow View Channel. If it was deleted, send /setup in a new one"
                .to_owned()
        }
        OfChannel::OpenToAll => {
            "everybody in the server sees it, so nothing is posted: Edit Channel → Permissions → \
             switch Private Channel on, and add its members and the bot"
                .to_owned()
        }
        OfChannel::Lacks(permits) => {
            let permits: Vec<&str> = permits.iter().map(|permit| permit_name(*permit)).collect();
            format!(
                "the bot lacks permissions: {}. Edit Channel → Permissions → the bot, and allow them",
                permits.join(", ")
            )
        }
        OfChannel::Unasked => UNASKED.to_owned(),
    }
}

/// As Discord's own settings say it.
fn permit_name(permit: Permit) -> &'static str {
    match permit {
        Permit::ViewChannel => "View Channel",
        Permit::SendMessages => "Send Messages",
        Permit::ReadMessageHistory => "Read Message History",
    }
}
