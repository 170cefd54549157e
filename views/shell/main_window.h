// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/shell/command_registry.h"
#include "views/shell/page_stack.h"
#include "views/shell/status_monitor.h"

#include <QDialog>
#include <QMainWindow>
#include <QPointer>

class QPushButton;
class QStackedWidget;

namespace counterfoil {

class CaseBell;
class CommandPalette;
class EmptyState;
class EnvironmentBanner;
class IdleWatch;
class NavigationRail;
class StartPage;
class StatusPanel;

/// The console's window: banner, navigation rail, pages, palette, status bar. It reads only through the executor.
class MainWindow : public QMainWindow, private Navigator {
    Q_OBJECT
public:
    MainWindow(Theme& theme, const Clock& clock, ReadExecutor& executor, Desk& desk, GatewayGlance* gateway = nullptr, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Shows the overview and begins to read; the start page comes if the database can't be used.
    void start();
    /// Window size, page splitters and theme of the last time.
    void restoreState();

    /// Whether what is shown is read again when something has changed; on from the beginning.
    void setFollowing(bool follows) { m_follows = follows; }

    PageStack& pages() { return *m_pages; }
    CommandPalette& palettePanel() { return *m_palette; }
    CommandRegistry& commands() { return *m_commands; }
    EnvironmentBanner& banner() { return *m_banner; }
    CaseBell& bell() { return *m_bell; }
    IdleWatch& idleWatch() { return *m_idle; }
    /// Nobody has touched anything for a while: who works here has to sign in again, and sees nothing until then.
    bool isLocked() const;
    /// The database has answered.
    bool isOpen() const { return m_open; }
    /// The start page has said what is the matter.
    bool hasProblem() const { return m_problem; }

    void openOrder(OrderId order) override;
    void openAccount(AccountId account) override;
    void openOrders(const OrderFilter& filter) override;
    void openAccounts(const QString& owner) override;
    void openCase(CaseId item) override;

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void addCommands();
    void addThemeCommands();
    QWidget* buildTopBar();
    void connectDatabase();
    void handleStatus(const SystemStatus& status);
    void handleFailure(const Error& error);
    void handleLocation(const Location& location);
    void setLost(bool lost);
    void showTitle(const QString& title);
    void exportList();
    void lock();
    void unlock();
    void showShortcuts();
    void showAbout();

    Theme& m_theme;
    const Clock& m_clock;
    ReadExecutor& m_executor;
    Desk& m_desk;
    CommandRegistry* m_commands;
    StatusMonitor* m_monitor;
    EnvironmentBanner* m_banner;
    NavigationRail* m_rail;
    QStackedWidget* m_center;
    StartPage* m_start;
    QWidget* m_workspace;
    PageStack* m_pages;
    StatusPanel* m_status;
    CaseBell* m_bell;
    IdleWatch* m_idle;
    EmptyState* m_lock;
    /// Who was at work when it was locked, and what was open: it comes back with this person only.
    QString m_lockedLogin;
    QList<QPointer<QDialog>> m_lockedDialogs;
    CommandPalette* m_palette;
    bool m_open = false;
    bool m_problem = false;
    bool m_lost = false;
    bool m_follows = true;
};

} // namespace counterfoil
