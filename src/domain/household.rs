//! A household 世帯: its state, flags, class, and how it became known.
use super::{CheckInId, HouseholdId, PersonId, TeamId, closed_list};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The code by which the chat knows a household: `H-012`. Unique in the office.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

impl Code {
    /// The code with this number, zero-padded to three digits.
    pub fn of(number: u32) -> Code {
        Code(format!("H-{number:03}"))
    }

    /// The number in the code.
    pub fn number(&self) -> u32 {
        self.0[2..].parse().unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was given is no household code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a household code: expected H- and one to six digits")]
pub struct NotACode;

impl FromStr for Code {
    type Err = NotACode;

    /// Reads the canonical spelling only; what people type is read in
    /// `conversation::reading`.
    fn from_str(text: &str) -> Result<Code, NotACode> {
        let digits = text.strip_prefix("H-").ok_or(NotACode)?;
        if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotACode);
        }
        digits.parse().map(Code::of).map_err(|_| NotACode)
    }
}

impl TryFrom<String> for Code {
    type Error = NotACode;
    fn try_from(text: String) -> Result<Code, NotACode> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> String {
        code.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

closed_list! {
    /// Where the support stands.
    pub enum State {
        /// 受理: until the first contact that is more than information
        Intake,
        /// 支援中
        Active,
        /// 見守り
        Watching,
        /// 中断
        Paused,
        /// 終結
        Closed,
        /// 移管
        Transferred,
    }
}

impl State {
    /// Whether the household must have a next check-in.
    pub fn is_open(self) -> bool {
        !matches!(self, State::Closed | State::Transferred)
    }
}

closed_list! {
    /// Why support was interrupted (the survey's list).
    pub enum PauseReason {
        /// 家族①: the family's will to consult faded 相談意欲の低下
        FamilyWill,
        /// 家族②: the parents disagree 父母の意見の不一致
        FamilyDisagreement,
        /// 家族③: a quick cure was hoped for 早期解決への期待
        FamilyExpectation,
        /// 家族④: fatigue, depression 疲労・抑うつ
        FamilyFatigue,
        /// 本人の拒否
        Person,
        /// 事業所側: too little time, knowledge, skill
        Office,
    }
}

closed_list! {
    /// Why a household was closed or handed on (the survey's list of endings).
    pub enum CloseReason {
        /// 問題の解決
        Solved,
        /// 社会的活動の再開
        SocialLife,
        /// 専門機関への引継ぎ
        PassedOn,
        /// 相談意欲の消失
        WillFaded,
        /// 死亡
        Died,
        /// 転居(転居先に引継ぎ済み)
        MovedAway,
        /// 登録の取り消し: it was registered by mistake
        Mistaken,
        /// その他
        Other,
    }
}

closed_list! {
    /// Who first told of it 把握経路.
    pub enum Route {
        /// 近隣
        Neighbour,
        /// 民生委員
        Commissioner,
        /// 地域包括支援センター
        SupportCentre,
        /// ケアマネジャー
        CareManager,
        /// 家族
        Family,
        /// 本人
        #[serde(rename = "self")]
        #[strum(serialize = "self")]
        Person,
        /// ライフライン事業者
        Utility,
        /// その他
        Other,
    }
}

closed_list! {
    /// What must be minded before each contact 配慮事項.
    pub enum Flag {
        /// 二人以上で
        TwoTogether,
        /// 物を残さない
        LeaveNothing,
        /// 無地の封筒
        PlainEnvelope,
        /// 関係機関へ連絡しない
        NoAgencies,
        /// 電話は午前
        CallMornings,
        /// 電話は午後
        CallAfternoons,
        /// 電話は夕方
        CallEvenings,
    }
}

closed_list! {
    /// Set by the team; caps what we propose.
    pub enum Class {
        A,
        B,
        C,
    }
}

/// A household as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    pub id: HouseholdId,
    pub code: Code,
    pub team: TeamId,
    /// All that a save may change and an undo may bring back.
    pub facts: Facts,
    /// Rises by one at each save; a save made for another version is refused.
    pub version: i64,
}

/// The part of a household that a save changes. An undo puts the former one back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub state: State,
    /// Why it is paused; only while `state` is paused.
    pub pause_reason: Option<PauseReason>,
    /// Why it was closed; only then.
    pub close_reason: Option<CloseReason>,
    /// 移管: confirmed here, and the other side has not confirmed receipt yet.
    pub awaiting_receipt: bool,
    pub class: Option<Class>,
    pub flags: Vec<Flag>,
    /// 訪問を控える期間: no direct contact before this day.
    pub not_before: Option<NaiveDate>,
    /// 把握経路
    pub known_by: Option<Route>,
    /// 第一報日
    pub known_on: Option<NaiveDate>,
    /// 主担当
    pub main: Option<PersonId>,
    /// 副担当
    pub second: Option<PersonId>,
    /// The open check-in; None exactly when the household is not open.
    pub check_in: Option<CheckInId>,
}

impl Facts {
    /// Who has it in hand.
    pub fn care(&self) -> super::people::Care {
        super::people::Care {
            main: self.main,
            second: self.second,
        }
    }
}
