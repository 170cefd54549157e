// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/order_importer.h"

#include "resources/resources.h"
#include "tests/workflows/services/import/fake_intake.h"

#include <QTemporaryDir>
#include <QTest>

using namespace counterfoil;

namespace {

const QByteArray mappingJson(R"({"fields":{"order_no":{"column":"no"},"buyer_ref":{"column":"buyer"},"currency":{"constant":"USD"},
    "sku":{"column":"sku"},"quantity":{"column":"qty"},"product_name":{"column":"sku"},"merchant_ref":{"constant":"m"},
    "unit_price":{"column":"price"}},"funding":{"shares":[{"value":"wallet","weight":1}]}})");
const QByteArray header("no,buyer,sku,qty,price\n");

/// Orders N0 to N<count-1>, every third with two rows.
QByteArray rowsOf(int count)
{
    QByteArray text;
    for (int i = 0; i < count; ++i) {
        const QByteArray row = "N" + QByteArray::number(i) + ",b,s,1," + QByteArray::number(i + 1) + ".00\n";
        text += i % 3 == 0 ? row + row : row;
    }
    return text;
}

QByteArray jsonLine(const QByteArray& number, int quantity)
{
    return R"({"order_no":")" + number + R"(","buyer":{"ref":"b"},"currency":"usd","funding":"wallet","items":[{"sku":"s","quantity":)"
           + QByteArray::number(quantity) + "}]}\n";
}

} // namespace

class TestOrderImporter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { initResources(); }

    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_intake = FakeIntake();
    }

    void importsInBatchesAndStoresTheEnd()
    {
        const ImportOptions options = csv(header + rowsOf(150));
        const ImportSummary summary = run(options).value();
        QVERIFY(summary.complete);
        QVERIFY(!summary.alreadyImported);
        QCOMPARE(summary.placed, 150);
        QCOMPARE(summary.rows, 200);
        QCOMPARE(summary.refused, 0);
        QVERIFY(summary.reportPath.isEmpty());
        QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files), QStringList{QStringLiteral("orders.csv")});
        QCOMPARE(m_intake.batches, (std::vector<qsizetype>{64, 64, 22, 0}));
        QCOMPARE(m_intake.lastActor, QStringLiteral("import:orders.csv"));
        QCOMPARE(m_intake.orders.at(QStringLiteral("N3")).lines.size(), std::size_t{2});
        const ImportProgress& stored = m_intake.progressOfFile.begin().value();
        QCOMPARE(stored.byteOffset, QFile(options.path).size());
        QCOMPARE(stored.placed, 150);
        QCOMPARE(stored.rows, 200);
    }

    void sameFileTwiceChangesNothing()
    {
        ImportOptions options = csv(header + rowsOf(10) + "bad,b,s,0,1.00\n");
        QVERIFY(run(options));
        const auto batches = m_intake.batches;
        const ImportSummary second = run(options).value();
        QVERIFY(second.alreadyImported);
        QVERIFY(second.complete);
        QCOMPARE(second.placed, 10);
        QCOMPARE(second.refused, 1);
        QCOMPARE(m_intake.batches, batches);

        options.again = true;
        const ImportSummary third = run(options).value();
        QVERIFY(!third.alreadyImported);
        QCOMPARE(third.placed, 0);
        QCOMPARE(third.existed, 10);
        QCOMPARE(third.refused, 1);
        QCOMPARE(reportOf(third).size(), 2);
    }

    void goesOnAfterStop()
    {
        ImportOptions options = csv(header + rowsOf(30) + "bad,b,s,0,1.00\n" + rowsOf(31).replace("N", "M"));
        options.batchSize = 4;
        options.stopAfter = 13;
        const ImportSummary first = run(options).value();
        QVERIFY(!first.complete);
        QCOMPARE(first.placed, 13);
        options.stopAfter.reset();
        const std::size_t batches = m_intake.batches.size();
        const ImportSummary second = run(options).value();
        QVERIFY(second.complete);
        QCOMPARE(second.placed, 61);
        QCOMPARE(second.existed, 0);
        QCOMPARE(second.refused, 1);
        QCOMPARE(second.rows, 30 + 10 + 1 + 31 + 11);
        QCOMPARE(m_intake.orders.size(), std::size_t{61});
        QCOMPARE(m_intake.batches.at(batches), 4);
        // 30 orders are 40 rows, and the header is line 1.
        QCOMPARE(reportOf(second).value(1).section(u',', 0, 2), QStringLiteral("42,bad,quantity_out_of_range"));
    }

    void goesOnAfterEveryBatchThatFailed_data()
    {
        QTest::addColumn<int>("batchSize");
        // With 1 and 5, a batch ends between the two orders that the row of no order refuses.
        for (const int size : {1, 2, 5}) {
            QTest::addRow("batches of %d", size) << size;
        }
    }
    void goesOnAfterEveryBatchThatFailed()
    {
        QFETCH(int, batchSize);
        ImportOptions options = csv(header + rowsOf(5) + "\xff,?,x\n" + rowsOf(5).replace("N", "M"));
        options.batchSize = batchSize;
        bool complete = false;
        int runs = 0;
        for (; !complete && runs < 20; ++runs) {
            m_intake.failAfterBatches = m_intake.batches.size() + 1;
            const Result<ImportSummary> summary = run(options);
            if (!summary) {
                QCOMPARE(toString(summary.error().code), toString(ErrorCode::DatabaseUnavailable));
            }
            complete = summary && summary->complete;
        }
        QVERIFY(complete);
        QVERIFY(runs > 1);
        const ImportProgress& stored = m_intake.progressOfFile.begin().value();
        QCOMPARE(stored.placed, 8);
        QCOMPARE(stored.existed, 0);
        QCOMPARE(stored.refused, 2);
        QCOMPARE(stored.rows, 7 + 1 + 7);
        QVERIFY(!m_intake.orders.contains(QStringLiteral("N4")));
        QVERIFY(!m_intake.orders.contains(QStringLiteral("M0")));
    }

    void reportsFormErrorsAndRefusals()
    {
        const ImportOptions options = csv(header + "=cmd()|x,b,s,0,1.00\nA,b,s,1,1.00\nB,b,s,1,1.00\nB,b,\"s\",x,1.00\nC,b,s,1,2.00\nA,b,s,1,9.00\n");
        m_intake.outOfStock = QStringLiteral("C");
        const ImportSummary summary = run(options).value();
        QVERIFY(summary.complete);
        QCOMPARE(summary.placed, 1);
        QCOMPARE(summary.refused, 4);
        QCOMPARE(summary.reportPath, options.path + QStringLiteral(".refused.csv"));
        const QStringList lines = reportOf(summary);
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines.at(0), QStringLiteral("line,order_number,error_code,detail"));
        QCOMPARE(lines.at(1), QStringLiteral("2,'=cmd()|x,quantity_out_of_range,the quantity is 0"));
        QCOMPARE(lines.at(2), QStringLiteral("5,B,quantity_out_of_range,the quantity 'x' is not a whole number"));
        QCOMPARE(lines.at(3), QStringLiteral("6,C,out_of_stock,\"'=HYPERLINK(\"\"x\"\"), nothing left\""));
        QCOMPARE(lines.at(4), QStringLiteral("7,A,already_exists_different,order A is there with other content"));
        QCOMPARE(summary.refusals.size(), std::size_t{4});
        QVERIFY(!m_intake.orders.contains(QStringLiteral("B")));
    }

    void otherContentInAnotherFileIsRefused()
    {
        QVERIFY(run(csv(header + "A,b,s,1,1.00\n")));
        const ImportSummary summary = run(csv(header + "A,b,s,2,1.00\nD,b,s,1,1.00\n", QStringLiteral("other.csv"))).value();
        QCOMPARE(summary.refused, 1);
        QCOMPARE(summary.placed, 1);
        QCOMPARE(toString(summary.refusals.at(0).error.code), toString(ErrorCode::AlreadyExistsDifferent));
    }

    void defusesCells_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cell");
        QTest::newRow("plain") << "abc" << "abc";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("equals") << "=1+1" << "'=1+1";
        QTest::newRow("plus") << "+1" << "'+1";
        QTest::newRow("minus") << "-1" << "'-1";
        QTest::newRow("at") << "@SUM(A1)" << "'@SUM(A1)";
        QTest::newRow("tab") << "\t=1" << "' =1";
        QTest::newRow("return") << "\r=1" << "' =1";
        QTest::newRow("inside") << "a=1" << "a=1";
        QTest::newRow("comma and quote") << "a,\"b\"" << "\"a,\"\"b\"\"\"";
        QTest::newRow("line end") << "a\nb" << "a b";
        QTest::newRow("right-to-left override") << QStringLiteral("a\u202eb") << "a\\u202eb";
    }
    void defusesCells()
    {
        QFETCH(QString, text);
        QTEST(csvField(text), "cell");
    }

    void stopsWhenCancelled()
    {
        std::atomic<bool> cancelled = false;
        ImportOptions options = csv(header + rowsOf(20));
        options.batchSize = 5;
        options.cancelled = &cancelled;
        options.progress = [&](const ImportProgressView& view) { cancelled = view.placed >= 10; };
        const ImportSummary summary = run(options).value();
        QVERIFY(summary.cancelled);
        QVERIFY(!summary.complete);
        QCOMPARE(summary.placed, 10);
        QCOMPARE(toString(run(options).error().code), toString(ErrorCode::Cancelled));
        cancelled = false;
        options.progress = nullptr;
        QCOMPARE(run(options)->placed, 20);
    }

    void tellsHowFarItIs()
    {
        ImportOptions options = csv(header + rowsOf(30));
        options.batchSize = 10;
        std::vector<ImportProgressView> views;
        options.progress = [&](const ImportProgressView& view) {
            views.push_back(view);
            m_clock.advance(Duration::seconds(1));
        };
        m_clock.advance(Duration::seconds(1));
        QVERIFY(run(options));
        QCOMPARE(views.size(), std::size_t{4});
        QVERIFY(!views[0].timeLeft);
        QCOMPARE(views[1].rows, 27);
        QCOMPARE(views[1].rowsPerSecond, 27);
        QVERIFY(views[1].timeLeft && views[1].timeLeft->micros() > 0);
        QCOMPARE(views[3].bytesDone, views[3].bytesTotal);
        QCOMPARE(views[3].timeLeft.value().micros(), 0);
    }

    void readsNdjson()
    {
        ImportOptions options = file(jsonLine("A", 1) + "\r\n" + jsonLine("B", 2) + "{\"order_no\":\"C\"}\nnonsense\n" + jsonLine("D", 0)
                                         + QByteArray(1024 * 1024 + 1, ' ').replace(0, 1, "x") + "\n" + jsonLine("A", 3) + jsonLine("E", 1),
                                     QStringLiteral("orders.ndjson"));
        options.openingStock = 7;
        options.batchSize = 2;
        options.stopAfter = 3;
        QVERIFY(!run(options)->complete);
        options.stopAfter.reset();
        const ImportSummary summary = run(options).value();
        QVERIFY(summary.complete);
        QCOMPARE(summary.placed, 3);
        QCOMPARE(summary.refused, 5);
        QCOMPARE(m_intake.orders.at(QStringLiteral("E")).openingStock, 7);
        QStringList shown;
        for (const QString& line : reportOf(summary)) {
            shown.append(line.section(u',', 0, 2));
        }
        QCOMPARE(shown, (QStringList{"line,order_number,error_code", "4,C,missing_field", "5,,malformed_input", "6,D,quantity_out_of_range",
                                     "7,,too_large", "8,A,already_exists_different"}));
    }

    void refusesWhatIsNoFileToImport_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("code");
        QTest::newRow("empty CSV") << "a.csv" << QByteArray() << "malformed_input";
        QTest::newRow("empty NDJSON") << "a.ndjson" << QByteArray() << "malformed_input";
        QTest::newRow("blank NDJSON") << "a.jsonl" << QByteArray("\n\n \n") << "malformed_input";
        QTest::newRow("header only") << "a.csv" << header << "malformed_input";
        QTest::newRow("missing columns") << "a.csv" << QByteArray("no,buyer\nA,b\n") << "missing_field";
        QTest::newRow("UTF-16") << "a.csv" << QByteArray("\xff\xfen\0", 4) << "invalid_text";
        QTest::newRow("unknown suffix") << "a.xlsx" << QByteArray("PK") << "configuration_invalid";
    }
    void refusesWhatIsNoFileToImport()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        const Result<ImportSummary> summary = run(file(content, name));
        QVERIFY(!summary);
        QTEST(toString(summary.error().code), "code");
        QVERIFY(m_intake.batches.empty());
        QVERIFY(m_intake.progressOfFile.isEmpty());
    }

    void refusesOptionsThatCantWork()
    {
        ImportOptions options = csv(header + rowsOf(1));
        options.reportPath = options.path;
        QCOMPARE(toString(run(options).error().code), toString(ErrorCode::ConfigurationInvalid));
        options.reportPath = QStringLiteral("/nowhere/at/all.csv");
        QCOMPARE(toString(run(options).error().code), toString(ErrorCode::FileNotWritable));
        options.reportPath.clear();
        options.mapping.reset();
        QCOMPARE(toString(run(options).error().code), toString(ErrorCode::ConfigurationInvalid));
        options.path = QStringLiteral("/nowhere/orders.csv");
        QCOMPARE(toString(run(options).error().code), toString(ErrorCode::FileUnreadable));
    }

    void importsTheBuiltInSample()
    {
        ImportOptions options;
        options.path = QStringLiteral(":/counterfoil/demo/superstore/superstore.csv");
        options.mapping = ColumnMapping::load(QStringLiteral("superstore")).value();
        options.stopAfter = 2500;
        QVERIFY(run(options));
        options.stopAfter.reset();
        const ImportSummary summary = run(options).value();
        QVERIFY(summary.complete);
        QCOMPARE(summary.placed, 5009);
        QCOMPARE(summary.rows, 9994);
        QCOMPARE(summary.existed + summary.refused, 0);
    }

private:
    Result<ImportSummary> run(const ImportOptions& options) { return OrderImporter(m_intake, m_clock).run(options); }

    ImportOptions file(const QByteArray& content, const QString& name)
    {
        ImportOptions options;
        options.path = m_directory->filePath(name);
        QFile written(options.path);
        require(written.open(QIODevice::WriteOnly) && written.write(content) == content.size(), "the test's file is written");
        options.mapping = ColumnMapping::parse(mappingJson).value();
        return options;
    }

    ImportOptions csv(const QByteArray& content, const QString& name = QStringLiteral("orders.csv")) { return file(content, name); }

    static QStringList reportOf(const ImportSummary& summary)
    {
        QFile report(summary.reportPath);
        require(report.open(QIODevice::ReadOnly), "there is a report");
        return QString::fromUtf8(report.readAll()).split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
    }

    FakeIntake m_intake;
    ManualClock m_clock{UtcTime(1'700'000'000'000'000)};
    std::unique_ptr<QTemporaryDir> m_directory;
};

QTEST_GUILESS_MAIN(TestOrderImporter)
#include "tst_order_importer.moc"
