//! Judging certificates at proven times, by an authority made here.
#![allow(clippy::unwrap_used)]

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};

use super::*;

const DAY: i64 = 86_400_000;

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    roots: Arc<dyn ServerCertVerifier>,
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&key).unwrap();
        let roots = Verifier::new_with_extra_roots([root.der().clone()], provider()).unwrap();
        Self { issuer: Issuer::new(params, key), roots: Arc::new(roots) }
    }

    /// A certificate for `central.example`, valid in these years.
    fn issue(&self, from: i32, until: i32) -> CertificateDer<'static> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["central.example".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        params.signed_by(&key, &self.issuer).unwrap().der().clone()
    }

    fn judge(&self, at: Millis) -> Judge {
        let time = ProvenTime(Arc::new(AtomicI64::new(at.0)));
        Judge { rule: Rule::Platform(Arc::clone(&self.roots)), time, provider: provider() }
    }
}

/// What a judge says while the wall clock shows 1970, the build's day, or 2040: always the same.
fn says(judge: &Judge, certificate: &CertificateDer<'_>) -> Result<(), Error> {
    let name = ServerName::try_from("central.example").unwrap();
    let verdicts = [0, 1_796_000_000, 2_208_988_800].map(|wall_clock| {
        let wall_clock = UnixTime::since_unix_epoch(Duration::from_secs(wall_clock));
        judge.verify_server_cert(certificate, &[], &name, &[], wall_clock).map(|_| ())
    });
    assert!(verdicts.iter().all(|verdict| verdict.is_ok() == verdicts[0].is_ok()), "{verdicts:?}");
    let [first, ..] = verdicts;
    first
}

fn year(year: i32) -> Millis {
    Millis(date_time_ymd(year, 6, 1).unix_timestamp() * 1000)
}

#[test]
fn an_expired_certificate_is_refused_at_the_proven_time_whatever_the_wall_clock_says() {
    let authority = Authority::new();
    let certificate = authority.issue(2026, 2028);
    assert_eq!(says(&authority.judge(year(2027)), &certificate), Ok(()));
    let late = says(&authority.judge(year(2029)), &certificate);
    assert!(
        matches!(late, Err(Error::InvalidCertificate(CertificateError::ExpiredContext { .. }))),
        "{late:?}"
    );
}

#[test]
fn a_certificate_younger_than_the_proven_time_is_no_reason_to_stay_away() {
    let authority = Authority::new();
    // The phone was off: its newest proven time is before the certificate was made.
    assert_eq!(says(&authority.judge(year(2026)), &authority.issue(2027, 2028)), Ok(()));
    // One that ends before it begins is never valid.
    assert!(says(&authority.judge(year(2026)), &authority.issue(2029, 2028)).is_err());
}

#[test]
fn another_authority_and_another_name_are_refused() {
    let (authority, other) = (Authority::new(), Authority::new());
    let certificate = authority.issue(2026, 2030);
    assert!(says(&other.judge(year(2027)), &certificate).is_err());
    let name = ServerName::try_from("elsewhere.example").unwrap();
    let judge = authority.judge(year(2027));
    assert!(judge.verify_server_cert(&certificate, &[], &name, &[], UnixTime::now()).is_err());
}

#[test]
fn a_named_key_is_trusted_whatever_its_dates_and_no_other_is() {
    let authority = Authority::new();
    let (named, other) = (authority.issue(1990, 1991), authority.issue(2026, 2030));
    let rule = Rule::Named(vec![fingerprint(&named).unwrap()]);
    let judge = Judge { rule, time: ProvenTime::new(), provider: provider() };
    assert_eq!(says(&judge, &named), Ok(()));
    assert!(says(&judge, &other).is_err());
}

#[test]
fn the_proven_time_starts_at_the_build_and_only_rises() {
    let clients = Clients::new();
    let at = || clients.time.0.load(Ordering::Relaxed);
    assert!(built_at().0 > 1_700_000_000_000, "the build says when it was");
    assert_eq!(at(), built_at().0);
    let know = |millis| clients.know(&Trust { signed_time: Some(Millis(millis)), ..Trust::default() });
    know(built_at().0 - DAY);
    assert_eq!(at(), built_at().0);
    know(built_at().0 + DAY);
    know(built_at().0);
    assert_eq!(at(), built_at().0 + DAY);
}
