//! What we say in Japanese: です・ます, short, and never a reproach.
pub(super) mod archive;
mod audit;
mod chat;
pub(super) mod checkup;
mod commands;
mod labels;
pub(super) mod names;
mod outside;
mod rhythm;
mod staff;

pub use labels::label;

use crate::{
    conversation::phrase::{Because, Next, Phrase},
    domain::{
        check_in::{Pace, Purpose, Why},
        household::Code,
        request::Wish,
    },
};
use audit::scheduled;
use chrono::{Datelike, NaiveDate};

/// One sentence; an empty text where there is nothing to say.
pub fn say(phrase: &Phrase, today: NaiveDate) -> String {
    let day = |on: NaiveDate| names::day(on, today);
    match phrase {
        Phrase::Recorded { code, contacts, letter_number, repaired } => {
            let said: Vec<String> = contacts
                .iter()
                .enumerate()
                .map(|(index, contact)| names::contact(contact, if index == 0 { *letter_number } else { None }))
                .collect();
            let typed: String = repaired.iter().map(|word| format!("「{word}」")).collect();
            let note = if typed.is_empty() { typed } else { format!("({typed}をこう読みました)") };
            format!("記録しました {code} {}{note}", said.join(" / "))
        }
        Phrase::DateSet { code } => format!("予定を入れました {code}"),
        Phrase::Next(next, because) => {
            format!("{} {}{}", names::purpose(next.purpose), next_day(next, today), because_of(next, because))
        }
        Phrase::Changed { code, purpose, from, to } => match from {
            Some(from) => {
                format!("変えました {code} {} {} → {}", names::purpose(*purpose), day(from.on), day(to.on))
            }
            None => format!("変えました {code} {} {}", names::purpose(*purpose), day(to.on)),
        },
        Phrase::Corrected { code, contact } => format!("直しました {code} {}", names::contact(contact, None)),
        Phrase::Completed { code, contact } => format!("書き足しました {code} {}", names::contact(contact, None)),
        Phrase::RecordedAlready { code, contact } => format!("記録済みです {code} {}", names::contact(contact, None)),
        Phrase::Undone { code, next, kept } => match next {
            Some(next) if *kept => {
                format!("取り消しました {code} {} {}(そのまま)", names::purpose(next.purpose), names::next(next, today))
            }
            Some(next) => {
                format!("取り消しました {code} {}は {} に戻りました", names::purpose(next.purpose), names::next(next, today))
            }
            None => format!("取り消しました {code}"),
        },
        Phrase::Redone { code, next } => match next {
            Some(next) => format!("元に戻しました {code} {} {}", names::purpose(next.purpose), names::next(next, today)),
            None => format!("元に戻しました {code}"),
        },
        Phrase::NoContactUntil { day: until } => format!("直接の訪問と電話は{}まで控えます", day(*until)),
        Phrase::NoContactSet { code, day: until } => {
            format!("{code} 直接の訪問と電話は{}まで控えます", day(*until))
        }
        Phrase::NoContactCleared { code } => format!("{code} の訪問を控える期間を解きました"),
        Phrase::DespiteNotBefore { day: until } => {
            format!("{}まで訪問を控える予定の世帯です。事情があれば係長へお知らせください", day(*until))
        }
        Phrase::ClosedDay { day } => {
            format!("{}は{}のため、次の開庁日にしました", month_day(*day), closed(*day))
        }
        Phrase::BeyondClass { class, months } => {
            format!("区分{}の目安({months}か月)より先の日です", class.code().to_uppercase())
        }
        Phrase::HowWasTheHome => "家の様子は？".to_owned(),
        Phrase::AskAgencies => {
            "民生委員や地域包括との訪問は、ご家族の同意と共有の範囲を確かめてから".to_owned()
        }
        Phrase::SuggestConference { times } => {
            format!("訪問で会えないことが{times}回続いています。ケース会議で相談できます")
        }
        Phrase::SuggestOtherTime { weekday, part } => {
            let (what, part) = match part {
                Some(part) => ("曜日と時間帯", format!("の{}", names::part_of_day(*part))),
                None => ("曜日", String::new()),
            };
            format!("{what}を変えるなら、{}曜{part}もあります", names::weekday(*weekday))
        }
        Phrase::SetAside { said } => {
            format!("{}の予定は、今日の確認のあとに入れ直してください", day(*said))
        }
        Phrase::AppointmentSetAside => {
            "入っていた約束は外れました。先方への連絡を確かめてください".to_owned()
        }
        Phrase::TwoTogether => "訪問は二人で。事前に係長へ".to_owned(),
        Phrase::ReadAs(words) => {
            let typed: String = words.iter().map(|word| format!("「{word}」")).collect();
            format!("{typed}をこう読みました")
        }
        Phrase::DayIsAGuess => "日は早いほうの目安で入れました".to_owned(),
        Phrase::OnlyTheGist => "要点だけ残しました。くわしい内容は記録票へ".to_owned(),
        Phrase::PersonalDataSeen => "お名前や連絡先らしい言葉がありました。記録には残していませんが、チャットには残っている場合があります。消す前に情報保護担当へ連絡してください".to_owned(),
        Phrase::PausedStill { code } => format!("{code} は中断中です。再開するときは「{code} 再開」"),
        Phrase::FlagsToMind(flags) => {
            if flags.is_empty() { String::new() } else { format!("配慮 {}", names::flags(flags)) }
        }
        Phrase::NoSuchDay { year, month, day: wrong, until } => {
            format!("{year}年に{month}月{wrong}日はありません。いつにしますか。決まるまでは{}です", day(*until))
        }
        Phrase::WrongWeekday { day: said, until } => format!(
            "{}月{}日は{}曜日です。どちらですか。決まるまでは{}です",
            said.month(),
            said.day(),
            names::weekday(said.weekday()),
            day(*until)
        ),
        Phrase::VagueDay { typed: Some(typed), until } => {
            format!("「{typed}」はいつでしょうか。決まるまでは{}です", day(*until))
        }
        Phrase::VagueDay { typed: None, until } => {
            format!("次はいつにしますか。決まるまでは{}です", day(*until))
        }
        Phrase::PastDay { day: said, until } => {
            format!("{}は過ぎた日です。次はいつにしますか。決まるまでは{}です", day(*said), day(*until))
        }
        Phrase::WasItALog { code, contacts } => {
            let said: Vec<String> = contacts.iter().map(|contact| names::contact(contact, None)).collect();
            let said = said.join(" / ");
            match code {
                Some(code) => format!("記録でしょうか {code} {said}").trim_end().to_owned(),
                None => format!("記録でしょうか {said}。どの世帯ですか"),
            }
        }
        Phrase::WhichHousehold => "どの世帯ですか".to_owned(),
        Phrase::WhichCode => "世帯の番号を送ってください(例 H-012)".to_owned(),
        Phrase::CodeMissing => "世帯の番号を添えて、もう一度送ってください(例 「H-012 前回は？」)".to_owned(),
        Phrase::WhichOfTwo { codes } => format!("{} のどちらですか。もう一方は、別に送ってください", list(codes)),
        Phrase::IsItThis { code, nurse } => match nurse {
            Some(nurse) => format!("{code} は{nurse}さんの担当です。この世帯ですか"),
            None => format!("{code} は担当が決まっていません。この世帯ですか"),
        },
        Phrase::NotRegistered { code } => format!("{code} は登録がありません"),
        Phrase::CannotRegister => {
            "この番号では登録できません。番号を確かめて、別の番号で送ってください。何も残していません".to_owned()
        }
        Phrase::ClosedHousehold { code, state } => {
            format!("{code} は{}しています。再開して記録しますか", names::state(*state))
        }
        Phrase::WhichKindOrReason { code } => {
            format!("{code} には何をしましたか。日だけを変えるなら、理由を選んでください")
        }
        Phrase::WhichKind { code } => format!("{code} には何をしましたか"),
        Phrase::WhichOutcome { code, kind } => match kind {
            Some(kind) => format!("{code} {}はいかがでしたか", names::kind(*kind)),
            None => format!("{code} いかがでしたか"),
        },
        Phrase::WhatToCorrect { code, contact } => {
            format!("{code} {} のどこを直しますか", names::contact(contact, None))
        }
        Phrase::WhichDay => "いつにしますか".to_owned(),
        Phrase::WhichReason => "理由は".to_owned(),
        Phrase::WhyPaused { code } => format!("{code} を中断する理由は"),
        Phrase::WhyClosed { code } => format!("{code} を終結する理由は"),
        Phrase::WhichRoute { code } => format!("{code} はどこから把握しましたか"),
        Phrase::WhichNurse { code } => format!("{code} の担当をどなたにしますか"),
        Phrase::WhatHelp { code } => format!("{code} について、係長へ何を伝えますか"),
        Phrase::CallSupervisorNow => "いますぐ係長に電話してください。".to_owned(),
        Phrase::CallAnotherNow => "いますぐ、もう一人にも電話してください。".to_owned(),
        Phrase::SentToSupervisor => "係長へ送りました(未読)".to_owned(),
        Phrase::CallsUntilConfirmed => "どなたかが「確認した」を押すまで、お知らせが続きます".to_owned(),
        Phrase::NobodyToSend => "送り先の係長が登録されていません。電話してください".to_owned(),
        Phrase::SupervisorChecks => "次の確認は係長が行います。係長へ送りました".to_owned(),
        Phrase::OfficeCard { label, number } => format!("{label} {number}"),
        Phrase::OutOfHours => {
            "閉庁中です。係長に届かない場合があります。緊急連絡先へ電話してください".to_owned()
        }
        Phrase::SignsWorry { code, at_once } => {
            let when = if *at_once { "すぐに" } else { "今日中に" };
            format!("{code} は安否の確認が必要です。進め方を{when}係長と決めてください")
        }
        Phrase::AlarmTitle { code, danger } => {
            let what = if *danger { "緊急" } else { "安否の確認が必要です" };
            format!("{code} {what}")
        }
        Phrase::AlarmBy { name, at } => format!("{name}さんより {}", names::instant(*at, today)),
        Phrase::AlarmConfirmed { name, at } => format!("{name}さんが{}に確認しました", names::instant(*at, today)),
        Phrase::AlarmConfirmedTo { code, name, at } => {
            format!("{code} {name}さんが{}に確認しました", names::instant(*at, today))
        }
        Phrase::AlarmAlready { name, at } => {
            format!("{name}さんが{}に確認済みです", names::instant(*at, today))
        }
        Phrase::AlarmWithdrawn { code, name } => format!("{code} の緊急は{name}さんが取り消しました"),
        Phrase::AlarmOnlyLeads => "係長か代理の方が読んで押すボタンです。電話で直接伝えてください".to_owned(),
        Phrase::Taken { code, until } => {
            format!("{code} 対応中にしました。{}に記録がなければ再度お知らせします", day(*until))
        }
        Phrase::TakenAlready { name } => format!("{name}さんが対応中です"),
        Phrase::CannotTake { code } => {
            format!("{code} は今日確認が必要な予定のため、「やります」で止められません。記録するか、日を変えてください")
        }
        Phrase::ReasonSaved => "理由を残しました".to_owned(),
        Phrase::HelpAsked => "理由を残し、係長へ応援をお願いしました".to_owned(),
        Phrase::Consulted => "係長へ送りました。返事があればお知らせします".to_owned(),
        Phrase::Paused { code, reason } => format!("中断しました {code} 理由 {}", names::pause_reason(*reason)),
        Phrase::ReviewCapped { day: last } => {
            format!("年度をまたぐ中断はできないため、{}に見直します", day(*last))
        }
        Phrase::Resumed { code } => format!("支援中に戻しました {code}"),
        Phrase::Watched { code } => format!("見守りにしました {code}"),
        Phrase::CloseAsked { code, reason } => format!(
            "終結の確認を係長へお願いしました {code} 理由 {}。確認されるまで予定は残ります",
            names::close_reason(*reason)
        ),
        Phrase::TransferAsked { code } => {
            format!("移管の確認を係長へお願いしました {code}。確認されるまで予定は残ります")
        }
        Phrase::AskedAlready { code } => format!("{code} は係長の確認待ちです"),
        Phrase::Closed { code } => format!("終結しました {code}"),
        Phrase::TransferConfirmed { code } => {
            format!("移管を確認しました {code}。移管先の受理が分かるまで、確認を続けます。分かったら「{code} 受理確認」")
        }
        Phrase::ReceiptConfirmed { code } => format!("移管を終えました {code}"),
        Phrase::Reopened { code } => format!("再開しました {code}"),
        Phrase::Accepted => "確認しました".to_owned(),
        Phrase::Declined => "差し戻しました".to_owned(),
        Phrase::AnsweredAlready => "この依頼には返事が済んでいます".to_owned(),
        Phrase::Assigned { code, name, main } => {
            let what = if *main { "主担当" } else { "副担当" };
            format!("{code} の{what}を{name}さんにしました")
        }
        Phrase::Registered { code, route } => format!("登録しました {code} 把握経路 {}", names::route(*route)),
        Phrase::RegisteredAlready { code } => format!("{code} は登録済みです"),
        Phrase::WhichClass(code) => format!("{code} の区分はどれですか"),
        Phrase::ClassSet { code, class } => match class {
            Some(class) => format!("{code} を区分{}にしました", class.code().to_uppercase()),
            None => format!("{code} の区分を外しました(目安は区分Bと同じです)"),
        },
        Phrase::FlagsSet { code, flags } => {
            if flags.is_empty() {
                format!("{code} の配慮事項をなくしました")
            } else {
                format!("{code} の配慮事項 {}", names::flags(flags))
            }
        }
        Phrase::AlarmFirst { code } => {
            format!("{code} の緊急をまだどなたも確認していません。先に係長の確認が必要です")
        }
        Phrase::AlarmStands { code, name } => {
            format!("{code} の緊急は取り消されていません({name}さんより)。確認してください")
        }
        Phrase::LeaveCancelled { name, from, to } => {
            format!("取り消しました {name}さんの休み {}から{}まで", day(*from), day(*to))
        }
        Phrase::LeaveSaved { name, from, to, cover } => {
            let cover = cover_words(cover.as_ref());
            format!("{name}さんの休み {}。{cover}", names::days(*from, *to, today))
        }
        Phrase::LeaveToday { name, appointments, others, cover } => {
            let cover = cover_words(cover.as_ref());
            format!("{name}さんは今日お休みです。今日の約束{appointments}・声かけ{others}。{cover}")
        }
        Phrase::AskToCover { name } => format!("{name}さんへ代行をお願いしますか"),
        Phrase::CoverSaved { name, cover, from, to } => {
            format!("{} {name}さんの代行は{cover}さんです", names::days(*from, *to, today))
        }
        Phrase::LanguageSet => "これからは日本語で返します".to_owned(),
        Phrase::QuestionSent { name } => format!("{name}さんへ送りました"),
        Phrase::Dropped => "やめました".to_owned(),
        Phrase::NothingToUndo => "取り消せる記録がありません".to_owned(),
        Phrase::ChangedSince { code } => {
            format!("{code} はそのあとに変わっています。「{code} 履歴」で確かめてから直してください")
        }
        Phrase::NotYourSave => "ほかの方の記録は取り消せません。その方か係長に伝えてください".to_owned(),
        Phrase::UndoneAlready => "取り消し済みです".to_owned(),
        Phrase::NotYours { name } => match name {
            Some(name) => format!("{name}さんの担当です。代わるときは、係長に担当か代行を変えてもらってください"),
            None => "担当が決まっていない世帯です。係長に相談してください".to_owned(),
        },
        Phrase::LeadsOnly => "係長か代理の方ができることです。係長に伝えてください".to_owned(),
        Phrase::NotOpen { code } => format!("{code} は支援を終えています。再開するときは「{code} 再開」"),
        Phrase::NotPaused { code } => format!("{code} は中断・見守りではありません"),
        Phrase::NotTransferring { code } => format!("{code} は移管の受理待ちではありません"),
        Phrase::CheckInOver { code, next } => match next {
            Some(next) => {
                format!("その予定は、もう変わっています。{code} {} {}", names::purpose(next.purpose), next_day(next, today))
            }
            None => format!("その予定は、もう変わっています。{code} は支援を終えています"),
        },
        Phrase::QuestionOver => "この質問は終わっています。もう一度、1行で送ってください".to_owned(),
        Phrase::TooLong { max } => {
            format!("長すぎて読めませんでした。{max}字までで、要点だけ送ってください。何も残していません")
        }
        Phrase::NoSuchButton => "このボタンは使えません。もう一度表示してから押してください".to_owned(),
        Phrase::WordsOnly => "文字だけ受け取れます。写真・音声・ファイルは何も残していません".to_owned(),
        Phrase::UnknownColleague => "その名前の職員が見つかりません。同じチームの方の苗字で送ってください".to_owned(),
        Phrase::WhoIsMeant => "どなたのことですか。苗字を添えて送ってください(例 代行 12/1から12/12 佐藤)".to_owned(),
        Phrase::LeaveOrder => "休みの終わりが始まりより前になっています。日付を送り直してください".to_owned(),
        Phrase::PastDayChosen => "過ぎた日は選べません。今日からあとの日を選んでください".to_owned(),
        Phrase::NotADay => "その日付は読めませんでした。もう一度入れてください(例 2026-12-15)".to_owned(),
        Phrase::RaceLost => {
            "ちょうどほかの変更が重なったため、まだ記録していません。もう一度送ってください".to_owned()
        }
        Phrase::NothingToCorrect => "直す記録が見つかりません。世帯の番号を添えて送ってください".to_owned(),
        Phrase::OverdueTeam { overdue, open, unscheduled } => {
            format!("期限超過 {overdue}世帯(支援中{open}世帯、{})", scheduled("すべて", *unscheduled))
        }
        Phrase::OverdueOwn { overdue } => format!("予定の日を過ぎている世帯は{overdue}世帯です"),
        Phrase::NothingOverdue { open, unscheduled } => {
            format!(
                "予定の日を過ぎている世帯はありません(支援中{open}世帯、{})",
                scheduled("すべて", *unscheduled)
            )
        }
        Phrase::OverdueRow { code, alarm, days, nurse, away, put_off } => {
            let alarm = if *alarm { " 緊急" } else { "" };
            let nurse = nurse.as_deref().unwrap_or("担当なし");
            let away = match away {
                Some(Some(cover)) => format!("(休み、代行 {cover})"),
                Some(None) => "(休み、代行なし)".to_owned(),
                None => String::new(),
            };
            let put_off = if *put_off > 0 { format!(" 日付変更{put_off}回") } else { String::new() };
            format!("{code}{alarm} {days}日 {nurse}{away}{put_off}")
        }
        Phrase::ComingTitle(span) => format!("{}の予定", names::span(*span)),
        Phrase::NothingComing(span) => format!("{}の予定はありません", names::span(*span)),
        Phrase::ComingRow { code, next, nurse } => {
            let nurse = nurse.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            format!("{code} {} {}{nurse}", names::next(next, today), short_purpose(next.purpose))
        }
        Phrase::RestOfList { count } => format!("ほか{count}世帯"),
        Phrase::SheetTitle { code, state } => format!("{code} {}", names::state(*state)),
        Phrase::LastTime(contact) => format!("前回 {}", names::contact_on(contact, today)),
        Phrase::BeforeThat(contact) => format!("その前 {}", names::contact_on(contact, today)),
        Phrase::NeverYet => "接触はまだありません".to_owned(),
        Phrase::ContactLine { contact, author } => format!("{} ({author})", names::contact_on(contact, today)),
        Phrase::Nurses { main, second } => {
            let main = main.as_deref().unwrap_or("未定");
            match second {
                Some(second) => format!("主担当 {main}・副担当 {second}"),
                None => format!("主担当 {main}"),
            }
        }
        Phrase::KnownBy { route, on } => {
            let route = route.map(|route| format!("把握経路 {}", names::route(route)));
            let on = on.map(|on| format!("第一報 {}", day(on)));
            route.into_iter().chain(on).collect::<Vec<_>>().join("・")
        }
        Phrase::ClassIs(class) => format!("区分 {}", class.code().to_uppercase()),
        Phrase::Counts { contacts, cards, letters } => {
            format!("接触{contacts}回・名刺{cards}枚・手紙{letters}通")
        }
        Phrase::Course => "経過".to_owned(),
        Phrase::WaitsFor(wish) => format!("係長の返事待ち {}", names::wish(*wish)),
        Phrase::GoodMorning { count: 0 } => "おはようございます。このお知らせの世帯はすべて済みました".to_owned(),
        Phrase::GoodMorning { count } => format!("おはようございます。声かけの時期は{count}世帯です"),
        Phrase::TodaysCounts { appointments, reviews, others } => {
            format!("おはようございます。本日 約束{appointments}・確認{reviews}・声かけ{others}")
        }
        Phrase::ReminderTitle => "声かけの時期です".to_owned(),
        Phrase::SupervisorTitle { count } => format!("期限超過 {count}世帯"),
        Phrase::DueTitle { code, next } => due_title(code, next),
        Phrase::PlannedFor { next } => {
            let plan = names::plan(next);
            let dot = if plan.is_empty() { "" } else { "・" };
            let what = if next.purpose == Purpose::Review { "次の確認 " } else { "" };
            format!("{what}{}の予定{dot}{plan}", names::window(next.window, today))
        }
        Phrase::Attempts { recent } => {
            let lines: Vec<String> = recent.iter().map(|contact| names::contact_on(contact, today)).collect();
            if lines.is_empty() { "接触はまだありません".to_owned() } else { format!("前回 {}", lines.join(" / ")) }
        }
        Phrase::LastMet(contact) => {
            let who = names::whom(&contact.details.whom);
            let who = if who.is_empty() { "会えた".to_owned() } else { format!("{who}と会えた") };
            format!("最後に{who}のは{}", day(contact.details.on))
        }
        Phrase::CardsLeft { cards } => if *cards > 0 { format!("名刺{cards}枚") } else { String::new() },
        Phrase::SinceThen { name, contact } => format!("{name}さんが {} {}", day(contact.on), names::contact(contact, None)),
        Phrase::HowWasAppointment { code, time } => match time {
            Some(time) => format!("{code} {}の約束はいかがでしたか", names::time(*time)),
            None => format!("{code} 今日の約束はいかがでしたか"),
        },
        Phrase::NurseOf { name, away_until, cover } => {
            let away = away_until.map(|until| format!("、{}まで休み", day(until))).unwrap_or_default();
            let cover = cover.as_ref().map(|cover| format!("、代行 {cover}さん")).unwrap_or_default();
            format!("担当 {name}さん{away}{cover}")
        }
        Phrase::BeingDealtWith { code, name } => format!("{code} {name}さんが対応中"),
        Phrase::Settled { code, name, on } => format!("{code} {name}さんが対応 {}", day(*on)),
        Phrase::NoLongerThere { code } => format!("{code} 予定が変わりました"),
        Phrase::MayBeRepeated => "再送かもしれません".to_owned(),
        Phrase::NudgesHadStopped { since, count } => {
            let meanwhile = if *count == 0 {
                String::new()
            } else {
                format!("。その間に時期が来た{count}世帯もこのお知らせに入れました")
            };
            format!("{}からお知らせが止まっていました{meanwhile}", day(*since))
        }
        Phrase::CouldNotShow { count } => {
            format!("{count}世帯は内容を読み出せませんでした。管理者へ連絡してください")
        }
        Phrase::LoggedFor { code, name, kind, outcome, window } => {
            let what: Vec<&str> = kind.map(names::kind).into_iter().chain(outcome.map(names::outcome)).collect();
            let next = window.map(|window| format!("。次は{}", day(window.on))).unwrap_or_default();
            format!("{code} {name}さんが記録しました {}{next}", what.join("・"))
        }
        Phrase::DateChangedBy { code, name, window } => {
            format!("{code} {name}さんが次の日を{}に変えました", day(window.on))
        }
        Phrase::AskedTitle { name, code, wish } => asked_title(name, code, *wish),
        Phrase::ClosureFigures { contacts, last_on } => match last_on {
            Some(last) => format!("接触{contacts}回、最終 {}", day(*last)),
            None => format!("接触{contacts}回"),
        },
        Phrase::AnsweredTo { code, name, wish, accepted } => {
            let verb = match (accepted, wish) {
                (true, Wish::Close { .. } | Wish::Transfer) => "確認しました",
                (true, _) => "引き受けました",
                (false, _) => "差し戻しました",
            };
            format!("{code} {name}さんが{verb} {}", names::wish(*wish))
        }
        Phrase::EntrustedTo { code, name, main, window } => {
            let what = if *main { "主担当" } else { "副担当" };
            let next = window.map(|window| format!("。次は{}", day(window.on))).unwrap_or_default();
            format!("{code} の{what}になりました({name}さんより){next}")
        }
        Phrase::Unreached(name) => {
            format!("{name}さんへのお知らせが届きませんでした。連絡設定の確認をお願いします")
        }
        Phrase::HandedOn { code, name, to, main } => {
            let what = if *main { "主担当" } else { "副担当" };
            format!("{code} の{what}は{to}さんになりました({name}さんより)")
        }
        Phrase::CoverCancelled { name, from, to } => {
            format!("{}から{}までの{name}さんの代行はなくなりました", day(*from), day(*to))
        }
        Phrase::Covering { name, from, to, due_now, due_within } => format!(
            "{} {name}さんの代行です。いま{due_now}世帯、期間中に{due_within}世帯",
            names::days(*from, *to, today)
        ),
        Phrase::BoardGroup(group) => names::board_group(*group).to_owned(),
        Phrase::Column(column) => names::column_head(*column).to_owned(),
        Phrase::Code(code) => code.to_string(),
        Phrase::Name(name) => name.clone().unwrap_or_else(|| "未定".to_owned()),
        Phrase::DateCell(next) => next.as_ref().map(|next| names::next(next, today)).unwrap_or_default(),
        Phrase::LastCell(contact) => {
            contact.as_ref().map_or_else(|| "まだありません".to_owned(), |contact| names::contact_on(contact, today))
        }
        Phrase::FlagsCell { flags, not_before } => {
            let until = not_before.map(|until| format!("{}まで訪問を控える", day(until)));
            let flags = (!flags.is_empty()).then(|| names::flags(flags));
            flags.into_iter().chain(until).collect::<Vec<_>>().join("・")
        }
        Phrase::StateCell(state) => names::state(*state).to_owned(),
        Phrase::Waiting { count } => format!("返事待ちの依頼 {count}件"),
        Phrase::WaitingRow { code, wish, name, on } => {
            format!("{code} {} {name}さんより {}", names::wish(*wish), day(*on))
        }
        Phrase::EchoPress(pressed) => format!("[{}]", label(pressed, today)),
        Phrase::EchoContact { code, contacts, due } => {
            let code = code.iter().map(Code::to_string);
            let contacts = contacts.iter().map(|contact| names::contact(contact, None));
            let due = due.iter().map(|due| day(*due));
            code.chain(contacts).chain(due).collect::<Vec<_>>().join(" ")
        }
        Phrase::EchoCommand { code, command } => {
            let code = code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
            format!("{code}{}", commands::name(*command))
        }
        Phrase::Help(line) => commands::help(*line).to_owned(),
        Phrase::Outside(line) => outside::say(line, today),
        Phrase::Audit(line) => audit::say(line, today),
        Phrase::Chat(line) => chat::say(line, today),
        Phrase::Rhythm(line) => rhythm::say(line, today),
        Phrase::Staff(line) => staff::say(line, today),
    }
}

fn next_day(next: &Next, today: NaiveDate) -> String {
    if next.window.on == today {
        format!("今日 {}", names::next(next, today))
    } else {
        names::next(next, today)
    }
}

fn because_of(next: &Next, because: &Because) -> String {
    match because {
        Because::Said => String::new(),
        Because::Guessed => " ← 早いほうの目安で入れました".to_owned(),
        Because::Guideline { why, span } => match (why, next.plan.kind) {
            (Why::Said | Why::Chosen | Why::Danger | Why::NoSignOfLife, _)
            | (Why::Hostile, Some(_)) => String::new(),
            _ => {
                let span = span
                    .map(|span| format!("({})", names::interval(span)))
                    .unwrap_or_default();
                format!(" ← {}の目安{span}です", names::why(*why))
            }
        },
        Because::EndOfPeace => " ← 訪問を控える期間が明ける日です".to_owned(),
        Because::Kept => "(そのまま)".to_owned(),
        Because::MovedBack { from } => format!(
            " ← {}は{}のため前に寄せました",
            month_day(*from),
            closed(*from)
        ),
        Because::MovedForward { from } => format!(
            " ← {}は{}のため次の開庁日です",
            month_day(*from),
            closed(*from)
        ),
    }
}

fn month_day(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

fn closed(day: NaiveDate) -> String {
    use chrono::Weekday::{Sat, Sun};
    match day.weekday() {
        Sat | Sun => format!("{}曜", names::weekday(day.weekday())),
        _ => "閉庁日".to_owned(),
    }
}

fn short_purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::LookIn => "声かけ",
        Purpose::Review => "確認",
    }
}

fn due_title(code: &Code, next: &Next) -> String {
    match (next.pace, next.purpose) {
        (Pace::Appointment, _) => {
            let time = next
                .plan
                .time
                .map(|at| format!(" {}", names::time(at)))
                .unwrap_or_default();
            let kind = next
                .plan
                .kind
                .map(|kind| format!(" {}", names::kind(kind)))
                .unwrap_or_default();
            format!("{code} 約束{time}{kind}")
        }
        (_, Purpose::Review) => {
            let kind = next
                .plan
                .kind
                .map(|kind| format!("・{}", names::kind(kind)))
                .unwrap_or_default();
            format!("{code} 確認{kind}")
        }
        (_, Purpose::LookIn) => code.to_string(),
    }
}

fn asked_title(name: &str, code: &Code, wish: Wish) -> String {
    match wish {
        Wish::Close { .. } | Wish::Transfer => {
            format!("{name}さんから依頼 {code} {}", names::wish(wish))
        }
        Wish::HowIsIt => {
            format!("{code} の様子を教えてください。手が足りなければ一緒に調整します")
        }
        _ => format!("{name}さんから相談 {code} {}", names::wish(wish)),
    }
}

fn cover_words(cover: Option<&String>) -> String {
    match cover {
        Some(cover) => format!("代行は{cover}さんです"),
        None => "代行が決まるまで、副担当と係長へお知らせします".to_owned(),
    }
}

fn list(codes: &[Code]) -> String {
    codes
        .iter()
        .map(Code::to_string)
        .collect::<Vec<_>>()
        .join("と")
}
