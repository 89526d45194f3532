//! Photos of things: decoded, turned upright, made smaller and written anew, so that nothing of where, when and with which
//! camera goes along.

use std::io::Cursor;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beatbook_domain::entry::{Attachment, Kind, LogRecord};
use beatbook_domain::id::{Code, Digest};
use beatbook_protocol::ipc::{
    AppError, AskPhoto, ErrorCode, FetchPhoto, GetPhoto, KeepPhoto, PhotoAsked, PhotoView,
};
use beatbook_words::text;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};
use sha2::{Digest as _, Sha256};

use super::error::{not_found, not_now};
use super::session::Session;
use super::{Device, Handle};
use crate::sync::engine::percent;
use crate::sync::{SyncError, photos};
use crate::words;

/// The largest file that is taken, bytes.
const MOST_BYTES: usize = 20 * 1024 * 1024;
/// The longest side as kept, pixels: a lamp post's number can be read, a face across the street cannot.
const LONGEST_SIDE: u32 = 1_600;
/// Quality as written, percent.
const QUALITY: u8 = 80;
/// How long a person waits to be told where a photo is.
const ASK_WITHIN: Duration = Duration::from_millis(1_800);
/// What decoding may take in memory, bytes.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

impl Handle<KeepPhoto> for Device {
    async fn handle(&self, command: KeepPhoto) -> Result<PhotoView, AppError> {
        let session = self.session()?;
        if command.base64.len() / 4 * 3 > MOST_BYTES {
            return Err(refused(words::PHOTO_TOO_LARGE));
        }
        // Decoding takes longer than a save should wait.
        let made = tokio::task::spawn_blocking(move || made_plain(&command.base64)).await;
        let bytes = made.map_err(|_| unreadable())??;
        let attachment = Attachment {
            sha256: hex::encode(Sha256::digest(&bytes)),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            media_type: "image/jpeg".to_owned(),
        };
        let kept = attachment.clone();
        session
            .save(move |store| {
                store.keep_attachment(&kept, &bytes)?;
                Ok::<_, AppError>(bytes)
            })
            .await
            .map(|bytes| PhotoView { attachment, base64: Some(STANDARD.encode(bytes)), come: None })
    }
}

fn hash(sha256: &str) -> Result<Digest, AppError> {
    sha256.parse().map_err(|_| not_found(words::PHOTO_UNKNOWN))
}

/// A photo as it is on this phone.
async fn view(session: &Session, sha256: Digest) -> Result<PhotoView, AppError> {
    let (found, come) = session
        .read(move |store| Ok::<_, AppError>((store.attachment(&sha256.0)?, store.fetched_to(&sha256)?)))
        .await?;
    let named = |bytes: usize, media_type: &str| Attachment {
        sha256: sha256.to_string(),
        bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
        media_type: media_type.to_owned(),
    };
    Ok(match found {
        Some((media_type, bytes)) => PhotoView {
            attachment: named(bytes.len(), &media_type),
            base64: Some(STANDARD.encode(bytes)),
            come: None,
        },
        None => PhotoView {
            attachment: named(0, "image/jpeg"),
            base64: None,
            come: session.photo_came(sha256).or((come > 0).then_some(0)),
        },
    })
}

/// The entry that names a photo; the log keeps that it was opened where it is somebody else's.
async fn log_opened(session: &Session, sha256: Digest) -> Result<(), AppError> {
    let named = session.read(move |store| Ok::<_, AppError>(store.photo_named(&sha256)?)).await?;
    let (entry_id, is_own) = named.ok_or_else(|| not_found(words::PHOTO_UNKNOWN))?;
    session.may_read_entry(entry_id).await?;
    if !is_own {
        let what = Some(Code::new("photo"));
        let record = LogRecord { entry_id: Some(entry_id), what, ..LogRecord::default() };
        session.log(Kind::Viewed, record).await?;
    }
    Ok(())
}

impl Handle<GetPhoto> for Device {
    async fn handle(&self, command: GetPhoto) -> Result<PhotoView, AppError> {
        let session = self.session()?;
        let sha256 = hash(&command.sha256)?;
        // One that only a draft names is its form's own.
        if session.read(move |store| Ok::<_, AppError>(store.photo_named(&sha256)?)).await?.is_some() {
            log_opened(&session, sha256).await?;
        }
        view(&session, sha256).await
    }
}

impl Handle<AskPhoto> for Device {
    async fn handle(&self, command: AskPhoto) -> Result<PhotoAsked, AppError> {
        let session = self.session()?;
        let sha256 = hash(&command.sha256)?;
        let line = self.line()?;
        let asked = photos::ask(session.owner(), &line, sha256);
        let said = |at_server, words| Ok(PhotoAsked { at_server, words });
        match tokio::time::timeout(ASK_WITHIN, asked).await {
            Ok(Ok(part)) if part.is_whole => {
                said(true, text!(photo_at_server, kilobytes = kilobytes(part.length)))
            }
            Ok(Ok(part)) => said(false, text!(photo_coming, percent = percent(part.has, part.length))),
            Ok(Err(error)) if error.code() == Some("attachment_unknown") => {
                said(false, words::PHOTO_NOT_THERE.to_owned())
            }
            Ok(Err(SyncError::Store(error))) => Err(error.into()),
            Ok(Err(_)) | Err(_) => said(false, words::PHOTO_NO_ANSWER.to_owned()),
        }
    }
}

impl Handle<FetchPhoto> for Device {
    async fn handle(&self, command: FetchPhoto) -> Result<PhotoView, AppError> {
        let session = self.session()?;
        let sha256 = hash(&command.sha256)?;
        log_opened(&session, sha256).await?;
        if session.read(move |store| Ok::<_, AppError>(store.attachment(&sha256.0)?)).await?.is_none() {
            let came = |has, bytes| {
                session.photo_comes(sha256, Some(percent(has, bytes)));
                self.changed();
            };
            let outcome = photos::fetch(session.owner(), &self.line()?, sha256, came).await;
            session.photo_comes(sha256, None);
            match outcome {
                Ok(Some(())) => {}
                Ok(None) => return Err(not_now(words::PHOTO_NOT_THERE)),
                Err(SyncError::Store(error)) => return Err(error.into()),
                Err(error) if error.code() == Some("attachment_unknown") => {
                    return Err(not_found(words::PHOTO_NOT_THERE));
                }
                Err(SyncError::NotOurs) => return Err(not_now(words::PHOTO_WRONG)),
                Err(_) => return Err(AppError::new(ErrorCode::Unreachable, words::PHOTO_CUT)),
            }
        }
        view(&session, sha256).await
    }
}

/// Length as a person reads it.
fn kilobytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1_000)).unwrap_or(u32::MAX)
}

fn refused(words: &str) -> AppError {
    AppError::new(ErrorCode::Invalid, words)
}

fn unreadable() -> AppError {
    refused(words::PHOTO_UNREADABLE)
}

/// The picture without anything but its pixels.
fn made_plain(base64: &str) -> Result<Vec<u8>, AppError> {
    let bytes = STANDARD.decode(base64).map_err(|_| unreadable())?;
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| unreadable())?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| unreadable())?;
    let upright = decoder.orientation().map_err(|_| unreadable())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| unreadable())?;
    picture.apply_orientation(upright);
    if picture.width().max(picture.height()) > LONGEST_SIDE {
        picture = picture.thumbnail(LONGEST_SIDE, LONGEST_SIDE);
    }
    let mut written = Vec::new();
    JpegEncoder::new_with_quality(&mut written, QUALITY)
        .encode_image(&picture.into_rgb8())
        .map_err(|_| unreadable())?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A JPEG of `width` x `height` that says where it was taken, as a phone writes it.
    fn with_position(width: u32, height: u32) -> Vec<u8> {
        let mut jpeg = Vec::new();
        let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 9]));
        JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&picture).unwrap();
        // APP1 with an EXIF block whose GPS directory says N 52 37 43 and E 1 18 7, orientation 6 (turn right).
        let mut exif: Vec<u8> = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            let mut bytes = Vec::new();
            bytes.extend(tag.to_be_bytes());
            bytes.extend(kind.to_be_bytes());
            bytes.extend(count.to_be_bytes());
            bytes.extend(value.to_be_bytes());
            bytes
        };
        exif.extend(2u16.to_be_bytes());
        exif.extend(entry(0x0112, 3, 1, 6 << 16));
        exif.extend(entry(0x8825, 4, 1, 38));
        exif.extend(0u32.to_be_bytes());
        exif.extend(1u16.to_be_bytes());
        exif.extend(entry(0x0001, 2, 2, u32::from_be_bytes(*b"N\0\0\0")));
        exif.extend(0u32.to_be_bytes());
        exif.extend(b"52.6287 1.3020 GPSMARK");
        let mut out = jpeg[..2].to_vec();
        out.extend([0xff, 0xe1]);
        out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        out.extend(&exif);
        out.extend(&jpeg[2..]);
        out
    }

    #[test]
    fn where_and_with_what_it_was_taken_does_not_go_along() {
        let original = with_position(64, 32);
        assert!(original.windows(7).any(|bytes| bytes == b"GPSMARK"), "the test picture holds a position");
        let plain = made_plain(&STANDARD.encode(&original)).unwrap();
        assert!(!plain.windows(4).any(|bytes| bytes == b"Exif"));
        assert!(!plain.windows(7).any(|bytes| bytes == b"GPSMARK"));
        let read = image::load_from_memory(&plain).unwrap();
        assert_eq!((read.width(), read.height()), (32, 64), "turned upright");
    }

    #[test]
    fn a_large_picture_is_made_smaller() {
        let plain = made_plain(&STANDARD.encode(with_position(2_400, 1_200))).unwrap();
        let read = image::load_from_memory(&plain).unwrap();
        assert_eq!(read.width().max(read.height()), LONGEST_SIDE);
    }

    #[test]
    fn a_file_that_is_no_picture_says_what_to_do() {
        let error = made_plain(&STANDARD.encode("%PDF-1.7")).unwrap_err();
        assert!(error.message.contains("JPEG or PNG"), "{}", error.message);
    }
}
