// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/order_tables.h"
#include "models/tables/orders_table.h"
#include "models/tables/table_export.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <QSignalSpy>
#include <QTemporaryDir>

namespace counterfoil {

/// All rows of a list in a file, while everything else goes on.
class TestTableExport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void writesCellsAsMachinesReadThem();
    void writesAllPagesOfTheFilteredList_data() { TestDatabase::addKindRows(); }
    void writesAllPagesOfTheFilteredList();
    void leavesNothingWhenItIsStopped();
    void saysWhyAFileCannotBeWritten();

private:
    std::unique_ptr<TestDatabase> filled(DatabaseKind kind, int orders);
    using Outcome = std::optional<Result<qint64>>;
    static std::shared_ptr<Outcome> follow(TableExport& work)
    {
        auto outcome = std::make_shared<Outcome>();
        connect(&work, &TableExport::finished, &work, [outcome](qint64 rows) { *outcome = rows; });
        connect(&work, &TableExport::failed, &work, [outcome](const Error& error) { *outcome = std::unexpected(error); });
        return outcome;
    }
    QTemporaryDir m_folder;
};

std::unique_ptr<TestDatabase> TestTableExport::filled(DatabaseKind kind, int orders)
{
    auto database = TestDatabase::create(kind);
    auto transaction = DatabaseTransaction::begin(database->writer());
    for (int i = 1; i <= orders; ++i) {
        Order order = sampleOrder(i, CustomerId(1));
        order.orderNo = QStringLiteral("O-%1").arg(i);
        require(insertRow(database->writer(), order).has_value(), "the order is stored");
    }
    require(transaction->commit().has_value(), "the orders are stored");
    return database;
}

void TestTableExport::writesCellsAsMachinesReadThem()
{
    const QList<bool> isMoney{false, true, false, false, false};
    QCOMPARE(csvHeader({QStringLiteral("Name"), QStringLiteral("Paid"), QStringLiteral("At, UTC"), QStringLiteral("State"), QStringLiteral("Tries")}, isMoney),
             QByteArray("Name,Paid,Paid currency,\"At, UTC\",State,Tries\r\n"));
    const UtcTime at = UtcTime::fromIso(u"2024-05-01T10:00:00Z").value();
    QCOMPARE(csvRow({Cell::plain(QStringLiteral("Ada \"L\", Ltd")), Cell::money(usd(-123'456)), Cell::at(at), Cell::named(QStringLiteral("fully_paid")), Cell::count(12'345)}, isMoney),
             QByteArray("\"Ada \"\"L\"\", Ltd\",-1234.56,USD," + at.toIso().toLatin1() + ",fully_paid,12345\r\n"));
    // Nothing that a spreadsheet would run; an amount that is missing is empty, with its currency.
    QCOMPARE(csvRow({Cell::plain(QStringLiteral("=HYPERLINK(1)")), Cell(), Cell(), Cell(), Cell::plain(QStringLiteral("-2"))}, isMoney), QByteArray("'=HYPERLINK(1),,,,,'-2\r\n"));
}

void TestTableExport::writesAllPagesOfTheFilteredList()
{
    QFETCH(const DatabaseKind, kind);
    constexpr int orders = 2 * TableExport::pageRows + 7;
    const auto database = filled(kind, orders);
    ReadExecutor executor(database->url());
    OrdersTable table(executor);
    table.setFilter({});
    const QString name = m_folder.filePath(QStringLiteral("orders.csv"));
    TableExport work(table, {static_cast<int>(OrderColumn::OrderNo), static_cast<int>(OrderColumn::Payable)}, name);
    QSignalSpy progress(&work, &TableExport::progressed);
    const auto outcome = follow(work);
    work.start();
    // The list on the screen may become another one meanwhile.
    OrderFilter none;
    none.freeText = QStringLiteral("nobody");
    table.setFilter(none);
    QTRY_VERIFY(outcome->has_value());
    CF_VERIFY_OK(**outcome);
    QCOMPARE(***outcome, qint64{orders});
    QCOMPARE(progress.size(), 2);
    QFile file(name);
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArrayList lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), orders + 2);
    QVERIFY(lines.front().startsWith("\xEF\xBB\xBF"));
    QCOMPARE(QSet<QByteArray>(lines.cbegin() + 1, lines.cend() - 1).size(), orders);
    QVERIFY(!QFile::exists(name + QStringLiteral(".part")));
}

void TestTableExport::leavesNothingWhenItIsStopped()
{
    const auto database = filled(DatabaseKind::Sqlite, 3 * TableExport::pageRows);
    ReadExecutor executor(database->url());
    OrdersTable table(executor);
    table.setFilter({});
    const QString name = m_folder.filePath(QStringLiteral("stopped.csv"));
    TableExport work(table, {0}, name);
    const auto outcome = follow(work);
    connect(&work, &TableExport::progressed, &work, &TableExport::cancel);
    work.start();
    QTRY_VERIFY(outcome->has_value());
    CF_COMPARE_ERROR(**outcome, ErrorCode::Cancelled);
    QVERIFY(QDir(m_folder.path()).entryList({QStringLiteral("stopped*")}).isEmpty());
}

void TestTableExport::saysWhyAFileCannotBeWritten()
{
    const auto database = filled(DatabaseKind::Sqlite, 1);
    ReadExecutor executor(database->url());
    OrdersTable table(executor);
    table.setFilter({});
    TableExport work(table, {0}, m_folder.filePath(QStringLiteral("no/such/folder.csv")));
    const auto outcome = follow(work);
    work.start();
    QVERIFY(outcome->has_value());
    CF_COMPARE_ERROR(**outcome, ErrorCode::FileNotWritable);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestTableExport)
#include "tst_table_export.moc"
