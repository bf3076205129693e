//! The front hall: wires the rooms together, keeps the loops alive, and stops
//! everything in order on one signal. Each command has a file of its own, which
//! begins with what its command line says.
pub mod audit;
pub mod backup;
mod chats;
mod desk;
pub mod doctor;
pub mod entry;
pub mod export;
pub mod heartbeat;
pub mod import;
pub mod init;
pub mod level;
pub mod loops;
pub mod person;
pub mod read;
pub mod restore;
pub mod run;
pub mod trial;

use crate::{
    config::Config,
    conversation::{
        decide,
        message::Platform,
        reading::{Words, WordsError},
    },
    engine::{self, Engine, Parts, clock::Clock},
    platforms::web::{self, PageCourier, Settings},
    store::Db,
};
use anyhow::Context;
use chats::Chats;
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use loops::Duties;
use std::{
    error::Error,
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    str::FromStr,
    sync::Arc,
    time::Duration,
};
use strum::VariantArray;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Where the settings and the data are.
#[derive(Debug, Clone, Default, Args)]
pub struct Folders {
    /// The folder with the office's own settings.
    #[arg(long, value_name = "DIR")]
    pub config: Option<PathBuf>,
    /// The folder where the office is kept; `data` if nothing else is set.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl Folders {
    /// What a later command has to say to find the same ones.
    fn repeated(&self) -> String {
        let said = [("--config", &self.config), ("--data", &self.data)];
        let said = said.iter().filter_map(|(option, folder)| {
            let folder = folder.as_ref()?.display();
            Some(format!(" {option} {folder}"))
        });
        said.collect()
    }
}

/// The settings of that folder, and those of the environment.
pub fn load(folder: Option<&std::path::Path>) -> anyhow::Result<Config> {
    Config::load(folder, std::env::vars_os()).context("the settings cannot be used")
}

/// The office's words: the base words and its own.
pub fn words(config: &Config) -> anyhow::Result<Words> {
    match &config.words {
        None => Ok(Words::built_in()),
        Some(file) => Words::with_office(&file.text)
            .map_err(|error: WordsError| anyhow::anyhow!("{}: {error}", file.path.display())),
    }
}

/// What deciding needs of the settings, and of the address at which the page is.
fn rules(config: &Config, page: SocketAddr) -> decide::Office {
    decide::Office {
        calendar: config.office.calendar(),
        proposals: config.proposals.clone(),
        ladder: config.ladder.clone(),
        rhythm: config.rhythm.clone(),
        card: config
            .office
            .card
            .iter()
            .map(|line| (line.label.clone(), line.number.clone()))
            .collect(),
        counselling: config.office.counselling.clone(),
        page_url: match &config.web.public_url {
            Some(url) => url.text(),
            None => format!("http://{page}"),
        },
    }
}

/// Opens the page's door; port 0 picks a free one.
async fn page_at(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

/// What a platform has not answered by then is tried again later.
const PATIENCE: Duration = Duration::from_secs(30);

/// An engine on that database, with the page, which is reached there, and these
/// chats as its platforms.
fn engine(
    config: &Config,
    (db, clock): (Db, Clock),
    page_at: SocketAddr,
    chats: &Chats,
) -> anyhow::Result<Engine> {
    let changes = engine::changes();
    let page = PageCourier {
        db: db.clone(),
        changes: changes.clone(),
    };
    let mut couriers = chats.couriers();
    couriers.push((Platform::Page, Arc::new(page)));
    Ok(Engine::new(Parts {
        db,
        office: rules(config, page_at),
        words: words(config)?,
        clock,
        couriers,
        patience: PATIENCE,
        changes,
    }))
}

/// What is under way at the signal has so long to end, the page, the chats and the
/// loops alike.
const STOP_MAX: Duration = Duration::from_secs(8);
/// And then the database: less than ten seconds in all.
const CLOSING_MAX: Duration = Duration::from_secs(1);

/// Says where the page is, and keeps the office going until a signal; then
/// everything ends in order.
async fn serve(
    (engine, db, chats): (Engine, Db, Chats),
    listener: TcpListener,
    settings: Settings,
    duties: Duties,
) -> anyhow::Result<()> {
    let shutdown = CancellationToken::new();
    let tracker = TaskTracker::new();
    stop_on_signal(shutdown.clone())?;
    say(&format!("http://{}/", listener.local_addr()?))?;
    let loops = loops::start(&engine, &tracker, &shutdown, duties);
    chats.listen(&loops, (&engine, &tracker), &shutdown);
    let last = engine.clone();
    let all = async {
        let served = web::serve(listener, engine, settings, shutdown.clone()).await;
        // A page that has failed ends the rest.
        shutdown.cancel();
        tracker.close();
        tracker.wait().await;
        served
    };
    let served = tokio::select! {
        served = all => Some(served),
        () = too_late(&shutdown) => None,
    };
    let closed = tokio::time::timeout(CLOSING_MAX, close(&last, &db)).await;
    if served.is_none() || closed.is_err() {
        tracing::warn!("stopped without waiting for all that was under way");
    }
    served.unwrap_or(Ok(())).context("the page stopped")
}

/// When what is under way is waited for no longer.
async fn too_late(shutdown: &CancellationToken) {
    shutdown.cancelled().await;
    tokio::time::sleep(STOP_MAX).await;
}

/// The last that is written down: what was sent and is not known as sent by the
/// next start, is sent again.
async fn close(engine: &Engine, db: &Db) {
    if let Err(fault) = engine.settle_letters().await {
        tracing::error!(%fault, "what was sent could not be kept");
    }
    db.close().await;
}

/// Cancels the token on Ctrl-C or SIGTERM.
fn stop_on_signal(shutdown: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("no signal handler")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        shutdown.cancel();
    });
    Ok(())
}

/// A line on the standard output.
fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("cannot write to the standard output")
}

/// Takes the codes of a closed list on the command line.
fn one_of<T>(members: &[T]) -> impl TypedValueParser<Value = T> + use<T>
where
    T: Copy + Into<&'static str> + FromStr<Err: Error + Send + Sync + 'static>,
    T: Clone + Send + Sync + 'static,
{
    let codes = members.iter().map(|member| (*member).into());
    PossibleValuesParser::new(codes.collect::<Vec<&'static str>>())
        .try_map(|code| code.parse::<T>())
}

/// Takes any code of a closed list on the command line.
fn any<T>() -> impl TypedValueParser<Value = T>
where
    T: VariantArray + Copy + Into<&'static str> + FromStr<Err: Error + Send + Sync + 'static>,
    T: Send + Sync,
{
    one_of(T::VARIANTS)
}
