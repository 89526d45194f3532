//! The only door to the device: one call, typed on both sides by `beatbook_protocol::ipc`.
//!
//! The bridge is the web view's own (`__TAURI_INTERNALS__.invoke`), reached by reflection so that no script of ours has
//! to stand in between. Requests and answers cross as plain JSON values.

use beatbook_protocol::ipc::{AppError, Command, ErrorCode};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Asks the device to carry out one use case.
///
/// # Errors
/// The device's own error; or [`ErrorCode::Internal`] when the bridge is missing or an answer cannot be read, which
/// means app and screens are of different builds.
pub async fn call<C: Command>(command: C) -> Result<C::Output, AppError> {
    let request = to_js(&command).map_err(|_| broken())?;
    let arguments = Object::new();
    Reflect::set(&arguments, &JsValue::from_str("request"), &request).map_err(|_| broken())?;
    let promise = invoke(C::NAME, &arguments).map_err(|_| broken())?;
    match JsFuture::from(promise).await {
        Ok(answer) => from_js(&answer).ok_or_else(broken),
        Err(error) => Err(from_js(&error).unwrap_or_else(broken)),
    }
}

/// The bridge's promise for a command.
pub(crate) fn invoke(name: &str, arguments: &Object) -> Result<Promise, JsValue> {
    let bridge = Reflect::get(&js_sys::global(), &JsValue::from_str("__TAURI_INTERNALS__"))?;
    let invoke: Function = Reflect::get(&bridge, &JsValue::from_str("invoke"))?.dyn_into()?;
    invoke.call2(&bridge, &JsValue::from_str(name), arguments)?.dyn_into()
}

/// A value as the bridge takes it.
fn to_js<T: serde::Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(value).map_err(|_| JsValue::NULL)?;
    JSON::parse(&text)
}

/// A value as the bridge gives it.
fn from_js<T: serde::de::DeserializeOwned>(value: &JsValue) -> Option<T> {
    let text: String = JSON::stringify(value).ok()?.into();
    serde_json::from_str(&text).ok()
}

/// What the person reads when screens and device do not understand each other.
fn broken() -> AppError {
    AppError::new(ErrorCode::Internal, crate::locales::words::BRIDGE_BROKEN)
}
