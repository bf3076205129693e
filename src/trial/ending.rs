//! The last contact before the first morning, and the check-in that it made.
use super::{
    Recipe,
    desk::{Desk, EXAMPLE, weighted},
    pattern::{Course, PATTERNS, Pattern, Wait, open_days_before},
};
use crate::domain::{
    calendar::{fiscal_year_end, months_after},
    check_in::{NewCheckIn, Pace, Plan, Purpose, Why, Window},
    contact::{Kind, Outcome, Partner},
};
use chrono::{Days, NaiveDate, NaiveTime};
use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// Waits that nurses say beside what we propose.
const SAID: [Wait; 5] = [
    Wait::Weeks(2),
    Wait::Months(1),
    Wait::Months(2),
    Wait::Months(3),
    Wait::Months(6),
];
/// Open days in which what came of a proposal is not yet late.
const WINDOW: u32 = 5;

/// How the course ends for now.
pub(super) struct Ending {
    pub pattern: Pattern,
    pub on: NaiveDate,
    /// None where the household is no longer open.
    pub terms: Option<NewCheckIn>,
}

pub(super) struct Teller<'r> {
    pub recipe: &'r Recipe,
    pub number: u32,
    pub course: Course,
}

/// A way in which a check-in may have come to its day.
#[derive(Clone, Copy)]
struct Way {
    pattern: Pattern,
    wait: Wait,
    contact_on: NaiveDate,
    window: Window,
}

impl Teller<'_> {
    pub(super) fn ending(&self, desk: Desk, first: Pattern, rng: &mut ChaCha8Rng) -> Ending {
        match desk {
            Desk::Due(on) => {
                let way = self.way(|window| self.starting_on(on, window), rng);
                self.planned(way, 0, rng)
            }
            Desk::Overdue(by) => {
                let way = self.way(|window| self.ending_by(by, window), rng);
                let put_off = weighted(&[(0, 70), (1, 20), (2, 10)], rng);
                self.planned(way, put_off, rng)
            }
            Desk::Appointment(on) => self.appointment(on, rng),
            Desk::New => self.reported(first, rng),
            Desk::Review => self.paused(rng),
            Desk::Gone => {
                let days = rng.random_range(14..=400);
                let on = self.recipe.today - Days::new(days);
                Ending {
                    pattern: self.any_pattern(rng),
                    on: self.recipe.calendar.open_until(on),
                    terms: None,
                }
            }
        }
    }

    /// Known for up to two open days, and nobody has been there yet.
    fn reported(&self, first: Pattern, rng: &mut ChaCha8Rng) -> Ending {
        let calendar = &self.recipe.calendar;
        let on = open_days_before(calendar, self.latest(), rng.random_range(0..=2));
        Ending {
            pattern: first,
            on,
            terms: Some(NewCheckIn {
                window: Window::day(first.wait.after(on, calendar)),
                purpose: first.purpose(),
                pace: first.pace(),
                why: first.why,
                plan: Plan {
                    kind: Some(Kind::Visit),
                    ..Plan::default()
                },
                put_off: 0,
            }),
        }
    }

    /// The last open day before the trial begins.
    fn latest(&self) -> NaiveDate {
        self.recipe
            .calendar
            .open_until(self.recipe.today - Days::new(1))
    }

    fn starting_on(&self, on: NaiveDate, open_days: u32) -> Window {
        let by = self.recipe.calendar.open_days_after(on, open_days);
        Window { on, by }
    }

    fn ending_by(&self, by: NaiveDate, open_days: u32) -> Window {
        let on = open_days_before(&self.recipe.calendar, by, open_days);
        Window { on, by }
    }

    fn any_pattern(&self, rng: &mut ChaCha8Rng) -> Pattern {
        let restless: Vec<(Pattern, u32)> = PATTERNS
            .iter()
            .filter(|pattern| pattern.rest == 0)
            .map(|pattern| (*pattern, pattern.weight(self.course)))
            .collect();
        weighted(&restless, rng)
    }

    /// Draws one of the ways that lead to this window.
    fn way(&self, window: impl Fn(u32) -> Window, rng: &mut ChaCha8Rng) -> Way {
        let (tight, wide) = (window(0), window(WINDOW));
        let mut ways = Vec::new();
        for pattern in PATTERNS.iter().filter(|pattern| self.may_end_with(pattern)) {
            let weight = pattern.weight(self.course);
            if let Wait::OpenDays(_) = pattern.wait {
                ways.extend(self.reaching(tight, *pattern, pattern.wait, 4 * weight));
                continue;
            }
            ways.extend(self.reaching(wide, *pattern, pattern.wait, 4 * weight));
            for said in SAID {
                if said.days() >= 30 * u64::from(pattern.rest) {
                    ways.extend(self.reaching(wide, *pattern, said, weight));
                }
            }
        }
        let drawn = ways.choose_weighted(rng, |(_, weight)| *weight);
        // An office that closes for months may leave a day that no wait reaches:
        // it was said at the latest contact.
        drawn.map(|(way, _)| *way).unwrap_or_else(|_| {
            let pattern = self.any_pattern(rng);
            Way {
                pattern,
                wait: pattern.wait,
                contact_on: self.latest(),
                window: wide,
            }
        })
    }

    fn may_end_with(&self, pattern: &Pattern) -> bool {
        // The first household of the guide waits for a visit, with nobody lately met.
        pattern.weight(self.course) > 0
            && (self.number != EXAMPLE || pattern.outcome == Outcome::Sent)
    }

    /// The way with its weight, if its contact lies before the trial.
    fn reaching(
        &self,
        window: Window,
        pattern: Pattern,
        wait: Wait,
        weight: u32,
    ) -> Option<(Way, u32)> {
        let contact_on = wait.before(window.on, &self.recipe.calendar);
        let way = Way {
            pattern,
            wait,
            contact_on,
            window,
        };
        (contact_on < self.recipe.today).then_some((way, weight))
    }

    fn planned(&self, way: Way, put_off: i64, rng: &mut ChaCha8Rng) -> Ending {
        let Way {
            pattern,
            wait,
            contact_on,
            window,
        } = way;
        let is_proposed = put_off == 0
            && wait == pattern.wait
            && wait.after(contact_on, &self.recipe.calendar) == window.on;
        let (why, purpose, pace) = match (is_proposed, put_off) {
            (true, _) => (pattern.why, pattern.purpose(), pattern.pace()),
            (false, 0) => (Why::Said, Purpose::LookIn, Pace::Ordinary),
            (false, _) => (Why::Chosen, pattern.purpose(), pattern.pace()),
        };
        let terms = NewCheckIn {
            window,
            purpose,
            pace,
            why,
            plan: plan(why, rng),
            put_off,
        };
        Ending {
            pattern,
            on: contact_on,
            terms: Some(terms),
        }
    }

    /// Agreed with somebody who was met.
    fn appointment(&self, on: NaiveDate, rng: &mut ChaCha8Rng) -> Ending {
        let agreed: Vec<(Pattern, u32)> = PATTERNS
            .iter()
            .filter(|pattern| matches!(pattern.outcome, Outcome::Family | Outcome::Person))
            .map(|pattern| (*pattern, pattern.weight(self.course)))
            .collect();
        let wait = weighted(&[(Wait::Weeks(2), 2), (Wait::Months(1), 1)], rng);
        let hour = weighted(&[(10, 1), (14, 2)], rng);
        Ending {
            pattern: weighted(&agreed, rng),
            on: wait.before(on, &self.recipe.calendar).min(self.latest()),
            terms: Some(NewCheckIn {
                window: Window::day(on),
                purpose: Purpose::LookIn,
                pace: Pace::Appointment,
                why: Why::Said,
                plan: Plan {
                    kind: Some(weighted(&[(Kind::Office, 2), (Kind::Visit, 1)], rng)),
                    time: NaiveTime::from_hms_opt(hour, 0, 0),
                    partner: None,
                },
                put_off: 0,
            }),
        }
    }

    /// Reviewed after three months, and never beyond the fiscal year.
    fn paused(&self, rng: &mut ChaCha8Rng) -> Ending {
        let calendar = &self.recipe.calendar;
        let days = rng.random_range(1..=80);
        let drawn = calendar.open_until(self.recipe.today - Days::new(days));
        let review_of = |on| {
            let review = months_after(on, 3).min(fiscal_year_end(on));
            calendar.open_until(review).max(on)
        };
        // In April a pause of March would long be reviewed.
        let on = if review_of(drawn) > self.recipe.today {
            drawn
        } else {
            self.latest()
        };
        Ending {
            pattern: self.any_pattern(rng),
            on,
            terms: Some(NewCheckIn {
                window: Window::day(review_of(on)),
                purpose: Purpose::Review,
                pace: Pace::Prompt,
                why: Why::PauseReview,
                plan: Plan::default(),
                put_off: 0,
            }),
        }
    }
}

fn plan(why: Why, rng: &mut ChaCha8Rng) -> Plan {
    let (kind, partner) = match why {
        Why::NoAnswer | Why::MessageLeft | Why::NoShow => (Some(Kind::Call), None),
        Why::Hostile => (Some(Kind::Conference), None),
        _ => weighted(
            &[
                ((None, None), 40),
                ((Some(Kind::Visit), None), 40),
                ((Some(Kind::Accompany), Some(Partner::Commissioner)), 10),
                ((Some(Kind::Letter), None), 10),
            ],
            rng,
        ),
    };
    Plan {
        kind,
        time: None,
        partner,
    }
}
