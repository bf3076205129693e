//! Slash commands: the manual that Discord shows, registered when it has changed.
use super::{api::CHOICES_MAX, intake::Intake, markdown};
use crate::{
    conversation::{
        commands::{Argument, Command, Scope, Slot, Takes, Value},
        message::Platform,
        phrasing::manual,
    },
    domain::people::Language::{English, Japanese},
    engine::Cursor,
};
use serenity::all::{
    ApplicationId, CommandOptionType, CreateCommand, CreateCommandOption, InteractionContext,
};
use sha2::{Digest, Sha256};
use strum::VariantArray;

/// Discord's name for Japanese.
const JA: &str = "ja";
/// Characters of a description.
const DESCRIPTION_MAX: usize = 100;

/// Registers all commands, unless the same ones are registered. They are known
/// everywhere at once: the one request replaces what was there.
pub async fn register(intake: &Intake, application: ApplicationId) {
    let all: Vec<CreateCommand> = Command::VARIANTS.iter().copied().map(described).collect();
    let Ok(text) = serde_json::to_vec(&all) else {
        return;
    };
    let hash = Sha256::digest(&text);
    let cursor = Cursor {
        place: format!("commands:{application}"),
        seen: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let engine = intake.engine();
    let known = intake
        .until_done(|| engine.cursors(Platform::Discord))
        .await;
    if known.is_none_or(|known| known.contains(&cursor)) {
        return;
    }
    let registering = || intake.api().register(application, &all);
    match intake.until_answered(registering).await {
        Ok(()) => {
            let keeping = || engine.move_cursor(Platform::Discord, &cursor);
            intake.until_done(keeping).await;
            tracing::info!("the commands are registered with Discord");
        }
        Err(failure) if failure.may_pass() => {}
        Err(failure) => tracing::error!(%failure, "the commands could not be registered"),
    }
}

fn described(command: Command) -> CreateCommand {
    let described = CreateCommand::new(manual::name(command, English))
        .name_localized(JA, manual::name(command, Japanese))
        .description(short(manual::description(command, English)))
        .description_localized(JA, short(manual::description(command, Japanese)))
        .contexts(match command.scope() {
            Scope::Private => vec![InteractionContext::BotDm],
            Scope::Room => vec![InteractionContext::Guild],
            Scope::Both => vec![InteractionContext::Guild, InteractionContext::BotDm],
        });
    described.set_options(command.slots().into_iter().map(option).collect())
}

fn option(slot: Slot) -> CreateCommandOption {
    let argument = slot.argument;
    let (name, hint) = (
        manual::argument(argument, English),
        manual::hint(argument, English),
    );
    let option = CreateCommandOption::new(CommandOptionType::String, name, short(hint))
        .name_localized(JA, manual::argument(argument, Japanese))
        .description_localized(JA, short(manual::hint(argument, Japanese)))
        .required(slot.required);
    match argument.takes() {
        Takes::Words { max } => option.max_length(max),
        Takes::OneOf(values) if values.len() <= CHOICES_MAX => {
            values.into_iter().fold(option, choice)
        }
        Takes::Household | Takes::OneOf(_) => option.set_autocomplete(true),
    }
}

fn choice(option: CreateCommandOption, value: Value) -> CreateCommandOption {
    let in_japanese = [(JA, value.label(Japanese))];
    option.add_string_choice_localized(value.label(English), value.code(), in_japanese)
}

/// The values of an argument that begin with, or hold, what was typed so far.
pub fn completions(argument: Argument, typed: &str) -> Vec<Value> {
    let typed = typed.trim().to_lowercase();
    let holds = |value: &Value| {
        [value.label(Japanese), value.label(English)]
            .iter()
            .any(|label| label.to_lowercase().contains(&typed))
    };
    let values = Value::all_of(argument).into_iter().filter(holds);
    values.take(CHOICES_MAX).collect()
}

fn short(text: &str) -> String {
    markdown::cut(text, DESCRIPTION_MAX)
}
