//! One macro: it must be there whether a description is made or not, and then comes to nothing.

/// Describes types by functions that give their schema.
#[macro_export]
macro_rules! described {
    ($($name:ty => $schema:expr),+ $(,)?) => {$(
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> { $schema }
        }
        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )+};
}
