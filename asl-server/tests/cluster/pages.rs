//! The console over a cluster.

use crate::http::request;
use asl_server::Server;
use tokio::net::TcpListener;

pub(crate) async fn show_what_happens(server: &Server) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = server.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    for (path, words) in [
        ("/", &["errand", "pause"][..]),
        ("/machines/errand", &["Both", "errand"]),
        ("/executions?machine=pause", &["many-0", "many-6"]),
        ("/executions/errand/yes", &["Succeeded", "Rest", "Ask", "fetched"]),
        ("/executions/errand/no", &["Refused", "the answer was no"]),
        ("/executions/pause/many-3", &["Running"]),
        ("/activities", &["activity:Ask"]),
    ] {
        let answer = tokio::task::spawn_blocking(move || request(port, "GET", path, None)).await.unwrap();
        let (status, page) = answer.unwrap();
        assert_eq!(status, 200, "{path}: {page}");
        for word in words {
            assert!(page.contains(word), "{path} does not have `{word}`");
        }
    }
}
