//! What can happen in a history, and how likely it is.
use super::{CODES, seen::Seen};
use crate::{
    bot::person,
    mortal::{Fault, incoming},
};
use koekake::{
    conversation::{
        action::{Action, After, Consultation},
        message::{Incoming, Said},
    },
    domain::{AlarmId, CheckInId, PersonId, RequestId, SaveId},
};
use proptest::{collection::vec, prelude::*, sample::select};

/// One thing that happens. A household is meant by its place in [`CODES`].
#[derive(Debug, Clone)]
pub enum Step {
    /// Somebody says a line.
    Says(PersonId, Words),
    Presses(PersonId, Press),
    /// The message before this one comes once more, with its key.
    Again,
    /// What becomes of the next messages.
    Fails(Vec<Fault>),
    /// The person's account on Telegram is not there any more.
    Gone(PersonId),
    Back(PersonId),
    /// The process ends after so many effects of the next step.
    EndsAfter(u64),
    BeginsAnew,
    /// So many minutes go by.
    GoesOn(i64),
    /// So many minutes go by in which the process is not there.
    IsAway(i64),
}

#[derive(Debug, Clone)]
pub enum Words {
    /// About a household.
    Of(usize, &'static str),
    /// About nobody, or about the person who says them.
    Plain(&'static str),
}

#[derive(Debug, Clone, Copy)]
pub enum Press {
    Take(usize),
    PutOff(usize, After),
    /// The household's newest save, or one before it.
    Undo(usize, usize),
    Consult(usize, Consultation),
    ConfirmAlarm,
    Accept,
    Decline,
    /// 「やります」 of the date that the household had at first.
    TakeOld(usize),
}

/// Said by nurses of a household.
const CONTACTS: &[&str] = &[
    "訪問 不在 名刺",
    "訪問 本人と会えた",
    "電話 応答なし 10日後",
    "手紙 投函 3か月後",
    "訪問 母と話せた 1か月後",
    "電話 本人と話せた 明日",
    "来所 来なかった",
    "電話 応答なし 来週の金曜",
    "電話 本人 「死にたい」",
    "面談 金曜14時 来所予定",
];

/// Said of a household by whoever leads, and by nurses who may not.
const OFFICE: &[&str] = &[
    "終結 解決",
    "再開",
    "再開 来週",
    "見守り",
    "中断 入院",
    "担当 鈴木",
    "担当 佐藤",
    "副担当 渡辺",
];

const PLAIN: &[&str] = &[
    "今日休み",
    "休み 明日から来週の金曜 代行 鈴木",
    "休み 明日から来週の金曜 代行 佐藤",
    "休み 明日から来週の金曜",
    "取り消し",
    "期限超過",
    "退職 佐藤",
    "退職 鈴木",
];

impl Step {
    /// As it is handed over; None where there is nothing that it could mean yet.
    pub fn message(&self, seen: &Seen, key: &str) -> Option<Incoming> {
        match self {
            Step::Says(who, words) => {
                let words = match words {
                    Words::Of(home, words) => format!("H-{:03} {words}", CODES[*home]),
                    Words::Plain(words) => (*words).to_owned(),
                };
                Some(incoming(*who, Said::Words(words), key))
            }
            Step::Presses(who, press) => {
                let action = press.action(seen)?;
                Some(incoming(*who, Said::Press(action), key))
            }
            _ => None,
        }
    }
}

impl Press {
    fn action(&self, seen: &Seen) -> Option<Action> {
        let standing = |home: &usize| {
            seen.homes[*home]
                .check_in
                .as_ref()
                .map(|it| CheckInId(it.id))
        };
        Some(match self {
            Press::Take(home) => Action::Take(standing(home)?),
            Press::PutOff(home, after) => Action::PutOff(standing(home)?, *after),
            Press::Undo(home, before) => {
                let saves = &seen.homes[*home].saves;
                let nth = saves.len().checked_sub(before + 1)?;
                Action::Undo(SaveId(saves[nth]))
            }
            Press::Consult(home, what) => Action::ConsultFor(standing(home)?, *what),
            Press::ConfirmAlarm => Action::ConfirmAlarm(AlarmId(*seen.alarms.last()?)),
            Press::Accept => Action::Accept(RequestId(*seen.requests.last()?)),
            Press::Decline => Action::Decline(RequestId(*seen.requests.last()?)),
            Press::TakeOld(home) => {
                Action::Take(CheckInId(i64::try_from(*home).expect("a few") + 1))
            }
        })
    }
}

/// One step; what happens each day is more likely than what happens each year.
pub fn steps() -> impl Strategy<Value = Step> {
    let nurses = || select(vec!["佐藤", "佐藤", "鈴木", "鈴木", "伊藤"]).prop_map(person);
    let leads = || select(vec!["伊藤", "伊藤", "伊藤", "渡辺", "小林", "佐藤"]).prop_map(person);
    let anybody = || select(vec!["佐藤", "鈴木", "伊藤", "渡辺", "小林"]).prop_map(person);
    let homes = || 0..CODES.len();
    let fault = select(vec![Fault::Later, Fault::Unheard, Fault::Unknown]);
    let minutes = prop_oneof![
        3 => 1..90_i64,
        3 => 120..1_440_i64,
        2 => (1..4_i64).prop_map(|days| days * 1_440),
        1 => (5..12_i64).prop_map(|days| days * 1_440 + 61),
    ];
    let away = prop_oneof![
        2 => 1..600_i64,
        1 => (1..12_i64).prop_map(|days| days * 1_440 + 17),
    ];
    prop_oneof![
        // The first is what steps become that a fault does not need.
        1 => Just(Step::GoesOn(1)),
        10 => (nurses(), homes(), select(CONTACTS))
            .prop_map(|(who, home, words)| Step::Says(who, Words::Of(home, words))),
        4 => (leads(), homes(), select(OFFICE))
            .prop_map(|(who, home, words)| Step::Says(who, Words::Of(home, words))),
        3 => (nurses(), select(&PLAIN[..6])).prop_map(|(who, words)| Step::Says(who, Words::Plain(words))),
        1 => (leads(), select(PLAIN)).prop_map(|(who, words)| Step::Says(who, Words::Plain(words))),
        6 => (nurses(), presses()).prop_map(|(who, press)| Step::Presses(who, press)),
        3 => (leads(), presses()).prop_map(|(who, press)| Step::Presses(who, press)),
        2 => Just(Step::Again),
        2 => vec(fault, 1..5).prop_map(Step::Fails),
        1 => anybody().prop_map(Step::Gone),
        1 => anybody().prop_map(Step::Back),
        2 => (0..14_u64).prop_map(Step::EndsAfter),
        1 => Just(Step::BeginsAnew),
        10 => minutes.prop_map(Step::GoesOn),
        2 => away.prop_map(Step::IsAway),
    ]
}

fn presses() -> impl Strategy<Value = Press> {
    let homes = || 0..CODES.len();
    let after = select(vec![After::Days(3), After::Weeks(1), After::Months(1)]);
    let what = select(vec![
        Consultation::StandInOnce,
        Consultation::HandOver,
        Consultation::ComeAlong,
    ]);
    prop_oneof![
        4 => homes().prop_map(Press::Take),
        2 => (homes(), after).prop_map(|(home, after)| Press::PutOff(home, after)),
        3 => (homes(), 0..2_usize).prop_map(|(home, before)| Press::Undo(home, before)),
        1 => (homes(), what).prop_map(|(home, what)| Press::Consult(home, what)),
        2 => Just(Press::ConfirmAlarm),
        2 => Just(Press::Accept),
        1 => Just(Press::Decline),
        1 => homes().prop_map(Press::TakeOld),
    ]
}
