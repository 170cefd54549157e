// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/floor_run.h"

#include "models/base/id_source.h"
#include "tests/benchmarks/throughput/floor/floor.h"

#include <cstring>

namespace counterfoil {

namespace {

/// The ids that the floor's rows name, read before the clock starts.
class FloorShop {
public:
    explicit FloorShop(const DatabaseUrl& url)
    {
        const auto connection = orAbort(Connection::open(url, ConnectionRole::Reader));
        read(*connection, "SELECT id, owner_id FROM account WHERE kind = 'wallet'", [&](const Row& row) { m_wallets.emplace(row.integer(1), row.integer(0)); });
        read(*connection, "SELECT id, external_ref FROM customer", [&](const Row& row) { m_customers.emplace(row.text(1), row.integer(0)); });
        read(*connection,
             "SELECT s.code, s.id, k.id, p.merchant_id, a.id FROM sku s JOIN stock k ON k.sku_id = s.id JOIN product p ON p.id = s.product_id "
             "JOIN account a ON a.owner_kind = 'merchant' AND a.owner_id = p.merchant_id",
             [&](const Row& row) {
                 floor_line line{row.integer(1), row.integer(2), row.integer(3), row.integer(4), {}};
                 copy(line.code, row.text(0));
                 m_lines.emplace(row.text(0), line);
             });
        read(*connection, "SELECT id FROM warehouse", [&](const Row& row) { shop.warehouse = row.integer(0); });
        read(*connection, "SELECT id FROM account WHERE owner_kind = 'system' AND kind = 'clearing'", [&](const Row& row) { shop.clearing = row.integer(0); });
        read(*connection, "SELECT id FROM account WHERE owner_kind = 'system' AND kind = 'fees'", [&](const Row& row) { shop.fees = row.integer(0); });
        shop.unit_price = Shop::unitPriceMinor;
        shop.shipping = Shop::shippingMinor;
        shop.wallet_part = Shop::walletPartMinor;
    }

    floor_order order(const RunOptions& options, qint64 n) const
    {
        floor_order order{};
        const QString buyer = Shop::customer(Shop::customerOf(n));
        copy(order.number, QStringLiteral("%1-%2").arg(options.name).arg(n));
        copy(order.buyer, buyer);
        order.customer = m_customers.at(buyer);
        order.wallet = m_wallets.at(order.customer);
        const std::array<QString, 3> skus = Shop::skusOf(n, options.spread);
        for (std::size_t i = 0; i < skus.size(); ++i) {
            order.lines[i] = m_lines.at(skus[i]);
        }
        return order;
    }

    floor_shop shop{};

private:
    template<class Each>
    static void read(Connection& connection, const char* sql, Each each)
    {
        orAbort(connection.query(QString::fromLatin1(sql), {}, [&](const Row& row) -> Result<void> {
            each(row);
            return {};
        }));
    }

    template<std::size_t Size>
    static void copy(char (&to)[Size], const QString& text)
    {
        const QByteArray bytes = text.toUtf8();
        require(static_cast<std::size_t>(bytes.size()) < Size, "the floor's texts are short");
        std::memcpy(to, bytes.constData(), static_cast<std::size_t>(bytes.size()) + 1);
    }

    std::map<qint64, qint64> m_wallets;
    std::map<QString, qint64> m_customers;
    std::map<QString, floor_line> m_lines;
};

floor_database* openFloor(const DatabaseUrl& url)
{
    if (url.kind == DatabaseKind::Sqlite) {
        return floor_open_sqlite(url.path.toUtf8().constData());
    }
    const QString conninfo = QStringLiteral("host=%1 port=%2 user=%3 dbname=%4 application_name=floor").arg(url.host).arg(url.port).arg(url.user, url.name);
    return floor_open_postgresql(conninfo.toUtf8().constData());
}

class FloorWorker final : public TimedWorker {
public:
    FloorWorker(const RunOptions& options, const FloorShop& shop, qint64 firstId, int number)
        : m_options(options), m_shop(shop), m_run{openFloor(options.url), shop.shop, firstId + number, options.workers, 0}, m_orders(RunOptions::batch), m_next(number)
    {
    }
    ~FloorWorker() override { m_run.database->close(m_run.database); }
    Q_DISABLE_COPY_MOVE(FloorWorker)

    void runBatch() override
    {
        for (floor_order& order : m_orders) {
            order = m_shop.order(m_options, m_next);
            m_next += m_options.workers;
        }
        floor_pay(&m_run, m_orders.data(), RunOptions::batch);
        m_payments += RunOptions::batch;
    }
    qint64 payments() const override { return m_payments; }
    qint64 commits() const override { return m_run.commits; }

private:
    const RunOptions& m_options;
    const FloorShop& m_shop;
    floor_run m_run;
    std::vector<floor_order> m_orders;
    qint64 m_next = 0;
    qint64 m_payments = 0;
};

} // namespace

RunResult runFloor(const RunOptions& options)
{
    require(options.spread == Spread::ThreeMerchants, "the floor pays three merchants");
    const FloorShop shop(options.url);
    // Beyond every id that was given so far, as the program's would be.
    const SystemClock clock;
    const qint64 firstId = IdSource(clock, options.node).nextValue();
    return runTimed(options, [&](int number) { return std::make_unique<FloorWorker>(options, shop, firstId, number); });
}

} // namespace counterfoil
