//! A position from a real gpsd, fed by gpsfake with the sentences of a receiver on Prince of Wales Road.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use beatbook_device::clock::{Clock as _, SetClock};
use beatbook_device::place::gpsd::{FRESH_MS, Gpsd};
use beatbook_device::place::source::Positions as _;
use beatbook_domain::place::PositionSource;
use beatbook_domain::time::Millis;

/// Friday 27 November 2026, 22:14 in Norwich.
const NIGHT: Millis = Millis(1_795_817_640_000);

/// One sentence with its checksum.
fn sentence(words: &str) -> String {
    let sum = words.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("${words}*{sum:02X}\r\n")
}

/// Half a minute at 52.6287 N, 1.3020 E with a horizontal dilution of 0.9.
fn sentences() -> String {
    let mut text = String::new();
    for second in 0..30 {
        let at = format!("2214{second:02}.00");
        let place = "5237.7220,N,00118.1200,E";
        for words in [
            format!("GPGGA,{at},{place},1,08,0.9,20.0,M,45.0,M,,"),
            "GPGSA,A,3,01,02,03,04,05,06,07,08,,,,,1.8,0.9,1.5".to_owned(),
            format!("GPRMC,{at},A,{place},0.1,0.0,271126,,,A"),
        ] {
            write!(text, "{}", sentence(&words)).unwrap();
        }
    }
    text
}

/// gpsfake and the gpsd it starts; both end with it.
struct Receiver {
    gpsfake: Child,
    address: SocketAddr,
}

impl Receiver {
    fn start(folder: &std::path::Path) -> Self {
        let file = folder.join("prince-of-wales-road.nmea");
        std::fs::write(&file, sentences()).unwrap();
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let gpsfake = Command::new("gpsfake")
            .args(["-n", "-q", "-c", "0.1", "-P", &free.port().to_string()])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // gpsd is its child: a group of their own ends both.
            .process_group(0)
            .spawn()
            .expect("gpsfake is missing. On Debian: apt-get install gpsd gpsd-clients");
        let receiver = Self { gpsfake, address: free };
        let began = Instant::now();
        while TcpStream::connect(free).is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "gpsd does not listen. On Debian: apt-get install gpsd gpsd-clients"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        receiver
    }

    fn stop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.gpsfake);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.gpsfake.wait();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop();
    }
}

#[test]
fn a_fix_arrives_with_its_accuracy_grows_old_and_is_offered_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start(folder.path());
    let clock = Arc::new(SetClock::at(NIGHT));
    let gpsd = Gpsd::listen(receiver.address, clock.clone()).unwrap();
    let began = Instant::now();
    let fix = loop {
        // The first sentences lack the dilution; a whole report follows within the second.
        match gpsd.newest().filter(|fix| fix.accuracy_m.is_some()) {
            Some(fix) => break fix,
            None => assert!(began.elapsed() < Duration::from_secs(30), "no fix came from gpsd"),
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!((fix.lat_e6, fix.lon_e6, fix.source), (52_628_700, 1_302_000, PositionSource::Gpsd));
    let accuracy = fix.accuracy_m.unwrap();
    assert!((1..=30).contains(&accuracy), "±{accuracy} m of a dilution of 0.9");
    assert_eq!(fix.fixed_at, Some(NIGHT));

    receiver.stop();
    // What lies in the socket is read; from here on the clock alone moves.
    std::thread::sleep(Duration::from_millis(500));
    clock.pass(12_000);
    let old = gpsd.newest().unwrap();
    assert_eq!(clock.now().since(old.fixed_at.unwrap()), 12_000, "the fix says how old it is");
    clock.pass(u64::try_from(FRESH_MS).unwrap());
    let asked = Instant::now();
    assert_eq!(gpsd.newest(), None, "a fix of long ago is not where the officer is");
    assert!(asked.elapsed() < Duration::from_secs(1), "asking never waits for a receiver");
}

#[test]
fn without_a_gpsd_there_is_no_fix_and_no_waiting() {
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let gpsd = Gpsd::listen(nobody, Arc::new(SetClock::at(NIGHT))).unwrap();
    let asked = Instant::now();
    assert_eq!(gpsd.newest(), None);
    assert!(asked.elapsed() < Duration::from_secs(1));
}
