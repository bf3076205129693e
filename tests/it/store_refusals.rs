//! The database itself refuses what must never be, whoever writes to it.
use crate::store::{NURSE, change, decision, logged, offices, terms, visit};
use koekake::{conversation::decision::CheckInChange, store::Fault};

/// Befell others: without a field for the next contact people were forgotten.
#[tokio::test]
async fn an_open_household_without_a_check_in_is_refused() {
    for office in offices().await {
        let (sqlite, postgres) = ("CHECK constraint failed", "check constraint");
        for statement in [
            "UPDATE household SET check_in_id = NULL WHERE code = 'H-012'",
            "UPDATE household SET check_in_id = NULL, check_in_state = NULL, \
             next_nudge_at = NULL WHERE code = 'H-012'",
            "UPDATE household SET state = 'active', close_reason = NULL WHERE code = 'H-099'",
            // Open, with its check-in, and never to be looked at.
            "UPDATE household SET next_nudge_at = NULL WHERE code = 'H-012'",
        ] {
            let why = office.refusal(statement).await;
            assert!(
                why.contains(sqlite) || why.contains(postgres),
                "{statement}: {why}"
            );
        }
        for statement in [
            // The check-in ends, and no other takes its place.
            "UPDATE check_in SET state = 'done', settled_at = made_at, settled_by = 1 WHERE id = 1",
            "DELETE FROM check_in WHERE id = 1",
            // Another household's check-in, and one that does not exist.
            "UPDATE household SET check_in_id = 2 WHERE code = 'H-012'",
            "UPDATE household SET check_in_id = 999 WHERE code = 'H-012'",
        ] {
            let why = office.refusal(statement).await.to_lowercase();
            assert!(why.contains("foreign key constraint"), "{statement}: {why}");
        }
    }
}

#[tokio::test]
async fn a_second_open_check_in_is_refused() {
    for office in offices().await {
        let why = office
            .refusal(
                "INSERT INTO check_in (household_id, state, due_on, due_by, purpose, pace, why, \
                 put_off, made_at, made_by, step) SELECT household_id, state, \
                 due_on, due_by, purpose, pace, why, put_off, made_at, made_by, step \
                 FROM check_in WHERE id = 1",
            )
            .await;
        assert!(why.to_lowercase().contains("unique constraint"), "{why}");
    }
}

#[tokio::test]
async fn a_closed_household_keeps_no_check_in() {
    for office in offices().await {
        for statement in [
            "UPDATE household SET state = 'closed', check_in_id = NULL, check_in_state = NULL, \
             next_nudge_at = NULL WHERE code = 'H-012'",
            "INSERT INTO check_in (household_id, state, due_on, due_by, purpose, pace, why, \
             put_off, made_at, made_by, step) SELECT h.id, c.state, c.due_on, \
             c.due_by, c.purpose, c.pace, c.why, c.put_off, c.made_at, c.made_by, c.step \
             FROM check_in c JOIN household h ON h.code = 'H-099' \
             WHERE c.id = 1",
        ] {
            let why = office.refusal(statement).await;
            assert!(why.contains("keeps no open check-in"), "{statement}: {why}");
        }
        let why = office
            .refusal("UPDATE household SET state = 'closed' WHERE code = 'H-012'")
            .await;
        assert!(why.contains("keeps no open check-in"), "{why}");
    }
}

#[tokio::test]
async fn a_household_is_not_entered_closed_with_a_check_in_that_waits_for_it() {
    for office in offices().await {
        let why = office
            .refusal_of(&[
                "INSERT INTO check_in (household_id, state, due_on, due_by, purpose, pace, why, \
                 put_off, made_at, made_by, step) SELECT 999, state, due_on, due_by, purpose, \
                 pace, why, put_off, made_at, made_by, step FROM check_in WHERE id = 1",
                "INSERT INTO household (id, code, team_id, state, awaiting_receipt, flags, \
                 version) VALUES (999, 'H-999', 1, 'closed', FALSE, '', 1)",
            ])
            .await;
        assert!(why.contains("keeps no open check-in"), "{why}");
    }
}

#[tokio::test]
async fn an_ended_check_in_of_a_closed_household_is_not_opened_again() {
    for office in offices().await {
        let file = office.file(12).await;
        let mut closing = change(&file, CheckInChange::End);
        closing.facts.state = koekake::domain::household::State::Closed;
        office
            .save("closing", NURSE, &decision(closing))
            .await
            .expect("closing");
        let why = office
            .refusal(
                "UPDATE check_in SET state = 'open', settled_at = NULL, settled_by = NULL \
                 WHERE id = 1",
            )
            .await;
        assert!(why.contains("keeps no open check-in"), "{why}");
    }
}

#[tokio::test]
async fn the_same_message_twice_is_refused() {
    for office in offices().await {
        let file = office.file(12).await;
        let next = terms("2027-02-25", "2027-02-25");
        let log = logged(&file, visit("2026-11-25"), next);
        office.save("key-1", NURSE, &log).await.expect("saving");
        let file = office.file(12).await;
        let next = terms("2027-02-25", "2027-02-25");
        let again = logged(&file, visit("2026-11-25"), next);
        let fault = office
            .save("key-1", NURSE, &again)
            .await
            .expect_err("twice");
        assert!(matches!(fault, Fault::Duplicate), "{fault:?}");
        assert_eq!(office.file(12).await, file, "nothing of it was saved");
        let why = office
            .refusal(
                "INSERT INTO message (platform, place, person_id, key, at, heard_at) \
                 SELECT platform, place, person_id, key, at, heard_at FROM message",
            )
            .await;
        assert!(why.to_lowercase().contains("unique constraint"), "{why}");
    }
}

/// Befell others: a daily reminder fired twice within a minute.
#[tokio::test]
async fn the_same_step_to_the_same_person_twice_is_refused() {
    for office in offices().await {
        office
            .run(
                "INSERT INTO delivery (recipient_id, kind, office_day, number, state, attempts, \
                 maybe_sent, stale, made_at) \
                 SELECT 1, 'digest', due_on, 1, 'pending', 0, FALSE, FALSE, made_at \
                 FROM check_in WHERE id = 1",
            )
            .await;
        const NUDGE: &str = "INSERT INTO nudge (check_in_id, step, recipient_id, rung, \
            delivery_id, made_at) SELECT 1, 1, 1, 'first', id, made_at FROM delivery";
        office.run(NUDGE).await;
        let why = office.refusal(NUDGE).await;
        assert!(why.to_lowercase().contains("unique constraint"), "{why}");
        let why = office
            .refusal(
                "INSERT INTO delivery (recipient_id, kind, office_day, number, state, attempts, \
                 maybe_sent, stale, made_at) SELECT recipient_id, kind, office_day, number, state, \
                 attempts, maybe_sent, stale, made_at FROM delivery",
            )
            .await;
        assert!(why.to_lowercase().contains("unique constraint"), "{why}");
    }
}

#[tokio::test]
async fn the_journal_is_only_added_to() {
    for office in offices().await {
        office
            .run(
                "INSERT INTO journal (at, person_id, what, detail) \
                 SELECT made_at, 1, 'contact', '' FROM check_in WHERE id = 1",
            )
            .await;
        for statement in ["UPDATE journal SET detail = 'other'", "DELETE FROM journal"] {
            let why = office.refusal(statement).await;
            assert!(why.contains("only added to"), "{statement}: {why}");
        }
    }
}

#[tokio::test]
async fn a_boolean_that_is_none_is_refused_by_sqlite_too() {
    for office in offices().await {
        let why = office
            .refusal("UPDATE household SET awaiting_receipt = 2")
            .await;
        assert!(
            why.contains("CHECK constraint") || why.contains("boolean"),
            "{why}"
        );
    }
}
