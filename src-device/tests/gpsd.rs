//! A real gpsd, fed by gpsfake with the sentences of a receiver that stands on Prince of Wales Road.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::place::gpsd::Gpsd;
use beatbook_device::place::source::Positions as _;

/// Far above what is good: gpsd starts in about a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// gpsfake and the gpsd it starts, in a group of their own that ends with the test.
struct Receiver(Child);

impl Drop for Receiver {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _ = self.0.wait();
    }
}

/// A sentence with its checksum (NMEA 0183).
fn sentence(words: &str) -> String {
    let sum = words.bytes().fold(0_u8, |sum, byte| sum ^ byte);
    format!("${words}*{sum:02X}\r\n")
}

/// A minute of a receiver at 52.6287, 1.3020 with nine satellites.
fn nmea() -> String {
    let mut text = String::new();
    for second in 0..60 {
        let time = format!("2101{second:02}.00");
        let here = "5237.7220,N,00118.1200,E";
        for words in [
            format!("GPGGA,{time},{here},1,09,0.9,20.0,M,46.0,M,,"),
            "GPGSA,A,3,01,02,03,04,05,06,07,08,09,,,,1.8,0.9,1.5".to_owned(),
            format!("GPRMC,{time},A,{here},0.0,0.0,271126,,,A"),
        ] {
            write!(text, "{}", sentence(&words)).unwrap();
        }
    }
    text
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn a_fix_of_a_real_receiver_arrives_with_its_accuracy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("night.nmea");
    std::fs::write(&file, nmea()).unwrap();
    let port = free_port();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let gpsd = Gpsd::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), clock).unwrap();
    assert_eq!(gpsd.newest(), None, "nothing is known before a receiver spoke, and asking does not wait");

    let receiver = Command::new("gpsfake")
        .args(["-q", "-n", "-c", "0.2", "-P", &port.to_string()])
        .arg(&file)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gpsfake starts: it comes with the packages gpsd and gpsd-clients");
    let receiver = Receiver(receiver);
    let asked = Instant::now();
    let fix = loop {
        if let Some(fix) = gpsd.newest() {
            break fix;
        }
        assert!(asked.elapsed() < PATIENCE, "no fix came from gpsd");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!((fix.lat_e6, fix.lon_e6), (52_628_700, 1_302_000));
    assert!(fix.accuracy_m.is_some_and(|metres| (1..100).contains(&metres)), "{fix:?}");

    // The receiver goes: asking goes on answering at once, with what was known or with nothing.
    drop(receiver);
    let asked = Instant::now();
    let _ = gpsd.newest();
    assert!(asked.elapsed() < Duration::from_secs(1), "asking never waits for a receiver");
}
