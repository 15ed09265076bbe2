//! What fails for the values that are known, though its types fit: calls, and objects that expressions make.

use super::expression::expressions;
use super::task::{integrations, parameters};
use crate::edit::Editor;
use crate::typo::mistype;
use asl_compiler::json::{Member, Value};

/// Built-in functions that refuse what they get.
pub(super) fn call_refused(editor: &mut Editor<'_>) {
    const WRONG: [&str; 11] = [
        "$decodeUrlComponent('%E0%A4%A')",
        "$formatNumber(12, '0.0.0')",
        "$fromMillis(0, '[Y')",
        "$number($string(1) & 'x')",
        "$lookup({ 'total': 1 }, 'totl')",
        "($tags := ['a', 'b']; $merge([{ 'a': 1 }, $tags]))",
        "$states.input.kind = 'x' ? $substring('abc') : 'none'",
        "$map($states.input.list, function($item) { $merge($item, { 'a': 1 }) })",
        "$toMillis($fromMillis(0, '[D01].[M01].[Y0001]'))",
        "[0..1.5 + 1]",
        "{ 'a': 1 } ~> |$|5|",
    ];
    each_value(editor, &WRONG);
}

/// What fails if it is reached, and a variable misspelt where nothing may be given.
pub(super) fn perhaps_refused(editor: &mut Editor<'_>) {
    const WRONG: [&str; 2] = [
        "$map([1, 2], function($item) { $merge([$items, { 'a': 1 }]) })",
        "$exists($states.input.kind) and $length($append(['a'], ['b'])) > 1",
    ];
    each_value(editor, &WRONG);
}

/// Functions that an expression makes, and calls with what they fail for.
pub(super) fn own_function_misused(editor: &mut Editor<'_>) {
    const WRONG: [&str; 4] = [
        "($add := function($a, $b) { $a + $b }; $add(1, 'x'))",
        "($upper := function($t) { $uppercase($t) }; $upper(5))",
        "($name := function($o) { $uppercase($o.nmae) }; $name({ 'name': 'x' }))",
        "(function($n) { $n * 2 })('x')",
    ];
    each_value(editor, &WRONG);
}

/// A variable behind the block that binds it.
pub(super) fn read_behind_its_block(editor: &mut Editor<'_>) {
    each_value(editor, &["(($inner := 1; $inner); $inner)", "($sum := ($part := 2; $part); $sum + $part)"]);
}

/// Puts each of these in the place of the expressions of fields that take any value.
fn each_value(editor: &mut Editor<'_>, wrong: &[&str]) {
    for (_, expression) in expressions(editor) {
        if ["Output", "Assign"].contains(&expression.field) {
            wrong.iter().for_each(|wrong| editor.rename(expression.text, &format!("{{% {wrong} %}}")));
        }
    }
}

/// Events of functions that are no JSON text, list or object.
pub(super) fn payload_of_a_number(editor: &mut Editor<'_>) {
    for (state, given) in editor
        .workflow
        .states_of("Task")
        .into_iter()
        .filter_map(|state| Some((state, state.get("Parameters")?)))
    {
        let payload =
            given.as_object().unwrap_or_default().iter().find(|member| member.name().starts_with("Payload"));
        if let Some(payload) =
            payload.filter(|_| state.text("Resource").is_some_and(|text| text.contains(":lambda:invoke")))
        {
            for wrong in ["\"Payload.$\": \"States.MathAdd(1, 1)\"", "\"Payload\": true"] {
                editor.replace(payload.span(), wrong);
            }
        }
    }
}

/// Intrinsic functions that refuse what they get.
pub(super) fn intrinsic_refused(editor: &mut Editor<'_>) {
    const WRONG: [&str; 4] = [
        "States.MathRandom(5, 1)",
        "States.MathAdd(3000000000, 1)",
        "States.ArrayGetItem(States.Array(1, 2), 2)",
        "States.ArrayGetItem($$.Execution.Input, -1)",
    ];
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for path in state.strings().into_iter().filter(|text| text.is_path() && text.key.ends_with(".$")) {
            WRONG.iter().for_each(|wrong| editor.rename(path.text, wrong));
        }
    }
}

/// The parameters of an action as one expression, with a misspelt name in it.
pub(super) fn object_misspelt(editor: &mut Editor<'_>) {
    for (state, _) in integrations(editor).into_iter().filter(|(state, _)| state.is_jsonata) {
        let Some((holder, members)) = parameters(state) else { continue };
        for wrong in members {
            if let Some(typo) = mistype(wrong.name(), 0) {
                let written: Vec<_> =
                    members.iter().filter_map(|member| pair(member, wrong, &typo)).collect();
                editor.replace(holder.value.span, &format!("\"{{% {{ {} }} %}}\"", written.join(", ")));
            }
        }
    }
}

/// A member as an expression writes it, if its value is a plain text.
fn pair(member: &Member, wrong: &Member, typo: &str) -> Option<String> {
    let is_wrong = std::ptr::eq(member, wrong);
    let is_plain = |text: &&str| !text.contains(['\'', '"', '\\', '{', '\n']);
    let text = Value::as_str(&member.value).filter(is_plain);
    let name = if is_wrong { typo } else { member.name() };
    (is_wrong || text.is_some()).then(|| format!("'{name}': '{}'", text.unwrap_or("x")))
}
