//! What a call of a command amounts to: the words of a line, or a button.
use super::{Argument, Command, Takes, Value};
use crate::{
    conversation::{
        action::Action,
        meaning::Span,
        message::{Platform, Said},
        reading,
    },
    domain::contact::{Kind, Outcome},
};
use std::str::FromStr;

/// What was given for the arguments, as a chat hands it over: the code of a
/// value, or what was typed. Nothing of it need be valid.
pub type Given = Vec<(Argument, String)>;

/// What is to be done about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// It is said, as if it had been typed or pressed.
    Said(Said),
    /// The form for a whole contact is to be shown.
    Form,
    /// The shared place in which it was called is to be used: who can read it
    /// is for the platform to say.
    Setup,
}

/// A command with its arguments.
pub fn call(command: Command, given: &Given) -> Call {
    match command {
        Command::Record if is_blank(given) => Call::Form,
        Command::Setup => Call::Setup,
        _ => Call::Said(said(command, given)),
    }
}

/// The form for a whole contact, filled in.
pub fn filled(given: &Given) -> Said {
    said(Command::Record, given)
}

/// A command as it was typed with its words behind it, `/record@bot H-012 …`;
/// None where it is none of ours. Without words, `/record` asks one question
/// after another.
pub fn typed(text: &str) -> Option<Call> {
    let rest = text.trim_start().strip_prefix('/')?;
    let (name, words) = rest
        .split_once(char::is_whitespace)
        .unwrap_or((rest.trim_end(), ""));
    let name = name.split('@').next().unwrap_or_default();
    let command = Command::from_str(&name.to_ascii_lowercase()).ok()?;
    Some(match command {
        Command::Setup => Call::Setup,
        _ => Call::Said(said(
            command,
            &vec![(Argument::Words, words.trim().to_owned())],
        )),
    })
}

fn is_blank(given: &Given) -> bool {
    given.iter().all(|(_, value)| value.trim().is_empty())
}

fn said(command: Command, given: &Given) -> Said {
    let given = |argument| {
        let mut found = given.iter().filter(|(other, _)| *other == argument);
        let (_, value) = found.next()?;
        Some(value.trim()).filter(|value| !value.is_empty())
    };
    match command {
        Command::Overdue => return Said::Press(Action::Overdue(None)),
        Command::Help => return Said::Press(Action::Help),
        Command::Plan if given(Argument::Words).is_none() => {
            let span = given(Argument::Span).and_then(|span| span.parse().ok());
            return Said::Press(Action::Upcoming(span.unwrap_or(Span::ThisWeek)));
        }
        Command::Notify => {
            let named = given(Argument::Platform).or(given(Argument::Words));
            let platform = named.and_then(|named| Platform::from_str(&named.to_lowercase()).ok());
            if let Some(platform) = platform {
                return Said::Press(Action::RouteFirst(platform));
            }
        }
        _ => {}
    }
    // What somebody informs us of is read as information, whatever it is; what has
    // become of the household counts more, and the kind is asked.
    let informs = given(Argument::Kind) == Some(Kind::Info.code())
        && given(Argument::Outcome).is_some_and(|outcome| outcome != Outcome::Info.code());
    let line: Vec<String> = pattern(command)
        .iter()
        .filter_map(|piece| match piece {
            Piece::Value(Argument::Kind) if informs => None,
            Piece::Word(word) => Some((*word).to_owned()),
            Piece::Value(argument) => Some(words_of(*argument, given(*argument)?)),
            Piece::Behind(word, argument) => {
                let value = words_of(*argument, given(*argument)?);
                Some(format!("{word}{value}"))
            }
        })
        .collect();
    let line = line.join(" ");
    match command {
        // Alone these are no line: the slash says that it was meant for us.
        Command::Correct | Command::Join if !line.contains(' ') => Said::Words(format!("/{line}")),
        Command::State if !line.contains(' ') => Said::Words(format!("/状態 {line}")),
        _ => Said::Words(line),
    }
}

/// One piece of the line that a command amounts to.
enum Piece {
    Word(&'static str),
    Value(Argument),
    /// A word with the value behind it, where there is one.
    Behind(&'static str, Argument),
}

/// The line of each command, as the reader understands it. Words that were typed
/// behind a command stand where its own values would.
fn pattern(command: Command) -> Vec<Piece> {
    use Argument as A;
    use Piece::{Behind, Value, Word};
    let line = |first| vec![Word(first), Value(A::Words)];
    match command {
        Command::Record => vec![
            Word("/記録"),
            Value(A::Household),
            Value(A::Kind),
            Value(A::Outcome),
            Value(A::Words),
            // A date that has passed is then asked about.
            Behind("次回 ", A::Next),
        ],
        Command::Correct => vec![Word("訂正"), Value(A::Household), Value(A::Words)],
        Command::Undo => vec![Word("/取り消し")],
        Command::Plan => line("/予定"),
        Command::Show => vec![Word("/履歴"), Value(A::Household), Value(A::Words)],
        Command::State => vec![Behind("/", A::State), Value(A::Household), Value(A::Words)],
        Command::Add => vec![
            Word("/登録"),
            Value(A::Household),
            Value(A::Words),
            Value(A::Route),
        ],
        Command::Class => vec![
            Word("/区分"),
            Value(A::Household),
            Value(A::Words),
            Value(A::Class),
        ],
        Command::Assign => vec![
            Word("/担当"),
            Value(A::Household),
            Value(A::Words),
            Value(A::Person),
            Behind("副担当 ", A::Second),
        ],
        Command::Leave => vec![
            Word("/休み"),
            Value(A::From),
            Behind("から ", A::To),
            Value(A::Words),
            Behind("代行 ", A::CoveredBy),
        ],
        Command::Cover => vec![
            Word("/代行"),
            Value(A::Person),
            Value(A::Words),
            Value(A::CoveredBy),
            Value(A::From),
            Behind("から ", A::To),
        ],
        Command::Language => vec![Word("/言語"), Value(A::Language), Value(A::Words)],
        Command::Notify => vec![Word("/お知らせは"), Value(A::Platform), Value(A::Words)],
        Command::Page => vec![Word("/ページ")],
        Command::Join => vec![Word("参加"), Value(A::Code), Value(A::Words)],
        Command::Invite => vec![Word("/招待"), Value(A::Person), Value(A::Words)],
        Command::Staff => vec![Word("/職員一覧")],
        Command::StaffAdd => vec![
            Word("/職員追加"),
            Value(A::Name),
            Value(A::Words),
            Value(A::Role),
        ],
        Command::StaffLeave => vec![
            Word("/退職"),
            Value(A::Person),
            Value(A::Words),
            Value(A::LastDay),
        ],
        Command::Overdue | Command::Help | Command::Setup => Vec::new(),
    }
}

/// A value as a line tells it; what is none of ours stays as it was typed.
fn words_of(argument: Argument, value: &str) -> String {
    let known = match argument.takes() {
        Takes::Household => reading::household(value).map(|code| code.to_string()),
        Takes::OneOf(values) => values
            .into_iter()
            .find(|known| known.code() == value)
            .map(Value::words),
        Takes::Words { .. } => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}
