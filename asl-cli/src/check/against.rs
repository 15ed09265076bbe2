//! `asl check --against`: which executions of a folder go on with an older version of a definition.

use crate::data::say;
use crate::machines;
use asl_compiler::Module;
use asl_compiler::source::SourceFile;
use asl_durable::Durable;
use asl_runtime::Text;
use serde_json::{Value, json};
use std::path::Path;

/// Executions that have not ended, and began with another version of a definition.
pub(super) struct Stranded {
    file: String,
    executions: Vec<Text>,
}

impl Stranded {
    /// Those of a definition, if there are any.
    pub(super) fn of(source: &SourceFile, folder: &Path) -> Result<Option<Self>, String> {
        let file = source.name().to_owned();
        let name = Module::of_file(&file).name;
        let executions = machines::wait_for(async {
            let durable = Durable::look(folder).map_err(say)?;
            durable.stranded(&name, source.text()).await.map_err(say)
        })??;
        Ok(Some(Self { file, executions }).filter(|stranded| !stranded.executions.is_empty()))
    }

    fn message(&self) -> String {
        let (count, are) = match self.executions.len() {
            1 => (String::from("1 execution that has not ended"), "it goes"),
            many => (format!("{many} executions that have not ended"), "they go"),
        };
        format!("{count} began with another version of this definition, and {are} on with that one")
    }

    pub(super) fn as_text(&self) -> String {
        let Self { file, executions } = self;
        let lines: String = executions.iter().map(|arn| format!("  {arn}\n")).collect();
        let help = "keep that version in the program until they have ended (`Durable::machine`)";
        format!("{file}: {}:\n{lines}  help: {help}\n", self.message())
    }

    pub(super) fn as_json(&self) -> Value {
        let executions: Vec<_> = self.executions.iter().map(Text::as_str).collect();
        json!({ "file": self.file, "severity": "warning", "message": self.message(), "executions": executions })
    }

    /// As a command of GitHub Actions.
    pub(super) fn as_command(&self) -> String {
        format!("::warning file={}::{}\n", self.file, self.message())
    }
}
