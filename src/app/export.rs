//! `koekake export`: every row of the office as a line of JSON, for the other
//! database or for whoever has a right to all of it.
use super::{
    backup::{exported, tell},
    desk::Desk,
    person::By,
};
use crate::{conversation::archive::Told, store::archive};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Where it goes: personal data, for its owner alone to read.
    pub file: PathBuf,
    #[command(flatten)]
    pub who: By,
}

pub async fn run(options: Options) -> anyhow::Result<()> {
    let desk = Desk::open(&options.who.folders).await?;
    let language = desk.config.office.language;
    let act = desk.act(options.who.by.as_deref()).await?;
    let made = exported(&desk.db, &options.file).await;
    let summary = made.map_err(|unmade| unmade.in_words(&options.file, language))?;
    // Behind its moment: what is taken in elsewhere is what was there.
    archive::note_export(&desk.db, &act).await?;
    desk.db.close().await;
    let file = options.file.display().to_string();
    tell(&Told::Exported { file, summary }, language)
}
