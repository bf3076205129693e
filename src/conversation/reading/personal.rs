//! Names, telephone numbers, addresses and the like: seen, so that the writer
//! can be warned; never kept.
use super::{normalise::Line, words::Words};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

/// What gives a person away by its form alone.
static FORMS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        // Telephone numbers, with any or no sign between.
        r"(?:\+81[- ]?\d|0\d)\d{0,3}[-ー( .の]\d{1,4}[-ー) .の]\d{3,4}|0\d{9,10}",
        // Addresses.
        r"|[0-9一二三四五六七八九十]{1,3}丁目|\d{1,4}番地|\d{1,4}番\d{1,3}号|\d{1,3}-\d{1,3}-\d{1,4}",
        r"|[市区町村][\p{Han}\p{Hiragana}\p{Katakana}]{0,6}\d{1,4}[-の]\d{1,4}|〒\s?\d{3}-?\d{4}",
        r"|(?:マンション|アパート|ハイツ|コーポ|荘)\s?\d{2,4}号?室?|\d{3,4}号室",
        // Mail addresses.
        r"|[0-9a-z._%+-]{1,64}@[0-9a-z.-]{1,64}\.[a-z]{2,}",
        // Dates of birth.
        r"|\b(?:mr|mrs|ms|dr)\.? [a-z]{2,}",
        r"|生年月日|(?:昭和|平成|大正|s)\s?\d{1,2}[年./-]\d{1,2}[月./-]\d{1,2}",
        r"|(?:(?:19|20)\d{2}|[hr]\d{1,2})[年./-]\d{1,2}[月./-]\d{1,2}日?(?:生|うまれ)",
    ))
    .expect("the pattern is tested to be sound")
});

/// A name before one of these is a person's.
const HONORIFICS: [&str; 7] = ["さん", "様", "氏", "くん", "君", "ちゃん", "殿"];
/// A family's home: 山田宅.
const HOME: &str = "宅";
const NAME_CHARS_MAX: usize = 8;

/// Where personal data may stand in a line.
pub(super) struct Personal {
    /// By their form, in order.
    forms: Vec<Range<usize>>,
    /// Where honorifics begin, in order.
    honorifics: Vec<usize>,
    /// How many of each lie behind us.
    passed: [usize; 2],
}

impl Personal {
    pub fn of(line: &Line) -> Personal {
        let (mut digits, mut marked) = (0, false);
        let mut honorifics = Vec::new();
        let mut before = ' ';
        for (at, c) in line.folded.char_indices() {
            digits = match c {
                '0'..='9' => digits + 1,
                '-' | 'ー' | '(' | ')' | ' ' | '.' | 'の' => digits,
                _ => 0,
            };
            marked |= digits >= PHONE_DIGITS_MIN
                || before.is_ascii_digit() && matches!(c, '-' | 'ー' | '(')
                || FORM_LETTERS.contains(&c)
                || c == '.' && before.is_alphabetic()
                || c == ' '
                    && TITLES
                        .iter()
                        .any(|title| line.folded[..at].ends_with(title))
                || c.is_ascii_digit() && before == 's';
            match c {
                '様' | '氏' | '君' | '殿' | '宅' => honorifics.push(at),
                'ん' => honorifics.extend(
                    ["さ", "く", "ちゃ"]
                        .iter()
                        .find(|mark| line.folded[..at].ends_with(**mark))
                        .map(|mark| at - mark.len()),
                ),
                _ => {}
            }
            before = c;
        }
        // The patterns are slow; most lines hold nothing that they could find.
        Personal {
            forms: if marked { by_form(line) } else { Vec::new() },
            honorifics,
            passed: [0, 0],
        }
    }

    /// The end of what begins at this place. Places must be asked for in order.
    pub fn form_at(&mut self, at: usize) -> Option<usize> {
        let [passed, _] = &mut self.passed;
        while self.forms.get(*passed).is_some_and(|form| form.start < at) {
            *passed += 1;
        }
        self.forms
            .get(*passed)
            .filter(|form| form.start == at)
            .map(|form| form.end)
    }

    /// Whether an honorific stands near enough behind this place.
    pub fn may_be_named(&mut self, at: usize) -> bool {
        let [_, passed] = &mut self.passed;
        while self.honorifics.get(*passed).is_some_and(|mark| *mark <= at) {
            *passed += 1;
        }
        self.honorifics
            .get(*passed)
            .is_some_and(|mark| *mark <= at + NAME_CHARS_MAX * CHAR_BYTES_MAX)
    }
}

/// Letters of addresses, dates of birth and mail addresses.
const FORM_LETTERS: [char; 15] = [
    '@', '丁', '番', '号', '生', '昭', '平', '大', '荘', '市', '区', '町', '村', '室', '〒',
];

/// Before a name in English.
const TITLES: [&str; 4] = ["mr", "mrs", "ms", "dr"];

/// The digits of the shortest telephone number.
const PHONE_DIGITS_MIN: usize = 9;
const CHAR_BYTES_MAX: usize = 4;

fn by_form(line: &Line) -> Vec<Range<usize>> {
    FORMS
        .find_iter(&line.text)
        .filter(|found| {
            !line
                .before(found.start())
                .is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
        })
        .filter(|found| !is_day(found.as_str()))
        .map(|found| found.range())
        .collect()
}

/// 09.12.2026: the day first, as in much of Europe, and no telephone number.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    matches!(parts[..], [day, month, year]
        if day.len() == 2
            && month.len() == 2
            && year.len() == 4
            && matches!(month.parse(), Ok(1..=12))
            && (year.starts_with("19") || year.starts_with("20")))
}

/// The end of the name that begins at this place, its honorific included.
/// Family words (お母さん), roles (係長さん) and other known words are no names.
pub(super) fn name_at(line: &Line, at: usize, words: &Words) -> Option<usize> {
    let rest = &line.text[at..];
    let first = rest.chars().next()?;
    let same = kind_of(first)?;
    if HONORIFICS.iter().any(|mark| rest.starts_with(mark)) {
        return None;
    }
    // A name in hiragana can only be told where something ends before it.
    if same == Script::Hiragana && line.before(at).is_some_and(|c| kind_of(c).is_some()) {
        return None;
    }
    let mut end = at;
    for (count, c) in rest.chars().enumerate() {
        let tail = &line.text[end..];
        if count > 0
            && let Some(mark) = honorific(tail, count)
            && !is_trade(line, at..end, words)
            && !is_known(&line.folded[at..end], words)
            && !is_known(&line.folded[at..end + mark.len()], words)
        {
            return Some(end + mark.len());
        }
        if count == NAME_CHARS_MAX || kind_of(c) != Some(same) {
            return None;
        }
        end += c.len_utf8();
    }
    None
}

/// 郵便屋さん, 電気屋さん; but 土屋さん, also right behind another word (訪問土屋さん).
fn is_trade(line: &Line, run: Range<usize>, words: &Words) -> bool {
    if !line.text[run.clone()].ends_with('屋') {
        return false;
    }
    let goes_on = line.before(run.start).and_then(kind_of) == Some(Script::Kanji);
    let before = &line.folded[..run.start];
    let is_behind_a_word = before
        .char_indices()
        .rev()
        .take(NAME_CHARS_MAX)
        .any(|(start, _)| words.knows(&before[start..]));
    goes_on && !is_behind_a_word || line.text[run].chars().count() > 2
}

/// The honorific with which this begins. 様, 氏 and 君 are parts of many words,
/// so that they need two characters before and no further kanji behind.
fn honorific(tail: &str, before: usize) -> Option<&'static str> {
    let mark = HONORIFICS
        .into_iter()
        .chain([HOME])
        .find(|mark| tail.starts_with(mark))?;
    let next = tail[mark.len()..].chars().next();
    // 行くんです, 薬ちゃんと: the end of a verb, an adverb.
    let is_other = before == 1
        && match mark {
            "くん" => next.is_some_and(|c| "だでじなの".contains(c)),
            "ちゃん" => next == Some('と'),
            _ => false,
        };
    if is_other {
        return None;
    }
    let is_kana = matches!(mark, "さん" | "くん" | "ちゃん");
    let ends = next.is_none_or(|c| kind_of(c) != Some(Script::Kanji) || "宅方家訪邸".contains(c));
    (is_kana || (before >= 2 && (ends || mark == HOME))).then_some(mark)
}

/// Whether a run is or ends with a word of the table.
fn is_known(run: &str, words: &Words) -> bool {
    run.char_indices().any(|(at, _)| words.knows(&run[at..]))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Kanji,
    Katakana,
    Hiragana,
}

pub(super) fn kind_of(c: char) -> Option<Script> {
    match c {
        '\u{4E00}'..='\u{9FFF}' | '々' | '\u{3400}'..='\u{4DBF}' => Some(Script::Kanji),
        '\u{30A1}'..='\u{30FA}' | 'ー' => Some(Script::Katakana),
        '\u{3041}'..='\u{3096}' => Some(Script::Hiragana),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer;
    use super::*;

    fn is_personal(text: &str) -> bool {
        static WORDS: LazyLock<Words> = LazyLock::new(Words::built_in);
        let line = Line::of(text, &WORDS);
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        lexer::tokens(&line, &WORDS, today)
            .iter()
            .any(|token| matches!(token.what, lexer::What::Personal))
    }

    #[test]
    fn what_gives_a_person_away_is_seen() {
        for text in [
            "高橋さん",
            "山田様",
            "ヤマダさん",
            "やまだくん",
            "０９０－１２３４－５６７８",
            "09012345678",
            "03(1234)5678",
            "緑町2-3-5",
            "みどり二丁目",
            "15番地",
            "taro@example.jp",
            "昭和30年1月2日",
            "生年月日",
            "本人s52.4.1",
            "H2.5.1生",
            "mr. tanaka",
            "visit mr tanaka",
            "本町2の3の4",
            "〒123-4567",
            "土屋さん",
            "訪問土屋さん",
        ] {
            assert!(is_personal(text), "{text}");
        }
    }

    #[test]
    fn half_an_honorific_is_none() {
        for text in ["4ゃん", "ゃん", "ん", "H-4ゃんだん 2じ"] {
            assert!(!is_personal(text), "{text}");
        }
    }

    #[test]
    fn family_roles_codes_and_dates_are_no_persons() {
        for text in [
            "お母さん",
            "ケアマネさん",
            "ご本人様",
            "係長さん",
            "皆さん",
            "たくさん",
            "様子",
            "自宅",
            "H-012さん宅",
            "2026-12-10",
            "R8-12-25",
            "12/10",
            "民生委員さん宅",
            "県営住宅",
            "郵便屋さん",
            "ms",
        ] {
            assert!(!is_personal(text), "{text}");
        }
    }
}
