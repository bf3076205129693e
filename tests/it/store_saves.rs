//! What a save writes, what an undo puts back, and who wins.
use crate::store::*;
use koekake::{
    conversation::{
        decision::*,
        message::Part,
        notice::Notice,
        scene::{Pressed, Subject},
    },
    domain::{
        CheckInId, RequestId,
        alarm::Grade,
        check_in::Taken,
        household::{CloseReason, State},
        people::Language,
        request::{Status, Wish},
    },
    store::{Fault, messages, save},
};

#[tokio::test]
async fn a_logged_contact_settles_the_old_check_in_and_sets_the_next() {
    for office in offices().await {
        let before = office.file(12).await;
        let log = logged(
            &before,
            visit("2026-11-25"),
            terms("2027-02-25", "2027-03-04"),
        );
        let made = office.save("log", NURSE, &log).await.expect("saving");

        let after = office.file(12).await;
        let check_in = after.check_in.expect("a next check-in");
        assert_eq!(Some(check_in.id), made.check_in);
        assert_eq!(check_in.terms, terms("2027-02-25", "2027-03-04"));
        assert_eq!(check_in.progress, Default::default());
        assert_eq!(after.household.version, before.household.version + 1);
        assert_eq!(after.recent.len(), 2);
        assert_eq!(after.recent[0].details, visit("2026-11-25"));
        assert_eq!(after.counts.contacts, 2);
        assert_eq!(after.counts.cards, 2);
        assert_eq!(after.last_gap_days, Some(92));

        let old = before.check_in.expect("the old one").id;
        let scene = office
            .scene(&wanted(NURSE, Some(Subject::CheckIn(old))))
            .await;
        assert!(matches!(
            scene.pressed,
            Pressed::CheckIn { open: false, .. }
        ));
        assert_eq!(scene.file.map(|file| file.household.code), Some(code(12)));
        assert_eq!(
            office
                .count("SELECT count(*) FROM check_in WHERE state = 'done' AND settled_by = 1")
                .await,
            1
        );
    }
}

/// Befell others: a mistaken completion could not be taken back.
#[tokio::test]
async fn an_undo_puts_back_facts_contacts_check_in_alarm_and_request() {
    for office in offices().await {
        let before = office.file(12).await;
        let mut log = logged(
            &before,
            visit("2026-11-25"),
            terms("2026-11-25", "2026-11-25"),
        );
        if let Some(change) = &mut log.change {
            change.facts.state = State::Watching;
            change.alarms = vec![AlarmChange::Raise(Grade::Danger)];
            change.requests = vec![RequestChange::Ask(Wish::ComeAlong)];
        }
        let made = office.save("log", NURSE, &log).await.expect("saving");
        let logged = office.file(12).await;
        assert_eq!(logged.alarms.len(), 1);
        assert_eq!(logged.requests.len(), 1);

        let scene = office
            .scene(&wanted(NURSE, Some(Subject::NewestSave)))
            .await;
        let saved = scene.newest_save.expect("the save");
        assert_eq!(Some(saved.id), made.save);
        assert_eq!(saved.version, logged.household.version);
        assert_eq!(
            saved.made.facts,
            (
                before.household.facts.clone(),
                logged.household.facts.clone()
            )
        );
        assert_eq!(
            saved.restores,
            before.check_in.clone().map(|check_in| check_in.terms)
        );
        let undo = undo_of(&saved, saved.version);
        let undone = office.save("undo", NURSE, &undo).await.expect("undoing");

        let after = office.file(12).await;
        assert_eq!(after.household.facts, before.household.facts);
        assert_eq!(after.check_in, before.check_in);
        assert_eq!(after.recent, before.recent);
        assert_eq!((after.alarms.len(), after.requests.len()), (0, 0));

        // Taking back the undo is the same rule.
        let scene = office
            .scene(&wanted(NURSE, Some(Subject::NewestSave)))
            .await;
        let undoing = scene.newest_save.expect("the undo");
        assert_eq!((Some(undoing.id), undoing.undoes), (undone.save, made.save));
        let redo = undo_of(&undoing, undoing.version);
        office
            .save("redo", NURSE, &redo)
            .await
            .expect("taking back the undo");
        let again = office.file(12).await;
        assert_eq!(again.household.facts, logged.household.facts);
        assert_eq!(again.check_in, logged.check_in);
        assert_eq!(again.recent, logged.recent);
        assert_eq!((again.alarms.len(), again.requests.len()), (1, 1));
        let first = Subject::Save(made.save.expect("a save"));
        match office.scene(&wanted(NURSE, Some(first))).await.pressed {
            Pressed::Save(save) => assert_eq!(save.undone_by, None),
            other => panic!("{other:?}"),
        }
    }
}

/// Before and after exchanged.
fn undo_of(saved: &koekake::conversation::scene::Save, version: i64) -> Decision {
    let traces = saved.made.clone();
    decision(HouseholdChange {
        target: Target::Known {
            id: saved.household,
            version,
        },
        check_in: if traces.facts.0.check_in == traces.facts.1.check_in {
            CheckInChange::Keep
        } else {
            CheckInChange::Restore(traces.facts.0.check_in)
        },
        facts: traces.facts.0,
        contacts: traces
            .contacts
            .into_iter()
            .map(|(id, before, _)| ContactChange::Put(id, before))
            .collect(),
        alarms: traces
            .alarms
            .into_iter()
            .map(|(id, before, _)| AlarmChange::Put(id, before))
            .collect(),
        requests: traces
            .requests
            .into_iter()
            .map(|(id, before, _)| RequestChange::Put(id, before))
            .collect(),
        undoes: Some(saved.id),
    })
}

#[tokio::test]
async fn a_save_is_taken_back_once() {
    for office in offices().await {
        let file = office.file(12).await;
        let log = logged(
            &file,
            visit("2026-11-25"),
            terms("2027-02-25", "2027-02-25"),
        );
        office.save("log", NURSE, &log).await.expect("saving");
        let scene = office
            .scene(&wanted(NURSE, Some(Subject::NewestSave)))
            .await;
        let saved = scene.newest_save.expect("the save");
        office
            .save("undo", NURSE, &undo_of(&saved, saved.version))
            .await
            .expect("undoing");
        let twice = undo_of(&saved, saved.version + 1);
        let fault = office
            .save("twice", NURSE, &twice)
            .await
            .expect_err("twice");
        assert!(matches!(fault, Fault::Stale), "{fault:?}");
    }
}

#[tokio::test]
async fn an_undo_of_a_promise_to_act_takes_that_press_back_alone() {
    for office in offices().await {
        let file = office.file(12).await;
        let taken = Taken {
            by: NURSE,
            at: now(),
            until: at("2026-12-02T23:30:00"),
        };
        let take = decision(change(
            &file,
            CheckInChange::Take {
                taken,
                supervisor_from: Some(taken.until),
            },
        ));
        let made = office.save("take", NURSE, &take).await.expect("taking");
        let check_in = office.file(12).await.check_in.expect("the same");
        assert_eq!(made.check_in, Some(check_in.id));
        assert_eq!(
            check_in.progress.supervisor_from,
            Some(kept("2026-12-02T23:30:00"))
        );
        assert_eq!(check_in.progress.taken.map(|taken| taken.by), Some(NURSE));

        let scene = office
            .scene(&wanted(NURSE, Some(Subject::NewestSave)))
            .await;
        let saved = scene.newest_save.expect("the save");
        office
            .save("undo", NURSE, &undo_of(&saved, saved.version))
            .await
            .expect("undoing");
        let check_in = office.file(12).await.check_in.expect("the same");
        assert_eq!(check_in.progress.taken, None);
        assert_eq!(check_in.progress.supervisor_from, None);
    }
}

#[tokio::test]
async fn a_household_is_registered_and_its_undo_closes_it() {
    for office in offices().await {
        let new = HouseholdChange {
            target: Target::New(code(100)),
            facts: facts(State::Intake),
            check_in: CheckInChange::Set {
                terms: terms("2026-11-30", "2026-11-30"),
                old: Ended::Withdrawn,
            },
            contacts: Vec::new(),
            alarms: Vec::new(),
            requests: Vec::new(),
            undoes: None,
        };
        office
            .save("new", NURSE, &decision(new.clone()))
            .await
            .expect("registering");
        let file = office.file(100).await;
        assert_eq!(file.household.facts.state, State::Intake);
        assert_eq!(file.household.version, 1);

        let scene = office
            .scene(&wanted(NURSE, Some(Subject::NewestSave)))
            .await;
        let saved = scene.newest_save.expect("the save");
        assert_eq!(saved.made.facts.0.close_reason, Some(CloseReason::Mistaken));
        office
            .save("undo", NURSE, &undo_of(&saved, saved.version))
            .await
            .expect("undoing");
        let file = office.file(100).await;
        assert_eq!(file.household.facts.state, State::Closed);
        assert_eq!(file.check_in, None);

        // Somebody else was quicker with the same code.
        let fault = office
            .save("late", NURSE, &decision(new))
            .await
            .expect_err("taken");
        assert!(matches!(fault, Fault::Stale), "{fault:?}");
    }
}

#[tokio::test]
async fn of_two_saves_at_the_same_moment_one_is_stale() {
    for office in offices().await {
        let file = office.file(12).await;
        let log = logged(
            &file,
            visit("2026-11-25"),
            terms("2027-02-25", "2027-02-25"),
        );
        let (one, other) = tokio::join!(
            office.save("one", NURSE, &log),
            office.save("other", COLLEAGUE, &log),
        );
        let (won, lost) = if one.is_ok() {
            (one, other)
        } else {
            (other, one)
        };
        won.expect("one is saved");
        let fault = lost.expect_err("the other is not");
        assert!(matches!(fault, Fault::Stale), "{fault:?}");
        assert_eq!(office.file(12).await.counts.contacts, 2);
        assert_eq!(office.count("SELECT count(*) FROM message").await, 1);
    }
}

#[tokio::test]
async fn a_stale_version_is_refused_and_nothing_is_kept() {
    for office in offices().await {
        let file = office.file(12).await;
        let mut log = logged(
            &file,
            visit("2026-11-25"),
            terms("2027-02-25", "2027-02-25"),
        );
        if let Some(change) = &mut log.change {
            change.target = Target::Known {
                id: file.household.id,
                version: file.household.version + 1,
            };
        }
        log.dialogue = DialogueChange::Clear;
        log.journal = vec![JournalEntry {
            what: Deed::Contact,
            detail: String::new(),
        }];
        let fault = office.save("stale", NURSE, &log).await.expect_err("stale");
        assert!(matches!(fault, Fault::Stale) && !fault.is_transient());
        assert_eq!(office.file(12).await, file);
        let answered = messages::answered(&office.db, "stale")
            .await
            .expect("looking");
        assert_eq!(answered, None);
        assert_eq!(office.count("SELECT count(*) FROM journal").await, 0);
    }
}

#[tokio::test]
async fn contacts_are_corrected_taken_back_and_brought_back() {
    for office in offices().await {
        let file = office.file(12).await;
        let id = file.recent[0].id;
        let mut other = visit("2026-10-02");
        other.danger = true;
        for (key, details, count) in [
            ("correct", Some(other.clone()), 1),
            ("take back", None, 0),
            ("bring back", Some(other.clone()), 1),
        ] {
            let file = office.file(12).await;
            let put = HouseholdChange {
                contacts: vec![ContactChange::Put(id, details.clone())],
                ..change(&file, CheckInChange::Keep)
            };
            office.save(key, NURSE, &decision(put)).await.expect(key);
            let file = office.file(12).await;
            assert_eq!(file.counts.contacts, count, "{key}");
            let newest = file.recent.first().map(|contact| contact.details.clone());
            assert_eq!(newest, details, "{key}");
        }
        let gone = office
            .scene(&wanted(NURSE, Some(Subject::Contact(id))))
            .await;
        assert!(matches!(gone.pressed, Pressed::Contact(_)));

        // Another household's contact.
        let foreign = office.file(31).await.recent[0].id;
        let file = office.file(12).await;
        let put = HouseholdChange {
            contacts: vec![ContactChange::Put(foreign, None)],
            ..change(&file, CheckInChange::Keep)
        };
        let fault = office
            .save("foreign", NURSE, &decision(put))
            .await
            .expect_err("foreign");
        assert!(matches!(fault, Fault::Broken(_)), "{fault:?}");
    }
}

#[tokio::test]
async fn a_request_is_answered_once() {
    for office in offices().await {
        let file = office.file(12).await;
        let ask = HouseholdChange {
            requests: vec![RequestChange::Ask(Wish::ComeAlong)],
            ..change(&file, CheckInChange::Keep)
        };
        let ask = Decision {
            notices: vec![(Recipient::Supervisors, asked(None))],
            ..decision(ask)
        };
        let made = office.save("ask", NURSE, &ask).await.expect("asking");
        let id = made.request.expect("a request");
        let scene = office
            .scene(&wanted(SUPERVISOR, Some(Subject::Request(id))))
            .await;
        match scene.pressed {
            Pressed::Request(request) => {
                assert_eq!((request.id, request.status), (id, Status::Open));
                assert_eq!(request.household, file.household.id);
            }
            other => panic!("{other:?}"),
        }
        let asked = office.file(12).await;
        let answer = |file, status| {
            decision(HouseholdChange {
                requests: vec![RequestChange::Put(id, status)],
                ..change(file, CheckInChange::Keep)
            })
        };
        office
            .save("yes", SUPERVISOR, &answer(&asked, Status::Accepted))
            .await
            .expect("accepting");
        let answered = office.file(12).await;
        let fault = office
            .save("no", SUPERVISOR, &answer(&answered, Status::Declined))
            .await
            .expect_err("answered");
        assert!(matches!(fault, Fault::Stale), "{fault:?}");
    }
}

fn asked(check_in: Option<CheckInId>) -> Notice {
    Notice::Asked {
        request: RequestId(MADE),
        code: code(12),
        by: NURSE,
        wish: Wish::ComeAlong,
        check_in,
        contacts: 0,
        last_on: None,
    }
}

#[tokio::test]
async fn leave_cover_and_language_are_saved_and_the_team_is_looked_at_again() {
    for office in offices().await {
        office.run("UPDATE household SET next_nudge_at = '2027-01-01T00:00:00+00:00' WHERE check_in_id IS NOT NULL").await;
        let away = Decision {
            office: vec![
                OfficeChange::Leave {
                    person: COLLEAGUE,
                    from: today(),
                    to: day("2026-11-30"),
                    cover: None,
                },
                OfficeChange::Cover {
                    person: COLLEAGUE,
                    from: day("2026-11-26"),
                    to: day("2026-11-27"),
                    cover: NURSE,
                },
                OfficeChange::Cover {
                    person: SUPERVISOR,
                    from: today(),
                    to: today(),
                    cover: DEPUTY,
                },
                OfficeChange::Language {
                    person: NURSE,
                    language: Language::English,
                },
            ],
            ..Decision::default()
        };
        office.save("away", COLLEAGUE, &away).await.expect("saving");
        let scene = office.scene(&wanted(NURSE, None)).await;
        assert_eq!(scene.sender.language, Language::English);
        let leaves: Vec<_> = scene
            .roster
            .leaves
            .iter()
            .map(|leave| (leave.person, leave.from, leave.to, leave.cover))
            .collect();
        assert_eq!(
            leaves,
            [
                (COLLEAGUE, today(), today(), None),
                (SUPERVISOR, today(), today(), Some(DEPUTY)),
                (COLLEAGUE, day("2026-11-26"), day("2026-11-27"), Some(NURSE)),
                (COLLEAGUE, day("2026-11-28"), day("2026-11-30"), None),
            ]
        );
        assert_eq!(
            office
                .count("SELECT count(*) FROM household WHERE next_nudge_at < '2027-01-01T00:00:00+00:00'")
                .await,
            4
        );
    }
}

#[tokio::test]
async fn a_cover_divides_leaves_at_its_edges_and_leaves_no_day_out() {
    for office in offices().await {
        let leave = |from, to| OfficeChange::Leave {
            person: NURSE,
            from: day(from),
            to: day(to),
            cover: None,
        };
        let cover = |from, to, cover| OfficeChange::Cover {
            person: NURSE,
            from: day(from),
            to: day(to),
            cover,
        };
        let save = async |key: &str, change| {
            let decision = Decision {
                office: vec![change],
                ..Decision::default()
            };
            let made = office.save(key, NURSE, &decision).await.expect(key);
            made.leave
        };
        save("one", leave("2026-12-01", "2026-12-20")).await;
        save("other", leave("2026-12-24", "2026-12-24")).await;
        let within = cover("2026-12-01", "2026-12-05", COLLEAGUE);
        assert_eq!(save("first", within).await, None);
        let beyond = cover("2026-12-06", "2026-12-28", DEPUTY);
        let made = save("second", beyond).await;

        let roster = office.scene(&wanted(NURSE, None)).await.roster;
        let days = |index: usize| {
            let leave = &roster.leaves[index];
            let (from, to) = (leave.from.to_string(), leave.to.to_string());
            (from[8..].to_owned(), to[8..].to_owned(), leave.cover)
        };
        let part = |from: &str, to: &str, cover| (from.to_owned(), to.to_owned(), Some(cover));
        assert_eq!(
            (0..roster.leaves.len()).map(days).collect::<Vec<_>>(),
            [
                part("01", "05", COLLEAGUE),
                part("06", "20", DEPUTY),
                part("21", "23", DEPUTY),
                part("24", "24", DEPUTY),
                part("25", "28", DEPUTY),
            ]
        );
        assert_eq!(made, Some(roster.leaves[2].id));
        // The parts are still one leave, the days beyond it another.
        let with = |a: usize, b: usize| roster.leaves[a].is_entered_with(&roster.leaves[b]);
        assert!(with(0, 1) && !with(1, 2) && !with(2, 3) && with(2, 4));
    }
}

#[tokio::test]
async fn a_question_is_asked_replaced_and_cleared() {
    use koekake::conversation::{
        dialogue::{Draft, Question},
        meaning::Due,
    };
    let draft = Draft {
        contact: visit("2026-11-25"),
        more: Vec::new(),
        due: Due::Unsaid,
        plan: Default::default(),
        appointment: false,
        urgent: false,
        flags: Vec::new(),
        typed_on: today(),
    };
    let other = Draft {
        urgent: true,
        ..draft.clone()
    };
    for office in offices().await {
        for (key, change, expected) in [
            (
                "ask",
                DialogueChange::Ask(Question::Household(Box::new(draft.clone()))),
                Some(Question::Household(Box::new(draft.clone()))),
            ),
            (
                "keep",
                DialogueChange::Keep,
                Some(Question::Household(Box::new(draft.clone()))),
            ),
            (
                "replace",
                DialogueChange::Ask(Question::Household(Box::new(other.clone()))),
                Some(Question::Household(Box::new(other.clone()))),
            ),
            ("clear", DialogueChange::Clear, None),
        ] {
            let decision = Decision {
                dialogue: change,
                ..Decision::default()
            };
            office.save(key, NURSE, &decision).await.expect(key);
            let scene = office.scene(&wanted(NURSE, None)).await;
            assert_eq!(
                scene.dialogue.map(|dialogue| dialogue.question),
                expected,
                "{key}"
            );
        }
    }
}

#[tokio::test]
async fn an_answered_message_gives_its_saved_words_until_its_key_is_forgotten() {
    for office in offices().await {
        let said = save::save(
            &office.db,
            &Decision::default(),
            &envelope("key", NURSE),
            |_| (spoken("はい"), Vec::new()),
        )
        .await
        .expect("saving");
        assert_eq!(said, (spoken("はい"), Vec::new()));
        let answered = messages::answered(&office.db, "key")
            .await
            .expect("looking");
        assert_eq!(answered, Some(said.0));

        for key in ["two", "three"] {
            office
                .save(key, NURSE, &Decision::default())
                .await
                .expect(key);
        }
        let newest = messages::history(&office.db, &place(NURSE), None, 2)
            .await
            .expect("reading");
        let lines: Vec<_> = newest
            .iter()
            .map(
                |message| match message.reply.as_ref().map(|reply| &reply.parts[0]) {
                    Some(Part::Line(line)) => line.as_str(),
                    other => panic!("{other:?}"),
                },
            )
            .collect();
        assert_eq!(lines, ["two", "three"]);
        let older = messages::history(&office.db, &place(NURSE), Some(newest[0].id), 2)
            .await
            .expect("reading");
        assert_eq!(older.len(), 1);

        assert_eq!(
            messages::forget_keys(&office.db, at(HEARD_AT))
                .await
                .expect("none"),
            0
        );
        let later = at("2026-08-01T01:00:01");
        assert_eq!(
            messages::forget_keys(&office.db, later).await.expect("all"),
            3
        );
        assert_eq!(
            messages::answered(&office.db, "key")
                .await
                .expect("looking"),
            None
        );
    }
}
