//! Slash commands, placeholder until the table.
use super::intake::Intake;
use serenity::all::{ApplicationId, CommandData};
pub enum Typed {
    Line(String),
    ContactForm,
    Setup,
}
pub fn typed(_data: &CommandData) -> Option<Typed> {
    None
}
pub async fn register(_intake: &Intake, _application: ApplicationId) {}
