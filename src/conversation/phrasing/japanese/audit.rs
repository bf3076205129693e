//! What is said in Japanese about the office's own health.
use super::names;
use crate::conversation::{audit::Trouble, phrase::AuditLine};
use chrono::NaiveDate;

pub fn say(line: &AuditLine, today: NaiveDate) -> String {
    match line {
        AuditLine::AllWell { at } => format!(
            "自動点検 {} {} 異常はありません",
            names::day(at.date(), today),
            at.format("%H:%M")
        ),
        AuditLine::Found { at, count } => format!(
            "自動点検 {} {} 気になる点が{count}件あります",
            names::day(at.date(), today),
            at.format("%H:%M")
        ),
        AuditLine::NotYet => "自動点検はまだです(始めてから数分で行います)".to_owned(),
        AuditLine::Trouble {
            trouble,
            which,
            mended,
        } => {
            let which = which
                .as_ref()
                .map(|which| format!("({which})"))
                .unwrap_or_default();
            format!("自動点検: {}{which}{}", found(*trouble), after(*mended))
        }
        AuditLine::OfHousehold {
            code,
            trouble,
            mended,
        } => {
            format!("{code} {}{}", found(*trouble), after(*mended))
        }
        AuditLine::Others { count } => format!("ほかに{count}件"),
        AuditLine::DetailsOnPage => "くわしくはページの「係長」にあります".to_owned(),
        AuditLine::Proof {
            open,
            unscheduled,
            sent,
            failed,
        } => format!(
            "支援中{open}世帯・{}・本日のお知らせ{sent}件・届かなかったお知らせ{failed}件",
            scheduled("全世帯", *unscheduled)
        ),
        AuditLine::OutOfReach {
            name,
            since: Some(since),
        } => {
            format!(
                "{name}さんに{}から届いていません。連絡設定の確認をお願いします",
                names::day(*since, today)
            )
        }
        AuditLine::OutOfReach { name, since: None } => {
            format!("{name}さんに届く連絡先がありません。連絡設定の確認をお願いします")
        }
    }
}

fn found(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoCheckIn => "次の予定が1つに決まっていない世帯があります",
        Trouble::LookMissed => "見直す時刻を過ぎた世帯があります",
        Trouble::LookTooFar => "次に見直す時刻が先すぎる世帯がありました",
        Trouble::NudgeMissing => "お知らせが出ていない世帯がありました",
        Trouble::DeliveryLate => "5分たっても届いていないお知らせがあります",
        Trouble::NotDelivered => "だれにも届いていないお知らせがあります",
        Trouble::LettersWait => "1時間たってもチャットに届いていない返事があります",
        Trouble::LoopStill => "止まった処理がありました",
        Trouble::ClockJumped => "機械の時計が急に変わりました",
        Trouble::ClockBehind => "機械の時計が、最後の記録より前を指しています",
        Trouble::Unreadable => "読めない記録があります。ほかの世帯のお知らせは続けています",
        Trouble::NoAudit => "動いているはずのKoekakeが点検をしていません",
    }
}

fn after(mended: bool) -> &'static str {
    if mended {
        "。直しました"
    } else {
        "。確認をお願いします"
    }
}

/// Whether every one of them has a date.
pub fn scheduled(every: &str, unscheduled: i64) -> String {
    match unscheduled {
        0 => format!("{every}に予定あり"),
        some => format!("予定のない世帯{some}"),
    }
}
