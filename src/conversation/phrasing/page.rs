//! The words of the page around the conversation: places, buttons, troubles.
use crate::{
    conversation::message::Mark,
    domain::{
        closed_list,
        household::{Route, State},
        people::{Language, Person, Role},
    },
};
use chrono::{Datelike, NaiveDate, NaiveDateTime};

closed_list! {
    /// One wording of the page's own.
    pub enum Label {
        /// The name of the product, in titles.
        Product,
        /// Said on every page of a trial.
        MadeUp,
        SkipToContent,
        Places,
        Chat,
        Board,
        Coming,
        Supervisor,
        Household,

        /// Heading of the page where a visitor picks whom to be.
        PickPerson,
        PickPersonHow,
        NobodyYet,
        BeSomebodyElse,
        TrialControls,
        ClockDay,
        ClockWeek,
        ClockNextNudge,

        /// Heading of what is shown to whoever is not signed in.
        DoorTitle,
        DoorByChat,
        DoorByAdmin,
        DoorOpen,
        /// Heading of the page that a link opens.
        SignInTitle,
        SignInHow,
        SignIn,
        SignOut,

        ChatLog,
        YouSaid,
        Reply,
        NothingYet,
        Older,
        ToNewest,
        Compose,
        ComposeExample,
        Send,
        Sending,
        Unsent,
        SendAgain,
        Discard,
        /// The answer was silence.
        Silent,
        LiveLost,

        FilterNurse,
        FilterEverybody,
        FilterCode,
        FilterShow,
        FilterClear,
        More,
        NothingHere,
        MarkColumn,

        NotFoundTitle,
        NotFoundText,
        UnknownTitle,
        UnknownText,
        TooLongTitle,
        TooLongText,
        UnavailableTitle,
        UnavailableText,
        StaleTitle,
        StaleText,
        OtherPersonTitle,
        OtherPersonText,
        NobodyTitle,
        NobodyText,
        SignedOutTitle,
        SignedOutText,
        LinkSpentTitle,
        LinkSpentText,
        NotForYouTitle,
        NotForYouText,
        BrokenTitle,
        BrokenText,
        ForeignTitle,
        ForeignText,
        BackToChat,
    }
}

/// The label in the reader's language.
pub fn say(label: Label, language: Language) -> &'static str {
    match language {
        Language::Japanese => japanese(label),
        Language::English => english(label),
    }
}

fn japanese(label: Label) -> &'static str {
    match label {
        Label::Product => "Koekake 声かけ",
        Label::MadeUp => "見本データ・架空の事業所です",
        Label::SkipToContent => "本文へ移動",
        Label::Places => "画面の切り替え",
        Label::Chat => "会話",
        Label::Board => "一覧",
        Label::Coming => "予定",
        Label::Supervisor => "係長",
        Label::Household => "世帯",

        Label::PickPerson => "どなたとして試しますか",
        Label::PickPersonHow => "職員も世帯もすべて架空です。あとからいつでも替えられます。",
        Label::NobodyYet => "職員がまだ登録されていません。",
        Label::BeSomebodyElse => "ほかの職員になる",
        Label::TrialControls => "見本の操作",
        Label::ClockDay => "1日進める",
        Label::ClockWeek => "1週間進める",
        Label::ClockNextNudge => "次のお知らせまで",

        Label::DoorTitle => "職員の方はサインインしてください",
        Label::DoorByChat => {
            "チャットでボットに「ページ」と送ると、この画面への入口が届きます。10分の間に一度だけ使えます。"
        }
        Label::DoorByAdmin => {
            "チャットを使っていない方は、管理者に「koekake link 名前」で入口を出してもらってください。"
        }
        Label::DoorOpen => "サインイン済みの方はこちら",
        Label::SignInTitle => "サインイン",
        Label::SignInHow => {
            "この端末で12時間使えます。ほかの人も使う端末では、終わったらサインアウトしてください。"
        }
        Label::SignIn => "サインインする",
        Label::SignOut => "サインアウト",

        Label::ChatLog => "会話の記録",
        Label::YouSaid => "あなた",
        Label::Reply => "声かけ",
        Label::NothingYet => {
            "まだ何も記録していません。したことを一行で書いてください。例: H-012 訪問 不在 名刺 3か月後"
        }
        Label::Older => "前の会話を見る",
        Label::ToNewest => "最新の会話へ",
        Label::Compose => "記録や質問を一行で",
        Label::ComposeExample => "例: H-012 訪問 不在 名刺 3か月後",
        Label::Send => "送信",
        Label::Sending => "送信中",
        Label::Unsent => "未送信",
        Label::SendAgain => "もう一度送る",
        Label::Discard => "送らずに消す",
        Label::Silent => "記録にあたる言葉がなかったので、何も残していません",
        Label::LiveLost => "つながりを待っています。書いたものはこの画面に残ります",

        Label::FilterNurse => "担当",
        Label::FilterEverybody => "全員",
        Label::FilterCode => "世帯コード",
        Label::FilterShow => "表示",
        Label::FilterClear => "すべて表示",
        Label::More => "続きを見る",
        Label::NothingHere => "あてはまるものはありません。",
        Label::MarkColumn => "時期",

        Label::NotFoundTitle => "見つかりません",
        Label::NotFoundText => {
            "このページや世帯はありません。コードが変わったか、担当が替わったのかもしれません。"
        }
        Label::UnknownTitle => "受け取れませんでした",
        Label::UnknownText => {
            "このボタンや入力は今の版では読めません。何も変わっていません。会話からもう一度お願いします。"
        }
        Label::TooLongTitle => "長すぎて受け取れませんでした",
        Label::TooLongText => "何も変わっていません。短く分けて送ってください。",
        Label::UnavailableTitle => "いま受け付けられません",
        Label::UnavailableText => {
            "これまでの記録は失われていません。いまの内容は、少し待ってもう一度送ってください。二重に記録されることはありません。"
        }
        Label::StaleTitle => "画面が古くなっていました",
        Label::StaleText => "まだ何も変わっていません。もう一度送ってください。",
        Label::OtherPersonTitle => "別の職員に切り替わっています",
        Label::OtherPersonText => {
            "ほかの画面で職員を切り替えたため、この内容は送っていません。どなたとして送るかを確かめてください。"
        }
        Label::NobodyTitle => "どなたか分かりません",
        Label::NobodyText => "まだ送っていません。どなたとして使うかを選んでください。",
        Label::SignedOutTitle => "サインインが切れています",
        Label::SignedOutText => {
            "まだ送っていません。別の画面でサインインしてから、もう一度送ってください。"
        }
        Label::LinkSpentTitle => "この入口はもう使えません",
        Label::LinkSpentText => {
            "入口は10分の間に一度だけ使えます。チャットで「ページ」と送るか、管理者に頼んで、新しいものを受け取ってください。"
        }
        Label::NotForYouTitle => "係長・代理の画面です",
        Label::NotForYouText => "ご自分の担当は「一覧」と「予定」で見られます。",
        Label::BrokenTitle => "うまくいきませんでした",
        Label::BrokenText => {
            "こちらの不具合です。これまでの記録は失われていません。続くときは管理者へ知らせてください。"
        }
        Label::ForeignTitle => "このページからの操作ではありません",
        Label::ForeignText => {
            "何も変わっていません。表示された住所からこのページを開いてください。"
        }
        Label::BackToChat => "会話へ",
    }
}

fn english(label: Label) -> &'static str {
    match label {
        Label::Product => "Koekake",
        Label::MadeUp => "Sample data: this office is made up",
        Label::SkipToContent => "Skip to content",
        Label::Places => "Places",
        Label::Chat => "Chat",
        Label::Board => "Board",
        Label::Coming => "Coming",
        Label::Supervisor => "Supervisor",
        Label::Household => "Household",

        Label::PickPerson => "Whom would you like to be?",
        Label::PickPersonHow => "All staff and households are made up. You can change at any time.",
        Label::NobodyYet => "No staff have been entered yet.",
        Label::BeSomebodyElse => "Be somebody else",
        Label::TrialControls => "Trial controls",
        Label::ClockDay => "Move one day",
        Label::ClockWeek => "Move one week",
        Label::ClockNextNudge => "To the next nudge",

        Label::DoorTitle => "Staff, please sign in",
        Label::DoorByChat => {
            "Send \"page\" to the bot in your chat: it answers with a link to this page, which works once and for 10 minutes."
        }
        Label::DoorByAdmin => "Without a chat, ask an administrator for a link: koekake link NAME.",
        Label::DoorOpen => "I am signed in already",
        Label::SignInTitle => "Sign in",
        Label::SignInHow => {
            "You stay signed in on this device for 12 hours. Where others use it too, please sign out when you are done."
        }
        Label::SignIn => "Sign in",
        Label::SignOut => "Sign out",

        Label::ChatLog => "Conversation",
        Label::YouSaid => "You",
        Label::Reply => "Koekake",
        Label::NothingYet => {
            "Nothing recorded yet. Write what you did in one line, such as: H-012 visit absent card 3 months"
        }
        Label::Older => "Earlier messages",
        Label::ToNewest => "To the newest",
        Label::Compose => "A record or a question, in one line",
        Label::ComposeExample => "Such as: H-012 visit absent card 3 months",
        Label::Send => "Send",
        Label::Sending => "Sending",
        Label::Unsent => "Not sent yet",
        Label::SendAgain => "Send again",
        Label::Discard => "Drop it",
        Label::Silent => "No words of a record were found, so nothing was kept",
        Label::LiveLost => "Waiting for the connection. What you wrote stays on this screen",

        Label::FilterNurse => "Nurse",
        Label::FilterEverybody => "Everybody",
        Label::FilterCode => "Household code",
        Label::FilterShow => "Show",
        Label::FilterClear => "Show all",
        Label::More => "More",
        Label::NothingHere => "Nothing to show.",
        Label::MarkColumn => "Standing",

        Label::NotFoundTitle => "Not found",
        Label::NotFoundText => {
            "There is no such page or household. Its code or its nurse may have changed."
        }
        Label::UnknownTitle => "This could not be taken",
        Label::UnknownText => {
            "This button or entry cannot be read by this version. Nothing has changed. Please try again from the chat."
        }
        Label::TooLongTitle => "Too long to take",
        Label::TooLongText => "Nothing has changed. Please send it in shorter pieces.",
        Label::UnavailableTitle => "Not available right now",
        Label::UnavailableText => {
            "No record has been lost. Please wait a little and send this again; it will not be recorded twice."
        }
        Label::StaleTitle => "The page was out of date",
        Label::StaleText => "Nothing has changed yet. Please send it again.",
        Label::OtherPersonTitle => "You are somebody else now",
        Label::OtherPersonText => {
            "The person was changed in another window, so this was not sent. Please check as whom you want to send it."
        }
        Label::NobodyTitle => "We do not know who you are",
        Label::NobodyText => "Nothing was sent yet. Please choose whom to be.",
        Label::SignedOutTitle => "You are signed out",
        Label::SignedOutText => {
            "Nothing was sent yet. Please sign in in another window and send it again."
        }
        Label::LinkSpentTitle => "This link can no longer be used",
        Label::LinkSpentText => {
            "A link works once and for 10 minutes. Send \"page\" to the bot in your chat, or ask an administrator, to get a new one."
        }
        Label::NotForYouTitle => "This page is for supervisors and deputies",
        Label::NotForYouText => "Your own households are under Board and Coming.",
        Label::BrokenTitle => "Something went wrong",
        Label::BrokenText => {
            "The fault is ours. No record has been lost. If it goes on, please tell your administrator."
        }
        Label::ForeignTitle => "This did not come from this page",
        Label::ForeignText => {
            "Nothing has changed. Please open the page at the address that was shown."
        }
        Label::BackToChat => "To the chat",
    }
}

/// What a person is called, with the role: 「佐藤さん(担当)」.
pub fn person(person: &Person, language: Language) -> String {
    let role = role(person.role, language);
    match language {
        Language::Japanese => format!("{}({role})", name(person, language)),
        Language::English => format!("{} ({role})", person.name),
    }
}

/// What a colleague is called.
pub fn name(person: &Person, language: Language) -> String {
    match language {
        Language::Japanese => format!("{}さん", person.name),
        Language::English => person.name.clone(),
    }
}

/// Where the support of a household stands.
pub fn state(state: State, language: Language) -> &'static str {
    match language {
        Language::Japanese => super::japanese::names::state(state),
        Language::English => super::english::names::state(state),
    }
}

/// Who first told of a household.
pub fn route(route: Route, language: Language) -> &'static str {
    match language {
        Language::Japanese => super::japanese::names::route(route),
        Language::English => super::english::names::route(route),
    }
}

/// What a person is in the team.
pub fn role(role: Role, language: Language) -> &'static str {
    match (role, language) {
        (Role::Nurse, Language::Japanese) => "担当",
        (Role::Supervisor, Language::Japanese) => "係長",
        (Role::Deputy, Language::Japanese) => "代理",
        (Role::Admin, Language::Japanese) => "管理者",
        (Role::Nurse, Language::English) => "nurse",
        (Role::Supervisor, Language::English) => "supervisor",
        (Role::Deputy, Language::English) => "deputy",
        (Role::Admin, Language::English) => "admin",
    }
}

/// A mark as shape and word; colour is only beside them. None for [`Mark::Plain`].
pub fn mark(mark: Mark, language: Language) -> Option<(&'static str, String)> {
    let (shape, japanese, english) = match mark {
        Mark::Plain => return None,
        Mark::Soon => ("○", "今週".to_owned(), "this week".to_owned()),
        Mark::Due => ("●", "声かけの時期".to_owned(), "time to look in".to_owned()),
        Mark::Overdue { days } => (
            "▲",
            format!("過ぎています {days}日"),
            match days {
                1 => "past by 1 day".to_owned(),
                _ => format!("past by {days} days"),
            },
        ),
        Mark::Alarm => ("■", "緊急".to_owned(), "urgent".to_owned()),
        Mark::Settled => ("✓", "済".to_owned(), "done".to_owned()),
    };
    let words = match language {
        Language::Japanese => japanese,
        Language::English => english,
    };
    Some((shape, words))
}

/// A day with its year and weekday: 「2026年11月25日(水)」.
pub fn day(day: NaiveDate, language: Language) -> String {
    const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
    match language {
        Language::Japanese => {
            let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
            format!(
                "{}年{}月{}日({weekday})",
                day.year(),
                day.month(),
                day.day()
            )
        }
        Language::English => day.format("%A, %-d %B %Y").to_string(),
    }
}

/// A day and the time of day, by the office's clock.
pub fn moment(at: NaiveDateTime, language: Language) -> String {
    format!("{} {}", day(at.date(), language), at.format("%-H:%M"))
}

/// From when a printed page is.
pub fn as_of(at: NaiveDateTime, language: Language) -> String {
    match language {
        Language::Japanese => format!("{} 現在", moment(at, language)),
        Language::English => format!("As of {}", moment(at, language)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, day, mark, moment, say};
    use crate::{conversation::message::Mark, domain::people::Language};
    use chrono::NaiveDate;
    use strum::VariantArray;

    #[test]
    fn every_label_is_said_in_both_languages_and_blames_nobody() {
        for &label in Label::VARIANTS {
            let japanese = say(label, Language::Japanese);
            let english = say(label, Language::English);
            assert!(!japanese.is_empty() && !english.is_empty(), "{label:?}");
            for word in ["期限切れ", "怠", "放置", "失敗", "!", "！"] {
                assert!(!japanese.contains(word), "{label:?} says {word}");
            }
            assert!(english.is_ascii(), "{label:?} is not in English");
        }
    }

    #[test]
    fn days_carry_their_weekday() {
        let wednesday = NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day");
        assert_eq!(day(wednesday, Language::Japanese), "2026年11月25日(水)");
        assert_eq!(
            day(wednesday, Language::English),
            "Wednesday, 25 November 2026"
        );
        let at = wednesday.and_hms_opt(8, 5, 0).expect("a time");
        assert_eq!(moment(at, Language::Japanese), "2026年11月25日(水) 8:05");
    }

    #[test]
    fn a_mark_is_told_by_shape_and_word() {
        let told = |given| mark(given, Language::Japanese);
        assert_eq!(told(Mark::Plain), None);
        assert_eq!(told(Mark::Due), Some(("●", "声かけの時期".to_owned())));
        assert_eq!(
            told(Mark::Overdue { days: 5 }),
            Some(("▲", "過ぎています 5日".to_owned()))
        );
        assert_eq!(
            mark(Mark::Overdue { days: 1 }, Language::English),
            Some(("▲", "past by 1 day".to_owned()))
        );
    }
}
