// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <QStringList>

#include <map>

namespace counterfoil {

/// What a database says about money, orders and stock, by names that don't depend on ids or moments: two runs of the same orders must
/// come to the same books, whatever happened on the way.
struct Books {
    /// `customer CG-12520 wallet USD` to `available 100 frozen 0 billed 20`.
    std::map<QString, QString> accounts;
    /// Order number to state and amounts.
    std::map<QString, QString> orders;
    /// SKU and warehouse to what is there.
    std::map<QString, QString> stock;
    /// Entries and postings by kind.
    std::map<QString, QString> entries;
    std::map<QString, qint64> states;
    /// Available and frozen of the clearing accounts, in minor units.
    qint64 clearingMinor = 0;
    /// Orders of which the card paid a part.
    qint64 cardPayments = 0;
    /// Numbers of orders with more than one payment that succeeded.
    QStringList paidTwice;
    /// Kind and detail of the open cases.
    QStringList openCases;

    /// What is different in the other one; at most 40 lines for each part.
    QStringList differences(const Books& other) const;
};

/// Errors: those of Connection.
Result<Books> readBooks(Connection& connection);

/// Writes the first orders of the built-in Superstore file with its header to another file.
/// Errors: FileUnreadable, FileNotWritable.
Result<void> writeSuperstoreSlice(const QString& path, int orders);

} // namespace counterfoil
