//! What we say in Japanese in shared places, and about how a message came.
use super::names;
use crate::{
    conversation::{
        phrase::{Acknowledged, ChatLine},
        phrasing::manual,
    },
    domain::people::Language,
};
use chrono::NaiveDate;

/// One sentence.
pub fn say(line: &ChatLine, today: NaiveDate) -> String {
    match line {
        ChatLine::Acknowledged { code, what, next } => {
            let what = match what {
                Acknowledged::Contact(Some(kind)) => format!("{}を記録しました", names::kind(*kind)),
                Acknowledged::Contact(None) => "記録しました".to_owned(),
                Acknowledged::Date => "予定を入れました".to_owned(),
            };
            let next = next.map(|(purpose, on)| {
                format!("。{} {}", names::purpose(purpose), names::day(on, today))
            });
            format!("{code} {what}{}", next.unwrap_or_default())
        }
        ChatLine::RoomIsOpenToAll => {
            "このチャンネルは全員が見られるため使えません。メンバーを限ったチャンネルでお試しください".to_owned()
        }
        ChatLine::RoomReaders { count: Some(count) } => format!("ここを見られるのはメンバー{count}人です"),
        ChatLine::RoomReaders { count: None } => "ここを見られるのはメンバーだけです".to_owned(),
        ChatLine::RoomMoves => "いまは別のチームの場所です。使うと、こちらのチームに移ります".to_owned(),
        ChatLine::RoomShowsLittle => {
            "ここに出すのは世帯の番号・方法・日付だけです。くわしい返事は、書いた方だけに届きます".to_owned()
        }
        ChatLine::RoomUsed => "この場所をチームで使えるようにしました".to_owned(),
        ChatLine::RoomBegins => {
            "ここで記録できるようになりました。「H-012 訪問 不在 3か月後」のように1行で書いてください".to_owned()
        }
        ChatLine::RoomServes => {
            "この場所をチームで使います。記録はページでお願いします".to_owned()
        }
        ChatLine::NotARoom => "チームのチャンネルやグループの中で送ってください".to_owned(),
        ChatLine::Edited => "メッセージが書き直されました。記録は変えていません".to_owned(),
        ChatLine::EditUnread => {
            "書き直した文は読んでいません。記録するときは、新しく送ってください".to_owned()
        }
        ChatLine::NotRead => {
            "記録として読み取れなかったため、何も残していません。「H-012 訪問 不在」のように1行で送ってください".to_owned()
        }
        ChatLine::NotRecorded { code } => {
            format!("いまの分は記録していません。記録するときは「{code} 訪問 不在」のように1行で送ってください")
        }
        ChatLine::UnclearCall => {
            "読み取れませんでした。世帯の番号や名前を添えて、もう一度送ってください".to_owned()
        }
        ChatLine::TypedAt { at } => {
            format!("{} {}に送られた分です", names::day(at.date(), today), names::time(at.time()))
        }
        ChatLine::RouteSet { platform } => {
            let platform = manual::platform_name(*platform, Language::Japanese);
            format!("お知らせは、まず{platform}へ届けます")
        }
        ChatLine::WhichRoute => "お知らせを最初に届ける先を選んでください".to_owned(),
        ChatLine::NoChat => {
            "チャットにはまだ参加していません。お知らせはページに届きます".to_owned()
        }
        ChatLine::NoRoute { platform } => {
            let platform = manual::platform_name(*platform, Language::Japanese);
            format!("{platform}にはまだ参加していません。参加コードで参加したあとに選べます")
        }
    }
}
