//! The bot's manners on one page: every sentence and button in both languages,
//! side by side, for a nurse to review.
use crate::{bot::day, wording_audit};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use koekake::{
    config::Config,
    conversation::{
        action::{After, Consultation, PutOffReason},
        commands::{self, Argument},
        meaning::{Intent, Span},
        message::Platform,
        phrase::{
            Acknowledged, AuditLine, Because, BoardGroup, ChatLine, Column, Command, HelpLine,
            Label, Next, Outside, Phrase, RhythmLine, StaffLine,
        },
        phrasing::{Voice, chat::MORE_ON_PAGE, discord::CHOOSE, manual},
        reading::{self, Setting, Words},
    },
    domain::{
        ContactId, HouseholdId, PersonId,
        check_in::{Pace, Plan, Purpose, Why, Window},
        contact::{
            Contact, Details, Direction, Kind, Left, Outcome, PartOfDay, Partner, Promise, Signs,
            SmallChange, Whom,
        },
        household::{Class, CloseReason, Code, Flag, PauseReason, Route, State},
        people::{Language, Role},
        proposal::Interval,
        request::Wish,
    },
};
use strum::{VariantArray, VariantNames};

pub const LANGUAGES: [Language; 2] = [Language::Japanese, Language::English];

/// Said to nobody: words of blame, and a raised voice.
pub const NEVER_SAID: [&str; 10] = [
    "期限切れ",
    "放置",
    "怠",
    "失敗",
    "遅れ",
    "!",
    "！",
    "failed",
    "neglect",
    "you must",
];

fn today() -> NaiveDate {
    day("2026-11-25")
}

fn code() -> Code {
    Code::of(12)
}

fn name() -> String {
    "佐藤".to_owned()
}

fn noon() -> NaiveDateTime {
    today().and_hms_opt(10, 42, 0).expect("a time")
}

fn visit() -> Details {
    Details {
        kind: Some(Kind::Visit),
        outcome: Some(Outcome::Absent),
        left: vec![Left::Card],
        ..Details::on(day("2026-08-20"))
    }
}

fn call() -> Details {
    Details {
        kind: Some(Kind::Call),
        direction: Direction::In,
        outcome: Some(Outcome::Family),
        whom: vec![Whom::Mother],
        time: NaiveTime::from_hms_opt(9, 30, 0),
        ..Details::on(day("2025-12-25"))
    }
}

fn contact(details: Details) -> Contact {
    Contact {
        id: ContactId(1),
        household: HouseholdId(1),
        author: PersonId(1),
        recorded_at: Utc.with_ymd_and_hms(2026, 11, 25, 0, 0, 0).unwrap(),
        details,
    }
}

fn next() -> Next {
    Next {
        purpose: Purpose::LookIn,
        window: Window {
            on: day("2027-02-25"),
            by: day("2027-03-04"),
        },
        plan: Plan::default(),
        pace: Pace::Ordinary,
    }
}

fn appointment() -> Next {
    Next {
        window: Window::day(day("2026-12-10")),
        plan: Plan {
            kind: Some(Kind::Office),
            time: NaiveTime::from_hms_opt(14, 0, 0),
            partner: None,
        },
        pace: Pace::Appointment,
        ..next()
    }
}

fn review() -> Next {
    Next {
        purpose: Purpose::Review,
        window: Window::day(today()),
        plan: Plan {
            kind: Some(Kind::Conference),
            ..Plan::default()
        },
        pace: Pace::Prompt,
    }
}

fn with_partner() -> Next {
    Next {
        plan: Plan {
            kind: Some(Kind::Visit),
            partner: Some(Partner::SupportCentre),
            time: None,
        },
        ..next()
    }
}

/// The answers to a line.
fn answers() -> Vec<Phrase> {
    let recorded = |contacts: Vec<Details>, letter_number, repaired: &[&str]| Phrase::Recorded {
        code: code(),
        contacts,
        letter_number,
        repaired: repaired.iter().map(|word| (*word).to_owned()).collect(),
    };
    let letter = Details {
        kind: Some(Kind::Letter),
        outcome: Some(Outcome::Sent),
        ..Details::on(today())
    };
    let mut phrases = vec![
        recorded(vec![visit(), call()], None, &[]),
        recorded(vec![letter], Some(3), &["手神"]),
        Phrase::DateSet { code: code() },
        Phrase::Next(next(), Because::Said),
        Phrase::Next(next(), Because::Guessed),
        Phrase::Next(next(), Because::EndOfPeace),
        Phrase::Next(appointment(), Because::Kept),
        Phrase::Next(review(), Because::Said),
        Phrase::Next(with_partner(), Because::Said),
        Phrase::Next(
            next(),
            Because::MovedBack {
                from: day("2027-01-31"),
            },
        ),
        Phrase::Next(
            next(),
            Because::MovedForward {
                from: day("2026-12-29"),
            },
        ),
        Phrase::Changed {
            code: code(),
            purpose: Purpose::LookIn,
            from: Some(Window::day(today())),
            to: next().window,
        },
        Phrase::Changed {
            code: code(),
            purpose: Purpose::Review,
            from: None,
            to: next().window,
        },
        Phrase::Corrected {
            code: code(),
            contact: visit(),
        },
        Phrase::Completed {
            code: code(),
            contact: visit(),
        },
        Phrase::RecordedAlready {
            code: code(),
            contact: visit(),
        },
        Phrase::NoContactUntil { day: today() },
        Phrase::NoContactSet {
            code: code(),
            day: today(),
        },
        Phrase::NoContactCleared { code: code() },
        Phrase::DespiteNotBefore { day: today() },
        Phrase::ClosedDay {
            day: day("2026-12-12"),
        },
        Phrase::BeyondClass {
            class: Class::A,
            months: 1,
        },
        Phrase::HowWasTheHome,
        Phrase::AskAgencies,
        Phrase::SuggestConference { times: 3 },
        Phrase::SuggestOtherTime {
            weekday: Weekday::Thu,
            part: None,
        },
        Phrase::SuggestOtherTime {
            weekday: Weekday::Thu,
            part: Some(PartOfDay::Evening),
        },
        Phrase::SetAside { said: today() },
        Phrase::AppointmentSetAside,
        Phrase::TwoTogether,
        Phrase::OnlyTheGist,
        Phrase::ReadAs(vec!["手神".to_owned()]),
        Phrase::DayIsAGuess,
        Phrase::PersonalDataSeen,
        Phrase::PausedStill { code: code() },
        Phrase::FlagsToMind(Flag::VARIANTS.to_vec()),
    ];
    phrases.extend(Why::VARIANTS.iter().map(|why| {
        Phrase::Next(
            next(),
            Because::Guideline {
                why: *why,
                span: None,
            },
        )
    }));
    let spans = [
        Interval::OpenDays(0),
        Interval::OpenDays(3),
        Interval::Weeks(2),
        Interval::Months(1),
    ];
    phrases.extend(spans.map(|span| {
        Phrase::Next(
            next(),
            Because::Guideline {
                why: Why::Absent,
                span: Some(span),
            },
        )
    }));
    for told in [Some(next()), None] {
        for kept in [false, true] {
            phrases.push(Phrase::Undone {
                code: code(),
                next: told.clone(),
                kept,
            });
        }
        phrases.push(Phrase::Redone {
            code: code(),
            next: told,
        });
    }
    phrases
}

/// Each code of a contact in words.
fn contacts() -> Vec<Phrase> {
    let mut contacts: Vec<Details> = Vec::new();
    for kind in Kind::VARIANTS {
        contacts.push(Details {
            kind: Some(*kind),
            ..Details::on(today())
        });
    }
    for outcome in Outcome::VARIANTS {
        contacts.push(Details {
            kind: Some(Kind::Visit),
            outcome: Some(*outcome),
            ..Details::on(today())
        });
    }
    contacts.push(Details {
        kind: Some(Kind::Visit),
        outcome: Some(Outcome::Hostile),
        also: vec![Outcome::CardReturned],
        whom: Whom::VARIANTS.to_vec(),
        danger: true,
        ..Details::on(today())
    });
    contacts.push(Details {
        kind: Some(Kind::Office),
        outcome: Some(Outcome::Family),
        whom: vec![Whom::Father, Whom::Mother],
        left: Left::VARIANTS.to_vec(),
        small_changes: SmallChange::VARIANTS.to_vec(),
        promises: Promise::VARIANTS.to_vec(),
        ..Details::on(today())
    });
    contacts.push(Details {
        kind: Some(Kind::Info),
        outcome: Some(Outcome::Info),
        partners: Partner::VARIANTS.to_vec(),
        worrying_word: true,
        ..Details::on(today())
    });
    contacts.extend(Signs::VARIANTS.iter().map(|signs| Details {
        kind: Some(Kind::Visit),
        outcome: Some(Outcome::Absent),
        signs: Some(*signs),
        ..Details::on(today())
    }));
    contacts.push(Details::on(today()));
    contacts
        .into_iter()
        .map(|contact| Phrase::SinceThen {
            name: name(),
            contact,
        })
        .collect()
}

fn questions() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::NoSuchDay {
            year: 2027,
            month: 2,
            day: 29,
            until: today(),
        },
        Phrase::WrongWeekday {
            day: day("2026-12-22"),
            until: day("2026-12-22"),
        },
        Phrase::VagueDay {
            typed: None,
            until: today(),
        },
        Phrase::VagueDay {
            typed: Some("しばらくして".to_owned()),
            until: today(),
        },
        Phrase::PastDay {
            day: day("2026-11-20"),
            until: today(),
        },
        Phrase::WasItALog {
            code: Some(code()),
            contacts: vec![visit()],
        },
        Phrase::WasItALog {
            code: None,
            contacts: vec![visit()],
        },
        Phrase::WhichHousehold,
        Phrase::WhichCode,
        Phrase::CodeMissing,
        Phrase::WhichOfTwo {
            codes: vec![code(), Code::of(13)],
        },
        Phrase::IsItThis {
            code: code(),
            nurse: Some(name()),
        },
        Phrase::IsItThis {
            code: code(),
            nurse: None,
        },
        Phrase::NotRegistered { code: code() },
        Phrase::CannotRegister,
        Phrase::WhichKindOrReason { code: code() },
        Phrase::WhichKind { code: code() },
        Phrase::WhichOutcome {
            code: code(),
            kind: Some(Kind::Call),
        },
        Phrase::WhichOutcome {
            code: code(),
            kind: None,
        },
        Phrase::WhatToCorrect {
            code: code(),
            contact: visit(),
        },
        Phrase::WhichDay,
        Phrase::WhichReason,
        Phrase::WhyPaused { code: code() },
        Phrase::WhyClosed { code: code() },
        Phrase::WhichClass(code()),
        Phrase::WhichRoute { code: code() },
        Phrase::WhichNurse { code: code() },
        Phrase::WhatHelp { code: code() },
    ];
    phrases.extend(
        [State::Closed, State::Transferred].map(|state| Phrase::ClosedHousehold {
            code: code(),
            state,
        }),
    );
    phrases
}

fn danger() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::CallSupervisorNow,
        Phrase::CallAnotherNow,
        Phrase::SentToSupervisor,
        Phrase::CallsUntilConfirmed,
        Phrase::NobodyToSend,
        Phrase::SupervisorChecks,
        Phrase::OfficeCard {
            label: "緊急連絡先".to_owned(),
            number: "(見本)".to_owned(),
        },
        Phrase::OutOfHours,
        Phrase::AlarmBy {
            name: name(),
            at: noon(),
        },
        Phrase::AlarmConfirmed {
            name: name(),
            at: noon(),
        },
        Phrase::AlarmConfirmedTo {
            code: code(),
            name: name(),
            at: noon() - chrono::TimeDelta::days(1),
        },
        Phrase::AlarmAlready {
            name: name(),
            at: noon(),
        },
        Phrase::AlarmWithdrawn {
            code: code(),
            name: name(),
        },
        Phrase::AlarmOnlyLeads,
    ];
    for is_so in [true, false] {
        phrases.push(Phrase::SignsWorry {
            code: code(),
            at_once: is_so,
        });
        phrases.push(Phrase::AlarmTitle {
            code: code(),
            danger: is_so,
        });
    }
    phrases
}

fn commands() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::Taken {
            code: code(),
            until: day("2026-12-02"),
        },
        Phrase::TakenAlready { name: name() },
        Phrase::CannotTake { code: code() },
        Phrase::ReasonSaved,
        Phrase::HelpAsked,
        Phrase::Consulted,
        Phrase::ReviewCapped {
            day: day("2027-03-31"),
        },
        Phrase::Resumed { code: code() },
        Phrase::Watched { code: code() },
        Phrase::TransferAsked { code: code() },
        Phrase::AskedAlready { code: code() },
        Phrase::Closed { code: code() },
        Phrase::TransferConfirmed { code: code() },
        Phrase::ReceiptConfirmed { code: code() },
        Phrase::Reopened { code: code() },
        Phrase::Accepted,
        Phrase::Declined,
        Phrase::AnsweredAlready,
        Phrase::RegisteredAlready { code: code() },
        Phrase::ClassSet {
            code: code(),
            class: Some(Class::A),
        },
        Phrase::ClassSet {
            code: code(),
            class: None,
        },
        Phrase::FlagsSet {
            code: code(),
            flags: vec![Flag::TwoTogether, Flag::PlainEnvelope],
        },
        Phrase::FlagsSet {
            code: code(),
            flags: Vec::new(),
        },
        Phrase::AskToCover { name: name() },
        Phrase::LanguageSet,
        Phrase::QuestionSent { name: name() },
        Phrase::Dropped,
    ];
    for main in [true, false] {
        phrases.push(Phrase::Assigned {
            code: code(),
            name: name(),
            main,
        });
    }
    phrases.extend(PauseReason::VARIANTS.iter().map(|reason| Phrase::Paused {
        code: code(),
        reason: *reason,
    }));
    phrases.extend(
        CloseReason::VARIANTS
            .iter()
            .map(|reason| Phrase::CloseAsked {
                code: code(),
                reason: *reason,
            }),
    );
    phrases.extend(Route::VARIANTS.iter().map(|route| Phrase::Registered {
        code: code(),
        route: *route,
    }));
    for cover in [Some("鈴木".to_owned()), None] {
        phrases.push(Phrase::LeaveSaved {
            name: name(),
            from: day("2026-12-01"),
            to: day("2026-12-12"),
            cover: cover.clone(),
        });
        phrases.push(Phrase::LeaveToday {
            name: name(),
            appointments: 1,
            others: 2,
            cover,
        });
    }
    phrases.push(Phrase::AlarmFirst { code: code() });
    phrases.push(Phrase::AlarmStands {
        code: code(),
        name: name(),
    });
    phrases.push(Phrase::LeaveCancelled {
        name: name(),
        from: day("2026-12-01"),
        to: day("2026-12-12"),
    });
    phrases.push(Phrase::CoverCancelled {
        name: name(),
        from: day("2026-12-01"),
        to: day("2026-12-12"),
    });
    for to in ["2026-12-01", "2026-12-12"] {
        phrases.push(Phrase::CoverSaved {
            name: name(),
            cover: "鈴木".to_owned(),
            from: day("2026-12-01"),
            to: day(to),
        });
    }
    phrases
}

fn refusals() -> Vec<Phrase> {
    vec![
        Phrase::NothingToUndo,
        Phrase::ChangedSince { code: code() },
        Phrase::NotYourSave,
        Phrase::UndoneAlready,
        Phrase::NotYours { name: Some(name()) },
        Phrase::NotYours { name: None },
        Phrase::LeadsOnly,
        Phrase::NotOpen { code: code() },
        Phrase::NotPaused { code: code() },
        Phrase::NotTransferring { code: code() },
        Phrase::CheckInOver {
            code: code(),
            next: Some(next()),
        },
        Phrase::CheckInOver {
            code: code(),
            next: None,
        },
        Phrase::QuestionOver,
        Phrase::TooLong { max: 2000 },
        Phrase::NoSuchButton,
        Phrase::WordsOnly,
        Phrase::UnknownColleague,
        Phrase::WhoIsMeant,
        Phrase::LeaveOrder,
        Phrase::PastDayChosen,
        Phrase::NotADay,
        Phrase::RaceLost,
        Phrase::NothingToCorrect,
    ]
}

fn lists() -> Vec<Phrase> {
    let row = |alarm, away, put_off| Phrase::OverdueRow {
        code: code(),
        alarm,
        days: 5,
        nurse: Some(name()),
        away,
        put_off,
    };
    let mut phrases = vec![
        Phrase::OverdueTeam {
            overdue: 6,
            open: 47,
            unscheduled: 0,
        },
        Phrase::OverdueOwn { overdue: 1 },
        Phrase::NothingOverdue {
            open: 47,
            unscheduled: 0,
        },
        row(true, None, 0),
        row(false, Some(None), 0),
        row(false, Some(Some("鈴木".to_owned())), 3),
        Phrase::OverdueRow {
            code: code(),
            alarm: false,
            days: 1,
            nurse: None,
            away: None,
            put_off: 0,
        },
        Phrase::ComingRow {
            code: code(),
            next: appointment(),
            nurse: Some(name()),
        },
        Phrase::ComingRow {
            code: code(),
            next: review(),
            nurse: None,
        },
        Phrase::RestOfList { count: 7 },
    ];
    for span in Span::VARIANTS {
        phrases.push(Phrase::ComingTitle(*span));
        phrases.push(Phrase::NothingComing(*span));
    }
    phrases
}

fn household() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::LastTime(contact(visit())),
        Phrase::BeforeThat(contact(call())),
        Phrase::NeverYet,
        Phrase::ContactLine {
            contact: contact(visit()),
            author: name(),
        },
        Phrase::Nurses {
            main: Some(name()),
            second: Some("鈴木".to_owned()),
        },
        Phrase::Nurses {
            main: None,
            second: None,
        },
        Phrase::KnownBy {
            route: Some(Route::Commissioner),
            on: Some(day("2025-04-01")),
        },
        Phrase::ClassIs(Class::C),
        Phrase::Counts {
            contacts: 14,
            cards: 3,
            letters: 2,
        },
        Phrase::Course,
    ];
    phrases.extend(State::VARIANTS.iter().map(|state| Phrase::SheetTitle {
        code: code(),
        state: *state,
    }));
    phrases.extend(wishes().into_iter().map(Phrase::WaitsFor));
    phrases
}

fn wishes() -> Vec<Wish> {
    vec![
        Wish::Close {
            reason: CloseReason::SocialLife,
        },
        Wish::Transfer,
        Wish::StandInOnce,
        Wish::ComeAlong,
        Wish::HandOver,
        Wish::ShortHanded,
        Wish::HowIsIt,
    ]
}

fn the_day() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::GoodMorning { count: 3 },
        Phrase::GoodMorning { count: 0 },
        Phrase::NudgesHadStopped {
            since: day("2026-11-15"),
            count: 4,
        },
        Phrase::NudgesHadStopped {
            since: day("2026-11-15"),
            count: 0,
        },
        Phrase::CouldNotShow { count: 1 },
        Phrase::TodaysCounts {
            appointments: 2,
            reviews: 1,
            others: 9,
        },
        Phrase::ReminderTitle,
        Phrase::SupervisorTitle { count: 6 },
        Phrase::Audit(AuditLine::Proof {
            open: 47,
            unscheduled: 0,
            sent: 5,
            failed: 0,
        }),
        Phrase::Attempts {
            recent: vec![contact(visit()), contact(call())],
        },
        Phrase::Attempts { recent: Vec::new() },
        Phrase::LastMet(contact(call())),
        Phrase::LastMet(contact(visit())),
        Phrase::CardsLeft { cards: 3 },
        Phrase::HowWasAppointment {
            code: code(),
            time: NaiveTime::from_hms_opt(14, 30, 0),
        },
        Phrase::HowWasAppointment {
            code: code(),
            time: None,
        },
        Phrase::NurseOf {
            name: name(),
            away_until: Some(day("2026-12-02")),
            cover: Some("鈴木".to_owned()),
        },
        Phrase::BeingDealtWith {
            code: code(),
            name: name(),
        },
        Phrase::Settled {
            code: code(),
            name: name(),
            on: today(),
        },
        Phrase::NoLongerThere { code: code() },
        Phrase::MayBeRepeated,
    ];
    for next in [next(), appointment(), review(), with_partner()] {
        phrases.push(Phrase::DueTitle {
            code: code(),
            next: next.clone(),
        });
        phrases.push(Phrase::PlannedFor { next });
    }
    phrases
}

fn notices() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::LoggedFor {
            code: code(),
            name: name(),
            kind: Some(Kind::Visit),
            outcome: Some(Outcome::Absent),
            window: Some(next().window),
        },
        Phrase::DateChangedBy {
            code: code(),
            name: name(),
            window: next().window,
        },
        Phrase::ClosureFigures {
            contacts: 14,
            last_on: Some(day("2026-11-20")),
        },
        Phrase::ClosureFigures {
            contacts: 0,
            last_on: None,
        },
        Phrase::Unreached(name()),
        Phrase::Covering {
            name: name(),
            from: day("2026-12-01"),
            to: day("2026-12-12"),
            due_now: 2,
            due_within: 3,
        },
    ];
    for main in [true, false] {
        phrases.push(Phrase::HandedOn {
            code: code(),
            name: "伊藤".to_owned(),
            to: name(),
            main,
        });
        phrases.push(Phrase::EntrustedTo {
            code: code(),
            name: name(),
            main,
            window: Some(next().window),
        });
    }
    for wish in wishes() {
        let of = code();
        phrases.push(Phrase::AskedTitle {
            name: name(),
            code: of.clone(),
            wish,
        });
        for accepted in [true, false] {
            phrases.push(Phrase::AnsweredTo {
                code: of.clone(),
                name: name(),
                wish,
                accepted,
            });
        }
    }
    phrases
}

fn the_page() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::Code(code()),
        Phrase::Name(Some(name())),
        Phrase::Name(None),
        Phrase::DateCell(Some(next())),
        Phrase::LastCell(Some(contact(visit()))),
        Phrase::LastCell(None),
        Phrase::FlagsCell {
            flags: vec![Flag::TwoTogether],
            not_before: Some(day("2027-02-01")),
        },
        Phrase::Waiting { count: 2 },
    ];
    phrases.extend(BoardGroup::VARIANTS.iter().copied().map(Phrase::BoardGroup));
    phrases.extend(Column::VARIANTS.iter().copied().map(Phrase::Column));
    phrases.extend(State::VARIANTS.iter().copied().map(Phrase::StateCell));
    phrases.extend(wishes().into_iter().map(|wish| Phrase::WaitingRow {
        code: code(),
        wish,
        name: name(),
        on: day("2026-11-20"),
    }));
    phrases
}

fn echoes() -> Vec<Phrase> {
    let mut phrases = vec![
        Phrase::EchoPress(Label::Undo),
        Phrase::EchoContact {
            code: Some(code()),
            contacts: vec![visit()],
            due: Some(next().window.on),
        },
    ];
    phrases.extend(
        every_command()
            .into_iter()
            .map(|command| Phrase::EchoCommand {
                code: Some(code()),
                command,
            }),
    );
    phrases.extend(HelpLine::VARIANTS.iter().copied().map(Phrase::Help));
    phrases
}

fn chat_lines() -> Vec<ChatLine> {
    use ChatLine as L;
    let acknowledged = |what, next| L::Acknowledged {
        code: code(),
        what,
        next,
    };
    let visit = Acknowledged::Contact(Some(Kind::Visit));
    let platform = Platform::Discord;
    vec![
        acknowledged(visit, Some((Purpose::LookIn, day("2027-02-25")))),
        acknowledged(visit, None),
        acknowledged(
            Acknowledged::Contact(None),
            Some((Purpose::Review, day("2026-12-02"))),
        ),
        acknowledged(
            Acknowledged::Date,
            Some((Purpose::LookIn, day("2026-12-02"))),
        ),
        L::RoomIsOpenToAll,
        L::RoomReaders { count: Some(12) },
        L::RoomReaders { count: None },
        L::RoomMoves,
        L::RoomShowsLittle,
        L::RoomUsed,
        L::RoomBegins,
        L::RoomServes,
        L::NotARoom,
        L::Edited,
        L::EditUnread,
        L::NotRead,
        L::NotRecorded { code: code() },
        L::UnclearCall,
        L::TypedAt {
            at: day("2026-11-24").and_hms_opt(15, 20, 0).expect("a time"),
        },
        L::RouteSet { platform },
        L::NoRoute { platform },
        L::WhichRoute,
        L::NoChat,
    ]
}

fn rhythm_lines() -> Vec<RhythmLine> {
    use RhythmLine as L;
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).expect("a time");
    let (from, to) = (day("2026-12-01"), day("2026-12-12"));
    let (opens, noon) = (time(8, 30), time(12, 0));
    vec![
        L::MeantFor {
            day: day("2026-11-20"),
        },
        L::NextWeek {
            appointments: 2,
            others: 6,
        },
        L::ThisWeek {
            appointments: 0,
            others: 1,
        },
        L::BeforeClosure {
            from: day("2026-12-29"),
            to: day("2027-01-03"),
            count: 3,
        },
        L::BeforeTransfers {
            to: day("2027-04-30"),
            count: 4,
        },
        L::NotMetYet,
        L::CoverAhead {
            name: name(),
            from,
            to,
            count: 3,
        },
        L::CoverBegins {
            name: name(),
            to,
            count: 1,
        },
        L::InGoodHands {
            to,
            cover: Some("鈴木".to_owned()),
            count: 3,
        },
        L::InGoodHands {
            to,
            cover: None,
            count: 3,
        },
        L::CoverEnds {
            name: name(),
            to,
            count: 3,
        },
        L::HandedBack {
            to,
            cover: Some("鈴木".to_owned()),
            count: 3,
        },
        L::HandedBack {
            to,
            cover: None,
            count: 3,
        },
        L::MorningSet { at: time(9, 15) },
        L::MorningAtOpening { opens },
        L::MorningWithin {
            from: opens,
            to: noon,
        },
        L::WorkingDays {
            name: name(),
            days: vec![Weekday::Mon, Weekday::Wed],
        },
        L::ToldByWrongClock,
    ]
}

fn staff_lines() -> Vec<StaffLine> {
    use StaffLine as L;
    let join_code = || "7KQ2-9M4T".to_owned().into();
    vec![
        L::AdminsOnly,
        L::OverseersOnly,
        L::WhomToInvite,
        L::JoinCode {
            name: name(),
            code: join_code(),
        },
        L::JoinCodeHow {
            code: join_code(),
            days: 7,
        },
        L::JoinCodeMade { name: name() },
        L::InviteElsewhere,
        L::HowToAdd,
        L::NameTaken,
        L::Added {
            name: name(),
            role: Role::Nurse,
        },
        L::Title { count: 5 },
        L::Row {
            name: name(),
            role: Role::Nurse,
            platforms: vec![Platform::Telegram, Platform::Page],
            away_until: Some(day("2026-12-12")),
            last_day: None,
        },
        L::Row {
            name: name(),
            role: Role::Deputy,
            platforms: Vec::new(),
            away_until: None,
            last_day: Some(day("2027-03-31")),
        },
        L::WhoLeaves,
        L::LeftNow { name: name() },
        L::LeavesOn {
            name: name(),
            last_day: day("2027-03-31"),
        },
        L::HandAllTo,
        L::HandedOver {
            name: name(),
            to: "鈴木".to_owned(),
            count: 8,
        },
        L::EntrustedAll {
            name: name(),
            by: "伊藤".to_owned(),
            count: 8,
        },
        L::StillInCharge {
            name: name(),
            main: 7,
            second: 1,
        },
        L::SecondNurseOf {
            codes: vec![code(), Code::of(20)],
        },
        L::LastAdmin,
        L::PageLink {
            url: "https://koekake.test/sign-in?t=…".to_owned().into(),
        },
        L::PageLinkHow { minutes: 10 },
        L::PageLinkMade,
        L::PageIsHere,
    ]
}

/// What is said about a chat itself.
fn outside() -> Vec<Outside> {
    use Outside as O;
    let mut lines = vec![
        O::StaffOnly,
        O::Counselling {
            at: "見本相談窓口(平日9時から17時)".to_owned(),
        },
        O::SendTheCode,
        O::JoinedAlready { name: name() },
        O::CouldNotRecord { in_part: false },
        O::CouldNotRecord { in_part: true },
        O::NewsOnly,
        O::DatesOnly,
        O::News,
        O::NewsOf { code: code() },
        O::UrgentNews,
        O::NewsIsOver,
        O::CodeAndDay {
            code: code(),
            on: day("2027-02-25"),
        },
        O::DatesTitle,
        O::NoDates,
        O::PageAt {
            url: "https://koekake.test/".to_owned(),
        },
        O::CheckRoutes { name: name() },
    ];
    lines.extend(Role::VARIANTS.iter().map(|role| O::Joined {
        name: name(),
        team: "見本チーム".to_owned(),
        role: *role,
    }));
    for platform in Platform::VARIANTS.iter().copied() {
        lines.push(O::RoomOpenToAll { platform });
        lines.push(O::RoomLost { platform });
    }
    lines
}

fn every_command() -> Vec<Command> {
    use Command::*;
    let mut commands = vec![
        Overdue,
        Show,
        Undo,
        Correct,
        Pause,
        Resume,
        Watch,
        Close,
        Transfer,
        Received,
        Reopen,
        Assign,
        Add,
        SetClass,
        SetFlags,
        NotBefore,
        Leave,
        Cover,
        Language,
        Invite,
        StaffAdd,
        Staff,
        StaffLeave,
        Page,
        Notify,
        Morning,
        WorkingDays,
        Help,
    ];
    commands.extend(Span::VARIANTS.iter().copied().map(Upcoming));
    commands
}

fn labels() -> Vec<Label> {
    use Label as L;
    let mut labels = vec![
        L::Undo,
        L::PutBack,
        L::StopUndo,
        L::Redate,
        L::Correct,
        L::PutOff,
        L::ChangeAppointment,
        L::OtherDay,
        L::OtherOne,
        L::YesLog,
        L::ReopenAndLog,
        L::Never,
        L::Register,
        L::Record,
        L::Take,
        L::Consult,
        L::Came,
        L::DidNotCome,
        L::AlarmRead,
        L::Handled,
        L::Reassign,
        L::Accept,
        L::Decline,
        L::AskCover,
        L::Open,
        L::Course,
        L::More,
        L::Overdue,
        L::PastDate,
        L::UseRoom,
        L::Invite,
        L::RouteFirst(Platform::Telegram),
        L::Help,
        L::Send,
        L::Day(day("2027-02-25")),
        L::DayOfMonth(day("2026-12-22")),
        L::Household {
            code: code(),
            last: Some((day("2026-08-20"), Some(Kind::Letter))),
        },
        L::Household {
            code: code(),
            last: None,
        },
        L::Code(code()),
        L::AskNurse(name()),
        L::Person(name()),
    ];
    let spans = [After::Days(3), After::Weeks(1), After::Months(1)];
    labels.extend(spans.map(L::After));
    labels.extend(spans.map(L::Span));
    labels.extend(Signs::VARIANTS.iter().copied().map(L::Signs));
    labels.extend(Kind::VARIANTS.iter().copied().map(L::Kind));
    labels.extend(Outcome::VARIANTS.iter().copied().map(L::Outcome));
    labels.extend(Route::VARIANTS.iter().copied().map(L::Route));
    labels.extend(PauseReason::VARIANTS.iter().copied().map(L::PauseReason));
    labels.extend(CloseReason::VARIANTS.iter().copied().map(L::CloseReason));
    labels.extend(
        Class::VARIANTS
            .iter()
            .copied()
            .map(Some)
            .chain([None])
            .map(L::Class),
    );
    labels.extend(Consultation::VARIANTS.iter().copied().map(L::Consultation));
    labels.extend(PutOffReason::VARIANTS.iter().copied().map(L::Reason));
    labels.extend(Span::VARIANTS.iter().copied().map(L::Upcoming));
    labels
}

/// What stands around the messages of a chat: its menu of commands, what each
/// takes, and what is said in both languages at once.
fn manual_lines() -> Vec<(&'static str, [String; 2])> {
    let commands = commands::Command::VARIANTS.iter().map(|command| {
        let line = |language| {
            let name = manual::name(*command, language);
            format!("/{name} {}", manual::description(*command, language))
        };
        ("Commands", LANGUAGES.map(line))
    });
    let arguments = Argument::VARIANTS.iter().map(|argument| {
        let line = |language| {
            let name = manual::argument(*argument, language);
            format!("{name}: {}", manual::hint(*argument, language))
        };
        ("Arguments", LANGUAGES.map(line))
    });
    let form = LANGUAGES.map(|language| manual::form_title(language).to_owned());
    let in_both = |text: &'static str| {
        let bare = text.trim_matches(['(', ')']);
        let (japanese, english) = bare.split_once(" / ").expect("both languages");
        ("InBoth", [japanese.to_owned(), english.to_owned()])
    };
    commands
        .chain(arguments)
        .chain([("Form", form), in_both(MORE_ON_PAGE), in_both(CHOOSE)])
        .collect()
}

fn phrases() -> Vec<Phrase> {
    [
        answers(),
        contacts(),
        questions(),
        danger(),
        commands(),
        refusals(),
        lists(),
        household(),
        the_day(),
        notices(),
        the_page(),
        chat_lines().into_iter().map(Phrase::Chat).collect(),
        rhythm_lines().into_iter().map(Phrase::Rhythm).collect(),
        staff_lines().into_iter().map(Phrase::Staff).collect(),
        echoes(),
        outside().into_iter().map(Phrase::Outside).collect(),
        wording_audit::lines()
            .into_iter()
            .map(Phrase::Audit)
            .collect(),
        wording_audit::unscheduled(),
    ]
    .concat()
}

fn say(phrase: &Phrase, language: Language) -> String {
    let today = today();
    Voice { language, today }.say(phrase)
}

/// The name of a variant, as its debug text begins.
fn variant(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

/// Every member of `all` has a sample.
pub fn check_sampled<T: std::fmt::Debug>(samples: &[T], all: &[&str]) {
    let sampled: Vec<String> = samples.iter().map(variant).collect();
    let missing: Vec<&&str> = all
        .iter()
        .filter(|name| !sampled.iter().any(|sample| sample == **name))
        .collect();
    assert!(missing.is_empty(), "without a sample: {missing:?}");
}

#[test]
fn every_sentence_and_button_is_shown_in_both_languages() {
    check_sampled(&phrases(), Phrase::VARIANTS);
    check_sampled(&chat_lines(), ChatLine::VARIANTS);
    check_sampled(&staff_lines(), StaffLine::VARIANTS);
    check_sampled(&rhythm_lines(), RhythmLine::VARIANTS);
    check_sampled(&outside(), Outside::VARIANTS);
    check_sampled(&wording_audit::lines(), AuditLine::VARIANTS);
    check_sampled(&labels(), Label::VARIANTS);
    check_sampled(&every_command(), Command::VARIANTS);
    let mut page = String::new();
    let mut last = String::new();
    let mut add = |name: String, japanese: String, english: String| {
        if name != last {
            page.push_str(&format!("\n{name}\n"));
            last = name;
        }
        page.push_str(&format!("  {japanese}\n  {english}\n"));
    };
    for phrase in phrases() {
        let [japanese, english] = LANGUAGES.map(|language| say(&phrase, language));
        add(variant(&phrase), japanese, english);
    }
    for label in labels() {
        let today = today();
        let [japanese, english] =
            LANGUAGES.map(|language| format!("[{}]", Voice { language, today }.label(&label)));
        add(format!("[{}]", variant(&label)), japanese, english);
    }
    for (name, [japanese, english]) in manual_lines() {
        add(name.to_owned(), japanese, english);
    }
    insta::assert_snapshot!("wording", page);
}

#[test]
fn nothing_is_said_that_blames_or_shouts_or_is_empty() {
    for language in LANGUAGES {
        let today = today();
        let voice = Voice { language, today };
        let sentences = phrases().into_iter().map(|phrase| voice.say(&phrase));
        let buttons = labels().into_iter().map(|label| voice.label(&label));
        let manual = manual_lines().into_iter().flat_map(|(_, lines)| lines);
        for text in sentences.chain(buttons).chain(manual) {
            assert!(!text.trim().is_empty());
            assert_eq!(text.trim(), text, "white space around {text:?}");
            for word in NEVER_SAID {
                assert!(!text.to_lowercase().contains(word), "{word}: {text}");
            }
        }
    }
}

#[test]
fn what_the_bot_tells_people_to_type_is_understood() {
    let config = Config::load(None, []).expect("the built-in settings");
    let calendar = config.office.calendar();
    let words = Words::built_in();
    let setting = Setting {
        today: today(),
        calendar: &calendar,
        words: &words,
    };
    let told = [
        Phrase::PausedStill { code: code() },
        Phrase::CodeMissing,
        Phrase::TransferConfirmed { code: code() },
        Phrase::NotOpen { code: code() },
        Phrase::ChangedSince { code: code() },
        Phrase::Help(HelpLine::Log),
        Phrase::Help(HelpLine::Lists),
        Phrase::Help(HelpLine::Course),
        Phrase::Help(HelpLine::Undo),
        Phrase::Help(HelpLine::People),
        Phrase::Help(HelpLine::Chats),
        Phrase::Help(HelpLine::Staff),
        Phrase::Chat(ChatLine::RoomBegins),
        Phrase::Staff(StaffLine::WhomToInvite),
        Phrase::Staff(StaffLine::HowToAdd),
        Phrase::Staff(StaffLine::WhoLeaves),
        Phrase::Staff(StaffLine::SecondNurseOf {
            codes: vec![code()],
        }),
    ];
    for language in LANGUAGES {
        for phrase in &told {
            let text = say(phrase, language);
            let typed: Vec<&str> = text
                .split(['「', '\u{201c}'])
                .skip(1)
                .filter_map(|rest| rest.split(['」', '\u{201d}']).next())
                .collect();
            assert!(!typed.is_empty(), "{text}");
            for line in typed {
                let meaning = reading::read(line, &setting);
                assert_ne!(meaning.intent, Intent::Chatter, "{line} in: {text}");
            }
        }
    }
}
