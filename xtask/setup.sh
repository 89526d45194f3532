# What `./run` and `./test` share: install what this machine lacks, and say what. Sourced, never run.
# shellcheck shell=bash

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf '\033[1mbeatbook:\033[0m %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/beatbook/target}"

# The web view, the keystore and the C libraries of the app.
packages_app="build-essential pkg-config curl ca-certificates libwebkit2gtk-4.1-dev libssl-dev librsvg2-dev
    dbus-x11 gnome-keyring"
# A screen without a person, and the servers the tests start.
packages_headless="xvfb webkit2gtk-driver"
packages_test="$packages_headless postgresql strace git gpsd gpsd-clients gdal-bin poppler-utils"
# Node often comes from elsewhere, and Debian's would fight with it.
have npm || packages_test="$packages_test npm"
# A compiler for wasm where rustup cannot download one; the newest lld comes with it.
packages_wasm="rustc-web cargo-web rust-web-src"

# Runs a command as root, asking for the password only where that is needed.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif have sudo; then sudo "$@"
    else fail "this needs root and there is no sudo. As root: $*"
    fi
}

# Installs the Debian packages among "$@" that are missing.
install_packages() {
    local missing=()
    for package in "$@"; do
        dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "Installing: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq "${missing[@]}" >&2
}

recent_rust() {
    local version
    version=$(rustc --version | cut -d' ' -f2)
    [ "$(printf '1.95.0\n%s\n' "$version" | sort -V | head -n1)" = 1.95.0 ]
}

ensure_rust() {
    [ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
    if have cargo && recent_rust; then return 0; fi
    if have rustup; then
        say "Updating Rust: 1.95 is the oldest that builds Beatbook"
        rustup toolchain install stable --profile default >&2 || fail "Rust could not be updated: rustup toolchain install stable"
        export RUSTUP_TOOLCHAIN=stable
        return 0
    fi
    say "Installing Rust with rustup (into ~/.cargo and ~/.rustup)"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile default --no-modify-path >&2 ||
        fail "Rust could not be downloaded. Install Rust 1.95 or newer with clippy and rustfmt, then start again."
    PATH="$HOME/.cargo/bin:$PATH"
}

# The standard library of a foreign target: by rustup where that downloads, else Debian's compiler builds it.
ensure_target() {
    [ -n "$(ls "$(rustc --print target-libdir --target "$1" 2>/dev/null)" 2>/dev/null)" ] && return 0
    if have rustup; then
        say "Adding the Rust target $1"
        timeout 300 rustup target add "$1" >&2 && return 0
        say "rustup cannot download here: Debian's compiler takes its place"
    fi
    have apt-get || fail "no Rust standard library for $1 here, and rustup cannot download it."
    as_root apt-get update -qq
    # shellcheck disable=SC2046,SC2086
    install_packages $packages_wasm $(apt-cache search --names-only '^lld-[0-9]+$' | cut -d' ' -f1 | sort -t- -k2n | tail -n1)
}

# Everything for "run" or "test" on Debian and Ubuntu; elsewhere says what is wanted and goes on.
prepare() {
    local wanted="$packages_app $2"
    if have apt-get && have dpkg-query; then
        # shellcheck disable=SC2086
        install_packages $wanted
    else
        say "Not Debian or Ubuntu: install what these packages bring, then go on:"
        printf '    %s\n' "$(echo $wanted)" >&2
    fi
    ensure_rust
    ensure_target wasm32-unknown-unknown
    [ "$1" = test ] && ensure_target aarch64-linux-android
    return 0
}
