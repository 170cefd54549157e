// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/resources.h"
#include "workflows/definition/scxml_reader.h"
#include "workflows/engine/step.h"

#include <QFile>
#include <QTest>

#include <limits>

using namespace counterfoil;

namespace {

WorkflowTable orderTable()
{
    QFile file(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    require(file.open(QIODevice::ReadOnly), "the order workflow is built in");
    return WorkflowTable::compile(readScxml(file.readAll()).value()).value();
}

Facts cancelledBy(const QString& reason)
{
    return Facts().set(QStringLiteral("cancel_reason"), reason);
}

TransitionDefinition go(const char* event, const char* target, const char* guard = "")
{
    TransitionDefinition transition;
    transition.event = QString::fromLatin1(event);
    transition.target = QString::fromLatin1(target);
    transition.guard = QString::fromLatin1(guard);
    return transition;
}

StateDefinition state(const char* id, std::vector<TransitionDefinition> transitions)
{
    StateDefinition result;
    result.id = QString::fromLatin1(id);
    result.transitions = std::move(transitions);
    return result;
}

WorkflowDefinition definitionOf(std::vector<StateDefinition> states)
{
    WorkflowDefinition definition;
    definition.name = QStringLiteral("w");
    definition.initial = states.front().id;
    definition.data = {{QStringLiteral("paid"), qint64{0}}};
    definition.states = std::move(states);
    return definition;
}

QStringList names(const std::vector<CommandAction>& commands)
{
    QStringList list;
    for (const CommandAction& command : commands) {
        list.append(command.name);
    }
    return list;
}

} // namespace

class StepTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { initResources(); }

    void entersTheInitialState()
    {
        const StepResult first = start(orderTable(), Facts()).value();
        QVERIFY(first.accepted);
        QCOMPARE(first.nextState, QStringLiteral("created"));
        QCOMPARE(names(first.commands), (QStringList{QStringLiteral("checkout.try")}));
        QVERIFY(first.timersToArm.empty() && first.timersToCancel.empty() && !first.transition);
    }

    void followsTheOrderWorkflow_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("event");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("to"); // empty: not accepted
        const auto row = [](const char* from, const char* event, const char* reason, const char* to) {
            QTest::addRow("%s %s %s", from, event, reason)
                << QString::fromLatin1(from) << QString::fromLatin1(event) << QString::fromLatin1(reason) << QString::fromLatin1(to);
        };
        row("created", "checkout.reserved", "", "awaiting_payment");
        row("created", "checkout.refused", "", "cancelled");
        row("created", "payment.confirmed", "", "");
        row("awaiting_payment", "payment.started", "", "paying");
        row("awaiting_payment", "payment.confirmed", "", "paid");
        row("awaiting_payment", "payment.declined", "", "cancelling");
        row("awaiting_payment", "payment.conflicted", "", "review");
        row("awaiting_payment", "cancel.requested", "", "cancelling");
        row("awaiting_payment", "timeout.payment", "", "cancelling");
        row("awaiting_payment", "payment.cancelled", "", "cancelled");
        row("awaiting_payment", "payment", "", "");
        row("awaiting_payment", "payment.confirmedx", "", "");
        row("paying", "payment.started", "", "");
        row("paying", "payment.cancelled", "expired", "expired");
        row("paying", "payment.cancelled", "declined", "payment_failed");
        row("paying", "payment.cancelled", "", "payment_failed");
        row("cancelling", "payment.cancelled", "expired", "expired");
        row("cancelling", "payment.cancelled", "declined", "payment_failed");
        row("cancelling", "payment.cancelled", "buyer", "cancelled");
        row("cancelling", "payment.cancelled", "", "cancelled");
        row("cancelling", "payment.confirmed", "buyer", "refunding");
        row("cancelling", "payment.confirmed", "operator", "review");
        row("cancelling", "payment.confirmed", "expired", "paid");
        row("cancelling", "payment.conflicted", "", "review");
        row("cancelling", "timeout.cancelling", "", "review");
        row("cancelling", "cancel.requested", "buyer", "");
        row("paid", "fulfilment.started", "", "fulfilling");
        row("paid", "cancel.requested", "buyer", "");
        row("fulfilling", "shipment.dispatched", "", "shipped");
        row("fulfilling", "timeout.fulfilment", "", "review");
        row("shipped", "delivery.confirmed", "", "completed");
        row("shipped", "timeout.delivery", "", "completed");
        row("review", "payment.confirmed", "", "paid");
        row("review", "payment.cancelled", "", "cancelled");
        row("review", "review.fulfil", "", "fulfilling");
        row("review", "cancel.requested", "", "cancelling");
        row("review", "review.refund", "", "refunding");
        row("refunding", "refund.cancelled", "", "review");
        row("refunding", "timeout.refunding", "", "review");
        row("refunding", "cancel.requested", "buyer", "");
        row("refunded", "refund.confirmed", "", "");
        row("completed", "payment.confirmed", "", "");
        row("cancelled", "payment.confirmed", "", "");
    }

    void followsTheOrderWorkflow()
    {
        QFETCH(QString, from);
        QFETCH(QString, event);
        QFETCH(QString, reason);
        QFETCH(QString, to);
        const Result<StepResult> result = step(orderTable(), from, event, cancelledBy(reason));
        QVERIFY(result.has_value());
        QCOMPARE(result->accepted, !to.isEmpty());
        QCOMPARE(result->nextState, to.isEmpty() ? from : to);
        if (to.isEmpty()) {
            QVERIFY(result->commands.empty() && result->timersToArm.empty() && result->timersToCancel.empty());
            QVERIFY(!result->transition);
        }
    }

    void armsOnEntryAndCancelsOnExit()
    {
        const WorkflowTable table = orderTable();
        const StepResult waiting = step(table, u"created", u"checkout.reserved", Facts()).value();
        QCOMPARE(names(waiting.commands), (QStringList{QStringLiteral("payment.charge")}));
        QCOMPARE(waiting.timersToArm.size(), std::size_t{1});
        QCOMPARE(waiting.timersToArm[0].delayMs, 900'000);
        QVERIFY(waiting.timersToArm[0].from.isEmpty());
        QVERIFY(waiting.timersToCancel.empty());

        // The same timer is disarmed by the state that is left and armed by the one that is entered.
        const StepResult paying = step(table, u"awaiting_payment", u"payment.started", Facts()).value();
        QVERIFY(paying.timersToCancel == (std::vector{QStringLiteral("timeout.payment")}));
        QCOMPARE(paying.timersToArm.size(), std::size_t{1});

        const StepResult shipped = step(table, u"fulfilling", u"shipment.dispatched", Facts()).value();
        QCOMPARE(shipped.timersToArm.at(0).from, QStringLiteral("shipped_at"));
        QCOMPARE(shipped.timersToArm.at(0).delayMs, 1'209'600'000);
        QVERIFY(shipped.timersToCancel == (std::vector{QStringLiteral("timeout.fulfilment")}));
    }

    void runsExitThenTransitionThenEntry()
    {
        const auto command = [](const char* name) { return CommandAction{QString::fromLatin1(name), {}, CommandEffect::None, {}}; };
        StateDefinition a = state("a", {go("x", "a")});
        a.onExit = {command("leave")};
        a.transitions[0].actions = {command("on.the.way")};
        a.onEntry = {command("enter")};
        const WorkflowTable table = WorkflowTable::compile(definitionOf({a})).value();
        const StepResult result = step(table, u"a", u"x", Facts()).value();
        QCOMPARE(names(result.commands),
                 (QStringList{QStringLiteral("leave"), QStringLiteral("on.the.way"), QStringLiteral("enter")}));
        QCOMPARE(result.nextState, QStringLiteral("a"));
        QVERIFY(result.accepted);
    }

    void disarmsATimerThatTheSameStepArmed()
    {
        StateDefinition a = state("a", {go("x", "b")});
        a.transitions[0].actions = {SendAction{QStringLiteral("t"), QStringLiteral("tick"), 1000, {}}};
        StateDefinition b = state("b", {});
        b.onEntry = {CancelAction{QStringLiteral("t")}, CancelAction{QStringLiteral("t")}};
        const WorkflowTable table = WorkflowTable::compile(definitionOf({a, b})).value();
        const StepResult result = step(table, u"a", u"x", Facts()).value();
        QVERIFY(result.timersToArm.empty());
        QVERIFY(result.timersToCancel == (std::vector{QStringLiteral("t")}));
    }

    void matchesEventsByPrefixAtDots_data()
    {
        QTest::addColumn<QString>("descriptor");
        QTest::addColumn<QString>("event");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char* descriptor, const char* event, bool matches) {
            QTest::addRow("%s / %s", descriptor, event) << QString::fromLatin1(descriptor) << QString::fromLatin1(event) << matches;
        };
        row("payment", "payment", true);
        row("payment", "payment.confirmed", true);
        row("payment", "payment.confirmed.late", true);
        row("payment", "payments", false);
        row("payment", "pay", false);
        row("payment", "", false);
        row("payment.*", "payment", true);
        row("payment.*", "payment.confirmed", true);
        row("payment.*", "paymentx.confirmed", false);
        row("payment.confirmed", "payment", false);
        row("payment.confirmed", "payment.confirmed.late", true);
        row("*", "payment", true);
        row("*", "a.b.c", true);
    }

    void matchesEventsByPrefixAtDots()
    {
        QFETCH(QString, descriptor);
        QFETCH(QString, event);
        QFETCH(bool, matches);
        const WorkflowTable table = WorkflowTable::compile(
            definitionOf({state("a", {go(descriptor.toLatin1().constData(), "b")}), state("b", {})})).value();
        QCOMPARE(step(table, u"a", event, Facts()).value().accepted, matches);
    }

    void takesTheFirstTransitionInDocumentOrderWhoseGuardHolds()
    {
        const WorkflowTable table = WorkflowTable::compile(definitionOf(
            {state("a", {go("x", "b", "paid > 100"), go("x", "c", "paid > 10"), go("*", "d"), go("x", "b")}), state("b", {}),
             state("c", {}), state("d", {})})).value();
        const auto next = [&](qint64 paid, QStringView event) {
            return step(table, u"a", event, Facts().set(QStringLiteral("paid"), paid)).value();
        };
        QCOMPARE(next(101, u"x").nextState, QStringLiteral("b"));
        QCOMPARE(next(100, u"x").nextState, QStringLiteral("c"));
        QVERIFY(next(100, u"x").transition == std::optional<std::size_t>(1));
        QCOMPARE(next(10, u"x").nextState, QStringLiteral("d"));
        QCOMPARE(next(101, u"y").nextState, QStringLiteral("d"));
    }

    void failsForAnUnknownStateAndForAnOverflowOnly()
    {
        const WorkflowTable table = WorkflowTable::compile(
            definitionOf({state("a", {go("x", "a", "paid + 1 > 0")})})).value();
        QCOMPARE(toString(step(table, u"z", u"x", Facts()).error().code), toString(ErrorCode::NotFound));
        QCOMPARE(toString(step(table, u"", u"x", Facts()).error().code), toString(ErrorCode::NotFound));
        const Facts huge = Facts().set(QStringLiteral("paid"), std::numeric_limits<qint64>::max());
        QCOMPARE(toString(step(table, u"a", u"x", huge).error().code), toString(ErrorCode::AmountOverflow));
        QVERIFY(!step(table, u"a", u"y", huge).value().accepted);
    }

    void isRefundedWhenAllIsRefunded()
    {
        for (const char* state : {"fulfilling", "shipped", "completed", "review", "refunding"}) {
            for (const qint64 refunded : {999, 1'000}) {
                const Facts facts = Facts().set(QStringLiteral("paid"), qint64{1'000}).set(QStringLiteral("refunded"), refunded);
                const Result<StepResult> result = step(orderTable(), QString::fromLatin1(state), u"refund.confirmed", facts);
                QVERIFY(result.has_value());
                QCOMPARE(result->accepted, refunded == 1'000);
                QCOMPARE(result->nextState, refunded == 1'000 ? QStringLiteral("refunded") : QString::fromLatin1(state));
            }
        }
    }

    void answersWhatTheTableHolds()
    {
        const WorkflowTable table = orderTable();
        QCOMPARE(table.name(), QStringLiteral("order"));
        QCOMPARE(table.initialState().id, QStringLiteral("created"));
        QCOMPARE(toString(table.findState(u"paid")->money), toString(MoneyClass::Captured));
        QVERIFY(table.findState(u"nowhere") == nullptr);
        QCOMPARE(table.eventsAccepted(u"paid"), (QStringList{QStringLiteral("fulfilment.started")}));
        QCOMPARE(table.eventsAccepted(u"cancelling").count(QStringLiteral("payment.cancelled")), 1);
        QCOMPARE(table.eventsAccepted(u"completed"), (QStringList{QStringLiteral("refund.confirmed")}));
        QVERIFY(table.eventsAccepted(u"refunded").isEmpty());
        QVERIFY(table.eventsAccepted(u"nowhere").isEmpty());
        QVERIFY(table.factNames().contains(QStringLiteral("cancel_reason")));
        QVERIFY(table.findPolicy(u"money") != nullptr);
        QVERIFY(table.findPolicy(u"nobody") == nullptr);
        for (std::size_t index = 0; index < table.stateCount(); ++index) {
            QVERIFY(table.indexOf(table.stateAt(index).id) == std::optional(index));
        }
    }

    void compilesNothingThatDoesNotFitTogether()
    {
        const auto refused = [](const WorkflowDefinition& definition) {
            const Result<WorkflowTable> table = WorkflowTable::compile(definition);
            return !table && table.error().code == ErrorCode::WorkflowInvalid;
        };
        QVERIFY(refused(WorkflowDefinition()));
        QVERIFY(refused(definitionOf({state("a", {go("x", "nowhere")})})));
        QVERIFY(refused(definitionOf({state("a", {}), state("a", {})})));
        QVERIFY(refused(definitionOf({state("a", {go("x", "a", "nobody == 1")})})));
        QVERIFY(refused(definitionOf({state("a", {go("", "a")})})));
        StateDefinition end = state("a", {go("x", "a")});
        end.kind = StateKind::Final;
        QVERIFY(refused(definitionOf({end})));
    }

    void stepsFast()
    {
        const WorkflowTable table = orderTable();
        const Facts facts = cancelledBy(QStringLiteral("buyer"));
        QBENCHMARK {
            QVERIFY(step(table, u"cancelling", u"payment.cancelled", facts).has_value());
        }
    }
};

QTEST_GUILESS_MAIN(StepTest)
#include "tst_step.moc"
