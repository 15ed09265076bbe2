//! Maps with many iterations, on the pages for people.

use crate::console::{between, get, page_of, served};
use crate::support::{MANY, create, ended, start};
use asl_server::{Keys, console};
use serde_json::json;

/// So many iterations have six events each, and more than an execution may have on AWS.
const ITEMS: usize = 17_000;

#[tokio::test]
async fn a_page_of_a_hundred_thousand_events_is_small() {
    let (server, port) = served(console(), Keys::default()).await;
    let machine = create(&server, "Many", MANY).await;
    let items: Vec<_> = (0..ITEMS).map(|number| if number % 5_000 == 4_117 { 13 } else { 7 }).collect();
    let execution = start(&server, &machine, json!(items)).await;
    assert_eq!(ended(&server, &execution).await["status"], "SUCCEEDED");
    let path = page_of(&execution);
    let (_, page) = get(port, &path).await;
    let events = between(&page, "id=\"event-count\">", "<").replace(',', "");
    assert!(events.parse::<usize>().unwrap() > 100_000, "{events}");
    assert!(page.len() < 120 * 1024, "{}", page.len());

    // A cell is two iterations there, because more would take too much room.
    let (_, page) = get(port, &format!("{path}?visit=0")).await;
    assert!(page.len() < 120 * 1024, "{}", page.len());
    assert!(page.contains("17,000 iterations, 3 failed, a cell for each 2 in order"), "{page}");
    let (_, page) = get(port, &format!("{path}?iterations=0&status=failed")).await;
    assert!(page.contains("17,000 iterations, 3 failed, a cell for each in order"), "{page}");
    for failed in ["#4117", "#9117", "#14117"] {
        assert!(page.contains(&format!(">{failed}</a>")), "{failed}: {page}");
    }
    assert!(!page.contains(">#4116<") && page.contains("ended in Bad luck"), "{page}");
    // What is asked for by its number leads to the state that is told of it.
    let (head, _) = get(port, &format!("{path}?iterations=0&item=4117")).await;
    let to = between(&head, "?visit=", "#inspect");
    let (_, panel) = get(port, &format!("/fragment{path}/details?visit={to}")).await;
    assert!(panel.contains("Bad luck") && panel.contains("item 4117"), "{panel}");
    for missing in ["?iterations=1", "?iterations=x", "?iterations=0&item=17000"] {
        let (head, _) = get(port, &format!("{path}{missing}")).await;
        assert!(head.starts_with("http/1.1 404"), "{missing}: {head}");
    }
}
