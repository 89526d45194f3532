//! A sergeant replaces an officer's phone at night: a code for the new one, the lost one out of service.

use beatbook_domain::id::OfficerId;
use beatbook_protocol::sync::*;

use crate::database::Database;
use crate::on_both;
use crate::phone::Phone;
use crate::world::World;

on_both! { a_lost_phone_is_replaced_at_night, too_many_replacements_wait }

impl Phone {
    /// Asks for a code for another officer.
    pub async fn replace(
        &self,
        officer: OfficerId,
        lost: Option<LostPhone>,
    ) -> Result<ReplaceReply, (u16, ErrorReply)> {
        let request = ReplaceRequest {
            protocol: CURRENT,
            id: uuid::Uuid::new_v4(),
            device_id: self.device,
            profile: self.record.id,
            officer,
            lost,
        };
        let body = serde_json::to_vec(&request).unwrap();
        let mut challenge = *self.challenge.lock().unwrap();
        loop {
            let credentials =
                Credentials::sign(self.device, &self.transport, challenge, ("POST", REPLACE_PATH), &body);
            match self.asks("POST", REPLACE_PATH, &body, Some(credentials)).await {
                (200, answer) => return Ok(serde_json::from_slice(&answer).unwrap()),
                (status, answer) => {
                    let error: ErrorReply = serde_json::from_slice(&answer).unwrap();
                    match error.challenge.filter(|given| *given != challenge) {
                        Some(given) => challenge = given,
                        None => return Err((status, error)),
                    }
                }
            }
        }
    }

    /// Asks anything.
    pub async fn asks(
        &self,
        method: &str,
        path: &str,
        body: &[u8],
        credentials: Option<Credentials>,
    ) -> (u16, Vec<u8>) {
        let request =
            self.http.request(method.parse().unwrap(), format!("{}{path}", self.url)).body(body.to_vec());
        let request = match credentials {
            Some(credentials) => request.header("authorization", credentials.to_string()),
            None => request,
        };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }
}

async fn a_lost_phone_is_replaced_at_night(database: Database) {
    let world = World::new(database).await;
    let (mut lost, mut sergeant) = (world.phone("1482").await, world.phone("0311").await);
    lost.engagement("before it was lost");
    lost.sync(vec![lost.batch(0)]).await;
    sergeant.sync(vec![sergeant.batch(0)]).await;
    let asked = LostPhone { device: lost.device, loss: Loss::Lost };
    let reply = sergeant.replace(lost.officer, Some(asked)).await.unwrap();
    let report = reply.lost.as_ref().unwrap();
    assert_eq!((report.device, report.received, report.others.len()), (lost.device, 2, 0));
    assert_eq!(report.heartbeat.as_ref().unwrap().pending, 3, "what it had not sent when it was last heard");
    assert!(lost.sync(vec![]).await.revoked.is_some(), "the old one is out of service");

    // The new phone comes in by the code; the old one does not, and the code is good once.
    let mut fresh = Phone::new(&world.running.url());
    let enrolled = fresh.enrol(&reply.code).await.unwrap();
    assert_eq!(enrolled.officer.title(), "PC 1482");
    fresh.engagement("on the new phone");
    assert_eq!(fresh.receipts(&fresh.clone().sync(vec![fresh.batch(0)]).await).len(), 2);
    assert_eq!(Phone::new(&fresh.url).enrol(&reply.code).await.unwrap_err().0, 403);

    // Who did it is written down.
    let log = world.storage.replacements(None, beatbook_domain::time::Millis(0), 10).await.unwrap();
    assert_eq!((log[0].by, log[0].officer, log[0].lost), (sergeant.officer, lost.officer, Some(lost.device)));
    assert_eq!(log[0].why, "lost");

    // A phone of somebody else, or the very one in the sergeant's hand, is not theirs to lose.
    for device in [sergeant.device, beatbook_domain::id::DeviceId(uuid::Uuid::new_v4())] {
        let asked = LostPhone { device, loss: Loss::Stolen };
        let (status, error) = sergeant.replace(lost.officer, Some(asked)).await.unwrap_err();
        assert_eq!((status, error.code), (409, ReplyCode::NotTheirPhone));
    }
    world.assert_whole().await;
}

async fn too_many_replacements_wait(database: Database) {
    let limits = beatbook_central::limits::Limits { replacements: 2, ..Default::default() };
    let world = World::within(database, limits).await;
    let sergeant = world.phone("0311").await;
    let officer = world.officer("1482").await;
    for _ in 0..2 {
        sergeant.replace(officer, None).await.unwrap();
    }
    let (status, error) = sergeant.replace(officer, None).await.unwrap_err();
    assert_eq!((status, error.code), (429, ReplyCode::TooMany));
    // An inspector has a count of their own.
    world.phone("0102").await.replace(officer, None).await.unwrap();
}
