//! Household codes as people type them: H7, H-007, #7, a leading bare 066.
use super::normalise::{self, Line};
use crate::domain::household::Code;

/// The most digits of a code.
const DIGITS_MAX: usize = 6;

/// The code that begins at this place, and where it ends.
pub(super) fn code_at(line: &Line, at: usize) -> Option<(usize, Code)> {
    if line.before(at).is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    marked(line, at).or_else(|| bare(line, at))
}

/// H-12, h12, hー7, #7, 世帯12
fn marked(line: &Line, at: usize) -> Option<(usize, Code)> {
    let rest = &line.folded[at..];
    let after_mark = rest
        .strip_prefix(['h', '#'])
        .or_else(|| rest.strip_prefix("世帯"))?;
    let digits_at = after_mark.trim_start_matches([' ', '-', 'ー', '_', '.']);
    // One sign and one space at most: more is something else.
    if after_mark.chars().count() - digits_at.chars().count() > 2 {
        return None;
    }
    let digits = leading_digits(digits_at);
    let after = &digits_at[digits.len()..];
    if after.starts_with(|c: char| c.is_ascii_alphanumeric())
        || after
            .strip_prefix('-')
            .is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    let end = line.folded.len() - after.len();
    Some((end, code(digits)?))
}

/// Three or more digits at the start of a line, that are no date, time or count.
fn bare(line: &Line, at: usize) -> Option<(usize, Code)> {
    let first = line.folded[..at].rsplit('\n').next().unwrap_or_default();
    if !first.trim().is_empty() {
        return None;
    }
    let rest = &line.folded[at..];
    let digits = leading_digits(rest);
    let after = &rest[digits.len()..];
    let next = after.chars().next();
    let counts = "年月日週時分秒人名枚通件回歳才円番号階台個箱本冊点か箇ゖゕけ%/-.:,~";
    if digits.len() != 3
        || next.is_some_and(|c| counts.contains(c) || c.is_ascii_alphanumeric())
        || after.trim().is_empty()
    {
        return None;
    }
    Some((at + digits.len(), code(digits)?))
}

fn leading_digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

fn code(digits: &str) -> Option<Code> {
    if digits.is_empty() || digits.len() > DIGITS_MAX {
        return None;
    }
    digits.parse().ok().map(Code::of)
}

/// A text that is nothing but a code: what is filled in where a code was asked
/// for. Its mark may be missing: 12, 012, H-12, Ｈ－１２.
pub fn alone(text: &str) -> Option<Code> {
    let folded = normalise::fold(&normalise::spelt_alike(text));
    let trimmed = folded.trim();
    let digits = trimmed
        .strip_prefix(['h', '#'])
        .unwrap_or(trimmed)
        .trim_start_matches(['-', 'ー', ' ']);
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| code(digits))
        .flatten()
}
