//! `koekake person`: adds people to the staff, lists them, and lets them go.
use super::{
    Folders, any,
    desk::{self, Desk, refused},
    say,
};
use crate::{
    conversation::phrasing::page,
    domain::people::{Language, Person, Role},
    store::staff::{self, Act, InTeam, Newcomer},
};
use chrono::NaiveDate;
use clap::{Args, Subcommand};

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Add somebody to a team.
    Add(Add),
    /// List the staff.
    List(List),
    /// Let somebody go, whose households have been handed on.
    Leave(Leave),
}

#[derive(Debug, Clone, Args)]
pub struct Add {
    pub name: String,
    /// 担当 nurse, 係長 supervisor, 代理 deputy, 管理者 admin.
    #[arg(long, value_parser = any::<Role>())]
    pub role: Role,
    #[arg(long, value_name = "NAME")]
    pub team: String,
    /// Make the team, if there is none of this name.
    #[arg(long)]
    pub new_team: bool,
    /// In which they are answered; that of the settings if it is not said.
    #[arg(long, value_parser = any::<Language>())]
    pub language: Option<Language>,
    #[command(flatten)]
    pub who: By,
}

/// Who gives a command, and to which office.
#[derive(Debug, Clone, Args)]
pub struct By {
    /// The administrator who does it; the only one if it is not said.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    #[command(flatten)]
    pub folders: Folders,
}

#[derive(Debug, Clone, Args)]
pub struct List {
    #[command(flatten)]
    pub folders: Folders,
}

#[derive(Debug, Clone, Args)]
pub struct Leave {
    pub name: String,
    /// The first day on which they are gone; today if it is not said.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<NaiveDate>,
    /// Whose their open households are from now on, with their dates.
    #[arg(long, value_name = "NAME")]
    pub hand_to: Option<String>,
    #[command(flatten)]
    pub who: By,
}

pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => self::add(add).await,
        Command::List(list) => self::list(list).await,
        Command::Leave(leave) => self::leave(leave).await,
    }
}

async fn add(options: Add) -> anyhow::Result<()> {
    let desk = Desk::open(&options.who.folders).await?;
    let act = desk.act(options.who.by.as_deref()).await?;
    let team = desk::name(&options.team)?;
    let team = match options.new_team {
        true => InTeam::New(team),
        false => InTeam::Known(team),
    };
    let newcomer = Newcomer {
        name: desk::name(&options.name)?,
        role: options.role,
        language: options.language.unwrap_or(desk.config.office.language),
    };
    let added = staff::add(&desk.db, &team, &newcomer, &act).await?;
    added.map_err(refused)?;
    let (name, folders) = (&newcomer.name, options.who.folders.repeated());
    let role = page::role(newcomer.role, Language::Japanese);
    say(&format!(
        "{name} さんを加えました({role})。\n\
         {name} is on the staff now ({}).\n  \
         koekake invite {name}{folders}\n    \
         チャットに参加するコード / a code for joining by a chat\n  \
         koekake link {name}{folders}\n    \
         ページへの入口 / a way into the page",
        newcomer.role.code()
    ))
}

/// One line a person, with tabs between: name, role, team, language, how they
/// are reached, and from when on they are gone.
async fn list(options: List) -> anyhow::Result<()> {
    let desk = Desk::open(&options.folders).await?;
    let teams = staff::teams(&desk.db).await?;
    let routes = staff::routes(&desk.db).await?;
    for person in desk.staff().await? {
        let team = teams.iter().find(|team| team.id == person.team);
        let reached = routes.get(&person.id).into_iter().flatten();
        let reached: Vec<&str> = reached.map(|platform| platform.code()).collect();
        let line = [
            person.name.clone(),
            page::role(person.role, person.language).to_owned(),
            team.map(|team| team.name.clone()).unwrap_or_default(),
            person.language.code().to_owned(),
            reached.join(","),
            person.left_on.map(|on| on.to_string()).unwrap_or_default(),
        ];
        say(line.join("\t").trim_end())?;
    }
    Ok(())
}

async fn leave(options: Leave) -> anyhow::Result<()> {
    let desk = Desk::open(&options.who.folders).await?;
    let act = desk.act(options.who.by.as_deref()).await?;
    let person = desk.person(&options.name).await?;
    let on = options.on.unwrap_or(act.today);
    if let Some(heir) = &options.hand_to {
        hand_over(&desk, &person, heir, &act).await?;
    }
    let left = staff::leave(&desk.db, person.id, on, &act).await?;
    left.map_err(refused)?;
    let name = &person.name;
    say(&format!(
        "{name} さんは {on} から職員ではありません。その日からはページにもチャットにも入れません。\n\
         {name} is gone from {on} on, and out of the page and the chats from that day."
    ))
}

/// All open households at once; then nothing keeps the person here.
async fn hand_over(desk: &Desk, person: &Person, heir: &str, act: &Act) -> anyhow::Result<()> {
    let heir = desk.person(heir).await?;
    let handed = staff::hand_over(&desk.db, person.id, heir.id, act).await?;
    let Some(count) = handed else {
        anyhow::bail!(
            "{} さんへは引き継げません。同じチームの職員の名前を書いてください \
             (a colleague of the same team is needed)",
            heir.name
        );
    };
    say(&format!(
        "{count} 世帯を {} さんへ引き継ぎました。\n{count} households are {}'s now.",
        heir.name, heir.name
    ))
}
