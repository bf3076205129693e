//! `koekake import`: an office's own tables, read row by row, taken as a whole.
//!
//! What a row says is read here; what it means beside the rows of the office is
//! tried by the store. Either may refuse it, and every refused row is listed
//! with its line before anything is kept.
mod data;
mod field;
mod households;
mod staff;
mod table;

use super::{desk::Desk, person::By, say};
use crate::store::import::{Imported, Refusal};
use anyhow::bail;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// People: name, role, team, language, platform, account.
    Staff(Options),
    /// Households: code, team, nurse, state, class, route, first known, next date.
    Households(Options),
    /// All that `koekake export` has written, into an empty database.
    Data(data::Options),
}

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// A CSV file in UTF-8, with a header.
    pub file: PathBuf,
    /// List what would be made and every refused row; keep nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub who: By,
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    let options = match &command {
        Command::Staff(options) | Command::Households(options) => options,
        Command::Data(options) => return data::run(options).await,
    };
    let desk = Desk::open(&options.who.folders).await?;
    let act = desk.act(options.who.by.as_deref()).await?;
    // Nothing is kept while a row cannot be read.
    let keep = |unread: &[Unread]| unread.is_empty() && !options.dry_run;
    let (unread, imported) = match &command {
        Command::Staff(_) => {
            let (rows, unread) = staff::read(&options.file, &desk)?;
            let keep = keep(&unread);
            let imported = crate::store::import::staff(&desk.db, &rows, &act, keep).await?;
            (unread, imported)
        }
        _ => {
            let (rows, unread) = households::read(&options.file, &desk)?;
            let keep = keep(&unread);
            let imported = crate::store::import::households(&desk.db, &rows, &act, keep).await?;
            (unread, imported)
        }
    };
    tell(unread, imported, options.dry_run)
}

/// A row that cannot be read, and why.
struct Unread {
    line: u64,
    why: String,
}

/// Every refused row in the order of the file, then what was made of the others.
fn tell(mut refused: Vec<Unread>, imported: Imported, dry_run: bool) -> anyhow::Result<()> {
    refused.extend(imported.refused.iter().map(|(line, refusal)| Unread {
        line: *line,
        why: in_words(*refusal).to_owned(),
    }));
    refused.sort_by_key(|row| row.line);
    for Unread { line, why } in &refused {
        say(&format!("{line}行目 / line {line}: {why}"))?;
    }
    if !imported.teams.is_empty() {
        let teams = imported.teams.join("、");
        say(&format!("新しい班 / new teams: {teams}"))?;
    }
    let (taken, count) = (imported.taken, refused.len());
    if !refused.is_empty() {
        bail!(
            "直す行が{count}行あります(よい行は{taken}行)。何も取り込んでいません \
             ({count} rows are to be mended, {taken} are good; nothing was taken)"
        );
    }
    say(&match dry_run {
        true => format!(
            "{taken}行を取り込めます。まだ何も取り込んでいません。\n\
             {taken} rows can be taken; nothing was taken yet."
        ),
        false => format!("{taken}行を取り込みました。\n{taken} rows were taken."),
    })
}

fn in_words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NameTaken => "同じ名前の職員がいます (somebody has this name already)",
        Refusal::AccountTaken => {
            "このアカウントはほかの職員のものです (the account is somebody else's)"
        }
        Refusal::NoSuchTeam => "その名前の班はありません (there is no such team)",
        Refusal::NoSuchNurse => "その名前の職員が班にいません (nobody of the team is called so)",
        Refusal::CodeTaken => "このコードの世帯はもうあります (the code is taken)",
    }
}
