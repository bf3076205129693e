//! The page that shows an office what can be said, made from the same tables
//! that the reader reads by: `koekake read --guide`.
use super::{Setting, read, words::Words};
use crate::{
    conversation::meaning::{Due, Meaning, SaidDate},
    domain::calendar::Calendar,
};
use chrono::{Datelike, NaiveDate, Weekday};
use std::fmt::Write;

/// The whole page, in Markdown.
pub fn guide(words: &Words) -> String {
    let mut page = String::from(OPENING);
    dates(&mut page, words);
    for (head, title) in HEADS {
        section(&mut page, head, title, words);
    }
    page.push_str(CLOSING);
    page
}

const OPENING: &str = "\
# 通じる言葉 · What can be said

<!-- Made by `koekake read --guide`; a test keeps it equal to the tables of words. -->

一行で、どの順でも、記号番号・したこと・様子・次の日を書きます。
One line, in any order: the household's code, what was done, how it went, the next date.

| 書き方 typed | 意味 meaning |
| --- | --- |
| H-012 訪問 不在 名刺 3か月後 | 訪問・不在・名刺投函、次は3か月後 |
| 012今日訪問しましたが不在でした。来月また伺います | 同じことを文で |
| エイチの12番 電話 出ず あさって | 音声入力 by voice |
| H-12 訪× 2w ・ H-12 📞❌ 明日 | 記号でも signs work too |
| H-12 電話出ず、訪問したら母と話せた | 一行に二つの接触 two contacts in a line |
| H-12 訪問 不在、H-13 電話 母と話せた | 二世帯は、それぞれに結果があれば分けて記録 two households, each with its own outcome |
| H-12 さっき3か月後って入れたけど1か月後で | 前の記録の訂正 a correction |
| H-12 visit absent card 3m | English |

全角・半角、大文字・小文字、ひらがな・カタカナ・半角カナは区別しません。
Width, case and the kind of kana make no difference.
世帯の記号がなく、したことも書かれていない行には返事をしません。
A line that names no household and nothing done is passed over in silence.
ほかの人が読まない場所(自分のページ、個別のチャット)では、記録かどうかはっきりしない行(「不在でした」など)を一度だけ「記録でしょうか」と尋ね、答えがなければ何も残しません。
Where nobody else reads along (your own page, a private chat), a line that may be a record (such as 「不在でした」) is asked about once; without an answer nothing is kept.
氏名・電話番号・住所・生年月日・メールアドレスは書かないでください。気づいたときは書いた人だけに知らせ、残しません。
Names, telephone numbers, addresses, dates of birth and mail addresses do not belong here; they are not kept.

";

const CLOSING: &str = "\
## 事業所の言葉を加える · Words of your own

設定フォルダの `words.local.toml` に、上の見出しと符号で書き加えます。一つの言葉に二つの意味は持たせられません(重なると起動時に両方の行を示して止まります)。
Add words to `words.local.toml` under the heads and codes above. A word can have one meaning only; a clash is refused with both lines named.

```toml
[kind]
visit = [\"声かけ訪問\", \"巡~\"]

[sign]
living = [\"湯気_出~\"]
```

`~` は動詞の語幹(話せ~ = 話せた・話せず・話せました)、`_` は助詞の有無(湯気出た・湯気が出た)、`[repair]` の `[在材]` はどれか一字です。
`~` ends the stem of a verb, `_` is any particle or none, and under `[repair]` letters in brackets stand for any one of them.

どの言葉が通じたかは `koekake read` で一行ずつ確かめられます。
`koekake read` shows of each line which words were understood.
";

/// The heads of the tables that the page shows, with their titles.
const HEADS: [(&str, &str); 25] = [
    ("kind", "方法 · Kinds"),
    ("again", "もう一度 · Once more"),
    ("outcome", "結果 · Outcomes"),
    ("unmet", "会えない · Not met"),
    ("met", "会えた・話せた · Met or spoken with"),
    (
        "voice",
        "扉越し・インターホン · Through a door or interphone",
    ),
    ("whom", "相手 · Whom"),
    ("left", "置いたもの · Left behind"),
    ("returned", "戻されたもの · Given back"),
    ("place", "置いた場所 · Where it was left"),
    ("sign", "家の様子 · Signs of life"),
    ("change", "小さな変化 · Small changes"),
    ("promise", "伝えたこと · Promises"),
    ("partner", "同行者・情報元 · Partners and sources"),
    ("danger", "命・安全に関わる言葉(係長へ知らせます) · Danger"),
    ("urgent", "至急 · Urgent"),
    ("vague", "日を尋ね返す言い方 · Times that are asked about"),
    ("appointment", "約束 · Appointments"),
    ("flag", "配慮事項 · Flags"),
    ("command", "操作 · Commands"),
    (
        "opening",
        "職員・ページ・お知らせ(行のはじめだけ) · Staff, page and nudges (at the beginning of a line)",
    ),
    ("platform", "お知らせ先 · Where nudges go"),
    ("pause_reason", "中断の理由 · Reasons of a pause"),
    ("close_reason", "終結の理由 · Reasons of a closure"),
    ("repair", "打ち間違い・誤変換 · Slips"),
];

/// Dates as they may be said; what they mean is read, not written down.
const DATES: [(&str, &str); 40] = [
    ("明日", "tomorrow"),
    ("しあさって", "in 3 days"),
    ("10日後", "10d"),
    ("二、三日後", "in 2-3 days"),
    ("数日中に", "within a few days"),
    ("2週間後", "2w"),
    ("3か月後", "in three months"),
    ("1か月半後", "in a couple of months"),
    ("半月後", "in a fortnight"),
    ("半年くらい空けて", "half a year"),
    ("2週間以内", "within 2 weeks"),
    ("2週間後の火曜", "in 1 month"),
    ("金曜", "Friday"),
    ("今週金曜", "this Friday"),
    ("来週金曜", "next Friday"),
    ("再来週の木曜", "the week after next"),
    ("今週中", "this week"),
    ("来週", "next week"),
    ("来月", "next month"),
    ("来月頭", "beginning of next month"),
    ("来月上旬", "early December"),
    ("来月中旬", "mid January"),
    ("1月下旬", "late January"),
    ("1月中に", "end of January"),
    ("月末", "end of the month"),
    ("10日", "the 10th"),
    ("12月10日", "Dec 10"),
    ("12/22(火)", "Tue 22 Dec"),
    ("2027.3.8", "2027-03-08"),
    ("R9.2.1", "1 February 2027"),
    ("令和九年二月一日", "Feb 1st, 2027"),
    ("第3水曜", "the third Wednesday"),
    ("12月の第2木曜", "the second Thursday of December"),
    ("月末の金曜", "last Friday of next month"),
    ("年内", "end of the year"),
    ("年明け", "after new year"),
    ("年度末", "end of the fiscal year"),
    ("新年度", "new fiscal year"),
    ("GW明けの金曜", "after Golden Week"),
    ("お盆明け", "after Obon"),
];

/// Wednesday, 25 November 2026: the day of the examples.
fn example_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap_or_default()
}

fn dates(page: &mut String, words: &Words) {
    let calendar = Calendar::japan();
    let setting = Setting {
        today: example_day(),
        calendar: &calendar,
        words,
    };
    page.push_str(
        "## 次の日 · The next date\n\n\
         2026年11月25日(水)に書いた場合。「まで」の付く日は、その間なら遅れではありません。閉庁日は開庁日に動かします。\n\
         Typed on Wednesday, 25 November 2026. Closed days are moved to open ones.\n\n\
         | 日本語 | 次の声かけ | English | next |\n| --- | --- | --- | --- |\n",
    );
    for (japanese, english) in DATES {
        let of = |text: &str| day_of(&read(&format!("H-012 訪問 不在 {text}"), &setting));
        let in_english =
            |text: &str| day_of(&read(&format!("H-012 visit absent {text}"), &setting));
        line(
            page,
            &[japanese, &of(japanese), english, &in_english(english)],
        );
    }
    page.push('\n');
}

fn day_of(meaning: &Meaning) -> String {
    match &meaning.due {
        Due::Said(SaidDate { due_on, due_by, .. }) if due_on == due_by => with_weekday(*due_on),
        Due::Said(said) => format!(
            "{}(〜{})",
            with_weekday(said.due_on),
            with_weekday(said.due_by)
        ),
        Due::Unsaid | Due::Unclear(_) => "?".to_owned(),
    }
}

fn with_weekday(day: NaiveDate) -> String {
    let weekday = match day.weekday() {
        Weekday::Mon => "月",
        Weekday::Tue => "火",
        Weekday::Wed => "水",
        Weekday::Thu => "木",
        Weekday::Fri => "金",
        Weekday::Sat => "土",
        Weekday::Sun => "日",
    };
    format!("{day} {weekday}")
}

/// One head of the tables: its codes with their words.
fn section(page: &mut String, head: &str, title: &str, words: &Words) {
    let _ = write!(
        page,
        "## {title}\n\n`[{head}]`\n\n| 符号 code | 日本語 | English |\n| --- | --- | --- |\n"
    );
    let listed = || words.listed().iter().filter(|word| word.head == head);
    let mut codes: Vec<&str> = Vec::new();
    for word in listed() {
        if !codes.contains(&word.code.as_str()) {
            codes.push(&word.code);
        }
    }
    for code in codes {
        let of = |ascii: bool| {
            let shown: Vec<String> = listed()
                .filter(|word| word.code == code && word.word.is_ascii() == ascii)
                .map(|word| shown(&word.word))
                .collect();
            shown.join("、")
        };
        line(page, &[code, &of(false), &of(true)]);
    }
    page.push('\n');
    if head == "kind" {
        page.push_str(AHEAD);
    }
}

/// What the words of many meanings need.
const AHEAD: &str = "\
`ahead` の言葉は、日・時刻・「次回」のすぐ後ろにあるときだけ、その日にすることとして読みます(明日行く、夕方かける)。「行く」だけ、「病院に行く」は、方法として読みません。
The words of `ahead` hold only right behind a day, a time or 次回, and then for what is planned; elsewhere they are no kind of contact.

";

/// A word as a person reads it: `~` is what may follow, `_` a particle.
fn shown(word: &str) -> String {
    word.replace('~', "…")
        .replace('_', "(が)")
        .replace('|', "\\|")
}

fn line(page: &mut String, cells: &[&str]) {
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}
