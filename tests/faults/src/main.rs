//! Shows which faults in the definitions of a folder the compiler finds: `cargo run -p asl-faults FOLDER [FAULTS OF A KIND IN A FILE] [EXAMPLES]`.

use asl_compiler::Options;
use asl_faults::{Judge, KINDS, Score, Workflow, sample};
use std::io::Write;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "tests/fixtures".to_owned());
    let count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(2);
    let examples = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(3);
    let only = arguments.next();
    let mut score = Score::default();
    let mut paths = std::fs::read_dir(Path::new(&folder))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let Some(workflow) = Workflow::read(&path.display().to_string(), &std::fs::read_to_string(path)?)
        else {
            continue;
        };
        let judge = Judge::new(&workflow, Options::default());
        for kind in KINDS.iter().filter(|kind| only.as_deref().is_none_or(|only| kind.name == only)) {
            sample(kind.inject(&workflow), count).iter().for_each(|fault| score.count(&judge, fault));
        }
    }
    writeln!(std::io::stdout(), "{}", score.show(examples))
}
