//! A request that waits for a colleague's answer: a closure, a transfer, help.
use super::{
    HouseholdId, PersonId, RequestId, closed_list, household::CloseReason, people::Person,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// 終結の確認依頼
    Close { reason: CloseReason },
    /// 移管の確認依頼
    Transfer,
    /// 今回だけ代わってほしい
    StandInOnce,
    /// 同行してほしい
    ComeAlong,
    /// 担当替えの相談
    HandOver,
    /// 手が足りない
    ShortHanded,
    /// ○○さんに聞く: how is it going
    HowIsIt,
}

closed_list! {
    /// What became of it.
    pub enum Status {
        Open,
        Accepted,
        Declined,
        /// Taken back with the save that asked it, or overtaken.
        Withdrawn,
    }
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: RequestId,
    pub household: HouseholdId,
    pub wish: Wish,
    pub asked_by: PersonId,
    pub asked_at: DateTime<Utc>,
    pub status: Status,
}

impl Request {
    /// It is asked of the supervisors and deputies of the team.
    pub fn may_be_answered_by(&self, person: &Person) -> bool {
        person.role.leads()
    }
}
