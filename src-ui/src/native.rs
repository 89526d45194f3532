//! What the platform can do for the screens beside the device's own commands: tick, and read a code with the camera.
//! A phone's shell leaves a mark in the page; without it nothing of a plugin is ever called, so a computer is asked
//! for neither.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::ipc;

/// The mark the shell of a phone leaves.
const MARK: &str = "__BEATBOOK_PHONE__";
/// The camera covers the screens: without a code it goes away by itself after this long, milliseconds.
const SCAN_MS: u32 = 30_000;

/// Ticks: milliseconds of tick and of pause in turn. Does nothing where nothing can tick.
pub fn vibrate(pattern: &[u32]) {
    if by_web_view(pattern) || !is_phone() {
        return;
    }
    let pattern = pattern.to_vec();
    spawn_local(async move {
        for pair in pattern.chunks(2) {
            let (tick, pause) = (pair[0], pair.get(1).copied().unwrap_or_default());
            if plugin("haptics|vibrate", &[("duration", JsValue::from(tick))]).await.is_none() {
                return;
            }
            TimeoutFuture::new(tick + pause).await;
        }
    });
}

/// The web view's own motor, as on Android. Asked for by name: where there is none, a call would stop the screen.
fn by_web_view(pattern: &[u32]) -> bool {
    let Ok(navigator) = Reflect::get(&js_sys::global(), &JsValue::from_str("navigator")) else {
        return false;
    };
    let vibrate = Reflect::get(&navigator, &JsValue::from_str("vibrate")).ok();
    let Some(vibrate) = vibrate.and_then(|vibrate| vibrate.dyn_into::<Function>().ok()) else {
        return false;
    };
    let pattern: Array = pattern.iter().map(|ms| JsValue::from(*ms)).collect();
    vibrate.call1(&navigator, &pattern).is_ok_and(|answer| answer.is_truthy())
}

/// Whether a code can be read with a camera: on phones only.
#[must_use]
pub fn can_scan() -> bool {
    is_phone()
}

/// Reads a QR code with the camera, which covers the screens meanwhile. `None` where there is no camera, the officer
/// does not allow it, or no code came in half a minute. What was read is anybody's text: it decides nothing by itself.
pub async fn scan() -> Option<String> {
    if !can_scan() || !may_use_camera().await {
        return None;
    }
    let done = Rc::new(Cell::new(false));
    let over = Rc::clone(&done);
    spawn_local(async move {
        TimeoutFuture::new(SCAN_MS).await;
        if !over.get() {
            // The waiting scan then ends without a code.
            plugin("barcode-scanner|cancel", &[]).await;
        }
    });
    let formats: JsValue = Array::of1(&JsValue::from_str("QR_CODE")).into();
    let read = plugin("barcode-scanner|scan", &[("formats", formats), ("windowed", JsValue::FALSE)]).await;
    done.set(true);
    Reflect::get(&read?, &JsValue::from_str("content")).ok()?.as_string()
}

async fn may_use_camera() -> bool {
    for ask in ["barcode-scanner|check_permissions", "barcode-scanner|request_permissions"] {
        let Some(answer) = plugin(ask, &[]).await else { return false };
        let camera = Reflect::get(&answer, &JsValue::from_str("camera")).ok();
        if camera.and_then(|state| state.as_string()).as_deref() == Some("granted") {
            return true;
        }
    }
    false
}

fn is_phone() -> bool {
    Reflect::get(&js_sys::global(), &JsValue::from_str(MARK)).is_ok_and(|mark| mark.is_truthy())
}

/// Calls a plugin of the shell; `None` where it says no.
async fn plugin(command: &str, arguments: &[(&str, JsValue)]) -> Option<JsValue> {
    let given = Object::new();
    for (name, value) in arguments {
        Reflect::set(&given, &JsValue::from_str(name), value).ok()?;
    }
    let promise = ipc::invoke(&format!("plugin:{command}"), &given).ok()?;
    JsFuture::from(promise).await.ok()
}
