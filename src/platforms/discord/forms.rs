//! Forms: one field of a reply, or a whole contact, in a window of its own.
//!
//! A button that opens one needs nothing but its own id: it works months later
//! and across restarts.
use super::markdown;
use crate::{
    conversation::{
        action::Action,
        message::{Field, Form},
        phrasing::discord::{Label, say},
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
/// A line holds three fields, so each has its share.
const CONTACT_FIELD_MAX: u16 = 400;

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
    let field = |label, example, id, is_needed| {
        let field = CreateInputText::new(InputTextStyle::Short, say(label, language), id)
            .placeholder(say(example, language))
            .max_length(CONTACT_FIELD_MAX)
            .required(is_needed);
        CreateActionRow::InputText(field)
    };
    CreateModal::new(CONTACT, say(Label::ContactForm, language)).components(vec![
        field(
            Label::FieldHousehold,
            Label::ExampleHousehold,
            "household",
            true,
        ),
        field(Label::FieldContact, Label::ExampleContact, "contact", true),
        field(Label::FieldNext, Label::ExampleNext, "next", false),
    ])
}

/// What was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled {
    /// A whole contact, as a line.
    Line(String),
    Field {
        action: Action,
        value: String,
    },
}

/// Reads a window that was sent; None: none of ours.
pub fn filled(id: &str, rows: &[ActionRow]) -> Option<Filled> {
    let values = rows.iter().flat_map(|row| &row.components);
    let mut values = values.filter_map(|component| match component {
        ActionRowComponent::InputText(field) => field.value.as_deref(),
        _ => None,
    });
    if id == CONTACT {
        let values: Vec<&str> = values.map(str::trim).collect();
        return Some(Filled::Line(values.join(" ").trim().to_owned()));
    }
    let action = id.strip_prefix(FILLED)?.parse().ok()?;
    let value = values.next().unwrap_or_default().to_owned();
    Some(Filled::Field { action, value })
}
