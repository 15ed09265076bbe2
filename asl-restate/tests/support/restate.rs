//! A server of Restate, and a process that it calls.

use crate::http::request;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long something may take that must happen. No test takes so long unless it fails.
const LONG: Duration = Duration::from_secs(1800);

/// A server that was started, and ends with this.
pub(crate) struct Restate {
    process: Child,
    folder: PathBuf,
    pub(crate) ingress: u16,
    pub(crate) admin: u16,
}

/// A port that is free now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until something is there.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < LONG, "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The program of this name on the path.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

impl Restate {
    /// Starts a server, if there is a program for that.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let program = on_path("restate-server")?;
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).unwrap();
        let (node, ingress, admin) = (free_port(), free_port(), free_port());
        let config = format!(
            r#"cluster-name = "test"
node-name = "one"
auto-provision = true
base-dir = "{}"
listen-mode = "tcp"
bind-address = "127.0.0.1:{node}"
advertised-address = "http://127.0.0.1:{node}/"
disable-telemetry = true
default-num-partitions = 4
rocksdb-total-memory-size = "256MB"

[admin]
bind-address = "127.0.0.1:{admin}"

[ingress]
bind-address = "127.0.0.1:{ingress}"
"#,
            folder.join("data").display()
        );
        let file = folder.join("restate.toml");
        std::fs::write(&file, config).unwrap();
        let log = std::fs::File::create(folder.join("restate.log")).unwrap();
        let process = Command::new(program)
            .arg("--config-file")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let restate = Self { process, folder: folder.to_owned(), ingress, admin };
        wait_for("a server", || {
            let healthy =
                |port, path| request(port, "GET", path, None).is_some_and(|(status, _)| status == 200);
            (healthy(admin, "/health") && healthy(ingress, "/restate/health")).then_some(())
        });
        Some(restate)
    }

    /// Makes the services known that a process serves at a port.
    pub(crate) fn register(&self, port: u16) {
        wait_for("a process", || TcpStream::connect(("127.0.0.1", port)).ok());
        let body = format!(r#"{{"uri":"http://127.0.0.1:{port}"}}"#);
        let answer = request(self.admin, "POST", "/deployments", Some(&body));
        assert!(answer.as_ref().is_some_and(|(status, _)| *status == 201), "{answer:?}");
    }

    /// Calls a handler, and waits for its answer.
    pub(crate) fn call(&self, path: &str, body: &str) -> (u16, String) {
        request(self.ingress, "POST", path, Some(body)).unwrap()
    }

    /// Starts an execution, which may be there already: its invocation.
    pub(crate) fn start_execution(&self, machine: &str, name: &str, input: &str) -> String {
        let (status, answer) = self.call(&format!("/{machine}/{name}/run/send"), input);
        assert!(status == 202 || status == 200, "{status}: {answer}");
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        answer["invocationId"].as_str().unwrap().to_owned()
    }

    /// What came of an execution, if it has ended.
    pub(crate) fn output(&self, machine: &str, name: &str) -> Option<(u16, String)> {
        let path = format!("/restate/workflow/{machine}/{name}/output");
        let (status, answer) = request(self.ingress, "GET", &path, None).unwrap();
        // 470: it has not ended.
        (status != 470).then_some((status, answer))
    }

    /// Cancels an invocation.
    pub(crate) fn cancel(&self, invocation: &str) {
        let path = format!("/invocations/{invocation}/cancel");
        let (status, answer) = request(self.admin, "PATCH", &path, None).unwrap();
        assert!(status == 202 || status == 200, "{status}: {answer}");
    }
}

impl Drop for Restate {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}
