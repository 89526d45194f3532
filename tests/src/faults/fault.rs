//! What can happen to one request on its way: drawn from a seed, so that the same seed draws the same again.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

/// A place in a message of any length, in 1/65536 of it.
#[derive(Clone, Copy, Debug)]
pub struct Place(u16);

impl Place {
    fn of(self, length: usize) -> usize {
        // Rounded so that both ends are reached: nothing gone, and everything but the last byte.
        (usize::from(self.0) * (length + 1)) >> 16
    }
}

/// What happens to the bytes of one direction at a place.
#[derive(Clone, Copy, Debug)]
pub struct Damage {
    at: Place,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    /// The stream ends.
    Cut,
    /// The connection is reset.
    Reset,
    /// Nothing more comes for a while, then the stream ends.
    Stall(Duration),
    /// The rest comes later.
    Delay(Duration),
    /// The rest comes in small segments.
    Crumbs,
    /// Bytes are missing.
    Lose(usize),
    /// Bytes come twice.
    Repeat(usize),
    /// Two neighbouring runs of bytes change places.
    Swap(usize),
}

/// Who is killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whom {
    /// The phone's program.
    Device,
    /// The server that got the request.
    Central,
}

/// When, seen from one request.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Once the request has gone this far.
    Request(Place),
    /// The request is all there; this much later.
    Working(Duration),
    /// The answer is all here, and has gone this far.
    Answer(Place),
}

/// What happens to one request.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Nothing.
    None,
    /// The connection is dropped before anything went on.
    Refused,
    /// On the way up.
    Request(Damage),
    /// On the way down: the server has done it.
    Answer(Damage),
    /// Somebody else answers and the server never hears of it.
    Instead(u16),
    /// The server has done it, and somebody else's error comes back.
    Hidden(u16),
    /// The same request arrives twice: one after the other, or at once.
    Twice {
        /// At once.
        together: bool,
    },
    /// The phone sees a broken connection; the request arrives after later ones.
    Late,
    /// SIGKILL.
    Kill(Whom, When),
}

/// Statuses that proxies, portals and overloaded servers answer with.
const STATUSES: [u16; 10] = [500, 502, 413, 429, 503, 400, 408, 302, 200, 401];

impl Fault {
    /// What kind it is, for counting.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Refused => "refused",
            Self::Request(damage) => damage.how.name(true),
            Self::Answer(damage) => damage.how.name(false),
            Self::Instead(_) => "other answer, not passed on",
            Self::Hidden(_) => "other answer after the commit",
            Self::Twice { together: true } => "request twice at once",
            Self::Twice { together: false } => "request twice in turn",
            Self::Late => "request after later ones",
            Self::Kill(Whom::Device, When::Request(_)) => "device killed in its request",
            Self::Kill(Whom::Device, When::Working(_)) => "device killed waiting",
            Self::Kill(Whom::Device, When::Answer(_)) => "device killed in the answer",
            Self::Kill(Whom::Central, When::Request(_)) => "central killed in the request",
            Self::Kill(Whom::Central, When::Working(_)) => "central killed at work",
            Self::Kill(Whom::Central, When::Answer(_)) => "central killed in its answer",
        }
    }

    /// Draws one. `kills`: whether processes may be killed.
    pub fn draw(dice: &mut fastrand::Rng, kills: bool) -> Self {
        match dice.u8(0..if kills { 16 } else { 11 }) {
            0 => Self::Refused,
            1..=3 => Self::Request(Damage::draw(dice)),
            4..=6 => Self::Answer(Damage::draw(dice)),
            7 => Self::Instead(STATUSES[dice.usize(..STATUSES.len())]),
            8 => Self::Hidden(STATUSES[dice.usize(..STATUSES.len())]),
            9 => Self::Twice { together: dice.bool() },
            10 => Self::Late,
            _ => {
                let whom = if dice.bool() { Whom::Device } else { Whom::Central };
                let place = Place(dice.u16(..));
                Self::Kill(
                    whom,
                    match dice.u8(0..4) {
                        0 => When::Request(place),
                        // Most of a commit lies within the first milliseconds.
                        1 | 2 => When::Working(Duration::from_micros(dice.u64(0..12_000))),
                        _ => When::Answer(place),
                    },
                )
            }
        }
    }
}

impl How {
    const fn name(self, up: bool) -> &'static str {
        match (self, up) {
            (Self::Cut, true) => "request cut",
            (Self::Cut, false) => "answer cut",
            (Self::Reset, true) => "request reset",
            (Self::Reset, false) => "answer reset",
            (Self::Stall(_), true) => "request stalled",
            (Self::Stall(_), false) => "answer stalled",
            (Self::Delay(_), true) => "request delayed",
            (Self::Delay(_), false) => "answer delayed",
            (Self::Crumbs, true) => "request in crumbs",
            (Self::Crumbs, false) => "answer in crumbs",
            (Self::Lose(_), true) => "request lost bytes",
            (Self::Lose(_), false) => "answer lost bytes",
            (Self::Repeat(_), true) => "request repeated bytes",
            (Self::Repeat(_), false) => "answer repeated bytes",
            (Self::Swap(_), true) => "request swapped bytes",
            (Self::Swap(_), false) => "answer swapped bytes",
        }
    }
}

impl Damage {
    fn draw(dice: &mut fastrand::Rng) -> Self {
        let few = |dice: &mut fastrand::Rng| {
            let most = 1 << dice.u8(0..9);
            dice.usize(1..=most)
        };
        let how = match dice.u8(0..10) {
            0 | 1 => How::Cut,
            2 => How::Reset,
            3 => How::Stall(Duration::from_millis(dice.u64(5..80))),
            4 => How::Delay(Duration::from_millis(dice.u64(1..60))),
            5 => How::Crumbs,
            6 => How::Lose(few(dice)),
            7 => How::Repeat(few(dice)),
            8 => How::Swap(few(dice)),
            _ => How::Cut,
        };
        Self { at: Place(dice.u16(..)), how }
    }
}

/// Sends `bytes`, damaged or not; whether the stream can still be used.
pub(super) fn send(to: &mut TcpStream, bytes: &[u8], damage: Option<Damage>) -> bool {
    let Some(Damage { at, how }) = damage else { return to.write_all(bytes).is_ok() };
    let at = at.of(bytes.len()).min(bytes.len());
    let (before, after) = bytes.split_at(at);
    let run = |n: usize| n.min(after.len());
    if to.write_all(before).is_err() {
        return false;
    }
    match how {
        How::Cut => {}
        How::Reset => reset(to),
        How::Stall(time) => std::thread::sleep(time),
        How::Delay(time) => {
            std::thread::sleep(time);
            return to.write_all(after).is_ok();
        }
        How::Crumbs => {
            let (few, rest) = after.split_at(run(64));
            return few.chunks(3).all(|crumb| to.write_all(crumb).is_ok()) && to.write_all(rest).is_ok();
        }
        How::Lose(n) => {
            let _ = to.write_all(&after[run(n)..]);
        }
        How::Repeat(n) => {
            let _ = to.write_all(&after[..run(n)]).and_then(|()| to.write_all(after));
        }
        How::Swap(n) => {
            let (first, rest) = after.split_at(run(n));
            let (second, rest) = rest.split_at(n.min(rest.len()));
            let _ = [second, first, rest].into_iter().try_for_each(|part| to.write_all(part));
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    false
}

/// Sends what lies before a place.
pub(super) fn send_until(to: &mut TcpStream, bytes: &[u8], place: Place) {
    let _ = to.write_all(&bytes[..place.of(bytes.len()).min(bytes.len())]);
}

/// Lets the other side see a reset instead of an end, once the socket is closed.
pub(super) fn reset(stream: &TcpStream) {
    let _ = set_socket_linger(stream, Some(Duration::ZERO));
}

/// Reads one HTTP/1.1 message by its content-length. `Err` holds what came before the stream ended or fell silent.
pub(super) fn read_message(from: &mut TcpStream, left: &mut Vec<u8>) -> Result<Vec<u8>, Vec<u8>> {
    let mut bytes = std::mem::take(left);
    let mut buffer = [0; 16 * 1024];
    loop {
        if let Some(length) = message_length(&bytes)
            && bytes.len() >= length
        {
            *left = bytes.split_off(length);
            return Ok(bytes);
        }
        match from.read(&mut buffer) {
            Ok(0) => return Err(bytes),
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(bytes),
        }
    }
}

/// Bytes of head and body, once the head is whole.
fn message_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let body =
        text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    Some(head + body)
}

/// An answer of somebody who is not central: a proxy's error page, a portal, an overloaded balancer.
pub(super) fn foreign_answer(status: u16) -> Vec<u8> {
    let page =
        format!("<html><body><h1>{status}</h1><p>Welcome to the Wi-Fi of this train.</p></body></html>");
    let length = page.len();
    format!(
        "HTTP/1.1 {status} Otherwise\r\ncontent-type: text/html\r\nlocation: http://127.0.0.1:9/portal\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{page}"
    )
    .into_bytes()
}
