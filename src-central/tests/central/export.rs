//! Figures given out: the same numbers everywhere, few people hidden, every export logged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use beatbook_central::clock;
use beatbook_central::export::inside::export_shift;
use beatbook_central::export::returns;
use beatbook_central::export::{Asked, Audience, ExportError, Form, export};
use beatbook_central::period::facts;
use beatbook_central::storage::{Revocation, Storage};
use beatbook_domain::entry::Access;
use beatbook_domain::funder::{Held, Template};
use beatbook_domain::id::TeamId;
use beatbook_domain::period::{GroupBy, period};
use beatbook_domain::seal::digest;
use beatbook_domain::time::{HOUR_MS, local};
use serde_json::Value;

use crate::database::Database;
use crate::month::{self, LYNN, NORWICH, PLANS, THETFORD, last_month};
use crate::on_both;
use crate::world::World;

on_both! {
    one_month_says_the_same_everywhere,
    what_leaves_the_force_is_one_published_month,
    a_return_is_a_template_filled_in,
    a_shift_leaves_as_print_and_figures,
    what_is_withheld_counts_nowhere,
}

fn asked(audience: Audience, grouping: GroupBy) -> Asked {
    let (from, until) = last_month();
    Asked {
        from,
        until,
        grouping,
        team: None,
        audience,
        forms: vec![Form::Csv, Form::Json, Form::Geojson, Form::Pdf],
        handling: None,
        exact: false,
        by: "PS 0311".into(),
        why: "the monthly return".into(),
    }
}

fn folder(world: &World, name: &str) -> PathBuf {
    let folder = world.database.path(name);
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn file(files: &[PathBuf], part: &str, ending: &str) -> PathBuf {
    let found = files.iter().find(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.contains(part) && name.ends_with(ending)
    });
    found.unwrap_or_else(|| panic!("{part} {ending} is not in {files:?}")).clone()
}

type Rows = Vec<BTreeMap<String, String>>;

fn csv_rows(file: &Path) -> Rows {
    csv::Reader::from_path(file).unwrap().deserialize().map(Result::unwrap).collect()
}

fn pdf_text(file: &Path) -> String {
    let output = Command::new("pdftotext").arg("-layout").arg(file).arg("-").output();
    let output = output.unwrap_or_else(|error| panic!("pdftotext (Debian: poppler-utils): {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    if let Some(keep) = std::env::var_os("BEATBOOK_TEST_PRINTS") {
        std::fs::copy(file, Path::new(&keep).join(file.file_name().unwrap())).unwrap();
    }
    String::from_utf8(output.stdout).unwrap()
}

/// The month by SQL of its own: nothing of the rules, nothing of the writers. Each kind's newest state is its last row.
async fn by_sql(world: &World, area: Option<&str>) -> BTreeMap<&'static str, u64> {
    let postgres = world.database.is_postgres();
    let text = |column: &str| match postgres {
        true => format!("convert_from({column}, 'UTF8')::jsonb"),
        false => format!("CAST({column} AS TEXT)"),
    };
    let at = |column: &str, path: &[&str]| match postgres {
        true => format!("({} #>> '{{{}}}')", text(column), path.join(",")),
        false => format!("json_extract({}, '$.{}')", text(column), path.join(".").replace(".0", "[0]")),
    };
    let number = |column: &str, path: &[&str]| format!("CAST({} AS BIGINT)", at(column, path));
    let here = |path: String| area.map_or_else(String::new, |area| format!(" AND {path} = '{area}'"));
    let of_body = || here(at("body", &["place", "area", "code"]));
    let of_head = || here(at("head", &["area"]));
    let count = |kind: &str, what: String, area: String| {
        format!("SELECT CAST(coalesce({what}, 0) AS BIGINT) FROM revision WHERE kind = '{kind}'{area}")
    };
    let lasted =
        format!("sum({} - {})", number("head", &["occurred_until"]), number("head", &["occurred_at"]));
    let queries = [
        ("engagements", count("engagement", "count(*)".into(), of_body())),
        ("people", count("engagement", format!("sum({})", number("body", &["people"])), of_body())),
        (
            "cards",
            count("handout", format!("sum({})", number("body", &["items", "0", "quantity"])), of_body()),
        ),
        ("concerns", count("concern", "count(*)".into(), of_body())),
        ("powers", count("power_use", "count(*)".into(), of_body())),
        ("visits", count("visit_ended", "count(*)".into(), of_head())),
        ("patrol_minutes", count("leg_ended", format!("{lasted} / 60000"), of_head())),
    ];
    let mut told = BTreeMap::new();
    for (name, query) in queries {
        told.insert(name, world.database.count(&query).await);
    }
    told
}

async fn one_month_says_the_same_everywhere(database: Database) {
    let world = World::new(database).await;
    month::record(&world).await;
    let storage = world.storage.as_ref();
    let (from, until) = last_month();
    let done =
        export(storage, &asked(Audience::Force, GroupBy::Area), &folder(&world, "out"), clock::now()).await;
    let done = done.unwrap();
    assert_eq!((done.shifts, done.incomplete), (PLANS.len(), PLANS.len()), "no shift is signed");
    // The rules.
    let facts = facts(storage, (from, until), None, clock::now()).await.unwrap();
    let figures = period(beatbook_domain::period::Asked { from, until, by: GroupBy::Area }, &facts);
    // The files.
    let rows = csv_rows(&file(&done.files, "figures by area", "csv"));
    let json: Value =
        serde_json::from_slice(&std::fs::read(file(&done.files, "figures by area", "json")).unwrap())
            .unwrap();
    let print = pdf_text(&file(&done.files, "figures by area", "pdf"));
    let map: Value =
        serde_json::from_slice(&std::fs::read(file(&done.files, "areas", "geojson")).unwrap()).unwrap();
    for area in [None, Some(NORWICH), Some(LYNN), Some(THETFORD)] {
        let told = by_sql(&world, area).await;
        let (code, ruled) = match area {
            None => ("", &figures.total),
            Some(area) => {
                let group = figures.groups.iter().find(|group| {
                    matches!(&group.key, beatbook_domain::period::GroupKey::Code(code) if code.as_str() == area)
                });
                (area, &group.unwrap().figures)
            }
        };
        let grouping = if area.is_none() { "total" } else { "area" };
        let in_csv =
            rows.iter().find(|row| row["grouping"] == grouping && row["group_code"] == code).unwrap();
        let in_json = json["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["grouping"] == grouping && row["group_code"] == code);
        let by_rule = |name: &str| -> u64 {
            match name {
                "engagements" => ruled.engagements.into(),
                "people" => ruled.people.into(),
                "cards" => ruled.cards.into(),
                "concerns" => ruled.concerns.into(),
                "powers" => ruled.powers.into(),
                "visits" => ruled.visits.count.into(),
                _ => u64::try_from(ruled.patrol_ms / 60_000).unwrap(),
            }
        };
        for (name, sql) in &told {
            assert_eq!(*sql, by_rule(name), "{name} of {area:?}: SQL and rules");
            assert_eq!(in_csv[*name], sql.to_string(), "{name} of {area:?}: CSV");
            assert_eq!(in_json.unwrap()[*name], *sql, "{name} of {area:?}: JSON");
            if let Some(area) = area {
                let features = map["features"].as_array().unwrap();
                let feature = features.iter().find(|it| it["properties"]["group_code"] == area).unwrap();
                assert_eq!(feature["properties"][*name], *sql, "{name} of {area}: map");
            }
        }
        // The print: a line of the second table begins with the group and holds its counts in order.
        let label = in_csv["group"].as_str();
        assert_ne!(area, Some(label), "an area stands by its name");
        let counts = ["engagements", "people", "cards", "concerns"].map(|name| told[name].to_string());
        let line = print.lines().filter(|line| line.trim_start().starts_with(label)).find(|line| {
            let cells: Vec<&str> = line.trim_start()[label.len()..].split_whitespace().collect();
            cells.starts_with(&counts.each_ref().map(String::as_str))
        });
        assert!(line.is_some(), "{label} with {counts:?} is not in:\n{print}");
    }
    assert!(told_total(&rows, "engagements") == 51 && figures.total.engagements == 51);
    assert!(print.contains("What is missing") && print.contains("6 shifts are not signed."), "{print}");
    // The map as GDAL reads it.
    let areas = file(&done.files, "areas", "geojson");
    let said = Command::new("ogrinfo").args(["-al", "-so", "-ro"]).arg(areas).output();
    let said = said.unwrap_or_else(|error| panic!("ogrinfo (Debian: gdal-bin): {error}"));
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("Feature Count: 3") && said.contains("WGS 84"), "{said}");
    // Everything carries its marking, and no words of a record.
    for file in &done.files {
        assert!(file.file_name().unwrap().to_string_lossy().starts_with("OFFICIAL "), "{file:?}");
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        assert!(!text.contains("way home") && !text.contains("rank"), "{file:?} holds words of a record");
    }
    assert_logged(storage, &done.files, "figures by area").await;
    let (question, out) = (asked(Audience::Force, GroupBy::Area), world.database.path("out"));
    let again = export(storage, &question, &out, clock::now()).await;
    assert!(again.is_err(), "nothing is written twice under one name");
    assert_eq!(storage.exports(10).await.unwrap().len(), 1, "what was not written is not logged");
}

fn told_total(rows: &Rows, column: &str) -> u64 {
    rows.iter().find(|row| row["grouping"] == "total").unwrap()[column].parse().unwrap()
}

async fn assert_logged(storage: &dyn Storage, files: &[PathBuf], what: &str) {
    let logged = storage.exports(10).await.unwrap();
    let one = logged.iter().find(|one| one.what.starts_with(what)).unwrap();
    let hashes: BTreeMap<String, String> = serde_json::from_str(&one.files).unwrap();
    assert_eq!(hashes.len(), files.len());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(hashes[&name], digest(&std::fs::read(file).unwrap()).to_string());
    }
    assert_eq!((one.by.as_str(), one.why.as_str()), ("PS 0311", "the monthly return"));
}

async fn what_leaves_the_force_is_one_published_month(database: Database) {
    let world = World::new(database).await;
    month::record(&world).await;
    let storage = world.storage.as_ref();
    let out = folder(&world, "out");
    let outside = |grouping| asked(Audience::Public, grouping);
    // A month that is not over, days, and exact places are not given out.
    let (from, until) = last_month();
    let part = Asked { until: until.pred_opt().unwrap(), ..outside(GroupBy::Month) };
    assert!(matches!(export(storage, &part, &out, clock::now()).await, Err(ExportError::WholeMonths)));
    let next = until.checked_add_months(chrono::Months::new(1)).unwrap();
    let open = Asked { until: next, ..outside(GroupBy::Month) };
    assert!(matches!(export(storage, &open, &out, clock::now()).await, Err(ExportError::NotOver(_))));
    let exact = Asked { exact: true, ..outside(GroupBy::Area) };
    assert!(matches!(export(storage, &exact, &out, clock::now()).await, Err(ExportError::ExactOutside)));
    let days = export(storage, &outside(GroupBy::Day), &out, clock::now()).await;
    assert!(matches!(days, Err(ExportError::NoSplit(GroupBy::Day))));

    // The month alone, then by area.
    let whole = export(storage, &outside(GroupBy::Month), &out, clock::now()).await.unwrap();
    let rows = csv_rows(&file(&whole.files, "published by month", "csv"));
    let total = rows.iter().find(|row| row["Month"] == "Total").unwrap();
    assert_eq!((total["Engagements"].as_str(), total["Arrests"].as_str()), ("51", "6"));
    assert_eq!(total["Patrol-hours (hours)"], "31.00");
    let by_area = export(storage, &outside(GroupBy::Area), &out, clock::now()).await.unwrap();
    let areas = csv_rows(&file(&by_area.files, "published by area", "csv"));
    let value = |area: &str, column: &str| {
        areas.iter().find(|row| row["code"] == area).unwrap_or_else(|| panic!("{area}: {areas:?}"))[column]
            .clone()
    };
    // Three engagements in Thetford are few: they are hidden, and the next larger with them.
    assert_eq!(value(NORWICH, "Engagements"), "29");
    assert_eq!((value(THETFORD, "Engagements"), value(LYNN, "Engagements")), ("[c]".into(), "[c]".into()));
    assert_eq!(value(THETFORD, "Concern notes"), "[c]");
    for file in whole.files.iter().chain(&by_area.files) {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        assert!(!text.contains("1482") && !text.contains("N41"), "{file:?} names somebody");
    }
    let print = pdf_text(&file(&by_area.files, "published by area", "pdf"));
    assert!(print.contains("[c]: hidden, so that few people cannot be picked out"), "{print}");
    assert_logged(storage, &by_area.files, "published by area").await;

    // Any other split of that month would complete it: refused, with the reason.
    for grouping in [GroupBy::Team, GroupBy::District, GroupBy::Initiative] {
        let refused = export(storage, &outside(grouping), &out, clock::now()).await;
        let Err(error @ ExportError::OtherSplit { .. }) = refused else { panic!("{grouping} was given out") };
        assert!(error.to_string().contains("was published by area"), "{error}");
    }
    // What arrives later changes the force's own figures and not what was published.
    let mut late = world.phone("1377").await;
    month::shift(&mut late, &month::Plan { area: THETFORD, day: 5, ..PLANS[3] });
    let batch = late.batch(0);
    late.sync(vec![batch]).await;
    let again = folder(&world, "again");
    let later = export(storage, &outside(GroupBy::Area), &again, clock::now()).await.unwrap();
    assert!(later.notes.iter().any(|note| note.contains("have changed since")), "{:?}", later.notes);
    let rows = csv_rows(&file(&later.files, "published by area", "csv"));
    assert_eq!(rows, areas, "a published month stays as it was");
    let facts = facts(storage, (from, until), None, clock::now()).await.unwrap();
    assert_eq!(facts.iter().map(|fact| fact.summary.engagements).sum::<u32>(), 54);
}

async fn a_return_is_a_template_filled_in(database: Database) {
    let world = World::new(database).await;
    month::record(&world).await;
    let storage = world.storage.as_ref();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/funder-returns");
    let (from, until) = last_month();
    let asked = returns::Asked {
        from,
        until,
        by: "PS 0311".into(),
        why: "the monthly return".into(),
        handling: None,
    };
    for example in ["hotspot-response.toml", "safer-streets.json"] {
        let template = returns::read(&root.join(example)).unwrap();
        let out = folder(&world, &example.replace('.', "-"));
        let done = returns::export(storage, &template, &asked, &out, clock::now()).await.unwrap();
        let text = std::fs::read_to_string(file(&done.files, "", "csv")).unwrap();
        assert!(text.contains("not recorded in Beatbook"), "{example}: {text}");
        let print = pdf_text(&file(&done.files, "", "pdf"));
        assert!(print.contains(&template.title) && print.contains("not recorded"), "{print}");
        assert_logged(storage, &done.files, "return").await;
    }
    let hotspots = returns::read(&root.join("hotspot-response.toml")).unwrap();
    let rows = csv_rows(&file(
        &std::fs::read_dir(world.database.path("hotspot-response-toml"))
            .unwrap()
            .map(|it| it.unwrap().path())
            .collect::<Vec<_>>(),
        "",
        "csv",
    ));
    assert_eq!(hotspots.by(), Some(GroupBy::Area));
    let norwich = rows.iter().find(|row| row["code"] == NORWICH).unwrap();
    assert_eq!(norwich["Person-hours of patrol (hours)"], "16.00");
    assert_eq!(norwich["Arrests"], "[c]");

    // The force's own return may choose by place and initiative together, and hides nothing.
    let own = Template {
        reader: beatbook_domain::funder::Reader::Force,
        group_by: "month".into(),
        areas: vec![NORWICH.into(), LYNN.into()],
        initiatives: vec!["INI_OP_FOCUS".into()],
        ..hotspots
    };
    assert_eq!(own.problems(), []);
    let out = folder(&world, "own");
    let done = returns::export(storage, &own, &asked, &out, clock::now()).await.unwrap();
    let rows = csv_rows(&file(&done.files, "", "csv"));
    let total = rows.iter().find(|row| row["code"].is_empty()).unwrap();
    let told = |area| by_sql(&world, Some(area));
    let arrests = told(NORWICH).await["powers"] + told(LYNN).await["powers"];
    assert_eq!(total["Arrests"], arrests.to_string());
    assert_eq!(done.shifts, PLANS.len());

    // What is wrong with a template is named with its field and its cure.
    let wrong = world.database.path("wrong.toml");
    std::fs::write(
        &wrong,
        "title = \"\"\ngroup_by = \"beat\"\nareas = [\"X\"]\n[[measure]]\nname = \"likes\"\nlabel = \"Likes\"\n\
         [[measure]]\nname = \"powers\"\nlabel = \"Powers\"\n",
    )
    .unwrap();
    let said = returns::read(&wrong).unwrap_err().to_string();
    for part in
        ["title: give", "group_by: `beat`", "measure 1, name: `likes`", "measure 2, name: `powers`", "areas:"]
    {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    std::fs::write(&wrong, "title = \"A\"\ngroup_by = \"area\"\nmeasures = []\n").unwrap();
    let said = returns::read(&wrong).unwrap_err().to_string();
    assert!(said.contains("measures") && said.contains("line 3"), "{said}");
    // Every measure can be asked for by its name.
    for held in Held::ALL {
        assert_eq!(Held::named(held.name()), Some(held));
    }
}

async fn a_shift_leaves_as_print_and_figures(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let shift = month::shift(&mut phone, &PLANS[0]);
    let standards = month::concern(
        &mut phone,
        NORWICH,
        beatbook_domain::time::day_begins(last_month().0).plus(50 * HOUR_MS),
        Access::ProfessionalStandards,
    );
    let batch = phone.batch(0);
    phone.sync(vec![batch]).await;
    let storage = world.storage.as_ref();
    let out = folder(&world, "out");
    let question = asked(Audience::Force, GroupBy::Shift);
    let done = export_shift(storage, shift, &question, &out, clock::now()).await.unwrap();
    assert_eq!(done.files.len(), 4);
    let rows = csv_rows(&file(&done.files, "shift summary", "csv"));
    let value = |measure: &str| rows.iter().find(|row| row["measure"] == measure).unwrap()["value"].clone();
    assert_eq!((value("engagements"), value("concern notes")), ("14".into(), "3".into()));
    let print = pdf_text(&file(&done.files, "shift summary", "pdf"));
    assert!(print.contains("OFFICIAL-SENSITIVE"), "it lists concern notes");
    assert_eq!(print.matches("Concern note").count(), 1 + 3, "the heading and three, not the disclosure");
    let texts: String = done
        .files
        .iter()
        .map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned())
        .collect();
    assert!(!texts.contains(&standards.to_string()));
    let gone = export_shift(storage, standards, &question, &out, clock::now()).await;
    assert!(matches!(gone, Err(ExportError::NoShift(_))));
}

async fn what_is_withheld_counts_nowhere(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.open_shift();
    phone.engagement("before it was lost");
    phone.sync(vec![phone.batch(0)]).await;
    let (device, at) = (phone.device, clock::now());
    let revocation = Revocation { device, at, by: "PS 0311".into(), why: "lost".into() };
    assert!(world.storage.revoke(revocation).await.unwrap());
    phone.engagement("after it was lost");
    phone.sync(vec![phone.batch(0)]).await;
    let storage = world.storage.as_ref();
    let today = local(at).date_naive();
    let (from, until) = (today.pred_opt().unwrap(), today.succ_opt().unwrap());
    let of = |days, team| facts(storage, days, team, clock::now());
    let found = of((from, until), None).await.unwrap();
    assert_eq!(found.iter().map(|fact| fact.summary.engagements).sum::<u32>(), 1);
    let other = TeamId(uuid::Uuid::nil());
    assert!(of((from, until), Some(other)).await.unwrap().is_empty());
    assert!(of((from, from), None).await.unwrap().is_empty());
}
