//! What chats leave in the store: letters that wait, ways that die and live
//! again, places that close.
use crate::store::*;
use koekake::{
    conversation::{
        decision::{Decision, Recipient},
        message::{Account, Level, Platform},
        notice::Notice,
    },
    domain::{DeliveryId, PersonId},
    store::{
        deliveries::{self, Hour, Kind, Leased, Receipt, Unreached},
        letters::{self, Address, Letter},
        rooms::{self, Closing},
        routes::{self, Standing},
        save, tokens,
    },
};

/// Real time.
const NOW: &str = "2031-01-01T00:00:00";
const UNTIL: &str = "2031-01-01T00:02:00";
const TELEGRAM: Platform = Platform::Telegram;

fn chat(id: &str) -> Account {
    Account {
        platform: TELEGRAM,
        id: id.to_owned(),
    }
}

/// The nurse's account 7001 on Telegram, and what the office allows there.
async fn with_chat(office: &Office) {
    for statement in [
        "INSERT INTO route (person_id, platform, account, position) VALUES (1, 'telegram', '7001', 1)",
        "INSERT INTO chat_level (platform, level, approval, set_by, set_at) \
         VALUES ('telegram', 3, '1', 3, '2026-11-01T00:00:00+00:00')",
        "INSERT INTO room (platform, place, team_id, registered_by, registered_at) \
         VALUES ('telegram', '-100', 1, 3, '2026-11-01T00:00:00+00:00')",
    ] {
        assert_eq!(office.run(statement).await, 1);
    }
}

fn to(address: Address) -> Letter {
    Letter {
        id: None,
        platform: TELEGRAM,
        address,
        person: Some(NURSE),
        reply: reply("答え"),
        attempts: 0,
        maybe_sent: false,
        maybe_repeated: false,
    }
}

/// A letter that its maker has for two minutes of real time from [`HEARD_AT`].
async fn answered(office: &Office, key: &str) -> i64 {
    let decision = Decision::default();
    let answer = vec![to(Address::Alone("7001".into()))];
    let envelope = envelope(key, NURSE);
    let saved = save::save(&office.db, &decision, &envelope, |_| (spoken(key), answer));
    let (_, letters) = saved.await.expect("saving");
    letters[0].id.expect("an id")
}

async fn claim(office: &Office, when: &str) -> Vec<Letter> {
    let span = (at(when), at(UNTIL));
    let found = letters::claim(&office.db, span.0, span.1).await;
    found.expect("claiming").rows
}

#[tokio::test]
async fn a_letter_is_tried_until_it_is_settled_and_says_what_may_have_arrived() {
    for office in offices().await {
        let id = answered(&office, "first").await;
        // Its maker has it, and may have died over it.
        let claimed = claim(&office, NOW).await;
        assert_eq!((claimed.len(), claimed[0].id), (1, Some(id)));
        assert!(claimed[0].maybe_sent);
        assert_eq!(claim(&office, NOW).await, [], "it is ours");
        let again = letters::Again {
            try_at: at(UNTIL),
            maybe_sent: false,
        };
        letters::later(&office.db, id, &again).await.expect("later");
        assert_eq!(claim(&office, NOW).await, []);
        let elsewhere = Address::Alone("7002".into());
        let moved = letters::readdress(&office.db, id, &elsewhere).await;
        moved.expect("moving");
        assert_eq!(
            letters::free(&office.db, at(NOW)).await.expect("freeing"),
            1
        );
        let claimed = claim(&office, NOW).await;
        assert_eq!(claimed[0].address, elsewhere);
        assert_eq!(claimed[0].attempts, 2);
        letters::settled(&office.db, &[id]).await.expect("settling");
        letters::free(&office.db, at(NOW)).await.expect("freeing");
        assert_eq!(claim(&office, NOW).await, []);
    }
}

#[tokio::test]
async fn old_letters_are_given_up_and_named() {
    for office in offices().await {
        let id = answered(&office, "old").await;
        let kept = letters::give_up(&office.db, at(HEARD_AT)).await;
        assert_eq!(kept.expect("tidying"), []);
        let given_up = letters::give_up(&office.db, at(NOW)).await;
        assert_eq!(given_up.expect("tidying"), [(id, "telegram".to_owned())]);
        assert_eq!(office.count("SELECT count(*) FROM message").await, 1);
    }
}

async fn notice_to_nurse(office: &Office) -> Leased {
    let notice = Notice::AlarmConfirmed {
        code: code(12),
        by: SUPERVISOR,
        at: now(),
    };
    let told = Decision {
        notices: vec![(Recipient::Person(NURSE), notice)],
        ..Decision::default()
    };
    office.save("told", NURSE, &told).await.expect("saving");
    let span = (at(NOW), at(UNTIL));
    let lease = deliveries::lease(&office.db, span, "a", Hour::Working(span.0)).await;
    let lease = lease.expect("leasing").expect("a delivery");
    let leased = deliveries::leased(&office.db, lease.id).await;
    leased.expect("reading")
}

#[tokio::test]
async fn a_way_dies_moves_and_lives_again() {
    for office in offices().await {
        with_chat(&office).await;
        let leased = notice_to_nurse(&office).await;
        let ways = leased.routes.living;
        assert_eq!(ways.len(), 2);
        assert_eq!(
            (&ways[0].account, ways[0].level),
            (&chat("7001"), Some(Level::Logging))
        );
        assert!(!leased.routes.has_lost_chat);

        let moved = routes::moved(&office.db, ways[0].id, "7002").await;
        moved.expect("moving");
        assert!(
            routes::account_died(&office.db, &chat("7002"), at(NOW))
                .await
                .expect("dying")
        );
        assert!(
            !routes::died(&office.db, ways[0].id, at(NOW))
                .await
                .expect("dying")
        );
        let again = deliveries::leased(&office.db, leased.id)
            .await
            .expect("reading");
        assert_eq!(again.routes.living, ways[1..]);
        assert!(again.routes.has_lost_chat);

        let mut wanted = wanted(NURSE, None);
        wanted.from = chat("7002");
        assert!(office.scene(&wanted).await.returned);
        routes::returned(&office.db, &chat("7002"))
            .await
            .expect("living");
        assert!(!office.scene(&wanted).await.returned);
        // An account is of one route alone.
        let page = ways[1].id;
        office
            .run("UPDATE route SET platform = 'telegram' WHERE platform = 'page' AND person_id = 1")
            .await;
        assert!(routes::moved(&office.db, page, "7002").await.is_err());
    }
}

#[tokio::test]
async fn the_level_of_a_chat_is_read_with_its_sender() {
    for office in offices().await {
        with_chat(&office).await;
        let mut wanted = wanted(NURSE, None);
        wanted.from = chat("7001");
        let set = [
            ("UPDATE chat_level SET level = 1", Level::Notice),
            ("UPDATE chat_level SET level = 2", Level::Dates),
            ("UPDATE chat_level SET level = 3", Level::Logging),
        ];
        for (statement, level) in set {
            office.run(statement).await;
            assert_eq!(office.scene(&wanted).await.level, level);
        }
        let standing = async |id: &str| {
            let standing = routes::standing(&office.db, &chat(id), today()).await;
            standing.expect("looking up")
        };
        assert_eq!(standing("7001").await, Standing::Known);
        assert_eq!(standing("7777").await, Standing::Stranger);
        office
            .run("UPDATE person SET left_on = '2026-11-25' WHERE id = 1")
            .await;
        assert_eq!(standing("7001").await, Standing::Stranger);
        office.run("DELETE FROM chat_level").await;
        assert_eq!(standing("7001").await, Standing::Off);
    }
}

fn unreached(has_just_died: bool) -> Unreached {
    Unreached {
        person: NURSE,
        team: TEAM,
        at: now(),
        office_day: today(),
        asked: reply("連絡設定の確認をお願いします"),
        asked_at: at(NOW),
        has_just_died,
    }
}

#[tokio::test]
async fn whom_the_page_alone_reaches_the_team_is_asked_about_once_a_day() {
    for office in offices().await {
        with_chat(&office).await;
        let tell = async |has_just_died| {
            office
                .run(
                    "INSERT INTO delivery (recipient_id, kind, office_day, number, state, attempts, \
                     lease, leased_until, maybe_sent, stale, made_at) \
                     SELECT 1, 'digest', '2026-11-25', count(*) + 1, 'pending', 1, 'a', \
                     '2026-11-25T01:00:00+00:00', FALSE, FALSE, '2026-11-25T00:00:00+00:00' \
                     FROM delivery WHERE kind = 'digest'",
                )
                .await;
            let id = office.count("SELECT max(id) FROM delivery").await;
            let receipt = Receipt {
                route: office.count("SELECT min(id) FROM route").await,
                message_ref: "m-1".to_owned(),
                at: at(NOW),
            };
            let unreached = unreached(has_just_died);
            let told = deliveries::sent_to_page_alone(
                &office.db,
                DeliveryId(id),
                "a",
                &receipt,
                &unreached,
            );
            told.await.expect("telling")
        };
        assert_eq!(tell(true).await, [SUPERVISOR]);
        assert_eq!(tell(false).await, [SUPERVISOR]);
        let asked = claim(&office, NOW).await;
        assert_eq!(asked.len(), 1);
        assert!(!asked[0].maybe_sent, "nobody has begun to send it");
        let room = Address::Room {
            room: "-100".into(),
            message: None,
        };
        assert_eq!((&asked[0].address, asked[0].person), (&room, Some(NURSE)));
        let notices = "SELECT count(*) FROM delivery WHERE kind = 'notice'";
        assert_eq!(office.count(notices).await, 1);

        // Who has lost their own chat is told after those who have not.
        office
            .run(
                "INSERT INTO route (person_id, platform, account, position, dead_at) \
                    VALUES (3, 'telegram', '7003', 1, '2026-11-01T00:00:00+00:00')",
            )
            .await;
        assert_eq!(tell(true).await, [DEPUTY]);
    }
}

#[tokio::test]
async fn a_place_is_posted_to_while_it_is_open_and_the_teams_own() {
    for office in offices().await {
        with_chat(&office).await;
        let may = async |room: &str, person: PersonId| {
            let may = rooms::may_post(&office.db, (TELEGRAM, room), person).await;
            may.expect("looking up")
        };
        assert!(may("-100", NURSE).await);
        assert!(!may("-101", NURSE).await);
        let moved = rooms::moved(&office.db, TELEGRAM, "-100", "-101").await;
        moved.expect("moving");
        assert!(may("-101", NURSE).await);

        let closing = Closing {
            platform: TELEGRAM,
            room: "-101",
            open_to_all: true,
            closed_at: at(NOW),
            now: now(),
            office_day: today(),
        };
        assert!(rooms::close(&office.db, &closing).await.expect("closing"));
        assert!(!rooms::close(&office.db, &closing).await.expect("closing"));
        assert!(!may("-101", NURSE).await);
        // The team has no administrator: those who lead it hear of it.
        let span = (at(NOW), at(UNTIL));
        let lease = deliveries::lease(&office.db, span, "a", Hour::Quiet).await;
        let lease = lease.expect("leasing").expect("a notice");
        let told = deliveries::leased(&office.db, lease.id)
            .await
            .expect("reading");
        assert_eq!((told.recipient.id, told.kind), (SUPERVISOR, Kind::Notice));
        let notice = Notice::RoomClosed {
            platform: TELEGRAM,
            open_to_all: true,
        };
        assert_eq!(told.notice, Some(notice));
    }
}

#[tokio::test]
async fn a_place_that_moves_to_where_it_is_known_is_one_place() {
    for office in offices().await {
        with_chat(&office).await;
        office
            .run(
                "INSERT INTO room (platform, place, team_id, registered_by, registered_at, \
                 closed_at) VALUES \
                 ('telegram', '-101', 1, 1, '2026-11-01T00:00:00+00:00', NULL), \
                 ('telegram', '-102', 1, 1, '2026-11-01T00:00:00+00:00', \
                 '2026-11-02T00:00:00+00:00')",
            )
            .await;
        for (from, to) in [("-100", "-101"), ("-101", "-102")] {
            let moved = rooms::moved(&office.db, TELEGRAM, from, to).await;
            moved.expect("moving");
            let may = rooms::may_post(&office.db, (TELEGRAM, to), NURSE).await;
            assert!(may.expect("looking up"), "{from} {to}");
        }
        assert_eq!(office.count("SELECT count(*) FROM room").await, 1);
    }
}

#[tokio::test]
async fn another_teams_people_do_not_post_there() {
    for office in offices().await {
        with_chat(&office).await;
        office
            .run("INSERT INTO team (name) VALUES ('ほかのチーム')")
            .await;
        office
            .run("UPDATE person SET team_id = 2 WHERE id = 2")
            .await;
        let may = rooms::may_post(&office.db, (TELEGRAM, "-100"), COLLEAGUE).await;
        assert!(!may.expect("looking up"));
    }
}

#[tokio::test]
async fn what_has_run_out_is_forgotten() {
    for office in offices().await {
        for statement in [
            "INSERT INTO join_code (hash, person_id, made_by, made_at, expires_at) VALUES \
             ('a', 1, 3, '2026-11-01T00:00:00+00:00', '2026-11-08T00:00:00+00:00'), \
             ('b', 1, 3, '2031-11-01T00:00:00+00:00', '2031-11-08T00:00:00+00:00')",
            "INSERT INTO page_session (hash, person_id, made_at, expires_at) VALUES \
             ('a', 1, '2026-11-01T00:00:00+00:00', '2026-11-01T12:00:00+00:00')",
        ] {
            assert!(office.run(statement).await > 0);
        }
        tokens::forget_old(&office.db, at(NOW))
            .await
            .expect("tidying");
        assert_eq!(office.count("SELECT count(*) FROM join_code").await, 1);
        assert_eq!(office.count("SELECT count(*) FROM page_session").await, 0);
    }
}
