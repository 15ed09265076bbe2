//! Machines that carry data along in every way have the same results with variables: states that put fields into the data, into fields, copy them, pass them
//! to branches and iterations, catch errors, and meet again.

use super::published::ran;
use super::{EXACT, folder, with_variables, write};
use serde_json::{Map, Value, json};

const MACHINES: u64 = 60;

/// Fields that the data always has; each holds a number as `v`.
const FIELDS: [&str; 4] = ["a", "b", "c", "d"];

#[test]
#[expect(clippy::print_stderr, reason = "who reads the log should see what was tried")]
fn generated_machines_come_to_the_same() {
    let folder = folder(module_path!(), "generated_machines_come_to_the_same");
    let mut variables = 0;
    for number in 0..MACHINES {
        let mut generator = Generator { random: number + 1, states: 0, mocks: Map::new() };
        let machine = generator.machine(5 + number as usize % 6, 0);
        let text = format!("{machine:#}");
        let conversion = with_variables(&text, EXACT);
        variables += usize::from(conversion.is_some());
        let after = conversion.map_or_else(|| text.clone(), |conversion| conversion.text);
        let cases: Vec<_> = [0, 7]
            .map(|value| {
                let mut input: Map<_, _> = FIELDS
                    .iter()
                    .enumerate()
                    .map(|(at, field)| ((*field).to_owned(), json!({ "v": value + at })))
                    .collect();
                input.insert("items".to_owned(), json!([1, 2]));
                json!({ "name": format!("{value}"), "input": input, "mocks": generator.mocks })
            })
            .into();
        for (name, text) in [("before", &text), ("after", &after)] {
            write(&folder, &format!("{name}/{number}.asl.json"), text);
            write(&folder, &format!("{name}/{number}.test.json"), &json!({ "cases": cases }).to_string());
        }
    }
    let (before, after) = (ran(&folder, "before"), ran(&folder, "after"));
    let succeeded = before.values().filter(|end| end["status"] == "SUCCEEDED").count();
    eprintln!(
        "{succeeded} of {} executions succeed; {variables} of {MACHINES} machines have variables",
        before.len()
    );
    let different: Vec<_> = before.iter().filter(|(case, end)| after.get(*case) != Some(*end)).collect();
    assert!(different.is_empty(), "{different:#?}");
    assert!(succeeded * 2 > before.len() && variables * 2 > MACHINES as usize);
}

struct Generator {
    random: u64,
    states: usize,
    mocks: Map<String, Value>,
}

impl Generator {
    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) as usize % limit
    }

    fn field(&mut self) -> &'static str {
        FIELDS[self.below(FIELDS.len())]
    }

    /// A path to a number.
    fn number(&mut self) -> String {
        format!("$.{}.v", self.field())
    }

    fn machine(&mut self, length: usize, depth: usize) -> Value {
        let first = self.states;
        self.states += length;
        let name = |number: usize| format!("S{number}");
        let mut states = Map::new();
        for number in first..first + length {
            let mut state = self.state(&name(number), depth);
            let is_last = number + 1 == first + length;
            if state["Type"] == "Choice" || !is_last {
                let others = first + length - number - 1;
                let later = |this: &mut Self| {
                    name(number + 1 + this.below(others.max(1)).min(others.saturating_sub(1)))
                };
                if state["Type"] == "Choice" {
                    if is_last {
                        state = json!({ "Type": "Succeed" });
                    } else {
                        for rule in state["Choices"].as_array_mut().expect("rules") {
                            rule["Next"] = later(self).into();
                        }
                        state["Default"] = name(number + 1).into();
                    }
                } else {
                    state["Next"] = name(number + 1).into();
                }
                if let Some(catchers) = state.get_mut("Catch").and_then(Value::as_array_mut) {
                    for catcher in catchers {
                        catcher["Next"] = later(self).into();
                    }
                }
            } else {
                state["End"] = true.into();
                state.as_object_mut().expect("a state").remove("Catch");
            }
            states.insert(name(number), state);
        }
        json!({ "StartAt": name(first), "States": states })
    }

    fn state(&mut self, name: &str, depth: usize) -> Value {
        match self.below(if depth < 2 { 12 } else { 9 }) {
            0 | 1 => {
                let value = self.number();
                json!({ "Type": "Pass", "Parameters": { "v.$": value }, "ResultPath": format!("$.{}", self.field()) })
            }
            2 => {
                json!({ "Type": "Pass", "Result": self.below(9), "ResultPath": format!("$.{}.w", self.field()) })
            }
            3 => json!({ "Type": "Pass", "Parameters": self.template() }),
            4 => {
                json!({ "Type": "Choice", "Choices": [{ "Variable": self.number(), "NumericLessThan": self.below(9) }] })
            }
            5 => json!({ "Type": "Pass", "ResultPath": null, "Result": 1 }),
            6..=8 => self.task(name),
            9 | 10 => {
                let mut parallel = json!({
                    "Type": "Parallel",
                    "Branches": [self.inner(depth), self.inner(depth)],
                    "ResultSelector": { "v.$": format!("$[1].{}.v", self.field()) },
                    "ResultPath": format!("$.{}", self.field()),
                });
                if self.below(2) == 0 {
                    parallel["Parameters"] = self.template();
                }
                parallel
            }
            _ => {
                let mut selector = self.template();
                selector["item.$"] = "$$.Map.Item.Value".into();
                json!({
                    "Type": "Map",
                    "ItemsPath": "$.items",
                    "ItemSelector": selector,
                    "ItemProcessor": self.inner(depth),
                    "ResultSelector": { "v.$": format!("$[0].{}.v", self.field()) },
                    "ResultPath": format!("$.{}", self.field()),
                })
            }
        }
    }

    fn inner(&mut self, depth: usize) -> Value {
        let length = 1 + self.below(4);
        self.machine(length, depth + 1)
    }

    /// All fields: copies, fields of other names, and new ones.
    fn template(&mut self) -> Value {
        let mut template = json!({ "items.$": "$.items" });
        for field in FIELDS {
            match self.below(5) {
                0 => template[field] = json!({ "v": self.below(9) }),
                1 => template[format!("{field}.$")] = format!("$.{}", self.field()).into(),
                _ => template[format!("{field}.$")] = format!("$.{field}").into(),
            }
        }
        template
    }

    fn task(&mut self, name: &str) -> Value {
        let resource = format!("arn:aws:lambda:us-east-1:123456789012:function:{name}");
        let mut task = json!({ "Type": "Task", "Resource": resource });
        if self.below(4) > 0 {
            task["Parameters"] = json!({ "x.$": self.number(), "y.$": format!("$.{}", self.field()) });
        }
        task["ResultPath"] = match self.below(3) {
            0 => Value::Null,
            _ => format!("$.{}", self.field()).into(),
        };
        let mut answers =
            vec![json!({ "result": { "v": self.below(9) } }), json!({ "result": { "v": self.below(9) } })];
        if self.below(3) == 0 {
            let caught = format!("$.caught{}", self.below(2));
            task["Catch"] = json!([{ "ErrorEquals": ["Bad"], "ResultPath": caught }]);
            answers.insert(self.below(2), json!({ "error": "Bad" }));
        }
        self.mocks.insert(name.to_owned(), answers.into());
        task
    }
}
