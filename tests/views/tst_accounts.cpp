// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/account_columns.h"
#include "models/tables/roles.h"
#include "tests/views/console_fixture.h"
#include "views/accounts/account_page.h"
#include "views/accounts/accounts_page.h"
#include "views/widgets/data_table.h"
#include "views/widgets/filter_bar.h"

#include <QComboBox>
#include <QLineEdit>
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
        QCOMPARE(postings->model()->rowCount(), 2);
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
        QTRY_COMPARE(page->postings()->model()->rowCount(), 0);
        bucket->setCurrentIndex(2);
        QVERIFY(m_console->settled());
        QTRY_COMPARE(page->postings()->model()->rowCount(), 2);
    }

    void anAccountWithoutMovementsSaysSo()
    {
        m_console->window->openAccount(AccountId(SampleShop::walletAccount));
        QVERIFY(m_console->settled());
        QCOMPARE(m_console->page<AccountPage>()->tabs()->tabText(1), QStringLiteral("Holds"));
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
