//! The process of a worker: requests go in, and each response comes to the caller that waits for it.
//!
//! It greets first: one that was built from other sources is not listened to, because its bytes may mean something else.
//! Responses come in the order of their requests. A thread reads them, so that the process never waits for a reader; another one keeps what it
//! says on its standard error.

use asl_engine::worker::{Frames, GREETING, Request, Response};
use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Values may be nested deeply, and code that is not optimised needs much of the stack. Only what is used of it takes memory.
const STACK: usize = 256 << 20;
/// So many bytes are read at once.
const CHUNK: usize = 64 << 10;
/// So many of the last bytes are kept of what it says on its standard error.
const LAST_WORDS: usize = 16 << 10;

/// A process, which ends when this is dropped.
pub(super) struct Process {
    input: Mutex<ChildStdin>,
    shared: Arc<Shared>,
    /// It was ended from here, which the reading thread need not have seen yet.
    is_ended: AtomicBool,
}

/// What the reading thread knows as well.
struct Shared {
    child: Mutex<Child>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// Who waits, in the order of the requests; nothing waits for what is only done.
    replies: VecDeque<Option<Reply>>,
    /// Executions that wait for no response, and are notified when there will be no more.
    watching: HashMap<u64, Waker>,
    /// Why there will be no more responses.
    fault: Option<String>,
}

/// A response that is waited for.
#[derive(Clone, Default)]
pub(super) struct Reply {
    inner: Arc<(Mutex<Replied>, Condvar)>,
}

#[derive(Default)]
struct Replied {
    response: Option<Result<Response, String>>,
    waker: Option<Waker>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Process {
    pub(super) fn start(program: &Path, memory: Option<u64>) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        apart(&mut command);
        let mut child = command.spawn()?;
        // One that has ended already shows when it is asked for something.
        let _ = limit(&child, memory);
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(io::Error::other("it has no input or output"));
        };
        let shared = Arc::new(Shared { child: Mutex::new(child), waiting: Mutex::default() });
        let process =
            Self { input: Mutex::new(input), shared: Arc::clone(&shared), is_ended: AtomicBool::new(false) };
        let complaints = thread::Builder::new().spawn(move || last_words(errors))?;
        thread::Builder::new()
            .name("responses".into())
            .stack_size(STACK)
            .spawn(move || shared.read(output, complaints))?;
        Ok(process)
    }

    /// Sends frames, of which the last one is a request whose response is waited for, and `before` it are others with a response.
    pub(super) fn send(&self, frames: &[u8], before: usize) -> Reply {
        let reply = Reply::default();
        let mut input = locked(&self.input);
        {
            let mut waiting = locked(&self.shared.waiting);
            if let Some(fault) = &waiting.fault {
                reply.come(Err(fault.clone()));
                return reply;
            }
            waiting.replies.extend((0..before).map(|_| None));
            waiting.replies.push_back(Some(reply.clone()));
        }
        self.write(&mut input, frames);
        reply
    }

    /// Sends a request that has no response.
    pub(super) fn tell(&self, request: &Request) {
        if let Ok(frame) = request.to_frame() {
            self.write(&mut locked(&self.input), &frame);
        }
    }

    fn write(&self, input: &mut ChildStdin, frames: &[u8]) {
        if input.write_all(frames).and_then(|()| input.flush()).is_err() {
            // It does not listen. The reader of its responses sees its end.
            self.end();
        }
    }

    /// Ends it, if it has not ended.
    pub(super) fn end(&self) {
        self.is_ended.store(true, Ordering::Relaxed);
        let _ = locked(&self.shared.child).kill();
    }

    /// Why there will be no more responses, if that is so; if not, an execution that asks is woken when it is.
    pub(super) fn end_of(&self, execution: u64, context: &Context<'_>) -> Option<String> {
        let mut waiting = locked(&self.shared.waiting);
        if waiting.fault.is_none() {
            let waker = waiting.watching.entry(execution).or_insert_with(|| context.waker().clone());
            waker.clone_from(context.waker());
        }
        waiting.fault.clone()
    }

    /// An execution need not be notified of the end any more.
    pub(super) fn leave(&self, execution: u64) {
        locked(&self.shared.waiting).watching.remove(&execution);
    }

    /// Whether nothing can be asked any more.
    pub(super) fn is_over(&self) -> bool {
        self.is_ended.load(Ordering::Relaxed) || self.fault().is_some()
    }

    /// Why there will be no more responses, if that is so.
    pub(super) fn fault(&self) -> Option<String> {
        locked(&self.shared.waiting).fault.clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut child = locked(&self.shared.child);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Sees to it that a process has so many bytes of memory at most.
#[cfg(target_os = "linux")]
fn limit(child: &Child, memory: Option<u64>) -> io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let (Some(bytes), Some(process)) = (memory, i32::try_from(child.id()).ok().and_then(Pid::from_raw))
    else {
        return Ok(());
    };
    prlimit(Some(process), Resource::As, Rlimit { current: Some(bytes), maximum: Some(bytes) })?;
    Ok(())
}

/// See above: on this system no process can limit another one.
#[cfg(not(target_os = "linux"))]
fn limit(_child: &Child, _memory: Option<u64>) -> io::Result<()> {
    Ok(())
}

/// A signal from the terminal is for the program that asks the worker, and not for the worker.
#[cfg(unix)]
fn apart(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

/// See above.
#[cfg(windows)]
fn apart(command: &mut Command) {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP);
}

/// See above.
#[cfg(not(any(unix, windows)))]
fn apart(_command: &mut Command) {}

impl Shared {
    /// Hands on responses until there are no more.
    fn read(&self, output: ChildStdout, complaints: JoinHandle<String>) {
        let nonsense = self.hand_on(output).err();
        let status = {
            let mut child = locked(&self.child);
            // It may have closed its output without an end.
            let _ = child.kill();
            child.wait()
        };
        let said = complaints.join().unwrap_or_default();
        let fault = match nonsense {
            Some(reason) => format!("The process of the machine made no sense: {reason}"),
            None => ended(status, said.trim()),
        };
        let (replies, watching) = {
            let mut waiting = locked(&self.waiting);
            waiting.fault = Some(fault.clone());
            (std::mem::take(&mut waiting.replies), std::mem::take(&mut waiting.watching))
        };
        watching.into_values().for_each(Waker::wake);
        replies.into_iter().flatten().for_each(|reply| reply.come(Err(fault.clone())));
    }

    fn hand_on(&self, mut output: ChildStdout) -> Result<(), String> {
        let mut greeting = [0; GREETING.len()];
        // One that has ended before it greeted says why elsewhere.
        if output.read_exact(&mut greeting).is_err() {
            return Ok(());
        }
        if greeting != GREETING {
            return Err(String::from("it was built from other sources of the engine than this program"));
        }
        let mut frames = Frames::default();
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = match output.read(&mut chunk) {
                // Half of a response is not what is to be told of an end.
                Ok(0) => return Ok(()),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Ok(()),
            };
            frames.push(chunk.get(..length).unwrap_or_default());
            while let Some(frame) = frames.next_frame().map_err(|error| error.to_string())? {
                self.come(Response::from_frame(&frame).map_err(|error| error.to_string())?)?;
            }
        }
    }

    fn come(&self, response: Response) -> Result<(), String> {
        let reply = locked(&self.waiting).replies.pop_front();
        match (reply, response) {
            (None, _) => Err(String::from("it answered what it was not asked")),
            (_, Response::Refused { reason }) => Err(format!("it refused a request: {reason}")),
            (Some(Some(reply)), response) => {
                reply.come(Ok(response));
                Ok(())
            }
            (Some(None), _) => Ok(()),
        }
    }
}

fn ended(status: io::Result<ExitStatus>, said: &str) -> String {
    let mut text = String::from("The process of the machine has ended");
    match status {
        Ok(status) => text.push_str(&format!(", with {status}")),
        Err(error) => text.push_str(&format!(", and its exit status is unknown: {error}")),
    }
    if !said.is_empty() {
        text.push_str(": ");
        text.push_str(said);
    }
    text
}

/// The end of what it says on its standard error.
fn last_words(mut errors: ChildStderr) -> String {
    let (mut said, mut chunk) = (VecDeque::new(), [0; 1024]);
    while let Ok(length @ 1..) = errors.read(&mut chunk) {
        said.extend(chunk.iter().take(length));
        let too_many = said.len().saturating_sub(LAST_WORDS);
        said.drain(..too_many);
    }
    String::from_utf8_lossy(said.make_contiguous()).into_owned()
}

impl Reply {
    fn come(&self, response: Result<Response, String>) {
        let (replied, came) = &*self.inner;
        let waker = {
            let mut replied = locked(replied);
            replied.response = Some(response);
            replied.waker.take()
        };
        came.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The response, once; a caller that asks too early is woken when it is there.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Result<Response, String>> {
        let mut replied = locked(&self.inner.0);
        if let Some(response) = replied.response.take() {
            return Poll::Ready(response);
        }
        replied.waker = Some(context.waker().clone());
        Poll::Pending
    }

    /// Waits for the response, but not forever.
    pub(super) fn wait(&self, time_limit: Duration) -> Result<Response, String> {
        let (replied, came) = &*self.inner;
        let waited =
            came.wait_timeout_while(locked(replied), time_limit, |replied| replied.response.is_none());
        let (mut replied, _) = waited.unwrap_or_else(PoisonError::into_inner);
        replied.response.take().unwrap_or_else(|| Err(String::from("it does not answer")))
    }
}
