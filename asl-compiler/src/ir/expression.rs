//! JSONata expressions, lowered, and where they are in the work of a state.

use super::{
    After, Catcher, Choice, Condition, Distributed, Fail, Items, Map, Output, Parallel, Pass, Percentage,
    Seconds, Succeed, Task, Template, Text, Until, Wait, Work,
};
use crate::jsonata;

/// A JSONata expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expression {
    /// The name of the function that it becomes: unique in the machine, and no keyword.
    pub function: String,
    /// The field that it is the value of, for error texts: `Output/order/total`.
    pub field: String,
    /// The expression as written, for error texts.
    pub text: String,
    /// Its structure.
    pub tree: Box<jsonata::Expression>,
}

macro_rules! expressions {
    ($name:ident, $(#[$doc:meta])* $found:ident, $iter:ident, $as_ref:ident, $as_deref:ident, $($mutable:tt)?) => {
        impl Work {
            $(#[$doc])*
            #[must_use]
            pub(crate) fn $name(&$($mutable)? self) -> Vec<&$($mutable)? Expression> {
                let mut found = $found(Vec::new());
                match self {
                    Self::Pass(Pass { input: _, parameters, result: _, result_path: _, assign, output, transition: _ }) => {
                        found.template(parameters.$as_ref());
                        found.members(assign);
                        found.output(output);
                    }
                    Self::Task(task) => found.task(task),
                    Self::Choice(choice) => found.choice(choice),
                    Self::Wait(wait) => found.wait(wait),
                    Self::Succeed(Succeed { input: _, output }) => found.output(output),
                    Self::Fail(Fail { error, cause }) => {
                        found.text(error.$as_ref());
                        found.text(cause.$as_ref());
                    }
                    Self::Parallel(Parallel { input: _, parameters, branches: _, after, retriers: _, catchers }) => {
                        found.template(parameters.$as_ref());
                        found.after(after, catchers);
                    }
                    Self::Map(map) => found.map(map),
                }
                found.0
            }
        }

        struct $found<'w>(Vec<&'w $($mutable)? Expression>);

        impl<'w> $found<'w> {
            fn template(&mut self, template: Option<&'w $($mutable)? Template>) {
                match template {
                    Some(Template::Expression(expression)) => self.0.push(expression),
                    Some(Template::Object(members)) => self.members(members),
                    Some(Template::Array(elements)) => {
                        elements.$iter().for_each(|element| self.template(Some(element)));
                    }
                    Some(Template::Constant(_) | Template::Path { .. } | Template::Intrinsic { .. }) | None => {}
                }
            }

            fn members(&mut self, members: &'w $($mutable)? [(String, Template)]) {
                members.$iter().for_each(|(_, value)| self.template(Some(value)));
            }

            fn output(&mut self, output: &'w $($mutable)? Output) {
                match output {
                    Output::Selection(_) => {}
                    Output::Template(template) => self.template(Some(template)),
                }
            }

            fn seconds(&mut self, seconds: Option<&'w $($mutable)? Seconds>) {
                if let Some(Seconds::Expression(expression)) = seconds {
                    self.0.push(expression);
                }
            }

            fn text(&mut self, text: Option<&'w $($mutable)? Text>) {
                if let Some(Text::Expression(expression)) = text {
                    self.0.push(expression);
                }
            }

            fn after(&mut self, after: &'w $($mutable)? After, catchers: &'w $($mutable)? [Catcher]) {
                let After { assign, result_selector, result_path: _, output, transition: _ } = after;
                self.template(result_selector.$as_ref());
                self.members(assign);
                self.output(output);
                for Catcher { error_equals: _, assign, result_path: _, output, next: _ } in catchers {
                    self.members(assign);
                    self.template(output.$as_ref());
                }
            }

            fn task(&mut self, task: &'w $($mutable)? Task) {
                let Task {
                    resource: _,
                    gives_token: _,
                    input: _,
                    parameters,
                    credentials,
                    timeout,
                    heartbeat,
                    unwrap_response_body: _,
                    after,
                    retriers: _,
                    catchers,
                } = task;
                self.template(parameters.$as_ref());
                self.template(credentials.$as_ref());
                self.seconds(timeout.$as_ref());
                self.seconds(heartbeat.$as_ref());
                self.after(after, catchers);
            }

            fn choice(&mut self, choice: &'w $($mutable)? Choice) {
                let Choice { input: _, output, rules, assign, default: _, tells_rule: _ } = choice;
                for rule in rules {
                    if let Condition::Expression(expression) | Condition::Equals { value: expression, .. } =
                        &$($mutable)? rule.condition
                    {
                        self.0.push(expression);
                    }
                    self.members(&$($mutable)? rule.assign);
                    self.template(rule.output.$as_ref());
                }
                self.members(assign);
                self.output(output);
            }

            fn wait(&mut self, wait: &'w $($mutable)? Wait) {
                let Wait { input: _, until, assign, output, transition: _ } = wait;
                match until {
                    Until::SecondsExpression(expression) | Until::TimestampExpression(expression) => {
                        self.0.push(expression);
                    }
                    Until::Seconds(_)
                    | Until::SecondsPath(_)
                    | Until::Timestamp(_)
                    | Until::TimestampPath(_) => {}
                }
                self.members(assign);
                self.output(output);
            }

            fn map(&mut self, map: &'w $($mutable)? Map) {
                let Map {
                    input: _,
                    items,
                    item_selector,
                    max_concurrency,
                    tolerated_failure_count,
                    tolerated_failure_percentage,
                    distributed,
                    processor: _,
                    after,
                    retriers: _,
                    catchers,
                } = map;
                if let Items::Template(items) = items {
                    self.template(Some(items));
                }
                self.template(item_selector.$as_ref());
                self.seconds(max_concurrency.$as_ref());
                self.seconds(tolerated_failure_count.$as_ref());
                if let Some(Percentage::Expression(expression)) = tolerated_failure_percentage {
                    self.0.push(expression);
                }
                if let Some(distributed) = distributed.$as_deref() {
                    self.distributed(distributed);
                }
                self.after(after, catchers);
            }

            fn distributed(&mut self, distributed: &'w $($mutable)? Distributed) {
                if let Some(reader) = &$($mutable)? distributed.item_reader {
                    self.template(Some(&$($mutable)? reader.parameters));
                    self.seconds(reader.max_items.$as_ref());
                }
                if let Some(batcher) = &$($mutable)? distributed.item_batcher {
                    self.seconds(batcher.max_items.$as_ref());
                    self.seconds(batcher.max_input_bytes.$as_ref());
                    self.template(batcher.batch_input.$as_ref());
                }
                if let Some(writer) = &$($mutable)? distributed.result_writer {
                    self.template(writer.parameters.$as_ref());
                }
            }
        }
    };
}

expressions! {
    expressions,
    /// The expressions in it.
    Found, iter, as_ref, as_deref,
}

expressions! {
    expressions_mut,
    /// The expressions in it, to be changed.
    FoundMut, iter_mut, as_mut, as_deref_mut, mut
}
