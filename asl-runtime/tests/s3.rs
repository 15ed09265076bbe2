//! Objects behind the API of S3: what is asked, how it is signed, and what each answer means.

#![cfg(feature = "s3")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::s3::S3;
use asl_runtime::{ObjectLocation, ObjectStore};
use http_server::{Server, answer, ok};

fn store(server: &Server) -> S3 {
    S3::with_endpoint(&server.url(""), "us-east-1", "AKIDEXAMPLE", "very secret")
}

#[tokio::test]
async fn an_object_is_read_piece_by_piece() {
    let server = Server::answering([ok("text/csv", "id,name\n1,Ana\n")]).await;
    let location = ObjectLocation::new("orders", "2024/a b.csv");
    let mut object = store(&server).open(&location).await.unwrap();
    let mut read = Vec::new();
    while let Some(chunk) = object.chunk().await.unwrap() {
        read.extend(chunk);
    }
    assert_eq!(read, b"id,name\n1,Ana\n");
    let request = server.request();
    assert_eq!(request.target(), "GET /orders/2024/a%20b.csv");
    let authorization = request.header("Authorization").join("");
    assert!(authorization.contains("/us-east-1/s3/aws4_request, SignedHeaders="), "{authorization}");
    assert_eq!(request.header("x-amz-content-sha256").len(), 1);
}

#[tokio::test]
async fn a_part_of_an_object_is_that_of_the_same_content() {
    let part = |range: &str, body: &str| {
        answer("206 Partial Content", &format!("Content-Range: bytes {range}/20\r\nETag: \"v1\"\r\n"), body)
    };
    let changed = "<Error><Code>PreconditionFailed</Code><Message>It has changed.</Message></Error>";
    let server = Server::answering([
        part("16-19", "PAR1"),
        part("4-7", "data"),
        answer("412 Precondition Failed", "", changed),
        // A server that knows no ranges.
        ok("text/plain", "0123456789"),
        ok("text/plain", "0123456789"),
        answer("416 Range Not Satisfiable", "", "<Error><Code>InvalidRange</Code></Error>"),
    ])
    .await;
    let (store, mut location) = (store(&server), ObjectLocation::new("orders", "a.parquet"));
    let end = store.read_end(&location, 4).await.unwrap();
    assert_eq!((end.bytes.as_slice(), end.size, end.etag.as_deref()), (&b"PAR1"[..], 20, Some("\"v1\"")));
    location.etag = end.etag;
    let mut body = store.open_range(&location, 4..8).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().as_deref(), Some(&b"data"[..]));
    assert_eq!(store.open_range(&location, 8..12).await.err().unwrap().code(), "PreconditionFailed");
    let requests = server.requests();
    assert_eq!((requests[0].header("range"), requests[0].header("if-match")), (vec!["bytes=-4"], vec![]));
    assert_eq!(
        (requests[1].header("range"), requests[1].header("if-match")),
        (vec!["bytes=4-7"], vec!["\"v1\""])
    );
    let mut body = store.open_range(&location, 4..6).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().as_deref(), Some(&b"45"[..]));
    assert_eq!(body.chunk().await.unwrap(), None);
    let end = store.read_end(&location, 3).await.unwrap();
    assert_eq!((end.bytes.as_slice(), end.size), (&b"789"[..], 10));
    assert_eq!(store.read_end(&location, 3).await.unwrap().size, 0);
}

#[tokio::test]
async fn a_listing_goes_on_from_page_to_page() {
    let page = |key: &str, token: &str| {
        ok(
            "application/xml",
            &format!(
                "<ListBucketResult><Contents><Key>{key}</Key><Size>3</Size><ETag>\"e\"</ETag>\
                 <LastModified>2024-01-01T00:00:00.000Z</LastModified></Contents>{token}</ListBucketResult>"
            ),
        )
    };
    let first = page("p/a", "<NextContinuationToken>t=1</NextContinuationToken>");
    let server = Server::answering([first, page("p/b", "")]).await;
    let mut listing = store(&server).list("orders", "p/").await.unwrap();
    let mut keys = Vec::new();
    while let Some(page) = listing.page().await.unwrap() {
        keys.extend(page.into_iter().map(|object| object.key.to_string()));
    }
    assert_eq!(keys, ["p/a", "p/b"]);
    let targets: Vec<_> = server.requests().iter().map(|request| request.target().to_owned()).collect();
    let start = "GET /orders?list-type=2&encoding-type=url&prefix=p%2F";
    assert_eq!(targets, [start.to_owned(), format!("{start}&continuation-token=t%3D1")]);
}

#[tokio::test]
async fn an_object_is_written_whole() {
    let server = Server::answering([answer("200 OK", "", "")]).await;
    store(&server).put(&ObjectLocation::new("results", "run/manifest.json"), b"{}".to_vec()).await.unwrap();
    let request = server.request();
    assert_eq!((request.target(), request.body.as_str()), ("PUT /results/run/manifest.json", "{}"));
}

#[tokio::test]
async fn what_s3_refuses_has_its_code() {
    let refusal = "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>";
    let server =
        Server::answering([answer("404 Not Found", "", refusal), answer("403 Forbidden", "", "")]).await;
    let location = ObjectLocation::new("orders", "missing");
    let store = store(&server);
    let error = store.open(&location).await.err().unwrap();
    assert_eq!((error.code(), error.to_string().contains("does not exist")), ("NoSuchKey", true));
    assert_eq!(store.open(&location).await.err().unwrap().code(), "403");
    assert!(!format!("{store:?}").contains("secret"));
}
