//! The contacts that a line tells of: kind, outcome, whom, and what was left.
mod befell;
mod draft;
mod partners;

use super::{
    dates::Day,
    forms::Form,
    lexer::{Token, What},
    outline::{Outline, REACH, Standing, clause, kind_of, partner_of},
    sense::Sense,
    time::Clock,
};
use crate::domain::contact::{Details, Kind, Left, Outcome, PartOfDay, SmallChange, Whom};
use chrono::NaiveDate;
use draft::{Draft, Named, Role};

/// The main contact and the others, which took less effort.
pub(super) fn contacts(outline: &Outline<'_, '_>) -> (Details, Vec<Details>) {
    let mut gathering = Gathering::new(outline);
    for index in 0..outline.tokens.len() {
        if outline.told(index) {
            gathering.take(index);
        }
    }
    gathering.finish()
}

struct Gathering<'o, 'a, 'w> {
    outline: &'o Outline<'a, 'w>,
    earlier: Vec<Draft>,
    now: Draft,
    /// A day told after a contact: of the next one, if one follows.
    day_ahead: Option<NaiveDate>,
}

impl<'o, 'a, 'w> Gathering<'o, 'a, 'w> {
    fn new(outline: &'o Outline<'a, 'w>) -> Gathering<'o, 'a, 'w> {
        Gathering {
            outline,
            earlier: Vec::new(),
            now: Draft::default(),
            day_ahead: None,
        }
    }

    fn take(&mut self, index: usize) {
        let token = &self.outline.tokens[index];
        match token.what {
            What::Date(_) => self.take_date(index),
            What::Clock(clock) => self.take_clock(index, clock),
            What::Word(senses) => {
                for sense in senses {
                    self.take_sense(index, *sense, token);
                }
            }
            What::Personal => {
                let after = self.outline.after(index).trim_start();
                self.now.from_partner |= after.starts_with("から") || after.starts_with("より");
            }
            What::Code(_) | What::Count => {}
        }
    }

    fn take_date(&mut self, index: usize) {
        let Some(found) = self.outline.tokens[index].date() else {
            return;
        };
        let Day::On(day) = found.day else { return };
        let since = ["から", "以来", "以降", "より"]
            .iter()
            .any(|since| self.outline.after(index).starts_with(since));
        if !found.is_day
            || day > self.outline.today
            || since
            || self.outline.is_ahead(index)
            || self.outline.is_said_as_plan(index)
            || self.is_of_what_befell(index)
        {
            return;
        }
        let draft = &mut self.now;
        let is_open = draft.kind.is_none() || !draft.has_result();
        if draft.on.is_none() && is_open {
            draft.on = Some(day);
        } else {
            self.day_ahead = Some(day);
        }
    }

    fn take_clock(&mut self, index: usize, clock: Clock) {
        // A time behind a date ahead is that of the plan.
        let is_plan = (0..index).rev().take(3).any(|before| {
            self.outline.is_ahead(before) || self.outline.tokens[before].is(Sense::Next)
        });
        if is_plan {
            return;
        }
        let draft = &mut self.now;
        match clock {
            Clock::At(time) => {
                draft.time.get_or_insert(time);
                draft.part.get_or_insert(PartOfDay::of(time));
            }
            Clock::Part(part) => {
                draft.part.get_or_insert(part);
            }
        }
    }

    fn take_sense(&mut self, index: usize, sense: Sense, token: &Token<'_>) {
        match sense {
            Sense::Kind(Kind::Group) if self.is_offered(index) => {}
            Sense::Kind(kind) if token.form != Form::Denied => self.take_kind(index, kind, false),
            Sense::Again(kind) if token.form != Form::Denied => self.take_kind(index, kind, true),
            Sense::Outcome(outcome) => self.take_outcome(index, outcome, token.form),
            Sense::Met if token.form == Form::Denied => self.now.not_met(),
            Sense::Unmet => self.now.not_met(),
            // 隣人と立ち話 様子を聞く: of the neighbour still.
            Sense::Met
                if self.is_asked_of_a_partner(index)
                    || self.now.talked_with_partner && self.asks(index) => {}
            Sense::Met if self.is_with_a_partner(index) => self.take_talk_with_a_partner(index),
            Sense::Met => self.take_met(index),
            Sense::ThroughDoor => self.now.is_through_door = true,
            Sense::Interphone => self.now.is_at_interphone = true,
            Sense::Whom(whom) => self.take_whom(index, whom),
            Sense::Left(_) if self.is_of_last_time(index) => {}
            Sense::Left(left) => self.take_left(left, token.form),
            Sense::Returned => self.take_returned(index, token.form),
            Sense::Post => self.now.is_posted = true,
            Sense::Door => self.now.is_at_door = true,
            Sense::Drop if token.form != Form::Denied => self.now.is_dropped = true,
            Sense::Sign(signs) if token.form != Form::Denied => push(&mut self.now.signs, signs),
            Sense::Change(change) => self.take_change(change),
            Sense::Promise(promise) => push(&mut self.now.promises, promise),
            Sense::Partner(partner) => self.take_partner(index, partner),
            Sense::Report => self.take_report(),
            Sense::Together => self.now.together = true,
            Sense::Danger if token.form != Form::Denied => self.now.danger = true,
            Sense::Filler if token.form == Form::Denied => self.stayed_within(index),
            _ => {}
        }
    }

    /// 家族会の案内, サロンを勧める: offered, and not held; but 家族会で案内, デイケア参加し案内.
    fn is_offered(&self, index: usize) -> bool {
        let after = self.outline.after(index);
        let clause = clause(after);
        let offer = ["案内", "お知らせ", "勧め", "誘", "ちらし"]
            .iter()
            .find_map(|word| clause.split_once(word));
        let was_held = |before: &str| {
            after.starts_with('で')
                || ["参加し", "出席し"]
                    .iter()
                    .any(|held| before.contains(held))
        };
        offer.is_some_and(|(before, _)| !was_held(before))
    }

    /// A kind opens a contact, unless it names the one at hand once more.
    fn take_kind(&mut self, index: usize, kind: Kind, again: bool) {
        let kind = self.outline.kind_in_place(index, kind);
        // 来所されず 電話で確認: who did not come was awaited in the office.
        if self.now.kind.is_none() && self.now.outcomes.contains(&Outcome::NoShow) {
            self.now.kind = Some(Kind::Office);
        }
        // 手紙出して返信なし、電話も不通: what was sent is a contact of its own.
        let was_sent = self.now.outcomes.contains(&Outcome::Sent);
        if self.now.kind.is_none() && was_sent && !matches!(kind, Kind::Letter | Kind::Email) {
            self.now.kind = Some(Kind::Letter);
        }
        let is_new_day = self.day_ahead.is_some();
        let has_result = self.now.has_result();
        let same = self
            .now
            .kind
            .is_some_and(|former| former == kind || (former.is_visit() && kind.is_visit()));
        let visited_with_letter = kind == Kind::Letter
            && (self.now.kind.is_some_and(Kind::is_visit) && !self.is_mailed(index)
                || self.now.kind.is_none() && self.is_left_there(index));
        let is_former = self.is_of_last_time(index);
        let draft = &mut self.now;
        // 電話で情報提供: the call is how the word came.
        let came_by_call = kind == Kind::Info && draft.kind == Some(Kind::Call) && !has_result;
        if came_by_call {
            draft.kind = Some(kind);
            draft.is_in = true;
        } else if visited_with_letter {
            if !is_former {
                push(&mut draft.left, Left::Letter);
            }
        } else if draft.kind.is_none() && !(again && has_result) {
            draft.kind = Some(kind);
            draft.is_in |= draft.from_partner || kind == Kind::Info;
        } else if same && !(has_result && (again || is_new_day)) {
            if kind == Kind::Accompany {
                draft.kind = Some(kind);
            }
        } else {
            self.open_next(kind);
        }
    }

    /// Opens a further contact. 手紙届いたと母から電話, 訪問後 母に電話: who calls or is
    /// called belongs to the call.
    fn open_next(&mut self, kind: Kind) {
        let (callers, others) = std::mem::take(&mut self.now.pending)
            .into_iter()
            .partition(|named| matches!(named.role, Role::From | Role::To));
        self.now.pending = others;
        let next = Draft {
            kind: Some(kind),
            pending: callers,
            on: self.day_ahead.take(),
            is_in: kind == Kind::Info,
            ..Draft::default()
        };
        self.earlier.push(std::mem::replace(&mut self.now, next));
    }

    /// 手紙を置いてきた, 残した: somebody went there.
    fn is_left_there(&self, index: usize) -> bool {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        ["置い", "おい", "残し", "のこし", "挟ん"]
            .iter()
            .any(|verb| typed.contains(verb))
    }

    /// Whether a letter named in a visit was sent by post: 送付, 郵送.
    fn is_mailed(&self, index: usize) -> bool {
        (index + 1..self.outline.tokens.len())
            .take_while(|behind| kind_of(&self.outline.tokens[*behind]).is_none())
            .take(3)
            .any(|behind| {
                self.outline.told(behind)
                    && self.outline.tokens[behind].senses().iter().any(|sense| {
                        matches!(
                            sense,
                            Sense::Outcome(Outcome::Sent | Outcome::Reply | Outcome::ReturnedMail)
                        )
                    })
            })
    }

    fn take_outcome(&mut self, index: usize, outcome: Outcome, form: Form) {
        let denied = form == Form::Denied;
        let kind = self.now.kind;
        if !denied {
            self.now.kind_within = self.now.kind_within.or(self.kind_within(index));
        }
        match outcome {
            Outcome::Reply if form == Form::Done && self.is_own_reply(index) => {
                self.now.tell(Outcome::Sent);
            }
            Outcome::Reply | Outcome::MessageLeft if denied => {
                // 留守電だがメッセージは残さず
                self.now.outcomes.retain(|told| *told != outcome);
                self.now.tell(Outcome::NoAnswer);
            }
            _ if denied => {}
            Outcome::Missing if self.is_of_a_thing(index) => {}
            Outcome::Died | Outcome::Moved if self.is_long_ago(index) => {
                self.now.pending.pop();
            }
            Outcome::CalledOff if self.is_of_their_going(index) => {}
            Outcome::NoAnswer if self.is_of_a_room(index) => {}
            Outcome::Refused if self.is_of_an_agency(index) => {}
            Outcome::Linked if self.is_hope(index, kind) => {}
            Outcome::Linked if kind == Some(Kind::Call) && !self.follows_partner(index) => {
                self.take_met(index);
            }
            Outcome::MessageLeft if kind.is_some_and(Kind::is_visit) => {
                self.aside(Kind::Call, outcome);
            }
            Outcome::Sent if kind.is_some_and(Kind::is_visit) => {
                self.aside(Kind::Letter, outcome);
            }
            Outcome::NoShow | Outcome::Cancelled | Outcome::CalledOff => {
                let failed = self
                    .kind_within(index)
                    .or_else(|| self.kind_that_failed(index));
                let draft = &mut self.now;
                draft.kind = draft.kind.or(failed);
                draft.tell(outcome);
            }
            Outcome::Absent => {
                let draft = &mut self.now;
                draft.tell(outcome);
                // 父不在、母と話せた: the father is not the one who was met.
                draft.pending.retain(|named| named.role == Role::With);
            }
            Outcome::Hospitalised | Outcome::Moved | Outcome::Missing | Outcome::Died => {
                let befell_the_last = self.is_right_behind_one(index);
                let draft = &mut self.now;
                draft.tell(outcome);
                // 母 本人が入院した: spoken with the mother.
                draft.pending.retain(|named| named.role != Role::Subject);
                // 母より、本人先週から入院中
                if draft.pending.len() > 1 && befell_the_last {
                    draft.pending.pop();
                }
            }
            _ => self.now.tell(outcome),
        }
    }

    /// 訪問拒否, 電話を切られた: the word names its kind.
    fn kind_within(&self, index: usize) -> Option<Kind> {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        [
            ("訪問", Kind::Visit),
            ("電話", Kind::Call),
            ("折り返し", Kind::Call),
            ("来所", Kind::Office),
            ("来庁", Kind::Office),
        ]
        .into_iter()
        .find_map(|(word, kind)| typed.starts_with(word).then_some(kind))
        .or_else(|| typed.ends_with(" visit").then_some(Kind::Visit))
    }

    /// 返信した, 返事しました: the office's own.
    fn is_own_reply(&self, index: usize) -> bool {
        let text = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        text.ends_with("した") || text.ends_with("しました")
    }

    fn follows_partner(&self, index: usize) -> bool {
        index > 0 && partner_of(&self.outline.tokens[index - 1]).is_some()
    }

    /// A contact of another kind that the words imply beside the one at hand.
    fn aside(&mut self, kind: Kind, outcome: Outcome) {
        let on = self.now.on;
        self.earlier.push(Draft {
            kind: Some(kind),
            outcomes: vec![outcome],
            on,
            ..Draft::default()
        });
    }

    /// What was booked and did not come about: 来所予定 来ず, 訪問予定だったが…
    fn kind_that_failed(&self, index: usize) -> Option<Kind> {
        (0..index)
            .rev()
            .take(REACH)
            .filter(|before| self.outline.standing[*before] == Standing::Planned)
            .find_map(|before| {
                let kind = kind_of(&self.outline.tokens[before])?;
                Some(self.outline.kind_in_place(before, kind))
            })
    }

    /// Those named before it were met, or, in English, those named right behind.
    fn take_met(&mut self, index: usize) {
        // spoke to the father
        let article = self.outline.tokens.get(index + 1).is_some_and(|token| {
            let typed = &self.outline.line.folded[token.range.clone()];
            ["the", "his", "her", "their"].contains(&typed)
        });
        let behind = index + 1 + usize::from(article);
        if let Some(token) = self.outline.tokens.get(behind)
            && matches!(self.outline.gap(behind - 1, behind), "" | " " | "(" | "・")
        {
            let senses: Vec<Sense> = token.senses().to_vec();
            for sense in senses {
                if let Sense::Whom(whom) = sense
                    && self.now.pending.is_empty()
                {
                    push(&mut self.now.whom, whom);
                }
            }
        }
        self.now.met();
    }

    fn take_whom(&mut self, index: usize, whom: Whom) {
        let after = self.outline.after(index).trim_start();
        let after = after.strip_prefix("さん").unwrap_or(after);
        let is_possessive =
            after.starts_with('の') && !after.starts_with("のみ") && !after.starts_with("の声");
        let is_topic_of_talk = ["について", "宛", "の件", "のこと", "あて"]
            .iter()
            .any(|mark| after.starts_with(mark));
        // 母に殴られた, 父への暴力: not the one spoken with.
        let suffers = ["に", "を", "へ"]
            .iter()
            .any(|mark| after.starts_with(mark))
            && self
                .outline
                .tokens
                .get(index + 1)
                .is_some_and(|token| token.is(Sense::Danger));
        if is_possessive || is_topic_of_talk || suffers || self.is_pronoun_apart(index) {
            return;
        }
        let role = if after.starts_with("から") || after.starts_with("より") {
            Role::From
        } else if after.starts_with('と') {
            Role::With
        } else if after.starts_with('が') {
            Role::Subject
        } else if after.starts_with('は') || self.is_since(index) {
            Role::Topic
        } else if ["に", "へ", "にも"].iter().any(|to| after.starts_with(to))
            && self.is_before_a_kind(index)
        {
            Role::To
        } else {
            Role::Plain
        };
        self.now.name(Named { whom, role });
        // 本人には会えず 母のみ
        if ["のみ", "だけ"].iter().any(|only| after.starts_with(only)) && self.now.is_unmet {
            self.now.met();
        }
    }

    /// 本人昨日から発熱: what they have had since a day.
    fn is_since(&self, index: usize) -> bool {
        let behind = index + 1;
        self.outline.tokens.get(behind).is_some_and(|token| {
            let since = self.outline.after(behind);
            token.date().is_some()
                && self.outline.gap(index, behind).is_empty()
                && (since.starts_with("から") || since.starts_with("より"))
        })
    }

    fn is_before_a_kind(&self, index: usize) -> bool {
        let next = self.outline.tokens.get(index + 1);
        next.is_some_and(|token| kind_of(token).is_some()) && self.outline.told(index + 1)
    }

    /// threatened her, her mother: him and her are those spoken with only right
    /// behind a kind or a talk.
    fn is_pronoun_apart(&self, index: usize) -> bool {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        let is_met_there = index.checked_sub(1).is_some_and(|before| {
            let token = &self.outline.tokens[before];
            let is_near = matches!(self.outline.gap(before, index), " " | " with " | " to ");
            is_near && (token.is(Sense::Met) || kind_of(token).is_some())
        });
        matches!(typed, "him" | "her" | "himself" | "herself") && !is_met_there
    }

    fn take_left(&mut self, left: Left, form: Form) {
        let draft = &mut self.now;
        match form {
            Form::Denied => push(&mut draft.nothing_left, left),
            Form::ToCome => {}
            _ => push(&mut draft.left, left),
        }
    }

    fn take_returned(&mut self, index: usize, form: Form) {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        let is_unwanted = ["不要", "いらな", "要らな"]
            .iter()
            .any(|word| typed.contains(word));
        let draft = &mut self.now;
        // 不在 名刺は不要: nobody was there who could refuse it.
        if is_unwanted && draft.outcomes.contains(&Outcome::Absent) {
            push(&mut draft.nothing_left, Left::Card);
            return;
        }
        match form {
            // 返されなかった: it stayed at the house.
            Form::Denied if draft.left.is_empty() && draft.kind != Some(Kind::Letter) => {
                draft.left.push(Left::Card);
            }
            Form::Denied | Form::ToCome => {}
            _ => draft.is_returned = true,
        }
    }

    fn take_change(&mut self, change: SmallChange) {
        let draft = &mut self.now;
        push(&mut draft.changes, change);
        match change {
            SmallChange::Voice => {
                draft.is_through_door = true;
                draft.is_heard = true;
            }
            SmallChange::Face | SmallChange::Waved | SmallChange::Nodded | SmallChange::Door => {
                draft.met()
            }
            // チラシは受け取らなかったが名刺は受け取った
            SmallChange::Accepted if draft.is_returned && draft.left.len() > 1 => {
                draft.is_returned = false;
                draft.left.drain(..draft.left.len() - 1);
            }
            SmallChange::Accepted => {}
        }
    }

    fn finish(self) -> (Details, Vec<Details>) {
        let today = self.outline.today;
        let mut contacts: Vec<Details> = self
            .earlier
            .into_iter()
            .chain([self.now])
            .map(|draft| draft.finish(today))
            .collect();
        // The most effort first; of equal effort the last told.
        let main = contacts
            .iter()
            .enumerate()
            .max_by_key(|(at, contact)| (contact.kind.map_or(0, effort), *at))
            .map_or(0, |(at, _)| at);
        let mut main = contacts.remove(main);
        main.danger |= contacts.iter().any(|contact| contact.danger);
        contacts.retain(|contact| contact.kind.is_some() && contact.outcome.is_some());
        (main, contacts)
    }
}

/// Of two contacts in one line the one of more effort is the main one (rule 4).
fn effort(kind: Kind) -> u8 {
    match kind {
        Kind::Accompany | Kind::Clinic => 10,
        Kind::Visit => 9,
        Kind::Office => 8,
        Kind::Group => 7,
        Kind::Call => 6,
        Kind::Email => 5,
        Kind::Letter => 4,
        Kind::Conference => 3,
        Kind::Agency => 2,
        Kind::Info => 1,
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
