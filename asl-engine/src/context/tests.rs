use super::*;
use crate::execution::tests::toy::Dice;
use crate::execution::tests::world::start;

struct World;

impl Sources for World {
    fn now(&self) -> Timestamp {
        Timestamp::new(1_700_000_000, 0)
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn task_token(&self) -> Text {
        "token".into()
    }
}

/// Does something in the state `Charge` of an execution.
pub(crate) fn within<T>(act: impl FnOnce(Context<'_>) -> T) -> T {
    let (execution, variables) = (start(&mut Dice::new(1)).context, Object::new());
    act(Context::new(&execution, "Charge", &variables, &World))
}

#[test]
fn a_context_that_is_given_is_all_that_there_is_but_for_the_item() {
    let given = Value::from_json(r#"{"State":{"Name":"Pack"},"Map":{"Item":{"Index":7}}}"#).unwrap();
    let (item, text) =
        (MapItem::new(2, "apple".into()), |value: Option<Value>| value.map(|value| value.to_string()));
    within(|context| {
        assert_eq!(text(context.get(ContextField::StateName)).as_deref(), Some(r#""Charge""#));
        let context = context.given(&given);
        assert_eq!(text(context.get(ContextField::StateName)).as_deref(), Some(r#""Pack""#));
        assert_eq!(text(context.get(ContextField::MapItemIndex)).as_deref(), Some("7"));
        assert_eq!(context.get(ContextField::ExecutionName), None, "it was not given");
        let context = context.with_map_item(Some(&item));
        assert_eq!(text(context.get(ContextField::MapItemIndex)).as_deref(), Some("2"));
        let whole = text(context.get(ContextField::Whole)).unwrap();
        assert_eq!(whole, r#"{"State":{"Name":"Pack"},"Map":{"Item":{"Index":2,"Value":"apple"}}}"#);
    });
}
