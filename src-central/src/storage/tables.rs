//! The tables as a backup knows them: names and types that both databases share. Content is moved, never looked at.

use Type::{Bool, Bytes, Id, Int, Small, Text};

/// The type of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// 16 bytes: a BLOB in SQLite, a UUID in PostgreSQL.
    Id,
    /// Bytes.
    Bytes,
    /// 64 bits.
    Int,
    /// 32 bits in PostgreSQL.
    Small,
    /// Text.
    Text,
    /// 0 or 1 in SQLite.
    Bool,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, by name.
    pub columns: &'static [(&'static str, Type)],
}

impl Table {
    /// The names of its columns, as SQL lists them.
    #[must_use]
    pub fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// A value of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes, ids too.
    Bytes(Vec<u8>),
    /// Yes or no.
    Bool(bool),
}

/// Rows of one table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Place of the table in [`TABLES`].
    pub table: usize,
    /// Rows; each has a value for every column of the table.
    pub rows: Vec<Vec<Value>>,
}

/// What comes while a dump is loaded.
#[derive(Debug)]
pub enum Loading {
    /// Rows.
    Rows(Batch),
    /// That was all. A dump that ends without it is not taken.
    Complete,
}

/// Rows that travel together.
pub const BATCH: usize = 500;
/// Bytes that travel together: parts of attachments are large.
pub const BATCH_BYTES: usize = 2 * 1024 * 1024;

impl Batch {
    /// Whether it is time to send these rows on. `weight` are their bytes so far.
    #[must_use]
    pub fn is_full(rows: &[Vec<Value>], weight: usize) -> bool {
        rows.len() >= BATCH || weight >= BATCH_BYTES
    }
}

/// The bytes of a row, about.
#[must_use]
pub fn weight(row: &[Value]) -> usize {
    row.iter()
        .map(|value| match value {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::Null | Value::Int(_) | Value::Bool(_) => 8,
        })
        .sum()
}

/// Every table in the order in which rows may be put back: what is referred to comes first.
pub const TABLES: &[Table] = &[
    Table {
        name: "force",
        columns: &[
            ("one", Small),
            ("force_id", Id),
            ("epoch", Id),
            ("bundle", Text),
            ("bundle_signature", Bytes),
            ("receipt_secret", Bytes),
            ("sealing_secret", Bytes),
            ("created_at", Int),
        ],
    },
    Table { name: "head", columns: &[("name", Text), ("n", Int)] },
    Table { name: "team", columns: &[("team_id", Id), ("name", Text)] },
    Table { name: "officer", columns: &[("officer_id", Id), ("collar", Text)] },
    Table {
        name: "roster",
        columns: &[("officer_id", Id), ("from_at", Int), ("until_at", Int), ("role", Text), ("team_id", Id)],
    },
    Table {
        name: "access_grant",
        columns: &[
            ("officer_id", Id),
            ("capability", Text),
            ("team_id", Id),
            ("from_at", Int),
            ("until_at", Int),
        ],
    },
    Table {
        name: "enrol_code",
        columns: &[
            ("code_hash", Bytes),
            ("officer_id", Id),
            ("created_at", Int),
            ("expires_at", Int),
            ("used_at", Int),
            ("used_by", Id),
        ],
    },
    Table {
        name: "device",
        columns: &[("device_id", Id), ("transport_key", Bytes), ("enrolled_at", Int), ("revoked_at", Int)],
    },
    Table {
        name: "chain",
        columns: &[
            ("chain_id", Id),
            ("profile", Id),
            ("role", Text),
            ("device_id", Id),
            ("officer_id", Id),
            ("profile_key", Bytes),
            ("seal_key", Bytes),
            ("enrolled_at", Int),
            ("verified_to", Int),
            ("verified_link", Bytes),
            ("split_at", Int),
        ],
    },
    Table {
        name: "ledger",
        columns: &[
            ("link", Bytes),
            ("chain_id", Id),
            ("seq", Int),
            ("central_pos", Int),
            ("received_at", Int),
        ],
    },
    Table {
        name: "revision",
        columns: &[
            ("link", Bytes),
            ("before_link", Bytes),
            ("head", Bytes),
            ("body", Bytes),
            ("salt", Bytes),
            ("commitment", Bytes),
            ("manifest_id", Bytes),
            ("problems", Text),
            ("entry_id", Id),
            ("kind", Text),
            ("author", Id),
            ("shift_id", Id),
            ("written_at", Int),
        ],
    },
    Table {
        name: "manifest",
        columns: &[
            ("manifest_id", Bytes),
            ("chain_id", Id),
            ("first_seq", Int),
            ("last_seq", Int),
            ("text", Text),
            ("signature", Bytes),
            ("refused", Text),
            ("received_at", Int),
        ],
    },
    Table {
        name: "receipt_list",
        columns: &[
            ("list_id", Bytes),
            ("device_id", Id),
            ("at", Int),
            ("text", Text),
            ("signature", Bytes),
            ("key", Bytes),
        ],
    },
    Table { name: "feed", columns: &[("scope", Text), ("pos", Int), ("link", Bytes)] },
    Table {
        name: "crew_claim",
        columns: &[
            ("shift_id", Id),
            ("claimed_by", Id),
            ("member", Id),
            ("opens", Bool),
            ("pos", Int),
            ("received_at", Int),
        ],
    },
    Table {
        name: "contact",
        columns: &[
            ("device_id", Id),
            ("officer_id", Id),
            ("profile", Id),
            ("last_heard", Int),
            ("drift_ms", Int),
            ("heartbeat", Text),
        ],
    },
    Table { name: "reference_item", columns: &[("pos", Int), ("item_key", Text), ("item", Text)] },
    Table {
        name: "area_set",
        columns: &[("version", Int), ("hash", Bytes), ("canonical", Bytes), ("imported_at", Int)],
    },
    Table { name: "list_edition", columns: &[("version", Int), ("text", Text), ("imported_at", Int)] },
    Table {
        name: "key_statement",
        columns: &[("number", Int), ("bundle", Text), ("signature", Bytes), ("made_at", Int)],
    },
    Table {
        name: "revocation",
        columns: &[
            ("device_id", Id),
            ("revoked_at", Int),
            ("revoked_by", Text),
            ("why", Text),
            ("reinstated_at", Int),
            ("reinstated_by", Text),
        ],
    },
    Table {
        name: "withheld",
        columns: &[
            ("link", Bytes),
            ("device_id", Id),
            ("scopes", Text),
            ("claim", Text),
            ("accepted", Bool),
            ("decided_at", Int),
            ("decided_by", Text),
            ("why", Text),
            ("central_pos", Int),
        ],
    },
    Table {
        name: "attachment_name",
        columns: &[
            ("link", Bytes),
            ("sha256", Bytes),
            ("officer_id", Id),
            ("bytes", Int),
            ("media_type", Text),
        ],
    },
    Table {
        name: "attachment",
        columns: &[
            ("officer_id", Id),
            ("sha256", Bytes),
            ("bytes", Int),
            ("media_type", Text),
            ("device_id", Id),
            ("begun_at", Int),
            ("have", Int),
            ("whole_at", Int),
        ],
    },
    Table {
        name: "attachment_part",
        columns: &[("officer_id", Id), ("sha256", Bytes), ("start", Int), ("content", Bytes)],
    },
    Table {
        name: "attachment_opened",
        columns: &[("link", Bytes), ("officer_id", Id), ("device_id", Id), ("opened_at", Int)],
    },
    Table {
        name: "export_log",
        columns: &[
            ("export_id", Id),
            ("exported_at", Int),
            ("exported_by", Text),
            ("why", Text),
            ("what", Text),
            ("files", Text),
        ],
    },
    Table {
        name: "replacement",
        columns: &[
            ("code_hash", Bytes),
            ("issued_at", Int),
            ("issued_by", Id),
            ("device_id", Id),
            ("officer_id", Id),
            ("lost_device", Id),
            ("why", Text),
            ("request", Bytes),
        ],
    },
    Table {
        name: "published_month",
        columns: &[("month", Text), ("figures", Text), ("split", Text), ("published_at", Int)],
    },
    Table { name: "unit_shift", columns: &[("unit_id", Id), ("shift_id", Id)] },
    Table {
        name: "shift_figure",
        columns: &[
            ("shift_id", Id),
            ("officer_id", Id),
            ("started_at", Int),
            ("mark", Int),
            ("done", Int),
            ("rules", Int),
            ("figures", Text),
        ],
    },
    Table { name: "figure_source", columns: &[("source", Id), ("shift_id", Id)] },
    Table { name: "past_epoch", columns: &[("epoch", Id), ("ended_at", Int), ("last_pos", Int)] },
    Table { name: "own_chain", columns: &[("one", Small), ("chain_id", Id), ("self_id", Id)] },
    Table { name: "erased", columns: &[("link", Bytes), ("erasure", Bytes)] },
    Table {
        name: "erasure_order",
        columns: &[("profile", Id), ("pos", Int), ("erasure", Bytes), ("confirmed_at", Int)],
    },
    Table {
        name: "reading",
        columns: &[("profile", Id), ("scope", Text), ("since", Int), ("ended_at", Int), ("forgot_at", Int)],
    },
    Table { name: "proved_backup", columns: &[("epoch", Id), ("pos", Int), ("proved_at", Int)] },
    Table { name: "journal", columns: &[("n", Int), ("at", Int), ("what", Text)] },
    Table { name: "foretold", columns: &[("about", Bytes), ("what", Text)] },
];
