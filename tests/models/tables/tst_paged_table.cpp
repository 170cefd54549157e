// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/accounts_table.h"
#include "models/tables/format.h"
#include "models/tables/orders_table.h"
#include "models/tables/postings_table.h"
#include "models/tables/roles.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>

namespace counterfoil {

namespace {

constexpr int many = 100'000;

/// Copies order 1 to the numbers 2 to `last` in one statement; every tenth is paid.
QString copyOrders(int last)
{
    QStringList values;
    for (const QString& column : tableText<Order>().columns) {
        values << (column == u"id"          ? QStringLiteral("i")
                   : column == u"order_no"  ? QStringLiteral("'N' || i")
                   : column == u"state"     ? QStringLiteral("CASE WHEN i % 10 = 0 THEN 'paid' ELSE state END")
                   : column == u"placed_at" ? QStringLiteral("placed_at + i * 1000")
                                            : column);
    }
    return QStringLiteral("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < %1) INSERT INTO orders (%2) SELECT %3 FROM n, orders WHERE id = 1")
        .arg(QString::number(last), tableText<Order>().columns.join(u','), values.join(u','));
}

qint64 residentKb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    return file.open(QFile::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4 : 0;
}

qint64 idAt(const QAbstractItemModel& model, int row)
{
    return model.index(row, 0).data(IdValueRole).toLongLong();
}

} // namespace

/// The lists that are read by page, against a real database and its thread.
class TestPagedTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanup();

    void showsTheFirstPageAndThenCounts();
    void jumpsAnywhereWithBoundedMemory();
    void sortsByWhatAnIndexServes();
    void filtersAndForgetsLateAnswers();
    void refreshTakesInNewRowsWithoutReset();
    void refreshFollowsRowsThatLeaveTheFilter();
    void refreshKeepsItsPlaceFarDown();
    void reportsAFailureAndKeepsItsRows();
    void listsAccountsAndPostings();

private:
    void fill(int orders);
    /// Shows a listing and waits until its exact count is there.
    void show(OrdersTable& table, const OrderListing& listing = {})
    {
        table.setListing(listing);
        QTRY_VERIFY(table.isCountExact());
        QTRY_VERIFY(!table.isLoading());
    }
    /// Looks at a row as a view does and waits for it.
    static bool look(const QAbstractItemModel& model, int row)
    {
        return QTest::qWaitFor([&] { return !model.index(row, 0).data(LoadingRole).toBool(); }, 10'000);
    }

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<ReadExecutor> m_executor;
};

void TestPagedTable::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_database = TestDatabase::create(kind);
    m_executor = std::make_unique<ReadExecutor>(m_database->url());
}

void TestPagedTable::cleanup()
{
    m_executor.reset();
    m_database.reset();
}

void TestPagedTable::fill(int orders)
{
    Connection& writer = m_database->writer();
    CF_VERIFY_OK(insertRow(writer, sampleCustomer(1, QStringLiteral("Claire Gute"), QStringLiteral("claire@example.com"))));
    if (orders > 0) {
        CF_VERIFY_OK(insertRow(writer, sampleOrder(1, CustomerId(1))));
    }
    if (orders > 1) {
        CF_VERIFY_OK(writer.executeScript(copyOrders(orders)));
    }
}

void TestPagedTable::showsTheFirstPageAndThenCounts()
{
    fill(1000);
    OrdersTable table(*m_executor);
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy first(&table, &PagedTableModel::firstPageShown);
    QCOMPARE(table.rowCount(), 0);
    table.setListing({});
    QVERIFY(first.wait());
    QVERIFY(table.rowCount() >= PagedTableModel::pageRows);
    QCOMPARE(idAt(table, 0), 1000);
    QTRY_COMPARE(table.rowCount(), 1000);
    QCOMPARE(table.totalCount(), 1000);
    QVERIFY(table.isCountExact());
    QVERIFY(!table.index(0, 0).data(LoadingRole).toBool());
    QCOMPARE(table.index(0, static_cast<int>(OrderColumn::Payable)).data().toString(), QStringLiteral("105.00"));
    QCOMPARE(table.index(0, static_cast<int>(OrderColumn::State)).data(StateRole).toString(), QStringLiteral("paid"));
    for (int column = 0; column < table.columnCount(); ++column) {
        QVERIFY(!table.headerData(column, Qt::Horizontal).toString().isEmpty());
        QCOMPARE(table.index(5, column).data(IdRole).toString(), OrderId(995).toText());
    }
    // An empty list is one, too.
    table.setFilter({.states = {QStringLiteral("nowhere")}});
    QVERIFY(first.wait());
    QCOMPARE(table.rowCount(), 0);
    QVERIFY(table.isCountExact());
}

void TestPagedTable::jumpsAnywhereWithBoundedMemory()
{
    fill(many);
    OrdersTable table(*m_executor);
    QElapsedTimer timer;
    timer.start();
    QSignalSpy first(&table, &PagedTableModel::firstPageShown);
    table.setListing({});
    QVERIFY(first.wait());
    const qint64 firstMs = timer.restart();
    QTRY_COMPARE(table.rowCount(), many);
    const qint64 countMs = timer.restart();
    // What isn't there yet is painted as such, at once.
    QVERIFY(table.index(many - 1, 0).data(LoadingRole).toBool());
    QVERIFY(!table.index(many - 1, 0).data(Qt::DisplayRole).isValid());
    QVERIFY(look(table, many - 1));
    const qint64 endMs = timer.restart();
    QCOMPARE(idAt(table, many - 1), 1);
    QCOMPARE(idAt(table, many - 2), 2);
    QVERIFY(look(table, many / 2));
    const qint64 middleMs = timer.restart();
    QCOMPARE(idAt(table, many / 2), many / 2);
    QTRY_VERIFY(!table.isLoading());

    const qint64 before = residentKb();
    for (int row = 0; row < many; row += 150) {
        QVERIFY(look(table, row));
        QCOMPARE(idAt(table, row), many - row);
    }
    QTRY_VERIFY(!table.isLoading());
    QVERIFY(table.cachedRows() <= RowCache::rowsMax);
    const qint64 grownKb = residentKb() - before;
    qInfo("first page %lld ms, count %lld ms, end %lld ms, middle %lld ms, whole list scrolled in %lld ms, %lld KiB more", firstMs, countMs, endMs, middleMs,
          timer.elapsed(), grownKb);
    QVERIFY2(grownKb < 64 * 1024, "memory grows with the list");
}

void TestPagedTable::sortsByWhatAnIndexServes()
{
    fill(1000);
    OrdersTable table(*m_executor);
    show(table);
    QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
    table.sort(static_cast<int>(OrderColumn::Payable));
    QCOMPARE(reset.count(), 0);
    table.sort(static_cast<int>(OrderColumn::PlacedAt), Qt::AscendingOrder);
    QCOMPARE(reset.count(), 1);
    QTRY_COMPARE(table.rowCount(), 1000);
    QCOMPARE(idAt(table, 0), 1);
    QVERIFY(look(table, 999));
    QCOMPARE(idAt(table, 999), 1000);
    QVERIFY(look(table, 500));
    QCOMPARE(idAt(table, 500), 501);
    QVERIFY(OrdersTable::isSortable(static_cast<int>(OrderColumn::Id)));
    QVERIFY(!OrdersTable::isSortable(static_cast<int>(OrderColumn::Buyer)));
}

void TestPagedTable::filtersAndForgetsLateAnswers()
{
    fill(1000);
    OrdersTable table(*m_executor);
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    // Three lists asked for at once: only the last may show, not even for a moment.
    QSignalSpy inserted(&table, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&table, &QAbstractItemModel::rowsRemoved);
    table.setListing({});
    table.setFilter({.states = {QStringLiteral("created")}});
    table.setFilter({.states = {QStringLiteral("paid")}});
    QTRY_VERIFY(!table.isLoading());
    QCOMPARE(table.rowCount(), 100);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(removed.count(), 0);
    QCOMPARE(idAt(table, 0), 1000);
    QCOMPARE(idAt(table, 99), 10);
}

void TestPagedTable::refreshTakesInNewRowsWithoutReset()
{
    fill(1000);
    OrdersTable table(*m_executor);
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    show(table);
    QVERIFY(look(table, 3));
    const QPersistentModelIndex selected = table.index(3, 0);
    QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&table, &QAbstractItemModel::rowsInserted);
    CF_VERIFY_OK(insertRow(m_database->writer(), sampleOrder(2001, CustomerId(1))));
    CF_VERIFY_OK(insertRow(m_database->writer(), sampleOrder(2002, CustomerId(1))));
    CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("UPDATE orders SET state = 'shipped' WHERE id = 997")));
    table.refresh();
    table.refresh();
    QTRY_COMPARE(table.rowCount(), 1002);
    QTRY_VERIFY(!table.isLoading());
    QCOMPARE(reset.count(), 0);
    QCOMPARE(inserted.count(), 1);
    QVERIFY(!table.index(0, 0).data(LoadingRole).toBool());
    QCOMPARE(idAt(table, 0), 2002);
    QCOMPARE(selected.row(), 5);
    QCOMPARE(selected.data(IdValueRole).toLongLong(), 997);
    QCOMPARE(table.index(5, static_cast<int>(OrderColumn::State)).data().toString(), QStringLiteral("Shipped"));
    QVERIFY(look(table, 1001));
    QCOMPARE(idAt(table, 1001), 1);
}

void TestPagedTable::refreshFollowsRowsThatLeaveTheFilter()
{
    fill(1000);
    OrdersTable table(*m_executor);
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    show(table, {.filter = {.states = {QStringLiteral("paid")}}});
    QCOMPARE(table.rowCount(), 100);
    QVERIFY(look(table, 10));
    const QPersistentModelIndex stays = table.index(10, 0); // order 900
    const QPersistentModelIndex goes = table.index(5, 0);   // order 950
    QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
    Connection& writer = m_database->writer();
    // Two leave, the first row among them, one comes into the middle, the last leaves.
    CF_VERIFY_OK(writer.execute(QStringLiteral("UPDATE orders SET state = 'shipped' WHERE id IN (1000, 950, 10)")));
    CF_VERIFY_OK(writer.execute(QStringLiteral("UPDATE orders SET state = 'paid' WHERE id = 905")));
    table.refresh();
    QTRY_COMPARE(table.rowCount(), 98);
    QTRY_VERIFY(!table.isLoading());
    QCOMPARE(reset.count(), 0);
    QVERIFY(!goes.isValid());
    QCOMPARE(stays.data(IdValueRole).toLongLong(), 900);
    QCOMPARE(idAt(table, 0), 990);
    QCOMPARE(idAt(table, stays.row() - 1), 905);
    QCOMPARE(idAt(table, 97), 20);
    // All leave.
    CF_VERIFY_OK(writer.execute(QStringLiteral("UPDATE orders SET state = 'shipped' WHERE state = 'paid'")));
    table.refresh();
    QTRY_COMPARE(table.rowCount(), 0);
    // And one comes back to the empty list.
    CF_VERIFY_OK(writer.execute(QStringLiteral("UPDATE orders SET state = 'paid' WHERE id = 7")));
    table.refresh();
    QTRY_COMPARE(table.rowCount(), 1);
}

void TestPagedTable::refreshKeepsItsPlaceFarDown()
{
    fill(50'000);
    OrdersTable table(*m_executor);
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    show(table);
    QVERIFY(look(table, 30'000));
    QTRY_VERIFY(!table.isLoading());
    QVERIFY(look(table, 30'000));
    const QPersistentModelIndex selected = table.index(30'000, 0);
    QCOMPARE(selected.data(IdValueRole).toLongLong(), 20'000);
    QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
    for (int n = 1; n <= 5; ++n) {
        CF_VERIFY_OK(insertRow(m_database->writer(), sampleOrder(90'000 + n, CustomerId(1))));
    }
    table.refresh();
    QTRY_COMPARE(table.rowCount(), 50'005);
    QTRY_VERIFY(!table.isLoading());
    QCOMPARE(reset.count(), 0);
    QCOMPARE(selected.row(), 30'005);
    QVERIFY(!selected.data(LoadingRole).toBool());
    QCOMPARE(selected.data(IdValueRole).toLongLong(), 20'000);
    QVERIFY(look(table, 0));
    QCOMPARE(idAt(table, 0), 90'005);
    QVERIFY(look(table, 10'000));
    QCOMPARE(idAt(table, 10'000), 40'005);
}

void TestPagedTable::reportsAFailureAndKeepsItsRows()
{
    fill(1000);
    OrdersTable table(*m_executor);
    show(table);
    QSignalSpy failed(&table, &PagedTableModel::failed);
    CF_VERIFY_OK(m_database->writer().executeScript(QStringLiteral("ALTER TABLE orders RENAME TO hidden;\n")));
    table.refresh();
    QVERIFY(failed.wait());
    QTRY_VERIFY(!table.isLoading());
    QCOMPARE(table.rowCount(), 1000);
    QCOMPARE(idAt(table, 0), 1000);
    CF_VERIFY_OK(m_database->writer().executeScript(QStringLiteral("ALTER TABLE hidden RENAME TO orders;\n")));
    CF_VERIFY_OK(insertRow(m_database->writer(), sampleOrder(2001, CustomerId(1))));
    table.refresh();
    QTRY_COMPARE(table.rowCount(), 1001);
    QCOMPARE(idAt(table, 0), 2001);
}

void TestPagedTable::listsAccountsAndPostings()
{
    fill(1);
    Connection& writer = m_database->writer();
    CF_VERIFY_OK(insertRow(writer, sampleAccount(1, AccountRef::system(AccountKind::Clearing, Currency()), -500, 0)));
    CF_VERIFY_OK(insertRow(writer, sampleAccount(2, AccountRef::wallet(CustomerId(1), Currency()), 300, 200)));
    for (int n = 1; n <= 3; ++n) {
        LedgerEntry entry;
        entry.id = LedgerEntryId(n);
        entry.idempotencyKey = QString::number(n);
        entry.order = n == 3 ? OrderId(1) : OrderId();
        entry.createdAt = sampleTime;
        CF_VERIFY_OK(insertRow(writer, entry));
        CF_VERIFY_OK(insertRow(writer, Posting{entry.id, 0, AccountId(2), Bucket::Available, Currency(), usd(100), usd(100 * n)}));
    }
    AccountsTable accounts(*m_executor);
    PostingsTable postings(*m_executor);
    QAbstractItemModelTester accountsTester(&accounts, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester postingsTester(&postings, QAbstractItemModelTester::FailureReportingMode::QtTest);
    accounts.setFilter({});
    postings.setFilter({AccountId(2), {}});
    QTRY_COMPARE(accounts.rowCount(), 2);
    QTRY_COMPARE(postings.rowCount(), 3);
    QCOMPARE(accounts.index(0, static_cast<int>(AccountColumn::Owner)).data().toString(), QStringLiteral("Platform"));
    QCOMPARE(accounts.index(1, static_cast<int>(AccountColumn::Owner)).data().toString(), QStringLiteral("Claire Gute"));
    QCOMPARE(accounts.index(1, static_cast<int>(AccountColumn::Total)).data(AmountRole).value<Money>(), usd(500));
    QCOMPARE(accounts.index(0, static_cast<int>(AccountColumn::Available)).data().toString(), QStringLiteral("-5.00"));
    QCOMPARE(accounts.accountAt(1), AccountId(2));
    QCOMPARE(postings.index(0, static_cast<int>(PostingColumn::BalanceAfter)).data(AmountRole).value<Money>(), usd(300));
    QCOMPARE(postings.index(0, 0).data(OrderIdRole).toLongLong(), 1);
    QVERIFY(!postings.index(1, 0).data(OrderIdRole).isValid());
    // A balance that changed is seen.
    CF_VERIFY_OK(writer.execute(QStringLiteral("UPDATE account SET available = 400 WHERE id = 2")));
    accounts.refresh();
    QTRY_COMPARE(accounts.index(1, static_cast<int>(AccountColumn::Total)).data(AmountRole).value<Money>(), usd(600));
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestPagedTable)
#include "tst_paged_table.moc"
