//! A machine that evaluates such expressions in turns, beside the same loop by hand, and beside loops whose expressions are interpreted: that
//! is all they do, there is no machine around them.

use crate::{BY_HAND, CORE, NODE, Outcome, by_hand, core, node};
use asl_benches::{Bench, Measurement, print, verdict};
use asl_runtime::{InMemory, StateMachine, Value};
use serde_json::Value as Json;

/// How many turns an execution has.
pub(crate) const TURNS: u32 = 200;

/// What a turn evaluates: the sum so far, the next number, whether there is another turn.
pub(crate) fn expressions(remainder: f64) -> [String; 3] {
    let filter = format!("$filter($items, function($v) {{ $v.price > $i % {remainder} }})");
    let sum = format!("$acc + $sum($map({filter}, function($v) {{ $v.price * $v.qty }}))");
    [sum, "$i + 1".to_owned(), "$i < $n".to_owned()]
}

/// Measures a machine whose expression takes a remainder of this number.
pub(crate) fn measure<M: StateMachine>(
    bench: &Bench,
    name: &str,
    remainder: f64,
    input: &Json,
) -> Outcome<()> {
    let value = Value::from(input.clone());
    let host = InMemory::new();
    let run = async |input: Value| asl_runtime::run::<M>(&host, input).await;
    let output = bench.once(run(value.clone())).ok();
    if output.is_none() || output != bench.once(by_hand::sums(&value, remainder)) {
        return Err(format!("{name}: the outputs differ").into());
    }
    let texts = expressions(remainder);
    let sum = output.as_ref().and_then(|output| output.get("acc")?.as_number()).map(|sum| sum.as_f64());
    let interpreted = core::Machine::new(&texts, input)?;
    if interpreted.run() != sum {
        return Err(format!("{name}: the interpreter comes to something else").into());
    }
    let ours = || bench.side(|| value.clone(), run);
    let hand = bench.side(|| value.clone(), async |input: Value| by_hand::sums(&input, remainder).await);
    let turns =
        |name, sides, target| bench.measure(Measurement { name, unit: "turn", units: TURNS, sides, target });
    let figures = turns(name, vec![("ours", ours()), ("by hand", hand)], Some(BY_HAND));
    let core = Bench::plain_side(|_| interpreted.run());
    turns(name, vec![("ours", ours()), ("jsonata-core", core)], Some(CORE));
    if let (Some(node), Some(ours)) = (node::machine(&texts, input, bench.quick, sum)?, figures.costs.first())
    {
        let verdict = verdict(ours / node, Some(NODE), "");
        print(&format!("{name:<40} Node {node:>7.1} ns  a turn, ratio {:.3}{verdict}", ours / node));
        bench.judge(ours / node, Some(NODE));
    }
    Ok(())
}
