// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a refund by what the gateway reports.
#include "workflows/engine/exchange_factory.h"
#include "workflows/engine/job_factory.h"
#include "workflows/engine/payment_process.h"
#include "workflows/engine/refund_process.h"
#include "workflows/tcc/ledger.h"

#include <algorithm>

namespace counterfoil {

namespace {

/// The request is answered by what is known now, and never sent again.
void closeExchanges(UnitOfWork& work, TransactionId refund)
{
    for (const ExchangeId id : work.exchanges.keysWhere([&](const GatewayExchange& e) { return e.transaction == refund && e.operation == GatewayOperation::CreateRefund; })) {
        const ExchangeState state = work.exchanges.at(id).state;
        if (state == ExchangeState::Queued) {
            withdrawExchange(work, id);
        } else if (state == ExchangeState::Unknown) {
            work.exchanges.edit(id).state = ExchangeState::Answered;
        }
    }
}

bool hasFailed(const RefundSnapshot& reported)
{
    return reported.status == u"failed" || reported.status == u"canceled";
}

} // namespace

Duration refundPollDelay(UnitOfWork& work, TransactionId refund)
{
    const qint64 asked = std::ranges::count_if(work.exchanges.all(), [&](const GatewayExchange& e) {
        return e.transaction == refund && (e.operation == GatewayOperation::FetchRefund || e.operation == GatewayOperation::FindRefund);
    });
    return std::min(Duration::minutes(60), Duration::seconds(qint64{1} << std::min<qint64>(asked, 12)));
}

Result<FollowUps> RefundProcess::refused(UnitOfWork& work, TransactionId id, const QString& code) const
{
    CF_TRY(work.needFull(work.transactions.at(id).order));
    const TccTransaction& tcc = tccOf(work, id);
    if (tcc.decision != TccDecision::Trying) {
        return FollowUps{};
    }
    PaymentTransaction& refund = work.transactions.edit(id);
    refund.declineCode = code.left(100);
    openCase(work, {QStringLiteral("refund_refused"), CaseSeverity::Critical, refund.order, QStringLiteral("refund_refused:%1").arg(id.value()),
                    QStringLiteral("The gateway refused a refund of %1: %2.").arg(refund.gatewayPart.toText(), code)});
    return cancelAll(work, tcc, TransactionStatus::Failed, QStringLiteral("the gateway refused (%1)").arg(code));
}

void RefundProcess::unknown(UnitOfWork& work, TransactionId id, Duration pause) const
{
    PaymentTransaction& refund = work.transactions.edit(id);
    if (tccOf(work, id).decision != TccDecision::Trying || refund.status == TransactionStatus::Conflicted) {
        // A callback has brought the end of it in the meantime.
        return;
    }
    refund.status = TransactionStatus::Unknown;
    ++refund.rowVersion;
    ensurePoll(work, id, work.now() + std::max(pause, refundPollDelay(work, id)));
}

void RefundProcess::keepAsking(UnitOfWork& work, TransactionId id) const
{
    if (tccOf(work, id).decision != TccDecision::Trying || work.transactions.at(id).status == TransactionStatus::Conflicted) {
        return;
    }
    if (work.transactions.at(id).status == TransactionStatus::Unknown) {
        openUnknownCase(work, id);
    }
    ensurePoll(work, id, work.now() + refundPollDelay(work, id));
}

void RefundProcess::openUnknownCase(UnitOfWork& work, TransactionId id) const
{
    const GatewayExchange* request = latestExchange(work, id, GatewayOperation::CreateRefund);
    if (!request || work.now() - request->sentAt < m_options.unknownPatience) {
        return;
    }
    openCase(work, {QStringLiteral("refund_unknown"), CaseSeverity::Critical, request->order, QStringLiteral("refund_unknown:%1").arg(id.value()),
                    QStringLiteral("Whether the gateway made a refund of %1 is unknown since %2; it is not sent again.").arg(request->amount.toText(), request->sentAt.toIso())});
}

Result<FollowUps> RefundProcess::observe(UnitOfWork& work, TransactionId id, const RefundSnapshot& reported) const
{
    CF_TRY(work.needFull(work.transactions.at(id).order));
    PaymentTransaction& refund = work.transactions.edit(id);
    if (refund.gatewayRef.isEmpty()) {
        refund.gatewayRef = reported.id;
        ++refund.rowVersion;
    }
    if (refund.gatewayRef != reported.id) {
        if (!hasFailed(reported)) {
            openCase(work, {QStringLiteral("second_refund"), CaseSeverity::Critical, refund.order, QStringLiteral("second_refund:%1").arg(reported.id),
                            QStringLiteral("The gateway reports %1 as %2 beside %3.").arg(reported.id, reported.status, refund.gatewayRef)});
        }
        return FollowUps{};
    }
    closeExchanges(work, id);
    if (reported.amount != refund.gatewayPart) {
        openCase(work, {QStringLiteral("amount_conflict"), CaseSeverity::Critical, refund.order, QStringLiteral("amount_conflict:%1").arg(id.value()),
                        QStringLiteral("Asked for a refund of %1, the gateway reports %2 on %3.").arg(refund.gatewayPart.toText(), reported.amount.toText(), reported.id)});
        if (tccOf(work, id).decision == TccDecision::Trying) {
            refund.status = TransactionStatus::Conflicted;
            ++refund.rowVersion;
        }
        return FollowUps{};
    }
    return decide(work, id, reported);
}

Result<FollowUps> RefundProcess::decide(UnitOfWork& work, TransactionId id, const RefundSnapshot& reported) const
{
    const TccTransaction& tcc = tccOf(work, id);
    const bool confirmed = tcc.decision == TccDecision::Confirming || tcc.decision == TccDecision::Confirmed;
    if (reported.status == u"succeeded") {
        if (tcc.decision == TccDecision::Trying) {
            return confirmAll(work, tcc);
        }
        CF_TRY(confirmed ? Result<void>() : paidAfterCancel(work, id, reported));
        return FollowUps{};
    }
    if (hasFailed(reported)) {
        if (tcc.decision == TccDecision::Trying) {
            openCase(work, {QStringLiteral("refund_refused"), CaseSeverity::Critical, tcc.order, QStringLiteral("refund_refused:%1").arg(id.value()),
                            QStringLiteral("The gateway reports the refund %1 of %2 as %3.").arg(reported.id, reported.amount.toText(), reported.status)});
            return cancelAll(work, tcc, TransactionStatus::Failed, QStringLiteral("the gateway reports it as %1").arg(reported.status));
        }
        CF_TRY(confirmed ? returned(work, id, reported) : Result<void>());
        return FollowUps{};
    }
    if (tcc.decision == TccDecision::Trying) {
        PaymentTransaction& refund = work.transactions.edit(id);
        refund.status = TransactionStatus::Processing;
        ++refund.rowVersion;
        ensurePoll(work, id, work.now() + refundPollDelay(work, id));
    }
    return FollowUps{};
}

Result<void> RefundProcess::returned(UnitOfWork& work, TransactionId id, const RefundSnapshot& reported) const
{
    const PaymentTransaction& refund = work.transactions.at(id);
    const QString key = QStringLiteral("refund_returned:%1").arg(id.value());
    CF_ASSIGN(const bool known, work.hasEntry(key));
    if (known) {
        return {};
    }
    CF_ASSIGN(const Money taken, refund.gatewayPart.negated());
    CF_TRY(post(work, {EntryKind::Suspense, key, refund.order, id},
                {{AccountRef::system(AccountKind::Clearing, refund.currency), Bucket::Available, taken},
                 {AccountRef::system(AccountKind::Suspense, refund.currency), Bucket::Available, refund.gatewayPart}}));
    openCase(work, {QStringLiteral("refund_returned"), CaseSeverity::Critical, refund.order, key,
                    QStringLiteral("The gateway reports the refund %1 of %2 as %3 after it had succeeded; the money is in suspense.")
                        .arg(reported.id, refund.gatewayPart.toText(), reported.status)});
    return {};
}

Result<void> RefundProcess::paidAfterCancel(UnitOfWork& work, TransactionId id, const RefundSnapshot& reported) const
{
    const PaymentTransaction& refund = work.transactions.at(id);
    const QString key = QStringLiteral("refund_late:%1").arg(id.value());
    CF_ASSIGN(const bool known, work.hasEntry(key));
    if (known) {
        return {};
    }
    CF_ASSIGN(const Money owed, refund.gatewayPart.negated());
    CF_TRY(post(work, {EntryKind::Suspense, key, refund.order, id},
                {{AccountRef::system(AccountKind::Suspense, refund.currency), Bucket::Available, owed},
                 {AccountRef::system(AccountKind::Clearing, refund.currency), Bucket::Available, refund.gatewayPart}}));
    openCase(work, {QStringLiteral("refund_late"), CaseSeverity::Critical, refund.order, key,
                    QStringLiteral("The gateway made the refund %1 of %2 after it was given up; merchants have their money, suspense is short of it.")
                        .arg(reported.id, refund.gatewayPart.toText())});
    return {};
}

} // namespace counterfoil
