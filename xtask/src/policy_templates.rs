//! `cargo xtask policy-templates`: the policy templates of AWS SAM for `asl policy --compare`.
//!
//! In: the folder of the Python package aws-sam-translator. Out: a JSON object, a line for each template: its name and the document that it is
//! replaced by. Texts for people are left out.

use serde_json::Value;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Writes the templates and says how many there are.
pub(crate) fn generate(translator: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let file = translator.join("policy_templates_data/policy_templates.json");
    let all: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let templates = all.get("Templates").and_then(Value::as_object).ok_or("there are no templates")?;
    let lines: Result<Vec<_>, _> = templates
        .iter()
        .map(|(name, template)| {
            let document = template.get("Definition").ok_or_else(|| format!("`{name}` has no definition"))?;
            Ok::<_, String>(format!("{}:{document}", Value::from(name.as_str())))
        })
        .collect();
    let lines = lines?;
    fs::write(out, format!("{{\n{}\n}}\n", lines.join(",\n")))?;
    Ok(format!("{} templates", lines.len()))
}
