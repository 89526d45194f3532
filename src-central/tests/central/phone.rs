//! A phone without a screen: keys, chains, sealing and signing through the domain's own functions, requests through a
//! real HTTP client. Independent of the device crate, so that a mistake cannot agree with itself on both sides.

use std::collections::BTreeMap;

use beatbook_domain::code_list::{self, CodeRef, list};
use beatbook_domain::entry::*;
use beatbook_domain::id::*;
use beatbook_domain::seal::{
    self, Absent, MANIFEST_FORMAT, Manifest, Purpose, REVISION_FORMAT, Sealed, Seed, digest,
};
use beatbook_domain::time::{Millis, Mono};
use beatbook_protocol::sync::*;
use ed25519_dalek::SigningKey;
use serde_json::value::RawValue;
use uuid::Uuid;

/// One chain as the phone holds it.
#[derive(Clone)]
pub struct Chain {
    pub id: ChainId,
    pub seed_id: SeedId,
    pub seed: Seed,
    pub revisions: Vec<Sealed>,
}

impl Chain {
    pub fn new() -> Self {
        let seed = Seed(SigningKey::from_bytes(&random()).to_bytes());
        Self { id: ChainId(Uuid::new_v4()), seed_id: SeedId(Uuid::new_v4()), seed, revisions: Vec::new() }
    }

    pub fn end(&self) -> Link {
        self.revisions.last().map_or(Link::GENESIS, |sealed| sealed.link)
    }
}

pub fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// A phone with one profile.
#[derive(Clone)]
pub struct Phone {
    pub url: String,
    pub device: DeviceId,
    pub transport: SigningKey,
    pub profile: SigningKey,
    pub record: Chain,
    pub log: Chain,
    pub officer: OfficerId,
    pub force: ForceId,
    pub bundle: Option<ForceBundle>,
    pub cursors: Cursors,
    pub shift: Option<EntryId>,
    pub http: reqwest::Client,
    pub challenge: std::sync::Arc<std::sync::Mutex<Challenge>>,
}

fn public(key: &SigningKey) -> VerifyKey {
    VerifyKey(key.verifying_key().to_bytes())
}

impl Phone {
    pub fn new(url: &str) -> Self {
        // The client wants a TLS provider even where it speaks plain HTTP.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            url: url.to_owned(),
            device: DeviceId(Uuid::new_v4()),
            transport: SigningKey::from_bytes(&random()),
            profile: SigningKey::from_bytes(&random()),
            record: Chain::new(),
            log: Chain::new(),
            officer: OfficerId(Uuid::nil()),
            force: ForceId(Uuid::nil()),
            bundle: None,
            cursors: Cursors::new(),
            shift: None,
            http: reqwest::Client::builder().tcp_nodelay(true).build().unwrap(),
            challenge: std::sync::Arc::default(),
        }
    }

    pub fn enrol_request(&self, secret: &str) -> EnrolRequest {
        EnrolRequest {
            protocol: CURRENT,
            code: secret.to_owned(),
            device_id: self.device,
            transport_key: public(&self.transport),
            profile_key: public(&self.profile),
            seal_key: SealKey(random()),
            record_chain: self.record.id,
            log_chain: self.log.id,
            app_version: "test".into(),
        }
    }

    /// Enrols with a code as typed, checks the bundle, and opens both chains.
    pub async fn enrol(&mut self, typed: &str) -> Result<EnrolReply, (u16, ErrorReply)> {
        let code = EnrolCode::parse(typed).unwrap();
        let reply = self.send_enrol(&self.enrol_request(&code.secret)).await?;
        let bundle: ForceBundle = serde_json::from_str(&reply.bundle).unwrap();
        assert!(code.names(&bundle.root_key), "the code pins the root key");
        assert!(seal::verify(
            &bundle.root_key,
            Purpose::Bundle,
            &[reply.bundle.as_bytes()],
            &reply.signature
        ));
        self.officer = reply.officer.officer;
        self.force = bundle.force;
        self.bundle = Some(bundle);
        self.open_chains();
        Ok(reply)
    }

    pub async fn send_enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, (u16, ErrorReply)> {
        let answer = self.http.post(format!("{}/v1/enrol", self.url)).json(request).send().await.unwrap();
        match answer.status().as_u16() {
            200 => Ok(answer.json().await.unwrap()),
            status => Err((status, answer.json().await.unwrap())),
        }
    }

    fn open_chains(&mut self) {
        let opened = self.chain_opened(None);
        self.write(Kind::ChainOpened, &opened);
        self.write_log(Kind::ChainOpened, &opened);
    }

    /// What begins a chain of this phone.
    pub fn chain_opened(&self, predecessor: Option<(ChainId, Link)>) -> Body {
        Body::ChainOpened(ChainOpened {
            officer: self.officer,
            device: self.device,
            profile_key: public(&self.profile),
            seal_key: SealKey([1; 32]),
            sealing: Sealing::default(),
            force: self.force,
            predecessor,
        })
    }

    /// The head the phone would write next into a chain.
    pub fn head(&self, chain: &Chain, kind: Kind) -> Head {
        let at = beatbook_central::clock::now();
        Head {
            format: REVISION_FORMAT.into(),
            chain_id: chain.id,
            seq: chain.revisions.len() as u64,
            entry_id: EntryId(Uuid::new_v4()),
            kind,
            schema: 1,
            change: Change::First,
            revises: vec![],
            about: None,
            links: vec![],
            author: self.officer,
            performed_by: None,
            origin: Origin::Live,
            unit_id: None,
            shift_id: self.shift,
            duty_at_writing: Duty::On,
            occurred_at: at,
            occurred_until: None,
            written_at: at,
            written_utc_offset: 0,
            mono: Mono { boot_id: Uuid::nil(), ms: 1 },
            offset: None,
            end_kind: None,
            regime: kind.regime(),
            class: kind.retention_class().into(),
            marking: kind.marking(),
            access: Access::Team,
            seed: chain.seed_id,
            area: None,
            codes: vec![],
        }
    }

    /// Seals a revision of the record chain.
    pub fn write(&mut self, kind: Kind, body: &Body) -> Sealed {
        self.write_with(kind, body, |_| {})
    }

    /// As [`Phone::write`], the head changed before it is sealed.
    pub fn write_with(&mut self, kind: Kind, body: &Body, change: impl FnOnce(&mut Head)) -> Sealed {
        let mut head = self.head(&self.record, kind);
        change(&mut head);
        self.write_bytes(head.to_bytes(), body.to_bytes())
    }

    /// Seals bytes as they are.
    pub fn write_bytes(&mut self, head: Vec<u8>, body: Vec<u8>) -> Sealed {
        let chain = &mut self.record;
        let sealed =
            seal::seal(chain.id, chain.revisions.len() as u64, &chain.end(), &chain.seed, head, body);
        chain.revisions.push(sealed.clone());
        sealed
    }

    pub fn write_log(&mut self, kind: Kind, body: &Body) -> Sealed {
        let head = self.head(&self.log, kind).to_bytes();
        let chain = &mut self.log;
        let sealed = seal::seal(
            chain.id,
            chain.revisions.len() as u64,
            &chain.end(),
            &chain.seed,
            head,
            body.to_bytes(),
        );
        chain.revisions.push(sealed.clone());
        sealed
    }

    /// Opens a shift; what follows names it.
    pub fn open_shift(&mut self) -> EntryId {
        let body = Body::Shift(ShiftOpened {
            call_sign: "N41".into(),
            planned_end: None,
            supervisor: None,
            partners: vec![],
            reason: None,
        });
        let shift = EntryId(Uuid::new_v4());
        self.shift = Some(shift);
        self.write_with(Kind::ShiftOpened, &body, |head| head.entry_id = shift);
        shift
    }

    pub fn name_crew(&mut self, member: OfficerId, standing: CrewStanding) -> Sealed {
        self.write(Kind::CrewJoined, &Body::Crew(CrewMembership { member, standing, reason: None }))
    }

    pub fn engagement(&mut self, note: &str) -> Sealed {
        let body = engagement(note);
        self.write(Kind::Engagement, &body)
    }

    pub fn concern(&mut self, seen: &str) -> Sealed {
        self.write(Kind::Concern, &concern(seen))
    }

    /// A signed batch of the record chain from `first` on.
    pub fn batch(&self, first: usize) -> Batch {
        self.batch_of(&self.record, first..self.record.revisions.len(), &[])
    }

    pub fn log_batch(&self) -> Batch {
        self.batch_of(&self.log, 0..self.log.revisions.len(), &[])
    }

    /// A signed batch of a range, `absent` left at home.
    pub fn batch_of(&self, chain: &Chain, range: std::ops::Range<usize>, absent: &[usize]) -> Batch {
        let all = &chain.revisions[range.clone()];
        let manifest = Manifest {
            format: MANIFEST_FORMAT.into(),
            force: self.force,
            chain_id: chain.id,
            first: range.start as u64,
            before_first: range
                .start
                .checked_sub(1)
                .map_or(Link::GENESIS, |before| chain.revisions[before].link),
            absent: absent
                .iter()
                .map(|seq| &chain.revisions[*seq])
                .map(|sealed| Absent { seq: sealed.seq, head: digest(&sealed.head), commit: sealed.commit })
                .collect(),
            last: range.end as u64 - 1,
            after_last: all.last().unwrap().link,
        };
        let manifest = String::from_utf8(manifest.to_bytes()).unwrap();
        Batch {
            signature: seal::sign(&self.profile, Purpose::Manifest, &[manifest.as_bytes()]),
            manifest,
            seeds: BTreeMap::from([(chain.seed_id, chain.seed.clone())]),
            revisions: all
                .iter()
                .filter(|sealed| !absent.contains(&(sealed.seq as usize)))
                .map(wire)
                .collect(),
        }
    }

    pub fn request(&self, batches: Vec<Batch>) -> SyncRequest {
        SyncRequest {
            protocol: CURRENT,
            device_id: self.device,
            profile: self.record.id,
            epoch: None,
            heartbeat: Heartbeat {
                pending: 3,
                clock: Some(beatbook_central::clock::now()),
                ..Heartbeat::default()
            },
            batches,
            cursors: self.cursors.clone(),
            want_bytes: 1 << 20,
            successions: Vec::new(),
            wants_chains: Vec::new(),
            level: None,
            copies: CopiesSaid::default(),
            keys: self.bundle.as_ref().map_or(0, |bundle| bundle.keys.number),
        }
    }

    /// Sends a request; the cursors move on with the answer.
    pub async fn sync(&mut self, batches: Vec<Batch>) -> SyncReply {
        let reply = self.try_sync(&self.request(batches)).await.unwrap();
        for changes in &reply.changes {
            self.cursors.insert(changes.scope, changes.cursor);
        }
        reply
    }

    pub async fn try_sync(&self, request: &SyncRequest) -> Result<SyncReply, (u16, ErrorReply)> {
        self.post(serde_json::to_vec(request).unwrap(), None).await
    }

    /// Posts a body, signed by this phone's transport key.
    pub async fn post(&self, body: Vec<u8>, encoding: Option<&str>) -> Result<SyncReply, (u16, ErrorReply)> {
        let known = *self.challenge.lock().unwrap();
        match self.post_signed(&body, encoding, known).await {
            Err((401, ErrorReply { challenge: Some(given), .. })) => {
                *self.challenge.lock().unwrap() = given;
                self.post_signed(&body, encoding, given).await
            }
            answer => answer,
        }
    }

    /// Posts a body signed over one challenge, good or not.
    pub async fn post_signed(
        &self,
        body: &[u8],
        encoding: Option<&str>,
        challenge: Challenge,
    ) -> Result<SyncReply, (u16, ErrorReply)> {
        let credentials = self.sign(challenge, body);
        self.post_as(body.to_vec(), encoding, &[("authorization", credentials.to_string())]).await
    }

    pub fn sign(&self, challenge: Challenge, body: &[u8]) -> Credentials {
        Credentials::sign(self.device, &self.transport, challenge, ("POST", "/v1/sync"), body)
    }

    pub async fn post_as(
        &self,
        body: Vec<u8>,
        encoding: Option<&str>,
        headers: &[(&str, String)],
    ) -> Result<SyncReply, (u16, ErrorReply)> {
        let mut request =
            self.http.post(format!("{}/v1/sync", self.url)).header("accept-encoding", "zstd").body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        let answer = request.send().await.unwrap();
        let (status, packed) = (answer.status().as_u16(), answer.headers().contains_key("content-encoding"));
        let bytes = answer.bytes().await.unwrap().to_vec();
        let plain = if packed { zstd::decode_all(bytes.as_slice()).unwrap() } else { bytes };
        match status {
            200 => Ok(serde_json::from_slice(&plain).unwrap()),
            _ => Err((status, serde_json::from_slice(&plain).unwrap())),
        }
    }

    /// Checks the signature over a reply's receipts and reads them.
    pub fn receipts(&self, reply: &SyncReply) -> Vec<Receipt> {
        let Some(signed) = &reply.receipts else { return vec![] };
        let key = self.bundle.as_ref().unwrap().keys.receipt_key;
        assert_eq!(signed.key, key);
        assert!(seal::verify(&key, Purpose::Receipts, &[signed.list.as_bytes()], &signed.signature));
        let list: ReceiptList = serde_json::from_str(&signed.list).unwrap();
        assert_eq!((list.device, list.epoch), (self.device, reply.epoch));
        list.receipts
    }
}

/// A revision as it travels.
pub fn wire(sealed: &Sealed) -> WireRevision {
    let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8(bytes.to_vec()).unwrap()).unwrap();
    let body = sealed.body.as_ref().map(|body| raw(body));
    let commit = body.is_none().then_some(sealed.commit);
    WireRevision { head: raw(&sealed.head), body, salt: None, commit }
}

/// A code of a built-in list, by its place there.
pub fn code(list: &str, place: usize) -> CodeRef {
    let today = beatbook_domain::time::local(beatbook_central::clock::now()).date_naive();
    let item = code_list::built_in().offered(list, today).nth(place).unwrap();
    code_list::built_in().code_ref(list, &item.code, today).unwrap()
}

pub fn engagement(note: &str) -> Body {
    Body::Engagement(Engagement {
        engagement_type: code(list::ENGAGEMENT_TYPE, 0),
        people: 3,
        topics: vec![],
        concerns: vec![],
        place: None,
        light: None,
        safe_by_day: None,
        safe_after_dark: None,
        verification: None,
        under_18: None,
        safeguarding_ref: None,
        bands: None,
        follow_up: false,
        note: Some(note.into()),
        reason: None,
        crime: None,
        paper: None,
    })
}

pub fn concern(seen: &str) -> Body {
    let disclosed_at = Millis(1);
    Body::Concern(Concern {
        behaviours: vec![code(list::BEHAVIOUR, 0)],
        sources: vec![],
        seen: seen.into(),
        assessment: None,
        words: vec![],
        relationship: None,
        contact: None,
        harm: None,
        actions: vec![],
        powers: vec![],
        requests: vec![],
        safeguarding: vec![],
        subject: None,
        place: None,
        crime: Some(CrimeGate { reporting: Reporting::No, now: vec![], disclosed_at, reference: None }),
        told_by: None,
        people: Vec::new(),
        references: Vec::new(),
        grading: None,
        made_with: None,
        paper: None,
        reason: None,
    })
}

/// All revisions a reply brought, with their scopes.
pub fn revisions(reply: &SyncReply) -> Vec<(Scope, FeedRevision)> {
    let items =
        reply.changes.iter().flat_map(|changes| changes.items.iter().map(|item| (changes.scope, item)));
    items
        .filter_map(|(scope, item)| match item {
            FeedItem::Revision(revision) => Some((scope, revision.clone())),
            FeedItem::Reference(_) => None,
        })
        .collect()
}
