// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/embedded_services.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"
#include "views/desk/command_dialog.h"
#include "views/desk/desk.h"
#include "views/desk/gateway_glance.h"
#include "views/desk/request_dialog.h"
#include "views/shell/main_window.h"

#include <QApplication>

namespace counterfoil {

/// How long a test waits for the worker, in milliseconds.
inline constexpr int patienceMs = 30'000;

/// A shop that sells one desk at 199.00 USD, with the real worker and the sandbox gateway, and the people of a demonstration. Whatever goes
/// wrong while it is set up aborts the test program.
class StaffedShop {
public:
    /// The options' database is its own.
    explicit StaffedShop(DatabaseKind kind, EmbeddedOptions options = {});
    ~StaffedShop();

    Theme& theme() const;
    const Clock& clock() const { return m_clock; }
    TestDatabase& database() { return *m_database; }
    EmbeddedServices& services() { return *m_services; }

    /// To be paid by card.
    OrderId place(const QString& number);
    /// Paid by card; returns once the worker has it.
    OrderId placePaid(const QString& number);
    /// A case about an order that somebody has to decide.
    CaseId openReview(OrderId order);
    /// Ada's wallet with 500.00 USD in it.
    AccountId fillWallet();

    OperatorCommand command(CommandId id) { return selectRows<OperatorCommand>(m_database->reader(), QStringLiteral("WHERE id = ?"), {bound(id)})->front(); }
    Order orderOf(OrderId id) { return selectRows<Order>(m_database->reader(), QStringLiteral("WHERE id = ?"), {bound(id)})->front(); }
    Account accountOf(AccountId id) { return selectRows<Account>(m_database->reader(), QStringLiteral("WHERE id = ?"), {bound(id)})->front(); }
    /// The books are sound.
    bool isSound();

private:
    void fill();

    SystemClock m_clock;
    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<EmbeddedServices> m_services;
};

/// One person's console.
struct Seat {
    explicit Seat(StaffedShop& shop) : Seat(shop, shop.database().url()) {}
    /// With a login of the person's own.
    Seat(StaffedShop& shop, const DatabaseUrl& url)
        : executor(url), desk(url, shop.clock()), gateway({shop.services().gatewayUrl(), shop.services().gatewayKey()}, shop.clock()), window(shop.theme(), shop.clock(), executor, desk, &gateway)
    {
        window.show();
        window.start();
    }

    /// Somebody of this role works here from now on.
    bool sitDown(Role role);

    template<class PageType>
    PageType* shown()
    {
        auto* page = qobject_cast<PageType*>(window.pages().currentPage());
        return page && QTest::qWaitFor([page] { return page->isSettled(); }, patienceMs) ? page : nullptr;
    }

    template<class PageType>
    PageType* go(const char* page)
    {
        window.pages().go({QString::fromLatin1(page), 0});
        return shown<PageType>();
    }

    template<class DialogType>
    DialogType* dialog()
    {
        const auto found = [this] {
            const auto dialogs = window.findChildren<DialogType*>();
            const auto visible = std::ranges::find_if(dialogs, &QWidget::isVisible);
            return visible == dialogs.end() ? nullptr : *visible;
        };
        return QTest::qWaitFor([&] { return found() != nullptr; }, patienceMs) ? found() : nullptr;
    }

    /// Fills in what is asked for by now, looks at the preview and files it; `amount` may be empty. None if it doesn't come to that.
    CommandId fileRequest(const QString& amount, const QString& reason);
    /// Approves the first of the commands that wait for others.
    bool approveFirst();

    ReadExecutor executor;
    Desk desk;
    GatewayGlance gateway;
    MainWindow window;
};

/// Kept where COUNTERFOIL_TEST_PICTURES says, if it does.
void shoot(QWidget& widget, const char* name);

} // namespace counterfoil
