//! What the pieces of a line mean, shown to an office that looks after its words.
use super::{dates, lexer::What, outline::Outline, time};

/// Each piece as typed, with the code of what it means.
pub(super) fn pieces(outline: &Outline<'_, '_>) -> Vec<(String, String)> {
    outline
        .tokens
        .iter()
        .filter_map(|token| {
            let typed = outline.line.text[token.range.clone()].to_owned();
            let meant = match &token.what {
                What::Code(code) => format!("household:{code}"),
                What::Date(found) => match found.day {
                    dates::Day::On(day) => format!("date:{day}"),
                    dates::Day::Impossible { month, day, .. } => {
                        format!("impossible:{month}/{day}")
                    }
                    dates::Day::None => "no date".to_owned(),
                },
                What::Clock(time::Clock::At(at)) => format!("time:{}", at.format("%H:%M")),
                What::Clock(time::Clock::Part(part)) => format!("time:{}", part.code()),
                What::Personal => "personal".to_owned(),
                What::Count => return None,
                What::Word(senses) => {
                    let codes: Vec<String> =
                        senses.iter().filter_map(|sense| sense.code()).collect();
                    if codes.is_empty() {
                        return None;
                    }
                    codes.join("+")
                }
            };
            Some((typed, meant))
        })
        .collect()
}
