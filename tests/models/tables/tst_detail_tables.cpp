// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/order_detail_tables.h"
#include "models/tables/order_items_tree.h"
#include "models/tables/roles.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace counterfoil {

namespace {

OrderDetail sampleDetail()
{
    OrderDetail detail;
    detail.order = sampleOrder(1, CustomerId(1));
    for (int n = 0; n < 2; ++n) {
        SubOrder subOrder;
        subOrder.id = SubOrderId(10 + n);
        subOrder.order = detail.order.id;
        subOrder.goods = usd(5'000);
        subOrder.merchantDiscount = usd(200);
        subOrder.platformDiscount = usd(100);
        detail.subOrders.push_back({subOrder, n == 0 ? QStringLiteral("Bush Furniture") : QString(), n == 0 ? QStringLiteral("North") : QString()});
        for (int i = 0; i <= n; ++i) {
            OrderItem item;
            item.id = OrderItemId(100 + 10 * n + i);
            item.order = detail.order.id;
            item.subOrder = subOrder.id;
            item.productName = QStringLiteral("<b>Chair</b>");
            item.quantity = 3;
            item.amount = usd(1'234'500);
            detail.items.push_back(item);
        }
    }
    detail.events.push_back({OrderEventId(1), detail.order.id, QStringLiteral("k"), QStringLiteral("order.pay"), QStringLiteral("created"),
                             QStringLiteral("awaiting_payment"), EventOutcome::Applied, QStringLiteral("worker"), QString(), sampleTime});
    detail.exchanges.emplace_back().id = ExchangeId(2);
    detail.postings.emplace_back().posting = {LedgerEntryId(3), 0, AccountId(4), Bucket::Frozen, Currency(), usd(-500), usd(0)};
    detail.jobs.emplace_back().id = JobId(5);
    detail.cases.emplace_back().id = CaseId(6);
    detail.transactions.emplace_back().transaction.id = TransactionId(7);
    return detail;
}

} // namespace

class TestDetailTables : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void everyTableHasAHeaderAndACellPerColumn()
    {
        const OrderDetail detail = sampleDetail();
        TimelineTable timeline;
        ExchangesTable exchanges;
        OrderPostingsTable postings;
        JobsTable jobs;
        CasesTable cases;
        TransactionsTable transactions;
        const ManualClock clock(sampleTime);
        HoldsTable holds(clock);
        const QList<std::pair<QAbstractItemModel*, int>> tables{
            {&timeline, static_cast<int>(TimelineColumn::Count)}, {&exchanges, static_cast<int>(ExchangeColumn::Count)},
            {&postings, static_cast<int>(OrderPostingColumn::Count)}, {&jobs, static_cast<int>(JobColumn::Count)},
            {&cases, static_cast<int>(CaseColumn::Count)}, {&transactions, static_cast<int>(TransactionColumn::Count)},
            {&holds, static_cast<int>(HoldColumn::Count)}};
        for (const auto& [table, columns] : tables) {
            new QAbstractItemModelTester(table, QAbstractItemModelTester::FailureReportingMode::QtTest, table);
        }
        timeline.setRows(detail.events);
        exchanges.setRows(detail.exchanges);
        postings.setRows(detail.postings);
        jobs.setRows(detail.jobs);
        cases.setRows(detail.cases);
        transactions.setRows(detail.transactions);
        HoldRow hold;
        hold.hold.id = HoldId(8);
        holds.setRows({hold});
        for (const auto& [table, columns] : tables) {
            QCOMPARE(table->columnCount(), columns);
            QCOMPARE(table->rowCount(), 1);
            for (int column = 0; column < columns; ++column) {
                QVERIFY(!table->headerData(column, Qt::Horizontal).toString().isEmpty());
                QVERIFY(table->index(0, column).data(Qt::DisplayRole).isValid());
                QVERIFY(!table->index(0, column).data(IdRole).toString().isEmpty());
            }
        }
        QCOMPARE(timeline.index(0, static_cast<int>(TimelineColumn::To)).data().toString(), QStringLiteral("Awaiting payment"));
        QCOMPARE(postings.index(0, static_cast<int>(OrderPostingColumn::Amount)).data(AmountRole).value<Money>(), usd(-500));
    }

    void keepsRowsThatStay()
    {
        JobsTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto jobs = [](std::initializer_list<qint64> ids) {
            std::vector<Job> rows;
            for (const qint64 id : ids) {
                rows.emplace_back().id = JobId(id);
            }
            return rows;
        };
        table.setRows(jobs({1, 2, 3, 4}));
        const QPersistentModelIndex third = table.index(2, 0);
        QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
        table.setRows(jobs({1, 7, 8, 9, 3, 4}));
        QCOMPARE(third.row(), 4);
        QCOMPARE(third.data(IdValueRole).toLongLong(), 3);
        table.setRows(jobs({3, 4}));
        QCOMPARE(third.row(), 0);
        table.setRows(jobs({3, 4, 5}));
        QCOMPARE(table.rowCount(), 3);
        table.setRows({});
        QVERIFY(!third.isValid());
        QCOMPARE(table.rowCount(), 0);
        QCOMPARE(reset.count(), 0);
    }

    void showsItemsBeneathTheirSubOrders()
    {
        OrderItemsTree tree;
        QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::QtTest);
        OrderDetail detail = sampleDetail();
        tree.setOrder(detail);
        QCOMPARE(tree.rowCount(), 2);
        const QModelIndex first = tree.index(0, 0);
        QCOMPARE(first.data().toString(), QStringLiteral("Bush Furniture · North"));
        QCOMPARE(tree.index(0, static_cast<int>(ItemColumn::Discount)).data(AmountRole).value<Money>(), usd(300));
        const QModelIndex second = tree.index(1, 0);
        QCOMPARE(second.data().toString(), QStringLiteral("Physical"));
        QCOMPARE(tree.rowCount(second), 2);
        QCOMPARE(tree.index(1, 0, second).data(IdValueRole).toLongLong(), 111);
        QCOMPARE(tree.index(0, 0, second).data().toString(), QStringLiteral("<b>Chair</b>"));
        QCOMPARE(tree.index(0, static_cast<int>(ItemColumn::Amount), second).data().toString(), QStringLiteral("12,345.00"));

        QSignalSpy reset(&tree, &QAbstractItemModel::modelReset);
        detail.subOrders[0].subOrder.trackingNo = QStringLiteral("1Z");
        tree.setOrder(detail);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(tree.index(0, static_cast<int>(ItemColumn::Sku)).data().toString(), QStringLiteral("1Z"));
        detail.items.pop_back();
        tree.setOrder(detail);
        QCOMPARE(reset.count(), 1);
    }
};

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestDetailTables)
#include "tst_detail_tables.moc"
