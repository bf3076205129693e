//! What is said in Japanese about a chat itself.
use super::names;
use crate::{
    conversation::{
        phrase::Outside,
        phrasing::{manual, page},
    },
    domain::people::Language,
};
use chrono::NaiveDate;

pub fn say(line: &Outside, today: NaiveDate) -> String {
    match line {
        Outside::StaffOnly => "職員専用です。ここではご相談をお受けできません".to_owned(),
        Outside::Counselling { at } => {
            format!("ご相談は {at} へ、命の危険があるときは110・119へお電話ください")
        }
        Outside::SendTheCode => "職員の方は、参加コードを送ってください".to_owned(),
        Outside::Joined { name, team, role } => {
            format!("{name}さんとして参加しました({team}・{})", page::role(*role, Language::Japanese))
        }
        Outside::JoinedAlready { name } => format!(
            "{name}さんとして参加済みです。ほかの方の参加コードは、その方のアカウントから送ってもらってください"
        ),
        Outside::CouldNotRecord { in_part: false } => {
            "うまく記録できませんでした。何も残していません。もう一度送るか、ページをお使いください".to_owned()
        }
        Outside::CouldNotRecord { in_part: true } => {
            "一部をうまく記録できませんでした。残りをもう一度送るか、ページをお使いください".to_owned()
        }
        Outside::NewsOnly => {
            "このチャットではお知らせだけをしています。何も残していません。記録はページで".to_owned()
        }
        Outside::DatesOnly => {
            "このチャットでは世帯の番号と日付だけをお見せしています。何も残していません。記録はページで".to_owned()
        }
        Outside::News => "お知らせがあります".to_owned(),
        Outside::NewsOf { code } => format!("{code} のお知らせがあります"),
        Outside::UrgentNews => "緊急のお知らせがあります。すぐページを開くか、職場へ電話してください".to_owned(),
        Outside::NewsIsOver => "このお知らせは済みました".to_owned(),
        Outside::CodeAndDay { code, on } => format!("{code} {}", names::day(*on, today)),
        Outside::DatesTitle => "世帯の番号と予定の日".to_owned(),
        Outside::NoDates => "あてはまる予定はありません".to_owned(),
        Outside::PageAt { url } => format!("ページ {url}"),
        Outside::CheckRoutes { name } => format!("{name}さん、連絡設定の確認をお願いします"),
        Outside::RoomOpenToAll { platform } => format!(
            "{}の登録した場所がだれでも読めるようになっていたため、投稿を止めました。メンバーを限ってから、もう一度登録してください",
            manual::platform_name(*platform, Language::Japanese)
        ),
        Outside::RoomLost { platform } => format!(
            "{}の登録した場所に投稿できなくなったため、登録を止めました。使うときは、もう一度登録してください",
            manual::platform_name(*platform, Language::Japanese)
        ),
    }
}
