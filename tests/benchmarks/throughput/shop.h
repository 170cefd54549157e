// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/new_order.h"
#include "models/store/connection.h"

namespace counterfoil {

/// Who receives the payments that are measured.
enum class Spread {
    /// Three merchants a payment, out of all.
    ThreeMerchants,
    /// One merchant a payment, out of all.
    OneMerchant,
    /// One and the same merchant.
    HotMerchant,
};

/// What is for sale and who buys it: the same on every database, known by numbers so that no look-up is needed to make an order.
struct Shop {
    static constexpr int merchants = 1'000;
    static constexpr int skusOfMerchant = 3;
    static constexpr int customers = 5'000;
    static constexpr int hotSkus = 3'000;
    static constexpr qint64 unitPriceMinor = 1'999;
    static constexpr qint64 shippingMinor = 600;
    static constexpr qint64 walletPartMinor = 1'000;

    /// The rows of the first order made here: published workflow, catalogue, customers with money in their wallets, stock.
    static void fill(Connection& connection);

    /// The SKUs of payment number `n`.
    static std::array<QString, 3> skusOf(qint64 n, Spread spread);
    static int customerOf(qint64 n);
    static QString customer(int number);
    /// Order number `n` of a run: three lines, wallet and gateway together.
    static NewOrder order(const QString& run, qint64 n, Spread spread);
};

/// Aborts with the error: a benchmark that goes on measures nothing.
template<class T>
T orAbort(Result<T> result)
{
    if (!result) {
        qFatal("benchmark: %s", qPrintable(result.error().text()));
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

} // namespace counterfoil
