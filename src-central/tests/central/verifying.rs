//! `verify` finds one changed byte, column or order; an erased body is in order exactly when an erasure names it.

use crate::database::Database;
use crate::on_both;
use crate::world::World;

on_both! {
    a_missing_body_is_in_order_only_when_an_erasure_names_it,
    a_changed_byte_is_found,
    a_changed_column_is_found,
    a_changed_order_is_found,
    what_is_taken_away_is_found,
    changed_proofs_are_found,
}

/// A world with two phones' worth of records, whole.
async fn world(database: Database) -> World {
    let world = World::new(database).await;
    for collar in ["1482", "1377"] {
        let mut phone = world.phone(collar).await;
        phone.open_shift();
        phone.engagement("a");
        phone.concern("b");
        phone.sync(vec![phone.batch(0), phone.log_batch()]).await;
    }
    world.assert_whole().await;
    world
}

/// Changes one thing behind central's back and expects verify to say so; then puts it back and expects peace.
async fn finds(world: &World, what: &str, change: [&str; 2], expected: &str, back: [&str; 2]) {
    assert!(world.database.tamper(change[0], change[1]).await > 0, "{what}: nothing was changed");
    let findings = world.findings().await;
    assert!(findings.iter().any(|finding| finding.contains(expected)), "{what}: {findings:?}");
    assert!(world.database.tamper(back[0], back[1]).await > 0);
    let findings = world.findings().await;
    assert_eq!(findings, Vec::<String>::new(), "{what}: put back");
}

async fn a_missing_body_is_in_order_only_when_an_erasure_names_it(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let note = phone.concern("to be erased at the end of its time");
    let other = phone.engagement("nobody decided about this");
    phone.sync(vec![phone.batch(0)]).await;
    world.erase(&note, "0311", "records manager 17/2026").await.unwrap();
    let report = beatbook_central::verify::verify(world.storage.as_ref()).await.unwrap();
    let under = ("records manager 17/2026".to_owned(), "RC_CONCERN".to_owned());
    assert_eq!((report.findings, report.erased, report.erased_under.get(&under)), (vec![], 1, Some(&1)));
    let gone = "UPDATE revision SET body = NULL, salt = NULL WHERE kind = 'engagement'";
    assert_eq!(world.database.tamper(gone, gone).await, 1);
    let findings = world.findings().await;
    assert!(findings.len() == 1 && findings[0].contains("no erasure names it"), "{findings:?}");
    let seq = other.seq.to_string();
    assert!(findings[0].contains(&format!("revision {seq}:")), "{findings:?}");
}

async fn a_changed_byte_is_found(database: Database) {
    let world = world(database).await;
    for (column, expected) in
        [("body", "commitment"), ("salt", "commitment"), ("head", "link"), ("commitment", "")]
    {
        let sqlite = |byte: &str| {
            format!(
                "UPDATE revision SET {column} = CAST(substr({column}, 1, 4) || {byte} || substr({column}, 6) AS BLOB)
                 WHERE kind = 'concern'"
            )
        };
        // Byte 4 of 0 to n, turned over and back.
        let postgres = format!(
            "UPDATE revision SET {column} = set_byte({column}, 4, 255 - get_byte({column}, 4)) WHERE kind = 'concern'"
        );
        if world.database.is_postgres() {
            finds(&world, column, ["", &postgres], expected, ["", &postgres]).await;
        } else {
            let keep = "CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM revision";
            world.database.tamper(keep, "").await;
            let back = format!(
                "UPDATE revision SET {column} = (SELECT k.{column} FROM kept k WHERE k.link = revision.link)"
            );
            finds(&world, column, [&sqlite("x'01'"), ""], expected, [&back, ""]).await;
        }
    }
}

async fn a_changed_column_is_found(database: Database) {
    let world = world(database).await;
    for (what, change, expected, back) in [
        (
            "kind",
            "UPDATE revision SET kind = 'handout' WHERE kind = 'engagement'",
            "column kind",
            "UPDATE revision SET kind = 'engagement' WHERE kind = 'handout'",
        ),
        (
            "time",
            "UPDATE revision SET written_at = written_at + 1",
            "column written_at",
            "UPDATE revision SET written_at = written_at - 1",
        ),
        (
            "place in the chain",
            "UPDATE ledger SET seq = seq + 7 WHERE seq = 3",
            "revision 10",
            "UPDATE ledger SET seq = seq - 7 WHERE seq = 10",
        ),
        (
            "time of receipt",
            "UPDATE ledger SET received_at = received_at + 1",
            "differs from the ledger",
            "UPDATE ledger SET received_at = received_at - 1",
        ),
        (
            "feed",
            "UPDATE feed SET pos = pos + 1000 WHERE scope LIKE 'team:%'",
            "feed rows name no revision",
            "UPDATE feed SET pos = pos - 1000 WHERE scope LIKE 'team:%'",
        ),
    ] {
        finds(&world, what, [change, change], expected, [back, back]).await;
    }
    let author = [
        "UPDATE revision SET author = x'00000000000000000000000000000000' WHERE kind = 'concern'",
        "UPDATE revision SET author = '00000000-0000-0000-0000-000000000000' WHERE kind = 'concern'",
    ];
    assert!(world.database.tamper(author[0], author[1]).await > 0);
    assert!(world.findings().await.iter().any(|finding| finding.contains("column author")));
}

async fn a_changed_order_is_found(database: Database) {
    let world = world(database).await;
    // Two positions exchanged: gapless still, but not what was receipted.
    let swap = "UPDATE ledger SET central_pos = CASE central_pos WHEN 2 THEN 3 ELSE 2 END WHERE central_pos IN (2, 3)";
    finds(&world, "positions", [swap, swap], "position or time", [swap, swap]).await;
    // Two places of a chain exchanged, in the columns.
    let swap = "UPDATE ledger SET seq = CASE seq WHEN 1 THEN 2 ELSE 1 END WHERE seq IN (1, 2)";
    finds(&world, "places", [swap, swap], "column seq", [swap, swap]).await;
    // A position used twice.
    let twice = "UPDATE ledger SET central_pos = 2 WHERE central_pos = 3";
    assert!(world.database.tamper(twice, twice).await > 0);
    assert!(world.findings().await.iter().any(|finding| finding.starts_with("positions:")));
}

async fn what_is_taken_away_is_found(database: Database) {
    let world = world(database).await;
    let last = "DELETE FROM ledger WHERE central_pos = (SELECT max(central_pos) FROM ledger)";
    assert!(world.database.tamper(last, last).await > 0);
    let findings = world.findings().await;
    assert!(findings.iter().any(|finding| finding.starts_with("positions:")), "{findings:?}");
}

async fn changed_proofs_are_found(database: Database) {
    let world = world(database).await;
    // A manifest, a receipt list and the bundle, each with one letter changed.
    for (table, column, expected) in [
        ("manifest", "text", "signature over revisions"),
        ("receipt_list", "text", "receipt list"),
        ("force", "bundle", "force bundle"),
    ] {
        let change = format!("UPDATE {table} SET {column} = replace({column}, '-7', '-8')");
        let also = format!("UPDATE {table} SET {column} = replace({column}, '-4', '-5')");
        world.database.tamper(&change, &change).await;
        world.database.tamper(&also, &also).await;
        let findings = world.findings().await;
        assert!(findings.iter().any(|finding| finding.contains(expected)), "{table}: {findings:?}");
    }
    let unproved = "DELETE FROM manifest";
    assert!(world.database.tamper(unproved, unproved).await > 0);
    assert!(world.findings().await.iter().any(|finding| finding.contains("proved by no manifest")));
}
