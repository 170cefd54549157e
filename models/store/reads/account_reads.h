// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"
#include "models/store/connection.h"
#include "models/store/reads/page.h"
#include "models/store/reads/posting_row.h"

#include <optional>

namespace counterfoil {

struct AccountFilter {
    std::optional<AccountKind> kind;
    /// The owner's name (beginning, or any part among the newest), e-mail or external reference.
    QString owner;
    friend bool operator==(const AccountFilter&, const AccountFilter&) = default;
};

struct AccountRow {
    Account account;
    /// Empty for the system's own accounts.
    QString ownerName;

    /// Available + frozen; saturates at the limits of 64 bits.
    Money total() const;
};

/// An open hold with the number of its order and, for a manual one, who had it frozen and why.
struct HoldRow {
    Hold hold;
    QString orderNo;
    /// Of the command that froze it; empty if it was none.
    QString actor;
    QString why;
};

struct AccountDetail {
    AccountRow row;
    /// At most 500 open holds, oldest first.
    std::vector<HoldRow> holds;
    /// Of all open holds; always equals `row.account.frozen` in sound books.
    Money heldTotal;
    qint64 holdCount = 0;
};

/// Σ over the accounts of one kind and currency.
struct KindTotal {
    AccountKind kind = AccountKind::Clearing;
    qint64 accounts = 0;
    Money available;
    Money frozen;
    Money billed;
};

/// Accounts by id, oldest first (the system's own come first). Key: (id, 0).
Result<std::vector<AccountRow>> accountPage(Connection& connection, const AccountFilter& filter, const PageRequest& request);
Result<qint64> accountCount(Connection& connection, const AccountFilter& filter);
Result<qint64> accountCountBefore(Connection& connection, const AccountFilter& filter, RowKey key);

/// Errors: NotFound.
Result<AccountDetail> accountDetail(Connection& connection, AccountId id);

/// Postings of one account, newest first; with a bucket, of that bucket only. Key: (entry id, line).
struct PostingFilter {
    AccountId account;
    std::optional<Bucket> bucket;
    /// Only those of entries behind the one, up to and with the other; none doesn't restrict.
    LedgerEntryId after;
    LedgerEntryId upTo;
    friend bool operator==(const PostingFilter&, const PostingFilter&) = default;
};
Result<std::vector<PostingRow>> postingPage(Connection& connection, const PostingFilter& filter, const PageRequest& request);
Result<qint64> postingCount(Connection& connection, const PostingFilter& filter);
Result<qint64> postingCountBefore(Connection& connection, const PostingFilter& filter, RowKey key);

/// Balances by account kind and currency, in the order of the kinds. Errors also: Internal when a sum is beyond 64 bits.
Result<std::vector<KindTotal>> kindTotals(Connection& connection);

} // namespace counterfoil
