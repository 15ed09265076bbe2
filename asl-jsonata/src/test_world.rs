//! What the expressions of unit tests see: no variables, and a time and a chance that stay what they are.

use crate::{Environment, Evaluation, EvaluationLimits};
use asl_value::Object;

struct World(Object);

impl Environment for World {
    fn variables(&self) -> &Object {
        &self.0
    }

    fn now_millis(&self) -> i64 {
        1_509_380_732_935
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// Does something within an evaluation that has the limits of AWS.
pub(crate) fn evaluating<T>(act: impl FnOnce(&Evaluation<'_>) -> T) -> T {
    let (world, limits) = (World(Object::new()), EvaluationLimits::aws());
    act(&Evaluation::new(&world, &limits))
}
