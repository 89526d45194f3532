//! The link between phones and central, as a TCP proxy and switch: it passes requests on, or lets happen to them what
//! the weather says.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::Signal;

use super::fault::{self, Fault, When, Whom};
use crate::error::{Doing, Result};
use crate::process;

/// How long central may take for one answer.
const ANSWER: Duration = Duration::from_secs(20);
/// How long anything is waited for once a request was damaged: central may wait for bytes that never come.
const ANSWER_TO_DAMAGED: Duration = Duration::from_millis(250);
/// How long a switch looks for a server that takes connections.
const CONNECT: Duration = Duration::from_millis(400);

/// What is counted, among the faults, when a request was passed on and a party was gone before its answer was through.
pub const UNANSWERED: &str = "no answer";

/// How requests fare.
#[derive(Debug)]
pub struct Weather {
    /// Where chance comes from.
    pub dice: fastrand::Rng,
    /// How many of a hundred requests meet a fault.
    pub percent: u8,
    /// Whether faults may kill processes.
    pub kills: bool,
}

impl Weather {
    /// Everything arrives.
    #[must_use]
    pub fn fair() -> Self {
        Self { dice: fastrand::Rng::with_seed(0), percent: 0, kills: false }
    }
}

/// A process that a fault may kill: its id while it runs.
#[derive(Clone, Debug, Default)]
pub struct Victim(Arc<AtomicU32>);

impl Victim {
    /// Names the process that runs now.
    pub fn is(&self, pid: u32) {
        self.0.store(pid, Ordering::SeqCst);
    }

    /// From now on nobody is meant. Call before the process is waited for: its id may then be another's.
    pub fn gone(&self) {
        self.0.store(0, Ordering::SeqCst);
    }

    fn kill(&self) {
        match self.0.load(Ordering::SeqCst) {
            0 => {}
            pid => process::signal(pid, Signal::KILL),
        }
    }
}

/// A proxy on loopback that passes connections to one server, or to several in turn.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    targets: Mutex<Vec<SocketAddr>>,
    turn: AtomicUsize,
    weather: Mutex<Weather>,
    late: Mutex<Vec<Vec<u8>>>,
    felt: Mutex<BTreeMap<&'static str, u32>>,
    device: Victim,
    central: Victim,
    ended: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Proxy {
    /// Listens on a free port, in fair weather, towards nobody yet.
    ///
    /// # Errors
    /// When the system has no port to give.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing("listening for phones")?;
        let address = listener.local_addr().doing("listening for phones")?;
        let shared = Arc::new(Shared {
            targets: Mutex::default(),
            turn: AtomicUsize::new(0),
            weather: Mutex::new(Weather::fair()),
            late: Mutex::default(),
            felt: Mutex::default(),
            device: Victim::default(),
            central: Victim::default(),
            ended: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&shared);
        std::thread::spawn(move || {
            for phone in listener.incoming() {
                if of_thread.ended.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(phone) = phone {
                    let shared = Arc::clone(&of_thread);
                    std::thread::spawn(move || shared.serve(phone));
                }
            }
        });
        Ok(Self { address, shared })
    }

    /// Its address, as a phone is told it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where connections go from now on, in turn.
    pub fn towards(&self, targets: Vec<SocketAddr>) {
        *lock(&self.shared.targets) = targets;
    }

    /// How requests fare from now on. Requests that were held back arrive where the weather is fair.
    pub fn weather(&self, weather: Weather) {
        let is_fair = weather.percent == 0;
        *lock(&self.shared.weather) = weather;
        if is_fair {
            self.shared.deliver_late();
        }
    }

    /// The phone's process, for faults that kill it.
    #[must_use]
    pub fn device(&self) -> Victim {
        self.shared.device.clone()
    }

    /// Central's process, for faults that kill it.
    #[must_use]
    pub fn central(&self) -> Victim {
        self.shared.central.clone()
    }

    /// How often each fault was met.
    #[must_use]
    pub fn felt(&self) -> BTreeMap<&'static str, u32> {
        lock(&self.shared.felt).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that listens; where nobody listens any more it has ended already.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn draw(&self) -> Fault {
        let mut weather = lock(&self.weather);
        let (percent, kills) = (weather.percent, weather.kills);
        if weather.dice.u8(0..100) >= percent {
            return Fault::None;
        }
        let fault = Fault::draw(&mut weather.dice, kills);
        drop(weather);
        *lock(&self.felt).entry(fault.name()).or_default() += 1;
        fault
    }

    /// A connection to the next server that takes one.
    fn connect(&self) -> Option<TcpStream> {
        let targets = lock(&self.targets).clone();
        for _ in 0..targets.len() {
            let turn = self.turn.fetch_add(1, Ordering::SeqCst);
            let server = TcpStream::connect_timeout(targets.get(turn % targets.len())?, CONNECT);
            if let Ok(server) = server {
                let _ = server.set_nodelay(true);
                let _ = server.set_read_timeout(Some(ANSWER));
                return Some(server);
            }
        }
        None
    }

    /// One connection of a phone: its requests one after another, as HTTP/1.1 has it.
    fn serve(&self, mut phone: TcpStream) {
        let _ = phone.set_nodelay(true);
        let (mut central, mut left) = (None, Vec::new());
        while let Ok(request) = fault::read_message(&mut phone, &mut left) {
            let fault = self.draw();
            if central.is_none() {
                central = self.connect();
            }
            let Some(server) = &mut central else { return };
            if !self.carry(&mut phone, server, &request, fault) {
                return;
            }
            if matches!(fault, Fault::None) && lock(&self.weather).dice.u8(0..4) == 0 {
                self.deliver_late();
            }
        }
    }

    /// Carries one request and its answer; whether the connection can still be used.
    fn carry(&self, phone: &mut TcpStream, central: &mut TcpStream, request: &[u8], fault: Fault) -> bool {
        match fault {
            Fault::None => {
                let passed = pass(phone, central, request);
                if !passed {
                    *lock(&self.felt).entry(UNANSWERED).or_default() += 1;
                }
                passed
            }
            Fault::Refused => false,
            Fault::Request(damage) => {
                let whole = fault::send(central, request, Some(damage));
                if !whole {
                    let _ = central.set_read_timeout(Some(ANSWER_TO_DAMAGED));
                }
                // What central says to a broken request reaches the phone like any other answer.
                match fault::read_message(central, &mut Vec::new()) {
                    Ok(answer) => fault::send(phone, &answer, None) && whole,
                    Err(part) => {
                        fault::send(phone, &part, None);
                        false
                    }
                }
            }
            Fault::Answer(damage) => {
                answer(central, request).is_some_and(|answer| fault::send(phone, &answer, Some(damage)))
            }
            Fault::Instead(status) => {
                fault::send(phone, &fault::foreign_answer(status), None);
                false
            }
            Fault::Hidden(status) => {
                if answer(central, request).is_some() {
                    fault::send(phone, &fault::foreign_answer(status), None);
                }
                false
            }
            Fault::Twice { together: true } => std::thread::scope(|scope| {
                scope.spawn(|| self.repeat(request));
                pass(phone, central, request)
            }),
            Fault::Twice { together: false } => {
                let good = pass(phone, central, request);
                self.repeat(request);
                good
            }
            Fault::Late => {
                lock(&self.late).push(request.to_vec());
                fault::reset(phone);
                false
            }
            Fault::Kill(whom, when) => {
                self.kill(phone, central, request, (whom, when));
                false
            }
        }
    }

    fn kill(
        &self,
        phone: &mut TcpStream,
        central: &mut TcpStream,
        request: &[u8],
        (whom, when): (Whom, When),
    ) {
        let kill = || match whom {
            Whom::Device => self.device.kill(),
            Whom::Central => self.central.kill(),
        };
        match when {
            When::Request(place) => {
                fault::send_until(central, request, place);
                kill();
            }
            When::Working(after) => {
                fault::send(central, request, None);
                std::thread::sleep(after);
                kill();
                // With the device gone, central still does its work and answers nobody.
                let _ = fault::read_message(central, &mut Vec::new());
            }
            When::Answer(place) => {
                if let Some(answer) = answer(central, request) {
                    fault::send_until(phone, &answer, place);
                }
                kill();
            }
        }
    }

    /// The same request once more on a connection of its own; nobody gets the answer.
    fn repeat(&self, request: &[u8]) {
        if let Some(mut central) = self.connect() {
            let _ = answer(&mut central, request);
        }
    }

    /// Delivers what was held back, the newest first.
    fn deliver_late(&self) {
        let late = std::mem::take(&mut *lock(&self.late));
        for request in late.iter().rev() {
            self.repeat(request);
        }
    }
}

fn answer(central: &mut TcpStream, request: &[u8]) -> Option<Vec<u8>> {
    if !fault::send(central, request, None) {
        return None;
    }
    fault::read_message(central, &mut Vec::new()).ok()
}

fn pass(phone: &mut TcpStream, central: &mut TcpStream, request: &[u8]) -> bool {
    answer(central, request).is_some_and(|answer| fault::send(phone, &answer, None))
}
