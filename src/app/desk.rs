//! The desk at which an administrator's command sits down: the office's database
//! opened beside whoever runs on it, and who gives the command.
use super::Folders;
use crate::{
    config::Config,
    domain::{
        PersonId,
        calendar::Calendar,
        people::{self, Person, Role},
    },
    engine::clock::Clock,
    store::{
        self, Db, Location, checkup,
        office::OfficeRow,
        staff::{Act, Refusal},
    },
};
use anyhow::{Context, bail};
use chrono::NaiveDate;
use std::path::Path;

/// The office's file in the data folder.
const FILE: &str = "office.sqlite";

const NO_OFFICE: &str = "事業所がまだありません。先に `koekake init` を実行してください \
    (there is no office yet: run `koekake init` first)";

const DAMAGED: &str = "データベースのファイルが壊れています。`koekake restore FILE` で控えから戻してください \
    (the database's file is damaged: bring a backup back with `koekake restore FILE`)";

/// An office of the settings, opened.
pub struct Desk {
    /// With the zone of the office.
    pub config: Config,
    pub db: Db,
    pub office: OfficeRow,
    pub clock: Clock,
}

/// Where the settings keep the office.
pub fn location(config: &Config, folders: &Folders) -> Location {
    match config.database.url() {
        Some(url) => Location::Url(url.to_owned()),
        None => {
            let folder = folders.data.as_deref().unwrap_or(&config.data.dir);
            Location::File(folder.join(FILE))
        }
    }
}

/// Whether a database may be there; nothing is made by looking.
pub fn may_be_there(location: &Location) -> bool {
    match location {
        Location::File(file) => file.exists(),
        Location::Url(_) => true,
    }
}

/// The location as it may be shown.
pub fn shown(location: &Location) -> String {
    match location {
        Location::File(file) => file.display().to_string(),
        Location::Url(_) => "the PostgreSQL database of the settings".to_owned(),
    }
}

pub async fn database(location: &Location) -> anyhow::Result<Db> {
    let opened = Db::open(location).await;
    opened.with_context(|| format!("cannot open {}", shown(location)))
}

/// On a damaged file some would be told and others forgotten, and no audit could prove
/// the contrary. What else is wrong with it is said when it is opened.
pub async fn refuse_damage(location: &Location) -> anyhow::Result<()> {
    if !may_be_there(location) {
        return Ok(());
    }
    let Ok(db) = checkup::open(location).await else {
        return Ok(());
    };
    let damage = checkup::damage(&db).await;
    checkup::leave(db).await;
    if let Ok(Some(damage)) = damage {
        let place = shown(location);
        bail!("{DAMAGED}: {place}: {damage}");
    }
    Ok(())
}

impl Desk {
    /// Opens the office of these folders; beside a running Koekake, too.
    pub async fn open(folders: &Folders) -> anyhow::Result<Desk> {
        let config = super::load(folders.config.as_deref())?;
        let location = location(&config, folders);
        Desk::at(config, &location).await
    }

    /// Opens the office there. Its own zone holds from now on: its dates are
    /// days of that zone.
    pub async fn at(mut config: Config, location: &Location) -> anyhow::Result<Desk> {
        if !may_be_there(location) {
            bail!(NO_OFFICE);
        }
        let db = database(location).await?;
        let Some(office) = store::office::office(&db).await? else {
            bail!(NO_OFFICE);
        };
        if office.made_up {
            bail!(
                "the office in {} is made up: only `koekake trial` opens it",
                shown(location)
            );
        }
        if office.zone != config.office.zone {
            tracing::warn!(
                office = office.zone.name(),
                settings = config.office.zone.name(),
                "the office was founded in another zone than the settings say; its own holds"
            );
            config.office.zone = office.zone;
        }
        Ok(Desk {
            config,
            db,
            office,
            clock: Clock::system(0),
        })
    }

    pub fn calendar(&self) -> Calendar {
        self.config.office.calendar()
    }

    pub fn today(&self) -> NaiveDate {
        self.calendar().day_of(self.clock.office())
    }

    /// An act of the administrator of that name; of the only one where none is
    /// named.
    pub async fn act(&self, by: Option<&str>) -> anyhow::Result<Act> {
        let by = match by {
            Some(name) => self.person(name).await?,
            None => self.only_admin().await?,
        };
        if by.role != Role::Admin {
            bail!(
                "{} は管理者ではありません ({} is no administrator)",
                by.name,
                by.name
            );
        }
        Ok(self.act_of(by.id))
    }

    pub fn act_of(&self, by: PersonId) -> Act {
        Act {
            by,
            now: self.clock.office(),
            today: self.today(),
        }
    }

    /// The member of staff of that name.
    pub async fn person(&self, name: &str) -> anyhow::Result<Person> {
        let wanted = self::name(name)?;
        let staff = self.staff().await?;
        let found = staff.into_iter().find(|person| person.name == wanted);
        found.with_context(|| {
            format!(
                "{wanted} という職員はいません。`koekake person list` で名前を確かめてください \
                 (nobody on the staff is called {wanted}: see `koekake person list`)"
            )
        })
    }

    /// Everybody who is of the office today.
    pub async fn staff(&self) -> anyhow::Result<Vec<Person>> {
        let today = self.today();
        let people = store::office::people(&self.db).await?;
        let staff = people
            .into_iter()
            .filter(|person| person.is_staff_on(today));
        Ok(staff.collect())
    }

    async fn only_admin(&self) -> anyhow::Result<Person> {
        let staff = self.staff().await?;
        let mut admins: Vec<Person> = staff
            .into_iter()
            .filter(|person| person.role == Role::Admin)
            .collect();
        match (admins.pop(), admins.as_slice()) {
            (Some(admin), []) => Ok(admin),
            (Some(last), others) => {
                let names = others.iter().chain([&last]).map(|admin| &*admin.name);
                let names = names.collect::<Vec<_>>().join("、");
                bail!(
                    "管理者が何人もいます。--by 名前 でどなたかを示してください: {names} \
                     (there are several administrators: say who it is with --by NAME)"
                )
            }
            (None, _) => bail!("管理者がいません (there is no administrator)"),
        }
    }
}

/// A name as it is kept.
pub fn name(typed: &str) -> anyhow::Result<String> {
    people::name(typed).with_context(|| {
        let most = people::NAME_CHARS_MAX;
        format!(
            "名前は1文字から{most}文字までです (a name has from 1 to {most} characters): {typed:?}"
        )
    })
}

/// Why the staff list stays as it is, and what to do.
pub fn refused(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!(match refusal {
        Refusal::NameTaken => "同じ名前の職員がいます。見分けられる名前(姓と名など)にしてください \
             (somebody on the staff has this name: choose one that tells them apart)"
            .to_owned(),
        Refusal::NoSuchTeam =>
            "その名前の班はありません。新しくつくるなら --new-team を付けてください \
             (there is no such team: say --new-team to make it)"
                .to_owned(),
        Refusal::InCharge { main, second } => format!(
            "支援中の世帯を受け持っています(主担当 {main}、副担当 {second})。先に担当を替えるか、--hand-to 名前 でまとめて引き継いでください \
             (open households are theirs, {main} as main and {second} as second nurse: \
             hand them on first, or all at once with --hand-to NAME)"
        ),
        Refusal::HasLeft => "すでに職員ではありません (they have left already)".to_owned(),
        Refusal::LastAdmin => "ただ一人の管理者です。先にほかの管理者を加えてください \
             (the only administrator: add another one first)"
            .to_owned(),
        Refusal::NoApproval => "2 と 3 には事業所の承認番号が要ります: --approval 番号 \
             (2 and 3 need the number of the office's approval: --approval NUMBER)"
            .to_owned(),
    })
}

/// Makes the folder of a database that is a file, readable by its owner alone.
pub fn make_folder(location: &Location) -> anyhow::Result<()> {
    match location {
        Location::File(file) => make_private(file.parent().unwrap_or(Path::new("."))),
        Location::Url(_) => Ok(()),
    }
}

/// Makes a folder, readable by its owner alone, unless it is there.
pub fn make_private(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))
}
