//! `koekake doctor` on the real program: all well, each thing that can be the
//! matter with its line, and what it never does.
use crate::{
    discord::{
        fake::{FakeDiscord, Fault as DiscordFault, HALL, ROOM},
        rest::{HISTORY, SEND},
    },
    postgres,
    program::{koekake, run},
    telegram::fake::{Fake, Fault, TOKEN},
};
use chrono::{DateTime, TimeDelta, Utc};
use koekake::{domain::calendar::Calendar, engine::clock::Clock, store::lock::Lock};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use std::{fs, path::PathBuf, process::Command};
use tempfile::TempDir;

const DISCORD_TOKEN: &str = "made.up.token";
const GROUP: i64 = -1_001_234_567;

/// Settings with which nothing is left to say.
const LOCAL: &str = r#"
[office]
counselling = "03-0000-0000 9時から17時"
closures = ["2099-06-01"]
card = [{ label = "緊急連絡先", number = "03-0000-0001" }]
[web]
public_url = "https://koekake.example.jp"
"#;

const STAFF: &str = "\
氏名,役割,班,言語,連絡手段,アカウント
伊藤,係長,第一班,日本語,telegram,7001
佐藤,担当,第一班,日本語,discord,200000000000000001
";

const HOUSEHOLDS: &str = "\
code,team,nurse,state,class,route,first known,next date
H-012,第一班,佐藤,支援中,B,民生委員,2025/4/1,
";

/// An office on both chats, its bots well in the team's places.
struct Office {
    folder: TempDir,
    /// Held as by a running Koekake. It is never let go of within a test: a program
    /// that is just being started for another test has it a moment longer.
    running: Option<Lock>,
    telegram: Fake,
    discord: FakeDiscord,
}

/// What it came to.
struct Told {
    code: Option<i32>,
    lines: Vec<String>,
    errors: String,
}

impl Told {
    /// All that is not well.
    fn amiss(&self) -> Vec<&str> {
        let lines = self.lines.iter().map(String::as_str);
        lines.filter(|line| !line.starts_with("ok ")).collect()
    }

    /// The line with that text, which is of that grade.
    fn has(&self, grade: &str, text: &str) {
        let found = self.lines.iter().find(|line| line.contains(text));
        let found = found.unwrap_or_else(|| panic!("no {text} in:\n{}", self.lines.join("\n")));
        assert!(found.starts_with(grade), "{found}");
    }

    /// That line alone is not well, and it is wrong.
    fn is_wrong_alone(&self, text: &str) {
        self.has("直す ", text);
        assert_eq!(self.amiss().len(), 1, "{}", self.lines.join("\n"));
        assert_eq!(self.code, Some(1), "{text}");
        assert!(self.errors.contains("直すところが1つ"), "{}", self.errors);
    }

    /// That line alone is not well, and it is only to be known.
    fn is_noted_alone(&self, text: &str) {
        self.has("注意 ", text);
        assert_eq!(self.amiss().len(), 1, "{}", self.lines.join("\n"));
        assert_eq!(self.code, Some(0), "{text}");
    }
}

impl Office {
    /// One in which nothing is amiss.
    async fn well() -> Office {
        let mut office = Office::at_rest().await;
        office.running = Some(Lock::hold(&office.file()).expect("nobody else runs"));
        office
    }

    /// The same, while nobody runs on it.
    async fn at_rest() -> Office {
        let now = Clock::system(0).real();
        let office = Office {
            folder: tempfile::tempdir().expect("a temp folder"),
            running: None,
            telegram: Fake::start(now.timestamp()).await,
            discord: FakeDiscord::at(now).await,
        };
        office.telegram.hears_all();
        office.telegram.opens_group(GROUP, None);
        office.write("proxy.pem", office.discord.certificate());
        office.write("local.toml", LOCAL);
        let staff = office.write("staff.csv", STAFF);
        let households = office.write("households.csv", HOUSEHOLDS);
        for line in [
            "init --office 見本市保健センター --zone Asia/Tokyo --team 第一班 --admin 小林 --language japanese",
            &format!("import staff {staff}"),
            &format!("import households {households}"),
            "level telegram 3 --approval 情報第12号",
            "level discord 3 --approval 情報第12号",
        ] {
            let arguments: Vec<&str> = line.split(' ').collect();
            let told = office.told(office.command(&arguments)).await;
            assert_eq!(told.code, Some(0), "{line}: {}", told.errors);
        }
        office
            .sql("INSERT INTO route (person_id, platform, account, position) VALUES (1, 'telegram', '7000', 0)")
            .await;
        let today = Calendar::japan().day_of(now);
        office.write(&format!("backup/koekake-{today}.sqlite"), "made today");
        office.room("telegram", &GROUP.to_string()).await;
        office.room("discord", &ROOM.to_string()).await;
        office
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("writing");
        path.display().to_string()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("data").join("office.sqlite")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = koekake(arguments);
        command
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .arg("--config")
            .arg(self.folder.path())
            .env("KOEKAKE_BACKUP__KEEP", "14")
            .env("KOEKAKE_BACKUP__DIR", self.folder.path().join("backup"))
            .env("KOEKAKE_TELEGRAM__TOKEN", TOKEN)
            .env("KOEKAKE_TELEGRAM__API_URL", &self.telegram.url)
            .env("KOEKAKE_DISCORD__TOKEN", DISCORD_TOKEN)
            .env("KOEKAKE_NETWORK__PROXY", self.discord.proxy())
            .env(
                "KOEKAKE_NETWORK__CA_FILE",
                self.folder.path().join("proxy.pem"),
            );
        command
    }

    async fn told(&self, command: Command) -> Told {
        let ended = tokio::task::spawn_blocking(move || run(command, b"")).await;
        let output = ended.expect("no panic");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        Told {
            code: output.status.code(),
            lines: said.lines().map(str::to_owned).collect(),
            errors: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    async fn doctor(&self) -> Told {
        self.doctor_with(&[]).await
    }

    /// The same with these settings.
    async fn doctor_with(&self, settings: &[(&str, &str)]) -> Told {
        let mut command = self.command(&["doctor"]);
        command.envs(settings.iter().copied());
        self.told(command).await
    }

    async fn database(&self) -> SqliteConnection {
        let url = format!("sqlite:{}", self.file().display());
        SqliteConnection::connect(&url).await.expect("the database")
    }

    async fn sql(&self, statement: &str) {
        let mut database = self.database().await;
        let done = sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut database)
            .await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
        database.close().await.expect("closing");
    }

    async fn room(&self, platform: &str, place: &str) {
        self.sql(&format!(
            "INSERT INTO room (platform, place, team_id, registered_by, registered_at) \
             VALUES ('{platform}', '{place}', 1, 1, '2026-11-25T01:00:00Z')"
        ))
        .await;
    }

    async fn place_is(&self, platform: &str, place: u64) {
        self.sql(&format!(
            "UPDATE room SET place = '{place}' WHERE platform = '{platform}'"
        ))
        .await;
    }
}

#[tokio::test]
async fn where_all_is_well_each_line_says_so_and_nothing_is_touched() {
    let office = Office::well().await;
    let before = fs::read(office.file()).expect("the database");
    let told = office.doctor().await;
    assert_eq!(told.amiss(), Vec::<&str>::new());
    assert_eq!(told.code, Some(0));
    assert_eq!(told.errors, "");
    for text in [
        "設定: ページは https://koekake.example.jp",
        "表は最新です",
        "`koekake run` が動いています",
        "ディスクの空き",
        "控え: いちばん新しい控え",
        "事業所: 見本市保健センター",
        "職員 3人",
        "1世帯のすべてに、次の予定があります",
        "祝日を知っています",
        "閉庁日 1日",
        "時計: Telegram の時計と合っています",
        "時計: Discord の時計と合っています",
        "Telegram: 段階 3",
        "ボットは @koekake_test_bot",
        "受け取っていない発言はありません",
        "グループの読み方は設定と合っています",
        "Telegram: 第一班の場所(2026-11-25 登録): 読めて、書けて",
        "Discord: トークンは正しく、ボットは koekake",
        "Message Content Intent が入っています",
        "Discord: 第一班の場所(2026-11-25 登録): 読めて、書けて",
    ] {
        told.has("ok ", text);
    }

    assert_eq!(fs::read(office.file()).expect("the database"), before);
    assert!(office.telegram.calls("sendMessage").is_empty());
    let calls = office.discord.calls("/");
    assert!(calls.iter().all(|call| call.method == "GET"), "{calls:?}");
    // In the language of the settings.
    let told = office
        .doctor_with(&[("KOEKAKE_OFFICE__LANGUAGE", "english")])
        .await;
    told.has("ok ", "Discord: the token is right");
    told.has("ok ", "settings: they can be read");
}

#[tokio::test]
async fn what_the_settings_lack_is_named() {
    let office = Office::well().await;
    for (name, value, text) in [
        (
            "KOEKAKE_WEB__PUBLIC_URL",
            "http://koekake.example.jp",
            "暗号化されません",
        ),
        (
            "KOEKAKE_WEB__PUBLIC_URL",
            "",
            "http://127.0.0.1:8080 を指し、この機械でしか開けません",
        ),
        (
            "KOEKAKE_WEB__PUBLIC_URL",
            "https://[::1]:8080",
            "この機械でしか開けません",
        ),
        (
            "KOEKAKE_OFFICE__COUNSELLING",
            "未設定",
            "[office] counselling",
        ),
        (
            "KOEKAKE_OFFICE__CLOSURES",
            "[\"2020-06-01\"]",
            "過ぎた日ばかり",
        ),
    ] {
        office
            .doctor_with(&[(name, value)])
            .await
            .is_noted_alone(text);
    }
    let beyond = [
        ("KOEKAKE_WEB__PUBLIC_URL", ""),
        ("KOEKAKE_WEB__LISTEN", "0.0.0.0:8080"),
    ];
    office
        .doctor_with(&beyond)
        .await
        .is_wrong_alone("public_url がなく");

    office.write(
        "local.toml",
        &LOCAL.replace(
            "緊急連絡先\", number = \"03-0000-0001",
            "緊急連絡先\", number = \"未設定",
        ),
    );
    office
        .doctor()
        .await
        .is_noted_alone("「緊急連絡先」が未設定");
    office.write("local.toml", LOCAL);
    office.write("words.local.toml", "[kind]\nflight = [\"飛行\"]\n");
    office.doctor().await.is_wrong_alone("words.local.toml");
    fs::remove_file(office.folder.path().join("words.local.toml")).expect("removing");

    // Without settings nothing else can be looked at; who reads it is not known.
    office.write("local.toml", "[web]\nlisten = \"here\"\n");
    let told = office.doctor().await;
    assert_eq!(told.code, Some(1));
    assert_eq!(told.lines.len(), 2, "{:?}", told.lines);
    told.has("直す 設定: ", "local.toml, line 2");
    told.has("mend settings: ", "nothing else can be looked at");
}

#[tokio::test]
async fn an_office_that_does_not_run_reminds_nobody() {
    let office = Office::at_rest().await;
    let told = office.doctor().await;
    told.is_noted_alone("`koekake run` が動いていません");
}

#[tokio::test]
async fn what_is_the_matter_with_the_database_is_named() {
    let office = Office::well().await;
    office
        .sql("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 2")
        .await;
    office.doctor().await.is_database_alone("新しい版です");
    office
        .sql("DELETE FROM _sqlx_migrations WHERE version = 9999")
        .await;
    let told = office.doctor().await;
    told.has("注意 ", "表が 1 段階古い版");
    assert_eq!(told.code, Some(0));
    office
        .sql("UPDATE _sqlx_migrations SET success = FALSE")
        .await;
    office
        .doctor()
        .await
        .is_database_alone("途中で止まっています");
    office.sql("DROP TABLE _sqlx_migrations").await;
    office
        .doctor()
        .await
        .is_database_alone("声かけの表がありません");
    fs::write(office.file(), "no database at all").expect("writing");
    office
        .doctor()
        .await
        .is_database_alone("声かけの表がありません");
    fs::remove_dir_all(office.folder.path().join("data")).expect("removing");
    office.doctor().await.is_database_alone("`koekake init`");
    assert!(!office.file().exists(), "nothing is made by looking");
}

impl Told {
    /// The database alone is wrong, and the chats are looked at all the same.
    fn is_database_alone(&self, text: &str) {
        self.has("直す データベース: ", text);
        self.has("ok ", "Telegram: トークンは正しく");
        self.has("ok ", "Discord: トークンは正しく");
        assert_eq!(self.code, Some(1), "{text}");
    }
}

#[tokio::test]
async fn what_the_office_lacks_is_named() {
    let office = Office::well().await;
    let now: DateTime<Utc> = Clock::system(0).real();
    let (later, before) = (now + TimeDelta::hours(2), now - TimeDelta::hours(2));
    for (breaks, mends, grade, text) in [
        (
            "UPDATE person SET role = 'nurse' WHERE role = 'supervisor'",
            "UPDATE person SET role = 'supervisor' WHERE name = '伊藤'",
            "直す",
            "第一班に係長も代理もいません",
        ),
        (
            "UPDATE person SET role = 'deputy' WHERE role = 'admin'",
            "UPDATE person SET role = 'admin' WHERE name = '小林'",
            "直す",
            "管理者がいません",
        ),
        (
            "UPDATE route SET dead_at = '2026-11-25T01:00:00Z' WHERE person_id = 2",
            "UPDATE route SET dead_at = NULL",
            "直す",
            "伊藤さんに届く経路がありません",
        ),
        (
            "UPDATE route SET dead_at = '2026-11-25T01:00:00Z' WHERE account = '7001'",
            "UPDATE route SET dead_at = NULL",
            "注意",
            "伊藤さんのチャットに届かなくなりました",
        ),
        (
            "DELETE FROM route WHERE account = '7001'",
            "INSERT INTO route (person_id, platform, account, position) VALUES (2, 'telegram', '7001', 0)",
            "注意",
            "チャットに参加していません: 伊藤",
        ),
        (
            "DELETE FROM chat_level WHERE platform = 'discord'",
            "INSERT INTO chat_level (platform, level, set_by, set_at) VALUES ('discord', 1, 1, '2026-11-25T01:00:00Z')",
            "直す",
            "`koekake level discord`",
        ),
        (
            &format!(
                "INSERT INTO letter (platform, address, person_id, reply, made_at, try_at, attempts, under_way, maybe_sent) \
                 VALUES ('telegram', '', 1, '', '{}', '2099-01-01T00:00:00Z', 3, 0, 0)",
                before.to_rfc3339()
            ),
            "DELETE FROM letter",
            "注意",
            "届けられない返事が 1通",
        ),
        (
            &format!(
                "INSERT INTO message (platform, place, person_id, key, at, heard_at) \
                 VALUES ('telegram', '7001', 2, 'k', '{0}', '{0}')",
                later.to_rfc3339()
            ),
            "DELETE FROM message",
            "直す",
            "秒先の時刻です",
        ),
        (
            "UPDATE room SET closed_at = '2026-11-25T01:00:00Z' WHERE platform = 'discord'",
            "UPDATE room SET closed_at = NULL",
            "注意",
            "投稿を止めてあります",
        ),
        (
            "UPDATE office SET made_up = TRUE",
            "UPDATE office SET made_up = FALSE",
            "直す",
            "架空の事業所",
        ),
        (
            // What the tables themselves refuse: a hand that got past them.
            "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; DELETE FROM check_in",
            "PRAGMA ignore_check_constraints = ON; DELETE FROM household",
            "直す",
            "1世帯に次の予定がありません",
        ),
    ] {
        office.sql(breaks).await;
        let told = office.doctor().await;
        match grade {
            "直す" => told.is_wrong_alone(text),
            _ => told.is_noted_alone(text),
        }
        office.sql(mends).await;
    }
    assert_eq!(office.doctor().await.amiss(), Vec::<&str>::new());
}

#[tokio::test]
async fn what_is_the_matter_on_telegram_is_named_with_what_to_click() {
    let office = Office::well().await;
    let telegram = &office.telegram;
    telegram.fails("getMe", 0, Fault::Refused(401, "Unauthorized", Value::Null));
    let told = office.doctor().await;
    told.is_wrong_alone("@BotFather で /mybots");
    // The other chat is looked at all the same.
    told.has("ok ", "Discord: トークンは正しく");
    for fault in [Fault::Trouble(502), Fault::Odd] {
        telegram.fails("getMe", 0, fault);
        office
            .doctor()
            .await
            .is_wrong_alone("Telegram: 今は答えません");
    }
    telegram.fails("getMe", 0, Fault::Reset);
    office
        .doctor()
        .await
        .is_wrong_alone("Telegram: つながりません");

    for (ahead, text) in [(120, "秒おくれています"), (-120, "秒進んでいます")] {
        telegram.is_ahead(TimeDelta::seconds(ahead));
        office.doctor().await.is_wrong_alone(text);
    }
    telegram.is_ahead(TimeDelta::zero());
    telegram.has_webhook("https://elsewhere.example.jp/");
    office.doctor().await.is_wrong_alone("deleteWebhook");
    telegram.has_webhook("");
    telegram.says(7_001, "予定");
    office
        .doctor()
        .await
        .is_noted_alone("受け取っていない発言が 1件");
}

#[tokio::test]
async fn what_is_the_matter_with_a_group_is_named_with_what_to_click() {
    let office = Office::well().await;
    let telegram = &office.telegram;
    for (refused, text) in [
        (
            Fault::Refused(400, "Bad Request: chat not found", Value::Null),
            "ボットがグループにいません",
        ),
        (
            Fault::Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                json!({"migrate_to_chat_id": -1_009}),
            ),
            "グループが移りました",
        ),
        (Fault::Trouble(500), "調べられませんでした"),
    ] {
        telegram.fails("getChat", GROUP, refused);
        let told = office.doctor().await;
        assert!(told.amiss()[0].contains(text), "{:?}", told.amiss());
    }
    telegram.in_group(GROUP, json!({"status": "left"}));
    office
        .doctor()
        .await
        .is_wrong_alone("メンバーを追加 → ボットを選び");
    telegram.in_group(GROUP, json!({"status": "member"}));
    telegram.silences(GROUP);
    office
        .doctor()
        .await
        .is_wrong_alone("メッセージの送信 を入れる");
    telegram.in_group(GROUP, administrator());
    assert_eq!(office.doctor().await.amiss(), Vec::<&str>::new());

    telegram.opens_group(GROUP, Some("everybody"));
    office.doctor().await.is_wrong_alone("公開グループのため");
}

/// All that is told of an administrator.
fn administrator() -> Value {
    let mut told = json!({"status": "administrator"});
    for right in [
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ] {
        told[right] = false.into();
    }
    told
}

#[tokio::test]
async fn in_privacy_mode_plain_lines_come_from_groups_only_to_an_administrator() {
    let mut office = Office::well().await;
    let now = Clock::system(0).real();
    office.telegram = Fake::start(now.timestamp()).await;
    office.telegram.opens_group(GROUP, None);
    let told = office.doctor().await;
    told.is_wrong_alone("/setprivacy → ボットを選ぶ → Disable");
    told.has("直す ", "グループから出し、入れ直してください");
    let told = office
        .doctor_with(&[("KOEKAKE_CHAT__FREE_LINES_IN_ROOMS", "false")])
        .await;
    assert_eq!(told.amiss(), Vec::<&str>::new());
    office.telegram.in_group(GROUP, administrator());
    assert_eq!(office.doctor().await.amiss(), Vec::<&str>::new());
    // Before there is a group, it is only to be known.
    office
        .sql("DELETE FROM room WHERE platform = 'telegram'")
        .await;
    office.doctor().await.is_noted_alone("/setprivacy");
}

#[tokio::test]
async fn what_is_the_matter_on_discord_is_named_with_what_to_click() {
    let office = Office::well().await;
    let discord = &office.discord;
    discord.fails("/users/@me", DiscordFault::Refused(401, 0));
    let told = office.doctor().await;
    told.is_wrong_alone("Reset Token");
    told.has("ok ", "Telegram: トークンは正しく");
    discord.fails("/users/@me", DiscordFault::Refused(503, 0));
    office
        .doctor()
        .await
        .is_wrong_alone("Discord: 今は答えません");
    discord.world().lacks_intent = true;
    office
        .doctor()
        .await
        .is_wrong_alone("Privileged Gateway Intents");
    discord.world().lacks_intent = false;

    discord.world().denied = SEND;
    office
        .doctor()
        .await
        .is_wrong_alone("メッセージを送信 (Send Messages)");
    discord.world().denied = SEND | HISTORY;
    let told = office.doctor().await;
    told.is_wrong_alone("(Send Messages)、メッセージ履歴を読む (Read Message History)");
    discord.world().denied = 0;
    for code in [50_001, 10_003] {
        discord.fails("/channels/", DiscordFault::Refused(403, code));
        office
            .doctor()
            .await
            .is_wrong_alone("チャンネルが見えません");
    }
    discord.fails("/guilds/", DiscordFault::Refused(500, 0));
    office.doctor().await.is_wrong_alone("調べられませんでした");
    office.place_is("discord", HALL).await;
    office
        .doctor()
        .await
        .is_wrong_alone("プライベートチャンネル");
}

#[tokio::test]
async fn without_a_network_the_rest_is_told_and_no_secret_is() {
    let office = Office::well().await;
    let down = [
        (
            "KOEKAKE_NETWORK__PROXY",
            "http://office:hidden-password@127.0.0.1:9",
        ),
        ("KOEKAKE_TELEGRAM__API_URL", "http://127.0.0.1:9"),
    ];
    let told = office.doctor_with(&down).await;
    told.has("直す ", "Telegram: つながりません");
    told.has("直す ", "Discord: つながりません");
    told.has("ok ", "1世帯のすべてに、次の予定があります");
    assert_eq!(told.amiss().len(), 2, "{:?}", told.amiss());

    office.write("empty.pem", "");
    let empty = office.folder.path().join("empty.pem").display().to_string();
    let no_file = [("KOEKAKE_NETWORK__CA_FILE", "/nowhere/ca.pem"), down[0]];
    let no_certificate = [("KOEKAKE_NETWORK__CA_FILE", &*empty), down[0]];
    for settings in [no_file, no_certificate] {
        let told = office.doctor_with(&settings).await;
        told.is_wrong_alone("`ca_file` of [network]");
    }

    let wrong_url = [(
        "KOEKAKE_DATABASE__URL",
        "postgres://office:hidden-password@127.0.0.1:9/koekake",
    )];
    let mut tellings = vec![told, office.doctor_with(&wrong_url).await];
    tellings[1].has("直す データベース: ", "開けません");
    office
        .telegram
        .fails("getMe", 0, Fault::Refused(401, "Unauthorized", Value::Null));
    office
        .discord
        .fails("/users/@me", DiscordFault::Refused(401, 0));
    tellings.push(office.doctor().await);
    tellings.push(office.doctor_with(&[("RUST_LOG", "debug")]).await);
    for told in tellings {
        let all = told.lines.join("\n") + &told.errors;
        for secret in [TOKEN, DISCORD_TOKEN, "hidden-password"] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        // Figures of times and ports may hold these by chance, but not alone.
        let mut words = all.split(|c: char| !c.is_ascii_alphanumeric());
        let account = words.find(|word| ["7001", "200000000000000001"].contains(word));
        assert_eq!(account, None, "{all}");
    }
}

#[tokio::test]
async fn without_a_token_a_chat_is_off_and_that_is_well() {
    let office = Office::well().await;
    let off = [
        ("KOEKAKE_TELEGRAM__TOKEN", ""),
        ("KOEKAKE_DISCORD__TOKEN", ""),
    ];
    let told = office.doctor_with(&off).await;
    assert_eq!(told.amiss(), Vec::<&str>::new());
    told.has("ok Telegram: 使いません", "KOEKAKE_TELEGRAM__TOKEN_FILE");
    told.has("ok Discord: 使いません", "KOEKAKE_DISCORD__TOKEN_FILE");
    assert!(office.telegram.calls("getMe").is_empty());
}

#[tokio::test]
async fn an_office_in_postgresql_is_looked_at_too() {
    let Some(url) = postgres::database().await else {
        return;
    };
    let office = Office::well().await;
    let settings = [("KOEKAKE_DATABASE__URL", &*url)];
    let told = office.doctor_with(&settings).await;
    told.has("直す データベース: ", "声かけの表がありません");
    let staff = office.folder.path().join("staff.csv").display().to_string();
    for line in [
        "init --office 見本市保健センター --zone Asia/Tokyo --team 第一班 --admin 小林 --language japanese",
        &format!("import staff {staff}"),
        "level telegram 3 --approval 情報第12号",
        "level discord 1",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let mut command = office.command(&arguments);
        command.env("KOEKAKE_DATABASE__URL", &url);
        let told = office.told(command).await;
        assert_eq!(told.code, Some(0), "{line}: {}", told.errors);
    }
    let told = office.doctor_with(&settings).await;
    told.is_noted_alone("チャットに参加していません: 小林");
    told.has("ok ", "表は最新です");
    told.has("ok ", "Discord: 段階 1");
    assert!(told.lines.iter().all(|line| !line.contains("postgres://")));
}
