//! The settings: layers, and refusals that say where.
use chrono::NaiveDate;
use koekake::config::Config;
use secrecy::{ExposeSecret, SecretString};
use std::{ffi::OsString, fs, path::Path};
use tempfile::TempDir;

fn folder(local: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temp folder");
    fs::write(folder.path().join("local.toml"), local).expect("writing local.toml");
    folder
}

fn variables<'a>(said: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = (OsString, OsString)> {
    said.iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)))
}

fn load(local: &str, said: &[(&str, &str)]) -> Result<Config, String> {
    let folder = folder(local);
    Config::load(Some(folder.path()), variables(said)).map_err(|error| {
        let folder = format!("{}/", folder.path().display());
        error.to_string().replace(&folder, "")
    })
}

fn check_refused(local: &str, said: &[(&str, &str)], expected: &str) {
    match load(local, said) {
        Ok(config) => panic!("accepted: {config:?}"),
        Err(message) => assert_eq!(message, expected),
    }
}

#[test]
fn the_defaults_stand_alone_and_make_up_no_telephone_number() {
    let config = Config::load(None, []).expect("the defaults");
    assert_eq!(config.office.zone, chrono_tz::Asia::Tokyo);
    assert_eq!(config.web.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.data.dir, Path::new("data"));
    assert_eq!(config.database.url(), None);
    assert_eq!(config.words, None);
    let card: Vec<_> = config
        .office
        .card
        .iter()
        .map(|line| (line.label.as_str(), line.number.as_str()))
        .collect();
    assert_eq!(
        card,
        [
            ("緊急連絡先", "未設定"),
            ("警察", "110"),
            ("救急・消防", "119"),
            ("虐待通告先", "未設定"),
        ]
    );
    let calendar = config.office.calendar();
    let japan = koekake::domain::calendar::Calendar::japan();
    assert_eq!(
        (calendar.opens, calendar.closes),
        (japan.opens, japan.closes)
    );
}

#[test]
fn the_example_is_a_valid_local_file() {
    let config = load(include_str!("../../config/local.example.toml"), &[]).expect("the example");
    assert_eq!(config.office.name, "見本市保健センター");
    assert_eq!(config.office.card.len(), 3);
}

#[test]
fn the_environment_wins_over_the_office_and_the_office_over_the_defaults() {
    let local = "[office]\nname = '見本'\nopens = 08:45:00\n[web]\nlisten = '127.0.0.1:9000'\n";
    let config = load(
        local,
        &[
            ("KOEKAKE_WEB__LISTEN", "[::1]:0"),
            ("KOEKAKE_OFFICE__CLOSURES", "[2026-08-14, \"2026-08-17\"]"),
            ("KOEKAKE_TEST_POSTGRES", "no setting"),
            ("PATH", "no setting"),
        ],
    )
    .expect("three layers");
    assert_eq!(config.office.name, "見本");
    assert_eq!(config.office.opens.to_string(), "08:45:00");
    assert_eq!(config.office.closes.to_string(), "17:15:00");
    assert_eq!(config.web.listen.to_string(), "[::1]:0");
    let day = |day| NaiveDate::from_ymd_opt(2026, 8, day).expect("a date");
    assert_eq!(config.office.closures, [day(14), day(17)].into());
}

#[test]
fn text_in_the_environment_needs_no_quotes() {
    let config = load("", &[("KOEKAKE_OFFICE__NAME", "119")]).expect("a name");
    assert_eq!(config.office.name, "119");
}

#[test]
fn a_setting_may_stand_in_a_file_and_the_database_url_is_never_printed() {
    let folder = folder("");
    let secret = folder.path().join("url");
    fs::write(&secret, "postgres://nurse:hunter2@localhost/koekake\n").expect("writing");
    let path = secret.display().to_string();
    let said = [("KOEKAKE_DATABASE__URL_FILE", path.as_str())];
    let config = Config::load(Some(folder.path()), variables(&said)).expect("a URL");
    assert_eq!(
        config.database.url(),
        Some("postgres://nurse:hunter2@localhost/koekake")
    );
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_chat_is_off_until_its_token_is_said() {
    let config = load("", &[]).expect("the defaults");
    assert!(config.telegram.token.is_none());
    assert!(config.telegram.api_url.is_none());
    assert!(config.discord.token.is_none());
    assert!(config.network.proxy.is_none());
    assert!(config.network.ca_file.is_none());
    assert!(config.chat.free_lines_in_rooms);
    assert_eq!(config.office.counselling, "未設定");
}

#[test]
fn a_token_is_never_printed() {
    let folder = folder("");
    let secret = folder.path().join("token");
    fs::write(&secret, "77:made-up-token\n").expect("writing");
    let path = secret.display().to_string();
    let config = load(
        "",
        &[
            ("KOEKAKE_TELEGRAM__TOKEN_FILE", path.as_str()),
            ("KOEKAKE_DISCORD__TOKEN", " made-up-token "),
            (
                "KOEKAKE_NETWORK__PROXY",
                "http://koekake:made-up-token@proxy.example.org:3128",
            ),
            ("KOEKAKE_CHAT__FREE_LINES_IN_ROOMS", "false"),
        ],
    )
    .expect("settings");
    let token = |token: &Option<SecretString>| {
        let token = token.as_ref().expect("a token");
        token.expose_secret().to_owned()
    };
    assert_eq!(token(&config.telegram.token), "77:made-up-token");
    assert_eq!(token(&config.discord.token), "made-up-token");
    assert!(!config.chat.free_lines_in_rooms);
    let shown = format!("{config:?}");
    assert!(!shown.contains("made-up-token"), "{shown}");

    for wrong in ["77", "[\"made-up-token\"]", "{ is = \"made-up-token\" }"] {
        let local = format!("[telegram]\ntoken = {wrong}\n");
        check_refused(
            &local,
            &[],
            "local.toml, line 2, column 1: `telegram.token`: expected text in quotes",
        );
    }
    let slip = "[telegram]\ntoken = 77:made-up-token\n";
    let message = load(slip, &[]).expect_err("no TOML");
    assert!(!message.contains("made-up-token"), "{message}");
}

#[test]
fn the_address_of_the_page_is_a_host_alone() {
    let said = |url| load("", &[("KOEKAKE_WEB__PUBLIC_URL", url)]);
    let origin = |url| {
        let config = said(url).expect("an address");
        let origin = config.web.public_url.expect("an address");
        (origin.text(), origin.is_https())
    };
    let office = "https://koekake.example.org";
    assert_eq!(origin(office), (office.to_owned(), true));
    assert_eq!(
        origin("https://Koekake.example.org:443/"),
        (office.to_owned(), true)
    );
    let plain = "http://192.0.2.7:8080";
    assert_eq!(origin(plain), (plain.to_owned(), false));
    assert_eq!(said("").expect("none").web.public_url, None);
    for (url, problem) in [
        ("koekake.example.org", "begins with http:// or https://"),
        (
            "ftp://koekake.example.org",
            "begins with http:// or https://",
        ),
        ("https://", "begins with http:// or https://"),
        ("https://koekake.example.org/page", "nothing behind it"),
        ("https://a:b@koekake.example.org", "nothing behind it"),
    ] {
        let message = said(url).expect_err(url);
        assert!(message.contains("KOEKAKE_WEB__PUBLIC_URL"), "{message}");
        assert!(message.contains(problem), "{message}");
    }
}

#[test]
fn the_words_of_the_office_are_handed_on_unread() {
    let folder = folder("");
    let path = folder.path().join("words.local.toml");
    fs::write(&path, "# 言葉").expect("writing");
    let words = Config::load(Some(folder.path()), [])
        .expect("settings")
        .words
        .expect("words");
    assert_eq!((words.path, words.text.as_str()), (path, "# 言葉"));
}

/// Befell others: a setting was read as another than was meant.
#[test]
fn a_slip_in_the_file_is_named_with_line_and_column() {
    check_refused(
        "[office]\nname = \n",
        &[],
        "local.toml, line 2, column 8: string values must be quoted, expected literal string",
    );
    check_refused(
        "[web]\n  lisen = '127.0.0.1:1'\n",
        &[],
        "local.toml, line 2, column 3: unknown setting `lisen`; \
         known here: listen, public_url, metrics",
    );
    check_refused(
        "# 設定\n\n[wev]\n",
        &[],
        "local.toml, line 3, column 2: unknown setting `wev`; \
         known here: office, web, network, data, database, backup, telegram, discord, chat, audit, \
         ladder, rhythm, proposals",
    );
    check_refused(
        "[[office.card]]\nlabel = '緊急連絡先'\nnumber = 119\n",
        &[],
        "local.toml, line 3, column 1: `office.card.0.number`: \
         invalid type: found signed int `119`, expected a string",
    );
    check_refused(
        "[office]\nzone = 'Asia/Tokio'\n",
        &[],
        "local.toml, line 2, column 1: `office.zone`: failed to parse timezone: 'Asia/Tokio'",
    );
    check_refused(
        "office = { name = '見本', opens = '18:00' }",
        &[],
        "local.toml, line 1, column 1: the office closes before it opens",
    );
}

#[test]
fn a_slip_in_the_environment_is_named() {
    check_refused(
        "[web]\nlisten = '127.0.0.1:1'\n",
        &[("KOEKAKE_WEB__LISTEN", "here")],
        "the environment variable KOEKAKE_WEB__LISTEN: `web.listen`: invalid socket address syntax",
    );
    check_refused(
        "",
        &[("KOEKAKE_WEB__PORT", "80")],
        "the environment variable KOEKAKE_WEB__PORT: unknown setting `port`; \
         known here: listen, public_url, metrics",
    );
    check_refused(
        "",
        &[("KOEKAKE_WEB_LISTEN", "127.0.0.1:1")],
        "the environment variable KOEKAKE_WEB_LISTEN: no such setting: \
         two underscores stand between section and key, as in KOEKAKE_WEB__LISTEN",
    );
    check_refused(
        "",
        &[("KOEKAKE_DATABASE__URL", "mysql://here")],
        "the environment variable KOEKAKE_DATABASE__URL: \
         expected a URL that begins with postgres:// (empty means SQLite)",
    );
}

#[test]
fn a_setting_said_with_and_without_file_is_refused() {
    let folder = folder("");
    let path = folder.path().join("local.toml").display().to_string();
    let said = [
        ("KOEKAKE_DATABASE__URL", "postgres://one"),
        ("KOEKAKE_DATABASE__URL_FILE", path.as_str()),
    ];
    let error = Config::load(Some(folder.path()), variables(&said)).expect_err("twice");
    assert!(error.to_string().contains("said twice"), "{error}");
}

#[test]
fn a_config_folder_that_is_not_there_is_named() {
    let error = Config::load(Some(Path::new("no/such/folder")), []).expect_err("no folder");
    assert!(
        error
            .to_string()
            .starts_with("no/such/folder cannot be read"),
        "{error}"
    );
}
