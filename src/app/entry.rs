//! `koekake invite` and `koekake link`: what lets a person into a chat or onto
//! the page, printed once and kept as a hash.
use super::{desk::Desk, person::By, say};
use crate::{
    conversation::message::{self, JOIN_CODE_DAYS, LINK_MINUTES},
    engine::secrets,
    store::staff,
};
use anyhow::bail;
use clap::Args;

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// For whom.
    pub name: String,
    #[command(flatten)]
    pub who: By,
}

/// Prints a code for joining by a chat.
pub async fn invite(options: Options) -> anyhow::Result<()> {
    let desk = Desk::open(&options.who.folders).await?;
    let act = desk.act(options.who.by.as_deref()).await?;
    let person = desk.person(&options.name).await?;
    let code = secrets::join_code();
    staff::invite(&desk.db, &code, person.id, &act).await?;
    let name = &person.name;
    say(&format!(
        "{code}\n\
         {name} さんの参加コードです。一度だけ、{JOIN_CODE_DAYS}日のあいだ使えます。前のコードは使えなくなりました。\n\
         ボットとの一対一のチャットで「参加 {code}」と送ってもらってください。\n\
         A code for {name}: it works once, for {JOIN_CODE_DAYS} days, in place of any older one.\n\
         They send it to the bot in a private chat: join {code}"
    ))
}

/// Prints a link to the page.
pub async fn link(options: Options) -> anyhow::Result<()> {
    let desk = Desk::open(&options.who.folders).await?;
    let act = desk.act(options.who.by.as_deref()).await?;
    let web = &desk.config.web;
    let origin = match &web.public_url {
        Some(url) => url.text(),
        None if web.listen.port() == 0 => bail!(
            "the page listens on a port that is not known beforehand: set `public_url` of [web] \
             (KOEKAKE_WEB__PUBLIC_URL) to the address that `koekake run` prints"
        ),
        None => format!("http://{}", web.listen),
    };
    let person = desk.person(&options.name).await?;
    let token = secrets::token();
    staff::link(&desk.db, &token, person.id, &act).await?;
    let name = &person.name;
    say(&format!(
        "{}\n\
         {name} さんのページへの入口です。一度だけ、{LINK_MINUTES}分のあいだ使えます。\n\
         A way into the page for {name}: it works once, for {LINK_MINUTES} minutes.",
        message::link(&origin, &token)
    ))
}
