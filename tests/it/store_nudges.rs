//! What is due for a look, and what one tick writes.
use crate::store::*;
use chrono::{DateTime, TimeDelta, Utc};
use koekake::{
    conversation::{
        decide::nudging::{Item, ItemState},
        decision::{AlarmChange, CheckInChange, HouseholdChange},
        scene::File,
    },
    domain::{
        PersonId,
        alarm::Grade,
        check_in::{Progress, Rung, Taken},
    },
    store::{
        Fault,
        deliveries::{self, Hour, Kind, Lease},
        nudges::{self, AlarmCall, DueAlarm, DueCase, Looked, Stoppage, Tick},
    },
};
use std::collections::BTreeMap;

/// When the founded households are looked at first.
const OPENING: &str = "2026-11-20T23:30:00";

fn tick(also: &[(PersonId, &File)]) -> Tick {
    let mut listed: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (person, file) in also {
        let check_in = file.check_in.as_ref().expect("an open household");
        let what = (file.household.id, check_in.id);
        listed.entry(*person).or_default().push(what);
    }
    Tick {
        now: now(),
        office_day: today(),
        also: listed,
        mornings: BTreeMap::new(),
        stopped_on: None,
    }
}

/// The ladder fired this rung for these people.
fn fired(case: &DueCase, rung: Rung, to: &[PersonId]) -> Looked {
    Looked {
        progress: Progress {
            step: case.check_in.progress.step + 1,
            rung: Some(rung),
            ..case.check_in.progress.clone()
        },
        firing: Some((rung, to.to_vec())),
        ..quiet(case)
    }
}

/// The ladder had nothing to say.
fn quiet(case: &DueCase) -> Looked {
    Looked {
        household: case.household.id,
        version: case.household.version,
        seen_at: case.next_nudge_at,
        check_in: case.check_in.id,
        progress: case.check_in.progress.clone(),
        again_at: at("2026-11-26T23:30:00"),
        firing: None,
    }
}

async fn due(office: &Office) -> Vec<DueCase> {
    due_at(office, now(), 10).await
}

async fn due_at(office: &Office, now: DateTime<Utc>, limit: i64) -> Vec<DueCase> {
    let due = nudges::due_for_look(&office.db, now, limit).await;
    due.expect("looking").rows
}

async fn case(office: &Office, number: u32) -> DueCase {
    let case = due(office)
        .await
        .into_iter()
        .find(|case| case.household.code == code(number));
    case.expect("due for a look")
}

/// Looks are left to be made here: the digests are old enough not to wait for them.
async fn lease(office: &Office) -> Option<Lease> {
    lease_at(office, now() + TimeDelta::days(2)).await
}

/// By the office's clock.
async fn lease_at(office: &Office, at_office: DateTime<Utc>) -> Option<Lease> {
    let span = (now(), at("2026-11-26T01:00:00"));
    let lease = deliveries::lease(&office.db, span, "test", Hour::Working(at_office)).await;
    lease.expect("leasing")
}

/// The pending deliveries, each claimed and then settled, for nobody has two
/// under way.
async fn pending(office: &Office) -> Vec<(PersonId, Kind, Vec<Item>)> {
    let mut found = Vec::new();
    while let Some(lease) = lease(office).await {
        let leased = deliveries::leased(&office.db, lease.id).await;
        let leased = leased.expect("reading what was leased");
        let items = deliveries::items(&office.db, leased.id).await;
        let items = items.expect("items").rows;
        let settled = deliveries::moot(&office.db, leased.id, "test").await;
        assert!(settled.expect("settling"));
        found.push((leased.recipient.id, leased.kind, items));
    }
    found
}

fn shown(items: &[Item]) -> Vec<(u32, bool, Option<Rung>)> {
    items
        .iter()
        .map(|item| (item.household.code.number(), item.rung.is_some(), item.rung))
        .collect()
}

#[tokio::test]
async fn open_households_are_due_in_the_order_of_their_instants() {
    for office in offices().await {
        let early = at("2026-11-20T23:29:59");
        assert_eq!(due_at(&office, early, 10).await, []);
        office.run("UPDATE household SET next_nudge_at = '2026-11-19T23:30:00+00:00' WHERE code = 'H-031'").await;
        let all = due(&office).await;
        let codes: Vec<_> = all
            .iter()
            .map(|case| case.household.code.number())
            .collect();
        assert_eq!(codes, [31, 12, 21, 45]);
        assert_eq!(all[1].next_nudge_at, kept(OPENING));
        let first = due_at(&office, now(), 1).await;
        assert_eq!(first, all[..1]);
        let next = nudges::next_look_at(&office.db).await.expect("looking");
        assert_eq!(next, Some(all[0].next_nudge_at));

        let of_team = nudges::due_of_team(&office.db, TEAM, today())
            .await
            .expect("looking");
        let codes: Vec<_> = of_team
            .iter()
            .map(|case| case.household.code.number())
            .collect();
        assert_eq!(codes, [45, 12, 31]);
        let roster = nudges::roster(&office.db, TEAM, today())
            .await
            .expect("looking");
        assert_eq!(roster.people.len(), 4);
    }
}

#[tokio::test]
async fn a_household_is_due_from_its_very_instant() {
    for office in offices().await {
        let id = case(&office, 12).await.household.id;
        let later = at("2026-12-02T00:00:00");
        for text in [
            "2026-12-01T01:00:00Z",
            "2026-12-01T01:00:00.5Z",
            "2026-12-01T01:00:00.000001Z",
        ] {
            let instant = text.parse().expect("an instant");
            nudges::postpone(&office.db, id, later, instant)
                .await
                .expect("postponing");
            for (now, expected) in [(instant, 4), (instant - TimeDelta::microseconds(1), 3)] {
                let due = due_at(&office, now, 10).await;
                assert_eq!(due.len(), expected, "{text} at {now}");
            }
        }
    }
}

#[tokio::test]
async fn an_empty_office_has_nothing_to_look_at() {
    for office in empty().await {
        assert_eq!(
            nudges::next_look_at(&office.db).await.expect("looking"),
            None
        );
    }
}

#[tokio::test]
async fn one_recipients_occasion_is_one_digest() {
    for office in offices().await {
        let also = office.file(31).await;
        let (twelve, other) = (case(&office, 12).await, case(&office, 45).await);
        let looks = [
            fired(&twelve, Rung::First, &[NURSE]),
            fired(
                &other,
                Rung::Supervisor,
                &[COLLEAGUE, SUPERVISOR, SUPERVISOR],
            ),
            quiet(&case(&office, 21).await),
        ];
        let tick = tick(&[(NURSE, &also), (DEPUTY, &also)]);
        let done = nudges::apply(&office.db, &looks, &tick)
            .await
            .expect("applying");
        assert_eq!((done.nudges, done.skipped), (3, 0));

        // Looked at again on the said instant, with its progress; the rest is still due.
        let left: Vec<_> = due(&office)
            .await
            .iter()
            .map(|case| case.household.code.number())
            .collect();
        assert_eq!(left, [31]);
        let check_in = office.file(12).await.check_in.expect("open");
        assert_eq!(check_in.progress.step, 1);
        assert_eq!(check_in.progress.rung, Some(Rung::First));
        assert_eq!(check_in.progress.told, [NURSE]);

        // As long as one is due, more may come into a digest that was just made.
        assert_eq!(lease_at(&office, now()).await, None);
        let pending = pending(&office).await;
        let seen: Vec<_> = pending
            .iter()
            .map(|(to, kind, items)| (*to, *kind, shown(items)))
            .collect();
        assert_eq!(
            seen,
            [
                (
                    NURSE,
                    Kind::Digest,
                    vec![(12, true, Some(Rung::First)), (31, false, None)]
                ),
                (
                    COLLEAGUE,
                    Kind::Digest,
                    vec![(45, true, Some(Rung::Supervisor))]
                ),
                (
                    SUPERVISOR,
                    Kind::Digest,
                    vec![(45, true, Some(Rung::Supervisor))]
                ),
            ]
        );
        assert!(
            pending[0]
                .2
                .iter()
                .all(|item| item.state == ItemState::Open)
        );
    }
}

#[tokio::test]
async fn a_later_rung_joins_the_digest_that_nobody_has_begun_to_send() {
    for office in offices().await {
        let first = [fired(&case(&office, 12).await, Rung::First, &[NURSE])];
        // Listed by the first, it fires in the second.
        let listed = tick(&[(NURSE, &office.file(21).await)]);
        nudges::apply(&office.db, &first, &listed)
            .await
            .expect("applying");
        let second = [fired(&case(&office, 21).await, Rung::Again, &[NURSE])];
        nudges::apply(&office.db, &second, &tick(&[]))
            .await
            .expect("applying");
        let sent = pending(&office).await;
        assert_eq!(sent.len(), 1);
        assert_eq!(
            shown(&sent[0].2),
            [(12, true, Some(Rung::First)), (21, true, Some(Rung::Again))]
        );

        // Now it is being sent: the next one is another.
        let third = [fired(&case(&office, 31).await, Rung::First, &[NURSE])];
        nudges::apply(&office.db, &third, &tick(&[]))
            .await
            .expect("applying");
        let sent = pending(&office).await;
        assert_eq!(shown(&sent[0].2), [(31, true, Some(Rung::First))]);
        assert_eq!(
            office
                .count("SELECT max(number) FROM delivery WHERE kind = 'digest'")
                .await,
            2
        );
    }
}

#[tokio::test]
async fn an_appointments_question_goes_alone() {
    for office in offices().await {
        let looks = [
            fired(&case(&office, 12).await, Rung::Appointment, &[NURSE]),
            fired(&case(&office, 21).await, Rung::Appointment, &[NURSE]),
        ];
        let also = tick(&[(NURSE, &office.file(31).await)]);
        nudges::apply(&office.db, &looks, &also)
            .await
            .expect("applying");
        let sent = pending(&office).await;
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].1, Kind::Appointment);
        assert_eq!(sent[0].2.len(), 2);
    }
}

/// Befell others: a daily reminder fired twice within a minute; an old timer fired
/// months after its matter was settled.
#[tokio::test]
async fn a_household_that_changed_after_it_was_read_is_left_alone() {
    for office in offices().await {
        let (twelve, other) = (case(&office, 12).await, case(&office, 21).await);
        let file = office.file(12).await;
        let log = logged(
            &file,
            visit("2026-11-25"),
            terms("2027-02-25", "2027-02-25"),
        );
        office.save("log", NURSE, &log).await.expect("saving");
        let looks = [
            fired(&twelve, Rung::First, &[NURSE]),
            fired(&other, Rung::First, &[NURSE]),
        ];
        let done = nudges::apply(&office.db, &looks, &tick(&[]))
            .await
            .expect("applying");
        assert_eq!((done.nudges, done.skipped), (1, 1));
        let check_in = office.file(12).await.check_in.expect("open");
        assert_eq!(check_in.progress.step, 0);

        // The same look twice, as after a crash whose commit was not heard of.
        let again = nudges::apply(&office.db, &looks[1..], &tick(&[]))
            .await
            .expect("applying");
        assert_eq!((again.nudges, again.skipped), (0, 1));
    }
}

#[tokio::test]
async fn a_step_that_was_told_already_stops_the_tick_whole() {
    for office in offices().await {
        let first = fired(&case(&office, 12).await, Rung::First, &[NURSE]);
        nudges::apply(&office.db, std::slice::from_ref(&first), &tick(&[]))
            .await
            .expect("applying");
        let again = Looked {
            seen_at: first.again_at,
            ..first
        };
        let other = fired(&case(&office, 21).await, Rung::First, &[NURSE]);
        let fault = nudges::apply(&office.db, &[other, again], &tick(&[]))
            .await
            .expect_err("twice");
        assert!(matches!(fault, Fault::Duplicate), "{fault:?}");
        assert_eq!(office.count("SELECT count(*) FROM nudge").await, 1);
    }
}

#[tokio::test]
async fn a_promise_to_act_is_kept_through_a_look() {
    for office in offices().await {
        let taken = Taken {
            by: NURSE,
            at: now(),
            until: at("2026-12-02T23:30:00"),
        };
        let file = office.file(12).await;
        let take = decision(change(
            &file,
            CheckInChange::Take {
                taken,
                supervisor_from: Some(taken.until),
            },
        ));
        office.save("take", NURSE, &take).await.expect("taking");
        let look = quiet(&case(&office, 12).await);
        nudges::apply(&office.db, std::slice::from_ref(&look), &tick(&[]))
            .await
            .expect("applying");
        let check_in = office.file(12).await.check_in.expect("open");
        assert_eq!(check_in.progress, look.progress);
        assert_eq!(
            check_in.progress.taken.map(|taken| taken.until),
            Some(kept("2026-12-02T23:30:00"))
        );
    }
}

#[tokio::test]
async fn a_household_that_cannot_be_looked_at_is_pushed_out_of_the_way() {
    for office in offices().await {
        let due_case = case(&office, 12).await;
        let (id, due_at) = (due_case.household.id, due_case.next_nudge_at);
        let until = at("2026-11-25T02:00:00");
        let postpone = async |id, now| nudges::postpone(&office.db, id, now, until).await;
        // Somebody has laid it on another time meanwhile.
        let early = due_at - TimeDelta::seconds(1);
        assert!(!postpone(id, early).await.expect("looking"));
        assert!(postpone(id, due_at).await.expect("postponing"));
        assert_eq!(due(&office).await.len(), 3);
        let closed = office.file(99).await.household.id;
        assert!(!postpone(closed, until).await.expect("looking"));
    }
}

async fn raise(office: &Office) -> File {
    let file = office.file(12).await;
    let raising = HouseholdChange {
        alarms: vec![AlarmChange::Raise(Grade::Danger)],
        ..change(&file, CheckInChange::Keep)
    };
    office
        .save("danger", NURSE, &decision(raising))
        .await
        .expect("raising");
    office.file(12).await
}

fn call(file: &File, step: i64, recipients: &[PersonId]) -> AlarmCall {
    AlarmCall {
        alarm: file.alarms[0].id,
        seen_step: file.alarms[0].step,
        step,
        next_at: at("2026-11-25T01:15:00"),
        recipients: recipients.to_vec(),
        now: now(),
        office_day: today(),
    }
}

async fn alarms(office: &Office) -> Vec<DueAlarm> {
    let due = nudges::alarms_due(&office.db, Some(now()), 10).await;
    due.expect("looking").rows
}

#[tokio::test]
async fn an_alarm_fires_at_once_and_each_step_once() {
    for office in offices().await {
        // The check-in's own first step is another one.
        let look = fired(&case(&office, 12).await, Rung::First, &[SUPERVISOR]);
        nudges::apply(&office.db, &[look], &tick(&[]))
            .await
            .expect("applying");
        let file = raise(&office).await;
        let expected = DueAlarm {
            alarm: file.alarms[0].clone(),
            team: TEAM,
            next_at: file.alarms[0].raised_at,
        };
        assert_eq!(alarms(&office).await, [expected]);

        let first = call(&file, 1, &[SUPERVISOR, DEPUTY]);
        assert!(
            nudges::apply_alarm(&office.db, &first)
                .await
                .expect("firing")
        );
        assert!(
            !nudges::apply_alarm(&office.db, &first)
                .await
                .expect("looking")
        );
        assert_eq!(alarms(&office).await, []);
        assert_eq!(
            nudges::next_look_at(&office.db).await.expect("looking"),
            Some(kept(OPENING)).min(Some(kept("2026-11-25T01:15:00")))
        );

        // Before the digest that was there already.
        let pending = pending(&office).await;
        let kinds: Vec<_> = pending.iter().map(|(to, kind, _)| (*to, *kind)).collect();
        assert_eq!(
            kinds,
            [
                (SUPERVISOR, Kind::Alarm),
                (DEPUTY, Kind::Alarm),
                (SUPERVISOR, Kind::Digest)
            ]
        );
        assert_eq!(shown(&pending[0].2), [(12, true, Some(Rung::Alarm))]);
        let told = office.file(12).await.check_in.expect("open").progress.told;
        assert_eq!(told, [SUPERVISOR], "an alarm is no rung of the check-in");
    }
}

#[tokio::test]
async fn an_alarm_that_somebody_has_read_or_taken_back_is_silent() {
    for (end, answer) in [
        ("confirm", AlarmChange::Confirm as fn(_) -> _),
        ("withdraw", |id| AlarmChange::Put(id, false)),
    ] {
        for office in offices().await {
            let file = raise(&office).await;
            let ending = HouseholdChange {
                alarms: vec![answer(file.alarms[0].id)],
                ..change(&file, CheckInChange::Keep)
            };
            office
                .save(end, SUPERVISOR, &decision(ending))
                .await
                .expect(end);
            assert_eq!(office.file(12).await.alarms, [], "{end}");
            assert_eq!(alarms(&office).await, []);
            let late = call(&file, 1, &[SUPERVISOR]);
            assert!(
                !nudges::apply_alarm(&office.db, &late)
                    .await
                    .expect("looking"),
                "{end}"
            );
        }
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_stops_no_other() {
    for office in offices().await {
        let broken = case(&office, 31).await.household.id;
        let looks = [fired(&case(&office, 12).await, Rung::First, &[NURSE])];
        let also = tick(&[(NURSE, &office.file(31).await)]);
        nudges::apply(&office.db, &looks, &also)
            .await
            .expect("applying");
        office
            .run("UPDATE household SET flags = 'of_another_version' WHERE code = 'H-031'")
            .await;

        let due = nudges::due_for_look(&office.db, now(), 10).await;
        let due = due.expect("looking");
        let codes = due.rows.iter().map(|case| case.household.code.number());
        assert_eq!(codes.collect::<Vec<_>>(), [21, 45]);
        assert_eq!(due.broken.len(), 1);
        assert_eq!(due.broken[0].0, broken);
        let of_team = nudges::due_of_team(&office.db, TEAM, today()).await;
        let of_team = of_team.expect("looking");
        let codes = of_team.iter().map(|case| case.household.code.number());
        assert_eq!(codes.collect::<Vec<_>>(), [45, 12]);

        let lease = lease(&office).await.expect("a digest");
        let items = deliveries::items(&office.db, lease.id).await;
        let items = items.expect("items");
        assert_eq!(shown(&items.rows), [(12, true, Some(Rung::First))]);
        assert_eq!(items.broken[0].0, broken);
        deliveries::file(&office.db, broken)
            .await
            .expect_err("its file cannot be read");
    }
}

#[tokio::test]
async fn an_alarm_is_read_without_its_household_and_postponed_by_itself() {
    for office in offices().await {
        let file = raise(&office).await;
        office
            .run("UPDATE household SET flags = 'of_another_version' WHERE code = 'H-012'")
            .await;
        assert_eq!(alarms(&office).await.len(), 1);
        let (id, until) = (file.alarms[0].id, now() + TimeDelta::minutes(5));
        let postponed = nudges::postpone_alarm(&office.db, id, now(), until).await;
        assert!(postponed.expect("postponing"));
        assert_eq!(alarms(&office).await, []);
    }
}

#[tokio::test]
async fn a_digest_that_waits_since_another_day_becomes_todays_and_says_so() {
    for office in offices().await {
        let first = [fired(&case(&office, 12).await, Rung::First, &[NURSE])];
        nudges::apply(&office.db, &first, &tick(&[]))
            .await
            .expect("applying");
        let second = [fired(&case(&office, 21).await, Rung::First, &[NURSE])];
        let tomorrow = Tick {
            office_day: day("2026-11-26"),
            ..tick(&[])
        };
        nudges::apply(&office.db, &second, &tomorrow)
            .await
            .expect("applying");
        assert_eq!(office.count("SELECT count(*) FROM delivery").await, 1);
        let lease = lease(&office).await.expect("a digest");
        let leased = deliveries::leased(&office.db, lease.id).await;
        let leased = leased.expect("reading what was leased");
        assert_eq!(
            (leased.office_day, leased.stopped_on),
            (day("2026-11-26"), Some(today()))
        );
        let items = deliveries::items(&office.db, lease.id).await;
        let numbers: Vec<_> = items.expect("items").rows;
        let numbers = numbers.iter().map(|item| item.household.code.number());
        assert_eq!(numbers.collect::<Vec<_>>(), [12, 21]);
    }
}

#[tokio::test]
async fn a_stoppage_is_remembered_for_its_digests() {
    for office in offices().await {
        let known = async || nudges::stoppage(&office.db).await.expect("looking");
        assert_eq!(known().await, None);
        let stoppage = Stoppage {
            since: day("2026-11-20"),
            told_on: day("2026-11-26"),
        };
        nudges::remember_stoppage(&office.db, &stoppage)
            .await
            .expect("remembering");
        assert_eq!(known().await, Some(stoppage));
        let looks = [fired(&case(&office, 12).await, Rung::First, &[NURSE])];
        for since in [stoppage.since, today()] {
            let tick = Tick {
                stopped_on: Some(since),
                ..tick(&[])
            };
            nudges::apply(&office.db, &looks, &tick)
                .await
                .expect("applying");
        }
        assert_eq!(
            office
                .count("SELECT count(*) FROM delivery WHERE stopped_on = '2026-11-20'")
                .await,
            1
        );
    }
}
