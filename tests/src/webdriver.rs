//! The WebDriver protocol, as far as a journey needs it: one driver process, one session, plain JSON.
//!
//! WebKitWebDriver starts the app itself, so the app's environment is the driver's, and each window has a driver.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::error::{Error, Result};
use crate::locator::Locator;
use crate::process::{Group, alive, children, free_port};
use crate::programs::system;

/// The key under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver with its one session.
#[derive(Debug)]
pub(crate) struct Driver {
    http: reqwest::blocking::Client,
    base: String,
    session: String,
    app: u32,
    group: Group,
}

/// An element of the page.
#[derive(Debug, Clone)]
pub(crate) struct Element(String);

impl Driver {
    /// Starts the driver, and by it the app.
    pub fn start(desk: &Desk, app: &std::path::Path, environment: &[(String, String)]) -> Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = free_port()?;
        let mut command = Command::new(system("WebKitWebDriver", "webkit2gtk-driver")?);
        command.arg(format!("--port={port}")).stdin(Stdio::null());
        desk.dress(&mut command);
        command.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        if std::env::var_os("BEATBOOK_TEST_NOISE").is_none() {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        let group = Group::start(&mut command)?;
        let http =
            reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?;
        let mut driver =
            Self { http, base: format!("http://127.0.0.1:{port}"), session: String::new(), app: 0, group };
        driver.wait_until_ready()?;
        let capabilities =
            json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": { "binary": app } } } });
        let answer = driver.send("POST", "/session", Some(&capabilities))?;
        driver.session = answer["sessionId"].as_str().unwrap_or_default().to_owned();
        driver.app = children(driver.group.pid()).first().copied().unwrap_or_default();
        Ok(driver)
    }

    fn wait_until_ready(&mut self) -> Result {
        let patience = Duration::from_secs(20);
        let asked = Instant::now();
        while asked.elapsed() < patience {
            if self.send("GET", "/status", None).is_ok_and(|status| status["ready"] == true) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(Error::Waited { what: "WebKitWebDriver".to_owned(), waited: patience, screen: String::new() })
    }

    /// The app's process.
    pub fn app(&self) -> u32 {
        self.app
    }

    /// A request within the session.
    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        self.send(method, &format!("/session/{}{path}", self.session), body)
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let url = format!("{}{path}", self.base);
        let request = match method {
            "GET" => self.http.get(url),
            "DELETE" => self.http.delete(url),
            _ => self.http.post(url).json(body.unwrap_or(&json!({}))),
        };
        let response = request.send()?;
        let good = response.status().is_success();
        let mut answer: Value = response.json()?;
        let value = answer["value"].take();
        if good {
            return Ok(value);
        }
        let part = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Err(Error::WebDriver {
            request: format!("{method} {path}"),
            kind: part("error"),
            message: part("message"),
        })
    }

    /// Every element that matches now, in the order of the page.
    pub fn find_all(&self, locator: &Locator) -> Result<Vec<Element>> {
        let query = json!({ "using": locator.using, "value": locator.value });
        let within = match &locator.outer {
            None => vec![String::new()],
            Some(outer) => {
                self.find_all(outer)?.into_iter().map(|Element(id)| format!("/element/{id}")).collect()
            }
        };
        let mut found = Vec::new();
        for path in within {
            let answer = self.request("POST", &format!("{path}/elements"), Some(&query))?;
            let elements = answer.as_array().map(Vec::as_slice).unwrap_or_default();
            found.extend(
                elements
                    .iter()
                    .filter_map(|element| element[ELEMENT].as_str())
                    .map(|id| Element(id.to_owned())),
            );
        }
        Ok(found)
    }

    /// Runs a script in the page; what it returns comes back as JSON.
    pub fn execute(&self, script: &str, arguments: &Value) -> Result<Value> {
        self.request("POST", "/execute/sync", Some(&json!({ "script": script, "args": arguments })))
    }

    /// Runs a script that calls its last argument with the answer.
    pub fn execute_async(&self, script: &str, arguments: &Value) -> Result<Value> {
        self.request("POST", "/execute/async", Some(&json!({ "script": script, "args": arguments })))
    }

    /// A request about one element.
    pub fn element(
        &self,
        method: &str,
        element: &Element,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value> {
        self.request(method, &format!("/element/{}{path}", element.0), body)
    }

    /// Closes the window the orderly way and waits for the app to end.
    pub fn close(self) -> Result {
        let app = self.app;
        self.request("DELETE", "", None)?;
        let asked = Instant::now();
        while alive(app) && asked.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.group.stop();
        Ok(())
    }
}

impl Element {
    /// The element in a script's answer, where it is one.
    pub fn from_answer(answer: &Value) -> Option<Self> {
        answer[ELEMENT].as_str().map(|id| Self(id.to_owned()))
    }

    /// The element as a script's argument.
    pub fn as_argument(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}
