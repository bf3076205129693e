//! Deliveries are claimed once, settled by whoever holds them, and shown anew.
use crate::store::*;
use chrono::{DateTime, Utc};
use koekake::{
    conversation::{
        decide::nudging::{ItemState, Proof},
        decision::{
            AlarmChange, CheckInChange, Decision, HouseholdChange, MADE, OfficeChange, Recipient,
            RequestChange,
        },
        notice::Notice,
    },
    domain::{
        DeliveryId, PersonId, RequestId,
        alarm::Grade,
        check_in::{Progress, Rung},
        request::Wish,
    },
    store::{
        Db,
        deliveries::{self, Kind, Leased, Receipt},
        messages::{self, Posting},
        nudges::{self, AlarmCall, Looked, Tick},
    },
};
use std::collections::BTreeSet;

/// Real time, which runs apart from the office's.
const NOW: &str = "2031-01-01T00:00:00";
const UNTIL: &str = "2031-01-01T00:01:00";
const LATER: &str = "2031-01-01T00:02:00";

async fn lease(office: &Office, when: &str, until: &str, token: &str) -> Option<Leased> {
    deliveries::lease(&office.db, at(when), at(until), token)
        .await
        .expect("leasing")
}

async fn lease_stale(office: &Office, when: &str, until: &str, token: &str) -> Option<Leased> {
    deliveries::lease_stale(&office.db, at(when), at(until), token)
        .await
        .expect("leasing")
}

fn receipt(leased: &Leased) -> Receipt {
    Receipt {
        route: leased.routes[0].id,
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
        also: Vec::new(),
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

#[tokio::test]
async fn a_delivery_is_leased_once_until_its_lease_runs_out() {
    for office in offices().await {
        assert_eq!(lease(&office, NOW, UNTIL, "a").await, None);
        digest(&office).await;
        let leased = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert_eq!(
            (leased.recipient.id, leased.kind, leased.attempts),
            (NURSE, Kind::Digest, 1)
        );
        assert_eq!(
            (leased.office_day, leased.made_at),
            (today(), kept("2026-11-25T01:00:00"))
        );
        assert_eq!(leased.routes.len(), 1);
        assert_eq!(leased.routes[0].account, account(NURSE));
        assert_eq!(
            (&leased.notice, &leased.alarm, &leased.sent),
            (&None, &None, &None)
        );
        assert_eq!(lease(&office, NOW, UNTIL, "b").await, None);

        // The first claimer died.
        let again = lease(&office, UNTIL, LATER, "b").await.expect("again");
        assert_eq!((again.id, again.attempts), (leased.id, 2));
        let late = deliveries::sent(&office.db, leased.id, "a", &receipt(&leased)).await;
        assert!(!late.expect("settling"), "its lease is another's");
        let settled = deliveries::sent(&office.db, again.id, "b", &receipt(&again)).await;
        assert!(settled.expect("settling"));
        assert_eq!(lease(&office, LATER, LATER, "c").await, None);
        let proof = deliveries::proof(&office.db, TEAM, today())
            .await
            .expect("counting");
        assert_eq!(proof, Proof { sent: 1, failed: 0 });
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
            deliveries::later(&office.db, first.id, "a", at(LATER))
                .await
                .expect("settling")
        );
        assert!(
            !deliveries::later(&office.db, first.id, "a", at(LATER))
                .await
                .expect("settling")
        );

        let second = lease(&office, NOW, UNTIL, "a").await.expect("a delivery");
        assert_eq!(second.recipient.id, COLLEAGUE);
        assert!(
            deliveries::route_dead(&office.db, second.routes[0].id, at(NOW))
                .await
                .expect("dying")
        );
        assert!(
            !deliveries::route_dead(&office.db, second.routes[0].id, at(NOW))
                .await
                .expect("dead")
        );
        assert!(
            deliveries::gone(&office.db, second.id, "a")
                .await
                .expect("settling")
        );
        assert!(
            !deliveries::gone(&office.db, second.id, "a")
                .await
                .expect("settling")
        );

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

        assert_eq!(lease(&office, NOW, UNTIL, "b").await, None);
        let again = lease(&office, LATER, "2031-01-01T00:03:00", "b")
            .await
            .expect("the first");
        assert_eq!((again.id, again.attempts), (first.id, 2));
        office
            .save("four", NURSE, &told(Recipient::Person(COLLEAGUE)))
            .await
            .expect("saving");
        let unreachable = lease(&office, LATER, "2031-01-01T00:03:00", "b")
            .await
            .expect("a delivery");
        assert_eq!(unreachable.routes, []);
        let proof = deliveries::proof(&office.db, TEAM, today())
            .await
            .expect("counting");
        assert_eq!(proof, Proof { sent: 0, failed: 1 });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_claimers_claim_each_delivery_once() {
    const DELIVERIES: usize = 40;
    for office in offices().await {
        for number in 0..DELIVERIES {
            let key = format!("notice {number}");
            office
                .save(&key, NURSE, &told(Recipient::Person(NURSE)))
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

async fn claim_all(db: Db, token: String) -> Vec<DeliveryId> {
    let mut claimed = Vec::new();
    while let Some(leased) = deliveries::lease(&db, at(NOW), at(UNTIL), &token)
        .await
        .expect("leasing")
    {
        claimed.push(leased.id);
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
            (&sent.routes[0], "m-1")
        );
        let items = deliveries::items(&office.db, stale.id)
            .await
            .expect("items");
        let expected = ItemState::Done {
            by: Some(COLLEAGUE),
            at: Some(kept("2026-11-25T01:00:00")),
        };
        assert_eq!(items[0].state, expected);
        assert_ne!(
            items[0].file.check_in.as_ref().map(|c| c.id),
            Some(items[0].check_in.id)
        );
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
        let items = deliveries::items(&office.db, again.id)
            .await
            .expect("items");
        assert_eq!(items[0].state, ItemState::Open);

        // The editor dies; another one takes over when its lease has run out.
        assert_eq!(lease_stale(&office, NOW, UNTIL, "c").await, None);
        let other = lease_stale(&office, UNTIL, LATER, "c")
            .await
            .expect("taken over");
        // The chat does not answer: later.
        assert!(
            deliveries::later(&office.db, other.id, "c", at(LATER))
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

#[tokio::test]
async fn an_alarm_is_sent_first_and_shown_anew_when_it_is_read() {
    for office in offices().await {
        office
            .save("notice", NURSE, &told(Recipient::Person(NURSE)))
            .await
            .expect("saving");
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
            recipients: vec![SUPERVISOR],
            now: now(),
            office_day: today(),
        };
        assert!(
            nudges::apply_alarm(&office.db, &call)
                .await
                .expect("firing")
        );
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
            requests: vec![RequestChange::Ask {
                wish: Wish::ComeAlong,
                of: None,
            }],
            ..change(&file, CheckInChange::Keep)
        });
        ask.notices = vec![(
            Recipient::Supervisors,
            Notice::Asked {
                request: RequestId(MADE),
                code: Some(code(12)),
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
