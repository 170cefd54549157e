// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/shell/main_window.h"

#include <QDir>

#include <functional>

namespace counterfoil {

/// Walks through every page and dialog with the data that is there, in both looks and at two sizes, and saves a picture of each.
/// Waits for each page to be complete. With an empty or missing database it takes pictures of what is shown then.
class Tour : public QObject {
    Q_OBJECT
public:
    static constexpr int settleMs = 15000;

    Tour(MainWindow& window, Theme& theme, ReadExecutor& executor, const QDir& directory, QObject* parent = nullptr);

    /// Runs to the end. Returns the number of pictures. Errors: FileNotWritable, DatabaseBusy (a page wasn't complete in time).
    Result<int> run();

private:
    struct Subjects {
        std::vector<std::pair<QString, OrderId>> orders;
        std::vector<std::pair<QString, AccountId>> accounts;
        /// The first of the queue; none if it is empty.
        CaseId intervention;
    };
    Result<Subjects> findSubjects();
    Result<void> takeAll(const QString& look, const Subjects& subjects);
    Result<void> takeLists();
    Result<void> takeInterventions(const Subjects& subjects);
    Result<void> takeJobs();
    Result<void> takeGateway();
    Result<void> takeAudit();
    Result<void> takeOrders(const Subjects& subjects);
    Result<void> takeAccounts(const Subjects& subjects);
    Result<void> takeDialogs(const Subjects& subjects);
    Result<void> takeTabs(const QString& name, class QTabWidget* tabs);
    Result<void> shoot(const QString& name);
    Result<void> takeMenus();
    /// A dialog or menu, without opening it.
    Result<void> shootApart(const QString& name, QWidget& widget);
    Result<void> settle();
    bool waitUntil(const std::function<bool()>& reached);

    MainWindow& m_window;
    Theme& m_theme;
    ReadExecutor& m_executor;
    const QDir m_directory;
    QString m_look;
    int m_taken = 0;
};

} // namespace counterfoil
