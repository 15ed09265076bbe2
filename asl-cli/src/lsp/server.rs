//! The life of the server: what it may be asked when, which documents are open, and what it answers to messages that make no sense.
//!
//! In: messages. Out: responses and notifications. What is asked about a document is answered in [`answers`].

use super::answers;
use super::document::Document;
use super::problems::{Abilities, problem};
use super::transport::{Received, send};
use crate::guard::guarded;
use crate::options::CompileArguments;
use asl_compiler::Options;
use asl_compiler::diagnostic::Diagnostic;
use asl_compiler::fixes::check_all;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Result, Write};

/// Why a request has no answer: a number of the protocol, and a text.
pub(super) struct Refusal(pub(super) i32, pub(super) String);

pub(super) const INVALID_PARAMS: i32 = -32602;
pub(super) const REQUEST_FAILED: i32 = -32803;
const INTERNAL_ERROR: i32 = -32603;
const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const NOT_INITIALIZED: i32 = -32002;
const CANCELLED: i32 = -32800;

/// Where in its life the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    New,
    Ready,
    ShutDown,
}

/// The server.
#[derive(Debug)]
pub(super) struct Server<'a, W> {
    output: W,
    compile: &'a CompileArguments,
    /// For documents for which there are no others.
    options: Options,
    stage: Stage,
    abilities: Abilities,
    documents: BTreeMap<String, Open>,
    /// Those whose problems have to be told anew.
    changed: BTreeSet<String>,
    /// The requests that nothing wants to have answered any longer.
    cancelled: Vec<Value>,
}

/// An open document with its problems, once they are known.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) document: Document,
    /// How it is compiled.
    pub(super) options: Options,
    problems: Option<Vec<Diagnostic>>,
}

impl Open {
    /// The problems of the text as it is now; none of a document that is not a definition.
    pub(super) fn problems(&mut self) -> &[Diagnostic] {
        let (document, options) = (&self.document, &self.options);
        self.problems.get_or_insert_with(|| {
            if !document.is_definition() {
                return Vec::new();
            }
            // What the compiler does not survive is still edited, and so are other documents.
            guarded(&document.uri, || check_all(document.source(), options)).unwrap_or_default()
        })
    }
}

impl<'a, W: Write> Server<'a, W> {
    pub(super) const fn new(compile: &'a CompileArguments, options: Options, output: W) -> Self {
        Self {
            output,
            compile,
            options,
            stage: Stage::New,
            abilities: Abilities { related: false, code_description: false, tags: false },
            documents: BTreeMap::new(),
            changed: BTreeSet::new(),
            cancelled: Vec::new(),
        }
    }

    /// Takes note of the requests that are cancelled further down the queue.
    pub(super) fn note_cancelled<'m>(&mut self, waiting: impl IntoIterator<Item = &'m Received>) {
        let ids = waiting.into_iter().filter_map(|received| match received {
            Received::Message(message) if message.get("method")? == "$/cancelRequest" => {
                message.pointer("/params/id").cloned()
            }
            Received::Message(_) | Received::Fault(_) => None,
        });
        self.cancelled = ids.collect();
    }

    /// Takes a message. At the end of the server's life returns whether it ended in the right way.
    pub(super) fn take(&mut self, message: &Value) -> Result<Option<bool>> {
        let id = message.get("id").filter(|id| id.is_string() || id.is_number());
        let params = message.get("params").unwrap_or(&Value::Null);
        match (id, message.get("method").and_then(Value::as_str)) {
            (None, Some("exit")) => return Ok(Some(self.stage == Stage::ShutDown)),
            (None, Some(method)) => self.notified(method, params),
            (Some(id), Some(method)) => {
                let answer = match self.request(id, method, params) {
                    Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
                    Err(refusal) => refused(id, &refusal),
                };
                send(&mut self.output, &answer)?;
            }
            // A response: the server asks nothing, and waits for none.
            (Some(_), None) if message.get("result").or_else(|| message.get("error")).is_some() => {}
            (_, None) => {
                let refusal = Refusal(INVALID_REQUEST, "the message has no `method`".to_owned());
                send(&mut self.output, &refused(&Value::Null, &refusal))?;
            }
        }
        Ok(None)
    }

    /// Answers something that is not a message.
    pub(super) fn refuse(&mut self, reason: &str) -> Result<()> {
        send(&mut self.output, &refused(&Value::Null, &Refusal(PARSE_ERROR, reason.to_owned())))
    }

    fn request(&mut self, id: &Value, method: &str, params: &Value) -> std::result::Result<Value, Refusal> {
        let refuse = |code, text: &str| Err(Refusal(code, text.to_owned()));
        if self.cancelled.contains(id) {
            return refuse(CANCELLED, "the request was cancelled");
        }
        match (self.stage, method) {
            (Stage::New, "initialize") => {
                self.stage = Stage::Ready;
                self.abilities = Abilities::of(params.get("capabilities"));
                Ok(capabilities())
            }
            (Stage::New, _) => refuse(NOT_INITIALIZED, "`initialize` comes first"),
            (Stage::ShutDown, _) => refuse(INVALID_REQUEST, "the server was shut down"),
            (Stage::Ready, "initialize") => refuse(INVALID_REQUEST, "the server is initialized already"),
            (Stage::Ready, "shutdown") => {
                self.stage = Stage::ShutDown;
                Ok(Value::Null)
            }
            (Stage::Ready, _) => self.answer(method, params),
        }
    }

    fn answer(&mut self, method: &str, params: &Value) -> std::result::Result<Value, Refusal> {
        let Some(answer) = answers::for_method(method) else {
            return Err(Refusal(METHOD_NOT_FOUND, format!("there is no method `{method}`")));
        };
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
        let Some(open) = uri.and_then(|uri| self.documents.get_mut(uri)) else {
            return Err(Refusal(INVALID_PARAMS, "the document is not open".to_owned()));
        };
        // Nothing is known of what is not a definition, and that is a result of every method.
        if !open.document.is_definition() {
            return Ok(Value::Null);
        }
        guarded("the request", || answer(open, params))
            .unwrap_or_else(|reason| Err(Refusal(INTERNAL_ERROR, reason)))
    }

    fn notified(&mut self, method: &str, params: &Value) {
        if self.stage != Stage::Ready {
            return;
        }
        let document = params.get("textDocument");
        let uri = || document.and_then(|document| document.get("uri")?.as_str()).map(str::to_owned);
        match method {
            "textDocument/didOpen" => {
                if let Some(document) = document.and_then(Document::open) {
                    self.changed.insert(document.uri.clone());
                    let options = self.options_of(&document);
                    self.documents.insert(document.uri.clone(), Open { document, options, problems: None });
                }
            }
            "textDocument/didChange" => {
                let Some(uri) = uri() else { return };
                let Some(open) = self.documents.get_mut(&uri) else { return };
                let version = document.and_then(|document| document.get("version")).cloned();
                let changes = params.get("contentChanges").and_then(Value::as_array);
                let changes = changes.map(Vec::as_slice).unwrap_or_default();
                open.document.change(version.unwrap_or_default(), changes);
                open.problems = None;
                self.changed.insert(uri);
            }
            "textDocument/didClose" => {
                let Some(uri) = uri() else { return };
                self.documents.remove(&uri);
                self.changed.insert(uri);
            }
            // Others say nothing that matters here.
            _ => {}
        }
    }

    /// How a document is compiled: as the options say, and the `asl.toml` that counts for its folder. One that makes no sense counts for none, and
    /// `asl check` says why.
    fn options_of(&self, document: &Document) -> Options {
        let found = document.path().and_then(|path| self.compile.options_of(&path).ok());
        found.unwrap_or_else(|| self.options.clone())
    }

    /// Tells the problems of all documents that changed.
    pub(super) fn publish(&mut self) -> Result<()> {
        for uri in std::mem::take(&mut self.changed) {
            let params = match self.documents.get_mut(&uri) {
                // Nothing is wrong with a document that nothing looks at.
                None => json!({ "uri": uri, "diagnostics": [] }),
                Some(open) => {
                    let problems = open.problems().to_vec();
                    let list: Value =
                        problems.iter().map(|found| problem(&open.document, found, self.abilities)).collect();
                    json!({ "uri": uri, "version": open.document.version, "diagnostics": list })
                }
            };
            let method = "textDocument/publishDiagnostics";
            send(&mut self.output, &json!({ "jsonrpc": "2.0", "method": method, "params": params }))?;
        }
        Ok(())
    }
}

fn refused(id: &Value, Refusal(code, message): &Refusal) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// What the server can do.
fn capabilities() -> Value {
    const INCREMENTAL: u8 = 2;
    json!({
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": { "openClose": true, "change": INCREMENTAL },
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "documentSymbolProvider": true,
            "documentFormattingProvider": true,
            "foldingRangeProvider": true,
            "completionProvider": { "triggerCharacters": ["\"", "$", ".", ":"] },
            "codeActionProvider": { "codeActionKinds": ["quickfix"] },
            "renameProvider": { "prepareProvider": true },
        },
        "serverInfo": { "name": "asl", "version": env!("CARGO_PKG_VERSION") },
    })
}
