//! Processes that end with their guard: each runs in a group of its own, and only that group is ever signalled.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::error::{Doing, Error, Result};

/// A child process with everything it started.
#[derive(Debug)]
pub struct Group {
    name: String,
    child: Child,
}

impl Group {
    /// Starts `command` in a process group of its own.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().doing(format!("starting {name}"))?;
        Ok(Self { name, child })
    }

    /// Starts `command` and reads its standard output until a line satisfies `wanted`, which says what to keep of it.
    /// The rest of the output is read and thrown away, so that the program never blocks on a full pipe.
    ///
    /// # Errors
    /// When the program cannot be started, or ends or stays silent for `patience`.
    pub fn start_until<T: Send + 'static>(
        command: &mut Command,
        patience: Duration,
        mut wanted: impl FnMut(&str) -> Option<T> + Send + 'static,
    ) -> Result<(Self, T)> {
        let mut group = Self::start(command.stdout(Stdio::piped()))?;
        let name = group.name.clone();
        let Some(output) = group.child.stdout.take() else {
            return Err(Error::Program { program: name, output: "no standard output".to_owned() });
        };
        let (found, answer) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut seen = String::new();
            for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                if let Some(value) = wanted(&line) {
                    let _ = found.send(Ok(value));
                }
                if seen.len() < 4096 {
                    seen.push_str(&line);
                    seen.push('\n');
                }
            }
            let _ = found.send(Err(seen));
        });
        match answer.recv_timeout(patience) {
            Ok(Ok(value)) => Ok((group, value)),
            Ok(Err(output)) => Err(Error::Program { program: name, output }),
            Err(_) => Err(Error::Waited {
                what: format!("{name} to be ready"),
                waited: patience,
                screen: String::new(),
            }),
        }
    }

    /// The process id of the program itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Writes to the program's standard input and closes it.
    ///
    /// # Errors
    /// When the program does not read.
    pub fn feed(&mut self, bytes: &[u8]) -> Result {
        match self.child.stdin.take() {
            Some(mut input) => input.write_all(bytes).doing(format!("writing to {}", self.name)),
            None => Ok(()),
        }
    }

    /// The ends of the program's standard input and output, where they were piped; each can be taken once.
    pub(crate) fn pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>) {
        (self.child.stdin.take(), self.child.stdout.take())
    }

    /// Whether the program still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGTERM to the program, then SIGKILL to its group where it does not end within ten seconds.
    pub fn stop(mut self) {
        signal(self.child.id(), Signal::TERM);
        let asked = Instant::now();
        while self.runs() && asked.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// SIGKILL to the whole group at once: a flat battery.
    pub fn kill_9(self) {}
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = Pid::from_raw(self.child.id().cast_signed()) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

/// Sends a signal to one process; nothing happens where it is gone.
pub(crate) fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid.cast_signed()) {
        let _ = kill_process(pid, signal);
    }
}

/// Children of a process, by /proc.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            std::fs::read_to_string(format!("/proc/{pid}/stat"))
                .ok()
                .and_then(|stat| stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<u32>().ok())
                == Some(parent)
        })
        .collect()
}

/// Whether a process exists and is not a zombie.
pub(crate) fn alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .ok()
        .and_then(|stat| stat.rsplit_once(')').map(|(_, rest)| !rest.trim_start().starts_with('Z')))
        .unwrap_or(false)
}

/// A loopback port that was free a moment ago.
///
/// # Errors
/// When the system has no port to give.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).doing("looking for a free port")?;
    Ok(listener.local_addr().doing("looking for a free port")?.port())
}
