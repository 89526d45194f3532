//! The icon set: one hand, a 24 grid, 2 px lines, no fills, no emoji.
//!
//! Icons never stand alone for a meaning: a word is always beside them or in the control's label, so the drawing
//! itself is hidden from assistive technology.

use leptos::prelude::*;

/// How large an icon is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IconSize {
    /// 18 px: beside meta text and in states.
    Small,
    /// 24 px: in rows, buttons and the dock.
    #[default]
    Normal,
    /// 32 px: in the big actions.
    Large,
}

macro_rules! glyphs {
    ($($(#[$doc:meta])* $name:ident $key:literal = $markup:literal,)*) => {
        /// One drawing of the set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Glyph {
            $($(#[$doc])* $name,)*
        }

        impl Glyph {
            /// The shapes inside the 24 by 24 view box.
            #[must_use]
            pub const fn markup(self) -> &'static str {
                match self {
                    $(Self::$name => $markup,)*
                }
            }

            /// The drawing a code list names; a name of a later set has none here.
            #[must_use]
            pub fn named(key: &str) -> Option<Self> {
                match key {
                    $($key => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

glyphs! {
    /// Needs you.
    Alert "alert" = r#"<path d="M12 3.8 2.5 20h19L12 3.8ZM12 10v4.5M12 17.3v.1"/>"#,
    /// Returned.
    Back "back" = r#"<path d="M8.5 5.5 4 10l4.5 4.5M4 10h10.5a5 5 0 0 1 0 10H10"/>"#,
    /// Statute book.
    Book "book" = r#"<path d="M12 6.5C10 5 7.3 4.5 3.5 4.5v13.5c3.8 0 6.5.5 8.5 2 2-1.5 4.7-2 8.5-2V4.5c-3.8 0-6.5.5-8.5 2ZM12 6.5V20"/>"#,
    /// Stock.
    Box "box" = r#"<path d="M4 8v11a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 19V8M2.5 4h19v4h-19V4ZM9.5 12h5"/>"#,
    /// Bus.
    Bus "bus" = r#"<rect x="4" y="4" width="16" height="13.5" rx="2.5"/><path d="M4 11.5h16M8 14.5h.1M16 14.5h.1M7 17.5v2.5M17 17.5v2.5"/>"#,
    /// Car.
    Car "car" = r#"<path d="M3.5 17.5v-4l2-1.5 1.7-4.5h9.6L18.5 12l2 1.5v4H3.5ZM5.5 12h13M5.5 17.5v2M18.5 17.5v2M7.5 14.8h.1M16.5 14.8h.1"/>"#,
    /// Cards.
    Cards "cards" = r#"<rect x="3" y="9" width="14" height="10.5" rx="2"/><path d="M7 9V7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2h-2M6.5 13.5h5"/>"#,
    /// Cctv.
    Cctv "cctv" = r#"<path d="m3 8.5 13-4 2 6.5-13 4-2-6.5ZM18 8.2l2.5-.7M9 13.7 7.5 18H3.5M3.5 15.5v5"/>"#,
    /// Figures.
    Chart "chart" = r#"<path d="M3.5 20.5h17M6.5 20.5v-7M12 20.5V4.5M17.5 20.5v-11"/>"#,
    /// Paper.
    Print "print" = r#"<path d="M7 8.5v-5h10v5M7 17H4.5A1.5 1.5 0 0 1 3 15.5V10a1.5 1.5 0 0 1 1.5-1.5h15A1.5 1.5 0 0 1 21 10v5.5a1.5 1.5 0 0 1-1.5 1.5H17M7 14h10v6.5H7V14Z"/>"#,
    /// Chat.
    Chat "chat" = r#"<path d="M20.5 11.7a7.8 7.8 0 0 1-11.3 7L4 20.3l1.5-4.7a7.8 7.8 0 1 1 15-3.9Z"/>"#,
    /// Chatoff.
    ChatOff "chatoff" = r#"<path d="M20.5 11.7a7.8 7.8 0 0 1-11.3 7L4 20.3l1.5-4.7a7.8 7.8 0 1 1 15-3.9ZM9.5 9.2l6 6M15.5 9.2l-6 6"/>"#,
    /// Check.
    Check "check" = r#"<path d="m5 12.5 4.5 4.5L19 7"/>"#,
    /// Waiting.
    Clock "clock" = r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.2 2"/>"#,
    /// Close.
    Close "close" = r#"<path d="M6 6l12 12M18 6 6 18"/>"#,
    /// Cover.
    Cover "cover" = r#"<path d="m4 4 16 16M10 5.2c.65-.13 1.3-.2 2-.2 4.7 0 8.2 3.5 9.5 7a13 13 0 0 1-2.7 4M6.3 7.3A12.5 12.5 0 0 0 2.5 12c1.3 3.5 4.8 7 9.5 7 1.6 0 3.1-.4 4.4-1.1M10 10a2.8 2.8 0 0 0 4 4"/>"#,
    /// Crew.
    Crew "crew" = r#"<circle cx="8" cy="8.5" r="3"/><circle cx="16.5" cy="8.5" r="3"/><path d="M2.5 19c.3-3.5 2.3-5.5 5.5-5.5 1.8 0 3.2.6 4.2 1.8M12 19c.3-3.5 1.7-5.5 4.5-5.5s4.7 2 5 5.5"/>"#,
    /// Del.
    Delete "del" = r#"<path d="M8.5 5H20a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 20 19H8.5L2.5 12l6-7ZM11.5 9.5l5 5M16.5 9.5l-5 5"/>"#,
    /// Down.
    Down "down" = r#"<path d="m5 9 7 7 7-7"/>"#,
    /// Export.
    Export "export" = r#"<path d="M12 3.5v11M8 10.5l4 4 4-4M4.5 16v3a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5v-3"/>"#,
    /// Eye.
    Eye "eye" = r#"<path d="M2.5 12C3.8 8.5 7.3 5 12 5s8.2 3.5 9.5 7c-1.3 3.5-4.8 7-9.5 7s-8.2-3.5-9.5-7Z"/><circle cx="12" cy="12" r="2.8"/>"#,
    /// Finger.
    Finger "finger" = r#"<path d="M4.5 10.5a7.6 7.6 0 0 1 15 1.7c0 2.3-.3 4.3-.8 6.3M4.3 14.5v-.5M8.3 20c.8-2.5 1.1-5 1.1-7.7a2.6 2.6 0 0 1 5.2 0c0 3.2-.4 6-1.3 8.7"/>"#,
    /// Position fix.
    Fix "fix" = r#"<circle cx="12" cy="12" r="6.5"/><path d="M12 2.5v4M12 17.5v4M2.5 12h4M17.5 12h4"/><circle cx="12" cy="12" r="1" fill="currentColor"/>"#,
    /// Concern.
    Flag "flag" = r#"<path d="M5.5 21.5V3.5M5.5 4.5c4.2-2 7.3 2 13 0v9c-5.7 2-8.8-2-13 0"/>"#,
    /// Glass.
    Glass "glass" = r#"<path d="M6 3.5h12l-2 17H8l-2-17ZM6.7 9h10.6M14.5 3.5 16 1.5"/>"#,
    /// Group.
    Group "group" = r#"<circle cx="9" cy="8" r="3.3"/><path d="M2.8 19.5c.3-3.6 2.8-5.7 6.2-5.7s5.9 2.1 6.2 5.7M15.5 5a3.2 3.2 0 0 1 0 6M17.8 14.3c2 .8 3.2 2.6 3.4 5.2"/>"#,
    /// Handset.
    Handset "handset" = r#"<path d="M5 4h3.5l1.7 4.3-2.2 1.5a12 12 0 0 0 6.2 6.2l1.5-2.2L20 15.5V19a1.8 1.8 0 0 1-2 1.8C10.5 20.2 3.8 13.5 3.2 6A1.8 1.8 0 0 1 5 4Z"/>"#,
    /// Heart.
    Heart "heart" = r#"<path d="M12 20S3.5 15.2 3.5 9.2A4.6 4.6 0 0 1 12 6.8a4.6 4.6 0 0 1 8.5 2.4C20.5 15.2 12 20 12 20Z"/>"#,
    /// Press and hold.
    Hold "hold" = r#"<path d="M9 12.5V6a1.6 1.6 0 0 1 3.2 0v5l4.6 1.2A3 3 0 0 1 19 15.1c0 3.6-2.2 6.4-5.6 6.4-2.6 0-4-1.2-5.2-3.2L5.6 14c-.9-1.5 1-3 2.2-1.7L9 13.6M6.5 8a4.5 4.5 0 1 1 8.3-.5"/>"#,
    /// Info.
    Info "info" = r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.7v.1"/>"#,
    /// Key.
    Key "key" = r#"<circle cx="8" cy="12" r="4.5"/><path d="M12.5 12H21.5M18 12v4"/>"#,
    /// Lamp.
    Lamp "lamp" = r#"<path d="M7 21.5V7.5a3.5 3.5 0 0 1 3.5-3.5H13M4.5 21.5h5M12.5 8c0-2.5 1.5-4 3.8-4s3.7 1.5 3.7 4h-7.5ZM14 11.5l-.5 2M18.5 11.5l.5 2"/>"#,
    /// Lang.
    Lang "lang" = r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c2.5 2.7 3.7 5.7 3.7 9s-1.2 6.3-3.7 9c-2.5-2.7-3.7-5.7-3.7-9S9.5 5.7 12 3Z"/>"#,
    /// Left.
    Left "left" = r#"<path d="m15 5-7 7 7 7"/>"#,
    /// Link.
    Link "link" = r#"<path d="M10 14a4.5 4.5 0 0 0 6.5 0l3-3A4.6 4.6 0 0 0 13 4.5l-1.5 1.5M14 10a4.5 4.5 0 0 0-6.5 0l-3 3A4.6 4.6 0 0 0 11 19.5l1.5-1.5"/>"#,
    /// List.
    List "list" = r#"<path d="M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4 6.5h.1M4 12h.1M4 17.5h.1"/>"#,
    /// Lock.
    Lock "lock" = r#"<rect x="4.5" y="10.5" width="15" height="10.5" rx="2.5"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5"/>"#,
    /// Map.
    Map "map" = r#"<path d="m9 4.5-5.5 2v13l5.5-2 6 2.5 5.5-2v-13l-5.5 2L9 4.5Z"/><path d="M9 4.5v13M15 7v13"/>"#,
    /// Mic.
    Mic "mic" = r#"<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>"#,
    /// Minus.
    Minus "minus" = r#"<path d="M5 12h14"/>"#,
    /// More.
    More "more" = r#"<path d="M4 7h16M4 12h16M4 17h9"/>"#,
    /// No signal.
    NoSignal "nosignal" = r#"<path d="m3.5 3.5 17 17M5 12.5a10 10 0 0 1 4.5-2.6M19 12.5a10 10 0 0 0-5-2.7M2 9a14.5 14.5 0 0 1 5-3.2M22 9A14.5 14.5 0 0 0 10.5 5M8.5 16a5 5 0 0 1 6.5-.4M12 20v.1"/>"#,
    /// Notebook.
    Notebook "notebook" = r#"<rect x="5" y="3" width="14" height="18" rx="2.5"/><path d="M9.5 3v18M13 8.5h2.5M13 12.5h2.5"/>"#,
    /// Received.
    Ok "ok" = r#"<circle cx="12" cy="12" r="9"/><path d="m7.8 12.3 2.9 2.9 5.5-6"/>"#,
    /// Outbox.
    Outbox "outbox" = r#"<path d="M4 14v4a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-4M12 15V4M7.5 8.5 12 4l4.5 4.5"/>"#,
    /// Pause.
    Pause "pause" = r#"<path d="M8.5 5v14M15.5 5v14"/>"#,
    /// Pencil.
    Pencil "pencil" = r#"<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19 4 20ZM14 6.5 17.5 10"/>"#,
    /// Person.
    Person "person" = r#"<circle cx="12" cy="7.5" r="3.7"/><path d="M4.8 20.5c.4-4.2 3.3-6.7 7.2-6.7s6.8 2.5 7.2 6.7"/>"#,
    /// Phone.
    Phone "phone" = r#"<rect x="6" y="2.5" width="12" height="19" rx="2.8"/><path d="M11 18h2"/>"#,
    /// Saved on this phone.
    PhoneOk "phoneok" = r#"<rect x="6" y="2.5" width="12" height="19" rx="2.8"/><path d="m9 12 2.2 2.2 3.8-4.2"/>"#,
    /// Photo.
    Photo "photo" = r#"<rect x="3" y="6.5" width="18" height="13" rx="2.5"/><path d="M8.5 6.5 10 4h4l1.5 2.5"/><circle cx="12" cy="13" r="3.3"/>"#,
    /// Pin.
    Pin "pin" = r#"<path d="M12 21.5s7-6.2 7-11.4a7 7 0 0 0-14 0c0 5.2 7 11.4 7 11.4Z"/><circle cx="12" cy="10" r="2.5"/>"#,
    /// Pinalert.
    PinAlert "pinalert" = r#"<path d="M12 21.5s7-6.2 7-11.4a7 7 0 0 0-14 0c0 5.2 7 11.4 7 11.4ZM12 6.7v4M12 13.5v.1"/>"#,
    /// Play.
    Play "play" = r#"<path d="M7.5 4.5v15l12-7.5-12-7.5Z"/>"#,
    /// Plus.
    Plus "plus" = r#"<path d="M12 5v14M5 12h14"/>"#,
    /// Quote.
    Quote "quote" = r#"<path d="M10 7.5H5.5A1.5 1.5 0 0 0 4 9v4.5h6v-6Zm0 6c0 2.5-1.2 4-3.5 4.5M20 7.5h-4.5A1.5 1.5 0 0 0 14 9v4.5h6v-6Zm0 6c0 2.5-1.2 4-3.5 4.5"/>"#,
    /// Receipt.
    Receipt "receipt" = r#"<path d="M5.5 3v18l2.2-1.5L10 21l2-1.5 2 1.5 2.3-1.5 2.2 1.5V3H5.5ZM9 8h6M9 12h6"/>"#,
    /// Repeat.
    Repeat "repeat" = r#"<path d="M4.5 11a7.5 7.5 0 0 1 13.3-4L20 9.5M20 4.5v5h-5M19.5 13a7.5 7.5 0 0 1-13.3 4L4 14.5M4 19.5v-5h5"/>"#,
    /// Review.
    Review "review" = r#"<rect x="5" y="4.5" width="14" height="16.5" rx="2.5"/><path d="M9 4.5V3h6v1.5M8.8 13l2.3 2.3 4.2-4.6"/>"#,
    /// Right.
    Right "right" = r#"<path d="m9 5 7 7-7 7"/>"#,
    /// Sending.
    Sending "sending" = r#"<path d="M16.5 4.2a9 9 0 1 1-9 0M12 14V3M8.5 6.5 12 3l3.5 3.5"/>"#,
    /// Signal.
    Signal "signal" = r#"<path d="M5 12.5a10 10 0 0 1 14 0M2 9a14.5 14.5 0 0 1 20 0M8.5 16a5 5 0 0 1 7 0M12 20v.1"/>"#,
    /// Stall.
    Stall "stall" = r#"<path d="M5 21V10M19 21V10M3 10h18L18.5 4h-13L3 10ZM5 15.5h14"/>"#,
    /// Stop.
    Stop "stop" = r#"<rect x="5.5" y="5.5" width="13" height="13" rx="2"/>"#,
    /// Stopsign.
    StopSign "stopsign" = r#"<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3L8.3 3ZM8 12h8"/>"#,
    /// Sun.
    Sun "sun" = r#"<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"/>"#,
    /// Support.
    Support "support" = r#"<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="3.5"/><path d="m5.7 5.7 3.8 3.8M14.5 14.5l3.8 3.8M18.3 5.7l-3.8 3.8M9.5 14.5l-3.8 3.8"/>"#,
    /// Swap.
    Swap "swap" = r#"<path d="M4 8.5h15M15.5 5 19 8.5 15.5 12M20 15.5H5M8.5 12 5 15.5 8.5 19"/>"#,
    /// Tag.
    Tag "tag" = r#"<path d="M12.5 3.5H20.5V11.5L11.5 20.5 3.5 12.5l9-9ZM16.5 7.5h.1"/>"#,
    /// Taxi.
    Taxi "taxi" = r#"<path d="M3.5 17.5v-4l2-1.5 1.7-4h9.6l1.7 4 2 1.5v4H3.5ZM9.5 8V5h5v3M5.5 12h13M5.5 17.5v2M18.5 17.5v2"/>"#,
    /// Team.
    Team "team" = r#"<circle cx="12" cy="8" r="3.2"/><path d="M6.5 20c.3-3.7 2.4-5.7 5.5-5.7s5.2 2 5.5 5.7M5.8 6.2a2.6 2.6 0 0 0 0 4.8M2 17.5c.2-2 1-3.3 2.3-4M18.2 6.2a2.6 2.6 0 0 1 0 4.8M22 17.5c-.2-2-1-3.3-2.3-4"/>"#,
    /// Tray.
    Tray "tray" = r#"<path d="M3.5 13.5 6 5h12l2.5 8.5V19a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-5.5ZM3.5 13.5H9c0 1.7 1.3 3 3 3s3-1.3 3-3h5.5"/>"#,
    /// Sent.
    Up "up" = r#"<circle cx="12" cy="12" r="9"/><path d="M12 16.3V8M8.3 11.5 12 7.8l3.7 3.7"/>"#,
    /// Venue.
    Venue "venue" = r#"<path d="M4 10.5V20h16v-9.5M3 7.5 5 4h14l2 3.5c0 1.7-1.3 3-3 3s-3-1.3-3-3c0 1.7-1.3 3-3 3s-3-1.3-3-3c0 1.7-1.3 3-3 3s-3-1.3-3-3ZM10 20v-5h4v5"/>"#,
    /// Verification.
    Verify "verify" = r#"<path d="m12 2.8 2.4 1.8 3-.1.8 2.9 2.5 1.7-1 2.9 1 2.9-2.5 1.7-.8 2.9-3-.1L12 21.2l-2.4-1.8-3 .1-.8-2.9-2.5-1.7 1-2.9-1-2.9 2.5-1.7.8-2.9 3 .1L12 2.8ZM8.8 12l2.3 2.3 4.2-4.6"/>"#,
    /// Partner agency.
    Vest "vest" = r#"<path d="M8.5 3 5 4.5V20.5h5.5M8.5 3c.3 2.6 1.5 4.3 3.5 6 2-1.7 3.2-3.4 3.5-6L19 4.5V20.5h-5.5M12 9v11.5M5 14h14M10.5 20.5h3"/>"#,
    /// Walk.
    Walk "walk" = r#"<circle cx="13" cy="4.3" r="1.8"/><path d="M10.5 21.5 12.3 16 10 12.7l1.2-5 3.3 2.8h3M7.2 12l1-3.3 3-1M12.3 16l1.2-2 2.5 3 .7 4.5"/>"#,
}

/// Draws one icon.
#[component]
pub fn Icon(
    /// Which drawing.
    glyph: Glyph,
    /// How large.
    #[prop(optional)]
    size: IconSize,
    /// A further class, where the parent's style asks for one (`on`, `off`, `mark`, `turn`).
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = match (size, class) {
        (IconSize::Small, "") => "i i-s".to_owned(),
        (IconSize::Normal, "") => "i".to_owned(),
        (IconSize::Large, "") => "i i-l".to_owned(),
        (IconSize::Small, more) => format!("i i-s {more}"),
        (IconSize::Normal, more) => format!("i {more}"),
        (IconSize::Large, more) => format!("i i-l {more}"),
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true" focusable="false" inner_html=glyph.markup()></svg>
    }
}

/// The Beatbook mark: a notebook with a chequer on its page.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 32 32"
            fill="none"
            stroke="currentColor"
            stroke-width="2.4"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
            inner_html=r#"<rect x="5" y="3" width="22" height="26" rx="4"/><path d="M11 3v26"/><g fill="currentColor" stroke="none"><rect x="14" y="10" width="3.5" height="3.5"/><rect x="21" y="10" width="3.5" height="3.5"/><rect x="17.5" y="13.5" width="3.5" height="3.5"/></g>"#
        ></svg>
    }
}
