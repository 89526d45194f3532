//! For build scripts: turns a folder of locales/en-GB into Rust, so that a misspelt word does not compile.
//!
//! - A message without arguments becomes a constant: `saved = Saved` is `SAVED`.
//! - A message with arguments becomes a struct with one field for each argument; `text!` fills it in.
//!   Only these messages (and what they refer to) go into the module, for the formatter to read at run time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource};
use fluent_syntax::{parser, serializer, unicode};

/// The folders of the language whose words are named in Rust, from a crate's own folder.
const SOURCE: &str = "../locales/en-GB";
/// Words that cannot name a field or a struct.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// What a build script does: reads every .ftl file of `locales/en-GB/<folder>` and writes what
/// [`include_words!`](crate::include_words) takes in.
#[must_use]
pub fn generate(folder: &str) -> ExitCode {
    let source = format!("{SOURCE}/{folder}");
    println!("cargo::rerun-if-changed={source}");
    match write_all(&source) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            println!("cargo::error={problem}");
            ExitCode::FAILURE
        }
    }
}

fn write_all(source: &str) -> Result<(), String> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("no CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let sources = read_sources(&root.join(source))?;
    let words = Words::read(&sources)?;

    let mut constants = String::new();
    let mut structs = String::new();
    let mut all = String::new();
    let mut needed = BTreeSet::new();
    for (key, message) in words.entries.iter().filter(|(key, _)| !key.starts_with('-')) {
        let mut found = Found::default();
        words.walk(message.pattern, &mut found, &mut vec![key.clone()]).map_err(|what| message.at(&what))?;
        if found.arguments.is_empty() {
            let text = words.fixed(message.pattern).map_err(|what| message.at(&what))?;
            if text.trim().is_empty() {
                return Err(message.at(&format!("{key} is empty")));
            }
            write_constant(&mut constants, key, &text);
        } else {
            write_struct(&mut structs, key, &found.arguments).map_err(|what| message.at(&what))?;
            let _ = writeln!(all, "    ({key:?}, &{:?}),", found.arguments);
            needed.insert(key.clone());
            needed.extend(found.references);
        }
    }
    let sentences = serializer::serialize(&Resource {
        body: needed.iter().filter_map(|key| words.entries.get(key)).map(|kept| kept.entry.clone()).collect(),
    });
    let _ = writeln!(
        structs,
        "/// Every sentence and what it takes.\n#[cfg(test)]\npub const ALL: &[(&str, &[&str])] = &[\n{all}];"
    );
    save(&out.join("words.rs"), &constants)?;
    save(&out.join("sentences.rs"), &structs)?;
    save(&out.join("sentences.ftl"), &sentences)
}

/// Every .ftl file of a folder, in the order of their names.
fn read_sources(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for file in fs::read_dir(folder).map_err(failed)? {
        let path = file.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "ftl") {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((format!("{}/{name}", folder.display()), fs::read_to_string(&path).map_err(failed)?));
        }
    }
    files.sort();
    Ok(files)
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// One message or term.
struct Kept<'a> {
    file: &'a str,
    pattern: &'a Pattern<&'a str>,
    entry: Entry<&'a str>,
}

impl Kept<'_> {
    fn at(&self, what: &str) -> String {
        format!("{}: {what}", self.file)
    }
}

/// What a message uses, directly or through what it refers to.
#[derive(Default)]
struct Found {
    /// In the order of first use.
    arguments: Vec<String>,
    references: BTreeSet<String>,
}

/// All entries by id; a term keeps its dash.
struct Words<'a> {
    entries: BTreeMap<String, Kept<'a>>,
}

impl<'a> Words<'a> {
    fn read(sources: &'a [(String, String)]) -> Result<Self, String> {
        let mut entries = BTreeMap::new();
        for (file, text) in sources {
            let resource = parser::parse(text.as_str()).map_err(|(_, errors)| {
                let told = errors.iter().map(|error| {
                    let line = text.get(..error.pos.start).unwrap_or_default().matches('\n').count() + 1;
                    format!("{file}:{line}: {}", error.kind)
                });
                told.collect::<Vec<_>>().join("; ")
            })?;
            // Leaked once for each file: the patterns are looked at until the script ends.
            for entry in &Box::leak(Box::new(resource)).body {
                let (key, pattern, attributes) = match entry {
                    Entry::Message(message) => {
                        let Some(value) = &message.value else {
                            return Err(format!("{file}: {} has no text", message.id.name));
                        };
                        (message.id.name.to_owned(), value, &message.attributes)
                    }
                    Entry::Term(term) => (format!("-{}", term.id.name), &term.value, &term.attributes),
                    _ => continue,
                };
                if !attributes.is_empty() {
                    return Err(format!("{file}: {key} has attributes; give each text an id of its own"));
                }
                if key.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'_') {
                    return Err(format!("{file}: {key} is not in kebab-case"));
                }
                let kept = Kept { file, pattern, entry: entry.clone() };
                if let Some(other) = entries.insert(key.clone(), kept) {
                    return Err(format!("{file}: {key} is already in {}", other.file));
                }
            }
        }
        Ok(Self { entries })
    }

    fn get(&self, key: &str) -> Result<&Kept<'a>, String> {
        self.entries.get(key).ok_or_else(|| format!("there is no {key}"))
    }

    fn walk(&self, pattern: &Pattern<&str>, found: &mut Found, path: &mut Vec<String>) -> Result<(), String> {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.walk_expression(expression, found, path)?;
            }
        }
        Ok(())
    }

    fn walk_expression(
        &self,
        expression: &Expression<&str>,
        found: &mut Found,
        path: &mut Vec<String>,
    ) -> Result<(), String> {
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    self.walk(&variant.value, found, path)?;
                }
                selector
            }
        };
        match inline {
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => Ok(()),
            InlineExpression::VariableReference { id } => {
                if !found.arguments.iter().any(|known| known == id.name) {
                    found.arguments.push(id.name.to_owned());
                }
                Ok(())
            }
            InlineExpression::Placeable { expression } => self.walk_expression(expression, found, path),
            InlineExpression::FunctionReference { id, .. } => {
                Err(format!("{}() is not known here: write times and figures as text first", id.name))
            }
            InlineExpression::MessageReference { .. } | InlineExpression::TermReference { .. } => {
                let key = reference(inline).ok_or("a reference takes no attribute and no arguments")?;
                if path.contains(&key) {
                    return Err(format!("{key} refers to itself"));
                }
                let referred = self.get(&key)?;
                found.references.insert(key.clone());
                path.push(key);
                self.walk(referred.pattern, found, path)?;
                path.pop();
                Ok(())
            }
        }
    }

    /// The text of a pattern that takes no arguments.
    fn fixed(&self, pattern: &Pattern<&str>) -> Result<String, String> {
        let mut text = String::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => text.push_str(value),
                PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                    InlineExpression::StringLiteral { value } => {
                        text.push_str(&unicode::unescape_unicode_to_string(value));
                    }
                    InlineExpression::NumberLiteral { value } => text.push_str(value),
                    _ => {
                        let key = reference(inline).ok_or("a fixed word holds only text and references")?;
                        text.push_str(&self.fixed(self.get(&key)?.pattern)?);
                    }
                },
                PatternElement::Placeable { .. } => {
                    return Err("a fixed word has nothing to choose by".to_owned());
                }
            }
        }
        Ok(text)
    }
}

/// What a plain reference names.
fn reference(inline: &InlineExpression<&str>) -> Option<String> {
    match inline {
        InlineExpression::MessageReference { id, attribute: None } => Some(id.name.to_owned()),
        InlineExpression::TermReference { id, attribute: None, arguments: None } => {
            Some(format!("-{}", id.name))
        }
        _ => None,
    }
}

fn write_constant(code: &mut String, key: &str, text: &str) {
    let name = key.replace('-', "_").to_uppercase();
    // Writing to a string does not fail.
    let doc = format!("`{text}`");
    let _ = writeln!(code, "#[doc = {doc:?}]\npub const {name}: &str = {text:?};");
}

fn write_struct(code: &mut String, key: &str, arguments: &[String]) -> Result<(), String> {
    let name = identifier(key)?;
    let mut fields = String::new();
    let mut pairs = String::new();
    for argument in arguments {
        let field = identifier(argument)?;
        let _ = write!(fields, "pub {field}: Value<'a>, ");
        let _ = write!(pairs, "({argument:?}, self.{field}), ");
    }
    let _ = writeln!(
        code,
        "/// `{key}`\n#[derive(Debug)]\npub struct {name}<'a> {{ {fields}}}\n\
         impl {name}<'_> {{\n    /// The sentence.\n    #[must_use]\n    \
         pub fn text(self) -> String {{ english({key:?}, vec![{pairs}]) }}\n}}"
    );
    Ok(())
}

fn identifier(kebab: &str) -> Result<String, String> {
    let name = kebab.replace('-', "_");
    if KEYWORDS.contains(&name.as_str()) {
        return Err(format!("{kebab} is a word of Rust: choose another name"));
    }
    Ok(name)
}
