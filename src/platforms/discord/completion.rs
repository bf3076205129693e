//! What an option of a command may be completed to, while it is typed.
use super::{
    api::{Api, CHOICES_MAX},
    markdown, menu,
    translate::{account, language},
};
use crate::{conversation::commands::Argument, domain::household::Code, engine::Engine};
use serenity::all::{
    AutocompleteChoice, CommandInteraction, CreateAutocompleteResponse, CreateInteractionResponse,
};
use std::time::Duration;
use tokio::time::timeout;

/// Discord wants the list within 3 seconds, and a typing person sooner.
const WAIT: Duration = Duration::from_millis(1_500);

/// Characters of an entry.
const CHOICE_MAX: usize = 100;

/// Answers with what fits; with nothing where the database is slow.
pub async fn complete(engine: &Engine, api: &Api, typed: &CommandInteraction) {
    let choices = match typed.data.autocomplete() {
        Some(option) => match option.name.parse() {
            Ok(argument) => choices(engine, typed, (argument, option.value)).await,
            Err(_) => Vec::new(),
        },
        None => Vec::new(),
    };
    let list = CreateAutocompleteResponse::new().set_choices(choices);
    let answer = CreateInteractionResponse::Autocomplete(list);
    if let Err(failure) = api.respond((typed.id, &typed.token), &answer).await {
        tracing::debug!(interaction = %typed.id, %failure, "nothing was completed");
    }
}

async fn choices(
    engine: &Engine,
    typed: &CommandInteraction,
    (argument, so_far): (Argument, &str),
) -> Vec<AutocompleteChoice> {
    if argument == Argument::Household {
        let account = account(&typed.user);
        let codes = match timeout(WAIT, engine.codes(&account, so_far)).await {
            Ok(Ok(codes)) => codes,
            Ok(Err(_)) | Err(_) => Vec::new(),
        };
        let choice = |(code, label): (Code, String)| {
            AutocompleteChoice::new(markdown::cut(&label, CHOICE_MAX), code.to_string())
        };
        return codes.into_iter().take(CHOICES_MAX).map(choice).collect();
    }
    let language = language(&typed.locale);
    let values = menu::completions(argument, so_far).into_iter();
    values
        .map(|value| AutocompleteChoice::new(value.label(language), value.code()))
        .collect()
}
