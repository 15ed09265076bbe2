//! The process of a server, and those of its workers.

use crate::server::WORKER;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) struct Process {
    child: Child,
    pub(crate) port: u16,
}

impl Process {
    /// Starts a server on a folder, and waits until it says where it is.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("server")
            .arg(folder)
            // Its workers are started without an argument.
            .env(WORKER, "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("no port: `{line}`"));
        Self { child, port }
    }

    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Kills it as nothing else could.
    pub(crate) fn kill(&mut self) {
        assert!(self.runs(), "the server has ended by itself");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Kills the workers that it has, where the system says which these are: how many.
    pub(crate) fn kill_workers(&self) -> usize {
        let Ok(processes) = std::fs::read_dir("/proc") else { return 0 };
        let workers = processes.filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let process: u32 = name.parse().ok()?;
            let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
            (parent.trim().parse() == Ok(self.child.id())).then_some(process)
        });
        let kill = |process: &u32| {
            Command::new("kill")
                .args(["-9", &process.to_string()])
                .status()
                .is_ok_and(|status| status.success())
        };
        workers.filter(kill).count()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
