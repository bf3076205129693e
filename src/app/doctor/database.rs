//! The database: whether it can be opened and has our tables, who runs on it, and
//! whether the disk lets it grow.
use crate::{
    app::desk,
    conversation::checkup::{Finding, OfDatabase, OfOffice, space},
    store::{
        Db, Fault, Location,
        checkup::{self, Schema},
        lock,
    },
};
use rustix::fs::{Access, access, statvfs};
use std::{error::Error, path::Path};

const MEBIBYTE: u64 = 1 << 20;

/// What was found, and the database where the other looks can read it.
pub struct Looked {
    pub findings: Vec<Finding>,
    pub db: Option<Db>,
}

pub async fn look(location: &Location) -> Looked {
    let place = desk::shown(location);
    if !desk::may_be_there(location) {
        return Looked {
            findings: vec![Finding::Database(OfDatabase::Missing { place })],
            db: None,
        };
    }
    let (db, tables) = match checkup::open(location).await {
        Ok(db) => (Some(db.clone()), tables(&db, place).await),
        Err(fault) => (None, unreached(place, &fault)),
    };
    let is_usable = matches!(tables, OfDatabase::Open { .. });
    let mut findings = vec![Finding::Database(tables)];
    if let Location::File(file) = location {
        findings.push(Finding::Database(running(file)));
        findings.extend(disk(file));
    }
    let db = match db {
        Some(db) if !is_usable => {
            checkup::leave(db).await;
            None
        }
        db => db,
    };
    Looked { findings, db }
}

async fn tables(db: &Db, place: String) -> OfDatabase {
    if let Ok(Some(damage)) = checkup::damage(db).await {
        return OfDatabase::Damaged { place, damage };
    }
    match checkup::schema(db).await {
        Ok(Schema::Current) => OfDatabase::Open { place },
        Ok(Schema::Behind(steps)) => OfDatabase::Behind { steps },
        Ok(Schema::Ahead) => OfDatabase::Ahead,
        Ok(Schema::Halted) => OfDatabase::Halted,
        Err(Fault::Refused(_)) => OfDatabase::Foreign { place },
        Err(fault) => unreached(place, &fault),
    }
}

fn unreached(place: String, fault: &Fault) -> OfDatabase {
    let error = why(fault);
    OfDatabase::Unreached { place, error }
}

fn running(file: &Path) -> OfDatabase {
    match lock::is_held(file) {
        Ok(true) => OfDatabase::Running,
        Ok(false) => OfDatabase::NotRunning,
        Err(refused) => OfDatabase::LockUnknown {
            error: refused.to_string(),
        },
    }
}

/// SQLite writes the file, and others beside it.
fn disk(file: &Path) -> Vec<Finding> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut found = Vec::new();
    let is_open = |path: &Path| access(path, Access::WRITE_OK).is_ok();
    if !is_open(folder) || !is_open(file) {
        let folder = folder.display().to_string();
        found.push(Finding::Database(OfDatabase::Unwritable { folder }));
    }
    found.push(match statvfs(folder) {
        Ok(disk) => space(disk.f_bavail.saturating_mul(disk.f_frsize) / MEBIBYTE),
        Err(error) => Finding::Database(OfDatabase::SpaceUnknown {
            error: error.to_string(),
        }),
    });
    found
}

/// A part of the office that could not be read.
pub fn unread(fault: &Fault) -> Finding {
    let error = why(fault);
    Finding::Office(OfOffice::Unread { error })
}

/// The fault and what the database said of it.
fn why(fault: &Fault) -> String {
    match fault.source() {
        Some(cause) => format!("{fault}: {cause}"),
        None => fault.to_string(),
    }
}
