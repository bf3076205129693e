//! The settings: built-in defaults, then the office's `local.toml`, then the environment.
//!
//! Values only: `app` reads them once and hands plain values down. Every
//! setting stands in `config/default.toml` with its reason.
mod address;

pub use address::{Address, Origin};

use crate::domain::{calendar::Calendar, ladder, people::Language, proposal, rhythm};
use address::{unless_blank, unless_empty};
use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use figment::{Figment, providers::Serialized};
use secrecy::SecretString;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fmt, fs, io,
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
};
use toml::de::{DeTable, DeValue};

const DEFAULTS: &str = include_str!("../../config/default.toml");
/// The office's settings in a config folder.
const LOCAL: &str = "local.toml";
/// The office's additions to the words of the chat in a config folder.
const WORDS: &str = "words.local.toml";
/// `KOEKAKE_WEB__LISTEN` sets `listen` of `[web]`.
const PREFIX: &str = "KOEKAKE_";
/// Variables of the test rig, which are no settings.
const TEST_PREFIX: &str = "KOEKAKE_TEST_";

/// All settings of one process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub office: Office,
    pub web: Web,
    pub network: Network,
    pub data: Data,
    pub database: Database,
    pub backup: Backup,
    pub telegram: Telegram,
    pub discord: Discord,
    pub chat: Chat,
    pub audit: Audit,
    /// Whom to tell next, and when.
    pub ladder: ladder::Settings,
    /// Lists that come by the calendar.
    pub rhythm: rhythm::Settings,
    /// The next check-in when no date is said.
    pub proposals: proposal::Settings,
    /// The office's additions to the words, unread.
    #[serde(skip)]
    pub words: Option<WordsFile>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    pub name: String,
    pub zone: Tz,
    /// Wall clock of `zone`.
    pub opens: NaiveTime,
    /// Wall clock of `zone`.
    pub closes: NaiveTime,
    /// Days on which this office alone is closed.
    pub closures: BTreeSet<NaiveDate>,
    /// For people who have not chosen theirs.
    pub language: Language,
    /// Told to strangers in a chat: telephone and hours, or 「未設定」.
    pub counselling: String,
    /// Shown with each alarm, in this order.
    pub card: Vec<CardLine>,
}

impl Office {
    pub fn calendar(&self) -> Calendar {
        Calendar {
            zone: self.zone,
            opens: self.opens,
            closes: self.closes,
            closures: self.closures.clone(),
        }
    }
}

/// One line of the emergency card: 緊急連絡先, 110・119, 虐待通告先.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardLine {
    pub label: String,
    /// A telephone number, or 「未設定」.
    pub number: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    pub listen: SocketAddr,
    /// As staff reach the page; None: at the listening address.
    #[serde(deserialize_with = "unless_empty")]
    pub public_url: Option<Origin>,
    /// Whether `/metrics` is answered.
    pub metrics: bool,
}

/// How the chats are reached from an office that is not simply on the internet.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Through which all of it goes.
    #[serde(deserialize_with = "unless_empty")]
    pub proxy: Option<Address>,
    /// A further certificate authority, as PEM.
    #[serde(deserialize_with = "unless_empty")]
    pub ca_file: Option<PathBuf>,
}

/// A proxy's address may hold a password, so it is never printed.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("proxy", &self.proxy.as_ref().map(|_| "[hidden]"))
            .field("ca_file", &self.ca_file)
            .finish()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// None: there is no Telegram.
    #[serde(deserialize_with = "unless_blank")]
    pub token: Option<SecretString>,
    /// Of a local Bot API server; None: Telegram's own.
    #[serde(deserialize_with = "unless_empty")]
    pub api_url: Option<Address>,
    /// Messages that are sent at most.
    pub per_second: NonZeroU32,
    pub per_second_and_chat: NonZeroU32,
    pub per_minute_and_group: NonZeroU32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discord {
    /// None: there is no Discord.
    #[serde(deserialize_with = "unless_blank")]
    pub token: Option<SecretString>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// Whether lines are read in shared places, or only commands and mentions.
    pub free_lines_in_rooms: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    pub every_minutes: NonZeroU32,
    /// Outside, in the manner of healthchecks; None: nowhere.
    #[serde(deserialize_with = "unless_empty")]
    pub heartbeat_url: Option<Address>,
}

/// Whoever knows the address can send heartbeats there, so it is never printed.
impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heartbeat_url = self.heartbeat_url.as_ref().map(|_| "[hidden]");
        f.debug_struct("Audit")
            .field("every_minutes", &self.every_minutes)
            .field("heartbeat_url", &heartbeat_url)
            .finish()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Relative to the working directory.
    pub dir: PathBuf,
}

/// Of each day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Relative to the working directory.
    pub dir: PathBuf,
    /// Wall clock of the office.
    pub at: NaiveTime,
    /// So many are kept; 0: none are made.
    pub keep: usize,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    url: String,
}

impl Database {
    /// A PostgreSQL URL; None for the SQLite file in the data folder.
    pub fn url(&self) -> Option<&str> {
        Some(self.url.as_str()).filter(|url| !url.is_empty())
    }
}

/// The URL may hold a password, so it is never printed.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url().map(|_| "[hidden]");
        f.debug_struct("Database").field("url", &url).finish()
    }
}

/// A file of additional words; the path is kept so that an error can name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordsFile {
    pub path: PathBuf,
    pub text: String,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{place}: {problem}")]
    Wrong { place: Place, problem: String },
}

/// Where a setting was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    BuiltIn,
    /// Line and column count from 1, the column in characters.
    File {
        path: PathBuf,
        line: usize,
        column: usize,
    },
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::BuiltIn => write!(f, "the built-in settings"),
            Place::File { path, line, column } => {
                write!(f, "{}, line {line}, column {column}", path.display())
            }
            Place::Variable(name) => write!(f, "the environment variable {name}"),
        }
    }
}

impl Config {
    /// Reads the defaults, `local.toml` and the words of the config folder where
    /// there are any, and the variables of the environment, later ones winning.
    pub fn load(
        folder: Option<&Path>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Config, Error> {
        let defaults = Layer::built_in()?;
        let mut layers = Vec::new();
        let mut words = None;
        if let Some(folder) = folder {
            fs::read_dir(folder).map_err(|source| unreadable(folder, source))?;
            if let Some((path, text)) = read_if_there(&folder.join(LOCAL))? {
                layers.push(Layer::file(path, text)?);
            }
            words =
                read_if_there(&folder.join(WORDS))?.map(|(path, text)| WordsFile { path, text });
        }
        for (name, text) in said_in(variables, &defaults.values)? {
            layers.push(Layer::variable(name, text, &defaults.values)?);
        }
        layers.insert(0, defaults);

        let merged = layers.iter().fold(Figment::new(), |merged, layer| {
            merged.merge(Serialized::defaults(&layer.values))
        });
        let mut config: Config = merged.extract().map_err(|error| refused(&layers, error))?;
        config.check(&layers)?;
        config.words = words;
        Ok(config)
    }

    /// What no single type can refuse.
    fn check(&self, layers: &[Layer]) -> Result<(), Error> {
        let wrong = |keys: &[&str], problem: &str| {
            let keys: Vec<String> = keys.iter().map(|key| String::from(*key)).collect();
            Err(wrong_at(layers, &keys, problem.to_owned()))
        };
        if self.office.opens >= self.office.closes {
            return wrong(&["office"], "the office closes before it opens");
        }
        if self.office.name.trim().is_empty() {
            return wrong(&["office", "name"], "the office needs a name");
        }
        match self.database.url() {
            Some(url) if !url.starts_with("postgres://") && !url.starts_with("postgresql://") => {
                wrong(
                    &["database", "url"],
                    "expected a URL that begins with postgres:// (empty means SQLite)",
                )
            }
            _ => Ok(()),
        }
    }
}

/// The settings that one source says.
struct Layer {
    source: Source,
    values: toml::Table,
}

enum Source {
    BuiltIn,
    File { path: PathBuf, text: String },
    Variable(String),
}

impl Layer {
    fn built_in() -> Result<Layer, Error> {
        let values = DEFAULTS
            .parse()
            .map_err(|error: toml::de::Error| Error::Wrong {
                place: Place::BuiltIn,
                problem: error.message().to_owned(),
            })?;
        Ok(Layer {
            source: Source::BuiltIn,
            values: dates_as_text(values),
        })
    }

    fn file(path: PathBuf, text: String) -> Result<Layer, Error> {
        match text.parse() {
            Ok(values) => Ok(Layer {
                source: Source::File { path, text },
                values: dates_as_text(values),
            }),
            Err(error) => Err(Error::Wrong {
                place: place_in_file(path, &text, error.span().unwrap_or_default().start),
                problem: error.message().to_owned(),
            }),
        }
    }

    /// Text is taken as it is where the setting is text, else it is TOML.
    fn variable(name: String, text: String, known: &toml::Table) -> Result<Layer, Error> {
        let keys = keys_of(&name);
        let value = match find(known, &keys) {
            Some(toml::Value::String(_)) | None => toml::Value::String(text),
            Some(_) => text
                .parse()
                .map_err(|error: toml::de::Error| Error::Wrong {
                    place: Place::Variable(name.clone()),
                    problem: format!("expected a TOML value: {}", error.message()),
                })?,
        };
        let mut keys = keys.into_iter().rev();
        let last = keys.next().unwrap_or_default();
        let values = keys.fold(toml::Table::from_iter([(last, value)]), |inner, key| {
            toml::Table::from_iter([(key, toml::Value::Table(inner))])
        });
        Ok(Layer {
            source: Source::Variable(name),
            values: dates_as_text(values),
        })
    }

    /// Where this layer says the setting; None if it does not.
    fn place(&self, keys: &[String]) -> Option<Place> {
        find(&self.values, keys)?;
        match &self.source {
            Source::BuiltIn => Some(Place::BuiltIn),
            Source::Variable(name) => Some(Place::Variable(name.clone())),
            Source::File { path, text } => {
                let offset = offset_of(text, keys)?;
                Some(place_in_file(path.clone(), text, offset))
            }
        }
    }
}

/// The settings among the variables, `…_FILE` resolved to the file's trimmed text.
fn said_in(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    known: &toml::Table,
) -> Result<BTreeMap<String, String>, Error> {
    let mut said = BTreeMap::new();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| is_setting(name)) else {
            continue;
        };
        let wrong = |problem: &str| Error::Wrong {
            place: Place::Variable(name.to_owned()),
            problem: problem.to_owned(),
        };
        if !name.contains("__") {
            return Err(wrong(
                "no such setting: two underscores stand between section and key, as in KOEKAKE_WEB__LISTEN",
            ));
        }
        let (key, text) = match name.strip_suffix("_FILE") {
            Some(key) if find(known, &keys_of(name)).is_none() => {
                let path = Path::new(&value);
                let text = fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
                (key, text.trim().to_owned())
            }
            _ => (
                name,
                value
                    .into_string()
                    .map_err(|_| wrong("the value is no UTF-8 text"))?,
            ),
        };
        if said.insert(key.to_owned(), text).is_some() {
            return Err(wrong("said twice, once with and once without _FILE"));
        }
    }
    Ok(said)
}

fn is_setting(variable: &str) -> bool {
    variable.starts_with(PREFIX) && !variable.starts_with(TEST_PREFIX)
}

fn keys_of(variable: &str) -> Vec<String> {
    variable[PREFIX.len()..]
        .split("__")
        .map(str::to_lowercase)
        .collect()
}

fn find<'t>(table: &'t toml::Table, keys: &[String]) -> Option<&'t toml::Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter()
        .try_fold(table.get(first)?, |value, key| match value {
            toml::Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            _ => value.get(key),
        })
}

/// Dates and times may stand bare or in quotes.
fn dates_as_text(table: toml::Table) -> toml::Table {
    fn plain(value: toml::Value) -> toml::Value {
        match value {
            toml::Value::Datetime(moment) => toml::Value::String(moment.to_string()),
            toml::Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().into(),
            toml::Value::Table(table) => dates_as_text(table).into(),
            other => other,
        }
    }
    table
        .into_iter()
        .map(|(key, value)| (key, plain(value)))
        .collect()
}

/// What serde refused, with the place where the refused setting was said.
fn refused(layers: &[Layer], error: figment::Error) -> Error {
    use figment::error::Kind;
    let mut keys = error.path.clone();
    let problem = match error.kind {
        Kind::UnknownField(name, expected) => {
            let problem = format!(
                "unknown setting `{name}`; known here: {}",
                expected.join(", ")
            );
            // The path of an unknown section or key may or may not end in its name.
            if keys.last() != Some(&name) {
                keys.push(name);
            }
            problem
        }
        // What was said there may be a secret in the wrong form.
        Kind::InvalidType(..) | Kind::InvalidValue(..)
            if keys.last().is_some_and(|key| is_secret(key)) =>
        {
            format!("`{}`: expected text in quotes", keys.join("."))
        }
        kind => format!("`{}`: {kind}", keys.join(".")),
    };
    wrong_at(layers, &keys, problem)
}

/// Whether a setting of that name is shown to nobody.
fn is_secret(key: &str) -> bool {
    ["token", "url", "proxy"].contains(&key)
}

fn wrong_at(layers: &[Layer], keys: &[String], problem: String) -> Error {
    let place = layers.iter().rev().find_map(|layer| layer.place(keys));
    Error::Wrong {
        place: place.unwrap_or(Place::BuiltIn),
        problem,
    }
}

/// Where the key stands in the text, in bytes.
fn offset_of(text: &str, keys: &[String]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let (first, rest) = keys.split_first()?;
    let (key, value) = table.get_ref().get_key_value(first.as_str())?;
    let mut offset = key.span().start;
    let mut value = value.get_ref();
    for key in rest {
        match value {
            DeValue::Array(items) => {
                let item = items.get(key.parse::<usize>().ok()?)?;
                offset = item.span().start;
                value = item.get_ref();
            }
            DeValue::Table(table) => {
                let (key, inner) = table.get_key_value(key.as_str())?;
                offset = key.span().start;
                value = inner.get_ref();
            }
            _ => return None,
        }
    }
    Some(offset)
}

fn place_in_file(path: PathBuf, text: &str, offset: usize) -> Place {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place::File {
        path,
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

fn read_if_there(path: &Path) -> Result<Option<(PathBuf, String)>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.to_owned(), text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, source: io::Error) -> Error {
    Error::Unreadable {
        path: path.to_owned(),
        source,
    }
}
