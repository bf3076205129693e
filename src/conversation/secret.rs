//! Codes and tokens that let somebody in, or let somebody answer as the bot.
use std::fmt;

/// One of them: told to whom it is for, and hidden wherever a value is only shown
/// for ourselves, as in a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    pub fn tell(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(told: String) -> Secret {
        Secret(told)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;
    use crate::{
        conversation::{decision::OfficeChange, message::AnswerTo, phrase::StaffLine},
        domain::PersonId,
    };

    #[test]
    fn nothing_that_holds_a_secret_shows_it() {
        let own = || "7KQ2-9M4T".to_owned();
        let code = || Secret::from(own());
        let name = || "佐藤".to_owned();
        let person = PersonId(1);
        let shown = [
            format!("{:?}", code()),
            format!(
                "{:?}",
                OfficeChange::Invite {
                    person,
                    code: code()
                }
            ),
            format!("{:?}", OfficeChange::PageLink { token: code() }),
            format!(
                "{:?}",
                StaffLine::JoinCode {
                    name: name(),
                    code: code()
                }
            ),
            format!(
                "{:?}",
                StaffLine::JoinCodeHow {
                    code: code(),
                    days: 7
                }
            ),
            format!("{:?}", StaffLine::PageLink { url: code() }),
            format!(
                "{:?}",
                AnswerTo {
                    alone: own(),
                    message: None
                }
            ),
        ];
        for shown in shown {
            assert!(!shown.contains(code().tell()), "{shown}");
        }
    }
}
