//! Expressions with faults.

use asl_runtime::jsonata;

fn main() {
    let _ = jsonata!("Account.Order[0.Product");
    let _ = jsonata!(r#"$summ(Account.Order) + "1" * 2"#);
    let _ = jsonata!("a", "b");
}
