//! Every command as a chat calls it, read again by the reader.
use super::*;
use crate::{
    conversation::{
        decide,
        meaning::{Due, Intent, Meaning, Span},
        message::{Platform, Said},
        phrasing::manual,
        reading::{self, Setting, Words},
    },
    domain::{
        calendar::Calendar,
        contact::{Kind, Outcome},
        household::{Class, Route},
        people::{Language, Role},
    },
};
use chrono::NaiveDate;
use strum::VariantArray;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// On Wednesday, 25 November 2026.
fn read(text: &str, words: &Words) -> Meaning {
    let setting = Setting {
        today: day("2026-11-25"),
        calendar: &Calendar::japan(),
        words,
    };
    reading::read(text, &setting)
}

fn given(pairs: &[(Argument, &str)]) -> Given {
    let pair = |(argument, value): &(Argument, &str)| (*argument, (*value).to_owned());
    pairs.iter().map(pair).collect()
}

fn words_of(call: Call) -> String {
    match call {
        Call::Said(Said::Words(words)) => words,
        other => panic!("no words: {other:?}"),
    }
}

fn line(command: Command, pairs: &[(Argument, &str)]) -> String {
    words_of(call(command, &given(pairs)))
}

#[test]
fn every_kind_and_outcome_that_is_chosen_is_read_as_it_was_chosen() {
    let words = Words::built_in();
    for kind in Kind::VARIANTS {
        for outcome in decide::outcomes_of(*kind) {
            let line = line(
                Command::Record,
                &[
                    (Argument::Household, "12"),
                    (Argument::Kind, kind.code()),
                    (Argument::Outcome, outcome.code()),
                    (Argument::Next, "12/10"),
                ],
            );
            let meaning = read(&line, &words);
            let is_news = *kind == Kind::Info && *outcome != Outcome::Info;
            let kind = Some(*kind).filter(|_| !is_news);
            assert_eq!(
                (meaning.contact.kind, meaning.contact.outcome),
                (kind, Some(*outcome)),
                "{line}"
            );
            assert!(meaning.more.is_empty(), "{line}");
            assert_eq!(meaning.households.len(), 1, "{line}");
            let next = match &meaning.due {
                Due::Said(said) => Some(said.on),
                Due::Unsaid | Due::Unclear(_) => None,
            };
            assert_eq!(next, Some(day("2026-12-10")), "{line}");
        }
    }
}

#[test]
fn a_form_is_a_line_in_whatever_order_its_fields_come() {
    let fields = [
        (Argument::Words, "名刺 洗濯物あり"),
        (Argument::Kind, "訪問"),
        (Argument::Outcome, "不在"),
        (Argument::Next, ""),
        (Argument::Household, "H-031"),
    ];
    let said = filled(&given(&fields));
    let line = words_of(Call::Said(said));
    assert_eq!(line, "/記録 H-031 訪問 不在 名刺 洗濯物あり");
    let is_filled = |slot: &Slot| {
        let mut arguments = fields.iter().map(|(argument, _)| *argument);
        arguments.any(|argument| argument == slot.argument)
    };
    assert!(FORM.iter().all(is_filled));
}

type Row<'a> = (Command, &'a [(Argument, &'a str)], Intent);

#[test]
fn a_command_with_its_arguments_is_understood_as_it_is_meant() {
    use Argument as A;
    let words = Words::built_in();
    let household = (A::Household, "H-012");
    let some = |name: &str| Some(name.to_owned());
    let (first, last) = (day("2026-12-01"), day("2026-12-12"));
    let table: [Row; 16] = [
        (Command::Undo, &[], Intent::Undo),
        (Command::Show, &[household], Intent::Show { brief: false }),
        (
            Command::State,
            &[household, (A::State, "watch")],
            Intent::Watch,
        ),
        (
            Command::Add,
            &[household, (A::Route, "commissioner")],
            Intent::Add {
                known_by: Some(Route::Commissioner),
                known_on: None,
            },
        ),
        (
            Command::Class,
            &[household, (A::Class, "a")],
            Intent::SetClass(Some(Class::A)),
        ),
        (
            Command::Assign,
            &[household, (A::Person, "佐藤"), (A::Second, "鈴木")],
            Intent::Assign {
                main: some("佐藤"),
                second: some("鈴木"),
            },
        ),
        (
            Command::Leave,
            &[(A::From, "12/1"), (A::To, "12/12"), (A::CoveredBy, "佐藤")],
            Intent::Leave {
                who: None,
                from: first,
                to: last,
                cover: some("佐藤"),
            },
        ),
        (
            Command::Cover,
            &[
                (A::Person, "佐藤"),
                (A::CoveredBy, "鈴木"),
                (A::From, "12/1"),
                (A::To, "12/12"),
            ],
            Intent::Cover {
                who: some("佐藤"),
                cover: some("鈴木"),
                from: first,
                to: last,
            },
        ),
        (
            Command::Language,
            &[(A::Language, "english")],
            Intent::Language(Language::English),
        ),
        (Command::Page, &[], Intent::Page),
        (
            Command::Invite,
            &[(A::Person, "佐藤")],
            Intent::Invite {
                who: some("佐藤")
            },
        ),
        (Command::Staff, &[], Intent::Staff),
        (
            Command::StaffAdd,
            &[(A::Name, "Yamada"), (A::Role, "admin")],
            Intent::AddStaff {
                name: some("Yamada"),
                role: Some(Role::Admin),
            },
        ),
        (
            Command::StaffLeave,
            &[(A::Person, "佐藤"), (A::LastDay, "3/31")],
            Intent::LetGo {
                who: some("佐藤"),
                last_day: Some(day("2027-03-31")),
            },
        ),
        (
            Command::Notify,
            &[(A::Platform, "テレグラム")],
            Intent::Notify(Some(Platform::Telegram)),
        ),
        (
            Command::Plan,
            &[(A::Words, "来週")],
            Intent::Upcoming(Span::NextWeek),
        ),
    ];
    for (command, pairs, expected) in table {
        let line = line(command, pairs);
        let meaning = read(&line, &words);
        assert_eq!(meaning.intent, expected, "{line}");
        assert!(meaning.is_call, "{line}");
    }
}

#[test]
fn every_turn_of_a_household_is_a_word_that_is_understood() {
    let words = Words::built_in();
    for turn in Turn::VARIANTS {
        let pairs = [
            (Argument::Household, "H-012"),
            (Argument::State, turn.code()),
        ];
        let line = line(Command::State, &pairs);
        let expected = match turn {
            Turn::Watch => "watch",
            Turn::Pause => "pause",
            Turn::Resume => "resume",
            Turn::Close => "close",
            Turn::Transfer => "transfer",
            Turn::Received => "received",
            Turn::Reopen => "reopen",
        };
        assert_eq!(read(&line, &words).intent.code(), expected, "{line}");
    }
}

#[test]
fn a_command_that_is_typed_with_its_words_is_understood() {
    let words = Words::built_in();
    for (text, expected) in [
        ("/record@koekake_bot H-012 訪問 不在 3か月後", "log"),
        ("/record", "log"),
        ("/show H-012", "show"),
        ("/undo", "undo"),
        ("/plan 来週", "upcoming"),
        ("/state H-012 終結", "close"),
        ("/assign H-012 佐藤", "assign"),
        ("/leave 12/1から12/12 代行 佐藤", "leave"),
        ("/leave", "leave"),
        ("/cover 佐藤 鈴木 12/1から12/12", "cover"),
        ("/class H-012 B", "class"),
        ("/add H-099 民生委員", "add"),
        ("/correct H-012 1か月後", "log"),
        ("/language english", "language"),
        ("/invite Sato", "invite"),
        ("/staff_add 山田 担当", "staff_add"),
        ("/staff_leave 佐藤", "staff_leave"),
        ("/staff", "staff"),
        ("/page", "page"),
    ] {
        let called = typed(text).unwrap_or_else(|| panic!("{text} is none of ours"));
        let line = words_of(called);
        assert_eq!(
            read(&line, &words).intent.code(),
            expected,
            "{text}: {line}"
        );
    }
    assert_eq!(typed("/setup"), Some(Call::Setup));
    assert_eq!(typed("/weather"), None);
    assert_eq!(typed("H-012 訪問"), None);
}

#[test]
fn names_and_descriptions_are_such_as_chats_allow() {
    for command in Command::VARIANTS {
        let base = command.code();
        assert!(base.len() <= 32, "{base}");
        assert!(base.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'));
        for language in [Language::Japanese, Language::English] {
            check_name(manual::name(*command, language));
            check_length(manual::description(*command, language), 3, 100);
        }
        let slots = command.slots();
        let first_free = slots.iter().position(|slot| !slot.required);
        let after = first_free.unwrap_or(slots.len());
        assert!(slots[after..].iter().all(|slot| !slot.required), "{base}");
        for slot in slots {
            check_argument(slot.argument);
        }
    }
}

fn check_argument(argument: Argument) {
    for language in [Language::Japanese, Language::English] {
        check_name(manual::argument(argument, language));
        check_length(manual::hint(argument, language), 1, 100);
    }
    if let Takes::OneOf(values) = argument.takes() {
        assert!((1..=25).contains(&values.len()), "{argument:?}");
        for value in values {
            check_length(&value.label(Language::Japanese), 1, 100);
            check_length(&value.label(Language::English), 1, 100);
        }
    }
}

fn check_name(name: &str) {
    check_length(name, 1, 32);
    let is_plain = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || c == '_' || c == '-';
    assert!(name.chars().all(is_plain), "{name}");
}

fn check_length(text: &str, least: usize, most: usize) {
    let length = text.chars().count();
    assert!((least..=most).contains(&length), "{length}: {text}");
}
