// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/embedded_services.h"
#include "models/tables/case_queue_table.h"
#include "tests/support/expect.h"
#include "tests/support/server_logins.h"
#include "tests/support/test_database.h"
#include "tests/views/staffed_shop.h"
#include "views/desk/approvals_page.h"
#include "views/desk/case_bell.h"
#include "views/desk/case_page.h"
#include "views/desk/command_dialog.h"
#include "views/desk/gateway_panel.h"
#include "views/desk/interventions_page.h"
#include "views/desk/request_dialog.h"
#include "views/widgets/badge.h"
#include "views/widgets/data_table.h"
#include "workflows/operators/people.h"
#include "workflows/services/verification.h"

#include <QApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPushButton>
#include <QStandardPaths>

namespace counterfoil {

namespace {

constexpr int testNode = 1001;

} // namespace

/// Agent and supervisor at two consoles over one database, with the real worker and the sandbox gateway behind it: by mouse and keyboard.
class TestOperations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init();
    void cleanup();

    void confirmsALostPaymentWithEvidence();
    void tellsOfAnOrderThatNothingMoves();
    void refundsThroughACaseWithASecondPersonsApproval();
    void saysWhyAnActionIsNotAllowed();

private:
    void giveLogins();
    /// On PostgreSQL everybody comes with a login of their own, which may do what the role may and nothing else.
    DatabaseUrl urlOf(Role role) const;
    void setFaults(const QJsonObject& scenario);
    QString gatewayIdOf(OrderId order);
    PaymentTransaction paymentOf(OrderId id) { return selectRows<PaymentTransaction>(m_shop->database().reader(), QStringLiteral("WHERE order_id = ?"), {bound(id)})->front(); }
    CommandId fileCommand(Seat& agent, CasePage& page, CommandKind kind, const std::function<void(RequestDialog&)>& fill, const char* picture);
    void seePaidOnBothScreens(Seat& agent, Seat& supervisor, OrderId order);
    void resolveAndVerify(Seat& agent, CommandId confirmed);
    void approveTheOneThatWaits(Seat& supervisor, CommandId id, const char* picture);
    void claimFromTheQueue(Seat& agent, CaseId item);

    std::unique_ptr<StaffedShop> m_shop;
    std::unique_ptr<ServerLogins> m_logins;
};

void TestOperations::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    EmbeddedOptions options;
    options.escalateAfter = Duration::seconds(2);
    options.watchInterval = Duration::seconds(1);
    m_shop = std::make_unique<StaffedShop>(kind, options);
    giveLogins();
}

void TestOperations::cleanup()
{
    m_logins.reset();
    m_shop.reset();
}

DatabaseUrl TestOperations::urlOf(Role role) const
{
    DatabaseUrl url = m_shop->database().url();
    if (url.kind == DatabaseKind::Postgresql) {
        url.user = QStringLiteral("demo.") + toString(role);
    }
    return url;
}

void TestOperations::giveLogins()
{
    m_logins = std::make_unique<ServerLogins>(m_shop->database());
    IdSource ids(m_shop->clock(), testNode);
    People people(m_shop->database().writer(), m_shop->clock(), ids, People::DatabaseLogins::Made);
    for (const auto& [role, name] : EnumNames<Role>::names) {
        if (m_shop->database().url().kind == DatabaseKind::Postgresql) {
            CF_VERIFY_OK(people.setPassword(QStringLiteral("cli"), urlOf(role).user, QStringLiteral("correct horse battery")));
            m_logins->adopt(urlOf(role).user);
        }
    }
}

void TestOperations::claimFromTheQueue(Seat& agent, CaseId item)
{
    auto* queue = agent.go<InterventionsPage>("interventions");
    QVERIFY(queue);
    QTRY_COMPARE_WITH_TIMEOUT(queue->model()->rowCount(), 1, patienceMs);
    shoot(agent.window, "1-queue");
    queue->table()->setCurrentIndex(queue->model()->index(0, 0));
    QTest::keyClick(queue->table(), Qt::Key_C);
    QTRY_COMPARE_WITH_TIMEOUT(selectRows<InterventionCase>(m_shop->database().reader(), QStringLiteral("WHERE id = ?"), {bound(item)})->front().owner, QStringLiteral("demo.support"), patienceMs);
    QTest::keyClick(queue->table(), Qt::Key_Return);
}

/// Nothing but the gateway's own books can tell: it answers 500 behind the effect, its callback is lost, and it can't be asked.
void TestOperations::setFaults(const QJsonObject& scenario)
{
    QNetworkAccessManager network;
    QNetworkRequest request(m_shop->services().gatewayUrl().resolved(QUrl(QStringLiteral("/sandbox/faults"))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    const std::unique_ptr<QNetworkReply> reply(network.put(request, QJsonDocument(scenario).toJson()));
    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), patienceMs);
    QCOMPARE(reply->error(), QNetworkReply::NoError);
}

QString TestOperations::gatewayIdOf(OrderId order)
{
    const PaymentTransaction payment = paymentOf(order);
    return payment.gatewayRef;
}

CommandId TestOperations::fileCommand(Seat& agent, CasePage& page, CommandKind kind, const std::function<void(RequestDialog&)>& fill, const char* picture)
{
    const auto ready = [&] { return page.isSettled() && page.actionButton(kind)->isEnabled(); };
    require(QTest::qWaitFor(ready, patienceMs), "the action is allowed");
    QTest::mouseClick(page.actionButton(kind), Qt::LeftButton);
    auto* asking = agent.dialog<RequestDialog>();
    require(asking != nullptr, "the dialog comes");
    fill(*asking);
    shoot(*asking, qPrintable(QStringLiteral("%1-ask").arg(QLatin1String(picture))));
    QTest::mouseClick(asking->handInButton(), Qt::LeftButton);
    auto* preview = agent.dialog<CommandDialog>();
    require(preview != nullptr, "the preview comes");
    require(QTest::qWaitFor([&] { return preview->isSettled() && preview->fileButton()->isVisible(); }, patienceMs), "it is previewed");
    shoot(*preview, qPrintable(QStringLiteral("%1-preview").arg(QLatin1String(picture))));
    const CommandId id = preview->command().id;
    QTest::mouseClick(preview->fileButton(), Qt::LeftButton);
    require(QTest::qWaitFor([&] { return m_shop->command(id).status != CommandStatus::Previewed; }, patienceMs), "it is filed");
    preview->accept();
    return id;
}

void TestOperations::approveTheOneThatWaits(Seat& supervisor, CommandId id, const char* picture)
{
    auto* approvals = supervisor.go<ApprovalsPage>("approvals");
    QVERIFY(approvals);
    QTRY_COMPARE_WITH_TIMEOUT(approvals->waiting()->model()->rowCount(), 1, patienceMs);
    approvals->waiting()->setCurrentIndex(approvals->waiting()->model()->index(0, 0));
    QTest::keyClick(approvals->waiting(), Qt::Key_Return);
    auto* deciding = supervisor.dialog<CommandDialog>();
    QVERIFY(deciding);
    QTRY_VERIFY_WITH_TIMEOUT(deciding->isSettled() && deciding->approveButton()->isVisible(), patienceMs);
    shoot(*deciding, qPrintable(QStringLiteral("%1-decide").arg(QLatin1String(picture))));
    QTest::mouseClick(deciding->approveButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(isFinal(m_shop->command(id).status), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(deciding->command().status == CommandStatus::Done, patienceMs);
    shoot(*deciding, qPrintable(QStringLiteral("%1-done").arg(QLatin1String(picture))));
    deciding->accept();
}

void TestOperations::seePaidOnBothScreens(Seat& agent, Seat& supervisor, OrderId order)
{
    const auto* page = qobject_cast<CasePage*>(agent.window.pages().currentPage());
    QVERIFY(page);
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->orderOf(order).paid.minor(), 19'900, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page->detail().order.has_value() && page->detail().order->paid.minor() == 19'900, patienceMs);
    supervisor.window.openOrder(order);
    const auto* badge = supervisor.window.pages().currentPage()->findChild<StateBadge*>();
    QVERIFY(badge);
    QTRY_COMPARE_WITH_TIMEOUT(badge->accessibleName(), QStringLiteral("State: Fulfilling"), patienceMs);
    shoot(supervisor.window, "lost-6-order");
}

void TestOperations::resolveAndVerify(Seat& agent, CommandId confirmed)
{
    auto* page = qobject_cast<CasePage*>(agent.window.pages().currentPage());
    QVERIFY(page);
    QTest::keyClicks(page->text(), QStringLiteral("paid, by the gateway's dashboard"));
    QTest::mouseClick(page->resolveButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(page->detail().item.state == CaseState::Resolved, patienceMs);
    shoot(agent.window, "lost-7-resolved");
    const auto audit = selectRows<AuditEvent>(m_shop->database().reader(), QStringLiteral("WHERE action LIKE 'command.%' AND subject = ? ORDER BY id"), {confirmed.toText()});
    CF_VERIFY_OK(audit);
    QVERIFY(audit->size() >= 3);
    const auto verified = verifyDatabase(m_shop->database().reader());
    CF_VERIFY_OK(verified);
    QVERIFY(verified->holds());
    QCOMPARE(m_shop->services().sandboxStatistics().value(QStringLiteral("charges_made")).toInt(), 2);
}

void TestOperations::confirmsALostPaymentWithEvidence()
{
    m_shop->placePaid(QStringLiteral("O-0"));
    const QJsonObject never{{QStringLiteral("error_before"), 1000}, {QStringLiteral("per_key_max"), 1'000'000}};
    const QJsonObject behind{{QStringLiteral("error_after"), 1000}, {QStringLiteral("per_key_max"), 1'000'000}};
    setFaults({{QStringLiteral("name"), QStringLiteral("lost")},
               {QStringLiteral("operations"), QJsonObject{{QStringLiteral("payment_intents.confirm"), behind}, {QStringLiteral("payment_intents.retrieve"), never}}},
               {QStringLiteral("callbacks"), QJsonObject{{QStringLiteral("lost"), 1000}}}});
    Seat agent(*m_shop, urlOf(Role::Support));
    QVERIFY(agent.sitDown(Role::Support));
    QVERIFY(agent.go<InterventionsPage>("interventions"));
    Seat supervisor(*m_shop, urlOf(Role::Supervisor));
    QVERIFY(supervisor.sitDown(Role::Supervisor));
    const OrderId order = m_shop->place(QStringLiteral("O-1"));
    supervisor.window.openOrder(order);

    // The case opens by itself, and the window says so.
    QTRY_VERIFY_WITH_TIMEOUT(agent.window.bell().isVisible(), patienceMs);
    QVERIFY(!agent.window.bell().announced().isNone());
    shoot(agent.window, "lost-1-notice");
    QTest::mouseClick(agent.window.bell().openButton(), Qt::LeftButton);
    QVERIFY(!agent.window.bell().isVisible());
    auto* page = qobject_cast<CasePage*>(agent.window.pages().currentPage());
    QVERIFY(page);
    QTRY_VERIFY_WITH_TIMEOUT(page->isSettled(), patienceMs);
    QCOMPARE(page->detail().item.kind, QStringLiteral("gateway_silent"));
    QCOMPARE(page->detail().item.order, order);
    QTest::mouseClick(page->claimButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(page->detail().item.owner, QStringLiteral("demo.support"), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page->gatewayPanel()->isSettled(), patienceMs);
    QVERIFY2(page->gatewayPanel()->verdict().words.contains(QStringLiteral("500")), qPrintable(page->gatewayPanel()->verdict().words));
    shoot(agent.window, "lost-2-case");

    const CommandId asked = fileCommand(agent, *page, CommandKind::AskGateway, [](RequestDialog& dialog) { QTest::keyClicks(dialog.reason(), QStringLiteral("no answer yet")); }, "lost-3-question");
    QTRY_VERIFY_WITH_TIMEOUT(m_shop->command(asked).status == CommandStatus::Done, patienceMs);
    QCOMPARE(m_shop->orderOf(order).paid.minor(), 0);

    // It has the money all the same: its own console shows the payment.
    const QString reference = gatewayIdOf(order);
    QVERIFY(!reference.isEmpty());
    const CommandId confirmed = fileCommand(agent, *page, CommandKind::ConfirmWithEvidence, [&reference](RequestDialog& dialog) {
        if (dialog.gatewayRef()->text().isEmpty()) {
            QTest::keyClicks(dialog.gatewayRef(), reference);
        }
        QTest::keyClicks(dialog.evidence(), QStringLiteral("succeeded in the gateway's dashboard at 12:04"));
        QTest::keyClicks(dialog.reason(), QStringLiteral("the gateway can't be asked"));
    }, "lost-4-confirm");
    CF_COMPARE_ENUM(m_shop->command(confirmed).status, CommandStatus::AwaitingApproval);
    QCOMPARE(m_shop->orderOf(order).paid.minor(), 0);
    approveTheOneThatWaits(supervisor, confirmed, "lost-5-approval");
    if (QTest::currentTestFailed()) {
        return;
    }

    seePaidOnBothScreens(agent, supervisor, order);
    resolveAndVerify(agent, confirmed);
}

void TestOperations::tellsOfAnOrderThatNothingMoves()
{
    const OrderId order = m_shop->placePaid(QStringLiteral("O-3"));
    Seat agent(*m_shop, urlOf(Role::Support));
    QVERIFY(agent.sitDown(Role::Support));
    QTRY_VERIFY_WITH_TIMEOUT(agent.window.pages().currentPage()->isSettled(), patienceMs);
    CF_VERIFY_OK(m_shop->database().writer().execute(QStringLiteral("UPDATE job SET state = 'cancelled' WHERE order_id = ?"), {bound(order)}));
    QTRY_VERIFY_WITH_TIMEOUT(agent.window.bell().isVisible(), patienceMs);
    QTest::keyClick(agent.window.bell().openButton(), Qt::Key_Space);
    auto* page = qobject_cast<CasePage*>(agent.window.pages().currentPage());
    QVERIFY(page);
    QTRY_VERIFY_WITH_TIMEOUT(page->isSettled(), patienceMs);
    QCOMPARE(page->detail().item.kind, QStringLiteral("order_stuck"));
    QCOMPARE(page->detail().item.order, order);
}

void TestOperations::refundsThroughACaseWithASecondPersonsApproval()
{
    const OrderId order = m_shop->placePaid(QStringLiteral("O-1"));
    const CaseId item = m_shop->openReview(order);
    Seat agent(*m_shop, urlOf(Role::Support));
    QVERIFY(agent.sitDown(Role::Support));
    claimFromTheQueue(agent, item);
    auto* page = qobject_cast<CasePage*>(agent.window.pages().currentPage());
    QVERIFY(page);
    QTRY_VERIFY_WITH_TIMEOUT(page->isSettled(), patienceMs);
    QVERIFY(page->actionButton(CommandKind::Refund)->isEnabled());
    QVERIFY(!page->actionButton(CommandKind::AskGateway)->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(page->gatewayPanel()->isSettled(), patienceMs);
    QVERIFY(page->gatewayPanel()->verdict().tone == Tone::Success);
    shoot(agent.window, "2-case");

    QTest::mouseClick(page->actionButton(CommandKind::Refund), Qt::LeftButton);
    auto* asking = agent.dialog<RequestDialog>();
    QVERIFY(asking);
    QCOMPARE(asking->amount()->text(), QStringLiteral("199.00"));
    asking->amount()->selectAll();
    QTest::keyClicks(asking->amount(), QStringLiteral("150.00"));
    QTest::keyClicks(asking->reason(), QStringLiteral("came broken"));
    shoot(*asking, "3-ask");
    QTest::mouseClick(asking->handInButton(), Qt::LeftButton);
    auto* preview = agent.dialog<CommandDialog>();
    QVERIFY(preview);
    QTRY_VERIFY_WITH_TIMEOUT(preview->isSettled(), patienceMs);
    CF_COMPARE_ENUM(preview->command().status, CommandStatus::Previewed);
    QVERIFY(preview->fileButton()->isVisible());
    QCOMPARE(m_shop->orderOf(order).refunded.minor(), 0);
    shoot(*preview, "4-preview");
    const CommandId id = preview->command().id;
    QTest::mouseClick(preview->fileButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_shop->command(id).status == CommandStatus::AwaitingApproval, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(!preview->fileButton()->isVisible() && !preview->approveButton()->isVisible(), patienceMs);
    preview->accept();

    Seat supervisor(*m_shop, urlOf(Role::Supervisor));
    QVERIFY(supervisor.sitDown(Role::Supervisor));
    auto* approvals = supervisor.go<ApprovalsPage>("approvals");
    QVERIFY(approvals);
    QTRY_COMPARE_WITH_TIMEOUT(approvals->waiting()->model()->rowCount(), 1, patienceMs);
    shoot(supervisor.window, "5-approvals");
    approvals->waiting()->setCurrentIndex(approvals->waiting()->model()->index(0, 0));
    QTest::keyClick(approvals->waiting(), Qt::Key_Return);
    auto* deciding = supervisor.dialog<CommandDialog>();
    QVERIFY(deciding);
    QTRY_VERIFY_WITH_TIMEOUT(deciding->isSettled() && deciding->approveButton()->isVisible(), patienceMs);
    shoot(*deciding, "6-decide");
    QTest::mouseClick(deciding->approveButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_shop->command(id).status == CommandStatus::Done, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(deciding->command().status == CommandStatus::Done, patienceMs);
    shoot(*deciding, "7-done");
    deciding->accept();

    // The agent's screen follows by itself.
    QTRY_VERIFY_WITH_TIMEOUT(!page->detail().commands.empty() && page->detail().commands.front().command.status == CommandStatus::Done, patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_shop->orderOf(order).refunded.minor(), 15'000, patienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(page->detail().order->refunded.minor(), 15'000, patienceMs);
    QTest::keyClicks(page->text(), QStringLiteral("150.00 refunded, the buyer keeps the desk"));
    QTest::mouseClick(page->resolveButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(page->detail().item.state == CaseState::Resolved, patienceMs);
    shoot(agent.window, "8-resolved");
    const auto verified = verifyDatabase(m_shop->database().reader());
    CF_VERIFY_OK(verified);
    QVERIFY(verified->holds());
}

void TestOperations::saysWhyAnActionIsNotAllowed()
{
    const OrderId order = m_shop->placePaid(QStringLiteral("O-2"));
    const CaseId item = m_shop->openReview(order);
    Seat auditor(*m_shop, urlOf(Role::Auditor));
    QVERIFY(auditor.sitDown(Role::Auditor));
    QCOMPARE(auditor.desk.isSignedInByDatabase(), m_shop->database().url().kind == DatabaseKind::Postgresql);
    auditor.window.openCase(item);
    auto* page = qobject_cast<CasePage*>(auditor.window.pages().currentPage());
    QVERIFY(page);
    QTRY_VERIFY_WITH_TIMEOUT(page->isSettled(), patienceMs);
    for (const CommandKind kind : {CommandKind::Refund, CommandKind::AskGateway, CommandKind::RetryJob}) {
        QVERIFY(!page->actionButton(kind)->isEnabled());
        QVERIFY(!page->actionButton(kind)->toolTip().isEmpty());
    }
    QVERIFY(!page->claimButton()->isEnabled());
    QVERIFY(!page->resolveButton()->isEnabled());
    // The database says the same to whoever asks it directly.
    std::optional<Result<void>> claimed;
    auditor.desk.act(item, Desk::CaseAction::Claim, {}, {}, &auditor.window, [&claimed](const Result<void>& outcome) { claimed = outcome; });
    QTRY_VERIFY_WITH_TIMEOUT(claimed.has_value(), patienceMs);
    CF_COMPARE_ERROR(*claimed, ErrorCode::Forbidden);
}

} // namespace counterfoil

QTEST_MAIN(counterfoil::TestOperations)
#include "tst_operations.moc"
