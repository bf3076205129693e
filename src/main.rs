//! The command line.
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use koekake::app;
use std::{net::SocketAddr, path::PathBuf};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open the page on a made-up office, on this machine alone.
    Trial(Trial),
    /// Read messages from standard input and say what each means.
    Read(Read),
}

#[derive(Args)]
struct Trial {
    /// The folder with the office's own settings.
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// The folder for the made-up office.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen; port 0 picks a free one.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Another seed makes another office.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many households it has.
    #[arg(long, default_value_t = 60)]
    households: u32,
    /// Its first day; today if it is not said.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Throw the former office away.
    #[arg(long)]
    fresh: bool,
}

#[derive(Args)]
struct Read {
    /// The day on which they were typed; today if it is not said.
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<NaiveDate>,
    /// Print one JSON object a message.
    #[arg(long)]
    json: bool,
    /// Each message ends with a NUL and may hold line breaks.
    #[arg(long)]
    null: bool,
    /// The folder with the office's own settings and words.
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("koekake=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Cli::parse().command {
        Command::Trial(trial) => {
            tokio::runtime::Runtime::new()?.block_on(app::trial::run(app::trial::Options {
                config: trial.config,
                data: trial.data,
                listen: trial.listen,
                seed: trial.seed,
                households: trial.households,
                on: trial.on,
                fresh: trial.fresh,
            }))
        }
        Command::Read(read) => {
            let format = app::read::Format {
                json: read.json,
                null: read.null,
            };
            app::read::run(read.config.as_deref(), read.on, format)
        }
    }
}
