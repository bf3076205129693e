//! `koekake init`: founds an office, with its first team and administrator.
use super::{Folders, any, desk, say};
use crate::{
    domain::people::Language,
    engine::clock::Clock,
    store::{
        self, Fault,
        office::OfficeRow,
        staff::{self, NewOffice},
    },
};
use anyhow::{Context, bail};
use chrono_tz::Tz;
use clap::Args;
use std::{
    io::{self, BufRead, IsTerminal, Write},
    str::FromStr,
};

#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// The name of the office.
    #[arg(long, value_name = "NAME")]
    pub office: Option<String>,
    /// The time zone of all its dates: Asia/Tokyo.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<Tz>,
    /// The name of its first team.
    #[arg(long, value_name = "NAME")]
    pub team: Option<String>,
    /// The name of its first administrator.
    #[arg(long, value_name = "NAME")]
    pub admin: Option<String>,
    /// In which the administrator is answered.
    #[arg(long, value_parser = any::<Language>())]
    pub language: Option<Language>,
    #[command(flatten)]
    pub folders: Folders,
}

/// Whoever sits at the terminal.
struct Terminal<R, W> {
    input: R,
    output: W,
}

/// What is asked, in both languages, and the option that answers it.
struct Question {
    option: &'static str,
    japanese: &'static str,
    english: &'static str,
}

const OFFICE: Question = Question {
    option: "--office",
    japanese: "事業所の名前",
    english: "Name of the office",
};
const ZONE: Question = Question {
    option: "--zone",
    japanese: "時間帯",
    english: "Time zone",
};
const TEAM: Question = Question {
    option: "--team",
    japanese: "最初の班の名前",
    english: "Name of the first team",
};
const ADMIN: Question = Question {
    option: "--admin",
    japanese: "最初の管理者の名前",
    english: "Name of the first administrator",
};
const LANGUAGE: Question = Question {
    option: "--language",
    japanese: "管理者への言葉 (japanese, english)",
    english: "The administrator's language",
};

pub async fn run(options: Options) -> anyhow::Result<()> {
    let config = super::load(options.folders.config.as_deref())?;
    let location = desk::location(&config, &options.folders);
    if desk::may_be_there(&location) {
        let db = desk::database(&location).await?;
        if store::office::office(&db).await?.is_some() {
            bail!(there_already(&desk::shown(&location)));
        }
        db.close().await;
    }
    let terminal = io::stdin().is_terminal().then(|| Terminal {
        input: io::stdin().lock(),
        output: io::stderr(),
    });
    let proposed = OfficeRow {
        name: config.office.name.clone(),
        zone: config.office.zone,
        clock_offset_s: 0,
        made_up: false,
    };
    let new = answers(&options, &proposed, config.office.language, terminal)?;
    desk::make_folder(&location)?;
    let db = desk::database(&location).await?;
    let now = Clock::system(0).office();
    let today = now.with_timezone(&new.row.zone).date_naive();
    match staff::found(&db, &new, (now, today)).await {
        Err(Fault::Duplicate) => bail!(there_already(&desk::shown(&location))),
        founded => founded?,
    };
    db.close().await;
    say(&next_steps(&new, &options.folders.repeated()))
}

fn there_already(place: &str) -> String {
    format!(
        "事業所はもうあります。何も変えていません: {place} \
         (there is an office already; nothing has changed). 職員を加えるには (to add colleagues): \
         `koekake person add`"
    )
}

/// What the options say; the rest is asked.
fn answers<R: BufRead, W: Write>(
    options: &Options,
    proposed: &OfficeRow,
    language: Language,
    mut terminal: Option<Terminal<R, W>>,
) -> anyhow::Result<NewOffice> {
    let mut ask = |question: &Question, said: Option<String>, proposed: &str| match said {
        Some(said) => Ok(said),
        None => asked(question, proposed, terminal.as_mut()),
    };
    let name = ask(&OFFICE, options.office.clone(), &proposed.name)?;
    let zone = options.zone.map(|zone| zone.name().to_owned());
    let zone = ask(&ZONE, zone, proposed.zone.name())?;
    let team = ask(&TEAM, options.team.clone(), "")?;
    let admin = ask(&ADMIN, options.admin.clone(), "")?;
    let said = options.language.map(|language| language.code().to_owned());
    let language = ask(&LANGUAGE, said, language.code())?;
    Ok(NewOffice {
        row: OfficeRow {
            name: desk::name(&name)?,
            zone: read(&ZONE, &zone)?,
            ..proposed.clone()
        },
        team: desk::name(&team)?,
        admin: desk::name(&admin)?,
        language: read(&LANGUAGE, &language)?,
    })
}

fn read<T: FromStr>(question: &Question, text: &str) -> anyhow::Result<T> {
    text.parse().ok().with_context(|| {
        let Question {
            option,
            japanese,
            english,
        } = question;
        format!("{japanese} / {english} ({option}): {text:?} は読めません (cannot be read)")
    })
}

/// An answer from the terminal; what is proposed where it is empty.
fn asked<R: BufRead, W: Write>(
    question: &Question,
    proposed: &str,
    terminal: Option<&mut Terminal<R, W>>,
) -> anyhow::Result<String> {
    let Question {
        option,
        japanese,
        english,
    } = question;
    let missing = || {
        format!(
            "{option} がありません: {japanese} ({option} is missing: {english}, to be asked for without a terminal)"
        )
    };
    let terminal = terminal.with_context(missing)?;
    let shown = match proposed {
        "" => String::new(),
        proposed => format!(" [{proposed}]"),
    };
    loop {
        write!(terminal.output, "{japanese} / {english}{shown}: ")?;
        terminal.output.flush()?;
        let mut line = String::new();
        if terminal.input.read_line(&mut line)? == 0 {
            bail!(missing());
        }
        match (line.trim(), proposed) {
            ("", "") => {}
            ("", proposed) => return Ok(proposed.to_owned()),
            (line, _) => return Ok(line.to_owned()),
        }
    }
}

/// `folders` is what each further command has to repeat.
fn next_steps(new: &NewOffice, folders: &str) -> String {
    let NewOffice {
        row, team, admin, ..
    } = new;
    let (name, zone) = (&row.name, row.zone);
    format!(
        "「{name}」をつくりました({zone}、{team}、管理者 {admin})。\n\
         {name} is founded ({zone}, {team}, administrator {admin}).\n\
         \n\
         つぎに / Next:\n  \
         koekake person add 名前 --role nurse --team {team}{folders}\n    \
         職員を加える / add a colleague\n  \
         koekake import staff FILE.csv --dry-run{folders}\n  \
         koekake import households FILE.csv --dry-run{folders}\n    \
         表からまとめて取り込む / take staff and households from a table\n  \
         koekake level telegram{folders}\n    \
         チャットに何を許すか / what a chat may do\n  \
         koekake invite 名前{folders}\n    \
         チャットに参加するコード / a code for joining by a chat\n  \
         koekake run{folders}\n    \
         はじめる / start\n  \
         koekake link {admin}{folders}\n    \
         ページへの入口 / a way into the page"
    )
}

#[cfg(test)]
mod tests {
    use super::{Options, Terminal, answers};
    use crate::{
        domain::people::Language,
        store::{office::OfficeRow, staff::NewOffice},
    };

    fn founded(options: &Options, typed: Option<&str>) -> Result<(NewOffice, String), String> {
        let proposed = OfficeRow {
            name: "未設定の事業所".into(),
            zone: chrono_tz::Asia::Tokyo,
            clock_offset_s: 0,
            made_up: false,
        };
        let mut output = Vec::new();
        let terminal = typed.map(|typed| Terminal {
            input: typed.as_bytes(),
            output: &mut output,
        });
        let new = answers(options, &proposed, Language::Japanese, terminal)
            .map_err(|error| error.to_string())?;
        Ok((new, String::from_utf8(output).expect("UTF-8")))
    }

    #[test]
    fn what_is_not_given_is_asked_and_an_empty_answer_takes_what_is_proposed() {
        let options = Options {
            team: Some("第一班".into()),
            ..Options::default()
        };
        let typed = "見本市保健センター\n\n\n小林\n\n";
        let (new, output) = founded(&options, Some(typed)).expect("an office");
        assert_eq!(new.row.name, "見本市保健センター");
        assert_eq!(new.row.zone, chrono_tz::Asia::Tokyo);
        assert_eq!((new.team.as_str(), new.admin.as_str()), ("第一班", "小林"));
        assert_eq!(new.language, Language::Japanese);
        assert!(
            output.contains("時間帯 / Time zone [Asia/Tokyo]: "),
            "{output}"
        );
        // A name has nothing to propose: it is asked for again.
        assert_eq!(output.matches("管理者の名前").count(), 2, "{output}");
        assert!(!output.contains("班の名前"), "{output}");
    }

    #[test]
    fn without_a_terminal_the_missing_option_is_named() {
        let mut options = Options {
            office: Some("見本".into()),
            zone: Some(chrono_tz::Asia::Tokyo),
            team: Some("第一班".into()),
            ..Options::default()
        };
        let missing = founded(&options, None).expect_err("no administrator");
        assert!(missing.contains("--admin"), "{missing}");
        options.admin = Some("小林".into());
        options.language = Some(Language::English);
        let (new, _) = founded(&options, None).expect("an office");
        assert_eq!(new.language, Language::English);
        // The terminal goes away.
        options.team = None;
        let missing = founded(&options, Some("")).expect_err("no team");
        assert!(missing.contains("--team"), "{missing}");
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_option() {
        let options = Options {
            team: Some("第一班".into()),
            admin: Some("小林".into()),
            language: Some(Language::Japanese),
            ..Options::default()
        };
        let wrong = founded(&options, Some("見本\nAsia/Tokio\n")).expect_err("no zone");
        assert!(
            wrong.contains("--zone") && wrong.contains("Asia/Tokio"),
            "{wrong}"
        );
        let long = "見".repeat(41);
        let wrong = founded(&options, Some(&format!("{long}\n\n"))).expect_err("too long");
        assert!(wrong.contains("40"), "{wrong}");
    }
}
