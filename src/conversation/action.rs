//! What a button does, in a text of at most 64 bytes that stays valid for ever.
//!
//! Every platform carries it whole (`custom_id`, callback data, a form field),
//! so that a press works months later and across restarts. Rights are checked
//! when it is pressed, never when it is shown.
use super::{meaning::Span, message::Platform};
use crate::domain::{
    AlarmId, CheckInId, ContactId, LeaveId, PersonId, RequestId, SaveId, closed_list,
    contact::{Kind, Outcome, Signs},
    household::{Class, CloseReason, Code, PauseReason, Route},
};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One thing that a button does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Action {
    /// 取り消す, 元に戻す, 取り消しをやめる: takes back one save.
    Undo(SaveId),
    /// 日付を変える: shows the choices.
    Redate(CheckInId),
    /// A choice of a new date, counted from the day of the press.
    PutOff(CheckInId, After),
    /// An exact day; also the value of the form behind ほかの日.
    OnDay(CheckInId, NaiveDate),
    /// ほかの日: asks for a day.
    OtherDay(CheckInId),
    /// Why the date was put off.
    Because(CheckInId, PutOffReason),
    /// 直す: shows what can be corrected.
    Correct(ContactId),
    /// Corrects or completes the kind.
    SetKind(ContactId, Kind),
    /// Corrects or completes the outcome.
    SetOutcome(ContactId, Outcome),
    /// Answers 家の様子は？
    SetSigns(ContactId, Signs),
    /// Answers どの世帯ですか and この世帯ですか for the line that waits; with the
    /// second of the office clock in which it was asked, so that a button under
    /// an older question answers no newer one.
    ThisHousehold(Code, i64),
    /// ほか: asks for the code of the household.
    OtherHousehold,
    /// やめる: drops the line or question that waits.
    Never,
    /// 新しく登録
    Register(Code),
    /// How the household that is being registered became known.
    RegisterKnownBy(Code, Route),
    /// 記録する: asks for kind and outcome, starting from a check-in.
    Record(CheckInId),
    /// A kind chosen after 記録する.
    RecordKind(CheckInId, Kind),
    /// A kind and an outcome chosen after 記録する: logs the contact.
    RecordAs(CheckInId, Kind, Outcome),
    /// やります
    Take(CheckInId),
    /// 相談する: shows the choices.
    Consult(CheckInId),
    /// What is asked for.
    ConsultFor(CheckInId, Consultation),
    /// ○○さんに聞く: the supervisor asks the nurse.
    AskNurse(CheckInId),
    /// 確認した: a person has read the alarm.
    ConfirmAlarm(AlarmId),
    /// A supervisor, deputy or the one asked says yes.
    Accept(RequestId),
    /// 差し戻す
    Decline(RequestId),
    /// The reason of a pause, where the line said none, and the date that it said.
    PauseFor(Code, PauseReason, Option<NaiveDate>),
    /// The reason of a closure, where the line said none.
    CloseFor(Code, CloseReason),
    /// The class of a household, where the line said none; None for 区分なし.
    ClassFor(Code, Option<Class>),
    /// 開く: one household with its buttons.
    Open(Code),
    /// 経過を見る, going on before this contact where one is given.
    Course(Code, Option<ContactId>),
    /// 予定の一覧
    Upcoming(Span),
    /// 期限超過の一覧, going on after this check-in where one is given.
    Overdue(Option<CheckInId>),
    /// 担当を変える: shows the colleagues.
    Reassign(Code),
    /// Makes a colleague the main nurse.
    AssignTo(Code, PersonId),
    /// お願いする: that colleague stands in for the sender on these days.
    CoverBy(PersonId, NaiveDate, NaiveDate),
    /// お願いする: the second stands in for the first on these days.
    CoverFor(PersonId, PersonId, NaiveDate, NaiveDate),
    /// All open households of the first are the second's from now on.
    HandOver(PersonId, PersonId),
    /// 取り消す under a leave.
    CancelLeave(LeaveId),
    /// このチームで使う: the shared place that was asked about, with the second of
    /// the office clock in which it was asked.
    UseRoom(i64),
    /// 参加コードを出す: lets the colleague join by a chat.
    Invite(PersonId),
    /// お知らせはここへ: nudges go to that platform first.
    RouteFirst(Platform),
    /// 使い方
    Help,
}

/// How far from today a button puts a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum After {
    Days(u32),
    Weeks(u32),
    Months(u32),
}

closed_list! {
    /// Why a date was put off.
    pub enum PutOffReason {
        /// ご本人・家族の都合
        Household,
        /// 手が足りない: asks the supervisor for help as well
        ShortHanded,
        /// 天候・体調
        Circumstances,
        /// ほか
        Other,
    }
}

closed_list! {
    /// What a nurse asks of the supervisor 相談する.
    pub enum Consultation {
        /// 今回だけ代わってほしい
        StandInOnce,
        /// 同行してほしい
        ComeAlong,
        /// 担当替えの相談
        HandOver,
    }
}

/// The longest action in bytes: Telegram's callback data hold no more.
pub const BYTES_MAX: usize = 64;

/// What was given is no action of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known action")]
pub struct NotAnAction;

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            After::Days(n) => write!(f, "{n}d"),
            After::Weeks(n) => write!(f, "{n}w"),
            After::Months(n) => write!(f, "{n}m"),
        }
    }
}

impl FromStr for After {
    type Err = NotAnAction;
    fn from_str(text: &str) -> Result<After, NotAnAction> {
        let unit = text.chars().next_back().ok_or(NotAnAction)?;
        let number = &text[..text.len() - unit.len_utf8()];
        let count: u32 = number.parse().map_err(|_| NotAnAction)?;
        if count > 1000 {
            return Err(NotAnAction);
        }
        match unit {
            'd' => Ok(After::Days(count)),
            'w' => Ok(After::Weeks(count)),
            'm' => Ok(After::Months(count)),
            _ => Err(NotAnAction),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Action::*;
        match self {
            Undo(save) => write!(f, "undo:{}", save.0),
            Redate(id) => write!(f, "redate:{}", id.0),
            PutOff(id, after) => write!(f, "putoff:{}:{after}", id.0),
            OnDay(id, day) => write!(f, "day:{}:{day}", id.0),
            OtherDay(id) => write!(f, "otherday:{}", id.0),
            Because(id, reason) => write!(f, "because:{}:{}", id.0, reason.code()),
            Correct(id) => write!(f, "correct:{}", id.0),
            SetKind(id, kind) => write!(f, "kind:{}:{}", id.0, kind.code()),
            SetOutcome(id, outcome) => write!(f, "outcome:{}:{}", id.0, outcome.code()),
            SetSigns(id, signs) => write!(f, "signs:{}:{}", id.0, signs.code()),
            ThisHousehold(code, asked) => write!(f, "this:{code}:{asked}"),
            OtherHousehold => write!(f, "other"),
            Never => write!(f, "never"),
            Register(code) => write!(f, "register:{code}"),
            RegisterKnownBy(code, route) => write!(f, "known:{code}:{}", route.code()),
            Record(id) => write!(f, "record:{}", id.0),
            RecordKind(id, kind) => write!(f, "recordkind:{}:{}", id.0, kind.code()),
            RecordAs(id, kind, outcome) => {
                write!(f, "recordas:{}:{}:{}", id.0, kind.code(), outcome.code())
            }
            Take(id) => write!(f, "take:{}", id.0),
            Consult(id) => write!(f, "consult:{}", id.0),
            ConsultFor(id, what) => write!(f, "consultfor:{}:{}", id.0, what.code()),
            AskNurse(id) => write!(f, "asknurse:{}", id.0),
            ConfirmAlarm(id) => write!(f, "alarm:{}", id.0),
            Accept(id) => write!(f, "accept:{}", id.0),
            Decline(id) => write!(f, "decline:{}", id.0),
            PauseFor(code, reason, None) => write!(f, "pause:{code}:{}", reason.code()),
            PauseFor(code, reason, Some(day)) => {
                write!(f, "pause:{code}:{}:{day}", reason.code())
            }
            CloseFor(code, reason) => write!(f, "close:{code}:{}", reason.code()),
            ClassFor(code, None) => write!(f, "class:{code}"),
            ClassFor(code, Some(class)) => write!(f, "class:{code}:{}", class.code()),
            Open(code) => write!(f, "open:{code}"),
            Course(code, None) => write!(f, "course:{code}"),
            Course(code, Some(before)) => write!(f, "course:{code}:{}", before.0),
            Upcoming(span) => write!(f, "upcoming:{}", span.code()),
            Overdue(None) => write!(f, "overdue"),
            Overdue(Some(after)) => write!(f, "overdue:{}", after.0),
            Reassign(code) => write!(f, "reassign:{code}"),
            AssignTo(code, person) => write!(f, "assign:{code}:{}", person.0),
            CancelLeave(id) => write!(f, "noleave:{}", id.0),
            CoverBy(person, from, to) => write!(f, "coverby:{}:{from}:{to}", person.0),
            CoverFor(person, cover, from, to) => {
                write!(f, "coverfor:{}:{}:{from}:{to}", person.0, cover.0)
            }
            HandOver(from, to) => write!(f, "handover:{}:{}", from.0, to.0),
            UseRoom(asked) => write!(f, "useroom:{asked}"),
            Invite(person) => write!(f, "invite:{}", person.0),
            RouteFirst(platform) => write!(f, "first:{}", platform.code()),
            Help => write!(f, "help"),
        }
    }
}

impl FromStr for Action {
    type Err = NotAnAction;

    fn from_str(text: &str) -> Result<Action, NotAnAction> {
        use Action::*;
        if text.len() > BYTES_MAX {
            return Err(NotAnAction);
        }
        fn read<T: FromStr>(text: &str) -> Result<T, NotAnAction> {
            text.parse().map_err(|_| NotAnAction)
        }
        /// Whoever forges a button may write any day; those far away are none.
        fn near(text: &str) -> Result<NaiveDate, NotAnAction> {
            let day: NaiveDate = read(text)?;
            (2000..2200)
                .contains(&day.year())
                .then_some(day)
                .ok_or(NotAnAction)
        }
        let parts: Vec<&str> = text.split(':').collect();
        Ok(match parts.as_slice() {
            ["undo", id] => Undo(SaveId(read(id)?)),
            ["redate", id] => Redate(CheckInId(read(id)?)),
            ["putoff", id, after] => PutOff(CheckInId(read(id)?), read(after)?),
            ["day", id, day] => OnDay(CheckInId(read(id)?), near(day)?),
            ["otherday", id] => OtherDay(CheckInId(read(id)?)),
            ["because", id, reason] => Because(CheckInId(read(id)?), read(reason)?),
            ["correct", id] => Correct(ContactId(read(id)?)),
            ["kind", id, kind] => SetKind(ContactId(read(id)?), read(kind)?),
            ["outcome", id, outcome] => SetOutcome(ContactId(read(id)?), read(outcome)?),
            ["signs", id, signs] => SetSigns(ContactId(read(id)?), read(signs)?),
            ["this", code, asked] => ThisHousehold(read(code)?, read(asked)?),
            ["other"] => OtherHousehold,
            ["never"] => Never,
            ["register", code] => Register(read(code)?),
            ["known", code, route] => RegisterKnownBy(read(code)?, read(route)?),
            ["record", id] => Record(CheckInId(read(id)?)),
            ["recordkind", id, kind] => RecordKind(CheckInId(read(id)?), read(kind)?),
            ["recordas", id, kind, outcome] => {
                RecordAs(CheckInId(read(id)?), read(kind)?, read(outcome)?)
            }
            ["take", id] => Take(CheckInId(read(id)?)),
            ["consult", id] => Consult(CheckInId(read(id)?)),
            ["consultfor", id, what] => ConsultFor(CheckInId(read(id)?), read(what)?),
            ["asknurse", id] => AskNurse(CheckInId(read(id)?)),
            ["alarm", id] => ConfirmAlarm(AlarmId(read(id)?)),
            ["accept", id] => Accept(RequestId(read(id)?)),
            ["decline", id] => Decline(RequestId(read(id)?)),
            ["pause", code, reason] => PauseFor(read(code)?, read(reason)?, None),
            ["pause", code, reason, day] => PauseFor(read(code)?, read(reason)?, Some(near(day)?)),
            ["close", code, reason] => CloseFor(read(code)?, read(reason)?),
            ["class", code] => ClassFor(read(code)?, None),
            ["class", code, class] => ClassFor(read(code)?, Some(read(class)?)),
            ["open", code] => Open(read(code)?),
            ["course", code] => Course(read(code)?, None),
            ["course", code, before] => Course(read(code)?, Some(ContactId(read(before)?))),
            ["upcoming", span] => Upcoming(read(span)?),
            ["overdue"] => Overdue(None),
            ["overdue", after] => Overdue(Some(CheckInId(read(after)?))),
            ["reassign", code] => Reassign(read(code)?),
            ["assign", code, person] => AssignTo(read(code)?, PersonId(read(person)?)),
            ["noleave", id] => CancelLeave(LeaveId(read(id)?)),
            ["coverby", person, from, to] => {
                CoverBy(PersonId(read(person)?), near(from)?, near(to)?)
            }
            ["coverfor", person, cover, from, to] => CoverFor(
                PersonId(read(person)?),
                PersonId(read(cover)?),
                near(from)?,
                near(to)?,
            ),
            ["handover", from, to] => HandOver(PersonId(read(from)?), PersonId(read(to)?)),
            ["useroom", asked] => UseRoom(read(asked)?),
            ["invite", person] => Invite(PersonId(read(person)?)),
            ["first", platform] => RouteFirst(read(platform)?),
            ["help"] => Help,
            _ => return Err(NotAnAction),
        })
    }
}

impl TryFrom<String> for Action {
    type Error = NotAnAction;
    fn try_from(text: String) -> Result<Action, NotAnAction> {
        text.parse()
    }
}

impl From<Action> for String {
    fn from(action: Action) -> String {
        action.to_string()
    }
}
