//! A call of a tool: the command with its arguments, in a separate process.

use super::places::Places;
use super::tools::{Goes, Tool};
use rmcp::model::JsonObject;
use serde_json::Value;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// So long may a command take: a first one builds the engine.
const PATIENCE: Duration = Duration::from_secs(600);
/// So much of an answer is passed on.
const LARGEST: u64 = 1 << 20;

#[derive(Debug)]
pub(super) struct Caller {
    places: Places,
    command: PathBuf,
}

/// A command that is ready to run.
#[derive(Debug, PartialEq, Eq)]
struct Ready {
    arguments: Vec<OsString>,
    input: Option<String>,
}

impl Caller {
    pub(super) fn new(places: Places) -> Result<Self, String> {
        let command = std::env::current_exe()
            .map_err(|error| format!("where the command is cannot be found out: {error}"))?;
        Ok(Self { places, command })
    }

    /// What the command answers; or why there is no answer.
    pub(super) async fn call(&self, tool: &Tool, arguments: &JsonObject) -> Result<String, String> {
        let ready = ready(&self.places, tool, arguments)?;
        tokio::time::timeout(PATIENCE, self.run(&ready))
            .await
            .unwrap_or_else(|_| Err(format!("it took longer than {} s", PATIENCE.as_secs())))
    }

    async fn run(&self, ready: &Ready) -> Result<String, String> {
        let failed = |error: std::io::Error| format!("the command cannot be run: {error}");
        let mut child = Command::new(&self.command)
            .args(&ready.arguments)
            .current_dir(self.places.folder())
            .env("NO_COLOR", "1")
            .stdin(if ready.input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let write = async {
            if let (Some(mut to), Some(text)) = (input, &ready.input) {
                // A command that does not want all of it says so itself.
                let _ = to.write_all(text.as_bytes()).await;
            }
        };
        let ((), told, errors) = tokio::join!(write, read(output), read(errors));
        let status = child.wait().await.map_err(failed)?;
        // In JSON the answer says everything; where there is none, the errors do.
        let answer = if told.trim().is_empty() { errors } else { told };
        // A definition with problems is an answer; a command that could not do its work is none.
        if status.code() == Some(2) { Err(answer) } else { Ok(answer) }
    }
}

/// What a command says, as far as it is passed on.
async fn read(from: Option<impl tokio::io::AsyncRead + Unpin>) -> String {
    let mut told = Vec::new();
    if let Some(mut from) = from {
        let _ = (&mut from).take(LARGEST).read_to_end(&mut told).await;
        if told.len() as u64 == LARGEST {
            told.extend_from_slice("\n… and more".as_bytes());
        }
        // The rest is read, so that the command can end.
        let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    }
    String::from_utf8_lossy(&told).into_owned()
}

/// The command of a call.
fn ready(places: &Places, tool: &Tool, given: &JsonObject) -> Result<Ready, String> {
    if let Some(unknown) = given.keys().find(|name| !tool.parameters.iter().any(|one| one.name == **name)) {
        return Err(format!("`{}` has no parameter `{unknown}`", tool.name));
    }
    let mut arguments: Vec<OsString> = tool.command.iter().map(Into::into).collect();
    let (mut last, mut input) = (None, None);
    for parameter in tool.parameters {
        if let Goes::Flag(option) = parameter.goes {
            arguments.extend(is_set(given, parameter.name)?.then(|| option.into()));
            continue;
        }
        let name = parameter.name;
        let text = match given.get(name) {
            Some(Value::String(text)) => text,
            None | Some(Value::Null) if parameter.required => return Err(format!("`{name}` is missing")),
            None | Some(Value::Null) => continue,
            Some(_) => return Err(format!("`{name}` has to be a string")),
        };
        match parameter.goes {
            Goes::File => last = Some(places.find(text)?.into_os_string()),
            Goes::Text if last.is_some() => {
                return Err("either `file` or `definition` is wanted, not both".to_owned());
            }
            Goes::Text => (last, input) = (Some("-".into()), Some(text.clone())),
            Goes::Last => last = Some(text.into()),
            Goes::Flag(_) => {}
            // Behind `=`, nothing is taken for another option.
            Goes::Option(option) => arguments.push(format!("{option}={text}").into()),
            Goes::FileOption(option) => {
                arguments.push(option.into());
                arguments.push(places.find(text)?.into_os_string());
            }
        }
    }
    let wants = tool.parameters.iter().any(|one| matches!(one.goes, Goes::Text));
    let last = match last {
        None if wants => return Err("`file` or `definition` is missing".to_owned()),
        last => last,
    };
    if let Some(last) = last {
        arguments.extend(["--".into(), last]);
    }
    Ok(Ready { arguments, input })
}

fn is_set(given: &JsonObject, name: &str) -> Result<bool, String> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(format!("`{name}` has to be `true` or `false`")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tools;
    use super::*;
    use serde_json::json;

    fn asked(tool: &str, arguments: Value) -> Result<Vec<String>, String> {
        let places = Places::new(std::path::Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let tool = tools::known(true).find(|known| known.name == tool).expect("a tool");
        let ready = ready(&places, tool, arguments.as_object().expect("an object"))?;
        Ok(ready.arguments.into_iter().map(|one| one.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn what_is_given_is_never_taken_for_an_option() {
        let explain = asked("explain", json!({ "code": "--help" })).expect("a command");
        assert_eq!(explain, ["explain", "--format", "json", "--", "--help"]);
        let jsonata = asked("jsonata", json!({ "expression": "$x", "input": "--mock" })).expect("a command");
        assert_eq!(jsonata, ["jsonata", "--format", "json", "--input=--mock", "--", "$x"]);
        let convert =
            asked("convert", json!({ "file": "Cargo.toml", "variables": true, "approximately": false }));
        assert!(convert.expect("a command").contains(&"--variables".to_owned()));
        let check = asked("check", json!({ "definition": "{}" })).expect("a command");
        assert_eq!(check.last().map(String::as_str), Some("-"));
    }

    #[test]
    fn calls_that_make_no_sense_say_why() {
        for (tool, arguments, why) in [
            ("check", json!({}), "missing"),
            ("check", json!({ "file": "Cargo.toml", "definition": "{}" }), "not both"),
            ("check", json!({ "file": "../Cargo.toml" }), "no `../Cargo.toml`"),
            ("check", json!({ "file": 7 }), "a string"),
            ("run", json!({ "file": "Cargo.toml" }), "`mock` is missing"),
            ("convert", json!({ "file": "Cargo.toml", "variables": "yes" }), "`true` or `false`"),
            ("explain", json!({ "cod": "x" }), "no parameter `cod`"),
        ] {
            let reason = asked(tool, arguments).expect_err("no command");
            assert!(reason.contains(why), "{reason}");
        }
    }
}
