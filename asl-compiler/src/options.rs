//! What a definition is checked for and compiled with.

use crate::code::Code;
use crate::diagnostic::{Diagnostics, Severity};
use crate::shape::Shape;
use crate::substitute::Substitution;
use crate::vocabulary::{MachineType, Profile};

/// What a definition is checked for and compiled with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The file as the user names it in `asl_machine!`, for help texts; nothing if the definition is not compiled by that.
    pub file_name_for_help: Option<String>,
    /// Where the machine has to be accepted.
    pub profile: Profile,
    /// How the machine is executed on AWS.
    pub machine_type: MachineType,
    /// What the result of `http:invoke` is.
    pub http_result: HttpResult,
    /// Suppressed warnings. The only errors that can be suppressed are unknown names and words of AWS.
    pub allow: Vec<Code>,
    /// Requested warnings, of those that are reported only [on request](Code::is_on_request).
    pub warn: Vec<Code>,
    /// What to put in place of the placeholders of the definition.
    pub substitutions: Vec<Substitution>,
    /// What is known about the data does not count: a definition that AWS accepts, and that must fail when it runs, is compiled.
    pub ignore_data: bool,
    /// Choice states tell which rule they take, for reports of what tests have covered.
    pub tell_rules: bool,
    /// States tell what their data is after each of their fields, for tests of single states.
    pub tell_stages: bool,
    /// What the input of an execution is, as [`schema::read`](crate::shape::schema::read) finds it in a JSON Schema.
    pub input: Shape,
}

impl Options {
    /// No problems yet, of a machine for which these options count.
    pub(crate) fn diagnostics(&self) -> Diagnostics {
        let takes_accepted = self.profile == Profile::Aws || self.ignore_data;
        // A word that a service is compared with may be newer than this compiler.
        let is_error = |code: &&Code| {
            (code.severity() == Severity::Error && code.can_be_allowed())
                || [Code::ComparisonNeverHolds, Code::UnknownValue].contains(*code)
        };
        let allowed = self.allow.iter().filter(is_error).copied().collect();
        Diagnostics::new(takes_accepted, allowed)
    }
}

/// What the result of `http:invoke` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpResult {
    /// As on AWS: an object of `Headers`, `ResponseBody`, `StatusCode` and `StatusText`.
    #[default]
    Envelope,
    /// The body of the response alone.
    Body,
}
