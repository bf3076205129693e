//! What the commands that back up, restore, export and take in say in English.
use crate::{
    conversation::{
        archive::{Flaw, Flawed, Refused, Summary, Told},
        phrasing::manual,
    },
    domain::people::Language,
};

pub fn say(told: &Told) -> String {
    match told {
        Told::BackedUp { file, summary } => format!(
            "a backup was made and read again: {file}\n\
             {}\n\
             It holds personal data, and its owner alone can read it. Keep one on another disk, too",
            held(summary)
        ),
        Told::Exported { file, summary } => format!(
            "every row was written and read again: {file}\n\
             {}\n\
             It holds personal data, and its owner alone can read it. Delete it when it has served",
            held(summary)
        ),
        Told::TakenIn { rows } => format!("{rows} rows were taken in as they are"),
        Told::Restoring {
            summary,
            last,
            place,
        } => {
            let last = match last {
                Some(last) => format!(", last message {}", last.format("%Y-%m-%d %H:%M")),
                None => String::new(),
            };
            format!("to restore: {}{last}\ninto: {place}", held(summary))
        }
        Told::Sure => "Restore it? What was recorded since leaves this office [y/N]: ".to_owned(),
        Told::Restored { former, repeated } => {
            let former = match former {
                Some(former) => format!("\nthe database until now: {former}"),
                None => String::new(),
            };
            let repeated = match repeated {
                0 => String::new(),
                repeated => format!(
                    "\nnudges that may go out once more: {repeated}. They say that they may be a repetition"
                ),
            };
            format!(
                "restored. Start `koekake run`{former}{repeated}\n\
                 Everybody was signed out of the page. Older links and join codes are void"
            )
        }
        Told::Lines {
            platform,
            is_read_again,
        } => {
            let name = manual::platform_name(*platform, Language::English);
            match is_read_again {
                true => format!(
                    "{name}: lines typed since the backup are read and recorded again. Pressed buttons are not"
                ),
                false => format!(
                    "{name}: lines typed since the backup do not come back. Have those that still stand in the chat sent once more"
                ),
            }
        }
        Told::Refused(refused) => why(refused),
    }
}

fn held(summary: &Summary) -> String {
    let Summary {
        office,
        households,
        contacts,
    } = summary;
    format!("{office}, households {households}, contacts {contacts}")
}

fn why(refused: &Refused) -> String {
    match refused {
        Refused::Flawed { file, flawed } => {
            format!("{file}: {}. Nothing has changed", flaw(flawed))
        }
        Refused::Running => {
            "`koekake run` is running. Stop it (`systemctl stop koekake`) and try again".to_owned()
        }
        Refused::Busy => {
            "another command has the database open. Try again when it has ended".to_owned()
        }
        Refused::BeingWritten { file } => format!("another command is writing {file}"),
        Refused::Itself => "this file is the database in use. Name another one".to_owned(),
        Refused::NotEmpty => {
            "there is an office already. Name an empty database. Nothing has changed".to_owned()
        }
        Refused::WrongKind => "into PostgreSQL goes only what `koekake export` has written, or `koekake backup` on PostgreSQL".to_owned(),
        Refused::Unconfirmed => {
            "there is nobody to ask. With --yes it is restored without asking".to_owned()
        }
        Refused::Declined => "left as it is. Nothing has changed".to_owned(),
    }
}

fn flaw(flawed: &Flawed) -> String {
    let what = match flawed.flaw {
        Flaw::NotOurs => "neither a backup nor an export of Koekake".to_owned(),
        Flaw::Damaged => "it is not as it was written. Use another backup".to_owned(),
        Flaw::Cut => "its end is missing. Use another backup".to_owned(),
        Flaw::Continued => "something stands behind its end".to_owned(),
        Flaw::Newer => "a newer program has made it. Use the newer koekake".to_owned(),
        Flaw::OtherTables { file, own } => format!(
            "its tables are those of another program (file {file}, this program {own}). Take it in with the koekake of its own time, then go on with the newer one"
        ),
        Flaw::InUse => {
            "a database in use, of which a part stands in the file beside it. Make a backup with `koekake backup`".to_owned()
        }
        Flaw::NoOffice => "there is no office in it".to_owned(),
        Flaw::MadeUp => "its office is made up".to_owned(),
        Flaw::Unreadable => "this line cannot be read".to_owned(),
        Flaw::UnknownTable => "this row is of an unknown table".to_owned(),
        Flaw::Columns => "the columns of this row are others, or hold what they cannot".to_owned(),
        Flaw::Refused => "the database does not take this row".to_owned(),
        Flaw::Counts => "the number of rows is wrong".to_owned(),
    };
    match flawed.line {
        Some(line) => format!("line {line}: {what}"),
        None => what,
    }
}
