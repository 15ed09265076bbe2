//! Compiled code that waits for requests: a line of JSON in for each, a line of JSON out with what came of it.
#![allow(clippy::all, reason = "this file is generated")]

/// Values may be nested deeply, and code that is not optimised needs much of the stack.
const STACK: usize = 512 << 20;

fn main() {
    use std::io::{BufRead, Write};
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || respond(&line));
        // What panics has written why; the next request is not its business.
        let answer = worker.expect("a thread").join();
        let answer = answer.unwrap_or_else(|_| r#"{"fault":"the program panicked"}"#.to_owned());
        let mut output = std::io::stdout().lock();
        writeln!(output, "{answer}").expect("somebody reads");
        output.flush().expect("somebody reads");
    }
}

fn respond(line: &str) -> String {
    let request = Value::from_json(line).expect("a request is JSON");
    let number = request.get("entry").and_then(Value::as_i64).and_then(|number| usize::try_from(number).ok());
    let entry = number.and_then(|number| ENTRIES.get(number)?.as_ref()).expect("the number of an entry");
    Value::from(answer(entry, &request)).to_string()
}
