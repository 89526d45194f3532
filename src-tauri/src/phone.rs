//! What a phone brings: its receiver, its camera, its motor, and word of when the app goes to the back.
//!
//! Everything here is type-checked for Android and has run on no phone yet (docs/android.md).

use std::any::Any;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use beatbook_device::clock::SystemClock;
use beatbook_device::place::source::Positions;
use tauri::plugin::{PermissionState, TauriPlugin};
use tauri::{AppHandle, Builder, Manager as _, RunEvent, WindowEvent, Wry};
use tauri_plugin_geolocation::{Geolocation, PermissionType, PositionOptions, WatchEvent};

use crate::state::Engine;
use beatbook_device::place::fixes::{self, Fixes};

/// How often the receiver is asked for a fix, milliseconds.
const EVERY_MS: u32 = 5_000;

/// By this the screens know that scanning and vibrating can be asked of the phone. Nobody can unset it.
const MARK: &str = "Object.defineProperty(window, '__BEATBOOK_PHONE__', { value: true });";

/// Adds what the platform offers.
pub fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder
        .plugin(tauri_plugin_geolocation::init())
        .plugin(tauri_plugin_haptics::init())
        .plugin(tauri_plugin_barcode_scanner::init())
        .plugin(mark())
}

fn mark() -> TauriPlugin<Wry> {
    tauri::plugin::Builder::<Wry>::new("beatbook-phone").js_init_script(MARK).build()
}

/// The app goes to the back or comes to the front: a hint that now is a moment to send. What is locked and sealed, and
/// when, the engine decides by its own policy; receivers are paused and resumed by their plugin.
pub fn on_event(app: &AppHandle<Wry>, event: &RunEvent) {
    if let RunEvent::WindowEvent { event: WindowEvent::Suspended | WindowEvent::Resumed, .. } = event {
        app.state::<Engine>().hint();
    }
}

/// Listens to the receiver while fixes are wanted. Asking the platform blocks, so a thread of its own does it.
pub struct Watch {
    fixes: Arc<Fixes>,
    wanted: Sender<bool>,
}

impl Watch {
    /// Starts; nothing is listened to yet.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(app: AppHandle<Wry>) -> std::io::Result<Self> {
        let fixes = Arc::new(Fixes::new(Arc::new(SystemClock::new())));
        let (sender, receiver) = channel();
        let mut listening = Listening { app, fixes: Arc::clone(&fixes), watch: None, asked: false };
        std::thread::Builder::new()
            .name("beatbook-position".to_owned())
            .spawn(move || listening.serve(&receiver))?;
        Ok(Self { fixes, wanted: sender })
    }

    /// Where the engine finds the newest fix.
    pub fn positions(&self) -> Arc<dyn Positions> {
        Arc::clone(&self.fixes) as Arc<dyn Positions>
    }

    /// An answer of the engine went by: it may say that a shift was opened or ended.
    pub fn noticed(&self, answer: &dyn Any) {
        if let Some(wanted) = fixes::wanted(answer) {
            // The thread ends with the app; there is nobody to tell then.
            let _ = self.wanted.send(wanted);
        }
    }
}

struct Listening {
    app: AppHandle<Wry>,
    fixes: Arc<Fixes>,
    /// The running watch of the plugin.
    watch: Option<u32>,
    /// The officer was asked once; a second question in one run would be nagging.
    asked: bool,
}

impl Listening {
    fn serve(&mut self, wanted: &Receiver<bool>) {
        while let Ok(first) = wanted.recv() {
            let wanted = wanted.try_iter().last().unwrap_or(first);
            let outcome = match (wanted, self.watch) {
                (true, None) => self.begin(),
                (false, Some(watch)) => self.end(watch),
                _ => Ok(()),
            };
            // Without a receiver places are chosen or typed: never a reason to stop anything.
            if let Err(error) = outcome {
                tracing::info!(%error, "no positions from the phone's receiver");
            }
        }
    }

    fn begin(&mut self) -> tauri_plugin_geolocation::Result<()> {
        let app = self.app.clone();
        let Some(receiver) = app.try_state::<Geolocation<Wry>>() else { return Ok(()) };
        let mut granted = receiver.check_permissions()?;
        if !may_listen(granted.location, granted.coarse_location) && !self.asked {
            self.asked = true;
            granted = receiver.request_permissions(Some(vec![PermissionType::Location]))?;
        }
        if !may_listen(granted.location, granted.coarse_location) {
            return Ok(());
        }
        let options = PositionOptions { enable_high_accuracy: true, timeout: EVERY_MS, maximum_age: 0 };
        let fixes = Arc::clone(&self.fixes);
        let watch = receiver.watch_position(options, move |event| {
            if let WatchEvent::Position(position) = event {
                let at = position.coords;
                fixes.put(at.latitude, at.longitude, at.accuracy);
            }
        })?;
        self.watch = Some(watch);
        Ok(())
    }

    fn end(&mut self, watch: u32) -> tauri_plugin_geolocation::Result<()> {
        self.watch = None;
        let app = self.app.clone();
        let ended = match app.try_state::<Geolocation<Wry>>() {
            Some(receiver) => receiver.clear_watch(watch),
            None => Ok(()),
        };
        self.fixes.forget();
        ended
    }
}

/// An approximate place is one too: its radius says how rough it is.
fn may_listen(precise: PermissionState, coarse: PermissionState) -> bool {
    precise == PermissionState::Granted || coarse == PermissionState::Granted
}
