//! What a field of a table says.
use chrono::NaiveDate;
use regex::Regex;
use std::{str::FromStr, sync::LazyLock};
use strum::VariantArray;
use unicode_normalization::UnicodeNormalization;

/// A day as Japanese offices write it, by the Christian year or by the era.
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?P<era>令和|平成|[RH])?\.? ?(?P<year>[0-9]{1,4}|元)[-/.年] ?(?P<month>[0-9]{1,2})[-/.月] ?(?P<day>[0-9]{1,2})日?$",
    )
    .expect("the pattern is tested to be sound")
});

/// The field with one width for each letter.
pub fn plain(field: &str) -> String {
    field.nfkc().collect::<String>().trim().to_owned()
}

/// A member of a closed list by its code or by one of its words; None if it is
/// neither.
pub fn member<T, W>(field: &str, words: impl Fn(T) -> W) -> Option<T>
where
    T: VariantArray + Copy + FromStr,
    W: IntoIterator<Item = &'static str>,
{
    let written = plain(field).to_lowercase();
    let by_code = written.replace([' ', '-'], "_").parse();
    by_code.ok().or_else(|| {
        let mut members = T::VARIANTS.iter().copied();
        members.find(|member| {
            words(*member)
                .into_iter()
                .any(|word| plain(word) == written)
        })
    })
}

/// A day: `2026-04-01`, `2026/4/1`, `2026年4月1日`, `令和8年4月1日`, `R8.4.1`.
pub fn day(field: &str) -> Option<NaiveDate> {
    let written = plain(field);
    let found = DAY.captures(&written)?;
    let number = |name| found.name(name)?.as_str().parse().ok();
    let year: i32 = match &found["year"] {
        "元" => 1,
        year => year.parse().ok()?,
    };
    let year = match found.name("era").map(|era| era.as_str()) {
        Some("令和" | "R") => 2018 + year,
        Some(_) => 1988 + year,
        None if year >= 1000 => year,
        None => return None,
    };
    NaiveDate::from_ymd_opt(year, number("month")?, number("day")?)
}

#[cfg(test)]
mod tests {
    use super::{day, member};
    use crate::domain::household::Route;
    use chrono::NaiveDate;

    #[test]
    fn a_day_is_read_as_offices_write_it() {
        let first = NaiveDate::from_ymd_opt(2026, 4, 1);
        for text in [
            "2026-04-01",
            "2026/4/1",
            "2026.4.1",
            "2026年4月1日",
            "２０２６／４／１",
            "令和8年4月1日",
            "R8.4.1",
            "R8/04/01",
        ] {
            assert_eq!(day(text), first, "{text}");
        }
        assert_eq!(day("令和元年5月1日"), NaiveDate::from_ymd_opt(2019, 5, 1));
        assert_eq!(day("H30.1.4"), NaiveDate::from_ymd_opt(2018, 1, 4));
        for text in [
            "",
            "4/1",
            "26/4/1",
            "2026-02-30",
            "2026-04",
            "20260401",
            "来週",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_member_is_known_by_its_code_and_its_words() {
        let route = |text| member(text, |route| (route == Route::Person).then_some("本人"));
        assert_eq!(route("本人"), Some(Route::Person));
        assert_eq!(route("self"), Some(Route::Person));
        assert_eq!(route("Care Manager"), Some(Route::CareManager));
        assert_eq!(route("ＳＥＬＦ"), Some(Route::Person));
        assert_eq!(route("だれか"), None);
    }
}
