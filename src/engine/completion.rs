//! What may be completed while a command is being typed.
use super::{Engine, Fault};
use crate::{
    conversation::{message::Account, phrase::Label, phrasing::Voice},
    domain::household::Code,
    store,
};
use unicode_normalization::UnicodeNormalization;

impl Engine {
    /// The households that the account may be about to name, one's own first, each
    /// with the words to show; none for a stranger, or where no code begins so.
    pub async fn codes(
        &self,
        account: &Account,
        typed: &str,
    ) -> Result<Vec<(Code, String)>, Fault> {
        let Some(beginnings) = beginnings(typed) else {
            return Ok(Vec::new());
        };
        let today = self.shared.office.calendar.day_of(self.office_now());
        let db = &self.shared.db;
        let found = store::suggest::completion(db, account, &beginnings, today).await?;
        let Some((person, households)) = found else {
            return Ok(Vec::new());
        };
        let voice = Voice {
            language: person.language,
            today,
        };
        let shown = households.into_iter().map(|brief| {
            let code = brief.household.code;
            let last = brief.last.map(|contact| contact.details);
            let label = Label::Household {
                code: code.clone(),
                last: last.map(|details| (details.on, details.kind)),
            };
            (code, voice.label(&label))
        });
        Ok(shown.collect())
    }
}

/// How codes begin of which this was typed, with the zeros before a number or
/// without them; None where it is no beginning of a code.
fn beginnings(typed: &str) -> Option<[String; 3]> {
    let spelt: String = typed.nfkc().collect();
    let spelt = spelt.trim().to_lowercase();
    let digits = spelt.strip_prefix('h').unwrap_or(&spelt);
    let digits = digits.trim_start_matches(['-', '\u{2010}', '\u{2212}', 'ー', ' ']);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exact = format!("H-{digits}");
    if digits.is_empty() || digits.starts_with('0') {
        return Some([exact.clone(), exact.clone(), exact]);
    }
    Some([exact, format!("H-0{digits}"), format!("H-00{digits}")])
}

#[cfg(test)]
mod tests {
    use super::beginnings;

    #[test]
    fn a_code_begins_as_it_is_typed_with_its_zeros_or_without() {
        let first = |typed: &str| beginnings(typed).map(|found| found.join(" "));
        for (typed, expected) in [
            ("", Some("H- H- H-")),
            ("h", Some("H- H- H-")),
            ("H-0", Some("H-0 H-0 H-0")),
            ("1", Some("H-1 H-01 H-001")),
            ("Ｈ－12", Some("H-12 H-012 H-0012")),
            ("x", None),
            ("%", None),
            ("訪問", None),
        ] {
            assert_eq!(first(typed).as_deref(), expected, "{typed}");
        }
    }
}
