// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/payment_process.h"

#include "models/base/planted_bug.h"
#include "workflows/engine/exchange_factory.h"
#include "workflows/engine/job_factory.h"
#include "workflows/tcc/ledger.h"

namespace counterfoil {

namespace {

const QString worker = QStringLiteral("worker");

bool wantsCancel(UnitOfWork& work, const PaymentTransaction& payment)
{
    return work.orders.at(payment.order).cancelReason != CancelReason::NotCancelled;
}

TransactionId paymentOf(UnitOfWork& work, OrderId order)
{
    const PaymentTransaction* payment = work.transactions.findIn(order, [](const PaymentTransaction& t) { return t.kind == TransactionKind::Payment; });
    require(payment, "an order has a payment");
    return payment->id;
}

void finish(UnitOfWork& work, TransactionId id, TransactionStatus status)
{
    PaymentTransaction& payment = work.transactions.edit(id);
    payment.status = status;
    payment.finishedAt = work.now();
    ++payment.rowVersion;
}

/// Once the object is final nothing more is sent, and what was unknown is known. A refund is about what comes after.
void closeExchanges(UnitOfWork& work, TransactionId transaction)
{
    for (const ExchangeId id : work.exchanges.keysIn(transaction, [](const GatewayExchange& e) { return e.operation != GatewayOperation::CreateRefund; })) {
        const ExchangeState state = work.exchanges.at(id).state;
        if (state == ExchangeState::Queued) {
            withdrawExchange(work, id);
        } else if (state == ExchangeState::Unknown) {
            work.exchanges.edit(id).state = ExchangeState::Answered;
        }
    }
}

/// False only if no request to create an object was ever sent, or each was definitely refused.
bool mayHaveObject(UnitOfWork& work, TransactionId transaction)
{
    return work.exchanges.findIn(transaction, [](const GatewayExchange& e) {
        const bool untouched = e.state == ExchangeState::Refused || e.state == ExchangeState::Withdrawn || (e.state == ExchangeState::Queued && e.attempt == 0);
        return e.operation == GatewayOperation::CreateIntent && !untouched;
    });
}

bool wasFetchedSince(UnitOfWork& work, TransactionId transaction, UtcTime since)
{
    return work.exchanges.findIn(transaction, [since](const GatewayExchange& e) {
        return e.operation == GatewayOperation::FetchIntent && e.state == ExchangeState::Answered && e.sentAt > since;
    });
}

} // namespace

const TccTransaction& tccOf(UnitOfWork& work, TransactionId transaction)
{
    const TccTransaction* tcc = work.tccs.findIn(transaction, [](const TccTransaction&) { return true; });
    require(tcc, "a payment has a TCC transaction");
    return *tcc;
}

Result<FollowUps> PaymentProcess::charge(UnitOfWork& work, OrderId order) const
{
    const TransactionId id = paymentOf(work, order);
    PaymentTransaction& payment = work.transactions.edit(id);
    payment.status = TransactionStatus::Processing;
    ++payment.rowVersion;
    CF_TRY(work.needFull(order));
    const TccTransaction& tcc = tccOf(work, id);
    if (!m_coordinator.isReserved(work, tcc.gid)) {
        return fail(ErrorCode::Integrity, QStringLiteral("%1 is charged before everything is reserved").arg(order.toText()));
    }
    if (payment.gatewayPart.isPositive()) {
        openExchange(work, id, GatewayOperation::CreateIntent, payment.gatewayPart);
    } else {
        addJob(work, {JobKind::TccDrive, order, tcc.gid.value(), QStringLiteral("tcc:%1").arg(tcc.gid.value()), work.now(), {}});
    }
    return FollowUps{};
}

Result<FollowUps> PaymentProcess::confirmLocal(UnitOfWork& work, TccId gid) const
{
    const TccTransaction& tcc = work.tccs.at(gid);
    if (tcc.decision != TccDecision::Trying) {
        return FollowUps{};
    }
    if (!work.transactions.at(tcc.transaction).gatewayPart.isZero()) {
        return fail(ErrorCode::Integrity, QStringLiteral("%1 needs the gateway's word").arg(gid.toText()));
    }
    return confirmAll(work, tcc);
}

Result<FollowUps> PaymentProcess::confirmAll(UnitOfWork& work, const TccTransaction& tcc) const
{
    CF_TRY(m_coordinator.decide(work, tcc.gid, TccDecision::Confirming, worker, {}));
    CF_TRY(m_coordinator.drive(work, tcc.gid));
    finish(work, tcc.transaction, TransactionStatus::Succeeded);
    Order& order = work.orders.edit(tcc.order);
    order.paid = order.payable;
    return FollowUps{{QStringLiteral("payment.confirmed"), QStringLiteral("confirmed:%1").arg(tcc.gid.value()), worker, {}}};
}

Result<FollowUps> PaymentProcess::cancelAll(UnitOfWork& work, const TccTransaction& tcc, const QString& reason) const
{
    CF_TRY(m_coordinator.decide(work, tcc.gid, TccDecision::Cancelling, worker, reason));
    CF_TRY(m_coordinator.drive(work, tcc.gid));
    const bool wasDeclined = !work.transactions.at(tcc.transaction).declineCode.isEmpty();
    finish(work, tcc.transaction, wasDeclined ? TransactionStatus::Failed : TransactionStatus::Cancelled);
    return FollowUps{{QStringLiteral("payment.cancelled"), QStringLiteral("cancelled:%1").arg(tcc.gid.value()), worker, reason}};
}

Result<FollowUps> PaymentProcess::cancel(UnitOfWork& work, OrderId order) const
{
    const TransactionId id = paymentOf(work, order);
    const PaymentTransaction& payment = work.transactions.at(id);
    const TccTransaction& tcc = tccOf(work, id);
    if (tcc.decision != TccDecision::Trying) {
        return FollowUps{};
    }
    const QString reason = toString(work.orders.at(order).cancelReason);
    if (isPlanted(PlantedBug::CancelWithoutAsking) || (isPlanted(PlantedBug::TimeoutIsFailure) && payment.declineCode == u"timeout")) {
        return cancelAll(work, tcc, reason);
    }
    // A confirmation that waits is not to be sent any more.
    if (const GatewayExchange* confirm = latestExchange(work, id, GatewayOperation::ConfirmIntent); confirm && confirm->state == ExchangeState::Queued) {
        withdrawExchange(work, confirm->id);
    }
    if (payment.gatewayRef.isEmpty() && !mayHaveObject(work, id)) {
        if (const GatewayExchange* create = latestExchange(work, id, GatewayOperation::CreateIntent); create && create->state == ExchangeState::Queued) {
            withdrawExchange(work, create->id);
        }
        return cancelAll(work, tcc, reason);
    }
    if (payment.gatewayRef.isEmpty()) {
        ensurePoll(work, id, work.now());
    } else {
        ensureWrite(work, id, GatewayOperation::CancelIntent);
    }
    return FollowUps{};
}

void PaymentProcess::ensureWrite(UnitOfWork& work, TransactionId id, GatewayOperation operation) const
{
    const Money amount = work.transactions.at(id).gatewayPart;
    const GatewayExchange* latest = latestExchange(work, id, operation);
    if (!latest || latest->state == ExchangeState::Withdrawn) {
        openExchange(work, id, operation, amount);
        return;
    }
    if (latest->state == ExchangeState::Queued || latest->state == ExchangeState::Sending) {
        return;
    }
    if (operation == GatewayOperation::CancelIntent && latest->state == ExchangeState::Refused && wasFetchedSince(work, id, latest->answeredAt)) {
        // Refused while the payment was being processed; it is still open, so the cancellation is asked for anew.
        openExchange(work, id, operation, amount);
        return;
    }
    if (latest->state != ExchangeState::Unknown) {
        ensurePoll(work, id, work.now() + pollDelay(work, id));
        return;
    }
    const Duration age = work.now() - latest->createdAt;
    const bool storedError = latest->httpStatus >= 500 && age >= m_options.storedErrorPatience;
    if (storedError || age > Duration::days(1)) {
        work.exchanges.edit(latest->id).errorCode = QStringLiteral("superseded");
        openExchange(work, id, operation, amount);
    } else {
        requeueExchange(work, latest->id, work.now() + backoff(latest->attempt, 0x80000000U));
    }
}

Result<FollowUps> PaymentProcess::observeNothing(UnitOfWork& work, TransactionId id) const
{
    if (tccOf(work, id).decision == TccDecision::Trying && work.transactions.at(id).gatewayRef.isEmpty()) {
        ensureWrite(work, id, GatewayOperation::CreateIntent);
    }
    return FollowUps{};
}

Result<FollowUps> PaymentProcess::observe(UnitOfWork& work, TransactionId id, const IntentSnapshot& intent) const
{
    PaymentTransaction& payment = work.transactions.edit(id);
    if (payment.gatewayRef.isEmpty()) {
        payment.gatewayRef = intent.id;
        ++payment.rowVersion;
    }
    if (payment.gatewayRef != intent.id) {
        // A second object of one payment comes from a create that was given a new key; it is never confirmed.
        if (intent.status == IntentStatus::Succeeded) {
            openCase(work, {QStringLiteral("second_charge"), CaseSeverity::Critical, payment.order, QStringLiteral("second_charge:%1").arg(intent.id),
                            QStringLiteral("The gateway reports %1 as paid beside %2.").arg(intent.id, payment.gatewayRef)});
        }
        return FollowUps{};
    }
    if (!intent.cardLast4.isEmpty()) {
        payment.cardBrand = intent.cardBrand;
        payment.cardLast4 = intent.cardLast4;
    }
    // A cancelled object holds no money, whatever its amount says.
    const bool wrongAmount = !isPlanted(PlantedBug::AmountUnchecked) && intent.status != IntentStatus::Canceled
        && (intent.amount != payment.gatewayPart || (intent.status == IntentStatus::Succeeded && intent.amountReceived != payment.gatewayPart));
    if (wrongAmount) {
        return conflict(work, id, intent);
    }
    const TccTransaction& tcc = tccOf(work, id);
    if (intent.isFinal()) {
        closeExchanges(work, id);
    }
    if (isPlanted(PlantedBug::TerminalStateOverwritten) && intent.status == IntentStatus::Succeeded && tcc.decision == TccDecision::Cancelled) {
        finish(work, id, TransactionStatus::Succeeded);
        return FollowUps{};
    }
    if (isPlanted(PlantedBug::DecisionWithoutCompare) && intent.isFinal() && tcc.isFinal()) {
        return intent.status == IntentStatus::Succeeded ? confirmAll(work, tcc) : cancelAll(work, tcc, QStringLiteral("gateway"));
    }
    if (isPlanted(PlantedBug::StaleReopen) && !intent.isFinal() && tcc.isFinal()) {
        payment.status = TransactionStatus::Processing;
        payment.finishedAt = UtcTime();
        return FollowUps{};
    }
    if (intent.status == IntentStatus::Succeeded) {
        const bool cancelled = tcc.decision == TccDecision::Cancelling || tcc.decision == TccDecision::Cancelled;
        return tcc.decision == TccDecision::Trying ? confirmAll(work, tcc) : cancelled ? lateSuccess(work, id) : FollowUps{};
    }
    if (intent.status == IntentStatus::Canceled) {
        if (tcc.decision == TccDecision::Confirming || tcc.decision == TccDecision::Confirmed) {
            return fail(ErrorCode::Integrity, QStringLiteral("the gateway reports %1 as cancelled after it was paid").arg(intent.id));
        }
        const CancelReason reason = work.orders.at(payment.order).cancelReason;
        return tcc.decision == TccDecision::Trying ? cancelAll(work, tcc, reason == CancelReason::NotCancelled ? QStringLiteral("gateway") : toString(reason)) : FollowUps{};
    }
    return tcc.decision == TccDecision::Trying ? advance(work, id, intent) : FollowUps{};
}

Result<FollowUps> PaymentProcess::advance(UnitOfWork& work, TransactionId id, const IntentSnapshot& intent) const
{
    const PaymentTransaction& payment = work.transactions.at(id);
    const bool busy = intent.status == IntentStatus::Processing;
    if (wantsCancel(work, payment) && !busy) {
        ensureWrite(work, id, GatewayOperation::CancelIntent);
        return FollowUps{};
    }
    if (busy || intent.status == IntentStatus::RequiresAction) {
        ensurePoll(work, id, work.now() + pollDelay(work, id));
        return FollowUps{};
    }
    if (intent.status == IntentStatus::RequiresCapture) {
        ensureWrite(work, id, GatewayOperation::CaptureIntent);
        return FollowUps{};
    }
    if (intent.status == IntentStatus::RequiresPaymentMethod && !intent.declineCode.isEmpty()) {
        return declined(work, id, intent.declineCode, QStringLiteral("the gateway reports a decline"));
    }
    ensureWrite(work, id, GatewayOperation::ConfirmIntent);
    return FollowUps{{QStringLiteral("payment.started"), QStringLiteral("started:%1").arg(id.value()), worker, {}}};
}

FollowUps PaymentProcess::declined(UnitOfWork& work, TransactionId id, const QString& code, const QString& cause) const
{
    PaymentTransaction& payment = work.transactions.edit(id);
    payment.declineCode = code;
    ++payment.rowVersion;
    return {{QStringLiteral("payment.declined"), QStringLiteral("declined:%1").arg(payment.rowVersion), worker, QStringLiteral("%1 (%2)").arg(cause, code)}};
}

Result<FollowUps> PaymentProcess::conflict(UnitOfWork& work, TransactionId id, const IntentSnapshot& intent) const
{
    PaymentTransaction& payment = work.transactions.edit(id);
    const QString detail = QStringLiteral("Asked for %1, the gateway reports %2 (received %3) on %4.")
                               .arg(payment.gatewayPart.toText(), intent.amount.toText(), intent.amountReceived.toText(), intent.id);
    openCase(work, {QStringLiteral("amount_conflict"), CaseSeverity::Critical, payment.order, QStringLiteral("amount_conflict:%1").arg(id.value()), detail});
    if (intent.status == IntentStatus::Succeeded) {
        CF_TRY(suspendConflicted(work, payment, intent.amountReceived));
    }
    if (tccOf(work, id).decision != TccDecision::Trying) {
        return FollowUps{};
    }
    payment.status = TransactionStatus::Conflicted;
    ++payment.rowVersion;
    return FollowUps{{QStringLiteral("payment.conflicted"), QStringLiteral("conflicted:%1").arg(id.value()), worker, detail}};
}

/// What was received is in the books once, wherever it belongs.
Result<void> PaymentProcess::suspendConflicted(UnitOfWork& work, PaymentTransaction& payment, const Money& received) const
{
    // Known by its end if the conflict was booked; what was paid as asked, or is being refunded as late, is in the books under another key.
    const bool booked = (payment.status == TransactionStatus::Conflicted && !payment.finishedAt.isNone()) || payment.status == TransactionStatus::Succeeded
        || latestExchange(work, payment.id, GatewayOperation::CreateRefund);
    if (!received.isPositive() || booked) {
        return {};
    }
    CF_TRY(work.needFull(payment.order));
    const AccountRef clearing = AccountRef::system(AccountKind::Clearing, received.currency());
    const AccountRef suspense = AccountRef::system(AccountKind::Suspense, received.currency());
    CF_TRY(work.loadAccounts({clearing, suspense}));
    CF_ASSIGN(const Money taken, received.negated());
    CF_TRY(post(work, {EntryKind::Suspense, QStringLiteral("conflict:%1").arg(payment.id.value()), payment.order, payment.id},
                {{clearing, Bucket::Available, taken}, {suspense, Bucket::Available, received}}));
    payment.status = TransactionStatus::Conflicted;
    payment.finishedAt = work.now();
    ++payment.rowVersion;
    return {};
}

Result<FollowUps> PaymentProcess::lateSuccess(UnitOfWork& work, TransactionId id) const
{
    const PaymentTransaction& payment = work.transactions.at(id);
    if (latestExchange(work, id, GatewayOperation::CreateRefund) || payment.status == TransactionStatus::Conflicted) {
        return FollowUps{};
    }
    CF_TRY(work.needFull(payment.order));
    const Currency currency = payment.currency;
    CF_ASSIGN(const Money taken, payment.gatewayPart.negated());
    CF_TRY(post(work, {EntryKind::Suspense, QStringLiteral("late:%1").arg(id.value()), payment.order, id},
                {{AccountRef::system(AccountKind::Clearing, currency), Bucket::Available, taken},
                 {AccountRef::system(AccountKind::Suspense, currency), Bucket::Available, payment.gatewayPart}}));
    openCase(work, {QStringLiteral("late_success"), CaseSeverity::Critical, payment.order, QStringLiteral("late_success:%1").arg(id.value()),
                    QStringLiteral("The gateway took %1 after the payment was cancelled; it is being refunded.").arg(payment.gatewayPart.toText())});
    openExchange(work, id, GatewayOperation::CreateRefund, payment.gatewayPart);
    return FollowUps{};
}

Result<void> PaymentProcess::lateRefunded(UnitOfWork& work, TransactionId id) const
{
    const PaymentTransaction& payment = work.transactions.at(id);
    CF_TRY(work.needFull(payment.order));
    const Currency currency = payment.currency;
    CF_ASSIGN(const Money taken, payment.gatewayPart.negated());
    CF_TRY(post(work, {EntryKind::Refund, QStringLiteral("late-refund:%1").arg(id.value()), payment.order, id},
                {{AccountRef::system(AccountKind::Suspense, currency), Bucket::Available, taken},
                 {AccountRef::system(AccountKind::Clearing, currency), Bucket::Available, payment.gatewayPart}}));
    return {};
}

} // namespace counterfoil
