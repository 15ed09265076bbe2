//! Layouts, and that whatever is laid out says the same afterwards.

#![expect(clippy::disallowed_methods, reason = "a test reads its fixtures")]

use super::*;
use std::path::{Path, PathBuf};

fn laid(name: &str, text: &str) -> String {
    format(&SourceFile::new(name, text)).unwrap().unwrap()
}

fn value(name: &str, text: &str) -> Value {
    read_value(&SourceFile::new(name, text), &mut Diagnostics::default()).unwrap()
}

#[test]
fn fields_have_an_order_and_data_and_states_keep_theirs() {
    let text = r#"{"States":{"B":{"Next":"A","Type":"Pass","Result":{"z":1,"a":[1,  2]}},
        "A":{"End":true,"Type":"Succeed"}},"StartAt":"B"}"#;
    let expected = r#"{
  "StartAt": "B",
  "States": {
    "B": {
      "Type": "Pass",
      "Result": { "z": 1, "a": [1, 2] },
      "Next": "A"
    },
    "A": {
      "Type": "Succeed",
      "End": true
    }
  }
}
"#;
    assert_eq!(laid("a.json", text), expected);
    assert_eq!(laid("a.json", expected), expected);
}

#[test]
fn strings_numbers_and_placeholders_stay_as_they_are_written() {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":"${Wait}","Comment":"\u0041\/é","End":true,"Assign":{"x":1.50e2}}}}"#;
    let laid = laid("a.json", text);
    for kept in [r#""${Wait}""#, r#""\u0041\/é""#, "1.50e2"] {
        assert!(laid.contains(kept), "{laid}");
    }
}

#[test]
fn lines_that_are_too_long_are_broken_and_blank_lines_stay() {
    let long = "x".repeat(60);
    let text = format!(
        "{{\"StartAt\": \"A\",\n\n\n\"States\": {{\"A\": {{\"Type\": \"Pass\", \"Result\": [\"{long}\", \"{long}\"], \"End\": true}}}}}}"
    );
    let laid = laid("a.json", &text);
    assert!(
        laid.contains(&format!("\"Result\": [\n        \"{long}\",\n        \"{long}\"\n      ],")),
        "{laid}"
    );
    assert!(laid.contains("\"StartAt\": \"A\",\n\n  \"States\""), "{laid}");
}

#[test]
fn comments_of_yaml_go_with_their_fields() {
    let text = "# The machine.\nStates:\n  A:\n    End: true   \n    # What it does.\n    Type: Pass\n    # What comes of it.\n    Result: |\n      # a text\n      x\n\n\n  # The other.\n  B: { Type: Succeed }\nStartAt: A # here\n";
    let expected = "# The machine.\nStartAt: A # here\nStates:\n  A:\n    # What it does.\n    Type: Pass\n    # What comes of it.\n    Result: |\n      # a text\n      x\n    End: true\n\n  # The other.\n  B: { Type: Succeed }\n";
    assert_eq!(laid("a.yaml", text), expected);
    assert_eq!(laid("a.yaml", expected), expected);
}

#[test]
fn elements_of_yaml_are_ordered_behind_their_dashes() {
    let text = "StartAt: A\nStates:\n  A:\n    Type: Choice\n    Choices:\n      - Next: B\n        Variable: $.a\n        IsPresent: true\n    Default: B\n  B:\n    Type: Succeed\n";
    let expected = text.replace(
        "      - Next: B\n        Variable: $.a\n        IsPresent: true\n",
        "      - Variable: $.a\n        IsPresent: true\n        Next: B\n",
    );
    assert_eq!(laid("a.yaml", text), expected);
    assert_eq!(laid("a.yaml", &expected), expected);
}

#[test]
fn an_anchor_stays_before_its_alias() {
    let text = "StartAt: A\nStates:\n  A:\n    End: true\n    Result: &r\n      x: 1\n    Parameters: *r\n    Type: Pass\n";
    let laid = laid("a.yaml", text);
    assert!(is_same(&value("a.yaml", text), &value("a.yaml", &laid), Role::Machine));
}

#[test]
fn line_ends_stay() {
    let text = "{\"StartAt\":\"A\",\r\n\"States\":{\"A\":{\"Type\":\"Succeed\"}}}";
    let laid = laid("a.json", text);
    assert!(laid.contains("\"A\",\r\n") && !laid.replace("\r\n", "").contains('\n'), "{laid:?}");
}

#[test]
fn what_is_no_definition_or_cannot_be_read_is_left_alone() {
    assert_eq!(format(&SourceFile::new("a.json", "{\"Resources\": {}}")), Ok(None));
    assert!(format(&SourceFile::new("a.json", "{\"StartAt\": ")).is_err());
    assert!(format(&SourceFile::new("a.yaml", "States: [")).is_err());
}

/// Each fixture of the diagnostics that can be read.
fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files =
        folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|end| end == "json" || end == "yaml")).collect();
    files.sort();
    files
}

#[test]
fn whatever_is_laid_out_says_the_same_and_stays_as_it_is() {
    let mut count = 0;
    for path in fixtures() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let name = path.display().to_string();
        let Ok(Some(laid)) = format(&SourceFile::new(name.as_str(), text.as_str())) else { continue };
        assert!(is_same(&value(&name, &text), &value(&name, &laid), Role::Machine), "{name}");
        assert_eq!(format(&SourceFile::new(name.as_str(), laid.as_str())), Ok(Some(laid)), "{name}");
        count += 1;
    }
    assert!(count > 200, "{count} fixtures");
}
