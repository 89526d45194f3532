//! What stands at the end of each command's help: how it is used, on which file, in which order.

/// Of the program.
pub const ALL: &str = "From nothing to a running force:
  beatbook-central init --name Norfolk --root-key-out root.key --recovery-key-out recovery.key \\
      --tls-name central.example --tls-cert-out tls.crt --tls-key-out tls.key
  beatbook-central areas import boundaries/
  beatbook-central officers add --collar 1482 --role PC --team \"Norwich East\"
  beatbook-central serve --listen 0.0.0.0:8741 --tls-cert tls.crt --tls-key tls.key
  beatbook-central enrol-code --officer 1482 --server https://central.example:8741 --show-qr

Settings come from flags, then the environment (BEATBOOK_…), then the file named by --config (TOML), then defaults.
Exit codes: 0 done; 1 it could not be done, or `verify` found something; 2 the command itself was not understood.
docs/running-central.md tells the whole of it.";

/// Of `serve`.
pub const SERVE: &str = "Examples:
  beatbook-central serve                                              # this machine only, SQLite beside it
  beatbook-central serve --listen 0.0.0.0:8741 --tls-cert tls.crt --tls-key tls.key
  beatbook-central --database-url postgres://beatbook@db/beatbook --config /etc/beatbook/central.toml serve

SIGTERM ends it: requests under way are answered, connections closed. /healthz, /readyz and /metrics are open.";

/// Of `init`.
pub const INIT: &str = "Example:
  beatbook-central init --name Norfolk --root-key-out /media/a/root.key --recovery-key-out /media/b/recovery.key

Root and recovery key are written nowhere else. Keep them on offline media, apart from each other.";

/// Of `officers`.
pub const OFFICERS: &str = "Examples:
  beatbook-central officers add --collar 1482 --role PC --team \"Norwich East\"
  beatbook-central officers grant --collar 1377 --team \"Norwich East\" --from 2026-11-27T18:00 --until 2026-11-28T04:00
  beatbook-central officers grant --collar 0102 --capability command --team Breckland --no-end
  beatbook-central officers list

Roles: PC, SC, PCSO patrol; PS reviews the own team, INSP the team and its sergeants. A grant does so for another.";

/// Of `enrol-code`.
pub const ENROL: &str = "Examples:
  beatbook-central enrol-code --officer 1482
  beatbook-central enrol-code --officer 1482 --server https://central.example:8741 --qr 1482.svg";

/// Of `devices`.
pub const DEVICES: &str = "Examples:
  beatbook-central devices list
  beatbook-central devices lost 0193c5 --by \"PS 0311\" --why \"left in a taxi\"   # a beginning of the id is enough
  beatbook-central devices withheld 0193c5
  beatbook-central devices accept 0193c5 --by \"PS 0311\" --why \"written before it was lost\"
  beatbook-central devices replacements                                        # codes that sergeants issued";

/// Of `keys`.
pub const KEYS: &str = "Examples:
  beatbook-central keys show
  beatbook-central keys rotate-receipt --root-key /media/a/root.key

Phones take the new statement with their next connection, weeks later too.";

/// Of `areas`.
pub const AREAS: &str = "Example:
  beatbook-central areas import boundaries/     # districts, wards, lsoas and patrol as GeoJSON";

/// Of `code-lists`.
pub const LISTS: &str = "Example:
  beatbook-central code-lists import lists.json

The file is a whole edition; its version must rise. Stock and authorities have commands of their own.";

/// Of `verify`.
pub const VERIFY: &str = "Example, at night:
  beatbook-central verify || mail -s \"Beatbook: verify found something\" duty@example";

/// Of `export`.
pub const EXPORT: &str = "Examples:
  beatbook-central export --period 2026-11 --split area --by \"PS 0311\" --why \"the monthly return\"
  beatbook-central export --from 2026-11-20 --until 2026-11-26 --split day --forms csv,pdf --by \"PS 0311\" --why briefing
  beatbook-central export --period 2026-11 --split area --for public --by \"PS 0311\" --why \"ward panel\"
  beatbook-central export --list

docs/exports.md tells every file and column.";

/// Of `backup`.
pub const BACKUP: &str = "Examples:
  beatbook-central backup --to /backup/$(date +%F).beatbook            # while it serves
  beatbook-central backup --to /backup/$(date +%F).beatbook --prove    # restores it once, to be sure";

/// Of `restore`.
pub const RESTORE: &str = "Example:
  beatbook-central --database-url new.sqlite restore --from /backup/2026-11-27.beatbook --recovery-key recovery.key

Only into an empty database. Phones notice and send again what came after it.";

/// Of `recover`.
pub const RECOVER: &str = "Example, on the machine with the offline key:
  beatbook-central recover --wrap wrap.json --recovery-key /media/b/recovery.key";

/// Of `openapi`.
pub const OPENAPI: &str = "Example:
  beatbook-central openapi > docs/openapi.json";

/// Of `seed-demo`.
pub const DEMO: &str = "Example:
  beatbook-central --database-url demo.sqlite seed-demo --json";

/// Of `authorities` and `stock`: their files stand in the help of `import`.
pub const PUBLISHED: &str = "Their files are shown by `import --help`.";
