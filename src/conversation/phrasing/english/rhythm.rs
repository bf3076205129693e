//! What we say in English over the lists that come by the calendar.
use super::names;
use crate::conversation::phrase::RhythmLine;
use chrono::NaiveDate;

/// One sentence.
pub fn say(line: &RhythmLine, today: NaiveDate) -> String {
    let day = |day: &NaiveDate| names::day(*day, today);
    let households = |count: &usize| names::count(*count, "household");
    let week = |which, appointments: &usize, others: &usize| {
        format!(
            "{which}: {}, {}",
            names::count(*appointments, "appointment"),
            names::count(*others, "check-in")
        )
    };
    match line {
        RhythmLine::MeantFor { day: meant } => format!("This list was meant for {}", day(meant)),
        RhythmLine::NextWeek {
            appointments,
            others,
        } => week("Next week", appointments, others),
        RhythmLine::ThisWeek {
            appointments,
            others,
        } => week("This week", appointments, others),
        RhythmLine::BeforeClosure { from, to, count } => format!(
            "The office is closed {}. Due in that time, or not met yet: {}",
            names::days(*from, *to, today),
            households(count)
        ),
        RhythmLine::BeforeTransfers { to, count } => format!(
            "Before the transfers of April. Due until {}, or not met yet: {}",
            day(to),
            households(count)
        ),
        RhythmLine::NotMetYet => "Nobody was met the last time".to_owned(),
        RhythmLine::CoverAhead {
            name,
            from,
            to,
            count,
        } => format!(
            "You stand in for {name} {}, for {} in that time",
            names::days(*from, *to, today),
            households(count)
        ),
        RhythmLine::CoverBegins { name, to, count } => format!(
            "{name} is away until {}. Please look after {} in that time",
            day(to),
            households(count)
        ),
        RhythmLine::InGoodHands {
            to,
            cover: Some(cover),
            count,
        } => {
            format!(
                "Until {} {cover} stands in for you, for {}",
                day(to),
                households(count)
            )
        }
        RhythmLine::InGoodHands {
            to,
            cover: None,
            count,
        } => format!(
            "Until {} the second nurses and the supervisor look after {} of yours",
            day(to),
            households(count)
        ),
        RhythmLine::CoverEnds { name, to, count } => format!(
            "You stood in for {name} until {}. Handed back: {}",
            day(to),
            households(count)
        ),
        RhythmLine::HandedBack {
            to,
            cover: Some(cover),
            count,
        } => format!(
            "Welcome back. {cover} stood in for you until {}. Moved meanwhile or due: {}",
            day(to),
            households(count)
        ),
        RhythmLine::HandedBack {
            to: _,
            cover: None,
            count,
        } => {
            format!(
                "Welcome back. Moved meanwhile or due: {}",
                households(count)
            )
        }
        RhythmLine::MorningSet { at } => format!(
            "Your morning message comes at {}. What is urgent does not wait",
            names::time(*at)
        ),
        RhythmLine::MorningAtOpening { opens } => {
            format!(
                "Your morning message comes at the opening, {}",
                names::time(*opens)
            )
        }
        RhythmLine::MorningWithin { from, to } => format!(
            "Your morning message can come between {} and {} (such as \"remind me at 9:00\")",
            names::time(*from),
            names::time(*to)
        ),
        RhythmLine::WorkingDays { name, days } => {
            let days: Vec<&str> = days.iter().map(|day| names::weekday(*day)).collect();
            format!(
                "{name} works on {}. What falls on other days is told on the working day before, \
                 or to the second nurse",
                days.join(", ")
            )
        }
        RhythmLine::ToldByWrongClock => {
            "The clock was wrong: some of these you have been told of before".to_owned()
        }
    }
}
