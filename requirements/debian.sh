#!/bin/sh
# Installs what Python's packages cannot bring, on Debian and its relatives; elsewhere says what is missing.
#   sh requirements/debian.sh pango | chromium | servers | engines
set -eu

after() { :; }
# `lacking` prints the packages whose file or command is not there.
library() { ldconfig -p 2>/dev/null | grep -q "$1" || echo "$2"; }
program() { command -v "$1" >/dev/null || echo "$2"; }
case "$1" in
pango)
	lacking() {
		library libpango-1.0 libpango-1.0-0
		library libpangoft2-1.0 libpangoft2-1.0-0
		library libharfbuzz-subset libharfbuzz-subset0
	}
	why="Pango draws the text of PDFs and pictures"
	;;
chromium)
	lacking() {
		program chromium chromium
		program pdftotext poppler-utils
	}
	why="the browser tests run in Chromium, the PDF tests read pages with poppler"
	;;
servers)
	lacking() {
		program caddy caddy
		PATH="$PATH:/usr/sbin" program nginx nginx-light
	}
	why="the tests run the files of deploy/ on their servers"
	# Debian starts a server when it installs it; ours start in the tests, and only there.
	after() { if command -v systemctl >/dev/null; then $sudo systemctl disable --now caddy nginx >/dev/null 2>&1 || true; fi; }
	;;
engines)
	lacking() {
		command -v firefox >/dev/null || program firefox-esr firefox-esr
		program WebKitWebDriver webkit2gtk-driver
		program Xvfb xvfb
	}
	why="what readers do most is tested in the engines of Firefox and Safari too"
	;;
*)
	echo "usage: debian.sh pango|chromium|servers|engines" >&2
	exit 2
	;;
esac
packages=$(lacking | tr '\n' ' ')
packages=${packages% }
[ -n "$packages" ] || exit 0
sudo=""
if [ "$(id -u)" != 0 ]; then sudo="sudo -n"; fi
if command -v apt-get >/dev/null && { [ -z "$sudo" ] || $sudo true 2>/dev/null; }; then
	echo "Installing $packages ..."
	if $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq $packages >/dev/null && [ -z "$(lacking)" ]; then
		after
		exit 0
	fi
fi
echo "Missing: $packages ($why). Install it with your system's package manager, then run this again." >&2
exit 1
