//! What a page shows beside its conversation: history, board, plans, the
//! supervisor's lists. All of it phrased in the viewer's language.
use super::{Engine, Fault};
use crate::{
    conversation::{
        decide::{Arrival, Desk, board, course, lists},
        decision::Made,
        meaning::Span,
        message::{Account, Place, Platform, Reply},
        phrasing::Voice,
        piece::Piece,
        reading,
        scene::{List, Scene, Subject, Wanted},
    },
    domain::{ContactId, PersonId, household::Code, people::Person},
    store,
};
use chrono::{DateTime, NaiveDateTime, Utc};

/// The most exchanges that [`Engine::history`] gives.
pub const HISTORY_MAX: usize = 50;
/// The most rows that [`Engine::board`] gives.
pub const BOARD_MAX: usize = 200;

/// One message and its answer, or a nudge alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    pub id: i64,
    /// The office's wall clock.
    pub at: NaiveDateTime,
    /// What the person said, normalised.
    pub echo: Option<String>,
    pub reply: Option<Reply>,
}

/// Which households the board shows.
#[derive(Debug, Clone, Default)]
pub struct BoardFilter {
    pub nurse: Option<PersonId>,
    /// A code or its beginning, as typed.
    pub code: Option<String>,
    /// Going on after this code, the greatest of the page before.
    pub after: Option<Code>,
}

impl Engine {
    /// The newest exchanges of a place before that one, the oldest of them first.
    pub async fn history(
        &self,
        place: &Place,
        before: Option<i64>,
    ) -> Result<Vec<Exchange>, Fault> {
        let limit = i64::try_from(HISTORY_MAX).unwrap_or(i64::MAX);
        let messages = store::messages::history(&self.shared.db, place, before, limit).await?;
        Ok(messages
            .into_iter()
            .map(|message| Exchange {
                id: message.id,
                at: self.shared.office.calendar.local(message.at),
                echo: message.echo,
                reply: message.reply,
            })
            .collect())
    }

    /// Everybody of the office.
    pub async fn people(&self) -> Result<Vec<Person>, Fault> {
        Ok(store::office::people(&self.shared.db).await?)
    }

    /// The next [`BOARD_MAX`] households of the viewer's team by code, and these
    /// grouped by standing: each page is grouped alone.
    pub async fn board(&self, viewer: PersonId, filter: &BoardFilter) -> Result<Reply, Fault> {
        let now = self.office_now();
        let scene = self.view(viewer, None, None, now).await?;
        let prefix = filter.code.as_deref().map(code_prefix);
        let rows = store::lists::board(
            &self.shared.db,
            &store::lists::Board {
                team: scene.sender.team,
                of: filter.nurse,
                code_prefix: prefix.as_deref(),
                after: filter.after.as_ref(),
                limit: i64::try_from(BOARD_MAX).unwrap_or(i64::MAX),
            },
        )
        .await?;
        Ok(self.phrase(&scene, now, |desk| board::board(&rows, desk)))
    }

    /// A household's page; None if the viewer's team has none of that code.
    pub async fn sheet(
        &self,
        viewer: PersonId,
        code: &Code,
        before: Option<ContactId>,
    ) -> Result<Option<Reply>, Fault> {
        let now = self.office_now();
        let subject = Some(Subject::Code(code.clone()));
        let scene = self
            .view(viewer, subject, Some(List::Course { before }), now)
            .await?;
        if scene.file.is_none() {
            return Ok(None);
        }
        Ok(Some(self.phrase(&scene, now, course::sheet)))
    }

    /// The plans of this week and of the next.
    pub async fn coming(&self, viewer: PersonId) -> Result<Reply, Fault> {
        let now = self.office_now();
        let today = self.shared.office.calendar.day_of(now);
        let mut parts = Vec::new();
        for span in [Span::ThisWeek, Span::NextWeek] {
            let first = self.view(viewer, None, None, now).await?;
            let list = lists::coming(&first, span, today);
            let scene = self.view(viewer, None, Some(list), now).await?;
            let reply = self.phrase(&scene, now, |desk| {
                lists::say_coming(span, desk).say.unwrap_or_default()
            });
            parts.extend(reply.parts);
        }
        Ok(Reply { parts })
    }

    /// What is overdue in the team and what waits for an answer; None for those
    /// who neither lead nor administer it.
    pub async fn supervision(&self, viewer: PersonId) -> Result<Option<Reply>, Fault> {
        let now = self.office_now();
        let list = List::Overdue {
            of: None,
            after: None,
        };
        let scene = self.view(viewer, None, Some(list), now).await?;
        if !scene.sender.role.oversees() {
            return Ok(None);
        }
        let requests = store::lists::open_requests(&self.shared.db, scene.sender.team).await?;
        let health = self.health(scene.sender.team).await?;
        Ok(Some(self.phrase(&scene, now, |desk| {
            board::supervision(&requests, &health, desk)
        })))
    }

    async fn view(
        &self,
        viewer: PersonId,
        subject: Option<Subject>,
        list: Option<List>,
        now: DateTime<Utc>,
    ) -> Result<Scene, Fault> {
        let id = viewer.0.to_string();
        let wanted = Wanted {
            from: Account {
                platform: Platform::Page,
                id: id.clone(),
            },
            place: Place {
                platform: Platform::Page,
                id,
                room: None,
            },
            today: self.shared.office.calendar.day_of(now),
            subject,
            undoes: false,
            list,
            key: None,
        };
        store::scene::scene(&self.shared.db, &wanted)
            .await?
            .ok_or(Fault::Stranger)
    }

    fn phrase(
        &self,
        scene: &Scene,
        now: DateTime<Utc>,
        pieces: impl FnOnce(&Desk) -> Vec<Piece>,
    ) -> Reply {
        let today = self.shared.office.calendar.day_of(now);
        let desk = Desk {
            scene,
            office: &self.shared.office,
            now,
            today,
            arrival: &Arrival::default(),
        };
        let voice = Voice {
            language: scene.sender.language,
            today,
        };
        voice.reply(&pieces(&desk), &Made::default())
    }
}

/// A code as typed in the search field, in its canonical spelling: `12`, `h-12`
/// and `H-012` find H-012, `H-0` all that begin so.
fn code_prefix(typed: &str) -> String {
    let written = typed.trim().to_uppercase();
    // Read as a number, `H-0` would be the household 0, which there never is.
    if written.starts_with("H-0") {
        return written;
    }
    match reading::household(typed) {
        Some(code) => code.to_string(),
        None => written,
    }
}
