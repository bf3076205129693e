//! Interactions of Discord (commands, buttons, menus, windows) as messages to
//! the bot.
use super::Spot;
use crate::{
    conversation::{
        commands::{self, Call, Command, Given},
        message::{AnswerTo, Incoming, Readers, Said},
    },
    domain::people::Language,
    platforms::discord::{
        answering::{Handle, Ticket},
        forms,
        render::MENU,
    },
};
use serenity::all::{
    ActionRowComponent, ApplicationId, ButtonKind, ChannelId, CommandData, CommandDataOptionValue,
    CommandInteraction, ComponentInteraction, ComponentInteractionDataKind, CreateModal, GuildId,
    Interaction, InteractionId, ModalInteraction, User,
};

/// What is to be done about an interaction.
#[derive(Debug)]
pub enum Step {
    /// A window is opened at once: it can be no later answer.
    Open(Box<CreateModal>),
    /// It goes the way of all messages.
    Take(Incoming),
    /// The channel's readers are looked up first.
    Setup(Incoming),
}

/// An interaction, whatever its kind.
#[derive(Debug)]
pub struct Asked {
    pub ticket: Ticket,
    pub spot: Spot,
    pub language: Language,
    pub step: Step,
}

/// Reads an interaction. None: a kind that wants no answer, or completion.
pub fn read(interaction: &Interaction) -> Option<Asked> {
    match interaction {
        Interaction::Command(command) => {
            let asker = Asker::of_command(command);
            Some(asker.asked(of_command(command, &asker)))
        }
        Interaction::Component(component) => {
            let asker = Asker::of_component(component);
            Some(asker.asked(of_component(component, &asker)))
        }
        Interaction::Modal(window) => {
            let asker = Asker::of_window(window);
            Some(asker.asked(of_window(window, &asker)))
        }
        _ => None,
    }
}

/// The reader's language, by the one of their Discord.
pub fn language(locale: &str) -> Language {
    match locale {
        "ja" => Language::Japanese,
        _ => Language::English,
    }
}

/// Who asks, where.
struct Asker<'a> {
    user: &'a User,
    ticket: Ticket,
    spot: Spot,
    language: Language,
}

/// What all kinds have in common.
struct Common<'a> {
    id: InteractionId,
    application: ApplicationId,
    token: &'a str,
    user: &'a User,
    channel: ChannelId,
    guild: Option<GuildId>,
    locale: &'a str,
}

impl<'a> Asker<'a> {
    fn of_command(command: &'a CommandInteraction) -> Asker<'a> {
        Asker::new(Common {
            id: command.id,
            application: command.application_id,
            token: &command.token,
            user: &command.user,
            channel: command.channel_id,
            guild: command.guild_id,
            locale: &command.locale,
        })
    }

    fn of_component(component: &'a ComponentInteraction) -> Asker<'a> {
        Asker::new(Common {
            id: component.id,
            application: component.application_id,
            token: &component.token,
            user: &component.user,
            channel: component.channel_id,
            guild: component.guild_id,
            locale: &component.locale,
        })
    }

    fn of_window(window: &'a ModalInteraction) -> Asker<'a> {
        Asker::new(Common {
            id: window.id,
            application: window.application_id,
            token: &window.token,
            user: &window.user,
            channel: window.channel_id,
            guild: window.guild_id,
            locale: &window.locale,
        })
    }

    fn new(common: Common<'a>) -> Asker<'a> {
        let spot = match common.guild {
            Some(_) => Spot::Room(common.channel),
            None => Spot::Private(common.channel),
        };
        Asker {
            user: common.user,
            ticket: Ticket {
                application: common.application,
                id: common.id,
                token: common.token.to_owned(),
                user: common.user.id,
                is_alone: common.guild.is_some(),
            },
            spot,
            language: language(common.locale),
        }
    }

    fn asked(&self, step: Step) -> Asked {
        Asked {
            ticket: self.ticket.clone(),
            spot: self.spot,
            language: self.language,
            step,
        }
    }

    fn says(&self, said: Said) -> Incoming {
        Incoming {
            from: super::account(self.user),
            place: super::place(self.user, self.spot),
            said,
            key: format!("discord:interaction:{}", self.ticket.id),
            typed_at: Some(*self.ticket.id.created_at()),
            answer_to: Some(AnswerTo {
                alone: Handle::Interaction(self.ticket.clone()).to_string(),
                message: None,
            }),
        }
    }
}

fn of_component(component: &ComponentInteraction, asker: &Asker<'_>) -> Step {
    let id = component.data.custom_id.as_str();
    if id == forms::CONTACT {
        return Step::Open(Box::new(forms::contact_window(asker.language)));
    }
    if let Some(opener) = forms::opened_by(id) {
        let called = called(component).unwrap_or("…");
        return Step::Open(Box::new(forms::window(&opener, called)));
    }
    let action = match &component.data.kind {
        ComponentInteractionDataKind::StringSelect { values } if id.starts_with(MENU) => {
            values.first().map(String::as_str)
        }
        ComponentInteractionDataKind::Button => Some(id),
        _ => None,
    };
    let pressed = action.and_then(|action| action.parse().ok());
    Step::Take(asker.says(pressed.map_or(Said::Forged, Said::Press)))
}

/// What the button that was pressed is called.
fn called(component: &ComponentInteraction) -> Option<&str> {
    let pressed = component.data.custom_id.as_str();
    let rows = component.message.components.iter();
    let mut parts = rows.flat_map(|row| &row.components);
    parts.find_map(|part| match part {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } if custom_id == pressed => {
                button.label.as_deref()
            }
            _ => None,
        },
        _ => None,
    })
}

fn of_window(window: &ModalInteraction, asker: &Asker<'_>) -> Step {
    let filled = forms::filled(&window.data.custom_id, &window.data.components);
    Step::Take(asker.says(filled.unwrap_or(Said::Forged)))
}

fn of_command(command: &CommandInteraction, asker: &Asker<'_>) -> Step {
    match called_command(&command.data) {
        Some(Call::Said(said)) => Step::Take(asker.says(said)),
        Some(Call::Form) => Step::Open(Box::new(forms::contact_window(asker.language))),
        // Everyone, until it is known better.
        Some(Call::Setup) => Step::Setup(asker.says(Said::Setup(Readers::Everyone))),
        None => Step::Take(asker.says(Said::Forged)),
    }
}

/// What a call amounts to; None: no command of ours.
fn called_command(data: &CommandData) -> Option<Call> {
    let command: Command = data.name.parse().ok()?;
    let given: Given = data
        .options
        .iter()
        .filter_map(|option| {
            let argument = option.name.parse().ok()?;
            match &option.value {
                CommandDataOptionValue::String(value) => Some((argument, value.clone())),
                _ => None,
            }
        })
        .collect();
    Some(commands::call(command, &given))
}
