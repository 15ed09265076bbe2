//! Map states in JSONata.
//!
//! In: a Map state as it is written, and what its paths start at. Out: its fields in JSONata. What reads items and writes results has fields of its own,
//! in objects inside of the state.

use super::edit::Object;
use super::input::Input;
use super::state::Converter;
use crate::json::{Kind, Value};

impl<'a> Converter<'a> {
    pub(super) fn map(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'_>) -> Option<()> {
        self.items(state, input, object)?;
        // `ItemSelector` by its old name.
        if let Some(selector) = state.get("Parameters") {
            let text = self.template_text(selector, input)?;
            object.replace("Parameters", "ItemSelector", &text);
        }
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

    fn items(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'_>) -> Option<()> {
        // `ItemsPath` beside an `ItemReader` is not looked at.
        let items = match state.get("ItemsPath").map(|value| &value.kind) {
            Some(Kind::String(path)) if state.get("ItemReader").is_none() => self.path(path, input)?,
            _ if state.get("ItemReader").is_some() => Input::state(),
            _ => input.clone(),
        };
        if items.is("$states.input") {
            object.remove("ItemsPath");
        } else {
            let text = self.whole_text(&items)?;
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
