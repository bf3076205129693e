//! What a delivery says now: from what still stands, as far as the chat that
//! carries it may tell it.
use super::{Engine, Fault};
use crate::{
    conversation::{
        decide::{
            Arrival, Desk,
            level::{self, News, Row},
            nudging::{self, Item, Report},
        },
        decision::Made,
        message::{Level, Reply},
        notice::Notice,
        phrasing::Voice,
        piece::Piece,
        scene::{File, Scene},
    },
    domain::{
        HouseholdId,
        people::{Person, Role, Roster},
        rhythm::{BACK_DAYS, Occasion},
    },
    store::{
        self,
        deliveries::{self, Kind, Leased, LeasedAlarm},
    },
};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// What stands of a delivery.
pub(super) enum Standing {
    Notice(Notice),
    /// A list that comes by the calendar.
    Listed {
        notice: Notice,
        items: Vec<Item>,
    },
    Alarm(LeasedAlarm),
    Items {
        items: Vec<Item>,
        /// Households that could not be read.
        unreadable: usize,
    },
}

impl Engine {
    /// What still stands of it; None when nothing does any more. One that was
    /// sent says what became of each of its parts.
    pub(super) async fn standing(
        &self,
        leased: &Leased,
        was_sent: bool,
    ) -> Result<Option<Standing>, Fault> {
        match (leased.kind, &leased.notice, &leased.alarm) {
            (Kind::Notice, Some(notice @ Notice::Listed { until, .. }), _) => {
                self.standing_list(leased, (notice, *until), was_sent).await
            }
            (Kind::Notice, Some(notice), _) => Ok(Some(Standing::Notice(notice.clone()))),
            (Kind::Alarm, _, Some(alarm)) => {
                let stands = was_sent || !is_over(alarm);
                Ok(stands.then(|| Standing::Alarm(alarm.clone())))
            }
            _ => self.standing_items(leased, was_sent).await,
        }
    }

    /// A list that could not be sent as long as it was of use is left out.
    async fn standing_list(
        &self,
        leased: &Leased,
        (notice, until): (&Notice, NaiveDate),
        was_sent: bool,
    ) -> Result<Option<Standing>, Fault> {
        let today = self.shared.office.calendar.day_of(self.office_now());
        if !was_sent && until < today {
            return Ok(None);
        }
        let roster = self.roster_of(leased, today).await?;
        if !was_sent && !is_of_use(notice, &roster) {
            return Ok(None);
        }
        let found = deliveries::items(&self.shared.db, leased.id).await?;
        let mut items = found.rows;
        items.retain(|item| was_sent || item.is_open());
        let notice = notice.clone();
        Ok((!items.is_empty()).then_some(Standing::Listed { notice, items }))
    }

    async fn standing_items(
        &self,
        leased: &Leased,
        was_sent: bool,
    ) -> Result<Option<Standing>, Fault> {
        let found = deliveries::items(&self.shared.db, leased.id).await?;
        for (household, fault) in &found.broken {
            tracing::error!(household = household.0, %fault, "a household cannot be read");
        }
        let unreadable = found.broken.len();
        let mut items = found.rows;
        if !was_sent {
            let today = self.shared.office.calendar.day_of(self.office_now());
            let roster = self.roster_of(leased, today).await?;
            items.retain(|item| item.is_open() && !has_moved_on(item, leased, &roster, today));
        }
        let is_empty = items.is_empty() && unreadable == 0;
        Ok((!is_empty).then_some(Standing::Items { items, unreadable }))
    }

    /// The reader's team, with the leaves that have ended lately.
    async fn roster_of(&self, leased: &Leased, today: NaiveDate) -> Result<Roster, Fault> {
        let since = today.checked_sub_days(Days::new(BACK_DAYS));
        let team = leased.recipient.team;
        Ok(store::nudges::roster(&self.shared.db, team, since.unwrap_or(today)).await?)
    }

    /// Its words in a chat of that level.
    pub(super) async fn render(
        &self,
        leased: &Leased,
        standing: &Standing,
        level: Level,
    ) -> Result<Reply, Fault> {
        let pieces = match level {
            Level::Logging => self.in_full(leased, standing).await?,
            Level::Dates | Level::Notice => {
                level::news(&news_of(standing), level, &self.shared.office)
            }
        };
        Ok(self
            .voice(&leased.recipient)
            .reply(&pieces, &Made::default()))
    }

    pub(super) fn voice(&self, reader: &Person) -> Voice {
        Voice {
            language: reader.language,
            today: self.shared.office.calendar.day_of(self.office_now()),
        }
    }

    async fn in_full(&self, leased: &Leased, standing: &Standing) -> Result<Vec<Piece>, Fault> {
        let db = &self.shared.db;
        let now = self.office_now();
        let today = self.shared.office.calendar.day_of(now);
        let reader = &leased.recipient;
        let roster = store::nudges::roster(db, reader.team, today).await?;
        let tally = store::lists::tally(db, reader.team, today).await?;
        let scene = Scene::of_reader(reader.clone(), roster, tally);
        let desk = Desk {
            scene: &scene,
            office: &self.shared.office,
            now,
            today,
            arrival: &Arrival::default(),
        };
        match standing {
            Standing::Notice(notice) => Ok(nudging::notice(notice, &desk)),
            Standing::Listed { notice, items } => Ok(match notice {
                Notice::Listed {
                    occasion,
                    meant_for,
                    is_again,
                    ..
                } => {
                    let days = (*meant_for, leased.office_day);
                    nudging::listed((occasion, *is_again), items, days, &desk)
                }
                other => nudging::notice(other, &desk),
            }),
            Standing::Alarm(alarm) => {
                let is_withdrawn = alarm.withdrawn;
                Ok(nudging::alarm(
                    &alarm.alarm,
                    &alarm.code,
                    is_withdrawn,
                    &desk,
                ))
            }
            Standing::Items { items, unreadable } => {
                self.items_in_full(leased, (items, *unreadable), &desk)
                    .await
            }
        }
    }

    async fn items_in_full(
        &self,
        leased: &Leased,
        (items, unreadable): (&[Item], usize),
        desk: &Desk<'_>,
    ) -> Result<Vec<Piece>, Fault> {
        if leased.kind == Kind::Appointment {
            let open = items.iter().filter(|item| item.is_open());
            let shown = open.map(|item| item.household.id).collect();
            let files = self.files(shown).await?;
            return Ok(nudging::appointments(items, &files, desk));
        }
        let files = self.files(nudging::in_full(items, desk)).await?;
        let (team, day) = (leased.recipient.team, leased.office_day);
        let report = Report {
            proof: deliveries::proof(&self.shared.db, team, day).await?,
            stopped_on: leased.stopped_on,
            unreadable,
        };
        Ok(nudging::digest(items, &files, &report, desk))
    }

    /// The files that can be read.
    async fn files(
        &self,
        households: Vec<HouseholdId>,
    ) -> Result<BTreeMap<HouseholdId, File>, Fault> {
        let mut files = BTreeMap::new();
        for household in households {
            match deliveries::file(&self.shared.db, household).await {
                Ok(file) => files.extend(file.map(|file| (household, file))),
                Err(fault) if fault.is_transient() => return Err(fault.into()),
                Err(fault) => {
                    tracing::error!(household = household.0, %fault, "a file cannot be read");
                }
            }
        }
        Ok(files)
    }
}

/// Whether the leave of which a list tells is as it was when the list was made.
fn is_of_use(notice: &Notice, roster: &Roster) -> bool {
    let Notice::Listed { occasion, .. } = notice else {
        return true;
    };
    let absence = match occasion {
        Occasion::CoverAhead(absence)
        | Occasion::CoverBegins(absence)
        | Occasion::CoverEnds(absence) => absence,
        Occasion::Week { .. } | Occasion::Closure { .. } | Occasion::Transfers { .. } => {
            return true;
        }
    };
    roster.leaves.iter().any(|leave| {
        leave.id == absence.leave
            && leave.cover == absence.cover
            && (leave.from, leave.to) == (absence.from, absence.to)
    })
}

/// Whether a household went to another nurse, who is there, before its reader was
/// told: she is told of it instead.
fn has_moved_on(item: &Item, leased: &Leased, roster: &Roster, today: NaiveDate) -> bool {
    let (reader, care) = (&leased.recipient, item.household.facts.care());
    reader.role == Role::Nurse
        && !care.is_with(reader.id, roster, today)
        && care.main.is_some_and(|main| roster.is_present(main, today))
}

fn news_of(standing: &Standing) -> News {
    match standing {
        Standing::Notice(notice) => News::of_notice(notice),
        Standing::Listed { items, .. } => News {
            is_over: !items.iter().any(Item::is_open),
            rows: items.iter().map(row_of).collect(),
            ..News::default()
        },
        Standing::Alarm(alarm) => News {
            is_urgent: true,
            is_over: is_over(alarm),
            code: Some(alarm.code.clone()),
            ..News::default()
        },
        Standing::Items { items, unreadable } => News {
            is_over: *unreadable == 0 && !items.iter().any(Item::is_open),
            rows: items.iter().map(row_of).collect(),
            ..News::default()
        },
    }
}

fn row_of(item: &Item) -> Row {
    Row {
        code: item.household.code.clone(),
        on: item.check_in.terms.window.on,
        is_over: !item.is_open(),
    }
}

fn is_over(alarm: &LeasedAlarm) -> bool {
    alarm.withdrawn || alarm.alarm.confirmed.is_some()
}
