//! The grammar of Japanese dates. It reads folded text: katakana as hiragana.
use super::{
    Parsed, Part, Said, What, Year,
    feast::{feast, golden_week},
    number::{digits, kana_day, kana_month, number},
    span::{span, span_from_there},
    week::{beside, nth, nth_week, nth_weekday, week, weekday},
};
use winnow::{
    Parser,
    combinator::{alt, fail, not, opt, preceded, terminated},
    error::EmptyError,
    token::one_of,
};

/// The said date at the start of the text, and what follows it.
pub(super) fn said(folded: &str) -> Option<(&str, Said)> {
    let mut rest = folded;
    let said = date.parse_next(&mut rest).ok()?;
    Some((rest, said))
}

/// What is counted from a day that was said: 12/10の2週間後, 年明けから1週間後,
/// 来月10日の翌日.
pub(super) fn counted_from_there(rest: &str) -> Option<(&str, Said)> {
    let mut behind = ["から数えて", "から", "より", "の"]
        .iter()
        .find_map(|joint| rest.strip_prefix(joint))?;
    let (what, is_guess) = alt((span_from_there, next_one.map(|what| (what, false))))
        .parse_next(&mut behind)
        .ok()?;
    let _ = opt(about).parse_next(&mut behind);
    let said = Said {
        what,
        is_limit: false,
        is_guess,
    };
    Some((behind, said))
}

/// 翌日, 翌週の月曜, 翌月末, 前日
fn next_one(input: &mut &str) -> Parsed<What> {
    if !input.starts_with(['翌', '前', '次']) {
        return fail.parse_next(input);
    }
    alt((
        "次の日".value(What::Day(1)),
        relative_day,
        week,
        relative_month,
    ))
    .parse_next(input)
}

/// Whether a date can begin with this letter, as a number or as a word.
pub(super) fn may_begin(c: char) -> bool {
    is_number(c) || WORDS.contains(&c)
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || NUMBERS.contains(&c)
}

const NUMBERS: [char; 12] = [
    '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '数', '半',
];

/// The letters that begin dates other than by number.
const WORDS: [char; 41] = [
    '来', '再', '今', '先', '翌', '次', '週', '明', '本', '当', '月', '年', '令', '昨', '去', '前',
    '正', '新', '大', '松', '冬', '火', '水', '木', '金', '土', '日', '第', '末', '上', '中', '下',
    '初', '連', '春', '盆', '彼', '元', '節', '七', '雛',
];

/// Whether a date can begin with this kana and what follows it. Kana stand
/// everywhere, and most pairs of them begin no word of the grammar.
pub(super) fn may_begin_in_kana(first: char, next: char) -> bool {
    // Behind a number: か月, 週間, にち, ねん, がつ, じゅう, ないし
    const COUNTED: &str = "かけゖゕしにねがじな週月日年";
    let nexts = match first {
        'あ' => "さしす",
        'い' => "っちつ",
        'お' => "おとしぼひ盆正年彼",
        'か' | 'ど' => "よ",
        'き' => "ゅょのん",
        'く' => return next == 'り' || COUNTED.contains(next),
        'け' => "さ",
        'げ' => "つじ",
        'こ' => "んとこ",
        'ご' => return next == 'ー' || COUNTED.contains(next),
        'さ' => "んら来",
        'し' => "ちあょんが",
        'じ' => "ゅっょ",
        'す' => "うい",
        'せ' | 'ね' | 'ぼ' => "ん",
        'ち' => "ゅ",
        'つ' | 'む' | 'ら' | 'れ' => "い",
        'と' => "おし",
        'な' => "なのか",
        'に' => return next == 'ち' || COUNTED.contains(next),
        'は' => "っちんつ",
        'ひ' => "とがな",
        'ふ' => "たつ",
        'み' => "っょ",
        'も' => "く",
        'よ' => "んっう",
        'ろ' => "っく",
        _ => "",
    };
    nexts.contains(next)
}

/// What the letter behind leading figures leaves possible: a span, a day of the
/// calendar, or only a word (三が日). Figures open most dates, so it pays not to
/// try what cannot be.
fn by_figures(text: &str) -> (bool, bool) {
    let behind = text
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .chars()
        .next();
    match behind {
        Some('月' | '/' | '.') => (false, true),
        Some('か' | 'け' | 'ゖ' | 'ゕ' | '箇' | '個' | '週' | 'w' | 'm' | 'd' | 'y') => {
            (true, false)
        }
        Some(':' | '時' | '回' | '人' | '枚' | '分') => (false, false),
        _ => (true, true),
    }
}

fn date(input: &mut &str) -> Parsed<Said> {
    let Some(first) = input.chars().next() else {
        return fail.parse_next(input);
    };
    let is_kana = matches!(first, '\u{3041}'..='\u{3096}');
    let is_word = !is_number(first) || matches!(first, '一' | '三' | '五' | '七' | '3' | '5');
    let (may_be_span, may_be_day) = match first.is_ascii_digit() {
        true => by_figures(input),
        false => (true, true),
    };
    let counted = alt((
        only_if(may_be_span, span),
        only_if(
            may_be_day,
            alt((calendar, compact, month, day_of_month, no_date)).map(plain),
        ),
    ));
    // No two of these can begin alike, so the commonest come first; but a date
    // may begin with its weekday.
    let worded = alt((
        relative_day,
        week,
        relative_month,
        calendar,
        month,
        golden_week,
        feast,
        nth_weekday,
        weekday.map(What::Weekday),
        part_ahead,
    ))
    .map(plain);
    let (what, is_guess, within) = match (is_number(first) || is_kana, is_word) {
        (true, false) => { counted }.parse_next(input)?,
        (false, _) => { worded }.parse_next(input)?,
        (true, true) => alt((
            alt((golden_week, relative_day, feast)).map(plain),
            counted,
            worded,
        ))
        .parse_next(input)?,
    };
    let within = within
        || (matches!(what, What::Day(_))
            && opt(alt(("中に", "中", "じゅうに", "じゅう")))
                .parse_next(input)?
                .is_some());
    let about = opt(about).parse_next(input)?.is_some();
    let by = opt(alt(("までに", "まで", "迄に", "迄"))).parse_next(input)?;
    if !about {
        opt(self::about).parse_next(input)?;
    }
    Ok(Said {
        what,
        is_limit: within || by.is_some(),
        is_guess,
    })
}

/// Tries a rule, or not.
fn only_if<'t, T>(
    tries: bool,
    mut rule: impl Parser<&'t str, T, EmptyError>,
) -> impl Parser<&'t str, T, EmptyError> {
    move |input: &mut &'t str| match tries {
        true => rule.parse_next(input),
        false => fail.parse_next(input),
    }
}

fn plain(what: What) -> (What, bool, bool) {
    (what, false, false)
}

/// ころ, くらい: ignored.
pub(super) fn about(input: &mut &str) -> Parsed<()> {
    opt(' ').parse_next(input)?;
    alt((
        alt((
            "ころ",
            "ごろ",
            "頃",
            "くらい",
            "ぐらい",
            "位",
            "あたり",
            "辺り",
            "前後",
            "ほど",
            "程度",
        ))
        .void(),
        (
            opt('を'),
            alt(("めど", "目処", "目途", "目安")),
            opt(alt(("に", "として"))),
        )
            .void(),
    ))
    .parse_next(input)
}

/// 2026年12月10日(木), r8.12.10, 12/10, 来年1月15日
fn calendar(input: &mut &str) -> Parsed<What> {
    // 火曜 12/22: the weekday may come first.
    let before = opt(terminated(weekday, opt(one_of([' ', 'の', '、'])))).parse_next(input)?;
    let (year, month, day) = alt((year_month_day, month_day)).parse_next(input)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return fail.parse_next(input);
    }
    let weekday = opt(beside).parse_next(input)?.or(before);
    Ok(What::Calendar {
        year,
        month,
        day,
        weekday,
    })
}

fn year_month_day(input: &mut &str) -> Parsed<(Option<Year>, u32, u32)> {
    alt((
        (
            year,
            opt(' '),
            '年',
            opt(alt((' ', 'の'))),
            month_number,
            named_day,
        )
            .map(|(year, _, _, _, month, day)| (Some(year), month, day)),
        (relative_year, alt((month_slash, month_number)), day_number)
            .map(|(year, month, day)| (Some(year), month, day)),
        separated,
    ))
    .parse_next(input)
}

/// 2026/12/10, r8.12.10: the same sign twice.
fn separated(input: &mut &str) -> Parsed<(Option<Year>, u32, u32)> {
    let year = alt((year, short_year)).parse_next(input)?;
    let sign = one_of(['/', '-', '.']).parse_next(input)?;
    let month = terminated(digits, sign).parse_next(input)?;
    Ok((Some(year), month, day_number.parse_next(input)?))
}

/// 27/1/15, of the years around ours.
fn short_year(input: &mut &str) -> Parsed<Year> {
    terminated(
        winnow::token::take_while(2..=2, |c: char| c.is_ascii_digit()),
        winnow::combinator::peek(one_of(['/', '.'])),
    )
    .try_map(str::parse::<i32>)
    .verify(|year| (24..60).contains(year))
    .map(|year| Year::Exact(2000 + year))
    .parse_next(input)
}

fn month_slash(input: &mut &str) -> Parsed<u32> {
    terminated(digits, '/').parse_next(input)
}

/// 12月, and the の that may follow.
fn month_number(input: &mut &str) -> Parsed<u32> {
    terminated(
        alt((
            terminated(number, (opt(' '), alt(("月", "がつ")))),
            kana_month,
        ))
        .verify(|month| (1..=12).contains(month)),
        opt(alt((' ', 'の'))),
    )
    .parse_next(input)
}

/// 来年の, 今年
fn relative_year(input: &mut &str) -> Parsed<Year> {
    terminated(
        alt((
            alt(("再来年", "さらいねん")).value(Year::Relative(2)),
            alt(("来年", "翌年", "らいねん")).value(Year::Relative(1)),
            alt(("今年", "ことし", "本年")).value(Year::Relative(0)),
            alt(("昨年", "去年")).value(Year::Relative(-1)),
        )),
        opt(alt((' ', 'の'))),
    )
    .parse_next(input)
}

/// A year with four digits or of the Reiwa era.
fn year(input: &mut &str) -> Parsed<Year> {
    alt((
        digits.verify(|year| (2000..2100).contains(year)),
        preceded(
            (alt(("令和", "れいわ", "令", "r")), opt(one_of([' ', '.']))),
            alt((number, "元".value(1))).verify(|year| (1..80).contains(year)),
        )
        .map(|year| year + 2018),
    ))
    .try_map(|year| i32::try_from(year).map(Year::Exact))
    .parse_next(input)
}

fn month_day(input: &mut &str) -> Parsed<(Option<Year>, u32, u32)> {
    alt((
        (month_number, named_day).map(|(month, day)| (None, month, day)),
        (digits, '/', day_number).map(|(month, _, day)| (None, month, day)),
        two_digits_each,
    ))
    .parse_next(input)
}

/// 12-15 and 12.15, where both have two digits; else it is a house or a count.
fn two_digits_each(input: &mut &str) -> Parsed<(Option<Year>, u32, u32)> {
    let two = |input: &mut &str| {
        winnow::token::take_while(2..=2, |c: char| c.is_ascii_digit())
            .try_map(str::parse::<u32>)
            .parse_next(input)
    };
    let (month, _, day) = (two, one_of(['-', '.']), two).parse_next(input)?;
    not_going_on.parse_next(input)?;
    Ok((None, month, day))
}

/// A day in figures that nothing turns into something else.
fn day_number(input: &mut &str) -> Parsed<u32> {
    let day = number.parse_next(input)?;
    if opt(alt(("日", "にち"))).parse_next(input)?.is_none() {
        not_going_on.parse_next(input)?;
    }
    Ok(day)
}

fn named_day(input: &mut &str) -> Parsed<u32> {
    alt((
        terminated(number, (opt(' '), alt(("日", "にち")))),
        kana_day,
    ))
    .parse_next(input)
}

/// Not `2-3-5`, `3/4回`, `1/2週`.
fn not_going_on(input: &mut &str) -> Parsed<()> {
    not((
        opt(one_of(['/', '-', '.'])),
        one_of(|c: char| c.is_ascii_digit()),
    ))
    .parse_next(input)?;
    not((one_of(['か', 'ゖ', 'ゕ', '箇', '個']), alt(("月", "げつ")))).parse_next(input)?;
    // 12/14通院, 12/14名刺: no counter.
    let is_word = BEGUN_LIKE_COUNTERS
        .iter()
        .any(|word| input.starts_with(word));
    if is_word {
        return Ok(());
    }
    not(one_of([
        '回', '人', '名', '枚', '通', '件', '分', '時', '歳', '才', '週', '号', '番', '丁', '階',
        '%', '円', '-',
    ]))
    .parse_next(input)
}

const BEGUN_LIKE_COUNTERS: [&str; 9] = [
    "通院", "通所", "通学", "通勤", "通知", "名刺", "回答", "回収", "人間",
];

/// 20261215
fn compact(input: &mut &str) -> Parsed<What> {
    let text = winnow::token::take_while(8..=8, |c: char| c.is_ascii_digit()).parse_next(input)?;
    not(one_of(|c: char| c.is_ascii_digit())).parse_next(input)?;
    let (year, month, day) = (&text[..4], &text[4..6], &text[6..]);
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year @ 2000..2100), Ok(month @ 1..=12), Ok(day @ 1..=31)) => Ok(What::Calendar {
            year: Some(Year::Exact(year)),
            month,
            day,
            weekday: None,
        }),
        _ => fail.parse_next(input),
    }
}

/// 1月, 1月中旬, 2027年1月末, 12月の第2木曜
fn month(input: &mut &str) -> Parsed<What> {
    let year = opt(alt((
        terminated(year, (opt(' '), '年', opt(alt((' ', 'の'))))),
        relative_year,
    )))
    .parse_next(input)?;
    let month = alt((
        terminated(number, (opt(' '), alt(("月", "がつ")))),
        kana_month,
    ))
    .verify(|month| (1..=12).contains(month))
    .parse_next(input)?;
    let part = part.parse_next(input)?;
    Ok(What::Month { year, month, part })
}

/// 今月, 来月上旬, 再来月第1月曜, 月末, 月初
fn relative_month(input: &mut &str) -> Parsed<What> {
    alt((
        (
            alt((
                alt(("再来月", "さ来月", "さらいげつ", "翌々月")).value(2),
                alt(("来月", "翌月", "らいげつ", "次月")).value(1),
                alt(("今月", "こんげつ", "当月")).value(0),
                alt(("先々月", "せんせんげつ")).value(-2),
                alt(("先月", "せんげつ", "前月")).value(-1),
            )),
            part,
        )
            .map(|(months, part)| {
                What::RelativeMonth(
                    months,
                    if months == 0 && part == Part::Whole {
                        Part::End
                    } else {
                        part
                    },
                )
            }),
        preceded(("月末", opt('の')), weekday)
            .map(|weekday| What::RelativeMonth(0, Part::Last(weekday))),
        alt(("月末", "げつまつ", "月内")).value(What::RelativeMonth(0, Part::End)),
        alt((
            "月初め",
            "月初",
            "月明け",
            "げつしょ",
            "月が変わったら",
            "月が変わって",
            "月替わり",
        ))
        .value(What::RelativeMonth(1, Part::Whole)),
    ))
    .parse_next(input)
}

fn part(input: &mut &str) -> Parsed<Part> {
    opt('の').parse_next(input)?;
    alt((
        (named_day, opt(beside)).map(|(day, weekday)| Part::Day(day, weekday)),
        nth.map(|(n, weekday)| Part::Nth(n, weekday)),
        nth_week.map(Part::NthWeek),
        preceded((alt(("最終", "最後の", "末の")), opt("週の")), weekday).map(Part::Last),
        weekday.map(|weekday| Part::Nth(1, weekday)),
        tenth,
        "前半".value(Part::FirstHalf),
        "後半".value(Part::SecondHalf),
        alt(("終わり", "おわり")).value(Part::Late),
        alt((
            "末日",
            "末",
            "まつ",
            "中に",
            "中",
            "じゅうに",
            "いっぱい",
            "うちに",
            "内に",
            "内",
        ))
        .value(Part::End),
        alt(("頭", "あたま", "初め", "始め", "はじめ", "初頭", "早々", "")).value(Part::Whole),
    ))
    .parse_next(input)
}

/// 上旬, 中旬, 下旬
fn tenth(input: &mut &str) -> Parsed<Part> {
    alt((
        alt(("上旬", "初旬", "じょうじゅん", "しょじゅん")).value(Part::Early),
        alt((
            "中旬",
            "ちゅうじゅん",
            "半ば",
            "なかば",
            "中頃",
            "中ごろ",
            "中ば",
            "真ん中",
        ))
        .value(Part::Mid),
        alt(("下旬", "げじゅん")).value(Part::Late),
    ))
    .parse_next(input)
}

/// 中旬: of no month that is named.
fn part_ahead(input: &mut &str) -> Parsed<What> {
    alt((tenth, "月半ば".value(Part::Mid)))
        .map(What::PartAhead)
        .parse_next(input)
}

fn relative_day(input: &mut &str) -> Parsed<What> {
    alt((
        alt(("しあさって", "明々後日", "明明後日")).value(3),
        alt(("明後日", "あさって", "翌々日", "みょうごにち")).value(2),
        alt(("明日", "あした", "あす", "翌日", "みょうにち", "明朝")).value(1),
        alt((
            "今日",
            "本日",
            "きょう",
            "今朝",
            "けさ",
            "今夕",
            "今晩",
            "今夜",
            "当日",
        ))
        .value(0),
        alt(("一昨日", "おととい", "おとつい", "前々日")).value(-2),
        alt(("昨日", "きのう", "昨夜", "昨晩", "前日", "昨夕")).value(-1),
    ))
    .map(What::Day)
    .parse_next(input)
}

/// 10日, 10日(木): a day of the month, never a span.
fn day_of_month(input: &mut &str) -> Parsed<What> {
    let day = named_day
        .verify(|day| (1..=31).contains(day))
        .parse_next(input)?;
    not(alt((
        "間", "目", "前", "分", "曜", "程", "数", "中", "おき",
    )))
    .parse_next(input)?;
    let weekday = opt(beside).parse_next(input)?;
    Ok(What::DayOfMonth(day, weekday))
}

/// 13/5, 12/32, 3000年1月10日: figures written as a date that are none. They are
/// asked about.
fn no_date(input: &mut &str) -> Parsed<What> {
    alt((no_day, no_year)).parse_next(input)
}

fn no_year(input: &mut &str) -> Parsed<What> {
    (
        digits.verify(|year| *year >= 2100),
        opt(' '),
        alt(("年", "/")),
        digits,
        alt(("月", "/")),
        opt(day_number),
    )
        .value(What::NoDate)
        .parse_next(input)
}

fn no_day(input: &mut &str) -> Parsed<What> {
    let two = |input: &mut &str| {
        digits
            .verify(|number| (1..100).contains(number))
            .parse_next(input)
    };
    (two, '/', two)
        .verify(|(month, _, day)| !(1..=12).contains(month) || !(1..=31).contains(day))
        .parse_next(input)?;
    not_going_on.parse_next(input)?;
    Ok(What::NoDate)
}

#[cfg(test)]
mod tests {
    use super::super::{
        Span,
        number::{Count, count},
    };
    use super::*;

    #[test]
    fn a_bare_day_is_no_span_and_a_house_number_no_date() {
        assert!(matches!(
            said("10日").map(|(_, said)| said.what),
            Some(What::DayOfMonth(10, None))
        ));
        assert_eq!(said("2-3-5"), None);
        assert_eq!(said("3/4回"), None);
    }

    #[test]
    fn the_earlier_end_of_a_range_is_taken() {
        for range in ["1~2か月", "一、二か月後", "1か月から2か月"] {
            let (rest, said) = said(range).unwrap();
            assert_eq!(rest, "");
            assert!(said.is_guess);
            assert!(matches!(said.what, What::After(Span { count: 1, .. })));
        }
    }

    #[test]
    fn counts_are_kept() {
        let mut text = "数か月";
        let read = count.parse_next(&mut text).unwrap();
        assert_eq!(
            read,
            Count {
                value: 3,
                is_guess: true
            }
        );
    }
}
