// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/administration.h"
#include "models/tables/gateway_tables.h"
#include "models/tables/roles.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <QAbstractItemModelTester>

namespace counterfoil {

/// The dialogue with the gateway as tables, against a real database and its thread.
class TestGatewayTables : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_database = TestDatabase::create(kind);
        m_executor = std::make_unique<ReadExecutor>(m_database->url());
    }
    void cleanup()
    {
        m_executor.reset();
        m_database.reset();
    }

    void showsARequestAndFollowsItsState()
    {
        CF_VERIFY_OK(insertRow(m_database->writer(), sampleOrder(1, CustomerId(1))));
        GatewayExchange exchange;
        exchange.id = ExchangeId(5);
        exchange.order = OrderId(1);
        exchange.transaction = TransactionId(2);
        exchange.state = ExchangeState::Sending;
        exchange.idempotencyKey = QStringLiteral("k");
        exchange.amount = usd(10'500);
        exchange.createdAt = sampleTime;
        CF_VERIFY_OK(insertRow(m_database->writer(), exchange));
        GatewayExchangesTable table(*m_executor);
        const QAbstractItemModelTester tester(&table);
        table.setFilter({});
        wait(table);
        QCOMPARE(table.rowCount(), 1);
        QCOMPARE(cell(table, static_cast<int>(GatewayExchangeColumn::OrderNo)).data().toString(), QStringLiteral("CA-2024-1"));
        QCOMPARE(cell(table, static_cast<int>(GatewayExchangeColumn::Amount)).data(AmountRole).value<Money>(), usd(10'500));
        QCOMPARE(cell(table, static_cast<int>(GatewayExchangeColumn::HttpStatus)).data().toString(), QString());
        QCOMPARE(cell(table, 0).data(IdValueRole).toLongLong(), 5);
        QCOMPARE(cell(table, 0).data(OrderIdRole).toLongLong(), 1);
        CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("UPDATE gateway_exchange SET state = 'refused', http_status = 402, error_code = 'card_declined'")));
        table.refresh();
        QTRY_COMPARE(cell(table, static_cast<int>(GatewayExchangeColumn::State)).data(StateRole).toString(), QStringLiteral("refused"));
        QCOMPARE(cell(table, static_cast<int>(GatewayExchangeColumn::Error)).data().toString(), QStringLiteral("card_declined"));
        QCOMPARE(cell(table, static_cast<int>(GatewayExchangeColumn::HttpStatus)).data().toString(), QStringLiteral("402"));
        table.setFilter({.states = {ExchangeState::Sending}});
        wait(table);
        QCOMPARE(table.rowCount(), 0);
    }

    void showsCallbacksOfNoOrderToo()
    {
        GatewayCallback callback;
        callback.id = CallbackId(6);
        callback.gateway = QStringLiteral("stripe");
        callback.eventId = QStringLiteral("evt_6");
        callback.type = QStringLiteral("<b>balance</b>\n.available");
        callback.state = CallbackState::Ignored;
        callback.note = QStringLiteral("not about a payment");
        callback.receivedAt = sampleTime;
        CF_VERIFY_OK(insertRow(m_database->writer(), callback));
        GatewayCallbacksTable table(*m_executor);
        const QAbstractItemModelTester tester(&table);
        table.setFilter({});
        wait(table);
        QCOMPARE(table.rowCount(), 1);
        QCOMPARE(cell(table, static_cast<int>(GatewayCallbackColumn::Type)).data().toString(), QStringLiteral("<b>balance</b> .available"));
        QCOMPARE(cell(table, static_cast<int>(GatewayCallbackColumn::AppliedAt)).data().toString(), QString());
        QVERIFY(!cell(table, 0).data(OrderIdRole).isValid());
    }

    void takesInRefusalsAsTheyCome()
    {
        CallbackRefusalsTable table(*m_executor);
        const QAbstractItemModelTester tester(&table);
        table.start();
        wait(table);
        QCOMPARE(table.rowCount(), 0);
        QVERIFY(table.rowValue(0) == nullptr);
        CF_VERIFY_OK(addCallbackRefusal(m_database->writer(), 9, QStringLiteral("signature_invalid: no v1 fits"), 1234, QStringLiteral("::1"), sampleTime));
        table.refresh();
        QTRY_COMPARE(table.rowCount(), 1);
        QVERIFY(table.rowValue(0) != nullptr);
        QCOMPARE(table.rowValue(0)->peer, QStringLiteral("::1"));
        QCOMPARE(cell(table, static_cast<int>(RefusalColumn::Reason)).data().toString(), QStringLiteral("Signature invalid · no v1 fits"));
        QCOMPARE(cell(table, static_cast<int>(RefusalColumn::Size)).data().toString(), QStringLiteral("1,234"));
    }

    void everyColumnHasAHeader()
    {
        GatewayExchangesTable exchanges(*m_executor);
        GatewayCallbacksTable callbacks(*m_executor);
        CallbackRefusalsTable refusals(*m_executor);
        for (const QAbstractItemModel* model : std::initializer_list<const QAbstractItemModel*>{&exchanges, &callbacks, &refusals}) {
            for (int column = 0; column < model->columnCount(); ++column) {
                QVERIFY(!model->headerData(column, Qt::Horizontal).toString().isEmpty());
            }
            QVERIFY(!model->headerData(0, Qt::Vertical).isValid());
        }
    }

private:
    static QModelIndex cell(const QAbstractItemModel& model, int column) { return model.index(0, column); }
    static void wait(const PagedTableModel& table)
    {
        QTRY_VERIFY(table.isCountExact());
        QTRY_VERIFY(!table.isLoading());
    }

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<ReadExecutor> m_executor;
};

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestGatewayTables)
#include "tst_gateway_tables.moc"
