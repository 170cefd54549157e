// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/audit_table.h"
#include "models/tables/roles.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace counterfoil {

/// The audit trail as a table, against a real database and its thread.
class TestAuditTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_database = TestDatabase::create(kind);
        for (qint64 n = 1; n <= 500; ++n) {
            put(n, n % 2 == 0 ? QStringLiteral("worker") : QStringLiteral("alice"));
        }
        m_executor = std::make_unique<ReadExecutor>(m_database->url());
    }
    void cleanup()
    {
        m_executor.reset();
        m_database.reset();
    }

    void listsTheNewestFirst()
    {
        AuditTable table(*m_executor);
        const QAbstractItemModelTester tester(&table);
        show(table, {});
        QCOMPARE(table.rowCount(), 500);
        QCOMPARE(idAt(table, 0), 500);
        QCOMPARE(textAt(table, 0, AuditColumn::Action), QStringLiteral("order.transition"));
        QCOMPARE(textAt(table, 0, AuditColumn::After), QStringLiteral("<b>paid</b>"));
        QCOMPARE(textAt(table, 0, AuditColumn::Subject), OrderId(500).toText());
        QCOMPARE(table.index(0, 0).data(OrderIdRole).toLongLong(), 500);
    }

    void takesInWhatIsDoneMeanwhileWithoutReset()
    {
        AuditTable table(*m_executor);
        const QAbstractItemModelTester tester(&table);
        show(table, {.actor = QStringLiteral("alice")});
        QCOMPARE(table.rowCount(), 250);
        const QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
        put(501, QStringLiteral("alice"));
        put(502, QStringLiteral("worker"));
        table.refresh();
        QTRY_COMPARE(table.rowCount(), 251);
        QCOMPARE(idAt(table, 0), 501);
        QVERIFY(resets.isEmpty());
    }

    void everyColumnHasAHeader()
    {
        AuditTable table(*m_executor);
        for (int column = 0; column < table.columnCount(); ++column) {
            QVERIFY(!table.headerData(column, Qt::Horizontal).toString().isEmpty());
        }
    }

private:
    void put(qint64 n, const QString& actor)
    {
        CF_VERIFY_OK(insertRow(m_database->writer(), AuditEvent{AuditEventId(n), sampleTime + Duration::seconds(n), actor, QStringLiteral("order.transition"), OrderId(n).toText(),
                                                                QStringLiteral("paying"), QStringLiteral("<b>paid</b>"), QString()}));
    }

    static void show(AuditTable& table, const AuditFilter& filter)
    {
        table.setFilter(filter);
        QTRY_VERIFY(table.isCountExact());
        QTRY_VERIFY(!table.isLoading());
    }

    static qint64 idAt(const AuditTable& table, int row) { return table.index(row, 0).data(IdValueRole).toLongLong(); }
    static QString textAt(const AuditTable& table, int row, AuditColumn column) { return table.index(row, static_cast<int>(column)).data().toString(); }

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<ReadExecutor> m_executor;
};

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestAuditTable)
#include "tst_audit_table.moc"
