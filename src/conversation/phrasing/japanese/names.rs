//! The Japanese names of codes, days and contacts.
use super::super::goes_without_year;
use crate::conversation::phrasing::comes_in;
use crate::{
    conversation::{
        action::{After, Consultation, PutOffReason},
        meaning::Span,
        phrase::{BoardGroup, Column, Next},
    },
    domain::{
        check_in::{Pace, Purpose, Why, Window},
        contact::{
            Contact, Details, Kind, Left, Outcome, PartOfDay, Partner, Promise, Signs, SmallChange,
            Whom,
        },
        household::{CloseReason, Flag, PauseReason, Route, State},
        proposal::Interval,
        request::Wish,
    },
};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

/// 12月2日(水), and with its year when it is not that of `today`.
pub fn day(day: NaiveDate, today: NaiveDate) -> String {
    let year = if goes_without_year(day, today) {
        String::new()
    } else {
        format!("{}年", day.year())
    };
    format!(
        "{year}{}月{}日({})",
        day.month(),
        day.day(),
        weekday(day.weekday())
    )
}

/// 12月1日(火)から12月12日(土)まで; of one day that day
pub fn days(from: NaiveDate, to: NaiveDate, today: NaiveDate) -> String {
    if from == to {
        day(from, today)
    } else {
        format!("{}から{}まで", day(from, today), day(to, today))
    }
}

/// 22日(火)
pub fn day_of_month(day: NaiveDate) -> String {
    format!("{}日({})", day.day(), weekday(day.weekday()))
}

/// 12月2日(水)〜9日(水)
pub fn window(window: Window, today: NaiveDate) -> String {
    if window.on == window.by {
        return day(window.on, today);
    }
    let until = if window.on.month() == window.by.month() && window.on.year() == window.by.year() {
        day_of_month(window.by)
    } else {
        day(window.by, window.on)
    };
    format!("{}〜{until}", day(window.on, today))
}

pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "月",
        Weekday::Tue => "火",
        Weekday::Wed => "水",
        Weekday::Thu => "木",
        Weekday::Fri => "金",
        Weekday::Sat => "土",
        Weekday::Sun => "日",
    }
}

/// 14時, 14時30分
pub fn time(time: NaiveTime) -> String {
    match time.minute() {
        0 => format!("{}時", time.hour()),
        minute => format!("{}時{minute}分", time.hour()),
    }
}

/// 10:42, and with its day when that is not today.
pub fn instant(at: NaiveDateTime, today: NaiveDate) -> String {
    let clock = format!("{}:{:02}", at.hour(), at.minute());
    if at.date() == today {
        clock
    } else {
        format!("{} {clock}", day(at.date(), today))
    }
}

pub fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::LookIn => "次の声かけ",
        Purpose::Review => "次の確認",
    }
}

pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Visit => "訪問",
        Kind::Accompany => "同行訪問",
        Kind::Call => "電話",
        Kind::Letter => "手紙",
        Kind::Email => "メール",
        Kind::Office => "来所",
        Kind::Group => "家族会・集団",
        Kind::Info => "情報提供",
        Kind::Conference => "ケース会議",
        Kind::Agency => "関係機関連絡",
        Kind::Clinic => "受診同行",
    }
}

/// The outcome alone, as on a button.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Died => "死亡",
        Outcome::Missing => "所在不明",
        Outcome::Moved => "転居",
        Outcome::Hospitalised => "入院",
        Outcome::Hostile => "怒鳴られた",
        Outcome::Refused => "拒否",
        Outcome::CardReturned => "名刺返却",
        Outcome::Declined => "「大丈夫」とのこと",
        Outcome::Person => "本人と話せた",
        Outcome::Family => "家族と話せた",
        Outcome::Voice => "声だけ",
        Outcome::Reply => "返事あり",
        Outcome::NoShow => "来られなかった",
        Outcome::Cancelled => "先方の都合で中止",
        Outcome::CalledOff => "こちらの都合で中止",
        Outcome::Linked => "つながった",
        Outcome::MessageLeft => "留守電",
        Outcome::Absent => "不在",
        Outcome::NoAnswer => "応答なし",
        Outcome::ReturnedMail => "宛先不明で返送",
        Outcome::Sent => "送付",
        Outcome::CardLeft => "名刺投函",
        Outcome::Info => "情報",
        Outcome::Other => "その他",
    }
}

pub fn whom(whom: &[Whom]) -> String {
    let one = |whom: &Whom| match whom {
        Whom::Person => "本人",
        Whom::Father => "父",
        Whom::Mother => "母",
        Whom::Brother => "兄弟",
        Whom::Sister => "姉妹",
        Whom::Grandfather => "祖父",
        Whom::Grandmother => "祖母",
        Whom::Spouse => "配偶者",
        Whom::Child => "子",
        Whom::Relative => "家族",
    };
    let names: Vec<&str> = whom.iter().map(one).collect();
    match names.as_slice() {
        ["父", "母"] | ["母", "父"] => "父母".to_owned(),
        ["祖父", "祖母"] | ["祖母", "祖父"] => "祖父母".to_owned(),
        names => names.join("と"),
    }
}

pub fn left(left: Left) -> &'static str {
    match left {
        Left::Card => "名刺投函",
        Left::Letter => "手紙投函",
        Left::Leaflet => "チラシ投函",
        Left::Slip => "不在票",
    }
}

pub fn signs(signs: Signs) -> &'static str {
    match signs {
        Signs::Living => "生活の様子あり",
        Signs::Usual => "いつもと同じ",
        Signs::Worrying => "気になる",
        Signs::NotLooked => "見ていない",
    }
}

pub fn small_change(change: SmallChange) -> &'static str {
    match change {
        SmallChange::Voice => "声が聞けた",
        SmallChange::Waved => "手を振ってくれた",
        SmallChange::Accepted => "受け取ってくれた",
        SmallChange::Face => "顔を見せてくれた",
        SmallChange::Door => "ドアを開けてくれた",
        SmallChange::Nodded => "うなずいてくれた",
    }
}

pub fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::WillCallAgain => "また伺うと伝えた",
    }
}

pub fn partner(partner: Partner) -> &'static str {
    match partner {
        Partner::Commissioner => "民生委員",
        Partner::SupportCentre => "地域包括",
        Partner::CareManager => "ケアマネ",
        Partner::WithdrawalCentre => "ひきこもり地域支援センター",
        Partner::MentalCentre => "精神保健福祉センター",
        Partner::NeedsDesk => "自立相談支援",
        Partner::YouthStation => "若者サポートステーション",
        Partner::Clinic => "医療機関",
        Partner::School => "学校",
        Partner::Police => "警察",
        Partner::Neighbour => "近所の方",
        Partner::Utility => "ライフライン事業者",
        Partner::Family => "家族",
        Partner::Colleague => "同僚",
        Partner::Supervisor => "係長",
        Partner::Other => "関係機関",
    }
}

pub fn part_of_day(part: PartOfDay) -> &'static str {
    match part {
        PartOfDay::Morning => "午前",
        PartOfDay::Afternoon => "午後",
        PartOfDay::Evening => "夕方",
    }
}

/// 訪問・母と話せた・名刺投函
pub fn contact(details: &Details, letter_number: Option<i64>) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(named) = details.kind {
        let from = if comes_in(details) {
            "(先方から)"
        } else {
            ""
        };
        words.push(format!("{}{from}", kind(named)));
    }
    words.extend(outcome_of(details, letter_number));
    let sent_a_letter = details.kind == Some(Kind::Letter);
    for thing in &details.left {
        let said_already = (*thing == Left::Card && details.outcome == Some(Outcome::CardLeft))
            || (*thing == Left::Letter && sent_a_letter);
        if !said_already {
            words.push(left(*thing).to_owned());
        }
    }
    words.extend(details.also.iter().map(|also| outcome(*also).to_owned()));
    words.extend(details.partners.iter().map(|with| match details.kind {
        Some(Kind::Info) => format!("{}から", partner(*with)),
        _ => format!("{}と", partner(*with)),
    }));
    words.extend(
        details
            .signs
            .filter(|signs| *signs != Signs::NotLooked)
            .map(|seen| signs(seen).to_owned()),
    );
    words.extend(
        details
            .small_changes
            .iter()
            .map(|change| small_change(*change).to_owned()),
    );
    words.extend(
        details
            .promises
            .iter()
            .map(|said| promise(*said).to_owned()),
    );
    if details.worrying_word && details.signs != Some(Signs::Worrying) {
        words.push("気になる様子".to_owned());
    }
    if details.danger {
        words.push("緊急".to_owned());
    }
    if words.is_empty() {
        "接触".to_owned()
    } else {
        words.join("・")
    }
}

/// How it went, with whom.
fn outcome_of(details: &Details, letter_number: Option<i64>) -> Vec<String> {
    let who = whom(&details.whom);
    match details.outcome {
        Some(Outcome::Family | Outcome::Person) if !who.is_empty() => {
            let verb = if details.kind == Some(Kind::Office) {
                "面談"
            } else {
                "話せた"
            };
            vec![format!("{who}と{verb}")]
        }
        Some(said @ (Outcome::Declined | Outcome::Refused | Outcome::Hostile))
            if !who.is_empty() =>
        {
            vec![format!("{who}と話せた"), outcome(said).to_owned()]
        }
        Some(Outcome::Voice) if who == "本人" => vec!["本人の声が聞けた".to_owned()],
        Some(Outcome::Sent) if details.kind == Some(Kind::Letter) => vec![match letter_number {
            Some(number) => format!("投函({number}通目)"),
            None => "投函".to_owned(),
        }],
        // That a conference was held says all that can be said here.
        Some(Outcome::Other) if details.kind == Some(Kind::Conference) => Vec::new(),
        Some(Outcome::Info) | None => Vec::new(),
        Some(said) => vec![outcome(said).to_owned()],
    }
}

/// 8月20日(木)午前 訪問・不在
pub fn contact_on(contact_made: &Contact, today: NaiveDate) -> String {
    let details = &contact_made.details;
    let part = details
        .time
        .map(PartOfDay::of)
        .or(details.part_of_day)
        .map(part_of_day)
        .unwrap_or_default();
    format!(
        "{}{part} {}",
        day(details.on, today),
        contact(details, None)
    )
}

/// The day, and how it is planned: 12月10日(木) 14時 来所の約束
pub fn next(next: &Next, today: NaiveDate) -> String {
    let mut text = day(next.window.on, today);
    if let Some(at) = next.plan.time {
        text.push(' ');
        text.push_str(&time(at));
    }
    let plan = plan(next);
    if !plan.is_empty() {
        text.push(' ');
        text.push_str(&plan);
    }
    text
}

/// 来所の約束, 電話, 地域包括と訪問
pub fn plan(next: &Next) -> String {
    let mut text = String::new();
    if let Some(with) = next.plan.partner {
        text.push_str(partner(with));
        text.push('と');
    }
    match (next.plan.kind, next.pace) {
        (Some(planned), Pace::Appointment) => text.push_str(&format!("{}の約束", kind(planned))),
        (Some(planned), _) => text.push_str(kind(planned)),
        (None, Pace::Appointment) => text.push_str("約束"),
        (None, _) => text.truncate(text.trim_end_matches('と').len()),
    }
    text
}

/// Of what a guideline speaks.
pub fn why(why: Why) -> &'static str {
    match why {
        Why::Said | Why::Chosen => "指定",
        Why::NewHousehold => "新しい世帯",
        Why::Danger => "緊急",
        Why::NoSignOfLife => "安否の確認",
        Why::NoShow => "来られなかったとき",
        Why::WorryingWord => "気になる情報",
        Why::OtherWord => "情報提供",
        Why::ReturnedMail => "返送",
        Why::Reply => "返事",
        Why::NoAnswer => "応答なし",
        Why::MessageLeft => "留守電",
        Why::Absent => "不在",
        Why::AbsentWithLife => "不在(生活の様子あり)",
        Why::PersonMet => "本人と話せたとき",
        Why::FamilyMet => "家族と話せたとき",
        Why::LetterSent => "手紙",
        Why::Declined => "「大丈夫」",
        Why::Refused => "拒否",
        Why::CardReturned => "名刺返却",
        Why::Hostile => "ケース会議",
        Why::Linked => "つながったあと",
        Why::Hospitalised => "入院",
        Why::Moved => "転居",
        Why::Missing => "所在不明",
        Why::Died => "死亡",
        Why::PauseReview => "中断の見直し",
        Why::AwaitingReceipt => "移管先の受理待ち",
        Why::Reopened => "再開",
        Why::Other => "ふだん",
    }
}

pub fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::TwoTogether => "二人以上で",
        Flag::LeaveNothing => "物を残さない",
        Flag::PlainEnvelope => "無地の封筒",
        Flag::NoAgencies => "関係機関へ連絡しない",
        Flag::CallMornings => "電話は午前",
        Flag::CallAfternoons => "電話は午後",
        Flag::CallEvenings => "電話は夕方",
    }
}

pub fn flags(flags: &[Flag]) -> String {
    flags
        .iter()
        .map(|one| flag(*one))
        .collect::<Vec<_>>()
        .join("・")
}

pub fn state(state: State) -> &'static str {
    match state {
        State::Intake => "受理",
        State::Active => "支援中",
        State::Watching => "見守り",
        State::Paused => "中断",
        State::Closed => "終結",
        State::Transferred => "移管",
    }
}

pub fn pause_reason(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::FamilyWill => "家族の相談意欲の低下",
        PauseReason::FamilyDisagreement => "父母の意見の不一致",
        PauseReason::FamilyExpectation => "早い解決への期待",
        PauseReason::FamilyFatigue => "家族の疲れ・落ち込み",
        PauseReason::Person => "本人の拒否",
        PauseReason::Office => "事業所の事情",
    }
}

pub fn close_reason(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Solved => "問題の解決",
        CloseReason::SocialLife => "社会的活動の再開",
        CloseReason::PassedOn => "専門機関への引継ぎ",
        CloseReason::WillFaded => "相談意欲の消失",
        CloseReason::Died => "死亡",
        CloseReason::MovedAway => "転居(引継ぎ済み)",
        CloseReason::Mistaken => "登録の取り消し",
        CloseReason::Other => "その他",
    }
}

pub fn route(route: Route) -> &'static str {
    match route {
        Route::Neighbour => "近隣",
        Route::Commissioner => "民生委員",
        Route::SupportCentre => "地域包括",
        Route::CareManager => "ケアマネ",
        Route::Family => "家族",
        Route::Person => "本人",
        Route::Utility => "ライフライン事業者",
        Route::Other => "その他",
    }
}

pub fn wish(wish: Wish) -> String {
    match wish {
        Wish::Close { reason } => format!("終結の確認(理由 {})", close_reason(reason)),
        Wish::Transfer => "移管の確認".to_owned(),
        Wish::StandInOnce => "「今回だけ代わってほしい」".to_owned(),
        Wish::ComeAlong => "「同行してほしい」".to_owned(),
        Wish::HandOver => "担当替えの相談".to_owned(),
        Wish::ShortHanded => "「手が足りない」".to_owned(),
        Wish::HowIsIt => "様子の確認".to_owned(),
    }
}

pub fn span(span: Span) -> &'static str {
    match span {
        Span::Today => "今日",
        Span::ThisWeek => "今週",
        Span::NextWeek => "来週",
    }
}

pub fn span_of_time(after: After) -> String {
    match after {
        After::Days(n) => format!("{n}日"),
        After::Weeks(n) => format!("{n}週間"),
        After::Months(n) => format!("{n}か月"),
    }
}

pub fn interval(interval: Interval) -> String {
    match interval {
        Interval::OpenDays(0) => "当日".to_owned(),
        Interval::OpenDays(n) => format!("{n}開庁日"),
        Interval::Weeks(n) => span_of_time(After::Weeks(n.into())),
        Interval::Months(n) => span_of_time(After::Months(n.into())),
    }
}

pub fn consultation(what: Consultation) -> &'static str {
    match what {
        Consultation::StandInOnce => "今回だけ代わってほしい",
        Consultation::ComeAlong => "同行してほしい",
        Consultation::HandOver => "担当替えの相談",
    }
}

pub fn put_off_reason(reason: PutOffReason) -> &'static str {
    match reason {
        PutOffReason::Household => "ご本人・家族の都合",
        PutOffReason::ShortHanded => "手が足りない",
        PutOffReason::Circumstances => "天候・体調",
        PutOffReason::Other => "ほか",
    }
}

pub fn board_group(group: BoardGroup) -> &'static str {
    match group {
        BoardGroup::Alarm => "緊急",
        BoardGroup::Overdue => "過ぎています",
        BoardGroup::Due => "声かけの時期",
        BoardGroup::ThisWeek => "今週",
        BoardGroup::Later => "先の予定",
        BoardGroup::NotOpen => "終結・移管",
    }
}

pub fn column_head(column: Column) -> &'static str {
    match column {
        Column::Household => "世帯",
        Column::Next => "次の予定",
        Column::Nurse => "担当",
        Column::Last => "前回",
        Column::Mind => "配慮",
        Column::State => "状態",
    }
}
