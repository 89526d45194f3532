//! axe-core in the real window. It comes from npm into the cache, outside the repository; where it is not there the
//! audit says so instead of passing.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::error::{Doing, Result};
use crate::webdriver::Driver;

/// Names the file, where the cache is not the usual one.
const AXE: &str = "BEATBOOK_AXE";

/// One breach of a rule on the screen as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// axe-core's rule, such as `color-contrast`.
    pub rule: String,
    /// What is wrong, in its words.
    pub help: String,
    /// The elements, as selectors.
    pub elements: Vec<String>,
}

/// The file `cargo xtask test` puts into the cache.
fn file() -> Option<PathBuf> {
    let named = std::env::var_os(AXE).map(PathBuf::from);
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .map(|cache| cache.join("beatbook/npm/node_modules/axe-core/axe.min.js"));
    named.or(cache).filter(|file| file.is_file())
}

pub(crate) fn audit(driver: &Driver) -> Result<Option<Vec<Violation>>> {
    let Some(file) = file() else { return Ok(None) };
    let source = std::fs::read_to_string(&file).doing(format!("reading {}", file.display()))?;
    // The page's own policy forbids evaluated scripts; what the driver executes is outside it.
    driver.execute(&format!("if (!window.axe) {{ {source} }}"), &json!([]))?;
    let run = r#"
        // A row that has half gone under the bar at the foot is scrolled to: only what the page lays out is measured.
        const stuck = [...document.querySelectorAll("*")].filter((one) => getComputedStyle(one).position === "sticky");
        stuck.forEach((one) => { one.style.position = "static"; });
        const end = arguments[arguments.length - 1];
        const done = (found) => { stuck.forEach((one) => { one.style.position = ""; }); end(found); };
        window.axe.run(document, {
            runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
            rules: { "target-size": { enabled: true } },
        }).then((result) => done(result.violations), (error) => done(String(error)));
    "#;
    let answer = driver.execute_async(run, &json!([]))?;
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let Some(found) = answer.as_array() else {
        return Ok(Some(vec![Violation {
            rule: "axe".to_owned(),
            help: answer.to_string(),
            elements: Vec::new(),
        }]));
    };
    let violation = |value: &Value| Violation {
        rule: words(&value["id"]),
        help: words(&value["help"]),
        elements: value["nodes"]
            .as_array()
            .map(|nodes| nodes.iter().map(|node| node["target"].to_string()).collect())
            .unwrap_or_default(),
    };
    Ok(Some(found.iter().map(violation).collect()))
}
