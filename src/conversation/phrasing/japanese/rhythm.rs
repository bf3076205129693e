//! What we say in Japanese over the lists that come by the calendar.
use super::names;
use crate::conversation::phrase::RhythmLine;
use chrono::NaiveDate;

/// One sentence.
pub fn say(line: &RhythmLine, today: NaiveDate) -> String {
    let day = |day: &NaiveDate| names::day(*day, today);
    match line {
        RhythmLine::MeantFor { day: meant } => format!("{}にお送りするはずの一覧です", day(meant)),
        RhythmLine::NextWeek {
            appointments,
            others,
        } => {
            format!("来週の予定(約束{appointments}・声かけ{others})")
        }
        RhythmLine::ThisWeek {
            appointments,
            others,
        } => {
            format!("今週の予定(約束{appointments}・声かけ{others})")
        }
        RhythmLine::BeforeClosure { from, to, count } => format!(
            "{} 閉庁します。その間に時期が来る、またはまだ会えていない{count}世帯です",
            names::days(*from, *to, today)
        ),
        RhythmLine::BeforeTransfers { to, count } => format!(
            "4月の異動の前に。{}までに時期が来る、またはまだ会えていない{count}世帯です",
            day(to)
        ),
        RhythmLine::NotMetYet => "前回は会えていません".to_owned(),
        RhythmLine::CoverAhead {
            name,
            from,
            to,
            count,
        } => format!(
            "{} {name}さんの代行です。その間の{count}世帯をお願いします",
            names::days(*from, *to, today)
        ),
        RhythmLine::CoverBegins { name, to, count } => format!(
            "{name}さんは{}までお休みです。その間の{count}世帯をお願いします",
            day(to)
        ),
        RhythmLine::InGoodHands {
            to,
            cover: Some(cover),
            count,
        } => {
            format!("{}まで、{count}世帯は{cover}さんが代行します", day(to))
        }
        RhythmLine::InGoodHands {
            to,
            cover: None,
            count,
        } => {
            format!("{}まで、{count}世帯は副担当と係長が受け持ちます", day(to))
        }
        RhythmLine::CoverEnds { name, to, count } => format!(
            "{name}さんの代行は{}で終わりました。{count}世帯をお返しします",
            day(to)
        ),
        RhythmLine::HandedBack {
            to,
            cover: Some(cover),
            count,
        } => format!(
            "おかえりなさい。{cover}さんの代行は{}で終わりました。動きのあった、または時期が来ている{count}世帯です",
            day(to)
        ),
        RhythmLine::HandedBack {
            to: _,
            cover: None,
            count,
        } => {
            format!("おかえりなさい。お休みの間に動きのあった、または時期が来ている{count}世帯です")
        }
        RhythmLine::MorningSet { at } => {
            format!(
                "朝のお知らせは{}にお送りします。緊急のお知らせは待たずに届きます",
                names::time(*at)
            )
        }
        RhythmLine::MorningAtOpening { opens } => {
            format!("朝のお知らせは開庁の{}にお送りします", names::time(*opens))
        }
        RhythmLine::MorningWithin { from, to } => format!(
            "朝のお知らせの時刻は{}から{}までで選べます(例 「お知らせ 9:00」)",
            names::time(*from),
            names::time(*to)
        ),
        RhythmLine::WorkingDays { name, days } => {
            let days: Vec<&str> = days.iter().map(|day| names::weekday(*day)).collect();
            format!(
                "{name}さんの勤務日は{}です。ほかの日の声かけは、その前の勤務日か副担当へお知らせします",
                days.join("・")
            )
        }
        RhythmLine::ToldByWrongClock => {
            "機器の時計が合っていなかったため、前にもお知らせした世帯があります".to_owned()
        }
    }
}
