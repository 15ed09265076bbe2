//! What an expression consists of.

use super::{Expression, ExpressionKind, Group, Pair, Path, Stage, StepKind};

macro_rules! children {
    ($name:ident, $(#[$doc:meta])* $of_kind:ident, $of_path:ident, $of_pairs:ident, $iter:ident, $as_deref:ident, $($mutable:tt)?) => {
        impl Expression {
            $(#[$doc])*
            #[must_use]
            pub fn $name(&$($mutable)? self) -> Vec<&$($mutable)? Expression> {
                let mut found = $of_kind(&$($mutable)? self.kind);
                found.extend(self.predicates.$iter());
                if let Some(Group { pairs, .. }) = &$($mutable)? self.group {
                    $of_pairs(pairs, &mut found);
                }
                found
            }
        }

        fn $of_kind(kind: &$($mutable)? ExpressionKind) -> Vec<&$($mutable)? Expression> {
            let mut found = Vec::new();
            match kind {
                ExpressionKind::String(_) | ExpressionKind::Number(_) | ExpressionKind::Boolean(_) | ExpressionKind::Null | ExpressionKind::Regex(_) => {}
                ExpressionKind::Name(_) | ExpressionKind::Wildcard | ExpressionKind::Descendants | ExpressionKind::Parent(_) | ExpressionKind::Variable(_) => {}
                ExpressionKind::Path(path) => $of_path(path, &mut found),
                ExpressionKind::Negate(operand) => found.push(operand),
                ExpressionKind::Array(array) => found.extend(array.items.$iter()),
                ExpressionKind::Object(pairs) => $of_pairs(pairs, &mut found),
                ExpressionKind::Binary(binary) => found.extend(binary.sides.$iter()),
                ExpressionKind::Range(sides) | ExpressionKind::Apply(sides) => found.extend(sides.$iter()),
                ExpressionKind::Bind(bind) => found.push(&$($mutable)? bind.value),
                ExpressionKind::Condition(condition) => {
                    found.extend([&$($mutable)? *condition.condition, &$($mutable)? *condition.then]);
                    found.extend(condition.otherwise.$as_deref());
                }
                ExpressionKind::Block(block) => found.extend(block.expressions.$iter()),
                ExpressionKind::Lambda(lambda) => found.push(&$($mutable)? lambda.body),
                ExpressionKind::Call(call) => {
                    found.push(&$($mutable)? call.procedure);
                    found.extend(call.arguments.$iter());
                }
                ExpressionKind::Partial(partial) => {
                    found.push(&$($mutable)? partial.procedure);
                    found.extend(partial.arguments.$iter().flatten());
                }
                ExpressionKind::Transform(transform) => {
                    found.extend([&$($mutable)? *transform.pattern, &$($mutable)? *transform.update]);
                    found.extend(transform.delete.$as_deref());
                }
            }
            found
        }

        fn $of_path<'e>(path: &'e $($mutable)? Path, found: &mut Vec<&'e $($mutable)? Expression>) {
            for step in path.steps.$iter() {
                match &$($mutable)? step.kind {
                    StepKind::Expression(expression) => found.push(expression),
                    StepKind::Sort(terms) => {
                        found.extend(terms.$iter().map(|term| &$($mutable)? term.expression));
                    }
                }
                found.extend(step.stages.$iter().filter_map(|stage| match stage {
                    Stage::Filter(filter) => Some(filter),
                    Stage::Index(_) => None,
                }));
            }
        }

        fn $of_pairs<'e>(pairs: &'e $($mutable)? [Pair], found: &mut Vec<&'e $($mutable)? Expression>) {
            for pair in pairs {
                found.extend([&$($mutable)? pair.key, &$($mutable)? pair.value]);
            }
        }
    };
}

children! {
    children,
    /// The expressions directly in it, in the order of the text.
    of_kind, of_path, of_pairs, iter, as_deref,
}

children! {
    children_mut,
    /// The expressions directly in it, to be changed.
    of_kind_mut, of_path_mut, of_pairs_mut, iter_mut, as_deref_mut, mut
}
