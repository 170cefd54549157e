// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"
#include "models/domain/person.h"
#include "models/domain/refund.h"

namespace counterfoil {

/// What a person may have the worker do (50-operators, "Commands").
enum class CommandKind {
    RetryJob = 0,            ///< subject: the job
    AskGateway = 1,          ///< subject: the payment or refund
    ReapplyCallback = 2,     ///< subject: the callback
    ConfirmWithEvidence = 3, ///< subject: the payment, which the person has seen to be paid at the gateway
    CancelAndRelease = 4,    ///< the order
    Refund = 5,              ///< the order: an amount or items
    Freeze = 6,              ///< subject: the account
    Unfreeze = 7,            ///< subject: the hold, a manual one
    Adjust = 8,              ///< subject: the account, against a system account
    ExtendDeadline = 9,      ///< subject: the job of the order's deadline
    ReleaseSettlement = 10,  ///< subject: the hold
};
CF_ENUM_NAMES(CommandKind, {CommandKind::RetryJob, "retry_job"}, {CommandKind::AskGateway, "ask_gateway"}, {CommandKind::ReapplyCallback, "reapply_callback"},
              {CommandKind::ConfirmWithEvidence, "confirm_with_evidence"}, {CommandKind::CancelAndRelease, "cancel_and_release"}, {CommandKind::Refund, "refund"},
              {CommandKind::Freeze, "freeze"}, {CommandKind::Unfreeze, "unfreeze"}, {CommandKind::Adjust, "adjust"}, {CommandKind::ExtendDeadline, "extend_deadline"},
              {CommandKind::ReleaseSettlement, "release_settlement"});

/// requested → (the worker) previewed or refused → (its maker) awaiting_approval or queued → (others) queued or rejected → (the worker) done,
/// failed or stale. Its maker may withdraw it until it is done.
enum class CommandStatus { Requested = 0, Previewed = 1, Refused = 2, AwaitingApproval = 3, Queued = 4, Done = 5, Failed = 6, Stale = 7, Rejected = 8, Withdrawn = 9 };
CF_ENUM_NAMES(CommandStatus, {CommandStatus::Requested, "requested"}, {CommandStatus::Previewed, "previewed"}, {CommandStatus::Refused, "refused"},
              {CommandStatus::AwaitingApproval, "awaiting_approval"}, {CommandStatus::Queued, "queued"}, {CommandStatus::Done, "done"}, {CommandStatus::Failed, "failed"},
              {CommandStatus::Stale, "stale"}, {CommandStatus::Rejected, "rejected"}, {CommandStatus::Withdrawn, "withdrawn"});

/// Nothing more comes of it.
bool isFinal(CommandStatus status);

/// What a command does beyond its kind and subject; each kind uses some of it.
struct CommandArguments {
    /// Refund: what is given back. Freeze, Unfreeze, Adjust use the command's amount instead.
    RefundRequest refund;
    /// Adjust: the kind of the system account on the other side.
    QString counterAccount;
    /// ConfirmWithEvidence: the gateway's object, and where the person saw that it is paid.
    QString gatewayRef;
    QString evidence;
    /// Freeze: when it ends by itself. ExtendDeadline: the new deadline.
    UtcTime until;
};

/// As it is stored; fields that are not set are left out.
QString toJsonText(const CommandArguments& arguments);
/// Errors: those of parseJsonObject() and JsonReader.
Result<CommandArguments> parseCommandArguments(const QString& text, Currency currency);

struct OperatorCommand {
    CommandId id;
    CommandKind kind = CommandKind::AskGateway;
    /// The order concerned, if any, and the id of what the kind says.
    OrderId order;
    qint64 subject = 0;
    /// The case that it is to help, if any.
    CaseId intervention;
    Currency currency;
    /// What it moves, so that approval can depend on it; zero for kinds that move no money.
    Money amount;
    QString arguments;
    QString reason;
    QString requestedBy;
    Role requestedRole = Role::Support;
    UtcTime requestedAt;
    CommandStatus status = CommandStatus::Requested;
    /// A ChangeSet as JSON, and its hash: what approvers agree to.
    QString preview;
    QString previewSha256;
    /// See basisHash().
    QString basisSha256;
    UtcTime previewedAt;
    int approvalsNeeded = 0;
    UtcTime filedAt;
    /// subjectKey(), from filing to the end: unique, so that no two commands about one thing are under way at once. Empty before and after.
    QString filedSubject;
    /// The last word of somebody else, yes or no.
    QString decidedBy;
    UtcTime decidedAt;
    QString decisionNote;
    UtcTime finishedAt;
    /// Why it was refused, failed or became stale; empty otherwise.
    QString result;
    qint64 rowVersion = 1;

    QString subjectKey() const;
};

/// One yes. Levels count from 1; nobody is twice among the approvers of a command, and its maker never.
struct CommandApproval {
    CommandId command;
    int level = 1;
    QString approver;
    QString previewSha256;
    UtcTime at;
};

/// Who may ask for a kind of command, and who may approve it.
struct CommandPermission {
    CommandKind kind = CommandKind::AskGateway;
    Role role = Role::Support;
    bool mayRequest = false;
    bool mayApprove = false;
};

/// From which amount on (in minor units of the currency) a kind needs one approval, and two. None: never.
struct CommandPolicy {
    CommandKind kind = CommandKind::AskGateway;
    Currency currency;
    std::optional<qint64> oneFrom;
    std::optional<qint64> twoFrom;

    int approvalsFor(const Money& amount) const;
};

} // namespace counterfoil
