// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/journal_reads.h"

class QIODevice;

namespace counterfoil {

struct JournalSummary {
    qint64 accounts = 0;
    qint64 entries = 0;
    qint64 postings = 0;
};

/// A name as one component of an account's name in an hledger journal: what has a meaning there (colon, semicolon, brackets,
/// two spaces, control and format characters, …) is written as %XX per UTF-8 byte, so different names stay different.
QString journalComponent(const QString& text);

/// `wallet:CG-12520:available`, `merchant:Quill & Co (mer-1):frozen`, `system:clearing:available`. A merchant's name needn't
/// be unique, so its reference follows. An owner's accounts in several currencies share a name.
QString journalAccountName(const JournalAccount& account, Bucket bucket);

/// Writes the whole ledger as a journal for hledger (hledger.org, "Journal format") in one consistent view: a transaction per
/// entry with its UTC date, its id as the code, and its kind and order number as the description. Amounts are exact and
/// signed as here: positive is owed to the account's owner. Accounts and commodities are declared, so that `hledger check --strict` holds.
/// Errors: FileNotWritable, and those of Connection; then the output is incomplete.
Result<JournalSummary> exportJournal(Connection& connection, QIODevice& output);

} // namespace counterfoil
