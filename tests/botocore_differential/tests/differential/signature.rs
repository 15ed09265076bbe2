//! Signatures: botocore makes that of each request again, from what is sent.

use crate::call::{Difference, RecordedCall};
use crate::{Reasons, folder, known, shown};
use asl_runtime::integrations::aws::dry::{Client, KEY, Prepared, signing};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tokio::runtime::{Builder, Runtime};

/// Requests with their signatures.
pub(crate) struct Signatures {
    runtime: Runtime,
    made: Vec<Made>,
}

/// A request with its signature.
struct Made {
    call: RecordedCall,
    /// What botocore is told of it.
    request: Json,
    authorization: String,
}

impl Signatures {
    pub(crate) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        Self { runtime, made: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.made.len()
    }

    /// Signs a request.
    pub(crate) fn add(&mut self, client: &Client, call: RecordedCall, sent: &Prepared) {
        let signed = self.runtime.block_on(client.signature(call.action, sent)).expect("a signature");
        let is_authorization = |name: &str| name.eq_ignore_ascii_case("authorization");
        let Some((_, authorization)) = signed.iter().find(|(name, _)| is_authorization(name)).cloned() else {
            return;
        };
        let headers: Vec<_> =
            sent.headers.iter().chain(signed.iter().filter(|(name, _)| !is_authorization(name))).collect();
        let request = json!({
            "key": KEY,
            "service": signing(call.action),
            "region": sent.region,
            "method": call.action.method,
            "url": sent.address,
            "headers": headers,
            "body": STANDARD.encode(&sent.body),
        });
        self.made.push(Made { call, request, authorization });
    }

    /// The requests that botocore signs otherwise.
    pub(crate) fn wrong(&self, python: &Path, reasons: &mut Reasons) -> Vec<String> {
        let mut child = Command::new(python)
            .arg(folder().join("sign.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let lines: Vec<_> = self.made.iter().map(|made| made.request.to_string()).collect();
        let mut input = child.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || input.write_all((lines.join("\n") + "\n").as_bytes()));
        let said = child.wait_with_output().expect("Python ends");
        writer.join().expect("a thread").expect("Python reads");
        let said = String::from_utf8_lossy(&said.stdout);
        let theirs: Vec<_> = said.lines().collect();
        assert_eq!(theirs.len(), self.made.len(), "a signature for each request");
        let mut wrong = Vec::new();
        for (made, theirs) in
            self.made.iter().zip(theirs).filter(|(made, theirs)| made.authorization != *theirs)
        {
            let ours = made.authorization.clone();
            let difference = Difference { kind: "signatures", ours, theirs: theirs.to_owned() };
            match known::reason(&made.call, &difference) {
                Some(reason) => *reasons.entry(reason).or_default() += 1,
                None => wrong.push(shown(&made.call, &difference)),
            }
        }
        wrong
    }
}
