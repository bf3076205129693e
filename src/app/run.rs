//! `koekake run`: a real office, its page and its loops, until a signal.
use super::{
    Folders,
    backup::daily::Daily,
    chats::Chats,
    desk::{self, Desk},
    loops::Duties,
};
use crate::{
    platforms::web::{Mode, Office, Settings},
    store::{self, Location, lock::Lock},
};
use anyhow::bail;
use clap::Args;
use std::net::SocketAddr;

#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    #[command(flatten)]
    pub folders: Folders,
    /// Where the page listens instead of where the settings say, which `koekake
    /// link` names; port 0 picks a free one. The page's address is printed.
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
}

pub async fn run(options: Options) -> anyhow::Result<()> {
    let config = super::load(options.folders.config.as_deref())?;
    let listen = options.listen.unwrap_or(config.web.listen);
    if !listen.ip().is_loopback() && config.web.public_url.is_none() {
        bail!(
            "listening on {listen}, the page can be reached from other machines: say by which \
             address, `public_url` of [web] (KOEKAKE_WEB__PUBLIC_URL)"
        );
    }
    let location = desk::location(&config, &options.folders);
    // Held to the end: a second Koekake on the same file is refused.
    let lock = match &location {
        Location::File(file) if desk::may_be_there(&location) => Some(Lock::hold(file)?),
        _ => None,
    };
    if lock.is_some() {
        desk::refuse_damage(&location).await?;
    }
    let desk = Desk::at(config, &location).await?;
    if lock.is_some() {
        // Nobody else lives who could hold a claim.
        store::deliveries::free_leases(&desk.db).await?;
        store::letters::free(&desk.db, desk.clock.real()).await?;
    }
    let settings = Settings {
        mode: Mode::Office(Office {
            name: desk.office.name.clone(),
            origin: desk.config.web.public_url.as_ref().map(|url| url.text()),
        }),
        language: desk.config.office.language,
        metrics: desk.config.web.metrics,
    };
    let chats = Chats::of(&desk.config)?;
    let (listener, page_at) = super::page_at(listen).await?;
    let daily = Daily::of(
        &desk.config.backup,
        desk.calendar(),
        (desk.db.clone(), location),
    );
    let office = (desk.db.clone(), desk.clock);
    let engine = super::engine(&desk.config, office, page_at, &chats)?;
    let duties = Duties {
        daily,
        ..Duties::of(&desk.config)?
    };
    super::serve((engine, desk.db, chats), listener, settings, duties).await
}
