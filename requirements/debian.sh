#!/bin/sh
# Installs what Python's packages cannot bring, on Debian and its relatives; elsewhere says what is missing.
#   sh requirements/debian.sh pango | chromium | servers
set -eu
after() { :; }
case "$1" in
pango)
	packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
	present() { ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 && ldconfig -p | grep -q libharfbuzz-subset; }
	why="Pango draws the text of PDFs and pictures"
	;;
chromium)
	packages="chromium poppler-utils"
	present() { command -v chromium >/dev/null && command -v pdftotext >/dev/null; }
	why="the browser tests run in Chromium, the PDF tests read pages with poppler"
	;;
servers)
	packages="caddy nginx-light"
	present() { command -v caddy >/dev/null && PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; }
	why="the tests run the files of deploy/ on their servers"
	# Debian starts a server when it installs it; ours start in the tests, and only there.
	after() { if command -v systemctl >/dev/null; then $sudo systemctl disable --now caddy nginx >/dev/null 2>&1 || true; fi; }
	;;
*)
	echo "usage: debian.sh pango|chromium|servers" >&2
	exit 2
	;;
esac
present && exit 0
sudo=""
if [ "$(id -u)" != 0 ]; then sudo="sudo -n"; fi
if command -v apt-get >/dev/null && { [ -z "$sudo" ] || $sudo true 2>/dev/null; }; then
	echo "Installing $packages ..."
	if $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq $packages >/dev/null && present; then
		after
		exit 0
	fi
fi
echo "Missing: $why. Install $packages (or your system's equivalents), then run this again." >&2
exit 1
