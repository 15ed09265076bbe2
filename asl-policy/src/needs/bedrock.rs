//! Models of Bedrock: foundation models, those of the account, and inference profiles with the models under them.

use super::{DYNAMIC, Need, REFERENCE};
use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, ServiceCall};

/// A model is invoked.
pub(super) fn invoke(call: &ServiceCall<'_>, action: &str) -> Need {
    let (models, wide) = match call.parameters.get("ModelId") {
        Some(Argument::Constant(text)) => models(text),
        Some(Argument::Dynamic) | None => {
            (vec![Arn::of_region("bedrock", "foundation-model/*"), Arn::here("bedrock", "*")], Some(DYNAMIC))
        }
    };
    Need::new(call, &[action], models).wide(wide).source(REFERENCE)
}

/// What the profiles of several regions begin with: `us.anthropic.claude-..` is the model `anthropic.claude-..` there.
const GEOGRAPHIES: &[&str] = &["us", "us-gov", "eu", "apac", "jp", "au", "ca", "sa", "global"];

fn models(text: &str) -> (Vec<Arn>, Option<&'static str>) {
    const REGIONS: &str = "a profile sends calls to models in several regions";
    if text.starts_with("arn:") {
        let under = text.split_once(":inference-profile/").and_then(|(_, id)| id.split_once('.'));
        return match under {
            Some((_, model)) => (vec![Arn::written(text), everywhere(model)], Some(REGIONS)),
            None if text.contains(":application-inference-profile/") => (
                vec![Arn::written(text), everywhere("").and(Piece::Many)],
                Some("which models a profile has is not known"),
            ),
            None => (vec![Arn::written(text)], None),
        };
    }
    match text.split_once('.').filter(|(first, _)| GEOGRAPHIES.contains(first)) {
        Some((_, model)) => {
            let profile = Arn::here("bedrock", "inference-profile/").and_text(text);
            (vec![profile, everywhere(model)], Some(REGIONS))
        }
        None => (vec![Arn::of_region("bedrock", "foundation-model/").and_text(text)], None),
    }
}

/// A foundation model in whatever region.
fn everywhere(model: &str) -> Arn {
    let arn = Arn::written("arn:").and(Piece::Partition).and_text(":bedrock:").and(Piece::Many);
    arn.and_text("::foundation-model/").and_text(model)
}

/// An agent's harness is invoked.
pub(super) fn invoke_harness(call: &ServiceCall<'_>) -> Need {
    let (harness, wide) = match call.parameters.get("HarnessArn") {
        Some(Argument::Constant(arn)) => (Arn::written(arn), None),
        Some(Argument::Dynamic) | None => (Arn::here("bedrock-agentcore", "harness/*"), Some(DYNAMIC)),
    };
    Need::new(call, &["bedrock-agentcore:InvokeHarness"], vec![harness]).wide(wide)
}
