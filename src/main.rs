//! The command line.
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use koekake::app;
use std::{
    io::{self, IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

/// Above this a slip of the finger would fill the disk.
const HOUSEHOLDS_MAX: i64 = 10_000;

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
    /// The folder where the made-up office is kept; `data` if nothing else is set.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen, on this machine alone; port 0 picks a free one. The
    /// page's address is printed.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Another seed makes another new office.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many households a new office has.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(..=HOUSEHOLDS_MAX))]
    households: u32,
    /// The first day of a new office, or the next open day after it; today if
    /// it is not said.
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<NaiveDate>,
    /// Throw the office of that folder away and make up a new one.
    #[arg(long)]
    fresh: bool,
}

#[derive(Args)]
struct Read {
    /// The day on which they were typed; today if it is not said.
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<NaiveDate>,
    /// Print one JSON object for each message, in order.
    #[arg(long)]
    json: bool,
    /// Each message ends with a NUL instead of a line break, which it may hold.
    #[arg(long)]
    null: bool,
    /// Read nothing; print the page that shows what can be said, with the
    /// office's own words.
    #[arg(long, conflicts_with_all = ["on", "json", "null"])]
    guide: bool,
    /// The folder with the office's own settings and words.
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("koekake=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match obey(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody to tell is no further fault.
            let _ = writeln!(io::stderr(), "koekake: {}", in_words(&error));
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> anyhow::Result<()> {
    match command {
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
        Command::Read(read) if read.guide => app::read::guide(read.config.as_deref()),
        Command::Read(read) => {
            let format = app::read::Format {
                json: read.json,
                null: read.null,
            };
            app::read::run(read.config.as_deref(), read.on, format)
        }
    }
}

/// The error and its causes, each said once: some repeat their own cause.
fn in_words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if words.is_empty() {
            words = cause;
        } else if !words.contains(&cause) {
            words = format!("{words}: {cause}");
        }
    }
    words
}
