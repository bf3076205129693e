//! `koekake doctor`: looks at all that an office needs to run, and says what to
//! click or type where something is the matter. It changes nothing, posts
//! nothing, and no fault of one look ends the others.
mod backup;
mod database;
mod office;
mod settings;

use super::{
    Folders,
    chats::{self, Chats},
    desk, say,
};
use crate::{
    config::Config,
    conversation::{
        checkup::{self, Finding, OfCalendar, OfChat, OfClock, OfSettings, Room},
        message::{Level, Platform},
        phrasing,
    },
    domain::{
        calendar::{self, Calendar},
        people::Language,
    },
    engine::clock::Clock,
    store::{self, Db},
};
use anyhow::bail;
use chrono::{Datelike, NaiveDate};
use clap::Args;
use std::{collections::BTreeMap, env};
use strum::VariantArray;

#[derive(Debug, Clone, Args)]
pub struct Options {
    #[command(flatten)]
    pub folders: Folders,
}

pub async fn run(options: Options) -> anyhow::Result<()> {
    let mut report = Report::default();
    match Config::load(options.folders.config.as_deref(), env::vars_os()) {
        Ok(config) => look(&mut report, config, &options.folders).await?,
        Err(error) => {
            let error = error.to_string();
            report.says([Finding::Settings(OfSettings::Refused { error })])?;
        }
    }
    report.ends()
}

/// What was said so far.
#[derive(Default)]
struct Report {
    /// None while the settings have not told: then all of them.
    language: Option<Language>,
    wrong: usize,
}

impl Report {
    fn says(&mut self, findings: impl IntoIterator<Item = Finding>) -> anyhow::Result<()> {
        for finding in findings {
            if finding.grade() == checkup::Grade::Wrong {
                self.wrong += 1;
            }
            for language in self.languages() {
                say(&phrasing::checkup::say(&finding, *language))?;
            }
        }
        Ok(())
    }

    fn languages(&self) -> &[Language] {
        match &self.language {
            Some(language) => std::slice::from_ref(language),
            None => Language::VARIANTS,
        }
    }

    fn ends(self) -> anyhow::Result<()> {
        let verdict = |language: &Language| phrasing::checkup::verdict(self.wrong, *language);
        let verdicts: Vec<String> = self.languages().iter().filter_map(verdict).collect();
        match verdicts.as_slice() {
            [] => Ok(()),
            verdicts => bail!(verdicts.join(" / ")),
        }
    }
}

async fn look(report: &mut Report, mut config: Config, folders: &Folders) -> anyhow::Result<()> {
    report.language = Some(config.office.language);
    let on = chats::switched_on(&config);
    report.says(settings::findings(&config, !on.is_empty()))?;
    let clock = Clock::system(0);

    let looked = database::look(&desk::location(&config, folders)).await;
    report.says(looked.findings)?;
    let founded = match &looked.db {
        Some(db) => read(report, store::office::office(db).await)?,
        None => None,
    };
    report.says(founded.as_ref().map(|found| office::itself(found.as_ref())))?;
    let founded = founded.flatten();
    if let Some(own) = &founded {
        config.office.zone = own.zone;
    }
    let calendar = config.office.calendar();
    let today = calendar.day_of(clock.office());
    report.says(
        founded
            .is_some()
            .then(|| backup::found(&config.backup, today)),
    )?;
    // Without an office there is nobody to look at.
    let db = looked.db.as_ref().filter(|_| founded.is_some());
    if let Some(db) = db {
        report.says(office::findings(db, (&on, &clock), today).await)?;
    }
    report.says(days(&calendar, today))?;
    report.says(time(&calendar, &clock, db).await)?;
    look_at_chats(report, &config, &on, (db, &clock)).await?;
    if let Some(db) = looked.db {
        store::checkup::leave(db).await;
    }
    Ok(())
}

/// Holidays from today to the end of the next fiscal year, and closed days of the
/// office's own.
fn days(calendar: &Calendar, today: NaiveDate) -> Vec<Finding> {
    let to = calendar::months_after(calendar::fiscal_year_end(today), 12);
    let whole_year = |year| {
        let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let to = NaiveDate::from_ymd_opt(year, 12, 31)?;
        Some(calendar::holidays(from, to))
    };
    let years = today.year()..=to.year();
    let mut found: Vec<OfCalendar> = years
        .filter(|year| whole_year(*year).unwrap_or_default() == 0)
        .map(|year| OfCalendar::HolidaysUnknown { year })
        .collect();
    if found.is_empty() {
        found.push(OfCalendar::Holidays {
            count: calendar::holidays(today, to),
            from: today,
            to,
        });
    }
    let to_come = calendar.closures.range(today..).count();
    found.push(match (to_come, calendar.closures.is_empty()) {
        (_, true) => OfCalendar::NoClosures,
        (0, false) => OfCalendar::ClosuresPast,
        (count, false) => OfCalendar::Closures { count },
    });
    found.into_iter().map(Finding::Calendar).collect()
}

/// What the clock says, and whether anything was heard later than that.
async fn time(calendar: &Calendar, clock: &Clock, db: Option<&Db>) -> Vec<Finding> {
    let at = calendar.local(clock.real());
    let mut found = vec![Finding::Clock(OfClock::Reads { at })];
    if let Some(db) = db {
        match store::checkup::newest_message(db).await {
            Ok(heard_at) => {
                let newest = |heard_at| checkup::newest(heard_at, clock.real());
                found.extend(heard_at.and_then(newest));
            }
            Err(fault) => found.push(database::unread(&fault)),
        }
    }
    found
}

async fn look_at_chats(
    report: &mut Report,
    config: &Config,
    on: &[Platform],
    (db, clock): (Option<&Db>, &Clock),
) -> anyhow::Result<()> {
    let levels = match db {
        Some(db) => read(report, store::checkup::levels(db).await)?,
        None => None,
    };
    // What it cannot be made of was said of the settings.
    let chats = Chats::of(config).unwrap_or_else(|_| Chats::none());
    for platform in Platform::CHATS {
        if !on.contains(&platform) {
            report.says([Finding::Chat(platform, OfChat::Off)])?;
            continue;
        }
        report.says(levels.as_ref().map(|levels| level(platform, levels)))?;
        let rooms: Option<Vec<Room>> = match db {
            Some(db) => {
                let rooms = store::checkup::rooms(db, platform, config.office.zone).await;
                read(report, rooms)?
            }
            None => None,
        };
        let rooms = rooms.unwrap_or_default();
        report.says(chats.checkup(platform, clock, &rooms).await)?;
    }
    Ok(())
}

fn level(platform: Platform, levels: &BTreeMap<Platform, Level>) -> Finding {
    let level = levels.get(&platform).copied();
    Finding::Chat(platform, level.map_or(OfChat::NoLevel, OfChat::Level))
}

/// What was read; else it is said, and the look goes on without it.
fn read<T>(report: &mut Report, read: store::Result<T>) -> anyhow::Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(fault) => {
            report.says([database::unread(&fault)])?;
            Ok(None)
        }
    }
}
