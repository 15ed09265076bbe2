//! What the find box leads to.

use crate::arn::{self, Named};
use crate::console::fields::Fields;
use crate::console::{Console, address};
use axum::extract::State;
use axum::response::Redirect;

/// `GET /find?q=`: an ARN or the name of a machine leads to its page at once; anything else to the executions whose names begin so.
pub(crate) async fn find(State(console): State<Console>, fields: Fields) -> Redirect {
    let text = fields.get("q").unwrap_or_default().trim();
    Redirect::to(&place(&console, text))
}

fn place(console: &Console, text: &str) -> String {
    match arn::parse(text) {
        Ok(Named::StateMachine { name, .. }) => return address::machine(name),
        Ok(Named::Execution) => return address::of_execution(text).unwrap_or_default(),
        Ok(Named::MapRun) => return address::map_run(text),
        Ok(Named::Activity { .. }) => return "/activities".to_owned(),
        Ok(Named::Express) | Err(_) => {}
    }
    let state = console.server.inner.control.read();
    if state.machines.contains_key(text) {
        return address::machine(text);
    }
    let lower = text.to_lowercase();
    let is_part = state.machines.keys().any(|name| name.to_lowercase().contains(&lower));
    if is_part {
        format!("/?q={}", address::part(text))
    } else {
        format!("/executions?prefix={}", address::part(text))
    }
}
