//! What tasks need of the world around them, as options of commands: connections, endpoints, functions, buckets.
//!
//! In: options. Out: the settings of `asl.toml` with these before them, or the options as an executable takes them.

use asl_runtime::settings::{Setting, Settings};
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;

/// The options.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What tasks call")]
pub(crate) struct SettingsArguments {
    /// The file with settings of services [default: `asl.toml`, if there is one in this folder]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// The EventBridge connection of HTTP tasks, as `aws events create-connection` takes it; its name will do; may be repeated, as all that follow
    #[arg(long, value_name = Setting::Connection.form())]
    connection: Vec<String>,

    /// Call a service elsewhere, `*` for all; with `https://host` for SERVICE, the requests of HTTP tasks
    #[arg(long, value_name = Setting::Endpoint.form())]
    endpoint: Vec<String>,

    /// Let a command, which reads the payload and writes the result, or a URL do the work of a Lambda function
    #[arg(long, value_name = Setting::Lambda.form())]
    lambda: Vec<String>,

    /// Let a folder stand for a bucket of S3
    #[arg(long, value_name = Setting::Bucket.form())]
    bucket: Vec<String>,
}

impl SettingsArguments {
    /// The settings of the file, and before them those of the options.
    pub(crate) fn settings(&self) -> Result<Settings, String> {
        let mut settings = Settings::read(self.config.as_deref()).map_err(|error| error.to_string())?;
        for (setting, text) in self.given() {
            settings.set(setting, text).map_err(|error| error.to_string())?;
        }
        Ok(settings)
    }

    /// The options as an executable takes them.
    pub(crate) fn hand_over(&self) -> Vec<OsString> {
        let config = self.config.as_ref().map(|file| {
            let mut option = OsString::from("--config=");
            option.push(file);
            option
        });
        let given = self.given().map(|(setting, text)| format!("--{}={text}", setting.option()).into());
        config.into_iter().chain(given).collect()
    }

    fn given(&self) -> impl Iterator<Item = (Setting, &String)> {
        Setting::ALL.into_iter().flat_map(move |setting| {
            let texts = match setting {
                Setting::Connection => &self.connection,
                Setting::Endpoint => &self.endpoint,
                Setting::Lambda => &self.lambda,
                Setting::Bucket => &self.bucket,
            };
            texts.iter().map(move |text| (setting, text))
        })
    }
}
