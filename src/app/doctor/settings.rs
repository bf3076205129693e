//! The settings: what can be read and still be none that an office can run with.
use crate::{
    app::chats,
    config::{Config, Web},
    conversation::checkup::{Finding, OfSettings},
};

/// As the built-in settings say that only the office knows it.
const UNSET: &str = "未設定";

/// Of settings that could be read; what a chat needs matters only with one.
pub fn findings(config: &Config, has_chat: bool) -> Vec<Finding> {
    let mut found = vec![OfSettings::Read, page(&config.web, has_chat)];
    if let Err(error) = crate::app::words(config) {
        let error = error.to_string();
        found.push(OfSettings::WordsRefused { error });
    }
    if let Err(error) = chats::network(&config.network) {
        let error = format!("{error:#}");
        found.push(OfSettings::NetworkRefused { error });
    }
    if has_chat && config.office.counselling == UNSET {
        found.push(OfSettings::NoCounselling);
    }
    let unset = config
        .office
        .card
        .iter()
        .filter(|line| line.number == UNSET);
    found.extend(unset.map(|line| OfSettings::CardUnset {
        label: line.label.clone(),
    }));
    found.into_iter().map(Finding::Settings).collect()
}

/// Whether those who are told the page's address can open it.
fn page(web: &Web, has_chat: bool) -> OfSettings {
    let url = match &web.public_url {
        Some(url) => url.text(),
        None => format!("http://{}", web.listen),
    };
    match &web.public_url {
        None if !web.listen.ip().is_loopback() => OfSettings::PageNameless {
            listen: web.listen.to_string(),
        },
        None if has_chat => OfSettings::PageAtHome { url },
        None => OfSettings::PageAt { url },
        Some(own) if own.is_loopback() && has_chat => OfSettings::PageAtHome { url },
        Some(own) if !own.is_loopback() && !own.is_https() => OfSettings::PageInTheClear { url },
        Some(_) => OfSettings::PageAt { url },
    }
}
