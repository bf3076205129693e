//! What a code may be that somebody begins to type.
use super::{Engine, Fault, pages::code_prefix};
use crate::{conversation::message::Account, domain::household::Code, store};

impl Engine {
    /// At most `limit` codes of the account's team that begin with what was typed
    /// so far, the person's own first; none for an account of nobody.
    pub async fn codes(
        &self,
        account: &Account,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<Code>, Fault> {
        let today = self.shared.office.calendar.day_of(self.office_now());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let begun = [code_prefix(typed), unfinished(typed)];
        let db = &self.shared.db;
        Ok(store::codes::begun(db, (account, today), &begun, limit).await?)
    }
}

/// What was typed as the beginning of a longer code: `1` and `h-1` go on to H-110.
fn unfinished(typed: &str) -> String {
    let written = typed.trim().to_uppercase();
    let number = written.trim_start_matches(['H', '-', '‐', '−', 'ー']);
    format!("H-{number}")
}
