// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/account_columns.h"
#include "models/tables/posting_columns.h"
#include "models/tables/roles.h"
#include "tests/support/sample_rows.h"
#include "tests/views/console_fixture.h"
#include "views/accounts/account_page.h"
#include "views/accounts/accounts_page.h"
#include "views/accounts/balance_chart.h"
#include "views/accounts/balance_dialog.h"
#include "views/accounts/history_panel.h"
#include "views/accounts/holds_panel.h"
#include "views/widgets/amount_button.h"
#include "views/widgets/data_table.h"
#include "views/widgets/filter_bar.h"
#include "views/widgets/money_panel.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>

using namespace counterfoil;

class TestAccounts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        m_console = std::make_unique<ConsoleFixture>(5);
        QVERIFY(m_console->open());
        m_console->window->pages().go({QStringLiteral("accounts"), 0});
        QVERIFY(m_console->settled());
    }
    void cleanup() { m_console.reset(); }

    void listsBalances()
    {
        const QAbstractItemModel* model = m_console->page<AccountsPage>()->table()->model();
        QCOMPARE(model->rowCount(), 12);
        QCOMPARE(model->index(3, static_cast<int>(AccountColumn::Owner)).data().toString(), QStringLiteral("Northwind Office Supplies"));
        QCOMPARE(model->index(3, static_cast<int>(AccountColumn::Total)).data(AmountRole).value<Money>(), Money(qint64{3'831'213}, Currency()));
        QVERIFY(model->index(0, static_cast<int>(AccountColumn::Available)).data(AmountRole).value<Money>().isNegative());
    }

    void filtersByKindAndOwner()
    {
        auto* page = m_console->page<AccountsPage>();
        AccountFilter filter;
        filter.kind = AccountKind::Wallet;
        page->setFilter(filter);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(page->table()->model()->rowCount(), 8);
        QCOMPARE(page->findChild<FilterBar*>()->chips().size(), 1);
        auto* search = page->findChild<FilterBar*>()->search();
        QTest::keyClicks(search, QStringLiteral("Claire"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(page->table()->model()->rowCount(), 1);
    }

    void opensAnAccountAndLeadsToTheOrderOfAPosting()
    {
        auto* list = m_console->page<AccountsPage>();
        list->table()->selectRow(3);
        QTest::keyClick(list->table(), Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location(), (Location{QStringLiteral("account"), SampleShop::merchantAccount}));
        QVERIFY(m_console->settled());
        auto* page = m_console->page<AccountPage>();
        QCOMPARE(page->tabs()->tabText(1), QStringLiteral("Holds  2"));
        auto* postings = page->postings();
        QCOMPARE(postings->model()->rowCount(), 23);
        postings->selectRow(0);
        QTest::keyClick(postings, Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location().page, QStringLiteral("order"));
    }

    void showsOneBucketOnly()
    {
        m_console->window->openAccount(AccountId(SampleShop::merchantAccount));
        QVERIFY(m_console->settled());
        auto* page = m_console->page<AccountPage>();
        auto* bucket = page->findChild<QComboBox*>();
        bucket->setCurrentIndex(1);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(page->postings()->model()->rowCount(), 20);
        bucket->setCurrentIndex(2);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(page->postings()->model()->rowCount(), 3);
    }

    void anAccountWithoutMovementsSaysSo()
    {
        m_console->window->openAccount(AccountId(SampleShop::walletAccount));
        QVERIFY(m_console->settled());
        QCOMPARE(m_console->page<AccountPage>()->tabs()->tabText(1), QStringLiteral("Holds"));
    }

    void sortsHoldsByAge()
    {
        m_console->window->openAccount(AccountId(SampleShop::merchantAccount));
        QVERIFY(m_console->settled());
        auto* page = m_console->page<AccountPage>();
        page->tabs()->setCurrentIndex(1);
        DataTable* holds = page->holds()->table();
        const auto since = [holds](int row) { return holds->model()->index(row, static_cast<int>(HoldColumn::CreatedAt)).data(TimeRole).toLongLong(); };
        QCOMPARE(holds->model()->rowCount(), 2);
        QVERIFY(since(0) < since(1));
        holds->sortByColumn(static_cast<int>(HoldColumn::Age), Qt::AscendingOrder);
        QVERIFY(since(0) > since(1));
        holds->selectRow(0);
        QTest::keyClick(holds, Qt::Key_Return);
        QTRY_COMPARE(m_console->window->pages().location().page, QStringLiteral("order"));
    }

    void explainsEachFigure()
    {
        m_console->window->openAccount(AccountId(SampleShop::merchantAccount));
        QVERIFY(m_console->settled());
        auto* page = m_console->page<AccountPage>();
        const std::array rows{20, 3, 23, 20};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QTest::mouseClick(page->money()->buttons()[i], Qt::LeftButton);
            auto* why = page->findChild<BalanceDialog*>();
            QVERIFY(why);
            QTRY_VERIFY(why->isSettled());
            QVERIFY(why->proof().agrees());
            QCOMPARE(why->table()->model()->rowCount(), rows[i]);
            // Down to nothing.
            const auto last = [why, row = rows[i] - 1](PostingColumn column) { return why->table()->model()->index(row, static_cast<int>(column)).data(AmountRole).value<Money>(); };
            QCOMPARE(last(PostingColumn::BalanceAfter), last(PostingColumn::Amount));
            delete why;
        }
    }

    void explainsAPastMoment()
    {
        m_console->window->openAccount(AccountId(SampleShop::merchantAccount));
        QVERIFY(m_console->settled());
        auto* page = m_console->page<AccountPage>();
        QTest::mouseClick(page->money()->buttons()[0], Qt::LeftButton);
        auto* why = page->findChild<BalanceDialog*>();
        QTRY_VERIFY(why->isSettled());
        QVERIFY(why->nowButton()->isChecked());
        why->momentField()->setDateTime(QDateTime::currentDateTime().addDays(-20));
        QTRY_VERIFY(why->isSettled() && !why->nowButton()->isChecked());
        QCOMPARE(why->proof().postings, 10);
        QCOMPARE(why->proof().laterPostings, 10);
        QVERIFY(why->proof().agrees());
        QTest::mouseClick(why->nowButton(), Qt::LeftButton);
        QTRY_VERIFY(why->isSettled() && why->nowButton()->isChecked());
        QCOMPARE(why->proof().postings, 20);
    }

    void saysWhenTheBooksDontAgree()
    {
        CF_VERIFY_OK(m_console->database->writer().execute(QStringLiteral("UPDATE account SET available = available + 1 WHERE id = ?"), {bound(SampleShop::merchantAccount)}));
        m_console->window->openAccount(AccountId(SampleShop::merchantAccount));
        QVERIFY(m_console->settled());
        QTest::mouseClick(m_console->page<AccountPage>()->money()->buttons()[0], Qt::LeftButton);
        auto* why = m_console->page<AccountPage>()->findChild<BalanceDialog*>();
        QTRY_VERIFY(why->isSettled());
        QVERIFY2(why->words().startsWith(QStringLiteral("The books don't agree")), qPrintable(why->words()));
    }

    void drawsTheHistoryWhenItIsLookedAt()
    {
        m_console->window->openAccount(AccountId(SampleShop::merchantAccount));
        QVERIFY(m_console->settled());
        auto* page = m_console->page<AccountPage>();
        QVERIFY(!page->history());
        page->tabs()->setCurrentIndex(2);
        QVERIFY(m_console->settled());
        HistoryPanel* history = page->history();
        QVERIFY(history);
        const std::vector<BalancePoint>& points = history->chart()->history().points;
        QCOMPARE(points.back().available, usd(2'950'012));
        QCOMPARE(points.back().frozen, usd(881'201));
        history->setRange(HistoryPanel::Range::All);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(history->postings()->model()->rowCount(), 23);
        QCOMPARE(points.front().available, usd(0));
        QVERIFY(!history->chart()->accessibleDescription().isEmpty());
        // A step leads to what made it, and Escape back to everything.
        history->chart()->setFocus();
        QTest::keyClick(history->chart(), Qt::Key_Home);
        QTest::keyClick(history->chart(), Qt::Key_Right);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(history->postings()->model()->rowCount(), 1);
        QCOMPARE(history->postings()->model()->index(0, static_cast<int>(PostingColumn::Amount)).data(AmountRole).value<Money>(), points[1].available);
        QTest::keyClick(history->chart(), Qt::Key_Escape);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(history->postings()->model()->rowCount(), 23);
        // Another account, while the tab is shown.
        m_console->window->openAccount(AccountId(SampleShop::walletAccount));
        QVERIFY(m_console->settled());
        QVERIFY(points.empty());
    }

    void saysWhenAnAccountIsNotThere()
    {
        m_console->window->openAccount(AccountId(424'242));
        QVERIFY(m_console->settled());
        QVERIFY(!m_console->page<AccountPage>()->tabs()->isVisible());
    }

private:
    std::unique_ptr<ConsoleFixture> m_console;
};

QTEST_MAIN(TestAccounts)
#include "tst_accounts.moc"
