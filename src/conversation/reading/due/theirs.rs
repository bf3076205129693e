//! Dates that are no next ones: of others' affairs, in their words, or of what is
//! past.
use super::super::{
    lexer::What,
    outline::{Outline, REACH, clause, has_break, is_result, kind_of},
};

/// 本人「来週面接」と笑顔 2か月後, 12月は忙しいとのことで1月中旬: of several dates not
/// those that others speak of, or that are a reason.
pub(super) fn left_out_of(outline: &Outline<'_, '_>, candidates: Vec<usize>) -> Vec<usize> {
    let own: Vec<usize> = candidates
        .iter()
        .copied()
        .filter(|index| !outline.is_quoted(*index) && !is_reason(outline, *index))
        .collect();
    if own.is_empty() { candidates } else { own }
}

fn is_reason(outline: &Outline<'_, '_>, index: usize) -> bool {
    let later = (index + 1..outline.tokens.len())
        .take(REACH)
        .find(|later| outline.tokens[*later].date().is_some());
    let is_topic = outline.after(index).starts_with('は');
    is_topic
        && !outline.is_said_as_plan(index)
        && later.is_some_and(|later| {
            let start = outline.tokens[index].range.end;
            let between = &outline.line.folded[start..outline.tokens[later].range.start];
            REASONS.iter().any(|mark| between.contains(mark))
        })
}

const REASONS: [&str; 7] = [
    "ので",
    "とのこと",
    "ため",
    "だから",
    "らしく",
    "そうで",
    "と言",
];

/// 退院は1月, 来週受診: what they have before them.
pub(super) fn is_of_their_affairs(outline: &Outline<'_, '_>, index: usize) -> bool {
    let range = &outline.tokens[index].range;
    let topic = outline.line.folded[..range.start]
        .trim_end()
        .strip_suffix('は');
    let is_topic = topic.is_some_and(|topic| AFFAIRS.iter().any(|affair| topic.ends_with(affair)));
    let after = outline.after(index);
    let after = after.strip_prefix(['に', 'の']).unwrap_or(after);
    let is_our_kind = outline
        .tokens
        .get(index + 1)
        .is_some_and(|token| kind_of(token).is_some())
        && outline.gap(index, index + 1).chars().count() <= 1;
    is_topic
        || !is_our_kind
            && (AFFAIRS.iter().any(|affair| after.starts_with(affair)) || is_going_told(after))
}

/// 来週ハローワークへ行くとのこと: where they go, as they told it.
fn is_going_told(after: &str) -> bool {
    let clause = clause(after);
    let goes = ["に行く", "へ行く", "に行き", "へ行き", "に通う"]
        .iter()
        .find_map(|verb| clause.split_once(verb));
    goes.is_some_and(|(_, told)| {
        [
            "とのこと",
            "と言",
            "と話",
            "そう",
            "らしい",
            "と本人",
            "と母",
            "と父",
        ]
        .iter()
        .any(|mark| told.contains(mark))
    })
}

/// What people have before them, and is no check-in.
const AFFAIRS: [&str; 21] = [
    "退院",
    "手術",
    "受診",
    "通院",
    "検査",
    "試験",
    "受験",
    "引っ越し",
    "引越し",
    "転居",
    "法事",
    "出産",
    "成人式",
    "卒業",
    "入学",
    "退職",
    "就職",
    "実家",
    "帰省",
    "生まれ",
    "うまれ",
];

/// 3月に来たときは: a month of what was done.
pub(super) fn is_past(outline: &Outline<'_, '_>, index: usize) -> bool {
    let after = outline.after(index);
    let verb = after.strip_prefix('に').unwrap_or(after);
    PAST_VERBS.iter().any(|past| verb.starts_with(past))
}

const PAST_VERBS: [&str; 9] = [
    "来た",
    "行った",
    "会った",
    "伺った",
    "訪れた",
    "送った",
    "渡した",
    "もらった",
    "いただいた",
];

/// 今月3回訪問, 今週はずっと不在: when they were, and no next date.
pub(super) fn is_time_of_contacts(outline: &Outline<'_, '_>, index: usize) -> bool {
    let typed = &outline.line.folded[outline.tokens[index].range.clone()];
    let Some(behind) = outline.tokens.get(index + 1) else {
        return false;
    };
    let after = outline.after(index);
    let is_spread = matches!(behind.what, What::Count) && outline.gap(index, index + 1).is_empty()
        || ["は", "も", "ずっと"]
            .iter()
            .any(|mark| after.starts_with(mark));
    let is_told = || {
        (index + 1..outline.tokens.len())
            .take(REACH)
            .take_while(|at| !has_break(outline.gap(at - 1, *at)))
            .take_while(|at| outline.tokens[*at].date().is_none())
            .find(|at| kind_of(&outline.tokens[*at]).is_some() || is_result(&outline.tokens[*at]))
            .is_some_and(|at| outline.told(at))
    };
    matches!(typed, "今月" | "今週") && is_spread && is_told()
}
