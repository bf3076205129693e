//! What may be completed while a command is being typed.
use super::{Engine, Fault};
use crate::{
    conversation::{message::Account, phrase::Label, phrasing::Voice, reading},
    domain::household::Code,
    store,
};

impl Engine {
    /// The households that the account may be about to name, one's own first, each
    /// with the words to show; none for a stranger, or where no code begins so.
    pub async fn codes(
        &self,
        account: &Account,
        typed: &str,
    ) -> Result<Vec<(Code, String)>, Fault> {
        let Some(beginnings) = reading::code_beginnings(typed) else {
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
