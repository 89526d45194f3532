//! Statements of keys on both databases, and by the commands an administrator has.

use std::process::Command;

use beatbook_central::keys::{self, Change};
use beatbook_central::storage::StorageError;
use beatbook_central::{clock, force};
use beatbook_protocol::sync::{EnrolTicket, ReceiptList};

use crate::database::Database;
use crate::on_both;
use crate::world::World;

on_both! {
    receipts_of_every_key_verify_by_the_statement_of_their_time,
    a_number_that_does_not_rise_is_refused,
    keys_by_commands,
}

async fn receipts_of_every_key_verify_by_the_statement_of_their_time(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("by the first key");
    phone.sync(vec![phone.batch(0)]).await;
    let root = world.database.path("root.key");
    let old = phone.bundle.clone().unwrap().keys;
    let new = keys::publish(world.storage.as_ref(), &root, Change::Receipt, 0, clock::now()).await.unwrap();
    assert_eq!((old.number, new.keys.number), (1, 2));
    assert_ne!(old.receipt_key, new.keys.receipt_key);

    // Another process has the statement at once; its receipts carry the number and the new key.
    let second = world.second_server().await;
    phone.url = second.url();
    phone.engagement("by the second key");
    let reply = phone.sync(vec![phone.batch(2)]).await;
    let signed = reply.receipts.unwrap();
    let list: ReceiptList = serde_json::from_str(&signed.list).unwrap();
    assert_eq!((list.keys, signed.key), (2, new.keys.receipt_key));
    let told = reply.keys.expect("a newer statement for a phone that knows the first");
    assert_eq!(told.open(|key| *key == new.root_key).unwrap(), new);
    phone.bundle = Some(new);
    assert!(phone.sync(vec![]).await.keys.is_none(), "it is told once");
    world.assert_whole().await;

    // A list that claims the number of another key is found; so is a statement that was changed.
    let changed = "UPDATE key_statement SET made_at = made_at, bundle = replace(bundle, '\"number\":1', '\"number\":7') WHERE number = 1";
    assert_eq!(world.database.tamper(changed, changed).await, 1);
    let findings = world.findings().await;
    assert!(findings.iter().any(|finding| finding.contains("root key's signature")), "{findings:?}");
    assert!(findings.iter().any(|finding| finding.contains("receipt list")), "{findings:?}");
    second.stop().await.unwrap();
}

async fn a_number_that_does_not_rise_is_refused(database: Database) {
    let world = World::new(database).await;
    let rows = world.storage.statements().await.unwrap();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), vec![1]);
    let again = world.storage.put_statement(rows[0].clone(), None).await;
    assert!(matches!(again, Err(StorageError::Raced)), "{again:?}");
    let root = world.database.path("root.key");
    let bundle = keys::publish(world.storage.as_ref(), &root, Change::Tls(vec![]), 41, clock::now());
    assert_eq!(bundle.await.unwrap().keys.number, 42, "above what phones may know after a restore");
    assert_eq!(force::load(world.storage.as_ref()).await.unwrap().bundle.keys.number, 42);
    world.assert_whole().await;
}

async fn keys_by_commands(database: Database) {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_beatbook-central"));
        command.env("BEATBOOK_DATABASE_URL", &database.address).current_dir(database.folder.path());
        let output = command.args(arguments).output().unwrap();
        let words = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        match output.status.success() {
            true => Ok(words(output.stdout)),
            false => Err(words(output.stderr)),
        }
    };
    let init = "init --name Norfolk --root-key-out root.key --recovery-key-out recovery.key \
                --tls-name central.example --tls-cert-out a.crt --tls-key-out a.pem";
    let said = run(&init.split_whitespace().collect::<Vec<_>>()).unwrap();
    assert!(said.contains("TLS key"), "{said}");
    run(&["keys", "new-tls", "--name", "central.example", "--cert-out", "b.crt", "--key-out", "b.pem"])
        .unwrap();
    let rotate = ["keys", "rotate-tls", "--root-key", "root.key", "--cert", "a.crt", "--next", "b.crt"];
    let said = run(&rotate).unwrap();
    assert!(said.contains("statement     2") && said.matches("TLS key ").count() == 2, "{said}");
    let said = run(&["keys", "rotate-receipt", "--root-key", "root.key"]).unwrap();
    assert!(said.contains("statement     3") && said.matches("TLS key ").count() == 2, "{said}");
    assert_eq!(run(&["keys", "show"]).unwrap(), said);
    assert!(run(&["keys", "rotate-receipt", "--root-key", "recovery.key"]).unwrap_err().contains("root"));
    run(&["keys", "new-tls", "--name", "x.example", "--cert-out", "c.crt", "--key-out", "c.pem"]).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--tls-cert", "c.crt", "--tls-key", "c.pem"];
    assert!(run(&serve).unwrap_err().contains("keys rotate-tls"));

    run(&["officers", "add", "--collar", "5151", "--role", "PC"]).unwrap();
    let ask = [
        "enrol-code",
        "--officer",
        "5151",
        "--server",
        "https://central.example",
        "--show-qr",
        "--qr",
        "q.svg",
    ];
    let said = run(&ask).unwrap();
    let (code, drawn) = said.split_once('\n').unwrap();
    assert!(EnrolTicket::parse(code).is_some() && drawn.contains('█'), "{said}");
    assert!(std::fs::read_to_string(database.path("q.svg")).unwrap().starts_with("<svg "));
    assert!(run(&["verify"]).unwrap().contains("whole"));
}
