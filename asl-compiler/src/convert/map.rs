//! Map states in JSONata.
//!
//! In: a Map state as it is written, and what its paths start at. Out: its fields in JSONata. What reads items and writes results has fields of its own,
//! in objects inside of the state.

use super::carried::Change;
use super::code::Code;
use super::edit::Object;
use super::input::Input;
use super::state::Converter;
use crate::json::{Kind, Value};
use crate::outline::PROCESSORS;

impl<'a> Converter<'a> {
    pub(super) fn map(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'a>) -> Option<()> {
        self.items(state, input, object)?;
        self.selector(state, input, object)?;
        for name in ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"] {
            self.number(state, name, input, object)?;
        }
        for name in ["ItemReader", "ItemBatcher", "ResultWriter"] {
            if let Some(value) = state.get(name) {
                let text = self.store(value, input)?;
                object.replace(name, name, &text);
            }
        }
        self.after(state, object)
    }

    /// `ItemSelector`, also by its old name.
    fn selector(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'a>) -> Option<()> {
        let selector =
            ["ItemSelector", "Parameters"].into_iter().find_map(|name| Some((name, state.get(name)?)));
        let Some((name, selector)) = selector else {
            self.note_calls(state, &Change::Replaced);
            return Some(());
        };
        // The children of a distributed Map are other executions, which see no variables.
        if is_distributed(state) {
            self.note_calls(state, &Change::Replaced);
            let text = self.template_text(selector, input)?;
            object.replace(name, "ItemSelector", &text);
            return Some(());
        }
        let change = self.replacement(&Input::Template(selector, Box::new(input.clone())));
        self.note_calls(state, &change);
        let text = match change {
            Change::Copied(_) => self.called_with(selector, input, state)?,
            Change::Kept | Change::Set(_) | Change::Within(_) | Change::Replaced => {
                self.template_text(selector, input)?
            }
        };
        object.replace(name, "ItemSelector", &text);
        Some(())
    }

    fn items(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'a>) -> Option<()> {
        // `ItemsPath` beside an `ItemReader` is not looked at.
        let items = match state.get("ItemsPath").map(|value| &value.kind) {
            Some(Kind::String(path)) if state.get("ItemReader").is_none() => self.path(path, input)?,
            _ if state.get("ItemReader").is_some() => Input::Code(Code::atom("$states.input")),
            _ => input.clone(),
        };
        let text = self.whole_text(&items)?;
        if self.is(&items, "$states.input") {
            object.remove("ItemsPath");
        } else {
            object.put(&["ItemsPath"], "Type", "Items", &text);
        }
        object.remove("InputPath");
        Some(())
    }

    /// `ItemReader`, `ItemBatcher` or `ResultWriter`.
    fn store(&mut self, value: &'a Value, input: &Input<'a>) -> Option<String> {
        let mut object = Object::new(self.source, value);
        for (name, new_name) in [("Parameters", "Arguments"), ("BatchInput", "BatchInput")] {
            if let Some(template) = value.get(name) {
                let text = self.template_text(template, input)?;
                object.replace(name, new_name, &text);
            }
        }
        for name in ["MaxItemsPerBatch", "MaxInputBytesPerBatch"] {
            self.number(value, name, input, &mut object)?;
        }
        if let Some(config) = value.get("ReaderConfig") {
            let mut inner = Object::new(self.source, config);
            self.number(config, "MaxItems", input, &mut inner)?;
            object.replace("ReaderConfig", "ReaderConfig", &inner.finish());
        }
        Some(object.finish())
    }
}

/// Whether each iteration is an execution of its own.
fn is_distributed(state: &Value) -> bool {
    let processor = PROCESSORS.iter().find_map(|name| state.get(name));
    let mode = processor.and_then(|processor| processor.get("ProcessorConfig")?.get("Mode")?.as_str());
    mode == Some("DISTRIBUTED")
}
