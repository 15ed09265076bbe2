//! A server of Restate, and a process that it calls.

use crate::http::request;
use asl_runtime::Timestamp;
use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long something may take that must happen. No test takes so long unless it fails.
const LONG: Duration = Duration::from_secs(1800);

/// A server that was started, or a cluster of them; it ends with this.
pub(crate) struct Restate {
    nodes: Vec<Node>,
    folder: PathBuf,
}

/// One server, by its ports. While it is killed it has no process.
struct Node {
    process: Mutex<Option<Child>>,
    program: PathBuf,
    folder: PathBuf,
    name: String,
    ingress: u16,
    admin: u16,
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

impl Node {
    fn start(&self) {
        let log =
            File::options().create(true).append(true).open(self.folder.join(format!("{}.log", self.name)));
        let log = log.unwrap();
        let process = Command::new(&self.program)
            .arg("--config-file")
            .arg(self.folder.join(format!("{}.toml", self.name)))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        *self.process.lock().unwrap() = Some(process.unwrap());
    }

    fn kill(&self) {
        if let Some(mut process) = self.process.lock().unwrap().take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    fn wait_until_healthy(&self) {
        wait_for("a server", || {
            let healthy =
                |port, path| request(port, "GET", path, None).is_some_and(|(status, _)| status == 200);
            (healthy(self.admin, "/health") && healthy(self.ingress, "/restate/health")).then_some(())
        });
    }
}

impl Restate {
    /// Starts so many servers, if there is a program for that: one alone, or a cluster that keeps everything twice.
    pub(crate) fn start(folder: &Path, count: usize) -> Option<Self> {
        let program = on_path("restate-server")?;
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).unwrap();
        let ports: Vec<_> = (0..count).map(|_| free_port()).collect();
        let all: Vec<_> = ports.iter().map(|port| format!("\"http://127.0.0.1:{port}/\"")).collect();
        let nodes = ports.iter().enumerate().map(|(number, port)| {
            let (name, ingress, admin) = (format!("node-{number}"), free_port(), free_port());
            let config = format!(
                r#"cluster-name = "test"
node-name = "{name}"
roles = ["metadata-server", "admin", "worker", "log-server", "http-ingress"]
auto-provision = {first}
base-dir = "{data}"
listen-mode = "tcp"
bind-address = "127.0.0.1:{port}"
advertised-address = "http://127.0.0.1:{port}/"
disable-telemetry = true
default-num-partitions = 4
default-replication = {copies}
rocksdb-total-memory-size = "256MB"

[metadata-client]
addresses = [{all}]

[admin]
bind-address = "127.0.0.1:{admin}"

[ingress]
bind-address = "127.0.0.1:{ingress}"
"#,
                first = number == 0,
                data = folder.join(&name).display(),
                copies = count.min(2),
                all = all.join(", "),
            );
            std::fs::write(folder.join(format!("{name}.toml")), config).unwrap();
            let (process, program, folder) = (Mutex::default(), program.clone(), folder.to_owned());
            Node { process, program, folder, name, ingress, admin }
        });
        let restate = Self { nodes: nodes.collect(), folder: folder.to_owned() };
        restate.nodes.iter().for_each(Node::start);
        restate.nodes.iter().for_each(Node::wait_until_healthy);
        Some(restate)
    }

    /// How many servers there are.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Kills a server, and starts it again after a while.
    pub(crate) fn restart(&self, number: usize, after: Duration) {
        let node = &self.nodes[number % self.nodes.len()];
        node.kill();
        std::thread::sleep(after);
        node.start();
        node.wait_until_healthy();
    }

    /// The address of the ingress, and of the admin API.
    pub(crate) fn addresses(&self) -> [String; 2] {
        [self.nodes[0].ingress, self.nodes[0].admin].map(|port| format!("http://127.0.0.1:{port}"))
    }

    /// When a server took a part of the executions over, as the servers' logs say. A log has colours.
    pub(crate) fn handovers(&self) -> Vec<Timestamp> {
        let mut handovers = Vec::new();
        for node in &self.nodes {
            let log = std::fs::read(self.folder.join(format!("{}.log", node.name))).unwrap();
            let log = String::from_utf8_lossy(&log);
            // The line before says when, and who.
            for (when, what) in log.lines().zip(log.lines().skip(1)) {
                if what.contains("became Leader") {
                    let words = when.split(['\u{1b}', 'm', ' ']);
                    handovers.push(words.filter_map(Timestamp::parse).next().unwrap());
                }
            }
        }
        handovers
    }

    /// The processes of the servers.
    pub(crate) fn processes(&self) -> Vec<u32> {
        let process = |node: &Node| node.process.lock().unwrap().as_ref().map(Child::id);
        self.nodes.iter().filter_map(process).collect()
    }

    /// Asks one server after the other until one answers: while one is killed, others take over what it did.
    fn ask(
        &self,
        port: impl Fn(&Node) -> u16,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> (u16, String) {
        let mut nodes = self.nodes.iter().cycle();
        wait_for("an answer", || {
            let (status, answer) = request(port(nodes.next()?), method, path, body)?;
            let is_of_execution = answer.contains("status");
            (status < 500 || is_of_execution || self.nodes.len() == 1).then_some((status, answer))
        })
    }

    /// Makes the services known that a process serves at a port.
    pub(crate) fn register(&self, port: u16) {
        wait_for("a process", || TcpStream::connect(("127.0.0.1", port)).ok());
        let body = format!(r#"{{"uri":"http://127.0.0.1:{port}"}}"#);
        let answer = self.ask(|node| node.admin, "POST", "/deployments", Some(&body));
        assert!(answer.0 == 201 || answer.0 == 200, "{answer:?}");
    }

    /// Calls a handler, and waits for its answer.
    pub(crate) fn call(&self, path: &str, body: &str) -> (u16, String) {
        self.ask(|node| node.ingress, "POST", path, Some(body))
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
        let (status, answer) = self.ask(|node| node.ingress, "GET", &path, None);
        // 470: it has not ended.
        (status != 470).then_some((status, answer))
    }

    /// How many calls there are in the journal of an invocation.
    pub(crate) fn calls(&self, invocation: &str) -> usize {
        let query =
            format!("SELECT id FROM sys_journal WHERE id = '{invocation}' AND entry_type = 'Command: Call'");
        let body = serde_json::json!({ "query": query }).to_string();
        let (status, answer) = self.ask(|node| node.admin, "POST", "/query", Some(&body));
        assert_eq!(status, 200, "{answer}");
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        answer["rows"].as_array().unwrap().len()
    }

    /// Cancels an invocation.
    pub(crate) fn cancel(&self, invocation: &str) {
        let path = format!("/invocations/{invocation}/cancel");
        let (status, answer) = self.ask(|node| node.admin, "PATCH", &path, None);
        assert!(status == 202 || status == 200, "{status}: {answer}");
    }
}

impl Drop for Restate {
    fn drop(&mut self) {
        self.nodes.iter().for_each(Node::kill);
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}
