//! What a message means: the one value that reading gives and deciding takes.
use super::message::Platform;
use crate::domain::{
    check_in::Plan,
    closed_list,
    contact::Details,
    household::{Class, CloseReason, Code, Flag, PauseReason, Route},
    people::Role,
};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// One message, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    pub intent: Intent,
    /// The household codes in the order typed, each once. The first is the one
    /// meant; a second makes the line ambiguous unless it could be split.
    pub households: Vec<Code>,
    /// The main contact of a log line; only the day where there is none.
    pub contact: Details,
    /// Further contacts in the same line, of less effort than the main one.
    pub more: Vec<Details>,
    /// The next check-in, as said.
    pub due: Due,
    pub plan: Plan,
    /// Agreed with the household (次回, 約束, 予約, アポ with date and time): never moved.
    pub appointment: bool,
    /// Said to be urgent, or words of danger.
    pub urgent: bool,
    /// What was not said and must be asked, in this order.
    pub ask: Vec<Ask>,
    /// The line corrects the last record (訂正, さっき…) and makes no contact.
    pub corrects: bool,
    /// Flags said in a log line (二人で, 物を残さない).
    pub flags: Vec<Flag>,
    /// A name, telephone number, address or the like was typed.
    pub personal: bool,
    /// Words as typed that were read as others (訪門 as 訪問).
    pub repaired: Vec<String>,
    /// Logs of further households of the same line, each with its own outcome and
    /// with that household alone in `households`; then everything else here is of
    /// the first household. Empty where the line could not be split.
    pub others: Vec<Meaning>,
    /// What was typed of a next date that could not be resolved, to be named
    /// back (しばらくして, 13/5). It is of the words of dates alone.
    pub unresolved: Option<String>,
    /// Chatter that may have been meant for the bot, and the log that it would be:
    /// in a private chat it is worth one question, in a shared place it is passed
    /// over.
    pub doubtful: Option<Box<Meaning>>,
    /// It was given as a command, with a slash.
    pub is_call: bool,
    /// A line that is a day and nothing else: it answers where a day was asked for,
    /// and is chatter elsewhere.
    pub day_alone: Option<NaiveDate>,
    /// Words that were neither understood nor filler. Never stored, never
    /// logged; `koekake read` shows them so that an office can add words.
    pub not_understood: Vec<String>,
}

/// What the writer wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// A contact, or a next date, or both.
    Log,
    /// 期限超過
    Overdue,
    /// 予定
    Upcoming(Span),
    /// 経過・履歴; brief for 「前回は？」
    Show { brief: bool },
    /// 取り消し
    Undo,
    /// 中断
    Pause(Option<PauseReason>),
    /// 再開 of a paused or watched household
    Resume,
    /// 見守り
    Watch,
    /// 終結
    Close(Option<CloseReason>),
    /// 移管
    Transfer,
    /// 移管先の受理確認: the other side has confirmed receipt
    Received,
    /// 再開 of a closed household
    Reopen,
    /// 担当を○○へ; names of colleagues as typed, without honorifics
    Assign {
        main: Option<String>,
        second: Option<String>,
    },
    /// 新規登録
    Add {
        known_by: Option<Route>,
        known_on: Option<NaiveDate>,
    },
    /// 区分; asked for where it is not said
    SetClass(Option<Class>),
    /// 区分なし
    ClearClass,
    /// 配慮事項
    SetFlags { add: Vec<Flag>, remove: Vec<Flag> },
    /// 訪問を控える期間の解除・設定; None clears it
    NotBefore(Option<NaiveDate>),
    /// 休み; the person is the writer unless named
    Leave {
        who: Option<String>,
        from: NaiveDate,
        to: NaiveDate,
        cover: Option<String>,
    },
    /// 代行: who stands in for whom; the writer where not named
    Cover {
        who: Option<String>,
        cover: Option<String>,
        from: NaiveDate,
        to: NaiveDate,
    },
    /// English / 日本語: the language in which the writer is answered
    Language(crate::domain::people::Language),
    /// 招待: lets a colleague join by a chat
    Invite { who: Option<String> },
    /// 職員追加: somebody joins the sender's team
    AddStaff {
        name: Option<String>,
        role: Option<Role>,
    },
    /// 職員一覧
    Staff,
    /// 退職, 転出: the last day is today's eve where none is said
    LetGo {
        who: Option<String>,
        last_day: Option<NaiveDate>,
    },
    /// ページ: a link to one's own page
    Page,
    /// お知らせは○○へ: where the writer's nudges go first; asked for where it is
    /// not said
    Notify(Option<Platform>),
    /// お知らせ 9:00: when the writer wants the morning's message; None at the
    /// opening
    Morning(Option<NaiveTime>),
    /// 勤務日; the writer's own unless somebody is named
    WorkingDays { who: Option<String>, days: u8 },
    /// ヘルプ
    Help,
    /// Not for us: silence, and no trace.
    Chatter,
}

impl Intent {
    /// The code in `koekake read --json`.
    pub fn code(&self) -> &'static str {
        match self {
            Intent::Log => "log",
            Intent::Overdue => "overdue",
            Intent::Upcoming(_) => "upcoming",
            Intent::Show { .. } => "show",
            Intent::Undo => "undo",
            Intent::Pause(_) => "pause",
            Intent::Resume => "resume",
            Intent::Watch => "watch",
            Intent::Close(_) => "close",
            Intent::Transfer => "transfer",
            Intent::Received => "received",
            Intent::Reopen => "reopen",
            Intent::Assign { .. } => "assign",
            Intent::Add { .. } => "add",
            Intent::SetClass(_) | Intent::ClearClass => "class",
            Intent::SetFlags { .. } => "flags",
            Intent::NotBefore(_) => "not_before",
            Intent::Leave { .. } => "leave",
            Intent::Cover { .. } => "cover",
            Intent::Language(_) => "language",
            Intent::Invite { .. } => "invite",
            Intent::AddStaff { .. } => "staff_add",
            Intent::Staff => "staff",
            Intent::LetGo { .. } => "staff_leave",
            Intent::Page => "page",
            Intent::Notify(_) => "notify",
            Intent::Morning(_) => "morning",
            Intent::WorkingDays { .. } => "working_days",
            Intent::Help => "help",
            Intent::Chatter => "chatter",
        }
    }
}

closed_list! {
    /// Of which days the plans are asked for.
    pub enum Span {
        Today,
        ThisWeek,
        NextWeek,
    }
}

closed_list! {
    /// What must be asked back.
    pub enum Ask {
        Household,
        Kind,
        Outcome,
        Date,
    }
}

/// The next check-in as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// No date was said.
    Unsaid,
    Said(SaidDate),
    /// A date was said that cannot be one, or is too vague: it must be asked.
    Unclear(UnclearDate),
}

/// A date that was said and resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidDate {
    /// Exactly as said, before any move to an open day.
    pub on: NaiveDate,
    /// Moved to an open day where the rules say so.
    pub due_on: NaiveDate,
    /// The last day that is not late; `due_on` for exact dates.
    pub due_by: NaiveDate,
    /// The weekday that was typed does not fit the date: the nearest date that
    /// has it. The date is asked, and `on` holds until then.
    pub by_weekday: Option<NaiveDate>,
    /// Read from a range, 数か月, a month or its part without a day: shown as a guess.
    pub guessed: bool,
}

/// Why a said date is not one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnclearDate {
    /// 2月29日 in a common year, 31 February: the month's last day and the
    /// next day after it are offered, both moved to open days.
    Impossible {
        year: i32,
        month: u32,
        day: u32,
        before: NaiveDate,
        after: NaiveDate,
    },
    /// しばらくして, 未定, 来春
    Vague,
    /// A past date said as a plan (次回, 予定).
    Past(NaiveDate),
}
