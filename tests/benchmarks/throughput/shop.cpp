// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/shop.h"

#include "models/store/administration.h"
#include "models/store/unit_of_work.h"
#include "resources/resources.h"
#include "workflows/tcc/ledger.h"

#include <QFile>

namespace counterfoil {

namespace {

constexpr qint64 walletMinor = 900'000'000'000;
constexpr qint64 onHand = 1'000'000'000;

/// Spreads neighbours far apart, the same in every run.
qint64 scattered(qint64 n, qint64 salt)
{
    quint64 value = static_cast<quint64>(n) * 0x9E3779B97F4A7C15ULL + static_cast<quint64>(salt) * 0xD1B54A32D192ED03ULL;
    value ^= value >> 29;
    value *= 0xBF58476D1CE4E5B9ULL;
    return static_cast<qint64>((value ^ (value >> 32)) & 0x7FFFFFFF);
}

QString skuCode(int merchant, int sku)
{
    return QStringLiteral("sku-%1-%2").arg(merchant).arg(sku);
}

template<class Function>
void write(Connection& connection, IdSource& ids, Function function)
{
    const SystemClock clock;
    UnitOfWork work(connection, clock, ids);
    orAbort(work.begin());
    function(work);
    orAbort(work.commit());
}

void addMerchants(UnitOfWork& work)
{
    const WarehouseId warehouse = work.warehouses.add({work.ids().next<WarehouseId>(), QStringLiteral("north"), QStringLiteral("North")}).id;
    const Currency currency;
    for (int m = 0; m < Shop::merchants; ++m) {
        const QString ref = QStringLiteral("merchant-%1").arg(m);
        const MerchantId merchant = work.merchants.add({work.ids().next<MerchantId>(), ref, ref, BasisPoints(500), work.now()}).id;
        const ProductId product = work.products.add({work.ids().next<ProductId>(), ref + QStringLiteral("-product"), QStringLiteral("A thing"), QStringLiteral("things"), merchant}).id;
        orAbort(work.loadAccounts({AccountRef::merchant(merchant, currency)}));
        for (int s = 0; s < (m == 0 ? Shop::hotSkus : Shop::skusOfMerchant); ++s) {
            const SkuId sku = work.skus.add({work.ids().next<SkuId>(), product, skuCode(m, s), QStringLiteral("plain"), FulfilmentKind::Physical}).id;
            work.priceTiers.add({work.ids().next<PriceTierId>(), sku, 1, currency, Money(Shop::unitPriceMinor, currency), {}, {}, {}});
            work.stocks.add({work.ids().next<StockId>(), sku, warehouse, onHand, 0, 0});
        }
    }
}

void addCustomers(UnitOfWork& work)
{
    const Currency currency;
    const Money amount(walletMinor, currency);
    const AccountRef bank = AccountRef::system(AccountKind::Bank, currency);
    std::set<AccountRef> refs{bank};
    for (const AccountKind kind : {AccountKind::Clearing, AccountKind::Fees, AccountKind::Promotions, AccountKind::Suspense}) {
        refs.insert(AccountRef::system(kind, currency));
    }
    orAbort(work.loadAccounts(refs));
    for (int c = 0; c < Shop::customers; ++c) {
        const QString ref = Shop::customer(c);
        const CustomerId customer = work.customers.add({work.ids().next<CustomerId>(), ref, ref, ref + QStringLiteral("@example.org"), QStringLiteral("Consumer"), work.now()}).id;
        const AccountRef wallet = AccountRef::wallet(customer, currency);
        orAbort(work.loadAccounts({wallet}));
        (void)orAbort(post(work, {EntryKind::Recharge, QStringLiteral("recharge:%1").arg(work.ids().nextValue()), {}, {}},
                           {{bank, Bucket::Available, orAbort(amount.negated())}, {wallet, Bucket::Available, amount}}));
    }
}

} // namespace

void Shop::fill(Connection& connection)
{
    initResources();
    const SystemClock clock;
    IdSource ids(clock, 1);
    QFile workflow(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    require(workflow.open(QFile::ReadOnly), "the order workflow is built in");
    DatabaseTransaction transaction = orAbort(DatabaseTransaction::begin(connection));
    (void)orAbort(publishWorkflow(connection, QStringLiteral("order"), QString::fromUtf8(workflow.readAll()), QStringLiteral("system"), clock.now()));
    orAbort(transaction.commit());
    write(connection, ids, addMerchants);
    write(connection, ids, addCustomers);
}

std::array<QString, 3> Shop::skusOf(qint64 n, Spread spread)
{
    std::array<QString, 3> skus;
    for (int i = 0; i < 3; ++i) {
        if (spread == Spread::HotMerchant) {
            skus[static_cast<std::size_t>(i)] = skuCode(0, static_cast<int>((scattered(n, 1) + i) % hotSkus));
            continue;
        }
        // Merchant 0 is the hot one. Three neighbours are three different merchants.
        const int others = merchants - 1;
        const int first = static_cast<int>(scattered(n, 1) % others);
        const int merchant = 1 + (spread == Spread::ThreeMerchants ? (first + i) % others : first);
        const int sku = spread == Spread::ThreeMerchants ? static_cast<int>(scattered(n, 2) % skusOfMerchant) : i;
        skus[static_cast<std::size_t>(i)] = skuCode(merchant, sku);
    }
    return skus;
}

QString Shop::customer(int number)
{
    return QStringLiteral("customer-%1").arg(number);
}

int Shop::customerOf(qint64 n)
{
    return static_cast<int>(scattered(n, 3) % customers);
}

NewOrder Shop::order(const QString& run, qint64 n, Spread spread)
{
    NewOrder order;
    order.orderNo = QStringLiteral("%1-%2").arg(run).arg(n);
    order.buyerRef = customer(customerOf(n));
    order.buyerName = order.buyerRef;
    order.channel = QStringLiteral("web");
    order.shipping = Money(shippingMinor, order.currency);
    order.topUpMultiple = Money::zero(order.currency);
    order.funding = Funding::Both;
    order.walletPart = Money(walletPartMinor, order.currency);
    order.paymentMethod = QStringLiteral("pm_card_visa");
    for (const QString& sku : skusOf(n, spread)) {
        NewOrderLine line;
        line.sku = sku;
        line.quantity = 1;
        order.lines.push_back(line);
    }
    return order;
}

} // namespace counterfoil
