//! The commands that Telegram shows in its menu, per language and kind of chat;
//! set where they are not so already.
use super::api::{Api, Failure};
use crate::{
    conversation::{
        commands::{Command, Scope},
        phrasing::manual,
    },
    domain::people::Language,
};
use serde::de::IgnoredAny;
use std::time::Duration;
use strum::VariantArray;
use teloxide_core::{
    payloads::{GetMyCommands, SetMyCommands},
    types::{BotCommand, BotCommandScope},
};
use tokio_util::sync::CancellationToken;

/// The menu is a comfort: it is given up after so many tries, until the next start.
const TRIES_MAX: u32 = 5;
const WAIT: Duration = Duration::from_secs(10);
/// Japanese is for everybody who has no menu in their own language.
const LANGUAGES: [(Language, Option<&str>); 2] =
    [(Language::Japanese, None), (Language::English, Some("en"))];

/// Shows the menus; ends at `shutdown` at the latest.
pub(super) async fn show(api: &Api, shutdown: &CancellationToken) {
    for tried in 1..=TRIES_MAX {
        let shown = tokio::select! {
            () = shutdown.cancelled() => return,
            shown = try_show(api) => shown,
        };
        match shown {
            Ok(()) => return,
            Err(failure) => tracing::warn!(%failure, "the menu of commands is not set"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(WAIT * tried) => {}
        }
    }
}

async fn try_show(api: &Api) -> Result<(), Failure> {
    for (language, code) in LANGUAGES {
        for scope in [
            BotCommandScope::AllPrivateChats,
            BotCommandScope::AllGroupChats,
        ] {
            let wanted = menu(&scope, language);
            let mut get = GetMyCommands::new();
            get.scope = Some(scope.clone());
            get.language_code = code.map(str::to_owned);
            match api.call::<_, Vec<BotCommand>>(&get).await {
                Ok(found) if found == wanted => continue,
                Ok(_) | Err(Failure::Unread) => {}
                Err(failure) => return Err(failure),
            }
            let mut set = SetMyCommands::new(wanted);
            set.scope = Some(scope);
            set.language_code = code.map(str::to_owned);
            api.call::<_, IgnoredAny>(&set).await?;
        }
    }
    Ok(())
}

fn menu(scope: &BotCommandScope, language: Language) -> Vec<BotCommand> {
    let own = match scope {
        BotCommandScope::AllGroupChats => Scope::Room,
        _ => Scope::Private,
    };
    Command::VARIANTS
        .iter()
        .filter(|command| command.scope() == own || command.scope() == Scope::Both)
        .map(|command| BotCommand::new(command.code(), manual::description(*command, language)))
        .collect()
}
