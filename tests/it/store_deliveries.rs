//! Deliveries are claimed once, settled by whoever holds them, and shown anew.
use crate::store::*;
use chrono::{DateTime, Utc};
use koekake::{
    conversation::{
        decide::nudging::{Item, ItemState, Proof},
        decision::{
            AlarmChange, CheckInChange, Decision, HouseholdChange, MADE, OfficeChange, Recipient,
            RequestChange,
        },
        notice::Notice,
        scene::File,
    },
    domain::{
        DeliveryId, PersonId, RequestId,
        alarm::Grade,
        check_in::{Progress, Rung},
        request::Wish,
    },
    store::{
        Db,
        deliveries::{self, Again, Hour, Kind, Lease, Leased, Receipt, Unreached},
        messages::{self, Posting},
        nudges::{self, AlarmCall, Looked, Tick},
        routes,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Real time, which runs apart from the office's.
const NOW: &str = "2031-01-01T00:00:00";
const UNTIL: &str = "2031-01-01T00:01:00";
const LATER: &str = "2031-01-01T00:02:00";

async fn claim(office: &Office, when: &str, until: &str, token: &str) -> Option<Lease> {
    deliveries::lease(
        &office.db,
        (at(when), at(until)),
        token,
        Hour::Working(at(when)),
    )
    .await
    .expect("leasing")
}

async fn lease(office: &Office, when: &str, until: &str, token: &str) -> Option<Leased> {
    let lease = claim(office, when, until, token).await?;
    Some(leased(office, lease).await)
}

async fn lease_stale(office: &Office, when: &str, until: &str, token: &str) -> Option<Leased> {
    let lease = deliveries::lease_stale(&office.db, (at(when), at(until)), token).await;
    Some(leased(office, lease.expect("leasing")?).await)
}

async fn leased(office: &Office, lease: Lease) -> Leased {
    deliveries::leased(&office.db, lease.id)
        .await
        .expect("reading what was leased")
}

async fn items(office: &Office, delivery: DeliveryId) -> Vec<Item> {
    let items = deliveries::items(&office.db, delivery).await;
    items.expect("items").rows
}

fn at_later() -> Again {
    Again {
        try_at: at(LATER),
        maybe_sent: false,
    }
}

fn unreached(person: PersonId) -> Unreached {
    Unreached {
        person,
        team: TEAM,
        at: now(),
        office_day: today(),
        asked: reply("連絡設定の確認をお願いします"),
        asked_at: at(NOW),
        has_just_died: false,
    }
}

fn receipt(leased: &Leased) -> Receipt {
    Receipt {
        route: leased.routes.living[0].id,
        message_ref: "m-1".into(),
        at: at(NOW),
    }
}

/// A digest with H-012 for the nurse.
async fn digest(office: &Office) {
    fire(office, 12, NURSE).await;
}

async fn fire(office: &Office, number: u32, to: PersonId) {
    let cases = nudges::due_for_look(&office.db, now(), 10)
        .await
        .expect("looking");
    let case = cases
        .rows
        .into_iter()
        .find(|case| case.household.code == code(number))
        .expect("due");
    let look = Looked {
        household: case.household.id,
        version: case.household.version,
        seen_at: case.next_nudge_at,
        check_in: case.check_in.id,
        progress: Progress {
            step: 1,
            ..Progress::default()
        },
        again_at: at("2026-11-26T23:30:00"),
        firing: Some((Rung::First, vec![to])),
    };
    let tick = Tick {
        now: now(),
        office_day: today(),
        also: BTreeMap::new(),
        mornings: BTreeMap::new(),
        stopped_on: None,
    };
    nudges::apply(&office.db, &[look], &tick)
        .await
        .expect("applying");
}

fn told(to: Recipient) -> Decision {
    let notice = Notice::AlarmConfirmed {
        code: code(12),
        by: SUPERVISOR,
        at: now(),
    };
    Decision {
        notices: vec![(to, notice)],
        ..Decision::default()
    }
}

/// Befell others: a send that failed left its reminder claimed for ever.
#[tokio::test]
async fn a_delivery_is_leased_once_until_its_lease_runs_out() {
    for office in offices().await {
        assert_eq!(lease(&office, NOW, UNTIL, "a").await, None);
        digest(&office).await;
        let leased = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert_eq!(
            (leased.recipient.id, leased.kind, leased.maybe_sent),
            (NURSE, Kind::Digest, false)
        );
        assert_eq!(
            (leased.office_day, leased.made_at),
            (today(), kept("2026-11-25T01:00:00"))
        );
        assert_eq!(leased.routes.living.len(), 1);
        assert_eq!(leased.routes.living[0].account, account(NURSE));
        assert_eq!(
            (&leased.notice, &leased.alarm, &leased.sent),
            (&None, &None, &None)
        );
        assert_eq!(lease(&office, NOW, UNTIL, "b").await, None);

        // The first claimer died.
        let again = claim(&office, UNTIL, LATER, "b").await.expect("again");
        assert_eq!((again.id, again.attempts), (leased.id, 2));
        let again = self::leased(&office, again).await;
        assert!(again.maybe_sent, "nobody knows how far the first came");
        let late = deliveries::sent(&office.db, leased.id, "a", &receipt(&leased)).await;
        assert!(!late.expect("settling"), "its lease is another's");
        let settled = deliveries::sent(&office.db, again.id, "b", &receipt(&again)).await;
        assert!(settled.expect("settling"));
        assert_eq!(lease(&office, LATER, LATER, "c").await, None);
        let proof = deliveries::proof(&office.db, TEAM, today())
            .await
            .expect("counting");
        assert_eq!(
            proof,
            Proof {
                made: 1,
                undelivered: 0
            }
        );
    }
}

#[tokio::test]
async fn what_failed_is_tried_later_and_what_cannot_be_sent_is_not() {
    for office in offices().await {
        for (key, to) in [("one", NURSE), ("two", COLLEAGUE), ("three", SUPERVISOR)] {
            office
                .save(key, NURSE, &told(Recipient::Person(to)))
                .await
                .expect(key);
        }
        let first = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert!(
            deliveries::later(&office.db, first.id, "a", &at_later())
                .await
                .expect("settling")
        );
        assert!(
            !deliveries::later(&office.db, first.id, "a", &at_later())
                .await
                .expect("settling")
        );

        let second = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert_eq!(second.recipient.id, COLLEAGUE);
        assert!(
            routes::died(&office.db, second.routes.living[0].id, at(NOW))
                .await
                .expect("dying")
        );
        assert!(
            !routes::died(&office.db, second.routes.living[0].id, at(NOW))
                .await
                .expect("dead")
        );
        let unreached = unreached(COLLEAGUE);
        for told in [vec![SUPERVISOR], vec![]] {
            let gone = deliveries::gone(&office.db, second.id, "a", &unreached).await;
            assert_eq!(gone.expect("settling"), told, "once");
        }

        let third = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert!(
            deliveries::moot(&office.db, third.id, "a")
                .await
                .expect("settling")
        );
        assert!(
            !deliveries::moot(&office.db, third.id, "a")
                .await
                .expect("settling")
        );

        // The supervisor learns who cannot be reached.
        let known = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert_eq!(known.recipient.id, SUPERVISOR);
        assert_eq!(known.notice, Some(Notice::Unreached { person: COLLEAGUE }));

        assert_eq!(lease(&office, NOW, UNTIL, "b").await, None);
        let again = claim(&office, LATER, "2031-01-01T00:03:00", "b")
            .await
            .expect("the first");
        assert_eq!((again.id, again.attempts), (first.id, 2));
        office
            .save("four", NURSE, &told(Recipient::Person(COLLEAGUE)))
            .await
            .expect("saving");
        let unreachable = lease(&office, LATER, "2031-01-01T00:03:00", "b").await;
        let unreachable = unreachable.expect("what the supervisor was to learn");
        assert_eq!(unreachable.id, known.id, "its lease has run out");
        let unreachable = lease(&office, LATER, "2031-01-01T00:03:00", "b").await;
        let unreachable = unreachable.expect("a delivery");
        assert_eq!(unreachable.routes.living, []);
    }
}

#[tokio::test]
async fn those_who_lead_learn_once_a_day_whom_nothing_reaches() {
    for office in offices().await {
        let gone = async |number: u32, person: PersonId, day: &str| {
            let key = format!("notice {number}");
            let to = told(Recipient::Person(person));
            office.save(&key, NURSE, &to).await.expect(&key);
            let id = office.count("SELECT max(id) FROM delivery").await;
            office
                .run("UPDATE delivery SET lease = 'a', leased_until = '2031-01-01T00:01:00+00:00' WHERE id = (SELECT max(id) FROM delivery)")
                .await;
            let unreached = Unreached {
                office_day: self::day(day),
                ..unreached(person)
            };
            let told = deliveries::gone(&office.db, DeliveryId(id), "a", &unreached).await;
            told.expect("settling")
        };
        let notices = async || {
            office
                .count("SELECT count(*) FROM delivery WHERE notice LIKE '%unreached%'")
                .await
        };
        assert_eq!(gone(1, NURSE, "2026-11-25").await, [SUPERVISOR]);
        assert_eq!(gone(2, NURSE, "2026-11-25").await, [SUPERVISOR]);
        assert_eq!(notices().await, 1);
        assert_eq!(gone(3, COLLEAGUE, "2026-11-25").await, [SUPERVISOR]);
        assert_eq!(gone(4, NURSE, "2026-11-26").await, [SUPERVISOR]);
        assert_eq!(notices().await, 3);
        // Of the supervisor the deputy learns; then nobody is left.
        office
            .run("UPDATE route SET dead_at = '2026-11-25T00:00:00+00:00' WHERE person_id = 3")
            .await;
        assert_eq!(gone(5, SUPERVISOR, "2026-11-26").await, [DEPUTY]);
        office
            .run("UPDATE route SET dead_at = '2026-11-25T00:00:00+00:00' WHERE person_id = 4")
            .await;
        assert_eq!(gone(6, NURSE, "2026-11-26").await, []);
    }
}

#[tokio::test]
async fn the_proof_counts_reminders_and_owns_to_those_that_have_not_arrived() {
    for office in offices().await {
        let proof = async || {
            let proof = deliveries::proof(&office.db, TEAM, today()).await;
            proof.expect("counting")
        };
        fire(&office, 12, NURSE).await;
        fire(&office, 21, COLLEAGUE).await;
        office
            .save("notice", NURSE, &told(Recipient::Person(SUPERVISOR)))
            .await
            .expect("saving");
        assert_eq!(
            proof().await,
            Proof {
                made: 2,
                undelivered: 0
            }
        );
        let first = lease(&office, NOW, UNTIL, "a").await.expect("a digest");
        let later = deliveries::later(&office.db, first.id, "a", &at_later()).await;
        assert!(later.expect("settling"));
        assert_eq!(
            proof().await,
            Proof {
                made: 2,
                undelivered: 1
            }
        );
        let second = lease(&office, NOW, UNTIL, "a").await.expect("a digest");
        let gone = deliveries::gone(&office.db, second.id, "a", &unreached(COLLEAGUE)).await;
        gone.expect("settling");
        assert_eq!(
            proof().await,
            Proof {
                made: 2,
                undelivered: 2
            }
        );
        let first = lease(&office, LATER, "2031-01-01T00:03:00", "a").await;
        let first = first.expect("the first again");
        let sent = deliveries::sent(&office.db, first.id, "a", &receipt(&first)).await;
        assert!(sent.expect("settling"));
        assert_eq!(
            proof().await,
            Proof {
                made: 2,
                undelivered: 1
            }
        );
    }
}

/// Befell others: several nodes did one unique job.
#[tokio::test(flavor = "multi_thread")]
async fn eight_claimers_claim_each_delivery_once() {
    const DELIVERIES: usize = 40;
    const READERS: [PersonId; 4] = [NURSE, COLLEAGUE, SUPERVISOR, DEPUTY];
    for office in offices().await {
        for number in 0..DELIVERIES {
            let key = format!("notice {number}");
            office
                .save(&key, NURSE, &told(Recipient::Person(READERS[number % 4])))
                .await
                .expect("saving");
        }
        let claimers: Vec<_> = (0..8)
            .map(|number| tokio::spawn(claim_all(office.db.clone(), format!("claimer {number}"))))
            .collect();
        let mut claimed = Vec::new();
        for claimer in claimers {
            claimed.extend(claimer.await.expect("claiming"));
        }
        assert_eq!(claimed.len(), DELIVERIES);
        let distinct: BTreeSet<_> = claimed.iter().collect();
        assert_eq!(distinct.len(), DELIVERIES);
    }
}

/// Claims and settles, for nobody has two under way.
async fn claim_all(db: Db, token: String) -> Vec<DeliveryId> {
    let mut claimed = Vec::new();
    while let Some(leased) =
        deliveries::lease(&db, (at(NOW), at(UNTIL)), &token, Hour::Working(at(NOW)))
            .await
            .expect("leasing")
    {
        claimed.push(leased.id);
        let settled = deliveries::moot(&db, leased.id, &token).await;
        assert!(settled.expect("settling"));
    }
    claimed
}

async fn send(office: &Office) -> Leased {
    let leased = lease(office, NOW, UNTIL, "a").await.expect("a delivery");
    let sent = deliveries::sent(&office.db, leased.id, "a", &receipt(&leased)).await;
    assert!(sent.expect("settling"));
    leased
}

async fn log(office: &Office, key: &str) {
    let file = office.file(12).await;
    let log = logged(
        &file,
        visit("2026-11-25"),
        terms("2027-02-25", "2027-02-25"),
    );
    office.save(key, COLLEAGUE, &log).await.expect(key);
}

#[tokio::test]
async fn a_sent_digest_is_shown_anew_when_its_matter_is_settled() {
    for office in offices().await {
        digest(&office).await;
        let sent = send(&office).await;
        assert_eq!(lease_stale(&office, NOW, UNTIL, "a").await, None);
        log(&office, "log").await;
        let stale = lease_stale(&office, NOW, UNTIL, "a").await.expect("stale");
        assert_eq!(stale.id, sent.id);
        let sent_by = stale.sent.expect("where it stands");
        assert_eq!(
            (&sent_by.route, sent_by.message_ref.as_str()),
            (&sent.routes.living[0], "m-1")
        );
        let items = items(&office, stale.id).await;
        let expected = ItemState::Done {
            by: Some(COLLEAGUE),
            at: Some(kept("2026-11-25T01:00:00")),
        };
        assert_eq!(items[0].state, expected);
        let open = items[0].household.facts.check_in;
        assert_ne!(open, Some(items[0].check_in.id));
        assert!(
            deliveries::edited(&office.db, stale.id, "a")
                .await
                .expect("settling")
        );
        assert!(
            !deliveries::edited(&office.db, stale.id, "a")
                .await
                .expect("settling")
        );
        assert_eq!(lease_stale(&office, LATER, LATER, "b").await, None);
        assert_eq!(
            lease(&office, LATER, LATER, "b").await,
            None,
            "it is not sent again"
        );
    }
}

#[tokio::test]
async fn no_change_is_lost_while_a_message_is_being_sent_or_edited() {
    for office in offices().await {
        digest(&office).await;
        // It is settled while it is under way.
        let leased = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        log(&office, "while sending").await;
        let sent = deliveries::sent(&office.db, leased.id, "a", &receipt(&leased)).await;
        assert!(sent.expect("settling"));
        let stale = lease_stale(&office, NOW, UNTIL, "a").await.expect("stale");

        // It is undone while it is shown anew.
        let scene = office.scene(&wanted(COLLEAGUE, None)).await;
        let save = scene.newest_save.expect("the save");
        let file = office.file(12).await;
        let mut undo = change(&file, CheckInChange::Restore(save.made.facts.0.check_in));
        undo.undoes = Some(save.id);
        office
            .save("while editing", COLLEAGUE, &decision(undo))
            .await
            .expect("undoing");
        assert!(
            deliveries::edited(&office.db, stale.id, "a")
                .await
                .expect("settling")
        );
        let again = lease_stale(&office, NOW, UNTIL, "b")
            .await
            .expect("stale again");
        let items = items(&office, again.id).await;
        assert_eq!(items[0].state, ItemState::Open);

        // The editor dies; another one takes over when its lease has run out.
        assert_eq!(lease_stale(&office, NOW, UNTIL, "c").await, None);
        let other = lease_stale(&office, UNTIL, LATER, "c")
            .await
            .expect("taken over");
        // The chat does not answer: later.
        assert!(
            deliveries::later(&office.db, other.id, "c", &at_later())
                .await
                .expect("settling")
        );
        assert_eq!(lease_stale(&office, UNTIL, LATER, "d").await, None);
        let last = lease_stale(&office, LATER, "2031-01-01T00:03:00", "d")
            .await
            .expect("later");
        assert!(
            deliveries::edited(&office.db, last.id, "d")
                .await
                .expect("settling")
        );
        assert_eq!(
            lease_stale(&office, "2031-01-01T00:09:00", "2031-01-01T00:10:00", "e").await,
            None
        );
    }
}

/// An alarm of H-012 is told to that person; the file with it.
async fn raise_for(office: &Office, to: PersonId) -> File {
    let file = office.file(12).await;
    let raising = HouseholdChange {
        alarms: vec![AlarmChange::Raise(Grade::Danger)],
        ..change(&file, CheckInChange::Keep)
    };
    office
        .save("danger", NURSE, &decision(raising))
        .await
        .expect("raising");
    let file = office.file(12).await;
    let call = AlarmCall {
        alarm: file.alarms[0].id,
        seen_step: 0,
        step: 1,
        next_at: at("2026-11-25T01:15:00"),
        recipients: vec![to],
        now: now(),
        office_day: today(),
    };
    assert!(
        nudges::apply_alarm(&office.db, &call)
            .await
            .expect("firing")
    );
    file
}

#[tokio::test]
async fn an_alarm_is_sent_first_and_shown_anew_when_it_is_read() {
    for office in offices().await {
        office
            .save("notice", NURSE, &told(Recipient::Person(NURSE)))
            .await
            .expect("saving");
        let file = raise_for(&office, SUPERVISOR).await;
        let sent = send(&office).await;
        let alarm = sent.alarm.expect("an alarm");
        assert_eq!(
            (sent.kind, alarm.code, alarm.withdrawn),
            (Kind::Alarm, code(12), false)
        );
        assert_eq!((alarm.alarm.step, alarm.alarm.confirmed), (1, None));

        let confirming = HouseholdChange {
            alarms: vec![AlarmChange::Confirm(file.alarms[0].id)],
            ..change(&file, CheckInChange::Keep)
        };
        office
            .save("read", SUPERVISOR, &decision(confirming))
            .await
            .expect("confirming");
        let stale = lease_stale(&office, NOW, UNTIL, "a").await.expect("stale");
        let confirmed = stale
            .alarm
            .and_then(|alarm| alarm.alarm.confirmed)
            .expect("read");
        assert_eq!(confirmed.by, SUPERVISOR);
    }
}

#[tokio::test]
async fn a_notice_reaches_whoever_leads_that_day_with_the_ids_that_were_made() {
    for office in offices().await {
        let file = office.file(12).await;
        let mut ask = decision(HouseholdChange {
            requests: vec![RequestChange::Ask(Wish::ComeAlong)],
            ..change(&file, CheckInChange::Keep)
        });
        ask.notices = vec![(
            Recipient::Supervisors,
            Notice::Asked {
                request: RequestId(MADE),
                code: code(12),
                by: NURSE,
                wish: Wish::ComeAlong,
                check_in: None,
                contacts: 1,
                last_on: None,
            },
        )];
        let made = office.save("ask", NURSE, &ask).await.expect("asking");
        let leased = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert_eq!(
            (leased.recipient.id, leased.kind),
            (SUPERVISOR, Kind::Notice)
        );
        match leased.notice {
            Some(Notice::Asked { request, .. }) => assert_eq!(Some(request), made.request),
            other => panic!("{other:?}"),
        }
        let settled = deliveries::moot(&office.db, leased.id, "a").await;
        assert!(settled.expect("settling"));

        let away = |person| Decision {
            office: vec![OfficeChange::Leave {
                person,
                from: today(),
                to: today(),
                cover: None,
            }],
            ..Decision::default()
        };
        for (key, person, reader) in [
            ("away", SUPERVISOR, DEPUTY),
            ("both away", DEPUTY, SUPERVISOR),
        ] {
            office.save(key, person, &away(person)).await.expect(key);
            office
                .save(
                    &format!("{key}: told"),
                    NURSE,
                    &told(Recipient::Supervisors),
                )
                .await
                .expect(key);
            let leased = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
            assert_eq!(leased.recipient.id, reader, "{key}");
        }
    }
}

#[tokio::test]
async fn notices_to_one_person_at_the_same_moment_are_all_kept() {
    for office in offices().await {
        let notice = told(Recipient::Person(SUPERVISOR));
        let saved = futures_util::future::join_all((0..8).map(|number| {
            let (office, notice) = (&office, &notice);
            async move {
                office
                    .save(&format!("notice {number}"), NURSE, notice)
                    .await
            }
        }))
        .await;
        for saved in saved {
            saved.expect("saving");
        }
        let wanted =
            "SELECT count(*) FROM delivery WHERE recipient_id = 3 AND number BETWEEN 1 AND 8";
        assert_eq!(office.count(wanted).await, 8);
    }
}

#[tokio::test]
async fn a_delivery_is_posted_once_and_revised() {
    for office in offices().await {
        digest(&office).await;
        let leased = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        let posting = Posting {
            place: place(NURSE),
            person: NURSE,
            delivery: leased.id,
            reply: reply("おはようございます"),
            at: now(),
        };
        let id = messages::post(&office.db, &posting).await.expect("posting");
        let again = messages::post(&office.db, &posting)
            .await
            .expect("posting again");
        assert_eq!(id, again);
        let other = reply("記録済み");
        assert!(
            messages::revise(&office.db, leased.id, &other)
                .await
                .expect("revising")
        );
        assert!(
            !messages::revise(&office.db, DeliveryId(99), &other)
                .await
                .expect("looking")
        );
        let history = messages::history(&office.db, &place(NURSE), None, 10)
            .await
            .expect("reading");
        assert_eq!(history.len(), 1);
        assert_eq!((&history[0].echo, &history[0].reply), (&None, &Some(other)));
        let at: DateTime<Utc> = kept("2026-11-25T01:00:00");
        assert_eq!(history[0].at, at);
    }
}

#[tokio::test]
async fn in_quiet_hours_reminders_wait_and_what_is_said_at_work_does_not() {
    for office in offices().await {
        digest(&office).await;
        let quiet = async |token: &str| {
            let span = (at(NOW), at(UNTIL));
            let lease = deliveries::lease(&office.db, span, token, Hour::Quiet).await;
            lease.expect("leasing")
        };
        assert_eq!(quiet("a").await, None);
        office
            .save("notice", NURSE, &told(Recipient::Person(NURSE)))
            .await
            .expect("saving");
        let lease = quiet("a").await.expect("the notice");
        assert_eq!(leased(&office, lease).await.kind, Kind::Notice);
        let settled = deliveries::moot(&office.db, lease.id, "a").await;
        assert!(settled.expect("settling"));
        assert_eq!(quiet("b").await, None);
        assert!(claim(&office, NOW, UNTIL, "b").await.is_some());
    }
}

#[tokio::test]
async fn a_recipients_deliveries_go_one_after_another_but_for_alarms() {
    for office in offices().await {
        for (key, to) in [("1", NURSE), ("2", NURSE), ("3", COLLEAGUE)] {
            let decision = told(Recipient::Person(to));
            office.save(key, NURSE, &decision).await.expect("saving");
        }
        let first = lease(&office, NOW, UNTIL, "a").await.expect("the first");
        let other = lease(&office, NOW, UNTIL, "b").await.expect("another's");
        assert_eq!((first.recipient.id, other.recipient.id), (NURSE, COLLEAGUE));
        assert_eq!(lease(&office, NOW, UNTIL, "c").await, None);

        raise_for(&office, NURSE).await;
        let span = (at(NOW), at(UNTIL));
        let alarm = deliveries::lease_alarm(&office.db, span, "d").await;
        let alarm = leased(&office, alarm.expect("leasing").expect("the alarm")).await;
        assert_eq!((alarm.recipient.id, alarm.kind), (NURSE, Kind::Alarm));
        let next = deliveries::lease_alarm(&office.db, span, "e").await;
        assert_eq!(next.expect("leasing"), None, "nothing but alarms");

        for (settled, token) in [(&first, "a"), (&alarm, "d")] {
            let done = deliveries::moot(&office.db, settled.id, token).await;
            assert!(done.expect("settling"));
        }
        let second = lease(&office, NOW, UNTIL, "f").await.expect("the second");
        assert_eq!(second.recipient.id, NURSE);
    }
}
