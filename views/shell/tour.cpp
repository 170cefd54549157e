// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/tour.h"

#include "models/store/reads/account_reads.h"
#include "models/store/reads/case_reads.h"
#include "views/accounts/account_page.h"
#include "views/accounts/balance_dialog.h"
#include "views/audit/audit_page.h"
#include "views/gateway/gateway_page.h"
#include "views/gateway/signature_bench.h"
#include "views/jobs/jobs_page.h"
#include "views/orders/order_page.h"
#include "views/orders/orders_page.h"
#include "views/shell/command_palette.h"
#include "views/shell/info_dialogs.h"
#include "views/widgets/filter_dialogs.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTimer>

namespace counterfoil {

namespace {

const QStringList orderStates{QStringLiteral("shipped"), QStringLiteral("completed"), QStringLiteral("awaiting_payment"), QStringLiteral("review"),
                              QStringLiteral("payment_failed"), QStringLiteral("expired")};

Result<std::vector<std::pair<QString, OrderId>>> someOrders(Connection& connection)
{
    std::vector<std::pair<QString, OrderId>> found;
    PageRequest one;
    one.limit = 1;
    for (const QString& state : orderStates) {
        OrderListing listing;
        listing.filter.states = {state};
        CF_ASSIGN(const auto rows, orderPage(connection, listing, one));
        if (!rows.empty()) {
            found.emplace_back(state, rows.front().id);
        }
    }
    if (found.empty()) {
        CF_ASSIGN(const auto rows, orderPage(connection, {}, one));
        if (!rows.empty()) {
            found.emplace_back(rows.front().state, rows.front().id);
        }
    }
    return found;
}

Result<std::vector<std::pair<QString, AccountId>>> someAccounts(Connection& connection)
{
    std::vector<std::pair<QString, AccountId>> found;
    for (const AccountKind kind : {AccountKind::Merchant, AccountKind::Wallet, AccountKind::Clearing}) {
        AccountFilter filter;
        filter.kind = kind;
        CF_ASSIGN(const auto rows, accountPage(connection, filter, {}));
        const auto busy = std::ranges::find_if(rows, [](const AccountRow& row) { return !row.account.frozen.isZero(); });
        if (busy != rows.end()) {
            found.emplace_back(toString(kind), busy->account.id);
        } else if (!rows.empty()) {
            found.emplace_back(toString(kind), rows.front().account.id);
        }
    }
    return found;
}

} // namespace

Tour::Tour(MainWindow& window, Theme& theme, ReadExecutor& executor, const QDir& directory, QObject* parent)
    : QObject(parent), m_window(window), m_theme(theme), m_executor(executor), m_directory(directory)
{
}

bool Tour::waitUntil(const std::function<bool()>& reached)
{
    QElapsedTimer clock;
    clock.start();
    while (!reached()) {
        if (clock.elapsed() > settleMs) {
            return false;
        }
        QEventLoop loop;
        QTimer::singleShot(20, &loop, &QEventLoop::quit);
        loop.exec();
    }
    return true;
}

Result<void> Tour::settle()
{
    int quiet = 0;
    // Twice in a row: what is painted first may ask for more rows.
    const bool done = waitUntil([this, &quiet] {
        const Page* page = m_window.pages().currentPage();
        quiet = page != nullptr && page->isSettled() ? quiet + 1 : 0;
        m_window.grab();
        return quiet >= 4;
    });
    return done ? Result<void>() : fail(ErrorCode::DatabaseBusy, QStringLiteral("the page %1 was not complete in time").arg(m_window.pages().location().page));
}

Result<Tour::Subjects> Tour::findSubjects()
{
    Result<Subjects> subjects = fail(ErrorCode::Cancelled);
    bool answered = false;
    m_executor.read(
        this,
        [](Connection& connection) -> Result<Subjects> {
            Subjects found;
            CF_ASSIGN(found.orders, someOrders(connection));
            CF_ASSIGN(found.accounts, someAccounts(connection));
            CF_ASSIGN(const auto cases, openCases(connection, 1));
            found.intervention = cases.empty() ? CaseId() : cases.front().item.id;
            return found;
        },
        [&](const Result<Subjects>& answer) {
            subjects = answer;
            answered = true;
        });
    if (!waitUntil([&answered] { return answered; })) {
        return fail(ErrorCode::DatabaseBusy, QStringLiteral("the database did not answer"));
    }
    return subjects;
}

Result<int> Tour::run()
{
    if (!m_directory.exists() && !QDir().mkpath(m_directory.path())) {
        return fail(ErrorCode::FileNotWritable, m_directory.path());
    }
    m_window.show();
    if (!waitUntil([this] { return m_window.isOpen() || m_window.hasProblem(); })) {
        return fail(ErrorCode::DatabaseBusy, QStringLiteral("the database did not answer"));
    }
    // In a busy shop a page that follows is never complete.
    m_window.setFollowing(false);
    Subjects subjects;
    if (m_window.isOpen()) {
        CF_ASSIGN(subjects, findSubjects());
    }
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        m_theme.setMode(mode);
        for (const QSize size : {QSize(1280, 720), QSize(1920, 1080)}) {
            m_window.resize(size);
            CF_TRY(takeAll(QStringLiteral("%1-%2x%3").arg(toString(mode)).arg(size.width()).arg(size.height()), subjects));
        }
    }
    return m_taken;
}

Result<void> Tour::takeAll(const QString& look, const Subjects& subjects)
{
    m_look = look;
    if (!m_window.isOpen()) {
        return shoot(QStringLiteral("start"));
    }
    CF_TRY(takeLists());
    CF_TRY(takeInterventions(subjects));
    CF_TRY(takeOrders(subjects));
    CF_TRY(takeAccounts(subjects));
    return takeDialogs(subjects);
}

Result<void> Tour::takeInterventions(const Subjects& subjects)
{
    for (const char* page : {"interventions", "approvals", "administration"}) {
        m_window.pages().go({QString::fromLatin1(page), 0});
        CF_TRY(settle());
        CF_TRY(shoot(QString::fromLatin1(page)));
    }
    if (subjects.intervention.isNone()) {
        return {};
    }
    m_window.openCase(subjects.intervention);
    CF_TRY(settle());
    return shoot(QStringLiteral("case"));
}

Result<void> Tour::takeLists()
{
    m_window.pages().go({QStringLiteral("overview"), 0});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("overview")));
    m_window.openOrders({});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("orders")));
    OrderFilter filter;
    filter.states = {QStringLiteral("awaiting_payment"), QStringLiteral("shipped")};
    m_window.openOrders(filter);
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("orders-filtered")));
    CF_TRY(takeMenus());
    filter = {};
    filter.freeText = QStringLiteral("nothing is called like this");
    m_window.openOrders(filter);
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("orders-none-match")));
    m_window.openOrders({});
    m_window.openAccounts({});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("accounts")));
    return takeJobs();
}

Result<void> Tour::takeJobs()
{
    m_window.pages().go({QStringLiteral("jobs"), 0});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("jobs")));
    auto* page = static_cast<JobsPage*>(m_window.pages().currentPage());
    page->setFilter({.states = {JobState::Done, JobState::Cancelled}, .kinds = {JobKind::SettlementRelease}});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("jobs-filtered")));
    page->setFilter({});
    CF_TRY(settle());
    return takeGateway();
}

Result<void> Tour::takeGateway()
{
    m_window.pages().go({QStringLiteral("gateway"), 0});
    CF_TRY(settle());
    auto* page = static_cast<GatewayPage*>(m_window.pages().currentPage());
    CF_TRY(takeTabs(QStringLiteral("gateway"), page->tabs()));
    page->tabs()->setCurrentWidget(page->bench());
    // One that was written anew on its way, and one that is stale.
    const UtcTime signedAt(1'700'000'000'000'000);
    const QByteArray body = R"({"id":"evt_1","type":"payment_intent.succeeded","created":1700000000,"livemode":false,"data":{"object":{"id":"pi_1","object":"payment_intent"}}})";
    for (const auto& [name, bytes, received] : {std::tuple{"rewritten", body + '\n', signedAt}, {"stale", body, signedAt + Duration::hours(2)}}) {
        page->bench()->setCallback(QString::fromUtf8(bytes), received);
        page->bench()->headerField()->setPlainText(QString::fromLatin1(signCallback("whsec_of_the_tour", body, signedAt)));
        page->bench()->secretField()->setText(QStringLiteral("whsec_of_the_tour"));
        page->bench()->checkButton()->click();
        CF_TRY(settle());
        CF_TRY(shoot(QStringLiteral("gateway-signature-%1").arg(QLatin1String(name))));
    }
    page->tabs()->setCurrentIndex(0);
    CF_TRY(settle());
    return takeAudit();
}

Result<void> Tour::takeAudit()
{
    m_window.pages().go({QStringLiteral("audit"), 0});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("audit")));
    auto* page = static_cast<AuditPage*>(m_window.pages().currentPage());
    page->setFilter({.actor = QStringLiteral("worker"), .action = QStringLiteral("order."), .from = UtcTime(1'577'836'800'000'000)});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("audit-filtered")));
    page->setFilter({.actor = QStringLiteral("nobody")});
    CF_TRY(settle());
    CF_TRY(shoot(QStringLiteral("audit-none-match")));
    page->setFilter({});
    return settle();
}

Result<void> Tour::takeMenus()
{
    const Page* page = m_window.pages().currentPage();
    int n = 0;
    for (QMenu* menu : page->findChildren<QMenu*>()) {
        if (qobject_cast<QPushButton*>(menu->parentWidget()) == nullptr) {
            continue;
        }
        Q_EMIT menu->aboutToShow();
        CF_TRY(settle());
        CF_TRY(shootApart(QStringLiteral("menu-orders-%1").arg(++n), *menu));
    }
    return {};
}

Result<void> Tour::takeTabs(const QString& name, QTabWidget* tabs)
{
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        CF_TRY(settle());
        CF_TRY(shoot(QStringLiteral("%1-tab%2").arg(name).arg(tab + 1)));
    }
    tabs->setCurrentIndex(0);
    return {};
}

Result<void> Tour::takeOrders(const Subjects& subjects)
{
    bool first = true;
    for (const auto& [state, order] : subjects.orders) {
        m_window.openOrder(order);
        CF_TRY(settle());
        CF_TRY(shoot(QStringLiteral("order-%1").arg(state)));
        if (std::exchange(first, false)) {
            CF_TRY(takeTabs(QStringLiteral("order-%1").arg(state), static_cast<OrderPage*>(m_window.pages().currentPage())->tabs()));
        }
    }
    return {};
}

Result<void> Tour::takeAccounts(const Subjects& subjects)
{
    for (const auto& [kind, account] : subjects.accounts) {
        m_window.openAccount(account);
        CF_TRY(settle());
        auto* page = static_cast<AccountPage*>(m_window.pages().currentPage());
        CF_TRY(takeTabs(QStringLiteral("account-%1").arg(kind), page->tabs()));
        BalanceDialog* why = page->explain(BalancePart::Available);
        if (!waitUntil([why] { return why->isSettled(); })) {
            return fail(ErrorCode::DatabaseBusy, QStringLiteral("the balance was not explained in time"));
        }
        CF_TRY(shootApart(QStringLiteral("dialog-balance-%1").arg(kind), *why));
        why->accept();
    }
    return {};
}

Result<void> Tour::takeDialogs(const Subjects& subjects)
{
    CommandPalette& palette = m_window.palettePanel();
    palette.open();
    CF_TRY(shoot(QStringLiteral("palette")));
    if (!subjects.orders.empty()) {
        palette.field()->setText(subjects.orders.front().second.toText());
        if (!waitUntil([&palette] { return palette.isSettled(); })) {
            return fail(ErrorCode::DatabaseBusy, QStringLiteral("the search was not complete in time"));
        }
        CF_TRY(shoot(QStringLiteral("palette-found")));
    }
    palette.hide();
    ShortcutsDialog shortcuts(m_theme, m_window.commands(), &m_window);
    CF_TRY(shootApart(QStringLiteral("dialog-shortcuts"), shortcuts));
    AboutDialog about(m_theme, m_executor.url().toText(), &m_window);
    CF_TRY(shootApart(QStringLiteral("dialog-about"), about));
    DateRangeDialog dates(m_theme, {tr("Placed between"), tr("Show orders")}, &m_window);
    dates.setRange(QDate(2026, 1, 1), QDate(2026, 1, 31));
    CF_TRY(shootApart(QStringLiteral("dialog-dates"), dates));
    FilterTextDialog buyer(m_theme, {tr("Orders of a buyer"), tr("Show orders")}, tr("Buyer"), tr("Name, e-mail or reference"), &m_window);
    return shootApart(QStringLiteral("dialog-buyer"), buyer);
}

Result<void> Tour::shoot(const QString& name)
{
    const QString path = m_directory.filePath(QStringLiteral("%1-%2.png").arg(name, m_look));
    if (!m_window.grab().save(path, "PNG")) {
        return fail(ErrorCode::FileNotWritable, path);
    }
    ++m_taken;
    return {};
}

Result<void> Tour::shootApart(const QString& name, QWidget& widget)
{
    widget.ensurePolished();
    widget.adjustSize();
    const QString path = m_directory.filePath(QStringLiteral("%1-%2.png").arg(name, m_look));
    if (!widget.grab().save(path, "PNG")) {
        return fail(ErrorCode::FileNotWritable, path);
    }
    ++m_taken;
    return {};
}

} // namespace counterfoil
