//! What every request passes: is it meant for us, does it come from us, and
//! nothing breaks loudly.
//!
//! A page on loopback or in an office's own network is open to DNS rebinding: a
//! foreign site may give its own name our address. So the name must be one of
//! ours, and a change must come from a page of ours that is called by it.
use super::{
    Page,
    problem::{Asked, Failure, Problem},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc};

const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The names by which this page may be called.
/// Each as the origin of its pages.
pub struct Hosts(Vec<String>);

impl Hosts {
    /// The loopback names with this port, and the public one: `https://host`.
    pub fn new(port: u16, public: Option<&str>) -> Hosts {
        let with_port = LOOPBACK.iter().map(|name| format!("http://{name}:{port}"));
        // Browsers leave out the scheme's own port.
        let own_port = LOOPBACK.iter().filter(|_| port == 80);
        let bare = own_port.map(|name| format!("http://{name}"));
        let public = public.map(str::to_owned);
        Hosts(with_port.chain(bare).chain(public).collect())
    }

    /// Whether the request calls us by a loopback name.
    pub fn is_loopback(&self, headers: &HeaderMap) -> bool {
        let called = self.called(headers);
        called.is_some_and(|name| self.0.iter().take(LOOPBACK.len()).any(|own| own == name))
    }

    /// The origin of the page that the request asks for, if it is one of ours.
    fn called(&self, headers: &HeaderMap) -> Option<&str> {
        let host = only(headers, header::HOST)?;
        let is_called = |origin: &&String| {
            let name = origin.split_once("://").map(|(_, name)| name);
            name.is_some_and(|name| name.eq_ignore_ascii_case(host))
        };
        self.0.iter().find(is_called).map(String::as_str)
    }
}

/// Lets a request through if it is ours, and dresses the answer.
pub async fn check(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let asked = Asked::of(request.headers());
    let fail = |problem| Failure::new(problem, &page, asked).into_response();
    let mut response = if !is_ours(&page.hosts, &request) {
        fail(Problem::Foreign)
    } else {
        // A panic is our mistake: the visitor gets an answer, the log the news.
        match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(response) => response,
            Err(_) => {
                tracing::error!("a page handler panicked");
                fail(Problem::Broken)
            }
        }
    };
    dress(response.headers_mut());
    response
}

fn is_ours(hosts: &Hosts, request: &Request) -> bool {
    let headers = request.headers();
    let Some(ours) = hosts.called(headers) else {
        return false;
    };
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD);
    only_reads || is_from(headers, ours)
}

/// Every browser names the origin of a form it posts; some also the site.
fn is_from(headers: &HeaderMap, ours: &str) -> bool {
    let origin = only(headers, header::ORIGIN);
    let same_origin = origin.is_some_and(|origin| origin.eq_ignore_ascii_case(ours));
    let site = HeaderName::from_static("sec-fetch-site");
    let same_site = !headers.contains_key(&site) || only(headers, site) == Some("same-origin");
    same_origin && same_site
}

/// The value of a header that is there exactly once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

fn dress(headers: &mut HeaderMap) {
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // `no-referrer` would turn the Origin of our own forms into `null`.
    set(header::REFERRER_POLICY, "same-origin");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    // The page's own files say how long they may be kept; nothing else may be.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::{Hosts, is_ours};
    use axum::{body::Body, extract::Request};

    fn check(method: &str, headers: &[(&str, &str)], expected: bool) {
        check_called(None, method, headers, expected);
    }

    fn check_called(public: Option<&str>, method: &str, headers: &[(&str, &str)], expected: bool) {
        let mut request = Request::builder().method(method).uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let hosts = Hosts::new(8731, public);
        assert_eq!(is_ours(&hosts, &request), expected, "{method} {headers:?}");
    }

    #[test]
    fn only_the_loopback_names_with_the_port_are_ours() {
        for host in [
            "127.0.0.1:8731",
            "localhost:8731",
            "LocalHost:8731",
            "[::1]:8731",
        ] {
            check("GET", &[("host", host)], true);
        }
        for host in [
            "",
            "localhost",
            "localhost:80",
            "127.0.0.1.example.org:8731",
            "example.org",
        ] {
            check("GET", &[("host", host)], false);
        }
        check("GET", &[], false);
        check(
            "GET",
            &[("host", "localhost:8731"), ("host", "example.org")],
            false,
        );
    }

    #[test]
    fn a_change_comes_from_a_page_of_ours() {
        let host = ("host", "localhost:8731");
        let ours = ("origin", "http://localhost:8731");
        check("POST", &[host, ours], true);
        check(
            "POST",
            &[host, ours, ("sec-fetch-site", "same-origin")],
            true,
        );
        check("POST", &[host], false);
        check("POST", &[host, ("origin", "null")], false);
        check("POST", &[host, ("origin", "http://127.0.0.1:8731")], false);
        check("POST", &[host, ("origin", "https://localhost:8731")], false);
        check("POST", &[host, ("origin", "http://example.org")], false);
        check(
            "POST",
            &[host, ours, ("sec-fetch-site", "same-site")],
            false,
        );
        check("DELETE", &[host, ("origin", "http://example.org")], false);
    }

    #[test]
    fn the_public_name_is_ours_too_and_its_pages_come_by_its_scheme() {
        let check = |headers: &[(&str, &str)], expected| {
            let public = Some("https://koekake.example.org");
            check_called(public, "POST", headers, expected);
        };
        let host = ("host", "koekake.example.org");
        let loopback = ("host", "localhost:8731");
        let ours = ("origin", "https://koekake.example.org");
        check(&[host, ours], true);
        check(&[host, ("origin", "http://koekake.example.org")], false);
        check(&[host, ("origin", "http://localhost:8731")], false);
        check(&[loopback, ours], false);
        check(&[loopback, ("origin", "http://localhost:8731")], true);
        check(&[("host", "koekake.example.org:8731"), ours], false);
        check(&[("host", "example.org"), ours], false);
    }
}
