//! Forms: one field of a reply, or a whole contact, in a window of its own.
//!
//! A button that opens one needs nothing but its own id: it works months later
//! and across restarts.
use super::markdown;
use crate::{
    conversation::{
        action::Action,
        commands::{self, Slot, Takes},
        message::{Field, Form, Said},
        phrasing::manual,
    },
    domain::people::Language,
};
use chrono::NaiveDate;
use serenity::all::{
    ActionRow, ActionRowComponent, CreateActionRow, CreateInputText, CreateModal, InputTextStyle,
};

/// Characters of a window's title and of a field's label.
const TITLE_MAX: usize = 45;
/// The window for a whole contact, and the button that opens it.
pub const CONTACT: &str = "contact";
const OPENS: &str = "form:";
const FILLED: &str = "fill:";
/// A day is typed in many ways, none of them long.
const DAY_MAX: u16 = 30;
/// A line holds all fields, so each has its share.
const CONTACT_FIELD_MAX: u16 = 300;
/// Characters of what stands in an empty field.
const PLACEHOLDER_MAX: usize = 100;

/// What a button that opens a form says in its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opener {
    action: Action,
    field: Field,
}

/// The id of the button that opens this form: 「form:d2026-12-01:otherday:7」.
pub fn opener(form: &Form) -> String {
    let field = match &form.field {
        Field::Day { from } => format!("d{from}"),
        Field::Words { max } => format!("w{max}"),
    };
    format!("{OPENS}{field}:{}", form.action)
}

/// Reads the id of a button that opens a form.
pub fn opened_by(id: &str) -> Option<Opener> {
    let (field, action) = id.strip_prefix(OPENS)?.split_once(':')?;
    let field = match field.split_at_checked(1)? {
        ("d", from) => Field::Day {
            from: from.parse::<NaiveDate>().ok()?,
        },
        ("w", max) => Field::Words {
            max: max.parse().ok().filter(|max| (1..=1_000).contains(max))?,
        },
        _ => return None,
    };
    let action = action.parse().ok()?;
    Some(Opener { action, field })
}

/// The window that the button opens; it is called as the button is.
pub fn window(opener: &Opener, called: &str) -> CreateModal {
    let label = markdown::cut(called.trim(), TITLE_MAX);
    let field = CreateInputText::new(InputTextStyle::Short, label.as_str(), "value").required(true);
    let field = match &opener.field {
        Field::Day { from } => field.placeholder(from.to_string()).max_length(DAY_MAX),
        Field::Words { max } => field.max_length(u16::try_from(*max).unwrap_or(u16::MAX)),
    };
    CreateModal::new(format!("{FILLED}{}", opener.action), label)
        .components(vec![CreateActionRow::InputText(field)])
}

/// The window for a whole contact; its fields make one line.
pub fn contact_window(language: Language) -> CreateModal {
    let field = |slot: &Slot| {
        let label = markdown::cut(manual::argument(slot.argument, language), TITLE_MAX);
        let hint = markdown::cut(manual::hint(slot.argument, language), PLACEHOLDER_MAX);
        let max = match slot.argument.takes() {
            Takes::Words { max } => max.min(CONTACT_FIELD_MAX),
            Takes::Household | Takes::OneOf(_) => CONTACT_FIELD_MAX,
        };
        let field = CreateInputText::new(InputTextStyle::Short, label, slot.argument.code())
            .placeholder(hint)
            .max_length(max)
            .required(slot.required);
        CreateActionRow::InputText(field)
    };
    let title = markdown::cut(manual::form_title(language), TITLE_MAX);
    CreateModal::new(CONTACT, title).components(commands::FORM.iter().map(field).collect())
}

/// What a window that was sent says; None: it is none of ours.
pub fn filled(id: &str, rows: &[ActionRow]) -> Option<Said> {
    let fields = rows.iter().flat_map(|row| &row.components);
    let mut fields = fields.filter_map(|component| match component {
        ActionRowComponent::InputText(field) => Some((
            field.custom_id.as_str(),
            field.value.clone().unwrap_or_default(),
        )),
        _ => None,
    });
    if id == CONTACT {
        let given = fields.filter_map(|(id, value)| Some((id.parse().ok()?, value)));
        return Some(commands::filled(&given.collect()));
    }
    let action = id.strip_prefix(FILLED)?.parse().ok()?;
    let (_, value) = fields.next()?;
    Some(Said::Form { action, value })
}
