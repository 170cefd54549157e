// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/gateway_columns.h"
#include "models/tables/roles.h"
#include "tests/support/sample_rows.h"
#include "tests/views/console_fixture.h"
#include "views/gateway/callbacks_tab.h"
#include "views/gateway/exchanges_tab.h"
#include "views/gateway/forensic_words.h"
#include "views/gateway/gateway_page.h"
#include "views/gateway/refusals_tab.h"
#include "views/gateway/signature_bench.h"
#include "views/widgets/data_table.h"
#include "views/widgets/detail_pane.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/payload_viewer.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>

using namespace counterfoil;

namespace {

const QByteArray secret = "whsec_test_secret";

QString factOf(const DetailPane* pane, const QString& name)
{
    for (const Fact& fact : pane->facts()->facts()) {
        if (fact.name == name) {
            return fact.value;
        }
    }
    return {};
}

QString allText(const QWidget* root)
{
    QStringList texts;
    for (const QLabel* label : root->findChildren<QLabel*>()) {
        texts << label->text();
    }
    for (const QPlainTextEdit* edit : root->findChildren<QPlainTextEdit*>()) {
        texts << edit->toPlainText();
    }
    return texts.join(QLatin1Char('\n'));
}

} // namespace

class TestGatewayPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        open(12);
    }
    void cleanup() { m_console.reset(); }

    void listsRequestsOfAllOrders()
    {
        const DataTable* table = m_page->exchanges()->list()->table();
        QCOMPARE(table->model()->rowCount(), 6);
        QCOMPARE(m_page->tabs()->tabText(0), QStringLiteral("Requests  6"));
        QCOMPARE(table->model()->index(0, static_cast<int>(GatewayExchangeColumn::Operation)).data().toString(), QStringLiteral("Capture intent"));
        QVERIFY(m_page->exchanges()->details()->hasSubject());
    }

    void showsWhatWasSentAndWhatCameBack()
    {
        m_page->exchanges()->list()->table()->selectRow(5);
        QVERIFY(m_console->settled());
        const auto viewers = m_page->exchanges()->findChildren<PayloadViewer*>();
        QCOMPARE(viewers.size(), 2);
        QTRY_VERIFY(allText(m_page->exchanges()).contains(QStringLiteral("Idempotency-Key: order-create")));
        QTRY_VERIFY(allText(m_page->exchanges()).contains(QStringLiteral("requires_confirmation")));
        QTest::mouseClick(m_page->exchanges()->details()->orderButton(), Qt::LeftButton);
        QTRY_COMPARE(m_console->window->pages().location(), (Location{QStringLiteral("order"), SampleShop::ordinaryOrder}));
    }

    void filtersRequestsAndSaysWhatIsRead()
    {
        m_page->exchanges()->setFilter({.states = {ExchangeState::Refused}});
        QVERIFY(m_console->settled());
        QTRY_COMPARE(m_page->exchanges()->list()->table()->model()->rowCount(), 1);
        QCOMPARE(factOf(m_page->exchanges()->details(), QStringLiteral("Error")), QStringLiteral("card_declined"));
        m_page->exchanges()->setFilter({.states = {ExchangeState::Refused}, .operations = {GatewayOperation::FindIntent}});
        QVERIFY(m_console->settled());
        EmptyState* empty = m_page->exchanges()->list()->table()->emptyState();
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(!m_page->exchanges()->details()->hasSubject());
        QTest::mouseClick(empty->findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(m_page->exchanges()->list()->table()->model()->rowCount(), 6);
    }

    void showsCallbacksWithTheirBodies()
    {
        show(m_page->callbacks());
        const DataTable* table = m_page->callbacks()->list()->table();
        QCOMPARE(table->model()->rowCount(), 4);
        QTRY_VERIFY(allText(m_page->callbacks()).contains(QStringLiteral("customer.updated")));
        QCOMPARE(factOf(m_page->callbacks()->details(), QStringLiteral("Remark")), QStringLiteral("not about a payment"));
        m_page->callbacks()->setFilter({.freeText = QStringLiteral("CA-2024-9000")});
        QVERIFY(m_console->settled());
        QTRY_COMPARE(table->model()->rowCount(), 0); // its payment has another reference than the callback
        m_page->callbacks()->setFilter({.states = {CallbackState::Case}});
        QVERIFY(m_console->settled());
        QTRY_COMPARE(table->model()->rowCount(), 1);
    }

    void listsWhatWasRefusedAndLeadsToTheBench()
    {
        show(m_page->refusals());
        QCOMPARE(m_page->refusals()->list()->table()->model()->rowCount(), 3);
        QTest::mouseClick(m_page->refusals()->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(m_page->tabs()->currentWidget(), m_page->bench());
    }

    void keepsTheChosenRequestWhenOthersCome()
    {
        DataTable* table = m_page->exchanges()->list()->table();
        table->selectRow(2);
        QVERIFY(m_console->settled());
        const QString chosen = factOf(m_page->exchanges()->details(), QStringLiteral("Id"));
        GatewayExchange exchange;
        exchange.id = ExchangeId(2'000'000);
        exchange.transaction = TransactionId(1);
        exchange.idempotencyKey = QStringLiteral("new");
        exchange.createdAt = m_console->clock.now();
        CF_VERIFY_OK(insertRow(m_console->database->writer(), exchange));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 7, 10'000);
        QVERIFY(m_console->settled());
        QCOMPARE(factOf(m_page->exchanges()->details(), QStringLiteral("Id")), chosen);
        QTRY_COMPARE(table->currentIndex().data(IdRole).toString(), chosen);
    }

    void explainsASignature_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<int>("ageSeconds");
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<QString>("step");
        const QByteArray text = sampleBody();
        QTest::addRow("good") << text << 1 << QStringLiteral("This callback is accepted") << QStringLiteral("It fits the time and the body under the secret.");
        QTest::addRow("stale") << text << 7200 << QStringLiteral("The signature is right, but not of this time") << QStringLiteral("2 h before the moment of receipt");
        QTest::addRow("from the future") << text << -7200 << QStringLiteral("The signature is right, but not of this time") << QStringLiteral("the clock of this side is behind");
        QTest::addRow("a line end") << QByteArray(text + '\n') << 1 << QStringLiteral("The signature is not right as it stands") << QStringLiteral("without the space or line end around the body");
        QTest::addRow("another amount") << QByteArray(text).replace("105", "905") << 1 << QStringLiteral("The signature is not right") << QStringLiteral("something of the three is not what was signed");
    }
    void explainsASignature()
    {
        QFETCH(QByteArray, given);
        QFETCH(int, ageSeconds);
        QFETCH(QString, verdict);
        QFETCH(QString, step);
        SignatureBench* bench = m_page->bench();
        show(bench);
        const UtcTime signedAt(1'700'000'000'000'000);
        bench->setCallback(QString::fromUtf8(given), signedAt + Duration::seconds(ageSeconds));
        bench->headerField()->setPlainText(QString::fromLatin1(signCallback(secret, sampleBody(), signedAt)));
        bench->secretField()->setText(QString::fromLatin1(secret));
        QTest::keyClick(bench->secretField(), Qt::Key_Return);
        QTRY_COMPARE(bench->verdict(), verdict);
        QVERIFY2(allText(bench).contains(step), qPrintable(allText(bench)));
        QVERIFY(!allText(bench).contains(QString::fromLatin1(secret)));
    }

    void comparesWithASecondSecret()
    {
        SignatureBench* bench = m_page->bench();
        show(bench);
        const UtcTime now = m_console->clock.now();
        bench->setCallback(QString::fromUtf8(sampleBody()), now);
        bench->headerField()->setPlainText(QString::fromLatin1(signCallback("whsec_new", sampleBody(), now)));
        bench->secretField()->setText(QString::fromLatin1(secret));
        bench->otherSecretField()->setText(QStringLiteral("whsec_new"));
        QTest::mouseClick(bench->checkButton(), Qt::LeftButton);
        QTRY_COMPARE(bench->verdict(), QStringLiteral("This callback is accepted"));
        QVERIFY(allText(bench).contains(QStringLiteral("under secret 2 of 2")));
    }

    void comparesTheBytesThatCameAndNotWhatAFieldMakesOfThem()
    {
        SignatureBench* bench = m_page->bench();
        show(bench);
        const UtcTime now = m_console->clock.now();
        const QByteArray odd = QByteArray(sampleBody()).replace(",", ",\r\n") + "\xc2\xa0";
        bench->setCallback(QString::fromUtf8(odd), now);
        bench->headerField()->setPlainText(QString::fromLatin1(signCallback(secret, odd, now)));
        bench->secretField()->setText(QString::fromLatin1(secret));
        QTest::mouseClick(bench->checkButton(), Qt::LeftButton);
        QTRY_VERIFY(!bench->verdict().isEmpty());
        QVERIFY2(allText(bench).contains(QStringLiteral("It fits the time and the body")), qPrintable(allText(bench)));
    }

    void saysWhatIsMissing()
    {
        SignatureBench* bench = m_page->bench();
        show(bench);
        QTest::mouseClick(bench->checkButton(), Qt::LeftButton);
        QTRY_COMPARE(bench->verdict(), QStringLiteral("The header can't be read"));
        bench->headerField()->setPlainText(QStringLiteral("t=1700000000,v0=<b>x</b>"));
        QTest::mouseClick(bench->checkButton(), Qt::LeftButton);
        QTRY_VERIFY(allText(bench).contains(QStringLiteral("no other scheme counts. It has: t, v0")));
    }

    void forgetsSecretsWhenItIsLeft()
    {
        SignatureBench* bench = m_page->bench();
        show(bench);
        bench->secretField()->setText(QString::fromLatin1(secret));
        bench->otherSecretField()->setText(QString::fromLatin1(secret));
        QCOMPARE(bench->secretField()->echoMode(), QLineEdit::Password);
        m_console->window->pages().go({QStringLiteral("orders"), 0});
        QVERIFY(bench->secretField()->text().isEmpty());
        QVERIFY(bench->otherSecretField()->text().isEmpty());
    }

    void takesAStoredBodyToTheBench()
    {
        show(m_page->callbacks());
        QTest::mouseClick(m_page->callbacks()->checkButton(), Qt::LeftButton);
        QCOMPARE(m_page->tabs()->currentWidget(), m_page->bench());
        QVERIFY(m_page->bench()->bodyField()->toPlainText().contains(QStringLiteral("customer.updated")));
    }

    void saysWhyListsAreEmpty()
    {
        open(-1);
        for (QWidget* tab : {static_cast<QWidget*>(m_page->exchanges()), static_cast<QWidget*>(m_page->callbacks()), static_cast<QWidget*>(m_page->refusals())}) {
            show(tab);
            QTRY_VERIFY(tab->findChild<DataTable*>()->emptyState()->isVisible());
        }
    }

private:
    static QByteArray sampleBody()
    {
        return R"({"id":"evt_1","type":"payment_intent.succeeded","created":1700000000,"livemode":false,"data":{"object":{"id":"pi_1","object":"payment_intent","amount":10500}}})";
    }

    void open(int orders)
    {
        m_console = std::make_unique<ConsoleFixture>(orders);
        QVERIFY(m_console->open());
        m_console->window->pages().go({QStringLiteral("gateway"), 0});
        QVERIFY(m_console->settled());
        m_page = m_console->page<GatewayPage>();
        QVERIFY(m_page != nullptr);
    }

    void show(QWidget* tab)
    {
        m_page->tabs()->setCurrentWidget(tab);
        QVERIFY(m_console->settled());
    }

    std::unique_ptr<ConsoleFixture> m_console;
    GatewayPage* m_page = nullptr;
};

QTEST_MAIN(TestGatewayPage)
#include "tst_gateway_page.moc"
