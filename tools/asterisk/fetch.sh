#!/bin/sh
# Put a private, self-contained Asterisk into DEST. Nothing is installed on the host: no root, no service, no chroot.
#
#   tools/asterisk/fetch.sh [DEST]          default DEST: <repository>/.cache/asterisk
#
# Asterisk comes as Debian packages of the first suite of SUITES that has it, together with the libraries of the daemon
# and its own dynamic loader, because those suites have a newer C library than the host. Packages are verified by apt
# with the Debian archive key. A complete DEST is left as it is, so the script is cheap to call again.
#
# Environment: SUITES   suites to try, in order   (default "forky sid")
#              MIRROR   Debian mirror             (default: the one that this machine's apt uses)
#              BOUND_S  seconds allowed per apt step (default 120)
# Exit: 0 DEST is ready, 1 it cannot be had (one line on stderr says why), 2 wrong use.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
[ $# -le 1 ] || { echo 'usage: fetch.sh [DEST]' >&2; exit 2; }
dest=${1:-$here/../../.cache/asterisk}
suites=${SUITES:-forky sid}
bound=${BOUND_S:-120}

fail() { echo "asterisk: $1" >&2; exit 1; }

mkdir -p "$dest"
dest=$(cd "$dest" && pwd)
if [ -f "$dest/complete" ] && "$dest/bin/asterisk" -V; then exit 0; fi

for tool in apt-get apt-cache dpkg dpkg-deb; do
  command -v $tool >/dev/null 2>&1 || fail "$tool is missing: this script needs Debian or a relative of it"
done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -f "$keyring" ] || fail "no $keyring (package debian-archive-keyring)"
mirror=${MIRROR:-$(apt-get indextargets --no-release-info --format '$(SITE)' 'Identifier: Packages' |
  grep '/debian/*$' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }')}
[ -n "$mirror" ] || fail 'no Debian mirror in the apt sources; set MIRROR'

# One fetch at a time per DEST: two test lanes may ask for it at once.
exec 9>"$dest/lock"
if command -v flock >/dev/null 2>&1; then flock -w 300 9 || fail "another fetch holds $dest/lock"; fi
if [ -f "$dest/complete" ] && "$dest/bin/asterisk" -V; then exit 0; fi

work=$dest/work
tree=$dest/tree
rm -rf "$work" "$tree" "$dest/bin"

# An apt root of its own: the host's sources, package lists, status and locks are not touched.
apt_root() {
  rm -rf "$work"
  mkdir -p "$work/etc/preferences.d" "$work/etc/apt.conf.d" "$work/etc/sources.list.d" \
    "$work/lists/partial" "$work/cache/archives/partial"
  : >"$work/status"
  echo "deb [signed-by=$keyring] $mirror $1 main" >"$work/etc/sources.list"
  cat >"$work/apt.conf" <<CONF
Dir::Etc "$work/etc";
Dir::Etc::parts "$work/etc/apt.conf.d";
Dir::State "$work";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Architecture "$(dpkg --print-architecture)";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
CONF
  export APT_CONFIG="$work/apt.conf"
}

# Library packages of the daemon itself, closed over their own libraries. The libraries of optional modules (curl, odbc,
# ldap, ...) are left out: etc/modules.conf loads none of those modules. Asked of apt, since names change with sonames.
closure() {
  roots=$(apt-cache show --no-all-versions asterisk | sed -n 's/^Depends: //p' | tr ',' '\n' |
    sed 's/|.*//; s/(.*//; s/ //g' | grep -E '^(lib|zlib)')
  [ -n "$roots" ] || return 1
  # shellcheck disable=SC2086
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
    $roots | grep -E '^(lib|zlib|gcc-)' | grep -vE '^(libc6-|libdebconf|libnss-|libc-bin)' | sort -u
}

download() {
  apt_root "$1"
  timeout "$bound" apt-get -qq update || return 1
  libraries=$(closure) || return 1
  # shellcheck disable=SC2086
  (cd "$work/cache" && timeout "$bound" apt-get -qq download asterisk asterisk-modules $libraries) || return 1
}

from=
for suite in $suites; do if download "$suite"; then from=$suite; break; fi; done
[ -n "$from" ] || fail "none of '$suites' on $mirror gave the package"

mkdir -p "$tree"
for package in "$work"/cache/*.deb; do dpkg-deb -x "$package" "$tree"; done
(cd "$work/cache" && ls ./*.deb) >"$dest/packages.txt"
# share/asterisk/documentation stays: most modules refuse to load without core-en_US.xml.
rm -rf "$work" "$tree/etc" "$tree/var" "$tree/usr/share/doc" "$tree/usr/share/man" "$tree/usr/share/lintian" \
  "$tree/usr/share/locale" "$tree/usr/share/bug"

cd "$tree"
loader=$(find usr/lib64 lib64 usr/lib lib -type f -name 'ld-linux-*.so.*' 2>/dev/null | head -1)
[ -n "$loader" ] || fail "no dynamic loader in the packages of $from"
libdir=$(dirname "$(find usr/lib lib -name libc.so.6 2>/dev/null | head -1)")
mkdir -p "$dest/bin"
# --argv0 brings `core restart` back through this wrapper, since Asterisk executes its own argv[0] again.
cat >"$dest/bin/asterisk" <<WRAPPER
#!/bin/sh
here=\$(cd "\$(dirname "\$0")/.." && pwd)
exec "\$here/tree/$loader" --argv0 "\$here/bin/asterisk" --library-path "\$here/tree/$libdir:\$here/tree/usr/lib" "\$here/tree/usr/sbin/asterisk" "\$@"
WRAPPER
chmod +x "$dest/bin/asterisk"
"$dest/bin/asterisk" -V || fail 'the unpacked daemon does not run on this machine'
touch "$dest/complete"
