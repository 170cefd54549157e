// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/account_offers.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "models/tables/order_detail_tables.h"

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("AccountOffers", text);
}

QString nameOf(const AccountRow& row)
{
    return accountLabel(row.account.kind, visibleText(row.ownerName, 60));
}

CommandOffer offerOn(const AccountRow& row, CommandKind kind)
{
    CommandOffer offer;
    offer.draft.kind = kind;
    offer.draft.subject = row.account.id.value();
    offer.draft.amount = Money::zero(row.account.currency);
    offer.draft.subjectWords = tr("%1, %2 available").arg(nameOf(row), formatMoneyWithCode(row.account.available));
    if (row.account.status != AccountStatus::Open) {
        offer.whyNot = tr("The account is closed.");
    }
    return offer;
}

CommandOffer offerOn(const AccountRow& row, const HoldRow* hold, CommandKind kind, HoldReason reason, const QString& wrongReason)
{
    CommandOffer offer;
    offer.draft.kind = kind;
    offer.draft.amount = Money::zero(row.account.currency);
    if (!hold) {
        offer.whyNot = tr("No hold is chosen.");
        return offer;
    }
    if (hold->hold.reason != reason) {
        offer.whyNot = wrongReason;
    }
    offer.draft.subject = hold->hold.id.value();
    offer.draft.amount = hold->hold.remaining;
    const QString held = tr("%1 of %2, held since %3").arg(formatMoneyWithCode(hold->hold.remaining), nameOf(row), formatDateTime(hold->hold.createdAt));
    offer.draft.subjectWords = hold->orderNo.isEmpty() ? held : tr("%1 for order %2").arg(held, visibleText(hold->orderNo, 32));
    return offer;
}

} // namespace

std::vector<CommandOffer> accountOffers(const AccountRow& row)
{
    CommandOffer freeze = offerOn(row, CommandKind::Freeze);
    freeze.draft.amountHint = tr("At most %1").arg(formatMoney(row.account.available));
    if (row.account.ownerKind == OwnerKind::System) {
        freeze.whyNot = tr("The platform's own accounts are not frozen.");
    } else if (freeze.whyNot.isEmpty() && !row.account.available.isPositive()) {
        freeze.whyNot = tr("Nothing is available that could be frozen.");
    }
    CommandOffer adjust = offerOn(row, CommandKind::Adjust);
    adjust.draft.amountHint = tr("With a minus: taken from the account");
    adjust.draft.accountKind = row.account.kind;
    return {freeze, adjust};
}

std::vector<CommandOffer> holdOffers(const AccountRow& account, const HoldRow* hold)
{
    return {offerOn(account, hold, CommandKind::Unfreeze, HoldReason::Manual, tr("Only what was frozen by hand is unfrozen; this hold ends with its cause.")),
            offerOn(account, hold, CommandKind::ReleaseSettlement, HoldReason::Settlement, tr("This hold is no settlement."))};
}

} // namespace counterfoil
