//! A person described, never named: the 10-point description, and ethnicity as seen and as stated, kept apart.

use serde::{Deserialize, Serialize};

use crate::code_list::CodeRef;
use crate::id::Code;

macro_rules! description {
    ($($(#[$doc:meta])* $field:ident),+ $(,)?) => {
        /// The 10-point description, in the order officers learn it. Every point may stay open.
        #[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(default)]
        pub struct Description {
            $($(#[$doc])* #[serde(skip_serializing_if = "String::is_empty")] pub $field: String,)+
        }

        impl Description {
            /// Names of the points, in order.
            pub const POINTS: &'static [&'static str] = &[$(stringify!($field)),+];

            /// A point by its name.
            pub fn point(&self, name: &str) -> Option<&str> {
                match name { $(stringify!($field) => Some(&self.$field),)+ _ => None }
            }

            /// A point by its name, to write.
            pub fn point_mut(&mut self, name: &str) -> Option<&mut String> {
                match name { $(stringify!($field) => Some(&mut self.$field),)+ _ => None }
            }
        }
    };
}

description! {
    /// Skin colour.
    skin,
    /// Sex.
    sex,
    /// Age, as estimated.
    age,
    /// Height.
    height,
    /// Build.
    build,
    /// Hair.
    hair,
    /// Complexion.
    complexion,
    /// Distinguishing features.
    features,
    /// Clothing.
    clothing,
    /// Carrying.
    carrying,
}

impl Description {
    /// Whether nothing is described.
    pub fn is_empty(&self) -> bool {
        Self::POINTS.iter().all(|name| self.point(name).is_none_or(|text| text.trim().is_empty()))
    }

    /// The same with blanks at the ends cut off.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let mut out = self.clone();
        for name in Self::POINTS {
            if let Some(text) = out.point_mut(name) {
                *text = text.trim().to_owned();
            }
        }
        out
    }
}

/// A person described.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonDescribed {
    /// Categories of data subject (DPA 2018 s.38(3)); one person may hold several.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub subject: Vec<CodeRef>,
    /// 10-point description.
    #[serde(skip_serializing_if = "Description::is_empty", default)]
    pub description: Description,
    /// Officer-defined appearance (list `ic_code`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub officer_defined: Option<CodeRef>,
    /// Self-defined ethnicity (list `sde_18_1`): asked and stated, never inferred.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub self_defined: Option<CodeRef>,
    /// Why it was not stated (list `sde_not_stated`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_stated: Option<CodeRef>,
}

/// A person as the form holds them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DraftPerson {
    /// Categories of data subject.
    pub subject: Vec<Code>,
    /// 10-point description.
    pub description: Description,
    /// Officer-defined appearance.
    pub officer_defined: Option<Code>,
    /// Self-defined ethnicity.
    pub self_defined: Option<Code>,
    /// Why it was not stated.
    pub not_stated: Option<Code>,
}

impl DraftPerson {
    /// Whether nothing is said of them.
    pub fn is_empty(&self) -> bool {
        self.subject.is_empty()
            && self.description.is_empty()
            && self.officer_defined.is_none()
            && self.self_defined.is_none()
    }
}
