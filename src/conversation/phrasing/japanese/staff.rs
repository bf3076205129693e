//! What we say in Japanese about the staff.
use super::names;
use crate::{
    conversation::{
        phrase::StaffLine,
        phrasing::{manual, page},
    },
    domain::{household::Code, people::Language},
};
use chrono::NaiveDate;

/// One sentence.
pub fn say(line: &StaffLine, today: NaiveDate) -> String {
    match line {
        StaffLine::AdminsOnly => "管理者の方ができることです。管理者に伝えてください".to_owned(),
        StaffLine::OverseersOnly => "係長・代理・管理者の方ができることです。係長に伝えてください".to_owned(),
        StaffLine::WhomToInvite => "どなたを招待しますか。苗字を添えて送ってください(例 「招待 佐藤」)".to_owned(),
        StaffLine::JoinCode { name, code } => format!("{name}さんの参加コード {}", code.tell()),
        StaffLine::JoinCodeHow { code, days } => format!(
            "{days}日間、1回だけ使えます。前のコードは使えなくなりました。本人からボットへ、1対1のチャットで「参加 {}」と送ってもらってください",
            code.tell()
        ),
        StaffLine::JoinCodeMade { name } => format!("{name}さんの参加コードを作りました(コードは残していません)"),
        StaffLine::InviteElsewhere => {
            "この画面は会話が残るため、参加コードを出せません。チャットで送るか、管理者の方が koekake invite で作ってください".to_owned()
        }
        StaffLine::HowToAdd => "名前と役割を添えて送ってください(例 「職員追加 山田 担当」)".to_owned(),
        StaffLine::NameTaken => "同じ名前の職員がいます。呼び分けられる名前で送ってください".to_owned(),
        StaffLine::Added { name, role } => format!("{name}さん({})を加えました", page::role(*role, Language::Japanese)),
        StaffLine::Title { count } => format!("職員 {count}人"),
        StaffLine::Row { name, role, platforms, away_until, last_day } => {
            let platforms: Vec<&str> = platforms
                .iter()
                .map(|platform| manual::platform_name(*platform, Language::Japanese))
                .collect();
            let away = away_until.map(|until| format!(" {}まで休み", names::day(until, today)));
            let last = last_day.map(|last| format!(" {}まで在籍", names::day(last, today)));
            format!(
                "{name}さん {} {}{}{}",
                page::role(*role, Language::Japanese),
                if platforms.is_empty() { "連絡先なし".to_owned() } else { platforms.join("・") },
                away.unwrap_or_default(),
                last.unwrap_or_default(),
            )
        }
        StaffLine::WhoLeaves => "どなたのことですか。苗字を添えて送ってください(例 「退職 佐藤 3/31」)".to_owned(),
        StaffLine::LeftNow { name } => format!("{name}さんを職員から外しました。ページとチャットは使えなくなります"),
        StaffLine::LeavesOn { name, last_day } => {
            format!("{name}さんの在籍は{}までにしました。翌日からページとチャットは使えなくなります", names::day(*last_day, today))
        }
        StaffLine::StillInCharge { name, main, second } => {
            format!("{name}さんには主担当{main}世帯・副担当{second}世帯があります。引き継ぎが済むと外せます")
        }
        StaffLine::SecondNurseOf { codes } => {
            let all: Vec<String> = codes.iter().map(Code::to_string).collect();
            let first = all.first().map(String::as_str).unwrap_or_default();
            format!("副担当 {}。「{first} 副担当 (苗字)」のように替えられます", all.join("・"))
        }
        StaffLine::HandAllTo => "まとめて引き継ぐ方を選べます".to_owned(),
        StaffLine::HandedOver { name, to, count } => {
            format!("{name}さんの{count}世帯を{to}さんへ引き継ぎました。予定日はそのままです")
        }
        StaffLine::EntrustedAll { name, by, count } => {
            format!("{name}さんの{count}世帯を引き継ぎました({by}さんより)。予定日はそのままです")
        }
        StaffLine::LastAdmin => "ほかに管理者がいないため外せません。先に管理者を加えてください".to_owned(),
        StaffLine::PageLink { url } => url.tell().to_owned(),
        StaffLine::PageLinkHow { minutes } => format!("ページを開くリンクです。{minutes}分間、1回だけ使えます"),
        StaffLine::PageLinkMade => "ページのリンクを作りました(リンクは残していません)".to_owned(),
        StaffLine::PageIsHere => "この画面がページです".to_owned(),
    }
}
