// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/ledger.h"

#include <map>

namespace counterfoil {

Result<void> checkBalanced(const std::vector<PostingDraft>& lines)
{
    if (lines.size() < 2) {
        return fail(ErrorCode::Integrity, QStringLiteral("an entry needs two postings or more"));
    }
    std::map<Currency, Money> totals;
    for (const PostingDraft& line : lines) {
        if (line.amount.isZero()) {
            return fail(ErrorCode::Integrity, QStringLiteral("a posting of nothing"));
        }
        if (line.amount.currency() != line.account.currency) {
            return fail(ErrorCode::CurrencyMismatch, QStringLiteral("%1 posted to an account in %2")
                                                         .arg(line.amount.toText(), line.account.currency.code()));
        }
        const Currency currency = line.amount.currency();
        auto [total, isNew] = totals.try_emplace(currency, Money::zero(currency));
        CF_ASSIGN(total->second, total->second.plus(line.amount));
    }
    for (const auto& [currency, total] : totals) {
        if (!total.isZero()) {
            return fail(ErrorCode::Integrity, QStringLiteral("postings sum to %1 instead of zero").arg(total.toText()));
        }
    }
    return {};
}

Result<void> applyPosting(Account& account, Bucket bucket, const Money& amount)
{
    if (account.status != AccountStatus::Open) {
        return fail(ErrorCode::AccountClosed, account.id.toText());
    }
    Money& balance = bucket == Bucket::Available ? account.available : account.frozen;
    CF_ASSIGN(const Money after, balance.plus(amount));
    // Money coming in never fails for a bucket that is below zero for another reason.
    if (after.isNegative() && amount.isNegative() && !account.mayGoNegative()) {
        return fail(ErrorCode::InsufficientFunds, QStringLiteral("%1 has %2 %3, %4 is needed")
                                                      .arg(account.id.toText(), balance.toText(), toString(bucket), amount.toText()));
    }
    balance = after;
    ++account.version;
    return {};
}

Result<void> consume(Hold& hold, HoldMovementKind kind, const Money& amount)
{
    if (!amount.isPositive()) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("a hold is consumed by more than nothing"));
    }
    CF_ASSIGN(const Money left, hold.remaining.minus(amount));
    if (hold.state != HoldState::Open || left.isNegative()) {
        return fail(ErrorCode::HoldExceeded, QStringLiteral("%1 has %2 left, %3 was asked")
                                                 .arg(hold.id.toText(), hold.remaining.toText(), amount.toText()));
    }
    hold.remaining = left;
    if (left.isZero()) {
        hold.state = kind == HoldMovementKind::Capture ? HoldState::Captured : HoldState::Released;
    }
    return {};
}

} // namespace counterfoil
