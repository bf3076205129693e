//! Dates that are no next ones: of others' affairs, in their words, or of what is
//! past.
use super::super::{
    lexer::What,
    outline::{Outline, REACH, Standing, clause, has_break, is_result, kind_of},
    sense::Sense,
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
    let affair = AFFAIRS
        .iter()
        .find_map(|affair| Some((*affair, after.strip_prefix(affair)?)))
        .is_some_and(|(affair, after)| !is_taken_up(affair, after));
    is_topic
        || (affair || is_going_told(after))
            && !outline.is_said_as_plan(index)
            && !has_plan_of_ours(outline, index)
}

/// 来週手術の後に, 12/10検査後また, 来週受診、受診後に, 検査結果を聞く: what comes behind it
/// is ours.
fn is_taken_up(affair: &str, behind: &str) -> bool {
    let is_soon_after = |text: &str| {
        text.chars()
            .take(AFTER_CHARS_MAX)
            .take_while(|c| !c.is_ascii_digit())
            .any(|c| c == '後')
    };
    let next = behind[clause(behind).len()..].trim_start_matches([' ', '、', ',']);
    is_soon_after(clause(behind))
        || behind.starts_with("結果")
        || next.strip_prefix(affair).is_some_and(is_soon_after)
}

/// So near stands what is after an affair: 卒業式の後.
const AFTER_CHARS_MAX: usize = 4;

/// 12/10に実家で面談, 来週受診後に電話する: what we do then is named in the same clause.
fn has_plan_of_ours(outline: &Outline<'_, '_>, index: usize) -> bool {
    let end = outline.tokens[index].range.end + clause(outline.after(index)).len();
    (index + 1..outline.tokens.len())
        .take(REACH)
        .take_while(|behind| outline.tokens[*behind].range.start < end)
        .take_while(|behind| outline.tokens[*behind].date().is_none())
        .any(|behind| {
            let token = &outline.tokens[behind];
            let typed = &outline.line.folded[token.range.clone()];
            let meets = token.is(Sense::Met)
                && ["面談", "面会", "面接"]
                    .iter()
                    .any(|word| typed.starts_with(word));
            outline.standing[behind] == Standing::Planned && (kind_of(token).is_some() || meets)
        })
}

/// 来週ハローワークへ行くとのこと: the place where they go, as they told it; not 会いに行く
/// と伝えた, which we promise.
fn is_going_told(after: &str) -> bool {
    let clause = clause(after);
    let goes = ["に行く", "へ行く", "に行き", "へ行き", "に通う"]
        .iter()
        .find_map(|verb| clause.split_once(verb));
    goes.is_some_and(|(place, told)| {
        let is_purpose = place.is_empty() || place.ends_with(PURPOSES);
        !is_purpose && TOLD_BY_THEM.iter().any(|mark| told.contains(mark)) && !told.contains("伝え")
    })
}

/// How a verb ends before に行く: 会い, 話し, 聞き, 渡し, 届け, 見.
const PURPOSES: [char; 12] = [
    'い', 'き', 'し', 'ち', 'に', 'び', 'み', 'り', 'ぎ', 'え', 'け', '見',
];

/// That the words are theirs; と言う and と話す may be our own.
const TOLD_BY_THEM: [&str; 14] = [
    "とのこと",
    "そう",
    "らしい",
    "より",
    "と本人が",
    "と母が",
    "と父が",
    "と本人より",
    "と言ってい",
    "と言ってる",
    "と言われ",
    "と話してい",
    "と話され",
    "と聞",
];

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

/// 3月に来たときは, 9月にもらった: a month of what was done. A week, a day, 来月 and what is
/// said as the next lie ahead, and so does 12月に会ったら渡す.
pub(super) fn is_past(outline: &Outline<'_, '_>, index: usize) -> bool {
    let typed = &outline.line.folded[outline.tokens[index].range.clone()];
    let month = typed.strip_suffix('月').unwrap_or_default();
    let is_month = !month.is_empty()
        && month
            .chars()
            .all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    let after = outline.after(index);
    let verb = after.strip_prefix('に').unwrap_or(after);
    is_month
        && !outline.is_said_as_plan(index)
        && PAST_VERBS
            .iter()
            .find_map(|past| verb.strip_prefix(past))
            .is_some_and(|behind| !is_condition(behind))
}

/// 会ったら渡す, 行ったときに確認; but 来たときは不在, 会った時に渡した.
fn is_condition(behind: &str) -> bool {
    let when = ["とき", "時", "際", "後", "あと"]
        .iter()
        .find_map(|mark| behind.strip_prefix(mark));
    let is_told = clause(behind).ends_with(['た', 'だ']);
    behind.starts_with('ら') || when.is_some_and(|rest| !rest.starts_with('は') && !is_told)
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
