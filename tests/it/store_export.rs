//! An export is every row of every table, to the same bytes from either database,
//! and goes back whole or not at all.
use crate::{postgres, store};
use koekake::{
    conversation::archive::{Flaw, Flawed},
    store::{
        Db, Location,
        archive::{self, Failed},
    },
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection, SqlitePool};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

/// Rows of every table that a founding leaves empty, with each column filled
/// somewhere; ids that are gone leave gaps.
const MORE: &str = "
UPDATE office SET made_up = 0, stopped_on = '2026-11-20', stopped_told_on = '2026-11-24',
    restored_at = '2026-11-19T00:00:00.123456+00:00',
    occasion_at = '2026-11-27T06:00:00+00:00', looked_at = '2026-11-25T01:00:00+00:00',
    calendar = '{}';
UPDATE person SET morning_at = '09:30:00' WHERE id = 1;
INSERT INTO occasion VALUES (1, 'next_week', '2026-11-30', '2026-11-25T01:00:00+00:00', 1);
INSERT INTO audit VALUES (1, '2026-11-25T01:00:00+00:00', '2026-11-25T01:00:00+00:00', '[]');
INSERT INTO route VALUES (21, 1, 'telegram', '7001', 1, '2026-11-24T03:04:05.000001+00:00');
INSERT INTO message VALUES (31, 'telegram', '7001', 1, 'k/1', 'H-012 \"訪問\"', '{\"parts\":[]}',
    NULL, '2026-11-25T01:00:00+00:00', '2026-11-25T01:00:00.120+00:00');
INSERT INTO leave VALUES (7, 1, '2026-12-01', '2026-12-04', 2, 31);
INSERT INTO save SELECT 41, id, 1, 'telegram', '7001', 31, '2026-11-25T01:00:00.5+00:00',
    version, check_in_id, check_in_id, '[]', NULL, NULL FROM household WHERE code = 'H-012';
INSERT INTO save SELECT 43, id, 1, 'telegram', '7001', 31, '2026-11-25T01:00:01+00:00',
    version + 1, NULL, check_in_id, '[]', 41, NULL FROM household WHERE code = 'H-012';
UPDATE save SET undone_by = 43 WHERE id = 41;
INSERT INTO alarm SELECT 51, id, check_in_id, 41, 'danger', 1, '2026-11-25T01:00:00+00:00', 1,
    '2026-11-25T01:30:00+00:00', 0, NULL, NULL, 2, 1 FROM household WHERE code = 'H-012';
INSERT INTO request SELECT 61, id, '{}', 1, '2026-11-25T01:00:00+00:00', 'accepted', 3,
    '2026-11-25T02:00:00+00:00', 41 FROM household WHERE code = 'H-012';
INSERT INTO delivery VALUES (71, 3, 'alarm', '2026-11-25', 1, 'pending',
    '2026-11-25T01:00:02+00:00', 2, 'a lease', '2026-11-25T01:01:02+00:00', NULL, 51, 21, 'm/9', 1,
    '2026-11-24', 0, '2026-11-25T01:00:00+00:00', NULL, '2026-11-25T01:00:00+00:00', 1);
UPDATE message SET delivery_id = 71 WHERE id = 31;
INSERT INTO delivery_item SELECT 71, 1, id, check_in_id, 1, 'alarm' FROM household
    WHERE code = 'H-012';
INSERT INTO nudge SELECT 81, check_in_id, 51, 1, 3, 'alarm', 71, '2026-11-25T01:00:00+00:00', 1
    FROM household WHERE code = 'H-012';
INSERT INTO dialogue VALUES ('telegram', '7001', 1, '{}', '2026-11-25T01:00:00+00:00');
INSERT INTO dialogue VALUES ('discord', '9', 1, '{}', '2026-11-25T01:00:00+00:00');
INSERT INTO journal VALUES (91, '2026-11-25T01:00:00+00:00', 1, NULL, 'founded', '');
INSERT INTO join_code VALUES (101, 'h1', 1, 4, '2026-11-25T01:00:00+00:00',
    '2026-12-02T01:00:00+00:00', '2026-11-25T01:05:00+00:00');
INSERT INTO page_link VALUES (111, 'h2', 1, '2026-11-25T01:00:00+00:00',
    '2026-11-25T01:10:00+00:00', NULL);
INSERT INTO page_session VALUES (121, 'h3', 1, '2026-11-25T01:00:00+00:00',
    '2026-11-25T13:00:00+00:00');
INSERT INTO chat_level VALUES ('telegram', 3, '情報第12号', 4, '2026-11-25T01:00:00+00:00');
INSERT INTO room VALUES (131, 'telegram', '-100', 1, 4, '2026-11-25T01:00:00+00:00', NULL);
INSERT INTO cursor VALUES ('discord', '3000', '42');
INSERT INTO letter VALUES (141, 'telegram', '{\"alone\":\"7001\"}', 1, '{\"parts\":[]}',
    '2026-11-25T01:00:00+00:00', '2026-11-25T01:00:00+00:00', 1, 1, 0, 0);
DELETE FROM letter;
INSERT INTO letter VALUES (140, 'telegram', '{\"alone\":\"7001\"}', 1, '{\"parts\":[]}',
    '2026-11-25T01:00:00+00:00', '2026-11-25T01:00:00+00:00', 1, 0, 1, 1);
";

async fn office() -> store::Office {
    let mut offices = store::offices().await;
    let office = offices.swap_remove(0);
    let Db::Sqlite(_, writer) = &office.db else {
        panic!("the first is SQLite");
    };
    sqlx::raw_sql(MORE)
        .execute(writer)
        .await
        .expect("more rows");
    office
}

async fn exported(db: &Db) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive::write(db, &mut bytes).await.expect("an export");
    bytes
}

async fn taken_in(db: &Db, bytes: &[u8]) -> Result<u64, Failed> {
    let taken = archive::take_in(db, bytes, None).await?;
    Ok(taken.rows)
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let line = |line| serde_json::from_str(line).expect("JSON");
    text.lines().map(line).collect()
}

fn flaw(failed: Result<u64, Failed>) -> (Option<u64>, Flaw) {
    match failed {
        Err(Failed::Flawed(Flawed { line, flaw })) => (line, flaw),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn there_and_back_again_every_byte_is_the_same() {
    let office = office().await;
    let first = exported(&office.db).await;
    let header = &lines(&first)[0];
    let rows = header["rows"].as_object().expect("counts");
    let empty: Vec<&String> = rows.keys().filter(|table| rows[*table] == 0).collect();
    assert!(empty.is_empty(), "no row of {empty:?} was tried");
    assert_eq!(header["last_ids"]["letter"], 141, "one that is gone counts");

    for other in store::empty().await {
        let count = taken_in(&other.db, &first).await.expect("taken in");
        assert_eq!(count as usize, lines(&first).len() - 2);
        assert_eq!(exported(&other.db).await, first);
        // And back into the other kind.
        let back = store::empty().await.swap_remove(0);
        taken_in(&back.db, &exported(&other.db).await)
            .await
            .expect("taken back");
        assert_eq!(exported(&back.db).await, first);
    }
}

#[tokio::test]
async fn what_was_taken_in_goes_on_with_ids_that_were_never_used() {
    let office = office().await;
    let bytes = exported(&office.db).await;
    for other in store::empty().await {
        taken_in(&other.db, &bytes).await.expect("taken in");
        let letter = "INSERT INTO letter (platform, address, person_id, reply, made_at, try_at, \
            attempts, under_way, maybe_sent) SELECT platform, address, person_id, reply, made_at, \
            try_at, attempts, under_way, maybe_sent FROM letter RETURNING id";
        let id: i64 = match &other.db {
            Db::Sqlite(_, writer) => sqlx::query_scalar(letter).fetch_one(writer).await,
            Db::Postgres(pool) => sqlx::query_scalar(letter).fetch_one(pool).await,
        }
        .expect("a new letter");
        assert_eq!(id, 142);
        // What is left out of the export cannot be left unlooked at afterwards.
        let astray = "UPDATE save SET message_id = 999";
        let refused = match &other.db {
            Db::Sqlite(_, writer) => sqlx::query(astray).execute(writer).await.is_err(),
            Db::Postgres(pool) => sqlx::query(astray).execute(pool).await.is_err(),
        };
        assert!(refused, "foreign keys are looked at again");
    }
}

/// Tables and columns as each database has them.
type Tables = BTreeMap<String, BTreeSet<String>>;

async fn of_sqlite(pool: &SqlitePool) -> Tables {
    let rows = sqlx::query(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    );
    let rows = rows.fetch_all(pool).await.expect("the tables");
    let mut tables = Tables::new();
    for row in rows {
        tables.entry(row.get(0)).or_default().insert(row.get(1));
    }
    tables
}

#[tokio::test]
async fn every_table_and_column_of_both_databases_is_in_the_export() {
    let office = office().await;
    let mut known = Tables::new();
    for line in lines(&exported(&office.db).await) {
        if let (Some(table), Some(row)) = (line["table"].as_str(), line["row"].as_object()) {
            let columns = row.keys().cloned().collect();
            known.insert(table.to_owned(), columns);
        }
    }
    for empty in store::empty().await {
        let there = match &empty.db {
            Db::Sqlite(_, writer) => of_sqlite(writer).await,
            Db::Postgres(pool) => {
                let rows: Vec<(String, String)> = sqlx::query_as(
                    "SELECT table_name::text, column_name::text FROM information_schema.columns \
                     WHERE table_schema = current_schema() AND table_name <> '_sqlx_migrations'",
                )
                .fetch_all(pool)
                .await
                .expect("the tables");
                let mut tables = Tables::new();
                for (table, column) in rows {
                    tables.entry(table).or_default().insert(column);
                }
                tables
            }
        };
        assert_eq!(known, there, "a migration adds to store/archive/tables.rs");
    }
}

#[tokio::test]
async fn a_broken_line_is_named_and_nothing_is_taken() {
    let office = office().await;
    let good = exported(&office.db).await;
    let text = String::from_utf8(good.clone()).expect("UTF-8");
    let all: Vec<&str> = text.lines().collect();
    let last = all.len() as u64;
    let with = |at: usize, line: &str| {
        let mut changed: Vec<&str> = all.clone();
        changed[at] = line;
        changed.join("\n") + "\n"
    };
    let cases: Vec<(String, Option<u64>, Flaw)> = vec![
        (with(4, "{\"table\":"), Some(5), Flaw::Unreadable),
        (
            with(4, "{\"table\":\"ghost\",\"row\":{}}"),
            Some(5),
            Flaw::UnknownTable,
        ),
        (
            with(
                2,
                "{\"table\":\"team\",\"row\":{\"id\":\"1\",\"name\":\"x\"}}",
            ),
            Some(3),
            Flaw::Columns,
        ),
        (
            with(2, "{\"table\":\"team\",\"row\":{\"id\":1}}"),
            Some(3),
            Flaw::Columns,
        ),
        // A second row with the id of the first.
        (with(4, all[3]), Some(5), Flaw::Refused),
        (
            text.replacen("地域支援", "地域支緩", 1),
            None,
            Flaw::Damaged,
        ),
        (
            all[..all.len() - 1].join("\n") + "\n",
            Some(last),
            Flaw::Cut,
        ),
        (text.trim_end().to_owned(), Some(last), Flaw::Cut),
        (format!("{text}{{}}\n"), Some(last + 1), Flaw::Continued),
        ("氏名,役割\n".to_owned(), None, Flaw::NotOurs),
        (String::new(), None, Flaw::NotOurs),
        (
            with(0, &all[0].replace("\"schema\":", "\"schema\":9")),
            None,
            Flaw::Newer,
        ),
    ];
    for empty in store::empty().await {
        for (broken, line, expected) in &cases {
            let taken = taken_in(&empty.db, broken.as_bytes()).await;
            assert_eq!(flaw(taken), (*line, *expected));
        }
        // Nothing of all that is there.
        assert!(matches!(
            archive::write(&empty.db, Vec::new()).await,
            Err(Failed::Flawed(Flawed {
                flaw: Flaw::NoOffice,
                ..
            }))
        ));
        taken_in(&empty.db, &good).await.expect("the whole one");
        let again = taken_in(&empty.db, &good).await;
        assert!(matches!(again, Err(Failed::NotEmpty)), "{again:?}");
        assert_eq!(exported(&empty.db).await, good);
    }
}

/// Text is ordered by its bytes, whatever the server's own order.
#[tokio::test]
async fn the_order_is_that_of_bytes_on_a_server_with_an_order_of_its_own() {
    let Some(url) = postgres::database().await else {
        return;
    };
    let mut connection = PgConnection::connect(&url).await.expect("connecting");
    let made = "CREATE COLLATION backwards (provider = icu, locale = 'und-u-kc-true')";
    if sqlx::query(made).execute(&mut connection).await.is_err() {
        // A server without ICU has no such order.
        return;
    }
    let office = office().await;
    let bytes = exported(&office.db).await;
    let other = Db::open(&Location::Url(url)).await.expect("opening");
    taken_in(&other, &bytes).await.expect("taken in");
    for column in ["platform", "place"] {
        let alter = format!("ALTER TABLE dialogue ALTER {column} TYPE TEXT COLLATE backwards");
        sqlx::query(AssertSqlSafe(alter))
            .execute(&mut connection)
            .await
            .expect("another order");
    }
    assert_eq!(exported(&other).await, bytes);
    other.close().await;
}

#[tokio::test]
async fn a_sealed_copy_is_refused_with_any_bit_changed() {
    let office = office().await;
    let folder = TempDir::new().expect("a temp folder");
    let (copy, out) = (folder.path().join("copy"), folder.path().join("out"));
    let Db::Sqlite(_, writer) = &office.db else {
        panic!("the first is SQLite");
    };
    let file: String = sqlx::query_scalar("SELECT file FROM pragma_database_list")
        .fetch_one(writer)
        .await
        .expect("its file");
    let copied = archive::copy(file.as_ref(), &copy).await.expect("a copy");
    archive::seal(&copy).expect("sealed");
    let summary = archive::check(&copy, Some(&copied)).await.expect("good");
    assert_eq!(summary.office, store::founding().name);
    // Any SQLite opens it, its seal and all.
    let url = format!("sqlite:{}", copy.display());
    let mut opened = SqliteConnection::connect(&url).await.expect("opening");
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut opened)
        .await
        .expect("looked through");
    assert_eq!(whole, "ok");
    opened.close().await.expect("closing");

    let good = std::fs::read(&copy).expect("the copy");
    let unsealed = |bytes: &[u8]| {
        std::fs::write(&copy, bytes).expect("writing");
        let mut to = std::fs::File::create(&out).expect("a file");
        archive::unseal(&copy, &mut to)
    };
    unsealed(&good).expect("as it was written");
    assert!(good.starts_with(&std::fs::read(&out).expect("the pages")));
    for at in (0..good.len())
        .step_by(997)
        .chain(good.len() - 90..good.len())
    {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let refused = unsealed(&bad);
        assert!(matches!(refused, Err(Failed::Flawed(_))), "byte {at}");
    }
    for length in [0, 1, 17, 4_096, good.len() - 1] {
        let refused = unsealed(&good[..length]);
        let is_refused = match refused {
            Err(Failed::Flawed(_)) => true,
            // Whole pages, without a seal: then the pages themselves tell.
            Ok(()) => archive::check(&out, None).await.is_err(),
            Err(_) => false,
        };
        assert!(is_refused, "{length} bytes");
    }
}
