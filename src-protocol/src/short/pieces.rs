//! What does not compress, taken out of the text: ids, hashes and signatures travel as the bytes they are, times as
//! their distance from the time before. What is left is words, which the dictionary knows.
//!
//! Every token is a control character, which JSON text never holds, and stands for exactly one text: joining gives the
//! very bytes that were split, whatever they were.

use std::collections::HashMap;

use beatbook_domain::entry::Head;

use super::ShortError;

/// A UUID: 16 bytes.
const ID: u8 = 0x02;
/// 64 hex digits: 32 bytes.
const HASH: u8 = 0x03;
/// 128 hex digits: 64 bytes.
const SIGNATURE: u8 = 0x04;
/// A time in milliseconds, as its distance from the one before.
const TIME: u8 = 0x05;
/// `"seq":` one more than the one before.
const NEXT: u8 = 0x06;
/// Milliseconds since boot, as what they are away from where the last time puts them.
const SINCE_BOOT: u8 = 0x07;
/// A UUID of version 7: its time as a distance, then its last ten bytes.
const TIMED_ID: u8 = 0x08;
/// One of the texts taken out before: the next byte says which.
const AGAIN: u8 = 0x0b;
/// The byte of the first of them, and how many can be named.
const AGAIN_FROM: u8 = 0x20;
const AGAIN_MOST: usize = 0x5f;

/// Digits of a time: from 2001 to 2286.
const TIME_DIGITS: usize = 13;
/// Longer numbers are left as they stand.
const MOST_DIGITS: usize = 18;
/// A version 7 id whose time is further than this from the one before is taken as any id: a year.
const NEAR_MS: i64 = 366 * 24 * 60 * 60 * 1_000;

/// What distances are counted from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct From {
    time: i64,
    seq: i64,
    /// Time and milliseconds since boot of the head before.
    boot: (i64, i64),
}

impl From {
    /// From a revision both sides have; from nothing where its head is not read.
    pub(super) fn head(head: &[u8]) -> Self {
        let Ok(head) = Head::parse(head) else { return Self::default() };
        let seq = i64::try_from(head.seq).unwrap_or_default();
        let since_boot = i64::try_from(head.mono.ms).unwrap_or_default();
        Self { time: head.written_at.0, seq, boot: (head.written_at.0, since_boot) }
    }

    fn since_boot(&self) -> i64 {
        self.boot.1.wrapping_add(self.time.wrapping_sub(self.boot.0))
    }
}

fn put(bytes: &mut Vec<u8>, number: i64) {
    // Small distances either way become small numbers.
    let mut rest = (number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned();
    while rest >= 0x80 {
        bytes.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    bytes.push(rest.to_le_bytes()[0]);
}

fn take(bytes: &mut &[u8]) -> Result<i64, ShortError> {
    let mut whole = 0_u64;
    for place in 0..10 {
        let (byte, rest) = bytes.split_first().ok_or(ShortError::NotShort)?;
        *bytes = rest;
        whole |= u64::from(byte & 0x7f).wrapping_shl(7 * place);
        if byte & 0x80 == 0 {
            return Ok((whole >> 1).cast_signed() ^ -((whole & 1).cast_signed()));
        }
    }
    Err(ShortError::NotShort)
}

fn take_bytes<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], ShortError> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(ShortError::NotShort)?;
    *bytes = rest;
    Ok(taken)
}

/// What a byte is as a hex digit; 16 and more where it is none.
const DIGIT: [u8; 256] = {
    let mut digits = [16; 256];
    let mut value = 0;
    while value < 16 {
        digits[HEX[value as usize] as usize] = value;
        value += 1;
    }
    digits
};
const HEX: &[u8; 16] = b"0123456789abcdef";

/// Reads hex digits into `bytes`, half as many; false where one is none.
fn unhex(text: &[u8], bytes: &mut [u8]) -> bool {
    let mut wrong = 0;
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let (high, low) = (DIGIT[usize::from(pair[0])], DIGIT[usize::from(pair[1])]);
        wrong |= (high | low) & 0xf0;
        *byte = (high << 4) | low;
    }
    wrong == 0
}

fn hex(bytes: &[u8], text: &mut Vec<u8>) {
    for byte in bytes {
        text.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

const ID_TEXT: usize = 36;
/// The groups of digits of a UUID: where each begins in the text, and among the bytes.
const GROUPS: [(usize, usize); 5] = [(0, 0), (9, 4), (14, 6), (19, 8), (24, 10)];

fn id(text: &[u8]) -> Option<[u8; 16]> {
    let mut id = [0; 16];
    for (group, (at, byte)) in GROUPS.iter().enumerate() {
        let (ends, bytes) = GROUPS.get(group + 1).map_or((ID_TEXT, 16), |(at, byte)| (at - 1, *byte));
        let dashed = ends == ID_TEXT || text[ends] == b'-';
        if !dashed || !unhex(&text[*at..ends], &mut id[*byte..bytes]) {
            return None;
        }
    }
    Some(id)
}

fn id_text(bytes: &[u8], text: &mut Vec<u8>) {
    let mut from = 0;
    for to in [4, 6, 8, 10, 16] {
        if from > 0 {
            text.push(b'-');
        }
        hex(&bytes[from..to], text);
        from = to;
    }
}

/// The time in a UUID of version 7.
fn id_time(id: &[u8; 16]) -> Option<i64> {
    let time = id[..6].iter().fold(0, |time, byte| (time << 8) | i64::from(*byte));
    (id[6] >> 4 == 7).then_some(time)
}

/// Takes the pieces out: what is left of the text, and the pieces one after another.
pub(super) fn split(text: &[u8], mut from: From) -> (Vec<u8>, Vec<u8>) {
    let (mut left, mut pieces) = (Vec::with_capacity(text.len()), Vec::new());
    let mut seen: HashMap<&[u8], u8> = HashMap::new();
    let mut at = 0;
    // Whatever is taken out stands after one of two letters.
    while let Some(next) = memchr::memchr2(b'"', b':', &text[at..]) {
        left.extend_from_slice(&text[at..=at + next]);
        at += next + 1;
        let (byte, rest) = (text[at - 1], &text[at..]);
        match byte {
            b'"' => {
                let ends = |long: usize| matches!(rest.get(long), Some(b'"' | b'\\'));
                for long in [ID_TEXT, 64, 128] {
                    if !ends(long) {
                        continue;
                    }
                    let piece = &rest[..long];
                    if let Some(which) = seen.get(piece) {
                        left.extend([AGAIN, *which]);
                    } else if long == ID_TEXT {
                        let Some(id) = id(piece) else { continue };
                        match id_time(&id).map(|time| time.wrapping_sub(from.time)) {
                            Some(distance) if distance.abs() < NEAR_MS => {
                                left.push(TIMED_ID);
                                put(&mut pieces, distance);
                                pieces.extend(&id[6..]);
                            }
                            _ => {
                                left.push(ID);
                                pieces.extend(id);
                            }
                        }
                    } else {
                        let mut bytes = [0; 64];
                        if !unhex(piece, &mut bytes[..long / 2]) {
                            continue;
                        }
                        left.push(if long == 64 { HASH } else { SIGNATURE });
                        pieces.extend_from_slice(&bytes[..long / 2]);
                    }
                    let next = seen.len();
                    if next < AGAIN_MOST {
                        seen.entry(piece).or_insert(AGAIN_FROM + next.to_le_bytes()[0]);
                    }
                    at += long;
                    break;
                }
            }
            b':' => {
                let long = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let canonical = long == 1 || (long > 1 && long <= MOST_DIGITS && rest[0] != b'0');
                let number = std::str::from_utf8(&rest[..long]).ok().and_then(|digits| digits.parse().ok());
                let Some(number): Option<i64> = number.filter(|_| canonical) else { continue };
                if left.ends_with(b"\"seq\":") {
                    let is_next = number == from.seq.wrapping_add(1);
                    from.seq = number;
                    if !is_next {
                        continue;
                    }
                    left.push(NEXT);
                } else if left.ends_with(b",\"ms\":") {
                    left.push(SINCE_BOOT);
                    put(&mut pieces, number.wrapping_sub(from.since_boot()));
                    from.boot = (from.time, number);
                } else if long == TIME_DIGITS {
                    left.push(TIME);
                    put(&mut pieces, number.wrapping_sub(from.time));
                    from.time = number;
                } else {
                    continue;
                }
                at += long;
            }
            _ => {}
        }
    }
    left.extend_from_slice(&text[at..]);
    (left, pieces)
}

/// Puts the pieces back.
pub(super) fn join(
    left: &[u8],
    mut pieces: &[u8],
    mut from: From,
    limit: usize,
) -> Result<Vec<u8>, ShortError> {
    let mut text = Vec::with_capacity(left.len() + 2 * pieces.len());
    let mut seen: Vec<Vec<u8>> = Vec::new();
    let mut rest = left;
    while let Some((first, after)) = rest.split_first() {
        let byte = *first;
        rest = after;
        let begins = text.len();
        match byte {
            ID => id_text(take_bytes(&mut pieces, 16)?, &mut text),
            TIMED_ID => {
                let time = from.time.wrapping_add(take(&mut pieces)?).to_be_bytes();
                let id: Vec<u8> = time[2..].iter().chain(take_bytes(&mut pieces, 10)?).copied().collect();
                id_text(&id, &mut text);
            }
            HASH => hex(take_bytes(&mut pieces, 32)?, &mut text),
            SIGNATURE => hex(take_bytes(&mut pieces, 64)?, &mut text),
            AGAIN => {
                let (which, after) = rest.split_first().ok_or(ShortError::NotShort)?;
                rest = after;
                let which = which.checked_sub(AGAIN_FROM).and_then(|which| seen.get(usize::from(which)));
                text.extend_from_slice(which.ok_or(ShortError::NotShort)?);
            }
            TIME => {
                from.time = from.time.wrapping_add(take(&mut pieces)?);
                text.extend(from.time.to_string().into_bytes());
            }
            SINCE_BOOT => {
                let number = from.since_boot().wrapping_add(take(&mut pieces)?);
                from.boot = (from.time, number);
                text.extend(number.to_string().into_bytes());
            }
            NEXT => {
                from.seq = from.seq.wrapping_add(1);
                text.extend(from.seq.to_string().into_bytes());
            }
            b':' => {
                text.push(byte);
                if text.ends_with(b"\"seq\":") {
                    // A place that is not the next one is said in digits.
                    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).take(MOST_DIGITS + 1);
                    let digits: String = digits.copied().map(char::from).collect();
                    let canonical =
                        digits.len() <= MOST_DIGITS && (digits.len() == 1 || !digits.starts_with('0'));
                    if let Some(number) = digits.parse().ok().filter(|_| canonical) {
                        from.seq = number;
                    }
                }
            }
            _ => {
                text.push(byte);
                let plain = rest.iter().position(|byte| *byte < b' ' || *byte == b':').unwrap_or(rest.len());
                text.extend_from_slice(&rest[..plain]);
                rest = &rest[plain..];
            }
        }
        if matches!(byte, ID | TIMED_ID | HASH | SIGNATURE) && seen.len() < AGAIN_MOST {
            seen.push(text[begins..].to_vec());
        }
        if text.len() > limit {
            return Err(ShortError::TooLarge);
        }
    }
    // Bytes that nothing asks for are nobody's.
    if pieces.is_empty() { Ok(text) } else { Err(ShortError::NotShort) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const FROM: From = From { time: 1_795_000_000_000, seq: 7, boot: (1_795_000_000_000, 50_000) };

    #[test]
    fn whatever_is_split_comes_back() {
        let (id, timed) = ("0f0e0d0c-0b0a-4908-8706-050403020100", "01a1f2a5-d600-7abc-8def-0123456789ab");
        let (hash, signature) = ("ab".repeat(32), "0f".repeat(64));
        let head = |seq: u64, ms: u64| {
            format!(
                r#"{{"seq":{seq},"entry_id":"{timed}","at":{},"mono":{{"boot_id":"{id}","ms":{ms}}},"link":"{hash}"}}"#,
                1_795_000_060_000_u64 + ms
            )
        };
        for text in [
            head(8, 110_000),
            format!("[{},{},{}]", head(8, 110_000), head(9, 110_001), head(4, 9)),
            format!(r#"{{"manifest":"{{\"after\":\"{hash}\"}}","signature":"{signature}","other":"{id}"}}"#),
            r#"{"seq":08,"a":0123456789012,"ms":,"b":"zz","c":"","d":99999999999999999999,"e":-1795000000000}"#.into(),
            r#"{"offset":{"ms":12},"x":{"seq":9,"seq":10,"seq":999999999999999999999},"u":"0F0E0D0C-0B0A-4908-8706-050403020100"}"#.into(),
            "\"".repeat(200),
            ":".repeat(200) + "1795000000000",
        ] {
            let (left, pieces) = split(text.as_bytes(), FROM);
            let back = join(&left, &pieces, FROM, 1 << 20).unwrap();
            assert_eq!(String::from_utf8(back).unwrap(), text);
        }
        let one = head(8, 110_000);
        let (left, pieces) = split(one.as_bytes(), FROM);
        assert!(3 * (left.len() + pieces.len()) < 2 * one.len(), "{} and {}", left.len(), pieces.len());
    }

    #[test]
    fn an_id_is_said_once_and_named_afterwards() {
        let hash = "cd".repeat(32);
        let (_, pieces) = split(format!(r#"["{hash}","{hash}","{hash}"]"#).as_bytes(), FROM);
        assert_eq!(pieces.len(), 32);
    }

    #[test]
    fn pieces_that_are_missing_left_over_or_too_many_are_no_text() {
        let text = format!(r#"{{"a":"{}"}}"#, "cd".repeat(32));
        let (left, pieces) = split(text.as_bytes(), FROM);
        assert!(join(&left, &pieces[1..], FROM, 999).is_err());
        assert!(join(&left, &[pieces.clone(), vec![0]].concat(), FROM, 999).is_err());
        assert!(matches!(join(&left, &pieces, FROM, 20), Err(ShortError::TooLarge)));
        assert!(join(&[AGAIN, AGAIN_FROM], &[], FROM, 99).is_err());
        assert!(join(&[TIME], &[0xff; 12], FROM, 99).is_err());
    }
}
