//! Where a window can be opened without a person: a screen, a message bus and a keystore, all private.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{Doing, Error, Result};
use crate::process::Group;
use crate::programs::system;

/// Opens the keyring; nothing of worth is ever in it.
const KEYRING_PASSWORD: &[u8] = b"for tests only";

/// A screen and a session of its own, with a HOME that is thrown away.
#[derive(Debug)]
pub struct Desk {
    // Dropped in this order: what uses the bus goes before the bus.
    keyring: Option<Group>,
    bus: Group,
    screen: Group,
    display: String,
    bus_address: String,
    home: TempDir,
    // One window at a time over all test processes: two cores share one compositor badly.
    _turn: File,
}

impl Desk {
    /// A desk with a keystore: a real gnome-keyring serves the Secret Service, unlocked.
    ///
    /// # Errors
    /// When a system program is missing (the words name the package) or does not start.
    pub fn with_keystore() -> Result<Self> {
        let mut desk = Self::without_keystore()?;
        desk.unlock_keystore()?;
        Ok(desk)
    }

    /// A desk where no Secret Service answers.
    ///
    /// # Errors
    /// As [`Desk::with_keystore`].
    pub fn without_keystore() -> Result<Self> {
        let turn = wait_for_turn()?;
        let home = tempfile::Builder::new().prefix("beatbook-desk-").tempdir().doing("making a HOME")?;
        let runtime = home.path().join("run");
        std::fs::create_dir(&runtime).doing("making a runtime folder")?;
        private(&runtime)?;

        let (screen, number) = Group::start_until(
            Command::new(system("Xvfb", "xvfb")?)
                .args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-noreset"])
                .stdin(Stdio::null())
                .stderr(Stdio::null()),
            Duration::from_secs(20),
            |line| line.trim().parse::<u32>().ok(),
        )?;
        let mut bus = Command::new(system("dbus-daemon", "dbus-x11")?);
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        bus.env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", &runtime)
            .env("XDG_DATA_HOME", home.path().join("data"));
        bus.env("DISPLAY", format!(":{number}"));
        let (bus, bus_address) = Group::start_until(&mut bus, Duration::from_secs(20), |line| {
            line.starts_with("unix:").then(|| line.to_owned())
        })?;
        Ok(Self { keyring: None, bus, screen, display: format!(":{number}"), bus_address, home, _turn: turn })
    }

    fn unlock_keystore(&mut self) -> Result {
        let mut command = Command::new(system("gnome-keyring-daemon", "gnome-keyring")?);
        // Not --foreground alone: with --unlock the password is read from standard input to its end.
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        command.arg("--control-directory").arg(self.home.path().join("keyring-control"));
        self.dress(&mut command);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = Group::start(&mut command)?;
        child.feed(KEYRING_PASSWORD)?;
        self.keyring = Some(child);
        self.wait_for_keystore()
    }

    /// Waits until the Secret Service has a name on the bus.
    fn wait_for_keystore(&self) -> Result {
        let patience = Duration::from_secs(20);
        let asked = std::time::Instant::now();
        while asked.elapsed() < patience {
            let mut command = Command::new(system("dbus-send", "dbus")?);
            command.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ]);
            self.dress(&mut command);
            let answer = command.stderr(Stdio::null()).output().doing("asking the bus")?;
            if String::from_utf8_lossy(&answer.stdout).contains("boolean true") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Error::Waited { what: "the Secret Service".to_owned(), waited: patience, screen: String::new() })
    }

    /// Gives a command this desk's HOME, screen and bus, and nothing of the real session.
    pub fn dress(&self, command: &mut Command) {
        command
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path().join("run"))
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("XDG_CONFIG_HOME", self.home.path().join("config"))
            .env("XDG_CACHE_HOME", self.home.path().join("cache"))
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            // Screenshots hang where either of these is set.
            .env_remove("WEBKIT_DISABLE_COMPOSITING_MODE")
            .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER");
    }

    /// The HOME of this desk, for anything a test wants to lay beside it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The display, such as `:7`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Process ids of what this desk runs, for a failing test's notes.
    pub fn pids(&self) -> Vec<u32> {
        let keyring = self.keyring.as_ref().map(Group::pid);
        [Some(self.screen.pid()), Some(self.bus.pid()), keyring].into_iter().flatten().collect()
    }
}

fn private(folder: &Path) -> Result {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
        .doing("making the runtime folder private")
}

fn wait_for_turn() -> Result<File> {
    let path: PathBuf = std::env::temp_dir().join("beatbook-desk.lock");
    let file =
        File::options().create(true).append(true).open(&path).doing(format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let _ = writeln!(std::io::stderr(), "waiting for another test's window to close");
            file.lock().doing("waiting for the screen's turn")?;
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(error).doing("taking the screen's turn"),
    }
}
