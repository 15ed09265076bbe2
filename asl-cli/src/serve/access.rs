//! Who may ask a server.
//!
//! In: an address, and keys. Out: the keys, or why the server does not start: an address that others reach has to be protected, or said to be open.

use asl_language::files;
use asl_server::Keys;
use clap::Args;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

/// The options.
#[derive(Debug, Args)]
pub(super) struct AccessArguments {
    /// The address to listen at; one that others can reach takes `--key` or `--no-auth` as well
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(super) address: IpAddr,

    /// Answer only requests that are signed with a key: its id, and the file with its secret; may be repeated
    #[arg(long, value_name = "ID=FILE", conflicts_with = "no_auth")]
    key: Vec<String>,

    /// Ask for no key: anyone who can reach the address can use the whole API
    #[arg(long)]
    no_auth: bool,
}

impl AccessArguments {
    /// Reads the keys.
    pub(super) fn keys(&self) -> Result<Keys, String> {
        if !self.address.is_loopback() && !self.no_auth && self.key.is_empty() {
            return Err(format!(
                "`{}` can be reached from other machines, and no key is asked for: name one with `--key`, or say that this is intended with `--no-auth`",
                self.address
            ));
        }
        self.key.iter().try_fold(Keys::default(), |keys, text| {
            let parts = text.split_once('=').filter(|(id, file)| !id.is_empty() && !file.is_empty());
            let (id, file) =
                parts.ok_or_else(|| format!("`{text}` is not a value of `--key`, which is `ID=FILE`"))?;
            let secret = files::text(Path::new(file), files::FileKind::Written)
                .map_err(|reason| format!("the key `{id}` has no secret: {reason}"))?;
            match secret.trim() {
                "" => Err(format!("the secret of the key `{id}` in `{file}` is empty")),
                secret => Ok(keys.with(id, secret)),
            }
        })
    }
}
