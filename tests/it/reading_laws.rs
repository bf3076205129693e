//! What holds of every line: dates are read back as we say them, spelling makes
//! no difference, and the work grows no faster than the text.
use super::reading::{CALENDAR, WORDS, lines, read_on};
use chrono::{NaiveDate, TimeDelta};
use koekake::{
    conversation::{
        meaning::{Due, Meaning},
        phrase::Label,
        phrasing::Voice,
        reading::{Setting, looks},
    },
    domain::people::Language,
};
use proptest::{collection::vec, prelude::*, sample::select};

fn day(days: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day") + TimeDelta::days(days)
}

/// The next date of a line, that nothing is asked about.
fn due(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    match read_on(text, today) {
        Meaning {
            due: Due::Said(said),
            ask,
            ..
        } if ask.is_empty() => Some(said.on),
        _ => None,
    }
}

/// A line that names the day as we say it in that language.
fn line_naming(label: &Label, today: NaiveDate, language: Language) -> String {
    let said = Voice { language, today }.label(label);
    match language {
        Language::Japanese => format!("H-012 訪問 不在 次回は{said}"),
        Language::English => format!("H-012 visit absent, next on {said}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_day_that_we_say_is_read_back(today in 0_i64..2_000, ahead in 1_i64..800) {
        let (today, said) = (day(today), day(today + ahead));
        for language in [Language::Japanese, Language::English] {
            let line = line_naming(&Label::Day(said), today, language);
            prop_assert_eq!(due(&line, today), Some(said), "{} on {}", line, today);
        }
    }

    #[test]
    fn of_a_window_the_first_day_is_read_back(
        today in 0_i64..2_000,
        ahead in 1_i64..300,
        width in 1_i64..40,
    ) {
        let (today, on, by) = (day(today), day(today + ahead), day(today + ahead + width));
        let voice = Voice { language: Language::Japanese, today };
        let until = Voice { today: on, ..voice }.label(&Label::Day(by));
        let line = format!("H-012 訪問 不在 次回は{}〜{until}", voice.label(&Label::Day(on)));
        prop_assert_eq!(due(&line, today), Some(on), "{} on {}", line, today);
    }

    #[test]
    fn width_and_spaces_make_no_difference(
        line in select(told_lines()),
        wide in any::<bool>(),
        space in select(vec!["  ", "　", " \u{200b}", "\t"]),
    ) {
        let (text, today) = line;
        let typed: String = text
            .chars()
            .map(|c| match c {
                '!'..='~' if wide => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
                c => c,
            })
            .collect();
        let typed = format!(" {}{space}", typed.replace(' ', space));
        same(&read_on(&text, today), &read_on(&typed, today))?;
    }

    #[test]
    fn the_kind_of_kana_makes_no_difference(
        parts in vec(select(KANA.to_vec()), 1..5),
        code in 1_u32..999,
    ) {
        let hiragana = format!("H-{code} {}", parts.join(" "));
        let katakana: String = hiragana.chars().map(as_katakana).collect();
        let half: String = katakana.chars().flat_map(as_half_width).collect();
        let today = day(700);
        let meaning = read_on(&hiragana, today);
        same(&meaning, &read_on(&katakana, today))?;
        same(&meaning, &read_on(&half, today))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_work_grows_no_faster_than_the_text(
        parts in vec(select(PIECES.to_vec()), 1..8),
        random in "\\PC{0,12}",
    ) {
        let setting = Setting { today: day(700), calendar: &CALENDAR, words: &WORDS };
        let piece = format!("{}{random}", parts.concat());
        let work = |times: usize| looks(&piece.repeat(times), &setting);
        // Five times the text is at most five times the work, and a little more
        // for what is out of reach at the start.
        let (short, long) = (work(40), work(200));
        prop_assert!(long <= 5 * short + short, "{short} and {long} for {piece:?}");
    }
}

/// The lines of staff, each with its day.
fn told_lines() -> Vec<(String, NaiveDate)> {
    [
        include_str!("utterances.jsonl"),
        include_str!("reading_more.jsonl"),
        include_str!("reading_fresh.jsonl"),
    ]
    .into_iter()
    .flat_map(lines)
    .filter_map(|line| {
        let today = line["ref"].as_str()?.parse().ok()?;
        Some((line["text"].as_str()?.to_owned(), today))
    })
    .collect()
}

/// Whether two lines mean the same; what was typed of them may differ.
fn same(one: &Meaning, other: &Meaning) -> Result<(), TestCaseError> {
    let meaning = |meaning: &Meaning| Meaning {
        repaired: Vec::new(),
        not_understood: Vec::new(),
        unresolved: None,
        others: Vec::new(),
        ..meaning.clone()
    };
    prop_assert_eq!(meaning(one), meaning(other));
    prop_assert_eq!(one.others.len(), other.others.len());
    for (one, other) in one.others.iter().zip(&other.others) {
        same(one, other)?;
    }
    Ok(())
}

/// Words in kana of every kind of piece.
const KANA: &[&str] = &[
    "ほうもん",
    "でんわ",
    "てがみ",
    "どうこう",
    "らいしょ",
    "ふざい",
    "るす",
    "きょひ",
    "めいし",
    "ははとはなせた",
    "ちち",
    "ほんにん",
    "さんかげつご",
    "にしゅうかんご",
    "とおかご",
    "あした",
    "あさって",
    "らいしゅうきんよう",
    "らいげつちゅうじゅん",
    "げつまつ",
    "はんとしご",
    "じゅうにがつとおか",
    "しきゅう",
    "とうかん",
    "でず",
    "よやく",
    "じかい",
    "しにたい",
];

/// What a text is made of, likely and unlikely.
const PIECES: &[&str] = &[
    "H-12",
    "H-",
    "012",
    "\n",
    " ",
    "、",
    "。",
    "訪問",
    "電話",
    "不在",
    "母と",
    "話せた",
    "父は",
    "民生委員",
    "と",
    "予定",
    "次回",
    "来週",
    "3か月後",
    "12/22(火)",
    "10日",
    "金曜",
    "じゃなくて",
    "やっぱり",
    "→",
    "さっき",
    "「",
    "」",
    "?",
    "さん",
    "高橋",
    "様",
    "なし",
    "来ず",
    "連絡",
    "から",
    "14時",
    "至急",
    "未定",
    "すみません",
    "no ",
    "visit ",
    "with ",
    "next ",
    "----",
    "090-1234-5678",
    "取消",
    "履歴",
    "担当",
    "しばらく",
    "ー",
    "1",
    "十",
    "に",
    "🏠",
    "×",
];

fn as_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        c => c,
    }
}

/// Half-width katakana, its marks of sound behind it.
fn as_half_width(c: char) -> Vec<char> {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ";
    let plain = |c: char| {
        let at = FULL.chars().position(|full| full == c)?;
        HALF.chars().nth(at)
    };
    let before = |steps: u32| char::from_u32(c as u32 - steps).and_then(plain);
    match (plain(c), c) {
        (Some(half), _) => vec![half],
        (None, 'パ' | 'ピ' | 'プ' | 'ペ' | 'ポ') => {
            before(2).into_iter().chain(['ﾟ']).collect()
        }
        (None, 'ガ'..='ボ') => before(1).into_iter().chain(['ﾞ']).collect(),
        _ => vec![c],
    }
}
