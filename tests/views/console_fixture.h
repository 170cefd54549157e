// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/read_executor.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"
#include "tests/views/sample_shop.h"
#include "views/desk/desk.h"
#include "views/shell/command_palette.h"
#include "views/shell/main_window.h"

#include <QApplication>
#include <QStandardPaths>

namespace counterfoil {

/// A console on a fresh SQLite database, with the sample shop in it or empty.
class ConsoleFixture {
public:
    /// Fewer than 0 orders: no sample shop at all.
    explicit ConsoleFixture(int orders)
    {
        QStandardPaths::setTestModeEnabled(true);
        database = TestDatabase::create(DatabaseKind::Sqlite);
        if (orders >= 0) {
            const Result<void> filled = fillSampleShop(database->writer(), orders, clock.now());
            require(filled.has_value(), "the sample shop could not be made");
        }
        executor = std::make_unique<ReadExecutor>(database->url());
        desk = std::make_unique<Desk>(database->url(), clock);
        window = std::make_unique<MainWindow>(theme(), clock, *executor, *desk);
        window->show();
        window->start();
    }

    /// One theme per program: it sets the application's style.
    static Theme& theme()
    {
        static auto* theme = new Theme(*qApp, ThemeMode::Light);
        return *theme;
    }

    bool open() const
    {
        return QTest::qWaitFor([this] { return window->isOpen(); }, 10'000) && settled();
    }

    bool settled() const
    {
        return QTest::qWaitFor([this] { return window->pages().currentPage() != nullptr && window->pages().currentPage()->isSettled(); }, 10'000);
    }

    template<class PageType>
    PageType* page() const
    {
        return qobject_cast<PageType*>(window->pages().currentPage());
    }

    SystemClock clock;
    std::unique_ptr<TestDatabase> database;
    std::unique_ptr<ReadExecutor> executor;
    std::unique_ptr<Desk> desk;
    std::unique_ptr<MainWindow> window;
};

} // namespace counterfoil
