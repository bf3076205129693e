//! Plain text as Discord's Markdown: codes and names are shown as they are.

/// How a line is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Plain,
    Bold,
    Small,
}

/// The longest content of a message; counted in UTF-16, which no way of counting
/// exceeds.
pub const CONTENT_MAX: usize = 2_000;

/// The text as Markdown that shows it as it is, on one line.
///
/// An address of the web stays whole, in angle brackets, so that the chat loads
/// no preview of it.
pub fn line(text: &str, manner: Manner) -> String {
    let words: Vec<String> = text.split(['\n', ' ']).map(word).collect();
    let shown = words.join(" ");
    match manner {
        Manner::Bold if !text.trim().is_empty() => format!("**{}**", shown.trim()),
        Manner::Small if !text.trim().is_empty() => format!("-# {}", shown.trim()),
        Manner::Plain | Manner::Bold | Manner::Small => at_start(shown),
    }
}

/// As much of a text as fits into so many units of UTF-16, ended by an ellipsis
/// where something is missing.
pub fn cut(text: &str, units_max: usize) -> String {
    if units(text) <= units_max {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.chars().take_while(|letter| {
        used += letter.len_utf16();
        used <= units_max
    });
    kept.chain(['…']).collect()
}

/// The length as the platform may count it.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn word(word: &str) -> String {
    let is_address = ["https://", "http://"]
        .iter()
        .any(|scheme| word.starts_with(scheme));
    if is_address && !word.contains(['<', '>', '`', '|']) {
        return format!("<{word}>");
    }
    let mut shown = String::with_capacity(word.len());
    for letter in word.chars() {
        if matches!(
            letter,
            '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '#' | '@'
        ) {
            shown.push('\\');
        }
        shown.push(letter);
    }
    shown
}

/// A list, a small line or a number would begin a line's own setting.
fn at_start(shown: String) -> String {
    let rest = shown.trim_start();
    if rest.starts_with(['-', '+']) {
        return format!("\\{rest}");
    }
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    match rest[digits..].chars().next() {
        Some('.') if digits > 0 => format!("{}\\{}", &rest[..digits], &rest[digits..]),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Manner, cut, line, units};

    fn check(text: &str, expected: &str) {
        assert_eq!(line(text, Manner::Plain), expected, "{text}");
    }

    #[test]
    fn what_would_be_markdown_is_shown_as_it_is() {
        check("H-012 訪問・不在", "H-012 訪問・不在");
        check("**太字** _斜体_", "\\*\\*太字\\*\\* \\_斜体\\_");
        check("# 見出し", "\\# 見出し");
        check("- 一つ目", "\\- 一つ目");
        check("-# 小さく", "\\-\\# 小さく");
        check("1. 一つ目", "1\\. 一つ目");
        check("12月2日", "12月2日");
        check("||隠す||", "\\|\\|隠す\\|\\|");
        check("[押す](https://a.example)", "\\[押す\\](https://a.example)");
        check("@everyone <@1> <#2>", "\\@everyone \\<\\@1\\> \\<\\#2\\>");
        check("二行\nある", "二行 ある");
    }

    #[test]
    fn an_address_stays_whole_and_is_not_loaded() {
        check(
            "ページ https://koekake.example/enter#a_b_c",
            "ページ <https://koekake.example/enter#a_b_c>",
        );
    }

    #[test]
    fn lines_are_set_bold_or_small() {
        assert_eq!(line("いま**すぐ", Manner::Bold), "**いま\\*\\*すぐ**");
        assert_eq!(line("- 補足", Manner::Small), "-# - 補足");
        assert_eq!(line(" ", Manner::Bold), " ");
    }

    #[test]
    fn a_text_is_cut_between_letters_and_says_so() {
        assert_eq!(cut("声かけ", 3), "声かけ");
        assert_eq!(cut("声かけの会", 3), "声か…");
        // Two units a letter.
        assert_eq!(cut("𠮷𠮷𠮷", 4), "𠮷…");
        assert!(units(&cut("𠮷𠮷𠮷", 4)) <= 4);
    }
}
