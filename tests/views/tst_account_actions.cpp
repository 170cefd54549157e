// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/account_columns.h"
#include "models/tables/roles.h"
#include "tests/views/staffed_shop.h"
#include "views/accounts/account_page.h"
#include "views/accounts/balance_chart.h"
#include "views/accounts/balance_dialog.h"
#include "views/accounts/history_panel.h"
#include "views/accounts/holds_panel.h"
#include "views/desk/action_list.h"
#include "views/orders/order_page.h"
#include "views/widgets/amount_button.h"
#include "views/widgets/data_table.h"
#include "views/widgets/money_panel.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QTabWidget>

namespace counterfoil {

namespace {

enum Figure : std::size_t { Available, Frozen, Total, Billed };

QString figure(AccountPage* page, Figure which)
{
    return page->money()->buttons()[which]->accessibleName().section(QStringLiteral(": "), 1).replace(QChar(QChar::Nbsp), u' ');
}

} // namespace

/// Finance and supervisor at two consoles over one database with the real worker: money is frozen, unfrozen, adjusted and settled from an
/// account's page, and the screen follows by itself.
class TestAccountActions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_shop = std::make_unique<StaffedShop>(kind);
    }
    void cleanup() { m_shop.reset(); }

    void freezesUnfreezesAndAdjusts();
    void releasesASettlementEarly();
    void saysWhyAnActionIsNotAllowed();
    void asksForARefundFromTheOrdersPage();

private:
    void explainsItself(Seat& finance, AccountPage* page);

    std::unique_ptr<StaffedShop> m_shop;
};

void TestAccountActions::freezesUnfreezesAndAdjusts()
{
    const AccountId wallet = m_shop->fillWallet();
    Seat finance(*m_shop);
    QVERIFY(finance.sitDown(Role::Finance));
    finance.window.openAccount(wallet);
    auto* page = finance.shown<AccountPage>();
    QVERIFY(page);
    QCOMPARE(figure(page, Available), QStringLiteral("500.00 USD"));
    QVERIFY(page->actions()->button(CommandKind::Freeze)->isEnabled());

    // A freeze of this size needs nobody else. The page isn't told to read anything.
    QTest::mouseClick(page->actions()->button(CommandKind::Freeze), Qt::LeftButton);
    const CommandId freeze = finance.fileRequest(QStringLiteral("120.00"), QStringLiteral("a chargeback is announced"));
    QVERIFY(!freeze.isNone());
    QTRY_COMPARE_WITH_TIMEOUT(figure(page, Available), QStringLiteral("380.00 USD"), patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(figure(page, Frozen), QStringLiteral("120.00 USD"), patienceMs);
    QCOMPARE(figure(page, Total), QStringLiteral("500.00 USD"));

    page->tabs()->setCurrentWidget(page->holds());
    DataTable* holds = page->holds()->table();
    QTRY_COMPARE_WITH_TIMEOUT(holds->model()->rowCount(), 1, patienceMs);
    const QString cause = holds->model()->index(0, static_cast<int>(HoldColumn::Cause)).data().toString();
    QCOMPARE(cause, QStringLiteral("demo.finance: a chargeback is announced"));
    QVERIFY(!page->holds()->actions()->button(CommandKind::Unfreeze)->isEnabled());
    // No window manager gives the focus back to the window behind a dialog here.
    finance.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&finance.window));
    holds->setFocus();
    holds->selectRow(0);
    QVERIFY(page->holds()->actions()->button(CommandKind::Unfreeze)->isEnabled());
    QVERIFY(!page->holds()->actions()->button(CommandKind::ReleaseSettlement)->isEnabled());
    shoot(finance.window, "account-holds");
    QTest::keyClick(holds, Qt::Key_U);
    const CommandId unfreeze = finance.fileRequest({}, QStringLiteral("the buyer has paid again"));
    QVERIFY(!unfreeze.isNone());
    CF_COMPARE_ENUM(m_shop->command(unfreeze).status, CommandStatus::AwaitingApproval);
    QCOMPARE(figure(page, Available), QStringLiteral("380.00 USD"));

    Seat supervisor(*m_shop);
    QVERIFY(supervisor.sitDown(Role::Supervisor));
    QVERIFY(supervisor.approveFirst());
    QTRY_COMPARE_WITH_TIMEOUT(figure(page, Available), QStringLiteral("500.00 USD"), patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(holds->model()->rowCount(), 0, patienceMs);

    QTest::mouseClick(page->actions()->button(CommandKind::Adjust), Qt::LeftButton);
    auto* asking = finance.dialog<RequestDialog>();
    QVERIFY(asking);
    QVERIFY(asking->counter()->findData(toString(AccountKind::Rounding)) >= 0);
    const CommandId adjust = finance.fileRequest(QStringLiteral("-5.01"), QStringLiteral("credited twice"));
    QVERIFY(!adjust.isNone());
    QVERIFY(supervisor.approveFirst());
    QTRY_COMPARE_WITH_TIMEOUT(figure(page, Available), QStringLiteral("494.99 USD"), patienceMs);
    QVERIFY(m_shop->isSound());
    explainsItself(finance, page);
}

/// Why the wallet's 494.99 are what they are: by keyboard, to the cent; and how they came about.
void TestAccountActions::explainsItself(Seat& finance, AccountPage* page)
{
    page->money()->buttons()[Available]->setFocus();
    QTest::keyClick(page->money()->buttons()[Available], Qt::Key_Return);
    auto* why = finance.dialog<BalanceDialog>();
    QVERIFY(why);
    QTRY_VERIFY_WITH_TIMEOUT(why->isSettled(), patienceMs);
    QVERIFY(why->proof().agrees());
    QCOMPARE(why->proof().sum.minor(), qint64{49'499});
    QCOMPARE(why->table()->model()->rowCount(), 4);
    QVERIFY2(why->words().contains(QStringLiteral("4 postings")), qPrintable(why->words()));
    shoot(*why, "explain-available");
    why->accept();

    page->tabs()->setCurrentIndex(2);
    QTRY_VERIFY_WITH_TIMEOUT(page->history() && page->isSettled(), patienceMs);
    const BalancePoint& last = page->history()->chart()->history().points.back();
    QCOMPARE(last.available, m_shop->accountOf(page->account()).available);
    QCOMPARE(last.frozen.minor(), qint64{0});
    shoot(finance.window, "account-history");
}

void TestAccountActions::releasesASettlementEarly()
{
    const OrderId order = m_shop->placePaid(QStringLiteral("O-1"));
    const Hold settlement = selectRows<Hold>(m_shop->database().reader(), QStringLiteral("WHERE order_id = ? AND reason = 'settlement'"), {bound(order)})->front();
    Seat finance(*m_shop);
    QVERIFY(finance.sitDown(Role::Finance));
    finance.window.openAccount(settlement.account);
    auto* page = finance.shown<AccountPage>();
    QVERIFY(page);
    QCOMPARE(figure(page, Available), QStringLiteral("0.00 USD"));
    QCOMPARE(figure(page, Frozen), QStringLiteral("179.10 USD"));
    // Nothing that is available, so nothing to freeze.
    QVERIFY(!page->actions()->button(CommandKind::Freeze)->isEnabled());
    page->tabs()->setCurrentWidget(page->holds());
    page->holds()->table()->setFocus();
    page->holds()->table()->selectRow(0);
    QTest::keyClick(page->holds()->table(), Qt::Key_U);
    QVERIFY(finance.window.findChildren<RequestDialog*>().isEmpty());
    QTest::keyClick(page->holds()->table(), Qt::Key_R);
    QVERIFY(!finance.fileRequest({}, QStringLiteral("agreed with the merchant")).isNone());
    Seat supervisor(*m_shop);
    QVERIFY(supervisor.sitDown(Role::Supervisor));
    QVERIFY(supervisor.approveFirst());
    QTRY_COMPARE_WITH_TIMEOUT(figure(page, Available), QStringLiteral("179.10 USD"), patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(figure(page, Billed), QStringLiteral("179.10 USD"), patienceMs);
    QVERIFY(m_shop->isSound());
}

void TestAccountActions::saysWhyAnActionIsNotAllowed()
{
    const AccountId wallet = m_shop->fillWallet();
    const OrderId order = m_shop->placePaid(QStringLiteral("O-2"));
    Seat support(*m_shop);
    QVERIFY(support.sitDown(Role::Support));
    support.window.openAccount(wallet);
    auto* page = support.shown<AccountPage>();
    QVERIFY(page);
    for (const CommandKind kind : {CommandKind::Freeze, CommandKind::Adjust}) {
        const QPushButton* button = page->actions()->button(kind);
        QVERIFY(!button->isEnabled());
        QVERIFY(button->toolTip().contains(QStringLiteral("support")));
        QVERIFY(button->accessibleDescription().contains(QStringLiteral("support")));
    }
    QVERIFY(!page->actions()->ask(CommandKind::Freeze));
    shoot(support.window, "account-support");
    support.window.openOrder(order);
    auto* orderPage = support.shown<OrderPage>();
    QVERIFY(orderPage);
    QVERIFY(orderPage->actions()->button(CommandKind::Refund)->isEnabled());
    QCOMPARE(orderPage->actions()->button(CommandKind::AskGateway)->accessibleDescription(), QStringLiteral("The payment is decided already."));
}

void TestAccountActions::asksForARefundFromTheOrdersPage()
{
    const OrderId order = m_shop->placePaid(QStringLiteral("O-3"));
    const CaseId item = m_shop->openReview(order);
    Seat support(*m_shop);
    QVERIFY(support.sitDown(Role::Support));
    support.window.openOrder(order);
    auto* page = support.shown<OrderPage>();
    QVERIFY(page);
    QTest::mouseClick(page->actions()->button(CommandKind::Refund), Qt::LeftButton);
    const CommandId refund = support.fileRequest(QStringLiteral("20.00"), QStringLiteral("a scratch"));
    QVERIFY(!refund.isNone());
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->orderOf(order).refunded.minor(), qint64{2'000}, patienceMs);
    shoot(support.window, "order-actions");
    // Its cases are on the page, and Enter opens one.
    page->tabs()->setCurrentIndex(page->tabs()->count() - 1);
    auto* cases = qobject_cast<DataTable*>(page->tabs()->currentWidget());
    QVERIFY(cases);
    QTRY_COMPARE_WITH_TIMEOUT(cases->model()->rowCount(), 1, patienceMs);
    cases->selectRow(0);
    QTest::keyClick(cases, Qt::Key_Return);
    QCOMPARE(support.window.pages().location(), (Location{QStringLiteral("case"), item.value()}));
}

} // namespace counterfoil

QTEST_MAIN(counterfoil::TestAccountActions)
#include "tst_account_actions.moc"
