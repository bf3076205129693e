//! The command line.
use clap::{Parser, Subcommand};
use koekake::app;
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: app::run::Options,
}

#[derive(Subcommand)]
enum Command {
    /// Run the office until a signal; the same as no command at all.
    Run(app::run::Options),
    /// Found an office; what is not given is asked.
    Init(app::init::Options),
    /// Add people to the staff, list them, let them go.
    #[command(subcommand)]
    Person(app::person::Command),
    /// Print a code with which somebody joins by a chat.
    Invite(app::entry::Options),
    /// Print a link with which somebody signs in on the page.
    Link(app::entry::Options),
    /// Take staff or households from a CSV file, all of it or nothing.
    #[command(subcommand)]
    Import(app::import::Command),
    /// Say what the office allows on a chat.
    Level(app::level::Options),
    /// Copy the office into a file, beside whoever runs on it.
    Backup(app::backup::Options),
    /// Put the office back to what a backup holds.
    Restore(app::restore::Options),
    /// Write every row of the office as a line of JSON.
    Export(app::export::Options),
    /// Look at settings, database, clock and chats, and say what to mend and how.
    Doctor(app::doctor::Options),
    /// Prove that nothing is lost, and say what was found.
    Audit(app::audit::Options),
    /// Open the page on a made-up office, on this machine alone.
    Trial(app::trial::Options),
    /// Read messages from standard input and say what each means.
    Read(app::read::Options),
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
    match obey(cli.command.unwrap_or(Command::Run(cli.run))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody to tell is no further fault.
            let _ = writeln!(io::stderr(), "koekake: {}", in_words(&error));
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> anyhow::Result<()> {
    let work = async {
        match command {
            Command::Run(run) => app::run::run(run).await,
            Command::Init(init) => app::init::run(init).await,
            Command::Person(command) => app::person::run(command).await,
            Command::Invite(invite) => app::entry::invite(invite).await,
            Command::Link(link) => app::entry::link(link).await,
            Command::Import(command) => app::import::run(command).await,
            Command::Level(level) => app::level::run(level).await,
            Command::Backup(backup) => app::backup::run(backup).await,
            Command::Restore(restore) => app::restore::run(restore).await,
            Command::Export(export) => app::export::run(export).await,
            Command::Doctor(doctor) => app::doctor::run(doctor).await,
            Command::Audit(audit) => app::audit::run(audit).await,
            Command::Trial(trial) => app::trial::run(trial).await,
            Command::Read(read) => app::read::run(read),
        }
    };
    tokio::runtime::Runtime::new()?.block_on(work)
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
