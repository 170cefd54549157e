// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"
#include "models/store/connection.h"

#include <map>

namespace counterfoil {

/// Follows the ledger from commit to commit with balances of its own, so that a look costs what is new and not what is there. SQLite only:
/// the rows of an append-only table are numbered in the order in which they came.
class BooksWatch {
public:
    explicit BooksWatch(Connection& connection) : m_connection(connection) {}

    /// What is wrong with the postings since the last look, and with the accounts as they are now: an entry that isn't balanced, a balance
    /// behind a posting that doesn't follow from the one before, an account that isn't the sum of its postings, an owner's below zero.
    /// Errors: those of Connection.
    Result<QStringList> look();

private:
    using Balances = std::map<Bucket, qint64>;
    Result<void> follow(QStringList& wrong);
    Result<void> compare(QStringList& wrong);

    Connection& m_connection;
    std::map<AccountId, Balances> m_balances;
    std::map<AccountId, Currency> m_currencies;
    qint64 m_postings = 0;
};

} // namespace counterfoil
