//! The real program: started on a free port, spoken to over HTTP as its page
//! speaks, stopped or killed.
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use std::{
    fs::{self, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
};

/// A running `koekake trial` or `koekake run`; killed when it is dropped.
pub struct Program {
    child: Child,
    /// What it says on its standard error, of all runs on one data folder.
    errors: PathBuf,
    pub origin: String,
}

impl Program {
    /// Starts a trial in that folder and waits until it has said its address.
    pub fn start(data: &Path, more: &[&str]) -> Program {
        Program::started(trial(data, more), data)
    }

    /// Starts the real office of that folder and waits until it has said its
    /// address. No command at all is the command `run`.
    pub fn run(data: &Path, more: &[&str]) -> Program {
        let mut command = koekake(&["--listen", "127.0.0.1:0", "--data"]);
        command.arg(data).args(more);
        Program::started(command, data)
    }

    /// Starts a command that says its address; its errors are kept beside that path.
    pub fn started(command: Command, data: &Path) -> Program {
        match Program::try_started(command, data) {
            Ok(program) => program,
            Err(why) => panic!("it did not start: {why}"),
        }
    }

    /// As [`Program::started`]; how it ended, where it ended before.
    pub fn try_started(mut command: Command, data: &Path) -> Result<Program, String> {
        let errors = data.with_extension("stderr");
        let log = OpenOptions::new().create(true).append(true).open(&errors);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.expect("a file for the errors"))
            .spawn()
            .expect("starting the program");
        let mut said = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output)
                .read_line(&mut said)
                .expect("the program's output");
        }
        let mut program = Program {
            child,
            errors,
            origin: said.trim_end().trim_end_matches('/').to_owned(),
        };
        if program.origin.is_empty() {
            let status = program.child.wait().expect("its end");
            return Err(format!("{status}\n{}", program.errors()));
        }
        Ok(program)
    }

    /// Whether it has not ended by itself.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }

    /// `kill -9`; returns when it is gone.
    pub fn kill(&mut self) {
        self.child.kill().expect("killing it");
        self.child.wait().expect("its end");
    }

    /// `kill -TERM`; returns when it has ended.
    pub fn terminate(&mut self) -> ExitStatus {
        let asked = Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("a shell").success());
        self.child.wait().expect("its end")
    }

    pub fn errors(&self) -> String {
        fs::read_to_string(&self.errors).expect("what it said")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended long before; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command `koekake trial` on that folder and a free port, with none of
/// this machine's own settings.
pub fn trial(data: &Path, more: &[&str]) -> Command {
    let mut command = koekake(&["trial", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(data).args(more);
    command
}

/// The program with those arguments, and with none of this machine's settings.
pub fn koekake(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_koekake"));
    command.args(arguments);
    let settings = std::env::vars_os().map(|(name, _)| name);
    for name in settings.filter(|name| name.to_string_lossy().starts_with("KOEKAKE_")) {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG");
    command
}

/// Runs it to its end with that standard input.
pub fn run(mut command: Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starting the program");
    let mut stdin = child.stdin.take().expect("its input");
    std::thread::scope(|scope| {
        // It may end before it has read everything.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().expect("its end")
    })
}

/// Speaks to one run of the program as the page's script does.
#[derive(Clone)]
pub struct Caller {
    client: Client,
    pub origin: String,
    token: String,
}

impl Caller {
    /// Takes the token from the run's own door.
    pub async fn of(program: &Program) -> Caller {
        let client = Client::builder().no_proxy().redirect(Policy::none());
        let client = client.build().expect("a client");
        let origin = program.origin.clone();
        let door = client.get(format!("{origin}/who")).send().await;
        let door = door.expect("the door").text().await.expect("a page");
        let (_, rest) = door.split_once("name=\"csrf\" value=\"").expect("a token");
        let token = rest.chars().take_while(|&c| c != '"').collect();
        Caller {
            client,
            origin,
            token,
        }
    }

    /// A form of that person's page.
    pub fn post(&self, person: i64, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let by = person.to_string();
        let mut form = vec![("csrf", self.token.as_str()), ("by", by.as_str())];
        form.extend_from_slice(fields);
        self.client
            .post(format!("{}{path}", self.origin))
            .header("origin", &self.origin)
            .header("cookie", format!("koekake-person={person}"))
            .header("x-koekake", "fragment")
            .form(&form)
    }

    pub async fn get(&self, person: i64, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.origin))
            .header("cookie", format!("koekake-person={person}"))
            .send()
            .await
            .expect("an answer")
    }

    pub async fn page(&self, person: i64, path: &str) -> String {
        let response = self.get(person, path).await;
        assert!(response.status().is_success(), "{path}");
        response.text().await.expect("a page")
    }
}
