//! Signing in on the page: a link is spent for a session. Both last by real time.
use super::{Engine, Fault, secrets};
use crate::{domain::people::Person, store::tokens};
use chrono::{DateTime, NaiveDate, Utc};

impl Engine {
    /// Spends the link with this token for a session; the session's own token.
    /// None: the link is good no longer.
    pub async fn sign_in(&self, link: &str) -> Result<Option<String>, Fault> {
        let session = secrets::token();
        let (now, today) = self.moment();
        let whose = tokens::sign_in(&self.shared.db, (link, &session), now, today).await?;
        Ok(whose.map(|_| session))
    }

    /// Whose session it is; None where it has ended, or its person has left.
    pub async fn signed_in(&self, session: &str) -> Result<Option<Person>, Fault> {
        let (now, today) = self.moment();
        Ok(tokens::signed_in(&self.shared.db, session, now, today).await?)
    }

    /// Ends that session.
    pub async fn sign_out(&self, session: &str) -> Result<(), Fault> {
        Ok(tokens::sign_out(&self.shared.db, session).await?)
    }

    /// Real time, and the office's day.
    fn moment(&self) -> (DateTime<Utc>, NaiveDate) {
        let today = self.shared.office.calendar.day_of(self.office_now());
        (self.shared.clock.real(), today)
    }
}
