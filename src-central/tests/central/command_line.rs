//! The program itself: commands, key files, and logs that hold no record content.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::database::Database;
use crate::on_both;
use crate::phone::Phone;
use crate::world::World;

on_both! {
    a_force_from_nothing_by_commands,
    logs_hold_no_record_content,
    records_are_held_and_erased_by_commands_and_a_restore_wants_the_journal,
}

fn central(database: &Database, arguments: &[&str]) -> Output {
    command(database).args(arguments).output().unwrap()
}

fn command(database: &Database) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beatbook-central"));
    command
        .env("BEATBOOK_DATABASE_URL", &database.address)
        .env("BEATBOOK_LOG", "trace")
        .current_dir(database.folder.path());
    command
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A server process; stopped as an administrator stops it.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(database: &Database) -> Self {
        let mut child = command(database)
            .args(["--log-format", "json", "serve", "--listen", "127.0.0.1:0", "--address-file", "address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::from(std::fs::File::create(database.path("log")).unwrap()))
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        assert_eq!(std::fs::read_to_string(database.path("address")).unwrap().trim(), url);
        Self { child, url }
    }

    fn stop(mut self) {
        let stopped = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        assert!(self.child.wait().unwrap().success(), "SIGTERM ends it in order");
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn a_force_from_nothing_by_commands(database: Database) {
    let keys = ["--root-key-out", "keys/root.key", "--recovery-key-out", "keys/recovery.key"];
    let early = central(&database, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(String::from_utf8_lossy(&early.stderr).contains("init"), "it says what to run first");
    let init: Vec<&str> = ["init", "--name", "Norfolk"].into_iter().chain(keys).collect();
    said(&central(&database, &init));
    // Its connections were closed before it ended: a log is left only by a process that ends in the middle of something.
    assert!(!database.path("central.sqlite-wal").exists());
    for key in ["keys/root.key", "keys/recovery.key"] {
        #[cfg(unix)]
        assert_eq!(mode(&database.path(key)), 0o600);
    }
    // The offline secrets are in the files and nowhere else.
    let text = std::fs::read_to_string(database.path("keys/root.key")).unwrap();
    let secret =
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["secret"].as_str().unwrap().to_owned();
    let secret = hex::decode(secret).unwrap();
    if !database.is_postgres() {
        let bytes = std::fs::read(&database.address).unwrap();
        assert!(!bytes.windows(32).any(|window| window == secret.as_slice()));
        #[cfg(unix)]
        assert_eq!(mode(Path::new(&database.address)), 0o600, "it holds central's own secrets");
    }
    let twice = central(&database, &init);
    assert!(
        !twice.status.success() && String::from_utf8_lossy(&twice.stderr).contains("nothing was changed")
    );

    said(&central(
        &database,
        &["officers", "add", "--collar", "5151", "--role", "PC", "--team", "Breckland"],
    ));
    let list = said(&central(&database, &["officers", "list"]));
    assert!(list.contains("PC 5151\tBreckland"), "{list}");
    // Acting sergeant for one night; then in no team.
    let night =
        ["officers", "grant", "--collar", "5151", "--team", "Breckland", "--from", "2026-11-27T18:00"];
    let granted = |until| {
        let arguments: Vec<&str> = night.into_iter().chain(["--until", until]).collect();
        central(&database, &arguments)
    };
    assert!(said(&granted("2026-11-28T04:00:00")).contains("PC 5151: review for Breckland"));
    let backwards = granted("2026-11-27T17:00:00");
    assert!(!backwards.status.success() && String::from_utf8_lossy(&backwards.stderr).contains("before"));
    let nobody = central(&database, &["enrol-code", "--officer", "9999"]);
    assert!(!nobody.status.success() && String::from_utf8_lossy(&nobody.stderr).contains("9999"));
    let code = said(&central(&database, &["enrol-code", "--officer", "5151"]));

    // seed-demo adds what is missing and can be run again; officers keep their ids.
    let seed = |database: &Database| -> serde_json::Value {
        let arguments: Vec<&str> = ["seed-demo", "--json"].into_iter().chain(keys).collect();
        serde_json::from_str(&said(&central(database, &arguments))).unwrap()
    };
    let (first, second) = (seed(&database), seed(&database));
    assert_eq!(first["accounts"].as_array().unwrap().len(), 7);
    assert_eq!(first["accounts"][0]["officer"], second["accounts"][0]["officer"]);
    assert_ne!(first["accounts"][0]["code"], second["accounts"][0]["code"]);
    assert!(first["root_key"].is_null(), "the force was there");

    let lists = database.path("lists.json");
    let mut edition = beatbook_domain::code_list::built_in().clone();
    edition.version = 10;
    std::fs::write(&lists, serde_json::to_string_pretty(&edition).unwrap()).unwrap();
    assert!(said(&central(&database, &["lists", "import", "lists.json"])).contains("is in force"));
    std::fs::write(&lists, "{\n  \"version\": \"two\"\n}").unwrap();
    let bad = central(&database, &["lists", "import", "lists.json"]);
    assert!(String::from_utf8_lossy(&bad.stderr).contains("line 2"));

    stock_and_authorities(&database);

    let serving = Serving::start(&database);
    let mut phone = Phone::new(&serving.url);
    let reply = phone.enrol(code.trim()).await.unwrap();
    assert_eq!(reply.team.unwrap().1, "Breckland");
    phone.engagement("one");
    phone.sync(vec![phone.batch(0)]).await;
    serving.stop();
    let verified = said(&central(&database, &["verify"]));
    assert!(verified.contains("whole"), "{verified}");
    let broken = "UPDATE revision SET written_at = 0";
    database.tamper(broken, broken).await;
    let verified = central(&database, &["verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&verified.stdout).contains("column written_at"));
}

/// Publishes both by files, as an administrator would; what cannot be published is said with field and cure.
fn stock_and_authorities(database: &Database) {
    let import = |what: &str, text: &str| {
        std::fs::write(database.path("given.json"), text).unwrap();
        central(database, &[what, "import", "given.json"])
    };
    let refused = |output: Output| {
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let ending = |until: &str| {
        format!(
            r#"{{"reference":"S34-9","title":"Tombland","powers":["PW_S34_35_DISPERSAL"],"area":"DEMO-P-TOMBLAND",
                "from":"2026-11-27 21:00","until":"{until}","authorised_by":"Insp 0102"}}"#
        )
    };
    let right = ending("2026-11-28 05:00");
    assert!(said(&import("authorities", &format!("[{right}]"))).contains("edition 11 is in force"));
    assert!(said(&import("authorities", &format!("[{right}]"))).contains("nothing was changed"));
    for (wrong, words) in [
        (ending("2026-11-29 21:01"), "S34-9, until: an authorisation under s.34 lasts 48 hours"),
        (ending("2026-11-27 20:00"), "S34-9, until: it ends before it begins"),
        (ending("Saturday"), "S34-9, until: “Saturday” cannot be read: write 2026-11-27 21:00"),
        (right.replace("PW_S34_35_DISPERSAL", "PW_S34"), "S34-9, powers: PW_S34 is not in the list power"),
        (format!("{right},{right}"), "S34-9, reference: it stands twice"),
        (String::new(), "at least one"),
    ] {
        let said = refused(import("authorities", &format!("[{wrong}]")));
        assert!(said.contains(words) && said.contains("Nothing was changed"), "{said}");
    }
    let listed = said(&central(database, &["authorities", "list"]));
    assert!(listed.contains("\t2026-11-27 21:00 to 2026-11-28 05:00\tDEMO-P-TOMBLAND\t"), "{listed}");
    assert!(listed.contains("\tlive\t") && listed.contains("PSPO-DEMO"), "{listed}");
    // What is listed as JSON is a file that can be imported.
    let json = said(&central(database, &["authorities", "list", "--json"]));
    assert!(said(&import("authorities", &json)).contains("nothing was changed"));

    let json = said(&central(database, &["stock", "list", "--json"]));
    assert!(json.contains("2026-09") && said(&import("stock", &json)).contains("nothing was changed"));
    for (wrong, words) in [
        (r#"[{"material":"MAT_KEYRING"}]"#, "line 1, material: MAT_KEYRING is not in the list material"),
        (r#"[{"material":"MAT_ALARM"},{"material":"MAT_ALARM"}]"#, "line 2, batch:"),
        (r#"[{"material":"MAT_ALARM","use_untill":"2027-01-01"}]"#, "use_untill"),
        ("[]", "use_until"),
    ] {
        let said = refused(import("stock", wrong));
        assert!(said.contains(words), "{said}");
    }
    assert!(
        said(&import("stock", r#"[{"material":"MAT_ALARM"}]"#)).contains("edition 12 is in force, with 1 ")
    );
    assert_eq!(said(&central(database, &["stock", "list"])), "MAT_ALARM\t-\t-\t-\tno last day\n");
    // The examples in the help are files that can be imported.
    for (what, edition) in [("authorities", "edition 13"), ("stock", "edition 14")] {
        let help = said(&central(database, &[what, "import", "--help"]));
        let (_, example) = help.split_once("\n[{").unwrap();
        assert!(said(&import(what, &format!("[{{{example}"))).contains(edition));
    }
}

async fn logs_hold_no_record_content(database: Database) {
    let keys = ["--root-key-out", "root.key", "--recovery-key-out", "recovery.key"];
    let arguments: Vec<&str> = ["seed-demo", "--json"].into_iter().chain(keys).collect();
    let seeded: serde_json::Value = serde_json::from_str(&said(&central(&database, &arguments))).unwrap();
    let serving = Serving::start(&database);
    let mut phone = Phone::new(&serving.url);
    phone.enrol(seeded["accounts"][0]["code"].as_str().unwrap()).await.unwrap();
    let words = ["quetzalcoatl", "marmalade-umbrella", "zugzwang"];
    phone.engagement(words[0]);
    phone.concern(words[1]);
    // In every way that goes wrong, too: refused, unreadable, unsigned.
    phone.write_bytes(format!("{{\"format\":\"{}\"}}", words[2]).into_bytes(), b"{}".to_vec());
    let reply = phone.sync(vec![phone.batch(0)]).await;
    assert_eq!(reply.refusals.len(), 1);
    let mut tampered = phone.batch(1);
    tampered.manifest = words[2].to_owned();
    phone.sync(vec![tampered]).await;
    phone.post(words[2].as_bytes().to_vec(), None).await.unwrap_err();
    let _ = phone.post_as(words[2].as_bytes().to_vec(), None, &[]).await;
    let stray = phone.http.get(format!("{}/v1/{}?q={}", phone.url, words[0], words[1])).send().await.unwrap();
    assert_eq!(stray.status(), 404);
    // At every endpoint, in query, header and body.
    for path in beatbook_central::http::described().paths.paths.keys() {
        for method in ["GET", "POST", "PUT"] {
            let url = format!("{}{path}?q={}", phone.url, words[0]);
            let request = phone.http.request(method.parse().unwrap(), url).header("x-request-id", words[1]);
            let said = request.body(words[2]).send().await.unwrap().text().await.unwrap();
            assert!(words.iter().all(|word| !said.contains(word)), "{method} {path}: {said}");
        }
    }
    // Where the database fails in the middle of it: nothing is taken, and nothing told.
    phone.engagement(words[0]);
    let break_it = "ALTER TABLE manifest RENAME TO gone";
    database.tamper(break_it, break_it).await;
    let (status, error) = phone.try_sync(&phone.request(vec![phone.batch(4)])).await.unwrap_err();
    assert_eq!((status, error.code), (503, beatbook_protocol::sync::ReplyCode::Busy));
    assert!(words.iter().all(|word| !error.words.contains(word)));
    let figures =
        phone.http.get(format!("{}/metrics", phone.url)).send().await.unwrap().text().await.unwrap();
    assert!(
        figures.contains("beatbook_groups_failed_total 1")
            && words.iter().all(|word| !figures.contains(word))
    );
    let url = serving.url.clone();
    serving.stop();
    let mut log = String::new();
    std::fs::File::open(database.path("log")).unwrap().read_to_string(&mut log).unwrap();
    // The log was really written, at its most talkative, and speaks of these requests.
    assert!(log.contains("enrolled") && log.contains("refused") && log.contains("/v1/sync"), "{log}");
    assert!(log.contains("storage failed"), "the failure of the database is in it");
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "not JSON: {line}");
    }
    for word in words {
        // A caller's own request id is written down, and it is nobody's record.
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(word)).collect();
        assert!(
            lines.iter().all(|line| word == words[1] && line.contains("request_id")),
            "{word}: {lines:?}"
        );
    }
    let credentials = phone.sign(beatbook_protocol::sync::Challenge::NONE, b"").to_string();
    // Scheme and device: the beginning of every header this phone sends.
    assert!(!log.contains(&credentials[..31]) && url.starts_with("http://127.0.0.1:"));
    // And the words were really received: the database holds them.
    if !database.is_postgres() {
        let mut held = std::fs::read(&database.address).unwrap();
        held.extend(std::fs::read(format!("{}-wal", database.address)).unwrap_or_default());
        for word in &words[..2] {
            assert!(
                held.windows(word.len()).any(|window| window == word.as_bytes()),
                "{word} was not received"
            );
        }
    }
}

async fn records_are_held_and_erased_by_commands_and_a_restore_wants_the_journal(database: Database) {
    let world = World::new(database).await;
    let database = &world.database;
    let mut phone = world.phone("1482").await;
    let note = phone.concern("the man in the ZEBRA coat");
    phone.sync(vec![phone.batch(0)]).await;
    let entry = beatbook_domain::entry::Head::parse(&note.head).unwrap().entry_id.to_string();
    let journal = database.path("decided").display().to_string();
    let run = |arguments: &[&str]| {
        let all: Vec<&str> = arguments.iter().copied().chain(["--journal", &journal]).collect();
        central(database, &all)
    };
    let refused = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let backup = database.path("proved.backup").display().to_string();
    let told = said(&run(&["backup", "--to", &backup, "--prove"]));
    assert!(told.contains("devices may drop their copies up to position"), "{told}");
    let position = world.storage.position().await.unwrap();
    let epoch = world.storage.force().await.unwrap().unwrap().epoch;
    assert_eq!(world.storage.proved(epoch).await.unwrap(), Some(position));

    // The retention table is the force's, by class and with its source.
    assert!(said(&run(&["policy", "show"])).contains("RC_ENGAGEMENT\t72 months\t7 days\tas shipped"));
    let rules = database.path("retention.json");
    let set = |text: &str| {
        std::fs::write(&rules, text).unwrap();
        run(&["policy", "retention", rules.to_str().unwrap()])
    };
    let wrong = set(
        r#"[{"code": "RC_NONE", "months": 1, "source": "x"}, {"code": "RC_DUTY", "months": 1, "source": ""}]"#,
    );
    let words = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && words.contains("RC_NONE: there is no such class"), "{words}");
    assert!(words.contains("RC_DUTY has no source") && words.contains("Nothing was changed"), "{words}");
    let told = said(&set(r#"[{"code": "RC_ENGAGEMENT", "months": 84, "source": "Schedule 4.2"}]"#));
    assert!(told.contains("RC_ENGAGEMENT\t84 months\t7 days\tthe force\tSchedule 4.2"), "{told}");
    let told = said(&run(&["policy", "set", "--offline-limit-hours", "48"]));
    assert!(
        told.contains("for 48 hours") && told.contains("84 months"),
        "one leaves the other alone: {told}"
    );

    let by = ["--by", "0311", "--authority", "court 7/2026"];
    let act = |verb: &'static str| [&["records", verb, &entry], &by[..]].concat();
    let told = refused(&["records", "hold", &entry, "--by", "9999", "--authority", "court"]);
    assert!(told.contains("not on the roster"), "{told}");
    let told = refused(&act("hold"));
    assert!(
        told.contains("officers grant --collar 0311 --capability records"),
        "a sergeant as such may not: {told}"
    );
    said(&run(&["officers", "grant", "--collar", "0311", "--capability", "records", "--no-end"]));
    assert!(said(&run(&act("hold"))).contains("held: sealed as"));
    let erase = [act("erase"), vec!["--class", "RC_CONCERN_NFA"]].concat();
    assert!(refused(&erase).contains("--for-ever"), "asked once more");
    let erase = [erase, vec!["--for-ever"]].concat();
    assert!(refused(&erase).contains("legal hold stands"));
    said(&run(&act("release")));
    let wrong = [act("erase"), vec!["--class", "RC_NONE", "--for-ever"]].concat();
    assert!(refused(&wrong).contains("RC_CONCERN_NFA"), "it says which there are");
    let told = said(&run(&erase));
    assert!(told.contains("1 revisions lost their words; 1 devices"), "{told}");
    let told = said(&run(&["records", "show", &entry]));
    assert!(
        told.contains("words erased")
            && told.contains("erased under court 7/2026 (RC_CONCERN_NFA), by PS 0311"),
        "{told}"
    );
    assert!(!told.contains("ZEBRA"));
    assert!(said(&run(&["records", "orders"])).contains("not confirmed yet"));
    let told = said(&run(&["verify"]));
    assert!(
        told.contains("1 erased") && told.contains("erased under court 7/2026") && told.contains("whole"),
        "{told}"
    );
    assert!(!said(&central(database, &["devices", "list"])).contains("central"));

    // A restore asks for the journal before it does anything, and does again what it says.
    let target = if database.is_postgres() {
        Database::postgres("restored by command").await
    } else {
        Some(Database::sqlite())
    };
    let Some(target) = target else { return };
    let none = central(&target, &["restore", "--from", &backup]);
    assert!(!none.status.success() && String::from_utf8_lossy(&none.stderr).contains("--without-journal"));
    let again = ["restore", "--from", &backup, "--journal", &journal];
    let none = central(&target, &again);
    let words = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(!none.status.success() && words.contains("--recovery-key FILE"), "{words}");
    let key = database.path("recovery.key").display().to_string();
    let told = said(&central(&target, &[&again[..], &["--recovery-key", &key]].concat()));
    assert!(told.contains("4 decisions of after it are done again"), "{told}");
    let told = said(&central(&target, &["records", "show", &entry]));
    assert!(told.contains("words erased") && told.contains("no legal hold stands"), "{told}");
}
