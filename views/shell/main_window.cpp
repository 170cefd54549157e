// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/main_window.h"

#include "models/base/text.h"
#include "views/accounts/accounts_page.h"
#include "views/desk/case_bell.h"
#include "views/desk/desk.h"
#include "views/desk/idle_watch.h"
#include "views/desk/person_button.h"
#include "views/desk/sign_in_dialog.h"
#include "views/orders/orders_page.h"
#include "views/shell/command_palette.h"
#include "views/shell/environment_banner.h"
#include "views/shell/info_dialogs.h"
#include "views/shell/navigation_rail.h"
#include "views/shell/start_page.h"
#include "views/shell/status_panel.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/labels.h"

#include <QAction>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QMenuBar>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>

namespace counterfoil {

namespace {
/// What a window manager puts around a window, at most.
constexpr int frameAllowance = 48;
constexpr int messageMs = 5000;
constexpr int titleLengthMax = 80;
} // namespace

MainWindow::MainWindow(Theme& theme, const Clock& clock, ReadExecutor& executor, Desk& desk, GatewayGlance* gateway, QWidget* parent)
    : QMainWindow(parent),
      m_theme(theme),
      m_clock(clock),
      m_executor(executor),
      m_desk(desk),
      m_commands(new CommandRegistry(theme, this)),
      m_monitor(new StatusMonitor(executor, clock, this)),
      m_banner(new EnvironmentBanner(theme, this)),
      m_rail(new NavigationRail(theme, this)),
      m_center(new QStackedWidget(this)),
      m_start(new StartPage(theme, executor.url().toText(), this)),
      m_workspace(new QWidget(this)),
      m_pages(new PageStack({theme, clock, executor, *this, &desk, gateway}, this)),
      m_status(new StatusPanel(theme, executor.url(), this)),
      m_bell(new CaseBell(theme, executor, this)),
      m_idle(new IdleWatch(this)),
      m_lock(new EmptyState(theme, this)),
      m_palette(nullptr)
{
    addCommands();
    addThemeCommands();
    m_commands->buildMenus(menuBar());
    for (const char* page : {"overview", "interventions", "approvals", "orders", "accounts", "jobs", "gateway", "audit", "administration"}) {
        m_rail->addPage(QString::fromLatin1(page), m_commands->action(QStringLiteral("go.") + QLatin1String(page)));
    }
    auto* column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildTopBar());
    column->addWidget(m_bell);
    column->addWidget(m_pages, 1);
    auto* row = new QHBoxLayout(m_workspace);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addLayout(column, 1);
    m_center->addWidget(m_start);
    m_center->addWidget(m_workspace);
    m_center->addWidget(m_lock);
    m_lock->setContent(Icon::Lock, tr("Locked"), tr("Nobody touched the console for a while. What was open is still there, for who worked here."));
    m_lock->setAction(tr("Sign in"));
    auto* body = new QWidget(this);
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_center, 1);
    setCentralWidget(body);
    statusBar()->addWidget(m_status, 1);
    statusBar()->setSizeGripEnabled(false);
    m_palette = new CommandPalette({theme, clock, executor, *this, &desk, gateway}, *m_commands, this);
    setMinimumSize(960, 560);
    resize(1280, 720);
    showTitle({});
    connectDatabase();
}

MainWindow::~MainWindow() = default;

void MainWindow::addCommands()
{
    const auto go = [this](const char* page) { return [this, page] { m_pages->go({QString::fromLatin1(page), 0}); }; };
    m_commands->add({QStringLiteral("go.overview"), tr("O&verview"), CommandMenu::Go, Icon::Overview, {QKeySequence(Qt::CTRL | Qt::Key_1)}}, go("overview"));
    m_commands->add({QStringLiteral("go.orders"), tr("&Orders"), CommandMenu::Go, Icon::Orders, {QKeySequence(Qt::CTRL | Qt::Key_2)}}, go("orders"));
    m_commands->add({QStringLiteral("go.accounts"), tr("&Accounts"), CommandMenu::Go, Icon::Accounts, {QKeySequence(Qt::CTRL | Qt::Key_3)}}, go("accounts"));
    m_commands->add({QStringLiteral("go.interventions"), tr("&Interventions"), CommandMenu::Go, Icon::Flag, {QKeySequence(Qt::CTRL | Qt::Key_4)}}, go("interventions"));
    m_commands->add({QStringLiteral("go.approvals"), tr("A&pprovals"), CommandMenu::Go, Icon::Check, {QKeySequence(Qt::CTRL | Qt::Key_5)}}, go("approvals"));
    m_commands->add({QStringLiteral("go.jobs"), tr("&Jobs"), CommandMenu::Go, Icon::Clock, {QKeySequence(Qt::CTRL | Qt::Key_6)}}, go("jobs"));
    m_commands->add({QStringLiteral("go.gateway"), tr("&Gateway"), CommandMenu::Go, Icon::Connected, {QKeySequence(Qt::CTRL | Qt::Key_7)}}, go("gateway"));
    m_commands->add({QStringLiteral("go.audit"), tr("A&udit"), CommandMenu::Go, Icon::Visible, {QKeySequence(Qt::CTRL | Qt::Key_8)}}, go("audit"));
    m_commands->add({QStringLiteral("go.administration"), tr("Peop&le"), CommandMenu::Go, Icon::User, {QKeySequence(Qt::CTRL | Qt::Key_9)}}, go("administration"));
    m_commands->add({QStringLiteral("go.anything"), tr("&Search or jump to…"), CommandMenu::Go, Icon::Search, {QKeySequence(Qt::CTRL | Qt::Key_K)}, false, true},
                    [this] { m_palette->open(); });
    m_commands->add({QStringLiteral("go.back"), tr("&Back"), CommandMenu::Go, Icon::Back, {QKeySequence(Qt::ALT | Qt::Key_Left)}},
                    [this] { m_pages->back(); });
    m_commands->add({QStringLiteral("go.forward"), tr("&Forward"), CommandMenu::Go, Icon::Forward, {QKeySequence(Qt::ALT | Qt::Key_Right)}},
                    [this] { m_pages->forward(); });
    m_commands->add({QStringLiteral("view.refresh"), tr("&Refresh"), CommandMenu::View, Icon::Refresh, {QKeySequence(Qt::Key_F5)}}, [this] {
        m_monitor->ask();
        if (Page* page = m_pages->currentPage()) {
            page->refresh();
        }
    });
    m_commands->add({QStringLiteral("help.shortcuts"), tr("&Keyboard shortcuts"), CommandMenu::Help, Icon::Keyboard, {QKeySequence(Qt::Key_F1)}},
                    [this] { showShortcuts(); });
    m_commands->add({QStringLiteral("help.about"), tr("&About Counterfoil"), CommandMenu::Help, Icon::Info, {}}, [this] { showAbout(); });
    m_commands->action(QStringLiteral("go.back"))->setEnabled(false);
    m_commands->action(QStringLiteral("go.forward"))->setEnabled(false);
}

void MainWindow::addThemeCommands()
{
    const auto choose = [this](ThemeMode mode) {
        return [this, mode] {
            m_theme.setMode(mode);
            QSettings().setValue(QStringLiteral("theme"), toString(mode));
        };
    };
    m_commands->add({QStringLiteral("view.toggle_theme"), tr("&Switch between light and dark"), CommandMenu::View, Icon::Theme,
                     {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)}, false, true},
                    [this, choose] { choose(m_theme.isDark() ? ThemeMode::Light : ThemeMode::Dark)(); });
    m_commands->add({QStringLiteral("view.system_theme"), tr("&Follow the system's colours"), CommandMenu::View, Icon::Theme, {}}, choose(ThemeMode::System));
    m_commands->add({QStringLiteral("file.export"), tr("&Export the list…"), CommandMenu::File, Icon::Copy, {QKeySequence(Qt::CTRL | Qt::Key_E)}}, [this] { exportList(); });
    m_commands->add({QStringLiteral("file.quit"), tr("&Quit"), CommandMenu::File, Icon::Close, {QKeySequence(Qt::CTRL | Qt::Key_Q)}}, [this] { close(); });
}

QWidget* MainWindow::buildTopBar()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(space::l, space::s, space::xl, 0);
    layout->setSpacing(space::xs);
    const auto add = [&](const char* command) {
        auto* button = new QToolButton(bar);
        QAction* action = m_commands->action(QString::fromLatin1(command));
        button->setDefaultAction(action);
        button->setIconSize({16, 16});
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
        button->setToolTip(QStringLiteral("%1 (%2)").arg(action->text().remove(QLatin1Char('&')), action->shortcut().toString(QKeySequence::NativeText)));
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
    };
    add("go.back");
    add("go.forward");
    auto* search = new QPushButton(m_theme.icon(Icon::Search), tr("Search or jump to…    Ctrl+K"), bar);
    search->setAccessibleName(tr("Search or jump to anything"));
    search->setProperty("search", true);
    search->setFixedWidth(380);
    connect(search, &QPushButton::clicked, m_commands->action(QStringLiteral("go.anything")), &QAction::trigger);
    layout->addSpacing(space::s);
    layout->addWidget(search);
    layout->addStretch(1);
    add("view.refresh");
    add("view.toggle_theme");
    layout->addSpacing(space::s);
    layout->addWidget(new PersonButton(m_theme, m_desk, bar));
    return bar;
}

void MainWindow::connectDatabase()
{
    connect(m_monitor, &StatusMonitor::statusRead, this, &MainWindow::handleStatus);
    connect(m_monitor, &StatusMonitor::statusFailed, this, &MainWindow::handleFailure);
    connect(m_start, &StartPage::retryRequested, m_monitor, &StatusMonitor::ask);
    connect(&m_executor, &ReadExecutor::changed, this, [this] {
        if (Page* page = m_pages->currentPage(); page != nullptr && isOpen() && m_follows) {
            page->refresh();
        }
    });
    connect(&m_executor, &ReadExecutor::connectionLost, this, [this] { setLost(isOpen()); });
    connect(&m_executor, &ReadExecutor::connectionRestored, this, [this] {
        setLost(false);
        if (Page* page = m_pages->currentPage()) {
            page->refresh();
        }
    });
    connect(m_idle, &IdleWatch::idle, this, &MainWindow::lock);
    connect(m_lock, &EmptyState::actionTriggered, this, [this] { SignInDialog(m_theme, m_desk, this).exec(); });
    connect(&m_desk, &Desk::personChanged, this, &MainWindow::unlock);
    connect(m_bell, &CaseBell::caseRequested, this, &MainWindow::openCase);
    connect(m_bell, &CaseBell::queueRequested, this, [this] { m_pages->go({QStringLiteral("interventions"), 0}); });
    connect(m_pages, &PageStack::locationChanged, this, &MainWindow::handleLocation);
    connect(m_pages, &PageStack::titleChanged, this, &MainWindow::showTitle);
}

void MainWindow::start()
{
    m_monitor->start();
    m_center->setCurrentWidget(m_workspace);
    m_pages->go({QStringLiteral("overview"), 0});
}

void MainWindow::handleStatus(const SystemStatus& status)
{
    m_problem = false;
    m_banner->setEnvironment(status.environment.isEmpty() ? QStringLiteral("unknown") : status.environment);
    setLost(false);
    m_status->setStatus(status, m_clock.now());
    if (!std::exchange(m_open, true)) {
        m_desk.start();
        m_bell->start();
        if (m_center->currentWidget() != m_workspace) {
            m_center->setCurrentWidget(m_workspace);
            m_pages->currentPage()->refresh();
        }
    }
}

void MainWindow::handleFailure(const Error& error)
{
    if (isOpen()) {
        setLost(true);
        return;
    }
    m_problem = true;
    m_start->setProblem(error);
    m_center->setCurrentWidget(m_start);
}

void MainWindow::setLost(bool lost)
{
    m_lost = lost;
    m_banner->setConnectionLost(lost);
    m_status->setLost(lost);
}

void MainWindow::handleLocation(const Location& location)
{
    m_commands->action(QStringLiteral("go.back"))->setEnabled(m_pages->canGoBack());
    m_commands->action(QStringLiteral("go.forward"))->setEnabled(m_pages->canGoForward());
    const QString page = location.page;
    m_rail->setCurrent(page == QLatin1String("case") ? QStringLiteral("interventions") : page == QLatin1String("order") ? QStringLiteral("orders") : page == QLatin1String("account") ? QStringLiteral("accounts") : page);
    if (location.subject == 0) {
        showTitle(m_commands->action(QStringLiteral("go.") + page)->text().remove(QLatin1Char('&')));
    }
}

void MainWindow::showTitle(const QString& title)
{
    setWindowTitle(title.isEmpty() ? QStringLiteral("Counterfoil") : QStringLiteral("%1 · Counterfoil").arg(visibleText(title, titleLengthMax)));
}

void MainWindow::openOrder(OrderId order)
{
    m_pages->go({QStringLiteral("order"), order.value()});
}

void MainWindow::openAccount(AccountId account)
{
    m_pages->go({QStringLiteral("account"), account.value()});
}

void MainWindow::openOrders(const OrderFilter& filter)
{
    static_cast<OrdersPage*>(m_pages->page(QStringLiteral("orders")))->setFilter(filter);
    m_pages->go({QStringLiteral("orders"), 0});
}

void MainWindow::openAccounts(const QString& owner)
{
    AccountFilter filter;
    filter.owner = owner;
    static_cast<AccountsPage*>(m_pages->page(QStringLiteral("accounts")))->setFilter(filter);
    m_pages->go({QStringLiteral("accounts"), 0});
}

void MainWindow::openCase(CaseId item)
{
    m_pages->go({QStringLiteral("case"), item.value()});
}

bool MainWindow::isLocked() const
{
    return m_center->currentWidget() == m_lock;
}

void MainWindow::lock()
{
    // Without a password there is nothing to ask for: a demonstration, or a login that the database has let in.
    if (!m_open || isLocked() || !m_desk.hasPerson() || m_desk.isSignedInByDatabase() || m_desk.person().passwordHash.isEmpty()) {
        return;
    }
    m_lockedLogin = m_desk.person().login;
    for (QDialog* dialog : findChildren<QDialog*>()) {
        if (dialog->isVisible()) {
            dialog->hide();
            m_lockedDialogs << dialog;
        }
    }
    m_center->setCurrentWidget(m_lock);
    m_desk.signOut();
    menuBar()->setEnabled(false);
    showTitle(tr("Locked"));
}

void MainWindow::unlock()
{
    if (!isLocked() || !m_desk.hasPerson()) {
        return;
    }
    m_center->setCurrentWidget(m_workspace);
    menuBar()->setEnabled(true);
    const bool isSame = m_desk.person().login == m_lockedLogin;
    for (const QPointer<QDialog>& dialog : std::exchange(m_lockedDialogs, {})) {
        if (dialog && isSame) {
            dialog->show();
        } else if (dialog) {
            dialog->reject();
        }
    }
    m_pages->currentPage()->refresh();
}

/// The list that has the keyboard, or else the first of the page.
void MainWindow::exportList()
{
    DataTable* chosen = nullptr;
    for (DataTable* table : m_pages->findChildren<DataTable*>()) {
        if (table->isVisible() && table->canExport() && (!chosen || table->hasFocus())) {
            chosen = table;
        }
    }
    if (chosen) {
        chosen->exportRows();
    } else {
        statusBar()->showMessage(tr("There is no list on this page that could be exported."), messageMs);
    }
}

void MainWindow::showShortcuts()
{
    ShortcutsDialog(m_theme, *m_commands, this).exec();
}

void MainWindow::showAbout()
{
    AboutDialog(m_theme, m_executor.url().toText(), this).exec();
}

void MainWindow::restoreState()
{
    const QSettings settings;
    if (restoreGeometry(settings.value(QStringLiteral("window")).toByteArray())) {
        return;
    }
    // A screen of 1280×720 has no room for a frame around as much: filling it beats a status bar below its edge.
    const QSize room = screen()->availableSize();
    if (width() >= room.width() || height() + frameAllowance >= room.height()) {
        setWindowState(windowState() | Qt::WindowMaximized);
    }
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    QSettings().setValue(QStringLiteral("window"), saveGeometry());
    event->accept();
}

} // namespace counterfoil
