//! What is told while a contact is recorded or corrected: the next date, what
//! protects the writer, one question at a time, and who else hears of it.
use super::{Desk, choice, log, record, told};
use crate::{
    conversation::{
        action::{Action, After},
        decision::{
            AlarmChange, CheckInChange, Decision, DialogueChange, Ended, HouseholdChange, MADE,
            Recipient,
        },
        meaning::{Due, SaidDate, UnclearDate},
        notice::Notice,
        phrase::{Because, Label, Phrase},
        piece::{Choice, Piece},
        scene::File,
    },
    domain::{
        CheckInId, ContactId, SaveId,
        alarm::Grade,
        calendar::days_after,
        check_in::{NewCheckIn, Pace, Purpose, Why},
        contact::{Details, Kind, Outcome, Signs},
        household::{Code, Flag, State},
        people::Role,
        proposal::{Next, Said, Settled},
    },
};
use chrono::{Datelike, NaiveDate};
use record::Entry;
use strum::VariantArray;

/// Days back in which somebody met answers how the home looks (ours).
const MET_LATELY_DAYS: u64 = 14;

/// What is being told, and to whom.
pub struct Telling<'a> {
    entry: &'a Entry<'a>,
    desk: &'a Desk<'a>,
    decision: Decision,
    /// What must be read before anything else.
    first: Vec<Piece>,
    pieces: Vec<Piece>,
    /// The date was proposed, and the usual spans are offered.
    offers_spans: bool,
    /// The alarm was raised by what is corrected now.
    alarm_stands: bool,
}

impl<'a> Telling<'a> {
    pub fn new(entry: &'a Entry<'a>, desk: &'a Desk<'a>) -> Telling<'a> {
        Telling {
            entry,
            desk,
            decision: Decision::default(),
            first: Vec::new(),
            pieces: Vec::new(),
            offers_spans: false,
            alarm_stands: false,
        }
    }

    /// Begins with what was recorded; with danger, what must be done first.
    pub fn of_contacts(
        entry: &'a Entry<'a>,
        contacts: &[Details],
        desk: &'a Desk<'a>,
    ) -> Telling<'a> {
        let mut telling = Telling::new(entry, desk);
        if contacts.iter().any(|contact| contact.danger) {
            telling.first.extend(danger_lines(desk, true));
        }
        let sends_a_letter = contacts.first().is_some_and(|main| {
            main.kind == Some(Kind::Letter) && main.outcome == Some(Outcome::Sent)
        });
        telling.say(Piece::Line(Phrase::Recorded {
            code: entry.code.clone(),
            contacts: contacts.to_vec(),
            letter_number: sends_a_letter
                .then(|| entry.file.map_or(0, |file| file.counts.letters) + 1),
            repaired: entry.heed.repaired.to_vec(),
        }));
        telling
    }

    /// A correction of a contact that has raised the same alarm raises none.
    pub fn with_standing_alarm(mut self, stands: bool) -> Telling<'a> {
        self.alarm_stands = stands;
        self
    }

    pub fn say(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    pub fn extend(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        self.pieces.extend(pieces);
    }

    /// The decision with its words.
    pub fn decided(self, change: HouseholdChange) -> Decision {
        Decision {
            say: Some(self.first.into_iter().chain(self.pieces).collect()),
            change: Some(change),
            dialogue: DialogueChange::Clear,
            ..self.decision
        }
    }

    /// Puts all that follows from a contact into the change, and says it;
    /// whether an alarm is raised.
    pub fn follow(
        &mut self,
        main: &Details,
        said: Option<&Said>,
        change: &mut HouseholdChange,
    ) -> bool {
        let next = record::follow(main, said, self.entry.file, &change.facts, self.desk);
        match &next.check_in {
            Settled::Keep => {
                if let Some(check_in) = self.entry.file.and_then(|file| file.check_in.as_ref()) {
                    self.next(&check_in.terms, true);
                }
            }
            Settled::Set { terms, answered } => {
                let old = if *answered {
                    Ended::Done
                } else {
                    Ended::Withdrawn
                };
                self.next(terms, false);
                change.check_in = CheckInChange::Set {
                    terms: terms.clone(),
                    old,
                };
            }
        }
        if let Some(day) = next.not_before {
            change.facts.not_before = Some(day);
            self.say(Piece::Line(Phrase::NoContactUntil { day }));
        }
        let raised = next.alarm.filter(|_| !self.alarm_stands);
        if let Some(grade) = raised {
            change.alarms.push(AlarmChange::Raise(grade));
        }
        if raised == Some(Grade::NoSignOfLife) {
            self.worry();
        }
        self.hints(&next, main);
        self.tell_others(&next, main);
        raised.is_some()
    }

    /// The next date with its reason, or the question that names it.
    pub fn next(&mut self, terms: &NewCheckIn, kept: bool) {
        let until = terms.window.on;
        let question = match &self.entry.draft.due {
            Due::Unclear(unclear) => {
                Some(unclear_question(unclear, self.entry.heed.unresolved, until))
            }
            Due::Said(said) => said
                .by_weekday
                .filter(|_| terms.why == Why::Said)
                .map(|other| wrong_weekday(said, other, until)),
            Due::Unsaid => None,
        };
        if let Some(pieces) = question {
            self.extend(pieces);
            return;
        }
        let because = if kept {
            Because::Kept
        } else {
            because(terms, &self.entry.draft.due, self.desk)
        };
        self.offers_spans =
            matches!(because, Because::Guideline { .. }) && terms.pace == Pace::Ordinary;
        self.say(Piece::Line(Phrase::Next(told(terms), because)));
    }

    /// Undo, another date, a correction; after a proposal the usual spans.
    pub fn choices(&mut self, main: &Details, change: &HouseholdChange) {
        let undo = choice(Label::Undo, Action::Undo(SaveId(MADE)));
        let correct = choice(Label::Correct, Action::Correct(ContactId(MADE)));
        if main.danger {
            let handled = choice(Label::Handled, Action::Record(CheckInId(MADE)));
            self.pieces.push(Piece::Choices(vec![handled, undo]));
            return;
        }
        let is_settled = !matches!(self.entry.draft.due, Due::Unclear(_));
        if self.offers_spans && self.desk.scene.sender.role == Role::Nurse {
            self.pieces.push(Piece::Choices(usual_spans()));
            self.pieces.push(Piece::Choices(vec![undo, correct]));
        } else if is_settled && !matches!(change.check_in, CheckInChange::End) {
            let redate = choice(Label::Redate, Action::Redate(CheckInId(MADE)));
            self.pieces
                .push(Piece::Choices(vec![undo, redate, correct]));
        } else {
            self.pieces.push(Piece::Choices(vec![undo, correct]));
        }
    }

    /// One question at a time: a date in doubt was asked already; else the
    /// kind, the outcome, or how the home looked.
    pub fn questions(&mut self, main: &Details) {
        let in_doubt = match &self.entry.draft.due {
            Due::Unclear(_) => true,
            Due::Said(said) => said.by_weekday.is_some(),
            Due::Unsaid => false,
        };
        if in_doubt || main.danger {
            return;
        }
        let code = self.entry.code.clone();
        match (main.kind, main.outcome) {
            (None, _) => self.extend(ask_kind(code)),
            (Some(kind), None) => self.extend(ask_outcome(code, kind, ContactId(MADE))),
            (Some(_), Some(_)) if asks_for_signs(main, self.entry.file, self.desk) => {
                self.pieces.push(Piece::Line(Phrase::HowWasTheHome));
                let signs = Signs::VARIANTS
                    .iter()
                    .map(|signs| {
                        choice(
                            Label::Signs(*signs),
                            Action::SetSigns(ContactId(MADE), *signs),
                        )
                    })
                    .collect();
                self.pieces.push(Piece::Choices(signs));
            }
            _ => {}
        }
    }

    /// Nobody knows how they are: the supervisor decides with the writer.
    fn worry(&mut self) {
        let sent = Piece::Strong(sent_to_supervisor(self.desk));
        self.first.push(sent);
        self.first.push(Piece::Strong(Phrase::SignsWorry {
            code: self.entry.code.clone(),
            at_once: self.desk.ladder().is_at_once(self.desk.now),
        }));
    }

    /// What protects the writer or helps with the next contact.
    fn hints(&mut self, next: &Next, main: &Details) {
        let (desk, entry, file) = (self.desk, self.entry, self.entry.file);
        let pieces = &mut self.pieces;
        if next.tell_supervisor && !desk.leads() {
            pieces.push(Piece::Line(sent_to_supervisor(desk)));
        }
        if is_gone(next) && !desk.leads() {
            pieces.push(Piece::Line(Phrase::SupervisorChecks));
        }
        if next.said_is_set_aside
            && let Due::Said(said) = &entry.draft.due
        {
            pieces.push(Piece::Quiet(Phrase::SetAside { said: said.on }));
        }
        if next.appointment_is_set_aside {
            pieces.push(Piece::Quiet(Phrase::AppointmentSetAside));
        }
        if let Settled::Set { terms, .. } = &next.check_in
            && next.is_beyond_class
        {
            pieces.extend(desk.beyond_class(
                terms.window,
                file.and_then(|file| file.household.facts.class),
            ));
        }
        if next.suggest_conference {
            let times =
                u32::try_from(desk.office.proposals.conference_after_visits).unwrap_or(u32::MAX);
            pieces.push(Piece::Quiet(Phrase::SuggestConference { times }));
        }
        let in_doubt = matches!(entry.draft.due, Due::Unclear(_));
        if let Some(other) = next.suggest_other_time.filter(|_| !in_doubt) {
            pieces.push(Piece::Quiet(Phrase::SuggestOtherTime {
                weekday: other.weekday,
                part: other.part,
            }));
        }
        let Some(file) = file else { return };
        let facts = &file.household.facts;
        if main.outcome == Some(Outcome::Declined) && !facts.flags.contains(&Flag::NoAgencies) {
            pieces.push(Piece::Quiet(Phrase::AskAgencies));
        }
        let approached = main
            .kind
            .is_some_and(|kind| kind.is_visit() || kind == Kind::Call);
        if let Some(day) = facts
            .not_before
            .filter(|day| approached && main.on < *day && !main.danger)
        {
            pieces.push(Piece::Quiet(Phrase::DespiteNotBefore { day }));
        }
        if facts.state == State::Paused {
            pieces.push(Piece::Quiet(Phrase::PausedStill {
                code: file.household.code.clone(),
            }));
        }
        if entry.heed.words_dropped {
            pieces.push(Piece::Quiet(Phrase::OnlyTheGist));
        }
    }

    /// The main nurse hears of a colleague's record, the supervisor of hostility
    /// and of those who are gone.
    fn tell_others(&mut self, next: &Next, main: &Details) {
        let (Some(file), desk) = (self.entry.file, self.desk) else {
            return;
        };
        let window = match &next.check_in {
            Settled::Set { terms, .. } => Some(terms.window),
            Settled::Keep => file.check_in.as_ref().map(|check_in| check_in.terms.window),
        };
        let notice = Notice::LoggedFor {
            code: file.household.code.clone(),
            by: desk.sender(),
            kind: main.kind,
            outcome: main.outcome,
            window,
        };
        if let Some(nurse) = file
            .household
            .facts
            .main
            .filter(|nurse| *nurse != desk.sender())
        {
            self.decision
                .notices
                .push((Recipient::Person(nurse), notice.clone()));
        }
        if (next.tell_supervisor || is_gone(next)) && !desk.leads() {
            self.decision.notices.push((Recipient::Supervisors, notice));
        }
    }
}

/// In hospital, moved, missing or dead: the supervisor looks at it first.
fn is_gone(next: &Next) -> bool {
    matches!(&next.check_in, Settled::Set { terms, .. } if terms.why.is_gone())
}

/// Why the date is what it is.
fn because(terms: &NewCheckIn, due: &Due, desk: &Desk) -> Because {
    match (terms.why, due) {
        (Why::Said, Due::Said(said)) => {
            // A day that was not said is not said to have been moved.
            if said.guessed {
                Because::Guessed
            } else if terms.window.on < said.on {
                Because::MovedBack { from: said.on }
            } else if said.on < terms.window.on {
                Because::MovedForward { from: said.on }
            } else {
                Because::Said
            }
        }
        (Why::Hostile, _) if terms.purpose == Purpose::LookIn => Because::EndOfPeace,
        // Said or chosen with what is corrected now.
        (Why::Said | Why::Chosen, _) => Because::Said,
        _ => desk.guideline(terms),
    }
}

/// Only for a visit that met nobody, not if the line said it, and not if
/// somebody was met lately.
fn asks_for_signs(contact: &Details, file: Option<&File>, desk: &Desk) -> bool {
    let mut recent = file.iter().flat_map(|file| &file.recent);
    let met_lately = recent.any(|earlier| {
        earlier.details.outcome.is_some_and(Outcome::is_met)
            && desk.today <= days_after(earlier.details.on, MET_LATELY_DAYS)
    });
    contact.is_visit_unmet() && contact.signs.is_none() && !met_lately
}

fn ask_kind(code: Code) -> Vec<Piece> {
    let kinds = Kind::VARIANTS
        .iter()
        .map(|kind| choice(Label::Kind(*kind), Action::SetKind(ContactId(MADE), *kind)))
        .collect();
    vec![
        Piece::Line(Phrase::WhichKind { code }),
        Piece::Choices(kinds),
    ]
}

/// How did it go?
pub fn ask_outcome(code: Code, kind: Kind, contact: ContactId) -> Vec<Piece> {
    let outcomes = log::outcomes_of(kind)
        .iter()
        .map(|outcome| {
            choice(
                Label::Outcome(*outcome),
                Action::SetOutcome(contact, *outcome),
            )
        })
        .collect();
    vec![
        Piece::Line(Phrase::WhichOutcome {
            code,
            kind: Some(kind),
        }),
        Piece::Choices(outcomes),
    ]
}

/// A date that is none, named back as it was typed, with what may have been meant.
pub fn unclear_question(
    unclear: &UnclearDate,
    typed: Option<&str>,
    until: NaiveDate,
) -> Vec<Piece> {
    let on = |day: NaiveDate| choice(Label::Day(day), Action::OnDay(CheckInId(MADE), day));
    let (phrase, choices) = match unclear {
        UnclearDate::Impossible {
            year,
            month,
            day,
            before,
            after,
        } => (
            Phrase::NoSuchDay {
                year: *year,
                month: *month,
                day: *day,
                until,
            },
            vec![
                on(*before),
                on(*after),
                choice(Label::OtherDay, Action::OtherDay(CheckInId(MADE))),
            ],
        ),
        UnclearDate::Vague => {
            let typed = typed.map(str::to_owned);
            (Phrase::VagueDay { typed, until }, usual_spans())
        }
        UnclearDate::Past(day) => (Phrase::PastDay { day: *day, until }, usual_spans()),
    };
    vec![Piece::Line(phrase), Piece::Choices(choices)]
}

/// The spans offered beside a date that is ours.
fn usual_spans() -> Vec<Choice> {
    let spans = [After::Weeks(2), After::Months(1), After::Months(3)];
    let other = choice(Label::OtherDay, Action::OtherDay(CheckInId(MADE)));
    spans
        .map(|after| choice(Label::Span(after), Action::PutOff(CheckInId(MADE), after)))
        .into_iter()
        .chain([other])
        .collect()
}

fn wrong_weekday(said: &SaidDate, other: NaiveDate, until: NaiveDate) -> Vec<Piece> {
    let is_one_month = (said.on.year(), said.on.month()) == (other.year(), other.month());
    let label = |day| {
        if is_one_month {
            Label::DayOfMonth(day)
        } else {
            Label::Day(day)
        }
    };
    let choices =
        [said.on, other].map(|day| choice(label(day), Action::OnDay(CheckInId(MADE), day)));
    vec![
        Piece::Line(Phrase::WrongWeekday {
            day: said.on,
            until,
        }),
        Piece::Choices(choices.to_vec()),
    ]
}

/// What the writer must do first, whatever is recorded.
pub fn danger_lines(desk: &Desk, is_sent: bool) -> Vec<Piece> {
    let (call, sent) = if desk.leads() {
        (Phrase::CallAnotherNow, Phrase::CallsUntilConfirmed)
    } else {
        (Phrase::CallSupervisorNow, sent_to_supervisor(desk))
    };
    let mut pieces = vec![Piece::Strong(call)];
    if is_sent {
        pieces.push(Piece::Strong(sent));
    }
    if !desk.office.calendar.is_open_at(desk.now) {
        pieces.push(Piece::Strong(Phrase::OutOfHours));
    }
    pieces.extend(desk.office.card.iter().map(|(label, number)| {
        Piece::Line(Phrase::OfficeCard {
            label: label.clone(),
            number: number.clone(),
        })
    }));
    pieces
}

/// Says that it was sent only if there is somebody to read it.
fn sent_to_supervisor(desk: &Desk) -> Phrase {
    let reached = desk.scene.roster.people.iter().any(|person| {
        person.id != desk.sender() && person.is_staff_on(desk.today) && person.role.leads()
    });
    if reached {
        Phrase::SentToSupervisor
    } else {
        Phrase::NobodyToSend
    }
}
