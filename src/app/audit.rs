//! `koekake audit`: proves, beside a running office or without one, that nothing is
//! lost. Mends what can safely be mended, says what it has found, and ends with an
//! error where it has found anything.
use super::{
    Folders,
    chats::Chats,
    desk::{self, Desk},
    say,
};
use crate::{
    conversation::{
        phrase::{AuditLine, Phrase},
        phrasing::Voice,
    },
    engine::Auditor,
};
use anyhow::bail;
use clap::Args;

#[derive(Debug, Clone, Args)]
pub struct Options {
    #[command(flatten)]
    pub folders: Folders,
}

pub async fn run(options: Options) -> anyhow::Result<()> {
    let config = super::load(options.folders.config.as_deref())?;
    let location = desk::location(&config, &options.folders);
    desk::refuse_damage(&location).await?;
    let desk = Desk::at(config, &location).await?;
    let voice = Voice {
        language: desk.config.office.language,
        today: desk.today(),
    };
    let calendar = desk.calendar();
    // Nothing is sent by it: whoever runs beside it does that.
    let chats = Chats::none();
    let office = (desk.db.clone(), desk.clock);
    let engine = super::engine(&desk.config, office, desk.config.web.listen, &chats)?;
    let audited = engine.audit(Auditor::Command).await;
    desk.db.close().await;
    let audited = audited?;
    let at = calendar.local(audited.at);
    let count = audited.findings.len();
    if count == 0 {
        return say(&voice.say(&Phrase::Audit(AuditLine::AllWell { at })));
    }
    say(&voice.say(&Phrase::Audit(AuditLine::Found { at, count })))?;
    // An administrator of this machine may see the codes.
    for finding in &audited.findings {
        say(&voice.say(&Phrase::Audit(AuditLine::of(finding))))?;
    }
    bail!("{count} found")
}
