//! The Japanese words on buttons.
use super::names;
use crate::{
    conversation::{phrase::Label, phrasing::manual},
    domain::people::Language,
};
use chrono::{Datelike, NaiveDate};

/// The words on a button.
pub fn label(label: &Label, today: NaiveDate) -> String {
    let fixed = match label {
        Label::Undo => "取り消す",
        Label::PutBack => "元に戻す",
        Label::StopUndo => "取り消しをやめる",
        Label::Redate => "日付を変える",
        Label::Correct => "直す",
        Label::PutOff => "日を変える",
        Label::ChangeAppointment => "予約を変える",
        Label::After(after) => return format!("{}後", names::span_of_time(*after)),
        Label::Span(after) => return names::span_of_time(*after),
        Label::OtherDay => "ほかの日",
        Label::Day(day) => return names::day(*day, today),
        Label::DayOfMonth(day) => return names::day_of_month(*day),
        Label::Signs(signs) => names::signs(*signs),
        Label::Kind(kind) => names::kind(*kind),
        Label::Outcome(outcome) => names::outcome(*outcome),
        Label::Household { code, last } => {
            return match last {
                Some((on, kind)) => {
                    format!(
                        "{code} 前回{}/{}{}",
                        on.month(),
                        on.day(),
                        kind.map(names::kind).unwrap_or_default()
                    )
                }
                None => code.to_string(),
            };
        }
        Label::Code(code) => return code.to_string(),
        Label::OtherOne => "ほか",
        Label::YesLog => "はい、記録する",
        Label::ReopenAndLog => "再開して記録する",
        Label::Never => "やめる",
        Label::Register => "新しく登録",
        Label::Route(route) => names::route(*route),
        Label::Record => "記録する",
        Label::Take => "やります",
        Label::Consult => "相談する",
        Label::Consultation(what) => names::consultation(*what),
        Label::Reason(reason) => names::put_off_reason(*reason),
        Label::PauseReason(reason) => names::pause_reason(*reason),
        Label::CloseReason(reason) => names::close_reason(*reason),
        Label::Class(Some(class)) => return format!("区分{}", class.code().to_uppercase()),
        Label::Class(None) => "区分なし",
        Label::Came => "来られた",
        Label::DidNotCome => "来られなかった",
        Label::AlarmRead => "確認した",
        Label::Handled => "対応した",
        Label::AskNurse(name) => return format!("{name}さんに聞く"),
        Label::Reassign => "担当を変える",
        Label::Person(name) => return format!("{name}さん"),
        Label::Accept => "確認",
        Label::Decline => "差し戻す",
        Label::AskCover => "お願いする",
        Label::Open => "開く",
        Label::Course => "経過を見る",
        Label::More => "次へ",
        Label::Upcoming(span) => return format!("{}の予定", names::span(*span)),
        Label::Overdue => "期限超過",
        Label::PastDate => "日を過ぎた世帯",
        Label::UseRoom => "このチームで使う",
        Label::Invite => "参加コードを作る",
        Label::RouteFirst(platform) => {
            return format!(
                "お知らせは{}へ",
                manual::platform_name(*platform, Language::Japanese)
            );
        }
        Label::Help => "使い方",
        Label::Send => "送る",
    };
    fixed.to_owned()
}
