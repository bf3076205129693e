//! What every form of the page carries unseen: that it is ours, who fills it
//! in, and a key by which the same message is known again.
use super::{
    Page,
    problem::{Asked, Failure, Problem},
};
use crate::domain::PersonId;
use axum::{
    Form,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use maud::{Markup, html};
use serde::{Deserialize, de::DeserializeOwned};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The longest key that is taken from a browser, in bytes.
const KEY_BYTES_MAX: usize = 64;

/// A value that only this process's pages know; another site cannot read it.
pub struct Secret(String);

impl Secret {
    pub fn random() -> Secret {
        let bytes: [u8; 32] = rand::random();
        Secret(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

/// A new key; the browser makes its own where it can.
pub fn new_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// The key as the engine knows it, apart for each person so that nobody can
/// answer for another's message. None if what was given is no key.
pub fn message_key(person: PersonId, given: &str) -> Option<String> {
    let is_key = !given.is_empty()
        && given.len() <= KEY_BYTES_MAX
        && given
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_key.then(|| format!("page:{}:{given}", person.0))
}

/// The unseen fields of a form, with a key that is used for the first time
/// unless an earlier sending is repeated.
pub fn unseen(secret: &Secret, by: PersonId, key: &str) -> Markup {
    html! {
        (sealed(secret))
        input type="hidden" name="by" value=(by.0);
        input type="hidden" name="key" value=(key);
    }
}

/// The unseen field of a form that sends no message.
pub fn sealed(secret: &Secret) -> Markup {
    html! { input type="hidden" name="csrf" value=(secret.as_str()); }
}

/// The fields of a posted form. They are reached through [`Posted::open`]
/// alone, so that none is used unchecked.
pub struct Posted<T> {
    is_genuine: bool,
    fields: T,
}

#[derive(Deserialize)]
struct Wire<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    fields: T,
}

impl<T> Posted<T> {
    /// The fields, if the form was made by this process. Those of a page from
    /// before a restart come back as the error, to be shown and sent again.
    pub fn open(self) -> Result<T, T> {
        match self.is_genuine {
            true => Ok(self.fields),
            false => Err(self.fields),
        }
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Page>> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, page: &Arc<Page>) -> Result<Self, Failure> {
        let asked = Asked::of(request.headers());
        match Form::<Wire<T>>::from_request(request, page).await {
            Ok(Form(wire)) => Ok(Posted {
                is_genuine: page.secret.is(&wire.csrf),
                fields: wire.fields,
            }),
            Err(rejection) => {
                let problem = match rejection.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLong,
                    _ => Problem::Unknown,
                };
                Err(Failure::new(problem, page, asked))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, message_key, new_key};
    use crate::domain::PersonId;

    #[test]
    fn a_key_is_short_plain_and_its_persons_own() {
        let key = |given: &str| message_key(PersonId(7), given);
        assert_eq!(key("a-1"), Some("page:7:a-1".to_owned()));
        assert!(key(&new_key()).is_some());
        assert!(key(&"x".repeat(64)).is_some());
        for given in ["", "a:b", "a b", "鍵", "a\n", &"x".repeat(65)] {
            assert_eq!(key(given), None, "{given:?}");
        }
    }

    #[test]
    fn a_secret_is_long_and_only_itself() {
        let secret = Secret::random();
        assert_eq!(secret.as_str().len(), 64);
        assert!(secret.is(secret.as_str()));
        assert!(!secret.is(""));
        assert!(!secret.is(Secret::random().as_str()));
    }
}
