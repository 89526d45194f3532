//! Photos of things: decoded, turned upright, made smaller and written anew, so that nothing of where, when and with which
//! camera goes along.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beatbook_domain::entry::Attachment;
use beatbook_protocol::ipc::{AppError, ErrorCode, GetPhoto, KeepPhoto, PhotoView};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};
use sha2::{Digest as _, Sha256};

use super::error::not_found;
use super::{Device, Handle};
use crate::words;

/// The largest file that is taken, bytes.
const MOST_BYTES: usize = 20 * 1024 * 1024;
/// The longest side as kept, pixels: a lamp post's number can be read, a face across the street cannot.
const LONGEST_SIDE: u32 = 1_600;
/// Quality as written, percent.
const QUALITY: u8 = 80;
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
            .map(|bytes| PhotoView { attachment, base64: Some(STANDARD.encode(bytes)) })
    }
}

impl Handle<GetPhoto> for Device {
    async fn handle(&self, command: GetPhoto) -> Result<PhotoView, AppError> {
        let session = self.session()?;
        let mut hash = [0; 32];
        hex::decode_to_slice(&command.sha256, &mut hash).map_err(|_| not_found(words::PHOTO_UNKNOWN))?;
        let found = session.read(move |store| Ok::<_, AppError>(store.attachment(&hash)?)).await?;
        let (media_type, bytes) = match found {
            Some((media_type, bytes)) => (media_type, Some(bytes)),
            None => ("image/jpeg".to_owned(), None),
        };
        let length = bytes.as_ref().map_or(0, Vec::len);
        Ok(PhotoView {
            attachment: Attachment {
                sha256: command.sha256,
                bytes: u64::try_from(length).unwrap_or(u64::MAX),
                media_type,
            },
            base64: bytes.map(|bytes| STANDARD.encode(bytes)),
        })
    }
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
