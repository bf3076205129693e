//! What chats ask of the store: whose a shared place is, what is known of the staff,
//! which save a message made, which codes may be meant.
use crate::store::*;
use koekake::{
    conversation::{
        decision::{Decision, OfficeChange},
        message::{Account, Place, Platform},
        scene::{Holds, List, Pressed, Query, Room, Staffing, Subject, Wanted},
    },
    domain::{
        PersonId,
        people::{Language, Role},
    },
    store::{Fault, cursors, staff, suggest},
};

const ROOM: &str = "-100";

fn of_office(change: OfficeChange) -> Decision {
    Decision {
        office: vec![change],
        ..Decision::default()
    }
}

fn in_room(of: PersonId) -> Wanted {
    Wanted {
        place: Place {
            room: Some(ROOM.into()),
            ..place(of)
        },
        ..wanted(of, None)
    }
}

fn asking(query: Query) -> Wanted {
    Wanted {
        list: Some(List::Staff(query)),
        ..wanted(SUPERVISOR, None)
    }
}

#[tokio::test]
async fn a_room_is_one_teams_until_another_takes_it() {
    for office in offices().await {
        let alone = office.scene(&wanted(NURSE, None)).await;
        assert_eq!(alone.room, Room::Alone);
        let unknown = office.scene(&in_room(NURSE)).await;
        assert_eq!(unknown.room, Room::Unregistered);
        let used = of_office(OfficeChange::UseRoom {
            platform: Platform::Page,
            room: ROOM.into(),
        });
        office.save("1", SUPERVISOR, &used).await.expect("saving");
        let is_open = |is_open| Room::Of {
            team: TEAM,
            is_open,
        };
        assert_eq!(office.scene(&in_room(NURSE)).await.room, is_open(true));
        office
            .run("UPDATE room SET closed_at = registered_at")
            .await;
        assert_eq!(office.scene(&in_room(NURSE)).await.room, is_open(false));
        office.save("2", SUPERVISOR, &used).await.expect("saving");
        assert_eq!(office.scene(&in_room(NURSE)).await.room, is_open(true));
        assert_eq!(office.count("SELECT count(*) FROM room").await, 1);
    }
}

#[tokio::test]
async fn what_is_known_of_the_staff_is_told_when_it_is_asked() {
    for office in offices().await {
        let namesake = |name: &str| asking(Query::Namesake(name.into()));
        let told = office.scene(&namesake("さくら")).await.staffing;
        assert_eq!(told, Staffing::Namesake(true));
        let told = office.scene(&namesake("すみれ")).await.staffing;
        assert_eq!(told, Staffing::Namesake(false));
        let holds = asking(Query::Holds {
            person: NURSE,
            from: today(),
        });
        let expected = Holds {
            main: vec![code(12), code(21)],
            second: vec![code(31)],
            is_last_admin: true,
        };
        let told = office.scene(&holds).await.staffing;
        assert_eq!(told, Staffing::Holds(expected));
    }
}

#[tokio::test]
async fn nudges_go_first_where_it_was_said() {
    for office in offices().await {
        office
            .run(
                "INSERT INTO route (person_id, platform, account, position) \
                 VALUES (1, 'telegram', '41', 1), (1, 'discord', '91', 2)",
            )
            .await;
        office
            .save(
                "1",
                NURSE,
                &of_office(OfficeChange::RouteFirst(Platform::Discord)),
            )
            .await
            .expect("saving");
        let scene = office.scene(&asking(Query::Routes)).await;
        let Staffing::Routes(routes) = scene.staffing else {
            panic!("no routes: {:?}", scene.staffing);
        };
        assert_eq!(routes[&NURSE][0], Platform::Discord);
        assert_eq!(routes[&COLLEAGUE], [Platform::Page]);
    }
}

#[tokio::test]
async fn people_come_and_go_and_what_has_changed_meanwhile_is_decided_again() {
    for office in offices().await {
        let add = |name: &str| {
            of_office(OfficeChange::AddPerson {
                name: name.into(),
                role: Role::Nurse,
                language: Language::Japanese,
            })
        };
        let end = |person| {
            of_office(OfficeChange::EndPerson {
                person,
                from: today(),
            })
        };
        let made = office.save("1", SUPERVISOR, &add("すみれ")).await;
        let added = made.expect("saving").person.expect("a person");
        let taken = office.save("2", SUPERVISOR, &add("すみれ")).await;
        assert!(matches!(taken, Err(Fault::Stale)), "{taken:?}");
        let busy = office.save("3", SUPERVISOR, &end(NURSE)).await;
        assert!(matches!(busy, Err(Fault::Stale)), "{busy:?}");
        office
            .save("4", SUPERVISOR, &end(added))
            .await
            .expect("saving");
        let routes = staff::routes(&office.db).await.expect("routes");
        assert_eq!(routes[&added], [Platform::Page]);
        let left = "SELECT count(*) FROM person WHERE left_on IS NOT NULL";
        assert_eq!(office.count(left).await, 1);
    }
}

#[tokio::test]
async fn the_save_of_a_message_is_found_by_its_key() {
    for office in offices().await {
        let file = office.file(12).await;
        let line = logged(
            &file,
            visit("2026-11-25"),
            terms("2026-12-25", "2026-12-25"),
        );
        let made = office.save("key", NURSE, &line).await.expect("saving");
        let scene = office
            .scene(&wanted(NURSE, Some(Subject::SaidAs("key".into()))))
            .await;
        let Pressed::Save(save) = scene.pressed else {
            panic!("no save: {:?}", scene.pressed);
        };
        assert_eq!(Some(save.id), made.save);
        assert_eq!(scene.file.expect("its household").household.code, code(12));
        let other = office
            .scene(&wanted(NURSE, Some(Subject::SaidAs("other".into()))))
            .await;
        assert_eq!(other.pressed, Pressed::Gone);
    }
}

#[tokio::test]
async fn codes_are_completed_with_ones_own_first() {
    for office in offices().await {
        let begins = |code: &str| [code, code, code].map(str::to_owned);
        let account = account(COLLEAGUE);
        let found = suggest::completion(&office.db, &account, &begins("H-"), today()).await;
        let (person, briefs) = found.expect("looking").expect("of the office");
        assert_eq!(person.id, COLLEAGUE);
        let codes: Vec<_> = briefs
            .into_iter()
            .map(|brief| brief.household.code)
            .collect();
        assert_eq!(codes, [31, 45, 12, 21].map(code));
        let found = suggest::completion(&office.db, &account, &begins("H-02"), today()).await;
        let (_, briefs) = found.expect("looking").expect("of the office");
        assert_eq!(briefs.len(), 1);
        let stranger = Account {
            id: "77".into(),
            ..account
        };
        let found = suggest::completion(&office.db, &stranger, &begins("H-"), today()).await;
        assert_eq!(found.expect("looking"), None);
    }
}

#[tokio::test]
async fn reading_begins_with_open_rooms_and_with_our_own_first_messages() {
    for office in offices().await {
        let used = of_office(OfficeChange::UseRoom {
            platform: Platform::Page,
            room: ROOM.into(),
        });
        office.save("1", SUPERVISOR, &used).await.expect("saving");
        let begun = async || cursors::begun(&office.db, Platform::Page).await;
        let there = begun().await.expect("a room");
        let rooms: Vec<&str> = there.rooms.iter().map(|(room, _)| room.as_str()).collect();
        assert_eq!((rooms, there.messages.len()), (vec![ROOM], 0));
        office
            .run("UPDATE room SET closed_at = registered_at")
            .await;
        // The first is one whose id nobody could read.
        office
            .run(
                "INSERT INTO delivery (recipient_id, kind, office_day, number, state, attempts, \
                 route_id, message_ref, maybe_sent, stale, made_at, sent_at) \
                 SELECT route.person_id, 'digest', '2026-11-25', sent.number, 'sent', 0, route.id, \
                 sent.message, FALSE, FALSE, '2026-11-25T01:00:00+00:00', \
                 '2026-11-25T01:00:00+00:00' FROM route CROSS JOIN (SELECT 1 AS number, '' AS message \
                 UNION ALL SELECT 2, '5:7' UNION ALL SELECT 3, '5:8') sent \
                 WHERE route.id = (SELECT MIN(id) FROM route WHERE platform = 'page')",
            )
            .await;
        let there = begun().await.expect("a message");
        assert_eq!(
            (there.rooms.len(), there.messages),
            (0, vec!["5:7".to_owned()])
        );
        office
            .run("UPDATE route SET dead_at = '2026-11-25T01:00:00+00:00'")
            .await;
        assert_eq!(begun().await.expect("nothing").messages.len(), 0);
    }
}
