// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"
#include "models/store/connection.h"

#include <QStringList>

#include <vector>

namespace counterfoil {

/// A condition that is being put together: terms that must all hold, and what they bind, in order.
struct Condition {
    QStringList terms;
    QVariantList values;

    void add(const QString& term, const QVariantList& bound = {});
    /// The column is one of these texts; no term for none.
    void addOneOf(const QString& column, const QStringList& texts);
    /// ` WHERE a AND b`, or nothing.
    QString where() const;
};

/// The stored names of enum values.
template<NamedEnum E>
QStringList namesOf(const QList<E>& values)
{
    QStringList names;
    for (const E value : values) {
        names << toString(value);
    }
    return names;
}

/// The words in a row with one space between.
QString joined(const QStringList& words);

/// A term that an index on the column serves: "begins with". It binds prefixValues().
QString prefixTerm(DatabaseKind kind, const QString& column);
QVariantList prefixValues(DatabaseKind kind, const QString& text);
/// A pattern for `LIKE ? ESCAPE '!'` that finds the text anywhere, in lower case.
QString anywherePattern(const QString& text);

/// Customers whose external reference or e-mail is the text, whose name begins with it, or (among the newest 20,000) whose name or
/// e-mail contains it, without regard to ASCII case.
Result<std::vector<qint64>> customersLike(Connection& connection, const QString& text, int limit);
/// Likewise for merchants' names and external references.
Result<std::vector<qint64>> merchantsLike(Connection& connection, const QString& text, int limit);

/// Where a pasted id leads: its order, or its account, or (customers, merchants) itself. All none: to nothing.
struct Landing {
    OrderId order;
    AccountId account;
    CustomerId customer;
    MerchantId merchant;
    bool isNone() const { return order.isNone() && account.isNone() && customer.isNone() && merchant.isNone(); }
};
/// Nothing for a text that is no id, or the id of nothing.
Result<Landing> landingOf(Connection& connection, const QString& text);

/// The order of a gateway reference (`pi_…`, `re_…`); none if nobody has it.
Result<OrderId> orderOfGatewayRef(Connection& connection, const QString& reference);

/// The order with exactly this number; none if there is none.
Result<OrderId> orderOfNumber(Connection& connection, const QString& orderNo);

/// The order with this id (`ord_…`) or number. Errors: NotFound.
Result<OrderId> orderOfReference(Connection& connection, const QString& reference);

/// The first column of every row.
Result<std::vector<qint64>> integers(Connection& connection, const QString& sql, const QVariantList& values);
/// The first column of the first row; 0 if there is none.
Result<qint64> integer(Connection& connection, const QString& sql, const QVariantList& values);

} // namespace counterfoil
