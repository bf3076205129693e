//! What a word can mean.
use crate::domain::{
    closed_list,
    contact::{Kind, Left, Outcome, Partner, Promise, Signs, SmallChange, Whom},
    household::{CloseReason, Flag, PauseReason, Route},
    people::Language,
};
use std::str::FromStr;

/// What one word means. A word may have several of one head (父母).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    Kind(Kind),
    /// 行く, かける: a kind that is yet to come, and only right behind a time.
    Ahead,
    /// 再訪: one more contact of a kind.
    Again(Kind),
    Outcome(Outcome),
    /// 会えず: holds only where nothing else was said.
    Unmet,
    /// 話せた, 会えた, 面談: with whom stands beside it.
    Met,
    /// ドア越し
    ThroughDoor,
    /// インターホン
    Interphone,
    Whom(Whom),
    Left(Left),
    /// 返された: a card, or a letter.
    Returned,
    /// ポスト
    Post,
    /// 玄関先で: where somebody is met.
    Door,
    /// 投函
    Drop,
    Sign(Signs),
    Change(SmallChange),
    Promise(Promise),
    Partner(Partner),
    /// 連絡, 報告: word from somebody, where から stands before it.
    Report,
    /// 一緒に
    Together,
    Danger,
    Urgent,
    /// しばらくして, 未定
    Vague,
    /// 次回, また: what follows is yet to come.
    Next,
    /// 予定
    Planned,
    Appointment,
    /// 訂正
    Correct,
    /// さっき
    Just,
    /// って入れた
    Typed,
    /// やっぱり
    Instead,
    /// すみません: before a date, it takes back the one said before.
    Sorry,
    Command(Command),
    Language(Language),
    PauseReason(PauseReason),
    CloseReason(CloseReason),
    Flag(Flag),
    /// ですか, っけ
    Question,
    /// どこ, 誰: a question unless something done is told beside it.
    Asking,
    /// お願い, 教えて
    Request,
    /// 了解, ですね: talk, unless how a contact went is told beside it.
    Chat,
    /// 机に: where papers lie in an office, with the same exception.
    Desk,
    Filler,
}

closed_list! {
    /// What can be asked of the bot by a word or a slash.
    pub enum Command {
        Log,
        Overdue,
        Upcoming,
        Show,
        Brief,
        Undo,
        Pause,
        Resume,
        Watch,
        Close,
        Transfer,
        Received,
        Reopen,
        Assign,
        AssignSecond,
        Add,
        Class,
        Flags,
        NotBefore,
        Leave,
        Cover,
        Language,
        Help,
    }
}

closed_list! {
    /// What a line about the staff, the page or nudges begins with.
    pub enum Opening {
        Invite,
        Staff,
        StaffAdd,
        StaffLeave,
        Page,
        Notify,
        WorkingDays,
    }
}

impl Sense {
    /// The meaning of the words under a head and a code; None for an unknown one.
    pub fn of(head: &str, code: &str) -> Option<Sense> {
        fn read<T: FromStr>(code: &str) -> Option<T> {
            code.parse().ok()
        }
        Some(match (head, code) {
            ("kind", "ahead") => Sense::Ahead,
            ("kind", code) => Sense::Kind(read(code)?),
            ("again", code) => Sense::Again(read(code)?),
            ("outcome", code) => Sense::Outcome(read(code)?),
            ("unmet", "absent") => Sense::Unmet,
            ("met", "met") => Sense::Met,
            ("voice", "voice") => Sense::ThroughDoor,
            ("voice", "interphone") => Sense::Interphone,
            ("whom", code) => Sense::Whom(read(code)?),
            ("left", code) => Sense::Left(read(code)?),
            ("returned", "returned") => Sense::Returned,
            ("place", "post") => Sense::Post,
            ("place", "door") => Sense::Door,
            ("place", "drop") => Sense::Drop,
            ("sign", code) => Sense::Sign(read(code)?),
            ("change", code) => Sense::Change(read(code)?),
            ("promise", code) => Sense::Promise(read(code)?),
            ("partner", code) => Sense::Partner(read(code)?),
            ("report", "from") => Sense::Report,
            ("together", "together") => Sense::Together,
            ("danger", "danger") => Sense::Danger,
            ("urgent", "urgent") => Sense::Urgent,
            ("vague", "vague") => Sense::Vague,
            ("next", "next") => Sense::Next,
            ("next", "plan") => Sense::Planned,
            ("appointment", "appointment") => Sense::Appointment,
            ("correct", "correct") => Sense::Correct,
            ("correct", "just") => Sense::Just,
            ("correct", "typed") => Sense::Typed,
            ("correct", "instead") => Sense::Instead,
            ("correct", "sorry") => Sense::Sorry,
            ("command", code) => Sense::Command(read(code)?),
            ("language", code) => Sense::Language(read(code)?),
            ("pause_reason", code) => Sense::PauseReason(read(code)?),
            ("close_reason", code) => Sense::CloseReason(read(code)?),
            ("flag", code) => Sense::Flag(read(code)?),
            ("talk", "question") => Sense::Question,
            ("talk", "asking") => Sense::Asking,
            ("talk", "request") => Sense::Request,
            ("talk", "chat") => Sense::Chat,
            ("talk", "desk") => Sense::Desk,
            ("filler", "filler") => Sense::Filler,
            _ => return None,
        })
    }

    /// How `koekake read` names it; None for words that carry no meaning.
    pub fn code(self) -> Option<String> {
        Some(match self {
            Sense::Kind(kind) => format!("kind:{}", kind.code()),
            Sense::Again(kind) => format!("again:{}", kind.code()),
            Sense::Outcome(outcome) => format!("outcome:{}", outcome.code()),
            Sense::Whom(whom) => format!("whom:{}", whom.code()),
            Sense::Left(left) => format!("left:{}", left.code()),
            Sense::Sign(signs) => format!("signs:{}", signs.code()),
            Sense::Change(change) => format!("change:{}", change.code()),
            Sense::Promise(promise) => format!("promise:{}", promise.code()),
            Sense::Partner(partner) => format!("partner:{}", partner.code()),
            Sense::Command(command) => format!("command:{}", command.code()),
            Sense::Language(language) => format!("language:{}", language.code()),
            Sense::PauseReason(reason) => format!("pause:{}", reason.code()),
            Sense::CloseReason(reason) => format!("close:{}", reason.code()),
            Sense::Flag(flag) => format!("flag:{}", flag.code()),
            Sense::Filler => return None,
            other => format!("{other:?}").to_lowercase(),
        })
    }
}

/// The route by which a household became known, for a partner or a relative.
pub(super) fn route_of(sense: Sense) -> Option<Route> {
    Some(match sense {
        Sense::Partner(Partner::Neighbour) => Route::Neighbour,
        Sense::Partner(Partner::Commissioner) => Route::Commissioner,
        Sense::Partner(Partner::SupportCentre) => Route::SupportCentre,
        Sense::Partner(Partner::CareManager) => Route::CareManager,
        Sense::Partner(Partner::Utility) => Route::Utility,
        Sense::Partner(Partner::Family) => Route::Family,
        Sense::Partner(_) => Route::Other,
        Sense::Whom(Whom::Person) => Route::Person,
        Sense::Whom(_) => Route::Family,
        _ => return None,
    })
}
