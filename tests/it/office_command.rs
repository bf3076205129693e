//! The commands of an administrator on the real program: from an empty folder to
//! a page that takes a line, and what each of them refuses.
use crate::{
    postgres,
    program::{Program, koekake, run},
};
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use std::{fs, path::PathBuf, process::Output};
use tempfile::TempDir;

/// A folder in which an office is, or is to be.
struct Folder {
    folder: TempDir,
}

impl Folder {
    fn empty() -> Folder {
        let folder = tempfile::tempdir().expect("a temp folder");
        Folder { folder }
    }

    /// With an office, its administrator 小林 and its team 第一班.
    fn founded() -> Folder {
        let folder = Folder::empty();
        let said = folder.says(&init());
        assert!(said.contains("koekake person add"), "{said}");
        folder
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("writing");
        path.display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = koekake(arguments);
        command.arg("--data").arg(self.data());
        run(command, b"")
    }

    /// What the command says when it succeeds.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What it says when it is refused, the list on its output first.
    fn refuses(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(errors.starts_with("koekake: "), "{errors}");
        String::from_utf8(output.stdout).expect("UTF-8") + &errors
    }

    fn staff(&self) -> Vec<String> {
        let said = self.says(&["person", "list"]);
        said.lines().map(str::to_owned).collect()
    }
}

pub fn init() -> [&'static str; 11] {
    [
        "init",
        "--office",
        "見本市保健センター",
        "--zone",
        "Asia/Tokyo",
        "--team",
        "第一班",
        "--admin",
        "小林",
        "--language",
        "japanese",
    ]
}

#[test]
fn without_an_office_every_command_names_the_one_that_founds_it() {
    let folder = Folder::empty();
    let commands: [&[&str]; 5] = [
        &[],
        &["run"],
        &["person", "list"],
        &["link", "小林"],
        &["level", "telegram", "1"],
    ];
    for command in commands {
        let said = folder.refuses(command);
        assert!(said.contains("koekake init"), "{said}");
    }
    assert!(!folder.data().exists(), "nothing is made by asking");
}

#[test]
fn an_office_is_founded_once_and_what_is_missing_is_named() {
    let folder = Folder::empty();
    for missing in [1, 3, 5, 7, 9] {
        let mut arguments = init().to_vec();
        let option = arguments[missing];
        arguments.drain(missing..missing + 2);
        let said = folder.refuses(&arguments);
        assert!(said.contains(option), "{said}");
    }
    assert!(!folder.data().exists());
    folder.says(&init());
    let again = folder.refuses(&init());
    assert!(again.contains("nothing has changed"), "{again}");
    assert_eq!(folder.staff(), ["小林\t管理者\t第一班\tjapanese\tpage"]);
}

#[test]
fn people_are_added_listed_and_let_go() {
    let folder = Folder::founded();
    let add = [
        "person",
        "add",
        "佐藤",
        "--role",
        "nurse",
        "--team",
        "第一班",
    ];
    folder.says(&add);
    let twice = folder.refuses(&add);
    assert!(twice.contains("somebody on the staff"), "{twice}");
    let elsewhere = [
        "person",
        "add",
        "伊藤",
        "--role",
        "supervisor",
        "--team",
        "第二班",
    ];
    let unknown = folder.refuses(&elsewhere);
    assert!(unknown.contains("--new-team"), "{unknown}");
    folder.says(&[&elsewhere[..], &["--new-team", "--language", "english"]].concat());
    assert_eq!(
        folder.staff(),
        [
            "小林\t管理者\t第一班\tjapanese\tpage",
            "佐藤\t担当\t第一班\tjapanese\tpage",
            "伊藤\tsupervisor\t第二班\tenglish\tpage",
        ]
    );
    let alone = folder.refuses(&["person", "leave", "小林"]);
    assert!(alone.contains("the only administrator"), "{alone}");
    let nurse = folder.refuses(&["person", "leave", "伊藤", "--by", "佐藤"]);
    assert!(nurse.contains("佐藤 is no administrator"), "{nurse}");
    folder.says(&["person", "leave", "伊藤"]);
    assert_eq!(folder.staff().len(), 2);

    // With two, somebody has to say who it is.
    folder.says(&[
        "person",
        "add",
        "高橋",
        "--role",
        "admin",
        "--team",
        "第一班",
    ]);
    let which = folder.refuses(&["invite", "佐藤"]);
    assert!(which.contains("小林、高橋"), "{which}");
    let code = folder.says(&["invite", "佐藤", "--by", "高橋"]);
    let code = code.lines().next().expect("a code");
    assert_eq!((code.len(), code.find('-')), (9, Some(4)), "{code}");
    let nobody = folder.refuses(&["invite", "だれか", "--by", "高橋"]);
    assert!(nobody.contains("person list"), "{nobody}");
}

#[test]
fn a_level_is_chosen_with_its_consequence_before_ones_eyes() {
    let folder = Folder::founded();
    let said = folder.refuses(&["level", "telegram"]);
    for part in ["1 ", "2 ", "3 ", "choose 1, 2 or 3", "bot cannot delete"] {
        assert!(said.contains(part), "{said}");
    }
    let said = folder.refuses(&["level", "discord", "2"]);
    assert!(said.contains("--approval"), "{said}");
    let said = folder.says(&["level", "discord", "2", "--approval", "情報第12号"]);
    assert!(said.contains("世帯コードと日付"), "{said}");
    let said = folder.says(&["level", "telegram", "1"]);
    assert!(said.contains("ページへのリンクだけ"), "{said}");
    let page = koekake(&["level", "page", "1"]);
    assert_eq!(run(page, b"").status.code(), Some(2));
}

const STAFF: &str = "\
氏名,役割,班,言語,連絡手段,アカウント
佐藤,担当,第一班,,,
伊藤,係長,第一班,日本語,telegram,1001
Smith,nurse,第二班,english,Discord,200000000000000001
";

const HOUSEHOLDS: &str = "\
code,team,nurse,state,class,route,first known,next date
H-012,第一班,佐藤,支援中,B,民生委員,2025/4/1,
h31,第一班,,受理,,,,
H-101,第二班,Smith,watching,c,self,R7.5.1,
";

#[test]
fn tables_are_taken_as_a_whole() {
    let folder = Folder::founded();
    let staff = folder.file("staff.csv", STAFF);
    let tried = folder.says(&["import", "staff", &staff, "--dry-run"]);
    assert!(tried.contains("第二班"), "{tried}");
    assert!(tried.contains("3 rows can be taken"), "{tried}");
    assert_eq!(folder.staff().len(), 1);
    folder.says(&["import", "staff", &staff]);
    assert_eq!(
        folder.staff()[1..],
        [
            "佐藤\t担当\t第一班\tjapanese\tpage",
            "伊藤\t係長\t第一班\tjapanese\ttelegram,page",
            "Smith\tnurse\t第二班\tenglish\tdiscord,page",
        ]
    );
    let twice = folder.refuses(&["import", "staff", &staff]);
    assert_eq!(
        twice.matches("somebody has this name").count(),
        3,
        "{twice}"
    );

    let table = folder.file("households.csv", HOUSEHOLDS);
    folder.says(&["import", "households", &table]);
    let twice = folder.refuses(&["import", "households", &table]);
    assert_eq!(twice.matches("the code is taken").count(), 3, "{twice}");
    // Whoever has a household does not leave before it is handed on.
    let busy = folder.refuses(&["person", "leave", "佐藤"]);
    assert!(busy.contains("1 as main and 0 as second"), "{busy}");
    let elsewhere = folder.refuses(&["person", "leave", "佐藤", "--hand-to", "Smith"]);
    assert!(elsewhere.contains("same team"), "{elsewhere}");
    let gone = folder.says(&["person", "leave", "佐藤", "--hand-to", "伊藤"]);
    assert!(gone.contains("1 households are 伊藤's now"), "{gone}");
}

#[test]
fn every_refused_row_is_listed_and_nothing_is_taken() {
    let folder = Folder::founded();
    let staff = "\
name,role,team,platform,account
佐藤,担当,第一班,,
,担当,第一班,,
鈴木,保健師,第一班,,
佐藤,担当,第一班,,
伊藤,係長,第一班,telegram,@ito
渡辺,代理,第一班,page,1
田中,担当,第一班,telegram,1001
高橋,担当,第一班,telegram,1001
";
    let staff = folder.file("staff.csv", staff);
    for dry_run in [&["--dry-run"][..], &[]] {
        let said = folder.refuses(&[&["import", "staff", &staff], dry_run].concat());
        let lines: Vec<&str> = said
            .lines()
            .filter_map(|line| line.split(" / line ").nth(1)?.split(':').next())
            .collect();
        assert_eq!(lines, ["3", "4", "5", "6", "7", "9"], "{said}");
        assert!(
            said.contains("6 rows are to be mended, 2 are good"),
            "{said}"
        );
        assert_eq!(folder.staff().len(), 1);
    }

    folder.says(&["import", "staff", &folder.file("good.csv", STAFF)]);
    let table = "\
コード,班,担当,状態,区分,把握経路,第一報日,次回日
H-012,第一班,佐藤,支援中,,,,
H-012,第一班,佐藤,支援中,,,,
世帯,第一班,佐藤,支援中,,,,
H-013,第三班,佐藤,支援中,,,,
H-014,第二班,佐藤,支援中,,,,
H-015,第一班,だれか,支援中,,,,
H-016,第一班,佐藤,終結,,,,
H-017,第一班,佐藤,,,,,
H-018,第一班,佐藤,支援中,D,,,
H-019,第一班,佐藤,支援中,,うわさ,,
H-020,第一班,佐藤,支援中,,,2999-01-01,
H-021,第一班,佐藤,支援中,,,,2206-11-25
";
    let table = folder.file("households.csv", table);
    let said = folder.refuses(&["import", "households", &table]);
    for line in 3..=13 {
        assert_eq!(
            said.matches(&format!(" / line {line}: ")).count(),
            1,
            "{said}"
        );
    }
    assert!(
        said.contains("11 rows are to be mended, 1 are good"),
        "{said}"
    );
    let good = folder.file("again.csv", HOUSEHOLDS);
    folder.says(&["import", "households", &good]);

    let foreign = folder.folder.path().join("shift_jis.csv");
    fs::write(&foreign, b"\x83R\x81[\x83h\nH-012\n").expect("writing");
    let said = folder.refuses(&["import", "households", &foreign.display().to_string()]);
    assert!(said.contains("CSV UTF-8"), "{said}");
    let said = folder.refuses(&["import", "households", "no-such-file.csv"]);
    assert!(said.contains("no-such-file.csv"), "{said}");
}

/// A browser that keeps one cookie by hand.
struct Browser {
    client: Client,
    origin: String,
    cookie: String,
}

impl Browser {
    /// Signs in by that link.
    async fn by(link: &str, program: &Program) -> Browser {
        let token = link.split_once("?t=").expect("a link").1;
        let client = Client::builder().no_proxy().redirect(Policy::none());
        let mut browser = Browser {
            client: client.build().expect("a client"),
            origin: program.origin.clone(),
            cookie: String::new(),
        };
        let signed_in = browser.post("/sign-in", &[("t", token)]).await;
        assert_eq!(signed_in.status(), StatusCode::SEE_OTHER);
        let cookie = signed_in.headers()["set-cookie"].to_str().expect("text");
        browser.cookie = cookie.split(';').next().expect("a cookie").to_owned();
        browser
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.client
            .post(format!("{}{path}", self.origin))
            .header("origin", &self.origin)
            .header("cookie", &self.cookie)
            .form(fields)
            .send()
            .await
            .expect("an answer")
    }

    async fn page(&self, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.origin));
        let response = request.header("cookie", &self.cookie).send().await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.expect("a page")
    }

    async fn says(&self, key: &str, words: &str) {
        let html = self.page("/").await;
        let field = |name: &str| {
            let (_, rest) = html
                .split_once(&format!("name=\"{name}\" value=\""))
                .expect(name);
            rest.chars().take_while(|&c| c != '"').collect::<String>()
        };
        let (csrf, by) = (field("csrf"), field("by"));
        let fields = [
            ("csrf", &*csrf),
            ("by", &*by),
            ("key", key),
            ("words", words),
        ];
        let said = self.post("/say", &fields).await;
        assert_eq!(said.status(), StatusCode::SEE_OTHER);
    }
}

/// The link that the command prints.
fn link(folder: &Folder, name: &str) -> String {
    let said = folder.says(&["link", name]);
    said.lines().next().expect("a link").to_owned()
}

fn ends_in_order(mut program: Program) {
    assert!(program.terminate().success(), "{}", program.errors());
    let errors = program.errors();
    assert!(!errors.contains("ERROR"), "{errors}");
}

#[tokio::test]
async fn from_an_empty_folder_to_a_line_that_outlasts_a_restart() {
    let folder = Folder::founded();
    folder.says(&["import", "staff", &folder.file("staff.csv", STAFF)]);
    let table = folder.file("households.csv", HOUSEHOLDS);
    folder.says(&["import", "households", &table]);

    let program = Program::run(&folder.data(), &[]);
    // The commands work beside it; it is the only one that runs.
    let nurse = Browser::by(&link(&folder, "佐藤"), &program).await;
    let second = folder.refuses(&["run", "--listen", "127.0.0.1:0"]);
    assert!(second.contains("already runs"), "{second}");
    nurse.says("k1", "H-012 電話 応答なし 2週間後").await;
    let html = nurse.page("/").await;
    assert!(html.contains("記録しました H-012"), "{html}");
    assert!(html.contains("見本市保健センター"), "{html}");
    assert!(nurse.page("/board").await.contains("H-031"));
    ends_in_order(program);

    let program = Program::run(&folder.data(), &[]);
    let again = Browser {
        origin: program.origin.clone(),
        ..nurse
    };
    // The session outlasts a restart as the record does.
    let html = again.page("/").await;
    assert!(html.contains("記録しました H-012"), "{html}");
    ends_in_order(program);
}

#[tokio::test]
async fn an_office_may_live_in_postgresql() {
    let Some(url) = postgres::database().await else {
        return;
    };
    let command = |arguments: &[&str]| {
        let mut command = koekake(arguments);
        command.env("KOEKAKE_DATABASE__URL", &url);
        command
    };
    let none = run(command(&["person", "list"]), b"");
    let errors = String::from_utf8_lossy(&none.stderr);
    assert!(errors.contains("koekake init"), "{errors}");
    assert!(run(command(&init()), b"").status.success());
    let again = run(command(&init()), b"");
    let errors = String::from_utf8_lossy(&again.stderr);
    assert!(errors.contains("nothing has changed"), "{errors}");
    assert!(!errors.contains("postgres://"), "{errors}");
    let staff = run(command(&["person", "list"]), b"");
    assert!(String::from_utf8_lossy(&staff.stdout).contains("小林"));

    let folder = tempfile::tempdir().expect("a temp folder");
    let serving = command(&["run", "--listen", "127.0.0.1:0"]);
    let program = Program::started(serving, &folder.path().join("office"));
    let link = run(command(&["link", "小林"]), b"");
    let link = String::from_utf8(link.stdout).expect("UTF-8");
    let link = link.lines().next().expect("a link");
    let admin = Browser::by(link, &program).await;
    admin.says("k1", "新規登録 H-012").await;
    assert!(admin.page("/").await.contains("H-012"));
    ends_in_order(program);
}

#[test]
fn beyond_loopback_the_page_needs_a_name() {
    let folder = Folder::founded();
    let said = folder.refuses(&["run", "--listen", "0.0.0.0:0"]);
    assert!(said.contains("public_url"), "{said}");
}

#[test]
fn the_office_of_a_trial_is_not_run_and_its_zone_is_its_own() {
    let folder = Folder::founded();
    // An office keeps the zone that it was founded in.
    let mut moved = koekake(&["person", "list", "--data"]);
    moved.arg(folder.data());
    moved.env("KOEKAKE_OFFICE__ZONE", "America/New_York");
    let output = run(moved, b"");
    assert!(output.status.success(), "{output:?}");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("its own holds"), "{errors}");

    let trial = tempfile::tempdir().expect("a temp folder");
    let mut program = Program::start(&trial.path().join("data"), &["--households", "3"]);
    program.terminate();
    let made_up = |name: &str| trial.path().join("data").join(name);
    fs::rename(made_up("trial.sqlite"), made_up("office.sqlite")).expect("renaming");
    let mut run_it = koekake(&["run", "--listen", "127.0.0.1:0", "--data"]);
    run_it.arg(trial.path().join("data"));
    let output = run(run_it, b"");
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("made up"), "{errors}");
}
