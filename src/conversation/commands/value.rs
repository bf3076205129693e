//! The values from which a caller chooses: their codes, their labels, and the
//! words by which the reader knows them.
use super::Argument;
use crate::{
    conversation::{meaning::Span, message::Platform, phrasing::manual},
    domain::{
        closed_list,
        contact::{Kind, Outcome},
        household::{Class, Route},
        people::{Language, Role},
    },
};
use strum::VariantArray;

/// One value of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Kind(Kind),
    Outcome(Outcome),
    Span(Span),
    Turn(Turn),
    Route(Route),
    Class(Class),
    Platform(Platform),
    Language(Language),
    Role(Role),
}

closed_list! {
    /// What becomes of a household.
    pub enum Turn {
        Watch,
        Pause,
        Resume,
        Close,
        Transfer,
        Received,
        Reopen,
    }
}

impl Value {
    /// All from which a caller chooses; none where words are typed.
    pub fn all_of(argument: Argument) -> Vec<Value> {
        fn each<T: VariantArray + Copy>(value: fn(T) -> Value) -> Vec<Value> {
            T::VARIANTS.iter().copied().map(value).collect()
        }
        match argument {
            Argument::Kind => each(Value::Kind),
            Argument::Outcome => each(Value::Outcome),
            Argument::Span => each(Value::Span),
            Argument::State => each(Value::Turn),
            Argument::Route => each(Value::Route),
            Argument::Class => each(Value::Class),
            // The page is the last way to everybody, always.
            Argument::Platform => Platform::CHATS.map(Value::Platform).to_vec(),
            Argument::Language => each(Value::Language),
            Argument::Role => each(Value::Role),
            Argument::Household
            | Argument::Next
            | Argument::Words
            | Argument::Person
            | Argument::Second
            | Argument::CoveredBy
            | Argument::From
            | Argument::To
            | Argument::Code
            | Argument::Name
            | Argument::LastDay => Vec::new(),
        }
    }

    /// The stable code that a chat hands back.
    pub fn code(self) -> &'static str {
        match self {
            Value::Kind(kind) => kind.code(),
            Value::Outcome(outcome) => outcome.code(),
            Value::Span(span) => span.code(),
            Value::Turn(turn) => turn.code(),
            Value::Route(route) => route.code(),
            Value::Class(class) => class.code(),
            Value::Platform(platform) => platform.code(),
            Value::Language(language) => language.code(),
            Value::Role(role) => role.code(),
        }
    }

    /// As the reader of that language sees it.
    pub fn label(self, language: Language) -> String {
        manual::value(self, language)
    }

    /// The words by which a line tells it; the reader knows both languages.
    pub fn words(self) -> String {
        match self {
            // 情報 alone would be one more contact.
            Value::Outcome(Outcome::Info) => "情報のみ".to_owned(),
            _ => manual::value(self, Language::Japanese),
        }
    }
}
