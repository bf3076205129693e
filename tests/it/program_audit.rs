//! The real program as whoever watches it from outside sees it, and its command
//! that proves that nothing is lost.
use crate::{
    office_command::init,
    program::{Program, koekake, run, trial},
};
use reqwest::{Client, StatusCode};
use sqlx::{Connection, SqliteConnection};
use std::{path::Path, process::Command};

async fn get(program: &Program, path: &str) -> (StatusCode, String) {
    get_as(program, path, None).await
}

async fn get_as(program: &Program, path: &str, host: Option<&str>) -> (StatusCode, String) {
    let client = Client::builder().no_proxy().build().expect("a client");
    let mut request = client.get(format!("{}{path}", program.origin));
    if let Some(host) = host {
        request = request.header("host", host);
    }
    let response = request.send().await.expect("an answer");
    (response.status(), response.text().await.expect("a text"))
}

async fn sql(file: &Path, statement: &'static str) {
    let url = format!("sqlite://{}", file.display());
    let mut connection = SqliteConnection::connect(&url).await.expect("the file");
    sqlx::query(statement)
        .execute(&mut connection)
        .await
        .expect(statement);
    connection.close().await.expect("closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_watches_learns_that_it_lives_and_is_ready_without_signing_in() {
    let folder = tempfile::tempdir().expect("a temp folder");
    let data = folder.path().join("data");
    let program = founded(&data);
    assert_eq!(
        get(&program, "/healthz").await,
        (StatusCode::OK, "lives\n".into())
    );
    assert_eq!(
        get(&program, "/readyz").await,
        (StatusCode::OK, "ready\n".into())
    );
    // By whatever name an orchestrator calls it; but nothing else.
    let (status, _) = get_as(&program, "/readyz", Some("10.0.0.7:80")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = get_as(&program, "/board", Some("10.0.0.7:80")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // The figures are off until the settings say otherwise.
    assert_eq!(get(&program, "/metrics").await.0, StatusCode::NOT_FOUND);

    sql(
        &data.join("office.sqlite"),
        "ALTER TABLE letter RENAME TO lost",
    )
    .await;
    let unready = (StatusCode::SERVICE_UNAVAILABLE, "database\n".to_owned());
    assert_eq!(get(&program, "/readyz").await, unready);
    assert_eq!(get(&program, "/healthz").await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_are_told_where_the_settings_say_so_by_a_loopback_name() {
    let folder = tempfile::tempdir().expect("a temp folder");
    let data = folder.path().join("trial");
    let mut command = trial(&data, &["--seed", "7"]);
    command.env("KOEKAKE_WEB__METRICS", "true");
    let program = Program::started(command, &data);
    let (status, text) = get(&program, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        "koekake_nudges_due_total ",
        "koekake_deliveries_sent_total ",
        "koekake_deliveries_late 0",
        "koekake_audit_findings 0",
        "koekake_answer_seconds_bucket{le=\"+Inf\"} ",
        "koekake_queue_length{queue=\"letters\"} 0",
        "koekake_loop_tick_seconds{loop=\"deliver\"} ",
        "koekake_loop_tick_seconds{loop=\"audit\"} ",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let (status, _) = get_as(&program, "/metrics", Some("koekake.example.org")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// Founds a real office there and runs it.
fn founded(data: &Path) -> Program {
    let output = run(with_data(&init(), data), b"");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Program::run(data, &[])
}

fn with_data(arguments: &[&str], data: &Path) -> Command {
    let mut command = koekake(arguments);
    command.arg("--data").arg(data);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_ends_well_where_all_is_well_and_not_where_it_is_not() {
    let folder = tempfile::tempdir().expect("a temp folder");
    let data = folder.path().join("data");
    let _program = founded(&data);
    let audit = || {
        let output = run(with_data(&["audit"], &data), b"");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        (output.status.code(), said)
    };
    let (code, said) = audit();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("異常はありません\n"), "{said}");
    // The office beside it has been silent for a day, it seems.
    sql(
        &data.join("office.sqlite"),
        "INSERT INTO audit (id, at, made_at, findings) \
         VALUES (1, '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', '[]')",
    )
    .await;
    let (code, said) = audit();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("点検をしていません"), "{said}");
}
