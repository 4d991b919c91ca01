#!/bin/sh
# Installs the servers and the mail client that the server tests need, on Debian and its relatives,
# when root.
# Without root, without apt or without a network it says so and ends with 1: the tests that need
# a server are then skipped with the reason, or fail where MAILD_REQUIRE_SERVERS is set.

missing=""
[ -x /usr/sbin/dovecot ] && [ -e /usr/lib/dovecot/lmtp ] || missing="$missing dovecot-imapd dovecot-lmtpd"
[ -x /usr/sbin/postfix ] || missing="$missing postfix"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v neomutt >/dev/null || command -v mutt >/dev/null || missing="$missing neomutt"
# The office programs that open the recap: three quarters of a minute to install.
command -v soffice >/dev/null || missing="$missing libreoffice-calc"
command -v chromium >/dev/null || missing="$missing chromium"
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
# Power cuts are made from the calls that it records.
command -v strace >/dev/null || missing="$missing strace"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed, and only root with apt-get can install them here:$missing"
    exit 1
fi
# The packages must not start servers of their own on the usual ports.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -qq
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
    echo "These could not be installed:$missing"
    exit 1
}
