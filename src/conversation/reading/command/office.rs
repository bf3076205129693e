//! Lines about the office itself: who is let in, who comes and goes, one's page,
//! and where nudges go. What opens them means nothing within other lines, and
//! names keep the letters in which they were typed.
use super::{Asked, people::without_honorific, rhythm};
use crate::{
    conversation::{
        meaning::Intent,
        reading::{
            Setting,
            normalise::{first_as_folded, fold, spelt_alike},
            outlined,
            sense::Opening,
            words::Words,
        },
    },
    domain::people::Role,
};
use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

/// Nobody's name has more parts, or letters.
const PARTS_MAX: usize = 3;
const LETTERS_MAX: usize = 20;
/// What may stand behind a platform's name.
const TOWARDS: [&str; 12] = [
    "",
    "へ",
    "に",
    "で",
    "を先に",
    "が先",
    "に先に",
    "へ先に",
    "へお願いします",
    "にお願いします",
    "でお願いします",
    "first",
];
/// What may stand around a last day: 3/31付け, 3/31まで.
const BESIDE_DAY_MAX: usize = 3;

/// What a line about the office asks for; None where it is another line. In doubt
/// it is one, unless a slash says that it was meant for us.
pub(in crate::conversation::reading) fn of_office(
    typed: &str,
    setting: &Setting<'_>,
) -> Option<Intent> {
    let line = Opened::of(typed, setting.words)?;
    let found = setting.words.openings(&line.folded);
    found.into_iter().find_map(|(length, opening)| {
        let rest = line.behind(length);
        let stands_apart = rest.is_empty() || rest.starts_with(char::is_whitespace);
        let rest = rest.trim();
        match opening {
            Opening::Notify => notify(&line.folded[length..], line.is_call, setting),
            _ if !stands_apart => None,
            Opening::Staff => rest.is_empty().then_some(Intent::Staff),
            Opening::Page => rest.is_empty().then_some(Intent::Page),
            Opening::Invite => invite(rest, line.is_call),
            Opening::StaffAdd => add(rest, line.is_call),
            Opening::StaffLeave => let_go(rest, line.is_call, setting),
            Opening::WorkingDays => working_days(rest, line.is_call),
        }
    })
}

/// A line in the letters of the tables, beside its own.
struct Opened {
    folded: String,
    /// As typed, but for its width; byte for byte at the same places where that
    /// can be.
    kept: String,
    is_call: bool,
}

impl Opened {
    /// None where nothing can open it: mostly its first letter tells.
    fn of(typed: &str, words: &Words) -> Option<Opened> {
        let typed = typed.trim();
        let first = typed.chars().next()?;
        let may_open = || first_as_folded(first).is_none_or(|first| words.may_open(first));
        if typed.contains('\n') || (first != '/' && !may_open()) {
            return None;
        }
        let wide: String = typed.nfkc().collect();
        let is_call = wide.starts_with('/');
        let kept = match wide.strip_prefix('/') {
            Some(call) => plain_call(call),
            None => wide,
        };
        let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
        let folded = fold(&spelt_alike(&kept));
        let kept = if kept.len() == folded.len() {
            kept
        } else {
            folded.clone()
        };
        Some(Opened {
            folded,
            kept,
            is_call,
        })
    }

    fn behind(&self, length: usize) -> &str {
        self.kept.get(length..).unwrap_or_default()
    }
}

/// `staff_add@bot Yamada nurse` as `staff add Yamada nurse`.
fn plain_call(call: &str) -> String {
    let (command, rest) = call.split_once(' ').unwrap_or((call, ""));
    let name = command.split('@').next().unwrap_or_default();
    format!("{} {rest}", name.replace('_', " "))
}

/// お知らせは Discord へ
fn notify(folded: &str, is_call: bool, setting: &Setting<'_>) -> Option<Intent> {
    if let Some(morning) = rhythm::morning(folded) {
        return Some(morning);
    }
    let folded = folded.trim_start();
    let named = setting.words.platform(folded).filter(|(length, _)| {
        let behind = folded[*length..].trim_matches([' ', '。', '.']);
        TOWARDS.contains(&behind)
    });
    let platform = named.map(|(_, platform)| platform);
    (platform.is_some() || is_call).then_some(Intent::Notify(platform))
}

/// 勤務日 月水金, 勤務日 佐藤 月水金
fn working_days(rest: &str, is_call: bool) -> Option<Intent> {
    let (who, days) = rhythm::working_days(rest)?;
    let who = match who {
        Some(who) => Some(name(who, is_call)?),
        None => None,
    };
    Some(Intent::WorkingDays { who, days })
}

fn invite(rest: &str, is_call: bool) -> Option<Intent> {
    if rest.is_empty() {
        return is_call.then_some(Intent::Invite { who: None });
    }
    let who = Some(name(rest, is_call)?);
    Some(Intent::Invite { who })
}

/// The name, and at the end the role.
fn add(rest: &str, is_call: bool) -> Option<Intent> {
    let (typed, role) = rest.rsplit_once(' ').unwrap_or(("", rest));
    let role = role_of(role);
    let name = name(typed, true);
    let is_whole = name.is_some() && role.is_some();
    (is_whole || is_call || rest.is_empty()).then_some(Intent::AddStaff { name, role })
}

fn role_of(word: &str) -> Option<Role> {
    Some(match word.to_lowercase().as_str() {
        "担当" | "保健師" | "nurse" => Role::Nurse,
        "係長" | "supervisor" => Role::Supervisor,
        "代理" | "係長代理" | "deputy" => Role::Deputy,
        "管理者" | "admin" | "administrator" => Role::Admin,
        _ => return None,
    })
}

/// The name, and perhaps the last day.
fn let_go(rest: &str, is_call: bool, setting: &Setting<'_>) -> Option<Intent> {
    if rest.is_empty() {
        return is_call.then_some(Intent::LetGo {
            who: None,
            last_day: None,
        });
    }
    let ends = rest.match_indices(' ').map(|(at, _)| at);
    let mut splits = ends.chain([rest.len()]).take(PARTS_MAX);
    splits.find_map(|at| {
        let who = Some(name(&rest[..at], is_call)?);
        let behind = rest[at..].trim();
        let last_day = match behind {
            "" => None,
            behind => Some(day(behind, setting)?),
        };
        Some(Intent::LetGo { who, last_day })
    })
}

/// The one day that is all of the text.
fn day(text: &str, setting: &Setting<'_>) -> Option<NaiveDate> {
    outlined(text, setting, |reading| {
        let asked = Asked {
            outline: &reading.outline,
            unknown: &reading.unknown,
            has_household: false,
        };
        let (first, last) = asked.days()?;
        let covered: usize = reading
            .outline
            .tokens
            .iter()
            .filter(|token| token.date().is_some())
            .map(|token| {
                reading.outline.line.text[token.range.clone()]
                    .chars()
                    .count()
            })
            .sum();
        let all = reading.outline.line.text.chars().count();
        (first == last && all - covered <= BESIDE_DAY_MAX).then_some(last)
    })
}

/// A name without its honorific; small Latin words in a row are none, unless a
/// slash says so.
fn name(typed: &str, is_call: bool) -> Option<String> {
    let name = without_honorific(typed.trim());
    let parts: Vec<&str> = name.split(' ').collect();
    let is_name = !name.is_empty()
        && parts.len() <= PARTS_MAX
        && name.chars().count() <= LETTERS_MAX
        && name
            .chars()
            .all(|c| c.is_alphabetic() || [' ', '・', '々', '-', '\''].contains(&c));
    let begins_small = |part: &&str| part.chars().next().is_some_and(char::is_lowercase);
    let is_talk = parts.len() > 1 && parts.iter().any(begins_small);
    (is_name && (is_call || !is_talk)).then_some(name)
}
