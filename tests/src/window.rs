//! A window as a person has it: look, touch, type, hold, and be killed by a flat battery.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::accessibility::{self, Violation};
use crate::error::{Doing, Error, Result};
use crate::focus;
use crate::locator::{Locator, text};
use crate::process::{alive, signal};
use crate::webdriver::{Driver, Element};

/// How long anything that is waited for may take. Far above what is good; the bench measures what is.
const PATIENCE: Duration = Duration::from_secs(15);

/// The app's window, driven through the web view.
#[derive(Debug)]
pub struct Window {
    driver: Driver,
    display: String,
}

/// The two themes of the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// On patrol.
    Night,
    /// At the station.
    Light,
}

/// A window's size in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
}

impl Window {
    pub(crate) fn new(driver: Driver, display: String) -> Self {
        Self { driver, display }
    }

    /// The app's process id.
    pub fn pid(&self) -> u32 {
        self.driver.app()
    }

    /// SIGKILL to the app: nothing of it runs another instruction. Its data folder stays as it was.
    pub fn kill_9(self) {
        let app = self.driver.app();
        signal(app, Signal::KILL);
        let asked = Instant::now();
        while alive(app) && asked.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Closes the window as its user would.
    ///
    /// # Errors
    /// When the driver is gone.
    pub fn close(self) -> Result {
        self.driver.close()
    }

    /// Gives the window the keyboard, as its user's first click does.
    ///
    /// # Errors
    /// When the display does not answer, or the page never has the focus.
    pub fn focus(&self) -> Result {
        focus::give(&self.display)?;
        self.wait_until("the window to have the keyboard", |window| {
            Ok(window.execute("return document.hasFocus()", &json!([]))? == true)
        })
    }

    /// Waits until `locator` matches something that is displayed.
    ///
    /// # Errors
    /// When it does not in time; the error holds the visible text.
    pub fn wait_for(&self, locator: &Locator) -> Result {
        self.seen(locator).map(drop)
    }

    /// Waits until these words are on the screen.
    ///
    /// # Errors
    /// As [`Window::wait_for`].
    pub fn wait_for_text(&self, words: &str) -> Result {
        self.wait_for(&text(words))
    }

    /// Waits until nothing displayed matches.
    ///
    /// # Errors
    /// When it stays.
    pub fn wait_gone(&self, locator: &Locator) -> Result {
        self.wait_until(&format!("{} to go", locator.words), |window| Ok(!window.shows(locator)?))
    }

    /// Waits until `condition` holds. A page that changes under the question is asked again.
    ///
    /// # Errors
    /// When it does not in time, or the driver fails.
    pub fn wait_until(&self, what: &str, mut condition: impl FnMut(&Self) -> Result<bool>) -> Result {
        self.wait_long(what, PATIENCE, |window| Ok(condition(window)?.then_some(())))
    }

    /// Waits up to `patience` for `condition` to give something.
    ///
    /// # Errors
    /// As [`Window::wait_until`].
    pub fn wait_long<T>(
        &self,
        what: &str,
        patience: Duration,
        mut condition: impl FnMut(&Self) -> Result<Option<T>>,
    ) -> Result<T> {
        let asked = Instant::now();
        loop {
            match condition(self) {
                Ok(Some(value)) => return Ok(value),
                Ok(None) => {}
                Err(Error::WebDriver { kind, .. }) if passing(&kind) => {}
                Err(error) => return Err(error),
            }
            if asked.elapsed() > patience {
                let screen = self.visible_text().unwrap_or_else(|error| error.to_string());
                return Err(Error::Waited { what: what.to_owned(), waited: asked.elapsed(), screen });
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    /// Whether something displayed matches now.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn shows(&self, locator: &Locator) -> Result<bool> {
        Ok(self.displayed(locator)?.is_some())
    }

    /// How many elements match now, displayed or not.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn count(&self, locator: &Locator) -> Result<usize> {
        Ok(self.driver.find_all(locator)?.len())
    }

    /// Touches the first displayed match.
    ///
    /// # Errors
    /// When there is none in time, or something covers it for good.
    pub fn click(&self, locator: &Locator) -> Result {
        self.wait_long(&format!("{} to be touched", locator.words), PATIENCE, |window| {
            let Some(element) = window.touchable(locator)? else { return Ok(None) };
            window.to_the_middle(&element)?;
            window.driver.element("POST", &element, "/click", None).map(Some)
        })
        .map(drop)
    }

    /// Presses and holds for `long`, as "Hold to sign" wants it.
    ///
    /// # Errors
    /// As [`Window::click`].
    pub fn hold(&self, locator: &Locator, long: Duration) -> Result {
        let element = self.seen(locator)?;
        self.to_the_middle(&element)?;
        let finger = json!({ "actions": [{
            "type": "pointer", "id": "finger", "parameters": { "pointerType": "mouse" },
            "actions": [
                { "type": "pointerMove", "duration": 0, "origin": element.as_argument(), "x": 0, "y": 0 },
                { "type": "pointerDown", "button": 0 },
                { "type": "pause", "duration": u64::try_from(long.as_millis()).unwrap_or(u64::MAX) },
                { "type": "pointerUp", "button": 0 },
            ],
        }] });
        self.driver.request("POST", "/actions", Some(&finger)).map(drop)
    }

    /// Performs actions as WebDriver describes them, then lets go of every key.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn act(&self, actions: &Value) -> Result {
        self.driver.request("POST", "/actions", Some(&json!({ "actions": actions })))?;
        self.driver.request("DELETE", "/actions", None).map(drop)
    }

    /// Types into a field, key by key, after what is there.
    ///
    /// # Errors
    /// As [`Window::click`].
    pub fn type_into(&self, locator: &Locator, words: &str) -> Result {
        let element = self.seen(locator)?;
        self.to_the_middle(&element)?;
        self.driver.element("POST", &element, "/value", Some(&json!({ "text": words }))).map(drop)
    }

    /// Empties a field and types into it.
    ///
    /// # Errors
    /// As [`Window::click`].
    pub fn fill(&self, locator: &Locator, words: &str) -> Result {
        let element = self.seen(locator)?;
        self.driver.element("POST", &element, "/clear", None)?;
        self.type_into(locator, words)
    }

    /// The visible text of the first displayed match.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn text_of(&self, locator: &Locator) -> Result<String> {
        let element = self.seen(locator)?;
        let words = self.driver.element("GET", &element, "/text", None)?;
        Ok(words.as_str().unwrap_or_default().to_owned())
    }

    /// What a field holds.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn value_of(&self, locator: &Locator) -> Result<String> {
        let element = self.seen(locator)?;
        let value = self.driver.execute("return arguments[0].value", &json!([element.as_argument()]))?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Everything a person can read on the screen now.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn visible_text(&self) -> Result<String> {
        let words = self.driver.execute("return document.body ? document.body.innerText : ''", &json!([]))?;
        Ok(words.as_str().unwrap_or_default().to_owned())
    }

    /// Runs a script in the page; `arguments` is its `arguments`, what it returns comes back.
    ///
    /// # Errors
    /// When the script throws.
    pub fn execute(&self, script: &str, arguments: &Value) -> Result<Value> {
        self.driver.execute(script, arguments)
    }

    /// Runs a script that calls its last argument with the answer, for what takes time.
    ///
    /// # Errors
    /// When the script throws or never answers.
    pub fn execute_async(&self, script: &str, arguments: &Value) -> Result<Value> {
        self.driver.execute_async(script, arguments)
    }

    /// The path of the page, such as `/today`.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn path(&self) -> Result<String> {
        let path = self.driver.execute("return location.pathname + location.hash", &json!([]))?;
        Ok(path.as_str().unwrap_or_default().to_owned())
    }

    /// Goes back, as the phone's own back gesture does.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn back(&self) -> Result {
        self.driver.request("POST", "/back", None).map(drop)
    }

    /// Shows a theme, without touching what the person has chosen.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn show_theme(&self, theme: Theme) -> Result {
        let name = match theme {
            Theme::Night => "night",
            Theme::Light => "light",
        };
        self.driver.execute("document.documentElement.dataset.theme = arguments[0]", &json!([name]))?;
        self.settle()
    }

    /// Gives the window another size, as far as the screen allows.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn resize(&self, size: Size) -> Result {
        let rect = json!({ "x": 0, "y": 0, "width": size.width, "height": size.height });
        self.driver.request("POST", "/window/rect", Some(&rect)).map(drop)
    }

    /// Saves a picture of what is seen.
    ///
    /// # Errors
    /// When the driver fails or the file cannot be written.
    pub fn screenshot(&self, file: &Path) -> Result {
        // The first picture after a change can show the frame before it.
        self.settle()?;
        self.driver.request("GET", "/screenshot", None)?;
        self.settle()?;
        let picture = self.driver.request("GET", "/screenshot", None)?;
        let bytes = picture
            .as_str()
            .and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok())
            .ok_or_else(|| Error::Picture(file.to_owned()))?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).doing(format!("making {}", folder.display()))?;
        }
        std::fs::write(file, bytes).doing(format!("writing {}", file.display()))
    }

    /// Pictures of this screen in both themes, `<name>-night.png` and `<name>-light.png`, then the theme as it was.
    ///
    /// # Errors
    /// As [`Window::screenshot`].
    pub fn picture_both(&self, folder: &Path, name: &str) -> Result {
        let before =
            self.driver.execute("return document.documentElement.dataset.theme || null", &json!([]))?;
        for (theme, suffix) in [(Theme::Night, "night"), (Theme::Light, "light")] {
            self.show_theme(theme)?;
            self.screenshot(&folder.join(format!("{name}-{suffix}.png")))?;
        }
        self.driver
            .execute(
                "if (arguments[0]) document.documentElement.dataset.theme = arguments[0]",
                &json!([before]),
            )
            .map(drop)
    }

    /// Looks for breaches of WCAG 2.2 AA with axe-core; `None` where axe-core is not installed here.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn accessibility(&self) -> Result<Option<Vec<Violation>>> {
        accessibility::audit(&self.driver)
    }

    /// Every displayed control that a finger would have less than 48 px of, as `name width x height`. An input that is
    /// drawn by its label has its label's box.
    ///
    /// # Errors
    /// When the driver fails.
    pub fn small_targets(&self) -> Result<Vec<String>> {
        let script = "
            const wanted = 'a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button], [role=link]';
            const box = (element) => element.getBoundingClientRect();
            const small = [];
            for (const control of document.querySelectorAll(wanted)) {
                if (control.closest('[inert], .vh, [hidden]')) continue;
                const labels = control.labels ? [...control.labels] : [];
                const drawn = ['checkbox', 'radio', 'file'].includes(control.type) && labels.length ? labels[0] : control;
                if (!drawn.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
                const { width, height, right, bottom } = box(drawn);
                if (width === 0 || height === 0 || right <= 0 || bottom + scrollY <= 0) continue;
                if (width < 47.5 || height < 47.5) {
                    const name = control.dataset.test || control.id || control.className || control.tagName;
                    small.push(`${name} ${Math.round(width)} x ${Math.round(height)}`);
                }
            }
            return small;";
        let found = self.driver.execute(script, &json!([]))?;
        let words = |value: &Value| value.as_str().map(str::to_owned);
        Ok(found.as_array().map(|all| all.iter().filter_map(words).collect()).unwrap_or_default())
    }

    /// Chooses a file in a file field, which no finger can.
    ///
    /// # Errors
    /// When there is no such field, or the driver fails.
    pub fn choose_file(&self, locator: &Locator, file: &Path) -> Result {
        let Some(element) = self.driver.find_all(locator)?.into_iter().next() else {
            return Err(Error::Waited {
                what: locator.words.clone(),
                waited: Duration::ZERO,
                screen: String::new(),
            });
        };
        let path = json!({ "text": file.display().to_string() });
        self.driver.element("POST", &element, "/value", Some(&path)).map(drop)
    }

    /// Waits until what moves has come to rest and two frames were drawn, or a second where nothing is drawn at all.
    fn settle(&self) -> Result {
        let script = "
            const done = arguments[arguments.length - 1];
            setTimeout(done, 1000);
            const passing = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity);
            Promise.allSettled(passing.map((a) => a.finished))
                .then(() => requestAnimationFrame(() => requestAnimationFrame(done)));";
        self.driver.execute_async(script, &json!([])).map(drop)
    }

    fn seen(&self, locator: &Locator) -> Result<Element> {
        self.wait_long(&locator.words, PATIENCE, |window| window.displayed(locator))
    }

    fn displayed(&self, locator: &Locator) -> Result<Option<Element>> {
        for element in self.driver.find_all(locator)? {
            if self.driver.element("GET", &element, "/displayed", None)? == true {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// What a finger would touch: the element itself, or the label over an input that is drawn by its label.
    fn touchable(&self, locator: &Locator) -> Result<Option<Element>> {
        if let Some(element) = self.displayed(locator)? {
            return Ok(Some(element));
        }
        for element in self.driver.find_all(locator)? {
            let script = "return arguments[0].labels && arguments[0].labels[0] || null";
            let label = Element::from_answer(&self.driver.execute(script, &json!([element.as_argument()]))?);
            if let Some(label) = label
                && self.driver.element("GET", &label, "/displayed", None)? == true
            {
                return Ok(Some(label));
            }
        }
        Ok(None)
    }

    /// The driver scrolls an element to the edge, which can be under a pinned footer.
    fn to_the_middle(&self, element: &Element) -> Result {
        let script =
            "arguments[0].scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })";
        self.driver.execute(script, &json!([element.as_argument()])).map(drop)
    }
}

/// Refusals that mean "not yet": the page changed under the request, or something still covers the element.
fn passing(kind: &str) -> bool {
    matches!(
        kind,
        "stale element reference"
            | "element click intercepted"
            | "element not interactable"
            | "no such element"
    )
}
