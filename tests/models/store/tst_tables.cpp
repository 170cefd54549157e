// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/catalog_tables.h"
#include "models/store/ledger_tables.h"
#include "models/store/operator_tables.h"
#include "models/store/order_tables.h"
#include "models/store/process_tables.h"
#include "models/store/row_set.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <array>
#include <limits>
#include <tuple>

namespace counterfoil {

namespace {

/// Every table, parents before those that refer to them.
using AllTables = std::tuple<Customer, Merchant, Warehouse, Product, Sku, PriceTier, Stock, StockReservation, Coupon, CouponGrant, Account, LedgerEntry, Posting, Hold, HoldMovement,
                             Order, SubOrder, OrderItem, OrderEvent, PaymentTransaction, TransactionDetail, RefundItem, GatewayExchange, ExchangePayload, GatewayCallback, CallbackBody, TccTransaction,
                             TccBranch, TccFence, Job, InterventionCase, CaseNote, Person, OperatorCommand, AuditEvent, AuditSeal>;

template<class F>
void forEachTable(F f)
{
    std::apply([&](const auto&... row) { (f(row), ...); }, AllTables{});
}

template<class T>
std::size_t namesOf(const T&)
{
    return EnumNames<T>::names.size();
}

/// Fills every member with the greatest, smallest or emptiest value it can hold, enums in turn. Keys are never none.
struct FillExtremes {
    std::size_t variant;
    int keyColumns;
    int column = 0;
    Currency currency{};

    template<class T>
    T whole(T emptiest) const
    {
        const T values[]{std::numeric_limits<T>::max(), std::numeric_limits<T>::min(), emptiest};
        return values[variant % 3];
    }

    QString text(const char* name) const
    {
        const QString texts[]{QStringLiteral("it's \"%1\" \\ {} , \\\\u0041 $1 ?").arg(QString::fromLatin1(name)), QStringLiteral("\U0001F4B3\u202E\u00e9\n\t\u0001 NULL"), QString()};
        return texts[variant % 3];
    }

    template<class T>
    void operator()(const char* name, T& value)
    {
        const bool isKey = column++ < keyColumns;
        if constexpr (detail::IsId<T>::value) {
            value = T(whole<qint64>(isKey ? 1 : 0));
        } else if constexpr (std::is_same_v<T, UtcTime>) {
            value = UtcTime(whole<qint64>(0));
        } else if constexpr (std::is_same_v<T, QString>) {
            value = text(name);
        } else if constexpr (std::is_same_v<T, Money>) {
            value = Money(whole<qint64>(0), currency);
        } else if constexpr (std::is_same_v<T, BasisPoints>) {
            value = BasisPoints(whole<qint32>(0));
        } else if constexpr (std::is_same_v<T, Currency>) {
            const QString codes[]{QStringLiteral("JPY"), QStringLiteral("KWD"), QStringLiteral("USD")};
            value = currency = *Currency::parse(codes[variant % 3]);
        } else if constexpr (NamedEnum<T>) {
            value = EnumNames<T>::names[variant % namesOf(value)].first;
        } else {
            value = whole<T>(T{});
        }
    }
};

/// Fills a row number `n` with small values that fulfil the schema's rules (but for relations, see ordinaryRow).
struct FillOrdinary {
    qint64 n;
    int keyColumns;
    int column = 0;

    template<class T>
    void operator()(const char*, T& value)
    {
        const bool isKey = column++ < keyColumns;
        if constexpr (detail::IsId<T>::value) {
            value = T(isKey ? n : 1);
        } else if constexpr (std::is_same_v<T, UtcTime>) {
            value = UtcTime(1);
        } else if constexpr (std::is_same_v<T, QString>) {
            value = QStringLiteral("text %1").arg(n);
        } else if constexpr (std::is_same_v<T, Money>) {
            value = Money(qint64{1}, Currency());
        } else if constexpr (std::is_same_v<T, BasisPoints>) {
            value = BasisPoints(1);
        } else if constexpr (!std::is_same_v<T, Currency> && !NamedEnum<T>) {
            value = static_cast<T>(n);
        }
    }
};

template<class T>
T extremeRow(std::size_t variant)
{
    T row{};
    FillExtremes fill{variant, TableOf<T>::keyColumns};
    TableOf<T>::visit(fill, row);
    return row;
}

template<class T>
T ordinaryRow(qint64 n)
{
    T row{};
    FillOrdinary fill{n, TableOf<T>::keyColumns};
    TableOf<T>::visit(fill, row);
    const Money zero(qint64{0}, Currency());
    if constexpr (std::is_same_v<T, Order> || std::is_same_v<T, PaymentTransaction>) {
        row.walletPart = zero;
    } else if constexpr (std::is_same_v<T, TransactionDetail>) {
        row.commission = zero;
    } else if constexpr (std::is_same_v<T, OperatorCommand>) {
        row.decidedBy.clear();
    }
    return row;
}

template<class T>
void keepRules(T& row)
{
    if constexpr (std::is_same_v<T, Hold>) {
        row.remaining = Money(qint64{row.state == HoldState::Open ? 1 : 0}, Currency());
    }
}

/// Calls `each(column, values)` for every enum column, where `values` counts its names.
template<class F>
struct VisitEnums {
    F each;
    template<class T>
    void operator()(const char* name, T& value)
    {
        if constexpr (NamedEnum<T>) {
            each(name, namesOf(value));
        }
    }
};

/// Sets one enum column to its value number `at`.
struct SetEnum {
    QLatin1String column;
    std::size_t at;
    template<class T>
    void operator()(const char* name, T& value)
    {
        if constexpr (NamedEnum<T>) {
            if (column == QLatin1String(name)) {
                value = EnumNames<T>::names[at].first;
            }
        }
    }
};

QString firstDifference(const TableText& text, const QVariantList& found, const QVariantList& expected)
{
    for (qsizetype i = 0; i < expected.size(); ++i) {
        if (found.value(i) != expected[i]) {
            return QStringLiteral("%1.%2: %3 is not %4").arg(text.name, text.columns[i], found.value(i).toString(), expected[i].toString());
        }
    }
    return found.size() == expected.size() ? QString() : text.name + QStringLiteral(": another number of columns");
}

/// What a row puts into its statements.
class Collected final : public ValueSink {
public:
    void integer(qint64 value) override { values << bound(value); }
    void text(QStringView value) override { values << value.toString(); }
    void word(const char* ascii) override { values << QString::fromLatin1(ascii); }
    void none() override { values << QVariant(); }
    QVariantList values;
};

template<class T>
QVariantList valuesOf(const T& row)
{
    Collected collected;
    putColumns(row, allColumns, collected);
    return collected.values;
}

struct CopyKey {
    const detail::Locate& from;
    int columns;
    int column = 0;
    template<class T>
    void operator()(const char*, T& value)
    {
        if (column < columns) {
            value = *static_cast<const T*>(from.members[static_cast<std::size_t>(column)]);
        }
        ++column;
    }
};

} // namespace

/// The description of every table (TableOf) against the real ones.
class TestTables : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanup() { m_database.reset(); }

    void namesEveryColumn();
    void keepsExtremesOfEveryTable();
    void updatesEveryColumnOfEveryTable();
    void acceptsEveryEnumValue();
    void namesTheColumnThatHoldsNonsense_data();
    void namesTheColumnThatHoldsNonsense();

private:
    /// A connection on which every table has a stand-in without rules, so that all values fit.
    std::unique_ptr<Connection> connectionWithoutRules();

    std::unique_ptr<TestDatabase> m_database;
};

void TestTables::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_database = TestDatabase::create(kind);
}

std::unique_ptr<Connection> TestTables::connectionWithoutRules()
{
    auto connection = m_database->connect(ConnectionRole::Writer);
    const QString schema = connection->kind() == DatabaseKind::Sqlite ? QStringLiteral("main") : QStringLiteral("public");
    forEachTable([&]<class T>(const T&) {
        const QString name = QString::fromLatin1(TableOf<T>::name);
        const auto made = connection->executeScript(QStringList{QStringLiteral("CREATE TEMPORARY TABLE"), name, QStringLiteral("AS SELECT * FROM"), schema + u'.' + name, QStringLiteral("LIMIT 0")}.join(u' '));
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
    });
    return connection;
}

void TestTables::namesEveryColumn()
{
    forEachTable([&]<class T>(const T&) {
        const QString name = QString::fromLatin1(TableOf<T>::name);
        const bool sqlite = m_database->url().kind == DatabaseKind::Sqlite;
        QStringList columns;
        const auto read = m_database->writer().query(sqlite ? QStringLiteral("SELECT name FROM pragma_table_info(?) ORDER BY cid")
                                                            : QStringLiteral("SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"),
                                                     {name}, [&](const Row& row) -> Result<void> {
                                                         columns << row.text(0);
                                                         return {};
                                                     });
        CF_VERIFY_OK(read);
        columns.sort();
        QStringList described = tableText<T>().columns;
        described.sort();
        QCOMPARE(described, columns);
    });
}

void TestTables::keepsExtremesOfEveryTable()
{
    const auto connection = connectionWithoutRules();
    forEachTable([&]<class T>(const T&) {
        for (std::size_t variant = 0; variant < 12; ++variant) {
            const T row = extremeRow<T>(variant);
            // Few rows and many take different ways into PostgreSQL.
            for (const std::size_t rows : {1, 6}) {
                CF_VERIFY_OK(connection->execute(QStringLiteral("DELETE FROM ") + tableText<T>().name));
                StatementBatch batch(*connection);
                insertRows<T>(batch, std::vector<const T*>(rows, &row));
                CF_VERIFY_OK(batch.finish());
                const auto found = selectRows<T>(*connection, QString(), {});
                CF_VERIFY_OK(found);
                QCOMPARE(found->size(), rows);
                const QString difference = firstDifference(tableText<T>(), valuesOf(found->back()), valuesOf(row));
                QVERIFY2(difference.isEmpty(), qPrintable(difference));
            }
        }
    });
}

void TestTables::updatesEveryColumnOfEveryTable()
{
    const auto connection = connectionWithoutRules();
    forEachTable([&]<class T>(const T&) {
        const T before = ordinaryRow<T>(7);
        const T neighbour = ordinaryRow<T>(8);
        const std::array others{ordinaryRow<T>(1), ordinaryRow<T>(2), ordinaryRow<T>(3)};
        for (std::size_t variant = 0; variant < 6; ++variant) {
            CF_VERIFY_OK(connection->execute(QStringLiteral("DELETE FROM ") + tableText<T>().name));
            StatementBatch batch(*connection);
            insertRows<T>(batch, {&before, &neighbour, &others[0], &others[1], &others[2]});
            // All of the extreme row but its key.
            T wanted = extremeRow<T>(variant);
            detail::Locate members;
            TableOf<T>::visit(members, before);
            CopyKey copy{members, TableOf<T>::keyColumns};
            TableOf<T>::visit(copy, wanted);
            std::vector<RowUpdate<T>> changes{{&wanted, &before}};
            if (variant % 2 == 1) {
                for (const T& other : others) {
                    changes.push_back({&other, &other});
                }
            }
            updateRows<T>(batch, differences(before, wanted), changes);
            CF_VERIFY_OK(batch.finish());
            const auto found = selectRows<T>(*connection, QStringLiteral("ORDER BY ") + tableText<T>().columns.first(), {});
            CF_VERIFY_OK(found);
            QCOMPARE(found->size(), std::size_t{5});
            const QString difference = firstDifference(tableText<T>(), valuesOf((*found)[3]), valuesOf(wanted)) + firstDifference(tableText<T>(), valuesOf(found->back()), valuesOf(neighbour));
            QVERIFY2(difference.isEmpty(), qPrintable(difference));
        }
    });
}

void TestTables::acceptsEveryEnumValue()
{
    Connection& connection = m_database->writer();
    int values = 0;
    forEachTable([&]<class T>(const T&) {
        qint64 n = 0;
        CF_VERIFY_OK(insertRow(connection, ordinaryRow<T>(++n)));
        const auto tryAll = [&](const char* column, std::size_t count) {
            for (std::size_t at = 0; at < count; ++at, ++values) {
                T row = ordinaryRow<T>(++n);
                SetEnum set{QLatin1String(column), at};
                TableOf<T>::visit(set, row);
                keepRules(row);
                CF_VERIFY_OK(insertRow(connection, row));
            }
        };
        T row{};
        VisitEnums<decltype(tryAll)> visit{tryAll};
        TableOf<T>::visit(visit, row);
    });
    QVERIFY(values > 80);
}

void TestTables::namesTheColumnThatHoldsNonsense_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("column");
    const auto add = [](const char* name, const char* column, const char* value) {
        QTest::newRow(name) << QStringList{QStringLiteral("UPDATE orders SET"), QString::fromLatin1(column), u'=' + QString::fromUtf8(value)}.join(u' ') << QString::fromLatin1(column);
    };
    add("enum", "funding", "'barter'");
    add("enum in another case", "funding", "'Wallet'");
    add("empty enum", "split_strategy", "''");
    add("unknown currency", "currency", "'ZZZ'");
    add("no currency", "currency", "''");
    add("number too great", "revision", "2147483648");
    add("number too small", "revision", "-2147483649");
}

void TestTables::namesTheColumnThatHoldsNonsense()
{
    QFETCH(QString, change);
    QFETCH(QString, column);
    CF_VERIFY_OK(insertRow(m_database->writer(), ordinaryRow<Order>(1)));
    CF_VERIFY_OK(selectRows<Order>(m_database->reader(), QString(), {}));
    CF_VERIFY_OK(m_database->writer().execute(change));
    const auto found = selectRows<Order>(m_database->reader(), QString(), {});
    CF_COMPARE_ERROR(found, ErrorCode::DatabaseCorrupt);
    QVERIFY2(found.error().detail.contains(QStringLiteral("column ") + column), qPrintable(found.error().detail));
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestTables)
#include "tst_tables.moc"
