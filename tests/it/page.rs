//! The page at its edge: who may call it, how, and what it says when it cannot.
use crate::bot::TestBot;
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
    _bot: TestBot,
}

impl Site {
    async fn open() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let settings = Settings {
            mode: Mode::Trial,
            language: Language::Japanese,
        };
        let shutdown = CancellationToken::new();
        let bot = TestBot::at("2026-11-25 09:00", &[]).await;
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
            _bot: bot,
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

    async fn close(self) {
        self.shutdown.cancel();
        let served = self.served.await.expect("no panic");
        served.expect("a graceful stop");
    }
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
    let door = site.get("/who").await.text().await.expect("a page");
    for forbidden in [
        "http://", "https://", "style=", "onclick", "<style", "<script>",
    ] {
        assert!(!door.contains(forbidden), "{forbidden}");
    }
    site.close().await;
}
