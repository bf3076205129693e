//! Lists, suggestions and counts.
use crate::store::*;
use koekake::{
    conversation::{
        decision::{
            AlarmChange, CheckInChange, Decision, HouseholdChange, OfficeChange, RequestChange,
        },
        scene::{Brief, List, Share, Subject},
    },
    domain::{PersonId, alarm::Grade, household::Code, request::Wish},
    store::lists::{self, Board},
};

fn codes(briefs: &[Brief]) -> Vec<u32> {
    briefs
        .iter()
        .map(|brief| brief.household.code.number())
        .collect()
}

async fn listed(office: &Office, list: List) -> (Vec<u32>, i64) {
    let mut wanted = wanted(NURSE, None);
    wanted.list = Some(list);
    let scene = office.scene(&wanted).await;
    (codes(&scene.list), scene.list_total)
}

/// Befell others: visits of a day were counted by another date than theirs; there was
/// no list of whom to contact next.
#[tokio::test]
async fn what_comes_is_listed_by_day_and_whose_it_is() {
    for office in offices().await {
        // H-012 is past its window: counted, and in the list of its own.
        let coming = async |of| {
            let mut wanted = wanted(NURSE, None);
            wanted.list = Some(List::Coming {
                from: day("2026-11-18"),
                to: day("2026-12-31"),
                of,
            });
            let scene = office.scene(&wanted).await;
            (codes(&scene.list), scene.list_total, scene.list_overdue)
        };
        assert_eq!(coming(None).await, (vec![31, 21], 2, 1));
        // As main and as second nurse.
        assert_eq!(coming(Some(NURSE)).await, (vec![31, 21], 2, 1));
        assert_eq!(coming(Some(COLLEAGUE)).await, (vec![31], 1, 0));
        let cover = Decision {
            office: vec![OfficeChange::Cover {
                person: NURSE,
                from: today(),
                to: today(),
                cover: DEPUTY,
            }],
            ..Decision::default()
        };
        assert_eq!(coming(Some(DEPUTY)).await, (vec![], 0, 0));
        office.save("cover", NURSE, &cover).await.expect("covering");
        assert_eq!(coming(Some(DEPUTY)).await, (vec![31, 21], 2, 1));
    }
}

#[tokio::test]
async fn an_absence_counts_what_falls_due_of_each_nurse() {
    for office in offices().await {
        let shares = async |of| {
            let mut wanted = wanted(SUPERVISOR, None);
            wanted.list = Some(List::Absence {
                from: today(),
                to: day("2026-12-31"),
                of,
            });
            let mut shares = office.scene(&wanted).await.shares;
            shares.sort_by_key(|share| (share.main, share.second));
            shares
        };
        let share = |main, second, others, later| Share {
            main: Some(main),
            second,
            appointments: 0,
            others,
            later,
        };
        let nurse = share(NURSE, None, 1, 1);
        let alone = share(COLLEAGUE, None, 1, 0);
        let shared = share(COLLEAGUE, Some(NURSE), 1, 0);
        assert_eq!(shares(None).await, [nurse.clone(), alone, shared]);
        assert_eq!(shares(Some(NURSE)).await, [nurse]);
    }
}

/// Befell others: in the order of dates the urgent ones were hidden.
#[tokio::test]
async fn the_overdue_list_puts_alarms_first_then_the_longest_wait() {
    for office in offices().await {
        let overdue = |after| List::Overdue { of: None, after };
        assert_eq!(listed(&office, overdue(None)).await, (vec![45, 12], 2));
        let file = office.file(12).await;
        let raise = HouseholdChange {
            alarms: vec![AlarmChange::Raise(Grade::NoSignOfLife)],
            ..change(&file, CheckInChange::Keep)
        };
        office
            .save("alarm", NURSE, &decision(raise))
            .await
            .expect("raising");
        assert_eq!(listed(&office, overdue(None)).await, (vec![12, 45], 2));
        let first = file.check_in.map(|check_in| check_in.id);
        assert_eq!(listed(&office, overdue(first)).await, (vec![45], 2));
        let last = office.file(45).await.check_in.map(|check_in| check_in.id);
        assert_eq!(listed(&office, overdue(last)).await, (vec![], 2));
        let of = List::Overdue {
            of: Some(NURSE),
            after: None,
        };
        let mut wanted = wanted(NURSE, None);
        wanted.list = Some(of.clone());
        let tally = office.scene(&wanted).await.tally;
        assert_eq!(listed(&office, of).await, (vec![12], 1));
        assert_eq!((tally.open, tally.overdue), (4, 2));
        let counted = lists::tally(&office.db, TEAM, today()).await;
        assert_eq!(counted.expect("counting"), tally);
    }
}

#[tokio::test]
async fn the_course_goes_on_before_a_contact() {
    for office in offices().await {
        for (key, on) in [
            ("one", "2026-11-24"),
            ("two", "2026-11-25"),
            ("late", "2026-11-01"),
        ] {
            let file = office.file(12).await;
            let log = logged(&file, visit(on), terms("2027-02-25", "2027-02-25"));
            office.save(key, NURSE, &log).await.expect(key);
        }
        let mut wanted = wanted(NURSE, Some(Subject::Code(code(12))));
        wanted.list = Some(List::Course { before: None });
        let scene = office.scene(&wanted).await;
        let days: Vec<_> = scene
            .course
            .iter()
            .map(|c| c.details.on.to_string())
            .collect();
        assert_eq!(
            days,
            ["2026-11-25", "2026-11-24", "2026-11-01", "2026-10-01"]
        );
        assert_eq!(scene.list_total, 4);
        wanted.list = Some(List::Course {
            before: Some(scene.course[1].id),
        });
        let scene = office.scene(&wanted).await;
        assert_eq!(scene.course.len(), 2);
    }
}

#[tokio::test]
async fn households_that_may_have_been_meant_are_offered() {
    for office in offices().await {
        let suggested = async |of: PersonId, subject: Option<Code>| {
            let wanted = wanted(of, subject.map(Subject::Code));
            codes(&office.scene(&wanted).await.suggestions)
        };
        // None given: the nurse's own, those due first.
        assert_eq!(suggested(NURSE, None).await, [12, 31, 21]);
        // Unknown: the most similar ones; H-099 is closed.
        assert_eq!(suggested(NURSE, Some(code(13))).await[..2], [12, 31]);
        // Her own: nothing else was meant.
        assert!(suggested(NURSE, Some(code(12))).await.is_empty());
        // A colleague's: one of hers may have been.
        assert_eq!(suggested(COLLEAGUE, Some(code(12))).await, [31, 45]);
    }
}

#[tokio::test]
async fn the_board_shows_open_ones_and_finds_closed_ones_by_code() {
    for office in offices().await {
        let all = Board {
            team: TEAM,
            of: None,
            code_prefix: None,
            after: None,
            limit: 10,
        };
        let shown = async |board: &Board<'_>| {
            codes(&lists::board(&office.db, board).await.expect("the board"))
        };
        assert_eq!(shown(&all).await, [12, 21, 31, 45]);
        assert_eq!(
            shown(&Board {
                of: Some(NURSE),
                ..all.clone()
            })
            .await,
            [12, 21, 31]
        );
        assert_eq!(
            shown(&Board {
                code_prefix: Some("H-0"),
                ..all.clone()
            })
            .await,
            [12, 21, 31, 45, 99]
        );
        assert_eq!(
            shown(&Board {
                code_prefix: Some("H-09"),
                ..all.clone()
            })
            .await,
            [99]
        );
        assert_eq!(
            shown(&Board {
                after: Some(&code(21)),
                limit: 1,
                ..all.clone()
            })
            .await,
            [31]
        );
        let closed = lists::board(
            &office.db,
            &Board {
                code_prefix: Some("H-099"),
                ..all
            },
        )
        .await
        .expect("the board");
        assert_eq!(closed[0].check_in, None);
        assert!(closed[0].last.is_some());
    }
}

#[tokio::test]
async fn open_requests_are_listed_with_their_codes() {
    for office in offices().await {
        let file = office.file(12).await;
        let ask = HouseholdChange {
            requests: vec![RequestChange::Ask(Wish::HandOver)],
            ..change(&file, CheckInChange::Keep)
        };
        office
            .save("ask", NURSE, &decision(ask))
            .await
            .expect("asking");
        let open = lists::open_requests(&office.db, TEAM)
            .await
            .expect("reading");
        let open: Vec<_> = open
            .into_iter()
            .map(|(request, code)| (request.wish, code))
            .collect();
        assert_eq!(open, [(Wish::HandOver, code(12))]);
    }
}
