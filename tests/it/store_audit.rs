//! What the auditor reads and mends, on both databases.
use crate::store::{
    COLLEAGUE, NURSE, Office, SUPERVISOR, TEAM, at, code, kept, now, offices, today,
};
use chrono::TimeDelta;
use koekake::{
    conversation::{
        audit::{Finding, Trouble},
        notice::Notice,
    },
    domain::HouseholdId,
    store::{
        Db,
        audit::{self, Kept},
        clock, lists, nudges,
    },
};

/// The codes of all open households, one page after another.
async fn codes(office: &Office, page: i64) -> Vec<String> {
    let mut codes = Vec::new();
    let mut after = HouseholdId(0);
    loop {
        let cases = audit::cases(&office.db, after, page).await;
        let (found, last) = cases.expect("households");
        assert!(found.broken.is_empty());
        codes.extend(
            found
                .rows
                .iter()
                .map(|case| case.household.code.to_string()),
        );
        match last {
            Some(last) => after = last,
            None => return codes,
        }
    }
}

async fn look(office: &Office, number: u32) -> koekake::store::nudges::DueCase {
    let (found, _) = audit::cases(&office.db, HouseholdId(0), 100)
        .await
        .expect("households");
    let mut rows = found.rows.into_iter();
    rows.find(|case| case.household.code == code(number))
        .expect("an open household")
}

#[tokio::test]
async fn every_open_household_is_read_once_whatever_the_page() {
    for office in offices().await {
        let all = codes(&office, 100).await;
        assert_eq!(codes(&office, 1).await, all);
        let tally = lists::tally(&office.db, TEAM, today())
            .await
            .expect("counts");
        let count = i64::try_from(all.len()).expect("a small office");
        assert!(count > 1);
        assert_eq!((tally.open, tally.unscheduled), (count, 0));
        let unscheduled = audit::unscheduled(&office.db).await.expect("none");
        assert_eq!(unscheduled, []);
    }
}

#[tokio::test]
async fn a_look_is_brought_forward_only_from_where_it_was_seen() {
    for office in offices().await {
        let case = look(&office, 12).await;
        let far = now() + TimeDelta::days(400);
        let id = case.household.id;
        let pushed = nudges::postpone(&office.db, id, case.next_nudge_at, far).await;
        assert!(pushed.expect("far away"));
        let seen = (case.household.id, case.next_nudge_at);
        let moved = audit::look_now(&office.db, seen, now()).await;
        assert!(!moved.expect("an answer"));
        let case = look(&office, 12).await;
        let seen = (case.household.id, case.next_nudge_at);
        let moved = audit::look_now(&office.db, seen, now()).await;
        assert!(moved.expect("an answer"));
        let looked_at = look(&office, 12).await.next_nudge_at;
        assert_eq!(looked_at, kept("2026-11-25T01:00:00"));
    }
}

#[tokio::test]
async fn the_last_audit_is_kept_and_takes_the_place_of_the_one_before() {
    for office in offices().await {
        assert_eq!(audit::last(&office.db).await.expect("none"), None);
        let mut kept = Kept {
            at: kept("2026-11-25T01:00:00"),
            made_at: kept("2026-11-25T01:00:01"),
            findings: vec![Finding::of_team(Trouble::DeliveryLate, TEAM)],
        };
        audit::keep(&office.db, &kept).await.expect("kept");
        kept.findings.clear();
        audit::keep(&office.db, &kept).await.expect("kept");
        assert_eq!(audit::last(&office.db).await.expect("one"), Some(kept));
    }
}

#[tokio::test]
async fn a_notice_is_left_once_a_day_whatever_its_figures() {
    for office in offices().await {
        let proof = |open| Notice::Proof {
            open,
            unscheduled: 0,
            sent: 1,
            failed: 0,
        };
        let tell = async |notice: Notice, day| {
            audit::tell(&office.db, TEAM, &[notice], None, (now(), day))
                .await
                .expect("told")
        };
        let tomorrow = today().succ_opt().expect("a day");
        assert_eq!(tell(proof(5), today()).await, 1);
        assert_eq!(tell(proof(6), today()).await, 0);
        assert_eq!(tell(proof(6), tomorrow).await, 1);
        // It waits, and is seen to.
        let waiting = audit::waiting(&office.db, now() + TimeDelta::minutes(6)).await;
        assert_eq!(waiting.expect("both").len(), 2);
    }
}

#[tokio::test]
async fn whoever_holds_a_household_or_leads_is_counted_on() {
    for office in offices().await {
        let counted = audit::counted_on(&office.db, today())
            .await
            .expect("people");
        let people: Vec<_> = counted.iter().map(|counted| counted.person).collect();
        for person in [NURSE, COLLEAGUE, SUPERVISOR] {
            assert!(people.contains(&person), "{person:?} of {people:?}");
        }
        assert!(counted.iter().all(|counted| counted.team == TEAM));
    }
}

#[tokio::test]
async fn claims_and_waits_that_reach_too_far_are_freed_and_others_are_not() {
    for office in offices().await {
        let notice = Notice::Unreached { person: NURSE };
        audit::tell(&office.db, TEAM, &[notice], None, (now(), today()))
            .await
            .expect("told");
        let free = async || {
            let near = at("2026-11-25T02:00:00");
            let reach = clock::Reach {
                now: now(),
                claims: near,
                waits: near,
            };
            clock::free_stuck(&office.db, &reach).await.expect("freed")
        };
        office
            .run(
                "UPDATE delivery SET lease = 'a', leased_until = '2026-11-25T01:30:00+00:00', \
                 try_at = '2026-11-25T01:30:00+00:00'",
            )
            .await;
        assert_eq!(free().await, 0);
        office
            .run(
                "UPDATE delivery SET leased_until = '2026-11-25T03:00:00+00:00', \
                 try_at = '2026-11-25T03:00:00+00:00'",
            )
            .await;
        assert_eq!(free().await, 2);
        assert_eq!(free().await, 0);
        let maybe = office
            .count("SELECT count(*) FROM delivery WHERE lease IS NULL AND maybe_sent")
            .await;
        assert_eq!(maybe, 1);
    }
}

#[tokio::test]
async fn the_rest_of_what_an_audit_reads_can_be_read() {
    for office in offices().await {
        let db = &office.db;
        let alarms = koekake::store::nudges::alarms_due(db, None, 10).await;
        assert!(alarms.expect("alarms").rows.is_empty());
        assert_eq!(audit::undelivered(db).await.expect("none"), []);
        assert_eq!(audit::newest(db).await.expect("none"), None);
        let queues = audit::queues(db, now()).await.expect("counts");
        assert_eq!((queues.deliveries, queues.letters), (0, 0));
    }
}

#[tokio::test]
async fn on_postgresql_no_statement_and_no_wait_is_without_end() {
    for office in offices().await {
        let Db::Postgres(pool) = &office.db else {
            continue;
        };
        let limits: (String, String, String) = sqlx::query_as(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), \
             current_setting('idle_in_transaction_session_timeout')",
        )
        .fetch_one(pool)
        .await
        .expect("the settings");
        let limits = [limits.0, limits.1, limits.2];
        assert_eq!(limits, ["30s", "10s", "1min"]);
    }
}
