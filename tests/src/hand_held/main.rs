//! A phone without a window that can be killed: the device's own engine over a notebook that is enrolled already. It does
//! what standard input asks, one line at a time, and says on standard output what the device called saved and received.
//!
//! - `save MARK WORDS` saves an engagement whose note begins with the mark: `saved ENTRY MARK` once the device says so.
//! - `photo SIDE SALT` signs a referral that names a photo: `photo ENTRY SHA256` once the device says so.
//! - `lock MS` seals the notebook, lets its spool be sent for so long, and opens it again: `open` once it is.
//! - `send NUMBER` tries now: `tried NUMBER WAITING`.
//! - `end`, or the end of input, seals the notebook and ends.
//!
//! Whatever was asked, `received ENTRY CODE AT` comes once for each receipt the device shows, and `needs-you ENTRY CAUSE`
//! where it set an entry aside.
#![allow(clippy::print_stdout, reason = "a program that is read by another")]

use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use beatbook_device::profile::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::{
    AppError, EntryState, ErrorCode, GetOutbox, Lock, OpenDraft, SaveDraft, SendNow, Unlock, WaitForChange,
};
use beatbook_tests::engine::try_referral_with_photo;
use beatbook_tests::faults::{PASSPHRASE, RECEIVED_SHOWN, note_of};
use clap::Parser;
use tokio::sync::mpsc;

#[derive(Parser)]
struct Arguments {
    /// The phone's data folder
    #[arg(long)]
    data: PathBuf,
    /// Whose notebook
    #[arg(long)]
    collar: String,
    /// A lie, for the test of the tests: says `saved` before anything is
    #[arg(long)]
    says_early: bool,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), AppError> {
    let asked = Arguments::parse();
    let device =
        Device::open(DeviceConfig { keystore: Arc::new(NoKeystore), ..DeviceConfig::new(asked.data) })?;
    let collar = asked.collar;
    device.handle(Unlock { collar: collar.clone(), secret: PASSPHRASE.to_owned() }).await?;
    println!("open");
    tokio::spawn(tell(device.clone()));
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["save", mark, length] => save(&device, mark, length, asked.says_early).await,
            ["photo", side, salt] => {
                let (side, salt) = (side.parse().unwrap_or(16), salt.parse().unwrap_or(1));
                match try_referral_with_photo(&device, side, salt).await {
                    Ok((entry, photo)) => println!("photo {entry} {}", photo.attachment.sha256),
                    Err(error) => println!("failed photo {error}"),
                }
            }
            ["lock", ms] => {
                device.handle(Lock { seal: true }).await?;
                tokio::time::sleep(Duration::from_millis(ms.parse().unwrap_or_default())).await;
                device.handle(Unlock { collar: collar.clone(), secret: PASSPHRASE.to_owned() }).await?;
                println!("open");
            }
            ["send", number] => {
                let now = device.handle(SendNow {}).await?;
                println!("tried {number} {}", now.pill.waiting);
            }
            ["end"] => break,
            _ => println!("what? {line}"),
        }
    }
    device.seal().await;
    println!("ended");
    Ok(())
}

/// Lines of standard input; closed at its end.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (give, take) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if give.send(line).is_err() {
                break;
            }
        }
    });
    take
}

async fn save(device: &Device, mark: &str, length: &str, says_early: bool) {
    let note = note_of(mark, length.parse().unwrap_or_default());
    match engagement(device, note, |entry| {
        if says_early {
            println!("saved {entry} {mark}");
        }
    })
    .await
    {
        Ok(_) if says_early => {}
        Ok(entry) => println!("saved {entry} {mark}"),
        Err(error) => println!("failed {mark} {error}"),
    }
}

async fn engagement(
    device: &Device,
    note: String,
    before: impl FnOnce(EntryId),
) -> Result<EntryId, AppError> {
    let draft = device.handle(OpenDraft::NewEngagement).await?;
    let DraftForm::Engagement(mut form) = draft.form else {
        return Err(AppError::new(ErrorCode::Internal, "an engagement opens as something else"));
    };
    form.engagement_type = Some(Code::new("E_CHAT"));
    form.people = 1;
    form.note = note;
    before(draft.entry_id);
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await?;
    Ok(draft.entry_id)
}

/// Says every receipt and every entry that was set aside, as soon as a screen would show it.
async fn tell(device: Device) {
    let (mut told, mut since) = (BTreeSet::new(), 0);
    loop {
        if let Ok(outbox) = device.handle(GetOutbox { received_limit: RECEIVED_SHOWN }).await {
            for row in outbox.received.iter().chain(&outbox.needs_you) {
                let line = match &row.state {
                    EntryState::Received { code, at, .. } => {
                        format!("received {} {code} {}", row.entry_id, at.0)
                    }
                    EntryState::NeedsYou { cause } => format!("needs-you {} {cause}", row.entry_id),
                    _ => continue,
                };
                if told.insert(line.clone()) {
                    println!("{line}");
                }
            }
        }
        match device.handle(WaitForChange { since }).await {
            Ok(change) => since = change.now,
            Err(_) => return,
        }
    }
}
