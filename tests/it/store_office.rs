//! An office is founded, opened again, and held by one process.
use crate::store::*;
use koekake::store::{
    Db, Fault, Location,
    lock::Lock,
    office::{self, Founding, OfficeRow},
    scene,
};
use tempfile::TempDir;

#[tokio::test]
async fn an_office_is_founded_once() {
    for office in empty().await {
        assert_eq!(office::office(&office.db).await.expect("looking"), None);
        let behind = Founding {
            clock_offset_s: -3_600,
            ..founding()
        };
        office::found(&office.db, &behind).await.expect("founding");
        let row = office::office(&office.db)
            .await
            .expect("looking")
            .expect("founded");
        let expected = OfficeRow {
            name: founding().name,
            zone: chrono_tz::Asia::Tokyo,
            clock_offset_s: -3_600,
            made_up: true,
        };
        assert_eq!(row, expected);
        let people = office::people(&office.db).await.expect("reading");
        let ids: Vec<_> = people.iter().map(|person| person.id).collect();
        assert_eq!(ids, [NURSE, COLLEAGUE, SUPERVISOR, DEPUTY]);
        let fault = office::found(&office.db, &founding())
            .await
            .expect_err("twice");
        assert!(matches!(fault, Fault::Duplicate), "{fault:?}");
        assert_eq!(office.count("SELECT count(*) FROM person").await, 4);

        office::set_clock_offset(&office.db, 86_400)
            .await
            .expect("setting");
        let row = office::office(&office.db)
            .await
            .expect("looking")
            .expect("founded");
        assert_eq!(row.clock_offset_s, 86_400);
    }
}

#[tokio::test]
async fn a_stranger_and_whoever_has_left_get_no_scene() {
    for office in offices().await {
        let mut stranger = wanted(NURSE, None);
        stranger.from.id = "77".into();
        assert_eq!(
            scene::scene(&office.db, &stranger).await.expect("looking"),
            None
        );
        office
            .run("UPDATE person SET left_on = '2026-11-25' WHERE id = 1")
            .await;
        let gone = scene::scene(&office.db, &wanted(NURSE, None))
            .await
            .expect("looking");
        assert_eq!(gone, None);
    }
}

#[tokio::test]
async fn a_database_is_opened_again_as_it_was_and_by_one_holder() {
    let folder = TempDir::new().expect("a temp folder");
    let path = folder.path().join("office.db");
    let first = Lock::hold(&path).expect("the lock");
    let refused = Lock::hold(&path).expect_err("a second holder");
    assert!(refused.to_string().contains("already runs"), "{refused}");
    drop(first);
    Lock::hold(&path).expect("free again");

    let location = Location::File(path);
    let db = Db::open(&location).await.expect("opening");
    office::found(&db, &founding()).await.expect("founding");
    db.close().await;
    let db = Db::open(&location).await.expect("opening again");
    assert_eq!(office::people(&db).await.expect("reading").len(), 4);
}
