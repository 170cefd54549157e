// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/embedded_services.h"
#include "views/desk/desk.h"
#include "views/desk/gateway_glance.h"
#include "views/shell/main_window.h"

#include <QTest>

namespace counterfoil {

inline constexpr int patienceMs = 30'000;

/// One person's console.
struct Seat {
    Seat(Theme& theme, const Clock& clock, const EmbeddedServices& services, const DatabaseUrl& url)
        : executor(url), desk(url, clock), gateway({services.gatewayUrl(), services.gatewayKey()}, clock), window(theme, clock, executor, desk, &gateway)
    {
        window.show();
        window.start();
    }

    bool sitDown(Role role)
    {
        const auto known = [&] { return window.isOpen() && (desk.isSignedInByDatabase() || !desk.demonstrationPeople().empty()); };
        if (!QTest::qWaitFor(known, patienceMs)) {
            return false;
        }
        if (desk.isSignedInByDatabase()) {
            return desk.person().role == role;
        }
        const auto person = std::ranges::find(desk.demonstrationPeople(), role, &Person::role);
        desk.workAs(*person);
        return true;
    }

    template<class PageType>
    PageType* go(const char* page)
    {
        window.pages().go({QString::fromLatin1(page), 0});
        auto* shown = qobject_cast<PageType*>(window.pages().currentPage());
        return QTest::qWaitFor([shown] { return shown->isSettled(); }, patienceMs) ? shown : nullptr;
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

    ReadExecutor executor;
    Desk desk;
    GatewayGlance gateway;
    MainWindow window;
};

} // namespace counterfoil
