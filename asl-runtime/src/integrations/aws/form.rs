//! Actions whose parameters and results are not those of the API behind them: EMR has clusters where its API has job flows.
//!
//! In: a task's parameters. Out: its result. What the API wants and tasks do not have, the number of a fleet behind its name, is looked up before.

use super::{ActionCall, Aws};
use crate::parameters::asks::{Sources, all, collected};
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Finding, Form, Question};
use asl_value::{Text, Value};

/// What is in every result.
const METADATA: [&str; 2] = ["SdkHttpMetadata", "SdkResponseMetadata"];
/// How many pages of a list are looked through.
const PAGES: usize = 1_000;

impl Aws {
    /// Calls an action as tasks do.
    pub(super) async fn perform(
        &self,
        call: ActionCall,
        given: &Value,
        token: &Text,
    ) -> Result<Value, TaskError> {
        let Some(Form { taken, given: yields, lookup }) = &call.action.form else {
            return self.call(call, given, token).await;
        };
        let found = match lookup {
            Some((question, finding)) => self.find(call, question, finding, given, token).await?,
            None => Value::Null,
        };
        let sources = Sources { found: &found, ..Sources::given(given) };
        let answer = if taken.is_empty() {
            self.call(call, given, token).await?
        } else {
            self.call(call, &collected(taken, sources).into(), token).await?
        };
        let mut result = collected(yields, Sources { answer: &answer, ..sources });
        for name in METADATA {
            if let Some(value) = answer.get(name) {
                result.insert(name, value.clone());
            }
        }
        Ok(result.into())
    }

    /// Looks for the element of a list that has the name that the task says.
    async fn find(
        &self,
        call: ActionCall,
        question: &Question,
        finding: &Finding,
        given: &Value,
        token: &Text,
    ) -> Result<Value, TaskError> {
        let wanted = given.get(finding.wanted);
        let mut asked = collected(question.parameters, Sources::given(given));
        let lookup = ActionCall { action: question.action, is_sdk: false };
        for _ in 0..PAGES {
            let answer = self.call(lookup, &asked.clone().into(), token).await?;
            let elements = all(&answer, finding.elements);
            if let Some(found) = elements.into_iter().find(|element| element.get("Name") == wanted) {
                return Ok(found.clone());
            }
            match answer.get("Marker") {
                Some(Value::String(marker)) if !marker.is_empty() => asked.insert("Marker", marker.clone()),
                Some(_) | None => break,
            };
        }
        let wanted = wanted.map(ToString::to_string).unwrap_or_default();
        Err(call.refusal(&format!("The cluster has nothing whose {} is {wanted}", finding.wanted)))
    }
}
