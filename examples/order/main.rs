//! An order, from the stock to the shipment.
//!
//! `machine.json` is compiled into this program; the functions that its tasks name are in `shop.rs`. The clock is virtual unless
//! it is asked otherwise, so that waiting takes no time.

mod shop;

use asl_runtime::{Clock, ExecutionError, InMemory, Printer, Value, VirtualClock, asl_machine};
use clap::Parser;
use shop::Shop;
use std::io;
use std::process::ExitCode;

asl_machine!(mod order = "machine.json");

/// Runs orders: those named, or three that come with the program.
#[derive(Debug, Parser)]
#[command(name = "order")]
struct Options {
    /// Files that hold an order each
    #[arg(value_name = "ORDER", value_parser = read_order)]
    orders: Vec<Order>,
    /// Waits as long as the workflow says
    #[arg(long)]
    real_time: bool,
}

#[derive(Clone, Debug)]
struct Order {
    title: String,
    text: String,
}

fn read_order(file: &str) -> io::Result<Order> {
    Ok(Order { title: file.to_owned(), text: std::fs::read_to_string(file)? })
}

/// One that is shipped, one that cannot be paid, and one that cannot be delivered.
fn own_orders() -> Vec<Order> {
    let orders = [
        ("input.json", include_str!("input.json")),
        ("declined.json", include_str!("declined.json")),
        ("returned.json", include_str!("returned.json")),
    ];
    orders.map(|(title, text)| Order { title: title.to_owned(), text: text.to_owned() }).into()
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if options.orders.is_empty() {
        // That two of them fail is what they are there to show.
        run(&own_orders(), options.real_time).await;
        return ExitCode::SUCCESS;
    }
    if run(&options.orders, options.real_time).await { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the orders one after the other, in one shop; whether all of them were shipped.
async fn run(orders: &[Order], real_time: bool) -> bool {
    let printer = Printer::new::<order::State>();
    let shop = Shop::new();
    let mut all_shipped = true;
    for order in orders {
        printer.title(&order.title);
        let result = match real_time {
            true => run_one(Clock::System, &shop, &printer, order).await,
            false => run_one(VirtualClock::default().into(), &shop, &printer, order).await,
        };
        match &result {
            Ok(output) => printer.section("output", output),
            Err(error) => printer.failure(error),
        }
        all_shipped &= result.is_ok();
    }
    all_shipped
}

async fn run_one(
    clock: Clock,
    shop: &Shop,
    printer: &Printer,
    order: &Order,
) -> Result<Value, ExecutionError> {
    let host = shop.serve(InMemory::with_clock(clock)).observe(printer.clone());
    order::run_json(&host, &order.text).await
}

#[cfg(test)]
mod tests;
