//! The Japanese names of commands, and the help.
use crate::conversation::{
    meaning::Span,
    phrase::{Command, HelpLine},
};

/// As it is echoed.
pub fn name(command: Command) -> &'static str {
    match command {
        Command::Overdue => "期限超過",
        Command::Upcoming(span) => match span {
            Span::Today => "今日の予定",
            Span::ThisWeek => "今週の予定",
            Span::NextWeek => "来週の予定",
        },
        Command::Show => "履歴",
        Command::Undo => "取り消し",
        Command::Correct => "訂正",
        Command::Pause => "中断",
        Command::Resume => "再開",
        Command::Watch => "見守り",
        Command::Close => "終結",
        Command::Transfer => "移管",
        Command::Received => "受理確認",
        Command::Reopen => "再開",
        Command::Assign => "担当",
        Command::Add => "登録",
        Command::SetClass => "区分",
        Command::SetFlags => "配慮事項",
        Command::NotBefore => "訪問を控える期間",
        Command::Leave => "休み",
        Command::Cover => "代行",
        Command::Language => "ことば",
        Command::Invite => "招待",
        Command::StaffAdd => "職員追加",
        Command::Staff => "職員一覧",
        Command::StaffLeave => "退職",
        Command::Page => "ページ",
        Command::Notify => "お知らせ先",
        Command::Morning => "お知らせの時刻",
        Command::WorkingDays => "勤務日",
        Command::Help => "使い方",
    }
}

/// One line of the help.
pub fn help(line: HelpLine) -> &'static str {
    match line {
        HelpLine::Log => "記録: 「H-012 訪問 不在 名刺 3か月後」のように1行で。順番は自由です",
        HelpLine::Dates => "日付: 3か月後・来週火曜・12/15・1月中旬・月末・年明け など",
        HelpLine::Lists => "一覧: 「今日の予定」「今週の予定」「来週の予定」「期限超過」",
        HelpLine::Course => "経過: 「H-012 前回は？」「H-012 履歴」",
        HelpLine::Undo => "取り消し: 「取り消し」 訂正: 「訂正 H-012 1か月後」",
        HelpLine::States => {
            "状態: 「H-012 中断」「再開」「見守り」「終結」「移管」「区分A」「配慮 二人で」「登録」"
        }
        HelpLine::People => {
            "人: 「H-012 担当を佐藤へ」「休み 12/1から12/12 代行 佐藤」「今日休み」"
        }
        HelpLine::Chats => {
            "ページ: 「ページ」 お知らせ: 「お知らせはDiscordへ」「お知らせ 9:00」 勤務日: 「勤務日 月水金」"
        }
        HelpLine::Staff => {
            "職員: 「招待 佐藤」「職員一覧」「職員追加 山田 担当」「退職 佐藤 3/31」"
        }
        HelpLine::Silence => "雑談や相談の言葉には返事をせず、何も残しません",
        HelpLine::Emergency => {
            "命や安全にかかわるときは、まず電話を。ここは緊急通報の窓口ではありません"
        }
    }
}
