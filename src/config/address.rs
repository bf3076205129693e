//! Settings that may be left empty, and addresses among them.
use reqwest::Url;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error};
use std::{fmt::Display, net::IpAddr, str::FromStr};

/// Where the page is reached: a scheme, a host and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(Url);

impl Origin {
    /// As browsers write it: `https://koekake.example.lg.jp`.
    pub fn text(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether it is this machine's own, which no other can open.
    pub fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        host == "localhost" || address.is_some_and(|address| address.is_loopback())
    }
}

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Origin, Self::Err> {
        let url: Address = text.parse()?;
        let is_bare = url.0.path() == "/"
            && url.0.query().is_none()
            && url.0.fragment().is_none()
            && url.0.username().is_empty()
            && url.0.password().is_none();
        match is_bare {
            true => Ok(Origin(url.0)),
            false => Err("expected https://host or http://host:port, and nothing behind it"),
        }
    }
}

/// Where something is reached on the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Address, Self::Err> {
        let url: Option<Url> = text.trim().parse().ok();
        url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .map(Address)
            .ok_or("expected an address that begins with http:// or https://")
    }
}

/// None where the text is empty.
pub(super) fn unless_empty<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    match String::deserialize(from)?.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(D::Error::custom),
    }
}

/// As [`unless_empty`]; what stands around a secret in a file is no part of it.
pub(super) fn unless_blank<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<SecretString>, D::Error> {
    let text = String::deserialize(from)?;
    Ok(match text.trim() {
        "" => None,
        secret => Some(SecretString::from(secret)),
    })
}
