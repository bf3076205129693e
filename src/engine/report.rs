//! What those who lead are told each day though nothing has happened: whom nothing
//! reaches, and that nothing is lost. And how the office is, for their page.
use super::{Engine, Fault, audit::LATE_MINUTES};
use crate::{
    conversation::{
        audit::{Audited, Health, OutOfReach},
        notice::Notice,
    },
    domain::TeamId,
    store::{
        self,
        audit::{self, Counted},
        deliveries,
    },
};
use chrono::{DateTime, TimeDelta, Utc};

impl Engine {
    /// Tells those who lead whom nothing reaches, and whoever has no digest today
    /// that nothing is lost; each once a day.
    pub async fn report(&self) -> Result<(), Fault> {
        let calendar = &self.shared.office.calendar;
        let now = self.office_now();
        let today = calendar.day_of(now);
        if !calendar.is_open(today) {
            return Ok(());
        }
        let mut new = 0;
        for out in self.out_of_reach().await? {
            let notice = Notice::OutOfReach {
                person: out.person,
                since: out.since,
            };
            let about = Some(out.person);
            let told = [notice];
            let told = audit::tell(&self.shared.db, out.team, &told, about, (now, today));
            new += told.await?;
        }
        // The day's digests are made by then.
        let is_morning_over =
            TimeDelta::minutes(LATE_MINUTES) <= calendar.open_time(calendar.opening(today), now);
        if is_morning_over {
            for store::staff::Team { id: team, .. } in store::staff::teams(&self.shared.db).await? {
                new += self.prove(team, now).await?;
            }
        }
        if new > 0 {
            self.tell_of_deliveries();
        }
        Ok(())
    }

    async fn prove(&self, team: TeamId, now: DateTime<Utc>) -> Result<usize, Fault> {
        let db = &self.shared.db;
        let today = self.shared.office.calendar.day_of(now);
        let tally = store::lists::tally(db, team, today).await?;
        let proof = deliveries::proof(db, team, today).await?;
        let notice = Notice::Proof {
            open: tally.open,
            unscheduled: tally.unscheduled,
            sent: proof.made,
            failed: proof.undelivered,
        };
        Ok(audit::tell(db, team, &[notice], None, (now, today)).await?)
    }

    /// Those on whom others count and whom no way reaches that calls them.
    async fn out_of_reach(&self) -> Result<Vec<OutOfReach>, Fault> {
        let calendar = &self.shared.office.calendar;
        let today = calendar.day_of(self.office_now());
        let counted = audit::counted_on(&self.shared.db, today).await?;
        let is_reached = |counted: &Counted| {
            let mut living = counted.routes.living.iter();
            !counted.routes.has_lost_chat && living.any(|route| self.level_of(route).is_some())
        };
        let lost = counted.into_iter().filter(|counted| !is_reached(counted));
        Ok(lost
            .map(|counted| OutOfReach {
                person: counted.person,
                team: counted.team,
                since: counted.died_at.map(|at| calendar.day_of(at)),
            })
            .collect())
    }

    /// What the auditor knows of the office, for a reader of that team.
    pub(super) async fn health(&self, team: TeamId) -> Result<Health, Fault> {
        let last = audit::last(&self.shared.db).await?;
        let mut out_of_reach = self.out_of_reach().await?;
        out_of_reach.retain(|out| out.team == team);
        Ok(Health {
            audited: last.map(|last| Audited {
                at: last.at,
                findings: last.findings,
            }),
            out_of_reach,
        })
    }
}
