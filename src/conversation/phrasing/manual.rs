//! The words of a chat's own menus: names and descriptions of its commands and
//! of what they take. A chat shows them as its manual.
use super::{Voice, page};
use crate::{
    conversation::{
        commands::{Argument, Command, Turn, Value},
        message::Platform,
        phrase::Label,
    },
    domain::{household::Class, people::Language},
};
use chrono::NaiveDate;

/// What a command is called; the English name is its base name.
pub fn name(command: Command, language: Language) -> &'static str {
    match language {
        Language::Japanese => command_in_japanese(command).0,
        Language::English => command.code(),
    }
}

/// What a command does, in a line.
pub fn description(command: Command, language: Language) -> &'static str {
    match language {
        Language::Japanese => command_in_japanese(command).1,
        Language::English => command_in_english(command),
    }
}

/// What an argument is called; the English name is its base name.
pub fn argument(argument: Argument, language: Language) -> &'static str {
    match language {
        Language::Japanese => argument_in_japanese(argument).0,
        Language::English => argument.code(),
    }
}

/// What to give for an argument, in a line.
pub fn hint(argument: Argument, language: Language) -> &'static str {
    match language {
        Language::Japanese => argument_in_japanese(argument).1,
        Language::English => argument_in_english(argument),
    }
}

/// The heading of the form for a whole contact.
pub fn form_title(language: Language) -> &'static str {
    match language {
        Language::Japanese => "接触を記録する",
        Language::English => "Record a contact",
    }
}

/// A value from which a caller chooses.
pub fn value(value: Value, language: Language) -> String {
    // None of them tells a date.
    let today = NaiveDate::default();
    let label = |label: Label| Voice { language, today }.label(&label);
    match value {
        Value::Kind(kind) => label(Label::Kind(kind)),
        Value::Outcome(outcome) => label(Label::Outcome(outcome)),
        Value::Span(span) => label(Label::Upcoming(span)),
        Value::Turn(turn) => turn_word(turn, language).to_owned(),
        Value::Route(route) => label(Label::Route(route)),
        Value::Class(class) => class_word(class).to_owned(),
        Value::Platform(platform) => platform_name(platform, language).to_owned(),
        Value::Language(Language::Japanese) => "日本語".to_owned(),
        Value::Language(Language::English) => "English".to_owned(),
        Value::Role(role) => page::role(role, language).to_owned(),
    }
}

/// What a platform is called.
pub fn platform_name(platform: Platform, language: Language) -> &'static str {
    match (platform, language) {
        (Platform::Telegram, _) => "Telegram",
        (Platform::Discord, _) => "Discord",
        (Platform::Page, Language::Japanese) => "ページ",
        (Platform::Page, Language::English) => "the page",
    }
}

/// The variable that names the file with its token.
pub fn token_variable(platform: Platform) -> String {
    format!("KOEKAKE_{}__TOKEN_FILE", platform.code().to_uppercase())
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::A => "A",
        Class::B => "B",
        Class::C => "C",
    }
}

fn turn_word(turn: Turn, language: Language) -> &'static str {
    match (turn, language) {
        (Turn::Watch, Language::Japanese) => "見守り",
        (Turn::Pause, Language::Japanese) => "中断",
        (Turn::Resume, Language::Japanese) => "再開",
        (Turn::Close, Language::Japanese) => "終結",
        (Turn::Transfer, Language::Japanese) => "移管",
        (Turn::Received, Language::Japanese) => "受理確認",
        (Turn::Reopen, Language::Japanese) => "再受理",
        (Turn::Watch, Language::English) => "watch",
        (Turn::Pause, Language::English) => "pause",
        (Turn::Resume, Language::English) => "resume",
        (Turn::Close, Language::English) => "close",
        (Turn::Transfer, Language::English) => "transfer",
        (Turn::Received, Language::English) => "received",
        (Turn::Reopen, Language::English) => "reopen",
    }
}

/// Name and description.
fn command_in_japanese(command: Command) -> (&'static str, &'static str) {
    match command {
        Command::Record => (
            "記録",
            "したことを記録します。何も付けずに送ると、順に選べます(例 H-012 訪問 不在 名刺 3か月後)",
        ),
        Command::Correct => ("訂正", "前の記録を直します(例 H-012 1か月後)"),
        Command::Undo => ("取り消し", "最後の記録を取り消します"),
        Command::Overdue => ("期限超過", "予定の日を過ぎた世帯の一覧です"),
        Command::Plan => ("予定", "今日・今週・来週の予定の一覧です"),
        Command::Show => ("経過", "世帯のこれまでの経過と次の予定です(例 H-012)"),
        Command::State => (
            "状態",
            "中断・再開・見守り・終結・移管にします(例 H-012 見守り)",
        ),
        Command::Add => ("登録", "新しい世帯を登録します(例 H-099 民生委員)"),
        Command::Class => ("区分", "世帯の区分を決めます(例 H-012 A)"),
        Command::Assign => ("担当", "世帯の担当を決めます(例 H-012 佐藤)"),
        Command::Leave => (
            "休み",
            "休みと代行を入れます(例 12/1から12/12 代行 佐藤)。日がなければ今日です",
        ),
        Command::Cover => ("代行", "休む人の代行を決めます"),
        Command::Page => (
            "ページ",
            "自分のページを開くリンクです。10分間、1回だけ使えます",
        ),
        Command::Notify => (
            "お知らせ先",
            "お知らせを最初に届ける先を選びます(例 Discord)",
        ),
        Command::Language => ("言語", "返事のことばを選びます(日本語・English)"),
        Command::Help => ("使い方", "通じる言葉と使い方です"),
        Command::Join => ("参加", "参加コードで職員として参加します(例 7KQ2-9M4T)"),
        Command::Invite => ("招待", "職員の参加コードを作ります(例 佐藤)"),
        Command::Staff => ("職員一覧", "チームの職員と連絡先の一覧です"),
        Command::StaffAdd => ("職員追加", "チームに職員を加えます(例 山田 担当)"),
        Command::StaffLeave => ("退職", "退職・転出する職員を外します(例 佐藤 3/31)"),
        Command::Setup => ("設定", "この場所を自分のチームで使います(管理者)"),
    }
}

fn command_in_english(command: Command) -> &'static str {
    match command {
        Command::Record => {
            "Record what you did, or choose step by step (such as H-012 visit absent card 3 months)"
        }
        Command::Correct => "Correct the last record (such as H-012 1 month)",
        Command::Undo => "Take back the last record",
        Command::Overdue => "The households past their date",
        Command::Plan => "The plans of today, this week or next week",
        Command::Show => "What was done for a household, and its next date (such as H-012)",
        Command::State => {
            "Pause, resume, watch, close or transfer a household (such as H-012 watch)"
        }
        Command::Add => "Register a new household (such as H-099 commissioner)",
        Command::Class => "Set the class of a household (such as H-012 A)",
        Command::Assign => "Say who cares for a household (such as H-012 Sato)",
        Command::Leave => {
            "Enter days off and who covers (such as 12/1 to 12/12 cover Sato); today if no day is said"
        }
        Command::Cover => "Say who stands in for whom",
        Command::Page => "A link to your page, for 10 minutes and one use",
        Command::Notify => "Where your nudges go first (such as Discord)",
        Command::Language => "The language of the answers (日本語, English)",
        Command::Help => "What can be said, and how",
        Command::Join => "Join as staff with your code (such as 7KQ2-9M4T)",
        Command::Invite => "Make a join code for a colleague (such as Sato)",
        Command::Staff => "The staff of the team, and where they are reached",
        Command::StaffAdd => "Add somebody to the team (such as Yamada nurse)",
        Command::StaffLeave => "Let somebody go who leaves the office (such as Sato 3/31)",
        Command::Setup => "Use this place for your team (administrators)",
    }
}

/// Name and description.
fn argument_in_japanese(argument: Argument) -> (&'static str, &'static str) {
    match argument {
        Argument::Household => ("世帯", "世帯の番号(例 H-012)"),
        Argument::Kind => ("方法", "したこと(例 訪問)"),
        Argument::Outcome => ("結果", "どうだったか(例 不在)"),
        Argument::Next => ("次の日", "次の声かけの日(例 3か月後、12/15)"),
        Argument::Words => ("内容", "ほかの言葉(例 名刺、母と話せた、ポストに郵便物)"),
        Argument::Span => ("期間", "今日・今週・来週"),
        Argument::State => ("状態", "どうするか"),
        Argument::Route => ("把握経路", "どこから把握したか"),
        Argument::Class => ("区分", "A・B・C"),
        Argument::Person => ("職員", "職員の苗字"),
        Argument::Second => ("副担当", "副担当の苗字"),
        Argument::CoveredBy => ("代行", "代行する職員の苗字"),
        Argument::From => ("初日", "最初の日(例 12/1)"),
        Argument::To => ("末日", "最後の日(例 12/12)"),
        Argument::Platform => ("届け先", "最初に届ける先"),
        Argument::Language => ("言語", "返事のことば"),
        Argument::Code => ("コード", "参加コード(例 7KQ2-9M4T)"),
        Argument::Name => ("名前", "職員どうしで呼ぶ名前"),
        Argument::Role => ("役割", "担当・係長・代理・管理者"),
        Argument::LastDay => (
            "最終日",
            "在籍する最後の日(例 3/31)。なければ今日から外れます",
        ),
    }
}

fn argument_in_english(argument: Argument) -> &'static str {
    match argument {
        Argument::Household => "The household's code (such as H-012)",
        Argument::Kind => "What you did (such as visit)",
        Argument::Outcome => "How it went (such as absent)",
        Argument::Next => "The next date (such as in 3 months, 12/15)",
        Argument::Words => "Anything else (such as card, spoke to the mother)",
        Argument::Span => "Today, this week or next week",
        Argument::State => "What is to become of it",
        Argument::Route => "How it became known",
        Argument::Class => "A, B or C",
        Argument::Person => "The colleague's name",
        Argument::Second => "The second nurse's name",
        Argument::CoveredBy => "Who stands in",
        Argument::From => "The first day (such as 12/1)",
        Argument::To => "The last day (such as 12/12)",
        Argument::Platform => "Where they go first",
        Argument::Language => "The language of the answers",
        Argument::Code => "The join code (such as 7KQ2-9M4T)",
        Argument::Name => "The name used among colleagues",
        Argument::Role => "Nurse, supervisor, deputy or administrator",
        Argument::LastDay => {
            "The last day in the office (such as 3/31); gone from today if none is said"
        }
    }
}
