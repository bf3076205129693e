//! What is said about the staff: who comes, who goes, how each gets in.
use crate::{
    conversation::{message::Platform, secret::Secret},
    domain::{household::Code, people::Role},
};
use chrono::NaiveDate;

/// One sentence about the staff.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum StaffLine {
    AdminsOnly,
    OverseersOnly,
    // 招待
    WhomToInvite,
    /// The code itself: it is kept nowhere.
    JoinCode {
        name: String,
        code: Secret,
    },
    JoinCodeHow {
        code: Secret,
        days: i64,
    },
    /// In its place in the history.
    JoinCodeMade {
        name: String,
    },
    InviteElsewhere,
    // 職員追加
    HowToAdd,
    /// What was typed is not repeated.
    NameTaken,
    Added {
        name: String,
        role: Role,
    },
    // 職員一覧
    Title {
        count: usize,
    },
    Row {
        name: String,
        role: Role,
        /// Where they are reached, first ones first.
        platforms: Vec<Platform>,
        away_until: Option<NaiveDate>,
        last_day: Option<NaiveDate>,
    },
    // 退職
    WhoLeaves,
    LeftNow {
        name: String,
    },
    LeavesOn {
        name: String,
        last_day: NaiveDate,
    },
    StillInCharge {
        name: String,
        main: usize,
        second: usize,
    },
    SecondNurseOf {
        codes: Vec<Code>,
    },
    /// Above a button for each colleague who could take all of it.
    HandAllTo,
    HandedOver {
        name: String,
        to: String,
        count: usize,
    },
    /// To whoever has them now.
    EntrustedAll {
        name: String,
        by: String,
        count: usize,
    },
    LastAdmin,
    // ページ
    /// The link itself: it is kept nowhere.
    PageLink {
        url: Secret,
    },
    PageLinkHow {
        minutes: i64,
    },
    /// In its place in the history.
    PageLinkMade,
    PageIsHere,
}
