//! The daily backups: the newest good one, and whether the next can be written.
use crate::{
    app::backup::{daily, part::folder_of},
    config::Backup,
    conversation::checkup::{self, Finding, OfBackup},
};
use chrono::NaiveDate;
use rustix::fs::{Access, access};

/// What takes its name is good: it was looked through before.
pub fn found(settings: &Backup, today: NaiveDate) -> Finding {
    if settings.keep == 0 {
        return Finding::Backup(OfBackup::Off);
    }
    let folder = settings.dir.display().to_string();
    // One that is not there yet is made in the folder above it.
    let writes_in = match settings.dir.exists() {
        true => &*settings.dir,
        false => folder_of(&settings.dir),
    };
    if access(writes_in, Access::WRITE_OK).is_err() {
        return Finding::Backup(OfBackup::Unwritable { folder });
    }
    let days = daily::days_in(&settings.dir).unwrap_or_default();
    let past = days.iter().map(|(day, _)| *day).filter(|day| *day <= today);
    let newest = past.max();
    checkup::newest_backup(newest, today, &folder)
}
