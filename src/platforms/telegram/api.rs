//! Requests to the Bot API, and what became of each of them.
use super::Settings;
use reqwest::{
    Client, ClientBuilder, Response, Url,
    header::{CONTENT_TYPE, DATE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::time::Duration;
use teloxide_core::{ApiError, requests::Payload};

/// Whoever cannot be connected to by then is away.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// An answer that takes longer is none; with the wait for our own turn and one
/// further try it stays below what the engine waits for a courier.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that is quiet for longer may have been cut on its way.
const IDLE: Duration = Duration::from_secs(50);
const TOO_MANY_REQUESTS: u16 = 429;
const GATEWAY_TIMEOUT: u16 = 504;

/// The client for Telegram: an office's proxy and certificates are put into the
/// builder before. The time-outs of the requests are their own.
pub fn client(builder: ClientBuilder) -> reqwest::Result<Client> {
    builder
        .connect_timeout(CONNECT_PATIENCE)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .build()
}

/// Where Telegram's own Bot API is.
pub fn own_address() -> &'static str {
    teloxide_core::net::TELEGRAM_API_URL
}

/// Sends requests for one bot.
pub(super) struct Api {
    client: Client,
    /// The address of a method without its name; holds the token.
    methods: SecretString,
}

/// Why a request brought nothing. Holds neither the address, which has the token
/// in it, nor Telegram's words, which may repeat ours.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Nothing was taken: no connection came about.
    #[error("not reached")]
    Unreached,
    /// Nothing was taken: the server has trouble of its own.
    #[error("trouble on the other side ({status})")]
    Trouble { status: u16 },
    /// Nothing was taken: it was refused.
    #[error("refused ({})", .0.code)]
    Refused(Refusal),
    /// It was sent; nobody knows whether it was taken.
    #[error("no answer")]
    NoAnswer,
    /// It was taken; what was answered cannot be read.
    #[error("taken, but the answer cannot be read")]
    Unread,
}

/// What Telegram says when it refuses.
#[derive(Debug)]
pub(super) struct Refusal {
    /// As of HTTP.
    pub code: u16,
    pub error: Option<ApiError>,
    pub retry_after: Option<Duration>,
    pub moved_to: Option<i64>,
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Envelope<T> {
    ok: bool,
    result: Option<T>,
    error_code: Option<u16>,
    description: Option<ApiError>,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

impl Api {
    pub fn new(settings: &Settings) -> Api {
        let api = settings.api_url.as_str().trim_end_matches('/');
        let token = settings.token.expose_secret();
        Api {
            client: settings.client.clone(),
            methods: format!("{api}/bot{token}/").into(),
        }
    }

    /// Sends a request, and reads of the answer what the caller needs.
    pub async fn call<P, T>(&self, request: &P) -> Result<T, Failure>
    where
        P: Payload + Serialize + Sync,
        T: DeserializeOwned,
    {
        read_all(self.send(request).await?).await
    }

    /// As [`Api::call`], with the `Date` that the answer bears.
    pub async fn call_dated<P, T>(&self, request: &P) -> Result<(T, Option<String>), Failure>
    where
        P: Payload + Serialize + Sync,
        T: DeserializeOwned,
    {
        let response = self.send(request).await?;
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| date.to_str().ok()).map(str::to_owned);
        Ok((read_all(response).await?, date))
    }

    async fn send<P>(&self, request: &P) -> Result<Response, Failure>
    where
        P: Payload + Serialize + Sync,
    {
        let methods = self.methods.expose_secret();
        let address =
            Url::parse(&format!("{methods}{}", P::NAME)).map_err(|_| Failure::Unreached)?;
        let body = serde_json::to_vec(request).map_err(|_| Failure::Unreached)?;
        self.client
            .post(address)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            // A long poll takes its own time on top.
            .timeout(PATIENCE + request.timeout_hint().unwrap_or_default())
            .body(body)
            .send()
            .await
            .map_err(|error| unanswered(&error))
    }
}

async fn read_all<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let status = response.status();
    if status.is_server_error() {
        return Err(trouble(status.as_u16()));
    }
    let answer = response.bytes().await.map_err(|_| {
        if status.is_success() {
            Failure::Unread
        } else {
            Failure::Refused(Refusal::bare(status.as_u16()))
        }
    })?;
    read(status.as_u16(), &answer)
}

fn unanswered(error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() {
        Failure::Unreached
    } else {
        Failure::NoAnswer
    }
}

fn trouble(status: u16) -> Failure {
    match status {
        // Whoever stands between does not know what became of it.
        GATEWAY_TIMEOUT => Failure::NoAnswer,
        status => Failure::Trouble { status },
    }
}

fn read<T: DeserializeOwned>(status: u16, answer: &[u8]) -> Result<T, Failure> {
    let is_success = (200..300).contains(&status);
    let Ok(envelope) = serde_json::from_slice::<Envelope<T>>(answer) else {
        return Err(if is_success {
            Failure::Unread
        } else {
            Failure::Refused(Refusal::bare(status))
        });
    };
    if envelope.ok {
        return envelope.result.ok_or(Failure::Unread);
    }
    let refusal = Refusal {
        code: envelope.error_code.unwrap_or(status),
        error: envelope.description,
        retry_after: envelope.parameters.retry_after.map(Duration::from_secs),
        moved_to: envelope.parameters.migrate_to_chat_id,
    };
    // Some servers between say it in the body alone.
    if refusal.code >= 500 {
        return Err(trouble(refusal.code));
    }
    Err(Failure::Refused(refusal))
}

impl Refusal {
    /// Without words.
    pub fn bare(code: u16) -> Refusal {
        Refusal {
            code,
            error: None,
            retry_after: None,
            moved_to: None,
        }
    }

    pub fn is_of_haste(&self) -> bool {
        self.code == TOO_MANY_REQUESTS
    }
}
