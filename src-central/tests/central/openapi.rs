//! The description is what the code says, and what really travels fits it.

use beatbook_domain::entry::{CrewStanding, Kind};
use beatbook_protocol::sync::*;
use serde_json::{Value, json};

use crate::database::Database;
use crate::phone::Phone;
use crate::world::World;

fn document() -> Value {
    serde_json::from_str(&beatbook_central::openapi::text().unwrap()).unwrap()
}

#[test]
fn the_committed_description_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let said = beatbook_central::openapi::text().unwrap();
    assert!(committed == said, "docs/openapi.json is old: beatbook-central openapi > docs/openapi.json");
}

/// Properties a schema does not name are mistakes here, though a client must pass them over.
fn strict(mut value: Value) -> Value {
    if let Value::Object(object) = &mut value {
        let closes = object.contains_key("properties") && !object.contains_key("additionalProperties");
        if closes {
            object.insert("additionalProperties".into(), false.into());
        }
    }
    match value {
        Value::Object(object) => {
            Value::Object(object.into_iter().map(|(key, one)| (key, strict(one))).collect())
        }
        Value::Array(array) => Value::Array(array.into_iter().map(strict).collect()),
        other => other,
    }
}

struct Schemas(Value);

impl Schemas {
    fn new() -> Self {
        Self(strict(document()["components"].take()))
    }

    fn assert(&self, name: &str, value: &Value) {
        assert!(self.0["schemas"][name].is_object(), "no schema is called {name}");
        let schema = json!({ "$ref": format!("#/components/schemas/{name}"), "components": self.0 });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let wrong: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{value:#}");
    }

    fn assert_text(&self, name: &str, text: &str) {
        self.assert(name, &serde_json::from_str(text).unwrap());
    }

    fn assert_of<T: serde::Serialize>(&self, name: &str, value: &T) {
        self.assert(name, &serde_json::to_value(value).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_travels_fits_the_description() {
    let (world, schemas) = (World::new(Database::sqlite()).await, Schemas::new());
    let mut phone = Phone::new(&world.running.url());
    let code = EnrolCode::parse(&world.code("1482").await).unwrap();
    schemas.assert_of("EnrolRequest", &phone.enrol_request(&code.secret));
    let enrolled = phone.enrol(&code.to_string()).await.unwrap();
    schemas.assert_of("EnrolReply", &enrolled);
    schemas.assert_text("ForceBundle", &enrolled.bundle);
    schemas.assert_text("EnrolmentFacts", &enrolled.proof.as_ref().unwrap().facts);
    let get =
        async |path: &str| phone.http.get(format!("{}{path}", world.running.url())).send().await.unwrap();
    schemas.assert("SignedStatement", &get("/v1/keys").await.json().await.unwrap());
    let served: Value = get("/v1/openapi.json").await.json().await.unwrap();
    assert_eq!(served, document());
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));

    // A request with every kind this phone writes, and what it is answered.
    let mut partner = world.phone("1377").await;
    phone.open_shift();
    phone.name_crew(partner.officer, CrewStanding::Claimed);
    phone.engagement("forty people");
    phone.concern("followed three people from the rank");
    phone.write_bytes(
        phone.head(&phone.record, Kind::Concern).to_bytes(),
        b"{\"not\":\"a concern\"}".to_vec(),
    );
    let request = phone.request(vec![phone.batch(0), phone.log_batch()]);
    schemas.assert_of("SyncRequest", &request);
    let kinds = document()["x-kinds"].take();
    for batch in &request.batches {
        schemas.assert_text("Manifest", &batch.manifest);
        for wire in &batch.revisions {
            schemas.assert_text("Head", wire.head.get());
            let head: Value = serde_json::from_str(wire.head.get()).unwrap();
            let kind = &kinds[head["kind"].as_str().unwrap()];
            assert_eq!(
                (&kind["class"], &kind["regime"], &kind["marking"]),
                (&head["class"], &head["regime"], &head["marking"])
            );
            let body = kind["body"].as_str().unwrap().rsplit('/').next().unwrap();
            let text = wire.body.as_ref().unwrap().get();
            if !text.contains("not") {
                schemas.assert_text(body, text);
            }
        }
    }
    let reply = phone.sync(request.batches).await;
    schemas.assert_of("SyncReply", &reply);
    schemas.assert_text("ReceiptList", &reply.receipts.unwrap().list);
    // Everything there is to read: reference data, others' entries, contacts, grants; refusals and errors too.
    partner.engagement("by the partner");
    schemas.assert_of("SyncReply", &partner.sync(vec![partner.batch(0)]).await);
    let mut sergeant = world.phone("0311").await;
    let told = sergeant.sync(vec![sergeant.batch(0), phone.batch(0)]).await;
    assert!(!told.refusals.is_empty() && !told.contacts.is_empty() && !told.grants.is_empty());
    schemas.assert_of("SyncReply", &told);
    let refused = phone.post_as(b"{}".to_vec(), None, &[]).await.unwrap_err().1;
    schemas.assert_of("ErrorReply", &refused);
    let replaced = sergeant.replace(phone.officer, None).await.unwrap();
    schemas.assert_of("ReplaceReply", &replaced);
}

#[test]
fn every_kind_says_which_schema_its_body_has() {
    let document = document();
    // Nothing writes an addendum yet.
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Addendum) {
        let name =
            beatbook_central::openapi::body_of(*kind).unwrap_or_else(|| panic!("{kind:?} has no schema"));
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}
