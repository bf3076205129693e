//! `koekake import data`: an export into an empty database, as it is.
use crate::{
    app::{
        Folders,
        backup::{Unmade, tell},
        desk, load,
    },
    conversation::archive::Told,
    store::archive,
};
use anyhow::Context;
use clap::Args;
use std::{fs::File, io::BufReader, path::PathBuf};

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// What `koekake export` has written.
    pub file: PathBuf,
    #[command(flatten)]
    pub folders: Folders,
}

pub async fn run(options: &Options) -> anyhow::Result<()> {
    let config = load(options.folders.config.as_deref())?;
    let language = config.office.language;
    let unmade = |unmade: Unmade| unmade.in_words(&options.file, language);
    let named = || options.file.display().to_string();
    let open = || {
        File::open(&options.file)
            .map(BufReader::new)
            .with_context(named)
    };
    archive::inspect(open()?).map_err(|failed| unmade(failed.into()))?;
    let location = desk::location(&config, &options.folders);
    desk::make_folder(&location)?;
    let db = desk::database(&location).await?;
    let taken = archive::take_in(&db, open()?, None).await;
    let rows = taken.map_err(|failed| unmade(failed.into()))?.rows;
    db.close().await;
    tell(&Told::TakenIn { rows }, language)
}
