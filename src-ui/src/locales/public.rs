//! The public page in the languages people on the street read. Loaded from locales/LANGUAGE/public.ftl when the page
//! opens; what a translation lacks is shown in English.

use beatbook_words::{Formatter, Value};

/// A language of the public page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Polish.
    Polish,
    /// Lithuanian.
    Lithuanian,
    /// Portuguese.
    Portuguese,
}

impl Language {
    /// In the order of the page.
    pub const ALL: [Self; 4] = [Self::English, Self::Polish, Self::Lithuanian, Self::Portuguese];

    /// The tag for `lang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
            Self::Lithuanian => "lt",
            Self::Portuguese => "pt",
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../locales/en/public.ftl"),
            Self::Polish => include_str!("../../../locales/pl/public.ftl"),
            Self::Lithuanian => include_str!("../../../locales/lt/public.ftl"),
            Self::Portuguese => include_str!("../../../locales/pt/public.ftl"),
        }
    }
}

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident $id:literal,)*) => {
        /// A line of the page that takes no arguments.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Line {
            $($(#[$doc])* $name,)*
        }

        impl Line {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];

            const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }
        }
    };
}

lines! {
    /// What the language calls itself.
    Name "name",
    /// The name of the choice of languages.
    Languages "languages",
    /// The title.
    Heading "heading",
    /// What StreetSafe is.
    Text "text",
    /// What it is not for.
    NotFor "not-for",
    /// The heading over the four ways to help.
    Stop "stop",
    /// S.
    Say "stop-say",
    /// How.
    SayHow "stop-say-how",
    /// T.
    Tell "stop-tell",
    /// How.
    TellHow "stop-tell-how",
    /// O.
    Offer "stop-offer",
    /// How.
    OfferHow "stop-offer-how",
    /// P.
    Divert "stop-divert",
    /// How.
    DivertHow "stop-divert-how",
    /// When not to.
    StopSafe "stop-safe",
    /// What 999 is for.
    Emergency "emergency",
    /// What 101 is for.
    NotEmergency "not-emergency",
    /// The keys of a silent call.
    Silent "silent",
    /// What it is for.
    SilentWhy "silent-why",
}

/// The page in one language.
pub struct Page {
    words: Option<Formatter>,
    english: Option<Formatter>,
}

impl Page {
    /// Reads the page in `language`.
    #[must_use]
    pub fn open(language: Language) -> Self {
        let read = |language: Language| Formatter::new(language.tag(), language.source()).ok();
        Self { words: read(language), english: read(Language::English) }
    }

    /// One line.
    #[must_use]
    pub fn line(&self, line: Line) -> String {
        self.text(line.id(), &[])
    }

    /// The name of the QR code that opens `address`.
    #[must_use]
    pub fn qr(&self, address: &str) -> String {
        self.text("qr", &[("address", Value::from(address))])
    }

    fn text(&self, id: &str, arguments: &[(&'static str, Value<'_>)]) -> String {
        [&self.words, &self.english]
            .into_iter()
            .flatten()
            .find_map(|words| words.text(id, arguments.to_vec()).ok())
            .unwrap_or_else(|| id.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_there_in_every_language() {
        for language in Language::ALL {
            let words = Formatter::new(language.tag(), language.source()).unwrap();
            for line in Line::ALL {
                let text = words.text(line.id(), vec![]);
                assert!(text.is_ok_and(|text| !text.trim().is_empty()), "{language:?} lacks {}", line.id());
            }
            let qr = words.text("qr", vec![("address", Value::from("police.uk/streetsafe"))]).unwrap();
            assert!(qr.ends_with("police.uk/streetsafe"), "{qr}");
        }
    }

    #[test]
    fn no_translation_is_a_copy_of_the_english_page() {
        let english = Page::open(Language::English);
        for language in [Language::Polish, Language::Lithuanian, Language::Portuguese] {
            let page = Page::open(language);
            for line in Line::ALL {
                assert_ne!(page.line(*line), english.line(*line), "{language:?} {}", line.id());
            }
        }
    }

    #[test]
    fn what_a_translation_lacks_is_shown_in_english() {
        let page = Page {
            words: Formatter::new("pl", "heading = Powiedz nam\n").ok(),
            english: Formatter::new("en", Language::English.source()).ok(),
        };
        assert_eq!(page.line(Line::Heading), "Powiedz nam");
        assert_eq!(page.line(Line::NotEmergency), "Not an emergency");
        assert_eq!(page.qr("police.uk/streetsafe"), "QR code for police.uk/streetsafe");
    }

    #[test]
    fn every_language_says_that_help_is_only_where_it_is_safe_and_what_to_call() {
        for language in Language::ALL {
            assert!(Page::open(language).line(Line::StopSafe).contains("999"), "{language:?}");
        }
    }
}
