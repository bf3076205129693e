//! Every sentence that we say, as facts; `phrasing` has the words.
mod audit;
mod board;
mod chat;
mod command;
mod label;
mod next;
mod outside;
mod rhythm;
mod staff;

pub use audit::AuditLine;
pub use board::{BoardGroup, Column};
pub use chat::{Acknowledged, ChatLine};
pub use command::{Command, HelpLine};
pub use label::Label;
pub use next::{Because, Next};
pub use outside::Outside;
pub use rhythm::RhythmLine;
pub use staff::StaffLine;

use super::meaning::Span;
use crate::domain::{
    check_in::{Purpose, Window},
    contact::{Contact, Details, Kind, Outcome, PartOfDay},
    household::{Class, CloseReason, Code, Flag, PauseReason, Route, State},
    request::Wish,
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum Phrase {
    // A line and its answer.
    Recorded {
        code: Code,
        contacts: Vec<Details>,
        letter_number: Option<i64>,
        repaired: Vec<String>,
    },
    DateSet {
        code: Code,
    },
    Next(Next, Because),
    Changed {
        code: Code,
        purpose: Purpose,
        from: Option<Window>,
        to: Window,
    },
    Corrected {
        code: Code,
        contact: Details,
    },
    Completed {
        code: Code,
        contact: Details,
    },
    RecordedAlready {
        code: Code,
        contact: Details,
    },
    Undone {
        code: Code,
        next: Option<Next>,
        /// The date was not what was taken back.
        kept: bool,
    },
    Redone {
        code: Code,
        next: Option<Next>,
    },
    NoContactUntil {
        day: NaiveDate,
    },
    NoContactSet {
        code: Code,
        day: NaiveDate,
    },
    NoContactCleared {
        code: Code,
    },
    DespiteNotBefore {
        day: NaiveDate,
    },
    ClosedDay {
        day: NaiveDate,
    },
    BeyondClass {
        class: Class,
        months: u32,
    },
    HowWasTheHome,
    AskAgencies,
    SuggestConference {
        times: u32,
    },
    SuggestOtherTime {
        weekday: Weekday,
        part: Option<PartOfDay>,
    },
    SetAside {
        said: NaiveDate,
    },
    AppointmentSetAside,
    TwoTogether,
    OnlyTheGist,
    /// Words of a correction that were read as others.
    ReadAs(Vec<String>),
    /// The new day is the earlier end of what was said.
    DayIsAGuess,
    PersonalDataSeen,
    PausedStill {
        code: Code,
    },
    FlagsToMind(Vec<Flag>),
    // Questions.
    NoSuchDay {
        year: i32,
        month: u32,
        day: u32,
        until: NaiveDate,
    },
    WrongWeekday {
        day: NaiveDate,
        until: NaiveDate,
    },
    VagueDay {
        /// The words for it, as they were typed.
        typed: Option<String>,
        until: NaiveDate,
    },
    PastDay {
        day: NaiveDate,
        until: NaiveDate,
    },
    /// A line that may have been a record, and what of it was understood.
    WasItALog {
        code: Option<Code>,
        contacts: Vec<Details>,
    },
    WhichHousehold,
    WhichCode,
    CodeMissing,
    WhichOfTwo {
        codes: Vec<Code>,
    },
    IsItThis {
        code: Code,
        nurse: Option<String>,
    },
    NotRegistered {
        code: Code,
    },
    CannotRegister,
    ClosedHousehold {
        code: Code,
        state: State,
    },
    WhichKindOrReason {
        code: Code,
    },
    WhichKind {
        code: Code,
    },
    WhichOutcome {
        code: Code,
        kind: Option<Kind>,
    },
    WhatToCorrect {
        code: Code,
        contact: Details,
    },
    WhichDay,
    WhichReason,
    WhyPaused {
        code: Code,
    },
    WhyClosed {
        code: Code,
    },
    WhichRoute {
        code: Code,
    },
    WhichNurse {
        code: Code,
    },
    WhatHelp {
        code: Code,
    },
    // Danger.
    CallSupervisorNow,
    CallAnotherNow,
    SentToSupervisor,
    CallsUntilConfirmed,
    NobodyToSend,
    SupervisorChecks,
    OfficeCard {
        label: String,
        number: String,
    },
    OutOfHours,
    SignsWorry {
        code: Code,
        at_once: bool,
    },
    AlarmTitle {
        code: Code,
        danger: bool,
    },
    AlarmBy {
        name: String,
        at: NaiveDateTime,
    },
    AlarmConfirmed {
        name: String,
        at: NaiveDateTime,
    },
    AlarmConfirmedTo {
        code: Code,
        name: String,
        at: NaiveDateTime,
    },
    AlarmAlready {
        name: String,
        at: NaiveDateTime,
    },
    AlarmWithdrawn {
        code: Code,
        name: String,
    },
    AlarmOnlyLeads,
    // Answers to commands and buttons.
    Taken {
        code: Code,
        until: NaiveDate,
    },
    TakenAlready {
        name: String,
    },
    CannotTake {
        code: Code,
    },
    ReasonSaved,
    HelpAsked,
    Consulted,
    Paused {
        code: Code,
        reason: PauseReason,
    },
    ReviewCapped {
        day: NaiveDate,
    },
    Resumed {
        code: Code,
    },
    Watched {
        code: Code,
    },
    CloseAsked {
        code: Code,
        reason: CloseReason,
    },
    TransferAsked {
        code: Code,
    },
    AskedAlready {
        code: Code,
    },
    Closed {
        code: Code,
    },
    TransferConfirmed {
        code: Code,
    },
    ReceiptConfirmed {
        code: Code,
    },
    Reopened {
        code: Code,
    },
    Accepted,
    Declined,
    AnsweredAlready,
    Assigned {
        code: Code,
        name: String,
        main: bool,
    },
    Registered {
        code: Code,
        route: Route,
    },
    RegisteredAlready {
        code: Code,
    },
    WhichClass(Code),
    ClassSet {
        code: Code,
        class: Option<Class>,
    },
    FlagsSet {
        code: Code,
        flags: Vec<Flag>,
    },
    AlarmFirst {
        code: Code,
    },
    AlarmStands {
        code: Code,
        name: String,
    },
    LeaveCancelled {
        name: String,
        from: NaiveDate,
        to: NaiveDate,
    },
    LeaveSaved {
        name: String,
        from: NaiveDate,
        to: NaiveDate,
        cover: Option<String>,
    },
    LeaveToday {
        name: String,
        appointments: i64,
        others: i64,
        cover: Option<String>,
    },
    AskToCover {
        name: String,
    },
    CoverSaved {
        name: String,
        cover: String,
        from: NaiveDate,
        to: NaiveDate,
    },
    LanguageSet,
    QuestionSent {
        name: String,
    },
    Dropped,
    // Refusals, kind and with a way on.
    NothingToUndo,
    ChangedSince {
        code: Code,
    },
    NotYourSave,
    UndoneAlready,
    NotYours {
        name: Option<String>,
    },
    LeadsOnly,
    NotOpen {
        code: Code,
    },
    NotPaused {
        code: Code,
    },
    NotTransferring {
        code: Code,
    },
    CheckInOver {
        code: Code,
        next: Option<Next>,
    },
    QuestionOver,
    TooLong {
        max: usize,
    },
    NoSuchButton,
    WordsOnly,
    UnknownColleague,
    WhoIsMeant,
    LeaveOrder,
    PastDayChosen,
    NotADay,
    RaceLost,
    NothingToCorrect,
    // Lists.
    OverdueTeam {
        overdue: i64,
        open: i64,
        /// Open households without a date: there should be none.
        unscheduled: i64,
    },
    OverdueOwn {
        overdue: i64,
    },
    NothingOverdue {
        open: i64,
        unscheduled: i64,
    },
    OverdueRow {
        code: Code,
        alarm: bool,
        days: i64,
        nurse: Option<String>,
        away: Option<Option<String>>,
        put_off: i64,
    },
    ComingTitle(Span),
    NothingComing(Span),
    ComingRow {
        code: Code,
        next: Next,
        nurse: Option<String>,
    },
    RestOfList {
        count: i64,
    },
    // A household.
    SheetTitle {
        code: Code,
        state: State,
    },
    LastTime(Contact),
    BeforeThat(Contact),
    NeverYet,
    ContactLine {
        contact: Contact,
        author: String,
    },
    Nurses {
        main: Option<String>,
        second: Option<String>,
    },
    KnownBy {
        route: Option<Route>,
        on: Option<NaiveDate>,
    },
    ClassIs(Class),
    Counts {
        contacts: i64,
        cards: i64,
        letters: i64,
    },
    Course,
    WaitsFor(Wish),
    // The day.
    GoodMorning {
        count: usize,
    },
    TodaysCounts {
        appointments: usize,
        reviews: usize,
        others: usize,
    },
    ReminderTitle,
    SupervisorTitle {
        count: usize,
    },
    DueTitle {
        code: Code,
        next: Next,
    },
    PlannedFor {
        next: Next,
    },
    Attempts {
        recent: Vec<Contact>,
    },
    LastMet(Contact),
    CardsLeft {
        cards: i64,
    },
    SinceThen {
        name: String,
        contact: Details,
    },
    HowWasAppointment {
        code: Code,
        time: Option<NaiveTime>,
    },
    NurseOf {
        name: String,
        away_until: Option<NaiveDate>,
        cover: Option<String>,
    },
    BeingDealtWith {
        code: Code,
        name: String,
    },
    Settled {
        code: Code,
        name: String,
        on: NaiveDate,
    },
    NoLongerThere {
        code: Code,
    },
    MayBeRepeated,
    /// No look was made for some days; what came due meanwhile stands below.
    NudgesHadStopped {
        since: NaiveDate,
        count: usize,
    },
    /// Households that could not be read; the others are not kept back.
    CouldNotShow {
        count: usize,
    },
    // Notices.
    LoggedFor {
        code: Code,
        name: String,
        kind: Option<Kind>,
        outcome: Option<Outcome>,
        window: Option<Window>,
    },
    DateChangedBy {
        code: Code,
        name: String,
        window: Window,
    },
    AskedTitle {
        name: String,
        code: Code,
        wish: Wish,
    },
    ClosureFigures {
        contacts: i64,
        last_on: Option<NaiveDate>,
    },
    AnsweredTo {
        code: Code,
        name: String,
        wish: Wish,
        accepted: bool,
    },
    EntrustedTo {
        code: Code,
        name: String,
        main: bool,
        window: Option<Window>,
    },
    HandedOn {
        code: Code,
        name: String,
        to: String,
        main: bool,
    },
    CoverCancelled {
        name: String,
        from: NaiveDate,
        to: NaiveDate,
    },
    Covering {
        name: String,
        from: NaiveDate,
        to: NaiveDate,
        due_now: i64,
        due_within: i64,
    },
    /// A colleague cannot be reached.
    Unreached(String),
    // The page's lists.
    BoardGroup(BoardGroup),
    Column(Column),
    Code(Code),
    Name(Option<String>),
    DateCell(Option<Next>),
    LastCell(Option<Contact>),
    FlagsCell {
        flags: Vec<Flag>,
        not_before: Option<NaiveDate>,
    },
    StateCell(State),
    Waiting {
        count: usize,
    },
    WaitingRow {
        code: Code,
        wish: Wish,
        name: String,
        on: NaiveDate,
    },
    // What the sender is shown to have said.
    EchoPress(Label),
    EchoContact {
        code: Option<Code>,
        contacts: Vec<Details>,
        due: Option<NaiveDate>,
    },
    EchoCommand {
        code: Option<Code>,
        command: Command,
    },
    // Help.
    Help(HelpLine),
    // A chat itself.
    Outside(Outside),
    // The office's own health.
    Audit(AuditLine),
    // Chats and shared places, and the staff.
    Chat(ChatLine),
    Rhythm(RhythmLine),
    Staff(StaffLine),
}
