//! `asl lsp`: a language server over the standard input and output.
//!
//! In: messages of the Language Server Protocol 3.17 about documents that an editor has open. Out: the problems that `asl check` finds, and
//! answers from [`asl_compiler::inspect`]. Messages are JSON values here, because only few of their fields matter. It writes no file but
//! the pages about problems, and looks at no file that is not open, but for the `asl.toml` that counts for one, and the schema that it names.

mod answers;
mod document;
mod pages;
mod problems;
mod server;
mod transport;

use crate::answer::{Answers, Outcome};
use crate::options::CompileArguments;
use clap::Args;
use server::Server;
use std::collections::VecDeque;
use std::io::BufReader;
use std::sync::mpsc::{Receiver, channel};
use transport::Received;

/// Serve an editor: problems, completion, and more, over the standard input and output
///
/// Exit code: 0 if the editor shut the server down before it ended it, else 1.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    compile: CompileArguments,

    /// Accepted because editors give it; there is no other way to talk
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Answers for Arguments {
    fn answer(&self) -> Result<Outcome, String> {
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut input = BufReader::new(std::io::stdin());
            // It ends with the input, or when nothing listens any longer.
            while let Some(received) = transport::receive(&mut input) {
                if sender.send(received).is_err() {
                    return;
                }
            }
        });
        let mut server = Server::new(&self.compile, self.compile.options()?, std::io::stdout());
        match serve(&mut server, &messages) {
            Ok(true) => Ok(Outcome::Fine),
            Ok(false) => Ok(Outcome::ProblemsFound),
            Err(error) => Err(format!("the editor cannot be written to: {error}")),
        }
    }
}

/// Answers messages. Problems are told when no message waits, so that fast typing is not answered letter by letter. Returns whether
/// the editor ended the server in the right way.
fn serve(
    server: &mut Server<'_, impl std::io::Write>,
    messages: &Receiver<Received>,
) -> std::io::Result<bool> {
    let mut waiting = VecDeque::new();
    loop {
        if waiting.is_empty() {
            let Ok(first) = messages.recv() else { return Ok(false) };
            waiting.push_back(first);
        }
        waiting.extend(messages.try_iter());
        server.note_cancelled(&waiting);
        let Some(next) = waiting.pop_front() else { continue };
        match next {
            Received::Message(message) => {
                if let Some(ended_well) = server.take(&message)? {
                    return Ok(ended_well);
                }
            }
            Received::Fault(reason) => server.refuse(&reason)?,
        }
        if waiting.is_empty() {
            waiting.extend(messages.try_iter());
        }
        if waiting.is_empty() {
            server.publish()?;
        }
    }
}
