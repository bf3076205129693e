//! One contact while its words are gathered, and what they make of it.
use super::push;
use crate::domain::contact::{
    Details, Direction, Kind, Left, Outcome, PartOfDay, Partner, Promise, Signs, SmallChange, Whom,
};
use chrono::{NaiveDate, NaiveTime};

/// One contact while its words are gathered.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub kind: Option<Kind>,
    pub is_in: bool,
    pub outcomes: Vec<Outcome>,
    /// Persons named and not yet known to be met.
    pub pending: Vec<Named>,
    pub whom: Vec<Whom>,
    pub is_met: bool,
    pub is_unmet: bool,
    pub is_through_door: bool,
    /// The voice itself was heard.
    pub is_heard: bool,
    pub is_at_interphone: bool,
    pub is_returned: bool,
    pub is_posted: bool,
    pub is_at_door: bool,
    pub is_dropped: bool,
    pub together: bool,
    pub from_partner: bool,
    /// 担任と面談: and not with the household.
    pub talked_with_partner: bool,
    pub left: Vec<Left>,
    pub nothing_left: Vec<Left>,
    pub signs: Vec<Signs>,
    pub changes: Vec<SmallChange>,
    pub promises: Vec<Promise>,
    pub partners: Vec<Partner>,
    pub on: Option<NaiveDate>,
    pub time: Option<NaiveTime>,
    pub part: Option<PartOfDay>,
    /// What an outcome implies by the word for it (訪問拒否).
    pub kind_within: Option<Kind>,
    pub danger: bool,
}

/// A person named, with the particle behind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub whom: Whom,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// 母と
    With,
    /// 母は
    Topic,
    /// 母が
    Subject,
    /// 母から
    From,
    /// 母に電話
    To,
    Plain,
}

const NAMED_MAX: usize = 12;

impl Draft {
    pub fn has_result(&self) -> bool {
        !self.outcomes.is_empty()
            || self.is_met
            || self.is_unmet
            || self.is_returned
            || self.is_through_door
    }

    pub fn tell(&mut self, outcome: Outcome) {
        push(&mut self.outcomes, outcome);
    }

    /// More people than this are no household.
    pub fn name(&mut self, named: Named) {
        if self.pending.len() < NAMED_MAX {
            self.pending.push(named);
        }
    }

    pub fn not_met(&mut self) {
        self.is_unmet = true;
        self.pending.clear();
    }

    /// Those named with と were met; the others only where none has it.
    pub fn met(&mut self) {
        self.is_met = true;
        let with = self.pending.iter().any(|named| named.role == Role::With);
        for named in std::mem::take(&mut self.pending) {
            if !with || named.role != Role::Topic {
                push(&mut self.whom, named.whom);
            }
        }
    }

    pub fn finish(mut self, today: NaiveDate) -> Details {
        if self.is_returned {
            self.left.retain(|left| *left != Left::Card);
        }
        let denied = std::mem::take(&mut self.nothing_left);
        self.left.retain(|left| !denied.contains(left));
        // 名刺は渡せず, 名刺を母に渡した: somebody was there.
        let is_handed = !self.left.is_empty() && !self.pending.is_empty();
        if self.kind.is_none() && (is_handed || !denied.is_empty()) {
            self.kind = Some(Kind::Visit);
        }
        self.settle_kind_said();
        let (outcome, also) = self.outcomes_in_order();
        let kind = self.kind.or_else(|| self.implied_kind(outcome));
        if !self.is_met {
            let named = std::mem::take(&mut self.pending);
            self.whom.extend(named.iter().map(|named| named.whom));
        }
        let worries = self.signs.contains(&Signs::Worrying);
        let is_info = kind == Some(Kind::Info);
        Details {
            kind,
            direction: if self.is_in {
                Direction::In
            } else {
                Direction::Out
            },
            outcome,
            also,
            whom: self.whom,
            left: self.left,
            signs: (!is_info)
                .then(|| {
                    self.signs
                        .iter()
                        .copied()
                        .min_by_key(|signs| *signs != Signs::Worrying)
                })
                .flatten(),
            small_changes: self.changes,
            promises: self.promises,
            partners: self.partners,
            on: self.on.unwrap_or(today),
            time: self.time,
            part_of_day: self.part,
            worrying_word: is_info && worries,
            danger: self.danger,
        }
    }

    /// What the words beside it make of the kind that was said.
    fn settle_kind_said(&mut self) {
        let by_visit = matches!(self.kind, None | Some(Kind::Visit));
        if self.together && !self.partners.is_empty() && by_visit {
            self.kind = Some(Kind::Accompany);
        }
        if self.kind.is_none() && self.from_partner && !self.has_result() && self.left.is_empty() {
            self.kind = Some(Kind::Info);
        }
        let is_all = self.kind.is_none() && !self.has_result() && self.left.is_empty();
        if self.talked_with_partner && is_all {
            self.settle_talk_with_partner();
        }
        // 近所の人から 転居したらしいと: word of what befell them.
        let befell = |outcome: &Outcome| {
            matches!(
                outcome,
                Outcome::Moved | Outcome::Died | Outcome::Hospitalised | Outcome::Missing
            )
        };
        let is_word = self.from_partner && !self.is_met && !self.outcomes.is_empty();
        if self.kind.is_none() && is_word && self.outcomes.iter().all(befell) {
            self.kind = Some(Kind::Info);
        }
        let calls_in = matches!(self.kind, Some(Kind::Call | Kind::Letter | Kind::Email))
            && self.pending.iter().any(|named| named.role == Role::From);
        self.is_in |= self.kind == Some(Kind::Info) || calls_in;
    }

    /// 母 民生委員と面談: whoever is named alone was there, and the kind is asked for;
    /// 隣人と話した 本人は元気: only talked of.
    fn settle_talk_with_partner(&mut self) {
        self.pending
            .retain(|named| !matches!(named.role, Role::Topic | Role::Subject));
        if self.pending.is_empty() {
            // 係長と面談: within the office, and no contact.
            let is_within = self.partners[..] == [Partner::Supervisor];
            self.kind = (!is_within).then_some(Kind::Agency);
        } else {
            self.met();
        }
    }

    /// Of several outcomes the first in order wins (rule 2); what else the
    /// household did to keep us away, or took up, is kept beside it.
    fn outcomes_in_order(&mut self) -> (Option<Outcome>, Vec<Outcome>) {
        if self.kind == Some(Kind::Info) {
            return (Some(Outcome::Info), Vec::new());
        }
        // Who is spoken with there is of the household only if that is said.
        self.is_met &= self.kind != Some(Kind::Agency) || !self.whom.is_empty();
        let mut told = self.outcomes.clone();
        // Who calls us is reached, whatever is told of somebody else.
        if self.kind == Some(Kind::Call) && self.is_in && !self.pending.is_empty() {
            told.retain(|outcome| !outcome.is_unmet());
            self.is_unmet = false;
            if self.pending.iter().any(|named| named.role == Role::From) {
                self.pending.retain(|named| named.role == Role::From);
            }
        }
        if self.is_returned {
            told.push(match self.kind {
                Some(Kind::Letter) => Outcome::ReturnedMail,
                _ => Outcome::CardReturned,
            });
        }
        // ドア越しに声をかけるが応答なし
        let is_voice = self.is_through_door
            && (self.is_heard || self.is_met || !told.contains(&Outcome::NoAnswer));
        let named_alone =
            told.is_empty() && !is_voice && !self.is_unmet && !self.pending.is_empty();
        if self.is_met || is_voice || (named_alone && self.may_meet()) {
            if !self.is_met {
                // 母 本人は落ち着いている様子: spoken with the mother, of the person.
                let is_apart = |named: &Named| matches!(named.role, Role::Topic | Role::Subject);
                if !self.pending.iter().all(is_apart) {
                    self.pending.retain(|named| !is_apart(named));
                }
                self.met();
            }
            told.push(self.outcome_of_meeting());
        }
        if told.is_empty() {
            told.extend(self.outcome_of_little());
        }
        told.sort_unstable();
        told.dedup();
        let mut told = told.into_iter();
        let first = told.next();
        let is_kept = |outcome: &Outcome| {
            matches!(
                outcome,
                Outcome::Refused | Outcome::CardReturned | Outcome::Declined | Outcome::Linked
            )
        };
        (first, told.filter(is_kept).collect())
    }

    /// A kind by which somebody can be met.
    fn may_meet(&self) -> bool {
        matches!(
            self.kind,
            Some(
                Kind::Visit
                    | Kind::Accompany
                    | Kind::Call
                    | Kind::Office
                    | Kind::Group
                    | Kind::Clinic
            )
        ) || self.is_at_interphone
            || self.is_at_door && self.kind.is_none()
    }

    /// Through a door or an interphone the person, or nobody named, is a voice;
    /// the family is the family.
    fn outcome_of_meeting(&self) -> Outcome {
        let unseen = self.is_through_door || self.is_at_interphone;
        let family = self.whom.iter().any(|whom| *whom != Whom::Person);
        let person = self.whom.contains(&Whom::Person);
        match (unseen, person, family) {
            (false, true, _) | (false, false, false) => Outcome::Person,
            (_, _, true) => Outcome::Family,
            (true, _, false) => Outcome::Voice,
        }
    }

    /// Where no outcome was said.
    fn outcome_of_little(&self) -> Option<Outcome> {
        if self.is_unmet {
            return Some(match self.kind {
                Some(Kind::Call | Kind::Letter | Kind::Email) => Outcome::NoAnswer,
                _ => Outcome::Absent,
            });
        }
        match self.kind {
            // 本人から手紙が届いた
            Some(Kind::Letter | Kind::Email) if self.is_in => Some(Outcome::Reply),
            Some(Kind::Letter) if self.is_dropped || self.is_posted => Some(Outcome::Sent),
            Some(Kind::Conference | Kind::Agency) => Some(Outcome::Other),
            // A slip of absence says that nobody was there.
            None | Some(Kind::Visit | Kind::Accompany) if self.left.contains(&Left::Slip) => {
                Some(Outcome::Absent)
            }
            None | Some(Kind::Visit | Kind::Accompany) if !self.left.is_empty() => {
                Some(Outcome::CardLeft)
            }
            None if self.is_dropped => Some(Outcome::Sent),
            _ => None,
        }
    }

    /// Rule 4: what the words imply where no kind was said.
    fn implied_kind(&self, outcome: Option<Outcome>) -> Option<Kind> {
        // ポスト投函, and nothing else: a letter.
        let is_letter = self.is_dropped && self.left.is_empty() && !self.is_through_door;
        if is_letter && outcome == Some(Outcome::Sent) {
            return Some(Kind::Letter);
        }
        let at_the_house = !self.left.is_empty()
            || self.is_posted
            || self.is_at_door
            || self.is_at_interphone
            || self.is_through_door;
        if self.outcomes.contains(&Outcome::NoShow) {
            return Some(Kind::Office);
        }
        if at_the_house || self.is_returned && !self.outcomes.contains(&Outcome::ReturnedMail) {
            return Some(Kind::Visit);
        }
        if self.kind_within.is_some() {
            return self.kind_within;
        }
        match outcome? {
            Outcome::MessageLeft => Some(Kind::Call),
            _ if self.outcomes.contains(&Outcome::Absent) => Some(Kind::Visit),
            Outcome::NoAnswer => Some(Kind::Call),
            Outcome::ReturnedMail | Outcome::Sent => Some(Kind::Letter),
            _ if self.is_dropped => Some(Kind::Letter),
            _ => None,
        }
    }
}
