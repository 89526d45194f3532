//! `cargo xtask run`: central on loopback with a demonstration force, and the app, enrolled and open.
//!
//! Everything is enrolled the way a force enrols: central makes one-time codes, the phone's engine uses them. Data stays
//! in a folder of its own until `--reset`; a second start only starts what is there.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::places::Places;
use crate::task::{Context, Result, TaskError, capture, run, step, tied, told};
use crate::{testing, ui};

/// What `cargo xtask run` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// Without a display: the main journey by itself, with pictures in demo-screens/
    #[arg(long, conflicts_with_all = ["reset", "central"])]
    headless: bool,
    /// Forget the demonstration's data (asks first) and start anew
    #[arg(long)]
    reset: bool,
    /// Only central, until Ctrl-C: for stopping and starting it while the app stays open
    #[arg(long)]
    central: bool,
    /// Where the demonstration's data lies [default: beatbook-demo in the user's data folder]
    #[arg(long)]
    data: Option<PathBuf>,
}

/// PINs for the demonstration, where a keystore answers; anyone may know them.
const PINS: [&str; 7] = ["270148", "861377", "640922", "918253", "503119", "740263", "395027"];
/// Passphrases, where none does.
const PASSPHRASES: [&str; 7] = [
    "amber lantern river stone",
    "copper kettle morning frost",
    "silver harbour quiet bell",
    "orchard violin paper moon",
    "walnut ladder autumn crow",
    "willow harbour brass bell",
    "violet meadow glass tower",
];

/// What a second start must know.
#[derive(Serialize, Deserialize)]
struct Demonstration {
    /// Central's port on loopback; the phone has it in its enrolment.
    port: u16,
    /// Who can be unlocked, and with what.
    accounts: Vec<Account>,
}

#[derive(Serialize, Deserialize)]
struct Account {
    /// Role and collar number, as shown: `PC 1482`.
    title: String,
    /// PIN or passphrase.
    secret: String,
}

/// What `beatbook-central seed-demo --json` says, as far as it matters here.
#[derive(Deserialize)]
struct Seeded {
    accounts: Vec<SeededAccount>,
}

#[derive(Deserialize)]
struct SeededAccount {
    role: String,
    collar: String,
    code: String,
}

/// Runs the demonstration until its window is closed.
///
/// # Errors
/// A build that fails, a port that is taken, an enrolment that is refused.
pub fn start(places: &Places, options: &Options) -> Result {
    let folder = match &options.data {
        Some(folder) => std::path::absolute(folder).doing(|| format!("finding {}", folder.display()))?,
        None => data_folder()?,
    };
    if options.reset && !forget(&folder)? {
        return Ok(());
    }
    let headless = options.headless || !options.central && !has_display() && offer_headless()?;
    ui::build(places, ui::Profile::Ui)?;
    step("Programs");
    testing::programs(places, "dev")?;
    if headless {
        return play(places);
    }
    run(places.cargo().args(["build", "--package", "beatbook-tests", "--bin", "beatbook-enrol"]))?;

    let known = folder.join("demonstration.json");
    let (central, demonstration) = match std::fs::read_to_string(&known) {
        Ok(text) => {
            let demonstration: Demonstration =
                serde_json::from_str(&text).map_err(|error| unreadable(&known, &error))?;
            (serve(places, &folder, demonstration.port)?, demonstration)
        }
        Err(_) => set_up(places, &folder, &known)?,
    };
    introduce(&demonstration, &folder);
    if let (false, Some(Running(central))) = (options.central, &central) {
        eprintln!("    Lose the signal: kill {}   and find it again: ./run --central\n", central.id());
    }
    let ended = if options.central {
        match central {
            Some(mut central) => central.0.wait().map(drop).doing(|| "waiting for central".to_owned()),
            None => told("central already runs on this demonstration's port"),
        }
    } else {
        let mut app = Command::new(places.program("debug", "beatbook-app"));
        run(app.env("BEATBOOK_DATA_DIR", folder.join("phone")))
    };
    if !options.central {
        step("Closed. The data stays: ./run goes on with it, ./run --reset forgets it");
    }
    ended
}

/// The same journey the tests play, with its pictures kept.
fn play(places: &Places) -> Result {
    let pictures = places.root.join("demo-screens");
    step("The main journey in the real window, by itself");
    run(places
        .cargo()
        .args(["test", "--quiet", "--package", "beatbook-tests", "--test", "journey", "--", "--nocapture"])
        .env("BEATBOOK_PICTURES", &pictures))?;
    step(&format!("Pictures of every screen, in both themes: {}", pictures.display()));
    Ok(())
}

/// First start: a force, its officers' codes, and a phone that uses them.
fn set_up(places: &Places, folder: &Path, known: &Path) -> Result<(Option<Running>, Demonstration)> {
    step(&format!("Demonstration force in {}", folder.display()));
    let unfinished = folder.join("setting-up");
    if unfinished.exists() {
        // A set-up that broke off: nothing was ever recorded in it.
        std::fs::remove_dir_all(folder).doing(|| format!("removing {}", folder.display()))?;
    }
    let central_folder = folder.join("central");
    std::fs::create_dir_all(&central_folder).doing(|| format!("making {}", central_folder.display()))?;
    std::fs::write(&unfinished, "").doing(|| format!("writing {}", unfinished.display()))?;
    let mut seed = central(places, folder);
    let seeded: Seeded = serde_json::from_str(&capture(seed.args(["seed-demo", "--json"]))?)
        .map_err(|error| TaskError::Told(format!("seed-demo answered something else: {error}")))?;
    let port = free_port()?;
    let running = serve(places, folder, port)?;

    step("Enrolling the demonstration's officers, each with a one-time code");
    let mut accounts = Vec::new();
    for (index, officer) in seeded.accounts.into_iter().enumerate() {
        let (pin, passphrase) = (PINS[index % PINS.len()], PASSPHRASES[index % PASSPHRASES.len()]);
        let mut enrol = Command::new(places.program("debug", "beatbook-enrol"));
        enrol.arg("--data").arg(folder.join("phone")).arg("--server").arg(address(port));
        let secret =
            capture(enrol.args(["--code", &officer.code, "--pin", pin, "--passphrase", passphrase]))?;
        accounts.push(Account { title: format!("{} {}", officer.role, officer.collar), secret });
    }
    let demonstration = Demonstration { port, accounts };
    let text = serde_json::to_string_pretty(&demonstration).map_err(|error| unreadable(known, &error))?;
    std::fs::write(known, text).doing(|| format!("writing {}", known.display()))?;
    std::fs::remove_file(&unfinished).doing(|| format!("removing {}", unfinished.display()))?;
    Ok((running, demonstration))
}

fn introduce(demonstration: &Demonstration, folder: &Path) {
    eprintln!("\n    Central   {} (plain HTTP, this machine only)", address(demonstration.port));
    eprintln!("    Data      {}", folder.display());
    eprintln!("\n    Unlock with");
    for account in &demonstration.accounts {
        eprintln!("      {:<10} {}", account.title, account.secret);
    }
    if demonstration.accounts.iter().any(|account| account.secret.contains(' ')) {
        eprintln!(
            "    Passphrases, because no keystore (Secret Service) answers here: a PIN alone would be too weak."
        );
    }
    eprintln!();
}

/// Central as a child, ended with this program.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        crate::task::end(&mut self.0);
    }
}

fn central(places: &Places, folder: &Path) -> Command {
    let mut command = tied(places.program("debug", "beatbook-central"));
    if std::env::var_os("BEATBOOK_LOG").is_none() {
        command.env("BEATBOOK_LOG", "warn");
    }
    command.arg("--database-url").arg(folder.join("central/central.sqlite"));
    command
}

/// Starts central and waits until it is ready; `None` where it already runs.
fn serve(places: &Places, folder: &Path, port: u16) -> Result<Option<Running>> {
    if is_ready(port) {
        return Ok(None);
    }
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        return told(format!(
            "port {port}, which this demonstration uses, is taken by another program: end that first"
        ));
    }
    step(&format!("Central on {}", address(port)));
    let mut command = central(places, folder);
    command.args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
    let mut running = Running(command.spawn().doing(|| "starting central".to_owned())?);
    let asked = Instant::now();
    while !is_ready(port) {
        let ended = running.0.try_wait().doing(|| "waiting for central".to_owned())?.is_some();
        if ended || asked.elapsed() > Duration::from_secs(30) {
            return told("central did not become ready; its own words stand above");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(Some(running))
}

fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Whether central answers that it is ready.
fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream =
            TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
}

/// A port for a new demonstration: one of a few below the range the system hands out, so that it is still free next
/// time.
fn free_port() -> Result<u16> {
    match (8741..8761).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()) {
        Some(port) => Ok(port),
        None => told("the ports 8741 to 8760 are all taken: end one of the programs that use them"),
    }
}

fn data_folder() -> Result<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    match (absolute("XDG_DATA_HOME"), absolute("HOME")) {
        (Some(data), _) => Ok(data.join("beatbook-demo")),
        (None, Some(home)) => Ok(home.join(".local/share/beatbook-demo")),
        (None, None) => told("neither XDG_DATA_HOME nor HOME is set: say where with --data"),
    }
}

/// Asks, and removes the demonstration's data; false where the answer was no.
fn forget(folder: &Path) -> Result<bool> {
    if !folder.exists() {
        return Ok(true);
    }
    if !folder.join("demonstration.json").exists() && !folder.join("central").exists() {
        return told(format!("{} does not look like a demonstration's data: not touched", folder.display()));
    }
    let running = std::fs::read_to_string(folder.join("demonstration.json"))
        .ok()
        .and_then(|text| serde_json::from_str::<Demonstration>(&text).ok())
        .is_some_and(|demonstration| is_ready(demonstration.port));
    if running {
        return told(
            "central still runs on this demonstration's data: close the window, or end ./run --central, first",
        );
    }
    if !ask(&format!("Forget everything recorded in {}? [y/N] ", folder.display()), false)? {
        eprintln!("Nothing was changed.");
        return Ok(false);
    }
    std::fs::remove_dir_all(folder).doing(|| format!("removing {}", folder.display()))?;
    Ok(true)
}

fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn offer_headless() -> Result<bool> {
    step("No display here: a window cannot be opened");
    eprintln!(
        "    The same journey can be played by itself on a virtual screen, with pictures in demo-screens/."
    );
    if ask("    Play it now? [Y/n] ", true)? {
        return Ok(true);
    }
    told("with a display: ./run · without one: ./run --headless · central alone: ./run --central")
}

/// A question with an answer for Enter. Where nobody can be asked, the answer is that one.
fn ask(question: &str, default: bool) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(default);
    }
    eprint!("{question}");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).doing(|| "reading the answer".to_owned())?;
    Ok(match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => true,
        "n" | "no" => false,
        _ => default,
    })
}

fn unreadable(file: &Path, error: &serde_json::Error) -> TaskError {
    TaskError::Told(format!("{} cannot be read ({error}): ./run --reset starts anew", file.display()))
}
