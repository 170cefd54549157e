// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/operators/command_actions.h"

#include "workflows/engine/exchange_factory.h"
#include "workflows/engine/job_factory.h"
#include "workflows/tcc/manual_hold.h"
#include "workflows/tcc/settlement_hold.h"

namespace counterfoil {

namespace {

QString keyOf(const OperatorCommand& command)
{
    return QStringLiteral("command:%1").arg(command.id.value());
}

std::unexpected<Error> refuse(const char* why)
{
    return fail(ErrorCode::EventNotAccepted, QString::fromLatin1(why));
}

bool isAboutAnOrder(CommandKind kind)
{
    switch (kind) {
    case CommandKind::AskGateway:
    case CommandKind::ConfirmWithEvidence:
    case CommandKind::CancelAndRelease:
    case CommandKind::Refund:
    case CommandKind::ExtendDeadline:
        return true;
    case CommandKind::RetryJob:
    case CommandKind::ReapplyCallback:
    case CommandKind::Freeze:
    case CommandKind::Unfreeze:
    case CommandKind::Adjust:
    case CommandKind::ReleaseSettlement:
        return false;
    }
    assertionFailed("a command of no kind");
}

/// The transaction that a command is about, of its order.
Result<TransactionId> transactionOf(UnitOfWork& work, const OperatorCommand& command)
{
    const TransactionId id(command.subject);
    const PaymentTransaction* transaction = work.transactions.find(id);
    if (!transaction || transaction->order != command.order) {
        return fail(ErrorCode::NotFound, QStringLiteral("%1 is no transaction of %2").arg(id.toText(), command.order.toText()));
    }
    return id;
}

Result<AccountRef> accountOf(UnitOfWork& work, const OperatorCommand& command)
{
    const AccountId id(command.subject);
    CF_TRY(work.loadAccountsById({id}));
    const Account* account = work.accounts.find(id);
    if (!account) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no account %1").arg(id.toText()));
    }
    return account->currency == command.currency ? Result<AccountRef>(account->ref()) : fail(ErrorCode::CurrencyMismatch, QStringLiteral("the account is in %1").arg(account->currency.code()));
}

Result<HoldId> openHoldOf(UnitOfWork& work, const OperatorCommand& command, HoldReason reason)
{
    const HoldId id(command.subject);
    CF_TRY(work.loadHolds(std::set{id}));
    const Hold* hold = work.holds.find(id);
    if (!hold) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no hold %1").arg(id.toText()));
    }
    if (hold->reason != reason) {
        return refuse("the hold is one of another kind");
    }
    return hold->state == HoldState::Open ? Result<HoldId>(id) : refuse("the hold is closed");
}

void resolveCase(UnitOfWork& work, const QString& dedupeKey, const OperatorCommand& command)
{
    const InterventionCase* found = work.cases.findIf([&](const InterventionCase& each) { return each.dedupeKey == dedupeKey && each.state == CaseState::Open; });
    if (found) {
        InterventionCase& row = work.cases.edit(found->id);
        row.state = CaseState::Resolved;
        row.resolvedAt = work.now();
        row.resolvedBy = command.requestedBy;
        row.resolution = toString(command.kind);
        ++row.rowVersion;
    }
}

} // namespace

QString actorOf(const QString& login)
{
    return QStringLiteral("operator:") + login;
}

Result<void> CommandActions::perform(UnitOfWork& work, const OperatorCommand& command) const
{
    CF_ASSIGN(const CommandArguments arguments, parseCommandArguments(command.arguments, command.currency));
    if (command.order.isNone() && isAboutAnOrder(command.kind)) {
        return fail(ErrorCode::NotFound, QStringLiteral("no order is named"));
    }
    if (!command.order.isNone()) {
        CF_TRY(work.loadOrders({command.order}, OrderDepth::Full));
        CF_TRY(work.loadEvents());
        if (!work.orders.find(command.order)) {
            return fail(ErrorCode::NotFound, QStringLiteral("there is no order %1").arg(command.order.toText()));
        }
    }
    switch (command.kind) {
    case CommandKind::RetryJob:
        return retryJob(work, command);
    case CommandKind::AskGateway:
        return askGateway(work, command);
    case CommandKind::ReapplyCallback:
        return reapplyCallback(work, command);
    case CommandKind::ConfirmWithEvidence:
        return confirmWithEvidence(work, command, arguments);
    case CommandKind::CancelAndRelease:
        return cancelAndRelease(work, command);
    case CommandKind::Refund:
        return refund(work, command, arguments);
    case CommandKind::Freeze:
        return freeze(work, command, arguments);
    case CommandKind::Unfreeze:
        return unfreeze(work, command);
    case CommandKind::Adjust:
        return adjust(work, command, arguments);
    case CommandKind::ExtendDeadline:
        return extendDeadline(work, command, arguments);
    case CommandKind::ReleaseSettlement:
        return releaseSettlement(work, command);
    }
    assertionFailed("a command of no kind");
}

Result<void> CommandActions::retryJob(UnitOfWork& work, const OperatorCommand& command) const
{
    const JobId id(command.subject);
    CF_TRY(work.loadJobs(std::set{id}));
    const QString escalated = QStringLiteral("job:%1").arg(id.value());
    const QString parked = QStringLiteral("parked:%1").arg(id.value());
    CF_TRY(work.loadCases({escalated, parked}));
    const Job* job = work.jobs.find(id);
    if (!job) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no job %1").arg(id.toText()));
    }
    if (job->state != JobState::Parked && job->state != JobState::Ready) {
        return refuse(job->state == JobState::Leased ? "the job is running just now" : "the job is over");
    }
    Job& row = work.jobs.edit(id);
    row.state = JobState::Ready;
    row.dueAt = work.now();
    row.attempt = 0;
    row.firstFailedAt = UtcTime();
    ++row.epoch;
    resolveCase(work, escalated, command);
    resolveCase(work, parked, command);
    return {};
}

Result<void> CommandActions::askGateway(UnitOfWork& work, const OperatorCommand& command) const
{
    CF_ASSIGN(const TransactionId transaction, transactionOf(work, command));
    if (tccOf(work, transaction).isFinal()) {
        return refuse("the payment is decided already");
    }
    ensurePoll(work, transaction, work.now());
    return {};
}

Result<void> CommandActions::reapplyCallback(UnitOfWork& work, const OperatorCommand& command) const
{
    const CallbackId id(command.subject);
    CF_TRY(work.loadCallbacks({id}));
    const GatewayCallback* callback = work.callbacks.find(id);
    if (!callback) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no callback %1").arg(id.toText()));
    }
    if (callback->state != CallbackState::Case && callback->state != CallbackState::Ignored) {
        return refuse(callback->state == CallbackState::Applied ? "the callback is applied already" : "the callback waits to be applied");
    }
    GatewayCallback& row = work.callbacks.edit(id);
    row.state = CallbackState::Stored;
    row.note.clear();
    row.appliedAt = UtcTime();
    addJob(work, {JobKind::CallbackApply, {}, id.value(), QStringLiteral("callback:%1").arg(id.value()), work.now(), {}});
    return {};
}

Result<void> CommandActions::confirmWithEvidence(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const
{
    CF_ASSIGN(const TransactionId transaction, transactionOf(work, command));
    const PaymentTransaction& payment = work.transactions.at(transaction);
    if (payment.kind != TransactionKind::Payment || !payment.gatewayPart.isPositive()) {
        return refuse("nothing is asked of the gateway for this");
    }
    if (tccOf(work, transaction).decision != TccDecision::Trying) {
        return refuse("the payment is decided already");
    }
    if (arguments.evidence.trimmed().isEmpty() || arguments.gatewayRef.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("the gateway's id of the payment and where it was seen to be paid"));
    }
    if (!payment.gatewayRef.isEmpty() && payment.gatewayRef != arguments.gatewayRef) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the payment is %1 at the gateway, not %2").arg(payment.gatewayRef, arguments.gatewayRef));
    }
    IntentSnapshot seen;
    seen.id = arguments.gatewayRef;
    seen.status = IntentStatus::Succeeded;
    seen.amount = payment.gatewayPart;
    seen.amountReceived = payment.gatewayPart;
    seen.transactionRef = transaction.toText();
    CF_ASSIGN(const FollowUps events, m_parts.payments.observe(work, transaction, seen));
    return m_parts.engine.applyAll(work, command.order, events);
}

Result<void> CommandActions::cancelAndRelease(UnitOfWork& work, const OperatorCommand& command) const
{
    CF_ASSIGN(const EventOutcome outcome, m_parts.engine.apply(work, command.order, {QStringLiteral("cancel.requested"), keyOf(command), actorOf(command.requestedBy), command.reason}));
    return outcome == EventOutcome::Applied ? Result<void>() : refuse("an order in this state can't be cancelled any more");
}

Result<void> CommandActions::refund(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const
{
    CF_TRY(validate(arguments.refund));
    if (!arguments.refund.lines.empty()) {
        CF_TRY(work.loadItems({command.order}));
    }
    CF_ASSIGN(const RefundProcess::Started started, m_parts.refunds.start(work, command.order, arguments.refund, actorOf(command.requestedBy), command.reason));
    return m_parts.engine.applyAll(work, command.order, started.events);
}

Result<void> CommandActions::freeze(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const
{
    CF_ASSIGN(const AccountRef account, accountOf(work, command));
    if (!command.amount.isPositive()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("only an amount above zero can be frozen"));
    }
    if (account.ownerKind == OwnerKind::System) {
        return refuse("the system's own accounts are not frozen");
    }
    if (arguments.until.isNone() || arguments.until <= work.now()) {
        return fail(ErrorCode::DeadlinePassed, QStringLiteral("a freeze has an end, and it lies ahead"));
    }
    CF_TRY(freezeManually(work, account, command.amount, arguments.until, keyOf(command)));
    return {};
}

Result<void> CommandActions::unfreeze(UnitOfWork& work, const OperatorCommand& command) const
{
    CF_ASSIGN(const HoldId hold, openHoldOf(work, command, HoldReason::Manual));
    return releaseManualHold(work, hold, keyOf(command));
}

Result<void> CommandActions::adjust(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const
{
    CF_ASSIGN(const AccountRef account, accountOf(work, command));
    CF_ASSIGN(const AccountKind counterKind, parseEnum<AccountKind>(arguments.counterAccount));
    if (counterKind == AccountKind::Wallet || counterKind == AccountKind::Merchant) {
        return refuse("the other side of an adjustment is one of the system's accounts");
    }
    const AccountRef counter = AccountRef::system(counterKind, command.currency);
    if (command.amount.isZero() || counter == account) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("an adjustment moves an amount between two accounts"));
    }
    CF_TRY(work.loadAccounts(std::set{counter}));
    CF_ASSIGN(const Money taken, command.amount.negated());
    CF_TRY(post(work, {EntryKind::Adjustment, keyOf(command), command.order, {}}, {{account, Bucket::Available, command.amount}, {counter, Bucket::Available, taken}}));
    return {};
}

Result<void> CommandActions::extendDeadline(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const
{
    const Job* job = work.jobs.find(JobId(command.subject));
    if (!job || job->kind != JobKind::OrderTimer || job->order != command.order) {
        return fail(ErrorCode::NotFound, QStringLiteral("this is no deadline of %1 any more").arg(command.order.toText()));
    }
    if (job->state != JobState::Ready || !OrderEngine::isTimerCurrent(work.orders.at(command.order), job->payload)) {
        return refuse("the deadline is not running any more");
    }
    if (arguments.until <= work.now() || arguments.until <= job->dueAt) {
        return fail(ErrorCode::DeadlinePassed, QStringLiteral("the new deadline must be later than the old one"));
    }
    Job& row = work.jobs.edit(job->id);
    row.dueAt = arguments.until;
    ++row.epoch;
    return {};
}

Result<void> CommandActions::releaseSettlement(UnitOfWork& work, const OperatorCommand& command) const
{
    CF_ASSIGN(const HoldId hold, openHoldOf(work, command, HoldReason::Settlement));
    return releaseSettlementHold(work, hold, actorOf(command.requestedBy));
}

} // namespace counterfoil
