//! The benchmark of the compiler measures definitions that compile, without a warning.

use asl_benches::definitions;
use asl_compiler::source::SourceFile;
use asl_compiler::{Options, check};

#[test]
fn generated_definitions_have_no_problems() {
    for (name, definition) in [
        ("chain", definitions::chain(40)),
        ("document", definitions::document(10)),
        ("fan", definitions::fan(3, 1)),
        ("mixed", definitions::mixed(40)),
    ] {
        let source = SourceFile::new(name, definition.to_string());
        assert_eq!(check(&source, &Options::default()).diagnostics, [], "{name}");
    }
}
