//! The command line.
use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use koekake::app;

#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read messages from standard input and say what each means.
    Read {
        /// The day on which they were typed.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<NaiveDate>,
        /// Print one JSON object a message.
        #[arg(long)]
        json: bool,
        /// Each message ends with a NUL and may hold line breaks.
        #[arg(long)]
        null: bool,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Read { on, json, null } => {
            let format = app::read::Format { json, null };
            let today = on.or_else(office_today).ok_or_else(|| {
                anyhow::anyhow!("--on is needed: the day on which the messages were typed")
            })?;
            app::read::run(
                std::io::stdin().lock(),
                std::io::stdout().lock(),
                today,
                format,
            )?;
        }
    }
    Ok(())
}

/// The office's day by the clock. Only `engine` reads clocks; until it stands,
/// there is none and `--on` must say the day.
fn office_today() -> Option<NaiveDate> {
    None
}
