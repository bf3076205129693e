//! The page at its edge: who may call it, how, and what it says when it cannot;
//! and with an office behind it, what it takes and shows.
use crate::bot::{TestBot, home, instant, person};
use koekake::{
    domain::people::Language,
    platforms::web::{Mode, Settings, serve},
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// A page on a free loopback port, and a browser that follows no redirect.
struct Site {
    client: Client,
    origin: String,
    shutdown: CancellationToken,
    served: JoinHandle<std::io::Result<()>>,
    /// Its office lasts as long as it does.
    bot: TestBot,
}

impl Site {
    async fn open() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let settings = Settings {
            mode: Mode::Trial,
            language: Language::Japanese,
            metrics: false,
        };
        let shutdown = CancellationToken::new();
        let homes = [
            home(12, "佐藤", "2026-12-10"),
            home(13, "佐藤", "2026-11-20"),
            home(31, "鈴木", "2027-01-15"),
        ];
        let bot = TestBot::at("2026-11-25 09:00", &homes).await;
        let page = serve(listener, bot.engine.clone(), settings, shutdown.clone());
        Site {
            client: Client::builder()
                .no_proxy()
                .redirect(Policy::none())
                .build()
                .expect("a client"),
            origin: format!("http://{address}"),
            shutdown,
            served: tokio::spawn(page),
            bot,
        }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.origin))
    }

    async fn get(&self, path: &str) -> Response {
        let sent = self.ask(Method::GET, path).send().await;
        sent.expect("an answer")
    }

    /// A form as the page's own browser would post it.
    fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.ask(Method::POST, path)
            .header("origin", &self.origin)
            .form(form)
    }

    /// The token that the page's own forms carry.
    async fn token(&self) -> String {
        let door = self.get("/who").await.text().await.expect("a page");
        let (_, rest) = door.split_once("name=\"csrf\" value=\"").expect("a token");
        rest.chars().take_while(|&c| c != '"').collect()
    }

    /// A form that somebody fills in on their own page.
    async fn sends(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let (token, by) = (self.token().await, person(who).0.to_string());
        let mut form = vec![("csrf", token.as_str()), ("by", by.as_str())];
        form.extend_from_slice(fields);
        let request = self.post(path, &form).header("cookie", cookie(who));
        request.send().await.expect("an answer")
    }

    async fn says(&self, who: &str, key: &str, words: &str) -> Response {
        self.sends(who, "/say", &[("key", key), ("words", words)])
            .await
    }

    async fn presses(&self, who: &str, key: &str, action: &str) -> Response {
        self.sends(who, "/press", &[("key", key), ("action", action)])
            .await
    }

    async fn opens(&self, who: &str, path: &str) -> Response {
        let request = self.ask(Method::GET, path).header("cookie", cookie(who));
        request.send().await.expect("an answer")
    }

    /// What that person sees there.
    async fn sees(&self, who: &str, path: &str) -> String {
        let response = self.opens(who, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.expect("a page")
    }

    async fn close(self) {
        self.shutdown.cancel();
        let served = self.served.await.expect("no panic");
        served.expect("a graceful stop");
    }
}

fn cookie(who: &str) -> String {
    format!("koekake-person={}", person(who).0)
}

/// The action behind the newest button of that name.
fn action(html: &str, label: &str) -> String {
    let (before, _) = html
        .rsplit_once(&format!(">{label}</button>"))
        .unwrap_or_else(|| panic!("no button {label}: {html}"));
    let (_, rest) = before
        .rsplit_once("name=\"action\" value=\"")
        .expect("a form around it");
    rest.chars().take_while(|&c| c != '"').collect()
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.expect("an answer").status()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().expect("plain text"))
}

#[tokio::test]
async fn every_answer_is_guarded_and_says_that_the_data_are_made_up() {
    let site = Site::open().await;
    for path in ["/who", "/no-such-page", "/h/H-999/further"] {
        let response = site.get(path).await;
        let policy = header(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"));
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "referrer-policy"), "same-origin");
        assert_eq!(header(&response, "cache-control"), "no-store");
        let html = response.text().await.expect("a page");
        assert!(html.contains("見本データ・架空の事業所です"), "{path}");
        assert!(html.contains("lang=\"ja\""), "{path}");
    }
    site.close().await;
}

#[tokio::test]
async fn whoever_is_not_known_is_led_to_the_door() {
    let site = Site::open().await;
    for path in ["/", "/board", "/coming", "/supervisor", "/h/H-012"] {
        let response = site.get(path).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        assert_eq!(header(&response, "location"), "/who", "{path}");
    }
    let piece = site.ask(Method::GET, "/chat/fragment");
    let piece = piece.header("x-koekake", "fragment");
    assert_eq!(status(piece).await, StatusCode::UNAUTHORIZED);
    site.close().await;
}

#[tokio::test]
async fn a_page_called_by_a_foreign_name_says_nothing() {
    let site = Site::open().await;
    let request = site.ask(Method::GET, "/who").header("host", "example.org");
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let html = response.text().await.expect("a page");
    assert!(html.contains("このページからの操作ではありません"));
    assert!(!html.contains("csrf"));
    site.close().await;
}

#[tokio::test]
async fn a_form_is_taken_from_our_own_page_alone() {
    let site = Site::open().await;
    let token = site.token().await;
    let form = [("csrf", token.as_str()), ("person", "1")];
    let bare = || site.ask(Method::POST, "/be").form(&form);
    assert_eq!(status(bare()).await, StatusCode::FORBIDDEN);
    for origin in ["null", "http://example.org", "http://127.0.0.1:1"] {
        let foreign = bare().header("origin", origin);
        assert_eq!(status(foreign).await, StatusCode::FORBIDDEN, "{origin}");
    }
    let framed = site.post("/be", &form);
    let framed = framed.header("sec-fetch-site", "cross-site");
    assert_eq!(status(framed).await, StatusCode::FORBIDDEN);
    assert_eq!(status(site.post("/be", &form)).await, StatusCode::SEE_OTHER);
    site.close().await;
}

#[tokio::test]
async fn a_form_without_our_token_changes_nothing() {
    let site = Site::open().await;
    let other = Site::open().await;
    let foreign = other.token().await;
    for token in ["", "0", foreign.as_str()] {
        let form = [("csrf", token), ("person", "1")];
        let response = site.post("/be", &form).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        assert_eq!(header(&response, "set-cookie"), "");
        let html = response.text().await.expect("a page");
        assert!(html.contains("画面が古くなっていました"));
    }
    other.close().await;
    site.close().await;
}

#[tokio::test]
async fn the_picked_person_is_kept_in_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let site = Site::open().await;
    let token = site.token().await;
    let form = [("csrf", token.as_str()), ("person", "2")];
    let response = site.post("/be", &form).send().await.expect("an answer");
    assert_eq!(
        header(&response, "set-cookie"),
        "koekake-person=2; Path=/; HttpOnly; SameSite=Strict"
    );
    let form = [
        ("csrf", token.as_str()),
        ("person", "2; Domain=example.org"),
    ];
    assert_eq!(
        status(site.post("/be", &form)).await,
        StatusCode::BAD_REQUEST
    );
    site.close().await;
}

#[tokio::test]
async fn what_is_too_long_or_no_form_is_refused_kindly() {
    let site = Site::open().await;
    let token = site.token().await;
    let long = "あ".repeat(50_000);
    let form = [("csrf", token.as_str()), ("person", long.as_str())];
    let response = site.post("/be", &form).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let html = response.text().await.expect("a page");
    assert!(html.contains("長すぎて受け取れませんでした"));

    let json = site
        .ask(Method::POST, "/be")
        .header("origin", &site.origin)
        .header("content-type", "application/json")
        .body("{}");
    let response = json.send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let html = response.text().await.expect("a page");
    assert!(html.contains("受け取れませんでした"));
    site.close().await;
}

#[tokio::test]
async fn the_pages_own_files_are_kept_for_long_and_found_by_their_version_alone() {
    let site = Site::open().await;
    let door = site.get("/who").await.text().await.expect("a page");
    let paths: Vec<&str> = door
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    assert_eq!(paths.len(), 4, "{paths:?}");
    for path in paths {
        let response = site.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(header(&response, "cache-control").ends_with("immutable"));
        let name = path.rsplit('/').next().expect("a name");
        let other = site.get(&format!("/assets/0/{name}")).await;
        assert_eq!(other.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header(&other, "cache-control"), "no-store");
    }
    site.close().await;
}

#[tokio::test]
async fn nothing_on_the_page_comes_from_outside_or_stands_in_line() {
    let site = Site::open().await;
    site.says("佐藤", "k1", "H-012 訪問 不在 名刺 3か月後")
        .await;
    site.says("伊藤", "k2", "期限超過").await;
    let pages = [
        ("佐藤", "/who"),
        ("佐藤", "/"),
        ("佐藤", "/board"),
        ("佐藤", "/coming"),
        ("佐藤", "/h/H-012"),
        ("伊藤", "/"),
        ("伊藤", "/supervisor"),
    ];
    for (who, path) in pages {
        let html = site.sees(who, path).await;
        for forbidden in [
            "http://", "https://", "style=", "onclick", "<style", "<script>",
        ] {
            assert!(!html.contains(forbidden), "{path}: {forbidden}");
        }
    }
    site.close().await;
}

#[tokio::test]
async fn a_line_is_answered_on_the_page_and_its_key_records_it_once() {
    let site = Site::open().await;
    for _ in 0..2 {
        let said = site
            .says("佐藤", "k1", "H-012 訪問 不在 名刺 3か月後")
            .await;
        assert_eq!(said.status(), StatusCode::SEE_OTHER);
        assert_eq!(header(&said, "location"), "/#latest");
    }
    let html = site.sees("佐藤", "/").await;
    assert_eq!(html.matches("<p>記録しました H-012").count(), 1, "{html}");
    assert!(html.contains("次の声かけ 2027年2月25日(木)"), "{html}");
    // The same key in somebody else's hands is another message.
    site.says("鈴木", "k1", "H-031 電話 応答なし 2週間後").await;
    let html = site.sees("鈴木", "/").await;
    assert!(html.contains("<p>記録しました H-031"), "{html}");
    assert!(!html.contains("記録しました H-012"), "{html}");
    site.close().await;
}

#[tokio::test]
async fn silence_leaves_a_hint_and_nothing_else() {
    let site = Site::open().await;
    for words in ["公用車の鍵どこですか？", "", "🌸🌸🌸"] {
        let said = site.says("佐藤", "k1", words).await;
        assert_eq!(said.status(), StatusCode::SEE_OTHER, "{words}");
        assert_eq!(header(&said, "location"), "/?silent=1#latest", "{words}");
        let html = site.sees("佐藤", "/?silent=1").await;
        assert!(html.contains("何も残していません"), "{html}");
        assert!(!html.contains("<article"), "{html}");
    }
    site.close().await;
}

#[tokio::test]
async fn what_is_not_taken_stays_on_the_screen() {
    let site = Site::open().await;
    let words = "H-012 訪問 <b>不在</b> \"名刺\"";
    let escaped = "H-012 訪問 &lt;b&gt;不在&lt;/b&gt; \"名刺\"";
    let mine = person("佐藤").0.to_string();
    let hers = person("鈴木").0.to_string();
    let token = site.token().await;
    let forms = [
        ("stale", mine.as_str(), StatusCode::FORBIDDEN),
        (token.as_str(), hers.as_str(), StatusCode::CONFLICT),
    ];
    for (token, by, expected) in forms {
        let form = [("csrf", token), ("by", by), ("key", "k1"), ("words", words)];
        let request = site.post("/say", &form).header("cookie", cookie("佐藤"));
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), expected);
        let html = response.text().await.expect("a page");
        let kept = format!("<textarea name=\"words\" rows=\"3\">{escaped}</textarea>");
        assert!(html.replace("&quot;", "\"").contains(&kept), "{html}");
        assert!(html.contains("name=\"key\" value=\"k1\""), "{html}");
    }
    assert!(!site.sees("佐藤", "/").await.contains("<article"));
    site.close().await;
}

#[tokio::test]
async fn buttons_and_forms_do_what_they_say() {
    let site = Site::open().await;
    site.says("佐藤", "k1", "H-012 訪問 不在 名刺 3か月後")
        .await;
    let html = site.sees("佐藤", "/").await;
    let undo = action(&html, "取り消す");
    let pressed = site.presses("佐藤", "k2", &undo).await;
    assert_eq!(pressed.status(), StatusCode::SEE_OTHER);
    let html = site.sees("佐藤", "/").await;
    assert!(html.contains("<p>取り消しました H-012"), "{html}");

    site.says("佐藤", "k3", "H-012 電話 応答なし 3週間後").await;
    let redate = action(&site.sees("佐藤", "/").await, "日付を変える");
    site.presses("佐藤", "k4", &redate).await;
    let other = action(&site.sees("佐藤", "/").await, "ほかの日");
    site.presses("佐藤", "k5", &other).await;
    let form = action(&site.sees("佐藤", "/").await, "送る");
    for (key, value) in [("k6", "きのう"), ("k7", "2026-02-31"), ("k8", "2026-12-08")] {
        let fields = [("key", key), ("action", form.as_str()), ("value", value)];
        let filled = site.sends("佐藤", "/fill", &fields).await;
        assert_eq!(filled.status(), StatusCode::SEE_OTHER, "{value}");
        let html = site.sees("佐藤", "/").await;
        let is_taken = html.contains("12月8日(火)");
        assert_eq!(is_taken, value == "2026-12-08", "{value}: {html}");
    }
    site.close().await;
}

#[tokio::test]
async fn a_button_that_cannot_be_ours_or_is_old_does_no_harm() {
    let site = Site::open().await;
    for forged in ["", "undo", "undo:x", "drop table", "undo:1:2:3", "<script>"] {
        let pressed = site.presses("佐藤", "k1", forged).await;
        assert_eq!(pressed.status(), StatusCode::BAD_REQUEST, "{forged}");
        let html = pressed.text().await.expect("a page");
        assert!(html.contains("受け取れませんでした"), "{forged}");
    }
    for keyless in ["", "k:1", &"k".repeat(65)] {
        let pressed = site.presses("佐藤", keyless, "help").await;
        assert_eq!(pressed.status(), StatusCode::BAD_REQUEST, "{keyless}");
    }
    // Well formed, of nothing that there is: a clear answer.
    let pressed = site.presses("佐藤", "k2", "undo:999999").await;
    assert_eq!(pressed.status(), StatusCode::SEE_OTHER);

    // Last month's button, after somebody else has logged since.
    site.says("佐藤", "k3", "H-012 訪問 不在 名刺 3か月後")
        .await;
    let undo = action(&site.sees("佐藤", "/").await, "取り消す");
    site.bot
        .engine
        .clock()
        .stand_at(instant("2026-12-28 09:00"));
    let said = site
        .says("伊藤", "k4", "H-012 電話 母と話せた 1月20日")
        .await;
    assert_eq!(said.status(), StatusCode::SEE_OTHER);
    let pressed = site.presses("佐藤", "k5", &undo).await;
    assert_eq!(pressed.status(), StatusCode::SEE_OTHER);
    let html = site.sees("佐藤", "/").await;
    assert!(!html.contains("取り消しました H-012"), "{html}");
    let sheet = site.sees("佐藤", "/h/H-012").await;
    assert!(sheet.contains("2027年1月20日(水)"), "{sheet}");
    site.close().await;
}

#[tokio::test]
async fn the_board_is_filtered_and_searched() {
    let site = Site::open().await;
    let codes = async |path: &str| {
        let html = site.sees("佐藤", path).await;
        let links = html.split("href=\"/h/").skip(1);
        let mut codes: Vec<String> = links.map(|rest| rest.chars().take(5).collect()).collect();
        codes.sort();
        codes
    };
    assert_eq!(codes("/board").await, ["H-012", "H-013", "H-031"]);
    let hers = format!("/board?nurse={}&code=", person("鈴木").0);
    assert_eq!(codes(&hers).await, ["H-031"]);
    assert_eq!(codes("/board?code=h12").await, ["H-012"]);
    assert_eq!(codes("/board?code=h-0").await.len(), 3);
    assert_eq!(codes("/board?code=H-01").await, ["H-012", "H-013"]);
    assert!(codes("/board?code=%3Cscript%3E").await.is_empty());
    let html = site.sees("佐藤", "/board?code=%22%3E%3Cscript%3E").await;
    assert!(
        html.contains("value=\"&quot;&gt;&lt;script&gt;\""),
        "{html}"
    );
    assert!(
        site.sees("佐藤", "/board")
            .await
            .contains("過ぎています 5日")
    );
    for unknown in ["/board?nurse=x", "/board?after=020", "/?before=x"] {
        let response = site.opens("佐藤", unknown).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{unknown}");
    }
    site.close().await;
}

#[tokio::test]
async fn a_household_has_a_page_and_an_unknown_one_has_none() {
    let site = Site::open().await;
    site.says("佐藤", "k1", "H-012 訪問 不在 名刺 3か月後")
        .await;
    let html = site.sees("佐藤", "/h/H-012").await;
    assert!(html.contains("<h1>世帯 H-012</h1>"), "{html}");
    assert!(html.contains("訪問・不在・名刺投函"), "{html}");
    assert!(html.contains("2027年2月25日(木)"), "{html}");
    for path in ["/h/H-999", "/h/12", "/h/%3Cscript%3E", "/h/H-012?before=0"] {
        let response = site.opens("佐藤", path).await;
        let expected = match path.ends_with("before=0") {
            true => StatusCode::OK,
            false => StatusCode::NOT_FOUND,
        };
        assert_eq!(response.status(), expected, "{path}");
    }
    site.close().await;
}

#[tokio::test]
async fn the_supervisors_page_is_hers_alone() {
    let site = Site::open().await;
    let refused = site.opens("佐藤", "/supervisor").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let html = refused.text().await.expect("a page");
    assert!(html.contains("係長・代理の画面です"), "{html}");
    assert!(!html.contains("H-0"), "{html}");
    let html = site.sees("伊藤", "/supervisor").await;
    assert!(html.contains("H-013"), "{html}");
    assert!(html.contains("期限超過 1世帯"), "{html}");
    // An admin sees the team's list too, with what an admin may do.
    let html = site.sees("小林", "/supervisor").await;
    assert!(html.contains("期限超過 1世帯"), "{html}");
    assert!(
        !site
            .sees("佐藤", "/")
            .await
            .contains("href=\"/supervisor\"")
    );
    site.close().await;
}

#[tokio::test]
async fn an_open_stream_hears_of_changes_and_does_not_hold_up_the_stop() {
    let site = Site::open().await;
    let mut hers = site.opens("佐藤", "/live").await;
    assert_eq!(header(&hers, "content-type"), "text/event-stream");
    site.says("佐藤", "k1", "H-012 訪問 不在 名刺 3か月後")
        .await;
    let heard = hers.chunk().await.expect("an open stream");
    assert_eq!(
        heard.as_deref(),
        Some(&b"event: changed\ndata: log\n\n"[..])
    );
    site.close().await;
    while hers
        .chunk()
        .await
        .expect("a stream that ends well")
        .is_some()
    {}
}
