//! Replacing a colleague's phone: a signed question to central, online only. Nothing of it is kept on this phone.

use beatbook_domain::review::{Step, Subject, may_decide};
use beatbook_protocol::ipc::{
    AppError, ErrorCode, ListTeamPhones, LostView, OfficerPhones, PhoneLine, ReplacePhone, ReplacedView,
    TeamPhonesView,
};
use beatbook_protocol::sync::{
    CURRENT, EnrolCode, EnrolTicket, REPLACE_PATH, ReplaceReply, ReplaceRequest, ensure_supported,
};

use uuid::Uuid;

use super::authority::held;
use super::{Device, Handle};
use crate::store::StoreError;
use crate::sync::SyncError;
use crate::sync::http::{Http, Packed, Signer, url};
use crate::words;

impl Handle<ListTeamPhones> for Device {
    async fn handle(&self, _command: ListTeamPhones) -> Result<TeamPhonesView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let (now, device) = (session.now(), session.identity.device_id);
        let answer = session.read(move |store| store.last_answer()).await?;
        let (held, me) = (held(&answer), context.me.officer);
        let theirs = |subject: &Subject| may_decide(me, &held, subject, now);
        let officers = context.officers.iter().filter(|row| {
            theirs(&Subject { officer: row.officer, team: row.team, step: Step::of_role(&row.role) })
        });
        let officers = officers.map(|row| {
            let heard =
                answer.contacts.iter().filter(|one| one.officer == row.officer && one.device != device);
            let mut phones: Vec<PhoneLine> = heard
                .map(|contact| PhoneLine {
                    device: contact.device,
                    last_heard: contact.last_heard,
                    pending: contact.heartbeat.pending + contact.heartbeat.set_aside,
                    drafts: contact.heartbeat.drafts,
                })
                .collect();
            phones.sort_by_key(|phone| std::cmp::Reverse(phone.last_heard));
            OfficerPhones { officer: row.officer, title: row.title(), phones }
        });
        let as_known = Some(answer.server_time).filter(|at| at.0 > 0);
        Ok(TeamPhonesView { officers: officers.collect(), as_known })
    }
}

impl Handle<ReplacePhone> for Device {
    async fn handle(&self, command: ReplacePhone) -> Result<ReplacedView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let (server, signer, trust, force) = session
            .read(|store| -> Result<_, StoreError> {
                let (challenge, trust) = (store.last_answer()?.challenge, store.trust()?);
                let (device, transport) = (store.identity().device_id, store.keys().transport.clone());
                let identity = store.identity();
                let (server, force) = (identity.server.clone(), identity.force.clone());
                Ok((server, Signer { device, transport, challenge }, trust, force))
            })
            .await?;
        let ReplacePhone { officer, lost } = command;
        let (device_id, profile) = (session.identity.device_id, session.identity.record_chain);
        let asked =
            ReplaceRequest { protocol: CURRENT, id: Uuid::new_v4(), device_id, profile, officer, lost };
        let body = serde_json::to_vec(&asked).map_err(|_| said(&SyncError::NotOurs))?;
        let ask = async {
            let http = Http::new()?;
            http.know(&trust);
            let url = url(&server, REPLACE_PATH)?;
            let (answer, _) = http.post_signed(url, &Packed::plain(body), 0, &signer).await?;
            let reply: ReplaceReply = answer.json()?;
            ensure_supported(reply.protocol)?;
            Ok::<_, SyncError>(reply)
        };
        let reply = ask.await.map_err(|error| said(&error))?;
        let code = EnrolCode::parse(&reply.code).ok_or_else(|| said(&SyncError::NotOurs))?;
        let lost = reply.lost.map(|lost| LostView {
            received: lost.received,
            last_heard: lost.last_heard,
            pending: lost.heartbeat.as_ref().map_or(0, |said| said.pending + said.set_aside),
            drafts: lost.heartbeat.as_ref().map_or(0, |said| said.drafts),
            others: lost.others.iter().map(|one| context.title(*one)).collect(),
        });
        Ok(ReplacedView {
            title: context.title(officer),
            ticket: EnrolTicket::new(&server, code, &force).to_string(),
            code: reply.code,
            expires_at: reply.expires_at,
            lost,
        })
    }
}

/// Why there is no code, and that nothing was changed.
fn said(error: &SyncError) -> AppError {
    match error {
        SyncError::Refused(answer) => match &answer.reply {
            Some(reply) if answer.retry_after.is_none() => {
                let mut letters = reply.words.chars();
                let first = letters.next().map(|one| one.to_uppercase().to_string()).unwrap_or_default();
                AppError::new(ErrorCode::NotNow, format!("{first}{}.", letters.as_str()))
            }
            Some(_) => AppError::new(ErrorCode::NotNow, words::REPLACE_TOO_MANY),
            None => AppError::new(ErrorCode::Unreachable, words::REPLACE_NO_SIGNAL),
        },
        SyncError::Unauthorised => AppError::new(ErrorCode::NotNow, words::REPLACE_NOT_THIS_PHONE),
        _ => AppError::new(ErrorCode::Unreachable, words::REPLACE_NO_SIGNAL),
    }
}
