//! `koekake level`: what the office allows on a chat. There is no default: an
//! administrator chooses, with the consequences before their eyes.
use super::{
    desk::{Desk, refused},
    one_of,
    person::By,
    say,
};
use crate::{
    conversation::message::{Level, Platform},
    domain::people,
    store::staff,
};
use anyhow::{Context, bail};
use clap::Args;
use strum::VariantArray;

#[derive(Debug, Clone, Args)]
pub struct Options {
    #[arg(value_parser = one_of(&Platform::CHATS))]
    pub platform: Platform,
    /// 1, 2 or 3; without it, each is explained.
    #[arg(value_parser = clap::value_parser!(u8).range(1..=3))]
    pub level: Option<u8>,
    /// The number of the office's approval, which 2 and 3 need; it is kept in
    /// the journal.
    #[arg(long, value_name = "NUMBER")]
    pub approval: Option<String>,
    #[command(flatten)]
    pub who: By,
}

pub async fn run(options: Options) -> anyhow::Result<()> {
    let Some(level) = options.level.and_then(Level::of) else {
        for level in Level::VARIANTS {
            say(consequence(*level))?;
        }
        bail!("1、2、3 のどれかを選んでください (choose 1, 2 or 3)");
    };
    let desk = Desk::open(&options.who.folders).await?;
    let act = desk.act(options.who.by.as_deref()).await?;
    let approval = options.approval.as_deref().map(approval).transpose()?;
    let chosen = (options.platform, level);
    let set = staff::set_level(&desk.db, chosen, approval.as_deref(), &act).await?;
    set.map_err(refused)?;
    say(&format!("{}:", options.platform.code()))?;
    say(consequence(level))
}

fn approval(typed: &str) -> anyhow::Result<String> {
    people::name(typed).context("承認番号が読めません (the number of the approval cannot be read)")
}

fn consequence(level: Level) -> &'static str {
    match level {
        Level::Notice => {
            "1 「お知らせがあります」とページへのリンクだけを送ります。世帯コードも日付も外に出ません。\n  \
             Only says that there is news, with a link to the page: no code and no date leaves the office."
        }
        Level::Dates => {
            "2 世帯コードと日付も送ります。コードだけでも個人の情報であり、チャットの会社に残ります。記録はページでします。\n  \
             Sends codes and dates as well: a code is still personal data, and stays with the chat's company; recording is done on the page."
        }
        Level::Logging => {
            "3 チャットで記録もします。職員が打った文はそのままチャットの会社に残り、ボットには消せません。\n  \
             Takes records as well: what staff type stays with the chat's company as typed, and the bot cannot delete it."
        }
    }
}
