//! The same calls counted in instructions, which are the same however busy the machine is. The server is in another process, and what the system does for
//! sockets does not count.

use crate::calls::{Service, Whose};
use crate::{Outcome, TARGET};
use asl_benches::{Bench, counted, instructions, note, print, verdict};
use tokio::runtime::Runtime;

/// What the arguments of a process begin with that is to be counted: then come the service, its address, and whose call it is.
const COUNTED: &str = "--counted";
/// So many calls are counted.
const CALLS: u32 = 100;

/// Does the calls that the arguments name, if they do: this process is counted then.
pub(crate) fn is_counted(runtime: &Runtime) -> Outcome<bool> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [flag, service, url, whose] = arguments.as_slice() else { return Ok(false) };
    if flag != COUNTED {
        return Ok(false);
    }
    let service = Service::ALL.iter().find(|known| known.name == service).ok_or("no such service")?;
    let whose = Whose::ALL.into_iter().find(|known| known.name() == whose).ok_or("nobody's call")?;
    let call = (service.call)(whose, url)?;
    // What is made once is not counted.
    for _ in 0..3 {
        runtime.block_on(call())?;
    }
    let all = || {
        runtime.block_on(async {
            for _ in 0..CALLS {
                drop(call().await);
            }
        });
    };
    counted(&all);
    Ok(true)
}

/// Counts the calls of a service.
pub(crate) fn count(bench: &Bench, service: &Service, url: &str) -> Outcome<()> {
    let each = |whose: Whose| -> Outcome<Option<f64>> {
        let count = instructions(&[COUNTED, service.name, url, whose.name()])?;
        Ok(count.map(|count| count / f64::from(CALLS)))
    };
    let Some(ours) = each(Whose::Ours)? else {
        print("instructions: skipped, because `valgrind` is not there");
        return Ok(());
    };
    for whose in Whose::BY_HAND {
        let Some(by_hand) = each(whose)? else { continue };
        let ratio = ours / by_hand;
        let name = format!("{}{}", service.name, whose.suffix());
        print(&format!(
            "instructions, {name:<26} ours {ours:>7.0}  by hand {by_hand:>7.0}  a task, ratio {ratio:.2}{}",
            verdict(ratio, Some(TARGET), "")
        ));
        bench.judge(ratio, Some(TARGET));
        let [ours, by_hand] = [ours, by_hand].map(|figure| format!("{figure:.0}"));
        note(&["instructions", &name, &ours, &by_hand, &format!("{ratio:.2}"), &TARGET.to_string(), ""]);
    }
    Ok(())
}
