//! The page of a real office: nothing without a session, a session by a link
//! that is spent once, and out at once for whoever has left.
use crate::bot::{TestBot, home, instant, person};
use koekake::{
    domain::people::Language,
    engine::secrets,
    platforms::web::{Mode, Office, Settings, serve},
    store::staff::{self, Act},
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// A real office's page on a free loopback port, and a browser that follows no
/// redirect and keeps no cookie by itself.
struct Site {
    client: Client,
    address: String,
    origin: String,
    shutdown: CancellationToken,
    served: JoinHandle<std::io::Result<()>>,
    bot: TestBot,
}

impl Site {
    async fn open(public: Option<&str>) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let settings = Settings {
            mode: Mode::Office(Office {
                name: "見本市保健センター".into(),
                origin: public.map(str::to_owned),
            }),
            language: Language::Japanese,
            metrics: false,
        };
        let shutdown = CancellationToken::new();
        let bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-12-10")]).await;
        let page = serve(listener, bot.engine.clone(), settings, shutdown.clone());
        Site {
            client: Client::builder()
                .no_proxy()
                .redirect(Policy::none())
                .build()
                .expect("a client"),
            origin: public.map_or(address.clone(), str::to_owned),
            address,
            shutdown,
            served: tokio::spawn(page),
            bot,
        }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let name = self.origin.split_once("://").expect("an origin").1;
        self.client
            .request(method, format!("{}{path}", self.address))
            .header("host", name)
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.ask(Method::POST, path)
            .header("origin", &self.origin)
            .form(form)
    }

    /// A link to the page, as an administrator makes it.
    async fn link(&self, who: &str) -> String {
        let token = secrets::token();
        let made = staff::link(&self.bot.db, &token, person(who), &self.act()).await;
        made.expect("a link");
        token
    }

    fn act(&self) -> Act {
        let now = self.bot.engine.clock().office();
        Act {
            by: person("小林"),
            now,
            today: koekake::domain::calendar::Calendar::japan().day_of(now),
        }
    }

    async fn signs_in(&self, token: &str) -> Response {
        answer(self.post("/sign-in", &[("t", token)])).await
    }

    /// The cookie of somebody who has just signed in.
    async fn session(&self, who: &str) -> String {
        let response = self.signs_in(&self.link(who).await).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(header(&response, "location"), "/#latest");
        let set = header(&response, "set-cookie");
        set.split(';').next().expect("a cookie").to_owned()
    }

    async fn opens(&self, path: &str, cookie: &str) -> Response {
        answer(self.ask(Method::GET, path).header("cookie", cookie)).await
    }

    async fn close(self) {
        self.shutdown.cancel();
        let served = self.served.await.expect("no panic");
        served.expect("a graceful stop");
    }
}

async fn answer(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().expect("plain text"))
}

/// The seal of that page's own forms.
fn seal(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"csrf\" value=\"").expect("a form");
    rest.chars().take_while(|&c| c != '"').collect()
}

#[tokio::test]
async fn without_a_session_every_address_is_the_door_and_nothing_else() {
    let site = Site::open(None).await;
    let paths = [
        "/",
        "/board",
        "/coming",
        "/supervisor",
        "/h/H-012",
        "/h/H-999",
        "/who",
        "/live",
        "/chat/fragment",
        "/no-such-page",
        "/sign-out",
    ];
    for path in paths {
        for cookie in ["", "koekake-session=made-up", "koekake-person=1"] {
            let response = site.opens(path, cookie).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(header(&response, "refresh"), "", "{path}");
            let html = response.text().await.expect("a page");
            assert!(html.contains("職員の方はサインインしてください"), "{path}");
            assert!(html.contains("「ページ」"), "{html}");
            assert!(html.contains("koekake link"), "{html}");
            for secret in ["佐藤", "H-0", "見本", "csrf"] {
                assert!(!html.contains(secret), "{path}: {secret}");
            }
        }
    }
    let said = site.post("/say", &[("words", "H-012 訪問 不在"), ("key", "k1")]);
    let response = answer(said.header("x-koekake", "fragment")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let words = response.text().await.expect("words");
    assert!(words.contains("まだ送っていません"), "{words}");
    // The trial's ways in are not there.
    let be = answer(site.post("/be", &[("person", "1")])).await;
    assert_eq!(be.status(), StatusCode::UNAUTHORIZED);
    site.close().await;
}

#[tokio::test]
async fn the_pages_own_files_need_no_session() {
    let site = Site::open(None).await;
    let door = site.opens("/", "").await.text().await.expect("a page");
    let paths = door.split('"').filter(|part| part.starts_with("/assets/"));
    let mut count = 0;
    for path in paths {
        assert_eq!(site.opens(path, "").await.status(), StatusCode::OK);
        count += 1;
    }
    assert_eq!(count, 4);
    site.close().await;
}

#[tokio::test]
async fn a_link_is_looked_at_for_nothing_and_spent_once() {
    let site = Site::open(None).await;
    let token = site.link("佐藤").await;
    for _ in 0..3 {
        let looked = site.opens(&format!("/sign-in?t={token}"), "").await;
        assert_eq!(looked.status(), StatusCode::OK);
        assert_eq!(header(&looked, "set-cookie"), "");
        let html = looked.text().await.expect("a page");
        assert!(html.contains("サインインする"), "{html}");
        assert!(!html.contains("佐藤"), "{html}");
    }
    let signed_in = site.signs_in(&token).await;
    let cookie = header(&signed_in, "set-cookie");
    let (session, manner) = cookie.split_once("; ").expect("a manner");
    assert_eq!(manner, "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
    let html = site.opens("/", session).await.text().await.expect("a page");
    assert!(html.contains("佐藤さん"), "{html}");
    assert!(html.contains("見本市保健センター"), "{html}");
    assert!(!html.contains("見本データ"), "{html}");

    for spent in [token.as_str(), "", "made-up"] {
        let again = site.signs_in(spent).await;
        assert_eq!(again.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(header(&again, "set-cookie"), "");
        let html = again.text().await.expect("a page");
        assert!(html.contains("この入口はもう使えません"), "{html}");
    }
    site.close().await;
}

#[tokio::test]
async fn a_link_is_good_for_ten_minutes_and_a_session_for_twelve_hours() {
    let site = Site::open(None).await;
    let token = site.link("佐藤").await;
    let clock = |time| site.bot.engine.clock().stand_at(instant(time));
    clock("2026-11-25 09:10");
    assert_eq!(
        site.signs_in(&token).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let session = site.session("佐藤").await;
    clock("2026-11-25 21:09");
    assert_eq!(site.opens("/", &session).await.status(), StatusCode::OK);
    clock("2026-11-25 21:10");
    let response = site.opens("/", &session).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    site.close().await;
}

#[tokio::test]
async fn with_https_the_cookie_is_bound_to_the_host_and_to_encryption() {
    let site = Site::open(Some("https://koekake.example.org")).await;
    let token = site.link("佐藤").await;
    let response = site.signs_in(&token).await;
    let cookie = header(&response, "set-cookie");
    let (session, manner) = cookie.split_once("; ").expect("a manner");
    assert!(session.starts_with("__Host-koekake-session="), "{cookie}");
    assert_eq!(
        manner,
        "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure"
    );
    assert_eq!(site.opens("/", session).await.status(), StatusCode::OK);
    // Any host beside us could set the plain name.
    let plain = session.trim_start_matches("__Host-");
    let response = site.opens("/", plain).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);

    let foreign = site.ask(Method::GET, "/").header("host", "example.org");
    assert_eq!(answer(foreign).await.status(), StatusCode::FORBIDDEN);
    let token = site.link("佐藤").await;
    let form = site.ask(Method::POST, "/sign-in").form(&[("t", &token)]);
    let plain = form.header("origin", "http://koekake.example.org");
    assert_eq!(answer(plain).await.status(), StatusCode::FORBIDDEN);
    site.close().await;
}

#[tokio::test]
async fn whoever_signs_out_or_has_left_is_out_at_once() {
    let site = Site::open(None).await;
    let session = site.session("鈴木").await;
    let html = site
        .opens("/", &session)
        .await
        .text()
        .await
        .expect("a page");
    let seal = seal(&html);
    let bare = site.post("/sign-out", &[]).header("cookie", &session);
    assert_eq!(answer(bare).await.status(), StatusCode::FORBIDDEN);
    let out = site.post("/sign-out", &[("csrf", &seal)]);
    let out = answer(out.header("cookie", &session)).await;
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert!(header(&out, "set-cookie").starts_with("koekake-session=; Path=/; Max-Age=0;"));
    let after = site.opens("/", &session).await;
    assert_eq!(after.status(), StatusCode::UNAUTHORIZED);

    let session = site.session("鈴木").await;
    let unused = site.link("鈴木").await;
    assert_eq!(site.opens("/", &session).await.status(), StatusCode::OK);
    let act = site.act();
    let left = staff::leave(&site.bot.db, person("鈴木"), act.today, &act).await;
    assert_eq!(left.expect("leaving"), Ok(()));
    let after = site.opens("/", &session).await;
    assert_eq!(after.status(), StatusCode::UNAUTHORIZED);
    let link = site.signs_in(&unused).await;
    assert_eq!(link.status(), StatusCode::UNAUTHORIZED);
    site.close().await;
}

#[tokio::test]
async fn whoever_comes_from_a_chat_is_asked_to_open_the_address_once_more() {
    let site = Site::open(None).await;
    let from = async |path: &str, site_of: &'static str| {
        let request = site.ask(Method::GET, path);
        let response = answer(request.header("sec-fetch-site", site_of)).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        header(&response, "refresh").to_owned()
    };
    assert_eq!(from("/h/H-012", "cross-site").await, "0; url=/h/H-012");
    assert_eq!(
        from("/board?code=H-0", "cross-site").await,
        "0; url=/board?code=H-0"
    );
    // Then it comes from our own page, and the door stays.
    assert_eq!(from("/h/H-012", "same-origin").await, "");
    assert_eq!(from("/h/H-012", "none").await, "");
    // Never to another site.
    for path in ["//example.org/", "/\\example.org/"] {
        assert_eq!(from(path, "cross-site").await, "0; url=/", "{path}");
    }
    site.close().await;
}
