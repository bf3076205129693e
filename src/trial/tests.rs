//! What holds in every made-up office, and how an ordinary one looks.
use super::*;
use crate::domain::{
    check_in::{Pace, Purpose, Standing},
    contact::Kind,
};
use std::collections::BTreeSet;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn recipe(seed: u64, households: u32, today: &str) -> Recipe {
    Recipe {
        seed,
        households,
        today: day(today),
        calendar: Calendar::japan(),
    }
}

/// First days of all sorts: ordinary, New Year, leap day, Golden Week, the
/// fiscal year's turn, a Saturday.
const DAYS: [&str; 8] = [
    "2026-11-25",
    "2027-01-01",
    "2026-12-31",
    "2028-02-29",
    "2026-05-03",
    "2027-03-31",
    "2027-04-01",
    "2026-08-29",
];

/// What must hold in any office.
fn check_promises(recipe: &Recipe) -> MadeUpOffice {
    let office = office(recipe);
    assert_eq!(office.households.len(), recipe.households as usize);
    let codes: BTreeSet<_> = office.households.iter().map(|house| &house.code).collect();
    assert_eq!(codes.len(), office.households.len(), "codes are unique");
    for house in &office.households {
        check_household(recipe, house);
    }
    office
}

fn check_household(recipe: &Recipe, house: &MadeUpHousehold) {
    let code = &house.code;
    let calendar = &recipe.calendar;
    assert_eq!(house.state.is_open(), house.check_in.is_some(), "{code}");
    assert_eq!(
        house.state == State::Paused,
        house.pause_reason.is_some(),
        "{code}"
    );
    assert_eq!(
        house.state.is_open(),
        house.close_reason.is_none(),
        "{code}"
    );
    assert!(house.main < 4, "{code}");
    assert_ne!(house.second, Some(house.main), "{code}");
    assert!(
        house
            .contacts
            .is_sorted_by_key(|contact| contact.recorded_at)
    );
    assert_eq!(house.contacts[0].details.on, house.known_on, "{code}");
    for contact in &house.contacts {
        let on = contact.details.on;
        assert!(on < recipe.today, "{code}: {on} lies ahead");
        assert!(calendar.is_open_at(contact.recorded_at), "{code}: {on}");
        assert_eq!(calendar.day_of(contact.recorded_at), on, "{code}");
        assert!(contact.author < STAFF.len(), "{code}");
    }
    if let Some(check_in) = &house.check_in {
        let window = check_in.terms.window;
        assert!(window.on <= window.by, "{code}");
        assert!(calendar.is_open(window.on), "{code}: {}", window.on);
        let last = house.contacts.last().expect("a first report");
        assert_eq!(check_in.made_at, last.recorded_at, "{code}");
        assert!(window.on >= last.details.on, "{code}");
        if let (Some(not_before), Purpose::LookIn) = (house.not_before, check_in.terms.purpose) {
            assert!(window.on >= not_before, "{code}");
        }
    }
}

fn standings(office: &MadeUpOffice, today: NaiveDate) -> Vec<(usize, Standing)> {
    office
        .households
        .iter()
        .filter_map(|house| {
            let check_in = house.check_in.as_ref()?;
            Some((house.main, check_in.terms.window.standing(today)))
        })
        .collect()
}

#[test]
fn the_same_recipe_makes_the_same_office_and_another_seed_another_one() {
    let first = office(&recipe(7, 60, "2026-11-25"));
    assert_eq!(first, office(&recipe(7, 60, "2026-11-25")));
    assert_ne!(
        first.households,
        office(&recipe(8, 60, "2026-11-25")).households
    );
}

/// Random numbers that change with a machine or a library would change this.
#[test]
fn the_office_of_a_seed_is_known() {
    let office = office(&recipe(1, 60, "2026-11-25"));
    let house = &office.households[11];
    let last = house.contacts.last().expect("a last contact");
    assert_eq!(
        (house.contacts.len(), last.recorded_at.to_rfc3339()),
        (24, "2026-06-26T03:02:00+00:00".to_owned())
    );
}

#[test]
fn the_promises_hold_on_every_first_day_and_for_every_size() {
    for today in DAYS {
        for seed in 1..=5 {
            check_promises(&recipe(seed, 60, today));
        }
        check_promises(&recipe(1, 1, today));
        check_promises(&recipe(1, 13, today));
    }
    check_promises(&recipe(1, 0, "2026-11-25"));
    check_promises(&recipe(1, 2000, "2026-11-25"));
}

#[test]
fn the_first_morning_looks_like_an_ordinary_one() {
    for seed in 1..=50 {
        let recipe = recipe(seed, 60, "2026-11-25");
        let standings = standings(&office(&recipe), recipe.today);
        for nurse in 0..4 {
            let due = standings
                .iter()
                .filter(|(main, standing)| *main == nurse && *standing == Standing::Due)
                .count();
            assert!((2..=6).contains(&due), "seed {seed}, nurse {nurse}: {due}");
        }
        let late: Vec<i64> = standings
            .iter()
            .filter_map(|(_, standing)| match standing {
                Standing::Overdue { days } => Some(*days),
                _ => None,
            })
            .collect();
        assert!((4..=9).contains(&late.len()), "seed {seed}: {late:?}");
        assert!(
            late.iter().all(|days| (1..=20).contains(days)),
            "seed {seed}: {late:?}"
        );
    }
}

#[test]
fn sixty_households_are_of_all_sorts() {
    for seed in 1..=50 {
        let office = office(&recipe(seed, 60, "2026-11-25"));
        let count = |state| {
            office
                .households
                .iter()
                .filter(|house| house.state == state)
                .count()
        };
        assert!(count(State::Active) >= 25, "seed {seed}");
        assert!(count(State::Closed) + count(State::Transferred) <= 16);
        let appointments = office
            .households
            .iter()
            .filter_map(|house| house.check_in.as_ref())
            .filter(|check_in| check_in.terms.pace == Pace::Appointment)
            .count();
        assert!((1..=2).contains(&appointments), "seed {seed}");
        let contacts: usize = office
            .households
            .iter()
            .map(|house| house.contacts.len())
            .sum();
        assert!((400..=1500).contains(&contacts), "seed {seed}: {contacts}");
    }
}

#[test]
fn the_first_example_of_the_guide_can_be_typed() {
    for seed in 1..=8 {
        for today in DAYS {
            let recipe = recipe(seed, 60, today);
            let office = office(&recipe);
            let house = &office.households[11];
            assert_eq!(house.code.as_str(), "H-012");
            assert_eq!((house.main, house.state), (0, State::Active));
            assert_eq!(house.not_before, None);
            let terms = &house.check_in.as_ref().expect("open").terms;
            assert_eq!(terms.window.standing(recipe.today), Standing::Upcoming);
            for number in [31, 44, 52, 60] {
                assert_eq!(office.households[number - 1].state, State::Active);
            }
        }
    }
}

#[test]
fn nobody_goes_there_for_three_months_after_hostility() {
    use crate::domain::{calendar::months_after, contact::Outcome};
    let mut seen = 0;
    for house in office(&recipe(1, 2000, "2026-11-25")).households {
        for pair in house.contacts.windows(2) {
            if pair[0].details.outcome == Some(Outcome::Hostile) {
                assert_eq!(pair[1].details.kind, Some(Kind::Conference));
                seen += 1;
            }
        }
        let direct = house
            .contacts
            .iter()
            .filter(|contact| contact.details.kind.is_some_and(Kind::is_direct));
        let direct: Vec<_> = direct.collect();
        for pair in direct.windows(2) {
            if pair[0].details.outcome == Some(Outcome::Hostile) {
                let rest = months_after(pair[0].details.on, 3);
                assert!(
                    pair[1].details.on >= rest,
                    "{}: {}",
                    house.code,
                    pair[1].details.on
                );
            }
        }
    }
    assert!(seen > 20, "hostility was seen {seen} times");
}

#[test]
fn an_office_that_closes_for_months_is_made_up_all_the_same() {
    let closed_from = day("2026-11-26");
    let mut recipe = recipe(1, 100, "2026-11-25");
    recipe.calendar.closures = closed_from
        .iter_days()
        .take_while(|on| *on < day("2027-09-01"))
        .collect();
    let office = office(&recipe);
    let due = office
        .households
        .iter()
        .filter_map(|house| Some((house.check_in.as_ref()?.terms.window.on, house)));
    let late: Vec<_> = due.filter(|(on, _)| *on >= day("2027-09-01")).collect();
    assert!(!late.is_empty());
    for (_, house) in late {
        let mut days = house.contacts.iter().map(|contact| contact.details.on);
        assert!(days.all(|on| on < recipe.today), "{}", house.code);
    }
}
